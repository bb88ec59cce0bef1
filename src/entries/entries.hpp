// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include <emptor/core/entry.hpp>

/// The entries of the catalogue, in parts that compile beside each other; an entry is in one of them, on a line of its
/// own, so that two additions do not meet.
namespace emptor::entries {

[[nodiscard]] std::span<const entry* const>
credit_ledger() noexcept; ///< what finishes from the ledger or ratings
[[nodiscard]] std::span<const entry* const>
credit_policy() noexcept; ///< what goes by the caller's columns and tables
[[nodiscard]] std::span<const entry* const>
credit_score() noexcept; ///< scorecards, expert assessment, grades, validation
[[nodiscard]] std::span<const entry* const> decision() noexcept;
[[nodiscard]] std::span<const entry* const> satisfaction() noexcept;
[[nodiscard]] std::span<const entry* const> value() noexcept;

template <std::size_t N>
constexpr bool sorted_by_name(const std::array<const entry*, N>& all) {
  return std::is_sorted(all.begin(), all.end(), [](const entry* left, const entry* right) {
    return left->description->name < right->description->name;
  });
}

} // namespace emptor::entries

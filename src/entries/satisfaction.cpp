// SPDX-License-Identifier: BSL-1.0
#include "entries.hpp"

#include <emptor/satisfaction/index_model_entry.hpp>
#include <emptor/satisfaction/ratings_entry.hpp>
#include <emptor/satisfaction/recommendation_entry.hpp>

namespace emptor::entries {

std::span<const entry* const> satisfaction() noexcept {
  // clang-format off
  static constexpr std::array all{
    &emptor::satisfaction::index_model_entry,
    &emptor::satisfaction::ratings_entry,
    &emptor::satisfaction::recommendation_entry,
  };
  // clang-format on
  static_assert(sorted_by_name(all));
  return all;
}

} // namespace emptor::entries

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <string_view>

#include <emptor/core/kernel.hpp>

#include "kernels/kernel_list.hpp"

/// The formulas over columns and the resamples of path models, compiled once for each instruction set from the same source. All give the same
/// bits; the widest that the machine has is used.
namespace emptor::kernels {

enum class instruction_set { baseline = 0, avx2 = 1, avx512 = 2 };

inline constexpr std::array instruction_sets{instruction_set::baseline, instruction_set::avx2,
                                             instruction_set::avx512};

/// A text that ends with a zero.
[[nodiscard]] std::string_view name(instruction_set set) noexcept;

/// Whether this build has kernels for the set and this machine can run them.
[[nodiscard]] bool runs_here(instruction_set set) noexcept;

/// The widest set that runs here, but no wider than the environment variable EMPTOR_FORCE_ISA names (baseline,
/// avx2 or avx512) when this is first asked.
[[nodiscard]] instruction_set chosen() noexcept;

/// The kernel of an entry; empty where it has none, or none for this set.
[[nodiscard]] kernel find(std::string_view entry, instruction_set set) noexcept;

/// The kernel of an entry for rows as they are stored; null where it has none, or none for this set.
[[nodiscard]] stored_kernel find_stored(std::string_view entry, instruction_set set) noexcept;

/// For a set that runs here.
[[nodiscard]] const kernel_lists::column_checks& checks(instruction_set set) noexcept;

/// For a set that runs here.
[[nodiscard]] kernel_lists::path_models path_models(instruction_set set) noexcept;

} // namespace emptor::kernels

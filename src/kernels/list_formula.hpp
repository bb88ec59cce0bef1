// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/math/apply.hpp>
#include <emptor/math/pack.hpp>

#include "kernels/kernel_list.hpp"

/// For the files in each_set/: EMPTOR_KERNEL_SET names the instruction set.
namespace kernel_lists {

/// A formula over columns, of the entry of that name.
template <template <class> class Formula>
constexpr listed formula_of(std::string_view entry) noexcept {
  using lanes = emptor::math::pack<emptor::math::isa::twice<emptor::math::isa::EMPTOR_KERNEL_SET>>;
  constexpr emptor::kernel made = emptor::math::kernel_of<Formula, lanes>();
  return {entry.data(), made.prepared_bytes, made.memory_bytes, made.prepare, made.run, made.rule_holds};
}

} // namespace kernel_lists

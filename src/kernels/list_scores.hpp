// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/apply.hpp>
#include <emptor/math/pack.hpp>

#include "kernels/kernel_list.hpp"

/// For the files in scores/: EMPTOR_KERNEL_SET names the instruction set.
namespace kernel_lists {

/// The scores of a model of a customer base.
template <class Model>
constexpr listed scores_of() noexcept {
  using lanes = emptor::math::pack<emptor::math::isa::twice<emptor::math::isa::EMPTOR_KERNEL_SET>>;
  constexpr emptor::kernel made =
      emptor::math::kernel_of<emptor::value::scores_of<Model>::template formula, lanes>();
  return {Model::name.data(), made.prepared_bytes, made.memory_bytes, made.prepare,
          made.run,           made.rule_holds};
}

} // namespace kernel_lists

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "kernels/list_formula.hpp"

namespace kernel_lists {

/// The scores of a model of a customer base.
template <class Model>
constexpr listed scores_of() noexcept {
  return formula_of<emptor::value::scores_of<Model>::template formula>(Model::name);
}

} // namespace kernel_lists

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "work.hpp"

/// A worked example as the commands take it.
namespace emptor::tool {

[[nodiscard]] std::vector<option> options_of(std::span<const example_option> given);
[[nodiscard]] std::vector<table_input> inputs_of(std::span<const example_table> given);
[[nodiscard]] slot_models slots_of(const entry& what, const example& one, const reading& how);
/// The model that the example scores with; null where it needs none.
[[nodiscard]] std::shared_ptr<const model> model_of(const entry& what, const example& one,
                                                    const reading& how);

} // namespace emptor::tool

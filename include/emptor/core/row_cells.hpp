// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include <emptor/core/entry.hpp>

namespace emptor {

/// One row of a block, whose columns are named by enumerations in the order of the description: for scorers that look at
/// a row as a whole. A column that nobody bound is missing, and what nobody asked for is not written.
template <class Input, class Output>
struct row_cells {
  const score_block& block;
  std::int64_t row;

  /// NaN where it is missing.
  [[nodiscard]] double number(Input which) const noexcept {
    const double* const from = block.inputs[static_cast<std::size_t>(which)].number;
    return from == nullptr ? std::numeric_limits<double>::quiet_NaN() : from[row];
  }
  /// `no_amount` where it is missing.
  [[nodiscard]] std::int64_t amount(Input which) const noexcept {
    const std::int64_t* const from = block.inputs[static_cast<std::size_t>(which)].amount;
    return from == nullptr ? no_amount : from[row];
  }
  /// Empty where it is missing.
  [[nodiscard]] std::string_view text(Input which) const noexcept {
    const std::string_view* const from = block.inputs[static_cast<std::size_t>(which)].text;
    return from == nullptr ? std::string_view{} : from[row];
  }
  [[nodiscard]] row_status& status() const noexcept { return block.status[row]; }

  void put(Output which, double value) const noexcept {
    if (double* const to = block.outputs[static_cast<std::size_t>(which)].number; to != nullptr)
      to[row] = value;
  }
  void put_amount(Output which, std::int64_t value) const noexcept {
    if (std::int64_t* const to = block.outputs[static_cast<std::size_t>(which)].amount; to != nullptr)
      to[row] = value;
  }
  /// Nothing comes out, and why.
  void refuse(row_status why) const noexcept {
    status() = why;
    for (const score_block::output& to : block.outputs) {
      if (to.number != nullptr)
        to.number[row] = std::numeric_limits<double>::quiet_NaN();
      if (to.amount != nullptr)
        to.amount[row] = no_amount;
    }
  }
};

/// Calls `body` with the cells of each row that nothing has refused yet.
template <class Input, class Output, class Body>
void for_each_fine_row(const score_block& block, const Body& body) noexcept {
  for (std::int64_t row = 0; row < block.rows; ++row) {
    if (block.status[row] == row_status::ok)
      body(row_cells<Input, Output>{block, row});
  }
}

} // namespace emptor

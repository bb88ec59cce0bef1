// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <emptor/core/entry.hpp>
#include <emptor/core/kernel.hpp>

namespace emptor {

namespace detail {
/// For inputs that are not there.
inline constexpr auto missing_column = [] {
  std::array<double, static_cast<std::size_t>(rows_per_block)> none{};
  none.fill(std::numeric_limits<double>::quiet_NaN());
  return none;
}();
} // namespace detail

/// The first inputs of a block, all NaN for those that are not there.
template <std::size_t In>
[[nodiscard]] std::array<const double*, In> input_columns(const score_block& block) noexcept {
  std::array<const double*, In> in{};
  for (std::size_t i = 0; i < In; ++i)
    in[i] = block.inputs[i].number != nullptr ? block.inputs[i].number : detail::missing_column.data();
  return in;
}

/// Columns of a block in, columns out, by a kernel that takes NaN for missing; what is no number has a status: infinite is
/// too large, NaN is undefined. For scorers whose first inputs and outputs are those of the kernel.
template <std::size_t In, std::size_t Out>
void compute_columns(const prepared_kernel& compute, const score_block& block) noexcept {
  const std::array<const double*, In> in = input_columns<In>(block);
  std::array<double*, Out> out{};
  for (std::size_t o = 0; o < Out; ++o)
    out[o] = block.outputs[o].number;
  compute(in.data(), out.data(), block.rows);
  for (double* const values : out) {
    // Of what is no number all bits of the exponent are set: one more carries into the sign. Without a branch, for nearly all are.
    std::uint64_t carried = 0;
    const std::int64_t rows = values == nullptr ? 0 : block.rows;
    for (std::int64_t row = 0; row < rows; ++row)
      carried |=
          (std::bit_cast<std::uint64_t>(values[row]) & ~(std::uint64_t{1} << 63)) + (std::uint64_t{1} << 52);
    const bool faults = carried >> 63 != 0;
    for (std::int64_t row = 0; faults && row < rows; ++row) {
      if (std::isfinite(values[row]))
        continue;
      if (block.status[row] == row_status::ok)
        block.status[row] = std::isnan(values[row]) ? row_status::undefined : row_status::too_large;
      values[row] = std::numeric_limits<double>::quiet_NaN();
    }
  }
}

} // namespace emptor

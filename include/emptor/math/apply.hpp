// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <emptor/math/pack.hpp>

/// Runs a formula over columns, as many rows at once as the pack has lanes.
namespace emptor::math {

/// A formula over columns is a class template over the pack `T`:
///
///     template <class T>
///     struct some_scores {
///       static constexpr int inputs = 3;
///       static constexpr int outputs = 2;
///       explicit some_scores(const double* uniforms) noexcept;  // what all rows share, worked out once
///       void row(const T* in, T* out, const bool* wanted) const noexcept;
///     };
///
/// `row` reads `inputs` numbers and writes those of the `outputs` numbers that are wanted (it may write the
/// others); what several of them need it works out once. It computes each lane as if it were alone, so that
/// the bits depend neither on `T` nor on the other rows.
///
/// \param uniforms  parameters, horizon and the like, as the formula reads them
/// \param inputs    columns of `rows` numbers
/// \param outputs   the same; null for those not wanted
template <template <class> class Formula, class T>
void apply_rows(const double* uniforms, const double* const* inputs, double* const* outputs,
                std::int64_t rows) noexcept {
  using formula = Formula<T>;
  constexpr int lanes = T::lanes;
  const formula prepared(uniforms);
  bool wanted[formula::outputs];
  for (int o = 0; o < formula::outputs; ++o)
    wanted[o] = outputs[o] != nullptr;
  T in[formula::inputs];
  T out[formula::outputs];
  std::int64_t row = 0;
  for (; row + lanes <= rows; row += lanes) {
    for (int i = 0; i < formula::inputs; ++i)
      in[i] = T::load(inputs[i] + row);
    prepared.row(in, out, wanted);
    for (int o = 0; o < formula::outputs; ++o) {
      if (wanted[o])
        out[o].store(outputs[o] + row);
    }
  }
  if (row == rows)
    return;
  // The rest is filled up with the last row.
  double some[static_cast<std::size_t>(lanes)];
  for (int i = 0; i < formula::inputs; ++i) {
    for (int lane = 0; lane < lanes; ++lane)
      some[lane] = inputs[i][row + lane < rows ? row + lane : rows - 1];
    in[i] = T::load(some);
  }
  prepared.row(in, out, wanted);
  for (int o = 0; o < formula::outputs; ++o) {
    if (!wanted[o])
      continue;
    out[o].store(some);
    for (int lane = 0; row + lane < rows; ++lane)
      outputs[o][row + lane] = some[lane];
  }
}

} // namespace emptor::math

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <new>
#include <type_traits>

#include <emptor/core/kernel.hpp>
#include <emptor/math/pack.hpp>

/// Runs a formula over columns, as many rows at once as the pack has lanes.
namespace emptor::math {

/// outputs[...][row] = f(inputs[...][row]) for all rows: `f(const T* in, T* out)` computes each lane as if it were
/// alone, so that the bits depend neither on `T` nor on the other rows. What is null is neither read nor written.
template <class T, std::size_t In, std::size_t Out, class F>
EMPTOR_INLINE void map_rows(const std::array<const double*, In>& inputs,
                            const std::array<double*, Out>& outputs, std::int64_t rows, const F& f) noexcept {
  constexpr int lanes = T::lanes;
  T in[In];
  T out[Out];
  for (std::int64_t row = 0; row < rows; row += lanes) {
    const std::int64_t rest = rows - row;
    double some[static_cast<std::size_t>(lanes)];
    for (std::size_t i = 0; i < In; ++i) {
      if (rest >= lanes) {
        in[i] = T::load(inputs[i] + row);
        continue;
      }
      for (int lane = 0; lane < lanes; ++lane) // what is too much repeats the last row
        some[lane] = inputs[i][row + (lane < rest ? lane : rest - 1)];
      in[i] = T::load(some);
    }
    f(in, out);
    for (std::size_t o = 0; o < Out; ++o) {
      if (outputs[o] == nullptr)
        continue;
      if (rest >= lanes) {
        out[o].store(outputs[o] + row);
        continue;
      }
      out[o].store(some);
      for (int lane = 0; lane < rest; ++lane)
        outputs[o][row + lane] = some[lane];
    }
  }
}

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
/// and where the rows have a rule, also
///
///       template <class Rows>                                   // a pack, or one row
///       static auto rule_holds(const Rows* in) noexcept;        // in which of them it finds no fault
///
/// `row` reads `inputs` numbers and writes those of the `outputs` numbers that are wanted (it may write the
/// others); what several of them need it works out once. One that has a better way over many rows has in its place
///
///       static constexpr std::size_t memory_bytes;
///       void columns(const double* const* inputs, double* const* outputs, std::int64_t rows, void* memory)
///           const noexcept;                                     // see emptor::kernel
template <class Formula>
concept column_formula = requires {
  Formula::memory_bytes;
};

namespace detail {
template <class Formula, class T>
void prepare_formula(const double* uniforms, void* prepared) noexcept {
  static_assert(std::is_trivially_destructible_v<Formula> && alignof(Formula) <= kernel::alignment);
  ::new (prepared) Formula(uniforms);
}
template <class Formula, class T>
void run_formula(const void* prepared, const double* const* inputs, double* const* outputs, std::int64_t rows,
                 [[maybe_unused]] void* memory) noexcept {
  const Formula& formula = *static_cast<const Formula*>(prepared);
  if constexpr (column_formula<Formula>) {
    formula.columns(inputs, outputs, rows, memory);
  } else {
    std::array<const double*, static_cast<std::size_t>(Formula::inputs)> in{};
    std::array<double*, static_cast<std::size_t>(Formula::outputs)> out{};
    bool wanted[static_cast<std::size_t>(Formula::outputs)];
    for (std::size_t i = 0; i < in.size(); ++i)
      in[i] = inputs[i];
    for (std::size_t o = 0; o < out.size(); ++o) {
      out[o] = outputs[o];
      wanted[o] = out[o] != nullptr;
    }
    map_rows<T>(in, out, rows, [&](const T* from, T* to) noexcept { formula.row(from, to, wanted); });
  }
}
template <class Formula, class T>
bool rule_holds_in_rows(const double* const* inputs, std::int64_t rows) noexcept {
  constexpr auto columns = static_cast<std::size_t>(Formula::inputs);
  bool holds = true;
  const auto look = [&]<class Rows>(std::int64_t row, Rows) {
    Rows in[columns];
    for (std::size_t i = 0; i < columns; ++i)
      in[i] = Rows::load(inputs[i] + row);
    return Formula::rule_holds(in);
  };
  auto good = mask_true<T>();
  std::int64_t row = 0;
  for (; row + T::lanes <= rows; row += T::lanes)
    good = mask_and(good, look(row, T()));
  for (; row < rows; ++row)
    holds = holds && all(look(row, pack<isa::scalar>()));
  return holds && all(good);
}
template <class Formula>
constexpr bool has_rule = requires(const math::pack<isa::scalar>* in) {
  Formula::rule_holds(in);
};
} // namespace detail

/// The kernel of a formula for the instruction set of the pack `T`.
template <template <class> class Formula, class T>
[[nodiscard]] constexpr kernel kernel_of() noexcept {
  using formula = Formula<T>;
  std::size_t memory = 0;
  if constexpr (column_formula<formula>)
    memory = formula::memory_bytes;
  kernel made{sizeof(formula), memory, &detail::prepare_formula<formula, T>,
              &detail::run_formula<formula, T>};
  if constexpr (detail::has_rule<formula>)
    made.rule_holds = &detail::rule_holds_in_rows<formula, T>;
  return made;
}

/// A formula over columns at once: prepared, run and forgotten.
template <template <class> class Formula, class T>
void apply_rows(const double* uniforms, const double* const* inputs, double* const* outputs,
                std::int64_t rows) noexcept {
  alignas(kernel::alignment) std::byte prepared[sizeof(Formula<T>)];
  detail::prepare_formula<Formula<T>, T>(uniforms, prepared);
  detail::run_formula<Formula<T>, T>(prepared, inputs, outputs, rows, nullptr);
}

} // namespace emptor::math

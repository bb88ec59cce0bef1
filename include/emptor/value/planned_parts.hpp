// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <emptor/core/compute_columns.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/kernel.hpp>
#include <emptor/core/options.hpp>
#include <emptor/math/apply.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/value/annuity.hpp>
#include <emptor/value/present_value.hpp>

/// What the forms of customer value share that add up parts from planned figures: how money that comes every period is
/// valued, how parts add up, and what a row must have beside what it gives.
namespace emptor::value {

inline constexpr column_description retention_column{
    .name = "retention",
    .unit = "probability",
    .summary = "that he stays from one period to the next (客户保持率), so that the money of period t counts "
               "with retention^(t - 1); missing = 1",
    .allowed = zero_to_one,
    .optional = true};
inline constexpr column_description periods_column = described_in(present_value_inputs, "periods");
inline constexpr column_description referrals_column{.name = "referrals",
                                                     .unit = "customers a period",
                                                     .summary =
                                                         "how many customers he brings a period; missing = 0",
                                                     .allowed = at_least_zero,
                                                     .optional = true};
inline constexpr column_description referred_customer_value_column{
    .name = "referred_customer_value",
    .unit = "currency",
    .summary = "what one customer whom he brings is worth on the day he comes; needed where referrals are "
               "given",
    .optional = true};

/// An input that means nothing without another.
struct companion {
  std::size_t given = 0;
  std::size_t needs = 0;
  std::string_view must_be{};
};

/// Whether all rows of a block have what they need beside what they give.
[[nodiscard]] inline bool companions_hold(std::span<const companion> all, const score_block& block) noexcept {
  return std::all_of(all.begin(), all.end(), [&](const companion& one) {
    const double* const given = block.inputs[one.given].number;
    if (given == nullptr)
      return true;
    const double* const bound = block.inputs[one.needs].number;
    const double* const needs = bound != nullptr ? bound : emptor::detail::missing_column.data();
    std::int64_t faults = 0; // without a branch, so that several rows go at once
    for (std::int64_t row = 0; row < block.rows; ++row)
      faults += (given[row] == given[row] ? 1 : 0) & (needs[row] == needs[row] ? 0 : 1);
    return faults == 0;
  });
}
/// The rule of the rows of an entry: status missing where something is given without what it needs.
/// \tparam Companions  an array of them
template <const auto& Companions>
[[nodiscard]] constexpr row_fault companions_rule(std::span<const double> values) noexcept {
  for (const companion& one : Companions) {
    if (values[one.given] == values[one.given] && values[one.needs] != values[one.needs])
      return {row_status::missing, one.needs, one.must_be};
  }
  return {};
}

template <class T>
[[nodiscard]] EMPTOR_INLINE T or_else(const T& x, const T& other) noexcept {
  using math::select;
  return T(select(x == x, x, other));
}
template <class T>
[[nodiscard]] EMPTOR_INLINE T or_nothing(const T& x) noexcept {
  return or_else(x, T(0.0));
}

/// An amount so many times: nothing is nothing, however often and for however long. There is one zero only.
template <class T>
[[nodiscard]] EMPTOR_INLINE T times(const T& amount, const T& factor) noexcept {
  using math::select;
  return T(select(amount == 0.0, T(0.0), T(amount * factor))) + 0.0;
}

/// The parts one after another. Where parts of both signs are beyond all numbers the sum is too large, not undefined.
template <class T>
[[nodiscard]] EMPTOR_INLINE T sum_of_parts(std::initializer_list<T> parts) noexcept {
  using math::select;
  T sum(0.0);
  T known(0.0);
  for (const T& one : parts) {
    sum = sum + one;
    known = select(one == one, known, one);
  }
  return select(sum == sum, sum, T(select(known == known, T(math::detail::infinity), known)));
}

/// What 1 a period is worth today to whoever stays with a retention, by the conventions of `present_value`.
template <class T>
class planned_annuity {
public:
  static constexpr std::size_t uniforms = 6;

  /// \param given  rate, periods (infinite = for ever), kind of the rate, timing, whether rows have a retention of their
  ///               own, and whether they have periods of their own
  explicit EMPTOR_INLINE planned_annuity(const double* given) noexcept
      : rate_(given[0])
      , periods_(given[1])
      , how_(given[2] == 0.0 ? rate_kind::effective : rate_kind::continuous)
      , of_start_(within_period(rate_, how_, static_cast<payment_timing>(given[3])))
      , discount_(growth_over_rate(T(0.0), rate_, how_))
      , own_retention_(given[4] != 0.0)
      , same_(given[4] == 0.0 && given[5] == 0.0)
      , usual_(of_start_ * sum_of_powers(discount_, periods_)) {}

  /// What the factors of a row share.
  struct of_row {
    T retention;
    T periods;
  };
  /// NaN is missing.
  [[nodiscard]] EMPTOR_INLINE of_row row(const T& retention, const T& periods) const noexcept {
    return {or_else(retention, T(1.0)), or_else(periods, periods_)};
  }
  /// Of money that grows. NaN where it has no end and nothing makes it finite.
  [[nodiscard]] EMPTOR_INLINE T growing(const of_row& row, const T& growth) const noexcept {
    return factor(row, growth_over_rate(or_nothing(growth), rate_, how_));
  }
  /// Of money that stays the same.
  [[nodiscard]] EMPTOR_INLINE T level(const of_row& row) const noexcept {
    return same_ ? usual_ : factor(row, discount_);
  }

private:
  [[nodiscard]] EMPTOR_INLINE T factor(const of_row& row, const T& step) const noexcept {
    return of_start_ * sum_of_powers(own_retention_ ? staying(row.retention, step) : step, row.periods);
  }
  /// retention x (1 + step) - 1, never below -1. Where most stay and little grows both terms are small, so that neither sum loses
  /// anything; where few stay, retention - 1 would, and what it loses would grow with the step.
  [[nodiscard]] static EMPTOR_INLINE T staying(const T& retention, const T& step) noexcept {
    using math::mask_and;
    using math::select;
    const T grown = 1.0 + step;
    return select(mask_and(retention >= 0.5, step <= 1.0), T((retention - 1.0) * grown + step),
                  T(times(retention, grown) - 1.0));
  }

  T rate_;
  T periods_;
  rate_kind how_;
  T of_start_;
  T discount_;
  bool own_retention_;
  bool same_;
  T usual_;
};

/// Scores of a formula whose rows may need one input beside another.
template <std::size_t In, std::size_t Out>
class planned_scorer final : public scorer {
public:
  planned_scorer(const kernel& compute, const std::vector<double>& uniforms, std::span<const companion> needs)
      : compute_(compute, uniforms.data())
      , needs_(needs) {}

  [[nodiscard]] bool rule_holds(const score_block& block) const noexcept override {
    return companions_hold(needs_, block);
  }
  void score(const score_block& block) const noexcept override { compute_columns<In, Out>(compute_, block); }

private:
  prepared_kernel compute_;
  std::span<const companion> needs_;
};

/// Whether rows have a column for an input.
[[nodiscard]] inline bool has_column(const score_request& request, std::size_t input) {
  return request.given.empty() || request.given[input];
}

/// The scorer of a formula that begins its uniforms with those of `planned_annuity`; then whether there is a column for each
/// of `growths`, then `more`.
/// \throws error status::option where nothing ends the sum of any row
template <template <class> class Formula>
[[nodiscard]] std::unique_ptr<scorer>
bind_planned(const score_request& request, std::string_view name, std::size_t retention, std::size_t periods,
             std::initializer_list<std::size_t> growths, std::span<const companion> needs,
             std::initializer_list<double> more = {}) {
  using formula = Formula<math::pack<math::isa::baseline>>;
  const option_values& options = request.options;
  const auto given = [&](std::size_t input) { return has_column(request, input); };
  if (!options.has("periods") && !(options.number("rate") > 0.0) && !given(retention) && !given(periods) &&
      std::none_of(growths.begin(), growths.end(), given))
    throw error(status::option, message(name, "option rate", -1, to_text(options.number("rate")),
                                        "> 0 where neither periods nor growth nor retention are given"));
  std::vector<double> uniforms{
      options.number("rate"),
      periods_of(options),
      static_cast<double>(options.choice<std::int32_t>("rate_kind", rate_kind_names)),
      static_cast<double>(options.choice<std::int32_t>("timing", payment_timing_names)),
      given(retention) ? 1.0 : 0.0,
      given(periods) ? 1.0 : 0.0};
  for (const std::size_t one : growths)
    uniforms.push_back(given(one) ? 1.0 : 0.0);
  uniforms.insert(uniforms.end(), more.begin(), more.end());
  return std::make_unique<
      planned_scorer<static_cast<std::size_t>(formula::inputs), static_cast<std::size_t>(formula::outputs)>>(
      request.wide ? request.wide : math::kernel_of<Formula, math::pack<math::isa::baseline>>(), uniforms,
      needs);
}

} // namespace emptor::value

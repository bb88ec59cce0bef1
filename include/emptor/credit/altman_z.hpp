// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include <emptor/math/pack.hpp>

/// Altman's Z score (阿特曼 Z 值): ratios of a firm's accounts, weighted so that firms which fail within two years
/// differ most from others.
///
///     z = constant + a working capital / total assets + b retained earnings / total assets + c EBIT / total assets
///         + d equity / total liabilities + e sales / total assets
///
/// Each form has constants, a kind of equity and cut-offs of its own, and this is the one place where they meet, so that no
/// figure of one form is read by the cut-offs of another.
///
/// | form | a | b | c | d | e | constant | equity | distress below | safe above |
/// |---|---|---|---|---|---|---|---|---|---|
/// | listed_1968, Z | 1.2 | 1.4 | 3.3 | 0.6 | 0.999 | 0 | market | 1.81 | 2.99 |
/// | private_1983, Z' | 0.717 | 0.847 | 3.107 | 0.420 | 0.998 | 0 | book | 1.23 | 2.90 |
/// | non_manufacturer_1995, Z'' | 6.56 | 3.26 | 6.72 | 1.05 | - | 0 | book | 1.10 | 2.60 |
/// | emerging_market, 3.25 + Z'' | 6.56 | 3.26 | 6.72 | 1.05 | - | 3.25 | book | 4.35 | 5.85 |
///
/// Sources: E. I. Altman, Financial ratios, discriminant analysis and the prediction of corporate bankruptcy, Journal of
/// Finance 23 (1968) 589-609, equation (I), where the first four ratios are percentages, hence 1.2 for 0.012; later texts
/// round 0.999 to 1.0. Z': E. I. Altman, Corporate Financial Distress (1983). Z'' and the constant of emerging markets: E. I.
/// Altman, J. Hartzell, M. Peck, Emerging Markets Corporate Bonds: A Scoring System (Salomon Brothers, 1995), where the
/// constant makes 0 of a firm rated D; its cut-offs are those of Z'' plus 3.25.
namespace emptor::credit {

/// Which of the published scores, with its own constants and cut-offs (the table above).
enum class altman_form : std::int32_t {
  listed_1968 = 0,
  private_1983 = 1,
  non_manufacturer_1995 = 2,
  emerging_market = 3,
};
inline constexpr std::string_view altman_forms[] = {"listed_1968", "private_1983", "non_manufacturer_1995",
                                                    "emerging_market"};

/// What a score says (破产区, 灰色区, 安全区), by the cut-offs of its form.
enum class altman_zone : std::int32_t { distress = 0, grey = 1, safe = 2 };
inline constexpr std::string_view altman_zones[] = {"distress", "grey", "safe"};

/// The constants of a form. Both cut-offs themselves are grey.
struct altman_constants {
  double working_capital;
  double retained_earnings;
  double ebit;
  double equity;
  double sales; ///< 0 where the form has no term of sales
  double constant;
  double distress_below;
  double safe_above;
  bool market_equity; ///< at market value, else at book value

  [[nodiscard]] constexpr bool has_sales() const noexcept { return sales != 0.0; }
};

/// The row of the table above for a form.
[[nodiscard]] constexpr altman_constants constants_of(altman_form form) noexcept {
  switch (form) {
  case altman_form::listed_1968:
    return {1.2, 1.4, 3.3, 0.6, 0.999, 0.0, 1.81, 2.99, true};
  case altman_form::private_1983:
    return {0.717, 0.847, 3.107, 0.420, 0.998, 0.0, 1.23, 2.90, false};
  case altman_form::emerging_market:
    return {6.56, 3.26, 6.72, 1.05, 0.0, 3.25, 4.35, 5.85, false};
  case altman_form::non_manufacturer_1995:
    break;
  }
  return {6.56, 3.26, 6.72, 1.05, 0.0, 0.0, 1.10, 2.60, false};
}

/// The figures over columns, as math::kernel_of wants a formula. Inputs: working capital, total assets, retained
/// earnings, EBIT, the equity of the form, total liabilities, sales. Outputs: z, zone, and the parts in the order of the
/// table above, the constant first: added up in that order they are z to the last bit. NaN is missing.
template <class T>
struct altman_scores {
  static constexpr int inputs = 7;
  static constexpr int outputs = 8;

  T working_capital;
  T retained_earnings;
  T ebit;
  T equity;
  T sales;
  T constant;
  T distress_below;
  T safe_above;
  bool has_sales;

  /// \param given  the place of the form among altman_forms
  explicit EMPTOR_INLINE altman_scores(const double* given) noexcept
      : altman_scores(constants_of(static_cast<altman_form>(static_cast<std::int32_t>(given[0])))) {}
  explicit EMPTOR_INLINE altman_scores(const altman_constants& of) noexcept
      : working_capital(of.working_capital)
      , retained_earnings(of.retained_earnings)
      , ebit(of.ebit)
      , equity(of.equity)
      , sales(of.sales)
      , constant(of.constant)
      , distress_below(of.distress_below)
      , safe_above(of.safe_above)
      , has_sales(of.has_sales()) {}

  EMPTOR_INLINE void row(const T* in, T* out, const bool* /*wanted*/) const noexcept {
    using math::select;
    const T none(std::numeric_limits<double>::quiet_NaN());
    const T& assets = in[1];
    const T& liabilities = in[5];
    // Without liabilities the ratio has no value: of equity it would be infinite.
    const T leverage = select(liabilities > T(0.0), T(in[4] / liabilities), none);
    const T parts[] = {constant,
                       working_capital * (in[0] / assets),
                       retained_earnings * (in[2] / assets),
                       ebit * (in[3] / assets),
                       equity * leverage,
                       has_sales ? T(sales * (in[6] / assets)) : T(0.0)};
    T z = parts[0];
    for (std::size_t i = 1; i < 6; ++i)
      z = z + parts[i];
    z = z + 0.0; // one zero only
    const T zone = select(z < distress_below, T(0.0), T(select(z > safe_above, T(2.0), T(1.0))));
    out[0] = z;
    out[1] = select(z - z == T(0.0), zone, none); // of what is no finite number there is none
    for (std::size_t i = 0; i < 6; ++i)
      out[2 + i] = parts[i] + 0.0;
  }
};

} // namespace emptor::credit

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <emptor/core/check.hpp>
#include <emptor/core/compute_columns.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/kernel.hpp>
#include <emptor/credit/altman_z.hpp>
#include <emptor/math/apply.hpp>
#include <emptor/math/pack.hpp>

/// How the catalogue knows Altman's Z score (altman_z.hpp).
namespace emptor::credit {

inline constexpr std::string_view altman_z_name = "credit.altman_z";

/// The columns by their places in altman_inputs.
enum class altman_input : std::size_t {
  working_capital,
  total_assets,
  retained_earnings,
  ebit,
  market_equity,
  book_equity,
  total_liabilities,
  sales,
};
inline constexpr column_description altman_inputs[] = {
    {.name = "working_capital",
     .unit = "currency",
     .summary = "current assets less current liabilities (营运资金); all columns in one unit, such as "
                "thousands"},
    {.name = "total_assets",
     .unit = "currency",
     .summary = "total assets (总资产); row status out_of_domain where it is not above 0",
     .allowed = above_zero},
    {.name = "retained_earnings",
     .unit = "currency",
     .summary = "what all years' profits and losses left (留存收益)"},
    {.name = "ebit",
     .unit = "currency",
     .summary = "earnings before interest and taxes of a year (息税前利润)"},
    {.name = "market_equity",
     .unit = "currency",
     .summary = "market value of the equity, common and preferred (股东权益市值): form listed_1968 needs it, "
                "no other form reads it",
     .optional = true},
    {.name = "book_equity",
     .unit = "currency",
     .summary = "book value of the equity (股东权益账面值): every form but listed_1968 needs it, which does "
                "not read it",
     .optional = true},
    {.name = "total_liabilities",
     .unit = "currency",
     .summary =
         "book value of all liabilities (总负债); row status undefined where it is 0, for the ratio of "
         "equity to it has no value then",
     .allowed = at_least_zero},
    {.name = "sales",
     .unit = "currency",
     .summary =
         "sales of the year (销售收入): forms listed_1968 and private_1983 need it, no other form reads "
         "it",
     .allowed = at_least_zero,
     .optional = true},
};
inline constexpr option_description altman_options[] = {
    {.name = "form",
     .what = option_content::choice,
     .summary =
         "listed_1968: Z, of listed manufacturers; private_1983: Z', of private ones; "
         "non_manufacturer_1995: Z'', of all other firms; emerging_market: 3.25 + Z''. Each with its own "
         "constants and cut-offs",
     .required = true,
     .choices = altman_forms},
};
inline constexpr column_description altman_outputs[] = {
    {.name = "z",
     .unit = "points",
     .summary = "the score (Z 值): the parts below added up one after the other, equal to the last bit"},
    {.name = "zone",
     .what = content::code,
     .summary =
         "distress (破产区) below the lower cut-off of the form, safe (安全区) above the upper one, else "
         "grey (灰色区); the cut-offs themselves are grey",
     .levels = altman_zones},
    {.name = "constant", .unit = "points", .summary = "3.25 of form emerging_market, else 0"},
    {.name = "working_capital_part",
     .unit = "points",
     .summary = "1.2, 0.717 or 6.56 x working_capital / total_assets"},
    {.name = "retained_earnings_part",
     .unit = "points",
     .summary = "1.4, 0.847 or 3.26 x retained_earnings / total_assets"},
    {.name = "ebit_part", .unit = "points", .summary = "3.3, 3.107 or 6.72 x ebit / total_assets"},
    {.name = "equity_part",
     .unit = "points",
     .summary =
         "0.6 x market_equity / total_liabilities, or 0.420 or 1.05 x book_equity / total_liabilities"},
    {.name = "sales_part",
     .unit = "points",
     .summary = "0.999 or 0.998 x sales / total_assets; 0 where the form has no sales"},
};

/// Scores accounts by one form (altman_z.hpp), row by row; columns that the form does not have are not read.
class altman_z_scorer final : public scorer {
public:
  altman_z_scorer(const kernel& compute, altman_form form)
      : form_(form)
      , compute_(compute, std::array{static_cast<double>(form)}.data()) {}

  void score(const score_block& block) const noexcept override {
    const altman_constants of = constants_of(form_);
    const auto input = [&](altman_input which) -> const score_block::input& {
      return block.inputs[static_cast<std::size_t>(which)];
    };
    const std::array read{
        input(altman_input::working_capital),
        input(altman_input::total_assets),
        input(altman_input::retained_earnings),
        input(altman_input::ebit),
        input(of.market_equity ? altman_input::market_equity : altman_input::book_equity),
        input(altman_input::total_liabilities),
        of.has_sales() ? input(altman_input::sales) : score_block::input{},
    };
    refuse_missing(block, read[4].number);
    if (of.has_sales())
      refuse_missing(block, read[6].number);
    score_block picked = block;
    picked.inputs = read;
    compute_columns<altman_scores<math::real>::inputs, altman_scores<math::real>::outputs>(compute_, picked);
    // Where nobody asked for z or the part of equity, no number told it.
    mark(block, read[5].number, row_status::undefined, [](double x) { return x == 0.0; });
  }

  [[nodiscard]] bool reads(std::size_t input) const noexcept override {
    const altman_constants of = constants_of(form_);
    switch (static_cast<altman_input>(input)) {
    case altman_input::market_equity:
      return of.market_equity;
    case altman_input::book_equity:
      return !of.market_equity;
    case altman_input::sales:
      return of.has_sales();
    default:
      return true;
    }
  }

  [[nodiscard]] input_fault fault_of(const score_block& row) const override {
    for (const altman_input which :
         {altman_input::market_equity, altman_input::book_equity, altman_input::sales}) {
      const auto at = static_cast<std::size_t>(which);
      const double* const held = row.inputs[at].number;
      if (reads(at) && (held == nullptr || *held != *held))
        return {at, "there for this form"};
    }
    return {};
  }

private:
  /// Gives rows a status where a number is so. Nearly all are not, which is seen without a branch.
  template <class Is>
  static void mark(const score_block& block, const double* numbers, row_status why, const Is& is) noexcept {
    unsigned any = 0;
    for (std::int64_t row = 0; row < block.rows; ++row)
      any |= is(numbers[row]) ? 1U : 0U;
    for (std::int64_t row = 0; any != 0 && row < block.rows; ++row) {
      if (is(numbers[row]) && block.status[row] == row_status::ok)
        block.status[row] = why;
    }
  }
  static void refuse_missing(const score_block& block, const double* needed) noexcept {
    mark(block, needed, row_status::missing, [](double x) { return x != x; });
  }
  altman_form form_;
  prepared_kernel compute_;
};

// A firm of 1,000: 0.2, 0.3, 0.15, 1.5 and 1.1, or 0.8 at book value. Z is 0.24 + 0.42 + 0.495 + 0.9 + 1.0989. The second
// firm has lost money for years; the third stands on the upper cut-off of Z, which is grey.
inline constexpr example_table altman_rows[] = {
    {"rows",
     "working_capital,total_assets,retained_earnings,ebit,market_equity,book_equity,total_liabilities,"
     "sales\n200,1000,300,150,900,480,600,1100\n-100,1000,-250,-40,150,100,900,700\n"
     "0,1000,0,0,2990,0,600,0\n500,1000,300,150,900,1000,0,1100\n"}};
inline constexpr example_option altman_listed[] = {{"form", "listed_1968"}};
inline constexpr example_table altman_listed_expected[] = {
    {"scores",
     "z,zone,constant,working_capital_part,retained_earnings_part,ebit_part,equity_part,sales_part\n"
     "3.1539,safe,0,0.24,0.42,0.495,0.9,1.0989\n"
     "0.1973,distress,0,-0.12,-0.35,-0.132,0.1,0.6993\n"
     "2.99,grey,0,0,0,0,2.99,0\n"
     ",,0,0.6,0.42,0.495,,1.0989\n"}};
// The same firms: Z'' is 1.312 + 0.978 + 1.008 + 0.84, and 3.25 more.
inline constexpr example_option altman_emerging[] = {{"form", "emerging_market"}};
inline constexpr example_table altman_emerging_expected[] = {
    {"scores",
     "z,zone,constant,working_capital_part,retained_earnings_part,ebit_part,equity_part,sales_part\n"
     "7.388,safe,3.25,1.312,0.978,1.008,0.84,0\n"
     "1.62686666666666667,distress,3.25,-0.656,-0.815,-0.2688,0.116666666666666667,0\n"
     "3.25,distress,3.25,0,0,0,0,0\n"
     ",,3.25,3.28,0.978,1.008,,0\n"}};
inline constexpr example altman_examples[] = {
    {.what = verb::score,
     .summary = "a sound firm, one in distress, one on a cut-off, and one without liabilities, of which only "
                "the other "
                "parts are known",
     .source = "constants of Altman (1968), to be checked by hand",
     .tables = altman_rows,
     .options = altman_listed,
     .expected = altman_listed_expected,
     .tolerance = 1e-14},
    {.what = verb::score,
     .summary = "the same firms by the score of emerging markets",
     .source = "constants of Altman, Hartzell and Peck (1995), to be checked by hand",
     .tables = altman_rows,
     .options = altman_emerging,
     .expected = altman_emerging_expected,
     .tolerance = 1e-14},
};

inline constexpr entry_description altman_z_description{
    .name = altman_z_name,
    .what = verb::score,
    .summary =
        "Altman's Z, Z', Z'' or emerging-market score of a firm's accounts, with its zone and the part "
        "of each ratio",
    .source = "Z: E. I. Altman, Journal of Finance 23 (1968) 589-609, (I); Z': Altman, Corporate Financial "
              "Distress (1983); Z'' and 3.25 + Z'': Altman, Hartzell, Peck, Emerging Markets Corporate Bonds "
              "(1995)",
    .chinese = "阿特曼 Z 值",
    .since = "0.1",
    .score = {.inputs = altman_inputs, .options = altman_options, .outputs = altman_outputs},
    .examples = altman_examples,
    .no_demo = "the simulated company knows its customers' orders, not their accounts",
};

/// \throws error status::schema where a column is missing that the form needs
[[nodiscard]] inline std::unique_ptr<scorer> bind_altman_z(const score_request& request) {
  const auto form = request.options.choice<altman_form>("form", altman_forms);
  const altman_constants of = constants_of(form);
  const auto need = [&](altman_input which) {
    const auto place = static_cast<std::size_t>(which);
    if (place < request.given.size() && request.given[place])
      return;
    throw error(status::schema, std::string(altman_z_name) + ": form " +
                                    std::string(altman_forms[static_cast<std::size_t>(form)]) +
                                    " needs the column " + std::string(altman_inputs[place].name));
  };
  need(of.market_equity ? altman_input::market_equity : altman_input::book_equity);
  if (of.has_sales())
    need(altman_input::sales);
  return std::make_unique<altman_z_scorer>(
      request.wide ? request.wide : math::kernel_of<altman_scores, math::pack<math::isa::baseline>>(), form);
}

inline constexpr entry altman_z_entry{.description = &altman_z_description, .bind = bind_altman_z};

} // namespace emptor::credit

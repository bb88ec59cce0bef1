// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <string_view>

#include <emptor/core/entry.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/proportion.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/credit/currency_option.hpp>
#include <emptor/credit/day_count_option.hpp>
#include <emptor/math/real.hpp>

/// Whether to keep a customer's credit risk, insure it or sell the receivables (信用保险, 保理): what each costs a year.
///
/// Keeping costs the expected loss, the money that the receivables tie up, and the work of collecting them. Insurance takes
/// the covered share of the loss for a premium on sales. A factor takes over collection and, without recourse, the loss; he
/// advances a part of the money at his own rate of interest.
namespace emptor::credit {

/// Rates of all rows. Shares are parts of 1, rates are a year.
struct transfer_terms {
  double capital_rate = 0.0;     ///< what tied-up money costs
  double collection_rate = 0.0;  ///< work of collecting, as a share of sales
  double premium_rate = 0.0;     ///< of insured sales
  double covered = 0.0;          ///< share of a loss that the insurer bears
  double factoring_rate = 0.0;   ///< the factor's fee on sales
  double advance = 0.0;          ///< share of a receivable that he pays at once
  double advance_rate = 0.0;     ///< interest on it
  double collection_saved = 0.0; ///< share of the collection work that he takes over
  bool recourse = false;         ///< whether losses come back
  std::int64_t days_of_year = 365;
};

enum class transfer_choice : std::int32_t { keep = 0, insure = 1, factor = 2 };

/// The sales of a customer and their risk.
struct transferred_sales {
  std::int64_t sales = 0; ///< on credit in a year, minor units
  double days = 0.0;      ///< from a sale to its payment
  double probability_of_default = 0.0;
  double loss_given_default = 0.0;
};

/// What a year of sales costs, in minor units: each part is exact and rounded once, halves away from 0, and a cost is the
/// sum of its parts.
struct transfer_costs {
  std::int64_t loss = 0; ///< expected, if it is kept
  wide_integer keep = 0;
  wide_integer insure = 0;
  wide_integer factor = 0;
  bool fits = true; ///< false: a part does not fit 64 bits
};

[[nodiscard]] inline transfer_costs costs_of_transfer(const transferred_sales& of,
                                                      const transfer_terms& terms) noexcept {
  constexpr std::int64_t parts_of_day = 1'000'000;
  constexpr std::int64_t whole = whole_share;
  const auto days = static_cast<std::int64_t>(std::nearbyint(of.days * static_cast<double>(parts_of_day)));
  const std::int64_t year = parts_of_day * terms.days_of_year;
  const std::int64_t capital_rate = decimal_share(terms.capital_rate);
  const std::int64_t covered = decimal_share(terms.covered);
  const std::int64_t advance = decimal_share(terms.advance);
  const std::int64_t saved = decimal_share(terms.collection_saved);
  transfer_costs made;
  const auto part = [&](std::initializer_list<std::int64_t> numerators,
                        std::initializer_list<std::int64_t> denominators) {
    const std::int64_t amount = proportion_of(of.sales, numerators, denominators);
    made.fits = made.fits && amount != no_amount;
    return amount;
  };
  const std::int64_t default_rate = decimal_share(of.probability_of_default);
  const std::int64_t lost = decimal_share(of.loss_given_default);
  made.loss = part({default_rate, lost}, {whole, whole});
  const std::int64_t capital = part({days, capital_rate}, {year, whole});
  const std::int64_t collection_rate = decimal_share(terms.collection_rate);
  const std::int64_t collection = part({collection_rate}, {whole});
  made.keep = wide_integer{made.loss} + capital + collection;
  made.insure = wide_integer{part({decimal_share(terms.premium_rate)}, {whole})} +
                part({default_rate, lost, whole - covered}, {whole, whole, whole}) + capital + collection;
  made.factor = wide_integer{part({decimal_share(terms.factoring_rate)}, {whole})} +
                part({days, advance, decimal_share(terms.advance_rate)}, {year, whole, whole}) +
                part({days, whole - advance, capital_rate}, {year, whole, whole}) +
                part({collection_rate, whole - saved}, {whole, whole}) + (terms.recourse ? made.loss : 0);
  return made;
}

/// Rates at which an offer costs what keeping costs. \tparam T a scalar of emptor::math
template <class T>
struct transfer_break_evens {
  T premium; ///< premium rate from which on insurance costs more than keeping
  T fee;     ///< fee from which on factoring does
};

/// \param days from a sale to its payment
template <class T>
[[nodiscard]] transfer_break_evens<T> break_evens_of(const T& days, const T& probability_of_default,
                                                     const T& loss_given_default,
                                                     const transfer_terms& terms) noexcept {
  // Of one unit of sales.
  const T loss = probability_of_default * loss_given_default;
  const T tied = days / T(static_cast<double>(terms.days_of_year));
  const T capital = tied * T(terms.capital_rate);
  const T collection(terms.collection_rate);
  const T advanced = tied * T(terms.advance) * T(terms.advance_rate) + capital * T(1.0 - terms.advance);
  const T sold = advanced + collection * T(1.0 - terms.collection_saved) + (terms.recourse ? loss : T(0.0));
  return {loss * T(terms.covered), loss + capital + collection - sold};
}

inline constexpr std::string_view transfer_choices[] = {"keep", "insure", "factor"};
inline constexpr domain any_share{0.0, 1.0};
inline constexpr domain any_rate{0.0, 10.0};
inline constexpr column_description risk_transfer_inputs[] = {
    {.name = "sales",
     .what = content::amount,
     .unit = "currency",
     .summary = "on credit in a year",
     .allowed = at_least_zero},
    {.name = "days",
     .unit = "days",
     .summary = "from a sale to its payment, such as days sales outstanding",
     .allowed = {0.0, 3650.0}},
    {.name = "probability_of_default",
     .unit = "probability",
     .summary = "within the year",
     .allowed = zero_to_one},
    {.name = "loss_given_default",
     .unit = "share",
     .summary = "of what is open that is lost then",
     .allowed = zero_to_one},
};
inline constexpr option_description risk_transfer_options[] = {
    {.name = "capital_rate",
     .summary = "what tied-up money costs",
     .unit = "share a year",
     .allowed = any_rate,
     .required = true},
    {.name = "collection_rate",
     .summary = "what collecting costs, as a share of sales",
     .unit = "share",
     .allowed = any_share,
     .default_value = "0"},
    {.name = "premium_rate",
     .summary = "the insurer's premium, as a share of sales; without it insurance is not offered",
     .unit = "share",
     .allowed = any_share},
    {.name = "covered",
     .summary = "share of a loss that the insurer bears",
     .unit = "share",
     .allowed = any_share,
     .default_value = "0.9"},
    {.name = "factoring_rate",
     .summary = "the factor's fee, as a share of sales; without it factoring is not offered",
     .unit = "share",
     .allowed = any_share},
    {.name = "advance",
     .summary = "share of a receivable that the factor pays at once",
     .unit = "share",
     .allowed = any_share,
     .default_value = "0.8"},
    {.name = "advance_rate",
     .summary = "interest on what he advances",
     .unit = "share a year",
     .allowed = any_rate,
     .default_value = "0"},
    {.name = "collection_saved",
     .summary = "share of the cost of collecting that the factor takes over",
     .unit = "share",
     .allowed = any_share,
     .default_value = "1"},
    {.name = "recourse",
     .what = option_content::boolean,
     .summary = "whether losses come back from the factor (有追索权保理)",
     .default_value = "false"},
    day_count_option,
    currency_option,
};
inline constexpr std::string_view needs_premium[] = {"premium_rate"};
inline constexpr std::string_view needs_factor[] = {"factoring_rate"};
inline constexpr column_description risk_transfer_outputs[] = {
    {.name = "choice",
     .what = content::code,
     .summary = "what costs least: keep, insure or factor; of equal ones the first",
     .levels = transfer_choices},
    {.name = "benefit",
     .what = content::amount,
     .unit = "currency",
     .summary = "what the choice saves in a year against keeping the risk, 0 or more"},
    {.name = "expected_loss",
     .what = content::amount,
     .unit = "currency",
     .summary = "sales x probability of default x loss given default, a year; rounded half away from 0 as "
                "each part of "
                "the costs is"},
    {.name = "keep_cost",
     .what = content::amount,
     .unit = "currency",
     .summary = "expected loss + sales x days / day_count x capital_rate + sales x collection_rate"},
    {.name = "insure_cost",
     .what = content::amount,
     .unit = "currency",
     .summary = "the same with the premium, and without the covered share of the loss",
     .needs = needs_premium},
    {.name = "factor_cost",
     .what = content::amount,
     .unit = "currency",
     .summary = "fee, interest on the advance, capital for the rest, what is left of collecting, with "
                "recourse the loss",
     .needs = needs_factor},
    {.name = "break_even_premium",
     .unit = "share",
     .summary = "premium rate at which insurance costs as much as keeping"},
    {.name = "break_even_fee",
     .unit = "share",
     .summary = "factoring rate at which factoring costs as much as keeping; below 0 where it never pays"},
};

// 1,000,000 of sales that are paid after 60 days, 2 % of default, 60 % lost then: 12,000 of loss, 1,000,000 x 60 / 365 x 8 % =
// 13,150.68 of capital, 5,000 of collecting. Insurance: 3,000 + 1,200 + 13,150.68 + 5,000. Factor: 15,000, 1,000,000 x 60 /
// 365 x 85 % x 7 % = 9,780.82 on the advance, x 15 % x 8 % = 1,972.60 on the rest, + 1,000. The second customer is so safe
// that nothing pays. The third: 7,500 + 7,335.62 + 1,479.45 + 500.
inline constexpr example_table risk_transfer_rows[] = {
    {"rows",
     "sales,days,probability_of_default,loss_given_default\n1000000,60,0.02,0.6\n1000000,30,0.001,0.4\n"
     "500000,90,0.1,0.8\n"}};
inline constexpr example_option risk_transfer_example_options[] = {
    {"capital_rate", "0.08"}, {"collection_rate", "0.005"}, {"premium_rate", "0.003"},
    {"covered", "0.9"},       {"factoring_rate", "0.015"},  {"advance", "0.85"},
    {"advance_rate", "0.07"}, {"collection_saved", "0.8"}};
inline constexpr example_table risk_transfer_expected[] = {
    {"scores",
     "choice,benefit,expected_loss,keep_cost,insure_cost,factor_cost,break_even_premium,break_even_fee\n"
     "insure,7800.00,12000.00,30150.68,22350.68,27753.42,0.0108,0.017397260273972603\n"
     "keep,0.00,400.00,11975.34,14615.34,21876.71,0.00036,0.0050986301369863015\n"
     "factor,35547.94,40000.00,52363.01,17863.01,16815.07,0.072,0.0860958904109589\n"}};
inline constexpr example risk_transfer_examples[] = {
    {.what = verb::score,
     .summary = "three customers: one to insure, one to keep, one to sell",
     .source = "made for this page, to be checked by hand",
     .tables = risk_transfer_rows,
     .options = risk_transfer_example_options,
     .expected = risk_transfer_expected,
     .tolerance = 1e-12}};

inline constexpr entry_description risk_transfer_description{
    .name = "credit.risk_transfer",
    .what = verb::score,
    .summary =
        "keep a customer's credit risk, insure it or factor the receivables: what each costs, and what pays",
    .source = "expected loss and cost of capital; common practice of credit insurance and factoring",
    .chinese = "信用保险, 保理",
    .since = "0.1",
    .score = {.inputs = risk_transfer_inputs,
              .options = risk_transfer_options,
              .outputs = risk_transfer_outputs},
    .examples = risk_transfer_examples,
    .no_demo = "the company of the demo has no offers of insurers and factors",
};

enum class risk_transfer_input : std::size_t { sales, days, probability_of_default, loss_given_default };
enum class risk_transfer_output : std::size_t {
  choice,
  benefit,
  expected_loss,
  keep_cost,
  insure_cost,
  factor_cost,
  break_even_premium,
  break_even_fee
};

class risk_transfer_scorer final : public scorer {
  using in = risk_transfer_input;
  using out = risk_transfer_output;

public:
  risk_transfer_scorer(const transfer_terms& terms, bool insurable, bool factorable) noexcept
      : terms_(terms)
      , insurable_(insurable)
      , factorable_(factorable) {}

  void score(const score_block& block) const noexcept override {
    for_each_fine_row<in, out>(block, [this](const row_cells<in, out>& at) { score_row(at); });
  }

private:
  void score_row(const row_cells<in, out>& at) const noexcept {
    const transferred_sales of{at.amount(in::sales), at.number(in::days),
                               at.number(in::probability_of_default), at.number(in::loss_given_default)};
    const transfer_costs costs = costs_of_transfer(of, terms_);
    constexpr wide_integer most = std::numeric_limits<std::int64_t>::max();
    if (!costs.fits || costs.keep > most || costs.insure > most || costs.factor > most)
      return at.refuse(row_status::too_large);
    auto best = transfer_choice::keep;
    wide_integer least = costs.keep;
    if (insurable_ && costs.insure < least) {
      best = transfer_choice::insure;
      least = costs.insure;
    }
    if (factorable_ && costs.factor < least) {
      best = transfer_choice::factor;
      least = costs.factor;
    }
    at.put(out::choice, static_cast<double>(best));
    at.put_amount(out::benefit, static_cast<std::int64_t>(costs.keep - least));
    at.put_amount(out::expected_loss, costs.loss);
    at.put_amount(out::keep_cost, static_cast<std::int64_t>(costs.keep));
    at.put_amount(out::insure_cost, static_cast<std::int64_t>(costs.insure));
    at.put_amount(out::factor_cost, static_cast<std::int64_t>(costs.factor));
    const transfer_break_evens<math::real> even =
        break_evens_of(math::real(of.days), math::real(of.probability_of_default),
                       math::real(of.loss_given_default), terms_);
    at.put(out::break_even_premium, math::value_of(even.premium));
    at.put(out::break_even_fee, math::value_of(even.fee));
  }

  transfer_terms terms_;
  bool insurable_;
  bool factorable_;
};

inline constexpr entry risk_transfer_entry{
    .description = &risk_transfer_description,
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      const option_values& options = request.options;
      const auto offered = [&](std::string_view rate) {
        return options.has(rate) ? options.number(rate) : 0.0;
      };
      const transfer_terms terms{.capital_rate = options.number("capital_rate"),
                                 .collection_rate = options.number("collection_rate"),
                                 .premium_rate = offered("premium_rate"),
                                 .covered = options.number("covered"),
                                 .factoring_rate = offered("factoring_rate"),
                                 .advance = options.number("advance"),
                                 .advance_rate = options.number("advance_rate"),
                                 .collection_saved = options.number("collection_saved"),
                                 .recourse = options.boolean("recourse"),
                                 .days_of_year = days_of_year(options)};
      return std::make_unique<risk_transfer_scorer>(terms, options.has("premium_rate"),
                                                    options.has("factoring_rate"));
    },
};

} // namespace emptor::credit

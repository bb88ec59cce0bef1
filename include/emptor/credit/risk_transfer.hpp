// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>

#include <emptor/core/entry.hpp>
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
};

enum class transfer_choice : std::int32_t { keep = 0, insure = 1, factor = 2 };

/// What a year of sales costs. \tparam T a scalar of emptor::math
template <class T>
struct transfer_costs {
  T loss; ///< expected, if it is kept
  T keep;
  T insure;
  T factor;
  T break_even_premium; ///< premium rate from which on insurance costs more than keeping
  T break_even_fee;     ///< fee from which on factoring does
};

/// \param sales on credit in a year \param days from a sale to its payment
template <class T>
[[nodiscard]] transfer_costs<T>
costs_of_transfer(const T& sales, const T& days, const T& probability_of_default, const T& loss_given_default,
                  const transfer_terms& terms) noexcept {
  const T loss = sales * probability_of_default * loss_given_default;
  const T tied = sales * days / T(365.0);
  const T capital = tied * T(terms.capital_rate);
  const T collection = sales * T(terms.collection_rate);
  const T keep = loss + capital + collection;
  const T insure = sales * T(terms.premium_rate) + loss * T(1.0 - terms.covered) + capital + collection;
  const T advanced = tied * T(terms.advance) * T(terms.advance_rate) + capital * T(1.0 - terms.advance);
  const T sold = advanced + collection * T(1.0 - terms.collection_saved) + (terms.recourse ? loss : T(0.0));
  return {loss,
          keep,
          insure,
          sales * T(terms.factoring_rate) + sold,
          probability_of_default * loss_given_default * T(terms.covered),
          (keep - sold) / sales};
}

inline constexpr std::string_view transfer_choices[] = {"keep", "insure", "factor"};
inline constexpr domain any_share{0.0, 1.0};
inline constexpr domain any_rate{0.0, 10.0};
inline constexpr column_description risk_transfer_inputs[] = {
    {.name = "sales",
     .unit = "currency",
     .summary = "on credit in a year",
     .allowed = {.low = 0.0, .high = 1e15, .low_open = true}},
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
};
inline constexpr std::string_view needs_premium[] = {"premium_rate"};
inline constexpr std::string_view needs_factor[] = {"factoring_rate"};
inline constexpr column_description risk_transfer_outputs[] = {
    {.name = "choice",
     .what = content::code,
     .summary = "what costs least: keep, insure or factor; of equal ones the first",
     .levels = transfer_choices},
    {.name = "benefit",
     .unit = "currency a year",
     .summary = "what the choice saves against keeping the risk, 0 or more"},
    {.name = "expected_loss",
     .unit = "currency a year",
     .summary = "sales x probability of default x loss given default"},
    {.name = "keep_cost",
     .unit = "currency a year",
     .summary = "expected loss + sales x days / 365 x capital_rate + sales x collection_rate"},
    {.name = "insure_cost",
     .unit = "currency a year",
     .summary = "the same with the premium, and without the covered share of the loss",
     .needs = needs_premium},
    {.name = "factor_cost",
     .unit = "currency a year",
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
// 13,150.68 of capital, 5,000 of collecting. Insurance: 3,000 + 1,200 + 13,150.68 + 5,000. Factor: 15,000 + 164,383.56 x
// (85 % x 7 % + 15 % x 8 %) = 11,753.42, + 1,000. The second customer is so safe that nothing pays.
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
     "insure,7800,12000,30150.684931506848,22350.684931506848,27753.424657534248,0.0108,0."
     "017397260273972603\n"
     "keep,0,400,11975.342465753424,14615.342465753424,21876.712328767124,0.00036,0.0050986301369863015\n"
     "factor,35547.94520547945,40000,52363.01369863014,17863.01369863014,16815.068493150684,0.072,"
     "0.0860958904109589\n"}};
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

class risk_transfer_scorer final : public scorer {
public:
  risk_transfer_scorer(const transfer_terms& terms, bool insurable, bool factorable) noexcept
      : terms_(terms)
      , insurable_(insurable)
      , factorable_(factorable) {}

  void score(const score_block& block) const noexcept override {
    for (std::int64_t row = 0; row < block.rows; ++row) {
      const auto in = [&](std::size_t i) { return math::real(block.inputs[i].number[row]); };
      const transfer_costs<math::real> costs = costs_of_transfer(in(0), in(1), in(2), in(3), terms_);
      auto best = transfer_choice::keep;
      math::real least = costs.keep;
      if (insurable_ && costs.insure < least) {
        best = transfer_choice::insure;
        least = costs.insure;
      }
      if (factorable_ && costs.factor < least) {
        best = transfer_choice::factor;
        least = costs.factor;
      }
      const double values[] = {static_cast<double>(best),
                               math::value_of(costs.keep - least),
                               math::value_of(costs.loss),
                               math::value_of(costs.keep),
                               math::value_of(costs.insure),
                               math::value_of(costs.factor),
                               math::value_of(costs.break_even_premium),
                               math::value_of(costs.break_even_fee)};
      for (std::size_t output = 0; output < block.outputs.size(); ++output) {
        if (block.outputs[output].number != nullptr)
          block.outputs[output].number[row] = values[output];
      }
    }
  }

private:
  transfer_terms terms_;
  bool insurable_;
  bool factorable_;
};

inline constexpr entry risk_transfer_entry{
    .description = &risk_transfer_description,
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      const option_values& options = request.options;
      const transfer_terms terms{.capital_rate = options.number("capital_rate"),
                                 .collection_rate = options.number("collection_rate"),
                                 .premium_rate = options.number("premium_rate"),
                                 .covered = options.number("covered"),
                                 .factoring_rate = options.number("factoring_rate"),
                                 .advance = options.number("advance"),
                                 .advance_rate = options.number("advance_rate"),
                                 .collection_saved = options.number("collection_saved"),
                                 .recourse = options.boolean("recourse")};
      return std::make_unique<risk_transfer_scorer>(terms, options.has("premium_rate"),
                                                    options.has("factoring_rate"));
    },
};

} // namespace emptor::credit

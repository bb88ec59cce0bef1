// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include <emptor/value/planned_parts.hpp>

/// The five kinds of value that a customer has for a company: what he buys (客户购买价值), whom he moves to buy (口碑价值), what he
/// tells of himself (信息价值), what he knows that the company can use (知识价值), and what third parties pay for the way to him
/// (交易价值).
///
///     purchase value      = capacity x wallet share x unit margin x annuity factor
///     word-of-mouth value = influence x reach x mean purchase of the influenced x annuity factor
///     information value   = what he tells, about the same for all customers of a type
///     knowledge value     = worth of his knowledge x the part that the company is able to convert
///     transaction value   = (income from third parties - its cost) x annuity factor
///
/// Source: the five kinds of customer value of Chinese CRM teaching; V. Kumar, L. Aksoy, B. Donkers, R. Venkatesan, T. Wiesel
/// and S. Tillmanns, Undervalued or Overvalued Customers: Capturing Total Customer Engagement Value, Journal of Service
/// Research 13, 2010, has three of them (lifetime, influencer and knowledge value).
namespace emptor::value {

inline constexpr std::string_view engagement_value_name = "value.engagement_value";

inline constexpr column_description engagement_value_inputs[] = {
    {.name = "capacity",
     .unit = "units a period",
     .summary = "what he buys of such products in a period, from whomever (客户需求量)",
     .allowed = at_least_zero},
    {.name = "wallet_share",
     .unit = "share",
     .summary = "what of it he buys from you (客户份额)",
     .allowed = zero_to_one},
    {.name = "unit_margin", .unit = "currency a unit", .summary = "what one unit brings (单位边际利润)"},
    {.name = "growth",
     .unit = "share a period",
     .summary = "how much capacity grows from each period to the next; by e^growth where rate_kind is "
                "continuous; missing = 0",
     .allowed = above_minus_one,
     .optional = true},
    {.name = "influence",
     .unit = "share",
     .summary =
         "what part of those whom he reaches he moves to buy (影响力), below 0 where he keeps them from "
         "it; missing = 0",
     .allowed = {-1.0, 1.0},
     .optional = true},
    {.name = "reach",
     .unit = "customers a period",
     .summary = "how many he reaches in a period (影响范围); needed where influence is given",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "influenced_purchase",
     .unit = "currency a customer",
     .summary = "margin of what one of them buys on average (影响人群的平均购买); needed where influence is "
                "given",
     .optional = true},
    {.name = "information",
     .unit = "currency",
     .summary = "what it is worth that he tells what he needs, how he buys, and what is wrong (信息价值); "
                "missing = the option information",
     .optional = true},
    {.name = "knowledge",
     .unit = "currency",
     .summary = "what his knowledge would be worth if all of it were used, such as for new products "
                "(客户知识); missing = 0",
     .optional = true},
    {.name = "conversion",
     .unit = "share",
     .summary = "what part of that the company is able to convert (知识转化能力); needed where knowledge is "
                "given",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "third_party_income",
     .unit = "currency a period",
     .summary =
         "what others pay for joint offers, alliances and advertising to him (联合销售收入); missing = 0",
     .optional = true},
    {.name = "third_party_cost",
     .unit = "currency a period",
     .summary = "what that costs; missing = 0",
     .optional = true},
    retention_column,
    periods_column,
};
inline constexpr companion engagement_needs[] = {
    {4, 5, "given where influence is"},
    {4, 6, "given where influence is"},
    {8, 9, "given where knowledge is"},
};
inline constexpr option_description engagement_value_options[] = {
    period_rate_option,
    described_in(present_value_options, "periods"),
    rate_kind_option,
    timing_option,
    {.name = "information",
     .what = option_content::number,
     .summary = "information value of rows that do not say it: mostly one figure for a type of customers",
     .unit = "currency",
     .default_value = "0"},
};
inline constexpr column_description engagement_value_outputs[] = {
    {.name = "purchase_value",
     .unit = "currency",
     .summary =
         "capacity x wallet_share x unit_margin x annuity factor with growth (客户购买价值). Undefined "
         "for ever where nothing makes it finite"},
    {.name = "word_of_mouth_value",
     .unit = "currency",
     .summary = "influence x reach x influenced_purchase x annuity factor (口碑价值)"},
    {.name = "information_value", .unit = "currency", .summary = "information, not discounted (信息价值)"},
    {.name = "knowledge_value",
     .unit = "currency",
     .summary = "knowledge x conversion, not discounted (知识价值)"},
    {.name = "transaction_value",
     .unit = "currency",
     .summary = "(third_party_income - third_party_cost) x annuity factor (交易价值)"},
    {.name = "value", .unit = "currency", .summary = "the five parts, added in the order of the outputs"},
};

/// The figures over columns in the order of the inputs. NaN is missing.
template <class T>
struct engagement_value_scores {
  static constexpr int inputs = 14;
  static constexpr int outputs = 6;

  planned_annuity<T> annuity;
  bool grows;
  T usual_information;

  explicit EMPTOR_INLINE engagement_value_scores(const double* given) noexcept
      : annuity(given)
      , grows(given[6] != 0.0)
      , usual_information(given[7]) {}
  EMPTOR_INLINE void row(const T* in, T* out, const bool* /*wanted*/) const noexcept {
    const auto of_row = annuity.row(in[12], in[13]);
    const T level = annuity.level(of_row);
    out[0] = times(T(in[0] * in[1] * in[2]), grows ? annuity.growing(of_row, in[3]) : level);
    out[1] = times(T(or_nothing(in[4]) * or_nothing(in[5]) * or_nothing(in[6])), level);
    out[2] = or_else(in[7], usual_information) + 0.0; // one zero only
    out[3] = times(or_nothing(in[8]), or_nothing(in[9]));
    out[4] = times(T(or_nothing(in[10]) - or_nothing(in[11])), level);
    out[5] = sum_of_parts({out[0], out[1], out[2], out[3], out[4]});
  }
};

// Two years at 10 %: the factor is 1.7355372. The first customer needs 100 units a year, buys 55 of them, and each brings 22:
// 1,210 a year are 2,100. Of 20 whom he reaches a year he moves one in ten to buy for 60.5: 121 a year are 210. His information
// is worth 50 as that of all; of knowledge worth 400 the company converts a quarter: 100. Alliances bring 181.5 and cost 60.5:
// 121 a year are 210. The second speaks ill of the company.
inline constexpr example_table engagement_value_example_rows[] = {
    {"rows", "capacity,wallet_share,unit_margin,influence,reach,influenced_purchase,information,knowledge,"
             "conversion,third_party_income,third_party_cost\n"
             "100,0.55,22,0.1,20,60.5,,400,0.25,181.5,60.5\n"
             "10,0.5,24.2,-0.1,20,60.5,0,,,,\n"}};
inline constexpr example_option engagement_value_example_options[] = {
    {"rate", "0.1"}, {"periods", "2"}, {"information", "50"}};
inline constexpr example_table engagement_value_example_expected[] = {
    {"scores",
     "purchase_value,word_of_mouth_value,information_value,knowledge_value,transaction_value,value\n"
     "2100,210,50,100,210,2670\n"
     "210,-210,0,0,0,0\n"}};
inline constexpr example engagement_value_examples[] = {
    {.what = verb::score,
     .summary = "a customer with all five kinds of value, and one whose word of mouth costs what he brings",
     .source = "the definitions, with figures to be checked by hand",
     .tables = engagement_value_example_rows,
     .options = engagement_value_example_options,
     .expected = engagement_value_example_expected,
     .tolerance = 1e-12},
};

inline constexpr entry_description engagement_value_description{
    .name = engagement_value_name,
    .what = verb::score,
    .summary =
        "five kinds of customer value: purchase, word of mouth, information, knowledge and transaction "
        "value",
    .source = "the five kinds of customer value of Chinese CRM teaching; Kumar et al., Total Customer "
              "Engagement Value, 2010",
    .chinese = "客户购买价值、口碑价值、信息价值、知识价值与交易价值",
    .since = "0.1",
    .score = {.inputs = engagement_value_inputs,
              .options = engagement_value_options,
              .outputs = engagement_value_outputs,
              .rule = companions_rule<engagement_needs>},
    .examples = engagement_value_examples,
    .no_demo = "the company of the demo does not know what its customers buy elsewhere, or whom they reach",
};

inline constexpr entry engagement_value_entry{
    .description = &engagement_value_description, .bind = [](const score_request& request) {
      return bind_planned<engagement_value_scores>(request, engagement_value_name, 12, 13, {3},
                                                   engagement_needs, {request.options.number("information")});
    }};

} // namespace emptor::value

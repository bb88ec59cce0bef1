// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <string_view>

#include <emptor/decision/alert_scorer.hpp>

/// Early warning of sales expense (销售费用预警): what was spent on a customer, seller or region, against its budget and
/// against the sales that it brought.
///
/// Over budget: the expense of a share f of the period is expected to be budget x f x the mean of expense / budget in
/// past periods, which begins at 1. Over its share of sales: it is expected to be sales x the mean of expense / sales
/// (费用率) in past periods, so that who sells more may spend more. The variance of both ratios is 1 / f times that of
/// whole periods. One case is one look; both comparisons together keep to the rate of false alarms.
namespace emptor::decision {

inline constexpr std::string_view expense_causes[] = {"none", "over_budget", "over_share_of_sales"};

inline constexpr column_description expense_own_inputs[] = {
    {.name = "expense", .unit = "currency", .summary = "spent in the period to date"},
    {.name = "budget",
     .unit = "currency",
     .summary = "planned expense of the whole period",
     .allowed = above_zero,
     .optional = true},
    {.name = "sales",
     .unit = "currency",
     .summary = "of the period to date; at 0 or below the share of sales is not compared",
     .optional = true},
    {.name = "calendar_share",
     .unit = "share",
     .summary = "share of the period, or of its budget, that is over by now (default 1)",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true},
     .optional = true},
    {.name = "past_budget_ratio",
     .unit = "share",
     .summary = "mean of expense / budget over past whole periods",
     .optional = true},
    {.name = "past_budget_deviation",
     .unit = "share",
     .summary = "standard deviation of these ratios (divisor past_periods - 1)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "past_expense_share",
     .unit = "share",
     .summary = "mean of expense / sales over past whole periods",
     .optional = true},
    {.name = "past_expense_deviation",
     .unit = "share",
     .summary = "standard deviation of these shares (divisor past_periods - 1)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "past_periods",
     .what = content::count,
     .unit = "periods",
     .summary = "past periods in these means (default 0)",
     .allowed = at_least_zero,
     .optional = true},
};
inline constexpr auto expense_inputs = alert_inputs(expense_own_inputs, expense_causes);
inline constexpr auto expense_outputs =
    alert_outputs(expense_causes, "currency", std::array<column_description, 0>{});
inline constexpr auto expense_options = alert_options(std::array<option_description, 3>{{
    prior_weight_option("how many past periods the budget, with budget_deviation, is worth", "2"),
    {.name = "budget_deviation",
     .summary =
         "standard deviation of expense / budget over whole periods that is assumed before any is seen",
     .unit = "share",
     .allowed = above_zero,
     .default_value = "0.2"},
    {.name = "min_deviation",
     .summary = "either ratio is taken to vary at least so much",
     .unit = "share",
     .allowed = at_least_zero,
     .default_value = "0.01"},
}});

class expense_alert : public usual_alert {
public:
  static constexpr std::size_t own_inputs = std::size(expense_own_inputs);

  explicit expense_alert(const option_values& options) noexcept
      : before_{1.0, options.number("budget_deviation"), options.number("prior_weight")}
      , least_(options.number("min_deviation")) {}

  void compare(const alert_row& row, comparisons& to) const noexcept {
    using math::real;
    const real share(row.number_or(3, 1.0));
    const double variances = math::value_of(real(1.0) / share);
    if (row.has(1))
      compare_with(to, 1, bad_side::high, row.number(0),
                   stats::predictive(row.history(4, 5, 8), before_, least_),
                   math::value_of(real(row.number(1)) * share), variances);
    if (row.number(2) > 0.0)
      compare_with(to, 2, bad_side::high, row.number(0),
                   stats::predictive(row.history(6, 7, 8), stats::prior_values{}, least_), row.number(2),
                   variances);
  }

private:
  stats::prior_values before_;
  double least_;
};

// Expense of 300 in half of a period. A budget of 500: 250 are expected, spread 250 x 0.04 x sqrt(2 + 1/3) = 15.27525 (three
// periods at 1.00, deviation 0.04, prior_weight 0: 2 degrees of freedom), t = 3.273268. Sales of 2000 at a share of 0.12,
// deviation 0.01: 240 are expected, spread 2000 x 0.01 x sqrt(2 + 1/3) = 30.55050, t = 1.963961. The first is less likely:
// tail 0.04100745; of two comparisons 1 - (1 - 0.04100745)^2 = 0.0803333.
inline constexpr example_table expense_example_rows[] = {
    {"rows", "expense,budget,sales,calendar_share,past_budget_ratio,past_budget_deviation,past_expense_share,"
             "past_expense_deviation,past_periods\n"
             "300,500,2000,0.5,1,0.04,0.12,0.01,3\n300,,2000,0.5,,,0.12,0.01,3\n300,500,,0.5,1,0.04,,,3\n"
             "300,700,3000,0.5,1,0.04,0.12,0.01,3\n"}};
inline constexpr example_option expense_example_options[] = {{"false_alarm_rate", "0.1"},
                                                             {"prior_weight", "0"}};
inline constexpr example_table expense_example_expected[] = {
    {"scores", "level,is_new,cause,probability,comparisons,expected,spread,limit\n"
               "notice,true,over_budget,0.0803332966751,2,250,15.2752523165,293.929200375\n"
               "notice,true,over_share_of_sales,0.0942486643997,1,240,30.550504633,297.606583986\n"
               "notice,true,over_budget,0.0410074539784,1,250,15.2752523165,278.803291993\n"
               "none,false,none,0.974298494859,2,360,45.8257569496,491.787601126\n"}};
inline constexpr example expense_examples[] = {
    {.what = verb::score,
     .summary = "over budget and, less so, over its share of sales; each alone; neither",
     .source = "Student's distribution with 2 degrees of freedom, by hand",
     .tables = expense_example_rows,
     .options = expense_example_options,
     .expected = expense_example_expected,
     .tolerance = 1e-8},
};

inline constexpr entry_description sales_expense_description{
    .name = "decision.alert.sales_expense",
    .what = verb::score,
    .summary = "early warning of sales expense: expense to date against budget and against the sales that it "
               "brought",
    .source = "predictive distribution of expense ratios: Gelman et al., Bayesian Data Analysis, section 3.3",
    .chinese = "销售费用预警",
    .since = "0.1",
    .score = {.inputs = expense_inputs, .options = expense_options, .outputs = expense_outputs},
    .examples = expense_examples,
    .no_demo = "the simulated company has no expenses by customer and no budgets",
};
inline constexpr entry sales_expense_entry{.description = &sales_expense_description,
                                           .bind = bind_alert<expense_alert>};

} // namespace emptor::decision

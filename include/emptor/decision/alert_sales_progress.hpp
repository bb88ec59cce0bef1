// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <string_view>

#include <emptor/decision/alert_scorer.hpp>

/// Early warning of sales progress (销售进度预警): sales to date against the part of the plan that the calendar has
/// used up.
///
/// With the share f of the period's plan that should be sold by now, sales are expected to be plan x f x the mean of
/// sales / plan in past periods, which begins at 1 (the plan counts for prior_weight periods). Sales of parts of a
/// period add up independently, so that the variance of sales / (plan x f) is 1 / f times that of a whole period: the
/// first week of a quarter says little. One case is one look at a share; looks at the same period are not independent.
namespace emptor::decision {

inline constexpr std::string_view progress_causes[] = {"none", "behind_plan"};

inline constexpr column_description progress_own_inputs[] = {
    {.name = "sales", .unit = "currency", .summary = "of the period to date, after returns"},
    {.name = "plan",
     .unit = "currency",
     .summary = "sales planned for the whole period",
     .allowed = above_zero},
    {.name = "calendar_share",
     .unit = "share",
     .summary =
         "share of the plan that should be sold by now: of the period's working days, or of its season",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true}},
    {.name = "past_ratio",
     .unit = "share",
     .summary = "mean of sales / plan over past whole periods",
     .optional = true},
    {.name = "past_deviation",
     .unit = "share",
     .summary = "standard deviation of these ratios (divisor past_periods - 1)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "past_periods",
     .what = content::count,
     .unit = "periods",
     .summary = "past periods in that mean (default 0)",
     .allowed = at_least_zero,
     .optional = true},
};
inline constexpr auto progress_inputs = alert_inputs(progress_own_inputs, progress_causes);
inline constexpr auto progress_outputs =
    alert_outputs(progress_causes, "currency",
                  std::array<column_description, 2>{{
                      {.name = "projected_sales",
                       .unit = "currency",
                       .summary = "of the whole period: sales, and for the rest of the "
                                  "plan what past periods make expected"},
                      {.name = "probability_of_plan",
                       .unit = "probability",
                       .summary = "that the plan is reached by the end of the period",
                       .allowed = zero_to_one},
                  }});
inline constexpr auto progress_options = alert_options(std::array<option_description, 3>{{
    prior_weight_option("how many past periods the plan, with plan_deviation, is worth", "2"),
    {.name = "plan_deviation",
     .summary = "standard deviation of sales / plan over whole periods that is assumed before any is seen",
     .unit = "share",
     .allowed = above_zero,
     .default_value = "0.25"},
    {.name = "min_deviation",
     .summary = "the ratio is taken to vary at least so much",
     .unit = "share",
     .allowed = at_least_zero,
     .default_value = "0.01"},
}});

class progress_alert : public usual_alert {
public:
  static constexpr std::size_t own_inputs = std::size(progress_own_inputs);
  static constexpr std::size_t own_outputs = 2;

  explicit progress_alert(const option_values& options) noexcept
      : before_{1.0, options.number("plan_deviation"), options.number("prior_weight")}
      , least_(options.number("min_deviation")) {}

  void compare(const alert_row& row, comparisons& to) const noexcept {
    const math::real share(row.number(2));
    compare_with(to, 1, bad_side::low, row.number(0), next(row),
                 math::value_of(math::real(row.number(1)) * share), math::value_of(math::real(1.0) / share));
  }
  void own(const alert_row& row, double* outputs) const noexcept {
    using math::real;
    const stats::predictive ratio = next(row);
    const real sales(row.number(0));
    const real plan(row.number(1));
    const real rest = real(1.0) - real(row.number(2));
    const real expected = plan * rest * real(ratio.location());
    outputs[0] = math::value_of(sales + expected);
    const real needed = plan - sales - expected;
    const real spread =
        rest > real(0.0) ? plan * rest * real(ratio.spread(math::value_of(real(1.0) / rest))) : real(0.0);
    outputs[1] = spread > real(0.0) ? stats::student_t_tail(math::value_of(needed / spread), ratio.degrees())
                 : needed <= real(0.0) ? 1.0
                                       : 0.0;
  }

private:
  [[nodiscard]] stats::predictive next(const alert_row& row) const noexcept {
    return {row.history(3, 4, 5), before_, least_};
  }
  stats::prior_values before_;
  double least_;
};

// A plan of 1000 of which half should be sold. Without past periods and with a prior worth 2 periods, Student's
// distribution has 2 degrees of freedom; the spread is 500 x 0.25 x sqrt(2 + 1/2) = 197.6424. At sales of 100
// t = 400 / 197.6424 = 2.023858, tail (1 - t / sqrt(2 + t^2)) / 2 = 0.09014758. The rest of the plan is expected to bring
// 500: 600 in all; for the plan it must bring 900, which is 2.023858 spreads more. At 0 the tail is 0.06356422.
inline constexpr example_table progress_example_rows[] = {
    {"rows", "sales,plan,calendar_share\n100,1000,0.5\n500,1000,0.5\n0,1000,0.5\n999,1000,1\n"}};
inline constexpr example_option progress_example_options[] = {{"false_alarm_rate", "0.1"}};
inline constexpr example_table progress_example_expected[] = {
    {"scores", "level,is_new,cause,probability,expected,spread,limit,projected_sales,probability_of_plan\n"
               "notice,true,behind_plan,0.0901475843372,500,197.642353761,127.32200375,600,0.0901475843372\n"
               "none,false,none,0.5,500,197.642353761,127.32200375,1000,0.5\n"
               "notice,true,behind_plan,0.063564219528,500,197.642353761,127.32200375,500,0.063564219528\n"
               "none,false,none,0.498845302541,1000,306.186217848,422.64973081,999,0\n"}};
inline constexpr example progress_examples[] = {
    {.what = verb::score,
     .summary = "a tenth sold where it should be half; on plan; nothing sold; the last day",
     .source = "Student's distribution with 2 degrees of freedom, by hand",
     .tables = progress_example_rows,
     .options = progress_example_options,
     .expected = progress_example_expected,
     .tolerance = 1e-8},
};

inline constexpr entry_description sales_progress_description{
    .name = "decision.alert.sales_progress",
    .what = verb::score,
    .summary =
        "early warning of sales progress: sales to date against the plan's share by the calendar, with the "
        "uncertainty that past periods show",
    .source = "predictive distribution of sales / plan: Gelman et al., Bayesian Data Analysis, section 3.3",
    .chinese = "销售进度预警",
    .since = "0.1",
    .score = {.inputs = progress_inputs, .options = progress_options, .outputs = progress_outputs},
    .examples = progress_examples,
    .no_demo = "the simulated company makes no plans",
};
inline constexpr entry sales_progress_entry{.description = &sales_progress_description,
                                            .bind = bind_alert<progress_alert>};

} // namespace emptor::decision

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <string_view>

#include <emptor/decision/alert_scorer.hpp>

/// Early warning of deterioration of credit (信用恶化预警): a fall of grade, score or payment index beyond what this
/// customer's own history makes usual.
///
/// Each of the three that the row has is compared with the predictive distribution (predictive.hpp) of its next value,
/// by its own mean, deviation and number of earlier values; where these are few, how much the values of one customer of
/// the group vary counts for prior_weight values. The least likely is the cause. One case is one look; the three
/// together keep to the rate of false alarms, and as they fall together more often than by chance, they stay below it.
namespace emptor::decision {

inline constexpr std::string_view deterioration_causes[] = {"none", "grade", "score", "payment_index"};

inline constexpr column_description deterioration_own_inputs[] = {
    {.name = "grade_rank", .unit = "grades", .summary = "place of the grade now, 1 = best", .optional = true},
    {.name = "mean_grade_rank", .unit = "grades", .summary = "mean of the earlier ones", .optional = true},
    {.name = "grade_rank_deviation",
     .unit = "grades",
     .summary = "standard deviation of the earlier ones (divisor ratings - 1)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "group_grade_rank_deviation",
     .unit = "grades",
     .summary = "standard deviation of the ranks of one customer of the group over time",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "score", .unit = "points", .summary = "score now, high is good", .optional = true},
    {.name = "mean_score", .unit = "points", .summary = "mean of the earlier ones", .optional = true},
    {.name = "score_deviation",
     .unit = "points",
     .summary = "standard deviation of the earlier ones (divisor ratings - 1)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "group_score_deviation",
     .unit = "points",
     .summary = "standard deviation of the scores of one customer of the group over time",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "ratings",
     .what = content::count,
     .unit = "ratings",
     .summary = "earlier ratings in the means of rank and score (default 0)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "payment_index",
     .unit = "points",
     .summary = "payment index now, high is good, such as 80 = on terms",
     .optional = true},
    {.name = "mean_payment_index", .unit = "points", .summary = "mean of the earlier ones", .optional = true},
    {.name = "payment_index_deviation",
     .unit = "points",
     .summary = "standard deviation of the earlier ones (divisor payment_periods - 1)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "group_payment_index_deviation",
     .unit = "points",
     .summary = "standard deviation of the index of one customer of the group over time",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "payment_periods",
     .what = content::count,
     .unit = "periods",
     .summary = "earlier periods in the mean of the payment index (default 0)",
     .allowed = at_least_zero,
     .optional = true},
};
inline constexpr auto deterioration_inputs = alert_inputs(deterioration_own_inputs, deterioration_causes);
inline constexpr auto deterioration_outputs =
    alert_outputs(deterioration_causes, "grades; points where the cause is score or payment_index",
                  std::array<column_description, 0>{});
inline constexpr auto deterioration_options = alert_options(std::array<option_description, 4>{{
    prior_weight_option("how many values of his own the deviations of the group are worth", "3"),
    {.name = "min_rank_deviation",
     .summary =
         "ranks are taken to vary at least so much: a customer who never changed his grade may do so once",
     .unit = "grades",
     .allowed = at_least_zero,
     .default_value = "0.5"},
    {.name = "min_score_deviation",
     .summary = "scores are taken to vary at least so much",
     .unit = "points",
     .allowed = at_least_zero,
     .default_value = "1"},
    {.name = "min_index_deviation",
     .summary = "the payment index is taken to vary at least so much",
     .unit = "points",
     .allowed = at_least_zero,
     .default_value = "1"},
}});

class deterioration_alert : public usual_alert {
public:
  static constexpr std::size_t own_inputs = std::size(deterioration_own_inputs);

  explicit deterioration_alert(const option_values& options) noexcept
      : weight_(options.number("prior_weight"))
      , least_{options.number("min_rank_deviation"), options.number("min_score_deviation"),
               options.number("min_index_deviation")} {}

  void compare(const alert_row& row, comparisons& to) const noexcept {
    add(row, to, 1, bad_side::high, 0, 8);
    add(row, to, 2, bad_side::low, 4, 8);
    add(row, to, 3, bad_side::low, 9, 13);
  }

private:
  /// \param value  place of the value; its mean, its deviation and that of the group follow it
  void add(const alert_row& row, comparisons& to, std::int32_t cause, bad_side side, std::size_t value,
           std::size_t count) const noexcept {
    const stats::prior_values group{.deviation = row.number(value + 3), .weight = weight_};
    compare_with(to, cause, side, row.number(value),
                 stats::predictive(row.history(value + 1, value + 2, count), group,
                                   least_[static_cast<std::size_t>(cause) - 1]));
  }
  double weight_;
  double least_[3];
};

// Three earlier scores of 70 on average, deviation 3: Student's distribution with 2 degrees of freedom, spread
// 3 x sqrt(1 + 1/3) = 3.464102. At 50 points t = 5.773503, tail 0.01435707. The payment index of 78 after three of 80,
// deviation 3, is nothing; of two comparisons 1 - (1 - 0.01435707)^2 = 0.02850801. One earlier score of 70 and a group whose
// scores deviate by 3, worth 3 values: 3 degrees of freedom, spread 3 x sqrt(1 + 1/1) = 4.242641.
inline constexpr example_table deterioration_example_rows[] = {
    {"rows",
     "score,mean_score,score_deviation,group_score_deviation,ratings,payment_index,mean_payment_index,"
     "payment_index_deviation,payment_periods,previous_level,previous_cause\n"
     "50,70,3,,3,,,,,,\n50,70,3,,3,78,80,3,3,,\n68,70,3,,3,60,80,3,3,notice,score\n"
     "71,70,3,,3,,,,,alarm,score\n60,70,,3,1,,,,,,\n"}};
inline constexpr example_table deterioration_example_expected[] = {
    {"scores", "level,is_new,cause,severity,probability,comparisons,observed,expected,spread,limit\n"
               "notice,true,score,1.8429342178,0.0143570688214,1,50,70,3.46410161514,59.8848732349\n"
               "notice,true,score,1.54503306375,0.0285080122176,2,50,70,3.46410161514,55.1973852901\n"
               "notice,true,payment_index,1.54503306375,0.0285080122176,2,60,80,3.46410161514,65.1973852901\n"
               "none,false,none,0.221848749616,0.6,1,71,70,3.46410161514,59.8848732349\n"
               "notice,true,score,1.302471643,0.0498342993917,1,60,70,4.24264068712,60.0155245399\n"}};
inline constexpr example deterioration_examples[] = {
    {.what = verb::score,
     .summary =
         "a fall of the score; beside a payment index as ever; a fall of the index after a notice about the "
         "score; a score that has come back; and a "
         "customer with one earlier score",
     .source = "Student's distribution with 2 and 3 degrees of freedom, by hand",
     .tables = deterioration_example_rows,
     .expected = deterioration_example_expected,
     .tolerance = 1e-8},
};

inline constexpr entry_description credit_deterioration_description{
    .name = "decision.alert.credit_deterioration",
    .what = verb::score,
    .summary = "early warning of deterioration of credit: a fall of grade, score or payment index beyond the "
               "customer's own variation",
    .source = "predictive distribution of the next value: Gelman et al., Bayesian Data Analysis, section 3.3",
    .chinese = "信用恶化预警",
    .since = "0.1",
    .score = {.inputs = deterioration_inputs,
              .options = deterioration_options,
              .outputs = deterioration_outputs},
    .examples = deterioration_examples,
    .no_demo = "the simulated company rates its customers once, so that there is nothing to fall from",
};
inline constexpr entry credit_deterioration_entry{.description = &credit_deterioration_description,
                                                  .bind = bind_alert<deterioration_alert>};

} // namespace emptor::decision

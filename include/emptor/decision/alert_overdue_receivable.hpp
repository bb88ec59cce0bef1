// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

#include <emptor/decision/alert_scorer.hpp>

/// Early warning of overdue receivables (外欠款预警): how long a customer's oldest overdue invoice has been overdue, and
/// how much he owes beyond its due date, against his own history of delays.
///
/// Who always pays ten days late is no alert on the tenth day, who always pays to the day is one. The next delay
/// follows Student's distribution (predictive.hpp): mean, standard deviation and number of the delays of his paid
/// invoices, and where these are few what is known of his group, which counts for prior_weight invoices. The overdue
/// amount is compared with the same amounts at earlier looks. Delays are skewed: with distribution lognormal the same
/// holds of the logarithms of the days from invoice to payment, whose mean and deviation follow from those of the days. One case is an invoice (or the `invoices_due` that fell
/// due together) and one look at the amount; both together keep to the rate of false alarms.
namespace emptor::decision {

inline constexpr std::string_view overdue_causes[] = {"none", "overdue_days", "overdue_amount"};

inline constexpr column_description overdue_own_inputs[] = {
    {.name = "overdue_days",
     .unit = "days",
     .summary =
         "since the due date of the invoice that has been overdue longest, without disputed ones; 0 or "
         "below where none is overdue"},
    {.name = "mean_delay",
     .unit = "days",
     .summary = "mean of the days from due date to payment of his paid invoices; below 0 where he pays early",
     .optional = true},
    {.name = "delay_deviation",
     .unit = "days",
     .summary = "standard deviation of these days (divisor invoices - 1)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "invoices",
     .what = content::count,
     .unit = "invoices",
     .summary = "paid invoices in that mean (default 0)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "group_delay",
     .unit = "days",
     .summary = "mean delay of his group, to which few invoices are drawn",
     .optional = true},
    {.name = "group_delay_deviation",
     .unit = "days",
     .summary = "standard deviation of the delays of one customer of the group",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "invoices_due",
     .what = content::count,
     .unit = "invoices",
     .summary = "invoices that fell due in the time that is looked at, of which overdue_days is the longest "
                "delay; the more there are, the longer the longest (default 1)",
     .allowed = {1.0, 9007199254740992.0},
     .optional = true},
    {.name = "overdue_amount",
     .unit = "currency",
     .summary = "what is overdue now, in his currency",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "mean_overdue_amount",
     .unit = "currency",
     .summary = "mean of what was overdue at earlier looks",
     .optional = true},
    {.name = "overdue_amount_deviation",
     .unit = "currency",
     .summary = "standard deviation of these amounts (divisor looks - 1)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "looks",
     .what = content::count,
     .unit = "looks",
     .summary = "earlier looks in that mean (default 0)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "terms",
     .unit = "days",
     .summary = "from invoice to due date, for distribution lognormal (default 0)",
     .allowed = at_least_zero,
     .optional = true},
};
/// What is taken to follow Student's distribution: delays, or the logarithms of the days from invoice to payment.
enum class delay_distribution : std::int32_t { normal = 0, lognormal = 1 };
inline constexpr std::string_view delay_distributions[] = {"normal", "lognormal"};
inline constexpr auto overdue_inputs = alert_inputs(overdue_own_inputs, overdue_causes);
inline constexpr auto overdue_outputs = alert_outputs(
    overdue_causes, "days; currency where the cause is overdue_amount", std::array<column_description, 0>{});
inline constexpr auto overdue_options = alert_options(std::array<option_description, 7>{{
    prior_weight_option("how many paid invoices of his own the group's delays are worth", "3"),
    {.name = "min_deviation",
     .summary = "delays are taken to vary at least so much, because of weekends and holidays",
     .unit = "days",
     .allowed = at_least_zero,
     .default_value = "1"},
    {.name = "min_overdue_days",
     .summary = "no alert before an invoice is overdue so long",
     .unit = "days",
     .allowed = at_least_zero,
     .default_value = "1"},
    {.name = "min_overdue_amount",
     .summary = "no alert below this overdue amount, where the column is there (单据起点金额)",
     .unit = "currency",
     .allowed = at_least_zero,
     .default_value = "0"},
    {.name = "distribution",
     .what = option_content::choice,
     .summary =
         "of delays: normal, or lognormal for the days from invoice to payment (terms + delay), whose long "
         "delays are more frequent than short ones, as they mostly are",
     .default_value = "normal",
     .choices = delay_distributions},
    {.name = "min_amount_deviation",
     .summary = "overdue amounts are taken to vary at least so much: no alert over small change",
     .unit = "currency",
     .allowed = at_least_zero,
     .default_value = "1"},
    {.name = "min_amount_variation",
     .summary = "overdue amounts are taken to vary at least by this share of their mean",
     .unit = "share",
     .allowed = at_least_zero,
     .default_value = "0.05"},
}});

class overdue_alert : public usual_alert {
public:
  static constexpr std::size_t own_inputs = std::size(overdue_own_inputs);

  explicit overdue_alert(const option_values& options) noexcept
      : weight_(options.number("prior_weight"))
      , least_(options.number("min_deviation"))
      , min_days_(options.number("min_overdue_days"))
      , min_amount_(options.number("min_overdue_amount"))
      , least_amount_(options.number("min_amount_deviation"))
      , least_variation_(options.number("min_amount_variation"))
      , skewed_(options.choice<delay_distribution>("distribution", delay_distributions) ==
                delay_distribution::lognormal) {}

  void compare(const alert_row& row, comparisons& to) const noexcept {
    if (skewed_)
      compare_logs(row, to);
    else
      compare_with(to, days, bad_side::high, row.number(0),
                   stats::predictive(row.history(1, 2, 3), {row.number(4), row.number(5), weight_}, least_),
                   1.0, 1.0, row.number_or(6, 1.0));
    const stats::own_history looks = row.history(8, 9, 10);
    const double share = math::value_of(math::real(least_variation_) * math::abs(math::real(looks.mean)));
    compare_with(
        to, amount, bad_side::high, row.number(7),
        stats::predictive(looks, stats::prior_values{}, share > least_amount_ ? share : least_amount_));
  }
  [[nodiscard]] bool matters(const alert_row& row) const noexcept {
    return row.number(0) >= min_days_ && row.number_or(7, min_amount_) >= min_amount_;
  }
  [[nodiscard]] double limit(const alert_row& row, const comparison& of, double rate) const noexcept {
    using math::real;
    if (!skewed_ || of.cause != days)
      return of.limit(rate);
    const stats::predictive next = logs(row);
    const double t = stats::student_t_limit(each_of(rate, of.times), next.degrees());
    return math::value_of(math::exp(real(next.location()) + real(t) * real(next.spread())) - terms(row));
  }

private:
  static constexpr std::int32_t days = 1;
  static constexpr std::int32_t amount = 2;

  [[nodiscard]] static math::real terms(const alert_row& row) noexcept { return {row.number_or(11, 0.0)}; }
  /// Mean and deviation of the logarithms of lognormal days, from those of the days: with v = log(1 + (deviation /
  /// mean)^2) they are log(mean) - v / 2 and sqrt(v). NaN unless the mean is above 0.
  void to_logs(math::real terms, double& mean, double& deviation) const noexcept {
    using math::real;
    const real centre = terms + real(mean);
    if (!(centre > real(0.0))) {
      mean = deviation = std::numeric_limits<double>::quiet_NaN();
      return;
    }
    const bool varies = deviation == deviation;
    const real ratio = real(varies && deviation > least_ ? deviation : least_) / centre;
    const real variance = math::log1p(ratio * ratio);
    mean = math::value_of(math::log(centre) - real(0.5) * variance);
    if (varies)
      deviation = math::value_of(math::sqrt(variance));
  }
  [[nodiscard]] stats::predictive logs(const alert_row& row) const noexcept {
    stats::own_history own = row.history(1, 2, 3);
    stats::prior_values group{row.number(4), row.number(5), weight_};
    to_logs(terms(row), own.mean, own.deviation);
    to_logs(terms(row), group.mean, group.deviation);
    return {own, group, 0.0};
  }
  void compare_logs(const alert_row& row, comparisons& to) const noexcept {
    using math::real;
    const stats::predictive next = logs(row);
    if (!next.known())
      return;
    const real open = terms(row) + real(row.number(0));
    comparison made =
        comparison::of(days, bad_side::high, open > real(0.0) ? math::value_of(math::log(open)) : -1e300,
                       next.location(), next.spread(), next.degrees(), row.number_or(6, 1.0));
    const real centre = math::exp(real(next.location()));
    made.observed = row.number(0);
    made.expected = math::value_of(centre - terms(row));
    made.spread = math::value_of(centre * math::expm1(real(next.spread())));
    to.add(made);
  }
  double weight_;
  double least_;
  double min_days_;
  double min_amount_;
  double least_amount_;
  double least_variation_;
  bool skewed_;
};

// Delays of 5 days on average, deviation 3, in 3 invoices: Student's distribution with 2 degrees of freedom about 5,
// spread 3 x sqrt(1 + 1/3) = 3.464102, whose tail is (1 - t / sqrt(2 + t^2)) / 2. After 25 days t = 5.773503 and the
// tail 0.01435707; after 12 days t = 2.020726, tail 0.09035598: no alert. A notice begins at t = 2.919986, 15.11513 days.
inline constexpr example_table overdue_example_rows[] = {
    {"rows", "overdue_days,mean_delay,delay_deviation,invoices,previous_level,previous_cause,subject,"
             "previous_subject\n"
             "25,5,3,3,,,R7,\n25,5,3,3,notice,overdue_days,R7,R7\n25,5,3,3,notice,overdue_days,R8,R7\n"
             "12,5,3,3,none,none,R7,\n14,5,3,3,notice,overdue_days,R7,R7\n14,5,3,3,none,none,R7,\n"}};
inline constexpr example_table overdue_example_expected[] = {
    {"scores", "level,is_new,cause,severity,probability,observed,expected,spread,limit\n"
               "notice,true,overdue_days,1.8429342178,0.0143570688214,25,5,3.46410161514,15.1151267651\n"
               "notice,false,overdue_days,1.8429342178,0.0143570688214,25,5,3.46410161514,15.1151267651\n"
               "notice,true,overdue_days,1.8429342178,0.0143570688214,25,5,3.46410161514,15.1151267651\n"
               "none,false,none,1.04404307625,0.0903559848135,12,5,3.46410161514,15.1151267651\n"
               "notice,false,overdue_days,1.21577533887,0.0608449671732,14,5,3.46410161514,15.1151267651\n"
               "none,false,none,1.21577533887,0.0608449671732,14,5,3.46410161514,15.1151267651\n"}};
inline constexpr example overdue_examples[] = {
    {.what = verb::score,
     .summary = "25 days are a notice, told once for an invoice; at 14 days it is kept for who had it, and "
                "not raised "
                "for others",
     .source = "Student's distribution with 2 degrees of freedom, by hand",
     .tables = overdue_example_rows,
     .expected = overdue_example_expected,
     .tolerance = 1e-8},
};

inline constexpr entry_description overdue_receivable_description{
    .name = "decision.alert.overdue_receivable",
    .what = verb::score,
    .summary =
        "early warning of overdue receivables: days and money overdue against the customer's own history "
        "of delays",
    .source = "predictive distribution of the next delay: Gelman et al., Bayesian Data Analysis, section 3.3",
    .chinese = "外欠款预警",
    .since = "0.1",
    .score = {.inputs = overdue_inputs, .options = overdue_options, .outputs = overdue_outputs},
    .examples = overdue_examples,
    .no_demo = "the demo's tables hold invoices and payments, not yet the mean delays of each customer",
};
inline constexpr entry overdue_receivable_entry{.description = &overdue_receivable_description,
                                                .bind = bind_alert<overdue_alert>};

} // namespace emptor::decision

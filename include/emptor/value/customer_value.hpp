// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/instance.hpp>
#include <emptor/core/run.hpp>
#include <emptor/core/units.hpp>
#include <emptor/math/dual.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/order_history.hpp>
#include <emptor/value/customer_base_entry.hpp>
#include <emptor/value/customer_value_scores.hpp>
#include <emptor/value/lifetime_value.hpp>
#include <emptor/value/model_choice.hpp>
#include <emptor/value/spend_choice.hpp>
#include <emptor/value/summary.hpp>

/// From orders to the value of each customer in one call (客户价值):
///
///     value = margin x expected spend per order x discounted expected orders within the horizon
///
/// Orders are netted and summarised (summary.hpp), a model of when customers order is chosen and fitted
/// (model_choice.hpp), a rule for what an order is worth is chosen (spend_choice.hpp), and each customer is
/// scored with the two. That what a customer spends has nothing to do with how often he orders, given his row,
/// is what the product assumes. The figures are those of the separate calls, to the bit.
namespace emptor::value {

inline constexpr std::string_view customer_value_name = "value.customer_value";

struct customer_value_options {
  summary_options orders;           ///< `holdout_until` is not looked at
  std::optional<date> cohort_from;  ///< only customers whose first order is dated from here on ...
  std::optional<date> cohort_until; ///< ... up to here
  emptor::horizon horizon{12.0, time_unit::month, std::nullopt};
  double discount_rate = 0.1; ///< effective, per year
  double margin = 1.0;        ///< share of an order's amount
  double confidence = 0.95;
  double quantile = 0.5;             ///< of the next order
  std::optional<order_choice> model; ///< without it the choice of model_choice.hpp
  std::optional<spend_rule> spend;   ///< without it the choice of spend_choice.hpp
  std::int64_t min_customers = 100;
  std::int64_t min_repeat_customers = 40;
  std::int64_t min_history =
      180; ///< days from their first order to `until` of as many as `min_repeat_customers`
  std::int64_t max_silence = 30; ///< days from the last order but those of one customer to `until`
};

/// Why a customer has no value.
enum class customer_status : std::int32_t {
  ok = 0,
  no_order = 1, ///< no order is left up to `until`
  no_spend = 2, ///< repeat orders whose mean amount is not above 0, of which Gamma-Gamma says nothing
};
inline constexpr std::string_view customer_status_names[] = {"ok", "no_order", "no_spend"};

/// What somebody who reads the figures should know.
enum class value_warning : std::int32_t {
  close_models = 0,     ///< another model is as good
  correlated_spend = 1, ///< frequency and monetary value are correlated
  spend_ridge = 2,      ///< p and v of Gamma-Gamma are hardly known
  spend_fallback = 3,   ///< Gamma-Gamma could not be used
  no_spend = 4,         ///< customers without a value
  same_age = 5,         ///< all customers began on the same day
  long_horizon = 6,     ///< the horizon is longer than the history
  later_lines = 7,      ///< lines dated after `until` were left out
  other_currencies = 8, ///< lines of other currencies were left out
  simpler_model = 9,    ///< the chosen model runs to the end of its domain: there are no intervals
  far_until = 10,       ///< `until` is the day of the latest line, and that lies far behind the others
};
inline constexpr std::string_view value_warning_names[] = {
    "close_models", "correlated_spend", "spend_ridge",      "spend_fallback", "no_spend", "same_age",
    "long_horizon", "later_lines",      "other_currencies", "simpler_model",  "far_until"};

/// What comes of one customer, in the order of `customer_values::customers`. NaN where there is none.
struct value_columns {
  std::vector<double> probability_alive;
  std::vector<double> expected_orders;            ///< within the horizon
  std::vector<double> discounted_expected_orders; ///< the same, each discounted to `until`
  std::vector<double> expected_spend;
  std::vector<double> value;
  std::vector<double> value_low; ///< the interval of `value` for the errors of the parameters
  std::vector<double> value_high;
  std::vector<double> next_order; ///< time units from `until`; NaN: never
};

struct value_totals {
  std::int64_t customers = 0; ///< all rows
  std::int64_t valued = 0;    ///< with a value
  double expected_orders = 0.0;
  double value = 0.0;
  double value_low = 0.0; ///< for the errors of the parameters, which all customers share
  double value_high = 0.0;
};

struct customer_values {
  summaries customers; ///< those with an order, and in `without_order` those without
  value_columns of;
  double horizon = 0.0; ///< in the time unit
  std::vector<order_candidate> candidates;
  spend_choice spend;
  value_totals totals;
  std::vector<std::pair<value_warning, std::string>> warnings;

  [[nodiscard]] const order_candidate& chosen() const noexcept {
    return *std::find_if(candidates.begin(), candidates.end(),
                         [](const order_candidate& one) { return one.chosen; });
  }
  [[nodiscard]] customer_status status_of(std::size_t i) const noexcept {
    return std::isnan(of.expected_spend[i]) ? customer_status::no_spend : customer_status::ok;
  }
};

namespace detail {

/// Keeps the customers of `all` for whom `wanted(i)` holds; totals stay as they are.
template <class Wanted>
void keep_customers(summaries& all, const Wanted& wanted) {
  std::vector<std::size_t> kept;
  text_buffer names;
  for (std::size_t i = 0; i < all.frequency.size(); ++i) {
    if (!wanted(i))
      continue;
    kept.push_back(i);
    names.push_back(all.customer[static_cast<std::int64_t>(i)]);
  }
  all.customer = std::move(names);
  for_each_column(all, [&](auto& values) {
    for (std::size_t k = 0; k < kept.size(); ++k)
      values[k] = values[kept[k]];
    values.resize(kept.size());
  });
}

/// Keeps the customers of these keys.
inline void keep_keys(summaries& all, const stats::order_history& from,
                      const std::vector<std::string>& keys) {
  std::vector<std::string_view> names;
  for (const std::string& key : keys) {
    if (const std::uint32_t id = from.customers().find(id_pool::key_of(std::string_view(key)));
        id != id_pool::none)
      names.push_back(from.customers()[id]);
  }
  std::sort(names.begin(), names.end());
  const auto is_key = [&](std::string_view customer) {
    return std::binary_search(names.begin(), names.end(), customer);
  };
  text_buffer without;
  for (std::int64_t i = 0; i < all.without_order.size(); ++i) {
    if (is_key(all.without_order[i]))
      without.push_back(all.without_order[i]);
  }
  all.without_order = std::move(without);
  keep_customers(all, [&](std::size_t i) { return is_key(all.customer[static_cast<std::int64_t>(i)]); });
}

/// The last day on which two customers or more had their last order: one order with a wrong date does not move it.
[[nodiscard]] inline std::int32_t latest_orders(const summaries& all) {
  std::vector<std::int32_t> last = all.last_order;
  if (last.empty())
    return 0;
  const auto second = last.end() - std::min<std::ptrdiff_t>(2, std::ssize(last));
  std::nth_element(last.begin(), second, last.end());
  return *second;
}

/// \throws error status::too_few where the history is too thin, with its figures and what would do
/// \param latest  latest_orders() of all customers, whatever the cohort: records that ended before `until` would say
///                of everybody that he left
inline void check_history(const summaries& all, std::int32_t latest, const customer_value_options& options) {
  const auto need = [&](const std::string& what, std::int64_t found, std::int64_t wanted,
                        std::string_view option) {
    if (found < wanted)
      throw error(status::too_few,
                  message(customer_value_name, "number of customers with " + what, -1, std::to_string(found),
                          ">= " + std::to_string(wanted) + " (option " + std::string(option) + ")"));
  };
  const std::string until = to_string(all.until);
  const bool has_day = options.orders.until || !all.frequency.empty() || all.without_order.size() > 0;
  need(has_day ? "an order up to " + until : "an order", static_cast<std::int64_t>(all.frequency.size()),
       options.min_customers, "min_customers");
  need("a repeat order up to " + until,
       std::count_if(all.frequency.begin(), all.frequency.end(), [](std::int64_t x) { return x > 0; }),
       options.min_repeat_customers, "min_repeat_customers");
  const std::int64_t begin = days_since_epoch(all.until) - options.min_history;
  need("an order " + std::to_string(options.min_history) + " days (option min_history) before " + until,
       std::count_if(all.first_order.begin(), all.first_order.end(),
                     [&](std::int32_t first) { return first <= begin; }),
       options.min_repeat_customers, "min_repeat_customers");
  if (const std::int64_t silence = days_since_epoch(all.until) - latest; silence > options.max_silence)
    throw error(status::too_few,
                message(customer_value_name,
                        "number of days before " + until + " on which at most one customer ordered", -1,
                        std::to_string(silence),
                        "<= " + std::to_string(options.max_silence) +
                            " (option max_silence): the records seem to end before until"));
}

/// The sums of some customers.
template <class Model>
struct partial_totals {
  std::int64_t valued = 0;
  std::int64_t with_interval = 0; ///< of them
  math::real expected_orders{0.0};
  math::real value{0.0};
  /// The value with its derivatives in the parameters of the orders, and in those of the spend.
  typename scored_rows<Model>::number derived_by_orders{0.0};
  spend_choice::number derived_by_spend{0.0};
  math::real own_variance{0.0}; ///< of the value, for what is estimated for each customer apart
};

/// Scores all customers with a fitted model and a rule for the spend.
template <class Model>
void evaluate(customer_values& made, std::span<const double> frequency, const emptor::model& fitted,
              const discount_schedule& schedule, const customer_value_options& options, const run& how) {
  using math::real;
  const summaries& all = made.customers;
  const std::size_t count = all.frequency.size();
  const auto scale = static_cast<double>(power_of_ten(all.decimals));
  const double width = stats::two_sided_normal_quantile(options.confidence);
  const std::vector<double> covariance = read_covariance(fitted, Model::names);
  const scored_rows<Model> rows(frequency, all, fitted, schedule, options.quantile, how);
  value_columns& of = made.of;
  for (std::vector<double>* const column :
       {&of.probability_alive, &of.expected_orders, &of.discounted_expected_orders, &of.expected_spend,
        &of.value, &of.value_low, &of.value_high, &of.next_order})
    column->assign(count, std::numeric_limits<double>::quiet_NaN());

  const auto tasks = static_cast<std::int64_t>((count + rows_per_task - 1) / rows_per_task);
  std::vector<partial_totals<Model>> parts(static_cast<std::size_t>(tasks));
  for_each_task(tasks, how, [&](std::int64_t task) {
    partial_totals<Model>& part = parts[static_cast<std::size_t>(task)];
    const auto last = std::min(count, static_cast<std::size_t>((task + 1) * rows_per_task));
    for (auto i = static_cast<std::size_t>(task * rows_per_task); i < last; ++i) {
      const double comes = rows.discounted_expected_orders(i);
      of.probability_alive[i] = rows.probability_alive(i);
      of.expected_orders[i] = rows.expected_orders(i);
      of.discounted_expected_orders[i] = comes;
      of.next_order[i] = rows.next_order(i);
      part.expected_orders += of.expected_orders[i];
      const spend_choice::number spend = made.spend.of(all, i, scale);
      of.expected_spend[i] = math::value_of(spend);
      if (std::isnan(of.expected_spend[i]))
        continue;
      ++part.valued;
      const auto& orders = rows.derived_orders(i);
      of.value[i] = lifetime_value_of(options.margin, of.expected_spend[i], comes);
      const double own = made.spend.own_log_variance(all, i);
      if (!std::isnan(own)) {
        const interval range =
            lifetime_value_interval(of.value[i], log_variance_of(orders, covariance),
                                    log_variance_of(spend, made.spend.covariance) + own, width);
        of.value_low[i] = range.low;
        of.value_high[i] = range.high;
        ++part.with_interval;
        part.own_variance += real(of.value[i]) * of.value[i] * own;
      }
      part.value += of.value[i];
      part.derived_by_orders =
          part.derived_by_orders + orders * (real(options.margin) * of.expected_spend[i]);
      part.derived_by_spend = part.derived_by_spend + spend * (real(options.margin) * comes);
    }
  });

  value_totals& totals = made.totals;
  totals.customers = static_cast<std::int64_t>(count) + all.without_order.size();
  std::int64_t with_interval = 0;
  for (const partial_totals<Model>& part : parts) {
    totals.valued += part.valued;
    with_interval += part.with_interval;
  }
  const auto sum_of = [&]<class Sum>(Sum partial_totals<Model>::*member) {
    return sum_in_tree<Sum>(0, parts.size(), [&](std::size_t i) { return parts[i].*member; });
  };
  totals.expected_orders = math::value_of(sum_of(&partial_totals<Model>::expected_orders));
  totals.value = math::value_of(sum_of(&partial_totals<Model>::value));
  const interval range = lifetime_value_interval(
      totals.value, log_variance_of(sum_of(&partial_totals<Model>::derived_by_orders), covariance),
      log_variance_of(sum_of(&partial_totals<Model>::derived_by_spend), made.spend.covariance) +
          math::value_of(sum_of(&partial_totals<Model>::own_variance) / totals.value / totals.value),
      width);
  // Where no customer has an interval, the sum of them has none either.
  const bool known = totals.valued == 0 || with_interval > 0;
  totals.value_low = known ? range.low : std::numeric_limits<double>::quiet_NaN();
  totals.value_high = known ? range.high : std::numeric_limits<double>::quiet_NaN();
}

#if defined(EMPTOR_INSTANCE)
#define EMPTOR_VALUE_INSTANCE(Model)                                                                         \
  EMPTOR_INSTANCE void evaluate<Model>(customer_values&, std::span<const double>, const emptor::model&,      \
                                       const discount_schedule&, const customer_value_options&, const run&);
EMPTOR_VALUE_INSTANCE(bg_nbd)
EMPTOR_VALUE_INSTANCE(mbg_nbd)
EMPTOR_VALUE_INSTANCE(nbd)
EMPTOR_VALUE_INSTANCE(pareto_nbd)
#undef EMPTOR_VALUE_INSTANCE
#endif

inline void warn(customer_values& made, const customer_value_options& options) {
  const auto say = [&](value_warning which, std::string text) {
    made.warnings.emplace_back(which, std::move(text));
  };
  const summaries& all = made.customers;
  for (const order_candidate& one : made.candidates) {
    if (!one.chosen && (one.converged || one.at_an_end()) && one.bic - made.chosen().bic < bare_mention)
      say(value_warning::close_models, std::string(one.name()) + ": " + one.reason);
    if (one.chosen && !one.converged)
      say(value_warning::simpler_model, std::string(one.name()) + ": " + one.diagnosis);
  }
  if (const spend_correlation& both = made.spend.correlation; both.is_noted())
    say(value_warning::correlated_spend,
        "the correlation of frequency and monetary value over " + std::to_string(both.customers) +
            " customers is " + rounded(both.value) + ", with 95 percent confidence between " +
            rounded(both.low) + " and " + rounded(both.high) +
            ", but the value assumes that they have nothing to do with each other");
  if (made.spend.fit && made.spend.fit->limit == gamma_gamma_limit::ridge)
    say(value_warning::spend_ridge, "gamma_gamma: " + made.spend.fit->diagnosis);
  if (!options.spend && made.spend.rule != spend_rule::gamma_gamma)
    say(value_warning::spend_fallback,
        "expected_spend follows the rule " +
            std::string(spend_rule_names[static_cast<std::size_t>(made.spend.rule)]) + ": " +
            made.spend.reason);
  const auto silent = [&](std::size_t i) { return all.frequency[i] > 0 && !(all.monetary_value[i] > 0.0); };
  std::int64_t without_spend = 0;
  for (std::size_t i = 0; i < all.frequency.size(); ++i)
    without_spend += silent(i) ? 1 : 0;
  if (made.spend.rule == spend_rule::gamma_gamma && without_spend > 0)
    say(value_warning::no_spend,
        std::to_string(without_spend) +
            " customers have repeat orders whose mean amount is not above 0; they have "
            "no value, which option spend=mean gives them");
  const auto [youngest, oldest] = std::minmax_element(all.age.begin(), all.age.end());
  if (*youngest == *oldest)
    say(value_warning::same_age, "all customers have their first order on " +
                                     to_string(date_from_days(all.first_order.front())) +
                                     ": if that is when the records begin, their ages are too short");
  if (made.horizon > *oldest)
    say(value_warning::long_horizon, "the horizon of " + rounded(made.horizon) + " " +
                                         std::string(name(all.unit)) + "s is longer than the history of " +
                                         rounded(*oldest));
  const auto lines = [&](total which) { return std::to_string(all.of(which).lines); };
  if (all.of(total::later).lines > 0)
    say(value_warning::later_lines,
        lines(total::later) + " lines are dated after " + to_string(all.until) + " and do not count");
  if (all.of(total::other_currencies).lines > 0)
    say(value_warning::other_currencies,
        lines(total::other_currencies) + " lines are in other currencies and do not count");
  if (all.far)
    say(value_warning::far_until, far_text(*all.far, all.until));
}

} // namespace detail

/// The value of each customer. The same bits for any order and split of pushes and any number of threads.
/// \param keys  of the answer only; everything is fitted to all customers
/// \throws error status::too_few (a history too thin for the options), status::not_converged (no model fits),
///         status::option, status::conflict, status::currency, status::overflow, status::data, status::cancelled
[[nodiscard]] inline customer_values
value_customers(const stats::order_history& from, const customer_value_options& options = {},
                const run& how = {}, const std::optional<std::vector<std::string>>& keys = std::nullopt) {
  run quiet = how; // its parts would each begin at 0
  quiet.progress = nullptr;
  customer_values made;
  summary_options orders = options.orders;
  orders.holdout_until.reset();
  orders.variation = true;
  made.customers = summarise(from, orders, quiet, std::nullopt, customer_value_name);
  summaries& all = made.customers;
  if (options.horizon.until && *options.horizon.until < all.until)
    throw error(status::option,
                message(customer_value_name, "option horizon", -1, to_string(*options.horizon.until),
                        "no earlier than until, " + to_string(all.until)));
  const discount_schedule schedule = make_schedule({.where = customer_value_name,
                                                    .unit = orders.unit,
                                                    .as_of = all.until,
                                                    .horizon = options.horizon,
                                                    .discount_rate = options.discount_rate});
  made.horizon = schedule.horizon;
  how.check(0.3);
  const std::int32_t latest = detail::latest_orders(all);
  if (options.cohort_from || options.cohort_until) {
    const std::int32_t begin = options.cohort_from ? days_since_epoch(*options.cohort_from)
                                                   : std::numeric_limits<std::int32_t>::min();
    const std::int32_t end = options.cohort_until ? days_since_epoch(*options.cohort_until)
                                                  : std::numeric_limits<std::int32_t>::max();
    detail::keep_customers(
        all, [&](std::size_t i) { return all.first_order[i] >= begin && all.first_order[i] <= end; });
    all.without_order.clear(); // they are in no cohort
  }
  detail::check_history(all, latest, options);

  std::vector<double> frequency(all.frequency.begin(), all.frequency.end());
  made.candidates = fit_candidates({frequency, all.recency, all.age}, orders.unit, options.model, quiet);
  const order_candidate& chosen = choose(made.candidates, options.model.has_value(), customer_value_name);
  how.check(0.7);
  made.spend = choose_spend(all, options.spend, customer_value_name, quiet);
  how.check(0.8);
  detail::warn(made, options);
  if (keys) {
    detail::keep_keys(all, from, *keys);
    frequency.assign(all.frequency.begin(), all.frequency.end());
  }
  with_candidate(chosen.which, [&]<class Model>(Model) {
    detail::evaluate<Model>(made, frequency, *chosen.fitted, schedule, options, quiet);
  });
  how.check(1.0);
  return made;
}

} // namespace emptor::value

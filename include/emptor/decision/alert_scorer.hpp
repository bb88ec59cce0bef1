// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>

#include <emptor/core/entry.hpp>
#include <emptor/decision/alert.hpp>

/// What the entries decision.alert.* have in common: columns, options, and how a row is scored.
namespace emptor::decision {

/// Inputs of an alert: its own, and what the customer's alert was when he was looked at last.
template <std::size_t N>
consteval std::array<column_description, N + 4> alert_inputs(const column_description (&own)[N],
                                                             std::span<const std::string_view> causes) {
  std::array<column_description, N + 4> all{};
  std::copy(own, own + N, all.begin());
  all[N] = {.name = "previous_level",
            .what = content::code,
            .summary = "level at the last look, for hysteresis; none where there was none",
            .optional = true,
            .levels = alert_levels};
  all[N + 1] = {.name = "previous_cause",
                .what = content::code,
                .summary = "cause at the last look: an alert of the same cause is not told again",
                .optional = true,
                .levels = causes};
  all[N + 2] = {.name = "subject",
                .what = content::text,
                .summary = "what an alert would be about, in the caller's words, such as the number of an "
                           "invoice or the day of the last order",
                .optional = true};
  all[N + 3] = {.name = "previous_subject",
                .what = content::text,
                .summary = "subject of the alert at the last look; an alert about another one is new",
                .optional = true};
  return all;
}

/// How many outputs all alerts have; an alert's own come behind them.
inline constexpr std::size_t shared_alert_outputs = 10;

/// \param unit  of the values that are compared; where it depends on the cause it says for each
template <std::size_t N>
consteval std::array<column_description, shared_alert_outputs + N>
alert_outputs(std::span<const std::string_view> causes, std::string_view unit,
              const std::array<column_description, N>& own) {
  std::array<column_description, shared_alert_outputs + N> all{{
      {.name = "level",
       .what = content::code,
       .summary = "none, notice (注意), warning (警告) or alarm (警报)",
       .levels = alert_levels},
      {.name = "is_new",
       .what = content::boolean,
       .summary = "whether it is to be told: the level is higher than before, or the cause or subject is "
                  "another one"},
      {.name = "cause",
       .what = content::code,
       .summary = "the comparison that is least likely; none without an alert",
       .levels = causes},
      {.name = "severity",
       .unit = "powers of ten",
       .summary = "how unlikely it is if nothing has changed: -log10(probability), at most 300",
       .allowed = {0.0, 300.0}},
      {.name = "probability",
       .unit = "probability",
       .summary = "of a value at least as bad if nothing has changed, over all comparisons of the row",
       .allowed = zero_to_one},
      {.name = "comparisons",
       .what = content::count,
       .unit = "comparisons",
       .summary = "how many could be made with what the row has"},
      {.name = "observed", .unit = unit, .summary = "the value of the least likely comparison"},
      {.name = "expected", .unit = unit, .summary = "what his history or plan makes expected of it"},
      {.name = "spread",
       .unit = unit,
       .summary = "how far it is usually off: scale of the predictive distribution"},
      {.name = "limit", .unit = unit, .summary = "the value at which a notice begins, all else as it is"},
  }};
  std::copy(own.begin(), own.end(), all.begin() + shared_alert_outputs);
  return all;
}

/// Options of an alert: those of all, and its own.
template <std::size_t N>
consteval std::array<option_description, N + 3> alert_options(const std::array<option_description, N>& own) {
  std::array<option_description, N + 3> all{{
      {.name = "false_alarm_rate",
       .summary = "probability that a customer with whom nothing has changed gets a notice or more (误报率); "
                  "what is counted as one case is in the description of each alert",
       .unit = "probability",
       .allowed = {.low = 0.0, .high = 0.25, .low_open = true},
       .default_value = "0.05"},
      {.name = "level_step",
       .summary =
           "how many times rarer a warning is than a notice, and an alarm than a warning, while nothing "
           "changes",
       .allowed = {1.0, 1e6},
       .default_value = "5"},
      {.name = "hysteresis",
       .summary =
           "a level is kept until the probability is so many times that at which it is reached (滞后); 1: "
           "none is kept",
       .allowed = {1.0, 1000.0},
       .default_value = "2"},
  }};
  std::copy(own.begin(), own.end(), all.begin() + 3);
  return all;
}

/// The option by which thin histories lean on what is known of others.
consteval option_description prior_weight_option(std::string_view summary, std::string_view by_default) {
  return {.name = "prior_weight",
          .summary = summary,
          .unit = "values",
          .allowed = {0.0, 1e6},
          .default_value = by_default};
}

/// The inputs of one row, by their place in the description.
class alert_row {
public:
  alert_row(const score_block& block, std::int64_t row) noexcept
      : block_(block)
      , row_(row) {}

  /// NaN where it is missing.
  [[nodiscard]] double number(std::size_t place) const noexcept {
    const double* const held = block_.inputs[place].number;
    return held == nullptr ? std::numeric_limits<double>::quiet_NaN() : held[row_];
  }
  [[nodiscard]] double number_or(std::size_t place, double otherwise) const noexcept {
    const double value = number(place);
    return value == value ? value : otherwise;
  }
  [[nodiscard]] bool has(std::size_t place) const noexcept { return number(place) == number(place); }
  [[nodiscard]] std::string_view text(std::size_t place) const noexcept {
    const std::string_view* const held = block_.inputs[place].text;
    return held == nullptr ? std::string_view{} : held[row_];
  }
  /// Mean, deviation and count of what was seen of a customer.
  [[nodiscard]] stats::own_history history(std::size_t mean, std::size_t deviation,
                                           std::size_t count) const noexcept {
    return {number(mean), number(deviation), number_or(count, 0.0)};
  }

private:
  const score_block& block_;
  std::int64_t row_;
};

/// The comparisons that are made of a row.
class comparisons {
public:
  void add(const comparison& one) noexcept { held_[size_++] = one; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] bool all_have_numbers() const noexcept {
    return std::all_of(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(size_),
                       [](const comparison& one) { return one.probability == one.probability; });
  }
  /// The least likely; of equal ones the first.
  [[nodiscard]] const comparison& worst() const noexcept {
    return *std::min_element(
        held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(size_),
        [](const comparison& left, const comparison& right) { return left.probability < right.probability; });
  }

private:
  std::array<comparison, 3> held_{};
  std::size_t size_ = 0;
};

/// An `Alert` is made of options and has
///     static constexpr std::size_t own_inputs, own_outputs;
///     void compare(const alert_row& row, comparisons& to) const noexcept;  // none: undefined
///     bool matters(const alert_row& row) const noexcept;                   // whether an alert may be raised
///     double limit(const alert_row& row, const comparison& of, double rate) const noexcept;
///     void own(const alert_row& row, double* outputs) const noexcept;      // own_outputs numbers
template <class Alert>
class alert_scorer final : public scorer {
public:
  explicit alert_scorer(const option_values& options) noexcept
      : alert_(options)
      , rule_(options.number("false_alarm_rate"), options.number("level_step"),
              options.number("hysteresis")) {}

  void score(const score_block& block) const noexcept override {
    for (std::int64_t row = 0; row < block.rows; ++row) {
      if (block.status[row] == row_status::ok)
        block.status[row] = score_row(block, row);
    }
  }

private:
  static constexpr std::size_t outputs = shared_alert_outputs + Alert::own_outputs;

  [[nodiscard]] row_status score_row(const score_block& block, std::int64_t row) const noexcept {
    const alert_row in(block, row);
    std::array<double, outputs> out;
    out.fill(std::numeric_limits<double>::quiet_NaN());
    comparisons made;
    alert_.compare(in, made);
    row_status status = made.size() == 0          ? row_status::undefined
                        : made.all_have_numbers() ? row_status::ok
                                                  : row_status::no_number;
    if (status == row_status::ok)
      status = fill(in, made, block.outputs[9].number != nullptr, out);
    for (std::size_t o = 0; o < outputs; ++o) {
      if (block.outputs[o].number != nullptr)
        block.outputs[o].number[row] = out[o];
    }
    return status;
  }

  [[nodiscard]] row_status fill(const alert_row& in, const comparisons& made, bool with_limit,
                                std::array<double, outputs>& out) const noexcept {
    constexpr std::size_t memory = Alert::own_inputs;
    const comparison& worst = made.worst();
    const auto tests = static_cast<double>(made.size());
    const double probability = any_of(worst.probability, tests);
    const alert_subject about{worst.cause, in.text(memory + 2)};
    const alert_subject before{static_cast<std::int32_t>(in.number_or(memory + 1, 0.0)), in.text(memory + 3)};
    const auto level_before = static_cast<alert_level>(static_cast<std::int32_t>(in.number_or(memory, 0.0)));
    const alert raised =
        alert_.matters(in) ? raise_alert(rule_, probability, about, level_before, before) : alert{};
    out[0] = static_cast<double>(raised.level);
    out[1] = raised.is_new ? 1.0 : 0.0;
    out[2] = raised.level == alert_level::none ? 0.0 : static_cast<double>(worst.cause);
    out[3] = severity_of(probability);
    out[4] = probability;
    out[5] = tests;
    out[6] = worst.observed;
    out[7] = worst.expected;
    out[8] = worst.spread;
    out[9] = with_limit ? alert_.limit(in, worst, each_of(rule_.rate(alert_level::notice), tests)) : 0.0;
    alert_.own(in, out.data() + shared_alert_outputs);
    row_status status = row_status::ok;
    for (double& one : out) {
      if (std::isfinite(one))
        continue;
      one = std::numeric_limits<double>::quiet_NaN();
      status = row_status::too_large;
    }
    return status;
  }

  Alert alert_;
  alert_rule rule_;
};

/// What most alerts have: every alert matters, limits are those of Student's distribution, and there are no outputs
/// beyond the shared ones.
struct usual_alert {
  static constexpr std::size_t own_outputs = 0;
  [[nodiscard]] static bool matters(const alert_row& /*row*/) noexcept { return true; }
  [[nodiscard]] static double limit(const alert_row& /*row*/, const comparison& of, double rate) noexcept {
    return of.limit(rate);
  }
  static void own(const alert_row& /*row*/, double* /*outputs*/) noexcept {}
};

/// Adds a comparison of a value with its predictive distribution, where the value is there and enough is known.
/// \param scale  what one of the history's units is worth in those of `value`
/// \param variance_ratio  of the value to those of the history
inline void compare_with(comparisons& to, std::int32_t cause, bad_side side, double value,
                         const stats::predictive& next, double scale = 1.0, double variance_ratio = 1.0,
                         double times = 1.0) noexcept {
  using math::real;
  if (value != value || !next.known())
    return;
  to.add(comparison::of(cause, side, value, math::value_of(real(scale) * real(next.location())),
                        math::value_of(real(scale) * real(next.spread(variance_ratio))), next.degrees(),
                        times));
}

template <class Alert>
[[nodiscard]] std::unique_ptr<scorer> bind_alert(const score_request& request) {
  return std::make_unique<alert_scorer<Alert>>(request.options);
}

} // namespace emptor::decision

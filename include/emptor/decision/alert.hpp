// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/predictive.hpp>

/// Early warning (预警): from how unlikely a value is, if nothing has changed with the customer, to a level of
/// alert.
///
/// The base is the customer's own history or plan. A comparison gives the probability of a value at least as bad;
/// where k comparisons are made of one customer, the smallest p counts as 1 - (1 - p)^k (Šidák, JASA 62, 1967), so
/// that the rate of false alarms holds for all of them together. `false_alarm_rate` is the probability that a
/// customer with whom nothing has changed gets a notice or more; a warning is level_step times rarer, and an alarm
/// as much again. A level that was reached is kept until the probability is `hysteresis` times that of the level.
/// How often such alerts come, and how soon a change is seen, is in the README of this folder.
namespace emptor::decision {

/// How urgent an alert is.
enum class alert_level : std::int32_t { none = 0, notice = 1, warning = 2, alarm = 3 };
inline constexpr std::string_view alert_levels[] = {"none", "notice", "warning", "alarm"};

/// The probability that none of `times` independent values is as bad as one of probability p, and its
/// complement: at least one is.
[[nodiscard]] inline double any_of(double p, double times) noexcept {
  using math::real;
  return times == 1.0 ? p : math::value_of(-math::expm1(real(times) * math::log1p(-real(p))));
}
/// The probability for one of `times` at which any of them has the probability p.
[[nodiscard]] inline double each_of(double p, double times) noexcept {
  using math::real;
  return times == 1.0 ? p : math::value_of(-math::expm1(math::log1p(-real(p)) / real(times)));
}

/// How unlikely something is, in powers of ten: 2 is one in a hundred. At most 300.
[[nodiscard]] inline double severity_of(double p) noexcept {
  using math::real;
  constexpr double most = 300.0;
  if (!(p > 0.0))
    return p == 0.0 ? most : std::numeric_limits<double>::quiet_NaN();
  const double powers = math::value_of(math::log(real(p)) / math::log(real(10.0)));
  return powers >= 0.0 ? 0.0 : -powers < most ? -powers : most;
}

/// From a probability to a level.
class alert_rule {
public:
  alert_rule(double false_alarm_rate, double level_step, double hysteresis) noexcept
      : rates_{1.0, false_alarm_rate, false_alarm_rate / level_step,
               false_alarm_rate / level_step / level_step}
      , hysteresis_(hysteresis) {}

  /// The probability up to which a customer has this level.
  [[nodiscard]] double rate(alert_level level) const noexcept {
    return rates_[static_cast<std::size_t>(level)];
  }
  /// \param before  the level that he had for the same cause
  [[nodiscard]] alert_level level(double probability, alert_level before) const noexcept {
    for (const alert_level one : {alert_level::alarm, alert_level::warning, alert_level::notice}) {
      const double kept = one <= before ? hysteresis_ : 1.0;
      if (probability <= kept * rate(one))
        return one;
    }
    return alert_level::none;
  }

private:
  double rates_[4];
  double hysteresis_;
};

/// What an alert was, or is, about. What is not known is not compared.
struct alert_subject {
  std::int32_t cause = 0; ///< 0 = none
  std::string_view text{};

  [[nodiscard]] bool is_same(const alert_subject& other) const noexcept {
    return (cause == 0 || other.cause == 0 || cause == other.cause) &&
           (text.empty() || other.text.empty() || text == other.text);
  }
};

/// The level of an alert, and whether it is to be told.
struct alert {
  alert_level level = alert_level::none;
  bool is_new = false; ///< to be told: higher than before, or of another cause or about something else
};

/// The alert of a customer, given what he had before.
[[nodiscard]] inline alert raise_alert(const alert_rule& rule, double probability, const alert_subject& about,
                                       alert_level before, const alert_subject& about_before) noexcept {
  const bool same = about.is_same(about_before);
  const alert_level level = rule.level(probability, same ? before : alert_level::none);
  return {level, level != alert_level::none && (level > before || !same)};
}

/// Which side of what is expected is bad.
enum class bad_side : std::int32_t { low = -1, high = 1 };

/// One comparison of a value with what is expected of it.
struct comparison {
  std::int32_t cause = 0;
  double probability = std::numeric_limits<double>::quiet_NaN(); ///< of a value at least as bad
  double observed = 0.0;
  double expected = 0.0;
  double spread = 0.0;
  double degrees = 0.0; ///< of Student's distribution; 0 where the limit is worked out otherwise
  bad_side side = bad_side::high;
  double times = 1.0; ///< of so many values this is the worst

  /// \param spread  scale of Student's distribution about `expected`; 0 where nothing ever varied
  [[nodiscard]] static comparison of(std::int32_t cause, bad_side side, double observed, double expected,
                                     double spread, double degrees, double times = 1.0) noexcept {
    using math::real;
    comparison made{cause, 0.0, observed, expected, spread, degrees, side, times};
    const real gap = real(static_cast<double>(side)) * (real(observed) - real(expected));
    const double t = spread > 0.0      ? math::value_of(gap / real(spread))
                     : gap > real(0.0) ? std::numeric_limits<double>::infinity()
                                       : -std::numeric_limits<double>::infinity();
    made.probability = any_of(stats::student_t_tail(t, degrees), times);
    return made;
  }
  /// The value from which the probability is at most this one.
  [[nodiscard]] double limit(double rate) const noexcept {
    using math::real;
    if (!(spread > 0.0))
      return expected;
    const double t = stats::student_t_limit(each_of(rate, times), degrees);
    return math::value_of(real(expected) + real(static_cast<double>(side)) * real(t) * real(spread));
  }
};

} // namespace emptor::decision

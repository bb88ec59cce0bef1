// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <emptor/math/beta_mixture.hpp>
#include <emptor/math/beta_mixture_count.hpp>
#include <emptor/math/beta_mixture_discounted.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/math/rising.hpp>
#include <emptor/value/customer_base.hpp>
#include <emptor/value/customer_base_description.hpp>
#include <emptor/value/model_fit.hpp>

/// What BG/NBD and MBG/NBD share: while alive a customer orders at the Poisson rate lambda ~ Gamma(r, alpha); an
/// order is his last one with the probability p ~ Beta(a, b), independent of lambda.
namespace emptor::value {

/// Where the likelihood rises without end: the simpler model that the data ask for.
enum class beta_geometric_limit : std::uint8_t {
  none = 0,
  no_drop_out = 1,      ///< a / (a + b) -> 0: nobody drops out, the NBD model
  certain_drop_out = 2, ///< a / (a + b) -> 1: everybody leaves with the first order that can be the last
  same_drop_out = 3,    ///< a, b -> infinity: one drop-out probability for all
  split_drop_out = 4,   ///< a, b -> 0: some leave with the first order that can be the last, the others never
  same_rate = 5,        ///< r, alpha -> infinity: one order rate for all (Poisson)
  extreme_rates = 6,    ///< r -> 0: a few order, nearly all others never
  other = 7,            ///< no maximum was found, and none of the above
};

/// A customer who is alive: he orders at a rate that is Gamma(shape, scale), and each order is his last with a
/// probability that is Beta(a, b).
/// \tparam Stopping  has `events` and `survival` of math::beta_stopping
template <class T, class Stopping>
struct beta_geometric_living {
  using base = math::base_t<T>;

  T shape;
  T scale;
  T a;
  T b;
  T excess; ///< a + b - 1 - shape
  Stopping stopping;

  [[nodiscard]] EMPTOR_INLINE T ever() const noexcept { return T(1.0); }
  [[nodiscard]] EMPTOR_INLINE T stays(const base& horizon) const noexcept {
    return stopping.survival(b, shape, T(horizon / scale));
  }
  /// 1 - (1 + h / scale)^-shape: the next order comes whether it is the last or not.
  [[nodiscard]] EMPTOR_INLINE T active(const base& horizon) const noexcept {
    return -expm1(-(shape * log1p(horizon / scale)));
  }
  /// Equation 10 of Fader, Hardie and Lee (2005) without its P(alive).
  [[nodiscard]] EMPTOR_INLINE T orders(const base& horizon) const noexcept {
    return stopping.events(b, shape, T(horizon / scale));
  }
  [[nodiscard]] EMPTOR_INLINE T discounted(const base& rate) const noexcept {
    return math::discounted_stop_at_beta_rate(a, b, shape, T(rate * scale));
  }
  [[nodiscard]] EMPTOR_INLINE T discounted(const base& rate, const base& horizon) const noexcept {
    return math::discounted_stop_at_beta_rate(a, b, shape, excess, T(rate * scale), T(horizon / scale));
  }
  [[nodiscard]] EMPTOR_INLINE T log_count(const base& n, const base& horizon) const noexcept {
    return math::log_stop_count(a, b, shape, T(horizon / scale), n);
  }
  [[nodiscard]] EMPTOR_INLINE T next_order(const T& share) const noexcept {
    return scale * expm1(-(log1p(-share) / shape));
  }
};

/// The formulas of both for customer_base.hpp.
/// \tparam First  0: the first repeat order is the first that can be the last (BG/NBD), and before it everybody is
///                alive; 1: the very first order is (MBG/NBD)
template <template <class> class Parameters, int First>
struct beta_geometric {
  template <class T>
  using parameters = Parameters<T>;
  using limit = beta_geometric_limit;
  /// With what of them is the same for all rows.
  template <class T>
  struct prepared : parameters<T> {
    math::beta_stopping<T> stopping;

    explicit EMPTOR_INLINE prepared(const parameters<T>& p) noexcept
        : parameters<T>(p)
        , stopping(p.a, excess(p)) {}
  };

  /// b rises by one for each order after which the customer stayed.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T shape_term(const parameters<T>& p,
                                                  math::base_t<T> frequency) noexcept {
    using namespace math;
    return (log_gamma_ratio(p.r, frequency) - log(p.alpha) * frequency) -
           log_rising_ratio(p.b, p.a, frequency + First);
  }
  /// He left at t_x.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T recent_term(const parameters<T>& p, math::base_t<T> frequency,
                                                   math::base_t<T> recency) noexcept {
    return if_possible(frequency,
                       T(log_odds_last(p, frequency) - (p.r + frequency) * log1p(recency / p.alpha)),
                       -math::detail::infinity);
  }
  /// He is alive at T.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T aged_term(const parameters<T>& p, math::base_t<T> frequency,
                                                 math::base_t<T> age) noexcept {
    return -((p.r + frequency) * log1p(age / p.alpha));
  }

  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T alive(const parameters<T>& p, math::base_t<T> frequency,
                                             math::base_t<T> recency, math::base_t<T> age) noexcept {
    using namespace math;
    const T silence = silence_of(p, frequency, recency, age);
    const T stays = stayed(p, frequency) * exp(-silence);
    T likely = stays / (stays + p.a);
    const auto faint = silence > 400.0; // where a power could be too small for a number
    if (any(faint))
      likely = select(faint, logistic(T(-(log_odds_last(p, frequency) + silence))), likely);
    return if_possible(frequency, likely, 1.0);
  }
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T gone(const parameters<T>& p, math::base_t<T> frequency,
                                            math::base_t<T> recency, math::base_t<T> age) noexcept {
    return if_possible(frequency, logistic(log_odds_gone(p, frequency, recency, age)), 0.0);
  }
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE auto living(const parameters<T>& p, math::base_t<T> frequency,
                                                 math::base_t<T> age) noexcept {
    return living_with<unprepared_stopping<T>>(p, frequency, age, {p.a, excess(p)});
  }
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE auto living(const prepared<T>& p, math::base_t<T> frequency,
                                                 math::base_t<T> age) noexcept {
    return living_with<const math::beta_stopping<T>&>(p, frequency, age, p.stopping);
  }

  /// Who is gone left at t_x, so that his rate has been seen until then.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T mean_order_rate(const parameters<T>& p, math::base_t<T> frequency,
                                                       math::base_t<T> recency,
                                                       math::base_t<T> age) noexcept {
    return (p.r + frequency) * (alive(p, frequency, recency, age) / (p.alpha + age) +
                                gone(p, frequency, recency, age) / (p.alpha + recency));
  }
  /// A drop-out adds one to a.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T mean_dropout(const parameters<T>& p, math::base_t<T> frequency,
                                                    math::base_t<T> recency, math::base_t<T> age) noexcept {
    return (p.a + gone(p, frequency, recency, age)) / (p.a + (p.b + (frequency + First)));
  }

  static constexpr std::array<std::string_view, 4> names{"r", "alpha", "a", "b"};
  static constexpr std::array<bool, 4> times{false, true, false, false};
  static constexpr std::array<std::string_view, 8> levels{
      "none",           "no_drop_out", "certain_drop_out", "same_drop_out",
      "split_drop_out", "same_rate",   "extreme_rates",    "other"};

  [[nodiscard]] static constexpr std::string_view undefined(quantity) noexcept { return {}; }

  /// Neutral shapes at the mean rate of the data.
  [[nodiscard]] static std::array<double, 4> start(double shape, double orders) noexcept {
    return {shape, shape / orders, shape, 2.0 * shape};
  }
  /// The rates come first where both halves run away.
  template <class Model>
  static void diagnose(model_fit<Model>& fit, const fit_end& end) {
    const auto [r, alpha, a, b] = fit.parameters;
    if (end.runs(0) || end.runs(1)) {
      if (r > 10.0)
        fit.diagnose(limit::same_rate, "r and alpha run to infinity: the order rate is the same for all, the "
                                       "simpler model is the Poisson process with beta-geometric drop-out");
      else if (r < 0.1)
        fit.diagnose(limit::extreme_rates, "r runs to 0: a few order often and all others never, the simpler "
                                           "model has a class that never orders");
    }
    if (end.runs(2) || end.runs(3)) {
      const double mean = a / (a + b);
      if (a > 10.0 && b > 10.0 && mean > 1e-4 && mean < 1.0 - 1e-4)
        fit.diagnose(limit::same_drop_out,
                     "a and b run to infinity: the drop-out probability is the same for "
                     "all, the simpler model is the geometric/NBD");
      else if (mean < 1e-3)
        fit.diagnose(limit::no_drop_out,
                     "a / (a + b) runs to 0: nobody drops out, the simpler model is the NBD");
      else if (mean > 1.0 - 1e-3)
        fit.diagnose(limit::certain_drop_out,
                     "b / (a + b) runs to 0: everybody drops out with the first repeat "
                     "order, the simpler model has at most one repeat order");
      else if (a < 0.1 && b < 0.1)
        fit.diagnose(limit::split_drop_out,
                     "a and b run to 0: some drop out with the first repeat order, the "
                     "others never, the simpler model is a mixture of the two");
    }
  }

private:
  /// a + b - 1 - shape of math::beta_stopping, in which the orders so far are gone.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T excess(const parameters<T>& p) noexcept {
    return p.a + (p.b + (First - 1)) - p.r;
  }
  template <class T>
  struct unprepared_stopping {
    T a;
    T excess;

    [[nodiscard]] EMPTOR_INLINE T events(const T& b, const T& shape, const T& w) const noexcept {
      return math::stop_at_beta_rate(a, b, shape, excess, w);
    }
    [[nodiscard]] EMPTOR_INLINE T survival(const T& b, const T& shape, const T& w) const noexcept {
      return math::survive_beta_rate(a, b, shape, excess, w);
    }
  };
  template <class Stopping, class T>
  [[nodiscard]] static EMPTOR_INLINE beta_geometric_living<T, Stopping>
  living_with(const parameters<T>& p, const math::base_t<T>& frequency, const math::base_t<T>& age,
              const Stopping& stopping) noexcept {
    return {p.r + frequency, p.alpha + age, p.a, p.b + (frequency + First), excess(p), stopping};
  }
  /// The log of the odds that the last order was his last one, before the time since then is looked at.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T log_odds_last(const parameters<T>& p,
                                                     const math::base_t<T>& frequency) noexcept {
    using namespace math;
    return log(p.a / stayed(p, frequency));
  }
  /// b after the orders with which the customer stayed for sure: all but the last one.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T stayed(const parameters<T>& p,
                                              const math::base_t<T>& frequency) noexcept {
    return p.b + max(frequency + (First - 1.0), math::base_t<T>(0.0));
  }
  /// -log P(no order since the last one) of a customer who is alive.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T silence_of(const parameters<T>& p, const math::base_t<T>& frequency,
                                                  const math::base_t<T>& recency,
                                                  const math::base_t<T>& age) noexcept {
    return (p.r + frequency) * log1p_quotient(T(age - recency), T(p.alpha + recency));
  }
  /// Equation 11 of note 027, of a customer who had an order that can be the last.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T log_odds_gone(const parameters<T>& p, const math::base_t<T>& frequency,
                                                     const math::base_t<T>& recency,
                                                     const math::base_t<T>& age) noexcept {
    return log_odds_last(p, frequency) + silence_of(p, frequency, recency, age);
  }
  /// Another figure where the customer had no order yet that can be the last.
  template <class T>
  [[nodiscard]] static EMPTOR_INLINE T if_possible(const math::base_t<T>& frequency, const T& figure,
                                                   double otherwise) noexcept {
    if constexpr (First == 1)
      return figure;
    else
      return select(frequency > 0.0, figure, T(otherwise));
  }
};

} // namespace emptor::value

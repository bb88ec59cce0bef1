// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <string_view>
#include <utility>

#include <emptor/math/dual.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>

/// What the models of a customer base (BG/NBD, MBG/NBD, Pareto/NBD, NBD, BG/BB) share.
///
/// A row is one customer: frequency x (repeat orders), recency t_x (first to last order), age T (first order to
/// now). A new customer is the row (0, 0, 0). Every figure about the future is P(alive) times a figure of a
/// customer who is alive, and those depend on x and T only.
///
/// A model is a struct without state, such as `bg_nbd`, with these members (T is the scalar of the formulas):
///
///     template <class T> using parameters    struct of `names.size()` numbers T, with `scalar` = T and
///                                            `model` = the model, in the order of `names`
///     static names, times, levels, ...       how the catalogue knows it: see customer_base_entry.hpp
///     static shape_term(p, x)                the log-likelihood of a row is shape_term + log(exp(recent_term)
///     static recent_term(p, x, t_x)          + exp(aged_term)); minus infinity where a term is absent
///     static aged_term(p, x, T)
///     static alive(p, x, t_x, T)             P(alive)
///     static gone(p, x, t_x, T)              1 - P(alive), with all its digits
///     static living(p, x, T)                 what is known of a customer who is alive: an object with
///       ever()                                 P(at least one order ever)
///       stays(h)                               P(alive h from now)
///       active(h)                              P(at least one order in the horizon h)
///       orders(h)                              expected orders in h
///       discounted(rate)                       the same for ever, an order in t counted exp(-rate t)
///       discounted(rate, h)                    the same within h
///       next_order(share)                      when P(an order until then) is `share` < ever()
///       log_count(n, h)                        log P(n orders in h)
///     static mean_order_rate(p, x, t_x, T)   posterior mean of the individual order rate
///     static mean_dropout(p, x, t_x, T)      posterior mean of the individual drop-out rate or probability
///
/// x, t_x, T, h, rate and n are base_t<T>, share is T. All are templates over T = real, pack or dual without
/// branches on data. From them the functions below are made, once for all models and for callers with doubles.
///
/// A model whose formulas need more than the parameters that is the same for all rows has also
///
///     template <class T> struct prepared     made from parameters<T>; alive, gone, living, mean_order_rate and
///                                            mean_dropout then take it in their place where many rows are scored
namespace emptor::value {

/// exp(x) / (1 + exp(x)): the probability whose log odds are x. All its digits are kept on both sides.
template <class T>
[[nodiscard]] EMPTOR_INLINE T logistic(const T& x) noexcept {
  using namespace math;
  const T e = exp(-abs(x));
  const T likely = 1.0 / (1.0 + e);
  return select(x > 0.0, likely, e * likely);
}

/// The parameters of a model, such as bg_nbd_parameters<double>.
template <class P>
concept model_parameters = requires {
  typename P::scalar;
  typename P::model;
  requires std::same_as<P, typename P::model::template parameters<typename P::scalar>>;
};

/// Parameters whose formulas can be evaluated as they are: of a scalar of emptor::math, not of double.
template <class P>
concept formula_parameters = model_parameters<P> && !std::same_as<typename P::scalar, double>;
/// What callers keep.
template <class P>
concept plain_parameters = model_parameters<P> && std::same_as<typename P::scalar, double>;

template <class P>
using scalar_of = typename P::scalar;
template <class P>
using row_value = math::base_t<scalar_of<P>>;

/// How many parameters a model has.
template <class Model>
inline constexpr std::size_t parameter_count = Model::names.size();

template <class Model>
using numbers_of = std::array<double, parameter_count<Model>>;

/// The parameters of a model from numbers in the order of its names.
/// \param of  makes the scalar number i
template <class Model, class T, class Of>
[[nodiscard]] EMPTOR_INLINE typename Model::template parameters<T> parameters_from(const Of& of) noexcept {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    return typename Model::template parameters<T>{of(I)...};
  }
  (std::make_index_sequence<parameter_count<Model>>());
}
template <plain_parameters P>
[[nodiscard]] numbers_of<typename P::model> numbers(const P& p) noexcept {
  return std::bit_cast<numbers_of<typename P::model>>(p);
}
template <plain_parameters P>
[[nodiscard]] auto as_real(const P& p) noexcept {
  const auto values = numbers(p);
  return parameters_from<typename P::model, math::real>([&](std::size_t i) { return math::real(values[i]); });
}

/// Log-likelihood of one customer.
template <formula_parameters P>
[[nodiscard]] scalar_of<P> log_likelihood(const P& p, row_value<P> frequency, row_value<P> recency,
                                          row_value<P> age) noexcept {
  using model = typename P::model;
  return model::shape_term(p, frequency) +
         log_add_exp(model::recent_term(p, frequency, recency), model::aged_term(p, frequency, age));
}

/// P(alive) now (客户活跃度).
template <formula_parameters P>
[[nodiscard]] EMPTOR_INLINE scalar_of<P> probability_alive(const P& p, row_value<P> frequency,
                                                           row_value<P> recency, row_value<P> age) noexcept {
  return P::model::alive(p, frequency, recency, age);
}

/// Probability that the customer is still alive when `horizon` has passed.
template <formula_parameters P>
[[nodiscard]] EMPTOR_INLINE scalar_of<P> probability_alive_in(const P& p, row_value<P> frequency,
                                                              row_value<P> recency, row_value<P> age,
                                                              row_value<P> horizon) noexcept {
  return probability_alive(p, frequency, recency, age) * P::model::living(p, frequency, age).stays(horizon);
}

/// Probability of at least one order in the next `horizon`.
template <formula_parameters P>
[[nodiscard]] EMPTOR_INLINE scalar_of<P> probability_active(const P& p, row_value<P> frequency,
                                                            row_value<P> recency, row_value<P> age,
                                                            row_value<P> horizon) noexcept {
  return probability_alive(p, frequency, recency, age) * P::model::living(p, frequency, age).active(horizon);
}

/// Expected number of orders in the next `horizon`, given the past.
template <formula_parameters P>
[[nodiscard]] EMPTOR_INLINE scalar_of<P> expected_orders(const P& p, row_value<P> frequency,
                                                         row_value<P> recency, row_value<P> age,
                                                         row_value<P> horizon) noexcept {
  return probability_alive(p, frequency, recency, age) * P::model::living(p, frequency, age).orders(horizon);
}

/// Expected number of repeat orders of a new customer in his first `horizon`.
template <formula_parameters P>
[[nodiscard]] EMPTOR_INLINE scalar_of<P> expected_orders(const P& p, row_value<P> horizon) noexcept {
  const row_value<P> none(0.0);
  return expected_orders(p, none, none, none, horizon);
}

/// Expected number of all future orders, one after the time t counted exp(-rate t).
/// \param rate  continuous, per time unit, > 0
template <formula_parameters P>
[[nodiscard]] EMPTOR_INLINE scalar_of<P> discounted_expected_orders(const P& p, row_value<P> frequency,
                                                                    row_value<P> recency, row_value<P> age,
                                                                    row_value<P> rate) noexcept {
  return probability_alive(p, frequency, recency, age) * P::model::living(p, frequency, age).discounted(rate);
}
/// The same within `horizon`; `rate` may be 0.
template <formula_parameters P>
[[nodiscard]] EMPTOR_INLINE scalar_of<P>
discounted_expected_orders(const P& p, row_value<P> frequency, row_value<P> recency, row_value<P> age,
                           row_value<P> rate, row_value<P> horizon) noexcept {
  return probability_alive(p, frequency, recency, age) *
         P::model::living(p, frequency, age).discounted(rate, horizon);
}

namespace detail {
/// Infinite where the time until the next order never comes, or is too long for a number.
template <class Living, class T>
[[nodiscard]] EMPTOR_INLINE T next_order(const Living& living, const T& alive,
                                         const math::base_t<T>& share) noexcept {
  using namespace math;
  const T of_living = share / alive;
  const auto comes = of_living < living.ever();
  const T time = living.next_order(select(comes, of_living, T(0.0)));
  const T never(math::detail::infinity);
  return select(mask_and(comes, time < never), time, never);
}
/// \param gone  called where n may be 0: then who is gone counts too
template <class Living, class T, class Gone>
[[nodiscard]] EMPTOR_INLINE T count_probability(const Living& living, const T& alive, const Gone& gone,
                                                const math::base_t<T>& n,
                                                const math::base_t<T>& horizon) noexcept {
  using namespace math;
  const T counted = alive * exp(living.log_count(n, horizon));
  const auto none = n == 0.0;
  return any(none) ? T(select(none, counted + gone(), counted)) : counted;
}
} // namespace detail

/// The time until the next order, by which the customer has ordered with the probability `share` (0.5: the
/// median); infinite where the probability of an order ever is not above it.
template <formula_parameters P>
[[nodiscard]] EMPTOR_INLINE scalar_of<P> next_order_quantile(const P& p, row_value<P> frequency,
                                                             row_value<P> recency, row_value<P> age,
                                                             row_value<P> share) noexcept {
  return detail::next_order(P::model::living(p, frequency, age),
                            probability_alive(p, frequency, recency, age), share);
}

/// Probability of exactly `n` orders in the next `horizon`.
template <formula_parameters P>
[[nodiscard]] EMPTOR_INLINE scalar_of<P>
probability_of_orders(const P& p, row_value<P> frequency, row_value<P> recency, row_value<P> age,
                      row_value<P> n, row_value<P> horizon) noexcept {
  return detail::count_probability(
      P::model::living(p, frequency, age), probability_alive(p, frequency, recency, age),
      [&] { return P::model::gone(p, frequency, recency, age); }, n, horizon);
}

/// Posterior mean of the customer's own order rate while alive, per time unit.
template <formula_parameters P>
[[nodiscard]] EMPTOR_INLINE scalar_of<P> mean_order_rate(const P& p, row_value<P> frequency,
                                                         row_value<P> recency, row_value<P> age) noexcept {
  return P::model::mean_order_rate(p, frequency, recency, age);
}

/// Posterior mean of the customer's own drop-out probability (or rate, per time unit).
template <formula_parameters P>
[[nodiscard]] EMPTOR_INLINE scalar_of<P> mean_dropout(const P& p, row_value<P> frequency,
                                                      row_value<P> recency, row_value<P> age) noexcept {
  return P::model::mean_dropout(p, frequency, recency, age);
}

// The same for callers with doubles.

/// \copydoc log_likelihood
template <plain_parameters P, std::convertible_to<double>... Row>
[[nodiscard]] double log_likelihood(const P& p, Row... row) noexcept {
  return math::value_of(log_likelihood(as_real(p), math::real(static_cast<double>(row))...));
}
/// \copydoc probability_alive
template <plain_parameters P, std::convertible_to<double>... Row>
[[nodiscard]] double probability_alive(const P& p, Row... row) noexcept {
  return math::value_of(probability_alive(as_real(p), math::real(static_cast<double>(row))...));
}
/// \copydoc probability_alive_in
template <plain_parameters P, std::convertible_to<double>... Row>
[[nodiscard]] double probability_alive_in(const P& p, Row... row) noexcept {
  return math::value_of(probability_alive_in(as_real(p), math::real(static_cast<double>(row))...));
}
/// \copydoc probability_active
template <plain_parameters P, std::convertible_to<double>... Row>
[[nodiscard]] double probability_active(const P& p, Row... row) noexcept {
  return math::value_of(probability_active(as_real(p), math::real(static_cast<double>(row))...));
}
/// \copydoc expected_orders
template <plain_parameters P, std::convertible_to<double>... Row>
[[nodiscard]] double expected_orders(const P& p, Row... row) noexcept {
  return math::value_of(expected_orders(as_real(p), math::real(static_cast<double>(row))...));
}
/// \copybrief discounted_expected_orders
template <plain_parameters P, std::convertible_to<double>... Row>
[[nodiscard]] double discounted_expected_orders(const P& p, Row... row) noexcept {
  return math::value_of(discounted_expected_orders(as_real(p), math::real(static_cast<double>(row))...));
}
/// \copydoc next_order_quantile
template <plain_parameters P, std::convertible_to<double>... Row>
[[nodiscard]] double next_order_quantile(const P& p, Row... row) noexcept {
  return math::value_of(next_order_quantile(as_real(p), math::real(static_cast<double>(row))...));
}
/// \copydoc probability_of_orders
template <plain_parameters P, std::convertible_to<double>... Row>
[[nodiscard]] double probability_of_orders(const P& p, Row... row) noexcept {
  return math::value_of(probability_of_orders(as_real(p), math::real(static_cast<double>(row))...));
}
/// \copydoc mean_order_rate
template <plain_parameters P, std::convertible_to<double>... Row>
[[nodiscard]] double mean_order_rate(const P& p, Row... row) noexcept {
  return math::value_of(mean_order_rate(as_real(p), math::real(static_cast<double>(row))...));
}
/// \copydoc mean_dropout
template <plain_parameters P, std::convertible_to<double>... Row>
[[nodiscard]] double mean_dropout(const P& p, Row... row) noexcept {
  return math::value_of(mean_dropout(as_real(p), math::real(static_cast<double>(row))...));
}

} // namespace emptor::value

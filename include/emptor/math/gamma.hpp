// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/exponential.hpp>
#include <emptor/math/polynomial.hpp>
#include <emptor/math/real.hpp>

/// log Gamma and its first two derivatives, as templates over real and packs with the same bits.
namespace emptor::math {

namespace detail {

inline constexpr double pi = 0x1.921fb54442d18p+1;

/// lgamma(x) / ((x - 1) (x - 2)) as a function of x - 7/4 for x in [1, 5/2].
inline constexpr double lgamma_coefficients[] = {
    0.4501393121092563,      -0.11948158662524273,    0.04452044719851477,    -0.01905395783025038,
    0.008776370424820181,    -0.004226194125675554,   0.0020955338945061364,  -0.0010605660833747756,
    0.0005448967395731498,   -0.0002831904844654093,  0.000148519311589166,   -7.846314845465087e-05,
    4.168906612494944e-05,   -2.227242258991742e-05,  1.2018712758946373e-05, -6.474995691895185e-06,
    3.3111117558652085e-06,  -1.7932743600527255e-06, 1.3252079532403106e-06, -7.242058089691726e-07,
    -1.7642211252539126e-08, 1.1196787207499e-08,     2.7358340821171866e-07, -1.5069416728386754e-07};

/// The zero of digamma above 0 is 1 + digamma_zero; digamma(x) / (x - zero) as a function of x - 7/4 for x in
/// [1, 5/2].
inline constexpr double digamma_zero_high = 0x1.d8b618d5af8fep-2;
inline constexpr double digamma_zero_low = -0x1.1e563779a1f5bp-56;
inline constexpr double digamma_coefficients[] = {
    0.8581832171262995,    -0.326254627868104,      0.15712011335204148,    -0.08228558635608994,
    0.04479965445296448,   -0.02489004847193739,    0.013985786174350725,   -0.00791046920955086,
    0.0044918139414191795, -0.0025566803581222467,  0.001457371445719276,   -0.0008315510837837972,
    0.000474708739342519,  -0.0002707829106339783,  0.00015467258438622296, -8.956668140522672e-05,
    5.117301133654925e-05, -2.6090425002503875e-05, 1.490776818253091e-05,  -1.401732342765351e-05,
    8.00975852334954e-06,  1.5679367578407294e-06,  -8.959796328210697e-07, -3.4604603943522995e-06,
    1.9774020455680284e-06};

/// What Stirling's series leaves of lgamma(x), digamma(x) and trigamma(x), as functions of 1 / x^2 for x >= 8:
/// x (lgamma(x) - (x - 1/2) (log(x) - 1) - (log(2 pi) - 1) / 2), x^2 (log(x) - 1 / (2 x) - digamma(x)) and
/// x^3 (trigamma(x) - 1 / x - 1 / (2 x^2)).
inline constexpr double lgamma_stirling_coefficients[] = {0.0833333333333333,    -0.002777777777606244,
                                                          0.0007936506649488252, -0.0005952025951802712,
                                                          0.0008372834512071329, -0.0016526004455594968};
inline constexpr double digamma_stirling_coefficients[] = {0.08333333333333287,   -0.008333333331168558,
                                                           0.003968252342841619,  -0.004166217650696842,
                                                           0.0075190882307470865, -0.01771116041584634};
inline constexpr double trigamma_stirling_coefficients[] = {
    0.16666666666666655, -0.03333333333249287, 0.023809522943893217, -0.03333299706371194,
    0.07569481310235807, -0.2469974095416142,  0.8586880107331528};
inline constexpr double stirling_from = 8.0;

/// sin(pi r) / r and cos(pi r) as functions of r^2 for |r| <= 1/2.
inline constexpr double sin_pi_coefficients[] = {
    3.141592653589793,     -5.167712780049969,      2.5501640398773007,
    -0.5992645293189447,   0.0821458865731029,      -0.007370430505916944,
    0.0004662998161898394, -2.1903497074626018e-05, 7.697826768224191e-07};
inline constexpr double cos_pi_coefficients[] = {1.0,
                                                 -4.934802200544679,
                                                 4.058712126416768,
                                                 -1.3352627688545549,
                                                 0.235330630357995,
                                                 -0.025806891376592964,
                                                 0.0019295741872812349,
                                                 -0.00010463741681752138,
                                                 4.300724172734847e-06,
                                                 -1.34352129509532e-07};

template <class T>
[[nodiscard]] EMPTOR_INLINE T sin_pi(T r) noexcept {
  return r * polynomial(r * r, sin_pi_coefficients);
}

/// The distance of x >= 0 to the nearest whole number: in [0, 1/2], exact.
template <class T>
struct from_whole {
  mask_t<T> above; ///< x lies above that number, or is it
  T distance;
};
template <class T>
[[nodiscard]] EMPTOR_INLINE from_whole<T> distance_from_whole(T x) noexcept {
  const T r = x - floor(x);
  const mask_t<T> above = r <= 0.5;
  return {above, select(above, r, 1.0 - r)};
}

/// lgamma(1 + x) for x in [0, 3/2], with the digits of small x.
template <class T>
[[nodiscard]] EMPTOR_INLINE T lgamma_of_1_plus(T x) noexcept {
  return (x * (x - 1.0)) * polynomial(x - 0.75, lgamma_coefficients);
}

/// For x > 0. Below 8 through lgamma between 1 and 5/2 with its two zeros taken out, because x - 1 and x - 2
/// are exact; above by Stirling's series. One logarithm serves all.
template <class T>
[[nodiscard]] EMPTOR_INLINE T lgamma_of_positive(T x) noexcept {
  const mask_t<T> low = x < stirling_from;
  const mask_t<T> below_1 = x < 1.0;
  const bool any_low = any(low);
  T base = x;
  T argument = x;
  if (any_low) {
    // (x - 1) (x - 2) ... down to a factor in [3/2, 5/2); the subtractions are exact.
    T product(1.0);
    if (any(mask_and(low, x >= 2.5))) {
      for (int k = 1; k <= 6; ++k) {
        const T factor = x - static_cast<double>(k);
        const mask_t<T> on = factor >= 1.5;
        product = select(on, product * factor, product);
        base = select(on, factor, base);
      }
    }
    argument = select(mask_or(below_1, mask_not(low)), x, product);
  }
  const T l = log(argument);
  T y(0.0);
  if (any_low) {
    // lgamma(x) = lgamma(1 + x) - log(x)
    y = lgamma_of_1_plus(select(below_1, x, base - 1.0)) + select(below_1, -l, l);
  }
  if (all(low))
    return y;
  constexpr double half_log_2_pi_minus_half = 0.41893853320467274178;
  const T u = 1.0 / x;
  const T stirling = (x - 0.5) * (l - 1.0) +
                     (half_log_2_pi_minus_half + u * polynomial(u * u, lgamma_stirling_coefficients));
  return select(low, y, stirling);
}

/// For x > 0, on the same plan; below 8 relatively exact about its zero too.
template <class T>
[[nodiscard]] EMPTOR_INLINE T digamma_of_positive(T x) noexcept {
  const mask_t<T> low = x < stirling_from;
  T y(0.0);
  if (any(low)) {
    const mask_t<T> below_1 = x < 1.0;
    T base = x;
    // 1 / (x - 1) + 1 / (x - 2) + ... as one fraction.
    T numerator(0.0);
    T denominator(1.0);
    if (any(mask_and(low, x >= 2.5))) {
      for (int k = 1; k <= 6; ++k) {
        const T factor = x - static_cast<double>(k);
        const mask_t<T> on = factor >= 1.5;
        numerator = select(on, numerator * factor + denominator, numerator);
        denominator = select(on, denominator * factor, denominator);
        base = select(on, factor, base);
      }
    }
    const T first = select(below_1, x, base - 1.0);
    const T from_zero = (first - digamma_zero_high) - digamma_zero_low;
    y = from_zero * polynomial(first - 0.75, digamma_coefficients) +
        select(below_1, T(-1.0), numerator) / select(below_1, x, denominator);
  }
  if (all(low))
    return y;
  const T u = 1.0 / x;
  const T w = u * u;
  const T stirling = log(x) - (0.5 * u + w * polynomial(w, digamma_stirling_coefficients));
  return select(low, y, stirling);
}

} // namespace detail

/// log |Gamma(x)|; plus infinity at the poles 0, -1, -2, ...
template <plain_scalar T>
[[nodiscard]] EMPTOR_INLINE T lgamma(T x) noexcept {
  const mask_t<T> positive = x > 0.0;
  if (all(positive))
    return detail::lgamma_of_positive(x);
  const T mirrored = detail::lgamma_of_positive(select(positive, x, 1.0 - x));
  // Gamma(x) Gamma(1 - x) = pi / sin(pi x); all below -2^52 are whole.
  const T sine = detail::sin_pi(detail::distance_from_whole(-x).distance);
  const T reflected = select(x > -detail::two_52, -log(sine / detail::pi) - mirrored, T(detail::infinity));
  return select(positive, mirrored, select(x == x, reflected, T(detail::not_a_number)));
}
[[nodiscard]] EMPTOR_INLINE double lgamma(double x) noexcept {
  return value_of(lgamma(real(x)));
}

/// The derivative of log Gamma; NaN at the poles.
template <plain_scalar T>
[[nodiscard]] EMPTOR_INLINE T digamma(T x) noexcept {
  const mask_t<T> positive = x > 0.0;
  if (all(positive))
    return detail::digamma_of_positive(x);
  const T mirrored = detail::digamma_of_positive(select(positive, x, 1.0 - x));
  // digamma(1 - x) - digamma(x) = pi cot(pi x)
  const detail::from_whole<T> r = detail::distance_from_whole(-x);
  const T cotangent =
      detail::polynomial(r.distance * r.distance, detail::cos_pi_coefficients) / detail::sin_pi(r.distance);
  const T reflected = mirrored + detail::pi * select(r.above, cotangent, -cotangent);
  return select(positive, mirrored, select(r.distance > 0.0, reflected, T(detail::not_a_number)));
}
[[nodiscard]] EMPTOR_INLINE double digamma(double x) noexcept {
  return value_of(digamma(real(x)));
}

/// The second derivative of log Gamma; plus infinity at the poles.
template <plain_scalar T>
[[nodiscard]] EMPTOR_INLINE T trigamma(T x) noexcept {
  const mask_t<T> positive = x > 0.0;
  T t = select(positive, x, 1.0 - x);
  // trigamma(t) = trigamma(t + n) + 1 / t^2 + ... + 1 / (t + n - 1)^2, all but the first as one fraction.
  const mask_t<T> shifted = t < detail::stirling_from;
  const T inverse = 1.0 / t;
  const T first = select(shifted, inverse * inverse, T(0.0));
  t = select(shifted, t + 1.0, t);
  T numerator(0.0);
  T denominator(1.0);
  for (int n = 0; n < 7; ++n) {
    const mask_t<T> low = t < detail::stirling_from;
    if (!any(low))
      break;
    const T square = t * t;
    numerator = select(low, numerator * square + denominator, numerator);
    denominator = select(low, denominator * square, denominator);
    t = select(low, t + 1.0, t);
  }
  const T u = 1.0 / t;
  const T w = u * u;
  const T stirling = u + (0.5 * w + (w * u) * detail::polynomial(w, detail::trigamma_stirling_coefficients));
  const T y = first + (numerator / denominator + stirling);
  if (all(positive))
    return y;
  // trigamma(1 - x) + trigamma(x) = (pi / sin(pi x))^2
  const T sine = detail::sin_pi(detail::distance_from_whole(-x).distance);
  const T cosecant = detail::pi / sine;
  const T reflected = select(x > -detail::two_52, cosecant * cosecant - y, T(detail::infinity));
  return select(positive, y, select(x == x, reflected, T(detail::not_a_number)));
}
[[nodiscard]] EMPTOR_INLINE double trigamma(double x) noexcept {
  return value_of(trigamma(real(x)));
}

} // namespace emptor::math

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

#include <emptor/math/beta_mixture.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/exponential_integral.hpp>
#include <emptor/math/hypergeometric.hpp>
#include <emptor/math/incomplete_beta.hpp>
#include <emptor/math/incomplete_gamma.hpp>

#include "beta_mixture_truth.hpp"
#include "exponential_integral_truth.hpp"
#include "hypergeometric_truth.hpp"
#include "support/places.hpp"
#include "support/random.hpp"

/// The table of accuracy in include/emptor/math/README.md: every function against 50-digit arithmetic.
namespace emptor::test {

using wide = boost::multiprecision::cpp_bin_float_50;

/// How an error is counted, and the demand on it.
enum class unit {
  ulp,      ///< in units of the result's last bit
  relative, ///< relative to the result
  absolute, ///< for a result near a zero
  mixed,    ///< relative to 1 + |result|
};

[[nodiscard]] inline double error_of(double found, const wide& truth, unit what) {
  if (std::isnan(found) || std::isinf(found))
    return HUGE_VAL;
  const wide difference = abs(wide(wide(found) - truth));
  switch (what) {
  case unit::ulp: {
    int exponent = 0;
    (void)std::frexp(static_cast<double>(truth), &exponent);
    return static_cast<double>(ldexp(difference, 53 - std::max(exponent, -1021)));
  }
  case unit::relative:
    return static_cast<double>(wide(difference / abs(truth)));
  case unit::mixed:
    return static_cast<double>(wide(difference / (1 + abs(truth))));
  case unit::absolute:
    break;
  }
  return static_cast<double>(difference);
}

/// Points with the same bits on every machine.
class points {
public:
  explicit points(std::uint64_t seed)
      : draws_(seed) {}
  [[nodiscard]] double uniform(double low, double high) {
    const auto whole = static_cast<double>(draws_.below(1ULL << 31)) * 0x1p31 +
                       static_cast<double>(draws_.below(1ULL << 31));
    return low + (high - low) * (whole * 0x1p-62);
  }
  [[nodiscard]] double logarithmic(double low, double high) {
    return math::exp(uniform(math::log(low), math::log(high)));
  }
  [[nodiscard]] double of_either_sign(double x) { return draws_.below(2) == 0 ? x : -x; }

private:
  draws draws_;
};

/// One line of the table.
struct accuracy_row {
  const char* function;
  const char* range;
  unit what;
  double bound;                         ///< what is promised
  int cost;                             ///< the 50-digit arithmetic takes so many times that of exp
  std::function<double(points&)> error; ///< at one point

  /// The largest error over a grid.
  [[nodiscard]] double largest(int size) const {
    points from(20240229);
    double worst = 0.0;
    for (int i = 0; i < std::max(size / cost, 1); ++i)
      worst = std::max(worst, error(from));
    return worst;
  }
};

namespace detail {
template <class Ours, class Theirs, class Point>
auto against(unit what, Ours ours, Theirs theirs, Point point) {
  return [=](points& from) {
    const double x = point(from);
    return error_of(ours(x), wide(theirs(wide(x))), what);
  };
}
template <class Ours, class Theirs, class Point>
auto against_2(unit what, Ours ours, Theirs theirs, Point point) {
  return [=](points& from) {
    const auto [x, y] = point(from);
    return error_of(ours(x, y), wide(theirs(wide(x), wide(y))), what);
  };
}
/// The base and the exponent of a power whose logarithm is evenly spread.
inline std::pair<double, double> power_of(points& from, double low, double high, double largest_log) {
  for (;;) {
    const double x = from.logarithmic(low, high);
    const double l = math::log(x);
    const double y = from.uniform(-largest_log, largest_log) / l;
    if (std::isfinite(y) && y * l < 709.0 && y * l > -708.0)
      return {x, y};
  }
}
} // namespace detail

[[nodiscard]] inline std::vector<accuracy_row> accuracy_rows() {
  using detail::against;
  using detail::against_2;
  std::vector<accuracy_row> rows;
  const auto add = [&](const char* function, const char* range, unit what, double bound, int cost,
                       std::function<double(points&)> error) {
    rows.push_back({function, range, what, bound, cost, std::move(error)});
  };
  const auto between = [](double low, double high) {
    return [=](points& from) { return from.uniform(low, high); };
  };
  const auto spread = [](double low, double high) {
    return [=](points& from) { return from.logarithmic(low, high); };
  };
  const auto spread_both = [](double low, double high) {
    return [=](points& from) { return from.of_either_sign(from.logarithmic(low, high)); };
  };
  const auto near = [](double centre, double low, double high) {
    return [=](points& from) { return centre + from.of_either_sign(from.logarithmic(low, high)); };
  };

  const auto exp_ours = [](double x) { return math::exp(x); };
  const auto exp_wide = [](const wide& x) { return wide(exp(x)); };
  add("exp", "-708 ... 709", unit::ulp, 1.0, 1,
      against(unit::ulp, exp_ours, exp_wide, between(-708.0, 709.0)));
  add("exp", "-745 ... -708 (subnormal)", unit::ulp, 1.0, 1,
      against(unit::ulp, exp_ours, exp_wide, between(-745.0, -708.0)));
  add("exp", "±1e-300 ... ±1", unit::ulp, 1.0, 1,
      against(unit::ulp, exp_ours, exp_wide, spread_both(1e-300, 1.0)));
  const auto log_ours = [](double x) { return math::log(x); };
  const auto log_wide = [](const wide& x) { return wide(log(x)); };
  add("log", "5e-324 ... 1.8e308", unit::ulp, 1.0, 4,
      against(unit::ulp, log_ours, log_wide, spread(5e-324, 1.79e308)));
  add("log", "0.5 ... 2", unit::ulp, 1.0, 4, against(unit::ulp, log_ours, log_wide, between(0.5, 2.0)));
  add("log", "1 ± 1e-15 ... 1 ± 0.1", unit::ulp, 1.0, 4,
      against(unit::ulp, log_ours, log_wide, near(1.0, 1e-15, 0.1)));
  const auto log1p_ours = [](double x) { return math::log1p(x); };
  const auto log1p_wide = [](const wide& x) { return wide(log(wide(1 + x))); };
  const auto log1p_small = [](const wide& x) { // wide has no digits to spare here
    return abs(x) < 1e-12 ? wide(x - x * x / 2 + x * x * x / 3) : wide(log(wide(1 + x)));
  };
  add("log1p", "0.001 ... 1e300", unit::ulp, 2.0, 4,
      against(unit::ulp, log1p_ours, log1p_wide, spread(1e-3, 1e300)));
  add("log1p", "-0.99 ... 1", unit::ulp, 2.0, 4,
      against(unit::ulp, log1p_ours, log1p_wide, between(-0.99, 1.0)));
  add("log1p", "-1 + 1e-15 ... -0.9", unit::ulp, 2.0, 4,
      against(unit::ulp, log1p_ours, log1p_wide,
              [](points& from) { return -1.0 + from.logarithmic(1e-15, 0.1); }));
  add("log1p", "±1e-300 ... ±0.1", unit::ulp, 2.0, 4,
      against(unit::ulp, log1p_ours, log1p_small, spread_both(1e-300, 0.1)));
  add("log1p_quotient", "n and d 1e-100 ... 1e100", unit::ulp, 4.0, 4,
      against_2(
          unit::ulp, [](double n, double d) { return math::log1p_quotient(n, d); },
          [](const wide& n, const wide& d) {
            const wide x = n / d;
            return x < 1e-12 ? wide(x - x * x / 2 + x * x * x / 3) : wide(log(wide(1 + x)));
          },
          [](points& from) {
            return std::pair{from.logarithmic(1e-100, 1e100), from.logarithmic(1e-100, 1e100)};
          }));
  add("log1p_quotient", "n / d 0.01 ... 10", unit::ulp, 4.0, 4,
      against_2(
          unit::ulp, [](double n, double d) { return math::log1p_quotient(n, d); },
          [](const wide& n, const wide& d) { return wide(log(wide(1 + n / d))); },
          [](points& from) {
            const double d = from.logarithmic(1e-3, 1e3);
            return std::pair{d * from.logarithmic(0.01, 10.0), d};
          }));
  const auto expm1_ours = [](double x) { return math::expm1(x); };
  const auto expm1_wide = [](const wide& x) {
    return abs(x) < 1e-12 ? wide(x + x * x / 2 + x * x * x / 6) : wide(exp(x) - 1);
  };
  add("expm1", "-40 ... 709", unit::ulp, 2.0, 1,
      against(unit::ulp, expm1_ours, expm1_wide, between(-40.0, 709.0)));
  add("expm1", "-1 ... 1", unit::ulp, 2.0, 1, against(unit::ulp, expm1_ours, expm1_wide, between(-1.0, 1.0)));
  add("expm1", "±1e-300 ... ±1", unit::ulp, 2.0, 1,
      against(unit::ulp, expm1_ours, expm1_wide, spread_both(1e-300, 1.0)));

  const auto pow_ours = [](double x, double y) { return math::pow(x, y); };
  const auto pow_wide = [](const wide& x, const wide& y) { return wide(pow(x, y)); };
  add("pow", "0.01 ... 100 to -20 ... 20", unit::ulp, 2.0, 6,
      against_2(unit::ulp, pow_ours, pow_wide, [](points& from) {
        return std::pair{from.logarithmic(0.01, 100.0), from.uniform(-20.0, 20.0)};
      }));
  add("pow", "all with 1e-39 < result < 1e39", unit::ulp, 2.0, 6,
      against_2(unit::ulp, pow_ours, pow_wide,
                [](points& from) { return detail::power_of(from, 5e-324, 1.79e308, 90.0); }));
  add("pow", "all with 1e-307 < result < 1e308", unit::ulp, 5.0, 6,
      against_2(unit::ulp, pow_ours, pow_wide,
                [](points& from) { return detail::power_of(from, 5e-324, 1.79e308, 709.0); }));
  add("pow", "bases 0.5 ... 2, same results", unit::ulp, 5.0, 6,
      against_2(unit::ulp, pow_ours, pow_wide,
                [](points& from) { return detail::power_of(from, 0.5, 2.0, 709.0); }));
  add("log_add_exp", "-700 ... 700, both", unit::mixed, 1e-15, 6,
      against_2(
          unit::mixed, [](double x, double y) { return math::log_add_exp(x, y); },
          [](const wide& x, const wide& y) { return wide(log(wide(exp(x) + exp(y)))); },
          [](points& from) {
            return std::pair{from.uniform(-700.0, 700.0), from.uniform(-700.0, 700.0)};
          }));

  const auto lgamma_ours = [](double x) { return math::lgamma(x); };
  const auto lgamma_wide = [](const wide& x) { return wide(boost::math::lgamma(x)); };
  add("lgamma", "1e-300 ... 0.5", unit::ulp, 5.0, 40,
      against(unit::ulp, lgamma_ours, lgamma_wide, spread(1e-300, 0.5)));
  add("lgamma", "0.1 ... 3", unit::ulp, 5.0, 40,
      against(unit::ulp, lgamma_ours, lgamma_wide, between(0.1, 3.0)));
  add("lgamma", "1 ± 1e-15 ... 1 ± 0.1", unit::ulp, 5.0, 40,
      against(unit::ulp, lgamma_ours, lgamma_wide, near(1.0, 1e-15, 0.1)));
  add("lgamma", "2 ± 1e-15 ... 2 ± 0.1", unit::ulp, 5.0, 40,
      against(unit::ulp, lgamma_ours, lgamma_wide, near(2.0, 1e-15, 0.1)));
  add("lgamma", "2.5 ... 30", unit::ulp, 5.0, 40,
      against(unit::ulp, lgamma_ours, lgamma_wide, between(2.5, 30.0)));
  add("lgamma", "30 ... 2.5e305", unit::ulp, 5.0, 40,
      against(unit::ulp, lgamma_ours, lgamma_wide, spread(30.0, 2.5e305)));
  add("lgamma", "-30 ... -0.001", unit::mixed, 1e-14, 40,
      against(unit::mixed, lgamma_ours, lgamma_wide, between(-30.0, -0.001)));
  const auto digamma_ours = [](double x) { return math::digamma(x); };
  const auto digamma_wide = [](const wide& x) { return wide(boost::math::digamma(x)); };
  add("digamma", "0.001 ... 1.36", unit::relative, 1e-14, 20,
      against(unit::relative, digamma_ours, digamma_wide, between(0.001, 1.36)));
  add("digamma", "1.36 ... 1.56", unit::absolute, 1e-14, 20,
      against(unit::absolute, digamma_ours, digamma_wide, between(1.36, 1.56)));
  add("digamma", "1.56 ... 30", unit::relative, 1e-14, 20,
      against(unit::relative, digamma_ours, digamma_wide, between(1.56, 30.0)));
  add("digamma", "1e-300 ... 0.1", unit::relative, 1e-14, 20,
      against(unit::relative, digamma_ours, digamma_wide, spread(1e-300, 0.1)));
  add("digamma", "30 ... 1e300", unit::relative, 1e-14, 20,
      against(unit::relative, digamma_ours, digamma_wide, spread(30.0, 1e300)));
  add("digamma", "-30 ... -0.001", unit::mixed, 1e-14, 20,
      against(unit::mixed, digamma_ours, digamma_wide, between(-30.0, -0.001)));
  const auto trigamma_ours = [](double x) { return math::trigamma(x); };
  const auto trigamma_wide = [](const wide& x) { return wide(boost::math::trigamma(x)); };
  add("trigamma", "1e-150 ... 1e300", unit::relative, 1e-14, 20,
      against(unit::relative, trigamma_ours, trigamma_wide, spread(1e-150, 1e300)));
  add("trigamma", "0.001 ... 30", unit::relative, 1e-14, 20,
      against(unit::relative, trigamma_ours, trigamma_wide, between(0.001, 30.0)));
  add("trigamma", "-30 ... -0.001", unit::relative, 1e-14, 20,
      against(unit::relative, trigamma_ours, trigamma_wide, between(-30.0, -0.001)));

  const auto erf_ours = [](double x) { return math::erf(x); };
  const auto erf_wide = [](const wide& x) { return wide(boost::math::erf(x)); };
  add("erf", "-6 ... 6", unit::relative, 1e-14, 10,
      against(unit::relative, erf_ours, erf_wide, between(-6.0, 6.0)));
  add("erf", "±1e-300 ... ±1", unit::relative, 1e-14, 10,
      against(unit::relative, erf_ours, erf_wide, spread_both(1e-300, 1.0)));
  const auto erfc_ours = [](double x) { return math::erfc(x); };
  const auto erfc_wide = [](const wide& x) { return wide(boost::math::erfc(x)); };
  add("erfc", "-6 ... 6", unit::relative, 1e-14, 10,
      against(unit::relative, erfc_ours, erfc_wide, between(-6.0, 6.0)));
  add("erfc", "6 ... 26.5", unit::relative, 1e-14, 10,
      against(unit::relative, erfc_ours, erfc_wide, between(6.0, 26.5)));

  // Both parts of the whole as far as they are above 1e-300.
  const auto both_tails = [](double lower, double upper, const wide& lower_truth, const wide& upper_truth) {
    const wide least = 1e-300;
    return std::max(lower_truth > least ? error_of(lower, lower_truth, unit::relative) : 0.0,
                    upper_truth > least ? error_of(upper, upper_truth, unit::relative) : 0.0);
  };
  const auto gamma_error = [=](double a, double x) {
    return both_tails(math::gamma_p(a, x), math::gamma_q(a, x), wide(boost::math::gamma_p(wide(a), wide(x))),
                      wide(boost::math::gamma_q(wide(a), wide(x))));
  };
  add("gamma_p, gamma_q", "a 1e-6 ... 1, x 1e-6 ... 600", unit::relative, 1e-14, 40, [=](points& from) {
    const double a = from.logarithmic(1e-6, 1.0);
    return gamma_error(a, from.logarithmic(1e-6, 600.0));
  });
  add("gamma_p, gamma_q", "a 1 ... 1000, x / a 1e-6 ... 20", unit::relative, 1e-14, 40, [=](points& from) {
    const double a = from.logarithmic(1.0, 1000.0);
    return gamma_error(a, a * from.logarithmic(1e-6, 20.0));
  });
  add("gamma_p, gamma_q", "a 1 ... 1e5, x within 20 deviations", unit::relative, 1e-14, 100,
      [=](points& from) {
        const double a = from.logarithmic(1.0, 1e5);
        return gamma_error(a, std::max(a + from.uniform(-20.0, 20.0) * math::sqrt(a), 1e-3));
      });
  const auto beta_error = [=](double a, double b, double x) {
    return x <= 0.0 || x >= 1.0 ? 0.0
                                : both_tails(math::ibeta(a, b, x), math::ibetac(a, b, x),
                                             wide(boost::math::ibeta(wide(a), wide(b), wide(x))),
                                             wide(boost::math::ibetac(wide(a), wide(b), wide(x))));
  };
  const auto beta_at = [=](points& from, double low, double high) {
    const double a = from.logarithmic(low, high);
    const double b = from.logarithmic(low, high);
    const double kind = from.uniform(0.0, 3.0);
    const double x = kind < 1.0   ? from.uniform(0.0, 1.0)
                     : kind < 2.0 ? from.logarithmic(1e-10, 1.0)
                                  : 1.0 - from.logarithmic(1e-10, 1.0);
    return beta_error(a, b, x);
  };
  add("ibeta, ibetac", "shapes 0.5 ... 1000", unit::relative, 1e-14, 100,
      [=](points& from) { return beta_at(from, 0.5, 1000.0); });
  add("ibeta, ibetac", "shapes 0.05 ... 1000", unit::relative, 1e-14, 100,
      [=](points& from) { return beta_at(from, 0.05, 1000.0); });
  add("ibeta, ibetac", "shapes 1 ... 1e5, x within 10 deviations", unit::relative, 1e-14, 400,
      [=](points& from) {
        const double a = from.logarithmic(1.0, 1e5);
        const double b = from.logarithmic(1.0, 1e5);
        const double mean = a / (a + b);
        return beta_error(a, b,
                          mean + from.uniform(-10.0, 10.0) * math::sqrt(mean * (1.0 - mean) / (a + b + 1.0)));
      });

  // The forms of the models: hypergeometric functions within 1e-13.
  const auto real_error = [](math::real found, const auto& truth) {
    return testing::error_of(math::value_of(found), truth);
  };
  const auto hypergeometric = [=](points& from, double low, double high) {
    const double b = from.logarithmic(1e-3, 1e3);
    const double d = std::max(from.logarithmic(1e-3, 200.0), 1.001 - b);
    const double w = from.logarithmic(low, high);
    return real_error(math::hypergeometric_1b<math::real>(b, d, 1.0 - w, w),
                      testing::hypergeometric_1b(b, d, w));
  };
  add("2F1(1, b; c; z), its fraction", "b 0.001 ... 1000, c - b 0.001 ... 200, z 0 ... 0.98", unit::relative,
      1e-13, 100, [=](points& from) { return hypergeometric(from, 0.02, 1.0); });
  add("2F1(1, b; c; z), its companion near z = 1", "the same, 1 - z 1e-12 ... 0.005", unit::relative, 1e-13,
      200, [=](points& from) { return hypergeometric(from, 1e-12, 0.005); });
  // Of the orders to come of a customer of BG/NBD and its relatives.
  const auto mixture = [=](points& from, double largest_shape, double least_w, double largest_w,
                           double orders, const auto& events_truth, const auto& survival_truth) {
    const double a = from.logarithmic(1e-3, largest_shape);
    const double b = from.logarithmic(0.02, largest_shape);
    const double shape = from.logarithmic(1e-3, 60.0);
    const double before = std::floor(from.logarithmic(1.0, 1.0 + orders)) - 1.0;
    const double w = from.logarithmic(least_w, largest_w);
    const double excess = a + (b - 1.0) - shape;
    using number = std::decay_t<decltype(events_truth(wide(a), wide(a), wide(a), wide(a)))>;
    const auto survives =
        survival_truth(number(a), number(number(b) + before), number(number(shape) + before), number(w));
    return std::max(real_error(math::stop_at_beta_rate<math::real>(a, b + before, shape + before, excess, w),
                               events_truth(number(a), number(number(b) + before),
                                            number(number(shape) + before), number(w))),
                    survives < number("1e-290") ? 0.0
                                                : real_error(math::survive_beta_rate<math::real>(
                                                                 a, b + before, shape + before, excess, w),
                                                             survives));
  };
  add("stop_at_beta_rate, survive_beta_rate", "a, b to 1000, to 1e6 orders before, w 1e-9 ... 40",
      unit::relative, 1e-13, 100, [=](points& from) {
        return mixture(from, 1e3, 1e-9, 40.0, 1e6, testing::events_by_series, testing::survival_by_series);
      });
  add("stop_at_beta_rate, survive_beta_rate", "a, b to 300, to 20 orders before, w 40 ... 1e8",
      unit::relative, 1e-13, 2000, [=](points& from) {
        return mixture(from, 300.0, 40.0, 1e8, 20.0, testing::events_by_quadrature,
                       testing::survival_by_quadrature);
      });
  const auto exponential = [=](points& from, double low, double high) {
    const double s = from.logarithmic(1e-3, 1e4);
    const double z = from.logarithmic(low, high);
    return real_error(math::scaled_exponential_integral<math::real>(s, z), testing::scaled_truth(s, z));
  };
  add("e^z E_s(z), its series", "s 0.001 ... 1e4, z 1e-10 ... 1", unit::relative, 1e-14, 50,
      [=](points& from) { return exponential(from, 1e-10, 1.0); });
  add("e^z E_s(z), its fraction", "s 0.001 ... 1e4, z 1 ... 1e300", unit::relative, 1e-14, 50,
      [=](points& from) { return exponential(from, 1.0, 1e300); });
  return rows;
}

/// Two significant digits, rounded up.
[[nodiscard]] inline double rounded_up(double error) {
  if (!(error > 0.0 && std::isfinite(error)))
    return error;
  const double step = std::pow(10.0, std::floor(std::log10(error)) - 1.0);
  return std::ceil(error / step) * step;
}

[[nodiscard]] inline std::string as_text(double error, unit what) {
  std::ostringstream text;
  text.precision(2);
  text << error
       << (what == unit::ulp        ? " ulp"
           : what == unit::relative ? " relative"
           : what == unit::absolute ? " absolute"
                                    : " of 1 + abs(result)");
  return text.str();
}

inline const std::string accuracy_readme = source_folder() + "/include/emptor/math/README.md";

/// The two ends of a line of the table; the figure stands between them.
[[nodiscard]] inline std::pair<std::string, std::string> around_figure(const accuracy_row& row) {
  return {std::string("| ") + row.function + " | " + row.range + " | ",
          " | " + as_text(row.bound, row.what) + " |"};
}

[[nodiscard]] inline std::string contents_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

} // namespace emptor::test

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include <emptor/math/real.hpp>

/// Errors of predictions (预测误差), and what is said of a model by them.
namespace emptor::stats {

/// Weighted sums of errors, of which the usual measures are made. Each is NaN where nothing was predicted.
class prediction_error {
public:
  /// \param predicted  NaN = there is no prediction, and nothing is added \param naive  what is said without a model
  void add(double weight, double actual, double predicted, double naive) noexcept {
    if (std::isnan(predicted))
      return;
    const math::real w(weight);
    const math::real off = math::real(actual) - predicted;
    const math::real plain = math::real(actual) - naive;
    ++cases_;
    weight_ += w;
    squares_ += w * off * off;
    sizes_ += w * abs(off);
    naive_ += w * plain * plain;
    if (actual == 0.0)
      zero_ = true;
    else
      shares_ += w * abs(off / actual);
  }
  void add(const prediction_error& other) noexcept {
    cases_ += other.cases_;
    weight_ += other.weight_;
    squares_ += other.squares_;
    sizes_ += other.sizes_;
    naive_ += other.naive_;
    shares_ += other.shares_;
    zero_ = zero_ || other.zero_;
  }

  [[nodiscard]] std::int64_t cases() const noexcept { return cases_; }
  [[nodiscard]] double mean_squared() const noexcept { return mean(squares_); }
  /// Root mean squared error.
  [[nodiscard]] double rmse() const noexcept {
    return cases_ == 0 ? none : math::value_of(sqrt(squares_ / weight_));
  }
  /// Mean absolute error.
  [[nodiscard]] double mae() const noexcept { return mean(sizes_); }
  /// Mean absolute error as a share of the answer; not where an answer is 0.
  [[nodiscard]] double mape() const noexcept { return zero_ ? none : mean(shares_); }
  /// 1 - squared errors / squared errors without a model: above 0 the model says more than a mean.
  [[nodiscard]] double q_squared() const noexcept {
    return cases_ == 0 || !(naive_ > math::real(0.0)) ? none : math::value_of(1.0 - squares_ / naive_);
  }

private:
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  [[nodiscard]] double mean(math::real sum) const noexcept {
    return cases_ == 0 ? none : math::value_of(sum / weight_);
  }

  std::int64_t cases_ = 0;
  math::real weight_{0.0};
  math::real squares_{0.0};
  math::real sizes_{0.0};
  math::real naive_{0.0};
  math::real shares_{0.0};
  bool zero_ = false;
};

/// What is said of the prediction of an item.
enum class prediction_verdict : std::int32_t {
  better = 0,        ///< the error is below that of the linear model, and Q2_predict above 0
  not_better = 1,    ///< it is not below it
  below_mean = 2,    ///< Q2_predict is not above 0: the mean of the others says more
  no_benchmark = 3,  ///< the linear model has no answer
  no_prediction = 4, ///< the path model has none
};
inline constexpr std::string_view prediction_verdicts[] = {"better", "not_better", "below_mean",
                                                           "no_benchmark", "no_prediction"};

/// Which error decides.
enum class decisive_error : std::int32_t {
  rmse = 0, ///< the rule
  mae = 1,  ///< where errors are very skewed
};
inline constexpr std::string_view decisive_errors[] = {"rmse", "mae"};

[[nodiscard]] inline prediction_verdict
verdict_of(const prediction_error& model, const prediction_error& linear, decisive_error by) noexcept {
  if (model.cases() == 0)
    return prediction_verdict::no_prediction;
  if (!(model.q_squared() > 0.0))
    return prediction_verdict::below_mean;
  // Otherwise the two would be errors of different cases.
  if (linear.cases() != model.cases())
    return prediction_verdict::no_benchmark;
  const bool better = by == decisive_error::rmse ? model.rmse() < linear.rmse() : model.mae() < linear.mae();
  return better ? prediction_verdict::better : prediction_verdict::not_better;
}

/// The predictive power of a model by how many of its items are better predicted than by the linear model (Shmueli et al.
/// 2019): all of them, at least half, fewer, none.
enum class predictive_power : std::int32_t { high = 0, medium = 1, low = 2, none = 3 };
inline constexpr std::string_view predictive_powers[] = {"high", "medium", "low", "none"};

/// How many items are predicted better than by the linear model, in words (Shmueli et al. 2019).
[[nodiscard]] constexpr predictive_power power_of(std::int64_t better, std::int64_t items) noexcept {
  if (better == 0)
    return predictive_power::none;
  if (better == items)
    return predictive_power::high;
  return 2 * better >= items ? predictive_power::medium : predictive_power::low;
}

} // namespace emptor::stats

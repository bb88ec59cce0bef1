// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/core/random.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_moments.hpp>

/// Folds of cross-validation, and the moments of all cases but those of a fold: the sums of all less the sums of the fold, so
/// that a fold costs as much as it has cases. Whole answers with whole weights go through exact integers, and have the bits of
/// moments that are made anew.
namespace emptor::stats {

/// Folds of units (respondents), drawn without replacement: unit at place i of a random order is in fold i mod `folds`, so
/// that folds differ by one unit at most. The order is that of the stream (seed, repetition, 0).
[[nodiscard]] inline std::vector<std::uint32_t> drawn_folds(std::size_t units, std::size_t folds,
                                                            std::uint64_t seed, std::uint64_t repetition) {
  std::vector<std::uint32_t> order(units);
  for (std::size_t i = 0; i < units; ++i)
    order[i] = static_cast<std::uint32_t>(i);
  random_stream stream(seed, repetition, 0);
  for (std::size_t left = units; left > 1; --left)
    std::swap(order[left - 1], order[static_cast<std::size_t>(stream.below(left))]);
  std::vector<std::uint32_t> made(units);
  for (std::size_t place = 0; place < units; ++place)
    made[order[place]] = static_cast<std::uint32_t>(place % folds);
  return made;
}

/// Sums of which the moments of any part of the cases, or of the rest, are made.
class part_moments {
public:
  /// \param from  complete; must outlive it
  part_moments(const detail::complete_columns& from, const moment_options& how)
      : from_(&from)
      , how_(how)
      , items_(from.columns.size())
      , width_(items_ * (items_ + 1) / 2 + items_) {
    detail::complete_moments(from, how, all_);
    double most = 1.0;
    equal_ = detail::are_equal(from.weights, how.weights);
    std::vector<std::uint32_t> cases(from.rows());
    for (std::size_t r = 0; r < cases.size(); ++r)
      cases[r] = static_cast<std::uint32_t>(r);
    weights_ = weights_of(cases);
    const math::real weights = weights_.sum();
    exact_ = weights_.whole();
    for (std::size_t i = 0; i < items_; ++i)
      for (const double x : from.columns[i]) {
        exact_ = exact_ && detail::is_small_whole(x);
        most = std::max(most, std::fabs(x));
      }
    exact_ = exact_ && most * most * math::value_of(weights) < 0x1p53;
    centred_fit_ = exact_ && most * most * math::value_of(weights) * math::value_of(weights) < 0x1p52;
    rows_.reserve(from.rows() * items_);
    for (std::size_t r = 0; r < from.rows(); ++r)
      for (std::size_t i = 0; i < items_; ++i)
        rows_.push_back(exact_ ? from.columns[i][r]
                               : math::value_of(math::real(from.columns[i][r]) - all_.mean[i]));
    total_ = sums_of(cases);
  }

  [[nodiscard]] std::size_t items() const noexcept { return items_; }
  /// Moments of all cases.
  [[nodiscard]] const path_moments& all() const noexcept { return all_; }

  /// Moments of all cases but some. \param left_out  their places \param mean, covariance  come out, the matrix whole; not
  /// finite of fewer than two cases
  void without(std::span<const std::uint32_t> left_out, std::vector<double>& mean,
               std::vector<double>& covariance) const {
    rest(left_out, sums_of(left_out), mean, covariance);
  }
  /// Moments of some cases, and those of all others. \param mean, covariance  of the cases \param other_mean, other_covariance
  /// of the others
  void split(std::span<const std::uint32_t> cases, std::vector<double>& mean, std::vector<double>& covariance,
             std::vector<double>& other_mean, std::vector<double>& other_covariance) const {
    const std::vector<math::real> sums = sums_of(cases);
    if (!finish(sums, weights_of(cases), cases.size(), mean, covariance))
      anew(cases, true, mean, covariance);
    rest(cases, sums, other_mean, other_covariance);
  }

private:
  /// As complete_moments has it.
  [[nodiscard]] double weight_of(std::uint32_t row) const noexcept {
    return equal_ ? 1.0 : from_->weights[row];
  }
  [[nodiscard]] detail::weight_sums weights_of(std::span<const std::uint32_t> cases) const {
    detail::weight_sums made;
    for (const std::uint32_t r : cases)
      made.add(weight_of(r));
    return made;
  }
  void rest(std::span<const std::uint32_t> left_out, std::vector<math::real> sums, std::vector<double>& mean,
            std::vector<double>& covariance) const {
    for (std::size_t k = 0; k < width_; ++k)
      sums[k] = total_[k] - sums[k]; // exact where they are whole: all are below 2^53
    const detail::weight_sums left = weights_.less(weights_of(left_out));
    const std::size_t cases = from_->rows() - left_out.size();
    if ((cases > 1 && !left.remain(weights_)) || !finish(sums, left, cases, mean, covariance))
      anew(left_out, false, mean, covariance);
  }

  /// Of the products of items i and k <= i at i (i + 1) / 2 + k, then of the items.
  [[nodiscard]] std::vector<math::real> sums_of(std::span<const std::uint32_t> cases) const {
    std::vector<math::real> sums(width_, math::real(0.0));
    for (const std::uint32_t r : cases) {
      const double* const row = rows_.data() + std::size_t{r} * items_;
      const math::real weight(weight_of(r));
      std::size_t at = 0;
      for (std::size_t i = 0; i < items_; ++i) {
        const math::real weighted = weight * row[i];
        for (std::size_t k = 0; k <= i; ++k)
          sums[at++] += weighted * row[k];
      }
      for (std::size_t i = 0; i < items_; ++i)
        sums[at++] += weight * row[i];
    }
    return sums;
  }

  /// \return whether nothing of what matters was lost by taking one sum from another
  [[nodiscard]] bool finish(const std::vector<math::real>& sums, const detail::weight_sums& weights,
                            std::size_t cases, std::vector<double>& mean,
                            std::vector<double>& covariance) const {
    const math::real weight = weights.sum();
    if (exact_ && how_.weights == weight_meaning::sampling && weights.equal() &&
        weight > static_cast<double>(weights.count())) {
      // Equal ones are none, as of moments that are made anew.
      std::vector<math::real> plain = sums;
      for (math::real& one : plain)
        one = one / (weight / static_cast<double>(weights.count()));
      detail::weight_sums ones;
      for (std::int64_t r = 0; r < weights.count(); ++r)
        ones.add(1.0);
      return finish(plain, ones, cases, mean, covariance);
    }
    const double n = cases < 2
                         ? static_cast<double>(cases) // whatever differences of sums leave
                         : math::value_of(detail::effective_cases(weight, weights.squares(), how_.weights));
    const math::real over = detail::divisor(weight, n, how_.denominator);
    const math::real* const totals = sums.data() + items_ * (items_ + 1) / 2;
    const auto whole = [](math::real x) {
      return static_cast<wide_integer>(static_cast<std::int64_t>(math::value_of(x)));
    };
    mean.resize(items_);
    covariance.resize(items_ * items_);
    std::size_t at = 0;
    for (std::size_t i = 0; i < items_; ++i) {
      mean[i] = math::value_of(exact_ ? totals[i] / weight : all_.mean[i] + totals[i] / weight);
      for (std::size_t k = 0; k <= i; ++k, ++at) {
        math::real value(0.0);
        if (centred_fit_)
          value = (weight * sums[at] - totals[i] * totals[k]) / (weight * over);
        else if (exact_)
          value = math::real(
                      nearest_double(whole(weight) * whole(sums[at]) - whole(totals[i]) * whole(totals[k]))) /
                  (weight * over);
        else
          value = (sums[at] - totals[i] * totals[k] / weight) / over;
        covariance[i * items_ + k] = math::value_of(value);
        covariance[k * items_ + i] = covariance[i * items_ + k];
      }
      constexpr double kept = 1e-6;
      if (!exact_ && cases > 1 && !(covariance[i * items_ + i] > kept * all_.covariance[i * items_ + i]))
        return false;
    }
    return true;
  }

  /// Where almost all of the variance of an item goes with the cases that are left out, what differences leave is rounding:
  /// that can be so of one fold for each item.
  /// \param these  whether the moments are those of the cases, instead of all others
  void anew(std::span<const std::uint32_t> cases, bool these, std::vector<double>& mean,
            std::vector<double>& covariance) const {
    std::vector<std::uint8_t> out(from_->rows(), these ? 1 : 0);
    for (const std::uint32_t r : cases)
      out[r] = these ? 0 : 1;
    detail::complete_columns left;
    left.columns.resize(items_);
    for (std::size_t r = 0; r < from_->rows(); ++r) {
      if (out[r] != 0)
        continue;
      for (std::size_t i = 0; i < items_; ++i)
        left.columns[i].push_back(from_->columns[i][r]);
      if (!equal_)
        left.weights.push_back(from_->weights[r]);
    }
    path_moments made;
    detail::complete_moments(left, how_, made);
    mean = std::move(made.mean);
    covariance = std::move(made.covariance);
    // Means of equal numbers may be off by their last bit.
    for (std::size_t i = 0; i < items_; ++i)
      if (const double rounding = 1e-13 * std::fabs(mean[i]);
          !(covariance[i * items_ + i] > rounding * rounding))
        covariance[i * items_ + i] = 0.0;
  }

  const detail::complete_columns* from_;
  moment_options how_;
  std::size_t items_;
  std::size_t width_;
  bool equal_ = true; ///< weights, which are passed over then
  bool exact_ = false;
  bool centred_fit_ = false; ///< whether the products of sums are exact in doubles as well
  path_moments all_;
  detail::weight_sums weights_;
  std::vector<double> rows_; ///< case by case; less the means of all where sums are not exact
  std::vector<math::real> total_;
};

} // namespace emptor::stats

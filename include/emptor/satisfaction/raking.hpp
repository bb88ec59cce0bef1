// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include <emptor/core/run.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>

/// Raking (加权调整, 迭代比例拟合): weights such that a sample has given shares of each level of some variables, as near to the
/// weights it had as can be. Variable after variable, the weights of each level are multiplied by the share it should have
/// over the share it has, until all are right at once. The limit has the least sum of w log(w / before) of all weights with
/// these shares.
///
/// With bounds, weights beyond them are set to the bound after each round; what is left of the shares is then told.
///
/// Source: W. E. Deming and F. F. Stephan, On a least squares adjustment of a sampled frequency table when the expected
/// marginal totals are known, Annals of Mathematical Statistics 11, 1940; I. Csiszar, I-divergence geometry of probability
/// distributions and minimization problems, Annals of Probability 3, 1975 (the limit); L. Kish, Survey Sampling, 1965 (design
/// effect).
namespace emptor::satisfaction {

/// A variable by which respondents are told apart.
struct raked_variable {
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  std::string name;
  std::vector<std::string> levels;
  std::vector<double> shares;          ///< wanted, > 0; they add up to 1
  std::vector<std::uint32_t> level_of; ///< of each row; none: it is left alone by this variable
};

/// When raking ends, and within which bounds weights stay (ratios to the weights before).
struct raking_options {
  std::int64_t most_rounds = 1000;
  double tolerance = 1e-10; ///< largest difference of a share from the wanted one
  double least = 0.0;       ///< bounds of a weight, in mean weights
  double most = std::numeric_limits<double>::infinity();
  [[nodiscard]] bool bounded() const noexcept { return least > 0.0 || std::isfinite(most); }
};

/// Weights by row, and how raking ended.
struct raked_weights {
  std::vector<double> weights; ///< with the mean 1, but for what bounds took away
  std::int64_t rounds = 0;
  double largest_deviation = 0.0; ///< of a share from the wanted one
  bool converged = false;
};

/// Sums of the weights of the levels of a variable.
[[nodiscard]] inline std::vector<math::real> level_weights(const raked_variable& of,
                                                           std::span<const double> weights) {
  std::vector<math::real> sums(of.levels.size(), math::real(0.0));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (of.level_of[i] != raked_variable::none)
      sums[of.level_of[i]] += weights[i];
  }
  return sums;
}

/// Shares of the levels among the rows that have one.
[[nodiscard]] inline std::vector<double> level_shares(const raked_variable& of,
                                                      std::span<const double> weights) {
  const std::vector<math::real> sums = level_weights(of, weights);
  math::real all = 0.0;
  for (const math::real& one : sums)
    all += one;
  std::vector<double> shares;
  for (const math::real& one : sums)
    shares.push_back(math::value_of(one / all));
  return shares;
}

/// Weights divided by their mean.
inline void to_mean_of_one(std::vector<double>& weights) {
  math::real sum = 0.0;
  for (const double one : weights)
    sum += one;
  const math::real mean = sum / static_cast<double>(weights.size());
  for (double& one : weights)
    one = math::value_of(math::real(one) / mean);
}

/// \param weights  before, each > 0; at least one
/// \param variables  each of whose levels has a row
/// \throws error status::cancelled
[[nodiscard]] inline raked_weights rake(std::vector<double> weights,
                                        std::span<const raked_variable> variables,
                                        const raking_options& options, const run& how) {
  using math::real;
  raked_weights made;
  made.weights = std::move(weights);
  std::vector<double>& w = made.weights;
  to_mean_of_one(w);
  const auto deviation = [&] {
    double largest = 0.0;
    for (const raked_variable& one : variables) {
      const std::vector<double> shares = level_shares(one, w);
      for (std::size_t l = 0; l < shares.size(); ++l) {
        const double off = std::abs(math::value_of(real(shares[l]) - one.shares[l]));
        largest = off <= largest ? largest : off; // NaN stays
      }
    }
    return largest;
  };
  made.largest_deviation = deviation();
  bool bounds_hold = !options.bounded() || std::all_of(w.begin(), w.end(), [&](double one) {
    return one >= options.least && one <= options.most;
  });
  for (double before = std::numeric_limits<double>::infinity();
       made.rounds < options.most_rounds && !(bounds_hold && made.largest_deviation <= options.tolerance) &&
       !(std::abs(before - made.largest_deviation) <= 1e-15);) { // nothing moves any more
    before = made.rounds == 0 ? before : made.largest_deviation;
    how.check(static_cast<double>(made.rounds) / static_cast<double>(options.most_rounds));
    ++made.rounds;
    for (const raked_variable& one : variables) {
      const std::vector<real> sums = level_weights(one, w);
      real all = 0.0;
      for (const real& sum : sums)
        all += sum;
      std::vector<real> factors;
      for (std::size_t l = 0; l < sums.size(); ++l)
        factors.push_back(real(one.shares[l]) * all / sums[l]);
      for (std::size_t i = 0; i < w.size(); ++i) {
        if (one.level_of[i] != raked_variable::none)
          w[i] = math::value_of(real(w[i]) * factors[one.level_of[i]]);
      }
    }
    // Where shares contradict each other some weights shrink without an end. Held above this they stay numbers by which one
    // can divide.
    for (double& one : w)
      one = std::max(one, 1e-100);
    if (options.bounded()) {
      to_mean_of_one(w);
      for (double& one : w)
        one = std::clamp(one, options.least, options.most);
      bounds_hold = true;
    }
    made.largest_deviation = deviation();
  }
  made.converged = made.largest_deviation <= options.tolerance;
  return made;
}

} // namespace emptor::satisfaction

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <emptor/math/newton.hpp>
#include <emptor/math/real.hpp>

/// How much of the explained variance of a linear regression belongs to which predictor, from correlations alone: relative
/// weights, and the Shapley value of R2 (Lindeman, Merenda and Gold). Both splits add up to R2, also where predictors are
/// correlated, which neither coefficients nor correlations do.
///
/// Source: J. W. Johnson, A heuristic method for estimating the relative weight of predictor variables in multiple regression,
/// Multivariate Behavioral Research 35, 2000; R. H. Lindeman, P. F. Merenda and R. Z. Gold, Introduction to Bivariate and
/// Multivariate Analysis, 1980, p. 119; L. S. Shapley, A value for n-person games, 1953 (of blocks: G. Owen's quotient game).
namespace emptor::stats {

/// What is left of the variance of a predictor beside the others; below this it is taken for a combination of them.
inline constexpr double collinear_below = 1e-10;

/// Correlations of predictors, then of the outcome: (p + 1) x (p + 1) row by row.
struct correlations {
  std::size_t predictors = 0;
  std::vector<double> matrix;

  [[nodiscard]] double between(std::size_t i, std::size_t j) const noexcept {
    return matrix[i * (predictors + 1) + j];
  }
  [[nodiscard]] double with_outcome(std::size_t i) const noexcept { return between(i, predictors); }
};

/// Coefficients of standardised variables, by a Cholesky factor of the correlations of the predictors.
class standardised_regression {
public:
  /// \return the first predictor that is a combination of those before it; nothing where there is none
  std::optional<std::size_t> fit(const correlations& from) {
    const std::size_t p = from.predictors;
    factor_.assign(p * p, math::real(0.0));
    solved_.assign(p, math::real(0.0));
    for (std::size_t i = 0; i < p; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        math::real left(from.between(i, j));
        for (std::size_t k = 0; k < j; ++k)
          left = left - factor_[i * p + k] * factor_[j * p + k];
        if (i != j)
          factor_[i * p + j] = left / factor_[j * p + j];
        else if (!(math::value_of(left) >= collinear_below))
          return i;
        else
          factor_[i * p + i] = sqrt(left);
      }
    }
    math::real explained(0.0);
    for (std::size_t i = 0; i < p; ++i) {
      math::real left(from.with_outcome(i));
      for (std::size_t k = 0; k < i; ++k)
        left = left - factor_[i * p + k] * solved_[k];
      solved_[i] = left / factor_[i * p + i];
      explained = explained + solved_[i] * solved_[i];
    }
    r_squared_ = std::min(math::value_of(explained), 1.0);
    coefficients_.resize(p);
    for (std::size_t i = p; i-- > 0;) {
      math::real left = solved_[i];
      for (std::size_t k = i + 1; k < p; ++k)
        left = left - factor_[k * p + i] * solved_[k];
      solved_[i] = left / factor_[i * p + i];
      coefficients_[i] = math::value_of(solved_[i]);
    }
    return std::nullopt;
  }
  [[nodiscard]] const std::vector<double>& coefficients() const noexcept { return coefficients_; }
  [[nodiscard]] double r_squared() const noexcept { return r_squared_; }

private:
  std::vector<math::real> factor_;
  std::vector<math::real> solved_;
  std::vector<double> coefficients_;
  double r_squared_ = 0.0;
};

/// Johnson's relative weights: the predictors are replaced by the uncorrelated variables nearest to them, Z = X R^(-1/2), on
/// which the outcome is regressed; predictor j gets sum over k of lambda_jk^2 beta_k^2 with lambda = R^(1/2), beta =
/// R^(-1/2) r. They are at least 0 and add up to R2.
class relative_weights {
public:
  /// \param from  correlations, of which no predictor is a combination of others
  const std::vector<double>& of(const correlations& from) {
    const std::size_t p = from.predictors;
    between_.resize(p * p);
    for (std::size_t i = 0; i < p; ++i) {
      for (std::size_t j = 0; j < p; ++j)
        between_[i * p + j] = from.between(i, j);
    }
    const math::symmetric_eigen eigen(between_, p);
    const auto vector = [&](std::size_t i, std::size_t k) { return math::real(eigen.vectors[i * p + k]); };
    double largest = 0.0;
    for (const double one : eigen.values)
      largest = std::max(largest, one);
    roots_.resize(p);
    along_.resize(p);
    for (std::size_t k = 0; k < p; ++k) {
      const double value = eigen.values[k];
      const bool there = value > largest * 1e-14; // what rounding leaves of 0 has no direction
      roots_[k] = there ? sqrt(math::real(value)) : math::real(0.0);
      math::real sum(0.0);
      for (std::size_t i = 0; i < p; ++i)
        sum = sum + vector(i, k) * from.with_outcome(i);
      along_[k] = there ? sum / roots_[k] : math::real(0.0);
    }
    weights_.assign(p, 0.0);
    squares_.resize(p);
    for (std::size_t k = 0; k < p; ++k) {
      math::real beta(0.0);
      for (std::size_t m = 0; m < p; ++m)
        beta = beta + vector(k, m) * along_[m];
      squares_[k] = beta * beta;
    }
    for (std::size_t j = 0; j < p; ++j) {
      math::real weight(0.0);
      for (std::size_t k = 0; k < p; ++k) {
        math::real lambda(0.0);
        for (std::size_t m = 0; m < p; ++m)
          lambda = lambda + vector(j, m) * vector(k, m) * roots_[m];
        weight = weight + lambda * lambda * squares_[k];
      }
      weights_[j] = math::value_of(weight);
    }
    return weights_;
  }

private:
  std::vector<double> between_;
  std::vector<math::real> roots_;
  std::vector<math::real> along_;
  std::vector<math::real> squares_;
  std::vector<double> weights_;
};

/// The Shapley value of R2 (LMG): what a block of predictors adds to R2, averaged over all orders in which blocks can enter.
/// R2 of all 2^blocks sets comes from one walk through the tree of sets, which takes each predictor out of the correlations of
/// the ones after it (a Schur complement): a set costs about six operations, where a regression each would cost p^3.
class shapley_r_squared {
public:
  static constexpr std::size_t most_blocks = 15;

  /// \param block_of  for each predictor its block, from 0, in rising order: predictors of a block stand together
  /// \param blocks    1 to most_blocks
  const std::vector<double>& of(const correlations& from, std::span<const std::size_t> block_of,
                                std::size_t blocks) {
    size_ = from.predictors + 1;
    ends_.assign(blocks, 0);
    for (std::size_t i = 0; i < block_of.size(); ++i)
      ends_[block_of[i]] = i + 1;
    levels_.resize((blocks + 1) * size_ * size_);
    for (std::size_t i = 0; i < size_ * size_; ++i)
      levels_[i] = math::real(from.matrix[i]);
    explained_.assign(std::size_t{1} << blocks, 0.0);
    walk(0, 0, 0, 0, math::real(0.0));
    return share(blocks);
  }
  /// R2 of each set of blocks, by its bits.
  [[nodiscard]] const std::vector<double>& explained() const noexcept { return explained_; }

private:
  /// What is explained with predictor k too, given all that has been taken out of the correlations.
  [[nodiscard]] math::real with(const math::real* given, std::size_t k, math::real explained) const noexcept {
    const math::real pivot = given[k * size_ + k];
    const math::real with_outcome = given[k * size_ + size_ - 1];
    return math::value_of(pivot) >= collinear_below ? explained + with_outcome * with_outcome / pivot
                                                    : explained;
  }
  /// \param level  where the correlations lie, given the blocks of the set so far
  void walk(std::size_t block, std::size_t first, std::size_t level, std::size_t set, math::real explained) {
    if (block == ends_.size()) {
      explained_[set] = std::min(math::value_of(explained), 1.0);
      return;
    }
    const math::real* given = &levels_[level * size_ * size_];
    const std::size_t outcome = size_ - 1;
    if (first + 1 == outcome) { // the last predictor has nothing to be taken out of
      explained_[set] = std::min(math::value_of(explained), 1.0);
      explained_[set | std::size_t{1} << block] =
          std::min(math::value_of(with(given, first, explained)), 1.0);
      return;
    }
    walk(block + 1, ends_[block], level, set, explained); // without it
    math::real* const into = &levels_[(block + 1) * size_ * size_];
    for (std::size_t k = first; k < ends_[block]; ++k) {
      const math::real pivot = given[k * size_ + k];
      const bool adds = math::value_of(pivot) >= collinear_below;
      explained = with(given, k, explained);
      for (std::size_t i = k + 1; i < size_; ++i) {
        const math::real factor = adds ? given[k * size_ + i] / pivot : math::real(0.0);
        for (std::size_t j = i; j < size_; ++j)
          into[i * size_ + j] = given[i * size_ + j] - factor * given[k * size_ + j];
      }
      given = into;
    }
    walk(block + 1, ends_[block], block + 1, set | std::size_t{1} << block, explained);
  }

  const std::vector<double>& share(std::size_t blocks) {
    // Of sets of s others there are binomial(blocks - 1, s), each size as likely as the others: a set S counts with weight(s)
    // against each block outside of it, and with weight(s - 1) for each block in it.
    std::vector<math::real> weight(blocks + 1, math::real(0.0));
    math::real sets(1.0);
    for (std::size_t s = 0; s < blocks; ++s) {
      weight[s] = 1.0 / (static_cast<double>(blocks) * sets);
      sets = sets * static_cast<double>(blocks - 1 - s) / static_cast<double>(s + 1);
    }
    math::real against(0.0);
    folded_.resize(explained_.size());
    for (std::size_t set = 0; set < explained_.size(); ++set) {
      const auto size = static_cast<std::size_t>(std::popcount(set));
      const math::real outside = weight[size] * explained_[set];
      against = against + outside;
      folded_[set] = outside + (size == 0 ? math::real(0.0) : weight[size - 1]) * explained_[set];
    }
    // The sum over all sets with a block: the upper half, which is then laid upon the lower one.
    shares_.assign(blocks, 0.0);
    for (std::size_t b = blocks; b-- > 0;) {
      const std::size_t half = std::size_t{1} << b;
      math::real inside(0.0);
      for (std::size_t set = 0; set < half; ++set) {
        inside = inside + folded_[half + set];
        folded_[set] = folded_[set] + folded_[half + set];
      }
      shares_[b] = std::max(0.0, math::value_of(inside - against)); // below 0 only by rounding
    }
    return shares_;
  }

  std::size_t size_ = 0;
  std::vector<std::size_t> ends_; ///< behind the last predictor of each block
  std::vector<math::real> levels_;
  std::vector<double> explained_;
  std::vector<math::real> folded_;
  std::vector<double> shares_;
};

} // namespace emptor::stats

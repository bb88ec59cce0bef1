// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <emptor/math/real.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/share_interval.hpp>

/// Markov chains (马尔可夫链) of a finite number of states: transitions counted, their probabilities with intervals, and linear
/// equations of a chain solved so that no figure loses digits.
namespace emptor::stats {

/// A square matrix of numbers, row by row.
class transition_matrix {
public:
  transition_matrix() = default;
  explicit transition_matrix(std::size_t states)
      : states_(states)
      , held_(states * states, 0.0) {}
  [[nodiscard]] std::size_t states() const noexcept { return states_; }
  [[nodiscard]] double& operator()(std::size_t from, std::size_t to) noexcept {
    return held_[from * states_ + to];
  }
  [[nodiscard]] double operator()(std::size_t from, std::size_t to) const noexcept {
    return held_[from * states_ + to];
  }
  [[nodiscard]] std::span<const double> row(std::size_t from) const noexcept {
    return {held_.data() + from * states_, states_};
  }
  /// Whether who is in a state stays there for ever.
  [[nodiscard]] bool is_absorbing(std::size_t state) const noexcept { return (*this)(state, state) == 1.0; }
  /// The sum of a row times values of the states, over the targets that it has.
  [[nodiscard]] math::real mean_of(std::size_t from, std::span<const double> values) const noexcept {
    math::real sum(0.0);
    for (std::size_t to = 0; to < states_; ++to) {
      if (const double share = (*this)(from, to); share != 0.0)
        sum += math::real(share) * values[to];
    }
    return sum;
  }

private:
  std::size_t states_ = 0;
  std::vector<double> held_;
};

/// How often a chain went from one state to another. Counts of parts add up to those of the whole.
class transition_counts {
public:
  transition_counts() = default;
  explicit transition_counts(std::size_t states)
      : states_(states)
      , held_(states * states, 0) {}
  [[nodiscard]] std::size_t states() const noexcept { return states_; }
  void add(std::size_t from, std::size_t to, std::int64_t count = 1) noexcept {
    held_[from * states_ + to] += count;
  }
  void add(const transition_counts& other) noexcept {
    for (std::size_t i = 0; i < held_.size(); ++i)
      held_[i] += other.held_[i];
  }
  [[nodiscard]] std::int64_t of(std::size_t from, std::size_t to) const noexcept {
    return held_[from * states_ + to];
  }
  /// How often it left a state, coming back to the same one at once included.
  [[nodiscard]] std::int64_t from(std::size_t state) const noexcept {
    std::int64_t sum = 0;
    for (std::size_t to = 0; to < states_; ++to)
      sum += of(state, to);
    return sum;
  }

private:
  std::size_t states_ = 0;
  std::vector<std::int64_t> held_;
};

/// The equal-tailed interval of a probability after `count` of `trials` under the prior of Jeffreys, that is of a Beta variable
/// with the shapes count + 1/2 and trials - count + 1/2; 0 where it never was, and 1 where it always was, belong to it.
/// Source: L. D. Brown, T. T. Cai, A. DasGupta, Interval estimation for a binomial proportion, Statistical Science 16, 2001.
/// \return NaN without a trial
[[nodiscard]] inline interval jeffreys_interval(std::int64_t count, std::int64_t trials,
                                                double confidence) noexcept {
  if (trials <= 0)
    return {};
  const auto hits = static_cast<double>(count);
  const auto misses = static_cast<double>(trials - count);
  interval made = beta_interval(hits + 0.5, misses + 0.5, confidence);
  if (count == 0)
    made.low = 0.0;
  if (count == trials)
    made.high = 1.0;
  return made;
}

/// The equations x = b + A x of a chain whose rows pass on a part of what comes in and lose the rest: A is not negative, and
/// each row of it and what it loses sum to one. The diagonal of A is what the others leave of that one, so that nobody
/// has to know it.
///
/// Elimination in the manner of Grassmann, Taksar and Heyman (Regenerative analysis and steady state distributions for Markov
/// chains, Operations Research 33, 1985) subtracts nothing: solutions for b >= 0 are exact to a few units of the last place,
/// each for itself, however close to 1 rows may pass on. No pivots are chosen, and the bits are the same everywhere.
class chain_equations {
public:
  explicit chain_equations(std::size_t states)
      : passes_(states)
      , loses_(states, 0.0) {}

  [[nodiscard]] std::size_t states() const noexcept { return loses_.size(); }
  /// \param share >= 0; what a state passes on to itself is not looked at
  void pass(std::size_t from, std::size_t to, double share) noexcept { passes_(from, to) = share; }
  /// \param share >= 0
  void lose(std::size_t from, double share) noexcept { loses_[from] = share; }

  /// Puts the solutions in place of the right-hand sides, none of them negative; may be called once.
  /// \return false where some state loses nothing, ever: there is no solution then
  [[nodiscard]] bool solve(std::span<std::vector<double>> sides) {
    using math::real;
    const std::size_t n = states();
    std::vector<double> leaves(n, 0.0);
    for (std::size_t k = 0; k < n; ++k) {
      real sum(loses_[k]);
      for (std::size_t to = k + 1; to < n; ++to)
        sum += passes_(k, to);
      leaves[k] = math::value_of(sum);
      if (!(leaves[k] > 0.0))
        return false;
      for (std::size_t i = k + 1; i < n; ++i) {
        if (passes_(i, k) == 0.0)
          continue;
        const real part = real(passes_(i, k)) / leaves[k];
        for (std::size_t to = k + 1; to < n; ++to) {
          if (const double on = passes_(k, to); on != 0.0)
            passes_(i, to) = math::value_of(real(passes_(i, to)) + part * on);
        }
        loses_[i] = math::value_of(real(loses_[i]) + part * loses_[k]);
        for (std::vector<double>& side : sides)
          side[i] = math::value_of(real(side[i]) + part * side[k]);
      }
    }
    for (std::size_t k = n; k-- > 0;) {
      for (std::vector<double>& side : sides) {
        real sum(side[k]);
        for (std::size_t to = k + 1; to < n; ++to) {
          if (const double on = passes_(k, to); on != 0.0)
            sum += real(on) * side[to];
        }
        side[k] = math::value_of(sum / leaves[k]);
      }
    }
    return true;
  }

private:
  transition_matrix passes_;
  std::vector<double> loses_;
};

/// How many steps a chain takes from each state until it is absorbed, on average: 0 from an absorbing state, infinite from
/// one that may end where there is no way out.
/// Source: J. G. Kemeny, J. L. Snell, Finite Markov Chains, 1960, theorem 3.2.4.
/// \param known states whose rows are known; from all others it is NaN, and rows that are known do not lead there
[[nodiscard]] inline std::vector<double> steps_to_absorption(const transition_matrix& of,
                                                             const std::vector<bool>& known) {
  const std::size_t n = of.states();
  const auto spread_back =
      [&](std::vector<bool> reached) { // to all states from which there is a way to these
        std::vector<std::size_t> fresh;
        for (std::size_t i = 0; i < n; ++i) {
          if (reached[i])
            fresh.push_back(i);
        }
        while (!fresh.empty()) {
          const std::size_t to = fresh.back();
          fresh.pop_back();
          for (std::size_t i = 0; i < n; ++i) {
            if (!reached[i] && known[i] && of(i, to) > 0.0) {
              reached[i] = true;
              fresh.push_back(i);
            }
          }
        }
        return reached;
      };
  std::vector<bool> ends(n, false);
  for (std::size_t i = 0; i < n; ++i)
    ends[i] = known[i] && of.is_absorbing(i);
  const std::vector<bool> may_end = spread_back(ends);
  std::vector<bool> stuck(n, false);
  for (std::size_t i = 0; i < n; ++i)
    stuck[i] = known[i] && !may_end[i];
  stuck = spread_back(std::move(stuck));

  chain_equations equations(n);
  std::vector<double> steps(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    if (!known[i] || ends[i] || stuck[i]) {
      equations.lose(i, 1.0);
      continue;
    }
    steps[i] = 1.0;
    math::real ended(0.0);
    for (std::size_t to = 0; to < n; ++to) {
      if (ends[to])
        ended += of(i, to);
      else if (to != i)
        equations.pass(i, to, of(i, to));
    }
    equations.lose(i, math::value_of(ended));
  }
  const bool solved = equations.solve({&steps, 1});
  for (std::size_t i = 0; i < n; ++i) {
    if (!known[i] || !solved)
      steps[i] = std::numeric_limits<double>::quiet_NaN();
    else if (stuck[i])
      steps[i] = std::numeric_limits<double>::infinity();
  }
  return steps;
}

} // namespace emptor::stats

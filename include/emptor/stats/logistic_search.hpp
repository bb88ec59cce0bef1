// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/cholesky.hpp>
#include <emptor/stats/logistic_fit.hpp>
#include <emptor/stats/logistic_separation.hpp>
#include <emptor/stats/logistic_sums.hpp>
#include <emptor/stats/penalised_step.hpp>

/// The way to the maximum of a logistic regression: behind logistic_regression.hpp.
namespace emptor::stats {

namespace detail {

/// \throws error status::option, status::data or status::too_few
inline void check_logistic(std::string_view where, const logistic_rows& rows,
                           const logistic_options& options) {
  const std::string begins = std::string(where) + ": ";
  const std::size_t n = rows.columns.size();
  if (n > most_logistic_columns)
    throw error(status::too_few, begins + std::to_string(n) + " columns, but there may be at most " +
                                     std::to_string(most_logistic_columns));
  if (!(options.l1 >= 0.0 && options.l2 >= 0.0 && options.l1 <= 1e100 && options.l2 <= 1e100))
    throw error(status::option, begins + "l1 and l2 must be >= 0");
  const bool signs =
      std::any_of(options.signs.begin(), options.signs.end(), [](int one) { return one != 0; });
  if (options.firth && (options.l1 > 0.0 || options.l2 > 0.0 || signs))
    throw error(status::option, begins + "Firth's penalty does not go together with l1, l2 or signs");
  double trials = 0.0;
  double events = 0.0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const bool fine = rows.trials[row] > 0.0 && rows.events[row] >= 0.0 &&
                      rows.events[row] <= rows.trials[row] && rows.trials[row] <= 1e100 &&
                      (rows.offset.empty() || std::fabs(rows.offset[row]) <= 1e6);
    if (!fine)
      throw error(status::data,
                  begins + "row " + std::to_string(row) +
                      " must have a weight above 0, events between 0 and its weight, and an offset "
                      "between -1e6 and 1e6");
    trials += rows.trials[row];
    events += rows.events[row];
  }
  if (!(events > 0.0) || !(events < trials))
    throw error(status::too_few, begins +
                                     (rows.size() == 0 ? "there are no rows with a known outcome"
                                      : events > 0.0   ? "all outcomes are 1"
                                                       : "all outcomes are 0") +
                                     ", but outcomes of both kinds are needed");
}

/// \throws error status::data where a column has a number with which no sum could be made
inline void check_columns(std::string_view where, const logistic_rows& rows,
                          std::span<const std::string> names, const logistic_sums& sums) {
  if (sums.is_finite())
    return; // the usual case, seen without another look at the rows
  for (std::size_t j = 0; j < rows.columns.size(); ++j) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const double x = rows.columns[j][row];
      if (!(std::fabs(x) <= 1e100))
        throw error(status::data, message(where, names[j], static_cast<std::int64_t>(row), to_text(x),
                                          "a finite number of at most 1e100"));
    }
  }
}

/// One regression on its way to the maximum, in centred and scaled columns.
class logistic_search {
public:
  logistic_search(const logistic_sums& sums, const logistic_options& options)
      : sums_(sums)
      , options_(options)
      , size_(sums.size())
      , rules_(size_)
      , ridge_(size_, 0.0)
      , point_(size_, 0.0) {
    for (std::size_t j = 0; j < size_ - sums.lead(); ++j) {
      const double unit = 1.0 / sums.scale()[j];
      rules_[j + sums.lead()] = {options.l1 * unit, options.signs.empty() ? 0 : options.signs[j]};
      ridge_[j + sums.lead()] = options.l2 * unit * unit;
    }
    ruled_ = std::any_of(rules_.begin(), rules_.end(),
                         [](const coefficient_rule& one) { return one.absolute > 0.0 || one.sign != 0; });
    begin();
  }

  logistic_state run() {
    here_ = at(point_);
    if (logistic_state found = logistic_state::converged; !independent(found))
      return found;
    double shortest = std::numeric_limits<double>::infinity();
    for (; steps_ < options_.most_steps; ++steps_) {
      sums_.how().check(static_cast<double>(steps_) / (steps_ + 4.0));
      const stats::cholesky factor(here_.hessian, size_, 1e-13);
      if (!factor.is_definite())
        return separated_or(logistic_state::not_converged);
      const std::vector<double> step = this->step(factor);
      double gain = 0.0; // that the quadratic model promises, twice
      double longest = 0.0;
      for (std::size_t i = 0; i < size_; ++i) {
        double along = 0.0;
        for (std::size_t j = 0; j < size_; ++j)
          along += here_.hessian[i * size_ + j] * step[j];
        gain += along * step[i];
        longest = std::fmax(longest, std::fabs(step[i]) / (1.0 + std::fabs(point_[i])));
      }
      step_ = step;
      const double size = std::fabs(here_.log_likelihood); // whatever the unit of the weights
      // Near the maximum the gradient knows more than the value, and steps are taken without asking it. Newton's double the
      // digits, so that the one below is the last. Firth's, which leave out some of the second derivatives, win a few at a
      // time, until they are as small as rounding.
      const bool near = gain < 1e-9 * size;
      const bool last = options_.firth
                            ? longest < 1e-14 || (near && longest < 1e-9 && longest > 0.5 * shortest)
                            : gain < 1e-15 * size;
      shortest = std::fmin(shortest, longest);
      if (last && longest > 1e-2)
        return separated_or(logistic_state::not_converged);
      if (steps_ >= 20 && longest > 1e-2 && is_separated())
        return logistic_state::separated;
      if (!move(step, near) || last) {
        ++steps_;
        return last || near ? logistic_state::converged : logistic_state::not_converged;
      }
    }
    return separated_or(logistic_state::not_converged);
  }

  void tell(logistic_fit& fit) const {
    const std::size_t lead = sums_.lead();
    fit.steps = steps_;
    fit.log_likelihood = here_.log_likelihood;
    fit.penalised_log_likelihood = here_.value;
    fit.collinear = collinear_;
    fit.separation = separation_;
    const std::size_t n = size_ - lead;
    fit.coefficients.resize(n);
    math::real intercept(lead == 1 ? point_[0] : 0.0);
    for (std::size_t j = 0; j < n; ++j) {
      fit.coefficients[j] = point_[j + lead] * (1.0 / sums_.scale()[j]);
      intercept -= math::real(fit.coefficients[j]) * sums_.centre()[j];
      if (options_.firth) // the determinant is that of the columns as they came
        fit.penalised_log_likelihood += math::value_of(math::log(math::real(sums_.scale()[j])));
    }
    fit.intercept = lead == 1 ? math::value_of(intercept) : 0.0;
    if (options_.l1 == 0.0 && options_.l2 == 0.0 && collinear_.empty())
      fit.covariance = covariance();
  }

private:
  struct value {
    double value = 0.0; ///< what is to be made large
    double log_likelihood = 0.0;
    std::vector<double> gradient; ///< of its smooth part
    std::vector<double> hessian;  ///< with the sign turned
  };

  void begin() {
    const std::size_t lead = sums_.lead();
    if (options_.start.size() == size_) {
      for (std::size_t j = lead; j < size_; ++j) {
        point_[j] = options_.start[j] * sums_.scale()[j - lead];
        if (rules_[j].sign * point_[j] < 0.0)
          point_[j] = 0.0;
        if (lead == 1)
          point_[0] += options_.start[j] * sums_.centre()[j - lead];
      }
      if (lead == 1)
        point_[0] += options_.start[0];
    } else if (lead == 1) {
      const math::real share = math::real(sums_.events()) / sums_.trials();
      point_[0] = math::value_of(math::log(share / (math::real(1.0) - share)));
      if (const auto [least, most] = sums_.offsets(); least != 0.0 || most != 0.0)
        point_[0] = beside_offsets(point_[0] - most, point_[0] - least);
    }
  }
  /// An intercept that with the offsets, and nothing else, comes near the number of events: far from it all rows seem certain,
  /// and no second derivative is left to go by. Between the two the sum of the residuals falls through 0.
  [[nodiscard]] double beside_offsets(double low, double high) {
    std::vector<double> point(size_, 0.0);
    while (high - low > 1.0) {
      point[0] = low + (high - low) / 2.0;
      (sums_.at(point).score[0] > 0.0 ? low : high) = point[0];
    }
    return low + (high - low) / 2.0;
  }

  [[nodiscard]] value at(const std::vector<double>& point) const {
    logistic_sums::sums sums = sums_.at(point);
    value made;
    made.log_likelihood = sums.log_likelihood;
    made.gradient = std::move(sums.score);
    made.hessian = std::move(sums.information);
    math::real total(made.log_likelihood);
    for (std::size_t i = 0; i < size_; ++i) {
      const math::real pull = math::real(ridge_[i]) * point[i];
      total -= math::real(0.5) * pull * point[i] + math::real(rules_[i].absolute) * std::fabs(point[i]);
      made.gradient[i] = math::value_of(math::real(made.gradient[i]) - pull);
      made.hessian[i * size_ + i] += ridge_[i];
    }
    if (options_.firth) {
      const stats::cholesky factor(made.hessian, size_, 1e-15);
      if (!factor.is_definite()) {
        made.value = -std::numeric_limits<double>::infinity();
        return made;
      }
      for (std::size_t i = 0; i < size_; ++i)
        total += math::log(factor.lower()[i * size_ + i]);
      const std::vector<double> more = sums_.firth_score(point, factor);
      for (std::size_t i = 0; i < size_; ++i)
        made.gradient[i] += more[i];
    }
    made.value = math::value_of(total);
    return made;
  }

  /// Looks for columns that are combinations of others, while the weights of the rows still say nothing of the outcomes.
  bool independent(logistic_state& found) {
    if (options_.l2 > 0.0)
      return true;
    const stats::cholesky factor(here_.hessian, size_, 1e-11);
    for (const std::size_t one : factor.dependent()) {
      if (one < sums_.lead())
        continue;
      collinear_column told{one - sums_.lead(), {}};
      const std::vector<double> shares = factor.combination(one);
      for (std::size_t k = sums_.lead(); k < one; ++k) {
        if (std::fabs(shares[k]) > 1e-6)
          told.of.push_back(k - sums_.lead());
      }
      if (sums_.constant()[told.column])
        told.of.clear();
      collinear_.push_back(std::move(told));
    }
    found = logistic_state::collinear;
    return collinear_.empty();
  }

  [[nodiscard]] std::vector<double> step(const stats::cholesky& factor) const {
    if (!ruled_)
      return factor.solve(here_.gradient);
    // The best point of the quadratic model, whose gradient at 0 is g + H point.
    std::vector<double> linear(size_);
    for (std::size_t i = 0; i < size_; ++i) {
      math::real sum(here_.gradient[i]);
      for (std::size_t j = 0; j < size_; ++j)
        sum += math::real(here_.hessian[i * size_ + j]) * point_[j];
      linear[i] = math::value_of(sum);
    }
    std::vector<double> to = penalised_maximum(linear, here_.hessian, rules_, point_);
    for (std::size_t i = 0; i < size_; ++i)
      to[i] -= point_[i];
    return to;
  }

  /// Goes along the step as far as it gains something. \param near  it is taken whole, or not at all where it loses more than rounding does
  bool move(const std::vector<double>& step, bool near) {
    double share = 1.0;
    for (int halving = 0; halving < 40; ++halving, share *= 0.5) {
      std::vector<double> to(size_);
      for (std::size_t i = 0; i < size_; ++i) {
        to[i] = math::value_of(math::real(point_[i]) + math::real(share) * step[i]);
        // What a whole step sets to 0 is 0, whatever the rounding of there and back.
        if (share == 1.0 && point_[i] != 0.0 && step[i] == -point_[i])
          to[i] = 0.0;
      }
      value there = at(to);
      const double slack = near ? 1e-12 * (std::fabs(here_.log_likelihood) + std::fabs(here_.value)) : 0.0;
      if (there.value > here_.value - slack) {
        point_ = std::move(to);
        here_ = std::move(there);
        return true;
      }
      if (near)
        return false;
    }
    return false;
  }

  /// Whether the last step is a direction in which the likelihood rises for ever.
  bool is_separated() {
    if (options_.l1 > 0.0 || options_.l2 > 0.0 || options_.firth || step_.empty())
      return false;
    separation_ = find_separation(sums_, step_);
    return separation_.found;
  }
  logistic_state separated_or(logistic_state other) {
    return is_separated() ? logistic_state::separated : other;
  }

  /// In the columns as they came: x = centre + scale z.
  [[nodiscard]] std::vector<double> covariance() const {
    const std::size_t lead = sums_.lead();
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < size_; ++i) {
      if (point_[i] != 0.0 || (rules_[i].absolute == 0.0 && rules_[i].sign == 0))
        free.push_back(i);
    }
    const std::size_t m = free.size();
    std::vector<double> part(m * m);
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t j = 0; j < m; ++j)
        part[i * m + j] = here_.hessian[free[i] * size_ + free[j]];
    const stats::cholesky factor(part, m, 1e-15);
    if (!factor.is_definite())
      return {};
    const std::vector<double> inverse = factor.inverse();
    std::vector<double> made(size_ * size_, 0.0);
    for (std::size_t i = 0; i < m; ++i)
      for (std::size_t j = 0; j < m; ++j)
        made[free[i] * size_ + free[j]] = inverse[i * m + j];
    for (std::size_t i = lead; i < size_; ++i)
      for (std::size_t j = 0; j < size_; ++j) {
        made[i * size_ + j] *= 1.0 / sums_.scale()[i - lead];
        made[j * size_ + i] *= 1.0 / sums_.scale()[i - lead];
      }
    if (lead == 0)
      return made;
    // The intercept of the columns as they came is the one within less the sum of coefficient x centre.
    std::vector<double> with_intercept(size_);
    math::real own(made[0]);
    for (std::size_t j = 1; j < size_; ++j) {
      math::real sum(made[j]);
      for (std::size_t i = 1; i < size_; ++i)
        sum -= math::real(sums_.centre()[i - 1]) * made[i * size_ + j];
      with_intercept[j] = math::value_of(sum);
      own -= math::real(sums_.centre()[j - 1]) * (math::real(made[j]) + sum);
    }
    made[0] = math::value_of(own);
    for (std::size_t j = 1; j < size_; ++j)
      made[j] = made[j * size_] = with_intercept[j];
    return made;
  }

  const logistic_sums& sums_;
  const logistic_options& options_;
  std::size_t size_;
  std::vector<coefficient_rule> rules_;
  std::vector<double> ridge_;
  std::vector<double> point_;
  std::vector<double> step_;
  value here_;
  bool ruled_ = false;
  int steps_ = 0;
  std::vector<collinear_column> collinear_;
  logistic_separation separation_;
};

/// What the intercept and the offset say alone; NaN where no maximum of that was found.
[[nodiscard]] inline double null_log_likelihood(const logistic_rows& rows, bool intercept,
                                                const logistic_sums& sums) {
  using math::real;
  if (intercept && rows.offset.empty()) {
    const real trials(sums.trials());
    const real events(sums.events());
    return math::value_of(events * math::log(events / trials) +
                          (trials - events) * math::log((trials - events) / trials));
  }
  const logistic_rows none{{}, rows.events, rows.trials, rows.offset};
  const logistic_sums alone(none, intercept, sums.how());
  if (!intercept)
    return alone.at({}).log_likelihood;
  const logistic_options plain{};
  logistic_search search(alone, plain);
  if (search.run() != logistic_state::converged)
    return std::numeric_limits<double>::quiet_NaN();
  logistic_fit fit;
  search.tell(fit);
  return fit.log_likelihood;
}

} // namespace detail

} // namespace emptor::stats

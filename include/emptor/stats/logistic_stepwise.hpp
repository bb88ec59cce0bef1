// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/stats/logistic_regression.hpp>
#include <emptor/stats/logistic_tests.hpp>

/// Stepwise choice of columns of a logistic regression (逐步回归). What it finds is a model, and no test of one: the p-values of the
/// columns that were chosen are too small.
namespace emptor::stats {

/// What a step must improve.
enum class stepwise_criterion {
  aic, ///< each step takes the change that lowers Akaike's criterion most
  bic, ///< the same with the Bayesian criterion
  p,   ///< leaves out by Wald's test, takes in by the score test
};

/// How columns come in and go.
struct stepwise_options {
  stepwise_criterion criterion = stepwise_criterion::aic;
  bool may_add = true;
  bool may_remove = true;
  bool begins_full = true;    ///< with all columns; else with those that are always in
  std::vector<bool> always{}; ///< columns that stay; empty = none
  double p_enter = 0.05;      ///< of `p`: what comes in has a smaller p-value
  double p_remove = 0.1;      ///< of `p`: what goes has a larger one
  std::size_t most_moves = 2000;
};

/// A column that came in or went, and the criterion after it.
struct stepwise_move {
  std::size_t column = 0;
  bool added = false;
  double criterion = 0.0; ///< after the move; of `p` the p-value that decided
  double deviance = 0.0;  ///< after it
};

/// What was chosen, the steps to it, and its fit.
struct stepwise_choice {
  std::vector<std::size_t> chosen; ///< in the order of the columns
  logistic_fit fit;                ///< of these
  std::vector<stepwise_move> moves;
  /// Whether no further change was wanted. Otherwise a set of columns came again (of `p`), or the moves ran out.
  bool settled = false;
};

namespace detail {

class stepwise_search {
public:
  stepwise_search(std::string_view where, const logistic_rows& rows, std::span<const std::string> names,
                  const logistic_options& fit, const stepwise_options& options, const run& how)
      : where_(where)
      , rows_(rows)
      , names_(names)
      , fit_(fit)
      , options_(options)
      , how_(how)
      , always_(rows.columns.size(), false) {
    if (!options.always.empty())
      always_ = options.always;
  }

  stepwise_choice run_all() {
    std::vector<bool> in(rows_.columns.size());
    for (std::size_t j = 0; j < in.size(); ++j)
      in[j] = options_.begins_full || always_[j];
    here_ = model_of(in, nullptr);
    std::set<std::vector<bool>> seen{in};
    while (here_.fit.state == logistic_state::converged && made_.moves.size() < options_.most_moves) {
      how_.check(static_cast<double>(made_.moves.size()) / static_cast<double>(made_.moves.size() + 10));
      std::optional<change> next =
          options_.criterion == stepwise_criterion::p ? by_p_value() : by_criterion();
      if (!next) {
        made_.settled = true;
        break;
      }
      in[next->move.column] = next->move.added;
      if (!seen.insert(in).second)
        break;
      here_ = std::move(next->to);
      made_.moves.push_back(next->move);
    }
    made_.chosen = here_.chosen;
    made_.fit = std::move(here_.fit);
    return std::move(made_);
  }

private:
  struct model {
    std::vector<std::size_t> chosen;
    logistic_fit fit;
  };
  struct change {
    stepwise_move move;
    model to;
  };

  /// \param from  a model whose coefficients it begins with, or null
  [[nodiscard]] model model_of(const std::vector<bool>& in, const model* from) const {
    model made;
    logistic_rows rows{{}, rows_.events, rows_.trials, rows_.offset};
    logistic_options options = fit_;
    options.signs.clear();
    options.start.clear();
    std::vector<std::string> names;
    if (from != nullptr && options.intercept)
      options.start.push_back(from->fit.intercept);
    for (std::size_t j = 0; j < in.size(); ++j) {
      if (!in[j])
        continue;
      made.chosen.push_back(j);
      rows.columns.push_back(rows_.columns[j]);
      names.push_back(names_[j]);
      if (!fit_.signs.empty())
        options.signs.push_back(fit_.signs[j]);
      if (from != nullptr) {
        const auto at = std::find(from->chosen.begin(), from->chosen.end(), j);
        options.start.push_back(
            at == from->chosen.end()
                ? 0.0
                : from->fit.coefficients[static_cast<std::size_t>(at - from->chosen.begin())]);
      }
    }
    const run quiet{
        .threads = how_.threads, .cancel = how_.cancel, .parallel_for = how_.parallel_for, .user = how_.user};
    made.fit = fit_logistic(where_, rows, names, options, quiet);
    return made;
  }
  [[nodiscard]] std::vector<bool> here_in() const {
    std::vector<bool> in(rows_.columns.size(), false);
    for (const std::size_t j : here_.chosen)
      in[j] = true;
    return in;
  }
  [[nodiscard]] double criterion_of(const logistic_fit& fit) const {
    return options_.criterion == stepwise_criterion::aic ? akaike_criterion(fit) : bayesian_criterion(fit);
  }

  /// The change that lowers the criterion most; among equal ones what leaves out comes first, then the first column.
  [[nodiscard]] std::optional<change> by_criterion() const {
    std::optional<change> best;
    double lowest = criterion_of(here_.fit);
    for (const bool adds : {false, true}) {
      if (!(adds ? options_.may_add : options_.may_remove))
        continue;
      const std::vector<bool> in = here_in();
      for (std::size_t j = 0; j < in.size(); ++j) {
        if (in[j] == adds || always_[j])
          continue;
        std::vector<bool> other = in;
        other[j] = adds;
        model to = model_of(other, &here_);
        if (to.fit.state != logistic_state::converged)
          continue; // a combination of the others, or one that separates
        const double there = criterion_of(to.fit);
        if (!(there < lowest - 1e-9 * (1.0 + std::fabs(lowest))))
          continue;
        lowest = there;
        best = change{{j, adds, there, to.fit.deviance()}, std::move(to)};
      }
    }
    return best;
  }

  [[nodiscard]] std::optional<change> by_p_value() const {
    const std::vector<bool> in = here_in();
    std::vector<std::pair<double, std::size_t>> wanted; // by p-value, then by column
    bool adds = false;
    if (options_.may_remove) {
      for (std::size_t k = 0; k < here_.chosen.size(); ++k) {
        const double p = wald_test(here_.fit, k).p_value;
        if (!always_[here_.chosen[k]] && p > options_.p_remove)
          wanted.emplace_back(-p, here_.chosen[k]);
      }
    }
    if (wanted.empty() && options_.may_add) {
      adds = true;
      const std::vector<logistic_test> tests = score_tests(rows_, here_.chosen, here_.fit, how_);
      for (std::size_t j = 0; j < in.size(); ++j) {
        if (!in[j] && tests[j].p_value < options_.p_enter)
          wanted.emplace_back(tests[j].p_value, j);
      }
    }
    std::sort(wanted.begin(), wanted.end());
    for (const auto& [p, j] : wanted) {
      std::vector<bool> other = in;
      other[j] = adds;
      model to = model_of(other, &here_);
      if (to.fit.state != logistic_state::converged)
        continue;
      const double deviance = to.fit.deviance();
      return change{{j, adds, std::fabs(p), deviance}, std::move(to)};
    }
    return std::nullopt;
  }

  std::string_view where_;
  const logistic_rows& rows_;
  std::span<const std::string> names_;
  const logistic_options& fit_;
  const stepwise_options& options_;
  const run& how_;
  std::vector<bool> always_;
  model here_;
  stepwise_choice made_;
};

} // namespace detail

/// \param names of the columns  \param fit  how each model is fitted
/// \throws error as `fit_logistic`; status::option for l1 or l2, whose models have no such criteria, and for a p_remove below p_enter
[[nodiscard]] inline stepwise_choice choose_stepwise(std::string_view where, const logistic_rows& rows,
                                                     std::span<const std::string> names,
                                                     const logistic_options& fit,
                                                     const stepwise_options& options, const run& how = {}) {
  if (fit.l1 > 0.0 || fit.l2 > 0.0 || fit.firth)
    throw error(status::option,
                std::string(where) + ": a stepwise choice goes by the likelihood, without penalties");
  if (options.criterion == stepwise_criterion::p && !(options.p_remove >= options.p_enter))
    throw error(status::option,
                std::string(where) + ": p_remove must not be below p_enter, or what came in would go again");
  return detail::stepwise_search(where, rows, names, fit, options, how).run_all();
}

} // namespace emptor::stats

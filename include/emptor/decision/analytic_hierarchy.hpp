// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/run.hpp>
#include <emptor/decision/analytic_hierarchy_report.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/criteria_hierarchy.hpp>
#include <emptor/stats/pairwise_comparison.hpp>
#include <emptor/stats/pairwise_completion.hpp>
#include <emptor/stats/random_index.hpp>

/// The analytic hierarchy process (层次分析法, AHP): from judgements in pairs to the weights of criteria, and of alternatives that are
/// compared under each of them. Source: T. L. Saaty, The Analytic Hierarchy Process, 1980; groups as in E. Forman and
/// K. Peniwati 1998; missing judgements as in pairwise_completion.hpp.
namespace emptor::decision {

namespace detail {

/// Priorities and consistency of one matrix that hangs together.
struct solved_matrix {
  stats::pairwise_matrix complete;
  std::vector<double> weights;
  stats::pairwise_consistency consistency;
};
[[nodiscard]] inline solved_matrix solve(const stats::pairwise_matrix& from, priority_method method,
                                         std::string_view below, const run& how) {
  const std::vector<double> logs = stats::least_squares_logs(from);
  solved_matrix made{.complete = from, .weights = stats::shares_of_logs(logs), .consistency = {}};
  if (method == priority_method::eigenvector) {
    stats::optimal_completion completion = stats::completed_by_eigenvalue(from, how);
    if (!completion.converged)
      throw error(status::not_converged, std::string(analytic_hierarchy_name) + ": the missing judgements " +
                                             std::string(below) + " have no minimum of lambda max within " +
                                             std::to_string(completion.iterations) + " steps");
    made.complete = std::move(completion.matrix);
  } else {
    made.complete = stats::completed_by_ratios(from, logs);
  }
  made.consistency = stats::consistency_of(made.complete);
  if (method == priority_method::eigenvector || from.size() == 2)
    made.weights = made.consistency.eigenvector;
  return made;
}

[[nodiscard]] inline matrix_figures figures_of(const stats::pairwise_consistency& of,
                                               const analytic_hierarchy_options& options) {
  const std::size_t n = of.eigenvector.size();
  matrix_figures made{.lambda_max = of.lambda_max(),
                      .index = of.index(),
                      .random = stats::random_index(options.random_index, n)};
  if (!std::isnan(made.random)) {
    made.ratio = n < 3 ? 0.0 : made.index / made.random;
    made.verdict = made.ratio < options.consistency_limit ? consistency_verdict::consistent
                                                          : consistency_verdict::inconsistent;
  }
  return made;
}

} // namespace detail

/// From judgements to weights.
class analytic_hierarchy {
public:
  /// \param weights  of respondents; whoever is not there has 1
  analytic_hierarchy(std::span<const hierarchy_judgement> judgements,
                     const std::map<std::string_view, double>& weights,
                     const analytic_hierarchy_options& options, const run& how)
      : judgements_(judgements)
      , respondent_weights_(weights)
      , options_(options)
      , how_(how) {}

  /// \throws error status::data for judgements that contradict each other or do not hang together, criteria that go round
  /// in a circle, and too many of them; status::not_converged; status::cancelled
  [[nodiscard]] analytic_hierarchy_report report() {
    std::vector<stats::criterion_link> links;
    for (const hierarchy_judgement& one : judgements_) {
      links.push_back({one.parent, one.left});
      links.push_back({one.parent, one.right});
    }
    analytic_hierarchy_report made;
    made.hierarchy = stats::criteria_hierarchy(analytic_hierarchy_name, links);
    const std::vector<stats::criteria_hierarchy::node>& nodes = made.hierarchy.nodes();
    made.local.resize(nodes.size());
    std::vector<std::vector<std::size_t>> rows(nodes.size());
    for (std::size_t row = 0; row < judgements_.size(); ++row)
      rows[made.hierarchy.place_of(judgements_[row].parent)].push_back(row);
    std::size_t done = 0;
    for (const std::size_t node : made.hierarchy.order()) {
      if (made.hierarchy.is_leaf(node))
        continue;
      how_.check(static_cast<double>(done) / static_cast<double>(judgements_.size()));
      done += rows[node].size();
      made.matrices.push_back(matrix_of(nodes, node, rows[node]));
      made.local[node] = made.matrices.back().weights;
    }
    made.global = made.hierarchy.global_weights(made.local);
    return made;
  }

private:
  using nodes_type = std::vector<stats::criteria_hierarchy::node>;

  [[nodiscard]] judged_matrix matrix_of(const nodes_type& nodes, std::size_t node,
                                        std::span<const std::size_t> rows) {
    names_.clear();
    for (const std::size_t child : nodes[node].children)
      names_.push_back(nodes[child].name.value_or(std::string_view{}));
    below_ = nodes[node].name ? "below " + shortened(*nodes[node].name) : "below the goal";
    const std::size_t n = names_.size();
    if (n > stats::most_compared)
      throw error(status::data,
                  message(analytic_hierarchy_name, "number of criteria " + below_, -1, std::to_string(n),
                          "at most " + std::to_string(stats::most_compared)));
    judged_matrix made{.node = node, .weights = {}, .figures = {}, .pairs = {}, .repairs = {}, .each = {}};
    std::vector<math::real> sums(n * n, math::real(0.0)); // logarithms by the weights of who judges
    std::vector<math::real> weights(n * n, math::real(0.0));
    std::vector<math::real> priorities(n, math::real(0.0)); // of all, or their logarithms
    math::real everybody(0.0);
    stats::pairwise_matrix group(n);
    std::vector<std::uint8_t> judges(n * n, 0); // 0, 1, 2 = more than one
    for (std::size_t first = 0, last = 0; first < rows.size(); first = last) {
      const std::optional<std::string_view> who = judgements_[rows[first]].respondent;
      while (last < rows.size() && judgements_[rows[last]].respondent == who)
        ++last;
      stop_if_cancelled();
      const stats::pairwise_matrix own = own_matrix(rows.subspan(first, last - first));
      const double weight = weight_of(who);
      ++made.respondents;
      everybody += weight;
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i + 1; j < n; ++j) {
          if (!own.has(i, j))
            continue;
          const std::size_t at = i * n + j;
          sums[at] += math::real(weight) * math::log(own.at(i, j));
          weights[at] += weight;
          judges[at] = judges[at] == 0 ? 1 : 2;
          group.set(i, j, judges[at] == 1 ? own.at(i, j) : math::exp(math::value_of(sums[at] / weights[at])));
        }
      }
      const bool by_priorities = options_.aggregation == judgement_aggregation::individual_priorities;
      if (by_priorities || who)
        add_respondent(made, own, who, weight, by_priorities, priorities);
    }
    add_group(made, group);
    if (options_.aggregation == judgement_aggregation::individual_priorities)
      made.weights = mean_of(priorities, everybody);
    return made;
  }

  void stop_if_cancelled() const {
    if (how_.cancelled())
      throw error(status::cancelled, "cancelled by the caller");
  }

  [[nodiscard]] double weight_of(std::optional<std::string_view> who) const {
    if (!who)
      return 1.0;
    const auto found = respondent_weights_.find(*who);
    return found == respondent_weights_.end() ? 1.0 : found->second;
  }

  /// What one respondent said; saying the same twice, or its reciprocal the other way round, is saying it once.
  [[nodiscard]] stats::pairwise_matrix own_matrix(std::span<const std::size_t> rows) const {
    constexpr double same = 1e-6; // 0.3333333 is the reciprocal of 3
    stats::pairwise_matrix made(names_.size());
    for (const std::size_t row : rows) {
      const hierarchy_judgement& one = judgements_[row];
      const std::size_t left = place_of(one.left);
      const std::size_t right = place_of(one.right);
      const double held = made.at(left, right);
      if (!std::isnan(held) && !(std::fabs(one.preference / held - 1.0) <= same))
        throw error(status::data,
                    message(analytic_hierarchy_name,
                            "preference of " + shortened(one.left) + " over " + shortened(one.right) + " " +
                                below_ + (one.respondent ? " by " + shortened(*one.respondent) : ""),
                            -1, to_text(one.preference),
                            left == right ? "1, of a criterion over itself"
                                          : to_text(held) + " as another row says"));
      if (std::isnan(held))
        made.set(left, right, one.preference);
    }
    return made;
  }
  [[nodiscard]] std::size_t place_of(std::string_view name) const {
    return static_cast<std::size_t>(std::lower_bound(names_.begin(), names_.end(), name) - names_.begin());
  }

  /// \throws error status::data that names the criteria which nothing connects with the others
  void check_connected(const stats::pairwise_matrix& of, std::optional<std::string_view> who) const {
    const std::vector<std::size_t> parts = of.parts();
    std::vector<std::string_view> apart;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i] != 0)
        apart.push_back(names_[i]);
    }
    if (apart.empty())
      return;
    throw error(status::data, std::string(analytic_hierarchy_name) + ": no judgement " + below_ +
                                  (who ? " by " + shortened(*who) : "") + " connects " +
                                  listed(std::span<const std::string_view>(apart)) + " with " +
                                  shortened(names_.front()));
  }
  /// \throws error status::data where ratios that follow from the judgements are beyond all measure
  void check_range(const stats::pairwise_matrix& of) const {
    constexpr double widest = 230.0; // 1e100
    const std::vector<double> logs = stats::least_squares_logs(of);
    const auto [least, greatest] = std::minmax_element(logs.begin(), logs.end());
    if (*greatest - *least <= widest)
      return;
    throw error(status::data, std::string(analytic_hierarchy_name) + ": the judgements " + below_ + " make " +
                                  shortened(names_[static_cast<std::size_t>(greatest - logs.begin())]) +
                                  " more than 1e+100 times as important as " +
                                  shortened(names_[static_cast<std::size_t>(least - logs.begin())]));
  }

  void add_respondent(judged_matrix& to, const stats::pairwise_matrix& own,
                      std::optional<std::string_view> who, double weight, bool by_priorities,
                      std::vector<math::real>& priorities) const {
    judged_respondent made{.name = who.value_or(std::string_view{}),
                           .weight = weight,
                           .judgements = own.judgements(),
                           .figures = {},
                           .priorities = {}};
    if (by_priorities)
      check_connected(own, who);
    if (own.is_connected()) {
      check_range(own);
      made.state = own.is_complete() ? respondent_state::complete : respondent_state::completed;
      detail::solved_matrix solved = detail::solve(own, options_.method, below_, how_);
      made.figures = detail::figures_of(solved.consistency, options_);
      made.priorities = std::move(solved.weights);
    } else {
      made.state = respondent_state::unconnected;
    }
    for (std::size_t i = 0; by_priorities && i < made.priorities.size(); ++i)
      priorities[i] +=
          math::real(weight) *
          (options_.mean == priority_mean::geometric ? math::log(made.priorities[i]) : made.priorities[i]);
    if (who)
      to.each.push_back(std::move(made));
  }

  /// Means of the priorities, made to add up to 1.
  [[nodiscard]] std::vector<double> mean_of(std::span<const math::real> sums, math::real weight) const {
    std::vector<double> means;
    for (const math::real one : sums)
      means.push_back(math::value_of(one / weight));
    if (options_.mean == priority_mean::geometric)
      return stats::shares_of_logs(means);
    math::real all(0.0);
    for (const double one : means)
      all += one;
    for (double& one : means)
      one = math::value_of(one / all);
    return means;
  }

  void add_group(judged_matrix& to, const stats::pairwise_matrix& group) const {
    check_connected(group, std::nullopt);
    check_range(group);
    const std::size_t n = group.size();
    detail::solved_matrix solved = detail::solve(group, options_.method, below_, how_);
    const std::vector<double> logs = stats::least_squares_logs(group);
    to.judgements = group.judgements();
    to.weights = std::move(solved.weights);
    to.figures = detail::figures_of(solved.consistency, options_);
    to.geometric_consistency = stats::geometric_consistency(group, logs);
    math::real all(0.0);
    std::vector<double> errors;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; j < n; ++j) {
        const math::real off =
            math::real(math::log(solved.complete.at(i, j))) - (math::real(logs[i]) - logs[j]);
        const bool by_eigenvector = options_.method == priority_method::eigenvector;
        errors.push_back(by_eigenvector ? solved.consistency.errors[i * n + j]
                                        : math::value_of(abs(off) > 1e-14 ? off * off : math::real(0.0)));
        all += errors.back();
        to.pairs.push_back({.left = i,
                            .right = j,
                            .preference = solved.complete.at(i, j),
                            .source = group.has(i, j) ? judgement_source::given : judgement_source::completed,
                            .fitted = math::value_of(math::real(to.weights[i]) / to.weights[j])});
      }
    }
    for (std::size_t i = 0; i < errors.size() && math::value_of(all) > 0.0; ++i)
      to.pairs[i].error_share = math::value_of(errors[i] / all);
    add_repairs(to, group);
  }

  /// The judgements with the greatest parts of the error, each with what stands in its place if nobody had given it.
  void add_repairs(judged_matrix& to, const stats::pairwise_matrix& group) const {
    std::vector<std::size_t> worst;
    for (std::size_t i = 0; i < to.pairs.size(); ++i) {
      if (to.pairs[i].source == judgement_source::given && to.pairs[i].error_share > 0.0)
        worst.push_back(i);
    }
    std::stable_sort(worst.begin(), worst.end(), [&](std::size_t x, std::size_t y) {
      return to.pairs[x].error_share > to.pairs[y].error_share;
    });
    for (const std::size_t pair : worst) {
      if (to.repairs.size() >= options_.repairs)
        break;
      stop_if_cancelled();
      const judged_pair& one = to.pairs[pair];
      stats::pairwise_matrix without = group;
      without.remove(one.left, one.right);
      if (!without.is_connected())
        continue;
      const detail::solved_matrix solved = detail::solve(without, options_.method, below_, how_);
      to.repairs.push_back({.pair = pair,
                            .preference = solved.complete.at(one.left, one.right),
                            .ratio_after = detail::figures_of(solved.consistency, options_).ratio});
    }
  }

  std::span<const hierarchy_judgement> judgements_; ///< those of a respondent beside each other
  const std::map<std::string_view, double>& respondent_weights_;
  analytic_hierarchy_options options_;
  const run& how_;
  std::vector<std::string_view> names_; ///< of what the matrix at hand compares
  std::string below_;
};

} // namespace emptor::decision

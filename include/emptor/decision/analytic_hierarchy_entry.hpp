// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/decision/analytic_hierarchy.hpp>
#include <emptor/decision/analytic_hierarchy_description.hpp>
#include <emptor/decision/criteria_rows.hpp>
#include <emptor/stats/held_columns.hpp>
#include <emptor/stats/rows.hpp>

/// From a store of judgements to the tables of the analytic hierarchy process.
namespace emptor::decision {

namespace detail {

/// The judgements that a store holds, those of a respondent beside each other; the texts are borrowed.
[[nodiscard]] inline std::vector<hierarchy_judgement> judgements_of(const table& from) {
  std::vector<hierarchy_judgement> made;
  const stats::held_texts respondents(from, "respondent");
  const stats::held_texts parents(from, "parent");
  const stats::held_texts lefts(from, "left");
  const stats::held_texts rights(from, "right");
  const stats::held_numbers preferences(from, "preference");
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    hierarchy_judgement one{.left = lefts[row], .right = rights[row], .preference = preferences[row]};
    if (respondents.has(row))
      one.respondent = respondents[row];
    if (parents.has(row))
      one.parent = parents[row];
    made.push_back(one);
  }
  return made;
}

/// \throws error status::data for a respondent who is there twice, status::unknown_name for one who judges nothing
[[nodiscard]] inline std::map<std::string_view, double>
respondent_weights_of(const table& from, std::span<const hierarchy_judgement> judgements) {
  std::vector<std::string_view> judges;
  for (const hierarchy_judgement& one : judgements) {
    if (one.respondent && (judges.empty() || judges.back() != *one.respondent))
      judges.push_back(*one.respondent);
  }
  std::map<std::string_view, double> made;
  const stats::held_texts respondents(from, "respondent");
  const stats::held_numbers weights(from, "weight");
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    if (!std::binary_search(judges.begin(), judges.end(), respondents[row]))
      throw unknown_in_rows(analytic_hierarchy_name, "respondent", respondents[row], judges);
    if (!made.emplace(respondents[row], weights[row]).second)
      throw error(status::data, message(analytic_hierarchy_name, "respondent " + shortened(respondents[row]),
                                        -1, "in the table respondents twice", "there once"));
  }
  return made;
}

/// Writes a report into the tables of the description.
class hierarchy_tables {
public:
  hierarchy_tables(const analytic_hierarchy_report& report, const analytic_hierarchy_options& options)
      : report_(report)
      , nodes_(report.hierarchy.nodes())
      , options_(options) {}

  [[nodiscard]] std::vector<table> made() {
    add_weights();
    for (const judged_matrix& one : report_.matrices) {
      add_priorities(one);
      add_matrix(one);
      add_respondents(one);
    }
    add_levels();
    std::vector<table> all;
    for (described_table& one : tables_)
      all.push_back(std::move(one).made());
    return all;
  }

private:
  described_table& below(std::size_t which, const judged_matrix& one) {
    const std::optional<std::string_view> name = nodes_[one.node].name;
    return name ? tables_[which].text(*name) : tables_[which].no_text();
  }
  [[nodiscard]] std::string_view child(const judged_matrix& of, std::size_t place) const {
    return *nodes_[nodes_[of.node].children[place]].name;
  }

  void add_weights() {
    std::vector<std::size_t> leaves;
    std::vector<double> weights;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (!report_.hierarchy.is_leaf(i))
        continue;
      leaves.push_back(i);
      weights.push_back(report_.global[i]);
    }
    const std::vector<std::int64_t> ranks = criteria_ranks(weights);
    for (std::size_t i = 0; i < leaves.size(); ++i)
      tables_[0].text(*nodes_[leaves[i]].name).number(weights[i]).whole(ranks[i]);
  }
  void add_priorities(const judged_matrix& one) {
    for (std::size_t i = 0; i < one.weights.size(); ++i) {
      const std::size_t at = nodes_[one.node].children[i];
      below(1, one)
          .text(child(one, i))
          .number(one.weights[i])
          .number(math::value_of(math::real(one.weights[i]) * report_.global[one.node]))
          .whole(static_cast<std::int64_t>(nodes_[at].depth))
          .truth(report_.hierarchy.is_leaf(at));
    }
  }
  void add_matrix(const judged_matrix& one) {
    const std::size_t n = one.weights.size();
    below(2, one)
        .whole(static_cast<std::int64_t>(n))
        .whole(static_cast<std::int64_t>(one.respondents))
        .whole(static_cast<std::int64_t>(one.judgements))
        .whole(static_cast<std::int64_t>(n * (n - 1) / 2 - one.judgements))
        .level(options_.method)
        .number(one.figures.lambda_max)
        .number(one.figures.index)
        .level(options_.random_index)
        .number(one.figures.random)
        .number(one.figures.ratio)
        .level(one.figures.verdict)
        .number(one.geometric_consistency);
    for (const judged_pair& pair : one.pairs)
      below(3, one)
          .text(child(one, pair.left))
          .text(child(one, pair.right))
          .number(pair.preference)
          .level(pair.source)
          .number(pair.fitted)
          .number(pair.error_share);
    std::int64_t rank = 0;
    for (const judgement_repair& repair : one.repairs) {
      const judged_pair& pair = one.pairs[repair.pair];
      below(4, one)
          .whole(++rank)
          .text(child(one, pair.left))
          .text(child(one, pair.right))
          .number(pair.preference)
          .number(pair.error_share)
          .number(repair.preference)
          .number(repair.ratio_after);
    }
  }
  void add_respondents(const judged_matrix& one) {
    for (const judged_respondent& who : one.each) {
      const bool told = who.state != respondent_state::unconnected;
      below(6, one)
          .text(who.name)
          .number(who.weight)
          .whole(static_cast<std::int64_t>(who.judgements))
          .level(who.state)
          .number(who.figures.lambda_max)
          .number(who.figures.ratio)
          .code(told ? static_cast<std::int32_t>(who.figures.verdict) : -1);
      for (std::size_t i = 0; i < who.priorities.size(); ++i)
        below(7, one).text(who.name).text(child(one, i)).number(who.priorities[i]);
    }
  }
  /// Consistency of a level: means by the global weights of those below which it is compared.
  void add_levels() {
    struct level {
      std::int64_t matrices = 0;
      math::real index;
      math::real random;
    };
    std::map<std::size_t, level> levels;
    for (const judged_matrix& one : report_.matrices) {
      level& at = levels[nodes_[one.node].depth + 1];
      ++at.matrices;
      at.index += math::real(report_.global[one.node]) * one.figures.index;
      at.random += math::real(report_.global[one.node]) * one.figures.random;
    }
    for (const auto& [depth, one] : levels) {
      const bool none = math::value_of(one.random) == 0.0;
      tables_[5]
          .whole(static_cast<std::int64_t>(depth))
          .whole(one.matrices)
          .number(math::value_of(one.index))
          .number(math::value_of(one.random))
          .number(none ? 0.0 : math::value_of(one.index / one.random));
    }
  }

  const analytic_hierarchy_report& report_;
  const std::vector<stats::criteria_hierarchy::node>& nodes_;
  analytic_hierarchy_options options_;
  std::vector<described_table> tables_ = empty_tables(analytic_hierarchy_outputs);
};

} // namespace detail

/// From a store of kind `rows` made for this entry.
/// \throws error as analytic_hierarchy; status::too_few without a judgement; status::unknown_name for a respondent who judges nothing
[[nodiscard]] inline result finish_analytic_hierarchy(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
  const option_values& given = request.options;
  const std::vector<table> held = from.contents();
  const analytic_hierarchy_options options{
      .method = given.choice<priority_method>("method", priority_methods),
      .random_index = given.choice<stats::random_index_table>("random_index", stats::random_index_tables),
      .aggregation = given.choice<judgement_aggregation>("aggregation", judgement_aggregations),
      .mean = given.choice<priority_mean>("priority_mean", priority_means),
      .consistency_limit = given.number("consistency_limit"),
      .repairs = static_cast<std::size_t>(given.integer("repairs"))};
  const std::vector<hierarchy_judgement> judgements = detail::judgements_of(held[0]);
  if (judgements.empty())
    throw error(status::too_few, std::string(analytic_hierarchy_name) +
                                     ": the table judgements has no rows; at least 1 is needed");
  const std::map<std::string_view, double> weights = detail::respondent_weights_of(held[1], judgements);
  const analytic_hierarchy_report report =
      analytic_hierarchy(judgements, weights, options, request.how).report();
  return {detail::hierarchy_tables(report, options).made(), nullptr};
}

inline constexpr entry analytic_hierarchy_entry{.description = &analytic_hierarchy_description,
                                                .finish = &finish_analytic_hierarchy};

} // namespace emptor::decision

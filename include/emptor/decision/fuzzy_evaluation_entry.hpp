// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
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

#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/decision/criteria_rows.hpp>
#include <emptor/decision/fuzzy_evaluation_description.hpp>
#include <emptor/stats/criteria_hierarchy.hpp>
#include <emptor/stats/fuzzy_evaluation.hpp>
#include <emptor/stats/held_columns.hpp>
#include <emptor/stats/rows.hpp>

/// From a store of weights, grades and memberships or ratings to verdicts.
namespace emptor::decision {

/// Grades from the best to the worst. Names are borrowed.
struct graded_scale {
  std::vector<std::string_view> names;
  std::vector<double> scores;

  /// \throws error status::unknown_name
  [[nodiscard]] std::size_t place_of(std::string_view name) const {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
      throw unknown_in_rows(fuzzy_evaluation_name, "grade", name, names);
    return static_cast<std::size_t>(found - names.begin());
  }
};

/// Criteria in a hierarchy, each with weights of its parts that add up to 1.
struct weighed_hierarchy {
  stats::criteria_hierarchy tree;
  std::vector<std::vector<double>> local;

  /// \throws error status::unknown_name, status::data for a criterion that has parts
  [[nodiscard]] std::size_t leaf_of(std::string_view name) const {
    const std::vector<stats::criteria_hierarchy::node>& nodes = tree.nodes();
    const std::size_t at = tree.place_of(name);
    if (at < nodes.size() && nodes[at].name == name && tree.is_leaf(at))
      return at;
    if (at < nodes.size() && nodes[at].name == name)
      throw error(status::data, message(fuzzy_evaluation_name, "criterion " + shortened(name), -1,
                                        "one with parts", "one without, to have memberships of its own"));
    std::vector<std::string_view> leaves;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      if (tree.is_leaf(i))
        leaves.push_back(*nodes[i].name);
    }
    throw unknown_in_rows(fuzzy_evaluation_name, "criterion", name, leaves);
  }
};

namespace detail {

/// \throws error status::schema without a grade, status::data where one is there twice, or two have one score
[[nodiscard]] inline graded_scale graded_scale_of(const table& from) {
  const stats::held_texts names(from, "grade");
  const stats::held_numbers scores(from, "score");
  if (from.rows() == 0)
    throw error(status::schema,
                std::string(fuzzy_evaluation_name) + ": table grades is needed, with at least one grade");
  if (from.rows() > static_cast<std::int64_t>(most_grades))
    throw error(status::data, message(fuzzy_evaluation_name, "number of grades", -1,
                                      std::to_string(from.rows()), "at most " + std::to_string(most_grades)));
  std::vector<std::int64_t> order;
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    if (row > 0 && names[row] == names[row - 1])
      throw error(status::data, message(fuzzy_evaluation_name, "grade " + shortened(names[row]), -1,
                                        "in the table grades twice", "there once"));
    order.push_back(row);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::int64_t x, std::int64_t y) { return scores[x] > scores[y]; });
  graded_scale made;
  for (const std::int64_t row : order) {
    if (!made.scores.empty() && made.scores.back() == scores[row])
      throw error(status::data,
                  message(fuzzy_evaluation_name, "score of grade " + shortened(names[row]), -1,
                          to_text(scores[row]), "another than that of " + shortened(made.names.back())));
    made.names.push_back(names[row]);
    made.scores.push_back(scores[row]);
  }
  return made;
}

/// \throws error status::schema without a weight, status::data where a criterion is below a parent twice, or no part of one has
/// weight, and as criteria_hierarchy
[[nodiscard]] inline weighed_hierarchy weighed_hierarchy_of(const table& from) {
  const stats::held_texts parents(from, "parent");
  const stats::held_texts names(from, "criterion");
  const stats::held_numbers weights(from, "weight");
  if (from.rows() == 0)
    throw error(status::schema, std::string(fuzzy_evaluation_name) +
                                    ": table weights is needed, with at least one criterion");
  std::vector<stats::criterion_link> links;
  for (std::int64_t row = 0; row < from.rows(); ++row)
    links.push_back({parents.has(row) ? std::optional(parents[row]) : std::nullopt, names[row]});
  weighed_hierarchy made{.tree = stats::criteria_hierarchy(fuzzy_evaluation_name, links), .local = {}};
  const std::vector<stats::criteria_hierarchy::node>& nodes = made.tree.nodes();
  made.local.resize(nodes.size());
  for (std::size_t i = 0; i < nodes.size(); ++i)
    made.local[i].assign(nodes[i].children.size(), std::numeric_limits<double>::quiet_NaN());
  const auto below = [](std::optional<std::string_view> parent) {
    return parent ? "below " + shortened(*parent) : std::string("below the goal");
  };
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    const stats::criterion_link& link = links[static_cast<std::size_t>(row)];
    const std::size_t parent = made.tree.place_of(link.parent);
    const std::vector<std::size_t>& children = nodes[parent].children;
    const auto child = std::lower_bound(children.begin(), children.end(), made.tree.place_of(link.criterion));
    double& weight = made.local[parent][static_cast<std::size_t>(child - children.begin())];
    if (!std::isnan(weight))
      throw error(status::data, message(fuzzy_evaluation_name,
                                        "criterion " + shortened(link.criterion) + " " + below(link.parent),
                                        -1, "in the table weights twice", "there once"));
    weight = weights[row];
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    math::real sum(0.0);
    for (const double one : made.local[i])
      sum += one;
    if (!made.local[i].empty() && !(math::value_of(sum) > 0.0))
      throw error(status::data, message(fuzzy_evaluation_name, "sum of the weights " + below(nodes[i].name),
                                        -1, "0", "> 0"));
    for (double& one : made.local[i])
      one = math::value_of(one / sum);
  }
  return made;
}

/// Memberships of the leaves of one object.
class leaf_memberships {
public:
  leaf_memberships(const weighed_hierarchy& hierarchy, const graded_scale& scale, std::string object)
      : hierarchy_(hierarchy)
      , scale_(scale)
      , of_(std::move(object))
      , values_(hierarchy.tree.nodes().size()) {}

  /// \throws error status::data where a membership contradicts another
  void add_membership(std::string_view criterion, std::string_view grade, double membership) {
    const std::size_t leaf = hierarchy_.leaf_of(criterion);
    std::vector<double>& row = values_[leaf];
    row.resize(scale_.names.size(), std::numeric_limits<double>::quiet_NaN());
    double& value = row[scale_.place_of(grade)];
    if (!std::isnan(value) && value != membership)
      throw error(status::data,
                  message(fuzzy_evaluation_name,
                          "membership of " + shortened(criterion) + of_ + " in " + shortened(grade), -1,
                          to_text(membership), to_text(value) + " as another row says"));
    value = membership;
  }
  /// Counts those who give a grade to a criterion without memberships.
  /// \throws error status::data where it has some
  void add_ratings(std::string_view criterion, std::span<const math::real> by_grade) {
    std::vector<double>& row = values_[hierarchy_.leaf_of(criterion)];
    if (!row.empty())
      throw error(status::data, message(fuzzy_evaluation_name, "criterion " + shortened(criterion) + of_, -1,
                                        "in both tables memberships and ratings", "in one of them"));
    math::real sum(0.0);
    for (const math::real one : by_grade)
      sum += one;
    for (const math::real one : by_grade)
      row.push_back(math::value_of(one / sum));
  }
  /// Of each node; empty where it is no leaf.
  /// \throws error status::data for a leaf without any
  [[nodiscard]] std::vector<std::vector<double>> checked() && {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      if (!hierarchy_.tree.is_leaf(i))
        continue;
      double greatest = 0.0;
      for (double& one : values_[i]) {
        one = std::isnan(one) ? 0.0 : one;
        greatest = std::max(greatest, one);
      }
      if (!(greatest > 0.0))
        throw error(status::data,
                    message(fuzzy_evaluation_name,
                            "membership of " + shortened(*hierarchy_.tree.nodes()[i].name) + of_, -1,
                            values_[i].empty() ? "not there" : "0 in every grade", "above 0 in some grade"));
    }
    return std::move(values_);
  }

private:
  const weighed_hierarchy& hierarchy_;
  const graded_scale& scale_;
  std::string of_; ///< ends what messages are about
  std::vector<std::vector<double>> values_;
};

/// Rows of one object, each table sorted by it.
struct object_rows {
  std::vector<std::int64_t> memberships;
  std::vector<std::int64_t> ratings;
};

/// The memberships of an object's leaves. \throws error as leaf_memberships; status::data for who rates twice, differently
[[nodiscard]] inline std::vector<std::vector<double>>
leaves_of(const weighed_hierarchy& hierarchy, const graded_scale& scale, const table& memberships,
          const table& ratings, const object_rows& rows, std::optional<std::string_view> object) {
  const std::string of = object ? " of " + shortened(*object) : std::string();
  leaf_memberships made(hierarchy, scale, of);
  {
    const stats::held_texts criteria(memberships, "criterion");
    const stats::held_texts grades(memberships, "grade");
    const stats::held_numbers values(memberships, "membership");
    for (const std::int64_t row : rows.memberships)
      made.add_membership(criteria[row], grades[row], values[row]);
  }
  const stats::held_texts criteria(ratings, "criterion");
  const stats::held_texts respondents(ratings, "respondent");
  const stats::held_texts grades(ratings, "grade");
  const stats::held_numbers weights(ratings, "weight", 1.0);
  for (std::size_t first = 0, last = 0; first < rows.ratings.size(); first = last) {
    const std::string_view criterion = criteria[rows.ratings[first]];
    std::vector<math::real> counted(scale.names.size(), math::real(0.0));
    for (; last < rows.ratings.size() && criteria[rows.ratings[last]] == criterion; ++last) {
      const std::int64_t row = rows.ratings[last];
      if (last > first && respondents.has(row) && respondents.has(rows.ratings[last - 1]) &&
          respondents[row] == respondents[rows.ratings[last - 1]]) {
        const std::int64_t before = rows.ratings[last - 1];
        if (grades[row] != grades[before] || weights[row] != weights[before])
          throw error(status::data,
                      message(fuzzy_evaluation_name,
                              "rating of " + shortened(criterion) + of + " by " + shortened(respondents[row]),
                              -1, shortened(grades[row]) + " with weight " + to_text(weights[row]),
                              shortened(grades[before]) + " with weight " + to_text(weights[before]) +
                                  " as another row says"));
        continue;
      }
      counted[scale.place_of(grades[row])] += weights[row];
    }
    made.add_ratings(criterion, counted);
  }
  return std::move(made).checked();
}

/// Memberships of all nodes by one operator. \param leaves  of each node, empty where it has parts
[[nodiscard]] inline std::vector<std::vector<double>> evaluated(const weighed_hierarchy& hierarchy,
                                                                std::vector<std::vector<double>> leaves,
                                                                stats::fuzzy_operator how, bool normalise,
                                                                std::size_t grades) {
  const std::vector<std::size_t>& order = hierarchy.tree.order();
  for (std::size_t place = order.size(); place-- > 0;) {
    const std::size_t node = order[place];
    if (hierarchy.tree.is_leaf(node))
      continue;
    std::vector<double> memberships;
    for (const std::size_t child : hierarchy.tree.nodes()[node].children) {
      math::real sum(0.0);
      for (const double one : leaves[child])
        sum += one;
      const bool scaled = normalise && !hierarchy.tree.is_leaf(child) && math::value_of(sum) > 0.0;
      for (const double one : leaves[child])
        memberships.push_back(scaled ? math::value_of(one / sum) : one);
    }
    leaves[node] = stats::composed(how, hierarchy.local[node], memberships, grades);
  }
  return leaves;
}

} // namespace detail

/// From a store of kind `rows` made for this entry.
/// \throws error status::schema where a table is needed, status::unknown_name, status::data for rows that contradict each other
/// and criteria without memberships, status::cancelled
[[nodiscard]] inline result finish_fuzzy_evaluation(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
  const std::vector<table> held = from.contents();
  std::vector<described_table> tables = empty_tables(fuzzy_evaluation_outputs);
  std::map<std::optional<std::string_view>, detail::object_rows> objects;
  for (const std::size_t which : {std::size_t{0}, std::size_t{1}}) {
    const stats::held_texts names(held[which], "object");
    for (std::int64_t row = 0; row < held[which].rows(); ++row) {
      detail::object_rows& into = objects[names.has(row) ? std::optional(names[row]) : std::nullopt];
      (which == 0 ? into.memberships : into.ratings).push_back(row);
    }
  }
  if (objects.empty())
    throw error(status::schema, std::string(fuzzy_evaluation_name) +
                                    ": table memberships or ratings is needed, with at least one row");
  result made;
  if (!objects.empty()) {
    const weighed_hierarchy hierarchy = detail::weighed_hierarchy_of(held[2]);
    const graded_scale scale = detail::graded_scale_of(held[3]);
    const std::size_t grades = scale.names.size();
    const auto chosen =
        request.options.choice<stats::fuzzy_operator>("composition_operator", stats::fuzzy_operators);
    const auto tie = request.options.choice<stats::grade_tie>("tie", stats::grade_ties);
    const bool normalise = request.options.boolean("normalise_levels");
    using verdicts = std::array<stats::fuzzy_verdict, stats::fuzzy_operator_count>;
    std::vector<verdicts> all;
    const auto named = [](described_table& to, std::optional<std::string_view> name) -> described_table& {
      return name ? to.text(*name) : to.no_text();
    };
    for (const auto& [object, rows] : objects) {
      request.how.check(static_cast<double>(all.size()) / static_cast<double>(objects.size()));
      const std::vector<std::vector<double>> leaves =
          detail::leaves_of(hierarchy, scale, held[0], held[1], rows, object);
      verdicts& found = all.emplace_back();
      for (std::size_t k = 0; k < found.size(); ++k) {
        const auto how = static_cast<stats::fuzzy_operator>(k);
        const std::vector<std::vector<double>> nodes =
            detail::evaluated(hierarchy, leaves, how, normalise, grades);
        found[k] = stats::verdict_of(nodes[hierarchy.tree.root()], scale.scores, tie);
        if (how != chosen)
          continue;
        for (const std::size_t node : hierarchy.tree.order()) {
          math::real sum(0.0);
          for (const double one : nodes[node])
            sum += one;
          for (std::size_t g = 0; g < grades; ++g) {
            named(tables[2], object);
            named(tables[2], hierarchy.tree.nodes()[node].name)
                .text(scale.names[g])
                .number(nodes[node][g])
                .number(math::value_of(sum) > 0.0 ? math::value_of(nodes[node][g] / sum)
                                                  : std::numeric_limits<double>::quiet_NaN())
                .truth(hierarchy.tree.is_leaf(node));
          }
        }
      }
    }
    std::array<std::vector<std::int64_t>, stats::fuzzy_operator_count> ranks;
    for (std::size_t k = 0; k < ranks.size(); ++k) {
      std::vector<double> scores;
      for (const verdicts& one : all)
        scores.push_back(one[k].score);
      ranks[k] = criteria_ranks(scores);
    }
    const auto at = static_cast<std::size_t>(chosen);
    std::size_t place = 0;
    for (const auto& [object, rows] : objects) {
      const verdicts& found = all[place];
      std::int64_t agreeing = 0;
      std::int64_t agreeing_by_score = 0;
      const auto write = [&, name = object](described_table& to, std::size_t k) -> described_table& {
        const stats::fuzzy_verdict& one = found[k];
        named(to, name)
            .code(static_cast<std::int32_t>(k))
            .text(scale.names[one.grade])
            .number(one.membership)
            .number(one.margin)
            .number(one.score);
        if (std::isnan(one.score))
          to.no_text();
        else
          to.text(scale.names[one.score_grade]);
        return to.whole(ranks[k][place]);
      };
      for (std::size_t k = 0; k < found.size(); ++k) {
        const bool agrees = found[k].grade == found[at].grade;
        agreeing += agrees ? 1 : 0;
        agreeing_by_score += found[k].score_grade == found[at].score_grade ? 1 : 0;
        write(tables[1], k).truth(agrees);
      }
      write(tables[0], at).whole(agreeing).whole(agreeing_by_score);
      ++place;
    }
  }
  for (described_table& one : tables)
    made.tables.push_back(std::move(one).made());
  return made;
}

inline constexpr entry fuzzy_evaluation_entry{.description = &fuzzy_evaluation_description,
                                              .finish = &finish_fuzzy_evaluation};

} // namespace emptor::decision

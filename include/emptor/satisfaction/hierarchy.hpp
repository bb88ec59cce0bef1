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
#include <emptor/core/model_table.hpp>
#include <emptor/math/real.hpp>
#include <emptor/satisfaction/scored_item.hpp>

/// Satisfaction as a weighted hierarchy (客户满意度层次体系): items add to nodes, nodes to nodes above them, and all to the one at
/// the top, such as product, service and social satisfaction (产品满意、服务满意、社会满意) to customer satisfaction.
///
///     score of an item   = 100 (answer - low) / (high - low), of a reversed one 100 less that
///     score of a node    = sum of weight x score of what is below it / sum of these weights
///     contribution       = its weight in the whole x its score: those of what is below a node add up to its own, and all to
///                          the index
///
/// Of what a respondent has not answered the others below the same node take the weight over, level by level (renormalise); or
/// who has not answered everything that has weight is left out (leave_out), or refused (refuse).
///
/// Source: the additive model of a hierarchy of criteria, as in R. L. Keeney and H. Raiffa, Decisions with Multiple Objectives,
/// 1976; the three levels from Chinese textbooks of customer relationship management.
namespace emptor::satisfaction {

/// What becomes of the weight of what a respondent did not answer.
enum class hierarchy_missing : std::int32_t { renormalise = 0, leave_out = 1, refuse = 2 };
inline constexpr std::string_view hierarchy_missing_names[] = {"renormalise", "leave_out", "refuse"};

/// A node of the hierarchy, and its weight among its siblings and in the whole.
struct hierarchy_node {
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  std::string name;
  std::size_t parent = none;
  std::size_t depth = 0; ///< 0 = the top
  double weight = 1.0;   ///< among those below the same node, as given
  double share = 1.0;    ///< of their sum
  double of_whole = 1.0; ///< product of the shares from the top down to it
  bool is_item = false;
  scored_item item; ///< label is empty unless it is one
};

/// Nodes of a tree, each behind the one above it, what is below a node in the order of the table.
class hierarchy_tree {
public:
  /// \param where  begins messages \param usual  the scale of items without one of their own
  /// \throws error status::schema of a table without rows, status::unknown_name of a parent that is not there, status::data of a
  /// node that is there twice, of more or less than one top, of a cycle, of an item that is there twice or has nodes below it, of
  /// a node without an item or anything below it, of weights that are all 0, of a scale without extent
  hierarchy_tree(std::string_view where, const model_table& given, const domain& usual) {
    const std::vector<hierarchy_node> read = read_nodes(where, given, usual);
    std::vector<std::vector<std::size_t>> below(read.size());
    std::size_t top = hierarchy_node::none;
    for (std::size_t i = 0; i < read.size(); ++i) {
      if (read[i].parent != hierarchy_node::none)
        below[read[i].parent].push_back(i);
      else if (top == hierarchy_node::none)
        top = i;
      else
        given.refuse("parent", static_cast<std::int64_t>(i), "missing",
                     "there: " + shortened(read[top].name) + " is the top already");
    }
    refuse_cycle(given, read, top);
    place(given, read, below, top);
  }

  [[nodiscard]] const std::vector<hierarchy_node>& nodes() const noexcept { return nodes_; }
  /// The nodes that are items.
  [[nodiscard]] const std::vector<std::size_t>& leaves() const noexcept { return leaves_; }
  /// Whether an item can move the index: every weight from the top down to it is above 0.
  [[nodiscard]] bool counts(std::size_t node) const noexcept { return nodes_[node].of_whole > 0.0; }

private:
  static std::vector<hierarchy_node> read_nodes(std::string_view where, const model_table& given,
                                                const domain& usual) {
    std::vector<hierarchy_node> read;
    std::map<std::string, std::size_t> places;
    std::map<std::string, std::size_t> labels;
    for (std::int64_t row = 0; row < given.rows(); ++row) {
      hierarchy_node one;
      one.name = std::string(given.text("node", row).value_or(""));
      one.weight = given.number("weight", row).value_or(1.0);
      one.is_item = given.has("item", row);
      if (one.name.empty())
        given.refuse("node", row, "empty", "a name");
      if (!places.emplace(one.name, read.size()).second)
        given.refuse("node", row, one.name, "there once");
      one.item = scored_item_of(given, row, usual);
      if (one.is_item && one.item.label.empty())
        given.refuse("item", row, "empty", "the label of an item");
      if (one.is_item && !labels.emplace(one.item.label, read.size()).second)
        given.refuse("item", row, one.item.label, "there once");
      read.push_back(std::move(one));
    }
    if (read.empty())
      throw error(status::schema, std::string(where) + ": table nodes has no row");
    for (std::int64_t row = 0; row < given.rows(); ++row) {
      const auto parent = given.text("parent", row);
      if (!parent || parent->empty())
        continue;
      const auto known = places.find(std::string(*parent));
      if (known == places.end()) {
        std::vector<std::string_view> names;
        for (const hierarchy_node& one : read)
          names.emplace_back(one.name);
        throw unknown_in_rows(where, "node", *parent, names);
      }
      read[static_cast<std::size_t>(row)].parent = known->second;
    }
    return read;
  }

  /// Climbs from each node until it meets one that is known to end at the top.
  static void refuse_cycle(const model_table& given, const std::vector<hierarchy_node>& read,
                           std::size_t top) {
    std::vector<std::size_t> seen(read.size(), hierarchy_node::none); // from which start
    for (std::size_t start = 0; start < read.size(); ++start) {
      std::size_t at = start;
      while (at != top && seen[at] == hierarchy_node::none) {
        seen[at] = start;
        at = read[at].parent;
      }
      if (at == top || seen[at] != start)
        continue;
      std::string way = shortened(read[at].name);
      std::size_t steps = 0;
      std::size_t next = read[at].parent;
      for (; next != at && steps < 8; next = read[next].parent, ++steps)
        way += " below " + shortened(read[next].name);
      way += next == at ? " below " + shortened(read[at].name) : " below ...";
      given.refuse("parent", static_cast<std::int64_t>(at), read[read[at].parent].name,
                   "a node that does not lie below it (" + way + ")");
    }
  }

  void place(const model_table& given, const std::vector<hierarchy_node>& read,
             const std::vector<std::vector<std::size_t>>& below, std::size_t top) {
    std::vector<math::real> below_sum(read.size(), math::real(0.0)); // of the weights
    for (std::size_t i = 0; i < read.size(); ++i)
      for (const std::size_t one : below[i])
        below_sum[i] = below_sum[i] + read[one].weight;
    std::vector<std::pair<std::size_t, std::size_t>> waiting{
        {top, hierarchy_node::none}}; // and where the parent went
    while (!waiting.empty()) {
      const auto [from, parent] = waiting.back();
      waiting.pop_back();
      const auto row = static_cast<std::int64_t>(from);
      hierarchy_node one = read[from];
      one.parent = parent;
      if (one.is_item && !below[from].empty())
        given.refuse("item", row, one.item.label, "missing: there are nodes below " + shortened(one.name));
      if (!one.is_item && below[from].empty())
        given.refuse("item", row, "missing", "there: nothing is below " + shortened(one.name));
      if (parent == hierarchy_node::none) {
        one.share = one.of_whole = 1.0;
      } else {
        one.share = math::value_of(one.weight / below_sum[read[from].parent]);
        one.of_whole = math::value_of(math::real(nodes_[parent].of_whole) * one.share);
        one.depth = nodes_[parent].depth + 1;
      }
      if (!below[from].empty() && std::all_of(below[from].begin(), below[from].end(),
                                              [&](std::size_t i) { return read[i].weight == 0.0; }))
        given.refuse("weight", static_cast<std::int64_t>(below[from].front()), "0",
                     "above 0 of one node at least below " + shortened(one.name));
      if (one.is_item)
        leaves_.push_back(nodes_.size());
      for (std::size_t k = below[from].size(); k-- > 0;)
        waiting.emplace_back(below[from][k], nodes_.size());
      nodes_.push_back(std::move(one));
    }
  }

  std::vector<hierarchy_node> nodes_;
  std::vector<std::size_t> leaves_;
};

/// Scores and contributions of all nodes from the scores of the items, for one respondent. Keeps its memory.
class hierarchy_scores {
public:
  explicit hierarchy_scores(const hierarchy_tree& tree)
      : tree_(&tree) {}

  /// \param items  scores of the leaves, in their order; NaN = not answered
  /// \return whether there is an index
  bool find(std::span<const double> items) {
    const std::vector<hierarchy_node>& nodes = tree_->nodes();
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    sums_.assign(nodes.size(), math::real(0.0));
    weights_.assign(nodes.size(), math::real(0.0));
    scores_.assign(nodes.size(), none);
    contributions_.assign(nodes.size(), 0.0);
    answered_ = 0;
    for (std::size_t leaf = 0; leaf < items.size(); ++leaf) {
      scores_[tree_->leaves()[leaf]] = items[leaf];
      answered_ += std::isnan(items[leaf]) ? 0 : 1;
    }
    for (std::size_t i = nodes.size(); i-- > 0;) { // what is below comes first
      if (!nodes[i].is_item && math::value_of(weights_[i]) > 0.0)
        scores_[i] = math::value_of(sums_[i] / weights_[i]);
      if (const std::size_t up = nodes[i].parent;
          up != hierarchy_node::none && nodes[i].weight > 0.0 && !std::isnan(scores_[i])) {
        sums_[up] = sums_[up] + math::real(nodes[i].weight) * scores_[i];
        weights_[up] = weights_[up] + nodes[i].weight;
      }
    }
    if (std::isnan(scores_.front()))
      return false;
    // Downward how much of the whole each one is here, upward what the items add up to.
    parts_.assign(nodes.size(), 0.0);
    parts_[0] = 1.0;
    for (std::size_t i = 1; i < nodes.size(); ++i) {
      if (!std::isnan(scores_[i]) && nodes[i].weight > 0.0)
        parts_[i] = math::value_of(math::real(parts_[nodes[i].parent]) *
                                   (nodes[i].weight / weights_[nodes[i].parent]));
    }
    for (std::size_t i = nodes.size(); i-- > 0;) {
      if (nodes[i].is_item && parts_[i] > 0.0)
        contributions_[i] = math::value_of(math::real(parts_[i]) * scores_[i]);
      if (nodes[i].parent != hierarchy_node::none)
        contributions_[nodes[i].parent] =
            math::value_of(math::real(contributions_[nodes[i].parent]) + contributions_[i]);
    }
    return true;
  }
  /// Of each node, 0 to 100; NaN where nothing below it was answered.
  [[nodiscard]] const std::vector<double>& scores() const noexcept { return scores_; }
  /// Of each node, its weight in the whole as it counts here; those of the items add up to 1.
  [[nodiscard]] const std::vector<double>& parts() const noexcept { return parts_; }
  /// Of each node, those of what is below it added up; of the top the index.
  [[nodiscard]] const std::vector<double>& contributions() const noexcept { return contributions_; }
  [[nodiscard]] std::int64_t answered() const noexcept { return answered_; }

private:
  const hierarchy_tree* tree_;
  std::vector<math::real> sums_;
  std::vector<math::real> weights_;
  std::vector<double> parts_;
  std::vector<double> scores_;
  std::vector<double> contributions_;
  std::int64_t answered_ = 0;
};

} // namespace emptor::satisfaction

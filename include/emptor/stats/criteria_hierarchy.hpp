// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/math/real.hpp>

/// A hierarchy of criteria (层次结构): a goal, criteria below it, and so on to any depth. What stands below several
/// criteria, such as an alternative that is compared under each of them, takes a part of the weight of each.
namespace emptor::stats {

/// Which criterion stands below which; without a parent it stands below the goal.
struct criterion_link {
  std::optional<std::string_view> parent;
  std::string_view criterion;
};

/// Names are borrowed. Nodes are sorted by name; where links have no parent, the goal without a name is the last node.
class criteria_hierarchy {
public:
  struct node {
    std::optional<std::string_view> name; ///< none: the goal
    std::vector<std::size_t> children;    ///< by name
    std::size_t depth = 0;                ///< links of the longest way from the goal
  };

  criteria_hierarchy() = default;
  /// \param where  begins messages \param links  a repeated one counts once
  /// \throws error status::data where criteria go round in a circle or do not hang together
  criteria_hierarchy(std::string_view where, std::span<const criterion_link> links) {
    std::vector<std::string_view> names;
    bool goal = false;
    for (const criterion_link& one : links) {
      names.push_back(one.criterion);
      if (one.parent)
        names.push_back(*one.parent);
      goal = goal || !one.parent;
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const std::string_view name : names)
      nodes_.push_back({.name = name, .children = {}});
    if (goal)
      nodes_.push_back({.name = std::nullopt, .children = {}});
    std::vector<std::size_t> parents(nodes_.size(), 0);
    for (const criterion_link& one : links)
      nodes_[place_of(one.parent)].children.push_back(place_of(one.criterion));
    for (node& one : nodes_) {
      std::sort(one.children.begin(), one.children.end());
      one.children.erase(std::unique(one.children.begin(), one.children.end()), one.children.end());
      for (const std::size_t child : one.children)
        ++parents[child];
    }
    find_root(where, parents);
    find_order(where, parents);
  }

  [[nodiscard]] const std::vector<node>& nodes() const noexcept { return nodes_; }
  [[nodiscard]] std::size_t root() const noexcept { return root_; }
  /// From the goal downwards, each after all that it stands below.
  [[nodiscard]] const std::vector<std::size_t>& order() const noexcept { return order_; }
  [[nodiscard]] bool is_leaf(std::size_t which) const noexcept { return nodes_[which].children.empty(); }
  /// Where a name of a link is; of another name some other node, or the number of nodes.
  [[nodiscard]] std::size_t place_of(std::optional<std::string_view> name) const noexcept {
    if (!name)
      return nodes_.size() - 1;
    const auto found =
        std::lower_bound(nodes_.begin(), nodes_.end(), *name, [](const node& one, std::string_view wanted) {
          return one.name && *one.name < wanted;
        });
    return static_cast<std::size_t>(found - nodes_.begin());
  }
  /// What of the goal's weight 1 comes to each node: the sum over what it stands below.
  /// \param local  of each node the weights of its children
  [[nodiscard]] std::vector<double> global_weights(std::span<const std::vector<double>> local) const {
    std::vector<math::real> sums(nodes_.size(), math::real(0.0));
    if (!nodes_.empty())
      sums[root_] = 1.0;
    for (const std::size_t at : order_) {
      for (std::size_t i = 0; i < nodes_[at].children.size(); ++i)
        sums[nodes_[at].children[i]] += sums[at] * local[at][i];
    }
    std::vector<double> made;
    for (const math::real one : sums)
      made.push_back(math::value_of(one));
    return made;
  }

private:
  void find_root(std::string_view where, std::span<const std::size_t> parents) {
    std::vector<std::string_view> tops;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (parents[i] > 0)
        continue;
      root_ = i;
      if (nodes_[i].name)
        tops.push_back(*nodes_[i].name);
    }
    const bool goal = !nodes_.empty() && !nodes_.back().name;
    if (tops.size() > (goal ? 0 : 1))
      throw error(status::data, std::string(where) + ": " + listed(std::span<const std::string_view>(tops)) +
                                    (goal ? " stand below nothing, though other criteria stand below the goal"
                                          : " all stand below nothing, but only the goal may"));
    if (!nodes_.empty() && tops.empty() && !goal)
      throw error(status::data, std::string(where) + ": no criterion stands below nothing; " + circle({}));
  }

  void find_order(std::string_view where, std::vector<std::size_t> parents) {
    if (nodes_.empty())
      return;
    order_.push_back(root_);
    for (std::size_t next = 0; next < order_.size(); ++next) {
      const std::size_t at = order_[next];
      for (const std::size_t child : nodes_[at].children) {
        nodes_[child].depth = std::max(nodes_[child].depth, nodes_[at].depth + 1);
        if (--parents[child] == 0)
          order_.push_back(child);
      }
    }
    if (order_.size() < nodes_.size())
      throw error(status::data, std::string(where) + ": " + circle(order_));
  }

  /// \param done  nodes that are in no circle and below none
  [[nodiscard]] std::string circle(const std::vector<std::size_t>& done) const {
    std::vector<std::uint8_t> fine(nodes_.size(), 0);
    for (const std::size_t one : done)
      fine[one] = 1;
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (fine[i] == 0 && nodes_[i].name)
        names.push_back(*nodes_[i].name);
    }
    return listed(std::span<const std::string_view>(names)) +
           " stand below themselves, or below what does; a hierarchy has no circle";
  }

  std::vector<node> nodes_;
  std::vector<std::size_t> order_;
  std::size_t root_ = 0;
};

} // namespace emptor::stats

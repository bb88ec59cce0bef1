// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <emptor/stats/path_model.hpp>
#include <emptor/stats/path_model_plan.hpp>

/// The models that are estimated one after the other for a specification, and each of them as numbers.
namespace emptor::stats {

/// A column of a model: of what it is made.
struct path_column {
  enum class kind { item, score, product, residual, score_product };
  kind what = kind::item;
  std::size_t first = 0;  ///< item; or construct of the specification, of whose score it is made
  std::size_t second = 0; ///< of products
};

/// A construct of a model that is estimated at once.
struct path_block {
  std::string name;
  path_mode mode = path_mode::a;
  bool consistent = false;
  std::vector<path_column> columns;
  std::vector<std::string> labels; ///< of the columns
  std::vector<double> weights;     ///< of mode fixed
};

/// A model of one stage: blocks of columns and arrows between them, by place.
struct path_stage {
  std::vector<path_block> blocks;
  std::vector<std::pair<std::size_t, std::size_t>> arrows; ///< from, to: places in `blocks`
};

/// Where a construct of the specification stands among the blocks of a model.
inline constexpr std::size_t no_block = static_cast<std::size_t>(-1);

/// The order in which each construct follows all that point to it. \return fewer than all where there is a cycle
[[nodiscard]] inline std::vector<std::uint32_t>
topological_order(std::size_t constructs, const std::vector<std::pair<std::size_t, std::size_t>>& arrows) {
  std::vector<std::size_t> waits(constructs, 0);
  std::vector<std::vector<std::size_t>> targets(constructs);
  for (const auto& [from, to] : arrows) {
    ++waits[to];
    targets[from].push_back(to);
  }
  std::set<std::size_t> ready;
  for (std::size_t j = 0; j < constructs; ++j)
    if (waits[j] == 0)
      ready.insert(j);
  std::vector<std::uint32_t> order;
  while (!ready.empty()) {
    const std::size_t j = *ready.begin();
    ready.erase(ready.begin());
    order.push_back(static_cast<std::uint32_t>(j));
    for (const std::size_t to : targets[j])
      if (--waits[to] == 0)
        ready.insert(to);
  }
  return order;
}

/// A stage and conventions as numbers.
[[nodiscard]] inline path_plan plan_of(const path_stage& stage, const path_model_specification& with) {
  path_plan made;
  made.scheme = with.scheme;
  made.metric = with.metric;
  made.stop = with.stop;
  made.tolerance = with.tolerance;
  made.limit = with.limit;
  made.scaled_start = with.scaled_start;
  made.scaled_weights = with.scaled_weights;
  made.scaled_proxy = with.scaled_proxy;
  made.sign = with.sign;
  std::uint32_t items = 0;
  for (const path_block& one : stage.blocks) {
    made.first.push_back(items);
    const bool weighed = one.mode == path_mode::fixed && one.columns.size() > 1;
    made.mode.push_back(one.columns.size() == 1 ? path_mode::unit : one.mode);
    made.consistent.push_back(one.consistent ? 1 : 0);
    for (std::size_t i = 0; i < one.columns.size(); ++i)
      made.fixed.push_back(weighed ? one.weights[i] : 1.0);
    items += static_cast<std::uint32_t>(one.columns.size());
  }
  made.first.push_back(items);
  for (std::size_t j = 0; j < stage.blocks.size(); ++j) {
    made.source_first.push_back(static_cast<std::uint32_t>(made.source.size()));
    made.target_first.push_back(static_cast<std::uint32_t>(made.target.size()));
    for (const auto& [from, to] : stage.arrows) {
      if (to == j)
        made.source.push_back(static_cast<std::uint32_t>(from));
      if (from == j)
        made.target.push_back(static_cast<std::uint32_t>(to));
    }
  }
  made.source_first.push_back(static_cast<std::uint32_t>(made.source.size()));
  made.target_first.push_back(static_cast<std::uint32_t>(made.target.size()));
  made.order = topological_order(stage.blocks.size(), stage.arrows);
  return made;
}

} // namespace emptor::stats

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/stats/path_model_moments.hpp>
#include <emptor/stats/path_model_stages.hpp>

/// A specification that was found to make sense, and the models that are estimated one after the other for it.
namespace emptor::stats {

/// What is checked of a specification before there are data, and what is made of it. The data need the columns `items()`
/// and the products `products()`.
class path_structure {
public:
  /// \param where  names the caller in messages
  /// \throws error status::unknown_name, with the nearest known name; status::data for what is twice, a cycle, a construct
  /// without items or paths, weights that do not fit; status::option for conventions out of their domain, and
  /// status::unsupported for what cannot be combined
  path_structure(std::string_view where, path_model_specification of)
      : where_(where)
      , of_(std::move(of)) {
    check_conventions();
    check_constructs();
    check_interactions();
    check_paths();
    place_items();
    make_stages();
  }

  [[nodiscard]] std::string_view where() const noexcept { return where_; }
  [[nodiscard]] const path_model_specification& specification() const noexcept { return of_; }
  /// Each item once, in the order of the constructs.
  [[nodiscard]] const std::vector<std::string>& items() const noexcept { return items_; }
  [[nodiscard]] const std::vector<item_product>& products() const noexcept { return products_; }
  /// The place of a product among all columns: after the items.
  [[nodiscard]] std::size_t product(std::size_t i, std::size_t k) const noexcept {
    const auto at = product_places_.find({std::min(i, k), std::max(i, k)});
    return items_.size() + (at == product_places_.end() ? products_.size() : at->second);
  }
  /// The models in the order in which they are estimated; a column of one may be a score of those before. The last one is
  /// the model of the specification.
  [[nodiscard]] const std::vector<path_stage>& stages() const noexcept { return stages_; }
  /// The items of a construct, of a second-order construct those of its parts.
  [[nodiscard]] const std::vector<std::size_t>& items_of(std::size_t construct) const noexcept {
    return items_of_[construct];
  }
  /// Names of the constructs, then of the interactions; scores in columns count so.
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

private:
  static constexpr std::size_t most_columns = 2000;

  [[noreturn]] void refuse(std::string_view what, std::string_view is, std::string_view must_be,
                           status code = status::data) const {
    throw error(code, message(where_, what, -1, is, must_be));
  }
  [[nodiscard]] std::size_t place(std::string_view kind, std::string_view name, std::size_t among) const {
    if (const auto at = places_.find(name); at != places_.end() && at->second < among)
      return at->second;
    throw unknown_name(where_, kind, name,
                       {names_.begin(), names_.begin() + static_cast<std::ptrdiff_t>(among)});
  }
  [[nodiscard]] bool is_part(std::size_t construct) const noexcept { return whole_[construct] != no_block; }

  void check_conventions() const {
    if (!(of_.tolerance > 0.0) || !(of_.tolerance < 1.0))
      refuse("tolerance", to_text(of_.tolerance), "in (0, 1)", status::option);
    if (of_.limit < 1 || of_.limit > 10000)
      refuse("the limit of passes", std::to_string(of_.limit), "in [1, 10000]", status::option);
  }

  void add_name(const std::string& name) {
    if (name.empty())
      refuse("the name of a construct", "empty", "a text");
    if (!places_.emplace(name, names_.size()).second)
      refuse("construct", shortened(name), "there once");
    names_.push_back(name);
  }

  void check_constructs() {
    if (of_.constructs.size() > most_columns)
      refuse("the number of constructs", std::to_string(of_.constructs.size()),
             "at most " + std::to_string(most_columns));
    for (const path_construct& one : of_.constructs)
      add_name(one.name);
    whole_.assign(of_.constructs.size(), no_block);
    std::set<std::string_view> seen;
    for (std::size_t j = 0; j < of_.constructs.size(); ++j) {
      const path_construct& one = of_.constructs[j];
      const std::string name = "construct " + shortened(one.name);
      if (one.items.empty() == one.parts.empty())
        refuse(name, one.items.empty() ? "without items" : "measured by items and by constructs",
               "measured by items or by other constructs");
      for (const std::string& item : one.items) {
        if (item.empty())
          refuse("an item of " + name, "empty", "a label");
        if (!seen.insert(item).second)
          refuse("item " + shortened(item), "there twice", "in one construct, once");
      }
      if (one.mode == path_mode::fixed) {
        if (one.weights.size() != one.items.size() + one.parts.size())
          refuse("the number of weights of " + name, std::to_string(one.weights.size()),
                 std::to_string(one.items.size() + one.parts.size()) + ", one per item");
        for (const double weight : one.weights)
          if (!std::isfinite(weight))
            refuse("a weight of " + name, to_text(weight), "a finite number");
        if (std::all_of(one.weights.begin(), one.weights.end(), [](double weight) { return weight == 0.0; }))
          refuse("each weight of " + name, "0", "another number in one of them");
      } else if (!one.weights.empty()) {
        refuse(name,
               "of mode " + std::string(path_modes[static_cast<std::size_t>(one.mode)]) + " with weights",
               "of mode fixed, or without weights");
      }
      if (one.consistent && (one.mode != path_mode::a || !one.parts.empty()))
        refuse(name, "consistent", "of mode A and measured by items", status::unsupported);
    }
    for (std::size_t j = 0; j < of_.constructs.size(); ++j)
      for (const std::string& part : of_.constructs[j].parts)
        take_part(j, part);
  }

  void take_part(std::size_t whole, const std::string& part) {
    const std::size_t at = place("construct", part, of_.constructs.size());
    const std::string name = "construct " + shortened(part);
    if (at == whole)
      refuse(name, "a part of itself", "measured by others");
    if (is_part(at))
      refuse(name, "a part twice", "a part once");
    if (!of_.constructs[at].parts.empty())
      refuse(name, "of the second order and a part", "measured by items: there is no third order",
             status::unsupported);
    if (of_.constructs[at].consistent)
      refuse(name, "consistent and a part", "not consistent: the scores of parts are not corrected",
             status::unsupported);
    whole_[at] = whole;
  }

  void check_interactions() {
    for (const path_interaction& one : of_.interactions)
      add_name(one.name);
    for (const path_interaction& one : of_.interactions)
      for (const std::string& factor : {one.of, one.moderator}) {
        const path_construct& taken = of_.constructs[place("construct", factor, of_.constructs.size())];
        if (taken.consistent)
          refuse("interaction " + shortened(one.name), "with the consistent construct " + shortened(factor),
                 "of constructs that are not", status::unsupported);
        if (!taken.parts.empty() && one.method != interaction_method::two_stage)
          refuse("interaction " + shortened(one.name), "of the second-order construct " + shortened(factor),
                 "of the method two_stage", status::unsupported);
        if (one.mode == path_mode::fixed)
          refuse("the mode of interaction " + shortened(one.name), "fixed", "another", status::unsupported);
      }
  }

  void check_paths() {
    const std::size_t constructs = of_.constructs.size();
    std::set<std::pair<std::size_t, std::size_t>> seen;
    std::vector<bool> joined(names_.size(), false);
    for (const path_arrow& one : of_.paths) {
      const std::size_t from = place("construct", one.from, names_.size());
      const std::size_t to = place("construct", one.to, names_.size());
      const std::string text = "path " + shortened(one.from) + " -> " + shortened(one.to);
      if (from == to)
        refuse(text, "of a construct to itself", "between two");
      if (to >= constructs)
        refuse(text, "to an interaction", "from it");
      if ((from < constructs && is_part(from)) || is_part(to))
        refuse(text, "of a part of " + shortened(names_[whole_[is_part(to) ? to : from]]),
               "of the construct that it measures", status::unsupported);
      const std::pair<std::size_t, std::size_t> arrow(from, to);
      if (!seen.insert(arrow).second)
        refuse(text, "there twice", "there once");
      arrows_.push_back(arrow);
      // What an interaction is made of needs a score before there is the interaction.
      joined[from] = joined[from] || from >= constructs || to < constructs;
      joined[to] = joined[to] || from < constructs;
    }
    for (std::size_t j = 0; j < names_.size(); ++j) {
      const bool measured_for_itself = j >= constructs || !is_part(j);
      if (measured_for_itself && !joined[j])
        refuse("construct " + shortened(names_[j]), "without a path", "with a path from it or to it");
    }
    check_acyclic();
  }

  void check_acyclic() const {
    const std::vector<std::uint32_t> order = topological_order(names_.size(), arrows_);
    if (order.size() == names_.size())
      return;
    std::vector<bool> done(names_.size(), false);
    for (const std::uint32_t j : order)
      done[j] = true;
    // Each construct that is left has a source that is left: going back from one to the next ends in the cycle.
    std::vector<std::size_t> way{
        static_cast<std::size_t>(std::find(done.begin(), done.end(), false) - done.begin())};
    while (true) {
      const auto arrow = std::find_if(arrows_.begin(), arrows_.end(), [&](const auto& one) {
        return one.second == way.back() && !done[one.first];
      });
      const auto met = std::find(way.begin(), way.end(), arrow->first);
      if (met == way.end()) {
        way.push_back(arrow->first);
        continue;
      }
      std::string text = shortened(names_[*met]);
      for (auto at = way.end(); at != met;)
        text.append(" -> ").append(shortened(names_[*--at]));
      throw error(status::data,
                  where_ + ": the paths go round in a cycle: " + text + "; take one of them out");
    }
  }

  void place_items() {
    items_of_.resize(of_.constructs.size());
    for (std::size_t j = 0; j < of_.constructs.size(); ++j)
      for (const std::string& item : of_.constructs[j].items) {
        items_of_[j].push_back(items_.size());
        items_.push_back(item);
      }
    for (std::size_t j = 0; j < of_.constructs.size(); ++j)
      if (is_part(j))
        items_of_[whole_[j]].insert(items_of_[whole_[j]].end(), items_of_[j].begin(), items_of_[j].end());
    const auto count_columns = [&] {
      if (items_.size() + products_.size() > most_columns)
        refuse("the number of items and of their products", std::to_string(items_.size() + products_.size()),
               "at most " + std::to_string(most_columns));
    };
    count_columns();
    for (const path_interaction& one : of_.interactions)
      for (const std::size_t i : items_of_[place("construct", one.of, of_.constructs.size())])
        for (const std::size_t k : items_of_[place("construct", one.moderator, of_.constructs.size())])
          if (product_places_.emplace(std::pair(std::min(i, k), std::max(i, k)), products_.size()).second) {
            products_.push_back({std::min(i, k), std::max(i, k)});
            count_columns();
          }
  }

  [[nodiscard]] path_block block_of(std::size_t construct) const {
    const path_construct& one = of_.constructs[construct];
    path_block made{.name = one.name,
                    .mode = one.mode,
                    .consistent = one.consistent,
                    .columns = {},
                    .labels = one.items,
                    .weights = one.weights};
    for (const std::size_t item : items_of_[construct])
      made.columns.push_back({path_column::kind::item, item});
    return made;
  }

  /// \param parts  whether second-order constructs of two stages are there as their parts, else as what these measure
  [[nodiscard]] path_stage stage_of(bool parts, bool interactions) const {
    const bool repeated = of_.second_order == second_order_method::repeated;
    path_stage made;
    std::vector<std::vector<std::size_t>> blocks(names_.size()); // that stand for a construct in paths
    for (std::size_t j = 0; j < of_.constructs.size(); ++j) {
      const path_construct& one = of_.constructs[j];
      const bool whole = !one.parts.empty();
      if ((is_part(j) && !parts && !repeated) || (whole && parts && !repeated))
        continue;
      blocks[is_part(j) && !repeated ? whole_[j] : j].push_back(made.blocks.size());
      path_block block = block_of(j);
      if (whole && repeated) {
        for (const std::size_t item : items_of_[j])
          block.labels.push_back(items_[item]);
        if (block.mode == path_mode::fixed)
          block.weights = repeated_weights(one);
      } else if (whole) {
        block.columns.clear();
        for (const std::string& part : one.parts) {
          block.labels.push_back(part);
          block.columns.push_back(
              {path_column::kind::score, place("construct", part, of_.constructs.size())});
        }
      }
      made.blocks.push_back(std::move(block));
    }
    for (std::size_t k = 0; k < of_.interactions.size() && interactions; ++k) {
      blocks[of_.constructs.size() + k].push_back(made.blocks.size());
      made.blocks.push_back(interaction_block(of_.interactions[k]));
    }
    for (const auto& [from, to] : arrows_)
      for (const std::size_t a : blocks[from])
        for (const std::size_t b : blocks[to])
          made.arrows.emplace_back(a, b);
    if (repeated)
      for (std::size_t j = 0; j < of_.constructs.size(); ++j)
        if (is_part(j)) {
          const std::size_t part = blocks[j].front();
          const std::size_t whole = blocks[whole_[j]].front();
          if (of_.constructs[whole_[j]].mode == path_mode::b)
            made.arrows.emplace_back(part, whole);
          else
            made.arrows.emplace_back(whole, part);
        }
    return made;
  }
  /// The weight of a part goes to each of its items.
  [[nodiscard]] std::vector<double> repeated_weights(const path_construct& whole) const {
    std::vector<std::pair<std::size_t, double>> parts; // in the order of the constructs
    for (std::size_t k = 0; k < whole.parts.size(); ++k)
      parts.emplace_back(place("construct", whole.parts[k], of_.constructs.size()), whole.weights[k]);
    std::sort(parts.begin(), parts.end());
    std::vector<double> made;
    for (const auto& [j, weight] : parts)
      made.insert(made.end(), items_of_[j].size(), weight);
    return made;
  }
  [[nodiscard]] path_block interaction_block(const path_interaction& one) const {
    path_block made{
        .name = one.name, .mode = one.mode, .consistent = false, .columns = {}, .labels = {}, .weights = {}};
    const std::size_t of = place("construct", one.of, of_.constructs.size());
    const std::size_t moderator = place("construct", one.moderator, of_.constructs.size());
    if (one.method == interaction_method::two_stage) {
      made.columns.push_back({path_column::kind::score_product, of, moderator});
      made.labels.push_back(one.of + "*" + one.moderator);
      return made;
    }
    const auto kind = one.method == interaction_method::orthogonal ? path_column::kind::residual
                                                                   : path_column::kind::product;
    for (const std::size_t i : items_of_[of])
      for (const std::size_t k : items_of_[moderator]) {
        if (of == moderator && k < i)
          continue; // the same product
        made.columns.push_back({kind, i, k});
        made.labels.push_back(items_[i] + "*" + items_[k]);
      }
    return made;
  }

  void make_stages() {
    const bool second_order =
        of_.second_order == second_order_method::two_stage &&
        std::any_of(whole_.begin(), whole_.end(), [](std::size_t one) { return one != no_block; });
    const bool of_scores =
        std::any_of(of_.interactions.begin(), of_.interactions.end(),
                    [](const path_interaction& one) { return one.method == interaction_method::two_stage; });
    if (second_order)
      stages_.push_back(stage_of(true, false));
    if (of_scores)
      stages_.push_back(stage_of(false, false));
    stages_.push_back(stage_of(false, true));
    for (const path_stage& stage : stages_)
      if (topological_order(stage.blocks.size(), stage.arrows).size() != stage.blocks.size())
        throw error(status::data,
                    where_ + ": the paths, and those between second-order constructs and their parts, go "
                             "round in a cycle");
  }

  std::string where_;
  path_model_specification of_;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t, std::less<>> places_; ///< of the names
  std::vector<std::size_t> whole_; ///< per construct the second-order one that it is a part of
  std::vector<std::pair<std::size_t, std::size_t>> arrows_;
  std::vector<std::string> items_;
  std::vector<std::vector<std::size_t>> items_of_;
  std::vector<item_product> products_;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> product_places_;
  std::vector<path_stage> stages_;
};

} // namespace emptor::stats

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
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_estimate.hpp>

/// The satisfaction index (客户满意度指数测评模型): a path model of what makes customers satisfied and what follows from
/// it, and the scores of its constructs on a scale from 0 to 100.
///
/// The score of a construct is a weighted sum of answers. On the scale of the index it is sum w_k (x_k - low_k) / sum w_k
/// (high_k - low_k) x 100 with the weights w_k of answers as they were given, and low and high the ends of the scale of the
/// question, never the least and the greatest answer. With three questions from 1 to 10 and weights that add up to 1 this is
/// the formula of the American index, sum w_k (mean_k - 1) / 9 x 100.
/// Source: C. Fornell, M. D. Johnson, E. W. Anderson, J. Cha, B. E. Bryant, The American Customer Satisfaction Index: nature,
/// purpose and findings, Journal of Marketing 60 (1996) 7-18; M. Tenenhaus et al. 2005 (European index); GB/T 19038-2009
/// (Chinese index: 6 constructs, 11 paths).
namespace emptor::satisfaction {

inline constexpr std::string_view index_model_name = "satisfaction.index_model";

/// Paths of national indices, by their names.
enum class index_structure : std::int32_t { acsi = 0, ecsi = 1, ccsi = 2 };
inline constexpr std::string_view index_structures[] = {"acsi", "ecsi", "ccsi"};

/// How a construct is measured, as the table says it: a mode, or `consistent` for mode A with the correction of PLSc.
inline constexpr std::string_view index_modes[] = {"A", "B", "unit", "fixed", "pca", "consistent"};
/// The place of `consistent` among the modes.
inline constexpr std::int32_t consistent_mode = 5;

/// A cause and what depends on it.
struct index_path {
  std::string_view from;
  std::string_view to;
};
/// American index: Fornell et al. 1996.
inline constexpr index_path acsi_paths[] = {{"expectation", "perceived_quality"},
                                            {"expectation", "perceived_value"},
                                            {"expectation", "satisfaction"},
                                            {"perceived_quality", "perceived_value"},
                                            {"perceived_quality", "satisfaction"},
                                            {"perceived_value", "satisfaction"},
                                            {"satisfaction", "complaints"},
                                            {"satisfaction", "loyalty"},
                                            {"complaints", "loyalty"}};
/// European index: Tenenhaus et al. 2005.
inline constexpr index_path ecsi_paths[] = {{"image", "expectation"},
                                            {"image", "satisfaction"},
                                            {"image", "loyalty"},
                                            {"expectation", "perceived_quality"},
                                            {"expectation", "perceived_value"},
                                            {"expectation", "satisfaction"},
                                            {"perceived_quality", "perceived_value"},
                                            {"perceived_quality", "satisfaction"},
                                            {"perceived_value", "satisfaction"},
                                            {"satisfaction", "complaints"},
                                            {"satisfaction", "loyalty"},
                                            {"complaints", "loyalty"}};
/// Chinese index: GB/T 19038-2009.
inline constexpr index_path ccsi_paths[] = {{"brand", "expectation"},
                                            {"brand", "perceived_quality"},
                                            {"brand", "perceived_value"},
                                            {"brand", "satisfaction"},
                                            {"expectation", "perceived_quality"},
                                            {"expectation", "perceived_value"},
                                            {"expectation", "satisfaction"},
                                            {"perceived_quality", "perceived_value"},
                                            {"perceived_quality", "satisfaction"},
                                            {"perceived_value", "satisfaction"},
                                            {"satisfaction", "loyalty"}};

/// The paths of a national index.
[[nodiscard]] inline std::span<const index_path> paths_of(index_structure structure) noexcept {
  switch (structure) {
  case index_structure::acsi:
    return acsi_paths;
  case index_structure::ecsi:
    return ecsi_paths;
  case index_structure::ccsi:
    break;
  }
  return ccsi_paths;
}

/// A question of the model and its scale; nothing where the usual one holds.
struct index_item {
  std::string label;
  std::optional<double> low;
  std::optional<double> high;
};

/// What a model says before there are answers.
struct index_specification {
  stats::path_model_specification model; ///< constructs, paths and interactions; conventions are the defaults
  std::vector<index_item> items;         ///< by label

  /// The scale of a question.
  [[nodiscard]] domain scale(std::string_view label, const domain& usual) const {
    const auto at = std::lower_bound(
        items.begin(), items.end(), label,
        [](const index_item& one, std::string_view wanted) { return std::string_view(one.label) < wanted; });
    if (at == items.end() || at->label != label)
      return usual;
    return {at->low.value_or(usual.low), at->high.value_or(usual.high)};
  }
};

namespace detail {

/// The rows of the table constructs. An `item` that is the name of another construct is a part of the construct: its score.
inline void read_constructs(const model_table& given, index_specification& made) {
  std::vector<stats::path_construct>& constructs = made.model.constructs;
  std::map<std::string_view, std::size_t> places;
  for (std::int64_t row = 0; row < given.rows(); ++row)
    if (const std::string_view name = given.text("construct", row).value_or("");
        places.emplace(name, constructs.size()).second) {
      constructs.emplace_back();
      constructs.back().name = std::string(name);
    }
  std::vector<std::optional<std::int32_t>> modes(constructs.size());
  for (std::int64_t row = 0; row < given.rows(); ++row) {
    const auto at = constructs.begin() +
                    static_cast<std::ptrdiff_t>(places.at(given.text("construct", row).value_or("")));
    const std::string label(given.text("item", row).value_or(""));
    if (const auto mode = given.code("mode", row)) {
      std::optional<std::int32_t>& known = modes[static_cast<std::size_t>(at - constructs.begin())];
      if (known && *known != *mode)
        given.refuse("mode", row, std::string(index_modes[static_cast<std::size_t>(*mode)]),
                     "the same in all rows of a construct: " +
                         std::string(index_modes[static_cast<std::size_t>(*known)]));
      known = *mode;
      at->consistent = *mode == consistent_mode;
      at->mode = at->consistent ? stats::path_mode::a : static_cast<stats::path_mode>(*mode);
    }
    const bool part = label != at->name && places.contains(label);
    (part ? at->parts : at->items).push_back(label);
    if (const auto weight = given.number("weight", row))
      at->weights.push_back(*weight);
    if (part)
      continue;
    index_item item{label, given.number("scale_low", row), given.number("scale_high", row)};
    if (item.low && item.high && !(*item.low < *item.high))
      given.refuse("scale_high", row, to_text(*item.high), "> " + to_text(*item.low));
    made.items.push_back(std::move(item));
  }
  std::stable_sort(made.items.begin(), made.items.end(),
                   [](const index_item& left, const index_item& right) { return left.label < right.label; });
}

} // namespace detail

/// What the tables of a model say. Paths are those of its table paths, or of the national index that its option structure
/// names, as far as the model has the constructs.
/// \throws error status::option where both or neither are there, status::unknown_name for a construct that the national
/// index does not have, and as stats::path_structure
[[nodiscard]] inline index_specification read_index_model(const model& from) {
  index_specification made;
  detail::read_constructs(model_table(index_model_name, &from, "constructs"), made);
  const model_table interactions(index_model_name, &from, "interactions");
  for (std::int64_t row = 0; row < interactions.rows(); ++row)
    made.model.interactions.push_back(
        {.name = std::string(interactions.text("interaction", row).value_or("")),
         .of = std::string(interactions.text("of", row).value_or("")),
         .moderator = std::string(interactions.text("moderator", row).value_or("")),
         .method = static_cast<stats::interaction_method>(interactions.code("method", row).value_or(0))});
  const model_table paths(index_model_name, &from, "paths");
  const std::string_view structure = from.option_text("structure");
  if ((paths.rows() > 0) == !structure.empty())
    throw error(status::option,
                std::string(index_model_name) +
                    (structure.empty() ? ": the model needs the table paths, or the option structure"
                                       : ": the model has the table paths and the option structure; "
                                         "leave one of them out"));
  for (std::int64_t row = 0; row < paths.rows(); ++row)
    made.model.paths.push_back(
        {std::string(paths.text("from", row).value_or("")), std::string(paths.text("to", row).value_or(""))});
  if (!structure.empty()) {
    const auto which = std::find(std::begin(index_structures), std::end(index_structures), structure);
    const std::span<const index_path> all =
        paths_of(static_cast<index_structure>(which - std::begin(index_structures)));
    std::vector<std::string_view> names;
    for (const index_path& one : all)
      for (const std::string_view name : {one.from, one.to})
        if (std::find(names.begin(), names.end(), name) == names.end())
          names.push_back(name);
    std::set<std::string_view> there;
    std::set<std::string_view> parts;
    for (const stats::path_construct& one : made.model.constructs) {
      there.insert(one.name);
      parts.insert(one.parts.begin(), one.parts.end());
    }
    const auto has = [&](std::string_view name) { return there.contains(name); };
    for (const stats::path_construct& one : made.model.constructs) {
      if (!parts.contains(one.name) && std::find(names.begin(), names.end(), one.name) == names.end())
        throw unknown_name(index_model_name, "construct of the structure " + std::string(structure), one.name,
                           names);
    }
    for (const index_path& one : all)
      if (has(one.from) && has(one.to))
        made.model.paths.push_back({std::string(one.from), std::string(one.to)});
  }
  static_cast<void>(stats::path_structure(index_model_name, made.model)); // refuses what makes no sense
  return made;
}

/// The score of a construct as a sum of answers.
struct index_score {
  struct term {
    std::string item;
    double weight = 0.0; ///< of the answer, to scores of variance 1
    double mean = 0.0;   ///< of the answers
    domain scale{};
  };
  std::string construct;
  std::vector<term> terms;

  /// sum w (high - low): how far the score can go.
  [[nodiscard]] math::real range() const noexcept {
    math::real sum(0.0);
    for (const term& one : terms)
      sum += math::real(one.weight) * (math::real(one.scale.high) - one.scale.low);
    return sum;
  }
  /// Whether there is an index: with a negative weight it could leave 0 to 100.
  [[nodiscard]] bool has_index() const noexcept {
    return std::none_of(terms.begin(), terms.end(), [](const term& one) { return !(one.weight >= 0.0); }) &&
           range() > math::real(0.0);
  }
  /// The standardised score of answers in the order of the terms: mean 0, variance 1.
  template <class Answer>
  [[nodiscard]] double standardised(const Answer& answer) const noexcept {
    math::real sum(0.0);
    for (std::size_t k = 0; k < terms.size(); ++k)
      sum += math::real(terms[k].weight) * (math::real(answer(k)) - terms[k].mean);
    return math::value_of(sum);
  }
  /// On the scale from 0 to 100; NaN without an index.
  template <class Answer>
  [[nodiscard]] double index(const Answer& answer) const noexcept {
    if (!has_index())
      return std::numeric_limits<double>::quiet_NaN();
    math::real sum(0.0);
    for (std::size_t k = 0; k < terms.size(); ++k)
      sum += math::real(terms[k].weight) * (math::real(answer(k)) - terms[k].scale.low);
    return math::value_of(sum / range() * 100.0);
  }
  /// The index of the mean answers.
  [[nodiscard]] double mean_index() const noexcept {
    return index([&](std::size_t k) { return terms[k].mean; });
  }
  /// Its standard deviation, since that of the score is 1.
  [[nodiscard]] double index_deviation() const noexcept {
    return has_index() ? math::value_of(100.0 / range()) : std::numeric_limits<double>::quiet_NaN();
  }
  /// The share of an item in the index.
  [[nodiscard]] double index_weight(std::size_t k) const noexcept {
    const term& one = terms[k];
    return has_index() ? math::value_of(math::real(one.weight) *
                                        (math::real(one.scale.high) - one.scale.low) / range())
                       : std::numeric_limits<double>::quiet_NaN();
  }
};

/// The scores of all constructs that are sums of answers: not of interactions. First those of the model, then parts of
/// second-order constructs.
[[nodiscard]] inline std::vector<index_score>
scores_of(const stats::path_structure& structure, const stats::path_moments& moments,
          const stats::path_fit& fit, const index_specification& specification, const domain& usual) {
  std::vector<index_score> made;
  const std::size_t columns = structure.items().size() + structure.products().size();
  for (auto stage = fit.stages.rbegin(); stage != fit.stages.rend(); ++stage)
    for (std::size_t j = 0; j < stage->constructs.size(); ++j) {
      if (std::any_of(made.begin(), made.end(),
                      [&](const index_score& one) { return one.construct == stage->constructs[j]; }))
        continue;
      const std::vector<double> row = stage->score_row(j, columns);
      if (std::any_of(row.begin() + static_cast<std::ptrdiff_t>(structure.items().size()), row.end(),
                      [](double weight) { return weight != 0.0; }))
        continue;
      index_score one;
      one.construct = stage->constructs[j];
      const auto known = std::find(structure.names().begin(), structure.names().end(), one.construct);
      for (const std::size_t i :
           structure.items_of(static_cast<std::size_t>(known - structure.names().begin())))
        one.terms.push_back({structure.items()[i], row[i], moments.mean[i],
                             specification.scale(structure.items()[i], usual)});
      made.push_back(std::move(one));
    }
  return made;
}

/// The scores that a fitted model keeps; none where it was not fitted.
/// \throws error status::data for a scale without an extent, or an item twice in one construct
[[nodiscard]] inline std::vector<index_score> read_index_scores(const model& from) {
  const model_table given(index_model_name, &from, "weights");
  std::vector<index_score> made;
  std::map<std::string_view, std::size_t> places;
  std::set<std::pair<std::size_t, std::string_view>> seen;
  for (std::int64_t row = 0; row < given.rows(); ++row) {
    const std::string_view construct = given.text("construct", row).value_or("");
    const auto [place, fresh] = places.emplace(construct, made.size());
    if (fresh)
      made.emplace_back().construct = std::string(construct);
    const auto at = made.begin() + static_cast<std::ptrdiff_t>(place->second);
    index_score::term one{
        std::string(given.text("item", row).value_or("")),
        given.number("weight", row).value_or(0.0),
        given.number("mean", row).value_or(0.0),
        {given.number("scale_low", row).value_or(0.0), given.number("scale_high", row).value_or(0.0)}};
    if (!(one.scale.low < one.scale.high))
      given.refuse("scale_high", row, to_text(one.scale.high), "> " + to_text(one.scale.low));
    if (!seen.emplace(place->second, given.text("item", row).value_or("")).second)
      given.refuse("item", row, one.item, "in the construct once");
    at->terms.push_back(std::move(one));
  }
  return made;
}

} // namespace emptor::satisfaction

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>

/// Path models with composites (PLS path modelling, 偏最小二乘路径模型), the method of the national satisfaction indices
/// (客户满意度指数): what a model consists of, and the conventions by which programs differ.
///
/// Constructs are weighted sums of items. An outer estimation gives weights, an inner one makes of the scores of the
/// neighbours of a construct its inner proxy, and the two take turns until the weights stay. Path coefficients are then
/// regressions between scores.
/// Source: H. Wold, Soft modeling: the basic design and some extensions, 1982; M. Tenenhaus, V. Esposito Vinzi, Y.-M.
/// Chatelin, C. Lauro, PLS path modeling, Computational Statistics & Data Analysis 48 (2005) 159-205; consistent PLS: T. K.
/// Dijkstra, J. Henseler, Consistent partial least squares path modeling, MIS Quarterly 39 (2015) 297-316.
namespace emptor::stats {

/// How the weights of a block of items come about.
enum class path_mode : std::uint8_t {
  a = 0,     ///< covariances of the items with the inner proxy
  b = 1,     ///< regression of the inner proxy on the items
  unit = 2,  ///< equal weights
  fixed = 3, ///< weights that the caller gives
  pca = 4,   ///< the first principal component of the block
};
inline constexpr std::string_view path_modes[] = {"A", "B", "unit", "fixed", "pca"};

/// What the inner proxy of a construct takes of its neighbours' scores.
enum class inner_scheme : std::int32_t {
  centroid = 0,  ///< the sign of the correlation
  factorial = 1, ///< the correlation
  path =
      2, ///< of constructs that it depends on the regression coefficient, of those that depend on it the correlation
};
inline constexpr std::string_view inner_schemes[] = {"centroid", "factorial", "path"};

/// In what units items are added.
enum class item_metric : std::int32_t {
  standardised = 0, ///< each with the standard deviation 1
  raw = 1,          ///< as they were answered; all of them on one scale
};
inline constexpr std::string_view item_metrics[] = {"standardised", "raw"};

/// What a sum of squares is divided by.
enum class variance_denominator : std::int32_t { n = 0, n_minus_1 = 1 };
inline constexpr std::string_view variance_denominators[] = {"n", "n-1"};

/// When the weights are said to stay.
enum class stop_rule : std::int32_t {
  absolute_sum = 0,     ///< sum of the absolute changes < tolerance
  squared_sizes = 1,    ///< sum of the squared changes of the absolute weights < tolerance
  largest = 2,          ///< largest absolute change < tolerance
  largest_relative = 3, ///< largest absolute change < tolerance x largest absolute weight
};
inline constexpr std::string_view stop_rules[] = {"absolute_sum", "squared_sizes", "largest",
                                                  "largest_relative"};

/// Which way round a construct is, which the method leaves open.
enum class sign_rule : std::int32_t {
  none = 0,     ///< as the iteration ends
  loadings = 1, ///< the sum of its loadings is not negative
  dominant = 2, ///< the loading of its first item is not negative
};
inline constexpr std::string_view sign_rules[] = {"none", "loadings", "dominant"};

/// How a construct is measured by other constructs.
enum class second_order_method : std::int32_t {
  two_stage = 0, ///< by their scores in a model in which they stand for it
  repeated = 1,  ///< by all of their items again
};
inline constexpr std::string_view second_order_methods[] = {"two_stage", "repeated"};

/// How the product of two constructs is measured.
enum class interaction_method : std::int32_t {
  two_stage = 0,         ///< by the product of their scores in the model without interactions
  product_indicator = 1, ///< by the products of their standardised items
  orthogonal = 2,        ///< by what regressions on all items of both leave of these products
};
inline constexpr std::string_view interaction_methods[] = {"two_stage", "product_indicator", "orthogonal"};

/// A construct and what it is measured by: items, or other constructs.
struct path_construct {
  std::string name;
  path_mode mode = path_mode::a;
  std::vector<std::string> items; ///< of a second-order construct none
  std::vector<double> weights{};  ///< of the items where the mode is fixed, in their units; else none
  /// A common factor behind its items: correlations and loadings are corrected for its reliability rho_A (PLSc).
  bool consistent = false;
  std::vector<std::string> parts{}; ///< of a second-order construct the constructs that measure it
};

/// A cause and what depends on it, by name.
struct path_arrow {
  std::string from;
  std::string to;
};

/// A construct that is the product of two others.
struct path_interaction {
  std::string name;
  std::string of;
  std::string moderator;
  interaction_method method = interaction_method::two_stage;
  path_mode mode = path_mode::a;
};

/// All that decides what a path model gives, but for the data. The defaults are emptor's own.
struct path_model_specification {
  std::vector<path_construct> constructs;
  std::vector<path_arrow> paths;
  std::vector<path_interaction> interactions{};

  inner_scheme scheme = inner_scheme::path;
  item_metric metric = item_metric::standardised;
  variance_denominator denominator = variance_denominator::n_minus_1;
  stop_rule stop = stop_rule::largest_relative;
  double tolerance = 1e-10;   ///< > 0
  int limit = 300;            ///< passes, 1 to 10000
  bool scaled_start = true;   ///< the first weights give scores of variance 1, instead of being 1
  bool scaled_weights = true; ///< weights are compared as they give scores of variance 1
  bool scaled_proxy = false;  ///< the inner proxy has variance 1, which matters to unscaled weights only
  sign_rule sign = sign_rule::loadings;
  second_order_method second_order = second_order_method::two_stage;
  /// The score of an interaction in the regressions has the mean standard deviation of its products, by loadings, instead
  /// of 1.
  bool interaction_in_product_units = false;
};

/// Conventions of other programs, to reproduce what they give.
enum class path_preset : std::int32_t {
  emptor = 0,
  seminr = 1, ///< seminr 2.3 (R)
  plspm = 2,  ///< plspm 0.5 (R)
  csem = 3,   ///< cSEM 0.6 (R)
  ecsi = 4,   ///< Tenenhaus et al. 2005: centroid scheme, items on one scale added as they are
};
inline constexpr std::string_view path_presets[] = {"emptor", "seminr", "plspm", "csem", "ecsi"};

/// Sets the conventions of a preset; constructs, paths and interactions stay, and so does the method of second-order
/// constructs.
[[nodiscard]] inline path_model_specification with_preset(path_model_specification of, path_preset preset) {
  const path_model_specification plain{};
  of.scheme = inner_scheme::path;
  of.metric = item_metric::standardised;
  of.denominator = variance_denominator::n_minus_1;
  of.stop = plain.stop;
  of.tolerance = plain.tolerance;
  of.limit = plain.limit;
  of.scaled_start = true;
  of.scaled_weights = true;
  of.scaled_proxy = false;
  of.sign = plain.sign;
  of.interaction_in_product_units = false;
  switch (preset) {
  case path_preset::emptor:
    break;
  case path_preset::seminr:
    of.stop = stop_rule::absolute_sum;
    of.tolerance = 1e-7;
    of.limit = 301; // its count begins with 0
    of.scaled_start = false;
    of.scaled_proxy = true;
    of.sign = sign_rule::none;
    of.interaction_in_product_units = true;
    break;
  case path_preset::plspm:
  case path_preset::ecsi:
    of.scheme = inner_scheme::centroid;
    of.metric = preset == path_preset::ecsi ? item_metric::raw : item_metric::standardised;
    of.denominator = variance_denominator::n;
    of.stop = stop_rule::squared_sizes;
    of.tolerance = 1e-6;
    of.limit = 100;
    of.scaled_weights = false;
    of.sign = sign_rule::none;
    break;
  case path_preset::csem:
    of.stop = stop_rule::largest;
    of.tolerance = 1e-5;
    of.limit = 100;
    of.sign = sign_rule::none;
    break;
  }
  return of;
}

/// The whole specification in one line, so that a result says what it is the result of.
[[nodiscard]] inline std::string text_of(const path_model_specification& of) {
  const auto name_of = [](const auto& names, auto value) {
    return std::string(names[static_cast<std::size_t>(value)]);
  };
  const auto joined = [](const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& one : names)
      text.append(text.empty() ? "" : " + ").append(one);
    return text;
  };
  std::string text;
  for (const path_construct& one : of.constructs) {
    text.append(text.empty() ? "" : "; ").append(one.name).append(" = ");
    text.append(name_of(path_modes, one.mode)).append(one.consistent ? " consistent" : "").append("(");
    text.append(joined(one.parts.empty() ? one.items : one.parts)).append(")");
    for (std::size_t i = 0; i < one.weights.size(); ++i)
      text.append(i == 0 ? " weights " : ", ").append(to_text(one.weights[i]));
  }
  for (const path_interaction& one : of.interactions)
    text.append("; ")
        .append(one.name)
        .append(" = ")
        .append(one.of)
        .append(" x ")
        .append(one.moderator)
        .append(" (" + name_of(interaction_methods, one.method) + ", " + name_of(path_modes, one.mode) + ")");
  for (const path_arrow& one : of.paths)
    text.append("; ").append(one.from).append(" -> ").append(one.to);
  text.append("; scheme ").append(name_of(inner_schemes, of.scheme));
  text.append(", metric ").append(name_of(item_metrics, of.metric));
  text.append(", denominator ").append(name_of(variance_denominators, of.denominator));
  text.append(", stop ").append(name_of(stop_rules, of.stop)).append(" < ").append(to_text(of.tolerance));
  text.append(", at most ").append(std::to_string(of.limit)).append(" passes");
  text.append(", start ").append(of.scaled_start ? "scaled" : "ones");
  text.append(", weights ").append(of.scaled_weights ? "scaled" : "unscaled");
  text.append(", proxy ").append(of.scaled_proxy ? "scaled" : "unscaled");
  text.append(", sign ").append(name_of(sign_rules, of.sign));
  text.append(", second order ").append(name_of(second_order_methods, of.second_order));
  text.append(", interactions in units of ")
      .append(of.interaction_in_product_units ? "their products" : "their own deviation");
  return text;
}

} // namespace emptor::stats

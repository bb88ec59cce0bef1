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
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/student.hpp>
#include <emptor/stats/weighted_mean.hpp>

/// Value as customers see it, from what they answer: items belong to dimensions, dimensions add to value or to cost, and
/// suppliers are compared in front of the same eyes. Shared by delivered value and consumption value, which differ in their
/// dimensions and signs.
///
/// An answer a on a scale from low to high is the score 100 (a - low) / (high - low), of a reversed item 100 less that. The
/// score of a dimension is the mean of the scores of its items by their weights; of items that a respondent has not
/// answered the others take the weight over. Whoever has answered none of the items of a dimension that has weight is left
/// out of all means, and counted.
namespace emptor::value {

/// What kind of value is measured.
struct value_form {
  std::string_view entry;
  std::span<const std::string_view> dimensions;
  std::size_t benefits = 0; ///< the first so many add to the value, the others to the cost

  [[nodiscard]] constexpr bool is_cost(std::size_t dimension) const noexcept { return dimension >= benefits; }
  [[nodiscard]] constexpr bool has_cost() const noexcept { return benefits < dimensions.size(); }
  /// The dimensions, then value, and with costs cost and delivered value.
  [[nodiscard]] constexpr std::size_t measures() const noexcept {
    return dimensions.size() + (has_cost() ? 3 : 1);
  }
  [[nodiscard]] constexpr std::size_t value() const noexcept { return dimensions.size(); }
  [[nodiscard]] constexpr std::size_t cost() const noexcept { return dimensions.size() + 1; }
  /// The measure by which suppliers are ranked.
  [[nodiscard]] constexpr std::size_t total() const noexcept { return measures() - 1; }
};

struct surveyed_item {
  std::string label;
  std::size_t dimension = 0;
  double weight = 0.0; ///< as it counts
  bool reversed = false;
  domain scale{};

  [[nodiscard]] double score(double answer) const noexcept {
    const math::real part = (math::real(answer) - scale.low) / (math::real(scale.high) - scale.low);
    return math::value_of(100.0 * (reversed ? math::real(1.0) - part : part));
  }
};

/// Which item belongs to which dimension, with what weight.
class survey_scheme {
public:
  /// \param usual  the scale of items that have none of their own \param normalised  whether the weights of the items
  /// that add to value, and those of the items that add to cost, are made to add up to 1
  /// \throws error status::data where an item is there twice, or a scale is empty, status::schema where no item has weight
  survey_scheme(const value_form& form, const model& from, domain usual, bool normalised)
      : form_(form)
      , dimension_weights_(form.dimensions.size(), 0.0) {
    const model_table given(form.entry, &from, "items");
    for (std::int64_t row = 0; row < given.rows(); ++row) {
      surveyed_item one{.label = std::string(given.text("item", row).value_or("")),
                        .dimension = static_cast<std::size_t>(given.code("dimension", row).value_or(0)),
                        .weight = given.number("weight", row).value_or(1.0),
                        .reversed = given.truth("reversed", row).value_or(false),
                        .scale = {given.number("scale_low", row).value_or(usual.low),
                                  given.number("scale_high", row).value_or(usual.high)}};
      if (one.label.empty())
        given.refuse("item", row, "empty", "the label of a column of items");
      if (std::any_of(items_.begin(), items_.end(),
                      [&](const surveyed_item& other) { return other.label == one.label; }))
        given.refuse("item", row, one.label, "there once");
      if (!(one.scale.low < one.scale.high))
        given.refuse("scale_high", row, to_text(one.scale.high), "> " + to_text(one.scale.low));
      items_.push_back(std::move(one));
    }
    std::stable_sort(items_.begin(), items_.end(), [](const surveyed_item& left, const surveyed_item& right) {
      return left.dimension < right.dimension;
    });
    math::real side[2] = {0.0, 0.0};
    for (const surveyed_item& one : items_)
      side[side_of(one)] = side[side_of(one)] + one.weight;
    if (!(math::value_of(side[0]) > 0.0) && !(math::value_of(side[1]) > 0.0))
      throw error(status::schema,
                  std::string(form.entry) + ": table items has no item with a weight above 0");
    for (surveyed_item& one : items_) {
      if (normalised && one.weight > 0.0)
        one.weight = math::value_of(one.weight / side[side_of(one)]);
      double& sum = dimension_weights_[one.dimension];
      sum = math::value_of(math::real(sum) + one.weight);
    }
  }

  [[nodiscard]] const value_form& form() const noexcept { return form_; }
  /// By dimension, within it in the order of the table.
  [[nodiscard]] const std::vector<surveyed_item>& items() const noexcept { return items_; }
  [[nodiscard]] double weight_of(std::size_t dimension) const noexcept {
    return dimension_weights_[dimension];
  }

  /// What differs by less than this in a weighted measure differs by rounding.
  [[nodiscard]] double rounding_of(std::size_t measure) const noexcept {
    math::real weights(0.0);
    for (std::size_t d = 0; d < form_.dimensions.size(); ++d) {
      const bool in = measure == d || measure == form_.total() ||
                      measure == (form_.is_cost(d) ? form_.cost() : form_.value());
      weights = weights + (in ? dimension_weights_[d] : 0.0);
    }
    return math::value_of(weights * 1e-10); // of scores up to 100
  }
  /// Measures from figures of the items: items add up to dimensions, these to value and cost, and value less cost is what is
  /// delivered; each sum in the order of the items and dimensions.
  [[nodiscard]] std::vector<double> measures(std::span<const double> of_items) const {
    std::vector<math::real> sums(form_.measures(), math::real(0.0));
    for (std::size_t i = 0; i < items_.size(); ++i)
      sums[items_[i].dimension] = sums[items_[i].dimension] + of_items[i];
    for (std::size_t d = 0; d < form_.dimensions.size(); ++d) {
      const std::size_t side = form_.is_cost(d) ? form_.cost() : form_.value();
      sums[side] = sums[side] + sums[d];
    }
    if (form_.has_cost())
      sums[form_.total()] = sums[form_.value()] - sums[form_.cost()];
    std::vector<double> made;
    for (const math::real& one : sums)
      made.push_back(math::value_of(one));
    return made;
  }

private:
  [[nodiscard]] std::size_t side_of(const surveyed_item& one) const noexcept {
    return form_.is_cost(one.dimension) ? 1 : 0;
  }

  value_form form_;
  std::vector<surveyed_item> items_;
  std::vector<double> dimension_weights_;
};

/// What was answered: rows sorted by respondent and supplier.
struct survey_answers {
  std::vector<std::string_view> respondents;
  std::vector<std::string_view> suppliers;
  std::vector<std::optional<std::string_view>> segments;
  std::vector<double> weights;
  std::vector<std::vector<double>> answers; ///< of each item of the scheme, row by row; NaN = not answered
};

/// What one respondent thinks of one supplier, or of several as one.
struct survey_rating {
  std::string_view respondent;
  std::string_view supplier; ///< the first one, where several are rated as one
  double weight = 1.0;
  std::size_t answered = 0;         ///< items
  bool complete = false;            ///< some item of each dimension that has weight
  std::vector<double> scores;       ///< of items, 0 to 100; NaN = not answered
  std::vector<double> contribution; ///< of items, weighted
  std::vector<double> measures;     ///< weighted sums, see survey_scheme::measures
};

/// \param rows  of one respondent; several answers to one item count as their mean, and so do weights
[[nodiscard]] inline survey_rating rate(const survey_scheme& scheme, const survey_answers& from,
                                        std::span<const std::size_t> rows) {
  const std::vector<surveyed_item>& items = scheme.items();
  const std::size_t dimensions = scheme.form().dimensions.size();
  survey_rating made{.respondent = from.respondents[rows.front()],
                     .supplier = from.suppliers[rows.front()],
                     .scores = std::vector<double>(items.size(), std::numeric_limits<double>::quiet_NaN()),
                     .contribution = std::vector<double>(items.size(), 0.0),
                     .measures = {}};
  math::real weight(0.0);
  for (const std::size_t row : rows)
    weight = weight + from.weights[row];
  made.weight = math::value_of(weight / static_cast<double>(rows.size()));
  std::vector<math::real> answered(dimensions, math::real(0.0)); // weight of the items that are
  for (std::size_t i = 0; i < items.size(); ++i) {
    math::real sum(0.0);
    double count = 0.0;
    for (const std::size_t row : rows) {
      if (!std::isnan(from.answers[i][row])) {
        sum = sum + from.answers[i][row];
        count += 1.0;
      }
    }
    if (count == 0.0)
      continue;
    ++made.answered;
    made.scores[i] = items[i].score(math::value_of(sum / count));
    answered[items[i].dimension] = answered[items[i].dimension] + items[i].weight;
  }
  made.complete = true;
  for (std::size_t d = 0; d < dimensions; ++d)
    made.complete = made.complete && (scheme.weight_of(d) == 0.0 || math::value_of(answered[d]) > 0.0);
  for (std::size_t i = 0; i < items.size() && made.complete; ++i) {
    const std::size_t d = items[i].dimension;
    if (items[i].weight > 0.0 && !std::isnan(made.scores[i])) {
      // Where all are answered an item counts with its own weight, to the last bit.
      const double all = scheme.weight_of(d);
      const math::real weight_here = math::value_of(answered[d]) == all
                                         ? math::real(items[i].weight)
                                         : math::real(items[i].weight) / answered[d] * all;
      made.contribution[i] = math::value_of(weight_here * made.scores[i]);
    }
  }
  made.measures = scheme.measures(made.contribution);
  return made;
}

/// What some respondents think of a supplier on average.
struct survey_summary {
  std::size_t respondents = 0;
  std::vector<std::int64_t> answers; ///< of each item
  std::vector<double> scores;        ///< mean score of each item of those who answered it; NaN = nobody did
  std::vector<double> contribution;  ///< mean contribution of each item
  std::vector<double> measures;      ///< their sums
  std::vector<double> variances;     ///< of the measures; NaN of fewer than two respondents
};

/// \param weights  of the ratings, for those of a pair count alike
[[nodiscard]] inline survey_summary summarise(const survey_scheme& scheme,
                                              std::span<const survey_rating* const> ratings,
                                              std::span<const double> weights) {
  survey_summary made;
  made.respondents = ratings.size();
  const std::size_t items = scheme.items().size();
  const std::size_t measures = scheme.form().measures();
  // Rating after rating, each of which lies somewhere else; the terms of a sum come in the same order as item after item.
  const math::real nothing(0.0);
  std::vector<math::real> scores(items, nothing);
  std::vector<math::real> weight_of_scores(items, nothing);
  std::vector<math::real> contributions(items, nothing);
  std::vector<std::vector<double>> measured(measures, std::vector<double>(ratings.size()));
  math::real weight(0.0);
  made.answers.assign(items, 0);
  for (std::size_t r = 0; r < ratings.size(); ++r) {
    const survey_rating& one = *ratings[r];
    const math::real its_weight(weights[r]);
    weight = weight + its_weight;
    for (std::size_t i = 0; i < items; ++i) {
      contributions[i] = contributions[i] + its_weight * one.contribution[i];
      if (!std::isnan(one.scores[i])) {
        scores[i] = scores[i] + its_weight * one.scores[i];
        weight_of_scores[i] = weight_of_scores[i] + its_weight;
        ++made.answers[i];
      }
    }
    for (std::size_t m = 0; m < measures; ++m)
      measured[m][r] = one.measures[m];
  }
  for (std::size_t i = 0; i < items; ++i) { // 0 / 0 where nobody answered
    made.scores.push_back(math::value_of(scores[i] / weight_of_scores[i]));
    made.contribution.push_back(math::value_of(contributions[i] / weight));
  }
  made.measures = scheme.measures(made.contribution);
  for (std::size_t m = 0; m < measures; ++m)
    made.variances.push_back(stats::weighted_mean_of(measured[m], weights, scheme.rounding_of(m)).variance);
  return made;
}

inline constexpr std::string_view survey_weight_choices[] = {"normalised", "as_given"};
enum class survey_comparison_method : std::int32_t { paired = 0, independent = 1 };
inline constexpr std::string_view survey_comparison_methods[] = {"paired", "independent"};
enum class survey_comparison_choice : std::int32_t { automatic = 0, paired = 1, independent = 2 };
inline constexpr std::string_view survey_comparison_choices[] = {"automatic", "paired", "independent"};

/// The own supplier beside another one.
struct survey_comparison {
  survey_comparison_method method = survey_comparison_method::independent;
  survey_summary own;
  survey_summary other;
  std::vector<double> drivers; ///< what each item adds to the difference of the total: costs count against it
  std::vector<double> contributions; ///< their sums by measure: the last one is the difference of the total
  std::vector<double> variances;     ///< of the differences of the measures; NaN of fewer than two
  std::vector<double> degrees;       ///< of freedom; NaN where there is no variance
};

/// Compares within respondents who rated both where asked for, or where that is at least half of those of the supplier that
/// fewer have rated; else as two samples.
/// \param own,other  complete ratings, sorted by respondent
[[nodiscard]] inline survey_comparison compare(const survey_scheme& scheme,
                                               std::span<const survey_rating* const> own,
                                               std::span<const survey_rating* const> other,
                                               survey_comparison_choice choice) {
  std::vector<const survey_rating*> pairs[2];
  for (std::size_t i = 0, j = 0; i < own.size() && j < other.size();) {
    const int order = own[i]->respondent.compare(other[j]->respondent);
    if (order == 0) {
      pairs[0].push_back(own[i]);
      pairs[1].push_back(other[j]);
    }
    i += order <= 0 ? 1 : 0;
    j += order >= 0 ? 1 : 0;
  }
  const bool paired = choice == survey_comparison_choice::paired ||
                      (choice == survey_comparison_choice::automatic && pairs[0].size() >= 2 &&
                       2 * pairs[0].size() >= std::min(own.size(), other.size()));
  survey_comparison made;
  const std::size_t measures = scheme.form().measures();
  const auto n = static_cast<double>(pairs[0].size());
  if (paired) {
    made.method = survey_comparison_method::paired;
    std::vector<double> weights;
    for (std::size_t i = 0; i < pairs[0].size(); ++i)
      weights.push_back(math::value_of((math::real(pairs[0][i]->weight) + pairs[1][i]->weight) * 0.5));
    made.own = summarise(scheme, pairs[0], weights);
    made.other = summarise(scheme, pairs[1], weights);
    std::vector<double> differences(pairs[0].size());
    for (std::size_t m = 0; m < measures; ++m) {
      for (std::size_t i = 0; i < differences.size(); ++i)
        differences[i] = math::value_of(math::real(pairs[0][i]->measures[m]) - pairs[1][i]->measures[m]);
      made.variances.push_back(stats::weighted_mean_of(differences, weights, scheme.rounding_of(m)).variance);
      made.degrees.push_back(made.variances.back() > 0.0 ? n - 1.0
                                                         : std::numeric_limits<double>::quiet_NaN());
    }
  } else {
    const auto side = [&](std::span<const survey_rating* const> of) {
      std::vector<double> weights;
      for (const survey_rating* const one : of)
        weights.push_back(one->weight);
      return summarise(scheme, of, weights);
    };
    made.own = side(own);
    made.other = side(other);
    for (std::size_t m = 0; m < measures; ++m) {
      // Welch and Satterthwaite.
      const math::real sum = math::real(made.own.variances[m]) + made.other.variances[m];
      const math::real share = made.own.variances[m] / sum;
      const math::real rest = made.other.variances[m] / sum;
      const math::real degrees = 1.0 / (share * share / (static_cast<double>(own.size()) - 1.0) +
                                        rest * rest / (static_cast<double>(other.size()) - 1.0));
      made.variances.push_back(math::value_of(sum));
      made.degrees.push_back(math::value_of(sum) > 0.0 ? math::value_of(degrees)
                                                       : std::numeric_limits<double>::quiet_NaN());
    }
  }
  const auto& items = scheme.items();
  std::vector<double> plain;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const math::real difference = math::real(made.own.contribution[i]) - made.other.contribution[i];
    plain.push_back(math::value_of(difference));
    made.drivers.push_back(math::value_of(
        scheme.form().is_cost(items[i].dimension) ? math::real(0.0) - difference : difference));
  }
  // Of costs the sums of the items turned round, which is the same as turning their sums.
  made.contributions = scheme.measures(plain);
  const value_form& form = scheme.form();
  for (std::size_t m = 0; m < measures; ++m) {
    const bool turns =
        (m < form.dimensions.size() && form.is_cost(m)) || (form.has_cost() && m == form.cost());
    if (turns)
      made.contributions[m] = 0.0 - made.contributions[m];
  }
  return made;
}

/// Everybody's ratings of everything in some rows of the answers.
class survey_ratings {
public:
  /// \param rows  which count, in their order \param own  the supplier whose competitors are also rated as one
  survey_ratings(const survey_scheme& scheme, const survey_answers& from, std::span<const std::size_t> rows,
                 std::optional<std::string_view> own) {
    std::vector<std::size_t> others;
    for (std::size_t at = 0; at < rows.size();) {
      const std::string_view respondent = from.respondents[rows[at]];
      others.clear();
      while (at < rows.size() && from.respondents[rows[at]] == respondent) {
        const std::string_view supplier = from.suppliers[rows[at]];
        const std::size_t first = at;
        while (at < rows.size() && from.suppliers[rows[at]] == supplier &&
               from.respondents[rows[at]] == respondent)
          ++at;
        const std::span<const std::size_t> about = rows.subspan(first, at - first);
        by_supplier_[supplier].push_back(each_.size());
        each_.push_back(rate(scheme, from, about));
        if (supplier != own)
          others.insert(others.end(), about.begin(), about.end());
      }
      if (own && !others.empty())
        competitors_.push_back(rate(scheme, from, others));
    }
  }
  [[nodiscard]] const std::vector<survey_rating>& each() const noexcept { return each_; }
  /// The complete ones of a supplier, by respondent; without a name those of the competitors as one.
  [[nodiscard]] std::vector<const survey_rating*> of(std::optional<std::string_view> supplier) const {
    std::vector<const survey_rating*> found;
    const auto add = [&](const survey_rating& one) {
      if (one.complete)
        found.push_back(&one);
    };
    if (!supplier) {
      std::for_each(competitors_.begin(), competitors_.end(), add);
    } else if (const auto at = by_supplier_.find(*supplier); at != by_supplier_.end()) {
      for (const std::size_t place : at->second)
        add(each_[place]);
    }
    return found;
  }
  /// How many ratings of a supplier there are, complete or not.
  [[nodiscard]] std::size_t count(std::string_view supplier) const {
    const auto at = by_supplier_.find(supplier);
    return at == by_supplier_.end() ? 0 : at->second.size();
  }

  /// Whom somebody rated, in the order of their bytes.
  [[nodiscard]] std::vector<std::string_view> suppliers() const {
    std::vector<std::string_view> found;
    for (const auto& [supplier, places] : by_supplier_)
      found.push_back(supplier);
    return found;
  }

private:
  std::vector<survey_rating> each_;
  std::vector<survey_rating> competitors_;
  std::map<std::string_view, std::vector<std::size_t>> by_supplier_;
};

} // namespace emptor::value

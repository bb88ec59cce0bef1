// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/optional_texts.hpp>
#include <emptor/core/table.hpp>
#include <emptor/stats/student.hpp>
#include <emptor/value/survey_value.hpp>

/// The tables of delivered value and consumption value (survey_value.hpp).
namespace emptor::value {

/// Places of numbers, the highest first; equal ones share the better place, and NaN has none.
[[nodiscard]] inline std::vector<std::int64_t> ranks_of(std::span<const double> values) {
  std::vector<double> sorted;
  std::copy_if(values.begin(), values.end(), std::back_inserter(sorted),
               [](double one) { return !std::isnan(one); });
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  std::vector<std::int64_t> made;
  for (const double one : values)
    made.push_back(
        std::isnan(one)
            ? no_amount
            : 1 + (std::lower_bound(sorted.begin(), sorted.end(), one, std::greater<>()) - sorted.begin()));
  return made;
}

/// Puts together what all segments say.
class survey_report {
public:
  survey_report(const survey_scheme& scheme, double confidence, survey_comparison_choice choice)
      : scheme_(scheme)
      , form_(scheme.form())
      , t_(confidence)
      , choice_(choice) {}

  /// \param rows  of the segment, in their order \param own  none = nobody is compared
  void add_segment(const survey_answers& from, std::span<const std::size_t> rows,
                   std::optional<std::string_view> segment, std::optional<std::string_view> own) {
    const survey_ratings ratings(scheme_, from, rows, own);
    const std::vector<std::string_view> suppliers = ratings.suppliers();
    if (!segment)
      add_respondents(ratings);
    std::vector<double> totals;
    for (const std::string_view supplier : suppliers)
      totals.push_back(add_supplier(segment, supplier, ratings.of(supplier),
                                    static_cast<std::int64_t>(ratings.count(supplier))));
    const std::vector<std::int64_t> ranks = ranks_of(totals);
    suppliers_.rank.insert(suppliers_.rank.end(), ranks.begin(), ranks.end());
    if (!own)
      return;
    const std::vector<const survey_rating*> mine = ratings.of(*own);
    for (const std::string_view supplier : suppliers) {
      if (supplier != *own)
        add_comparison(segment, supplier, mine, ratings.of(supplier));
    }
    if (suppliers.size() > 2)
      add_comparison(segment, std::nullopt, mine, ratings.of(std::nullopt));
  }

  [[nodiscard]] std::vector<table> tables() && {
    std::vector<table> made;
    made.push_back(suppliers_table());
    made.push_back(dimensions_table());
    made.push_back(items_table());
    made.push_back(comparison_table());
    made.push_back(drivers_table());
    made.push_back(respondents_table());
    return made;
  }

private:
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  struct supplier_lines {
    optional_texts segment;
    text_buffer supplier;
    std::vector<std::int64_t> respondents;
    std::vector<std::int64_t> incomplete;
    std::vector<double> value;
    std::vector<double> cost;
    std::vector<double> total;
    std::vector<double> low;
    std::vector<double> high;
    std::vector<double> ratio;
    std::vector<std::int64_t> rank;
  };
  struct dimension_lines {
    optional_texts segment;
    text_buffer supplier;
    std::vector<std::int32_t> dimension;
    std::vector<double> weight;
    std::vector<double> mean;
    std::vector<double> low;
    std::vector<double> high;
    std::vector<double> weighted;
  };
  struct item_lines {
    optional_texts segment;
    text_buffer supplier;
    text_buffer item;
    std::vector<std::int32_t> dimension;
    std::vector<double> weight;
    std::vector<std::int64_t> answers;
    std::vector<double> mean;
    std::vector<double> weighted;
  };
  struct comparison_lines {
    optional_texts segment;
    optional_texts competitor;
    std::vector<std::int32_t> measure;
    std::vector<std::int32_t> method;
    std::vector<std::int64_t> own_respondents;
    std::vector<std::int64_t> respondents;
    std::vector<double> own;
    std::vector<double> other;
    std::vector<double> difference;
    std::vector<double> low;
    std::vector<double> high;
    std::vector<double> degrees;
    std::vector<double> p_value;
    std::vector<double> ratio;
    std::vector<double> contribution;
  };
  struct driver_lines {
    optional_texts segment;
    optional_texts competitor;
    text_buffer item;
    std::vector<std::int32_t> dimension;
    std::vector<double> own;
    std::vector<double> other;
    std::vector<double> contribution;
    std::vector<std::int64_t> rank;
  };
  struct respondent_lines {
    text_buffer respondent;
    text_buffer supplier;
    std::vector<std::int64_t> answered;
    std::vector<std::uint8_t> complete;
    std::vector<std::vector<double>> scores; ///< of each dimension
    std::vector<double> value;
    std::vector<double> cost;
    std::vector<double> total;
    std::vector<double> ratio;
  };

  [[nodiscard]] static double ratio_of(double above, double below) noexcept {
    const double ratio = math::value_of(math::real(above) / below);
    return std::isfinite(ratio) ? ratio : none;
  }
  /// Half of the width of an interval; NaN where there is none.
  [[nodiscard]] double half_width(double variance, double degrees) {
    if (std::isnan(variance))
      return none;
    if (variance == 0.0)
      return 0.0;
    const double whole = std::floor(degrees);
    const double t = whole == degrees && degrees < 1000.0 ? t_.of(static_cast<std::size_t>(degrees) + 1)
                                                          : stats::student_quantile(degrees, t_.confidence());
    return math::value_of(t * sqrt(math::real(variance)));
  }
  [[nodiscard]] double scored(double weighted, std::size_t measure) const noexcept {
    if (measure >= form_.dimensions.size())
      return weighted;
    return ratio_of(weighted, scheme_.weight_of(measure));
  }
  [[nodiscard]] bool counts(std::size_t measure) const noexcept {
    return measure >= form_.dimensions.size() || scheme_.weight_of(measure) > 0.0;
  }

  /// \return the total, NaN where nobody counts
  double add_supplier(std::optional<std::string_view> segment, std::string_view supplier,
                      std::span<const survey_rating* const> complete, std::int64_t all) {
    suppliers_.segment.push_back(segment);
    suppliers_.supplier.push_back(supplier);
    suppliers_.respondents.push_back(static_cast<std::int64_t>(complete.size()));
    suppliers_.incomplete.push_back(all - static_cast<std::int64_t>(complete.size()));
    std::vector<double> weights;
    for (const survey_rating* const one : complete)
      weights.push_back(one->weight);
    const survey_summary summary = summarise(scheme_, complete, weights);
    const double degrees = static_cast<double>(complete.size()) - 1.0;
    const std::size_t last = form_.total();
    const double total = summary.measures[last];
    const double half = half_width(summary.variances[last], degrees);
    suppliers_.value.push_back(summary.measures[form_.value()]);
    suppliers_.total.push_back(total);
    suppliers_.low.push_back(math::value_of(math::real(total) - half));
    suppliers_.high.push_back(math::value_of(math::real(total) + half));
    if (form_.has_cost()) {
      suppliers_.cost.push_back(summary.measures[form_.cost()]);
      suppliers_.ratio.push_back(ratio_of(summary.measures[form_.value()], summary.measures[form_.cost()]));
    }
    if (complete.empty())
      return none;
    for (std::size_t d = 0; d < form_.dimensions.size(); ++d) {
      if (!counts(d))
        continue;
      const double weight = scheme_.weight_of(d);
      const math::real mean(scored(summary.measures[d], d));
      const math::real wide = math::real(half_width(summary.variances[d], degrees)) / weight;
      dimensions_.segment.push_back(segment);
      dimensions_.supplier.push_back(supplier);
      dimensions_.dimension.push_back(static_cast<std::int32_t>(d));
      dimensions_.weight.push_back(weight);
      dimensions_.mean.push_back(math::value_of(mean));
      dimensions_.low.push_back(math::value_of(mean - wide));
      dimensions_.high.push_back(math::value_of(mean + wide));
      dimensions_.weighted.push_back(summary.measures[d]);
    }
    for (std::size_t i = 0; i < scheme_.items().size(); ++i) {
      const surveyed_item& item = scheme_.items()[i];
      items_.segment.push_back(segment);
      items_.supplier.push_back(supplier);
      items_.item.push_back(item.label);
      items_.dimension.push_back(static_cast<std::int32_t>(item.dimension));
      items_.weight.push_back(item.weight);
      items_.answers.push_back(summary.answers[i]);
      items_.mean.push_back(summary.scores[i]);
      items_.weighted.push_back(summary.contribution[i]);
    }
    return total;
  }

  void add_comparison(std::optional<std::string_view> segment, std::optional<std::string_view> competitor,
                      std::span<const survey_rating* const> own,
                      std::span<const survey_rating* const> other) {
    if (own.empty() || other.empty())
      return;
    const survey_comparison found = compare(scheme_, own, other, choice_);
    if (found.own.respondents == 0) // nobody rated both
      return;
    for (std::size_t m = 0; m < form_.measures(); ++m) {
      if (!counts(m))
        continue;
      const double mine = scored(found.own.measures[m], m);
      const double theirs = scored(found.other.measures[m], m);
      const double weight = m < form_.dimensions.size() ? scheme_.weight_of(m) : 1.0;
      const math::real difference = math::real(mine) - theirs;
      const math::real half = math::real(half_width(found.variances[m], found.degrees[m])) / weight;
      const bool varies = found.variances[m] > 0.0;
      const math::real t =
          math::real(varies ? 1.0 : none) * difference * weight / sqrt(math::real(found.variances[m]));
      comparison_.segment.push_back(segment);
      comparison_.competitor.push_back(competitor);
      comparison_.measure.push_back(static_cast<std::int32_t>(m));
      comparison_.method.push_back(static_cast<std::int32_t>(found.method));
      comparison_.own_respondents.push_back(static_cast<std::int64_t>(found.own.respondents));
      comparison_.respondents.push_back(static_cast<std::int64_t>(found.other.respondents));
      comparison_.own.push_back(mine);
      comparison_.other.push_back(theirs);
      comparison_.difference.push_back(math::value_of(difference));
      comparison_.low.push_back(math::value_of(difference - half));
      comparison_.high.push_back(math::value_of(difference + half));
      comparison_.degrees.push_back(found.degrees[m]);
      comparison_.p_value.push_back(
          varies ? std::min(1.0, 2.0 * stats::student_t_tail(math::value_of(abs(t)), found.degrees[m]))
                 : none);
      const bool of_worth = form_.has_cost() && m == form_.total();
      comparison_.ratio.push_back(
          of_worth
              ? ratio_of(ratio_of(found.own.measures[form_.value()], found.own.measures[form_.cost()]),
                         ratio_of(found.other.measures[form_.value()], found.other.measures[form_.cost()]))
              : ratio_of(mine, theirs));
      comparison_.contribution.push_back(found.contributions[m]);
    }
    std::vector<double> sizes;
    for (std::size_t i = 0; i < scheme_.items().size(); ++i) {
      drivers_.segment.push_back(segment);
      drivers_.competitor.push_back(competitor);
      drivers_.item.push_back(scheme_.items()[i].label);
      drivers_.dimension.push_back(static_cast<std::int32_t>(scheme_.items()[i].dimension));
      drivers_.own.push_back(found.own.contribution[i]);
      drivers_.other.push_back(found.other.contribution[i]);
      drivers_.contribution.push_back(found.drivers[i]);
      sizes.push_back(std::abs(found.drivers[i]));
    }
    const std::vector<std::int64_t> ranks = ranks_of(sizes);
    drivers_.rank.insert(drivers_.rank.end(), ranks.begin(), ranks.end());
  }

  void add_respondents(const survey_ratings& ratings) {
    respondents_.scores.resize(form_.dimensions.size());
    for (const survey_rating& one : ratings.each()) {
      respondents_.respondent.push_back(one.respondent);
      respondents_.supplier.push_back(one.supplier);
      respondents_.answered.push_back(static_cast<std::int64_t>(one.answered));
      respondents_.complete.push_back(one.complete ? 1 : 0);
      const auto measure = [&](std::size_t m) { return one.complete ? one.measures[m] : none; };
      for (std::size_t d = 0; d < form_.dimensions.size(); ++d)
        respondents_.scores[d].push_back(counts(d) ? scored(measure(d), d) : none);
      respondents_.value.push_back(measure(form_.value()));
      respondents_.total.push_back(measure(form_.total()));
      if (form_.has_cost()) {
        respondents_.cost.push_back(measure(form_.cost()));
        respondents_.ratio.push_back(ratio_of(measure(form_.value()), measure(form_.cost())));
      }
    }
  }

  [[nodiscard]] static column points(std::string name, std::vector<double>& values) {
    for (double& one : values)
      one = one + 0.0; // one zero only
    return column::numbers(std::move(name), std::move(values), "points").or_none();
  }
  [[nodiscard]] column dimension_column(std::vector<std::int32_t>& codes) const {
    return column::codes("dimension", std::move(codes), form_.dimensions);
  }

  [[nodiscard]] table suppliers_table() {
    table made("suppliers");
    const std::string total = form_.has_cost() ? "delivered_value" : "value";
    made.add(std::move(suppliers_.segment).as("segment"));
    made.add(column::texts("supplier", std::move(suppliers_.supplier)));
    made.add(column::integers("respondents", std::move(suppliers_.respondents)));
    made.add(column::integers("incomplete", std::move(suppliers_.incomplete)));
    if (form_.has_cost()) {
      made.add(points("value", suppliers_.value));
      made.add(points("cost", suppliers_.cost));
    }
    made.add(points(total, suppliers_.total));
    made.add(points(total + "_low", suppliers_.low));
    made.add(points(total + "_high", suppliers_.high));
    if (form_.has_cost())
      made.add(column::numbers("value_cost_ratio", std::move(suppliers_.ratio)).or_none());
    made.add(column::integers("rank", std::move(suppliers_.rank)).or_none());
    return made;
  }
  [[nodiscard]] table dimensions_table() {
    table made("dimensions");
    made.add(std::move(dimensions_.segment).as("segment"));
    made.add(column::texts("supplier", std::move(dimensions_.supplier)));
    made.add(dimension_column(dimensions_.dimension));
    made.add(column::numbers("weight", std::move(dimensions_.weight)));
    made.add(points("mean", dimensions_.mean));
    made.add(points("mean_low", dimensions_.low));
    made.add(points("mean_high", dimensions_.high));
    made.add(points("weighted", dimensions_.weighted));
    return made;
  }
  [[nodiscard]] table items_table() {
    table made("items");
    made.add(std::move(items_.segment).as("segment"));
    made.add(column::texts("supplier", std::move(items_.supplier)));
    made.add(column::texts("item", std::move(items_.item)));
    made.add(dimension_column(items_.dimension));
    made.add(column::numbers("weight", std::move(items_.weight)));
    made.add(column::integers("answers", std::move(items_.answers)));
    made.add(points("mean", items_.mean));
    made.add(points("weighted", items_.weighted));
    return made;
  }
  [[nodiscard]] table comparison_table() {
    std::vector<std::string_view> measures(form_.dimensions.begin(), form_.dimensions.end());
    measures.push_back("value");
    if (form_.has_cost()) {
      measures.push_back("cost");
      measures.push_back("delivered_value");
    }
    table made("comparison");
    made.add(std::move(comparison_.segment).as("segment"));
    made.add(std::move(comparison_.competitor).as("competitor"));
    made.add(column::codes("measure", std::move(comparison_.measure), measures));
    made.add(column::codes("method", std::move(comparison_.method), survey_comparison_methods));
    made.add(column::integers("own_respondents", std::move(comparison_.own_respondents)));
    made.add(column::integers("competitor_respondents", std::move(comparison_.respondents)));
    made.add(points("own", comparison_.own));
    made.add(points("competitor_figure", comparison_.other));
    made.add(points("difference", comparison_.difference));
    made.add(points("difference_low", comparison_.low));
    made.add(points("difference_high", comparison_.high));
    made.add(column::numbers("degrees", std::move(comparison_.degrees)).or_none());
    made.add(column::numbers("p_value", std::move(comparison_.p_value), "probability").or_none());
    made.add(column::numbers("ratio", std::move(comparison_.ratio)).or_none());
    made.add(points("contribution", comparison_.contribution));
    return made;
  }
  [[nodiscard]] table drivers_table() {
    table made("drivers");
    made.add(std::move(drivers_.segment).as("segment"));
    made.add(std::move(drivers_.competitor).as("competitor"));
    made.add(column::texts("item", std::move(drivers_.item)));
    made.add(dimension_column(drivers_.dimension));
    made.add(points("own", drivers_.own));
    made.add(points("competitor_figure", drivers_.other));
    made.add(points("contribution", drivers_.contribution));
    made.add(column::integers("rank", std::move(drivers_.rank)));
    return made;
  }
  [[nodiscard]] table respondents_table() {
    respondents_.scores.resize(form_.dimensions.size());
    table made("respondents");
    made.add(column::texts("respondent", std::move(respondents_.respondent)));
    made.add(column::texts("supplier", std::move(respondents_.supplier)));
    made.add(column::integers("answered", std::move(respondents_.answered)));
    made.add(column::booleans("complete", std::move(respondents_.complete)));
    for (std::size_t d = 0; d < form_.dimensions.size(); ++d)
      made.add(points(std::string(form_.dimensions[d]), respondents_.scores[d]));
    made.add(points("value", respondents_.value));
    if (form_.has_cost()) {
      made.add(points("cost", respondents_.cost));
      made.add(points("delivered_value", respondents_.total));
      made.add(column::numbers("value_cost_ratio", std::move(respondents_.ratio)).or_none());
    }
    return made;
  }

  const survey_scheme& scheme_;
  value_form form_;
  stats::student_quantiles t_;
  survey_comparison_choice choice_;
  supplier_lines suppliers_;
  dimension_lines dimensions_;
  item_lines items_;
  comparison_lines comparison_;
  driver_lines drivers_;
  respondent_lines respondents_;
};

} // namespace emptor::value

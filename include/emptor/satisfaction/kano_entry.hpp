// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/satisfaction/kano.hpp>
#include <emptor/satisfaction/kano_description.hpp>
#include <emptor/satisfaction/survey_parts.hpp>
#include <emptor/stats/multiplicity.hpp>

/// From a survey and a table of features to their Kano categories.
namespace emptor::satisfaction {

/// The two questions of a feature.
struct kano_feature {
  std::string name;
  std::string functional;
  std::string dysfunctional;
};

/// \throws error status::schema of a table without rows, status::data of a feature that is there twice, has no name, or asks
/// the same question for both
[[nodiscard]] inline std::vector<kano_feature> kano_features_from(const model& made) {
  const model_table given(kano_name, &made, "features");
  std::vector<kano_feature> features;
  std::set<std::string> names;
  for (std::int64_t row = 0; row < given.rows(); ++row) {
    kano_feature one{std::string(given.text("feature", row).value_or("")),
                     std::string(given.text("functional", row).value_or("")),
                     std::string(given.text("dysfunctional", row).value_or(""))};
    if (one.name.empty())
      given.refuse("feature", row, "empty", "a name");
    if (!names.insert(one.name).second)
      given.refuse("feature", row, one.name, "there once");
    if (one.functional == one.dysfunctional)
      given.refuse("dysfunctional", row, one.dysfunctional, "another item than functional");
    features.push_back(std::move(one));
  }
  if (features.empty())
    throw error(status::schema, std::string(kano_name) + ": table features has no row");
  return features;
}

namespace detail {

/// The five answers of a questionnaire by their codes.
class kano_answers {
public:
  /// \throws error status::option unless there are five different ones
  explicit kano_answers(std::vector<double> codes)
      : codes_(std::move(codes)) {
    const std::set<double> different(codes_.begin(), codes_.end());
    for (const double one : codes_)
      listed_ += (listed_.empty() ? "one of " : ", ") + to_text(one);
    if (codes_.size() != kano_answer_count || different.size() != kano_answer_count)
      throw error(status::option, std::string(kano_name) + ": option answer_codes has " +
                                      std::to_string(codes_.size()) + " numbers, " +
                                      std::to_string(different.size()) +
                                      " of them different, but must have five different ones: like, must-be, "
                                      "neutral, live-with, dislike");
  }
  /// The place of each answer among the five; -1 = none.
  /// \throws error status::data of any other answer, with respondent and item
  [[nodiscard]] std::vector<std::int8_t> of(const survey_parts& from, std::string_view item) const {
    const std::vector<double> answers = from.answers().answers(kano_name, item).answers;
    std::vector<std::int8_t> made(answers.size(), -1);
    for (const std::uint32_t row : from.counted()) {
      if (std::isnan(answers[row]))
        continue;
      const auto at = std::find(codes_.begin(), codes_.end(), answers[row]);
      if (at == codes_.end())
        throw from.refused(kano_name, row, item, answers[row], listed_);
      made[row] = static_cast<std::int8_t>(at - codes_.begin());
    }
    return made;
  }

private:
  std::vector<double> codes_;
  std::string listed_;
};

[[nodiscard]] inline kano_counts kano_counts_of(const stats::survey_answers& from, const survey_part& part,
                                                std::span<const std::int8_t> categories) {
  kano_counts made;
  const std::span<const std::uint32_t> whose = from.respondents();
  const std::vector<std::uint32_t>& rows = part.rows;
  for (std::size_t first = 0, last = 0; first < rows.size(); first = last) {
    math::real together(0.0);
    for (; last < rows.size() && whose[rows[last]] == whose[rows[first]]; ++last)
      together = together + (categories[rows[last]] < 0 ? 0.0 : from.weights()[rows[last]]);
    for (std::size_t at = first; at < last; ++at) {
      if (categories[rows[at]] >= 0)
        made.add(static_cast<kano_category>(categories[rows[at]]), from.weights()[rows[at]],
                 math::value_of(together));
    }
  }
  return made;
}

struct kano_tables {
  described_table features{kano_outputs[0], 0};
  described_table categories{kano_outputs[1], 0};

  void add(const survey_parts& all, const survey_part& part, const std::string& feature,
           const kano_counts& counts, const kano_figures& found, double holm, double discovery) {
    all.begin(features, part)
        .text(feature)
        .whole(counts.total())
        .whole(static_cast<std::int64_t>(part.rows.size()) - counts.total())
        .number(found.effective_respondents)
        .code(found.category)
        .code(found.runner_up)
        .number(found.category_strength)
        .number(found.total_strength)
        .number(found.better.value)
        .number(found.better.within.low)
        .number(found.better.within.high)
        .number(found.worse.value)
        .number(found.worse.within.low)
        .number(found.worse.within.high)
        .code(found.coefficient_category);
    const kano_share& doubtful = found.shares[static_cast<std::size_t>(kano_category::questionable)];
    features.number(doubtful.value)
        .number(doubtful.within.low)
        .number(doubtful.within.high)
        .level(found.test)
        .number(found.p_value)
        .number(holm)
        .number(discovery)
        .number(found.fong_statistic)
        .truth(found.fong_statistic >= fong_critical);
    for (std::size_t c = 0; c < kano_category_count; ++c)
      all.begin(categories, part)
          .text(feature)
          .code(static_cast<std::int32_t>(c))
          .whole(counts.count(static_cast<kano_category>(c)))
          .number(found.shares[c].value)
          .number(found.shares[c].within.low)
          .number(found.shares[c].within.high);
  }
};

} // namespace detail

/// From a store of kind `survey`, and a model with its table in the slot `features`.
/// \throws error as kano_features_from; status::option of answer_codes, status::unknown_name of an item, status::data of an
/// answer that is none of the five, status::cancelled
[[nodiscard]] inline result finish_kano(const finish_request& request) {
  const survey_parts survey(kano_name, request);
  const option_values& options = request.options;
  const std::vector<kano_feature> features = kano_features_from(*request.slot("features"));
  const detail::kano_answers codes(options.numbers("answer_codes"));
  const auto evaluation = options.choice<kano_table>("evaluation_table", kano_table_names);
  const auto test = options.choice<kano_test_choice>("test", kano_test_choices);
  const double z = stats::two_sided_normal_quantile(options.number("confidence"));
  const std::vector<survey_part>& parts = survey.parts();
  std::vector<kano_counts> counts; // feature after feature
  for (std::size_t f = 0; f < features.size(); ++f) {
    request.how.check(0.8 * static_cast<double>(f) / static_cast<double>(features.size()));
    std::vector<std::int8_t> categories = codes.of(survey, features[f].functional);
    const std::vector<std::int8_t> dysfunctional = codes.of(survey, features[f].dysfunctional);
    for (std::size_t row = 0; row < categories.size(); ++row)
      categories[row] = categories[row] < 0 || dysfunctional[row] < 0
                            ? std::int8_t{-1}
                            : static_cast<std::int8_t>(
                                  kano_category_of(evaluation, static_cast<std::size_t>(categories[row]),
                                                   static_cast<std::size_t>(dysfunctional[row])));
    for (const survey_part& part : parts)
      counts.push_back(detail::kano_counts_of(survey.answers(), part, categories));
  }
  detail::kano_tables tables;
  std::vector<kano_figures> figures(features.size());
  std::vector<double> p_values(features.size());
  for (std::size_t p = 0; p < parts.size(); ++p) {
    request.how.check(0.8 + 0.2 * static_cast<double>(p) / static_cast<double>(parts.size()));
    for (std::size_t f = 0; f < features.size(); ++f) {
      figures[f] = kano_figures_of(counts[f * parts.size() + p], z, test);
      p_values[f] = figures[f].p_value;
    }
    const std::vector<double> holm = stats::holm(p_values);
    const std::vector<double> discovery = stats::benjamini_hochberg(p_values);
    for (std::size_t f = 0; f < features.size(); ++f)
      tables.add(survey, parts[p], features[f].name, counts[f * parts.size() + p], figures[f], holm[f],
                 discovery[f]);
  }
  result made;
  made.tables.push_back(std::move(tables.features).made());
  made.tables.push_back(std::move(tables.categories).made());
  return made;
}

inline constexpr entry kano_entry{
    .description = &kano_description,
    .finish = [](const finish_request& request) { return finish_kano(request); },
    .check_model = [](const model& made) { static_cast<void>(kano_features_from(made)); },
};

} // namespace emptor::satisfaction

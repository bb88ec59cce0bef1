// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/core/random.hpp>
#include <emptor/satisfaction/index_groups.hpp>
#include <emptor/satisfaction/index_groups_example.hpp>
#include <emptor/satisfaction/index_survey.hpp>
#include <emptor/stats/multiplicity.hpp>
#include <emptor/stats/path_model_groups.hpp>
#include <emptor/stats/path_model_refits.hpp>

/// `satisfaction.index_groups` from the catalogue's side: whether what makes customers satisfied differs between groups
/// (stats/path_model_groups.hpp). One path model for each group, tests of the differences of their paths, and whether the
/// constructs mean the same in both.
namespace emptor::satisfaction {

namespace detail {

/// Estimates the models of groups, and draws resamples of those that converge.
/// \param draws  of each resample its rows, if resamples are given
class index_group_models {
public:
  index_group_models(const index_survey& of, const stats::path_plan& plan, const finish_request& request)
      : of_(of)
      , plan_(plan)
      , request_(request) {
    pooled_ = estimated(of.answers);
    const model_table table(index_groups_name, request.slot("groups"), "draws");
    given_ = table.rows() > 0;
    std::vector<std::string_view> respondents;
    for (std::size_t r = 0; r < of.rows.size() && given_; ++r)
      respondents.push_back(of.respondent(r));
    draws_ = read_index_draws(index_groups_name, table, respondents,
                              request.keys ? std::vector<std::string_view>() : of.from.respondent_names());
  }

  /// \param place  of the group, which names its draws
  void estimate(index_group& group, std::size_t place) const {
    std::size_t causes = 0;
    for (std::size_t j = 0; j < plan_.constructs(); ++j)
      causes = std::max(causes, plan_.sources(j));
    if (group.rows.size() < causes + 2)
      return;
    const stats::detail::complete_columns own = columns_of(of_, {&group.rows});
    const stats::detail::lane_estimate model = estimated(own);
    group.status = static_cast<std::int32_t>(model.status);
    if (model.status != stats::path_status::converged)
      return;
    const std::vector<double> turned = stats::detail::turned_constructs(plan_, model, pooled_);
    for (std::size_t j = 0; j < plan_.constructs(); ++j)
      for (std::size_t a = plan_.source_first[j]; a < plan_.source_first[j + 1]; ++a) {
        group.signs.push_back(turned[j] * turned[plan_.source[a]]);
        group.paths.push_back(math::value_of(model.paths[a] * group.signs.back()));
      }
    const auto resamples = static_cast<std::size_t>(request_.options.integer("resamples"));
    if (resamples == 0 && !given_)
      return;
    const auto signs =
        request_.options.choice<stats::resample_signs>("resample_signs", stats::resample_sign_rules);
    try {
      const auto seed = static_cast<std::uint64_t>(request_.options.integer("seed"));
      group.drawn =
          given_ ? stats::given_resamples(of_.structure, own, of_.how, signs, cases_of(group), request_.how)
                 : stats::resample_model(of_.structure, own, of_.how, signs, stats::resample_kind::bootstrap,
                                         random_stream(seed, place, 2).bits(), resamples, request_.how);
    } catch (const error& refused) {
      if (refused.code() != status::data && refused.code() != status::too_few)
        throw;
      group.status = static_cast<std::int32_t>(stats::path_status::zero_variance); // but for rounding
    }
  }

  /// A path in the resamples of a group. \return empty without any
  [[nodiscard]] std::vector<double> drawn_paths(const index_group& group, std::size_t number) const {
    if (group.drawn.names.empty())
      return {};
    std::vector<double> made = stats::detail::converged_values(group.drawn, figure_of(group, number));
    for (double& one : made)
      one *= group.signs[number];
    return made;
  }
  [[nodiscard]] stats::resample_summary summary(const index_group& group, std::size_t number,
                                                double confidence) const {
    if (group.drawn.names.empty())
      return {};
    stats::resample_summary made = stats::summary_of(group.drawn, figure_of(group, number), confidence,
                                                     stats::resample_interval::percentile);
    if (group.signs[number] < 0.0) {
      std::swap(made.low, made.high);
      made.low = -made.low;
      made.high = -made.high;
    }
    return made;
  }
  [[nodiscard]] std::size_t target_of(std::size_t number) const noexcept {
    std::size_t j = 0;
    while (number >= plan_.source_first[j + 1])
      ++j;
    return j;
  }

private:
  [[nodiscard]] stats::detail::lane_estimate estimated(const stats::detail::complete_columns& from) const {
    stats::path_moments moments;
    stats::detail::complete_moments(from, of_.how, moments);
    std::vector<stats::detail::lane_estimate> made(1);
    made[0].mean = moments.mean;
    made[0].covariance = moments.covariance;
    stats::path_workspace<math::real> work(plan_);
    stats::detail::estimate_lanes(plan_, work, made, 1);
    return std::move(made[0]);
  }
  [[nodiscard]] std::size_t figure_of(const index_group& group, std::size_t number) const {
    return group.drawn.find({stats::path_figure::path, plan_.source[number], target_of(number)});
  }
  /// The given draws of the rows of a group, by place in it.
  [[nodiscard]] std::vector<std::vector<std::uint32_t>> cases_of(const index_group& group) const {
    std::vector<std::vector<std::uint32_t>> made(draws_.size());
    for (std::size_t b = 0; b < draws_.size(); ++b)
      for (const std::uint32_t row : draws_[b])
        if (const auto at = std::lower_bound(group.rows.begin(), group.rows.end(), row);
            at != group.rows.end() && *at == row)
          made[b].push_back(static_cast<std::uint32_t>(at - group.rows.begin()));
    return made;
  }

  const index_survey& of_;
  const stats::path_plan& plan_;
  const finish_request& request_;
  stats::detail::lane_estimate pooled_;
  bool given_ = false;
  std::vector<std::vector<std::uint32_t>> draws_;
};

[[nodiscard]] inline index_invariance invariance_of(const stats::composite_invariance& of) noexcept {
  if (std::isnan(of.correlation.low))
    return index_invariance::undefined;
  constexpr double rounding = 1e-12; // of a correlation that is 1
  if (of.correlation.value < of.correlation.low - rounding)
    return index_invariance::none;
  const auto inside = [](const stats::permuted_figure& one) {
    return one.value >= one.low - rounding && one.value <= one.high + rounding;
  };
  return inside(of.mean) && inside(of.log_variance) ? index_invariance::full : index_invariance::partial;
}

} // namespace detail

/// From a store `survey`, with the model in the slot `model`; groups and resamples may be in the slot `groups`.
/// \throws error as index_survey; status::unsupported for second-order constructs and interactions; status::data for tables that
/// do not fit, or no groups; status::option for too many comparisons; status::cancelled
inline result finish_index_groups(const finish_request& request) {
  const option_values& given = request.options;
  const index_survey of(index_groups_name, request);
  stats::require_one_stage(of.structure, "comparison of groups");
  const stats::path_plan plan = stats::plan_of(of.structure.stages().back(), of.specification.model);
  std::vector<index_group> groups = detail::groups_of(of, request);
  const auto pairs = detail::compared_groups(groups.size(), given);
  const double confidence = given.number("confidence");
  const detail::index_group_models models(of, plan, request);
  const std::vector<std::string>& names = of.structure.names();

  described_table statuses(index_groups_outputs[0], 0);
  described_table coefficients(index_groups_outputs[1], 0);
  described_table differences(index_groups_outputs[2], 0);
  described_table invariance(index_groups_outputs[3], 0);
  described_table comparisons(index_groups_outputs[4], 0);
  constexpr auto converged = static_cast<std::int32_t>(stats::path_status::converged);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    request.how.check(0.5 * static_cast<double>(g) / static_cast<double>(groups.size()));
    index_group& group = groups[g];
    models.estimate(group, g);
    statuses.text(group.name)
        .whole(group.given)
        .whole(static_cast<std::int64_t>(group.rows.size()))
        .code(group.status);
    for (std::size_t a = 0; a < plan.paths() && group.status == converged; ++a) {
      const stats::resample_summary summary = models.summary(group, a, confidence);
      coefficients.text(group.name)
          .text(names[plan.source[a]])
          .text(names[models.target_of(a)])
          .number(group.paths[a])
          .number(summary.deviation)
          .number(summary.low)
          .number(summary.high)
          .whole(summary.resamples);
    }
  }

  std::vector<double> henseler;
  std::vector<double> p_values;
  std::vector<double> permutation_p_values;
  std::vector<stats::permuted_figure> permuted;
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    request.how.check(0.5 + 0.5 * static_cast<double>(k) / static_cast<double>(pairs.size()));
    const index_group& one = groups[pairs[k].first];
    const index_group& other = groups[pairs[k].second];
    const bool both = one.status == converged && other.status == converged;
    stats::group_permutations made;
    if (const std::int64_t permutations = given.integer("permutations"); both && permutations > 0)
      made = stats::permute_groups(
          plan, detail::columns_of(of, {&one.rows, &other.rows}), one.rows.size(), of.how, permutations,
          confidence, random_stream(static_cast<std::uint64_t>(given.integer("seed")), k, 3).bits(),
          request.how);
    comparisons.text(one.name).text(other.name).truth(both).whole(made.permutations).truth(made.exact);
    if (!both)
      continue;
    made.paths.resize(plan.paths());
    made.constructs.resize(plan.constructs());
    for (std::size_t a = 0; a < plan.paths(); ++a) {
      const double p = stats::henseler_p_value(models.drawn_paths(one, a), models.drawn_paths(other, a));
      henseler.push_back(p);
      p_values.push_back(
          std::isnan(p) ? p
                        : math::value_of(math::real(2.0) * std::min(p, math::value_of(math::real(1.0) - p))));
      permutation_p_values.push_back(made.paths[a].p_value);
      permuted.push_back(made.paths[a]);
    }
    for (std::size_t j = 0; j < plan.constructs(); ++j) {
      const stats::composite_invariance& own = made.constructs[j];
      invariance.text(one.name)
          .text(other.name)
          .text(names[j])
          .level(detail::invariance_of(own))
          .number(own.correlation.value)
          .number(own.correlation.low)
          .number(own.correlation.p_value)
          .number(own.mean.value)
          .number(own.mean.low)
          .number(own.mean.high)
          .number(own.mean.p_value)
          .number(own.log_variance.value)
          .number(own.log_variance.low)
          .number(own.log_variance.high)
          .number(own.log_variance.p_value);
    }
  }
  const std::vector<double> holm = stats::holm(p_values);
  const std::vector<double> discovery = stats::benjamini_hochberg(p_values);
  const std::vector<double> permutation_holm = stats::holm(permutation_p_values);
  const std::vector<double> permutation_discovery = stats::benjamini_hochberg(permutation_p_values);
  std::size_t row = 0;
  for (const auto& [first, second] : pairs) {
    const index_group& one = groups[first];
    const index_group& other = groups[second];
    if (one.status != converged || other.status != converged)
      continue;
    for (std::size_t a = 0; a < plan.paths(); ++a, ++row)
      differences.text(one.name)
          .text(other.name)
          .text(names[plan.source[a]])
          .text(names[models.target_of(a)])
          .number(math::value_of(math::real(one.paths[a]) - other.paths[a]))
          .number(henseler[row])
          .number(p_values[row])
          .number(holm[row])
          .number(discovery[row])
          .number(permuted[row].low)
          .number(permuted[row].high)
          .number(permutation_p_values[row])
          .number(permutation_holm[row])
          .number(permutation_discovery[row]);
  }
  std::vector<emptor::table> tables;
  tables.push_back(std::move(statuses).made());
  tables.push_back(std::move(coefficients).made());
  tables.push_back(std::move(differences).made());
  tables.push_back(std::move(invariance).made());
  tables.push_back(std::move(comparisons).made());
  return {std::move(tables), nullptr};
}

inline constexpr entry_description index_groups_description{
    .name = index_groups_name,
    .what = verb::reduce,
    .summary =
        "whether what makes customers satisfied differs between groups or periods: a path model for each, "
        "tests "
        "of the differences (PLS-MGA, permutation) with control of their number, and whether constructs mean "
        "the same in both (MICOM)",
    .source = "Henseler, Ringle and Sinkovics, Advances in International Marketing 20, 2009; Chin and "
              "Dibbern, 2010; "
              "Henseler, Ringle and Sarstedt, International Marketing Review 33, 2016",
    .chinese = "客户满意度指数多组分析",
    .since = "0.1",
    .store = "survey",
    .options = index_groups_options,
    .slots = index_groups_slots,
    .outputs = index_groups_outputs,
    .model_tables = index_groups_model_tables,
    .formats = survey_model_formats,
    .examples = index_groups_examples,
    .no_demo = "the company of the demo asks its customers nothing",
};

inline constexpr entry index_groups_entry{
    .description = &index_groups_description,
    .finish = finish_index_groups,
    .check_model = [](const model&) {},
};

} // namespace emptor::satisfaction

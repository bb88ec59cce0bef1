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
#include <emptor/satisfaction/index_respondents.hpp>
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
class index_group_models {
public:
  index_group_models(const index_survey& of, const stats::path_plan& plan,
                     const std::vector<index_group>& groups, const finish_request& request)
      : of_(of)
      , plan_(plan)
      , request_(request)
      , resamples_(static_cast<std::size_t>(request.options.integer("resamples"))) {
    pooled_ = estimated(of.answers);
    const model_table table(index_groups_name, request.slot("groups"), "draws");
    given_ = table.rows() > 0;
    if (given_ || resamples_ > 0 || request.options.integer("permutations") > 0) {
      // Groups are drawn apart.
      std::vector<std::uint32_t> parts(of.rows.size(), stats::survey_answers::none);
      for (std::size_t g = 0; g < groups.size(); ++g)
        for (const std::uint32_t row : groups[g].rows)
          parts[row] = static_cast<std::uint32_t>(g);
      whom_ = respondents_of(index_groups_name, of.from, of.rows, of.answers, of.how.weights,
                             "resamples=0 and permutations=0", parts);
    }
    draws_ = given_draws(index_groups_name, table, of.from, of.rows, whom_.first_case_of, !request.keys);
  }

  /// Resamples of each group: those that the table of draws gives, or as many as the option says.
  [[nodiscard]] std::size_t resamples() const noexcept { return given_ ? draws_.size() : resamples_; }
  /// \param place  of the group, which names its draws
  void estimate(index_group& group, std::size_t place) const {
    std::size_t causes = 0;
    for (std::size_t j = 0; j < plan_.constructs(); ++j)
      causes = std::max(causes, plan_.sources(j));
    if (group.rows.size() < causes + 2)
      return;
    const stats::detail::complete_columns own = columns_of(of_.answers, {&group.rows});
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
    if (resamples_ == 0 && !given_)
      return;
    const members drawn = members_of(group);
    if (!given_ && drawn.units.count == 1)
      return; // all rows are of one respondent: paths, but nothing to draw
    const auto signs =
        request_.options.choice<stats::resample_signs>("resample_signs", stats::resample_sign_rules);
    try {
      const auto seed = static_cast<std::uint64_t>(request_.options.integer("seed"));
      group.drawn = given_ ? stats::given_resamples(of_.structure, drawn.answers, of_.how, signs,
                                                    cases_of(drawn), request_.how)
                           : stats::resample_model(of_.structure, drawn.answers, of_.how, signs,
                                                   stats::resample_kind::bootstrap,
                                                   random_stream(seed, place, 2).bits(), resamples_,
                                                   request_.how, drawn.units);
    } catch (const error& refused) {
      if (refused.code() != status::data && refused.code() != status::too_few)
        throw;
      group.status = static_cast<std::int32_t>(stats::path_status::zero_variance); // but for rounding
    }
    group.drawn = stats::only_figures(std::move(group.drawn), stats::path_figure::path);
  }

  /// The respondents of two groups, those of the first before those of the second. \param first  how many are of the first
  [[nodiscard]] stats::detail::complete_columns both(const index_group& one, const index_group& other,
                                                     std::size_t& first) const {
    const std::vector<std::uint32_t> a = cases_in(one);
    const std::vector<std::uint32_t> b = cases_in(other);
    first = a.size();
    return columns_of(whom_.answers, {&a, &b});
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
  /// The cases of a group among those of all respondents.
  struct members {
    std::vector<std::uint32_t> cases;
    stats::detail::complete_columns answers;
    stats::case_units units;
  };
  [[nodiscard]] std::vector<std::uint32_t> cases_in(const index_group& group) const {
    std::vector<std::uint32_t> made;
    for (const std::uint32_t row : group.rows)
      for (std::uint32_t c = whom_.first_case_of[row]; c < whom_.row_of.size() && whom_.row_of[c] == row; ++c)
        made.push_back(c);
    return made;
  }
  [[nodiscard]] members members_of(const index_group& group) const {
    members made{.cases = cases_in(group), .answers = {}, .units = {}};
    made.answers = columns_of(whom_.answers, {&made.cases});
    if (whom_.units.of.empty())
      return made;
    std::vector<std::uint32_t> place(whom_.units.count, stats::survey_answers::none);
    for (const std::uint32_t c : made.cases) {
      std::uint32_t& unit = place[whom_.units.of[c]];
      if (unit == stats::survey_answers::none)
        unit = static_cast<std::uint32_t>(made.units.count++);
      made.units.of.push_back(unit);
    }
    if (made.units.count == made.cases.size())
      made.units = {};
    return made;
  }
  /// The given draws of the cases of a group, by place in it.
  [[nodiscard]] std::vector<std::vector<std::uint32_t>> cases_of(const members& group) const {
    std::vector<std::vector<std::uint32_t>> made(draws_.size());
    for (std::size_t b = 0; b < draws_.size(); ++b)
      for (const std::uint32_t one : draws_[b])
        if (const auto at = std::lower_bound(group.cases.begin(), group.cases.end(), one);
            at != group.cases.end() && *at == one)
          made[b].push_back(static_cast<std::uint32_t>(at - group.cases.begin()));
    return made;
  }

  const index_survey& of_;
  const stats::path_plan& plan_;
  const finish_request& request_;
  stats::detail::lane_estimate pooled_;
  std::size_t resamples_;
  bool given_ = false;
  index_respondents whom_; ///< of all rows
  std::vector<std::vector<std::uint32_t>> draws_;
};

/// The resamples of the paths of all groups are kept until they are compared. \throws error status::option where that is too much
inline void check_group_resamples(std::size_t groups, std::size_t paths, std::size_t resamples) {
  const std::size_t most = stats::most_resampled_numbers / std::max<std::size_t>(1, groups * paths);
  if (resamples > most)
    throw error(status::option,
                message(index_groups_name, "the number of resamples", -1, std::to_string(resamples),
                        "at most " + std::to_string(most) + " for " + std::to_string(groups) + " groups of " +
                            std::to_string(paths) + " paths"));
}

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
  const detail::index_group_models models(of, plan, groups, request);
  detail::check_group_resamples(groups.size(), plan.paths(), models.resamples());
  const auto pairs = detail::compared_groups(groups.size(), given);
  const double confidence = given.number("confidence");
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
    if (const std::int64_t permutations = given.integer("permutations"); both && permutations > 0) {
      std::size_t first = 0;
      const stats::detail::complete_columns cases = models.both(one, other, first);
      made = stats::permute_groups(
          plan, cases, first, of.how, permutations, confidence,
          random_stream(static_cast<std::uint64_t>(given.integer("seed")), k, 3).bits(), request.how);
    }
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

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/date.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/math/real.hpp>
#include <emptor/satisfaction/index_groups_description.hpp>
#include <emptor/satisfaction/index_survey.hpp>
#include <emptor/stats/path_model_resampling.hpp>

/// Which groups of respondents a satisfaction index is compared between.
namespace emptor::satisfaction {

/// A group and its model.
struct index_group {
  std::string name;
  std::int64_t given = 0;            ///< rows of answers
  std::vector<std::uint32_t> rows{}; ///< of them with all answers, by place
  std::int32_t status = index_group_too_few;
  stats::path_resamples drawn{};
  std::vector<double> paths{}; ///< by the numbers of path_plan::source
  std::vector<double>
      signs{}; ///< of the paths, so that constructs are the same way round as in the model of all
};

namespace detail {

/// Groups in the order of their names. \throws error status::data for a respondent that is not known or twice, or no groups
[[nodiscard]] inline std::vector<index_group> groups_of(const index_survey& of,
                                                        const finish_request& request) {
  const model_table table(index_groups_name, request.slot("groups"), "groups");
  std::map<std::string_view, std::string_view> given;
  const std::vector<std::string_view>& names = of.from.respondent_names();
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    const std::string_view respondent = table.text("respondent", row).value_or("");
    if (!request.keys && !std::binary_search(names.begin(), names.end(), respondent))
      throw unknown_in_rows(index_groups_name, "respondent", respondent, names);
    if (!given.emplace(respondent, table.text("group", row).value_or("")).second)
      table.refuse("respondent", row, std::string(respondent), "there once");
  }
  const bool by_period =
      request.options.choice<index_groups_by>("by", index_groups_by_names) == index_groups_by::period;
  std::map<std::string, index_group> found;
  const auto group_of = [&](std::uint32_t row) -> std::string {
    if (table.rows() > 0) {
      const auto at = given.find(names[of.from.respondents()[row]]);
      return at == given.end() ? std::string() : std::string(at->second);
    }
    const std::uint32_t place = by_period ? of.from.periods()[row] : of.from.groups()[row];
    if (place == stats::survey_answers::none)
      return {};
    return by_period ? to_string(date_from_days(of.from.period_days()[place]))
                     : std::string(of.from.group_names()[place]);
  };
  for (const std::uint32_t row : of.given)
    if (const std::string name = group_of(row); !name.empty())
      ++found[name].given;
  for (const auto& [respondent, group] : given)
    if (!group.empty())
      found[std::string(group)].name = std::string(group);
  for (std::size_t r = 0; r < of.rows.size(); ++r)
    if (const std::string name = group_of(of.rows[r]); !name.empty())
      found[name].rows.push_back(static_cast<std::uint32_t>(r));
  if (found.empty())
    throw error(status::data, std::string(index_groups_name) + ": no answers have a " +
                                  (by_period ? "period" : "group") +
                                  "; push them with one, or give a table of groups");
  std::vector<index_group> made;
  for (auto& [name, one] : found) {
    one.name = name;
    made.push_back(std::move(one));
  }
  return made;
}

/// Places of the groups that are compared. \throws error status::option for too many
[[nodiscard]] inline std::vector<std::pair<std::size_t, std::size_t>>
compared_groups(std::size_t groups, const option_values& given) {
  constexpr std::size_t most = 300;
  const auto which = given.choice<index_comparisons>("comparisons", index_comparison_names);
  const math::real n(static_cast<double>(groups));
  const double wanted = math::value_of(which == index_comparisons::pairs ? n * (n - 1.0) / 2.0 : n - 1.0);
  if (wanted > static_cast<double>(most))
    throw error(status::option, message(index_groups_name,
                                        "the number of comparisons of " + std::to_string(groups) + " groups",
                                        -1, to_text(wanted),
                                        "<= " + std::to_string(most) +
                                            "; join groups by a table of groups, or take other comparisons"));
  std::vector<std::pair<std::size_t, std::size_t>> made;
  for (std::size_t a = 0; a < groups; ++a)
    for (std::size_t b = a + 1; b < groups; ++b)
      if (which == index_comparisons::pairs || (which == index_comparisons::previous && b == a + 1) ||
          (which == index_comparisons::first && a == 0))
        made.emplace_back(a, b);
  return made;
}

[[nodiscard]] inline stats::detail::complete_columns
columns_of(const stats::detail::complete_columns& of,
           std::initializer_list<const std::vector<std::uint32_t>*> parts) {
  stats::detail::complete_columns made;
  made.columns.resize(of.columns.size());
  for (const std::vector<std::uint32_t>* part : parts)
    for (const std::uint32_t r : *part) {
      for (std::size_t i = 0; i < made.columns.size(); ++i)
        made.columns[i].push_back(of.columns[i][r]);
      if (!of.weights.empty())
        made.weights.push_back(of.weights[r]);
    }
  return made;
}

} // namespace detail

} // namespace emptor::satisfaction

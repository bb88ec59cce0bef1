// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/satisfaction/raking.hpp>
#include <emptor/satisfaction/raking_description.hpp>
#include <emptor/satisfaction/survey_report.hpp>
#include <emptor/stats/survey.hpp>

/// `satisfaction.raking` from the catalogue's side.
namespace emptor::satisfaction {

/// The variables of a table of margins, with levels as they stand in it and nobody in them.
/// \throws error status::data for a level that is there twice, or shares that do not add up to 1; status::schema for none
[[nodiscard]] inline std::vector<raked_variable> read_margins(const model& from) {
  constexpr double rounding = 1e-6; // of shares in percent with a few digits
  const model_table given(raking_name, &from, "margins");
  std::vector<raked_variable> made;
  std::map<std::string, std::size_t, std::less<>> places;
  std::map<std::pair<std::size_t, std::string>, bool> known;
  for (std::int64_t row = 0; row < given.rows(); ++row) {
    const std::string name(given.text("variable", row).value_or(""));
    const std::string level(given.text("level", row).value_or(""));
    if (name.empty() || level.empty())
      given.refuse(name.empty() ? "variable" : "level", row, "missing", "there");
    const auto [at, fresh] = places.try_emplace(name, made.size());
    if (fresh)
      made.push_back({.name = name, .levels = {}, .shares = {}, .level_of = {}});
    if (!known.try_emplace({at->second, level}, true).second)
      given.refuse("level", row, level, "there once for variable " + name);
    made[at->second].levels.push_back(level);
    made[at->second].shares.push_back(given.number("share", row).value_or(0.0));
  }
  if (made.empty())
    throw error(status::schema, std::string(raking_name) + ": table margins has no rows");
  for (raked_variable& one : made) {
    math::real sum = 0.0;
    for (const double share : one.shares)
      sum += share;
    if (!(std::abs(math::value_of(sum) - 1.0) <= rounding))
      throw error(status::data, message(raking_name, "the sum of the shares of variable " + one.name, -1,
                                        to_text(math::value_of(sum)), "1"));
    for (double& share : one.shares)
      share = math::value_of(math::real(share) / sum);
  }
  return made;
}

namespace detail {

/// Finds the level of each row. \throws error as `finish_raking`
inline void place_rows(raked_variable& of, const stats::survey_answers& from,
                       std::span<const std::uint32_t> rows, bool refuse_missing) {
  const bool by_group = of.name == "group";
  const bool by_period = of.name == "period";
  stats::survey_answers::item answers;
  if (!by_group && !by_period)
    answers = from.answers(raking_name, of.name);
  std::map<std::string_view, std::uint32_t> levels;
  for (std::uint32_t l = 0; l < of.levels.size(); ++l)
    levels.emplace(of.levels[l], l);
  std::vector<std::int64_t> counts(of.levels.size(), 0);
  const auto refuse = [&](std::uint32_t row, const std::string& is) {
    throw error(status::data,
                message(raking_name,
                        (by_group || by_period ? of.name : "items:" + of.name) + " of " + from.row_name(row),
                        -1, shortened(is), one_of(of.levels)));
  };
  for (const std::uint32_t row : rows) {
    std::optional<std::string> level;
    if (by_group && from.groups()[row] != stats::survey_answers::none)
      level = std::string(from.group_names()[from.groups()[row]]);
    else if (by_period && from.periods()[row] != stats::survey_answers::none)
      level = to_string(date_from_days(from.period_days()[from.periods()[row]]));
    else if (!by_group && !by_period && !std::isnan(answers.answers[row]))
      level = to_text(answers.answers[row]);
    if (!level) {
      if (refuse_missing)
        refuse(row, "missing");
      of.level_of.push_back(raked_variable::none);
      continue;
    }
    const auto at = levels.find(*level);
    if (at == levels.end())
      refuse(row, *level);
    of.level_of.push_back(at->second);
    ++counts[at->second];
  }
  for (std::size_t l = 0; l < counts.size(); ++l) {
    if (counts[l] == 0)
      throw error(status::too_few, std::string(raking_name) + ": nobody has the level " +
                                       shortened(of.levels[l]) + " of variable " + shortened(of.name) +
                                       ", which should have the share " + to_text(of.shares[l]) +
                                       "; join it with another level");
  }
}

} // namespace detail

/// From a store `survey`, and a table of margins in a slot.
/// \throws error status::unknown_name of a variable, status::too_few for a level that nobody has, with its name, status::data
///         for a row whose level has no share, status::not_converged where no weights have the shares; status::cancelled
inline result finish_raking(const finish_request& request) {
  const auto& store = request.stored<stats::survey>();
  const option_values& given = request.options;
  const stats::survey_answers from = store.answers(request.keys);
  std::vector<std::uint32_t> rows = rows_about(raking_name, from, given.text("brand"));
  if (const std::optional<date> period = given.day("period")) {
    std::erase_if(rows, [&](std::uint32_t row) {
      const std::uint32_t place = from.periods()[row];
      return place == stats::survey_answers::none || from.period_days()[place] != days_since_epoch(*period);
    });
  }
  if (rows.empty())
    throw error(status::too_few, std::string(raking_name) + ": there are no answers to be weighted");
  std::vector<raked_variable> variables = read_margins(*request.slot("margins"));
  for (raked_variable& one : variables)
    detail::place_rows(one, from, rows,
                       given.choice<raking_missing>("missing", raking_missing_names) ==
                           raking_missing::refuse);
  std::vector<double> before;
  for (const std::uint32_t row : rows)
    before.push_back(given.text("start") == "equal" ? 1.0 : from.weights()[row]);
  to_mean_of_one(before);
  raking_options options{.most_rounds = given.integer("most_rounds"),
                         .tolerance = given.number("tolerance"),
                         .least = given.number("trim_low")};
  if (given.has("trim_high"))
    options.most = given.number("trim_high");
  const raked_weights made = rake(before, variables, options, request.how);

  described_table weights(raking_outputs[0], 0);
  described_table margins(raking_outputs[1], 0);
  described_table summary(raking_outputs[2], 0);
  std::string worst;
  for (const raked_variable& one : variables) {
    const std::vector<double> first = level_shares(one, before);
    const std::vector<double> last = level_shares(one, made.weights);
    std::vector<std::int64_t> counts(one.levels.size(), 0);
    for (const std::uint32_t level : one.level_of) {
      if (level != raked_variable::none)
        ++counts[level];
    }
    for (std::size_t l = 0; l < one.levels.size(); ++l) {
      const double off = math::value_of(math::real(last[l]) - one.shares[l]);
      if (worst.empty() && !(std::abs(off) < made.largest_deviation))
        worst = "the share of level " + shortened(one.levels[l]) + " of variable " + shortened(one.name) +
                " is " + to_text(last[l]) + ", but should be " + to_text(one.shares[l]);
      margins.text(one.name)
          .text(one.levels[l])
          .whole(counts[l])
          .number(first[l])
          .number(one.shares[l])
          .number(last[l])
          .number(off);
    }
  }
  if (!made.converged && !options.bounded())
    throw error(status::not_converged, std::string(raking_name) + ": after " + std::to_string(made.rounds) +
                                           " rounds " + worst +
                                           "; either no weights have all of these shares, since cells are "
                                           "empty, or option most_rounds is too "
                                           "small");
  math::real squares = 0.0;
  math::real sum = 0.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double weight = made.weights[i];
    const std::uint32_t period = from.periods()[rows[i]];
    sum += weight;
    squares += math::real(weight) * weight;
    weights.text(from.respondent_names()[from.respondents()[rows[i]]])
        .day(period == stats::survey_answers::none ? no_day : from.period_days()[period])
        .number(before[i])
        .number(weight)
        .number(math::value_of(math::real(weight) / before[i]));
  }
  const auto at = [&](double bound) { return std::count(made.weights.begin(), made.weights.end(), bound); };
  const auto [smallest, largest] = std::minmax_element(made.weights.begin(), made.weights.end());
  const math::real effective = sum * sum / squares;
  summary.level(made.converged ? raking_state::converged : raking_state::bounded)
      .whole(made.rounds)
      .number(made.largest_deviation)
      .whole(static_cast<std::int64_t>(rows.size()))
      .number(math::value_of(effective))
      .number(math::value_of(math::real(rows.size()) / effective))
      .number(*smallest)
      .number(*largest)
      .whole(options.least > 0.0 ? at(options.least) : 0)
      .whole(std::isfinite(options.most) ? at(options.most) : 0);
  return {{std::move(weights).made(), std::move(margins).made(), std::move(summary).made()}, nullptr};
}

inline constexpr entry raking_entry{
    .description = &raking_description,
    .finish = finish_raking,
    .check_model = [](const model& made) { static_cast<void>(read_margins(made)); },
};

} // namespace emptor::satisfaction

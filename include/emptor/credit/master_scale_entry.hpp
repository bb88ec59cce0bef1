// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/core/table.hpp>
#include <emptor/credit/master_scale.hpp>
#include <emptor/credit/master_scale_description.hpp>
#include <emptor/credit/master_scale_fit.hpp>
#include <emptor/credit/master_scale_rows.hpp>

/// How the catalogue knows the master scale (master_scale.hpp): the fit from outcomes, and the grading of rows.
namespace emptor::credit {

/// From a store of outcomes. \throws error status::too_few without rows, or with fewer than two grades; status::data for outcomes
/// that are not 0 or 1 and probabilities outside [0, 1]; status::option, status::not_converged, status::cancelled
[[nodiscard]] inline result finish_master_scale(const finish_request& request) {
  const option_values& options = request.options;
  const auto input = options.choice<scale_input>("input", scale_inputs);
  const auto method = options.choice<scale_method>("method", scale_methods);
  const auto most = static_cast<std::size_t>(options.integer("grade_count"));
  const std::vector<std::string> names = detail::scale_names(options, most);
  std::vector<detail::fitted_grade> grades;
  if (method == scale_method::geometric) {
    for (scale_grade& one : detail::geometric_grades(most, options.number("lowest_probability"),
                                                     options.number("highest_probability")))
      grades.push_back({.grade = std::move(one)});
  }
  const detail::scale_rows rows = detail::read_scale_rows(request, input);
  if (rows.cells.empty())
    throw error(status::too_few, std::string(master_scale_name) + ": no row has both " +
                                     shortened(options.text("characteristic")) + " and an outcome");
  request.how.check(0.1);
  const std::optional<scale_calibration> by = detail::calibrate(rows, options, input, request.how);
  const double before = input == scale_input::probability ? mean_probability(rows.cells, {})
                                                          : std::numeric_limits<double>::quiet_NaN();
  // From the least risk to the highest; inputs of one probability are one.
  master_scale scale;
  scale.input = input;
  scale.calibration = by;
  std::vector<scale_cell> cells;
  std::vector<double> probabilities;
  const bool falls = by && by->slope < 0.0;
  for (std::size_t i = 0; i < rows.cells.size(); ++i) {
    const scale_cell& one = rows.cells[falls ? rows.cells.size() - 1 - i : i];
    const double probability = scale.probability(one.given);
    if (!probabilities.empty() && probability <= probabilities.back()) {
      cells.back().weight += one.weight;
      cells.back().events += one.events;
      continue;
    }
    cells.push_back(one);
    probabilities.push_back(probability);
  }
  request.how.check(0.2);
  const std::vector<scale_group> blocks = isotonic_groups(cells);
  double of_blocks = 0.0;
  for (const scale_group& one : blocks)
    of_blocks += rate_deviance(one.weight, one.events);
  if (method == scale_method::optimal) {
    const grouping_rules rules{.most = most,
                               .least_weight =
                                   math::value_of(math::real(options.number("smallest_share")) * rows.weight),
                               .least_events = options.number("smallest_events")};
    const std::vector<scale_group> groups = best_groups(condensed(blocks), rules, request.how);
    if (groups.size() < 2)
      throw error(
          status::too_few,
          std::string(master_scale_name) +
              (blocks.size() < 2 ? ": the observed rate does not rise with the probability, so that there is "
                                   "one grade only"
               : groups.empty()  ? ": all rows together have fewer defaults than option smallest_events"
                                 : ": only one grade is as large as smallest_share and smallest_events ask"));
    std::size_t first = 0;
    for (const scale_group& one : groups) {
      detail::fitted_grade& made = grades.emplace_back();
      detail::fill_grade(made, cells, probabilities, first, one.end);
      if (one.end < cells.size())
        made.grade.bound = detail::bound_between(probabilities[one.end - 1], probabilities[one.end]);
      first = one.end;
    }
  } else {
    std::size_t first = 0;
    for (detail::fitted_grade& one : grades) {
      std::size_t end = first;
      while (end < cells.size() && !(probabilities[end] >= one.grade.bound))
        ++end;
      detail::fill_grade(one, cells, probabilities, first, end);
      first = end;
    }
  }
  careful_sum of_grades;
  for (std::size_t i = 0; i < grades.size(); ++i) {
    grades[i].grade.name = names[i];
    if (grades[i].weight > 0.0)
      of_grades.add(rate_deviance(grades[i].weight, grades[i].events));
  }
  auto made = std::make_shared<model>();
  made->entry = std::string(master_scale_name);
  made->options.push_back({"input", std::string(options.text("input"))});
  made->tables.push_back(detail::scale_grades_of(grades, rows.weight));
  if (by)
    made->tables.push_back(detail::scale_calibration_of(by));
  std::vector<table> about;
  about.push_back(made->tables.front());
  about.push_back(detail::scale_calibration_of(by));
  careful_sum after;
  for (std::size_t i = 0; i < cells.size(); ++i)
    after.add(math::real(cells[i].weight) * probabilities[i]);
  std::vector<double> figures(std::size(scale_figure_names));
  const auto figure = [&](scale_figure which, double value) {
    figures[static_cast<std::size_t>(which)] = value;
  };
  figure(scale_figure::rows, rows.rows);
  figure(scale_figure::no_input, rows.no_input);
  figure(scale_figure::no_outcome, rows.no_outcome);
  figure(scale_figure::observations, rows.weight);
  figure(scale_figure::events, rows.events);
  figure(scale_figure::observed_rate, math::value_of(math::real(rows.events) / rows.weight));
  figure(scale_figure::mean_before, before);
  figure(scale_figure::mean_after, math::value_of(math::real(after.value()) / rows.weight));
  figure(scale_figure::blocks, static_cast<double>(blocks.size()));
  figure(scale_figure::deviance_of_one_rate, rate_deviance(rows.weight, rows.events));
  figure(scale_figure::deviance_of_grades, of_grades.value());
  figure(scale_figure::deviance_of_blocks, of_blocks);
  std::vector<std::int32_t> codes(figures.size());
  std::iota(codes.begin(), codes.end(), 0);
  about.push_back({"figures",
                   {column::codes("figure", std::move(codes), scale_figure_names),
                    column::numbers("value", std::move(figures)).or_none()}});
  return {std::move(about), std::move(made)};
}

/// Grades rows, and applies the overrides of experts within their limits.
class master_scale_scorer final : public scorer {
public:
  master_scale_scorer(master_scale scale, const override_limits& limits, std::optional<date> as_of)
      : scale_(std::move(scale))
      , limits_(limits)
      , as_of_(as_of ? days_since_epoch(*as_of) : no_day) {}

  void score(const score_block& block) const noexcept override {
    for_each_fine_row<in, out>(block, [&](const cells& at) {
      const double given = at.number(scale_.input == scale_input::score ? in::score : in::probability);
      if (std::isnan(given)) {
        at.refuse(row_status::missing);
        return;
      }
      const double probability = scale_.probability(given);
      const std::size_t place = scale_.place_of(scale_.by_score ? given : probability);
      const double notches = at.number(in::notches);
      const double until = at.number(in::until);
      graded_override made = apply_override(
          place, std::isnan(notches) ? 0 : static_cast<std::int64_t>(notches), scale_.grades.size(), limits_);
      if (made.state != override_state::none) {
        if (at.text(in::reason).empty())
          made = {place, 0, override_state::without_reason};
        else if (!std::isnan(until) && static_cast<double>(as_of_) > until)
          made = {place, 0, override_state::expired};
      }
      at.put(out::probability, probability);
      at.put(out::model_grade, static_cast<double>(place));
      at.put(out::model_rank, static_cast<double>(place + 1));
      at.put(out::grade, static_cast<double>(made.grade));
      at.put(out::rank, static_cast<double>(made.grade + 1));
      at.put(out::grade_probability, scale_.grades[made.grade].probability);
      at.put(out::notches, static_cast<double>(made.notches));
      at.put(out::override_state, static_cast<double>(made.state));
    });
  }
  [[nodiscard]] std::vector<std::string> levels(std::size_t output) const override {
    std::vector<std::string> names;
    if (static_cast<out>(output) == out::grade || static_cast<out>(output) == out::model_grade) {
      for (const scale_grade& one : scale_.grades)
        names.push_back(one.name);
    }
    return names;
  }

private:
  using in = scale_column;
  using out = scale_output;
  using cells = row_cells<in, out>;

  master_scale scale_;
  override_limits limits_;
  std::int32_t as_of_;
};

/// \throws error status::schema without the column that is graded, status::option where overrides end and nobody says when it is
[[nodiscard]] inline std::unique_ptr<scorer> bind_master_scale(const score_request& request) {
  master_scale scale = read_master_scale(*request.self);
  const auto given = [&](scale_column which) {
    const auto place = static_cast<std::size_t>(which);
    return place < request.given.size() && request.given[place];
  };
  const bool of_score = scale.input == scale_input::score;
  if (!given(of_score ? scale_column::score : scale_column::probability))
    throw error(status::schema, std::string(master_scale_name) + ": this scale needs the column " +
                                    std::string(scale_inputs[of_score ? 1 : 0]));
  const std::optional<date> as_of = request.options.day("as_of");
  if (given(scale_column::until) && !as_of)
    throw error(status::option,
                std::string(master_scale_name) + ": option as_of is needed, for overrides end on a day");
  override_limits limits{.upgrade = request.options.integer("largest_upgrade")};
  if (request.options.has("largest_downgrade"))
    limits.downgrade = request.options.integer("largest_downgrade");
  return std::make_unique<master_scale_scorer>(std::move(scale), limits, as_of);
}

inline constexpr entry master_scale_entry{
    .description = &master_scale_description,
    .finish = finish_master_scale,
    .check_model = [](const model& made) { (void)read_master_scale(made); },
    .bind = bind_master_scale,
};

} // namespace emptor::credit

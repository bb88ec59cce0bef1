// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/table.hpp>
#include <emptor/credit/master_scale.hpp>
#include <emptor/credit/master_scale_description.hpp>
#include <emptor/credit/master_scale_fit.hpp>
#include <emptor/stats/outcomes.hpp>

/// From a store of outcomes to the cells that a master scale is fitted on, and from its grades to tables.
namespace emptor::credit {

namespace detail {

/// Rows of a store as they are graded.
struct scale_rows {
  std::vector<scale_cell> cells; ///< one for each input, rising
  double rows = 0.0;
  double no_input = 0.0;
  double no_outcome = 0.0;
  double weight = 0.0;
  double events = 0.0;
};

[[nodiscard]] inline scale_rows read_scale_rows(const finish_request& request, scale_input input) {
  const auto& from = request.stored<stats::outcomes>();
  const option_values& options = request.options;
  stats::outcome_rows held = from.rows(request.keys);
  if (options.has("slice"))
    held = held.in_slice(master_scale_name, options.text("slice"));
  const std::string label(options.text("characteristic"));
  const std::vector<double> inputs = held.numbers(master_scale_name, label);
  const std::vector<double> outcomes = held.outcomes();
  const std::vector<double> weights = held.weights();
  scale_rows made;
  made.rows = static_cast<double>(inputs.size());
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (std::isnan(inputs[i])) {
      ++made.no_input;
      continue;
    }
    if (std::isnan(outcomes[i])) {
      ++made.no_outcome;
      continue;
    }
    if (outcomes[i] != 0.0 && outcomes[i] != 1.0)
      throw error(status::data,
                  message(master_scale_name, "outcome of a row", -1, to_text(outcomes[i]), "0 or 1"));
    if (input == scale_input::probability && !zero_to_one.contains(inputs[i]))
      throw error(status::data, message(master_scale_name, label + " of a row", -1, to_text(inputs[i]),
                                        to_text(zero_to_one) + " where option input is probability"));
    order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t x, std::size_t y) { return inputs[x] < inputs[y]; });
  careful_sum weight;
  careful_sum events;
  for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
    careful_sum of_weight;
    careful_sum of_events;
    const double given = inputs[order[first]];
    while (last < order.size() && inputs[order[last]] == given) {
      of_weight.add(weights[order[last]]);
      of_events.add(outcomes[order[last]] == 1.0 ? weights[order[last]] : 0.0);
      ++last;
    }
    made.cells.push_back({.x = input == scale_input::probability ? stats::log_odds_of(given) : given,
                          .given = given,
                          .weight = of_weight.value(),
                          .events = of_events.value()});
    weight.add(of_weight.value());
    events.add(of_events.value());
  }
  made.weight = weight.value();
  made.events = events.value();
  return made;
}

/// \throws error status::option where the options contradict each other
[[nodiscard]] inline std::optional<scale_calibration>
calibrate(const scale_rows& rows, const option_values& options, scale_input input, const run& how) {
  auto fitting = options.choice<scale_fitting>("calibration", scale_fittings);
  const bool target = options.has("target_rate");
  if (fitting == scale_fitting::automatic)
    fitting = input == scale_input::score ? scale_fitting::regression
              : target                    ? scale_fitting::shift
                                          : scale_fitting::none;
  const auto refuse = [](const std::string& why) {
    throw error(status::option, std::string(master_scale_name) + ": " + why);
  };
  if (fitting == scale_fitting::none && target)
    refuse("option target_rate has no meaning where calibration is none");
  if (fitting != scale_fitting::regression && input == scale_input::score)
    refuse("a score has no probability before a regression; calibration must be regression or automatic");
  if (fitting == scale_fitting::none)
    return std::nullopt;
  scale_calibration made;
  if (fitting == scale_fitting::regression) {
    if (input == scale_input::probability &&
        !(rows.cells.front().given > 0.0 && rows.cells.back().given < 1.0))
      throw error(status::data,
                  std::string(master_scale_name) +
                      ": probabilities of 0 and 1 have no log odds for a regression; calibration may "
                      "be none or shift");
    made = regress(rows.cells, how);
    if (input == scale_input::probability && !(made.slope > 0.0))
      throw error(status::data, message(master_scale_name, "slope of the regression", -1, to_text(made.slope),
                                        "> 0: the higher the probability, the fewer default"));
    if (made.slope == 0.0)
      throw error(status::data, std::string(master_scale_name) + ": the score tells nothing of the outcomes");
  }
  if (target || fitting == scale_fitting::shift) {
    const double rate =
        target ? options.number("target_rate") : math::value_of(math::real(rows.events) / rows.weight);
    if (!(rate > 0.0 && rate < 1.0))
      throw error(status::too_few,
                  std::string(master_scale_name) +
                      ": all rows have the same outcome; a shift needs option target_rate then");
    made.intercept =
        math::value_of(math::real(made.intercept) + shift_to_target(rows.cells, made, rate, how));
  }
  return made;
}

/// Names from an option. \throws error status::option
[[nodiscard]] inline std::vector<std::string> scale_names(const option_values& options, std::size_t grades) {
  std::vector<std::string> made;
  const std::string_view given = options.text("names");
  if (given.empty()) {
    for (std::size_t i = 1; i <= grades; ++i)
      made.push_back(std::to_string(i));
    return made;
  }
  for (std::size_t first = 0; first <= given.size();) {
    const std::size_t comma = std::min(given.find(',', first), given.size());
    made.emplace_back(given.substr(first, comma - first));
    if (made.back().empty() || std::count(made.begin(), made.end(), made.back()) > 1 || made.size() > grades)
      break;
    first = comma + 1;
  }
  if (made.size() != grades || made.back().empty() || std::count(made.begin(), made.end(), made.back()) > 1)
    throw error(status::option, message(master_scale_name, "option names", -1, shortened(given),
                                        std::to_string(grades) + " different names, separated by commas"));
  return made;
}

/// What a grade of a fit holds.
struct fitted_grade {
  scale_grade grade;
  double weight = 0.0;
  double events = 0.0;
};

/// Mean probability and sums of cells [first, end). \param probabilities  of the cells
inline void fill_grade(fitted_grade& into, const std::vector<scale_cell>& cells,
                       const std::vector<double>& probabilities, std::size_t first, std::size_t end) {
  careful_sum weight;
  careful_sum events;
  careful_sum sum;
  for (std::size_t i = first; i < end; ++i) {
    weight.add(cells[i].weight);
    events.add(cells[i].events);
    sum.add(math::real(cells[i].weight) * probabilities[i]);
  }
  into.weight = weight.value();
  into.events = events.value();
  if (into.weight > 0.0)
    into.grade.probability = std::clamp(math::value_of(math::real(sum.value()) / into.weight),
                                        probabilities[first], probabilities[end - 1]);
}

/// Between two probabilities: above the lower, not above the higher one.
[[nodiscard]] inline double bound_between(double low, double high) noexcept {
  const double middle = stats::probability_of(
      math::value_of(math::real(stats::log_odds_of(low)) * 0.5 + math::real(stats::log_odds_of(high)) * 0.5));
  return middle > low && middle <= high ? middle : high;
}

[[nodiscard]] inline table scale_grades_of(const std::vector<fitted_grade>& grades, double all) {
  text_buffer names;
  std::vector<double> bounds;
  std::vector<double> probabilities;
  std::vector<double> weights;
  std::vector<double> shares;
  std::vector<double> events;
  std::vector<double> rates;
  for (const fitted_grade& one : grades) {
    names.push_back(one.grade.name);
    bounds.push_back(one.grade.bound);
    probabilities.push_back(one.grade.probability);
    weights.push_back(one.weight);
    shares.push_back(std::min(math::value_of(math::real(one.weight) / all), 1.0));
    events.push_back(one.events);
    rates.push_back(one.weight > 0.0 ? std::min(math::value_of(math::real(one.events) / one.weight), 1.0)
                                     : std::numeric_limits<double>::quiet_NaN());
  }
  return {"grades",
          {column::texts("grade", std::move(names)),
           column::numbers("probability_below", std::move(bounds), "probability").or_none(),
           column::numbers("probability", std::move(probabilities), "probability"),
           column::numbers("observations", std::move(weights)),
           column::numbers("share", std::move(shares), "share"), column::numbers("events", std::move(events)),
           column::numbers("observed_rate", std::move(rates), "probability").or_none()}};
}

[[nodiscard]] inline table scale_calibration_of(const std::optional<scale_calibration>& by) {
  text_buffer names;
  std::vector<double> values;
  if (by) {
    names.push_back(calibration_names[0]);
    names.push_back(calibration_names[1]);
    values = {by->intercept, by->slope};
  }
  return {"calibration",
          {column::texts("parameter", std::move(names)), column::numbers("value", std::move(values))}};
}

} // namespace detail

} // namespace emptor::credit

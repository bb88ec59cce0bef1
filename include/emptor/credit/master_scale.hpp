// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/event_odds.hpp>

/// The master scale (主标尺, 信用等级): grades of credit by probability of default, or by score.
///
///     log odds of default = intercept + slope x input           input: a score, or the log odds of a probability
///     probability         = 1 / (1 + exp(-log odds))
///     grade               = the first one, from the best, whose upper bound is above the probability
///
/// An upper bound itself belongs to the worse grade, as a least score belongs to its own. An expert may move a grade by some
/// notches: with a reason, until a day, and upwards no further than a limit, so that no override hides in a grade.
/// Bounds of a scale that nobody has data for rise by one factor from grade to grade (geometric), so that each notch means
/// as much as any other.
namespace emptor::credit {

inline constexpr std::string_view master_scale_name = "credit.master_scale";

/// What the rows to be graded have.
enum class scale_input : std::int32_t { probability = 0, score = 1 };
inline constexpr std::string_view scale_inputs[] = {"probability", "score"};

/// From what rows have to log odds of default.
struct scale_calibration {
  double intercept = 0.0;
  double slope = 1.0;

  /// \param x  log odds, or a score
  [[nodiscard]] double log_odds(double x) const noexcept {
    return math::value_of(math::real(intercept) + math::real(slope) * x);
  }
};

/// A grade: where it ends, and what it stands for.
struct scale_grade {
  std::string name;
  double bound =
      std::numeric_limits<double>::quiet_NaN(); ///< upper bound of the probability, or the least score
  double probability = 0.0;                     ///< that the grade stands for
};

/// Inner bounds of a geometric scale: from `lowest`, above which the best grade ends, to `highest`, where the worst begins.
[[nodiscard]] inline std::vector<double> geometric_bounds(std::size_t grades, double lowest, double highest) {
  std::vector<double> made;
  const math::real first = log(math::real(lowest));
  const math::real whole = log(math::real(highest)) - first;
  for (std::size_t i = 0; i + 1 < grades; ++i) {
    if (i == 0)
      made.push_back(lowest);
    else if (i + 2 == grades)
      made.push_back(highest);
    else
      made.push_back(math::value_of(
          exp(first + whole * (math::real(static_cast<double>(i)) / static_cast<double>(grades - 2)))));
  }
  return made;
}

/// What grades stand for where no data tells: half a notch below their upper bound, geometrically; of the worst, which has
/// none, half a notch above its lower one, but not above the middle between that and 1.
/// \param bounds  one at least
[[nodiscard]] inline std::vector<double> geometric_middles(const std::vector<double>& bounds) {
  std::vector<double> made;
  // Half a notch: of two grades there is no second bound that tells it.
  const math::real half =
      bounds.size() < 2 ? math::real(2.0) : sqrt(math::real(bounds[1]) / math::real(bounds[0]));
  made.push_back(math::value_of(math::real(bounds.front()) / half));
  for (std::size_t i = 1; i < bounds.size(); ++i)
    made.push_back(math::value_of(sqrt(math::real(bounds[i - 1]) * bounds[i])));
  const double above = math::value_of(math::real(bounds.back()) * half);
  made.push_back(std::min(above, math::value_of(sqrt(math::real(bounds.back())))));
  return made;
}

/// What became of an override.
enum class override_state : std::int32_t {
  none = 0,
  applied = 1,
  capped = 2, ///< by the limit of notches, or by the end of the scale
  expired = 3,
  without_reason = 4,
};
inline constexpr std::string_view override_states[] = {"none", "applied", "capped", "expired",
                                                       "without_reason"};

/// How far experts may move a grade.
struct override_limits {
  std::int64_t upgrade = 2;
  std::int64_t downgrade = std::numeric_limits<std::int64_t>::max();
};

/// The grade after an override, and what became of this.
struct graded_override {
  std::size_t grade = 0;
  std::int64_t notches = 0; ///< that were moved; above 0 upwards
  override_state state = override_state::none;
};

/// \param from  place of the grade, 0 the best \param notches  above 0 towards the best
[[nodiscard]] constexpr graded_override apply_override(std::size_t from, std::int64_t notches,
                                                       std::size_t grades,
                                                       const override_limits& limits) noexcept {
  const std::int64_t up = std::min<std::int64_t>(limits.upgrade, static_cast<std::int64_t>(from));
  const std::int64_t down = std::min<std::int64_t>(limits.downgrade, static_cast<std::int64_t>(grades) - 1 -
                                                                         static_cast<std::int64_t>(from));
  const std::int64_t moved = std::clamp(notches, -down, up);
  const override_state state = notches == 0       ? override_state::none
                               : moved == notches ? override_state::applied
                                                  : override_state::capped;
  return {static_cast<std::size_t>(static_cast<std::int64_t>(from) - moved), moved, state};
}

/// Grades from the best to the worst.
struct master_scale {
  scale_input input = scale_input::probability;
  std::optional<scale_calibration> calibration{}; ///< none: probabilities as they are
  bool by_score = false;                          ///< bounds are least scores
  std::vector<scale_grade> grades;

  /// NaN where it has no meaning: scores without a calibration.
  [[nodiscard]] double probability(double given) const noexcept {
    if (input == scale_input::score)
      return calibration ? stats::probability_of(calibration->log_odds(given))
                         : std::numeric_limits<double>::quiet_NaN();
    return calibration ? stats::probability_of(calibration->log_odds(stats::log_odds_of(given))) : given;
  }
  /// \param value  the score where the bounds are scores, else the probability
  [[nodiscard]] std::size_t place_of(double value) const noexcept {
    std::size_t low = 0;
    std::size_t high = grades.size() - 1; // the last grade takes all the rest
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      const bool here = by_score ? value >= grades[middle].bound : value < grades[middle].bound;
      (here ? high : low) = here ? middle : middle + 1;
    }
    return low;
  }
};

namespace detail {
inline constexpr std::string_view calibration_names[] = {"intercept", "slope"};
inline constexpr std::int64_t most_grades = 1000;

[[nodiscard]] inline std::optional<scale_calibration> read_calibration(const model& from) {
  const model_table held(master_scale_name, &from, "calibration");
  if (held.rows() == 0) // as a fit says that probabilities are taken as they are
    return std::nullopt;
  std::optional<double> found[2];
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    const std::string name(held.text("parameter", row).value_or(""));
    const auto at = std::find(std::begin(calibration_names), std::end(calibration_names), name);
    if (at == std::end(calibration_names))
      held.refuse("parameter", row, name, "intercept or slope");
    std::optional<double>& into = found[at - std::begin(calibration_names)];
    if (into)
      held.refuse("parameter", row, name + " again", "given once");
    into = held.number("value", row);
  }
  for (std::size_t i = 0; i < 2; ++i) {
    if (!found[i])
      throw error(status::schema, std::string(master_scale_name) + ": table calibration has no parameter " +
                                      std::string(calibration_names[i]));
  }
  if (*found[1] == 0.0)
    throw error(status::data,
                message(master_scale_name, "slope", -1, "0", "another number, or all have one grade"));
  return scale_calibration{.intercept = *found[0], .slope = *found[1]};
}

[[nodiscard]] inline std::vector<scale_grade> geometric_grades(std::size_t count, double lowest,
                                                               double highest) {
  if (count > 2 && !(lowest < highest))
    throw error(status::option, message(master_scale_name, "option highest_probability", -1, to_text(highest),
                                        "> lowest_probability, which is " + to_text(lowest)));
  const std::vector<double> bounds = geometric_bounds(count, lowest, highest);
  const std::vector<double> middles = geometric_middles(bounds);
  std::vector<scale_grade> made(count);
  for (std::size_t i = 0; i < count; ++i) {
    made[i].name = std::to_string(i + 1);
    made[i].probability = middles[i];
    if (i + 1 < count)
      made[i].bound = bounds[i];
  }
  return made;
}
/// By the options of a model. \throws error status::schema where one of them is missing
[[nodiscard]] inline std::vector<scale_grade> geometric_grades(const model& from) {
  for (const std::string_view option : {"grade_count", "lowest_probability", "highest_probability"}) {
    if (from.option_text(option).empty())
      throw error(status::schema, std::string(master_scale_name) +
                                      ": table grades is missing, and without it option " +
                                      std::string(option) + " is needed");
  }
  const auto number = [&](std::string_view option) {
    return parse_number(from.option_text(option)).value_or(0.0);
  };
  return geometric_grades(static_cast<std::size_t>(number("grade_count")), number("lowest_probability"),
                          number("highest_probability"));
}
} // namespace detail

/// \throws error status::too_few for less than two grades, status::data for bounds that do not fall into order
[[nodiscard]] inline master_scale read_master_scale(const model& from) {
  master_scale made;
  made.input = from.option_text("input") == scale_inputs[1] ? scale_input::score : scale_input::probability;
  made.calibration = detail::read_calibration(from);
  const model_table held(master_scale_name, &from, "grades");
  const std::int64_t rows = held.rows();
  if (from.find("grades") == nullptr) {
    if (made.input == scale_input::score && !made.calibration)
      throw error(status::data,
                  std::string(master_scale_name) +
                      ": option input is score, which needs the table calibration, or grades with "
                      "score_at_least");
    made.grades = detail::geometric_grades(from);
    return made;
  }
  if (rows < 2)
    throw error(status::too_few, std::string(master_scale_name) + ": the table grades has " +
                                     std::to_string(rows) + (rows == 1 ? " row" : " rows") +
                                     ", but a scale has two grades at least");
  if (rows > detail::most_grades)
    throw error(status::data, message(master_scale_name, "number of grades", -1, std::to_string(rows),
                                      "<= " + std::to_string(detail::most_grades)));
  made.by_score = held.has("score_at_least", 0);
  const std::string_view bound = made.by_score ? "score_at_least" : "probability_below";
  const std::string_view other = made.by_score ? "probability_below" : "score_at_least";
  for (std::int64_t row = 0; row < rows; ++row) {
    scale_grade one;
    one.name = held.text("grade", row).value_or("");
    one.probability = held.number("probability", row).value_or(0.0);
    for (const scale_grade& before : made.grades) {
      if (before.name == one.name)
        held.refuse("grade", row, one.name + " again", "given once");
    }
    if (held.has(other, row))
      held.refuse(other, row, to_text(held.number(other, row).value()),
                  "missing where another grade has " + std::string(bound));
    const auto given = held.number(bound, row);
    if (row + 1 < rows && !given)
      held.refuse(bound, row, "missing", "given for all grades but the last");
    if (row + 1 == rows && given)
      held.refuse(bound, row, to_text(*given), "missing for the last grade, which takes all the rest");
    one.bound = given.value_or(std::numeric_limits<double>::quiet_NaN());
    if (row > 0 && given) {
      const double before = made.grades.back().bound;
      if (made.by_score ? !(*given < before) : !(*given > before))
        held.refuse(bound, row, to_text(*given),
                    (made.by_score ? "< " : "> ") + to_text(before) + ", the one before");
    }
    if (row > 0 && one.probability < made.grades.back().probability)
      held.refuse("probability", row, to_text(one.probability),
                  ">= " + to_text(made.grades.back().probability) + ", that of the better grade");
    made.grades.push_back(std::move(one));
  }
  if (made.by_score && made.input != scale_input::score)
    throw error(status::data, std::string(master_scale_name) +
                                  ": its grades have bounds of a score, but option input is probability");
  if (!made.by_score && made.input == scale_input::score && !made.calibration)
    throw error(status::data,
                std::string(master_scale_name) +
                    ": option input is score, which needs the table calibration, or grades with "
                    "score_at_least");
  return made;
}

} // namespace emptor::credit

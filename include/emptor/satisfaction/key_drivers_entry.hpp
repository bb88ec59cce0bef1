// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/satisfaction/key_drivers.hpp>
#include <emptor/satisfaction/key_drivers_description.hpp>

/// From a survey and a table of drivers to what the outcome hangs on.
namespace emptor::satisfaction {

/// Drivers by block, within it in the order of the table.
struct driver_scheme {
  std::vector<scored_item> items;
  std::vector<std::string> blocks;
  driver_layout layout;
};

/// \throws error status::schema of a table without rows or with more than 200, status::data of an item that is there twice or
/// has no label, or of a scale without extent
[[nodiscard]] inline driver_scheme driver_scheme_of(const model& made, const domain& usual) {
  const model_table given(key_drivers_name, &made, "drivers");
  if (given.rows() < 1 || given.rows() > static_cast<std::int64_t>(most_drivers))
    throw error(status::schema, std::string(key_drivers_name) + ": table drivers has " +
                                    std::to_string(given.rows()) + " rows, but must have 1 to " +
                                    std::to_string(most_drivers));
  driver_scheme scheme;
  std::vector<std::pair<std::size_t, scored_item>> read; // with the block
  for (std::int64_t row = 0; row < given.rows(); ++row) {
    scored_item one = scored_item_of(given, row, usual);
    if (one.label.empty())
      given.refuse("item", row, "empty", "the label of an item");
    if (std::any_of(read.begin(), read.end(),
                    [&](const auto& other) { return other.second.label == one.label; }))
      given.refuse("item", row, one.label, "there once");
    const std::string block(given.text("block", row).value_or(one.label));
    const auto known = std::find(scheme.blocks.begin(), scheme.blocks.end(), block);
    read.emplace_back(static_cast<std::size_t>(known - scheme.blocks.begin()), std::move(one));
    if (known == scheme.blocks.end())
      scheme.blocks.push_back(block);
  }
  std::stable_sort(read.begin(), read.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  for (auto& [block, item] : read) {
    scheme.layout.block_of.push_back(block);
    scheme.items.push_back(std::move(item));
  }
  scheme.layout.drivers = scheme.items.size();
  scheme.layout.blocks = scheme.blocks.size();
  return scheme;
}

namespace detail {

/// Answers as scores, of drivers and then the outcome.
[[nodiscard]] inline std::vector<std::vector<double>>
driver_scores(const survey_parts& from, const driver_scheme& scheme, const scored_item& outcome) {
  std::vector<std::vector<double>> scores;
  const auto add = [&](const scored_item& one) {
    scores.push_back(from.on_scale(key_drivers_name, one.label, one.scale));
    for (double& answer : scores.back())
      answer = one.score(answer);
  };
  std::for_each(scheme.items.begin(), scheme.items.end(), add);
  add(outcome);
  return scores;
}

[[nodiscard]] inline driver_rows complete_rows(const stats::survey_answers& from, const survey_part& part,
                                               const std::vector<std::vector<double>>& scores) {
  driver_rows made;
  made.drivers = scores.size() - 1;
  std::uint32_t last = stats::survey_answers::none;
  for (const std::uint32_t row : part.rows) {
    if (std::any_of(scores.begin(), scores.end(),
                    [row](const std::vector<double>& of) { return std::isnan(of[row]); }))
      continue;
    for (const std::vector<double>& of : scores)
      made.values.push_back(of[row]);
    made.weights.push_back(from.weights()[row]);
    if (from.respondents()[row] != last)
      made.ends.push_back(0);
    last = from.respondents()[row];
    made.ends.back() = made.weights.size();
  }
  return made;
}

/// The tables of key drivers.
class driver_report {
public:
  driver_report(const survey_parts& survey, const driver_scheme& scheme, driver_importance importance,
                quadrant_axes axes, const scored_item& outcome)
      : survey_(survey)
      , scheme_(scheme)
      , importance_(importance)
      , axes_(axes)
      , outcome_(outcome.label) {}

  void add(const survey_part& part, const driver_rows& rows, const driver_analysis& found) {
    const driver_layout& layout = scheme_.layout;
    const bool ok = found.status == driver_status::ok;
    std::vector<double> importance(layout.drivers, none);
    std::vector<double> performance(layout.drivers, none);
    std::vector<double> weights(layout.drivers, none);
    for (std::size_t j = 0; j < layout.drivers; ++j) {
      if (!found.means.empty())
        performance[j] = found.means[j];
      if (!ok)
        continue;
      weights[j] = found.figures[layout.relative_weight(j)];
      importance[j] = importance_of(found, j);
    }
    axes_crossing crossing = grand_means_of(importance, performance);
    if (axes_ == quadrant_axes::scale_midpoints && !std::isnan(crossing.performance))
      crossing.performance = 50.0;
    add_model(part, rows, found, crossing);
    std::vector<double> sorted = weights;
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    for (std::size_t j = 0; j < layout.drivers; ++j) {
      survey_.begin(drivers_, part)
          .text(scheme_.items[j].label)
          .text(scheme_.blocks[layout.block_of[j]])
          .number(performance[j]);
      add_figure(drivers_, found, driver_layout::correlation(j), false);
      add_figure(drivers_, found, layout.coefficient(j), false);
      add_figure(drivers_, found, layout.relative_weight(j), true);
      if (layout.shapley && alone(j))
        add_figure(drivers_, found, layout.shapley_value(layout.block_of[j]), true);
      else
        drivers_.number(none).number(none).number(none).number(none);
      drivers_
          .whole(ok ? 1 + (std::lower_bound(sorted.begin(), sorted.end(), weights[j], std::greater<>()) -
                           sorted.begin())
                    : no_amount)
          .code(quadrant_of(importance[j], performance[j], crossing));
    }
    for (std::size_t b = 0; b < layout.blocks; ++b)
      add_block(part, found, b);
  }
  [[nodiscard]] std::vector<table> tables() && {
    std::vector<table> made;
    made.push_back(std::move(drivers_).made());
    made.push_back(std::move(blocks_).made());
    made.push_back(std::move(models_).made());
    return made;
  }

private:
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  /// Whether a driver has its block for itself.
  [[nodiscard]] bool alone(std::size_t driver) const noexcept {
    const std::vector<std::size_t>& of = scheme_.layout.block_of;
    return (driver == 0 || of[driver - 1] != of[driver]) &&
           (driver + 1 == of.size() || of[driver + 1] != of[driver]);
  }
  [[nodiscard]] double importance_of(const driver_analysis& found, std::size_t driver) const noexcept {
    const driver_layout& layout = scheme_.layout;
    switch (importance_) {
    case driver_importance::relative_weight:
      return found.figures[layout.relative_weight(driver)];
    case driver_importance::shapley: // of a block, which all of its drivers share
      return alone(driver) ? found.figures[layout.shapley_value(layout.block_of[driver])] : none;
    case driver_importance::correlation:
      return found.figures[driver_layout::correlation(driver)];
    case driver_importance::coefficient:
      return found.figures[layout.coefficient(driver)];
    }
    return none;
  }
  [[nodiscard]] static double share(const driver_analysis& found, double of) noexcept {
    const double all = found.figures[driver_layout::r_squared()];
    return all > 0.0 ? math::value_of(math::real(of) / all) : none;
  }
  static void add_figure(described_table& into, const driver_analysis& found, std::size_t which,
                         bool shared) {
    const bool there = !found.figures.empty();
    into.number(there ? found.figures[which] : none)
        .number(there ? found.intervals[which].low : none)
        .number(there ? found.intervals[which].high : none);
    if (shared)
      into.number(there ? share(found, found.figures[which]) : none);
  }
  void add_block(const survey_part& part, const driver_analysis& found, std::size_t block) {
    const driver_layout& layout = scheme_.layout;
    math::real weight(0.0);
    std::int64_t drivers = 0;
    for (std::size_t j = 0; j < layout.drivers; ++j) {
      if (layout.block_of[j] != block)
        continue;
      ++drivers;
      weight = weight + (found.figures.empty() ? none : found.figures[layout.relative_weight(j)]);
    }
    survey_.begin(blocks_, part).text(scheme_.blocks[block]).whole(drivers).number(math::value_of(weight));
    blocks_.number(found.figures.empty() ? none : share(found, math::value_of(weight)));
    if (layout.shapley)
      add_figure(blocks_, found, layout.shapley_value(block), true);
    else
      blocks_.number(none).number(none).number(none).number(none);
  }
  void add_model(const survey_part& part, const driver_rows& rows, const driver_analysis& found,
                 const axes_crossing& crossing) {
    survey_.begin(models_, part)
        .whole(static_cast<std::int64_t>(rows.rows()))
        .whole(static_cast<std::int64_t>(part.rows.size() - rows.rows()))
        .whole(static_cast<std::int64_t>(rows.respondents()))
        .number(found.effective_rows)
        .level(found.status);
    if (found.status == driver_status::constant_outcome)
      models_.text(outcome_);
    else if (found.status == driver_status::constant_driver || found.status == driver_status::collinear)
      models_.text(scheme_.items[found.driver].label);
    else
      models_.no_text();
    add_figure(models_, found, driver_layout::r_squared(), false);
    models_.number(found.adjusted_r_squared)
        .whole(static_cast<std::int64_t>(found.resamples))
        .whole(static_cast<std::int64_t>(found.failed_resamples))
        .number(crossing.importance)
        .number(crossing.performance);
  }

  const survey_parts& survey_;
  const driver_scheme& scheme_;
  driver_importance importance_;
  quadrant_axes axes_;
  std::string outcome_;
  described_table drivers_{key_drivers_outputs[0], 0};
  described_table blocks_{key_drivers_outputs[1], 0};
  described_table models_{key_drivers_outputs[2], 0};
};
} // namespace detail

/// From a store of kind `survey`, and a model with its table in the slot `drivers`.
/// \throws error as driver_scheme_of; status::option of a scale without extent, or of more than 15 blocks with the Shapley
/// value, status::unknown_name of an item, status::data of an answer off its scale, status::cancelled
[[nodiscard]] inline result finish_key_drivers(const finish_request& request) {
  const survey_parts survey(key_drivers_name, request);
  const option_values& options = request.options;
  driver_scheme scheme =
      driver_scheme_of(*request.slot("drivers"), stats::usual_scale(key_drivers_name, options));
  const domain scale{options.has("outcome_low") ? options.number("outcome_low") : options.number("scale_low"),
                     options.has("outcome_high") ? options.number("outcome_high")
                                                 : options.number("scale_high")};
  if (!(scale.low < scale.high))
    throw error(status::option, message(key_drivers_name, "option outcome_high", -1, to_text(scale.high),
                                        "> " + to_text(scale.low)));
  const scored_item outcome{.label = std::string(options.text("outcome")), .reversed = false, .scale = scale};
  if (std::any_of(scheme.items.begin(), scheme.items.end(),
                  [&](const scored_item& one) { return one.label == outcome.label; }))
    throw error(status::option, message(key_drivers_name, "option outcome", -1, outcome.label,
                                        "another item than the drivers"));
  const auto importance = options.choice<driver_importance>("importance", driver_importance_names);
  scheme.layout.shapley = options.boolean("shapley");
  if (scheme.layout.shapley && scheme.layout.blocks > stats::shapley_r_squared::most_blocks)
    throw error(status::option, std::string(key_drivers_name) + ": option shapley needs at most " +
                                    std::to_string(stats::shapley_r_squared::most_blocks) +
                                    " blocks of drivers, but there are " +
                                    std::to_string(scheme.layout.blocks) +
                                    "; put drivers into blocks, or set it to false");
  if (!scheme.layout.shapley && importance == driver_importance::shapley)
    throw error(status::option, std::string(key_drivers_name) +
                                    ": option importance is shapley, but option shapley is false");
  const driver_resampling asked{.how = options.choice<driver_interval>("intervals", driver_interval_names),
                                .resamples = static_cast<std::size_t>(options.integer("resamples")),
                                .seed = static_cast<std::uint64_t>(options.integer("seed")),
                                .confidence = options.number("confidence")};
  const std::vector<std::vector<double>> scores = detail::driver_scores(survey, scheme, outcome);
  const std::vector<survey_part>& parts = survey.parts();
  detail::driver_report report(survey, scheme, importance,
                               options.choice<quadrant_axes>("axes", quadrant_axes_names), outcome);
  run inside = request.how; // progress is that of the parts, where there are several
  if (parts.size() > 1)
    inside.progress = nullptr;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    if (parts.size() > 1)
      request.how.check(static_cast<double>(p) / static_cast<double>(parts.size()));
    const driver_rows rows = detail::complete_rows(survey.answers(), parts[p], scores);
    report.add(parts[p], rows, analyse_drivers(rows, scheme.layout, asked, inside));
  }
  return {std::move(report).tables(), nullptr};
}

inline constexpr entry key_drivers_entry{
    .description = &key_drivers_description,
    .finish = [](const finish_request& request) { return finish_key_drivers(request); },
    .check_model = [](const model& made) { static_cast<void>(driver_scheme_of(made, item_scale_domain)); },
};

} // namespace emptor::satisfaction

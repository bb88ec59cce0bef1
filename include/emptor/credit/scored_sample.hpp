// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/stats/discrimination.hpp>
#include <emptor/stats/outcomes.hpp>

/// Rows with a known result as what judges a score sees them: events and weights, columns that options name, and slices.
namespace emptor::credit {

/// Which end of a score is the good one.
enum class score_orientation : std::int32_t { higher_is_better = 0, higher_is_riskier = 1 };
inline constexpr std::string_view score_orientations[] = {"higher_is_better", "higher_is_riskier"};
/// Whether figures are told of all rows, or of each slice.
enum class sample_division : std::int32_t { all = 0, slice = 1 };
inline constexpr std::string_view sample_divisions[] = {"all", "slice"};

inline constexpr option_description sample_options[] = {
    {.name = "score",
     .what = option_content::text,
     .summary = "the label of the characteristic that is the score"},
    {.name = "orientation",
     .what = option_content::choice,
     .summary = "whether a higher score means fewer events, as points of a scorecard do, or more, as "
                "probabilities do",
     .default_value = "higher_is_better",
     .choices = score_orientations},
    {.name = "slice",
     .what = option_content::text,
     .summary = "only the rows of this slice (default: all rows)"},
    {.name = "by",
     .what = option_content::choice,
     .summary = "all rows together, or after them the rows of each slice as well",
     .default_value = "all",
     .choices = sample_divisions},
    {.name = "weights",
     .what = option_content::choice,
     .summary = "what a weight says: sampling, the row stands for so many but was seen once, so that unequal "
                "weights widen "
                "intervals and soften tests; or frequency, there are so many such rows",
     .default_value = "sampling",
     .choices = stats::weight_meanings},
    {.name = "confidence",
     .what = option_content::number,
     .summary = "of the intervals",
     .unit = "probability",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true},
     .default_value = "0.95"},
};

inline constexpr column_description sample_slice_column{
    .name = "slice", .what = content::text, .summary = "none of all rows together", .optional = true};

/// Some rows of a sample, by their places.
struct sample_part {
  std::optional<std::string_view> slice; ///< none of all rows
  std::vector<std::size_t> rows;
};

/// Risks, events and weights of some rows, in columns of their own.
struct chosen_rows {
  std::vector<double> risk;
  std::vector<std::uint8_t> events;
  std::vector<double> weights; ///< empty where all are 1

  [[nodiscard]] stats::scored_events view() const noexcept { return {risk, events, weights}; }
};

/// The rows of a store of outcomes in canonical order. It borrows the texts of the store.
class scored_sample {
public:
  /// \param needs_outcome  whether an outcome that is neither 0 nor 1 is refused
  /// \throws error status::data for such an outcome, status::unknown_name of option slice
  scored_sample(std::string_view where, const finish_request& request, bool needs_outcome = true)
      : where_(where)
      , rows_(request.stored<stats::outcomes>().rows(request.keys))
      , orientation_(request.options.text("orientation") == "higher_is_riskier"
                         ? score_orientation::higher_is_riskier
                         : score_orientation::higher_is_better) {
    if (request.options.has("slice"))
      rows_ = rows_.in_slice(where, request.options.text("slice"));
    weights_ = rows_.weights();
    constexpr double least = 1e-100; // whose square is far from underflow
    for (std::size_t row = 0; row < weights_.size(); ++row) {
      if (!(weights_[row] >= least))
        refuse("weight", row, weights_[row], "at least " + to_text(least));
    }
    has_weights_ = std::any_of(weights_.begin(), weights_.end(), [](double one) { return one != 1.0; });
    outcomes_ = rows_.outcomes();
    for (std::size_t row = 0; needs_outcome && row < outcomes_.size(); ++row) {
      if (!std::isnan(outcomes_[row]) && outcomes_[row] != 0.0 && outcomes_[row] != 1.0)
        refuse("outcome", row, outcomes_[row], "1 where the event came and 0 where it did not");
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return outcomes_.size(); }
  [[nodiscard]] const stats::outcome_rows& rows() const noexcept { return rows_; }
  [[nodiscard]] bool has_outcome(std::size_t row) const noexcept { return !std::isnan(outcomes_[row]); }
  [[nodiscard]] bool is_event(std::size_t row) const noexcept { return outcomes_[row] == 1.0; }
  [[nodiscard]] double weight(std::size_t row) const noexcept { return weights_[row]; }
  [[nodiscard]] bool has_weights() const noexcept { return has_weights_; }
  /// From a score to the risk that rises with the chance of the event, and back.
  [[nodiscard]] double turned(double score) const noexcept {
    return (orientation_ == score_orientation::higher_is_better ? -score : score) + 0.0;
  }
  /// A characteristic; nothing where there are no rows.
  /// \throws error status::schema where the rows have no such one, or it is a category
  [[nodiscard]] std::vector<double> numbers(std::string_view label) const {
    require(label);
    return size() == 0 ? std::vector<double>() : rows_.numbers(where_, label);
  }
  /// Whether a column holds texts. \throws error status::schema where the rows have no such one
  [[nodiscard]] bool is_category(std::string_view label) const {
    require(label);
    return size() > 0 && rows_.is_category(where_, label);
  }
  /// A characteristic as risks. \throws error status::schema
  [[nodiscard]] std::vector<double> risks(std::string_view label) const {
    std::vector<double> made = numbers(label);
    for (double& one : made)
      one = turned(one);
    return made;
  }
  /// A characteristic in [0, 1]. \throws error status::schema, status::data
  [[nodiscard]] std::vector<double> probabilities(std::string_view label) const {
    std::vector<double> made = numbers(label);
    for (std::size_t row = 0; row < made.size(); ++row) {
      if (!std::isnan(made[row]) && !(made[row] >= 0.0 && made[row] <= 1.0))
        refuse(label, row, made[row], "in [0, 1]");
    }
    return made;
  }
  /// A category, or a characteristic whose numbers name classes, as codes in the order of the texts or numbers.
  /// \throws error status::schema
  [[nodiscard]] std::pair<std::vector<std::uint32_t>, std::vector<std::string>>
  classes(std::string_view label) const {
    std::pair<std::vector<std::uint32_t>, std::vector<std::string>> made;
    if (is_category(label)) {
      stats::coded_texts texts = rows_.texts(where_, label);
      made.first = std::move(texts.codes);
      made.second.assign(texts.texts.begin(), texts.texts.end());
      return made;
    }
    const std::vector<double> values = numbers(label);
    std::vector<double> known;
    for (const double one : values) {
      if (!std::isnan(one))
        known.push_back(one + 0.0);
    }
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    for (const double one : known)
      made.second.push_back(to_text(one));
    for (const double one : values)
      made.first.push_back(std::isnan(one)
                               ? stats::coded_texts::none
                               : static_cast<std::uint32_t>(
                                     std::lower_bound(known.begin(), known.end(), one) - known.begin()));
    return made;
  }

  /// All rows, and after them those of each slice in the order of their bytes, in time that grows as the rows do.
  [[nodiscard]] std::vector<sample_part> parts(sample_division by) const {
    std::vector<sample_part> made(1);
    made[0].rows.resize(size());
    for (std::size_t row = 0; row < size(); ++row)
      made[0].rows[row] = row;
    if (by == sample_division::all)
      return made;
    const stats::coded_texts slices = rows_.slices();
    std::vector<sample_part> each(slices.texts.size());
    for (std::size_t row = 0; row < size(); ++row) {
      if (slices.codes[row] != stats::coded_texts::none)
        each[slices.codes[row]].rows.push_back(row);
    }
    for (std::size_t i = 0; i < each.size(); ++i) {
      if (each[i].rows.empty())
        continue;
      each[i].slice = slices.texts[i];
      made.push_back(std::move(each[i]));
    }
    return made;
  }

  /// The rows of a part that have an outcome and a value.
  [[nodiscard]] chosen_rows chosen(std::span<const std::size_t> part, std::span<const double> values) const {
    chosen_rows made;
    for (const std::size_t row : part) {
      if (has_outcome(row) && !std::isnan(values[row]))
        add_to(made, row, values[row]);
    }
    return made;
  }
  void add_to(chosen_rows& made, std::size_t row, double risk) const {
    made.risk.push_back(risk);
    made.events.push_back(is_event(row) ? 1 : 0);
    if (has_weights_)
      made.weights.push_back(weights_[row]);
  }

  [[noreturn]] void refuse(std::string_view what, std::size_t row, double is,
                           std::string_view must_be) const {
    const stats::coded_texts ids = rows_.ids();
    const bool named = ids.codes[row] != stats::coded_texts::none;
    throw error(status::data,
                named ? message(where_, std::string(what) + " of " + shortened(ids.texts[ids.codes[row]]), -1,
                                to_text(is), must_be)
                      : message(where_, what, static_cast<std::int64_t>(row), to_text(is), must_be));
  }

private:
  /// The label comes from an option, the column from the data: what is wrong the data says.
  void require(std::string_view label) const {
    if (size() > 0 && !rows_.has(label))
      throw error(status::schema, unknown_name(where_, "characteristic", label, rows_.labels()).what());
  }

  std::string where_;
  stats::outcome_rows rows_;
  score_orientation orientation_;
  std::vector<double> outcomes_;
  std::vector<double> weights_;
  bool has_weights_ = false;
};

} // namespace emptor::credit

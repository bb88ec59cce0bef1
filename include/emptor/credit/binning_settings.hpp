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

#include <emptor/core/check.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/core/options.hpp>
#include <emptor/credit/binning_description.hpp>
#include <emptor/stats/outcome_rows.hpp>

/// From the options of credit.binning and the tables of its slot rules to the settings of each characteristic.
namespace emptor::credit {

namespace detail {

/// What the options say of every characteristic; those of a preset hold where they are not set.
/// \throws error status::option for options that mean nothing together
[[nodiscard]] inline binning_settings read_binning_settings(const option_values& given) {
  const std::string_view preset = given.text("preset");
  const bool as_optbinning = preset == "optbinning";
  const bool as_scorecardpy = preset == "scorecardpy";
  binning_settings made;
  if (given.has("method"))
    made.method = given.choice<binning_method>("method", binning_method_names);
  else if (as_scorecardpy)
    made.method = binning_method::stepwise;
  if (given.has("cells"))
    made.cells = given.choice<binning_cells_from>("cells", binning_cells_names);
  else if (as_optbinning)
    made.cells = binning_cells_from::tree;
  made.objective = given.choice<stats::bin_objective>("objective", binary_objective_names);
  made.trend = given.choice<stats::bin_trend>("trend", stats::bin_trend_names);
  made.min_bins = static_cast<std::size_t>(given.integer("min_bins"));
  made.max_bins = given.has("max_bins") ? static_cast<std::size_t>(given.integer("max_bins"))
                  : as_scorecardpy      ? 8
                                        : 0;
  made.min_size = given.has("min_size") ? given.number("min_size") : as_optbinning ? 0.0 : 0.05;
  made.max_size = given.number("max_size");
  made.min_count = given.number("min_count");
  made.min_events = given.number("min_events");
  made.min_non_events = given.number("min_non_events");
  made.min_difference = given.number("min_difference");
  made.max_p_value = given.number("max_p_value");
  made.all_pairs = given.choice<p_value_pairs>("p_value_pairs", p_value_pairs_names) == p_value_pairs::all;
  made.candidates = static_cast<std::size_t>(given.integer("candidates"));
  made.zero.policy = given.has("zero_cells")
                         ? given.choice<stats::zero_cell_policy>("zero_cells", stats::zero_cell_policy_names)
                     : as_scorecardpy ? stats::zero_cell_policy::additive
                                      : stats::zero_cell_policy::merge;
  made.zero.value = given.has("zero_cell_value")                       ? given.number("zero_cell_value")
                    : made.zero.policy == stats::zero_cell_policy::cap ? 4.0
                    : as_scorecardpy                                   ? 0.9
                                                                       : 0.5;
  made.closed = given.choice<stats::bin_closed>("closed", stats::bin_closed_names);
  made.missing = given.choice<bin_attachment>("missing", missing_attachment_names);
  made.special = given.choice<bin_attachment>("special", special_attachment_names);
  made.unknown = given.choice<unknown_attachment>("unknown", unknown_attachment_names);
  made.significance = given.number("significance");
  made.most_levels = static_cast<std::size_t>(given.integer("most_levels"));
  made.max_missing_share = given.number("max_missing_share");
  made.max_identical_share = given.number("max_identical_share");
  made.min_information_value = given.number("min_information_value");
  made.screen_raw = as_scorecardpy;
  made.special_codes = given.numbers("special_codes");
  return made;
}

/// \throws error status::option where settings of a characteristic mean nothing together. \param of  its label, empty = the options
inline void check_binning_settings(const binning_settings& of, bool continuous, bool slices,
                                   std::string_view label) {
  const auto refuse = [&](const std::string& why) {
    throw error(status::option, std::string(binning_name) + ": " + why +
                                    (label.empty() ? "" : " (rules of " + shortened(label) + ")"));
  };
  const std::string method(binning_method_names[static_cast<std::size_t>(of.method)]);
  if (of.max_bins > 0 && of.min_bins > of.max_bins)
    refuse("min_bins is " + std::to_string(of.min_bins) + ", but must be <= max_bins, which is " +
           std::to_string(of.max_bins));
  if (of.min_size > of.max_size)
    refuse("min_size is " + to_text(of.min_size) + ", but must be <= max_size, which is " +
           to_text(of.max_size));
  const bool optimal = of.method == binning_method::optimal;
  const bool by_classes = of.method == binning_method::tree || of.method == binning_method::chi_merge ||
                          of.method == binning_method::mdlp || of.method == binning_method::stepwise ||
                          (optimal && of.cells == binning_cells_from::tree);
  if (continuous && by_classes)
    refuse((optimal ? "cells=tree" : "method=" + method) + " needs target=binary");
  if (continuous && of.max_p_value < 1.0)
    refuse("max_p_value needs target=binary");
  if (slices && !optimal)
    refuse("slices=each needs method=optimal");
  const bool left_only =
      of.method == binning_method::stepwise || (optimal && of.cells == binning_cells_from::tree);
  if (left_only && of.closed == stats::bin_closed::right)
    refuse((optimal ? "cells=tree" : "method=" + method) + " needs closed=left");
  if (!optimal && (of.min_bins > 1 || of.max_size < 1.0 || of.min_count > 0.0 || of.min_events > 0.0 ||
                   of.min_non_events > 0.0 || of.min_difference > 0.0 || of.max_p_value < 1.0 ||
                   !of.fixed_cuts.empty() || !of.forbidden_cuts.empty()))
    refuse("method=" + method + " keeps no rule on bins, differences or cuts; method=optimal does");
}

/// The rules of the slot, by characteristic.
class given_binning_rules {
public:
  given_binning_rules(const model* from, std::vector<std::string_view> labels,
                      const stats::outcome_rows& rows)
      : rules_(binning_name, from, "rules")
      , cuts_(binning_name, from, "cuts")
      , codes_(binning_name, from, "special_codes") {
    const auto known = [&](const model_table& of, std::string_view name, bool number) {
      for (std::int64_t row = 0; row < of.rows(); ++row) {
        const auto label = of.text("characteristic", row);
        if (!label || !std::binary_search(labels.begin(), labels.end(), *label))
          throw unknown_name(binning_name, "characteristic of table " + std::string(name),
                             label.value_or(std::string_view{}), labels);
        if (number && rows.is_category(binning_name, *label))
          of.refuse(std::string(name) + ".characteristic", row, std::string(*label),
                    "a characteristic in numbers");
      }
    };
    known(rules_, "rules", false);
    known(cuts_, "cuts", true);
    known(codes_, "special_codes", true);
  }

  /// \return false where the characteristic is left out
  [[nodiscard]] bool apply(std::string_view label, binning_settings& to) const {
    bool use = true;
    bool seen = false;
    for (std::int64_t row = 0; row < rules_.rows(); ++row) {
      if (rules_.text("characteristic", row) != label)
        continue;
      if (seen)
        rules_.refuse("rules.characteristic", row, std::string(label), "there once");
      seen = true;
      use = rules_.truth("use", row).value_or(true);
      const auto take_code = [&](std::string_view name, auto& into) {
        if (const auto code = rules_.code(name, row))
          into = static_cast<std::decay_t<decltype(into)>>(*code);
      };
      const auto take_number = [&](std::string_view name, double& into) {
        into = rules_.number(name, row).value_or(into);
      };
      const auto take_count = [&](std::string_view name, std::size_t& into) {
        if (const auto count = rules_.count(name, row))
          into = static_cast<std::size_t>(*count);
      };
      take_code("method", to.method);
      take_code("trend", to.trend);
      take_code("missing", to.missing);
      take_code("special", to.special);
      take_code("unknown", to.unknown);
      take_count("min_bins", to.min_bins);
      take_count("max_bins", to.max_bins);
      take_number("min_size", to.min_size);
      take_number("max_size", to.max_size);
      take_number("min_count", to.min_count);
      take_number("min_events", to.min_events);
      take_number("min_non_events", to.min_non_events);
      take_number("min_difference", to.min_difference);
      take_number("max_p_value", to.max_p_value);
    }
    for (std::int64_t row = 0; row < cuts_.rows(); ++row) {
      if (cuts_.text("characteristic", row) != label)
        continue;
      const double cut = cuts_.number("cut", row).value_or(std::numeric_limits<double>::quiet_NaN());
      const std::int32_t kind = cuts_.code("kind", row).value_or(-1);
      if (!std::isfinite(cut) || kind < 0)
        cuts_.refuse("cuts.cut", row, "missing", "a finite number, with its kind");
      (kind == 0 ? to.cuts : kind == 1 ? to.fixed_cuts : to.forbidden_cuts).push_back(cut);
    }
    for (std::int64_t row = 0; row < codes_.rows(); ++row) {
      if (codes_.text("characteristic", row) != label)
        continue;
      const auto code = codes_.number("code", row);
      if (!code || !std::isfinite(*code))
        codes_.refuse("special_codes.code", row, "missing", "a finite number");
      to.special_codes.push_back(*code);
    }
    return use;
  }

private:
  model_table rules_;
  model_table cuts_;
  model_table codes_;
};

} // namespace detail

} // namespace emptor::credit

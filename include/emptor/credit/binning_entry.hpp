// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/credit/binning_description.hpp>
#include <emptor/credit/binning_export.hpp>
#include <emptor/credit/binning_model.hpp>
#include <emptor/credit/binning_settings.hpp>
#include <emptor/credit/binning_tables.hpp>
#include <emptor/credit/characteristic_fit.hpp>
#include <emptor/stats/outcomes.hpp>

/// How the catalogue knows optimal binning (最优分箱): the fit from a store of outcomes, and the bin of a value with a model.
namespace emptor::credit {

namespace detail {

/// Names the first outcome that is neither 0 nor 1. \param outcomes  in canonical order
[[noreturn]] inline void refuse_outcome(const std::vector<double>& outcomes) {
  const auto at =
      std::find_if(outcomes.begin(), outcomes.end(), [](double one) { return one != 0.0 && one != 1.0; });
  throw error(status::data, message(binning_name, "outcome", at - outcomes.begin(), to_text(*at),
                                    "0 or 1; target=continuous takes any number"));
}

/// Whether sums of these weights are exact, and so the same in any order: whole numbers, of which as many rows as a store may
/// have stay below 2^53.
[[nodiscard]] inline bool adds_up_in_any_order(const std::vector<double>& weights) noexcept {
  return std::all_of(weights.begin(), weights.end(),
                     [](double one) { return one >= 0.0 && one <= 0x1p20 && one == std::floor(one); });
}

/// Counts of the rows of a fit. \param rows  in canonical order, or in any where all weights add up in any and the target is
/// not continuous \throws error status::data for an outcome that is none, status::too_few for one class
[[nodiscard]] inline binning_sample make_binning_sample(const stats::outcome_rows& rows, bool continuous,
                                                        bool slices) {
  binning_sample made;
  made.continuous = continuous;
  const std::vector<double> outcomes = rows.outcomes();
  const std::vector<double> weights = rows.weights();
  const auto refuse = [](const std::string& why) {
    throw error(status::too_few, std::string(binning_name) + ": " + why);
  };
  if (outcomes.empty())
    refuse("no row has an outcome, but at least two are needed");
  made.rows = stats::unit_of(weights);
  made.events = made.rows;
  std::vector<double> products;
  if (continuous) {
    products.reserve(outcomes.size());
    for (std::size_t row = 0; row < outcomes.size(); ++row) {
      products.push_back(math::value_of(math::real(outcomes[row]) * weights[row]));
      if (!std::isfinite(products.back()) || std::fabs(products.back()) > 1e200)
        throw error(status::data, message(binning_name, "outcome", static_cast<std::int64_t>(row),
                                          to_text(outcomes[row]), "small enough to be added up"));
    }
    made.events = stats::unit_of(products);
  }
  if (slices) {
    const stats::coded_texts of_slice = rows.slices();
    std::vector<std::uint32_t> numbers(of_slice.texts.size() + 1, 0);
    std::vector<bool> used(numbers.size(), false);
    const auto place = [&](std::uint32_t code) {
      return code == stats::coded_texts::none ? of_slice.texts.size() : std::size_t{code};
    };
    for (const std::uint32_t code : of_slice.codes)
      used[place(code)] = true;
    made.slices = 0;
    for (std::size_t i = 0; i < used.size(); ++i) {
      numbers[i] = static_cast<std::uint32_t>(made.slices);
      made.slices += used[i] ? std::size_t{1} : std::size_t{0};
    }
    if (made.slices > 64)
      throw error(status::data, std::string(binning_name) + ": there are " + std::to_string(made.slices) +
                                    " slices, but must be <= 64 for slices=each");
    for (const std::uint32_t code : of_slice.codes)
      made.slice.push_back(numbers[place(code)]);
  }
  made.totals.assign(made.slices, {});
  made.counts.reserve(outcomes.size());
  for (std::size_t row = 0; row < outcomes.size(); ++row) {
    if (!continuous && outcomes[row] != 0.0 && outcomes[row] != 1.0)
      refuse_outcome(rows.in_canonical_order().outcomes());
    const std::int64_t weight = made.rows.units(weights[row]);
    const std::int64_t events = continuous             ? made.events.units(products[row])
                                : outcomes[row] == 1.0 ? weight
                                                       : 0;
    made.counts.push_back({events, weight});
    made.totals[made.as_rows().slice_of(row)] += made.counts.back();
  }
  if (!continuous) {
    for (const stats::bin_count& total : made.totals) {
      if (total.events == 0 || total.non_events() == 0)
        refuse(std::string(made.slices > 1 ? "a slice" : "the sample") + " has no row with outcome " +
               (total.events == 0 ? "1" : "0") + ", but both outcomes are needed");
    }
    return made;
  }
  const double mean = made.rate(made.total());
  math::real squares(0.0);
  for (std::size_t row = 0; row < outcomes.size(); ++row) {
    const math::real off = math::real(outcomes[row]) - mean;
    squares += math::real(weights[row]) * off * off;
  }
  made.variation = math::value_of(squares);
  if (!(made.variation > 0.0))
    refuse("all rows have the same outcome");
  if (!std::isfinite(made.variation))
    throw error(status::data,
                std::string(binning_name) + ": the squares of the outcomes do not fit a number");
  return made;
}

} // namespace detail

/// From a store of outcomes: bins of every characteristic, each on its own task.
/// \throws error status::too_few for one class only, status::data where no characteristic can be kept, status::option
[[nodiscard]] inline result finish_binning(const finish_request& request) {
  const auto& from = request.stored<stats::outcomes>();
  const option_values& given = request.options;
  const bool continuous = given.text("target") == "continuous";
  const bool slices = given.text("slices") == "each";
  stats::outcome_rows chosen = from.rows(request.keys, stats::row_order::any);
  if (continuous || !detail::adds_up_in_any_order(chosen.weights()))
    chosen = chosen.in_canonical_order();
  if (given.has("slice"))
    chosen = chosen.in_slice(binning_name, given.text("slice"));
  const stats::outcome_rows rows = chosen.with_outcome();
  const std::vector<std::string_view> labels = rows.labels();
  const binning_settings general = detail::read_binning_settings(given);
  detail::check_binning_settings(general, continuous, slices, {});
  const detail::given_binning_rules rules(request.slot("rules"), labels, rows);
  request.how.check(0.0);
  const binning_sample sample = detail::make_binning_sample(rows, continuous, slices);

  std::vector<std::string> used;
  std::vector<binning_settings> settings;
  for (const std::string_view label : labels) {
    binning_settings own = general;
    if (!rules.apply(label, own))
      continue;
    detail::check_binning_settings(own, continuous, slices, label);
    used.emplace_back(label);
    settings.push_back(std::move(own));
  }
  if (used.empty())
    throw error(status::too_few, std::string(binning_name) + ": there is no characteristic to bin");
  std::vector<fitted_characteristic> all(used.size());
  std::vector<binning_power> power(used.size());
  for_each_task(static_cast<std::int64_t>(used.size()), request.how, [&](std::int64_t task) {
    const auto k = static_cast<std::size_t>(task);
    try {
      all[k] =
          rows.is_category(binning_name, used[k])
              ? bin_levels(sample, settings[k], used[k], rows.texts(binning_name, used[k]), &request.how)
              : bin_numbers(sample, settings[k], used[k], rows.numbers(binning_name, used[k]), &request.how);
    } catch (const error& why) {
      if (why.code() != status::option)
        throw;
      throw error(why.code(), std::string(binning_name) + ": " + shortened(used[k]) + ": " + why.what());
    }
    power[k] = power_of(all[k], sample, settings[k].zero);
    const double value =
        settings[k].screen_raw && !continuous ? all[k].raw_information_value : power[k].information_value;
    if (all[k].reason == screening::kept && value < settings[k].min_information_value) {
      all[k].reason = screening::low_information;
      all[k].why = std::string(settings[k].screen_raw ? "raw " : "") + "information value " + to_text(value) +
                   ", but option min_information_value is " + to_text(settings[k].min_information_value);
    }
  });
  const auto kept = std::find_if(
      all.begin(), all.end(), [](const fitted_characteristic& one) { return one.reason == screening::kept; });
  if (kept == all.end())
    throw error(status::data, std::string(binning_name) + ": no characteristic is left; " +
                                  shortened(all.front().label) + ": " + all.front().why);

  const auto sign = given.has("woe_sign") ? given.choice<evidence_sign>("woe_sign", evidence_sign_names)
                    : given.text("preset") == "optbinning" ? evidence_sign::safety
                                                           : evidence_sign::risk;
  const binning_report report{sample, all, settings, sign, general.closed};
  auto made = std::make_shared<model>();
  made->entry = binning_name;
  made->options.push_back({"woe_sign", std::string(evidence_sign_names[static_cast<std::size_t>(sign)])});
  made->options.push_back({"closed", std::string(given.text("closed"))});
  made->options.push_back({"target", std::string(given.text("target"))});
  made->tables.push_back(report.bins(true));
  made->tables.push_back(report.members(true));
  std::vector<std::int32_t> codes;
  for (std::size_t i = 0; i < std::size(binning_total_names); ++i)
    codes.push_back(static_cast<std::int32_t>(i));
  const stats::bin_count total = sample.total();
  table totals("totals");
  totals.add(column::codes("total", std::move(codes), binning_total_names));
  totals.add(column::numbers("value", {static_cast<double>(chosen.size()),
                                       static_cast<double>(chosen.size() - rows.size()),
                                       static_cast<double>(rows.size()), sample.rows.value(total.rows),
                                       sample.events.value(total.events)}));
  return {{report.bins(false), report.members(false), report.screened(power), report.certificates(),
           std::move(totals)},
          std::move(made)};
}

/// The bin of each value of one characteristic.
class binning_scorer final : public scorer {
public:
  explicit binning_scorer(binned_characteristic of)
      : of_(std::move(of)) {}

  void score(const score_block& block) const noexcept override {
    using in = binning_input;
    using out = binning_output;
    for_each_fine_row<in, out>(block, [&](const row_cells<in, out>& at) {
      const stats::bin_lookup::found found =
          of_.numeric ? of_.lookup.of(at.number(in::value)) : of_.lookup.of(at.text(in::level));
      if (found.bin == 0) {
        at.refuse(found.status);
        return;
      }
      const auto bin = static_cast<std::size_t>(found.bin - 1);
      at.put(out::bin, static_cast<double>(found.bin));
      at.put(out::label, static_cast<double>(bin));
      at.put(out::woe, of_.woe[bin]);
      at.put(out::event_rate, of_.event_rate[bin]);
    });
  }
  [[nodiscard]] std::vector<std::string> levels(std::size_t output) const override {
    return static_cast<binning_output>(output) == binning_output::label ? of_.names
                                                                        : std::vector<std::string>{};
  }

private:
  binned_characteristic of_;
};

inline constexpr entry binning_entry{
    .description = &binning_description,
    .finish = &finish_binning,
    .check_model =
        [](const model& made) {
          (void)read_bins(made);
          bool any = false;
          for (const table_description& known : binning_model_tables)
            any = any || model_table(binning_name, &made, known.name).rows() > 0;
          if (!any)
            throw error(status::data, std::string(binning_name) +
                                          ": a model needs the table bins, or rules for the slot rules");
        },
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      std::vector<binned_characteristic> all = read_bins(*request.self);
      const std::string_view asked = request.options.text("characteristic");
      if (asked.empty() && all.size() == 1)
        return std::make_unique<binning_scorer>(std::move(all.front()));
      std::vector<std::string_view> labels;
      for (const binned_characteristic& one : all)
        labels.push_back(one.label);
      if (all.empty())
        throw error(status::data, std::string(binning_name) + ": the model has no bins");
      if (asked.empty())
        throw error(status::option, std::string(binning_name) +
                                        ": option characteristic is needed, because the model has " +
                                        std::to_string(all.size()) + " characteristics");
      for (binned_characteristic& one : all) {
        if (one.label == asked)
          return std::make_unique<binning_scorer>(std::move(one));
      }
      throw unknown_name(binning_name, "characteristic", asked, labels);
    },
    .export_text = &export_binning,
};

} // namespace emptor::credit

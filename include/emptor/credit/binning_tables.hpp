// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/optional_texts.hpp>
#include <emptor/core/table.hpp>
#include <emptor/credit/binning_model.hpp>
#include <emptor/credit/characteristic_binning.hpp>

/// The tables of a fit: bins with their statistics, members, screening and certificates.
namespace emptor::credit {

/// How well the bins of a characteristic part events from others.
struct binning_power {
  double information_value = std::numeric_limits<double>::quiet_NaN();
  double jensen_shannon = std::numeric_limits<double>::quiet_NaN();
  double gini = std::numeric_limits<double>::quiet_NaN();
  double ks = std::numeric_limits<double>::quiet_NaN();
};

/// What a bin adds to a divergence; NaN where that is infinite.
[[nodiscard]] inline double added_by(const fitted_bin& bin, const binning_sample& sample,
                                     stats::bin_objective objective, const stats::zero_cells& zero) {
  if (sample.continuous)
    objective = stats::bin_objective::explained_variance;
  const double added =
      stats::divergence_of(bin.count, sample.total(), objective, zero, zero.value * sample.rows.divisor);
  return std::isfinite(added) ? sample.scaled(added) : std::numeric_limits<double>::quiet_NaN();
}

/// The weight of evidence with its sign; 0 of an empty or neutral bin, NaN where it is infinite.
[[nodiscard]] inline double weight_of(const fitted_bin& bin, const binning_sample& sample,
                                      const stats::zero_cells& zero, evidence_sign sign) {
  if (bin.neutral || bin.count.rows == 0)
    return 0.0;
  if (sample.continuous)
    return math::value_of(math::real(sample.rate(bin.count)) - sample.rate(sample.total()));
  const double weight =
      stats::weight_of_evidence(bin.count, sample.total(), zero, zero.value * sample.rows.divisor);
  if (!std::isfinite(weight))
    return std::numeric_limits<double>::quiet_NaN();
  return (sign == evidence_sign::safety ? weight : -weight) + 0.0;
}

/// What the bins of a characteristic tell of the outcome together: information value (nats) and its companions.
[[nodiscard]] inline binning_power power_of(const fitted_characteristic& of, const binning_sample& sample,
                                            const stats::zero_cells& zero) {
  binning_power power;
  if (of.bins.empty())
    return power;
  math::real information(0.0);
  math::real divergence(0.0);
  for (const fitted_bin& bin : of.bins) {
    information += added_by(bin, sample, stats::bin_objective::information_value, zero);
    divergence += added_by(bin, sample, stats::bin_objective::jensen_shannon, zero);
  }
  power.information_value = math::value_of(information);
  if (sample.continuous)
    return power;
  power.jensen_shannon = math::value_of(divergence);
  std::vector<stats::bin_count> sorted;
  for (const fitted_bin& bin : of.bins) {
    if (bin.count.rows > 0)
      sorted.push_back(bin.count);
  }
  std::sort(sorted.begin(), sorted.end(), [](const stats::bin_count& left, const stats::bin_count& right) {
    return stats::compare_rates(left, right) < 0;
  });
  // Pairs of an event in a bin of higher rate and another row in one of lower rate, less the opposite: whole numbers, so that the
  // order of the bins of equal rate does not matter.
  wide_integer ahead = 0;
  stats::bin_count below;
  const stats::bin_count total = sample.total();
  math::real most(0.0);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const stats::bin_count& bin = sorted[i];
    ahead += static_cast<wide_integer>(bin.events) * below.non_events() -
             static_cast<wide_integer>(bin.non_events()) * below.events;
    below += bin;
    const math::real gap =
        math::real(static_cast<double>(below.non_events())) / static_cast<double>(total.non_events()) -
        math::real(static_cast<double>(below.events)) / static_cast<double>(total.events);
    const bool rises = i + 1 == sorted.size() || stats::compare_rates(bin, sorted[i + 1]) < 0;
    if (rises && gap > most)
      most = gap;
  }
  power.ks = math::value_of(most);
  power.gini = math::value_of(math::real(static_cast<double>(ahead)) / static_cast<double>(total.events) /
                              static_cast<double>(total.non_events()));
  return power;
}

/// A bin in words, of many levels the first ones.
[[nodiscard]] inline std::string label_of(const fitted_bin& bin, stats::bin_closed closed) {
  switch (bin.kind) {
  case bin_kind::interval:
    return interval_text(bin.low, bin.high, closed);
  case bin_kind::levels: {
    std::string text = "{";
    std::size_t shown = 0;
    for (const std::string& level : bin.levels) {
      if (shown > 0 && (shown >= 10 || text.size() + level.size() > 200)) {
        text += ", and " + std::to_string(bin.levels.size() - shown) + " more";
        break;
      }
      text += (shown > 0 ? ", " : "") + shortened(level);
      ++shown;
    }
    return text + "}";
  }
  case bin_kind::special:
    return to_text(bin.code);
  default:
    return std::string(bin_kind_names[static_cast<std::size_t>(bin.kind)]);
  }
}

/// The tables that a fit gives, characteristic by characteristic.
struct binning_report {
  const binning_sample& sample;
  const std::vector<fitted_characteristic>& all;
  const std::vector<binning_settings>& settings; ///< one for each
  evidence_sign sign;
  stats::bin_closed closed;

  /// \param kept_only  as the model has it
  [[nodiscard]] table bins(bool kept_only) const {
    text_buffer labels;
    std::vector<std::int64_t> numbers;
    std::vector<std::int32_t> kinds;
    text_buffer names;
    std::vector<double> columns[12];
    const stats::bin_count total = sample.total();
    const auto share = [](std::int64_t part, std::int64_t whole) {
      return math::value_of(math::real(static_cast<double>(part)) / static_cast<double>(whole));
    };
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    for (std::size_t k = 0; k < all.size(); ++k) {
      const fitted_characteristic& of = all[k];
      const stats::zero_cells& zero = settings[k].zero;
      for (std::size_t i = 0; i < of.bins.size() && !(kept_only && of.reason != screening::kept); ++i) {
        const fitted_bin& bin = of.bins[i];
        labels.push_back(of.label);
        numbers.push_back(static_cast<std::int64_t>(i) + 1);
        kinds.push_back(static_cast<std::int32_t>(bin.kind));
        names.push_back(label_of(bin, closed));
        const bool binary = !sample.continuous;
        const double row[] = {bin.low,
                              bin.high,
                              sample.rows.value(bin.count.rows),
                              share(bin.count.rows, total.rows),
                              sample.events.value(bin.count.events),
                              binary ? sample.rows.value(bin.count.non_events()) : none,
                              sample.rate(bin.count),
                              binary ? share(bin.count.events, total.events) : none,
                              binary ? share(bin.count.non_events(), total.non_events()) : none,
                              weight_of(bin, sample, zero, sign),
                              added_by(bin, sample, stats::bin_objective::information_value, zero),
                              binary ? added_by(bin, sample, stats::bin_objective::jensen_shannon, zero)
                                     : none};
        for (std::size_t j = 0; j < std::size(row); ++j)
          columns[j].push_back(row[j]);
      }
    }
    table made("bins");
    made.add(column::texts("characteristic", std::move(labels)));
    made.add(column::integers("bin", std::move(numbers)));
    made.add(column::codes("kind", std::move(kinds), bin_kind_names));
    const char* const named[] = {"low",
                                 "high",
                                 "count",
                                 "count_share",
                                 "events",
                                 "non_events",
                                 "event_rate",
                                 "event_share",
                                 "non_event_share",
                                 "woe",
                                 "information_value",
                                 "jensen_shannon"};
    const auto add = [&](std::size_t first, std::size_t end) {
      for (std::size_t j = first; j < end; ++j) {
        const bool rows = j == 2 || j == 4 || j == 5;
        const bool shares = j == 3 || (j >= 6 && j <= 8);
        made.add(column::numbers(named[j], std::move(columns[j]),
                                 rows     ? "rows"
                                 : shares ? "share"
                                          : "")
                     .or_none());
      }
    };
    add(0, 2);
    made.add(column::texts("label", std::move(names)));
    add(2, std::size(named));
    return made;
  }

  [[nodiscard]] table members(bool kept_only) const {
    text_buffer labels;
    std::vector<std::int32_t> what;
    optional_texts values;
    std::vector<double> codes;
    std::vector<std::int64_t> bins;
    for (const fitted_characteristic& of : all) {
      if (kept_only && of.reason != screening::kept)
        continue;
      std::vector<fitted_member> sorted = of.members;
      std::sort(sorted.begin(), sorted.end(), [](const fitted_member& left, const fitted_member& right) {
        if (left.what != right.what)
          return left.what < right.what;
        return left.what == bin_member::special ? left.code < right.code : left.level < right.level;
      });
      for (const fitted_member& one : sorted) {
        labels.push_back(of.label);
        what.push_back(static_cast<std::int32_t>(one.what));
        values.push_back(one.what == bin_member::level ? std::optional<std::string_view>(one.level)
                                                       : std::nullopt);
        codes.push_back(one.code);
        bins.push_back(static_cast<std::int64_t>(one.bin) + 1);
      }
    }
    table made("members");
    made.add(column::texts("characteristic", std::move(labels)));
    made.add(column::codes("member", std::move(what), bin_member_names));
    made.add(std::move(values).as("value"));
    made.add(column::numbers("number", std::move(codes)).or_none());
    made.add(column::integers("bin", std::move(bins)));
    return made;
  }

  [[nodiscard]] table screened(const std::vector<binning_power>& power) const {
    text_buffer labels;
    std::vector<std::uint8_t> kept;
    std::vector<std::int32_t> reasons;
    optional_texts why;
    std::vector<std::int64_t> bins;
    std::vector<double> columns[6];
    for (std::size_t k = 0; k < all.size(); ++k) {
      const fitted_characteristic& of = all[k];
      labels.push_back(of.label);
      kept.push_back(of.reason == screening::kept ? 1 : 0);
      reasons.push_back(static_cast<std::int32_t>(of.reason));
      why.push_back(of.why.empty() ? std::nullopt : std::optional<std::string_view>(of.why));
      bins.push_back(static_cast<std::int64_t>(of.bins.size()));
      const double row[] = {of.missing_share,
                            power[k].information_value,
                            of.raw_information_value,
                            power[k].jensen_shannon,
                            power[k].gini,
                            power[k].ks};
      for (std::size_t j = 0; j < std::size(row); ++j)
        columns[j].push_back(row[j]);
    }
    table made("screening");
    made.add(column::texts("characteristic", std::move(labels)));
    made.add(column::booleans("kept", std::move(kept)));
    made.add(column::codes("reason", std::move(reasons), screening_names));
    made.add(std::move(why).as("why"));
    made.add(column::integers("bins", std::move(bins)));
    const char* const named[] = {
        "missing_share", "information_value", "raw_information_value", "jensen_shannon", "gini", "ks"};
    for (std::size_t j = 0; j < std::size(named); ++j)
      made.add(column::numbers(named[j], std::move(columns[j]), j == 0 ? "share" : "").or_none());
    return made;
  }

  [[nodiscard]] table certificates() const {
    text_buffer labels;
    std::vector<std::int32_t> codes[3];
    std::vector<std::int64_t> counts[2];
    std::vector<double> columns[3];
    for (std::size_t k = 0; k < all.size(); ++k) {
      const fitted_characteristic& of = all[k];
      labels.push_back(of.label);
      codes[0].push_back(static_cast<std::int32_t>(settings[k].method));
      codes[1].push_back(static_cast<std::int32_t>(of.proof));
      codes[2].push_back(static_cast<std::int32_t>(of.trend));
      counts[0].push_back(of.distinct);
      counts[1].push_back(of.candidates);
      columns[0].push_back(of.objective);
      columns[1].push_back(of.monotone_bound);
      columns[2].push_back(math::value_of(math::real(of.monotone_bound) - of.objective));
    }
    table made("certificates");
    made.add(column::texts("characteristic", std::move(labels)));
    made.add(column::codes("method", std::move(codes[0]), binning_method_names));
    made.add(column::codes("proof", std::move(codes[1]), binning_proof_names));
    made.add(column::codes("trend", std::move(codes[2]), stats::bin_trend_names));
    made.add(column::integers("distinct", std::move(counts[0])));
    made.add(column::integers("candidates", std::move(counts[1])));
    const char* const named[] = {"objective", "monotone_bound", "gap"};
    for (std::size_t j = 0; j < std::size(named); ++j)
      made.add(column::numbers(named[j], std::move(columns[j])).or_none());
    return made;
  }
};

} // namespace emptor::credit

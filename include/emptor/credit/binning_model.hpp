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

#include <emptor/core/model_table.hpp>
#include <emptor/credit/binning_description.hpp>
#include <emptor/stats/bin_lookup.hpp>

/// A model of credit.binning, read for use: of every characteristic the look-up of its bins and what they say.
namespace emptor::credit {

/// A characteristic as a model has it: how values find their bins, and what is known of each bin, by bin in the order of
/// their numbers.
struct binned_characteristic {
  std::string label;
  bool numeric = true; ///< intervals or special codes; otherwise levels
  stats::bin_lookup lookup;
  std::vector<std::string> names; ///< of the bins
  std::vector<bin_kind> kinds;
  std::vector<double> low; ///< NaN = no end
  std::vector<double> high;
  std::vector<double> woe;            ///< NaN = none
  std::vector<double> event_rate;     ///< NaN = none
  std::vector<double> count;          ///< weighted rows of the fit; NaN = not known
  std::vector<fitted_member> members; ///< bins from 0

  [[nodiscard]] std::size_t bins() const noexcept { return names.size(); }
};

/// An interval as people write it.
[[nodiscard]] inline std::string interval_text(double low, double high, stats::bin_closed closed) {
  const bool left = closed == stats::bin_closed::left;
  std::string text = std::isnan(low) ? "(-inf, " : (left ? "[" : "(") + to_text(low) + ", ";
  return text + (std::isnan(high) ? "inf)" : to_text(high) + (left ? ")" : "]"));
}

/// Which side of an interval belongs to it, by the option `closed` of the model.
[[nodiscard]] inline stats::bin_closed closed_of(const model& from) noexcept {
  return from.option_text("closed") == "right" ? stats::bin_closed::right : stats::bin_closed::left;
}
/// Whether weights of evidence rise with the risk or with the safety, by the option `woe_sign` of the model.
[[nodiscard]] inline evidence_sign sign_of(const model& from) noexcept {
  return from.option_text("woe_sign") == "safety" ? evidence_sign::safety : evidence_sign::risk;
}

/// The characteristics of a model, in the order of their labels. \param where  begins messages
/// \throws error status::data for tables in which a value has no bin or two
[[nodiscard]] inline std::vector<binned_characteristic> read_bins(const model& from,
                                                                  std::string_view where = binning_name) {
  const model_table bins(where, &from, "bins");
  const model_table members(where, &from, "members");
  std::map<std::string, std::map<std::int64_t, std::int64_t>, std::less<>>
      rows; // of each bin, by label and number
  for (std::int64_t row = 0; row < bins.rows(); ++row) {
    const auto label = bins.text("characteristic", row);
    if (!label || label->empty())
      bins.refuse("bins.characteristic", row, "empty", "the label of a characteristic");
    const auto number = bins.count("bin", row);
    if (!number || !bins.code("kind", row))
      bins.refuse("bins.bin", row, "missing", "there, with its kind");
    if (!rows[std::string(*label)].emplace(*number, row).second)
      bins.refuse("bins.bin", row, std::to_string(*number), "there once for " + shortened(*label));
  }
  std::vector<binned_characteristic> made;
  for (const auto& [label, numbers] : rows) {
    binned_characteristic one;
    one.label = label;
    one.numeric = false;
    one.lookup = stats::bin_lookup(closed_of(from));
    std::int32_t expected = 0;
    bool open = false;     // the last interval had no end
    std::int64_t last = 0; // row of the last interval
    for (const auto& numbered : numbers) {
      const std::int64_t number = numbered.first;
      const std::int64_t row = numbered.second;
      ++expected;
      if (number != expected)
        bins.refuse("bins.bin", row, std::to_string(number),
                    std::to_string(expected) + ", the next number for " + shortened(label));
      const auto kind = static_cast<bin_kind>(*bins.code("kind", row));
      const auto number_or_none = [&](std::string_view name) {
        return bins.number(name, row).value_or(std::numeric_limits<double>::quiet_NaN());
      };
      const double low = number_or_none("low");
      const double high = number_or_none("high");
      if (kind == bin_kind::interval) {
        const bool first = !one.lookup.numeric();
        const bool follows = first ? std::isnan(low) : !open && low == one.high.back();
        if (!follows || (!first && one.kinds.back() != bin_kind::interval))
          bins.refuse("bins.low", row, to_text(low),
                      first ? "missing, where the first interval of " + shortened(label) + " begins"
                            : "where the interval before it ends, of " + shortened(label));
        last = row;
        one.lookup.add_interval(expected);
        if (std::isnan(high))
          open = true;
        else
          one.lookup.add_cut(high);
        one.numeric = true;
      } else if (kind == bin_kind::special) {
        one.numeric = true;
      }
      one.kinds.push_back(kind);
      one.low.push_back(low);
      one.high.push_back(high);
      one.woe.push_back(number_or_none("woe"));
      one.event_rate.push_back(number_or_none("event_rate"));
      one.count.push_back(number_or_none("count"));
      const auto name = bins.text("label", row);
      one.names.push_back(name && !name->empty() ? std::string(*name)
                          : kind == bin_kind::interval
                              ? interval_text(low, high, closed_of(from))
                              : std::string(bin_kind_names[static_cast<std::size_t>(kind)]) + " " +
                                    std::to_string(expected));
    }
    if (one.lookup.numeric() && !open)
      bins.refuse("bins.high", last, to_text(*bins.number("high", last)),
                  "missing in the last interval of " + shortened(label));
    made.push_back(std::move(one));
  }
  for (std::int64_t row = 0; row < members.rows(); ++row) {
    const auto label = members.text("characteristic", row);
    const auto at = std::lower_bound(made.begin(), made.end(), label.value_or(std::string_view{}),
                                     [](const binned_characteristic& one, std::string_view wanted) {
                                       return std::string_view(one.label) < wanted;
                                     });
    if (!label || at == made.end() || at->label != *label)
      members.refuse("members.characteristic", row, label ? std::string(*label) : "missing",
                     "a characteristic of the table bins");
    const std::int64_t number = members.count("bin", row).value_or(0);
    if (number < 1 || number > static_cast<std::int64_t>(at->bins()))
      members.refuse("members.bin", row, std::to_string(number),
                     "a bin of " + shortened(at->label) + ", 1 to " + std::to_string(at->bins()));
    const auto bin = static_cast<std::int32_t>(number);
    fitted_member member{.bin = static_cast<std::size_t>(number - 1)};
    const auto what = members.code("member", row);
    if (!what)
      members.refuse("members.member", row, "missing", "there");
    member.what = static_cast<bin_member>(*what);
    switch (member.what) {
    case bin_member::level: {
      const auto level = members.text("value", row);
      if (!level || level->empty())
        members.refuse("members.value", row, "empty", "the level");
      member.level = *level;
      at->lookup.add_level(member.level, bin);
      break;
    }
    case bin_member::special: {
      const auto code = members.number("number", row);
      if (!code)
        members.refuse("members.number", row, "missing", "the special code");
      member.code = *code;
      at->lookup.add_special(*code, bin);
      break;
    }
    case bin_member::missing:
      at->lookup.set_missing(bin);
      break;
    default:
      at->lookup.set_unknown(bin);
      break;
    }
    at->members.push_back(std::move(member));
  }
  for (binned_characteristic& one : made) {
    if (!one.lookup.finish())
      throw error(status::data, std::string(where) + ": the bins of " + shortened(one.label) +
                                    " are not sound: cuts must rise, and a level or code must have one bin");
  }
  return made;
}

} // namespace emptor::credit

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include <emptor/core/quoted_text.hpp>
#include <emptor/stats/bin_lookup.hpp>

/// The bins of a characteristic as a CASE expression of standard SQL.
namespace emptor::credit {

/// What a reader of the SQL must know, as its comment.
inline constexpr std::string_view sql_introduction =
    R"(-- The table has the columns named below: those in numbers of a numeric type, texts compared by their bytes.
-- NULL where a value has no bin, or its bin no figure. Standard SQL: names stand in double quotation marks, and
-- a backslash in a text is itself. SQLite takes a name that is no column for a text: all of them must be there.
)";

/// The value of the bin that a row of the table is in; NULL where it has none. What the look-up takes for missing is missing here: NULL,
/// an empty text, and NaN in databases that sort it after all numbers.
/// \param values  of the bins; NaN stands as NULL  \param indent  begins each line
/// \throws error status::data for names that SQL cannot hold
[[nodiscard]] inline std::string sql_case(std::string_view where, std::string_view label, bool numeric,
                                          const stats::bin_lookup& lookup, std::span<const double> values,
                                          const std::string& indent) {
  const std::string name = sql_name(where, label);
  const auto value_of = [&](std::int32_t bin) {
    const double value =
        bin > 0 ? values[static_cast<std::size_t>(bin - 1)] : std::numeric_limits<double>::quiet_NaN();
    return std::isnan(value) ? std::string("NULL") : sql_number(value);
  };
  std::string text = "CASE";
  const auto when = [&](const std::string& condition, std::int32_t bin) {
    text.append("\n").append(indent).append("  WHEN ").append(condition).append(" THEN ").append(
        value_of(bin));
  };
  std::map<std::int32_t, std::string> lists;
  const auto add = [&](std::int32_t bin, const std::string& member) {
    std::string& list = lists[bin];
    list.append(list.empty() ? "" : ", ").append(member);
  };
  if (numeric) {
    when(name + " IS NULL OR (" + name + " > 0 AND " + name + " * -1.0 > 0)", lookup.missing_bin());
    for (const auto& [code, bin] : lookup.specials())
      add(bin, sql_number(code));
  } else {
    when(name + " IS NULL OR " + name + " = ''", lookup.missing_bin());
    for (const auto& [level, bin] : lookup.levels())
      add(bin, sql_text(where, level));
  }
  for (const auto& [bin, list] : lists)
    when(name + " IN (" + list + ")", bin);
  if (numeric) {
    const bool left = lookup.closed() == stats::bin_closed::left;
    for (std::size_t i = 0; i < lookup.intervals().size(); ++i) {
      if (i < lookup.cuts().size())
        when(name + (left ? " < " : " <= ") + sql_number(lookup.cuts()[i]), lookup.intervals()[i]);
      else if (i > 0)
        when(name + (left ? " >= " : " > ") + sql_number(lookup.cuts()[i - 1]), lookup.intervals()[i]);
      else
        when(name + " IS NOT NULL", lookup.intervals()[i]);
    }
  } else if (lookup.unknown_bin() > 0) {
    when(name + " IS NOT NULL", lookup.unknown_bin());
  }
  // A type for those without any number.
  return text + "\n" + indent + "  ELSE CAST(NULL AS DOUBLE PRECISION) END";
}

} // namespace emptor::credit

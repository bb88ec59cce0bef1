// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/credit/binning_model.hpp>
#include <emptor/credit/bins_as_c.hpp>
#include <emptor/credit/bins_as_sql.hpp>

/// The formats of bins besides json: the weight of evidence of each value, in SQL and in C.
namespace emptor::credit {

namespace detail {

inline constexpr std::string_view c_binning_introduction =
    R"(/* Weights of evidence of the bins of characteristics, written by emptor. C90; it needs no library.

   int emptor_bin(int characteristic, double number, const char *text, double *woe);

   The bin of a value, from 1; 0 where it has none. characteristic: from 0, in the order of their names.
   number: NaN where it is missing. text: 0 or "" where it is missing. Of the two the one that the
   characteristic is made of is read. woe: of the bin, where there is one; may be 0.

   const char *emptor_bin_characteristic(int number, int *is_text);

   The name of a characteristic, from 0, and whether it is a text; 0 after the last.

   Doubles must be those of IEEE 754, not with -ffast-math. Names are bytes, as the model has them. */
)";

inline constexpr std::string_view c_binning_function = R"(
const char *emptor_bin_characteristic(int number, int *is_text);
const char *emptor_bin_characteristic(int number, int *is_text) {
  if (number < 0 || number >= CHARACTERISTICS)
    return 0;
  if (is_text != 0)
    *is_text = characteristics[number].is_text;
  return characteristics[number].name;
}

int emptor_bin(int characteristic, double number, const char *text, double *woe);
int emptor_bin(int characteristic, double number, const char *text, double *woe) {
  int bin;
  if (characteristic < 0 || characteristic >= CHARACTERISTICS)
    return 0;
  bin = bin_of(&characteristics[characteristic], number, text);
  if (bin > 0 && woe != 0)
    *woe = weights[characteristic][bin - 1];
  return bin;
}
)";

} // namespace detail

/// A column of weights of evidence for each characteristic, as the list of a SELECT. \throws error status::data for names that SQL
/// cannot hold
[[nodiscard]] inline std::string binning_sql(const std::vector<binned_characteristic>& all) {
  const std::string where = std::string(binning_name) + ": sql";
  std::string text =
      "-- Weights of evidence, by emptor: SELECT, this list, FROM a table.\n" + std::string(sql_introduction);
  for (std::size_t i = 0; i < all.size(); ++i)
    text += (i > 0 ? ",\n" : "") + std::string("CAST(") +
            sql_case(where, all[i].label, all[i].numeric, all[i].lookup, all[i].woe, "  ") +
            "\n  AS DOUBLE PRECISION) AS " + sql_name(where, all[i].label + "_woe");
  return text + "\n";
}

/// \throws error status::data for names with a zero byte and for bins without a weight
[[nodiscard]] inline std::string binning_c(const std::vector<binned_characteristic>& all) {
  c_bins_writer to(std::string(binning_name) + ": c");
  std::vector<std::string> lookups;
  std::vector<std::string> weights;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t b = 0; b < all[i].bins(); ++b) {
      if (std::isnan(all[i].woe[b]))
        throw error(status::data, std::string(binning_name) + ": c: bin " + std::to_string(b + 1) + " of " +
                                      printable(shortened(all[i].label)) + " has no weight of evidence");
    }
    lookups.push_back(to.lookup(all[i].label, all[i].numeric, all[i].lookup, i));
    weights.push_back(to.numbers("woe_" + std::to_string(i), all[i].woe));
  }
  (void)to.array("struct bins", "characteristics", lookups);
  (void)to.array("double *const", "weights", weights);
  std::string made(detail::c_binning_introduction);
  made += c_bins_type;
  made += "#define CHARACTERISTICS " + std::to_string(all.size()) + "\n";
  made += to.source;
  made += c_bins_function(all.front().lookup.closed());
  made += detail::c_binning_function;
  return made;
}

/// \param format  sql or c  \throws error status::data for a model of rules alone, and for what the format cannot hold
[[nodiscard]] inline std::string export_binning(const model& made, std::string_view format) {
  const std::vector<binned_characteristic> all = read_bins(made);
  if (all.empty())
    throw error(status::data, std::string(binning_name) + ": the model has no bins");
  return format == "sql" ? binning_sql(all) : binning_c(all);
}

} // namespace emptor::credit

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/quoted_text.hpp>
#include <emptor/stats/bin_lookup.hpp>

/// Bins in C90: the tables of each characteristic, and the function that looks a value up. Numbers stand in tables, not in
/// expressions, so that a compiler with wider registers compares the same doubles.
namespace emptor::credit {

/// C source on its way: what is declared so far, and the arrays of each characteristic.
class c_bins_writer {
public:
  explicit c_bins_writer(std::string where)
      : where_(std::move(where)) {}

  /// A text as an expression, or as the name of an array that is declared before.
  [[nodiscard]] std::string text(std::string_view given) {
    std::string written = c_text(where_, given);
    if (given.size() <= longest_c_literal)
      return written;
    std::string name = "text_" + std::to_string(texts_++);
    source += "static const char " + name + "[] = " + written + ";\n";
    return name;
  }
  /// An array of the elements, and its name; 0 where there are none, for C90 has no empty arrays.
  [[nodiscard]] std::string array(std::string_view type, const std::string& name,
                                  const std::vector<std::string>& elements) {
    if (elements.empty())
      return "0";
    source.append("static const ").append(type).append(" ").append(name).append("[] = {");
    std::size_t length = 0;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      source += i == 0 ? "" : length > 80 ? ",\n  " : ", ";
      length = i > 0 && length > 80 ? elements[i].size() : length + elements[i].size() + 2;
      source += elements[i];
    }
    source += "};\n";
    return name;
  }
  [[nodiscard]] std::string numbers(const std::string& name, const std::vector<double>& values) {
    std::vector<std::string> elements(values.size());
    std::transform(values.begin(), values.end(), elements.begin(), c_number);
    return array("double", name, elements);
  }
  [[nodiscard]] std::string wholes(const std::string& name, const std::vector<std::int32_t>& values) {
    std::vector<std::string> elements;
    for (const std::int32_t value : values)
      elements.push_back(std::to_string(value));
    return array("int", name, elements);
  }

  /// The look-up of a characteristic. \return its initialiser of a `struct bins`
  [[nodiscard]] std::string lookup(std::string_view label, bool numeric, const stats::bin_lookup& of,
                                   std::size_t place) {
    const std::string number = "_" + std::to_string(place);
    std::vector<double> codes;
    std::vector<std::int32_t> bins;
    std::vector<std::string> levels;
    std::string made = "{" + text(label) + (numeric ? ", 0, " : ", 1, ") + std::to_string(of.missing_bin()) +
                       ", " + std::to_string(of.unknown_bin()) + ",\n   ";
    const auto add = [&](std::size_t size, const std::string& keys, const std::string& values) {
      made.append(std::to_string(size)).append(", ").append(keys).append(", ").append(values).append(", ");
    };
    if (numeric) {
      for (const auto& one : of.specials()) {
        codes.push_back(one.first);
        bins.push_back(one.second);
      }
      const std::string keys = numbers("special" + number, codes);
      add(codes.size(), keys, wholes("special_bin" + number, bins));
      const std::string cuts = numbers("cut" + number, of.cuts());
      add(of.cuts().size(), cuts, wholes("interval_bin" + number, of.intervals()));
    } else {
      made += "0, 0, 0, 0, 0, 0, ";
      for (const auto& one : of.levels()) {
        levels.push_back(text(one.first));
        bins.push_back(one.second);
      }
    }
    const std::string keys = array("char *const", "level" + number, levels);
    add(levels.size(), keys, numeric ? "0" : wholes("level_bin" + number, bins));
    made.resize(made.size() - 2);
    return made + "}";
  }

  std::string source;

private:
  std::string where_;
  std::size_t texts_ = 0;
};

/// The type of the tables.
inline constexpr std::string_view c_bins_type = R"(
#ifdef __FAST_MATH__
#error "without NaN a missing number would get a bin"
#endif

struct bins {
  const char *name;
  int is_text;
  int missing; /* bin of what is missing; 0 = none */
  int unknown; /* bin of a text that no bin names */
  long specials;
  const double *special;
  const int *special_bin;
  long cuts;
  const double *cut;
  const int *interval_bin;
  long levels;
  const char *const *level; /* in the order of their bytes */
  const int *level_bin;
};

)";

/// `bin_of`, the look-up itself.
[[nodiscard]] inline std::string c_bins_function(stats::bin_closed closed) {
  return std::string(R"(
static int compare(const char *left, const char *right) {
  while (*left != 0 && *left == *right) {
    ++left;
    ++right;
  }
  return (int)(unsigned char)*left - (int)(unsigned char)*right;
}

/* The bin, from 1; 0 where the value has none. */
static int bin_of(const struct bins *of, double number, const char *text) {
  long low = 0;
  long high;
  long middle;
  int order;
  if (of->is_text) {
    if (text == 0 || *text == 0)
      return of->missing;
    high = of->levels;
    while (low < high) {
      middle = low + (high - low) / 2;
      order = compare(of->level[middle], text);
      if (order == 0)
        return of->level_bin[middle];
      if (order < 0)
        low = middle + 1;
      else
        high = middle;
    }
    return of->unknown;
  }
  if (number != number)
    return of->missing;
  high = of->specials;
  while (low < high) {
    middle = low + (high - low) / 2;
    if (of->special[middle] < number)
      low = middle + 1;
    else
      high = middle;
  }
  if (low < of->specials && of->special[low] == number)
    return of->special_bin[low];
  if (of->interval_bin == 0)
    return 0;
  low = 0;
  high = of->cuts;
  while (low < high) {
    middle = low + (high - low) / 2;
    if (of->cut[middle] )") +
         (closed == stats::bin_closed::left ? "<=" : "<") + R"( number)
      low = middle + 1;
    else
      high = middle;
  }
  return of->interval_bin[low];
}
)";
}

} // namespace emptor::credit

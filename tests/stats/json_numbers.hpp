// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "stats/mobi.hpp"

/// Lists of numbers of the files of published results and indices.
namespace emptor::test {

/// A file of EMPTOR_DATA_DIR; nothing where it is missing.
[[nodiscard]] inline std::optional<std::string> text_of_file(const std::string& name) {
  std::ifstream in(data_file(name));
  if (!in)
    return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// The list of lists of numbers that follows keys, each after the one before.
[[nodiscard]] inline std::vector<std::vector<double>> lists_after(const std::string& text,
                                                                  const std::vector<std::string>& keys) {
  std::size_t from = 0;
  for (const std::string& key : keys)
    from = text.find("\"" + key + "\"", from) + key.size() + 2;
  std::vector<std::vector<double>> made;
  int depth = 0;
  for (const char* at = text.c_str() + text.find('[', from); *at != '\0'; ++at) {
    if (*at == '[' && ++depth == 2) {
      made.emplace_back();
    } else if (*at == ']') {
      if (--depth == 0)
        break;
    } else if (depth == 2 && (*at == '-' || (*at >= '0' && *at <= '9'))) {
      char* end = nullptr;
      made.back().push_back(std::strtod(at, &end));
      at = end - 1;
    }
  }
  return made;
}

/// Numbers from 1 as places from 0.
[[nodiscard]] inline std::vector<std::vector<std::uint32_t>>
places_of(const std::vector<std::vector<double>>& lists) {
  std::vector<std::vector<std::uint32_t>> made;
  for (const std::vector<double>& one : lists) {
    made.emplace_back();
    for (const double number : one)
      made.back().push_back(static_cast<std::uint32_t>(number) - 1);
  }
  return made;
}

/// Folds as R cuts places of an order into equal parts of the line from the first to the last of them.
[[nodiscard]] inline std::vector<std::uint32_t> cut_folds(const std::vector<std::uint32_t>& order,
                                                          std::size_t folds) {
  const auto n = static_cast<double>(order.size());
  std::vector<std::uint32_t> made(order.size());
  for (std::size_t place = 0; place < order.size(); ++place) {
    std::uint32_t fold = 0;
    while (fold + 1 < folds && static_cast<double>(place + 1) > 1.0 + static_cast<double>(fold + 1) *
                                                                          (n - 1.0) /
                                                                          static_cast<double>(folds))
      ++fold;
    made[order[place]] = fold;
  }
  return made;
}

} // namespace emptor::test

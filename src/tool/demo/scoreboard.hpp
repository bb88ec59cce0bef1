// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/table.hpp>

#include "../csv_reader.hpp"
#include "steps.hpp"

/// What the demo shows at its end, read back from the files that its commands wrote.
namespace emptor::tool::demo {

/// The CSV files of the demo's folder, each read once.
class result_files {
public:
  explicit result_files(std::string folder)
      : folder_(std::move(folder)) {}
  /// \throws failure where it cannot be read
  [[nodiscard]] const csv_table& at(const std::string& file);

private:
  std::string folder_;
  std::map<std::string, csv_table> read_;
};

/// One figure about an estimate.
struct figure {
  std::string run;
  std::string estimate; ///< column, or the name of a parameter
  std::string truth;    ///< TABLE.COLUMN
  demo_measure how = demo_measure::number;
  std::string name;
  double value = 0.0;
};

/// How close the estimates of the steps came to the truth.
[[nodiscard]] std::vector<figure> compare_with_truth(std::span<const step* const> steps, result_files& files);
/// The figures as a table, for scoreboard.csv.
[[nodiscard]] table figures_table(std::span<const figure> figures);
/// The figures for people.
[[nodiscard]] std::string figures_text(std::span<const figure> figures);
/// Whether all is equal that must be.
[[nodiscard]] bool all_equal(std::span<const figure> figures);

/// The customers who rank first, with the columns that the steps show, and what is true of them.
[[nodiscard]] std::string top_customers_text(std::span<const step* const> steps, result_files& files,
                                             std::size_t count);

} // namespace emptor::tool::demo

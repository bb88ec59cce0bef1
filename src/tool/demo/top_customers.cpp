// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <unordered_map>
#include <utility>

#include <emptor/core/options.hpp>

#include "../aligned.hpp"
#include "result_rows.hpp"
#include "scoreboard.hpp"

namespace emptor::tool::demo {

namespace {

/// A field as the scoreboard shows it: probabilities with three digits, other numbers with two.
std::string shown_field(std::string_view field, std::string_view unit) {
  const auto number = parse_number(field);
  if (field.empty())
    return "-";
  return number ? shown_number(*number, unit == "probability" ? 3 : 2) : std::string(field);
}

std::string_view unit_of(const step& one, const demo_shown& column) {
  std::span<const column_description> columns = one.what->score.outputs;
  if (one.feed->what != verb::score) {
    for (const table_description& table : one.what->outputs) {
      if (table.name == column.table)
        columns = table.columns;
    }
  }
  for (const column_description& known : columns) {
    if (known.name == column.column)
      return known.unit;
  }
  return {};
}

} // namespace

std::string top_customers_text(std::span<const step* const> steps, result_files& files, std::size_t count) {
  struct shown_column {
    const csv_table* table;
    std::size_t column;
    std::string_view unit;
    std::unordered_map<std::string_view, std::int64_t> rows;
  };
  std::vector<shown_column> columns;
  std::vector<std::string> header{"CUSTOMER"};
  std::optional<std::size_t> ranking;
  const auto add = [&](const csv_table& table, std::string_view column, std::string_view unit,
                       std::string_view heading) {
    columns.push_back({&table, place_of(table, column), unit, rows_by(table, "customer")});
    header.emplace_back(heading);
  };
  std::vector<const step*> by_rank(steps.begin(), steps.end());
  std::stable_partition(by_rank.begin(), by_rank.end(), [](const step* one) { return ranks(*one); });
  for (const step* one : by_rank) {
    for (const demo_shown& column : one->feed->shown) {
      if (column.ranks && !ranking)
        ranking = columns.size();
      add(files.at(table_file(one->run, column.table)), column.column, unit_of(*one, column), column.heading);
    }
  }
  if (!ranking)
    return {};
  const csv_table& truth = files.at("truth.csv");
  add(truth, "kind", {}, "TRUE KIND");
  add(truth, "alive", {}, "STILL A CUSTOMER");

  const shown_column& by = columns[*ranking];
  std::vector<std::pair<double, std::string_view>> ranked;
  for (const auto& [customer, row] : by.rows) {
    if (const auto figure = parse_number(by.table->field(row, by.column)))
      ranked.emplace_back(-*figure, customer);
  }
  std::sort(ranked.begin(), ranked.end());
  aligned lines;
  lines.add(header);
  for (std::size_t i = 0; i < std::min(count, ranked.size()); ++i) {
    std::vector<std::string> cells{std::string(ranked[i].second)};
    for (const shown_column& one : columns) {
      const auto row = one.rows.find(ranked[i].second);
      cells.push_back(
          row == one.rows.end() ? "-" : shown_field(one.table->field(row->second, one.column), one.unit));
    }
    lines.add(std::move(cells));
  }
  std::string text;
  lines.write(text, 2);
  return text;
}

} // namespace emptor::tool::demo

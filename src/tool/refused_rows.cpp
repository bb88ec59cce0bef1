// SPDX-License-Identifier: BSL-1.0
#include "refused_rows.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace emptor::tool {

namespace {

/// The role that names what a row is.
std::string_view key_role(const typed_table& columns) {
  for (const std::string_view role : key_roles) {
    if (columns.csv_column(role))
      return role;
  }
  return {};
}

} // namespace

std::string explain(const typed_table& columns, const csv_table& rows, std::int64_t row, const error& why) {
  std::string text = why.what();
  // The library counts the rows of a call from 0; here the place in the file says which it is.
  const std::string index = "[" + std::to_string(why.row()) + "]";
  std::size_t at = text.find(index + " is ");
  if (at == std::string::npos)
    at = text.find(index);
  if (at != std::string::npos)
    text.erase(at, index.size());
  text.insert(0, rows.place(row) + ": ");
  const std::vector<named_column> named = columns.columns();
  if (why.column() >= 0 && static_cast<std::size_t>(why.column()) < named.size()) {
    const std::string_view role = named[static_cast<std::size_t>(why.column())].name;
    if (const auto column = columns.csv_column(role); column && rows.names()[*column] != role)
      text.append(" (column ").append(shortened(rows.names()[*column])).append(")");
  }
  return text;
}

void warn_of_refused(const typed_table& columns, const csv_table& rows,
                     const std::vector<row_status>& statuses, const reading& how,
                     const std::function<void(std::int64_t)>& strictly) {
  std::map<row_status, std::int64_t> counts;
  std::int64_t first = -1;
  std::int64_t refused = 0;
  for (std::int64_t row = 0; row < rows.rows(); ++row) {
    const row_status why = statuses[static_cast<std::size_t>(row)];
    if (!is_refusal(why) || why == row_status::conflict)
      continue;
    ++counts[why];
    ++refused;
    if (first < 0)
      first = row;
    if (how.every_row)
      how.warnings->push_back(rows.place(row) + ": " + std::string(name(why)));
  }
  if (refused == 0)
    return;
  std::string text = rows.file() + ": " + std::to_string(refused) + " of " + std::to_string(rows.rows()) +
                     (rows.rows() == 1 ? " row refused:" : " rows refused:");
  for (const auto& [why, count] : counts)
    text.append(why == counts.begin()->first ? " " : ", ")
        .append(std::to_string(count))
        .append(" ")
        .append(name(why));
  how.warnings->push_back(text);
  try {
    strictly(first + 1);
  } catch (const error& why) {
    if (why.row() == first) {
      how.warnings->push_back(explain(columns, rows, first, why));
      return;
    }
  }
  how.warnings->push_back(rows.place(first) + ": " +
                          std::string(name(statuses[static_cast<std::size_t>(first)])));
}

void warn_of_keys(const typed_input& input, const std::vector<row_status>& statuses, const reading& how) {
  const csv_table& rows = *input.rows;
  const std::string_view role = key_role(input.columns);
  if (role.empty())
    return;
  const std::size_t key = *input.columns.csv_column(role);
  for (std::int64_t row = 0, told = 0; row < rows.rows() && (told == 0 || how.every_row); ++row) {
    if (statuses[static_cast<std::size_t>(row)] != row_status::conflict)
      continue;
    ++told;
    how.warnings->push_back(
        rows.place(row) + ": " + std::string(role) + " " + shortened(rows.field(row, key)) +
        " is known with other content under this revision; it is kept as a conflict, and nothing can be "
        "finished from this store until a higher revision of it comes (push --strict keeps such files out)");
  }
  if (role == "customer" || input.columns.csv_column("line"))
    return;
  const auto revision = input.columns.csv_column("revision");
  std::int64_t repeated = 0;
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (std::int64_t row = 0; row < rows.rows(); ++row) {
    const row_status became = statuses[static_cast<std::size_t>(row)];
    const std::string_view name = rows.field(row, key);
    if (name.empty() || (became != row_status::conflict && is_refusal(became)))
      continue;
    const bool again = !seen.emplace(name, revision ? rows.field(row, *revision) : "").second;
    if (again && became == row_status::repeated)
      ++repeated;
  }
  if (repeated == 0)
    return;
  const bool has_lines = std::any_of(input.table->columns.begin(), input.table->columns.end(),
                                     [](const column_description& one) { return one.name == "line"; });
  how.warnings->push_back(rows.file() + ": " + std::to_string(repeated) +
                          (repeated == 1 ? " row repeats" : " rows repeat") + " a " + std::string(role) +
                          " of the same push and " + (repeated == 1 ? "was" : "were") + " not counted" +
                          (has_lines ? "; order lines need the column line (--map line=COLUMN)" : ""));
}

} // namespace emptor::tool

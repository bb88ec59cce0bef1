// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <utility>

#include "bind.hpp"
#include "failure.hpp"
#include "refused_rows.hpp"
#include "work.hpp"

/// Tables into a store.
namespace emptor::tool {

namespace {

/// Rows of which the store holds an amount whose currency nobody named.
std::int64_t rows_without_currency(const typed_input& input, const std::vector<row_status>& statuses) {
  std::vector<std::size_t> amounts;
  bool has_currency = false;
  for (const column_description& role : input.table->columns) {
    has_currency = has_currency || role.name == "currency";
    const auto at = input.columns.csv_column(role.name);
    if (role.what == content::amount && at)
      amounts.push_back(*at);
  }
  if (!has_currency)
    return 0;
  const csv_table& rows = *input.rows;
  const auto currency = input.columns.csv_column("currency");
  std::int64_t count = 0;
  for (std::int64_t row = 0; row < rows.rows(); ++row) {
    const row_status became = statuses[static_cast<std::size_t>(row)];
    const bool taken = became == row_status::conflict || !is_refusal(became);
    const bool unnamed = !currency || rows.field(row, *currency).empty();
    if (taken && unnamed && std::any_of(amounts.begin(), amounts.end(), [&](std::size_t amount) {
          return !rows.field(row, amount).empty();
        }))
      ++count;
  }
  return count;
}

/// `n2.csv: 4 rows: 3 added, 1 replaced; not read: sku`
std::string count_text(const typed_table& columns, const csv_table& rows, const push_report& report) {
  std::string text = rows.file() + ": " + std::to_string(rows.rows()) + (rows.rows() == 1 ? " row" : " rows");
  bool first = true;
  const std::pair<const char*, std::int64_t> counts[] = {
      {"added", report.added},           {"replaced", report.replaced},   {"repeated", report.repeated},
      {"superseded", report.superseded}, {"conflicts", report.conflicts}, {"refused", report.refused}};
  for (const auto& [what, count] : counts) {
    if (count == 0)
      continue;
    text.append(first ? ": " : ", ").append(std::to_string(count)).append(" ").append(what);
    first = false;
  }
  std::vector<std::string_view> others;
  for (std::size_t at = 0; at < rows.names().size(); ++at) {
    if (!columns.uses(at))
      others.push_back(rows.names()[at]);
  }
  if (!others.empty())
    text.append("; not read: ").append(listed(std::span<const std::string_view>(others)));
  return text;
}

} // namespace

push_outcome push_tables(store& into, std::span<const table_input> tables, const reading& how) {
  std::vector<typed_input> bound = bind_tables(into.description().name, tables_of(into), tables, how);
  std::int64_t rows = 0;
  std::int64_t refused = 0;
  push_outcome pushed;
  for (const typed_input& input : bound) {
    const std::vector<named_column> columns = input.columns.columns();
    std::vector<row_status> statuses(static_cast<std::size_t>(input.rows->rows()));
    push_request request{.table = input.table->name,
                         .columns = columns,
                         .rows = input.rows->rows(),
                         .statuses = statuses.data(),
                         .strict = how.strict,
                         .how = how.how};
    try {
      const push_report report = into.push(request);
      rows += request.rows;
      refused += report.refused;
      pushed.conflicts += report.conflicts;
      pushed.repeats_count_twice = pushed.repeats_count_twice || report.repeats_count_twice;
      pushed.counts.push_back(count_text(input.columns, *input.rows, report));
    } catch (const error& why) {
      if (why.row() < 0 || why.row() >= input.rows->rows())
        throw;
      throw failure(explain(input.columns, *input.rows, why.row(), why));
    }
    warn_of_refused(input.columns, *input.rows, statuses, how, [&](std::int64_t first_rows) {
      const std::unique_ptr<store> empty = make_store(into.description().name, into.options().all());
      request.rows = first_rows;
      request.statuses = nullptr;
      request.strict = true;
      empty->push(request);
    });
    warn_of_keys(input, statuses, how);
    if (!into.options().has("default_currency"))
      pushed.without_currency += rows_without_currency(input, statuses);
  }
  if (rows > 0 && refused == rows)
    throw failure("all " + std::to_string(rows) + (rows == 1 ? " row is refused" : " rows are refused"));
  return pushed;
}

std::string currency_assumed(const store& made, const push_outcome& pushed, const std::string& how_to) {
  if (pushed.without_currency == 0)
    return {};
  const std::int64_t decimals =
      made.options().has("decimals") ? made.options().integer("decimals") : currency{}.decimals();
  const std::span<const option_description> options = made.description().options;
  const bool has_default = std::any_of(options.begin(), options.end(), [](const option_description& one) {
    return one.name == "default_currency";
  });
  const bool one_row = pushed.without_currency == 1;
  return std::to_string(pushed.without_currency) +
         (one_row ? " row names no currency" : " rows name no currency") +
         (has_default ? ", nor does option default_currency" : "") +
         (one_row ? ": its amount is" : ": their amounts are") + " taken in an unnamed one with " +
         std::to_string(decimals) + " decimals; " + (has_default ? how_to : "a column currency names it");
}

} // namespace emptor::tool

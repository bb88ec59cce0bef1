// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <utility>

#include "bind.hpp"
#include "failure.hpp"
#include "output_column.hpp"
#include "refused_rows.hpp"
#include "work.hpp"

/// Rows to scores.
namespace emptor::tool {

namespace {

column kept_column(const csv_table& rows, const typed_table& columns, const std::string& name) {
  auto at = rows.find(name);
  if (!at)
    at = columns.csv_column(name);
  if (!at) {
    const std::vector<std::string_view> names(rows.names().begin(), rows.names().end());
    throw usage_error(unknown_name(rows.file(), "column", name, names).what());
  }
  text_buffer texts;
  for (std::int64_t row = 0; row < rows.rows(); ++row)
    texts.push_back(rows.field(row, *at));
  return column::texts(name, std::move(texts));
}

} // namespace

table score_table(const score_task& task, const table_input& input, const reading& how, bool& all_refused) {
  const csv_table& rows = *input.rows;
  const entry_description& described = *task.what->description;
  const table_description inputs{.name = "rows", .columns = described.score.inputs};
  const std::vector<typed_input> bound = bind_tables(described.name, {&inputs, 1}, {&input, 1}, how);
  const typed_table& typed = bound.front().columns;
  const std::vector<named_column> columns = typed.columns();
  std::vector<bound_column> schema;
  std::vector<column_view> views;
  for (const named_column& one : columns) {
    schema.push_back({std::string(one.name), one.values.type});
    views.push_back(one.values);
  }
  const plan ready(*task.what, task.self, task.slots, schema, task.options, task.only);

  const auto size = static_cast<std::size_t>(rows.rows());
  std::vector<output_column> made;
  for (const output_info& output : ready.outputs())
    made.emplace_back(output.type, size);
  std::vector<output_memory> memory;
  for (output_column& output : made)
    memory.push_back(output.memory());
  std::vector<row_status> statuses(size);
  std::int64_t bad_rows = 0;
  try {
    ready.score(views, rows.rows(), memory, statuses.data(), &bad_rows, how.strict, *how.how);
  } catch (const error& why) {
    if (why.row() < 0 || why.row() >= rows.rows())
      throw;
    throw failure(explain(typed, rows, why.row(), why));
  }
  warn_of_refused(typed, rows, statuses, how, [&](std::int64_t first_rows) {
    std::vector<row_status> again(size);
    ready.score(views, first_rows, memory, again.data(), nullptr, true, run{});
  });
  all_refused = !statuses.empty() && std::all_of(statuses.begin(), statuses.end(), is_refusal);

  table scores(std::string(described.name));
  const auto add = [&](column one) {
    if (scores.find(one.name()) != nullptr)
      throw usage_error("the scores would have two columns " + shortened(one.name()));
    scores.add(std::move(one));
  };
  for (const std::string& name : task.keep)
    add(kept_column(rows, typed, name));
  for (std::size_t i = 0; i < made.size(); ++i) {
    const output_info& output = ready.outputs()[i];
    column one{output.name, made[i].type, std::move(made[i].values), output.unit, output.decimals};
    one.set_validity(std::move(made[i].validity));
    one.set_levels(output.levels);
    add(std::move(one));
  }
  if (task.row_status) {
    text_buffer names;
    for (const row_status why : statuses)
      names.push_back(name(why));
    add(column::texts("row_status", std::move(names)));
  }
  return scores;
}

} // namespace emptor::tool

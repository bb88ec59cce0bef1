// SPDX-License-Identifier: BSL-1.0
#include "work.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "failure.hpp"
#include "files.hpp"
#include "output_column.hpp"
#include "shell_word.hpp"

namespace emptor::tool {

namespace {

constexpr const char* several_maps = "; repeat --map for each role";

/// A mapping that stood for nothing in any of the tables is a slip of the pen.
void refuse_unused(std::span<const column_mapping> mappings, const std::set<std::size_t>& used,
                   std::span<const table_description> tables, std::span<const table_input> inputs) {
  for (std::size_t i = 0; i < mappings.size(); ++i) {
    if (used.contains(i))
      continue;
    std::vector<std::string_view> roles;
    for (const table_description& one : tables) {
      for (const column_description& role : one.columns)
        roles.push_back(role.name);
    }
    if (std::find(roles.begin(), roles.end(), mappings[i].role) == roles.end())
      throw usage_error(unknown_name("--map", "role", mappings[i].role, roles).what());
    throw failure((inputs.empty() ? "" : inputs.front().rows->file() + ": ") + std::string("has no column ") +
                  shortened(mappings[i].columns.front()) + " for " + mappings[i].role);
  }
}

void refuse_missing(const csv_table& rows, const column_mapping& mapping) {
  for (const std::string& name : mapping.columns) {
    if (!rows.find(name))
      throw failure(rows.file() + ": has no column " + shortened(name) + " for " + mapping.role +
                    (name.find('=') != std::string::npos ? several_maps : ""));
  }
}

/// Whether a table has all the columns that a description needs.
bool fits(const table_description& wanted, const csv_table& rows, std::span<const column_mapping> mappings) {
  return std::all_of(wanted.columns.begin(), wanted.columns.end(), [&](const column_description& role) {
    if (role.optional || role.many || rows.find(role.name))
      return true;
    return std::any_of(mappings.begin(), mappings.end(), [&](const column_mapping& mapping) {
      return mapping.role == role.name && (mapping.table.empty() || mapping.table == wanted.name) &&
             mapping.columns.size() == 1 && rows.find(mapping.columns.front());
    });
  });
}

/// A name without what people write differently.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char letter : name) {
    if (letter != '_' && letter != '-' && letter != ' ' && letter != '.')
      plain += static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
  }
  return plain;
}

/// Tells of columns that stand for nothing though they are called like a role: their author took them for read.
void warn_of_names(const typed_table& columns, const csv_table& rows, const table_description& table,
                   const reading& how) {
  for (std::size_t at = 0; how.warnings != nullptr && at < rows.names().size(); ++at) {
    const std::string& name = rows.names()[at];
    for (const column_description& role : table.columns) {
      if (role.name != name && plain_name(role.name) == plain_name(name) && !columns.uses(at) &&
          !columns.csv_column(role.name))
        how.warnings->push_back(rows.file() + ": column " + shortened(name) + " is not read; --map " +
                                shell_word(std::string(role.name) + "=" + name) + " makes it the " +
                                std::string(role.name));
    }
  }
}

/// The columns of some tables, each table found by the name of its input.
struct typed_input {
  const table_description* table = nullptr;
  const csv_table* rows = nullptr;
  typed_table columns;
};

std::vector<typed_input> bind_tables(std::string_view where, std::span<const table_description> tables,
                                     std::span<const table_input> inputs, const reading& how) {
  std::vector<typed_input> bound;
  std::set<std::size_t> used;
  for (const table_input& input : inputs) {
    const table_description* found = input.name.empty() && !tables.empty() ? &tables.front() : nullptr;
    std::vector<std::string_view> names;
    for (const table_description& known : tables) {
      names.push_back(known.name);
      if (known.name == input.name)
        found = &known;
    }
    if (found == nullptr && tables.empty())
      throw usage_error(std::string(where) + " takes no rows");
    if (found == nullptr)
      throw usage_error(unknown_name(where, "table", input.name, names).what());
    // Where a role is given several columns, all of them must be in one file.
    for (const column_mapping& mapping : how.mappings) {
      const bool has_one =
          std::any_of(mapping.columns.begin(), mapping.columns.end(),
                      [&](const std::string& name) { return input.rows->find(name).has_value(); });
      const bool is_here =
          std::any_of(found->columns.begin(), found->columns.end(),
                      [&](const column_description& role) { return role.name == mapping.role; }) &&
          (mapping.table.empty() || mapping.table == found->name);
      for (const column_description& role : found->columns) {
        if (is_here && role.name == mapping.role && !role.many && mapping.columns.size() > 1)
          throw usage_error("--map " + mapping.role + ": takes one column" + std::string(several_maps));
      }
      if (is_here && (has_one || inputs.size() == 1))
        refuse_missing(*input.rows, mapping);
    }
    if (input.rows->rows() == 0 && how.warnings != nullptr)
      how.warnings->push_back(input.rows->file() + ": has no rows");
    try {
      bound.push_back({found, input.rows.get(),
                       typed_table(*input.rows, found->name, found->columns, how.mappings, how.csv, used)});
      warn_of_names(bound.back().columns, *input.rows, *found, how);
    } catch (const failure& why) {
      if (!input.name.empty() || fits(*found, *input.rows, how.mappings))
        throw;
      for (const table_description& other : tables) {
        if (!fits(other, *input.rows, how.mappings))
          continue;
        std::vector<std::string> lines = why.lines();
        lines.back()
            .append("; its columns are those of table ")
            .append(other.name)
            .append(": --in ")
            .append(other.name)
            .append("=")
            .append(input.rows->file());
        throw failure(std::move(lines));
      }
      throw;
    }
  }
  refuse_unused(how.mappings, used, tables, inputs);
  return bound;
}

/// The message about a refused row, with its place in the file and the column as the file calls it.
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

/// Tells of refused rows: how many of which kind, and what is wrong with the first. \param strictly does the
/// first `rows` rows again in strict mode
template <class Strictly>
void warn(const typed_table& columns, const csv_table& rows, const std::vector<row_status>& statuses,
          const reading& how, const Strictly& strictly) {
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

/// The role that names what a row is.
std::string_view key_role(const typed_table& columns) {
  for (const std::string_view role : key_roles) {
    if (columns.csv_column(role))
      return role;
  }
  return {};
}

/// Tells of rows that contradict a known document, and of order lines that lack their number.
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

std::vector<table_input> read_tables(std::span<const named_file> files, const csv_dialect& dialect) {
  std::vector<table_input> tables;
  for (const named_file& file : files)
    tables.push_back(
        {file.name, std::make_shared<csv_table>(read_csv(file.path, read_file(file.path), dialect))});
  return tables;
}

std::vector<option> pick(std::span<const option> given, std::span<const option_description> described) {
  std::vector<option> picked;
  for (const option& one : given) {
    if (std::any_of(described.begin(), described.end(),
                    [&](const option_description& known) { return known.name == one.name; }))
      picked.push_back(one);
  }
  return picked;
}

void refuse_unknown(std::string_view where, std::span<const option> given,
                    std::initializer_list<std::span<const option_description>> described) {
  std::vector<std::string_view> names;
  for (const std::span<const option_description> some : described) {
    for (const option_description& known : some)
      names.push_back(known.name);
  }
  for (const option& one : given) {
    if (std::find(names.begin(), names.end(), one.name) == names.end())
      throw usage_error(names.empty() ? std::string(where) + " takes no options, so not " + one.name
                                      : unknown_name(where, "option", one.name, names).what());
  }
}

const store_description& find_store_kind(std::string_view name) {
  std::vector<std::string_view> names;
  for (const store_description* kind : store_kinds()) {
    if (kind->name == name)
      return *kind;
    names.push_back(kind->name);
  }
  throw usage_error(unknown_name("", "kind of store", name, names).what());
}

std::span<const table_description> tables_of(const store& held) {
  if (held.description().tables.empty() && held.options().has("entry"))
    return find_entry(held.options().text("entry")).description->inputs;
  return held.description().tables;
}

typed_table typed_rows(const table_description& wanted, const table_input& input, const reading& how) {
  return std::move(bind_tables(wanted.name, {&wanted, 1}, {&input, 1}, how).front().columns);
}

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
    warn(input.columns, *input.rows, statuses, how, [&](std::int64_t first_rows) {
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
  return std::to_string(pushed.without_currency) +
         (pushed.without_currency == 1
              ? " row names no currency, nor does option default_currency: its amount is"
              : " rows name no currency, nor does option default_currency: their amounts "
                "are") +
         " taken in an unnamed one with " + std::to_string(decimals) + " decimals; " + how_to;
}

std::shared_ptr<const model> make_model(const entry& what, std::span<const table_input> tables,
                                        std::span<const option> options, const reading& how) {
  const entry_description& described = *what.description;
  const std::vector<typed_input> bound = bind_tables(described.name, described.model_tables, tables, how);
  std::vector<std::vector<named_column>> columns;
  for (const typed_input& input : bound)
    columns.push_back(input.columns.columns());
  std::vector<named_table> named;
  for (std::size_t i = 0; i < bound.size(); ++i)
    named.push_back({bound[i].table->name, columns[i], bound[i].rows->rows()});
  try {
    return create_model(what, named, options);
  } catch (const error& why) {
    if (why.code() ==
        status::unknown_name) // of a parameter or level: the rows are wrong, not the command line
      throw failure(why.what());
    throw;
  }
}

bool has_slot(const entry& what, std::string_view name) noexcept {
  const auto slots = what.description->slots;
  return std::any_of(slots.begin(), slots.end(),
                     [&](const slot_description& slot) { return slot.name == name; });
}

namespace {

const slot_description& find_slot(const entry& what, std::string_view name) {
  std::vector<std::string_view> names;
  for (const slot_description& slot : what.description->slots) {
    if (slot.name == name)
      return slot;
    names.push_back(slot.name);
  }
  if (names.empty())
    throw usage_error(std::string(what.description->name) + " takes no models, so not " + std::string(name));
  throw usage_error(unknown_name(what.description->name, "slot", name, names).what());
}

} // namespace

void slot_models::add(const entry& what, const std::string& slot, std::shared_ptr<const model> filled) {
  const slot_description& known = find_slot(what, slot);
  for (const filled_slot& one : filled_) {
    if (one.name == slot)
      throw usage_error("slot " + slot + " is given twice");
  }
  models_.push_back(std::move(filled));
  filled_.push_back({known.name, models_.back().get()});
}

void slot_models::add(const entry& what, const table_input& input, const reading& how) {
  for (const std::string_view accepted : find_slot(what, input.name).accepts) {
    const entry& maker = find_entry(accepted);
    if (maker.description->model_tables.empty())
      continue;
    const table_input main{{}, input.rows};
    reading plain = how;
    plain.mappings = {};
    add(what, input.name, make_model(maker, {&main, 1}, {}, plain));
    return;
  }
  throw usage_error("slot " + input.name + " takes a model, not rows; give --model " + input.name +
                    "=MODEL.emptor");
}

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
  warn(typed, rows, statuses, how, [&](std::int64_t first_rows) {
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
    column one{output.name, made[i].type, std::move(made[i].values), output.unit, 2};
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

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <emptor/catalogue.hpp>

#include "support/csv_table.hpp"

/// Worked examples run through the C++ interface, from their descriptions alone.
namespace emptor::test {

[[nodiscard]] inline const column_description* find_role(std::span<const column_description> described,
                                                         std::string_view header) {
  const std::string_view role = header.substr(0, header.find(':'));
  for (const column_description& one : described) {
    if (one.name == (one.many ? role : header))
      return &one;
  }
  return nullptr;
}

[[nodiscard]] inline table table_of(std::string_view name, std::span<const column_description> described,
                                    std::string_view csv) {
  const csv_table parsed = parse_csv(csv);
  table made{std::string(name)};
  for (std::size_t i = 0; i < parsed.names.size(); ++i) {
    const column_description* known = find_role(described, parsed.names[i]);
    if (known == nullptr)
      throw std::runtime_error("example: there is no column " + parsed.names[i]);
    std::vector<std::string> fields;
    for (const std::vector<std::string>& row : parsed.rows)
      fields.push_back(row[i]);
    const content what = known->what == content::id ? content::text : known->what;
    made.add(typed_column(parsed.names[i], what, fields));
  }
  return made;
}

/// Rows [first, last) of a table, in the order that `order` gives.
[[nodiscard]] inline table some_rows(const table& from, std::span<const std::int64_t> order) {
  table made(from.name());
  for (const column& held : from.columns()) {
    column cut;
    std::visit(
        [&](const auto& values) {
          std::decay_t<decltype(values)> taken;
          for (const std::int64_t row : order) {
            if constexpr (std::is_same_v<std::decay_t<decltype(values)>, text_buffer>)
              taken.push_back(values[row]);
            else
              taken.push_back(values[static_cast<std::size_t>(row)]);
          }
          cut = column(held.name(), held.type(), std::move(taken), held.unit(), held.decimals());
        },
        held.values());
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (!held.is_valid(order[i]))
        cut.set_missing(static_cast<std::int64_t>(i));
    }
    made.add(std::move(cut));
  }
  return made;
}

struct split_options {
  std::vector<option> store;
  std::vector<option> finish;
};

[[nodiscard]] inline const store_description& kind_of(std::string_view name) {
  for (const store_description* one : store_kinds()) {
    if (one->name == name)
      return *one;
  }
  throw std::runtime_error("no such kind of store");
}

/// Options of an example go to the finish that knows them, else to the store.
[[nodiscard]] inline split_options split(const entry_description& what,
                                         std::span<const example_option> given) {
  split_options made;
  if (what.store == "rows")
    made.store.push_back({"entry", std::string(what.name)});
  for (const example_option& one : given) {
    const auto is_this = [&](const option_description& known) { return known.name == one.name; };
    const bool finishes = std::any_of(what.options.begin(), what.options.end(), is_this);
    const auto of_store =
        what.store.empty() ? std::span<const option_description>{} : kind_of(what.store).options;
    const bool creates = std::any_of(of_store.begin(), of_store.end(), is_this);
    (creates && !finishes ? made.store : made.finish)
        .push_back({std::string(one.name), std::string(one.value)});
  }
  return made;
}

[[nodiscard]] inline std::span<const table_description> pushed_tables(const entry_description& what) {
  return what.store == "rows" ? what.inputs : kind_of(what.store).tables;
}

/// The tables that an example pushes.
[[nodiscard]] inline std::vector<table> tables_of(const entry_description& what, const example& from) {
  std::vector<table> made;
  for (const example_table& given : from.tables) {
    for (const table_description& one : pushed_tables(what)) {
      if (one.name == given.name)
        made.push_back(table_of(given.name, one.columns, given.csv));
    }
  }
  return made;
}

inline push_report push_table(store& into, const table& rows, bool strict = true,
                              row_status* statuses = nullptr) {
  const std::vector<named_column> columns = rows.views();
  return into.push({.table = rows.name(),
                    .columns = columns,
                    .rows = rows.rows(),
                    .statuses = statuses,
                    .strict = strict});
}

[[nodiscard]] inline std::unique_ptr<store> store_of(const entry_description& what, const example& from) {
  if (what.store.empty())
    return nullptr;
  auto made = make_store(what.store, split(what, from.options).store);
  for (const table& rows : tables_of(what, from))
    push_table(*made, rows);
  return made;
}

/// The model that tables and options of an example make.
[[nodiscard]] inline std::shared_ptr<const model>
made_of(const entry& what, std::span<const example_table> from, std::span<const example_option> with) {
  std::vector<table> held;
  for (const example_table& given : from) {
    for (const table_description& one : what.description->model_tables) {
      if (one.name == given.name)
        held.push_back(table_of(given.name, one.columns, given.csv));
    }
  }
  std::vector<std::vector<named_column>> views;
  std::vector<named_table> tables;
  for (const table& one : held)
    views.push_back(one.views());
  for (std::size_t i = 0; i < held.size(); ++i)
    tables.push_back({held[i].name(), views[i], held[i].rows()});
  std::vector<option> options;
  for (const example_option& one : with)
    options.push_back({std::string(one.name), std::string(one.value)});
  return create_model(what, tables, options);
}

[[nodiscard]] inline std::shared_ptr<const model> model_of(const entry& what, const example& from) {
  return from.model_tables.empty() ? nullptr : made_of(what, from.model_tables, from.model_options);
}

/// The models in the slots of an example.
struct example_slots {
  std::vector<std::shared_ptr<const model>> models;
  std::vector<filled_slot> filled;

  explicit example_slots(const example& from) {
    for (const example_slot& one : from.slots) {
      models.push_back(made_of(find_entry(one.entry), one.tables, one.options));
      filled.push_back({one.name, models.back().get()});
    }
  }
};

/// Calls `visit(entry, example)` for all of them.
template <class Visit>
void for_each_example(const Visit& visit) {
  for (const entry* one : catalogue()) {
    for (const example& shown : one->description->examples)
      visit(*one, shown);
  }
}

/// The first example of an entry with this verb.
[[nodiscard]] inline const example& example_of(const entry& what, verb of) {
  for (const example& one : what.description->examples) {
    if (one.what == of)
      return one;
  }
  throw std::runtime_error("no such example");
}

/// How a call ended: the status and the message of what it threw.
template <class Call>
[[nodiscard]] std::pair<status, std::string> outcome(const Call& call) {
  try {
    call();
  } catch (const error& refused) {
    return {refused.code(), refused.what()};
  }
  return {status::ok, {}};
}

} // namespace emptor::test

// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "aligned.hpp"
#include "commands.hpp"
#include "csv_writer.hpp"

/// What a saved model or store holds.
namespace emptor::tool {

namespace {

namespace json = boost::json;

json::value value_json(const table& of, const column& from, std::int64_t row) {
  if (!from.is_valid(row))
    return nullptr;
  const auto at = static_cast<std::size_t>(row);
  switch (from.type()) {
  case dtype::float64: {
    const double value = from.as<double>()[at];
    return std::isfinite(value) ? json::value(value) : json::value(nullptr);
  }
  case dtype::int64:
    return from.as<std::int64_t>()[at];
  case dtype::boolean:
    return from.as<std::uint8_t>()[at] != 0;
  default: // dates, amounts, names of codes and texts stand as text
    return json::value(field_text(of, from, row));
  }
}

json::array rows_json(const table& from) {
  json::array rows;
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    json::object made;
    for (const column& one : from.columns())
      made[one.name()] = value_json(from, one, row);
    rows.push_back(std::move(made));
  }
  return rows;
}

/// Whether a table names a parameter in each row.
bool is_parameters(const table& held) {
  const column* names = held.find("parameter");
  const column* values = held.find("value");
  return held.name() == "parameters" && names != nullptr && values != nullptr &&
         names->type() == dtype::large_utf8;
}

json::object named_values(const table& held, const column& values) {
  json::object made;
  const column& names = held.at("parameter");
  for (std::int64_t row = 0; row < held.rows(); ++row)
    made[names.text()[row]] = value_json(held, values, row);
  return made;
}

std::string show_json(const model& what) {
  json::object options;
  for (const option& one : what.options)
    options[one.name] = one.value;
  json::object made{{"entry", what.entry}, {"made_by", what.made_by}, {"options", std::move(options)}};
  json::object tables;
  for (const table& held : what.tables) {
    if (is_parameters(held)) {
      made["parameters"] = named_values(held, held.at("value"));
      if (const column* errors = held.find("standard_error"))
        made["standard_errors"] = named_values(held, *errors);
    } else if (held.name() == "fit" && held.rows() == 1) {
      for (const column& one : held.columns())
        made.insert(
            json::object::value_type(one.name(), value_json(held, one, 0))); // never another key's place
    } else {
      tables[held.name()] = rows_json(held);
    }
  }
  made["tables"] = std::move(tables);
  return json::serialize(made) + "\n";
}

/// A document, settlement or customer of which a store holds several contents under one revision.
struct conflict {
  std::string table;
  std::string role; ///< what it is
  std::string name;
};

/// The conflicts among the rows of a table: a line of one document that stands there more than once.
void add_conflicts(std::vector<conflict>& found, const table_description& described, const table& held) {
  const auto role = std::find_if(std::begin(key_roles), std::end(key_roles), [&](std::string_view wanted) {
    return std::any_of(described.columns.begin(), described.columns.end(),
                       [&](const column_description& one) { return one.name == wanted; });
  });
  const column* key = role == std::end(key_roles) ? nullptr : held.find(*role);
  if (key == nullptr || key->type() != dtype::large_utf8)
    return; // no row has a name
  const column* line = held.find("line");
  boost::unordered_flat_set<std::pair<std::string_view, std::string_view>> seen;
  boost::unordered_flat_set<std::string_view> told;
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    if (!key->is_valid(row))
      continue;
    const std::string_view name = key->text()[row];
    const bool has_line = line != nullptr && line->is_valid(row);
    if (!seen.emplace(name, has_line ? line->text()[row] : std::string_view()).second &&
        told.insert(name).second)
      found.push_back({held.name(), key->name(), std::string(name)});
  }
}

std::vector<conflict> conflicts_in(const store& what, const std::vector<table>& contents) {
  std::vector<conflict> found;
  for (const table_description& described : what.description().tables) { // none of rows as they are
    for (const table& held : contents) {
      if (held.name() == described.name)
        add_conflicts(found, described, held);
    }
  }
  return found;
}

} // namespace

std::string show_text(const model& what, bool as_json) {
  if (as_json)
    return show_json(what);
  std::string text;
  aligned facts;
  facts.add({"entry", what.entry});
  facts.add({"made by", "emptor " + what.made_by});
  for (const option& one : what.options)
    facts.add({one.name, one.value});
  facts.write(text, 0);
  for (const table& held : what.tables) {
    text.append("\n").append(held.name()).append("\n");
    aligned lines;
    if (held.rows() == 1) {
      for (const column& one : held.columns())
        lines.add({one.name(), field_text(held, one, 0)});
    } else {
      std::vector<std::string> header;
      for (const column& one : held.columns())
        header.push_back(one.name());
      lines.add(std::move(header));
      for (std::int64_t row = 0; row < held.rows(); ++row) {
        std::vector<std::string> cells;
        for (const column& one : held.columns())
          cells.push_back(field_text(held, one, row));
        lines.add(std::move(cells));
      }
    }
    lines.write(text, 2);
  }
  return text;
}

std::string show_text(const store& what, std::size_t bytes, bool as_json) {
  const std::vector<table> contents = what.contents();
  const std::vector<conflict> conflicts = conflicts_in(what, contents);
  const auto given = [&](const option_description& one) {
    return what.options().has(one.name) ? std::string(what.options().text(one.name)) : std::string();
  };
  if (as_json) {
    json::object options;
    for (const option_description& one : what.description().options)
      options[one.name] = what.options().has(one.name) ? json::value(given(one)) : json::value(nullptr);
    json::array named;
    for (const conflict& one : conflicts)
      named.push_back(json::object{{"table", one.table}, {one.role, one.name}});
    json::object rows;
    for (const table& held : contents)
      rows[held.name()] = held.rows();
    return json::serialize(json::object{{"store", what.description().name},
                                        {"options", std::move(options)},
                                        {"rows", std::move(rows)},
                                        {"conflicts", std::move(named)},
                                        {"bytes", bytes}}) +
           "\n";
  }
  aligned facts;
  facts.add({"store", std::string(what.description().name)});
  for (const option_description& one : what.description().options)
    facts.add({std::string(one.name),
               what.options().has(one.name) ? given(one) : "not set: " + std::string(one.summary)});
  facts.add({"size", std::to_string(bytes) + " bytes"});
  for (const table& held : contents)
    facts.add({held.name(), std::to_string(held.rows()) + (held.rows() == 1 ? " row" : " rows")});
  std::string text;
  facts.write(text, 0);
  if (conflicts.empty())
    return text;
  constexpr std::size_t most = 20;
  text.append(
      "\nIn conflict: several contents under one revision. Nothing that they concern can be finished until a "
      "higher\nrevision of each is pushed.\n");
  aligned lines;
  for (std::size_t i = 0; i < std::min(conflicts.size(), most); ++i)
    lines.add({conflicts[i].table, conflicts[i].role, shortened(conflicts[i].name)});
  if (conflicts.size() > most)
    lines.add({"and " + std::to_string(conflicts.size() - most) + " more (emptor show --json)"});
  lines.write(text, 2);
  return text;
}

} // namespace emptor::tool

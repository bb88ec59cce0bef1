// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include <emptor/core/describe.hpp>

/// The catalogue as its JSON tells it: what a user of another language sees. Tests that cover "every entry"
/// read it, so a new entry is covered without a line of its own.
namespace emptor::test {

struct described_column {
  std::string name;
  content what = content::number;
  bool optional = false;
  bool many = false;
  std::vector<std::string> levels;
};

/// A value that such a column may have, as CSV writes it; ids differ from row to row.
[[nodiscard]] inline std::string ordinary_value(const described_column& of, std::size_t row) {
  switch (of.what) {
  case content::day:
    return "2024-02-29";
  case content::boolean:
    return "false";
  case content::id:
    return "id" + std::to_string(row);
  case content::text:
    return "EUR";
  case content::code:
    return of.levels.empty() ? "a" : of.levels.front();
  default:
    return "1";
  }
}

struct described_table {
  std::string name;
  bool optional = false;
  std::vector<described_column> columns;

  /// Of a header of an example: `attributes:region` is a column of the role attributes.
  [[nodiscard]] const described_column* find(std::string_view header) const {
    const std::string_view role = header.substr(0, header.find(':'));
    for (const described_column& column : columns) {
      if (column.name == (column.many ? role : header))
        return &column;
    }
    return nullptr;
  }
};

/// Two ordinary rows of the columns that a table cannot do without; of all where it can do without each.
[[nodiscard]] inline std::string ordinary_table(const described_table& of) {
  const bool none_needed = std::all_of(of.columns.begin(), of.columns.end(),
                                       [](const described_column& one) { return one.optional; });
  std::vector<std::string> lines(3);
  for (const described_column& column : of.columns) {
    if (column.optional && !none_needed)
      continue;
    const std::string comma = lines[0].empty() ? "" : ",";
    lines[0] += comma + column.name + (column.many ? ":label" : "");
    for (std::size_t row = 0; row < 2; ++row)
      lines[row + 1] += comma + ordinary_value(column, row);
  }
  return lines[0] + "\n" + lines[1] + "\n" + lines[2] + "\n";
}

using text_pairs = std::vector<std::pair<std::string, std::string>>;

struct described_slot {
  std::string name;
  std::string entry;
  text_pairs tables;
  text_pairs options;
};

struct described_example {
  std::string verb;
  std::string summary;
  text_pairs tables; ///< name and CSV
  text_pairs model_tables;
  text_pairs model_options; ///< name and value
  text_pairs options;
  text_pairs expected;
  double tolerance = 0.0;
  std::vector<described_slot> slots;
};

struct described_entry {
  std::string name;
  std::string verb;
  std::string store;
  std::vector<described_table> inputs;
  std::vector<std::string> options; ///< names, of finish
  std::vector<described_table> outputs;
  std::vector<described_table> model_tables;
  std::vector<std::string> model_options;
  described_table score_inputs;
  std::vector<std::string> score_options;
  std::vector<described_column> score_outputs;
  std::vector<described_example> examples;
};

struct described_store {
  std::string name;
  std::vector<described_table> tables;
  std::vector<std::string> options;
  std::string key;
};

struct described_catalogue {
  std::vector<described_entry> entries;
  std::vector<described_store> stores;

  [[nodiscard]] const described_store& store(std::string_view name) const {
    return *std::find_if(stores.begin(), stores.end(),
                         [&](const described_store& one) { return one.name == name; });
  }
  [[nodiscard]] const described_entry& entry(std::string_view name) const {
    return *std::find_if(entries.begin(), entries.end(),
                         [&](const described_entry& one) { return one.name == name; });
  }
  /// The tables that are pushed for an entry.
  [[nodiscard]] const std::vector<described_table>& pushed(const described_entry& entry) const {
    return entry.inputs.empty() && !entry.store.empty() ? store(entry.store).tables : entry.inputs;
  }
};

namespace reading {

namespace json = boost::json;

[[nodiscard]] inline std::string text(const json::object& from, std::string_view key) {
  return json::value_to<std::string>(from.at(key));
}

template <class Read>
[[nodiscard]] auto all(const json::value& from, const Read& read) {
  std::vector<decltype(read(from.as_array().front().as_object()))> made;
  for (const json::value& one : from.as_array())
    made.push_back(read(one.as_object()));
  return made;
}

[[nodiscard]] inline std::vector<std::string> names(const json::value& from) {
  return all(from, [](const json::object& one) { return text(one, "name"); });
}

[[nodiscard]] inline described_column read_column(const json::object& from) {
  described_column made;
  made.name = text(from, "name");
  made.optional = from.at("optional").as_bool();
  made.many = from.at("many").as_bool();
  for (int i = 0; i <= static_cast<int>(content::id); ++i) {
    if (name(static_cast<content>(i)) == text(from, "content"))
      made.what = static_cast<content>(i);
  }
  if (const json::value* levels = from.if_contains("levels"))
    made.levels = json::value_to<std::vector<std::string>>(*levels);
  return made;
}

[[nodiscard]] inline described_table read_table(const json::object& from) {
  return {text(from, "name"), from.at("optional").as_bool(), all(from.at("columns"), read_column)};
}

[[nodiscard]] inline text_pairs read_csv(const json::value& from) {
  return all(from, [](const json::object& one) { return std::pair{text(one, "name"), text(one, "csv")}; });
}

[[nodiscard]] inline text_pairs read_options(const json::value& from) {
  text_pairs made;
  for (const auto& one : from.as_object())
    made.emplace_back(one.key(), json::value_to<std::string>(one.value()));
  return made;
}

[[nodiscard]] inline described_slot read_slot(const json::object& from) {
  return {text(from, "name"), text(from, "entry"), read_csv(from.at("tables")),
          read_options(from.at("options"))};
}

[[nodiscard]] inline described_example read_example(const json::object& from) {
  return {text(from, "verb"),
          text(from, "summary"),
          read_csv(from.at("tables")),
          read_csv(from.at("model_tables")),
          read_options(from.at("model_options")),
          read_options(from.at("options")),
          read_csv(from.at("expected")),
          from.at("tolerance").to_number<double>(),
          all(from.at("slots"), read_slot)};
}

[[nodiscard]] inline described_entry read_entry(const json::object& from) {
  const json::object& score = from.at("score").as_object();
  described_entry made;
  made.name = text(from, "name");
  made.verb = text(from, "verb");
  made.store = text(from, "store");
  made.inputs = all(from.at("inputs"), read_table);
  made.options = names(from.at("options"));
  made.outputs = all(from.at("outputs"), read_table);
  made.model_tables = all(from.at("model_tables"), read_table);
  made.model_options = names(from.at("model_options"));
  made.score_inputs = {"rows", false, all(score.at("inputs"), read_column)};
  made.score_options = names(score.at("options"));
  made.score_outputs = all(score.at("outputs"), read_column);
  made.examples = all(from.at("examples"), read_example);
  return made;
}

[[nodiscard]] inline described_store read_store(const json::object& from) {
  return {text(from, "name"), all(from.at("tables"), read_table), names(from.at("options")),
          text(from, "key")};
}

} // namespace reading

[[nodiscard]] inline described_catalogue parse_catalogue(const std::string& json_text) {
  const boost::json::value parsed = boost::json::parse(json_text);
  const boost::json::object& all = parsed.as_object();
  return {reading::all(all.at("entries"), reading::read_entry),
          reading::all(all.at("stores"), reading::read_store)};
}

} // namespace emptor::test

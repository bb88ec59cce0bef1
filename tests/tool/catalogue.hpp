// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <vector>

#include <boost/json.hpp>

#include "shell.hpp"
#include "support/csv_table.hpp"
#include "support/description.hpp"

/// The entries of the catalogue as the tool describes them, and their examples run by it.
namespace emptor::test {

[[nodiscard]] inline std::string quoted(const std::string& field) {
  if (field.find_first_of(",;\t\"\r\n") == std::string::npos)
    return field;
  std::string made = "\"";
  for (const char c : field)
    made.append(c == '"' ? "\"\"" : std::string(1, c));
  return made + "\"";
}

[[nodiscard]] inline std::string to_text(const csv_table& from) {
  std::string text;
  const auto line = [&](const std::vector<std::string>& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i)
      text.append(i == 0 ? "" : ",")
          .append(fields.size() == 1 && fields[i].empty() ? "\"\"" : quoted(fields[i]));
    text.append("\n");
  };
  line(from.names);
  for (const std::vector<std::string>& row : from.rows)
    line(row);
  return text;
}

class ToolCatalogue : public ToolTest {
protected:
  [[nodiscard]] std::vector<described_entry> entries() const {
    std::vector<described_entry> made;
    const outcome listed = emptor({"list", "--json"});
    const boost::json::value parsed = boost::json::parse(listed.out);
    for (const boost::json::value& one : parsed.as_array())
      made.push_back(entry_named(boost::json::value_to<std::string>(one.at("name"))));
    return made;
  }
  [[nodiscard]] described_entry entry_named(const std::string& name) const {
    return reading::read_entry(boost::json::parse(emptor({"describe", name, "--json"}).out).as_object());
  }
  /// The tables whose rows the examples of an entry give.
  [[nodiscard]] std::vector<described_table> tables_of(const described_entry& entry,
                                                       const described_example& one) const {
    if (one.verb == "score")
      return {entry.score_inputs};
    if (entry.inputs.empty() && !entry.store.empty())
      return reading::read_store(
                 boost::json::parse(emptor({"describe", entry.store, "--json"}).out).as_object())
          .tables;
    return entry.inputs;
  }

  static void add_options(std::vector<std::string>& words, const text_pairs& options) {
    for (const auto& [name, value] : options) {
      words.emplace_back("--set");
      words.push_back(name + "=" + value);
    }
  }
  void add_tables(std::vector<std::string>& words, const text_pairs& tables) const {
    for (const auto& [name, csv] : tables) {
      write(name + ".csv", csv);
      words.emplace_back("--in");
      words.push_back(name + "=" + name + ".csv");
    }
  }
  /// Makes the models in the slots of an example; `words` are what gives them to a command.
  void add_slots(std::vector<std::string>& words, const described_example& one) const {
    for (const described_slot& slot : one.slots) {
      const std::string file = slot.name + ".emptor";
      std::vector<std::string> create{"create", slot.entry, "--out", file};
      add_tables(create, slot.tables);
      add_options(create, slot.options);
      const outcome made = emptor(create);
      EXPECT_EQ(made.exit_status, 0) << made.err;
      words.emplace_back("--model");
      words.push_back(slot.name + "=" + file);
    }
  }
  /// Makes the model of an example from `tables`.
  [[nodiscard]] outcome create(const described_entry& entry, const described_example& one,
                               const text_pairs& tables, const std::string& out) const {
    std::vector<std::string> words{"create", entry.name, "--out", out};
    add_tables(words, tables);
    add_options(words, one.model_options);
    return emptor(words);
  }
  /// Runs an example over `tables` and leaves what it gives as CSV files in the folder `out`.
  [[nodiscard]] outcome run(const described_entry& entry, const described_example& one,
                            const text_pairs& tables, const std::vector<std::string>& more = {}) const {
    std::filesystem::remove_all(path("out"));
    std::filesystem::create_directory(path("out"));
    std::vector<std::string> words{one.verb, entry.name};
    if (!one.model_tables.empty()) {
      const outcome made = create(entry, one, one.model_tables, "m.emptor");
      EXPECT_EQ(made.exit_status, 0) << made.err;
      words[1] = "m.emptor";
    }
    add_slots(words, one);
    add_tables(words, tables);
    add_options(words, one.options);
    if (one.verb == "fit")
      words.insert(words.end(), {"--out", "fit.emptor", "--tables", "out"});
    else
      words.insert(words.end(), {"--out", one.verb == "score" ? "out/scores.csv" : "out"});
    words.insert(words.end(), more.begin(), more.end());
    return emptor(words);
  }
  [[nodiscard]] std::string given(const std::string& table_name) const {
    return read("out/" + table_name + ".csv");
  }
};

} // namespace emptor::test

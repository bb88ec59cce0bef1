// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>

#include <emptor/core/check.hpp>

#include "commands.hpp"
#include "csv_writer.hpp"
#include "example.hpp"
#include "failure.hpp"
#include "shell_word.hpp"

/// The worked examples: rows in, the commands that turn them into figures, the figures.
namespace emptor::tool {

std::vector<option> options_of(std::span<const example_option> given) {
  std::vector<option> made;
  for (const example_option& one : given)
    made.push_back({std::string(one.name), std::string(one.value)});
  return made;
}

std::vector<table_input> inputs_of(std::span<const example_table> given) {
  std::vector<table_input> made;
  for (const example_table& one : given)
    made.push_back({std::string(one.name), std::make_shared<csv_table>(read_csv(
                                               std::string(one.name) + ".csv", one.csv, csv_dialect{}))});
  return made;
}

slot_models slots_of(const entry& what, const example& one, const reading& how) {
  slot_models made;
  for (const example_slot& slot : one.slots)
    made.add(what, std::string(slot.name),
             make_model(find_entry(slot.entry), inputs_of(slot.tables), options_of(slot.options), how));
  return made;
}

std::shared_ptr<const model> model_of(const entry& what, const example& one, const reading& how) {
  return one.model_tables.empty()
             ? nullptr
             : make_model(what, inputs_of(one.model_tables), options_of(one.model_options), how);
}

namespace {

std::string set_words(std::span<const example_option> options) {
  std::string text;
  for (const example_option& one : options)
    text.append(" --set ").append(shell_word(std::string(one.name) + "=" + std::string(one.value)));
  return text;
}

/// \param prefix  before the name of each file
std::string in_words(std::span<const example_table> tables, const std::string& prefix = {}) {
  std::string text;
  for (const example_table& one : tables)
    text.append(" --in ").append(one.name).append("=").append(prefix).append(one.name).append(".csv");
  return text;
}

/// The files of the tables of a slot's model begin with the slot's name.
std::string prefix_of(const example_slot& slot) {
  return std::string(slot.name) + "_";
}

std::string commands_of(const entry_description& what, const example& one) {
  const std::string name(what.name);
  std::string text;
  std::string slots;
  for (const example_slot& slot : one.slots) {
    const std::string file = std::string(slot.name) + ".emptor";
    text.append("emptor create ").append(slot.entry).append(in_words(slot.tables, prefix_of(slot)));
    text.append(set_words(slot.options)).append(" --out ").append(file).append("\n");
    slots.append(" --model ").append(slot.name).append("=").append(file);
  }
  if (one.what != verb::score)
    return text + "emptor " + std::string(emptor::name(one.what)) + " " + name + in_words(one.tables) +
           slots + set_words(one.options) + " --out " +
           (one.what == verb::fit ? "m.emptor --tables tables" : "tables/") + "\n";
  if (!one.model_tables.empty())
    text += "emptor create " + name + in_words(one.model_tables) + set_words(one.model_options) +
            " --out m.emptor\n";
  return text + "emptor score " + (one.model_tables.empty() ? name : "m.emptor") + " --in rows.csv" + slots +
         set_words(one.options) + " --out scores.csv\n";
}

/// The tables that the example's commands give.
std::vector<table> tables_made(const entry& what, const example& one) {
  const run alone;
  std::vector<std::string> warnings;
  const reading how{.mappings = {}, .csv = {}, .how = &alone, .warnings = &warnings};
  const std::vector<table_input> inputs = inputs_of(one.tables);
  const std::vector<option> options = options_of(one.options);
  const slot_models slots = slots_of(what, one, how);
  if (one.what != verb::score) {
    result made = finish_tables(what, options, inputs, nullptr, slots, how);
    if (made.fitted)
      made.tables.insert(made.tables.end(), made.fitted->tables.begin(), made.fitted->tables.end());
    return std::move(made.tables);
  }
  score_task task;
  task.what = &what;
  task.options = options;
  task.slots = slots.filled();
  task.self = model_of(what, one, how);
  if (inputs.empty())
    throw failure("the example has no rows");
  bool all_refused = false;
  return {score_table(task, inputs.front(), how, all_refused)};
}

bool agrees(std::string_view expected, std::string_view made, double tolerance) {
  if (expected == made)
    return true;
  const auto wanted = parse_number(expected);
  const auto got = parse_number(made);
  return wanted && got && std::abs(*got - *wanted) <= tolerance * std::abs(*wanted);
}

/// Appends a line for each figure that differs.
void compare(const csv_table& expected, const std::vector<table>& made, double tolerance,
             std::string& differences) {
  const std::string name = expected.file().substr(0, expected.file().size() - 4);
  const table* found = nullptr;
  for (const table& one : made) {
    if (found == nullptr && (one.name() == name || made.size() == 1))
      found = &one;
  }
  if (found == nullptr) {
    differences.append("  there is no table ").append(name).append("\n");
    return;
  }
  if (found->rows() != expected.rows())
    differences.append("  ")
        .append(name)
        .append(" has ")
        .append(std::to_string(found->rows()))
        .append(" rows\n");
  for (std::size_t i = 0; i < expected.names().size(); ++i) {
    const column* one = found->find(expected.names()[i]);
    if (one == nullptr) {
      differences.append("  ")
          .append(name)
          .append(" has no column ")
          .append(expected.names()[i])
          .append("\n");
      continue;
    }
    for (std::int64_t row = 0; row < std::min(expected.rows(), found->rows()); ++row) {
      const std::string got = field_text(*found, *one, row);
      if (!agrees(expected.field(row, i), got, tolerance))
        differences.append("  ")
            .append(message(name, one->name(), row, got.empty() ? "missing" : got, expected.field(row, i)))
            .append("\n");
    }
  }
}

} // namespace

std::string example_text(const entry& what, bool& all_agree) {
  const entry_description& described = *what.description;
  if (described.examples.empty())
    throw failure(std::string(described.name) + ": has no worked example");
  std::string text;
  for (const example& one : described.examples) {
    text.append(text.empty() ? "" : "\n")
        .append(described.name)
        .append(": ")
        .append(one.summary)
        .append("\n");
    if (!one.source.empty())
      text.append("Source: ").append(one.source).append("\n");
    for (const auto& tables : {one.tables, one.model_tables}) {
      for (const example_table& in : tables)
        text.append("\n").append(in.name).append(".csv\n").append(in.csv);
    }
    for (const example_slot& slot : one.slots) {
      for (const example_table& in : slot.tables)
        text.append("\n").append(prefix_of(slot)).append(in.name).append(".csv\n").append(in.csv);
    }
    text.append("\n").append(commands_of(described, one));
    const std::vector<table> made = tables_made(what, one);
    std::string differences;
    for (const example_table& expected : one.expected) {
      text.append("\n").append(expected.name).append(", expected\n").append(expected.csv);
      compare(read_csv(std::string(expected.name) + ".csv", expected.csv, csv_dialect{}), made, one.tolerance,
              differences);
    }
    if (differences.empty()) {
      text.append("\nThe figures agree")
          .append(one.tolerance > 0 ? " within a relative " + to_text(one.tolerance) + ".\n" : ".\n");
    } else {
      text.append("\nThe figures differ:\n").append(differences);
      all_agree = false;
    }
  }
  return text;
}

} // namespace emptor::tool

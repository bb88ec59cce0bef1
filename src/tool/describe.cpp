// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <boost/json.hpp>

#include <emptor/core/check.hpp>

#include "aligned.hpp"
#include "commands.hpp"
#include "csv_writer.hpp"

namespace emptor::tool {

namespace {

namespace json = boost::json;

std::string joined(std::span<const std::string_view> names) {
  std::string text;
  for (const std::string_view name : names)
    text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

/// Names in a list; those with a comma stand in quotes.
std::string quoted_where_needed(std::span<const std::string_view> names) {
  std::string text;
  for (const std::string_view name : names) {
    const char* quote = name.find(',') == std::string_view::npos ? "" : "\"";
    text.append(text.empty() ? "" : ", ").append(quote).append(name).append(quote);
  }
  return text;
}

bool is_limited(const domain& allowed) {
  return std::isfinite(allowed.low) || std::isfinite(allowed.high);
}

/// What a column holds: content, unit, domain, whether it must be there.
std::string kind_text(const column_description& what, bool given_in) {
  std::string text(name(what.what));
  if (!what.unit.empty())
    text.append(", ").append(what.unit);
  if (is_limited(what.allowed))
    text.append(", ").append(to_text(what.allowed));
  if (what.many)
    text.append(", any number of columns");
  if (what.optional && given_in)
    text.append(", optional");
  return text;
}

void write_columns(std::string& text, std::span<const column_description> columns, std::size_t indent,
                   bool given_in) {
  aligned lines;
  for (const column_description& one : columns) {
    std::string summary(one.summary);
    if (!one.levels.empty())
      summary.append(summary.empty() ? "" : "; ").append("one of ").append(quoted_where_needed(one.levels));
    lines.add({std::string(one.name), kind_text(one, given_in), summary});
  }
  lines.write(text, indent);
}

void write_tables(std::string& text, std::string_view title, std::span<const table_description> tables,
                  bool given_in) {
  if (tables.empty())
    return;
  text.append("\n").append(title).append("\n");
  for (const table_description& one : tables) {
    text.append("  ").append(one.name).append(": ").append(one.summary);
    text.append(one.optional && given_in ? " (optional)\n" : "\n");
    write_columns(text, one.columns, 4, given_in);
  }
}

void write_options(std::string& text, std::string_view title, std::span<const option_description> options) {
  if (options.empty())
    return;
  text.append("\n").append(title).append("\n");
  aligned lines;
  for (const option_description& one : options) {
    std::string kind = one.what == option_content::choice ? joined(one.choices) : std::string(name(one.what));
    if (!one.unit.empty())
      kind.append(", ").append(one.unit);
    if (is_limited(one.allowed))
      kind.append(", ").append(to_text(one.allowed));
    std::string value = one.required ? "needed" : "";
    if (!one.default_value.empty())
      value = "default " + std::string(one.default_value);
    lines.add({std::string(one.name), kind, value, std::string(one.summary)});
  }
  lines.write(text, 2);
}

void write_slots(std::string& text, std::span<const slot_description> slots) {
  if (slots.empty())
    return;
  text.append("\nModels in slots (--model SLOT=m.emptor, or --in SLOT=rows.csv)\n");
  aligned lines;
  for (const slot_description& one : slots)
    lines.add({std::string(one.name), "from " + joined(one.accepts) + (one.optional ? ", optional" : ""),
               std::string(one.summary)});
  lines.write(text, 2);
}

/// What `emptor demo` runs of an entry: a line for each run.
void write_demo(std::string& text, const entry_description& what) {
  if (what.demo.empty())
    return;
  text.append("\nIn the demo (emptor demo)\n");
  aligned lines;
  for (const demo_feed& feed : what.demo) {
    std::string run(what.name);
    if (!feed.label.empty())
      run.append(".").append(feed.label);
    std::string from;
    for (const demo_input& input : feed.inputs)
      from.append(from.empty() ? "of " : ", ").append(input.from);
    for (const demo_slot& slot : feed.slots)
      from.append(from.empty() ? "" : ", ").append("with the model of ").append(slot.run);
    std::string compared;
    for (const demo_comparison& with : feed.compared)
      compared.append(compared.empty() ? "compared with " : ", ")
          .append(with.truth_table)
          .append(".")
          .append(with.truth);
    lines.add({run, std::string(name(feed.what)), from, compared});
  }
  lines.write(text, 2);
}

} // namespace

std::string list_text(bool as_json) {
  if (as_json) {
    json::array all;
    for (const entry* one : catalogue())
      all.push_back(json::object{{"name", one->description->name},
                                 {"verb", name(one->description->what)},
                                 {"summary", one->description->summary}});
    return json::serialize(all) + "\n";
  }
  std::string text;
  aligned lines;
  lines.add({"NAME", "VERB", "SUMMARY"});
  for (const entry* one : catalogue())
    lines.add({std::string(one->description->name),
               std::string(name(one->description->what)) +
                   (one->description->what != verb::score && one->description->can_score() ? ", score" : ""),
               std::string(one->description->summary)});
  for (const store_description* one : store_kinds())
    lines.add({std::string(one->name), "push", "store: " + std::string(one->summary)});
  lines.write(text, 0);
  return text;
}

std::string describe_text(const entry_description& what) {
  std::string text = std::string(what.name) + ": " + std::string(what.summary) + "\n\n";
  aligned facts;
  facts.add({"Verb", std::string(name(what.what))});
  if (!what.chinese.empty())
    facts.add({"Chinese", std::string(what.chinese)});
  if (!what.source.empty())
    facts.add({"Source", std::string(what.source)});
  if (!what.since.empty())
    facts.add({"Since", std::string(what.since)});
  if (!what.store.empty())
    facts.add({"Store", std::string(what.store)});
  if (what.has_model()) {
    std::string formats = joined(what.formats);
    facts.add({"Formats", formats.empty() ? "json" : formats});
  }
  facts.write(text, 0);
  const store_description* kind = nullptr;
  for (const store_description* one : store_kinds()) {
    if (one->name == what.store)
      kind = one;
  }
  if (kind != nullptr && !kind->tables.empty())
    write_tables(text, "Rows (of the store)", kind->tables, true);
  write_tables(text, "Rows", what.inputs, true);
  write_options(text, "Options", what.options);
  if (kind != nullptr)
    write_options(text, "Options of the store", kind->options);
  write_slots(text, what.slots);
  if (what.what != verb::fit)
    write_tables(text, "Tables it gives", what.outputs, false);
  write_tables(text, what.what == verb::fit ? "Tables of the model" : "Tables of the model (emptor create)",
               what.model_tables, true);
  write_options(text, "Options of the model", what.model_options);
  if (what.can_score()) {
    text.append("\nScores: columns it takes\n");
    write_columns(text, what.score.inputs, 2, true);
    write_options(text, "Scores: options", what.score.options);
    text.append("\nScores: columns it gives\n");
    write_columns(text, what.score.outputs, 2, false);
  }
  write_demo(text, what);
  if (!what.no_demo.empty())
    text.append("\nNot in the demo: ").append(what.no_demo).append("\n");
  if (!what.examples.empty())
    text.append("\nWorked example: emptor describe ").append(what.name).append(" --example\n");
  return text;
}

std::string describe_text(const store_description& what) {
  std::string text = std::string(what.name) + ": " + std::string(what.summary) + "\n\n";
  aligned facts;
  if (!what.chinese.empty())
    facts.add({"Chinese", std::string(what.chinese)});
  facts.add({"Memory", std::string(what.memory)});
  if (!what.key.empty())
    facts.add({"Key", std::string(what.key)});
  facts.write(text, 0);
  write_tables(text, "Rows", what.tables, true);
  write_options(text, "Options", what.options);
  return text;
}

} // namespace emptor::tool

// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <boost/json.hpp>

#include <emptor/catalogue.hpp>

namespace emptor {
namespace {

namespace json = boost::json;

json::array texts(std::span<const std::string_view> values) {
  json::array made;
  for (const std::string_view one : values)
    made.emplace_back(one);
  return made;
}

json::object domain_json(const domain& allowed) {
  json::object made;
  if (std::isfinite(allowed.low)) {
    made["low"] = allowed.low;
    made["low_open"] = allowed.low_open;
  }
  if (std::isfinite(allowed.high)) {
    made["high"] = allowed.high;
    made["high_open"] = allowed.high_open;
  }
  return made;
}

json::object column_json(const column_description& what) {
  json::object made{{"name", what.name},
                    {"content", name(what.what)},
                    {"unit", what.unit},
                    {"summary", what.summary},
                    {"optional", what.optional},
                    {"many", what.many},
                    {"domain", domain_json(what.allowed)}};
  if (!what.levels.empty())
    made["levels"] = texts(what.levels);
  if (!what.needs.empty())
    made["needs"] = texts(what.needs);
  if (what.on_request)
    made["on_request"] = true;
  return made;
}

json::array columns_json(std::span<const column_description> what) {
  json::array made;
  for (const column_description& one : what)
    made.push_back(column_json(one));
  return made;
}

json::array tables_json(std::span<const table_description> what) {
  json::array made;
  for (const table_description& one : what)
    made.push_back(json::object{{"name", one.name},
                                {"summary", one.summary},
                                {"optional", one.optional},
                                {"columns", columns_json(one.columns)}});
  return made;
}

json::array options_json(std::span<const option_description> what) {
  json::array made;
  for (const option_description& one : what) {
    json::object described{{"name", one.name},         {"content", name(one.what)},
                           {"summary", one.summary},   {"unit", one.unit},
                           {"required", one.required}, {"domain", domain_json(one.allowed)}};
    if (!one.default_value.empty())
      described["default"] = one.default_value;
    if (!one.choices.empty())
      described["choices"] = texts(one.choices);
    made.push_back(std::move(described));
  }
  return made;
}

json::array example_tables_json(std::span<const example_table> what) {
  json::array made;
  for (const example_table& one : what)
    made.push_back(json::object{{"name", one.name}, {"csv", one.csv}});
  return made;
}

json::object example_options_json(std::span<const example_option> what) {
  json::object made;
  for (const example_option& one : what)
    made[one.name] = one.value;
  return made;
}

json::array example_slots_json(std::span<const example_slot> what) {
  json::array made;
  for (const example_slot& one : what)
    made.push_back(json::object{{"name", one.name},
                                {"entry", one.entry},
                                {"tables", example_tables_json(one.tables)},
                                {"options", example_options_json(one.options)}});
  return made;
}

json::object entry_json(const entry_description& what) {
  json::array slots;
  for (const slot_description& one : what.slots)
    slots.push_back(json::object{{"name", one.name},
                                 {"summary", one.summary},
                                 {"optional", one.optional},
                                 {"accepts", texts(one.accepts)}});
  json::array examples;
  for (const example& one : what.examples)
    examples.push_back(json::object{{"verb", name(one.what)},
                                    {"summary", one.summary},
                                    {"source", one.source},
                                    {"tables", example_tables_json(one.tables)},
                                    {"model_tables", example_tables_json(one.model_tables)},
                                    {"model_options", example_options_json(one.model_options)},
                                    {"options", example_options_json(one.options)},
                                    {"expected", example_tables_json(one.expected)},
                                    {"tolerance", one.tolerance},
                                    {"slots", example_slots_json(one.slots)}});
  return {{"name", what.name},
          {"verb", name(what.what)},
          {"summary", what.summary},
          {"source", what.source},
          {"chinese", what.chinese},
          {"since", what.since},
          {"store", what.store},
          {"inputs", tables_json(what.inputs)},
          {"options", options_json(what.options)},
          {"slots", std::move(slots)},
          {"outputs", tables_json(what.outputs)},
          {"model_tables", tables_json(what.model_tables)},
          {"model_options", options_json(what.model_options)},
          {"score", json::object{{"inputs", columns_json(what.score.inputs)},
                                 {"options", options_json(what.score.options)},
                                 {"outputs", columns_json(what.score.outputs)}}},
          {"formats", texts(what.formats)},
          {"examples", std::move(examples)}};
}

json::object store_json(const store_description& what) {
  return {{"name", what.name},
          {"summary", what.summary},
          {"chinese", what.chinese},
          {"memory", what.memory},
          {"tables", tables_json(what.tables)},
          {"options", options_json(what.options)},
          {"key", what.key}};
}

} // namespace

std::string describe(const entry& what) {
  return json::serialize(entry_json(*what.description));
}

std::string describe(const store_description& what) {
  return json::serialize(store_json(what));
}

std::string describe_all() {
  json::array entries;
  for (const entry* one : catalogue())
    entries.push_back(entry_json(*one->description));
  json::array stores;
  for (const store_description* one : store_kinds())
    stores.push_back(store_json(*one));
  return json::serialize(json::object{
      {"version", library_version()}, {"entries", std::move(entries)}, {"stores", std::move(stores)}});
}

} // namespace emptor

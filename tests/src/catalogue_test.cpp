// SPDX-License-Identifier: BSL-1.0
#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "examples.hpp"
#include "support/worked_example.hpp"

namespace emptor::test::catalogue_test {
namespace {

namespace json = boost::json;

TEST(catalogue, is_sorted_and_found_by_name) {
  const auto all = catalogue();
  ASSERT_FALSE(all.empty());
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const entry* left, const entry* right) {
    return left->description->name < right->description->name;
  }));
  for (const entry* one : all)
    EXPECT_EQ(&find_entry(one->description->name), one);
  const auto kinds = store_kinds();
  EXPECT_TRUE(std::is_sorted(kinds.begin(), kinds.end(),
                             [](const auto* left, const auto* right) { return left->name < right->name; }));
  EXPECT_EQ(outcome([] { (void)find_entry("value.bg_nbdd"); }),
            (std::pair{status::unknown_name,
                       std::string("there is no entry value.bg_nbdd; did you mean value.bg_nbd?")}));
  EXPECT_EQ(outcome([] { (void)make_store("row", {}); }),
            (std::pair{status::unknown_name, std::string("there is no store kind row; did you mean rows?")}));
}

void expect_columns(const std::string& where, std::span<const column_description> columns) {
  for (const column_description& one : columns) {
    EXPECT_FALSE(one.name.empty()) << where;
    EXPECT_FALSE(one.summary.empty()) << where << '.' << one.name;
    EXPECT_TRUE(
        std::all_of(one.name.begin(), one.name.end(),
                    [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; }))
        << where << '.' << one.name;
    EXPECT_FALSE(one.what == content::amount && one.unit.empty()) << where << '.' << one.name;
    EXPECT_EQ(std::count_if(columns.begin(), columns.end(),
                            [&](const column_description& other) { return other.name == one.name; }),
              1)
        << where << '.' << one.name;
  }
}
void expect_tables(const std::string& where, std::span<const table_description> tables) {
  for (const table_description& one : tables) {
    EXPECT_FALSE(one.name.empty()) << where;
    EXPECT_FALSE(one.summary.empty()) << where << '.' << one.name;
    EXPECT_FALSE(one.columns.empty()) << where << '.' << one.name;
    expect_columns(where + "." + std::string(one.name), one.columns);
  }
}
bool has_name(std::span<const option_description> options, std::string_view name) {
  return std::any_of(options.begin(), options.end(),
                     [&](const option_description& one) { return one.name == name; });
}
void expect_options(const std::string& where, std::span<const option_description> options) {
  for (const option_description& one : options) {
    SCOPED_TRACE(where + " option " + std::string(one.name));
    EXPECT_FALSE(one.name.empty());
    EXPECT_FALSE(one.summary.empty());
    EXPECT_EQ(one.choices.empty(), one.what != option_content::choice);
    EXPECT_FALSE(one.required && !one.default_value.empty());
    if (!one.default_value.empty()) {
      const option_description alone[] = {one};
      EXPECT_NO_THROW(option_values("default", alone, {})); // the default is in its own domain
    }
  }
}

TEST(catalogue, nothing_is_left_undescribed) {
  for (const entry* held : catalogue()) {
    const entry_description& one = *held->description;
    const std::string where(one.name);
    SCOPED_TRACE(where);
    for (const std::string_view text : {one.name, one.summary, one.source, one.chinese, one.since})
      EXPECT_FALSE(text.empty());
    EXPECT_NE(one.name.find('.'), std::string_view::npos);
    EXPECT_FALSE(one.examples.empty());
    EXPECT_EQ(one.demo.empty(), !one.no_demo.empty()) << "the demo feeds it, or there is a sentence why not";
    for (const example& shown : one.examples) {
      EXPECT_FALSE(shown.summary.empty());
      EXPECT_FALSE(shown.source.empty());
      EXPECT_FALSE(shown.expected.empty());
    }
    EXPECT_EQ(held->finish != nullptr, one.what != verb::score);
    EXPECT_EQ(held->bind != nullptr, one.can_score());
    EXPECT_EQ(held->export_text != nullptr,
              std::any_of(one.formats.begin(), one.formats.end(),
                          [](std::string_view format) { return format != "json"; }));
    EXPECT_EQ(one.inputs.empty(), one.store != "rows");
    EXPECT_EQ(one.outputs.empty(), one.what == verb::score);
    expect_tables(where, one.inputs);
    expect_tables(where, one.outputs);
    expect_tables(where, one.model_tables);
    expect_options(where, one.options);
    expect_options(where, one.model_options);
    expect_options(where, one.score.options);
    expect_columns(where, one.score.inputs);
    expect_columns(where, one.score.outputs);
    // A call in another language takes all of them by name.
    for (const slot_description& slot : one.slots)
      EXPECT_FALSE(has_name(one.options, slot.name) || has_name(one.score.options, slot.name)) << slot.name;
    for (const table_description& table : one.model_tables)
      EXPECT_FALSE(has_name(one.model_options, table.name)) << table.name;
    // The tool takes a table for a slot by its name, and makes the model from it.
    for (const slot_description& slot : one.slots) {
      EXPECT_TRUE(std::none_of(one.inputs.begin(), one.inputs.end(), [&](const table_description& table) {
        return table.name == slot.name;
      })) << slot.name;
      for (const store_description* kind : store_kinds())
        EXPECT_TRUE(kind->name != one.store ||
                    std::none_of(kind->tables.begin(), kind->tables.end(),
                                 [&](const table_description& table) { return table.name == slot.name; }))
            << slot.name;
    }
  }
  for (const store_description* one : store_kinds()) {
    SCOPED_TRACE(one->name);
    for (const std::string_view text : {one->name, one->summary, one->chinese, one->memory})
      EXPECT_FALSE(text.empty());
    expect_tables(std::string(one->name), one->tables);
    expect_options(std::string(one->name), one->options);
  }
}

std::string keys(const json::value& of) {
  std::string joined;
  for (const auto& member : of.as_object())
    joined.append(joined.empty() ? "" : " ").append(member.key());
  return joined;
}

TEST(catalogue, its_json_has_stable_keys) {
  const json::value all = json::parse(describe_all());
  EXPECT_EQ(keys(all), "version entries stores");
  EXPECT_EQ(all.at("version").as_string(), std::string(library_version()));
  ASSERT_EQ(all.at("entries").as_array().size(), catalogue().size());
  for (std::size_t i = 0; i < catalogue().size(); ++i) {
    const json::value& one = all.at("entries").as_array()[i];
    EXPECT_EQ(one, json::parse(describe(*catalogue()[i])));
    EXPECT_EQ(keys(one),
              "name verb summary source chinese since store inputs options slots outputs model_tables "
              "model_options score formats examples");
    EXPECT_EQ(keys(one.at("score")), "inputs options outputs");
    for (const json::value& shown : one.at("examples").as_array())
      EXPECT_EQ(keys(shown),
                "verb summary source tables model_tables model_options options expected tolerance slots");
    for (const json::value& option : one.at("options").as_array())
      EXPECT_TRUE(keys(option).starts_with("name content summary unit required domain")) << keys(option);
    for (const json::value& table : one.at("outputs").as_array()) {
      EXPECT_EQ(keys(table), "name summary optional columns");
      for (const json::value& column : table.at("columns").as_array())
        EXPECT_TRUE(keys(column).starts_with("name content unit summary optional many domain"))
            << keys(column);
    }
  }
  ASSERT_EQ(all.at("stores").as_array().size(), store_kinds().size());
  for (std::size_t i = 0; i < store_kinds().size(); ++i) {
    const json::value& one = all.at("stores").as_array()[i];
    EXPECT_EQ(keys(one), "name summary chinese memory tables options key");
    EXPECT_EQ(one, json::parse(describe(*store_kinds()[i])));
  }
}

seen_table seen(const table& held) {
  seen_table made{held.name(), held.rows(), {}};
  for (const column& one : held.columns())
    made.columns.push_back({one.name(), one.view(), one.levels()});
  return made;
}

void check_finish(const entry& what, const example& shown) {
  const auto from = store_of(*what.description, shown);
  const result made = finish(what, from.get(), split(*what.description, shown.options).finish,
                             example_slots(shown).filled, std::nullopt, run{});
  EXPECT_EQ(made.fitted != nullptr, what.description->what == verb::fit);
  for (const example_table& expected : shown.expected) {
    const auto found = std::find_if(made.tables.begin(), made.tables.end(),
                                    [&](const table& one) { return one.name() == expected.name; });
    ASSERT_NE(found, made.tables.end()) << expected.name;
    EXPECT_EQ(differences(std::string(expected.csv), seen(*found), shown.tolerance), "");
  }
  for (const table& one : made.tables) { // what comes out is what is described
    const auto described =
        std::find_if(what.description->outputs.begin(), what.description->outputs.end(),
                     [&](const table_description& known) { return known.name == one.name(); });
    ASSERT_NE(described, what.description->outputs.end()) << one.name();
    for (const column& held : one.columns()) {
      EXPECT_NE(find_role(described->columns, held.name()), nullptr) << one.name() << '.' << held.name();
      EXPECT_EQ(held.size(), one.rows());
    }
  }
}

void check_score(const entry& what, const example& shown) {
  const table rows = table_of("rows", what.description->score.inputs, shown.tables.front().csv);
  const std::vector<named_column> named = rows.views();
  std::vector<bound_column> schema;
  std::vector<column_view> columns;
  for (const named_column& one : named) {
    schema.push_back({std::string(one.name), one.values.type});
    columns.push_back(one.values);
  }
  const example_slots slots(shown);
  const plan scored(what, model_of(what, shown), slots.filled, schema,
                    split(*what.description, shown.options).finish, {});
  std::vector<std::vector<wide_integer>> memory;
  std::vector<std::vector<std::uint8_t>> validity;
  std::vector<output_memory> outputs;
  const auto count = static_cast<std::size_t>(rows.rows());
  for (const output_info& one : scored.outputs()) {
    memory.emplace_back(count);
    validity.emplace_back((count + 7) / 8);
    outputs.push_back({memory.back().data(), width_of(one.type), validity.back().data(), one.type});
  }
  std::vector<row_status> statuses(count);
  std::int64_t bad = -1;
  scored.score(columns, rows.rows(), outputs, statuses.data(), &bad, false, run{});
  seen_table made{"scores", rows.rows(), {}};
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    column_view view;
    view.data = memory[i].data();
    view.stride_bytes = outputs[i].stride_bytes;
    view.validity = validity[i].data();
    view.type = outputs[i].type;
    view.unit = 2;
    made.columns.push_back({scored.outputs()[i].name, view, scored.outputs()[i].levels});
  }
  EXPECT_EQ(differences(std::string(shown.expected.front().csv), made, shown.tolerance), "");
}

TEST(catalogue, every_worked_example_gives_its_figures) {
  int shown_examples = 0;
  for_each_example([&](const entry& what, const example& shown) {
    SCOPED_TRACE(std::string(what.description->name) + ": " + std::string(shown.summary));
    ++shown_examples;
    if (shown.what == verb::score)
      check_score(what, shown);
    else
      check_finish(what, shown);
  });
  EXPECT_GE(shown_examples, 5);
}

TEST(catalogue, finish_refuses_what_does_not_fit) {
  const entry& fit = find_entry("value.bg_nbd");
  const entry& score = find_entry("decision.value_matrix");
  const auto rows = store_of(*fit.description, example_of(fit, verb::fit));
  const auto code = [](const entry& what, const store* from, std::vector<option> options = {},
                       std::span<const filled_slot> slots = {},
                       std::optional<std::vector<std::string>> keys = {}) {
    return outcome([&] { (void)finish(what, from, options, slots, keys, run{}); }).first;
  };
  EXPECT_EQ(code(score, nullptr), status::unsupported);
  EXPECT_EQ(code(fit, nullptr), status::schema);
  EXPECT_EQ(code(find_entry("value.summary"), rows.get()), status::mismatch);
  EXPECT_EQ(code(fit, rows.get(), {{"unitt", "week"}}), status::unknown_name);
  EXPECT_EQ(code(fit, rows.get(), {{"unit", "fortnight"}}), status::option);
  const filled_slot no_slot[] = {{"rules", nullptr}};
  EXPECT_EQ(code(fit, rows.get(), {}, no_slot), status::unknown_name);
  EXPECT_EQ(code(fit, rows.get(), {}, {}, std::vector<std::string>{"a"}), status::unsupported);
  std::atomic<int> cancel{1};
  run how;
  how.cancel = &cancel;
  EXPECT_EQ(outcome([&] { (void)finish(fit, rows.get(), {}, {}, {}, how); }).first, status::cancelled);
  EXPECT_EQ(outcome([] {
              (void)make_store("rows", std::vector<option>{{"entry", "value.summary"}});
            }).first,
            status::option);
  EXPECT_EQ(outcome([] { (void)make_store("rows", {}); }).first, status::option);
}

} // namespace
} // namespace emptor::test::catalogue_test

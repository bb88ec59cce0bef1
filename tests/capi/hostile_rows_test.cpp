// SPDX-License-Identifier: BSL-1.0
// Every column of every table of every entry with every kind of bad value and in every bad place of memory, made from
// the catalogue: each call ends with a status, and no row goes without a number and without a reason.
#include "hostile.hpp"

namespace emptor::test::hostile_rows_test {
namespace {

TEST_P(hostile, rows_that_are_pushed_end_in_a_status) {
  const std::vector<described_table>& described = catalogue_.pushed(entry_);
  for (const described_example& example : entry_.examples) {
    if (example.verb == "score" || entry_.store.empty())
      continue;
    SCOPED_TRACE(example.summary);
    const bool elsewhere = store_is_attacked_elsewhere();
    std::vector<table> tables = typed_tables(described, example.tables);
    if (!elsewhere)
      tables = all_tables(described, std::move(tables));
    for (std::size_t t = 0; t < tables.size(); ++t) {
      const table base = tables[t];
      attack_table(
          table_named(described, base.name()), base, t,
          [&](const table& changed, const attacked_table& attacked) {
            tables[t] = changed;
            push_and_finish(example, tables, attacked);
          },
          elsewhere);
      tables[t] = base;
      for (const std::int64_t rows : {0, 1})
        push_and_finish(example, tables, {t, must::end, nullptr}, rows);
      if (HasFailure())
        return;
    }
  }
  EXPECT_TRUE(entry_.store.empty() || calls_ > 100);
}

TEST_P(hostile, rows_that_are_scored_end_in_a_status) {
  for (const described_example& example : entry_.examples) {
    if (example.verb != "score")
      continue;
    SCOPED_TRACE(example.summary);
    const owned<emptor_model> model = model_of(example);
    const table base = typed_table(entry_.score_inputs, example.tables.at(0).second);
    attack_table(entry_.score_inputs, base, 0, [&](const table& changed, const attacked_table& attacked) {
      score(model.get(), changed, example.options, attacked);
    });
    for (const std::int64_t rows : {0, 1})
      score(model.get(), base, example.options, {}, rows);
    if (HasFailure())
      return;
  }
  EXPECT_TRUE(entry_.score_outputs.empty() || calls_ > 100);
}

/// The tables and options of a model: that of an example, or one in a slot of it.
struct model_source {
  const described_example* example;
  const decltype(described_example::model_tables)* tables;
  const text_pairs* options;
};
/// Models of an entry as its examples show them; where none does, as those of others have them in their slots.
std::vector<model_source> model_sources(const described_catalogue& catalogue, const described_entry& entry) {
  std::vector<model_source> sources;
  const auto in_slots = [&](const described_example& example) {
    for (const described_slot& slot : example.slots) {
      if (slot.entry == entry.name)
        sources.push_back({&example, &slot.tables, &slot.options});
    }
  };
  for (const described_example& example : entry.examples) {
    if (example.verb == "fit" || !example.model_tables.empty())
      sources.push_back({&example, &example.model_tables, &example.model_options});
    else
      in_slots(example);
  }
  for (const described_entry& other : catalogue.entries) {
    for (const described_example& example : other.examples) {
      if (sources.empty())
        in_slots(example);
    }
  }
  return sources;
}

TEST_P(hostile, tables_of_models_end_in_a_status) {
  const auto scored = std::find_if(entry_.examples.begin(), entry_.examples.end(),
                                   [](const described_example& one) { return one.verb == "score"; });
  const bool scores = scored != entry_.examples.end();
  for (const model_source& from : model_sources(catalogue_, entry_)) {
    SCOPED_TRACE(from.example->summary);
    std::vector<table> typed = from.example->verb == "fit" ? fitted_tables(*from.example)
                                                           : typed_tables(entry_.model_tables, *from.tables);
    EXPECT_NE(create_model(typed, *from.options), nullptr) << "as they are: " << error_.message;
    typed = all_tables(entry_.model_tables, std::move(typed));
    for (std::size_t t = 0; t < typed.size(); ++t) {
      const table base = typed[t];
      attack_table(table_named(entry_.model_tables, base.name()), base, t,
                   [&](const table& changed, const attacked_table& attacked) {
                     typed[t] = changed;
                     const owned<emptor_model> model = create_model(typed, *from.options, attacked);
                     if (model && scores) // what was accepted must score, or say why not
                       score(model.get(), typed_table(entry_.score_inputs, scored->tables.at(0).second),
                             scored->options);
                   });
      typed[t] = base;
      if (HasFailure())
        return;
    }
  }
  EXPECT_TRUE(entry_.model_tables.empty() || calls_ > 50);
}

INSTANTIATE_TEST_SUITE_P(entries, hostile, ::testing::ValuesIn(names_of_entries()), name_of_test);

} // namespace
} // namespace emptor::test::hostile_rows_test

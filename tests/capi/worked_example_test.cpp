// SPDX-License-Identifier: BSL-1.0
// Every worked example of the catalogue, through C alone.
#include <gtest/gtest.h>

#include "c_rows.hpp"

namespace emptor::test::worked_example_test {
namespace {

struct pushed_store {
  owned<emptor_store> store; ///< null where the entry needs none
  text_pairs finish_options;
};

pushed_store push(const described_catalogue& catalogue, const described_entry& entry,
                  const described_example& example, emptor_error& error) {
  const split_options options = split(catalogue, entry, example.options);
  pushed_store made{nullptr, options.finish};
  if (entry.store.empty())
    return made;
  emptor_store* store = nullptr;
  const c_options create(options.store);
  EXPECT_EQ(emptor_store_create(entry.store.c_str(), create.get(), create.count(), &store, &error), 0)
      << error.message;
  made.store.reset(store);
  for (const auto& [name, csv] : example.tables) {
    const table typed = typed_table(table_named(catalogue.pushed(entry), name), csv);
    c_rows rows(typed);
    emptor_push_report report = EMPTOR_PUSH_REPORT_INIT;
    EXPECT_EQ(emptor_store_push(store, rows.get(), EMPTOR_STRICT, nullptr, &report, nullptr, &error), 0)
        << error.message;
    EXPECT_EQ(report.added + report.replaced + report.repeated + report.superseded + report.conflicts +
                  report.refused,
              rows.rows());
  }
  return made;
}

void check_finish(const described_catalogue& catalogue, const described_entry& entry,
                  const described_example& example) {
  emptor_error error = EMPTOR_ERROR_INIT;
  const pushed_store from = push(catalogue, entry, example, error);
  const c_options options(from.finish_options);
  const c_slots slots(catalogue, example.slots);
  emptor_result* made = nullptr;
  ASSERT_EQ(emptor_store_finish(from.store.get(), entry.name.c_str(), options.get(), options.count(),
                                slots.names(), slots.models(), slots.count(), nullptr, nullptr, &made,
                                &error),
            0)
      << error.message;
  owned<emptor_result> result(made);
  owned<emptor_result> of_model;
  if (entry.verb == "fit") {
    emptor_model* model = nullptr;
    ASSERT_EQ(emptor_result_model(result.get(), &model, &error), 0) << error.message;
    const owned<emptor_model> held(model);
    ASSERT_EQ(emptor_model_tables(model, &made, &error), 0) << error.message;
    of_model.reset(made);
  }
  for (const auto& [name, csv] : example.expected) {
    emptor_table* table = nullptr;
    if (emptor_result_table(result.get(), name.c_str(), &table, &error) != 0 && of_model)
      emptor_result_table(of_model.get(), name.c_str(), &table, &error);
    ASSERT_NE(table, nullptr) << error.message;
    const owned<emptor_table> held(table);
    EXPECT_EQ(differences(csv, seen(table, name), example.tolerance), "");
  }
}

void check_score(const described_catalogue& catalogue, const described_entry& entry,
                 const described_example& example) {
  emptor_error error = EMPTOR_ERROR_INIT;
  const owned<emptor_model> model = make_model(entry, example.model_tables, example.model_options);
  const table typed = typed_table(entry.score_inputs, example.tables.at(0).second);
  c_rows rows(typed);
  const c_options options(example.options);
  const c_slots slots(catalogue, example.slots);
  emptor_plan* made = nullptr;
  ASSERT_EQ(emptor_plan_create(entry.name.c_str(), model.get(), slots.names(), slots.models(), slots.count(),
                               rows.get(), options.get(), options.count(), nullptr, 0, &made, &error),
            0)
      << error.message;
  const owned<emptor_plan> plan(made);
  const c_outputs outputs(made, rows.rows());
  std::vector<std::uint8_t> statuses(static_cast<std::size_t>(rows.rows()));
  std::int64_t bad_rows = -1;
  ASSERT_EQ(emptor_plan_score(made, rows.get(), outputs.get(), outputs.count(), sizeof(emptor_output), 0,
                              statuses.data(), &bad_rows, nullptr, &error),
            0)
      << error.message;
  EXPECT_EQ(differences(example.expected.at(0).second, outputs.seen(), example.tolerance), "");
}

TEST(worked_examples, every_entry_has_one) {
  for (const described_entry& entry : read_catalogue().entries)
    EXPECT_FALSE(entry.examples.empty()) << entry.name;
}

TEST(worked_examples, give_their_figures_through_c) {
  const described_catalogue catalogue = read_catalogue();
  ASSERT_FALSE(catalogue.entries.empty());
  for (const described_entry& entry : catalogue.entries) {
    for (const described_example& example : entry.examples) {
      SCOPED_TRACE(entry.name + ": " + example.summary);
      ASSERT_FALSE(example.expected.empty());
      if (example.verb == "score")
        check_score(catalogue, entry, example);
      else
        check_finish(catalogue, entry, example);
    }
  }
}

} // namespace
} // namespace emptor::test::worked_example_test

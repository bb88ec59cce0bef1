// SPDX-License-Identifier: BSL-1.0
// Every option of every entry and store with every kind of bad value: each call ends with a status.
#include "hostile.hpp"

namespace emptor::test::hostile_options_test {
namespace {

using hostile_options = hostile;

TEST_P(hostile_options, of_entries_end_in_a_status) {
  const std::vector<std::string> bad{"",
                                     "abc",
                                     "nan",
                                     "inf",
                                     "-1",
                                     "0",
                                     "1e308",
                                     "1e-320",
                                     "\xFF",
                                     "0,1,,",
                                     "9999-12-31",
                                     "0000-01-01",
                                     "1 parsec",
                                     "-5 week",
                                     "99999999999999999999",
                                     std::string(10000, '9')};
  const auto replaced = [](text_pairs options, const std::string& name, const std::string& value) {
    std::erase_if(options, [&](const auto& one) { return one.first == name; });
    options.emplace_back(name, value);
    return options;
  };
  const auto named = [](const std::string& option, const std::string& value) {
    return option + " = " + value.substr(0, 20);
  };
  for (const described_example& example : entry_.examples) {
    for (const std::string& value : bad) {
      if (example.verb != "score") {
        const std::vector<table> tables = typed_tables(catalogue_.pushed(entry_), example.tables);
        for (const std::string& option : entry_.options) {
          SCOPED_TRACE(named(option, value));
          described_example changed = example;
          changed.options = replaced(example.options, option, value);
          push_and_finish(changed, tables, {});
        }
        continue;
      }
      for (const std::string& option : entry_.model_options) {
        SCOPED_TRACE(named(option, value));
        static_cast<void>(create_model(typed_tables(entry_.model_tables, example.model_tables),
                                       replaced(example.model_options, option, value)));
      }
      const owned<emptor_model> model = model_of(example);
      for (const std::string& option : entry_.score_options) {
        SCOPED_TRACE(named(option, value));
        score(model.get(), typed_table(entry_.score_inputs, example.tables.at(0).second),
              replaced(example.options, option, value));
      }
    }
  }
}

TEST(hostile_store_options, end_in_a_status) {
  for (const described_store& store : read_catalogue().stores) {
    for (const std::string& option : store.options) {
      for (const char* value :
           {"", "abc", "nan", "-1", "99999999999999999999", "\xFF", "value.bg_nbd", "9"}) {
        SCOPED_TRACE(store.name + ": " + option + " = " + value);
        const char* const options[] = {option.c_str(), value};
        emptor_store* made = nullptr;
        emptor_error error = EMPTOR_ERROR_INIT;
        const emptor_status status = emptor_store_create(store.name.c_str(), options, 1, &made, &error);
        EXPECT_LT(status, EMPTOR_STATUS_INTERNAL);
        EXPECT_EQ(made == nullptr, status != EMPTOR_STATUS_OK);
        EXPECT_EQ(error.message[0] != '\0', status != EMPTOR_STATUS_OK);
        emptor_store_free(made);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(entries, hostile_options, ::testing::ValuesIn(names_of_entries()), name_of_test);

} // namespace
} // namespace emptor::test::hostile_options_test

// SPDX-License-Identifier: BSL-1.0
// Tables as Arrow: every cell of every worked example, where it lies, and who holds it.
#include <gtest/gtest.h>

#include <algorithm>

#include "arrow_arrays.hpp"

namespace emptor::test::arrow_export_test {
namespace {

/// The result of a worked example, and of its model.
std::vector<owned<emptor_result>> results_of(const described_catalogue& catalogue,
                                             const described_entry& entry, const described_example& example) {
  const split_options options = split(catalogue, entry, example.options);
  emptor_error error = EMPTOR_ERROR_INIT;
  owned<emptor_store> store;
  if (!entry.store.empty()) {
    store = make_store(entry.store.c_str(), options.store);
    for (const auto& [name, csv] : example.tables) {
      const table typed = typed_table(table_named(catalogue.pushed(entry), name), csv);
      c_rows rows(typed);
      EXPECT_EQ(emptor_store_push(store.get(), rows.get(), 0, nullptr, nullptr, nullptr, &error), 0)
          << error.message;
    }
  }
  const c_options at_finish(options.finish);
  const c_slots slots(catalogue, example.slots);
  std::vector<owned<emptor_result>> results;
  emptor_result* made = nullptr;
  EXPECT_EQ(emptor_store_finish(store.get(), entry.name.c_str(), at_finish.get(), at_finish.count(),
                                slots.names(), slots.models(), slots.count(), nullptr, nullptr, &made,
                                &error),
            0)
      << error.message;
  results.emplace_back(made);
  emptor_model* model = nullptr;
  if (entry.verb == "fit" && emptor_result_model(made, &model, &error) == 0) {
    const owned<emptor_model> held(model);
    EXPECT_EQ(emptor_model_tables(model, &made, &error), 0) << error.message;
    results.emplace_back(made);
  }
  return results;
}

/// Whether Arrow lays such a column out as emptor does.
bool is_lent(const emptor_column& column) {
  return column.dtype != EMPTOR_DTYPE_MONEY && column.dtype != EMPTOR_DTYPE_BOOLEAN;
}

void check_table(const emptor_table* from) {
  emptor_error error = EMPTOR_ERROR_INIT;
  taken<ArrowSchema> schema;
  taken<ArrowArray> array;
  ASSERT_EQ(emptor_table_export_arrow(from, schema.get(), array.get(), &error), 0) << error.message;
  const seen_table wanted = seen(from, "it");
  EXPECT_STREQ(schema->format, "+s");
  ASSERT_EQ(schema->n_children, static_cast<std::int64_t>(wanted.columns.size()));
  ASSERT_EQ(array->n_children, schema->n_children);
  EXPECT_EQ(array->length, wanted.rows);
  EXPECT_EQ(array->n_buffers, 1);
  for (std::int32_t i = 0; i < static_cast<std::int32_t>(wanted.columns.size()); ++i) {
    emptor_column column;
    emptor_column_info info = EMPTOR_COLUMN_INFO_INIT;
    ASSERT_EQ(emptor_table_column(from, i, &column, sizeof column, &info, &error), 0);
    const ArrowSchema& field = *schema->children[i];
    const ArrowArray& values = *array->children[i];
    EXPECT_STREQ(field.name, info.name);
    EXPECT_EQ(unit_of(field), info.unit);
    EXPECT_EQ(field.dictionary != nullptr, info.level_count > 0);
    ASSERT_EQ(values.length, wanted.rows);
    ASSERT_EQ(values.offset, 0);
    std::int64_t nulls = 0;
    for (std::int64_t row = 0; row < wanted.rows; ++row) {
      const seen_column& expected = wanted.columns[static_cast<std::size_t>(i)];
      nulls += expected.values.is_valid(row) ? 0 : 1;
      if (info.dtype == EMPTOR_DTYPE_MONEY && info.decimals < 0)
        continue; // has a test of its own
      ASSERT_EQ(cell_of(field, values, row), field_of(expected.values, expected.levels, row))
          << info.name << row;
    }
    EXPECT_EQ(values.null_count, nulls) << info.name;
    if (is_lent(column) && wanted.rows > 0) {
      const bool texts = column.dtype == EMPTOR_DTYPE_LARGE_UTF8;
      EXPECT_EQ(values.buffers[1], texts ? column.aux : column.data) << info.name;
      if (texts) {
        EXPECT_EQ(values.buffers[2], column.data) << info.name;
      }
      if (nulls > 0) {
        EXPECT_EQ(values.buffers[0], column.validity) << info.name;
      }
    }
  }
}

TEST(arrow_export, gives_every_table_of_every_worked_example) {
  const described_catalogue catalogue = read_catalogue();
  std::size_t checked = 0;
  for (const described_entry& entry : catalogue.entries) {
    for (const described_example& example : entry.examples) {
      if (example.verb == "score")
        continue;
      SCOPED_TRACE(entry.name);
      for (const owned<emptor_result>& result : results_of(catalogue, entry, example)) {
        std::int32_t tables = 0;
        ASSERT_EQ(emptor_result_tables(result.get(), &tables, nullptr), 0);
        for (std::int32_t i = 0; i < tables; ++i) {
          const char* name = nullptr;
          emptor_table* table = nullptr;
          ASSERT_EQ(emptor_result_table_name(result.get(), i, &name, nullptr), 0);
          ASSERT_EQ(emptor_result_table(result.get(), name, &table, nullptr), 0);
          const owned<emptor_table> held(table);
          SCOPED_TRACE(name);
          check_table(table);
          ++checked;
        }
      }
    }
  }
  EXPECT_GT(checked, 20U);
}

/// What one customer owes in each currency: the table `balances` of credit.ageing.
owned<emptor_table> balances(const std::vector<const char*>& currencies, const std::vector<double>& amounts) {
  const owned<emptor_store> store = make_store("ledger");
  const auto rows = static_cast<std::int64_t>(currencies.size());
  const std::vector<const char*> customers(currencies.size(), "c");
  const std::vector<const char*> kinds(currencies.size(), "invoice");
  std::vector<std::int32_t> documents;
  for (std::int64_t i = 0; i < rows; ++i)
    documents.push_back(static_cast<std::int32_t>(i));
  const std::vector<std::int32_t> days(currencies.size(), 19000);
  const char* const names[] = {"customer", "document", "kind",    "document_date",
                               "due_date", "amount",   "currency"};
  const emptor_column columns[] = {EMPTOR_COLUMN(customers.data(), EMPTOR_DTYPE_CSTRING),
                                   EMPTOR_COLUMN(documents.data(), EMPTOR_DTYPE_INT32),
                                   EMPTOR_COLUMN(kinds.data(), EMPTOR_DTYPE_CSTRING),
                                   EMPTOR_COLUMN(days.data(), EMPTOR_DTYPE_DATE32),
                                   EMPTOR_COLUMN(days.data(), EMPTOR_DTYPE_DATE32),
                                   EMPTOR_COLUMN(amounts.data(), EMPTOR_DTYPE_FLOAT64),
                                   EMPTOR_COLUMN(currencies.data(), EMPTOR_DTYPE_CSTRING)};
  const emptor_rows given = EMPTOR_ROWS(names, columns, 7, rows);
  emptor_error error = EMPTOR_ERROR_INIT;
  if (emptor_store_push(store.get(), &given, EMPTOR_STRICT, nullptr, nullptr, nullptr, &error) != 0)
    throw std::runtime_error(error.message);
  const c_options options({{"as_of", "2024-01-01"}, {"by", "due_date"}});
  emptor_result* result = nullptr;
  if (emptor_store_finish(store.get(), "credit.ageing", options.get(), options.count(), nullptr, nullptr, 0,
                          nullptr, nullptr, &result, &error) != 0)
    throw std::runtime_error(error.message);
  const owned<emptor_result> held(result);
  emptor_table* table = nullptr;
  if (emptor_result_table(result, "balances", &table, &error) != 0)
    throw std::runtime_error(error.message);
  return owned<emptor_table>(table);
}

struct exported {
  taken<ArrowSchema> schema;
  taken<ArrowArray> array;

  explicit exported(const emptor_table* from) {
    emptor_error error = EMPTOR_ERROR_INIT;
    EXPECT_EQ(emptor_table_export_arrow(from, schema.get(), array.get(), &error), 0) << error.message;
  }
  [[nodiscard]] std::int64_t find(const std::string& name) {
    for (std::int64_t i = 0; i < schema->n_children; ++i) {
      if (schema->children[i]->name == name)
        return i;
    }
    throw std::runtime_error("there is no column " + name);
  }
  [[nodiscard]] std::vector<std::string> cells(const std::string& name) {
    std::vector<std::string> made;
    const std::int64_t i = find(name);
    for (std::int64_t row = 0; row < array->length; ++row)
      made.push_back(cell_of(*schema->children[i], *array->children[i], row));
    return made;
  }
};

using texts = std::vector<std::string>;

TEST(arrow_export, amounts_have_the_decimals_of_their_currency) {
  exported euros(balances({"EUR"}, {12.34}).get());
  EXPECT_STREQ(euros.schema->children[euros.find("balance")]->format, "d:38,2");
  EXPECT_EQ(euros.cells("balance"), texts{"12.34"});
  exported yen(balances({"JPY", "JPY"}, {12, 13}).get());
  EXPECT_STREQ(yen.schema->children[yen.find("balance")]->format, "d:38,0");
  EXPECT_EQ(yen.cells("balance"), texts{"25"});
}

TEST(arrow_export, amounts_of_several_currencies_have_the_most_decimals_among_them) {
  const owned<emptor_table> from = balances({"JPY", "KWD", "EUR"}, {1234, 0.125, 12.34});
  std::int32_t column = 2;
  emptor_column_info info = EMPTOR_COLUMN_INFO_INIT;
  ASSERT_EQ(emptor_table_column(from.get(), column, nullptr, 0, &info, nullptr), 0);
  ASSERT_STREQ(info.name, "balance");
  ASSERT_EQ(info.decimals, -1);
  exported all(from.get());
  EXPECT_STREQ(all.schema->children[all.find("balance")]->format, "d:38,3");
  EXPECT_EQ(all.cells("currency"), (texts{"EUR", "JPY", "KWD"}));
  EXPECT_EQ(all.cells("balance"), (texts{"12.340", "1234.000", "0.125"}));
}

TEST(arrow_export, stays_valid_without_the_table_and_in_parts) {
  ArrowArray moved[2] = {};
  {
    exported all(balances({"EUR", "JPY"}, {12.34, 5}).get());
    ASSERT_EQ(all.cells("customer"), (texts{"c", "c"})) << "the table is gone";
    for (const std::int64_t i : {0, 1}) {
      moved[i] = *all.array->children[i];
      all.array->children[i]->release = nullptr; // as the specification moves a child out
    }
    ArrowSchema& schema = *all.schema->children[0];
    ArrowSchema child = schema;
    schema.release = nullptr;
    all.schema->release(all.schema.get());
    EXPECT_EQ(all.schema->release, nullptr);
    EXPECT_STREQ(child.name, "customer");
    child.release(&child);
    EXPECT_EQ(child.release, nullptr);
  }
  ArrowSchema text{};
  text.format = "U";
  EXPECT_EQ(cell_of(text, moved[0], 1), "c");
  EXPECT_EQ(cell_of(text, moved[1], 1), "JPY");
  moved[0].release(&moved[0]);
  EXPECT_EQ(moved[0].release, nullptr);
  EXPECT_EQ(cell_of(text, moved[1], 0), "EUR") << "the last one holds the table";
  moved[1].release(&moved[1]);
}

TEST(arrow_export, without_a_schema_gives_the_array) {
  const owned<emptor_table> from = balances({"EUR"}, {12.34});
  taken<ArrowArray> array;
  emptor_error error = EMPTOR_ERROR_INIT;
  ASSERT_EQ(emptor_table_export_arrow(from.get(), nullptr, array.get(), &error), 0) << error.message;
  EXPECT_EQ(array->length, 1);
}

TEST(arrow_export, what_fails_leaves_released_structures) {
  ArrowSchema schema;
  ArrowArray array;
  std::memset(&schema, 0x5A, sizeof schema);
  std::memset(&array, 0x5A, sizeof array);
  emptor_error error = EMPTOR_ERROR_INIT;
  EXPECT_EQ(emptor_table_export_arrow(nullptr, &schema, &array, &error), EMPTOR_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(schema.release, nullptr);
  EXPECT_EQ(array.release, nullptr);
  EXPECT_STREQ(error.message, "emptor_table_export_arrow: table is NULL, but must be given");
  const owned<emptor_table> from = balances({"EUR"}, {12.34});
  EXPECT_EQ(emptor_table_export_arrow(from.get(), &schema, nullptr, &error), EMPTOR_STATUS_INVALID_ARGUMENT);
}

/// What goes out comes in again: the rows of a table make the same model.
TEST(arrow_export, comes_in_again_as_it_was) {
  const owned<emptor_model> model = bg_nbd_model();
  emptor_result* made = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  ASSERT_EQ(emptor_model_tables(model.get(), &made, &error), 0);
  const owned<emptor_result> result(made);
  emptor_table* table = nullptr;
  ASSERT_EQ(emptor_result_table(made, "parameters", &table, &error), 0);
  const owned<emptor_table> held(table);
  exported all(table);
  const owned<emptor_arrow_rows> rows =
      import_rows(*all.schema, all.array.get(), error, {"parameter", "parameter", "value", "value"});
  ASSERT_NE(rows, nullptr) << error.message;
  emptor_model* again = nullptr;
  ASSERT_EQ(emptor_model_create("value.bg_nbd", &view_of(rows), 1, nullptr, 0, &again, &error), 0)
      << error.message;
  const owned<emptor_model> second(again);
  EXPECT_EQ(saved(again), saved(model.get()));
}

} // namespace
} // namespace emptor::test::arrow_export_test

// SPDX-License-Identifier: BSL-1.0
// A role that takes many columns may take very many: were the work to grow with their square, these tests would run
// into their time limit.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "c_rows.hpp"

namespace emptor::test::many_columns_test {
namespace {

constexpr std::int64_t columns = 100'000;
constexpr std::int64_t rows = 2;

const char* const documents[rows] = {"D1", "D2"};
const char* const kinds[rows] = {"invoice", "invoice"};
const double amounts[rows] = {10.0, 20.0};
const std::int32_t days[rows] = {20000, 20001};

/// Documents of a store with as many attributes, in an order that is not that of their labels.
c_rows rows_of(const std::string& store) {
  c_rows made;
  made.add("document", EMPTOR_COLUMN(documents, EMPTOR_DTYPE_CSTRING));
  made.add("customer", EMPTOR_COLUMN(documents, EMPTOR_DTYPE_CSTRING));
  made.add("amount", EMPTOR_COLUMN(amounts, EMPTOR_DTYPE_FLOAT64));
  made.add(store == "ledger" ? "document_date" : "date", EMPTOR_COLUMN(days, EMPTOR_DTYPE_DATE32));
  if (store == "ledger")
    made.add("kind", EMPTOR_COLUMN(kinds, EMPTOR_DTYPE_CSTRING));
  const emptor_column value = EMPTOR_COLUMN(documents, EMPTOR_DTYPE_CSTRING);
  for (std::int64_t i = 0; i < columns; ++i)
    made.add("attributes:" + std::to_string(i * 7919 % columns), value);
  return made;
}

emptor_status push(emptor_store* store, c_rows& from, emptor_push_report& report, emptor_error& error) {
  emptor_rows lent = *from.get();
  lent.row_count = rows;
  return emptor_store_push(store, &lent, EMPTOR_STRICT, nullptr, &report, nullptr, &error);
}

TEST(many_columns, are_pushed) {
  for (const char* const kind : {"ledger", "order_history"}) {
    SCOPED_TRACE(kind);
    const owned<emptor_store> store = make_store(kind);
    c_rows given = rows_of(kind);
    emptor_push_report report = EMPTOR_PUSH_REPORT_INIT;
    emptor_error error = EMPTOR_ERROR_INIT;
    ASSERT_EQ(push(store.get(), given, report, error), 0) << error.message;
    EXPECT_EQ(report.added, rows);
    ASSERT_EQ(push(store.get(), given, report, error), 0) << error.message;
    EXPECT_EQ(report.repeated, rows) << "the same attributes again";
  }
}

TEST(many_columns, one_of_them_that_is_given_twice_or_unknown_is_named) {
  const owned<emptor_store> store = make_store("ledger");
  c_rows given = rows_of("ledger");
  const auto refusal = [&](const char* name) {
    given.add(name, EMPTOR_COLUMN(documents, EMPTOR_DTYPE_CSTRING));
    emptor_push_report report = EMPTOR_PUSH_REPORT_INIT;
    emptor_error error = EMPTOR_ERROR_INIT;
    EXPECT_NE(push(store.get(), given, report, error), 0);
    return std::string(error.message);
  };
  EXPECT_EQ(refusal("attributes:777"), "ledger.items: attributes:777 is given twice");
  given.names().pop_back();
  given.columns().pop_back();
  EXPECT_NE(refusal("attribute:777").find("there is no column attribute:777"), std::string::npos);
}

} // namespace
} // namespace emptor::test::many_columns_test

// SPDX-License-Identifier: BSL-1.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/provision_entry.hpp>

#include "credit/finished.hpp"
#include "stats/ledger_rows.hpp"

namespace provision_write_offs_test {
namespace {

using emptor::model;
using emptor::result;
using emptor::table;
using namespace emptor::credit;
using emptor::stats::ledger;
using ledger_rows::day;
using ledger_rows::item;

ledger with_write_offs() {
  ledger store;
  const auto document = [](const char* name, const char* kind, std::int64_t amount, const char* on) {
    return item{.document = name, .customer = "Hong", .kind = kind, .amount = amount, .date = day(on)};
  };
  ledger_rows::push(
      store, {document("R1", "invoice", 10000, "2024-11-01"), document("W0", "write_off", 300, "2024-12-31"),
              document("W1", "write_off", 500, "2025-01-01"), document("W2", "write_off", 70, "2025-12-31"),
              document("W3", "write_off", 9, "2026-01-01")});
  return store;
}
model allowance(const std::vector<emptor::column>& more) {
  emptor::text_buffer undated;
  undated.push_back("undated");
  std::vector<emptor::column> columns{emptor::column::numbers("opening", {50.0})};
  columns.insert(columns.end(), more.begin(), more.end());
  return {.entry = "credit.provision_matrix",
          .options = {},
          .tables = {{"rates",
                      {emptor::column::texts("bucket", undated), emptor::column::numbers("rate", {0.1})}},
                     {"allowance", columns}},
          .made_by = {}};
}
const table& movement(const result& of) {
  return finished::table_of(of, "movement");
}
std::int64_t amount(const table& of, const char* name) {
  return of.at(name).as<std::int64_t>()[0];
}

// 100.00 are owed, 10 % of which are 10.00. Of the write-offs 5.70 are of 2025; none is allocated.
TEST(provision_write_offs_test, the_write_offs_of_the_movement_are_those_of_the_ledger) {
  const model given = allowance({});
  const auto finish = [&](const std::vector<emptor::option>& options, const model& with) {
    return finished::of(provision_matrix_entry, with_write_offs(), options, "matrix", &with);
  };
  const result year = finish({{"as_of", "2025-12-31"}}, given);
  EXPECT_EQ(amount(movement(year), "write_offs"), 570);
  EXPECT_EQ(amount(movement(year), "ledger_write_offs"), 570);
  EXPECT_EQ(amount(movement(year), "charge"), 1000 - 5000 + 570);
  const result longer = finish({{"as_of", "2025-12-31"}, {"movement_from", "2024-12-31"}}, given);
  EXPECT_EQ(amount(movement(longer), "write_offs"), 870);
  // What the caller gives counts, and what the ledger has stands beside it.
  const result said =
      finish({{"as_of", "2025-12-31"}}, allowance({emptor::column::numbers("write_offs", {5.0})}));
  EXPECT_EQ(amount(movement(said), "write_offs"), 500);
  EXPECT_EQ(amount(movement(said), "ledger_write_offs"), 570);
}

} // namespace
} // namespace provision_write_offs_test

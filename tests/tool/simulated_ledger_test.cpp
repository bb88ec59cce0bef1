// SPDX-License-Identifier: BSL-1.0
// The tables of the simulated ledger as files: pushed again they are the ledger whose balances the truth has.
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "shell.hpp"
#include "support/csv_table.hpp"

namespace emptor::test::simulated_ledger_test {
namespace {

class ToolSimulatedLedger : public ToolTest {};

TEST_F(ToolSimulatedLedger, ItsFilesArePushedAgain) {
  const outcome made = emptor({"reduce", "credit.simulate_ledger", "--set", "customers=60", "--set",
                               "foreign_currency=JPY", "--set", "foreign_rate=0.006", "--out", "trade/"});
  ASSERT_EQ(made.exit_status, 0) << made.err;
  std::vector<std::string> push{"push", "ledger", "--store", "trade.emptor", "--strict"};
  push.emplace_back("--in");
  for (const std::string table :
       {"items", "settlements", "commitments", "disputes", "securities", "customers", "rates"})
    push.push_back(table + "=trade/" + table + ".csv");
  const outcome pushed = emptor(push);
  ASSERT_EQ(pushed.exit_status, 0) << pushed.err;
  const outcome aged = emptor({"reduce", "credit.ageing", "--store", "trade.emptor", "--set",
                               "as_of=2025-12-31", "--set", "by=due_date", "--out", "aged/"});
  ASSERT_EQ(aged.exit_status, 0) << aged.err;
  const auto balances = [&](const std::string& file) {
    std::map<std::string, std::string> found;
    const auto csv = parse_csv(read(file));
    const auto at = [&](const std::string& name) {
      return static_cast<std::size_t>(std::find(csv.names.begin(), csv.names.end(), name) -
                                      csv.names.begin());
    };
    for (const auto& row : csv.rows)
      found[row.at(at("customer"))] =
          row.at(at("balance")) + " " + row.at(at("overdue")) + " " + row.at(at("currency"));
    return found;
  };
  const auto open = balances("aged/balances.csv");
  EXPECT_GT(open.size(), 30U);
  for (const auto& [customer, truth] : balances("trade/truth.csv")) {
    const auto known = open.find(customer);
    if (known != open.end()) {
      EXPECT_EQ(known->second, truth) << customer;
    }
  }
}

} // namespace
} // namespace emptor::test::simulated_ledger_test

// SPDX-License-Identifier: BSL-1.0
// Every entry of the catalogue through the tool: its worked examples.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "catalogue.hpp"

namespace emptor::test::catalogue_test {
namespace {

using ::testing::HasSubstr;

TEST_F(ToolCatalogue, WorkedExamplesGiveTheirFigures) {
  for (const described_entry& entry : entries()) {
    ASSERT_FALSE(entry.examples.empty()) << entry.name << " has no worked example";
    for (const described_example& one : entry.examples) {
      const outcome ended = run(entry, one, one.tables);
      ASSERT_EQ(ended.exit_status, 0) << entry.name << ": " << one.summary << "\n" << ended.err;
      for (const auto& [name, csv] : one.expected) {
        const std::string table_name = one.verb == "score" ? "scores" : name;
        ASSERT_TRUE(exists("out/" + table_name + ".csv")) << entry.name << ": " << one.summary;
        const csv_table expected = parse_csv(csv);
        const csv_table made = parse_csv(given(table_name));
        ASSERT_EQ(made.rows.size(), expected.rows.size()) << entry.name << ": " << name;
        for (std::size_t i = 0; i < expected.names.size(); ++i) {
          const auto at = std::find(made.names.begin(), made.names.end(), expected.names[i]);
          ASSERT_NE(at, made.names.end()) << entry.name << ": " << expected.names[i];
          for (std::size_t row = 0; row < expected.rows.size(); ++row) {
            const std::string& figure = made.rows[row][static_cast<std::size_t>(at - made.names.begin())];
            EXPECT_TRUE(agrees(expected.rows[row][i], figure, one.tolerance))
                << entry.name << ": " << expected.names[i] << "[" << row << "] is " << figure << ", expected "
                << expected.rows[row][i];
          }
        }
      }
    }
    const outcome told = emptor({"describe", entry.name, "--example"});
    EXPECT_EQ(told.exit_status, 0) << told.out;
    EXPECT_THAT(told.out, HasSubstr("The figures agree"));
  }
}

TEST_F(ToolCatalogue, ThreadsAndOrderOfRowsChangeNothing) {
  for (const described_entry& entry : entries()) {
    for (const described_example& one : entry.examples) {
      const auto all_given = [&](const text_pairs& tables, const std::string& threads) {
        EXPECT_EQ(run(entry, one, tables, {"--threads", threads}).exit_status, 0) << entry.name;
        std::string all = one.verb == "fit" ? read("fit.emptor") : "";
        for (const auto& [name, csv] : one.expected)
          all.append(given(one.verb == "score" ? "scores" : name));
        return all;
      };
      const std::string alone = all_given(one.tables, "1");
      EXPECT_EQ(all_given(one.tables, "2"), alone) << entry.name;
      EXPECT_EQ(all_given(one.tables, "7"), alone) << entry.name;
      EXPECT_EQ(all_given(one.tables, "0"), alone) << entry.name;
      if (one.verb == "score")
        continue;
      text_pairs turned;
      for (const auto& [name, csv] : one.tables) {
        csv_table table = parse_csv(csv);
        std::reverse(table.rows.begin(), table.rows.end());
        turned.emplace_back(name, to_text(table));
      }
      EXPECT_EQ(all_given(turned, "1"), alone) << entry.name << ": the order of the rows matters";
    }
  }
}

} // namespace
} // namespace emptor::test::catalogue_test

// SPDX-License-Identifier: BSL-1.0
// `emptor bench`: every entry can be measured, and what it prints can be read. No test looks at a time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "catalogue.hpp"

namespace emptor::test::bench_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class ToolBench : public ToolCatalogue {
protected:
  /// Runs it for an entry and reads its answer.
  [[nodiscard]] boost::json::object measured(const std::string& entry,
                                             const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{"bench", entry, "--runs", "2", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    const outcome ended = emptor(words);
    EXPECT_EQ(ended.exit_status, 0) << entry << ": " << ended.err;
    EXPECT_EQ(ended.err, "") << entry;
    return ended.exit_status == 0 ? boost::json::parse(ended.out).as_object() : boost::json::object{};
  }
};

TEST_F(ToolBench, EveryEntryIsMeasuredInEachVerbThatItsExamplesShow) {
  constexpr std::int64_t rows = 500;
  for (const described_entry& entry : entries()) {
    const boost::json::object said = measured(entry.name, {"--rows", std::to_string(rows)});
    ASSERT_TRUE(said.contains("points")) << entry.name;
    EXPECT_EQ(said.at("entry").as_string(), entry.name);
    EXPECT_EQ(said.at("threads").to_number<int>(), 1);
    EXPECT_FALSE(said.at("processor").as_string().empty());
    EXPECT_FALSE(said.at("instruction_set").as_string().empty());
    std::set<std::string> verbs;
    for (const described_example& one : entry.examples)
      verbs.insert(one.verb);
    const boost::json::array& points = said.at("points").as_array();
    ASSERT_EQ(points.size(), verbs.size()) << entry.name;
    for (const boost::json::value& point : points) {
      EXPECT_TRUE(verbs.contains(boost::json::value_to<std::string>(point.at("task")))) << entry.name;
      EXPECT_GE(point.at("rows").to_number<std::int64_t>(), rows / 2) << entry.name;
      EXPECT_LE(point.at("rows").to_number<std::int64_t>(), rows * 2) << entry.name;
      EXPECT_EQ(point.at("runs").to_number<int>(), 2);
      for (const char* key : {"seconds", "spread", "rows_per_second", "nanoseconds_per_row", "bytes_per_row",
                              "copy_nanoseconds_per_row", "bandwidth_share"}) {
        const double figure = point.at(key).to_number<double>();
        EXPECT_TRUE(std::isfinite(figure) && figure >= 0.0) << entry.name << ": " << key << " is " << figure;
      }
      EXPECT_GE(point.at("bytes_per_row").to_number<double>(), 1.0) << entry.name;
    }
  }
}

TEST_F(ToolBench, RowsAreCountedAndOutputsChosen) {
  for (const std::string rows : {"1", "2", "4097"}) {
    const boost::json::object said = measured("decision.value_matrix", {"--rows", rows});
    EXPECT_EQ(std::to_string(said.at("points").at(0).at("rows").to_number<std::int64_t>()), rows);
  }
  const boost::json::object one =
      measured("value.bg_nbd", {"--rows", "100", "--only", "probability_alive", "--threads", "2"});
  ASSERT_EQ(one.at("points").as_array().size(), 1U);
  EXPECT_EQ(one.at("points").at(0).at("task").as_string(), "score");
  EXPECT_EQ(one.at("threads").to_number<int>(), 2);
  // Three numbers in, one out, eight bytes each.
  EXPECT_EQ(one.at("points").at(0).at("bytes_per_row").to_number<double>(), 32.0);
}

TEST_F(ToolBench, TheTableHasALineForEachMeasurement) {
  const outcome ended = emptor({"bench", "value.summary", "--rows", "200", "--runs", "1"});
  EXPECT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
  for (const char* said :
       {"value.summary on ", "1 thread", "ROWS/S", "NS/ROW", "BYTES/ROW", "SHARE", "reduce"})
    EXPECT_THAT(ended.out, HasSubstr(said));
}

TEST_F(ToolBench, WithoutRowsSeveralSizesAreMeasured) {
  const boost::json::object said = measured("decision.value_matrix");
  const boost::json::array& points = said.at("points").as_array();
  ASSERT_GE(points.size(), 1U);
  double rows = 10'000.0;
  for (const boost::json::value& point : points) {
    EXPECT_EQ(point.at("rows").to_number<double>(), rows);
    rows *= 10.0;
  }
}

TEST_F(ToolBench, WhatTheEntryRefusesIsToldAsElsewhere) {
  const outcome ended = emptor({"bench", "value.bg_nbd", "--rows", "1"}); // nobody came back: nothing to fit
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_THAT(ended.err, HasSubstr("value.bg_nbd: "));
  EXPECT_EQ(ended.out, "");
}

TEST_F(ToolBench, RefusesWrongUsage) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{"bench"}, "needs ENTRY"},
      {{"bench", "value.bg_ndb"}, "there is no entry value.bg_ndb"},
      {{"bench", "value.bg_nbd", "--rows", "0"}, "--rows is 0, but must be in [1, 1000000000]"},
      {{"bench", "value.bg_nbd", "--rows", "many"}, "rows"},
      {{"bench", "value.bg_nbd", "--rows", "-5"}, "--rows is -5"},
      {{"bench", "value.bg_nbd", "--rows", "10", "--runs", "0"}, "--runs is 0"},
      {{"bench", "value.bg_nbd", "--rows", "10", "--threads", "-1"}, "--threads is -1"},
      {{"bench", "value.bg_nbd", "--rows", "10", "--set", "unitt=week"}, "did you mean unit?"},
      {{"bench", "value.bg_nbd", "--rows", "10", "--only", "alive"}, "there is no output alive"},
      {{"bench", "value.summary", "--rows", "10", "--only", "age"}, "scores no rows"},
      {{"bench", "value.bg_nbd", "--in", "rows.csv"}, "in"},
  };
  for (const auto& [words, said] : wrong) {
    const outcome ended = emptor(words);
    EXPECT_EQ(ended.exit_status, 2) << ::testing::PrintToString(words) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(said));
    EXPECT_THAT(ended.err, Not(HasSubstr("Options:")));
    EXPECT_EQ(ended.out, "");
  }
}

} // namespace
} // namespace emptor::test::bench_test

// SPDX-License-Identifier: BSL-1.0
// The rows that `emptor bench` makes from a worked example, and what it does where an entry starts from none.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include <boost/json.hpp>

#include "tool/commands.hpp"
#include "tool/example.hpp"
#include "tool/made_rows.hpp"

namespace emptor::test::bench_rows_test {
namespace {

using tool::made_rows;

constexpr column_description item_columns[] = {
    {.name = "document", .what = content::id},
    {.name = "revision", .what = content::count, .optional = true},
    {.name = "amount", .what = content::amount},
    {.name = "date", .what = content::day},
    {.name = "due", .what = content::day, .optional = true},
    {.name = "kind", .what = content::code},
    {.name = "attributes", .what = content::text, .many = true},
};
constexpr column_description settlement_columns[] = {
    {.name = "document", .what = content::id},
    {.name = "date", .what = content::day},
    {.name = "share", .allowed = zero_to_one},
};
constexpr column_description rate_columns[] = {{.name = "rate", .allowed = at_least_zero}};
constexpr table_description tables[] = {
    {.name = "items", .columns = item_columns},
    {.name = "settlements", .columns = settlement_columns},
    {.name = "rates", .columns = rate_columns},
};
constexpr example_table example_tables[] = {
    {"items", "document,revision,amount,date,due,kind,attributes:region\n"
              "A,1,10.00,2026-01-01,2026-01-31,invoice,north\nA,2,12.50,2026-01-01,2026-01-31,invoice,north\n"
              "B,,-3.20,2026-02-01,,credit_note,south\n"},
    {"settlements", "document,date,share\nB,2026-02-03,0.9\n"},
    {"rates", "rate\n0.05\n0.1\n"},
};

/// The numbers of a column, of whatever type.
std::vector<double> numbers(const table& of, const char* name) {
  std::vector<double> made;
  std::visit(
      [&](const auto& values) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(values)>, text_buffer>)
          made.assign(values.begin(), values.end());
      },
      of.at(name).values());
  return made;
}

TEST(bench_rows, copies_of_an_example_say_the_same_of_other_documents) {
  const std::vector<table> made = made_rows(tables, tool::inputs_of(example_tables), 4000);
  ASSERT_EQ(made.size(), 3U);
  EXPECT_EQ(made[0].rows(), 3000);
  EXPECT_EQ(made[1].rows(), 1000);
  EXPECT_EQ(made[2].rows(), 2) << "rules do not grow";
  EXPECT_EQ(made, made_rows(tables, tool::inputs_of(example_tables), 4000)) << "the same rows every time";

  const std::vector<double> documents = numbers(made[0], "document");
  const std::set<double> known(documents.begin(), documents.end());
  EXPECT_EQ(known.size(), 2000U) << "two documents a copy";
  const std::vector<double> dates = numbers(made[0], "date");
  const std::vector<double> due = numbers(made[0], "due");
  const std::vector<double> amounts = numbers(made[0], "amount");
  for (std::int64_t row = 0; row < made[0].rows(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    const bool credit = made[0].at("kind").text()[row] == "credit_note";
    EXPECT_EQ(made[0].at("due").is_valid(row), !credit);
    EXPECT_EQ(made[0].at("revision").is_valid(row), !credit);
    EXPECT_EQ(made[0].at("attributes:region").text()[row], credit ? "south" : "north");
    EXPECT_EQ(amounts[at] < 0.0, credit);
    if (!credit) {
      EXPECT_EQ(due[at] - dates[at], 30.0) << "the days of a copy move together";
    }
  }
  EXPECT_GT(std::set<double>(amounts.begin(), amounts.end()).size(), 200U);
  EXPECT_GT(std::set<double>(dates.begin(), dates.end()).size(), 200U);
  const std::vector<double> shares = numbers(made[1], "share");
  for (std::size_t i = 0; i < shares.size(); ++i) {
    EXPECT_TRUE(known.contains(numbers(made[1], "document")[i]));
    EXPECT_TRUE(zero_to_one.contains(shares[i]));
  }
  EXPECT_GT(std::set<double>(shares.begin(), shares.end()).size(), 500U);
}

row_fault ordered(std::span<const double> values) noexcept {
  if (values[0] <= values[1])
    return {};
  return {row_status::inconsistent, 0, "<= high"};
}

TEST(bench_rows, keep_the_rule_of_their_table) {
  static constexpr column_description columns[] = {{.name = "low"}, {.name = "high"}};
  constexpr table_description ruled[] = {{.name = "rows", .columns = columns, .rule = ordered}};
  constexpr example_table rows[] = {{"rows", "low,high\n1,1\n0.9,1\n0,5\n"}};
  const std::vector<table> made = made_rows(ruled, tool::inputs_of(rows), 1000);
  ASSERT_EQ(made.front().rows(), 1000);
  const std::vector<double> low = numbers(made.front(), "low");
  const std::vector<double> high = numbers(made.front(), "high");
  for (std::size_t i = 0; i < low.size(); ++i)
    EXPECT_LE(low[i], high[i]);
  EXPECT_GT(std::set<double>(low.begin(), low.end()).size(), 300U);
}

TEST(bench_rows, whole_copies_of_what_has_ids) { // what several rows tell of one thing stays whole
  for (const std::int64_t rows : {1, 2, 3, 4, 7, 100, 4097})
    EXPECT_EQ(made_rows({tables, 1}, tool::inputs_of({example_tables, 1}), rows).front().rows(),
              3 * std::max<std::int64_t>(rows / 3, 1));
  constexpr example_table nothing[] = {{"rates", "rate\n"}};
  EXPECT_EQ(made_rows({tables + 2, 1}, tool::inputs_of(nothing), 100).front().rows(), 0);
}

TEST(bench_rows, answers_and_flags_stay_such) {
  static constexpr column_description columns[] = {
      {.name = "outcome", .allowed = {-1e9, 1e9}},
      {.name = "items", .allowed = {-1e9, 1e9}, .many = true},
  };
  static constexpr table_description described[] = {{.name = "rows", .columns = columns}};
  constexpr example_table answers[] = {{"rows", "outcome,items:q\n0,7\n1,10\n,98\n0,\n"}};
  const std::vector<table> made = made_rows(described, tool::inputs_of(answers), 400);
  const auto seen = [&](const char* name) {
    std::set<double> values;
    for (const double value : made.front().at(name).as<double>()) {
      if (!std::isnan(value))
        values.insert(value);
    }
    return values;
  };
  EXPECT_EQ(seen("outcome"), (std::set<double>{0.0, 1.0}));
  EXPECT_EQ(seen("items:q"), (std::set<double>{7.0, 10.0, 98.0}));
}

// --- entries that start from no rows -----------------------------------------------------------------------

result simulated(const finish_request& request) {
  table made("rows");
  const auto customers = static_cast<std::size_t>(request.options.integer("customers"));
  made.add(column::numbers("value", std::vector<double>(3 * customers, 1.0)));
  return {{std::move(made)}, nullptr};
}
constexpr option_description simulated_options[] = {
    {.name = "seed", .what = option_content::integer, .default_value = "7"},
    {.name = "customers", .what = option_content::integer, .default_value = "10"},
};
constexpr example simulated_examples[] = {{.what = verb::reduce}};
constexpr entry_description simulated_description{.name = "test.simulated",
                                                  .what = verb::reduce,
                                                  .options = simulated_options,
                                                  .examples = simulated_examples};
constexpr entry simulated_entry{.description = &simulated_description, .finish = &simulated};

TEST(bench_rows, an_entry_without_rows_is_asked_for_as_many_as_wanted) {
  const run how_to_run;
  std::vector<std::string> warnings;
  const tool::reading how{.mappings = {}, .csv = {}, .how = &how_to_run, .warnings = &warnings};
  tool::arguments given;
  given.rows = 6000;
  given.runs = 2;
  given.json = true;
  const boost::json::value said = boost::json::parse(tool::bench_text(simulated_entry, given, how));
  ASSERT_EQ(said.at("points").as_array().size(), 1U);
  EXPECT_EQ(said.at("points").at(0).at("rows").to_number<int>(), 6000);
  EXPECT_EQ(said.at("points").at(0).at("bytes_per_row").to_number<double>(), 8.0);
  EXPECT_TRUE(warnings.empty());
}

} // namespace
} // namespace emptor::test::bench_rows_test

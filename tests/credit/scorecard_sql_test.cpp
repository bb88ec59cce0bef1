// SPDX-License-Identifier: BSL-1.0
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "credit/exchanged_card.hpp"
#include "credit/sqlite.hpp"
#include "support/refusal.hpp"

namespace scorecard_sql_test {
namespace {

using namespace emptor;
using exchanged_card::card;
using test::code_of;

TEST(scorecard_sql_test, sqlite_gives_the_same_bits_at_every_edge) {
#ifndef EMPTOR_WITH_SQLITE
  GTEST_SKIP() << "built without SQLite (libsqlite3-dev)";
#else
  std::size_t scored = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE(seed);
    const card of = exchanged_card::random_card(seed, exchanged_card::hostile);
    const exchanged_card::probes rows(of);
    const model made = of.made();
    const scorecard_rows::scored expected = scorecard_rows::score(made, rows.as_table(of));
    sqlite::database database;
    database.fill(of, rows);
    const auto found =
        database.numbers("SELECT " + credit::export_scorecard(made, "sql") + " FROM t ORDER BY rowid");
    ASSERT_EQ(found.size(), rows.rows);
    for (std::size_t row = 0; row < rows.rows; ++row) {
      ASSERT_TRUE(exchanged_card::same_score(expected, row, found[row].has_value(), found[row].value_or(0.0)))
          << row << ": " << expected.outputs[0][row] << " " << found[row].value_or(-1.0);
      scored += found[row].has_value() ? 1U : 0U;
    }
  }
  EXPECT_GT(scored, 2000U); // of some 10,000 rows
#endif
}

TEST(scorecard_sql_test, the_edges_tell_a_wrong_side_of_the_intervals) {
#ifndef EMPTOR_WITH_SQLITE
  GTEST_SKIP() << "built without SQLite (libsqlite3-dev)";
#else
  card of = exchanged_card::random_card(1, exchanged_card::hostile);
  for (std::uint64_t seed = 2; of.all.size() != 1 || of.all[0].cuts.size() < 3; ++seed)
    of = exchanged_card::random_card(seed, exchanged_card::hostile);
  const exchanged_card::probes rows(of);
  const scorecard_rows::scored expected = scorecard_rows::score(of.made(), rows.as_table(of));
  of.right = !of.right;
  sqlite::database database;
  database.fill(of, rows);
  const auto found =
      database.numbers("SELECT " + credit::export_scorecard(of.made(), "sql") + " FROM t ORDER BY rowid");
  std::size_t different = 0;
  for (std::size_t row = 0; row < rows.rows; ++row)
    different +=
        exchanged_card::same_score(expected, row, found[row].has_value(), found[row].value_or(0.0)) ? 0U : 1U;
  EXPECT_GE(different, of.all[0].cuts.size() - 1); // a special code may stand at a cut
#endif
}

TEST(scorecard_sql_test, the_worked_example_reads_as_people_write_it) {
  const example& of = credit::scorecard_examples[1];
  const model made = scorecard_rows::model_of(credit::scorecard_name, credit::scorecard_model_tables,
                                              of.model_tables, {{"closed", "right"}});
  const std::string text = credit::export_scorecard(made, "sql");
  for (const char* const part :
       {"(CAST(0 AS DOUBLE PRECISION)\n", "WHEN \"age\" <= 18 THEN -3\n", "WHEN \"age\" <= 29 THEN 0\n",
        "WHEN \"age\" > 39 THEN 18\n", "WHEN \"department\" IN ('marketing') THEN 19\n",
        "WHEN \"income\" IS NULL OR (\"income\" > 0 AND \"income\" * -1.0 > 0) THEN 5\n"})
    EXPECT_NE(text.find(part), std::string::npos) << part << text;
}

TEST(scorecard_sql_test, what_sql_cannot_hold_is_refused_by_name) {
  for (const std::string& bad :
       {std::string("caf\xE9"), std::string("zero\0byte", 9), std::string("\xE5\xB9")}) {
    card of = exchanged_card::random_card(3, exchanged_card::hostile);
    of.all.front().label = bad;
    std::string text;
    EXPECT_EQ(code_of([&] { return credit::export_scorecard(of.made(), "sql"); }, &text), status::data);
    EXPECT_NE(text.find("credit.scorecard: sql: "), std::string::npos) << text;
  }
}

TEST(scorecard_sql_test, numbers_have_17_digits_where_fewer_could_round_twice) {
  EXPECT_EQ(sql_number(18.0), "18");
  EXPECT_EQ(sql_number(-12.25), "-12.25");
  EXPECT_EQ(sql_number(1234.5678), "1234.5678");
  EXPECT_EQ(sql_number(0.00001), "1.0000000000000001e-05");
  EXPECT_EQ(sql_number(1.0 / 3.0), "3.3333333333333331e-01");
  EXPECT_EQ(sql_number(1e300), "1.0000000000000001e+300");
}

} // namespace
} // namespace scorecard_sql_test

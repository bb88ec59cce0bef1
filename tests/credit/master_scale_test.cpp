// SPDX-License-Identifier: BSL-1.0
#include <emptor/credit/master_scale_entry.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <gtest/gtest.h>

#include <emptor/core/random.hpp>

#include "credit/finished.hpp"
#include "support/refusal.hpp"
#include "support/scored_csv.hpp"

namespace emptor::credit::master_scale_test {
namespace {

using test::code_of;
using digits = boost::multiprecision::cpp_dec_float_50;
using lines = std::vector<std::string>;

digits exact_probability(const digits& log_odds) {
  return 1 / (1 + exp(-log_odds));
}

std::shared_ptr<const model> scale(const std::string& grades, const std::string& calibration = {},
                                   const test::csv_options& options = {}) {
  test::csv_tables tables;
  if (!grades.empty())
    tables.emplace_back("grades", grades);
  if (!calibration.empty())
    tables.emplace_back("calibration", "parameter,value\n" + calibration);
  return test::model_from(master_scale_name, tables, options);
}
std::string scored(const std::shared_ptr<const model>& by, const std::string& rows, const lines& only,
                   const test::csv_options& options = {}) {
  return test::scored(master_scale_name, rows, only, options, by);
}
const std::string bounds = "grade,probability_below,probability\n";
const std::string four = bounds + "A,0.01,0.005\nB,0.04,0.02\nC,0.16,0.08\nD,,0.3\n";

struct outcome_row {
  double x;
  double outcome;
  double weight = 1.0;
};
result fitted(const std::vector<outcome_row>& rows, std::vector<option> options) {
  std::vector<double> columns[3];
  for (const outcome_row& one : rows) {
    columns[0].push_back(one.x);
    columns[1].push_back(one.outcome);
    columns[2].push_back(one.weight);
  }
  table held("rows",
             {column::numbers("characteristics:x", columns[0]).or_none(),
              column::numbers("outcome", columns[1]).or_none(), column::numbers("weight", columns[2])});
  stats::outcomes store;
  const std::vector<named_column> views = held.views();
  store.push({.table = "rows", .columns = views, .rows = held.rows(), .strict = true});
  options.push_back({"characteristic", "x"});
  return finished::of(master_scale_entry, store, options);
}
double figure(const result& of, scale_figure which) {
  return finished::table_of(of, "figures").at("value").as<double>()[static_cast<std::size_t>(which)];
}
std::vector<double> column_of(const result& of, const char* name) {
  return finished::table_of(of, "grades").at(name).as<double>();
}
std::vector<outcome_row> simulated(std::uint64_t seed, std::size_t count, std::uint64_t levels) {
  std::vector<outcome_row> made;
  for (std::size_t i = 0; i < count; ++i) {
    random_stream draw(seed, 0, i);
    const double p = 0.01 + 0.5 * static_cast<double>(draw.below(levels)) / static_cast<double>(levels);
    made.push_back({p, draw.uniform() < p * p * 1.5 ? 1.0 : 0.0});
  }
  return made;
}

TEST(master_scale, log_odds_and_probability_agree_with_50_digits) {
  for (const double p : {1e-300, 1e-12, 0.001, 0.2, 0.5, 0.9, 1.0 - 1e-12}) {
    const digits exact = log(digits(p) / (1 - digits(p)));
    EXPECT_LE(abs(digits(stats::log_odds_of(p)) - exact), (abs(exact) + 1) * digits(4e-16)) << p;
  }
  for (const double x : {-700.0, -40.0, -1.0, 0.0, 0.3, 5.0, 36.0, 700.0}) {
    const digits exact = exact_probability(digits(x));
    EXPECT_LE(abs(digits(stats::probability_of(x)) - exact), exact * digits(4e-16)) << x;
  }
  EXPECT_EQ(stats::probability_of(stats::log_odds_of(0.0)), 0.0);
  EXPECT_EQ(stats::probability_of(stats::log_odds_of(1.0)), 1.0);
}

TEST(master_scale, geometric_bounds_rise_by_one_factor) {
  for (const std::size_t grades : {2U, 3U, 4U, 7U, 20U}) {
    const std::vector<double> made = geometric_bounds(grades, 0.0005, 0.2);
    ASSERT_EQ(made.size(), grades - 1);
    EXPECT_EQ(made.front(), 0.0005);
    if (grades > 2) {
      EXPECT_EQ(made.back(), 0.2);
    }
    const digits factor =
        grades > 2 ? pow(digits(0.2) / digits(0.0005), digits(1) / digits(grades - 2)) : digits(1);
    digits exact(0.0005);
    for (const double one : made) {
      EXPECT_LE(abs(digits(one) - exact), exact * digits(2e-15));
      exact *= factor;
    }
    const std::vector<double> middles = geometric_middles(made);
    EXPECT_LT(middles.front(), made.front());
    for (std::size_t i = 1; i < made.size(); ++i) {
      EXPECT_GT(middles[i], made[i - 1]);
      EXPECT_LT(middles[i], made[i]);
    }
    EXPECT_GT(middles.back(), made.back());
    EXPECT_LT(middles.back(), 1.0);
  }
}

// Bounds 0.01, 0.04, 0.16: each four times the one before, so that the grades stand for half of their upper bounds.
TEST(master_scale, a_geometric_scale_needs_options_only) {
  const auto by =
      scale("", "", {{"grade_count", "4"}, {"lowest_probability", "0.01"}, {"highest_probability", "0.16"}});
  const master_scale held = read_master_scale(*by);
  const double middles[] = {0.005, 0.02, 0.08, 0.32};
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(held.grades[i].probability, middles[i], 1e-15);
  EXPECT_EQ(scored(by, "probability\n0\n0.0099\n0.01\n0.05\n0.16\n1\n", {"grade"}),
            "1,ok\n1,ok\n2,ok\n3,ok\n4,ok\n4,ok\n");
  std::string text;
  EXPECT_EQ(code_of([] { return scale("", "", {{"grade_count", "4"}}); }, &text), status::schema);
  EXPECT_EQ(
      text,
      "credit.master_scale: table grades is missing, and without it option lowest_probability is needed");
}

TEST(master_scale, a_bound_belongs_to_the_worse_grade) {
  EXPECT_EQ(
      scored(scale(four), "probability\n0\n0.00999\n0.01\n0.0399\n0.04\n0.159\n0.16\n1\n", {"grade", "rank"}),
      "A,1,ok\nA,1,ok\nB,2,ok\nB,2,ok\nC,3,ok\nC,3,ok\nD,4,ok\nD,4,ok\n");
}

TEST(master_scale, scores_grade_by_least_score_or_by_probability) {
  const auto by_score =
      scale("grade,score_at_least,probability\nA,700,0.01\nB,600,0.05\nC,,0.2\n", "", {{"input", "score"}});
  EXPECT_EQ(scored(by_score, "score\n900\n700\n699.9\n600\n599\n-1\n",
                   {"grade", "probability", "grade_probability"}),
            "A,,0.01,ok\nA,,0.01,ok\nB,,0.05,ok\nB,,0.05,ok\nC,,0.2,ok\nC,,0.2,ok\n");
  // 20 points halve the odds: log odds of 1 to 50 at 600.
  const auto calibrated =
      scale(four, "slope,-0.034657359027997264\nintercept,16.882392411370212\n", {{"input", "score"}});
  for (const double score : {500.0, 560.0, 600.0, 640.0}) {
    const digits odds = pow(digits(2), (600 - digits(score)) / 20) / 50;
    const std::string line = scored(calibrated, "score\n" + to_text(score) + "\n", {"probability"});
    EXPECT_NEAR(std::stod(line), static_cast<double>(odds / (1 + odds)), 1e-13);
  }
  EXPECT_EQ(scored(calibrated, "score\n500\n560\n600\n640\n", {"grade"}), "D,ok\nC,ok\nB,ok\nA,ok\n");
}

TEST(master_scale, overrides_need_a_reason_end_and_are_limited) {
  const std::string header = "probability,notches,reason,until\n";
  const lines columns{"model_grade", "grade", "notches", "override"};
  const auto graded = [&](const std::string& row, test::csv_options options = {}) {
    options.push_back({"as_of", "2026-02-01"});
    return scored(scale(four), header + row + "\n", columns, options);
  };
  EXPECT_EQ(graded("0.1,,,"), "C,C,0,none,ok\n");
  EXPECT_EQ(graded("0.1,0,,"), "C,C,0,none,ok\n");
  EXPECT_EQ(graded("0.1,1,why,"), "C,B,1,applied,ok\n");
  EXPECT_EQ(graded("0.1,1,why,2026-02-01"), "C,B,1,applied,ok\n");
  EXPECT_EQ(graded("0.1,1,why,2026-01-31"), "C,C,0,expired,ok\n");
  EXPECT_EQ(graded("0.1,1,,2026-02-01"), "C,C,0,without_reason,ok\n");
  EXPECT_EQ(graded("0.1,2,why,"), "C,A,2,applied,ok\n");
  EXPECT_EQ(graded("0.1,3,why,"), "C,A,2,capped,ok\n");
  EXPECT_EQ(graded("0.1,2,why,", {{"largest_upgrade", "1"}}), "C,B,1,capped,ok\n");
  EXPECT_EQ(graded("0.1,2,why,", {{"largest_upgrade", "0"}}), "C,C,0,capped,ok\n");
  EXPECT_EQ(graded("0.001,-1000,why,"), "A,D,-3,capped,ok\n");
  EXPECT_EQ(graded("0.001,-3,why,"), "A,D,-3,applied,ok\n");
  EXPECT_EQ(graded("0.001,-3,why,", {{"largest_downgrade", "1"}}), "A,B,-1,capped,ok\n");
  EXPECT_EQ(graded("0.001,1,why,"), "A,A,0,capped,ok\n");
  EXPECT_EQ(graded("0.001,0.5,why,"), ",,,,not_integer\n");
  EXPECT_EQ(graded("0.001,1001,why,"), ",,,,out_of_domain\n");
  std::string text;
  EXPECT_EQ(code_of([&] { return scored(scale(four), header + "0.1,1,why,2026-02-01\n", columns); }, &text),
            status::option);
  EXPECT_EQ(text, "credit.master_scale: option as_of is needed, for overrides end on a day");
}

TEST(master_scale, rows_that_cannot_be_graded_say_why) {
  EXPECT_EQ(scored(scale(four), "probability\n\n-0.1\n1.1\n", {"grade", "rank"}),
            ",,missing\n,,out_of_domain\n,,out_of_domain\n");
  std::string text;
  EXPECT_EQ(code_of([&] { return scored(scale(four), "score\n5\n", {"grade"}); }, &text), status::schema);
  EXPECT_EQ(text, "credit.master_scale: this scale needs the column probability");
}

TEST(master_scale, scales_that_contradict_themselves_are_refused) {
  std::string text;
  const auto refused = [&](const std::string& grades, const std::string& calibration = {},
                           const test::csv_options& options = {}) {
    return code_of([&] { return scale(grades, calibration, options); }, &text);
  };
  EXPECT_EQ(refused(bounds + "A,,0.1\n"), status::too_few);
  EXPECT_EQ(refused(bounds), status::too_few);
  EXPECT_EQ(refused(bounds + "A,0.1,0.1\nB,0.1,0.2\nC,,0.3\n"), status::data);
  EXPECT_EQ(text, "credit.master_scale: probability_below[1] is 0.1, but must be > 0.1, the one before");
  EXPECT_EQ(refused(bounds + "A,0.1,0.1\nB,0.2,0.2\n"), status::data);
  EXPECT_EQ(text,
            "credit.master_scale: probability_below[1] is 0.2, but must be missing for the last grade, which "
            "takes all the rest");
  EXPECT_EQ(refused(bounds + "A,0.1,0.1\nB,,0.2\nC,,0.3\n"), status::data);
  EXPECT_EQ(refused(bounds + "A,0.1,0.1\nA,,0.2\n"), status::data);
  EXPECT_EQ(refused(bounds + "A,0.1,0.1\nB,,0.05\n"), status::data);
  EXPECT_EQ(text,
            "credit.master_scale: probability[1] is 0.05, but must be >= 0.1, that of the better grade");
  EXPECT_EQ(refused("grade,score_at_least,probability\nA,600,0.1\nB,,0.2\n"), status::data);
  EXPECT_EQ(
      refused("grade,score_at_least,probability\nA,600,0.1\nB,600,0.1\nC,,0.2\n", "", {{"input", "score"}}),
      status::data);
  EXPECT_EQ(refused(four, "", {{"input", "score"}}), status::data);
  EXPECT_EQ(refused(four, "slope,1\n"), status::schema);
  EXPECT_EQ(refused(four, "slope,0\nintercept,1\n"), status::data);
  EXPECT_EQ(refused(four, "slope,1\nslope,1\n"), status::data);
  EXPECT_EQ(refused(four, "tilt,1\n"), status::data);
  EXPECT_EQ(
      refused("", "", {{"grade_count", "4"}, {"lowest_probability", "0.2"}, {"highest_probability", "0.1"}}),
      status::option);
}

TEST(master_scale, an_empty_calibration_is_none) {
  model described = *scale(four);
  described.tables.push_back(detail::scale_calibration_of(std::nullopt));
  EXPECT_FALSE(read_master_scale(described).calibration);
}

TEST(master_scale, the_mean_probability_is_the_target) {
  std::vector<scale_cell> cells;
  for (std::size_t i = 0; i < 300; ++i) {
    random_stream draw(3, 0, i);
    cells.push_back({.x = 12.0 * draw.uniform() - 9.0,
                     .given = 0.0,
                     .weight = 1.0 + 9.0 * draw.uniform(),
                     .events = 0.0});
  }
  for (const double target : {1e-9, 1e-4, 0.02, 0.12, 0.5, 0.97}) {
    const double shift = shift_to_target(cells, {}, target);
    digits sum = 0;
    digits weight = 0;
    for (const scale_cell& one : cells) {
      sum += digits(one.weight) * exact_probability(digits(one.x) + digits(shift));
      weight += digits(one.weight);
    }
    EXPECT_LE(abs(sum / weight - digits(target)), digits(target) * digits(1e-14)) << target;
  }
  // Already there: nothing moves, to rounding.
  EXPECT_NEAR(shift_to_target(cells, {}, mean_probability(cells, {})), 0.0, 1e-14);
  // What is certain stays so.
  cells.push_back(
      {.x = std::numeric_limits<double>::infinity(), .given = 1.0, .weight = 100.0, .events = 0.0});
  cells.push_back(
      {.x = -std::numeric_limits<double>::infinity(), .given = 0.0, .weight = 400.0, .events = 0.0});
  const double shift = shift_to_target(cells, {}, 0.2);
  EXPECT_NEAR(mean_probability(cells, {.intercept = shift, .slope = 1.0}), 0.2, 1e-15);
  std::string text;
  EXPECT_EQ(code_of([&] { return shift_to_target(cells, {}, 0.01); }, &text), status::data);
  EXPECT_NE(text.find("probabilities of 0 and 1 cannot be moved"), std::string::npos) << text;
}

TEST(master_scale, regression_meets_its_score_equations_in_50_digits) {
  std::vector<scale_cell> cells;
  for (std::size_t i = 0; i < 200; ++i) {
    random_stream draw(4, 0, i);
    const double x = 400.0 + 2.0 * static_cast<double>(i);
    const double weight = 1.0 + static_cast<double>(draw.below(20));
    const double events = std::floor(weight * stats::probability_of(8.0 - 0.015 * x) + draw.uniform());
    cells.push_back({.x = x, .given = x, .weight = weight, .events = events});
  }
  const scale_calibration by = regress(cells);
  EXPECT_NEAR(by.slope, -0.015, 0.003);
  digits gradient = 0;
  digits tilt = 0;
  digits weight = 0;
  for (const scale_cell& one : cells) {
    const digits p = exact_probability(digits(by.intercept) + digits(by.slope) * digits(one.x));
    gradient += digits(one.events) - digits(one.weight) * p;
    tilt += (digits(one.events) - digits(one.weight) * p) * (digits(one.x) - 600) / 100;
    weight += digits(one.weight);
  }
  EXPECT_LE(abs(gradient), weight * digits(1e-13));
  EXPECT_LE(abs(tilt), weight * digits(1e-13));
}

TEST(master_scale, a_regression_that_has_no_maximum_is_refused) {
  const auto cell = [](double x, double weight, double events) {
    return scale_cell{.x = x, .given = x, .weight = weight, .events = events};
  };
  EXPECT_EQ(code_of([&] { return regress({cell(1, 5, 0), cell(2, 5, 5)}).slope; }), status::not_converged);
  EXPECT_EQ(code_of([&] {
              return regress({cell(1, 5, 5), cell(2, 5, 2), cell(3, 5, 0)}).slope;
            }),
            status::not_converged);
  EXPECT_EQ(code_of([&] { return regress({cell(1, 5, 0), cell(2, 5, 0)}).slope; }), status::too_few);
  EXPECT_EQ(code_of([&] { return regress({cell(1, 5, 1)}).slope; }), status::too_few);
}

/// The best grouping of cells into as many as `most` runs whose rates rise strictly, by trying all.
double best_by_trying(const std::vector<scale_cell>& cells, std::size_t most, double least) {
  double best = std::numeric_limits<double>::infinity();
  const std::size_t n = cells.size();
  for (std::size_t cuts = 0; cuts < (std::size_t{1} << (n - 1)); ++cuts) {
    double sum = 0.0;
    double last_rate = -1.0;
    double weight = 0.0;
    double events = 0.0;
    std::size_t groups = 0;
    bool fine = true;
    for (std::size_t i = 0; i < n; ++i) {
      weight += cells[i].weight;
      events += cells[i].events;
      if (i + 1 < n && (cuts >> i & 1U) == 0)
        continue;
      fine = fine && events / weight > last_rate && weight >= least;
      last_rate = events / weight;
      sum += rate_deviance(weight, events);
      ++groups;
      weight = events = 0.0;
    }
    if (fine && groups <= most)
      best = std::min(best, sum);
  }
  return best;
}

TEST(master_scale, groups_are_the_best_of_all_with_rising_rates) {
  for (std::size_t seed = 0; seed < 60; ++seed) {
    random_stream draw(9, 0, seed);
    std::vector<scale_cell> cells;
    for (std::size_t i = 0; i < 9; ++i) {
      const double weight = 1.0 + static_cast<double>(draw.below(30));
      const double rate = std::min(1.0, 0.1 * static_cast<double>(i) * draw.uniform());
      cells.push_back(
          {.x = static_cast<double>(i), .given = 0.0, .weight = weight, .events = std::floor(weight * rate)});
    }
    const std::vector<scale_group> blocks = isotonic_groups(cells);
    for (std::size_t i = 1; i < blocks.size(); ++i)
      EXPECT_GT(blocks[i].events / blocks[i].weight, blocks[i - 1].events / blocks[i - 1].weight);
    for (const std::size_t most : {1U, 2U, 3U, 5U, 10U}) {
      const std::vector<scale_group> made = best_groups(blocks, {.most = most}, run{});
      double sum = 0.0;
      double last = -1.0;
      for (const scale_group& one : made) {
        sum += rate_deviance(one.weight, one.events);
        EXPECT_GT(one.events / one.weight, last);
        last = one.events / one.weight;
      }
      EXPECT_LE(made.size(), most);
      EXPECT_NEAR(sum, best_by_trying(cells, most, 0.0), 1e-9);
    }
    // With a least size: never better than all groupings, never without the size.
    const std::vector<scale_group> large = best_groups(blocks, {.most = 5, .least_weight = 20.0}, run{});
    double sum = 0.0;
    for (const scale_group& one : large) {
      EXPECT_GE(one.weight, 20.0);
      sum += rate_deviance(one.weight, one.events);
    }
    EXPECT_GE(sum, best_by_trying(cells, 5, 20.0) - 1e-9);
  }
}

TEST(master_scale, many_blocks_are_joined_before_the_search) {
  std::vector<scale_group> blocks;
  for (std::size_t i = 0; i < 50000; ++i)
    blocks.push_back({i + 1, 1.0 + static_cast<double>(i % 3), 1e-5 * static_cast<double>(i)});
  const std::vector<scale_group> fewer = condensed(blocks);
  EXPECT_LE(fewer.size(), most_blocks);
  EXPECT_EQ(fewer.back().end, 50000U);
  double weight = 0.0;
  for (const scale_group& one : fewer)
    weight += one.weight;
  EXPECT_EQ(weight, 99999.0);
}

TEST(master_scale, a_fit_grades_its_own_rows_as_it_says) {
  const std::vector<outcome_row> rows = simulated(21, 4000, 60);
  for (const std::vector<option>& options :
       {std::vector<option>{{"grade_count", "6"}},
        std::vector<option>{{"grade_count", "6"}, {"target_rate", "0.05"}},
        std::vector<option>{{"grade_count", "6"}, {"calibration", "shift"}},
        std::vector<option>{{"grade_count", "6"}, {"calibration", "regression"}, {"smallest_events", "10"}},
        std::vector<option>{{"grade_count", "6"}, {"method", "geometric"}, {"calibration", "regression"}}}) {
    const result made = fitted(rows, options);
    const std::vector<double> rates = column_of(made, "observed_rate");
    const std::vector<double> weights = column_of(made, "observations");
    const std::vector<double> probabilities = column_of(made, "probability");
    EXPECT_TRUE(std::is_sorted(probabilities.begin(), probabilities.end()));
    const master_scale by = read_master_scale(*made.fitted);
    std::vector<double> counted(by.grades.size(), 0.0);
    std::vector<double> defaults(by.grades.size(), 0.0);
    digits mean = 0;
    for (const outcome_row& one : rows) {
      const std::size_t place = by.place_of(by.probability(one.x));
      counted[place] += 1.0;
      defaults[place] += one.outcome;
      mean += digits(by.probability(one.x)) / 4000;
    }
    EXPECT_EQ(counted, weights);
    EXPECT_EQ(defaults, column_of(made, "events"));
    EXPECT_NEAR(static_cast<double>(mean), figure(made, scale_figure::mean_after), 1e-14);
    if (options.size() == 1 || options[1].value != "geometric") {
      EXPECT_TRUE(std::is_sorted(rates.begin(), rates.end(), [](double x, double y) { return x <= y; }));
      EXPECT_LE(figure(made, scale_figure::deviance_of_blocks),
                figure(made, scale_figure::deviance_of_grades));
      EXPECT_LE(figure(made, scale_figure::deviance_of_grades),
                figure(made, scale_figure::deviance_of_one_rate));
    }
    if (options.size() > 1 && options[1].name == "target_rate") {
      EXPECT_NEAR(figure(made, scale_figure::mean_after), 0.05, 1e-16);
    } else if (options.size() > 1) {
      EXPECT_NEAR(figure(made, scale_figure::mean_after), figure(made, scale_figure::observed_rate), 1e-13);
    }
  }
}

TEST(master_scale, a_score_is_calibrated_and_graded_whichever_way_it_runs) {
  std::vector<outcome_row> rows;
  std::vector<outcome_row> turned;
  for (std::size_t i = 0; i < 3000; ++i) {
    random_stream draw(22, 0, i);
    const double score = 400.0 + static_cast<double>(draw.below(300));
    const double outcome = draw.uniform() < stats::probability_of(8.0 - 0.02 * score) ? 1.0 : 0.0;
    rows.push_back({score, outcome});
    turned.push_back({-score, outcome});
  }
  const std::vector<option> options{{"input", "score"}, {"grade_count", "5"}};
  const result made = fitted(rows, options);
  EXPECT_NEAR(finished::table_of(made, "calibration").at("value").as<double>()[1], -0.02, 0.003);
  EXPECT_EQ(column_of(made, "events").size(), 5U);
  EXPECT_EQ(column_of(made, "events"), column_of(fitted(turned, options), "events"));
  EXPECT_EQ(made.fitted->option_text("input"), "score");
  const master_scale by = read_master_scale(*made.fitted);
  std::size_t last = 5;
  for (double score = 350.0; score < 750.0; score += 1.0) { // a better score never has a worse grade
    const std::size_t place = by.place_of(by.probability(score));
    EXPECT_LE(place, last);
    last = place;
  }
  EXPECT_EQ(last, 0U);
}

TEST(master_scale, the_order_of_rows_does_not_matter) {
  std::vector<outcome_row> rows = simulated(23, 700, 40);
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i].weight = 0.1 * static_cast<double>(1 + i % 7);
  const std::vector<option> options{
      {"calibration", "regression"}, {"grade_count", "7"}, {"target_rate", "0.1"}};
  const result first = fitted(rows, options);
  std::reverse(rows.begin(), rows.end());
  std::rotate(rows.begin(), rows.begin() + 123, rows.end());
  const result second = fitted(rows, options);
  EXPECT_EQ(first.tables, second.tables);
}

TEST(master_scale, fits_that_cannot_be_are_refused) {
  std::string text;
  const auto refused = [&](const std::vector<outcome_row>& rows, const std::vector<option>& options) {
    return code_of([&] { return fitted(rows, options); }, &text);
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<outcome_row> good{{0.1, 0.0}, {0.1, 1.0}, {0.2, 1.0}, {0.2, 0.0}, {0.2, 1.0}, {0.1, 0.0}};
  EXPECT_EQ(refused(good, {}), status::ok);
  EXPECT_EQ(refused({{nan, 1.0}, {0.1, nan}}, {}), status::too_few);
  EXPECT_EQ(text, "credit.master_scale: no row has both x and an outcome");
  EXPECT_EQ(refused({{0.1, 2.0}}, {}), status::data);
  EXPECT_EQ(refused({{1.5, 1.0}}, {}), status::data);
  EXPECT_EQ(
      text,
      "credit.master_scale: x of a row is 1.5, but must be in [0, 1] where option input is probability");
  EXPECT_EQ(refused({{0.1, 1.0}, {0.2, 0.0}}, {}), status::too_few);
  EXPECT_EQ(text,
            "credit.master_scale: the observed rate does not rise with the probability, so that there is one "
            "grade only");
  EXPECT_EQ(refused(good, {{"smallest_events", "2"}}), status::too_few);
  EXPECT_EQ(refused(good, {{"smallest_events", "9"}}), status::too_few);
  EXPECT_EQ(refused(good, {{"calibration", "none"}, {"target_rate", "0.1"}}), status::option);
  EXPECT_EQ(refused(good, {{"input", "score"}, {"calibration", "shift"}}), status::option);
  EXPECT_EQ(refused(good, {{"names", "A,B"}}), status::option);
  EXPECT_EQ(refused(good, {{"names", "A,A"}, {"grade_count", "2"}}), status::option);
  EXPECT_EQ(refused(good, {{"names", "A,"}, {"grade_count", "2"}}), status::option);
  EXPECT_EQ(refused(good, {{"names", "A,B"}, {"grade_count", "2"}}), status::ok);
  EXPECT_EQ(refused(good, {{"slice", "2025"}}), status::unknown_name);
  EXPECT_EQ(refused({{0.0, 0.0}, {0.5, 1.0}, {0.5, 0.0}}, {{"calibration", "regression"}}), status::data);
  EXPECT_EQ(
      refused({{0.1, 1.0}, {0.1, 0.0}, {0.2, 1.0}, {0.2, 0.0}, {0.2, 0.0}}, {{"calibration", "regression"}}),
      status::data);
  EXPECT_EQ(refused({{0.1, 0.0}, {0.2, 0.0}}, {{"calibration", "shift"}}), status::too_few);
  EXPECT_EQ(refused(good, {{"method", "geometric"}, {"lowest_probability", "0.3"}}), status::option);
}

TEST(master_scale, certain_probabilities_are_graded_too) {
  const std::vector<outcome_row> rows{{0.0, 0.0}, {0.0, 0.0}, {0.3, 0.0}, {0.3, 1.0}, {0.3, 0.0}, {1.0, 1.0}};
  const result made = fitted(rows, {});
  EXPECT_EQ(finished::cells(made, "grades", {"grade", "probability_below", "probability", "events"}),
            (lines{"1 0.3 0 0", "2 1 0.3 1", "3 - 1 1"}));
}

} // namespace
} // namespace emptor::credit::master_scale_test

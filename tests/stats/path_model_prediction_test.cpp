// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/stats/path_model_estimate.hpp>
#include <emptor/stats/path_model_prediction.hpp>

#include "stats/json_numbers.hpp"
#include "stats/mobi.hpp"
#include "support/refusal.hpp"

// Figures: sem-in-r/seminr-ts tests/fixtures/expected/M8_predict_m2_da.json, with the order that R drew.
namespace emptor::stats::path_model_prediction_test {
namespace {

using detail::complete_columns;
using test::code_of;
using technique = prediction_technique;

struct prepared {
  path_structure structure;
  path_plan plan;
  complete_columns data;

  prepared(const test::survey_columns& from, const path_model_specification& model)
      : structure("test", model)
      , plan(plan_of(structure.stages().back(), model))
      , data(completed(test::answers_of(from, structure), {}, false)) {}
};

/// What an independent refit says: the model of the other cases by fit_path_model, the linear model by normal equations in
/// long double with an intercept.
struct oracle {
  const prepared& of;
  technique how;

  [[nodiscard]] complete_columns part(const std::vector<std::uint32_t>& fold, std::uint32_t f) const {
    complete_columns made;
    made.columns.resize(of.data.columns.size());
    for (std::size_t r = 0; r < fold.size(); ++r) {
      if (fold[r] == f)
        continue;
      for (std::size_t i = 0; i < made.columns.size(); ++i)
        made.columns[i].push_back(of.data.columns[i][r]);
      if (!of.data.weights.empty())
        made.weights.push_back(of.data.weights[r]);
    }
    return made;
  }
  struct fitted {
    path_moments moments;
    path_fit fit;
    std::vector<std::vector<long double>> linear; ///< by item: constant, then slopes of its predictors
  };
  [[nodiscard]] fitted fit_of(const complete_columns& training, const moment_options& moments) const {
    fitted made;
    detail::complete_moments(training, moments, made.moments);
    made.fit = fit_path_model(of.structure, made.moments);
    made.linear.resize(of.plan.items());
    for (std::size_t j = 0; j < of.plan.constructs(); ++j)
      for (std::size_t i = of.plan.first[j]; i < of.plan.first[j + 1] && of.plan.sources(j) > 0; ++i)
        made.linear[i] = linear(training, i, j);
    return made;
  }
  /// Of a case, by item of the plan; NaN for items of constructs to which nothing points.
  [[nodiscard]] std::vector<double> predicted(const fitted& with, std::size_t row) const {
    const path_moments& made = with.moments;
    const path_stage_fit& model = with.fit.model();
    const std::size_t n = model.constructs.size();
    std::vector<double> own(n, 0.0);
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t i = of.plan.first[j]; i < of.plan.first[j + 1]; ++i)
        own[j] += model.raw_weight(i) * (of.data.columns[i][row] - made.mean[i]);
    std::vector<double> score = own;
    for (const std::uint32_t j : of.plan.order) {
      if (of.plan.sources(j) == 0)
        continue;
      score[j] = 0.0;
      for (std::size_t a = of.plan.source_first[j]; a < of.plan.source_first[j + 1]; ++a)
        score[j] += model.path[a] * (how == technique::direct_antecedents ? own : score)[of.plan.source[a]];
    }
    std::vector<double> items(of.plan.items(), std::nan(""));
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t i = of.plan.first[j]; i < of.plan.first[j + 1] && of.plan.sources(j) > 0; ++i)
        items[i] = made.mean[i] + model.deviations[i] * model.loadings[i] * score[j];
    return items;
  }
  [[nodiscard]] std::vector<std::size_t> predictors(std::size_t construct) const {
    std::vector<std::size_t> by;
    for (std::size_t s = 0; s < of.plan.constructs(); ++s) {
      bool takes = how == technique::earliest_antecedents && of.plan.sources(s) == 0;
      for (std::size_t a = of.plan.source_first[construct]; a < of.plan.source_first[construct + 1]; ++a)
        takes = takes || (how == technique::direct_antecedents && of.plan.source[a] == s);
      for (std::size_t i = of.plan.first[s]; i < of.plan.first[s + 1] && takes; ++i)
        by.push_back(i);
    }
    return by;
  }
  [[nodiscard]] double linear_of(const fitted& with, std::size_t row, std::size_t item,
                                 std::size_t construct) const {
    const std::vector<std::size_t> by = predictors(construct);
    long double made = with.linear[item][0];
    for (std::size_t a = 0; a < by.size(); ++a)
      made += with.linear[item][a + 1] * static_cast<long double>(of.data.columns[by[a]][row]);
    return static_cast<double>(made);
  }
  [[nodiscard]] std::vector<long double> linear(const complete_columns& training, std::size_t item,
                                                std::size_t construct) const {
    const std::vector<std::size_t> by = predictors(construct);
    const std::size_t size = by.size() + 1;
    std::vector<std::vector<long double>> system(size, std::vector<long double>(size + 1, 0.0L));
    for (std::size_t r = 0; r < training.rows(); ++r) {
      std::vector<long double> x{1.0L};
      for (const std::size_t i : by)
        x.push_back(training.columns[i][r]);
      for (std::size_t a = 0; a < size; ++a) {
        for (std::size_t b = 0; b < size; ++b)
          system[a][b] += training.weight(r) * x[a] * x[b];
        system[a][size] += training.weight(r) * x[a] * training.columns[item][r];
      }
    }
    for (std::size_t c = 0; c < size; ++c) { // Gauss and Jordan with pivots
      std::size_t best = c;
      for (std::size_t a = c; a < size; ++a)
        best = std::fabs(system[a][c]) > std::fabs(system[best][c]) ? a : best;
      std::swap(system[c], system[best]);
      for (std::size_t a = 0; a < size; ++a) {
        if (a == c)
          continue;
        const long double factor = system[a][c] / system[c][c];
        for (std::size_t b = c; b <= size; ++b)
          system[a][b] -= factor * system[c][b];
      }
    }
    std::vector<long double> made;
    for (std::size_t a = 0; a < size; ++a)
      made.push_back(system[a][size] / system[a][a]);
    return made;
  }
};

/// Compares all predictions, in and out of sample, with refits.
void expect_refits(const prepared& of, technique how, const std::vector<std::uint32_t>& fold,
                   std::size_t folds, const moment_options& moments, bool in_sample) {
  const path_prediction made = predict_paths(of.plan, of.data, moments, how, fold, folds, run{});
  const oracle with{of, how};
  const std::size_t m = made.items.size();
  std::vector<prediction_error> in(m);
  std::vector<prediction_error> linear_in(m);
  std::vector<std::vector<double>> sums(fold.size(), std::vector<double>(2 * m, 0.0));
  for (std::uint32_t f = 0; f < folds; ++f) {
    const oracle::fitted training = with.fit_of(with.part(fold, f), moments);
    ASSERT_EQ(made.folds[f].status, path_status::converged);
    for (std::size_t r = 0; r < fold.size(); ++r) {
      if (fold[r] != f && !in_sample)
        continue;
      const std::vector<double> wanted = with.predicted(training, r);
      for (std::size_t i = 0; i < m; ++i) {
        const double linear = with.linear_of(training, r, made.items[i], made.construct[i]);
        if (fold[r] == f) {
          ASSERT_NEAR(made.predicted[r * m + i], wanted[made.items[i]], 1e-10) << r << " " << i;
          ASSERT_NEAR(made.linear[r * m + i], linear, 1e-9) << r << " " << i;
        } else {
          sums[r][2 * i] += wanted[made.items[i]];
          sums[r][2 * i + 1] += linear;
        }
      }
    }
  }
  for (std::size_t i = 0; i < m && in_sample; ++i) {
    for (std::size_t r = 0; r < fold.size(); ++r) {
      const double weight = of.data.weight(r);
      const double answer = of.data.columns[made.items[i]][r];
      const auto others = static_cast<double>(folds - 1);
      in[i].add(weight, answer, sums[r][2 * i] / others, 0.0);
      linear_in[i].add(weight, answer, sums[r][2 * i + 1] / others, 0.0);
    }
    EXPECT_NEAR(made.in[i].rmse(), in[i].rmse(), 1e-10);
    EXPECT_NEAR(made.in[i].mae(), in[i].mae(), 1e-10);
    EXPECT_NEAR(made.linear_in[i].rmse(), linear_in[i].rmse(), 1e-9);
    EXPECT_NEAR(made.linear_in[i].mae(), linear_in[i].mae(), 1e-9);
  }
}

TEST(path_model_prediction, ten_folds_of_mobi_as_seminr) {
  const auto data = test::mobi();
  const auto text = test::text_of_file("mobi_ecsi_predict.json");
  if (!data || !text)
    GTEST_SKIP() << "no mobi.csv or mobi_ecsi_predict.json in EMPTOR_DATA_DIR";
  const prepared of(*data, with_preset(test::ecsi_model(), path_preset::seminr));
  const std::vector<std::uint32_t> fold =
      test::cut_folds(test::places_of(test::lists_after(*text, {"shuffleOrder"})).front(), 10);
  const path_prediction made =
      predict_paths(of.plan, of.data, {}, technique::direct_antecedents, fold, 10, run{});
  const char* const labels[] = {"CUEX1", "CUEX2", "CUEX3", "CUSA1", "CUSA2", "CUSA3", "CUSL1",
                                "CUSL2", "CUSL3", "PERQ1", "PERQ2", "PERQ3", "PERQ4", "PERQ5",
                                "PERQ6", "PERQ7", "PERV1", "PERV2", "CUSCO"};
  ASSERT_EQ(made.items.size(), std::size(labels));
  const auto place = [&](const char* label) {
    for (std::size_t i = 0; i < made.items.size(); ++i)
      if (of.structure.items()[made.items[i]] == label)
        return i;
    return made.items.size();
  };
  const auto lists = [&](const char* key) { return test::lists_after(*text, {key, "values"}); };
  const struct {
    const char* key;
    const std::vector<prediction_error>& errors;
  } metrics[] = {{"plsMetricsInSample", made.in},
                 {"plsMetricsOutOfSample", made.out},
                 {"lmMetricsInSample", made.linear_in},
                 {"lmMetricsOutOfSample", made.linear_out}};
  for (const auto& one : metrics) {
    SCOPED_TRACE(one.key);
    const std::vector<std::vector<double>> wanted = lists(one.key);
    ASSERT_EQ(wanted.size(), 2U);
    for (std::size_t i = 0; i < std::size(labels); ++i) {
      EXPECT_NEAR(one.errors[place(labels[i])].rmse(), wanted[0][i], 1e-12) << labels[i];
      EXPECT_NEAR(one.errors[place(labels[i])].mae(), wanted[1][i], 1e-12) << labels[i];
    }
  }
  const std::vector<std::vector<double>> items = lists("itemsOutOfSample");
  const std::vector<std::vector<double>> linear = lists("lmOutOfSample");
  ASSERT_EQ(items.size(), 250U);
  for (std::size_t r = 0; r < 250; ++r)
    for (std::size_t i = 0; i < std::size(labels); ++i) {
      ASSERT_NEAR(made.predicted[r * 19 + place(labels[i])], items[r][i], 1e-11);
      ASSERT_NEAR(made.linear[r * 19 + place(labels[i])], linear[r][i], 1e-11);
    }
  const std::vector<std::vector<double>> constructs = lists("constructError");
  const char* const names[] = {"Expectation", "Satisfaction", "Loyalty", "Quality", "Value", "Complaints"};
  for (std::size_t c = 0; c < std::size(names); ++c) {
    std::size_t j = 0;
    while (of.structure.names()[j] != names[c])
      ++j;
    EXPECT_NEAR(made.score_in[j].mean_squared(), constructs[0][c], 1e-12) << names[c];
    EXPECT_NEAR(made.score_in[j].mae(), constructs[1][c], 1e-12) << names[c];
    EXPECT_NEAR(made.score_out[j].mean_squared(), constructs[2][c], 1e-12) << names[c];
    EXPECT_NEAR(made.score_out[j].mae(), constructs[3][c], 1e-12) << names[c];
  }
  // The figures of the reference, typed in.
  EXPECT_NEAR(made.out[place("CUEX1")].rmse(), 1.53453104477891, 1e-12);
  EXPECT_NEAR(made.out[place("CUSA2")].rmse(), 1.32757136107294, 1e-12);
  EXPECT_NEAR(made.linear_out[place("CUSA1")].rmse(), 0.955934140325275, 1e-12);
  EXPECT_NEAR(made.linear_out[place("CUSA2")].rmse(), 1.35562433312642, 1e-12);
}

TEST(path_model_prediction, folds_of_mobi_are_refits) {
  const auto data = test::mobi();
  if (!data)
    GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR";
  const prepared of(*data, test::ecsi_model());
  const std::vector<std::uint32_t> fold = drawn_folds(250, 4, 7, 0);
  expect_refits(of, technique::earliest_antecedents, fold, 4, {}, false);
  path_model_specification raw = with_preset(test::ecsi_model(), path_preset::ecsi);
  const prepared other(*data, raw);
  expect_refits(other, technique::direct_antecedents, fold, 4, {.denominator = raw.denominator}, false);
  path_model_specification consistent = test::small_model(path_mode::a);
  for (path_construct& one : consistent.constructs)
    one.consistent = one.name != "Expectation";
  expect_refits(prepared(*data, consistent), technique::direct_antecedents, fold, 4, {}, false);
}

/// Rows of a model with two causes, made by a rule.
test::survey_columns made_rows(std::size_t rows, double scale) {
  test::survey_columns made;
  random_stream stream(42, 0, 0);
  for (std::size_t r = 0; r < rows; ++r) {
    const double a = stream.uniform();
    const double b = stream.uniform();
    const auto item = [&](const std::string& label, double of) {
      const double x = 1.0 + 8.0 * of + 2.0 * (stream.uniform() - 0.5);
      made[label].push_back(scale == 1.0 ? std::round(x) : 1e3 + scale * x);
    };
    item("a1", a);
    item("a2", a);
    item("b1", b);
    item("c1", 0.6 * a + 0.4 * b);
    item("c2", 0.6 * a + 0.4 * b);
    item("d1", 0.5 * (a + b));
  }
  return made;
}
path_model_specification made_model() {
  path_model_specification of;
  of.constructs = {{.name = "a", .items = {"a1", "a2"}},
                   {.name = "b", .items = {"b1"}},
                   {.name = "c", .items = {"c1", "c2"}},
                   {.name = "d", .items = {"d1"}}};
  of.paths = {{"a", "c"}, {"b", "c"}, {"c", "d"}};
  return of;
}
std::vector<std::uint32_t> each_alone(std::size_t rows) {
  std::vector<std::uint32_t> made(rows);
  for (std::size_t r = 0; r < rows; ++r)
    made[r] = static_cast<std::uint32_t>(r);
  return made;
}

TEST(path_model_prediction, leave_one_out_is_refits_in_and_out_of_sample) {
  for (const technique how : {technique::direct_antecedents, technique::earliest_antecedents}) {
    expect_refits(prepared(made_rows(23, 1.0), made_model()), how, each_alone(23), 23, {}, true);
    expect_refits(prepared(made_rows(23, 0.37), made_model()), how, each_alone(23), 23, {}, true);
    prepared weighted(made_rows(23, 1.0), made_model());
    for (std::size_t r = 0; r < 23; ++r)
      weighted.data.weights.push_back(0.5 + 0.25 * static_cast<double>(r % 5));
    expect_refits(weighted, how, each_alone(23), 23, {}, true);
    for (double& one : weighted.data.weights)
      one = std::ceil(one);
    expect_refits(weighted, how, each_alone(23), 23, {.weights = weight_meaning::frequency}, true);
  }
}

TEST(path_model_prediction, moments_of_the_rest_have_the_bits_of_moments_made_anew) {
  const prepared of(made_rows(40, 1.0), made_model());
  const part_moments parts(of.data, {});
  std::vector<double> mean;
  std::vector<double> covariance;
  const std::vector<std::uint32_t> left_out = {3, 17, 25};
  parts.without(left_out, mean, covariance);
  complete_columns rest;
  rest.columns.resize(6);
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t r = 0; r < 40; ++r)
      if (r != 3 && r != 17 && r != 25)
        rest.columns[i].push_back(of.data.columns[i][r]);
  path_moments made;
  detail::complete_moments(rest, {}, made);
  EXPECT_EQ(mean, made.mean);
  EXPECT_EQ(covariance, made.covariance);
  // An item that only one case makes vary: the difference of real sums would be rounding.
  prepared real(made_rows(40, 0.1), made_model());
  std::fill(real.data.columns[2].begin(), real.data.columns[2].end(), 0.1);
  real.data.columns[2][5] = 1e3;
  const part_moments others(real.data, {});
  const std::uint32_t outlier[] = {5};
  others.without(outlier, mean, covariance);
  EXPECT_EQ(covariance[2 * 6 + 2], 0.0);
}

TEST(path_model_prediction, lanes_and_threads_do_not_matter) {
  const prepared of(made_rows(101, 1.0), made_model());
  const auto same = [](const path_prediction& a, const path_prediction& b) {
    EXPECT_EQ(a.predicted, b.predicted);
    EXPECT_EQ(a.linear, b.linear);
    for (std::size_t i = 0; i < a.items.size(); ++i) {
      EXPECT_EQ(a.in[i].rmse(), b.in[i].rmse());
      EXPECT_EQ(a.linear_in[i].mae(), b.linear_in[i].mae());
      EXPECT_EQ(a.out[i].q_squared(), b.out[i].q_squared());
    }
    EXPECT_EQ(a.score_in[2].mae(), b.score_in[2].mae());
  };
  const std::vector<std::uint32_t> alone = each_alone(101);
  const path_prediction made =
      predict_paths(of.plan, of.data, {}, technique::direct_antecedents, alone, 101, run{});
  same(made,
       predict_paths<math::real>(of.plan, of.data, {}, technique::direct_antecedents, alone, 101, run{}));
  for (const int threads : {2, 7}) {
    run with;
    with.threads = threads;
    same(made, predict_paths(of.plan, of.data, {}, technique::direct_antecedents, alone, 101, with));
  }
}

TEST(path_model_prediction, folds_are_drawn_evenly_and_by_name) {
  const std::vector<std::uint32_t> folds = drawn_folds(103, 10, 5, 2);
  std::vector<int> sizes(10, 0);
  for (const std::uint32_t f : folds)
    ++sizes.at(f);
  for (std::size_t f = 0; f < 10; ++f)
    EXPECT_EQ(sizes[f], f < 3 ? 11 : 10);
  EXPECT_EQ(folds, drawn_folds(103, 10, 5, 2));
  EXPECT_NE(folds, drawn_folds(103, 10, 5, 3));
  EXPECT_NE(folds, drawn_folds(103, 10, 6, 2));
  EXPECT_EQ(drawn_folds(0, 3, 1, 0).size(), 0U);
}

TEST(path_model_prediction, folds_that_fail_have_a_status) {
  test::survey_columns rows = made_rows(12, 1.0);
  for (std::size_t r = 0; r < 12; ++r)
    rows["d1"][r] = r < 3 ? 2.0 + static_cast<double>(r) : 5.0;
  const prepared of(rows, made_model());
  // Without the first three cases d1 does not vary.
  std::vector<std::uint32_t> fold(12, 1);
  fold[0] = fold[1] = fold[2] = 0;
  fold[3] = fold[4] = 2;
  const path_prediction made =
      predict_paths(of.plan, of.data, {}, technique::direct_antecedents, fold, 3, run{});
  EXPECT_EQ(made.folds[0].status, path_status::zero_variance);
  EXPECT_EQ(made.folds[2].status, path_status::converged);
  EXPECT_TRUE(std::isnan(made.predicted[0]));
  EXPECT_FALSE(std::isnan(made.predicted[3 * 3]));
  EXPECT_EQ(made.folds[1].cases, 7U);
  // Of the rest of the second fold there are five cases, for three items of the linear model: it has an answer.
  EXPECT_EQ(made.folds[1].benchmarks, 0U);
  EXPECT_LE(made.out[0].cases(), 9);
  // All cases in one fold leave none for the model.
  const path_prediction nothing = predict_paths(of.plan, of.data, {}, technique::direct_antecedents,
                                                std::vector<std::uint32_t>(12, 0), 1, run{});
  EXPECT_EQ(nothing.out[0].cases(), 0);
  EXPECT_EQ(nothing.in[0].cases(), 0);
  EXPECT_TRUE(std::isnan(nothing.out[0].rmse()));
  EXPECT_EQ(nothing.folds[0].benchmarks, 3U);
}

TEST(path_model_prediction, errors_and_verdicts) {
  prediction_error good;
  prediction_error bad;
  for (const double answer : {1.0, 2.0, 4.0}) {
    good.add(2.0, answer, answer + 0.5, 2.0);
    bad.add(1.0, answer, answer + (answer == 4.0 ? 1.2 : 0.0), 2.0);
  }
  EXPECT_EQ(good.rmse(), 0.5);
  EXPECT_EQ(good.mae(), 0.5);
  EXPECT_NEAR(good.mape(), (0.5 + 0.25 + 0.125) / 3.0, 1e-15);
  EXPECT_NEAR(good.q_squared(), 1.0 - 0.75 / 5.0, 1e-15);
  EXPECT_EQ(verdict_of(good, bad, decisive_error::rmse), prediction_verdict::better);
  EXPECT_EQ(verdict_of(good, bad, decisive_error::mae), prediction_verdict::not_better);
  prediction_error zero = good;
  zero.add(1.0, 0.0, 0.5, 2.0);
  EXPECT_TRUE(std::isnan(zero.mape()));
  EXPECT_EQ(verdict_of(zero, good, decisive_error::rmse), prediction_verdict::no_benchmark);
  EXPECT_EQ(verdict_of({}, good, decisive_error::rmse), prediction_verdict::no_prediction);
  prediction_error poor;
  poor.add(1.0, 2.0, 5.0, 2.5);
  EXPECT_EQ(verdict_of(poor, good, decisive_error::rmse), prediction_verdict::below_mean);
  EXPECT_EQ(power_of(3, 3), predictive_power::high);
  EXPECT_EQ(power_of(2, 4), predictive_power::medium);
  EXPECT_EQ(power_of(1, 3), predictive_power::low);
  EXPECT_EQ(power_of(0, 3), predictive_power::none);
}

TEST(path_model_prediction, models_of_several_stages_are_refused) {
  path_model_specification of = made_model();
  of.interactions.push_back({.name = "ab", .of = "a", .moderator = "b"});
  of.paths.push_back({"ab", "c"});
  EXPECT_EQ(code_of([&] {
              require_one_stage(path_structure("test", of), "prediction");
              return 0;
            }),
            status::unsupported);
  EXPECT_NO_THROW(require_one_stage(path_structure("test", made_model()), "prediction"));
}

} // namespace
} // namespace emptor::stats::path_model_prediction_test

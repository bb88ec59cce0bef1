// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/stats/path_model_estimate.hpp>
#include <emptor/stats/path_model_groups.hpp>
#include <emptor/stats/path_model_refits.hpp>

#include "stats/json_numbers.hpp"
#include "stats/mobi.hpp"

// Figures: sem-in-r/seminr-ts tests/fixtures/expected/M9_mga_ecsi.json, with the resamples that R drew.
namespace emptor::stats::path_model_groups_test {
namespace {

using detail::complete_columns;

double plain_henseler(const std::vector<double>& a, const std::vector<double>& b) {
  double first = 0.0;
  double second = 0.0;
  for (const double x : a)
    first += x;
  for (const double x : b)
    second += x;
  first /= static_cast<double>(a.size());
  second /= static_cast<double>(b.size());
  double larger = 0.0;
  for (const double x : a)
    for (const double y : b)
      larger += 2.0 * first - x - 2.0 * second + y > 0.0 ? 1.0 : 0.0;
  return 1.0 - larger / static_cast<double>(a.size() * b.size());
}

TEST(path_model_groups, henseler_p_value_is_that_of_all_pairs) {
  std::vector<double> a;
  std::vector<double> b;
  random_stream stream(3, 1, 0);
  for (int i = 0; i < 137; ++i) {
    a.push_back(stream.uniform());
    if (i % 3 != 0)
      b.push_back(0.8 * stream.uniform());
  }
  EXPECT_NEAR(henseler_p_value(a, b), plain_henseler(a, b), 1e-15);
  EXPECT_NEAR(henseler_p_value(b, a), plain_henseler(b, a), 1e-15);
  EXPECT_EQ(henseler_p_value({1.0}, {1.0}), 1.0) << "equal is not larger";
  EXPECT_EQ(henseler_p_value({2.0}, {1.0}), 0.0);
  EXPECT_TRUE(std::isnan(henseler_p_value({}, {1.0})));
}

TEST(path_model_groups, groups_of_mobi_as_seminr) {
  const auto data = test::mobi();
  const auto indices = test::text_of_file("mobi_ecsi_mga_indices.json");
  const auto expected = test::text_of_file("mobi_ecsi_mga_expected.json");
  if (!data || !indices || !expected)
    GTEST_SKIP() << "no mobi.csv or mobi_ecsi_mga_*.json in EMPTOR_DATA_DIR";
  const path_model_specification model = with_preset(test::ecsi_model(), path_preset::seminr);
  const path_structure structure("test", model);
  const complete_columns all = completed(test::answers_of(*data, structure), {}, false);
  path_resamples made[2];
  for (std::size_t g = 0; g < 2; ++g) {
    complete_columns group;
    group.columns.resize(all.columns.size());
    for (std::size_t r = 0; r < 250; ++r)
      if ((data->at("CUEX1")[r] < 8.0) == (g == 0))
        for (std::size_t i = 0; i < all.columns.size(); ++i)
          group.columns[i].push_back(all.columns[i][r]);
    ASSERT_EQ(group.rows(), g == 0 ? 108U : 142U);
    made[g] =
        given_resamples(structure, group, {}, resample_signs::as_estimated,
                        test::places_of(test::lists_after(*indices, {g == 0 ? "group1" : "group2"})), run{});
    ASSERT_EQ(made[g].count(path_status::converged), 100U);
  }
  const auto wanted = [&](const char* key) { return test::lists_after(*expected, {key}).front(); };
  const auto p_values = wanted("plsMgaP");
  const auto first = wanted("group1Beta");
  const auto second = wanted("group2Beta");
  const auto first_mean = wanted("group1BetaMean");
  const auto second_mean = wanted("group2BetaMean");
  const auto place = [&](const std::string& name) {
    const auto& names = structure.names();
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  };
  ASSERT_EQ(p_values.size(), model.paths.size());
  for (std::size_t k = 0; k < model.paths.size(); ++k) {
    SCOPED_TRACE(model.paths[k].from + " " + model.paths[k].to);
    const std::size_t at =
        made[0].find({path_figure::path, place(model.paths[k].from), place(model.paths[k].to)});
    EXPECT_NEAR(made[0].estimates[at], first[k], 1e-12);
    EXPECT_NEAR(made[1].estimates[at], second[k], 1e-12);
    EXPECT_NEAR(summary_of(made[0], at, 0.95, resample_interval::percentile).mean, first_mean[k], 1e-12);
    EXPECT_NEAR(summary_of(made[1], at, 0.95, resample_interval::percentile).mean, second_mean[k], 1e-12);
    EXPECT_NEAR(
        henseler_p_value(detail::converged_values(made[0], at), detail::converged_values(made[1], at)),
        p_values[k], 1e-12);
  }
  // The figures of the reference, typed in.
  const std::size_t loyalty = made[0].find({path_figure::path, place("Image"), place("Loyalty")});
  EXPECT_NEAR(made[0].estimates[loyalty], 0.394008289626727, 1e-12);
  EXPECT_NEAR(made[1].estimates[loyalty], 0.0708032523878415, 1e-12);
  EXPECT_NEAR(made[0].estimates[loyalty] - made[1].estimates[loyalty], 0.323205037238886, 1e-12);
}

path_model_specification tiny_model() {
  path_model_specification of;
  of.constructs = {{.name = "a", .items = {"a1", "a2"}},
                   {.name = "b", .items = {"b1", "b2"}},
                   {.name = "c", .items = {"c1"}}};
  of.paths = {{"a", "b"}, {"b", "c"}};
  return of;
}
complete_columns tiny_rows(std::size_t rows, bool whole, bool weighted) {
  complete_columns made;
  made.columns.resize(5);
  random_stream stream(11, 2, 0);
  for (std::size_t r = 0; r < rows; ++r) {
    const double a = stream.uniform();
    const double b = 0.6 * a + 0.4 * stream.uniform();
    const double bases[] = {a, a, b, b, 0.5 * b + 0.5 * stream.uniform()};
    for (std::size_t i = 0; i < 5; ++i) {
      const double x = 1.0 + 8.0 * bases[i] + stream.uniform();
      made.columns[i].push_back(whole ? std::round(10.0 * x) : x);
    }
    if (weighted)
      made.weights.push_back(1.0 + 0.5 * static_cast<double>(r % 3));
  }
  return made;
}

/// Differences between two groups from fits of each.
struct plain_figures {
  bool converged = true;
  std::vector<double> paths, correlations, means, log_variances;
};
plain_figures figures(const path_structure& structure, const complete_columns& all,
                      const std::vector<bool>& is_first) {
  path_moments moments[3];
  path_fit fits[3];
  for (std::size_t g = 0; g < 3; ++g) {
    complete_columns part;
    part.columns.resize(all.columns.size());
    for (std::size_t r = 0; r < all.rows(); ++r)
      if (g == 2 || is_first[r] == (g == 0)) {
        for (std::size_t i = 0; i < all.columns.size(); ++i)
          part.columns[i].push_back(all.columns[i][r]);
        if (!all.weights.empty())
          part.weights.push_back(all.weights[r]);
      }
    detail::complete_moments(part, {}, moments[g]);
    fits[g] = fit_path_model(structure, moments[g]);
  }
  if (fits[0].status() != path_status::converged || fits[1].status() != path_status::converged)
    return {.converged = false, .paths = {}, .correlations = {}, .means = {}, .log_variances = {}};
  plain_figures made;
  const path_stage_fit& pooled = fits[2].model();
  const std::size_t p = all.columns.size();
  for (std::size_t a = 0; a < pooled.path.size(); ++a)
    made.paths.push_back(fits[0].model().path[a] - fits[1].model().path[a]);
  for (std::size_t j = 0; j < pooled.constructs.size(); ++j) {
    const auto covaried = [&](const path_stage_fit& w, const path_stage_fit& v, const path_moments& of) {
      double sum = 0.0;
      for (std::size_t i = pooled.plan.first[j]; i < pooled.plan.first[j + 1]; ++i)
        for (std::size_t k = pooled.plan.first[j]; k < pooled.plan.first[j + 1]; ++k)
          sum += w.raw_weight(i) * v.raw_weight(k) * of.covariance[i * p + k];
      return sum;
    };
    const path_stage_fit& a = fits[0].model();
    const path_stage_fit& b = fits[1].model();
    made.correlations.push_back(covaried(a, b, moments[2]) /
                                std::sqrt(covaried(a, a, moments[2]) * covaried(b, b, moments[2])));
    double apart = 0.0;
    for (std::size_t i = pooled.plan.first[j]; i < pooled.plan.first[j + 1]; ++i)
      apart += pooled.raw_weight(i) * (moments[0].mean[i] - moments[1].mean[i]);
    made.means.push_back(apart);
    made.log_variances.push_back(
        std::log(covaried(pooled, pooled, moments[0]) / covaried(pooled, pooled, moments[1])));
  }
  return made;
}

TEST(path_model_groups, permutations_of_tiny_groups_are_all_splits) {
  for (const auto& [whole, weighted] : {std::pair{true, false}, {false, false}, {false, true}})
    for (const std::size_t first : {std::size_t{4}, std::size_t{6}}) {
      const path_structure structure("test", tiny_model());
      const path_plan plan = plan_of(structure.stages().back(), structure.specification());
      const complete_columns rows = tiny_rows(10, whole, weighted);
      const group_permutations made = permute_groups(plan, rows, first, {}, 1000, 0.9, 1, run{});
      EXPECT_TRUE(made.exact);
      EXPECT_EQ(made.tried, 210);
      std::vector<bool> own(10, false);
      for (std::size_t r = 0; r < first; ++r)
        own[r] = true;
      const plain_figures observed = figures(structure, rows, own);
      std::vector<int> path_counts(2, 0);
      std::vector<int> correlation_counts(3, 0);
      std::vector<int> mean_counts(3, 0);
      std::vector<int> variance_counts(3, 0);
      int splits = 0;
      for (unsigned mask = 0; mask < 1024; ++mask) {
        std::vector<bool> chosen(10);
        std::size_t size = 0;
        for (std::size_t r = 0; r < 10; ++r) {
          chosen[r] = (mask >> r & 1U) != 0;
          size += chosen[r] ? 1U : 0U;
        }
        if (size != first)
          continue;
        const plain_figures of = figures(structure, rows, chosen);
        if (!of.converged)
          continue;
        ++splits;
        for (std::size_t a = 0; a < 2; ++a)
          path_counts[a] += std::fabs(of.paths[a]) >= std::fabs(observed.paths[a]) - 1e-10 ? 1 : 0;
        for (std::size_t j = 0; j < 3; ++j) {
          correlation_counts[j] += of.correlations[j] <= observed.correlations[j] + 1e-10 ? 1 : 0;
          mean_counts[j] += std::fabs(of.means[j]) >= std::fabs(observed.means[j]) - 1e-10 ? 1 : 0;
          variance_counts[j] +=
              std::fabs(of.log_variances[j]) >= std::fabs(observed.log_variances[j]) - 1e-10 ? 1 : 0;
        }
      }
      ASSERT_GE(splits, 205);
      ASSERT_EQ(made.permutations, splits);
      for (std::size_t a = 0; a < 2; ++a) {
        EXPECT_NEAR(made.paths[a].value, observed.paths[a], 1e-9);
        EXPECT_NEAR(made.paths[a].p_value, path_counts[a] / static_cast<double>(splits), 1e-12);
        EXPECT_LT(made.paths[a].low, made.paths[a].high);
      }
      for (std::size_t j = 0; j < 3; ++j) {
        const composite_invariance& one = made.constructs[j];
        EXPECT_NEAR(one.correlation.value, observed.correlations[j], 1e-9);
        EXPECT_NEAR(one.correlation.p_value, correlation_counts[j] / static_cast<double>(splits), 1e-12);
        EXPECT_NEAR(one.mean.value, observed.means[j], 1e-10);
        EXPECT_NEAR(one.mean.p_value, mean_counts[j] / static_cast<double>(splits), 1e-12);
        EXPECT_NEAR(one.log_variance.value, observed.log_variances[j], 1e-9);
        EXPECT_NEAR(one.log_variance.p_value, variance_counts[j] / static_cast<double>(splits), 1e-12);
      }
      EXPECT_NEAR(made.constructs[2].correlation.value, 1.0, 1e-15) << "of one item";
    }
}

TEST(path_model_groups, drawn_permutations_come_near_to_all_of_them) {
  const path_structure structure("test", tiny_model());
  const path_plan plan = plan_of(structure.stages().back(), structure.specification());
  const complete_columns rows = tiny_rows(14, true, false);
  const group_permutations exact = permute_groups(plan, rows, 7, {}, 3432, 0.95, 1, run{});
  const group_permutations drawn = permute_groups(plan, rows, 7, {}, 3000, 0.95, 1, run{});
  EXPECT_TRUE(exact.exact);
  EXPECT_FALSE(drawn.exact);
  EXPECT_EQ(drawn.tried, 3000);
  for (std::size_t a = 0; a < 2; ++a)
    EXPECT_NEAR(drawn.paths[a].p_value, exact.paths[a].p_value, 0.05);
  // Lanes and threads.
  run threads;
  threads.threads = 5;
  const group_permutations other = permute_groups<math::real>(plan, rows, 7, {}, 3000, 0.95, 1, threads);
  for (std::size_t j = 0; j < 3; ++j) {
    EXPECT_EQ(drawn.constructs[j].correlation.low, other.constructs[j].correlation.low);
    EXPECT_EQ(drawn.constructs[j].mean.p_value, other.constructs[j].mean.p_value);
    EXPECT_EQ(drawn.constructs[j].log_variance.high, other.constructs[j].log_variance.high);
  }
  EXPECT_NE(drawn.paths[0].low, permute_groups(plan, rows, 7, {}, 3000, 0.95, 2, run{}).paths[0].low);
}

TEST(path_model_groups, ways_to_choose_stop_at_a_bound) {
  EXPECT_EQ(detail::ways_to_choose(4, 10, 1000), 210);
  EXPECT_EQ(detail::ways_to_choose(6, 10, 1000), 210);
  EXPECT_EQ(detail::ways_to_choose(5, 10, 251), 252);
  EXPECT_EQ(detail::ways_to_choose(500, 1000, 5000), 5001);
  EXPECT_EQ(detail::ways_to_choose(0, 7, 10), 1);
}

TEST(path_model_groups, groups_too_small_have_no_figures) {
  const path_structure structure("test", tiny_model());
  const path_plan plan = plan_of(structure.stages().back(), structure.specification());
  const complete_columns rows = tiny_rows(9, true, false);
  for (const std::size_t first : {std::size_t{0}, std::size_t{1}, std::size_t{8}, std::size_t{9}}) {
    const group_permutations made = permute_groups(plan, rows, first, {}, 50, 0.95, 1, run{});
    EXPECT_EQ(made.permutations, 0);
    EXPECT_TRUE(std::isnan(made.paths[0].p_value));
    EXPECT_TRUE(std::isnan(made.constructs[0].correlation.value));
  }
}

TEST(path_model_groups, given_resamples_are_those_that_are_drawn) {
  const path_structure structure("test", tiny_model());
  for (const bool whole : {true, false}) {
    const complete_columns rows = tiny_rows(40, whole, false);
    std::vector<std::vector<std::uint32_t>> cases(30);
    for (std::size_t b = 0; b < cases.size(); ++b) {
      random_stream stream(8, b, 0);
      for (std::size_t r = 0; r < 40; ++r)
        cases[b].push_back(static_cast<std::uint32_t>(stream.below(40)));
    }
    const path_resamples given =
        given_resamples(structure, rows, {}, resample_signs::construct, cases, run{});
    const path_resamples drawn = resample_model(structure, rows, {}, resample_signs::construct,
                                                resample_kind::bootstrap, 8, 30, run{});
    EXPECT_EQ(given.values, drawn.values);
    EXPECT_EQ(given.statuses, drawn.statuses);
    cases[0].clear();
    cases[1].push_back(3);
    const path_resamples odd = given_resamples(structure, rows, {}, resample_signs::construct, cases, run{});
    EXPECT_EQ(odd.statuses[0], path_status::zero_variance);
    EXPECT_EQ(odd.statuses[1], path_status::converged);
  }
}

} // namespace
} // namespace emptor::stats::path_model_groups_test

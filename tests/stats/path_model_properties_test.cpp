// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/math/newton.hpp>
#include <emptor/math/pack.hpp>

#include "stats/mobi.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::stats::path_model_properties_test {
namespace {

using test::code_of;
using test::ecsi_model;
using test::fitted;
using test::path;
using test::r_squared;
using test::survey_columns;

/// Answers 1 to 10 of items that depend on each other, along the model of the European index.
survey_columns drawn(std::size_t rows, std::uint64_t seed = 7) {
  test::draws random(seed);
  const auto noise = [&](int spread) {
    return static_cast<double>(random.below(static_cast<std::uint64_t>(spread)));
  };
  survey_columns made;
  const path_model_specification model = ecsi_model();
  for (std::size_t r = 0; r < rows; ++r) {
    const double shared = noise(6);
    for (const path_construct& construct : model.constructs) {
      const double own = shared + noise(4);
      for (const std::string& item : construct.items)
        made[item].push_back(std::min(10.0, 1.0 + own + noise(3)));
    }
  }
  return made;
}

void expect_equal(const path_fit& x, const path_fit& y) {
  EXPECT_EQ(x.model().weights, y.model().weights);
  EXPECT_EQ(x.model().loadings, y.model().loadings);
  EXPECT_EQ(x.model().path, y.model().path);
  EXPECT_EQ(x.total_effects, y.total_effects);
}

TEST(path_model_properties, whole_answers_have_the_same_bits_in_any_order) {
  const survey_columns data = drawn(120);
  std::vector<std::size_t> order(120);
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  test::draws random(3);
  random.shuffle(order);
  survey_columns shuffled = data;
  for (auto& [label, answers] : shuffled)
    for (std::size_t i = 0; i < order.size(); ++i)
      answers[i] = data.at(label)[order[i]];
  for (const path_preset preset : {path_preset::emptor, path_preset::ecsi})
    expect_equal(fitted(data, with_preset(ecsi_model(), preset)),
                 fitted(shuffled, with_preset(ecsi_model(), preset)));
}

TEST(path_model_properties, a_frequency_is_as_many_rows) {
  const survey_columns data = drawn(60);
  std::vector<double> weights;
  survey_columns repeated;
  for (std::size_t r = 0; r < 60; ++r) {
    weights.push_back(static_cast<double>(1 + r % 3));
    for (const auto& [label, answers] : data)
      repeated[label].insert(repeated[label].end(), 1 + r % 3, answers[r]);
  }
  const path_structure structure("test", ecsi_model());
  answer_columns answers = test::answers_of(data, structure);
  answers.weights = weights;
  const auto moments = [&](weight_meaning meaning) {
    return moments_of("test", answers, {}, {.weights = meaning}, run{});
  };
  const path_moments by_frequency = moments(weight_meaning::frequency);
  EXPECT_TRUE(by_frequency.exact);
  EXPECT_EQ(by_frequency.cases, 120.0);
  EXPECT_EQ(by_frequency.effective_cases, 120.0);
  expect_equal(fit_path_model(structure, by_frequency), fitted(repeated, ecsi_model()));
  const path_moments by_sampling = moments(weight_meaning::sampling);
  EXPECT_EQ(by_sampling.cases, 60.0);
  EXPECT_NEAR(by_sampling.effective_cases, 120.0 * 120.0 / 280.0, 1e-12);
  for (std::size_t i = 0; i < by_sampling.mean.size(); ++i)
    EXPECT_EQ(by_sampling.mean[i], by_frequency.mean[i]);
  const double effective = by_sampling.effective_cases;
  EXPECT_NEAR(by_sampling.covariance[1] * (effective - 1.0) / effective,
              by_frequency.covariance[1] * 119.0 / 120.0, 1e-12);
}

TEST(path_model_properties, exact_and_real_sums_agree) {
  const survey_columns data = drawn(200);
  survey_columns halves = data;
  for (auto& [label, answers] : halves)
    for (double& x : answers)
      x *= 0.3;
  const path_structure structure("test", ecsi_model());
  const path_moments whole = test::moments_for(data, structure);
  const path_moments parts = test::moments_for(halves, structure);
  EXPECT_TRUE(whole.exact);
  EXPECT_FALSE(parts.exact);
  for (std::size_t i = 0; i < whole.covariance.size(); ++i)
    EXPECT_NEAR(whole.covariance[i] * 0.09, parts.covariance[i], 1e-13);
  const path_fit x = fit_path_model(structure, whole);
  const path_fit y = fit_path_model(structure, parts);
  for (std::size_t i = 0; i < x.model().path.size(); ++i)
    EXPECT_NEAR(x.model().path[i], y.model().path[i], 1e-12)
        << "units do not matter where items are standardised";
}

TEST(path_model_properties, a_pack_has_the_bits_of_each_of_its_matrices) {
  using pack = math::pack<math::isa::baseline>;
  for (const path_preset preset : {path_preset::emptor, path_preset::seminr, path_preset::ecsi}) {
    path_model_specification model = with_preset(ecsi_model(), preset);
    model.constructs[2].mode = path_mode::b;
    model.constructs[3].mode = path_mode::pca;
    model.constructs[4].consistent = preset != path_preset::ecsi;
    const path_structure structure("test", model);
    const path_plan plan = plan_of(structure.stages().back(), model);
    path_workspace<pack> together(plan);
    std::vector<path_workspace<math::real>> alone;
    for (int lane = 0; lane < pack::lanes; ++lane) {
      const path_moments from =
          test::moments_for(drawn(40 + 100 * static_cast<std::size_t>(lane), 11), structure);
      alone.emplace_back(plan);
      for (std::size_t i = 0; i < from.covariance.size(); ++i) {
        alone.back().covariance[i] = from.covariance[i];
        together.covariance[i].set(lane, from.covariance[i]);
      }
      estimate_paths(plan, alone.back());
    }
    estimate_paths(plan, together);
    for (int lane = 0; lane < pack::lanes; ++lane) {
      const auto& one = alone[static_cast<std::size_t>(lane)];
      EXPECT_EQ(math::value_of(together.status[lane]), math::value_of(one.status));
      EXPECT_EQ(math::value_of(together.passes[lane]), math::value_of(one.passes));
      for (std::size_t i = 0; i < plan.items(); ++i) {
        EXPECT_EQ(math::value_of(together.weights[i][lane]), math::value_of(one.weights[i]));
        EXPECT_EQ(math::value_of(together.loadings[i][lane]), math::value_of(one.loadings[i]));
      }
      for (std::size_t i = 0; i < plan.paths(); ++i)
        EXPECT_EQ(math::value_of(together.path[i][lane]), math::value_of(one.path[i]));
    }
  }
}

TEST(path_model_properties, weights_that_are_not_estimated) {
  const survey_columns data = drawn(150);
  path_model_specification model = ecsi_model();
  model.constructs[0].mode = path_mode::unit;
  model.constructs[1].mode = path_mode::fixed;
  model.constructs[1].weights = {1.0, 2.0, 3.0};
  model.constructs[2].mode = path_mode::pca;
  const path_fit fit = fitted(data, model);
  const std::vector<double>& w = fit.model().weights;
  for (std::size_t i = 1; i < 5; ++i)
    EXPECT_EQ(w[i], w[0]);
  EXPECT_NEAR(w[6] / w[5], 2.0, 1e-14);
  EXPECT_NEAR(w[7] / w[5], 3.0, 1e-14);
  const std::size_t items = fit.model().items.size();
  std::vector<double> block;
  for (std::size_t i = 8; i < 15; ++i)
    for (std::size_t k = 8; k < 15; ++k)
      block.push_back(fit.model().item_correlations[i * items + k]);
  const math::symmetric_eigen eigen(block, 7);
  const auto first = static_cast<std::size_t>(std::max_element(eigen.values.begin(), eigen.values.end()) -
                                              eigen.values.begin());
  for (std::size_t i = 1; i < 7; ++i)
    EXPECT_NEAR(w[8 + i] / w[8], eigen.vectors[i * 7 + first] / eigen.vectors[first], 1e-11);
}

TEST(path_model_properties, scores_have_variance_one_and_positive_loadings) {
  survey_columns data = drawn(100);
  for (const char* const reversed : {"CUSA1", "CUSA2", "CUSA3", "CUSCO"})
    for (double& x : data[reversed])
      x = 11.0 - x;
  const path_fit fit = fitted(data, ecsi_model());
  const path_stage_fit& of = fit.model();
  for (std::size_t j = 0; j < of.constructs.size(); ++j) {
    double loadings = 0.0;
    double variance = 0.0;
    for (std::size_t i = of.plan.first[j]; i < of.plan.first[j + 1]; ++i) {
      loadings += of.loadings[i];
      for (std::size_t k = of.plan.first[j]; k < of.plan.first[j + 1]; ++k)
        variance += of.weights[i] * of.weights[k] * of.item_correlations[i * of.items.size() + k];
    }
    EXPECT_GE(loadings, 0.0);
    EXPECT_NEAR(variance, 1.0, 1e-12);
  }
  EXPECT_LT(path(fit, "Quality", "Satisfaction"), 0.0) << "turned round, it falls where quality rises";
}

TEST(path_model_properties, effects_add_up_over_all_ways) {
  const path_fit fit = fitted(drawn(90), ecsi_model());
  const std::size_t n = fit.model().constructs.size();
  const std::function<double(std::size_t, std::size_t)> ways = [&](std::size_t from, std::size_t to) {
    double sum = fit.direct_effect(from, to);
    for (std::size_t by = 0; by < n; ++by)
      if (by != from && fit.direct_effect(by, to) != 0.0)
        sum += ways(from, by) * fit.direct_effect(by, to);
    return sum;
  };
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      EXPECT_NEAR(fit.total_effect(i, j), ways(i, j), 1e-14) << i << " " << j;
}

TEST(path_model_properties, rules_for_missing_answers_agree_where_none_is_missing) {
  const survey_columns data = drawn(80);
  const path_fit plain = fitted(data, ecsi_model());
  for (const missing_rule rule : {missing_rule::mean, missing_rule::pairwise, missing_rule::em})
    expect_equal(plain, fitted(data, ecsi_model(), {.missing = rule}));
}

/// Maximum likelihood of two variables, of which one is missing in some rows: Anderson's explicit solution.
TEST(path_model_properties, em_reaches_the_maximum_of_the_likelihood) {
  test::draws random(5);
  survey_columns data;
  std::vector<double> whole_x;
  for (int r = 0; r < 60; ++r) {
    const double x = static_cast<double>(random.below(10));
    const double y = 2.0 + 0.7 * x + static_cast<double>(random.below(5));
    data["x"].push_back(x);
    data["y"].push_back(r < 40 ? y : std::nan(""));
    whole_x.push_back(x);
  }
  path_model_specification model;
  model.constructs = {{.name = "X", .items = {"x"}}, {.name = "Y", .items = {"y"}}};
  model.paths = {{"X", "Y"}};
  const path_structure structure("test", model);
  const path_moments made = test::moments_for(
      data, structure, {.missing = missing_rule::em, .denominator = variance_denominator::n});
  const auto mean = [](const std::vector<double>& of, std::size_t n) {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i)
      sum += of[i];
    return sum / static_cast<double>(n);
  };
  const auto product = [&](const std::vector<double>& a, const std::vector<double>& b, std::size_t n) {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i)
      sum += (a[i] - mean(a, n)) * (b[i] - mean(b, n));
    return sum / static_cast<double>(n);
  };
  const std::vector<double>& y = data["y"];
  const double slope = product(whole_x, y, 40) / product(whole_x, whole_x, 40);
  const double mean_y = mean(y, 40) + slope * (mean(whole_x, 60) - mean(whole_x, 40));
  const double variance =
      product(y, y, 40) + slope * slope * (product(whole_x, whole_x, 60) - product(whole_x, whole_x, 40));
  EXPECT_TRUE(made.converged);
  EXPECT_NEAR(made.mean[1], mean_y, 1e-8);
  EXPECT_NEAR(made.covariance[1], slope * product(whole_x, whole_x, 60), 1e-8);
  EXPECT_NEAR(made.covariance[3], variance, 1e-7);
  EXPECT_EQ(made.missing, 20);
  EXPECT_EQ(made.used, 60);
}

TEST(path_model_properties, second_order_by_repeated_items) {
  const survey_columns data = drawn(130);
  path_model_specification model = ecsi_model();
  model.constructs.push_back({.name = "Offer", .items = {}, .parts = {"Quality", "Value"}});
  model.paths = {{"Image", "Offer"},
                 {"Expectation", "Offer"},
                 {"Offer", "Satisfaction"},
                 {"Satisfaction", "Complaints"},
                 {"Satisfaction", "Loyalty"}};
  const path_fit two_stage = fitted(data, model);
  EXPECT_EQ(two_stage.stages.size(), 2U);
  EXPECT_EQ(two_stage.model().plan.size(two_stage.model().find("Offer")), 2U);
  model.second_order = second_order_method::repeated;
  const path_fit repeated = fitted(data, model);
  EXPECT_EQ(repeated.status(), path_status::converged);
  EXPECT_EQ(repeated.model().plan.size(repeated.model().find("Offer")), 9U);
  EXPECT_GT(r_squared(repeated, "Quality"), 0.5) << "it is measured by its items";
}

TEST(path_model_properties, products_are_those_of_the_rows) {
  // The score of a two-stage interaction from rows, against that from moments.
  const survey_columns data = drawn(110);
  path_model_specification model = ecsi_model();
  model.interactions = {{.name = "I", .of = "Image", .moderator = "Value"},
                        {.name = "Q", .of = "Quality", .moderator = "Quality"}};
  model.paths.push_back({"I", "Loyalty"});
  model.paths.push_back({"Q", "Satisfaction"});
  const path_fit fit = fitted(data, model);
  ASSERT_EQ(fit.stages.size(), 2U);
  const path_stage_fit& first = fit.stages.front();
  const auto score = [&](std::string_view construct, std::size_t row) {
    const std::size_t j = first.find(construct);
    double sum = 0.0;
    for (std::size_t i = first.plan.first[j]; i < first.plan.first[j + 1]; ++i) {
      const std::vector<double>& answers = data.at(first.items[i]);
      double mean = 0.0;
      for (const double x : answers)
        mean += x / 110.0;
      sum += first.raw_weight(i) * (answers[row] - mean);
    }
    return sum;
  };
  survey_columns with = data;
  for (std::size_t r = 0; r < 110; ++r) {
    with["i"].push_back(score("Image", r) * score("Value", r));
    with["q"].push_back(score("Quality", r) * score("Quality", r));
  }
  path_model_specification of_rows = ecsi_model();
  of_rows.constructs.push_back({.name = "I", .items = {"i"}});
  of_rows.constructs.push_back({.name = "Q", .items = {"q"}});
  of_rows.paths = model.paths;
  const path_fit by_rows = fitted(with, of_rows);
  for (const path_arrow& one : model.paths)
    EXPECT_NEAR(path(fit, one.from, one.to), path(by_rows, one.from, one.to), 1e-11)
        << one.from << " " << one.to;
}

TEST(path_model_properties, weights_that_go_to_and_fro) {
  const survey_columns data = {{"a1", {2, 4, 1, 1, 3, 2, 2, 1, 2}}, {"a2", {4, 1, 2, 3, 1, 4, 4, 2, 1}},
                               {"b1", {2, 1, 4, 1, 4, 2, 4, 3, 4}}, {"b2", {1, 1, 1, 1, 1, 1, 1, 3, 2}},
                               {"c1", {3, 2, 3, 2, 2, 1, 3, 4, 2}}, {"c2", {4, 3, 1, 4, 3, 4, 1, 2, 3}},
                               {"d1", {2, 4, 4, 2, 3, 1, 1, 1, 1}}, {"d2", {3, 3, 3, 3, 3, 1, 4, 1, 2}}};
  path_model_specification model;
  model.constructs = {{.name = "A", .items = {"a1", "a2"}},
                      {.name = "B", .items = {"b1", "b2"}},
                      {.name = "C", .mode = path_mode::b, .items = {"c1", "c2"}},
                      {.name = "D", .mode = path_mode::b, .items = {"d1", "d2"}}};
  model.paths = {{"A", "B"}, {"B", "C"}, {"A", "C"}, {"C", "D"}, {"A", "D"}};
  model.scheme = inner_scheme::centroid;
  const path_fit fit = fitted(data, model);
  EXPECT_EQ(fit.status(), path_status::two_cycle);
  EXPECT_LT(fit.model().passes, model.limit);
  EXPECT_GT(fit.model().change, 1.0);
  model.limit = 5;
  EXPECT_EQ(fitted(data, model).status(), path_status::not_converged);
}

// --- what is refused ------------------------------------------------------------------------------------------

std::string refusal_of(const path_model_specification& model, status code) {
  std::string text;
  EXPECT_EQ(code_of([&] { return path_structure("m", model); }, &text), code) << text;
  return text;
}

TEST(path_model_properties, specifications_without_sense) {
  const auto changed = [](const auto& change) {
    path_model_specification model = ecsi_model();
    change(model);
    return model;
  };
  EXPECT_EQ(refusal_of(changed([](auto& m) {
                         m.paths.push_back({"Imagee", "Loyalty"});
                       }),
                       status::unknown_name),
            "m: there is no construct Imagee; did you mean Image?");
  EXPECT_EQ(refusal_of(changed([](auto& m) {
                         m.paths.push_back({"Loyalty", "Image"});
                       }),
                       status::data),
            "m: the paths go round in a cycle: Image -> Loyalty -> Image; take one of them out");
  EXPECT_EQ(refusal_of(changed([](auto& m) { m.constructs[1].items.push_back("IMAG1"); }), status::data),
            "m: item IMAG1 is there twice, but must be in one construct, once");
  EXPECT_EQ(refusal_of(changed([](auto& m) { m.constructs.push_back({.name = "Trust", .items = {"T1"}}); }),
                       status::data),
            "m: construct Trust is without a path, but must be with a path from it or to it");
  EXPECT_EQ(refusal_of(changed([](auto& m) { m.constructs[0].items.clear(); }), status::data),
            "m: construct Image is without items, but must be measured by items or by other constructs");
  refusal_of(changed([](auto& m) { m.paths.push_back({"Image", "Loyalty"}); }), status::data);
  refusal_of(changed([](auto& m) { m.paths.push_back({"Image", "Image"}); }), status::data);
  refusal_of(changed([](auto& m) { m.constructs[1].name = "Image"; }), status::data);
  refusal_of(changed([](auto& m) { m.constructs[1].weights = {1.0}; }), status::data);
  refusal_of(changed([](auto& m) { m.constructs[1].mode = path_mode::fixed; }), status::data);
  refusal_of(changed([](auto& m) { m.constructs[1].mode = path_mode::b, m.constructs[1].consistent = true; }),
             status::unsupported);
  refusal_of(changed([](auto& m) { m.tolerance = 0.0; }), status::option);
  refusal_of(changed([](auto& m) { m.tolerance = std::nan(""); }), status::option);
  refusal_of(changed([](auto& m) { m.limit = 0; }), status::option);
  refusal_of(changed([](auto& m) { m.interactions = {{.name = "I", .of = "Image", .moderator = "Valu"}}; }),
             status::unknown_name);
  refusal_of(changed([](auto& m) { m.interactions = {{.name = "I", .of = "Image", .moderator = "Value"}}; }),
             status::data);
  refusal_of({}, status::ok);
}

TEST(path_model_properties, data_without_an_answer) {
  const survey_columns good = drawn(50);
  const auto refused = [&](const auto& change, status code, path_mode quality = path_mode::a) {
    survey_columns data = good;
    change(data);
    path_model_specification model = ecsi_model();
    model.constructs[2].mode = quality;
    std::string text;
    EXPECT_EQ(code_of([&] { return fitted(data, model); }, &text), code) << text;
    return text;
  };
  const double none = std::nan("");
  EXPECT_EQ(refused([](auto& d) { std::fill(d["PERQ3"].begin(), d["PERQ3"].end(), 7.0); }, status::data),
            "test: item PERQ3 does not vary, so that it says nothing about its construct; leave it out");
  refused([](auto& d) { std::fill(d["PERQ3"].begin(), d["PERQ3"].end(), 0.1); }, status::data);
  EXPECT_EQ(refused(
                [](auto& d) {
                  for (std::size_t r = 0; r < 50; ++r)
                    d["PERQ4"][r] = 3.0 * d["PERQ1"][r] - d["PERQ2"][r];
                },
                status::data, path_mode::b),
            "test: item PERQ4 of construct Quality of mode B follows from its other items; leave it out, or "
            "take mode A");
  EXPECT_EQ(
      refused(
          [](auto& d) {
            for (auto& [label, answers] : d)
              answers.resize(7);
          },
          status::too_few, path_mode::b),
      "test: the number of cases is 7, but must be > 7, the number of items of construct Quality of mode B");
  EXPECT_EQ(refused([&](auto& d) { std::fill(d["CUSCO"].begin(), d["CUSCO"].end(), none); }, status::too_few),
            "test: the number of answers of CUSCO is 0, but must be >= 2");
  EXPECT_EQ(refused([&](auto& d) { d["CUSCO"][9] = HUGE_VAL; }, status::data),
            "test: CUSCO[9] is inf, but must be a finite number");
  refused(
      [](auto& d) {
        for (auto& [label, answers] : d)
          answers.clear();
      },
      status::too_few);
  refused(
      [](auto& d) {
        for (auto& [label, answers] : d)
          answers.resize(1);
      },
      status::too_few);
  refused([](auto& d) { d["CUSCO"].resize(10); }, status::schema);
  const path_structure structure("test", ecsi_model());
  for (const double weight : {0.0, -1.0, none, HUGE_VAL}) {
    std::vector<double> weights(50, 1.0);
    weights[3] = weight;
    answer_columns answers = test::answers_of(good, structure);
    answers.weights = weights;
    EXPECT_EQ(code_of([&] { return moments_of("test", answers, {}, {}, run{}); }), status::data);
  }
}

TEST(path_model_properties, constructs_that_say_the_same_end_with_a_status) {
  survey_columns data = drawn(40);
  for (int i = 1; i <= 2; ++i)
    data["PERV" + std::to_string(i)] = data["CUEX" + std::to_string(i)];
  path_model_specification model = ecsi_model();
  model.constructs[1].items = {"CUEX1", "CUEX2"};
  model.constructs[1].mode = model.constructs[3].mode = path_mode::unit;
  const path_fit fit = fitted(data, model);
  EXPECT_EQ(fit.status(), path_status::collinear_sources);
  EXPECT_FALSE(fit.model().usable());
}

} // namespace
} // namespace emptor::stats::path_model_properties_test

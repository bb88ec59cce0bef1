// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/stats/path_model_assessment.hpp>

#include "stats/mobi.hpp"

// Figures: sem-in-r/seminr-ts tests/fixtures/expected/M7_evaluation_m2.json and M2_full_ecsi.json; GoF of plspm 0.5.
namespace emptor::stats::path_model_assessment_test {
namespace {

using test::ecsi_model;
using test::fitted;
using test::mobi;

constexpr double digits = 1e-12;

std::size_t place(const path_fit& of, std::string_view construct) {
  return of.model().find(construct);
}

std::size_t number_of(const path_fit& of, std::string_view from, std::string_view to) {
  const path_plan& plan = of.model().plan;
  const std::size_t j = place(of, to);
  for (std::size_t a = plan.source_first[j]; a < plan.source_first[j + 1]; ++a)
    if (plan.source[a] == place(of, from))
      return a;
  return plan.source.size();
}

TEST(path_model_assessment, european_index_as_seminr) {
  const auto data = mobi();
  if (!data)
    GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR";
  const path_fit fit = fitted(*data, with_preset(ecsi_model(), path_preset::seminr));
  const path_quality quality = quality_of(fit);
  struct figure {
    const char* construct;
    double alpha, rho_a, rho_c, ave;
  };
  for (const figure& of :
       {figure{"Image", 0.722834595427083, 0.740328516388614, 0.818878673073353, 0.478353944254275},
        {"Expectation", 0.451902555978064, 0.462054887723249, 0.733235558500388, 0.480446180089243},
        {"Quality", 0.877010245240235, 0.884246470668523, 0.904692421911212, 0.576650002533362},
        {"Value", 0.823631979352573, 0.854996336790828, 0.917975411373379, 0.848439886703622},
        {"Satisfaction", 0.779195021918597, 0.78910157619656, 0.871253232708246, 0.693095056441265},
        {"Loyalty", 0.47239896289838, 0.745733723579514, 0.721705555704492, 0.517304726174129}}) {
    const construct_quality& one = quality.constructs[place(fit, of.construct)];
    EXPECT_NEAR(one.alpha, of.alpha, digits) << of.construct;
    EXPECT_NEAR(one.rho_a, of.rho_a, digits) << of.construct;
    EXPECT_NEAR(one.rho_c, of.rho_c, digits) << of.construct;
    EXPECT_NEAR(one.ave, of.ave, digits) << of.construct;
  }
  const construct_quality& single = quality.constructs[place(fit, "Complaints")];
  EXPECT_TRUE(std::isnan(single.alpha)) << "not defined for one item, where seminr says 1";
  EXPECT_TRUE(std::isnan(single.rho_c));
  EXPECT_EQ(single.ave, 1.0);
  const std::pair<const char*, std::pair<double, double>> information[] = {
      {"Expectation", {-70.5739929651168, -63.5310711293923}},
      {"Quality", {-89.7568415524343, -82.7139197167098}},
      {"Value", {-100.88850523606, -90.324122482473}},
      {"Satisfaction", {-276.704413817581, -259.09710922827}},
      {"Complaints", {-78.7304080498013, -71.6874862140768}},
      {"Loyalty", {-145.637923067325, -131.552079395876}}};
  for (const auto& [construct, of] : information) {
    EXPECT_NEAR(quality.constructs[place(fit, construct)].aic, of.first, 1e-10) << construct;
    EXPECT_NEAR(quality.constructs[place(fit, construct)].bic, of.second, 1e-10) << construct;
  }
  const char* const names[] = {"Image",        "Expectation", "Quality", "Value",
                               "Satisfaction", "Complaints",  "Loyalty"};
  const double htmt[6][6] = {
      {0.88803042750925, 0.928706389461734, 0.651659392487802, 0.910100923782741, 0.544731346013021,
       0.866996598026726},
      {0, 0.878336874197207, 0.588628982316289, 0.865108193553153, 0.382952274669992, 0.770414260503289},
      {0, 0, 0.673251989368684, 0.95363601193348, 0.563896440793611, 0.759320187689023},
      {0, 0, 0, 0.740808927759395, 0.386767333401936, 0.797316589256073},
      {0, 0, 0, 0, 0.588173233506081, 0.956645674591454},
      {0, 0, 0, 0, 0, 0.561258539823949}};
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t k = i; k < 6; ++k)
      EXPECT_NEAR(quality.htmt[place(fit, names[i]) * 7 + place(fit, names[k + 1])], htmt[i][k], digits)
          << names[i] << " " << names[k + 1];
  const path_structure structure("test", with_preset(ecsi_model(), path_preset::seminr));
  const std::vector<double> again =
      reestimated_f_squared(structure, test::moments_for(*data, structure), fit, run{});
  struct effect {
    const char* from;
    const char* to;
    double value;
  };
  for (const effect& of : {effect{"Image", "Expectation", 0.342170326595843},
                           {"Image", "Satisfaction", 0.0425212854465794},
                           {"Expectation", "Quality", 0.449211107832199},
                           {"Quality", "Satisfaction", 0.285027940994532},
                           {"Value", "Satisfaction", 0.0760990757597117},
                           {"Satisfaction", "Loyalty", 0.206247012930257},
                           {"Satisfaction", "Complaints", 0.386681677687206}})
    EXPECT_NEAR(again[number_of(fit, of.from, of.to)], of.value, digits) << of.from << " " << of.to;
  EXPECT_NEAR(quality.f_squared[number_of(fit, "Expectation", "Quality")], 0.449211107832199, digits)
      << "of one antecedent both are the same";
  EXPECT_NEAR(quality.f_squared[number_of(fit, "Image", "Satisfaction")], 0.0422, 5e-5)
      << "the scores stay, which seminr estimates again";
  for (const effect& of : {effect{"Image", "Satisfaction", 2.37235008757571},
                           {"Expectation", "Satisfaction", 1.48867295409802},
                           {"Quality", "Satisfaction", 2.84175311156203},
                           {"Value", "Satisfaction", 1.55137426953297}})
    EXPECT_NEAR(quality.antecedent_vif[number_of(fit, of.from, of.to)], of.value, digits) << of.from;
  for (const auto& [label, vif] : {std::pair<const char*, double>{"PERV1", 1.96158254047704},
                                   {"PERV2", 1.96158254047704},
                                   {"PERQ3", 2.10475323066629},
                                   {"IMAG1", 1.46840074157899}})
    EXPECT_NEAR(quality.item_vif[test::item(fit, label)], vif, digits) << label;
}

TEST(path_model_assessment, consistent_loadings_as_seminr) {
  const auto data = mobi();
  if (!data)
    GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR";
  path_model_specification model = test::small_model(path_mode::a);
  for (path_construct& one : model.constructs)
    one.consistent = true;
  const path_fit fit = fitted(*data, with_preset(model, path_preset::seminr));
  const path_quality quality = quality_of(fit);
  EXPECT_NEAR(quality.constructs[place(fit, "Image")].ave, 0.354966733782954, digits);
  EXPECT_NEAR(quality.constructs[place(fit, "Expectation")].ave, 0.221510355834999, digits);
}

TEST(path_model_assessment, goodness_of_fit_as_plspm) {
  const auto raw = mobi();
  if (!raw)
    GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR";
  test::survey_columns data = *raw;
  for (auto& [label, answers] : data)
    for (double& x : answers)
      x = (x - 1.0) * 100.0 / 9.0;
  struct figure {
    inner_scheme scheme;
    path_preset preset;
    double gof;
  };
  for (const figure& of : {figure{inner_scheme::centroid, path_preset::plspm, 0.471467},
                           {inner_scheme::factorial, path_preset::plspm, 0.471409},
                           {inner_scheme::path, path_preset::plspm, 0.471753},
                           {inner_scheme::centroid, path_preset::ecsi, 0.464534},
                           {inner_scheme::path, path_preset::ecsi, 0.464570}}) {
    path_model_specification model = with_preset(ecsi_model(), of.preset);
    model.scheme = of.scheme;
    EXPECT_NEAR(quality_of(fitted(data, model)).gof, of.gof, 1.1e-6) << text_of(model);
  }
}

/// Correlations of two common factors, from which PLSc finds loadings and paths exactly, and so leaves no distance.
TEST(path_model_assessment, a_model_that_holds_leaves_no_distance) {
  path_model_specification model;
  model.constructs = {{.name = "X", .items = {"x1", "x2", "x3"}, .consistent = true},
                      {.name = "Y", .items = {"y1", "y2", "y3"}, .consistent = true},
                      {.name = "Z", .items = {"z1", "z2"}}};
  model.paths = {{"X", "Y"}, {"Y", "Z"}};
  const path_structure structure("test", model);
  const double loadings[] = {0.9, 0.8, 0.7, 0.6, 0.75, 0.85, 0.7, 0.8};
  const double constructs[3][3] = {{1.0, 0.5, 0.2}, {0.5, 1.0, 0.4}, {0.2, 0.4, 1.0}};
  path_moments from;
  from.mean.assign(8, 0.0);
  from.cases = 300.0;
  const auto construct = [](std::size_t i) { return std::min<std::size_t>(i / 3, 2); };
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t k = 0; k < 8; ++k)
      from.covariance.push_back(i == k ? 1.0
                                       : loadings[i] * loadings[k] * constructs[construct(i)][construct(k)]);
  // The composite Z has loadings 0.7 and 0.8 on a factor; as a composite its items correlate with others in proportion.
  const path_fit fit = fit_path_model(structure, from);
  const path_quality quality = quality_of(fit);
  for (std::size_t i = 0; i < 6; ++i)
    EXPECT_NEAR(fit.model().loadings[i], loadings[i], 1e-9);
  EXPECT_NEAR(test::path(fit, "X", "Y"), 0.5, 1e-9);
  EXPECT_NEAR(quality.htmt2[place(fit, "X") * 3 + place(fit, "Y")], 0.5, 1e-12)
      << "HTMT2 needs no equal loadings";
  EXPECT_GT(quality.htmt[place(fit, "X") * 3 + place(fit, "Y")], 0.5 - 1e-3);
  EXPECT_GE(quality.srmr, 0.0);
  EXPECT_NEAR(quality.d_uls, quality.srmr * quality.srmr * 36.0, 1e-15);
  // X and Y alone hold exactly.
  path_model_specification two = model;
  two.constructs.pop_back();
  two.paths.pop_back();
  path_moments part;
  part.mean.assign(6, 0.0);
  part.cases = 300.0;
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t k = 0; k < 6; ++k)
      part.covariance.push_back(from.covariance[i * 8 + k]);
  const path_quality exact = quality_of(fit_path_model(path_structure("test", two), part));
  EXPECT_NEAR(exact.srmr, 0.0, 1e-9);
  EXPECT_NEAR(exact.d_g, 0.0, 1e-15);
}

/// d_G of two items is known: the eigenvalues of S^-1 Sigma are (1 + s) / (1 + r) and (1 - s) / (1 - r).
TEST(path_model_assessment, geodesic_distance_has_natural_logarithms) {
  path_model_specification model;
  model.constructs = {
      {.name = "A", .items = {"a"}}, {.name = "B", .items = {"b"}}, {.name = "C", .items = {"c"}}};
  model.paths = {{"A", "B"}, {"B", "C"}};
  path_moments from;
  from.mean.assign(3, 0.0);
  from.cases = 100.0;
  // A and C have nothing in common but through B: implied 0.
  from.covariance = {1.0, 0.0, 0.3, 0.0, 1.0, 0.0, 0.3, 0.0, 1.0};
  const path_quality quality = quality_of(fit_path_model(path_structure("test", model), from));
  const double expected = 0.5 * (std::pow(std::log(1.0 / 1.3), 2) + std::pow(std::log(1.0 / 0.7), 2));
  EXPECT_NEAR(quality.d_g, expected, 1e-14);
  EXPECT_NEAR(quality.d_uls, 0.09, 1e-15);
  EXPECT_NEAR(quality.srmr, std::sqrt(0.09 / 6.0), 1e-15);
}

TEST(path_model_assessment, each_criterion_has_a_verdict) {
  const auto data = mobi();
  if (!data)
    GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR";
  const path_fit fit = fitted(*data, ecsi_model());
  const std::vector<criterion_verdict> verdicts = assess(fit, quality_of(fit));
  const auto met = [&](path_criterion what, std::string_view of, std::string_view with = "") {
    for (const criterion_verdict& one : verdicts)
      if (one.what == what && one.of == of && (with.empty() || one.with == with))
        return one.met;
    return std::optional<bool>();
  };
  EXPECT_EQ(met(path_criterion::converged, ""), true);
  EXPECT_EQ(met(path_criterion::loading_at_most_one, ""), true);
  EXPECT_EQ(met(path_criterion::implied_positive, ""), true);
  EXPECT_EQ(met(path_criterion::alpha, "Quality"), true);
  EXPECT_EQ(met(path_criterion::alpha, "Loyalty"), false);
  EXPECT_EQ(met(path_criterion::loading, "CUSL2"), false);
  EXPECT_EQ(met(path_criterion::htmt, "Image", "Expectation"), false) << "0.888";
  EXPECT_EQ(met(path_criterion::htmt, "Image", "Value"), true);
  EXPECT_EQ(met(path_criterion::antecedent_vif, "Quality", "Satisfaction"), true);
  EXPECT_EQ(met(path_criterion::f_squared, "Expectation", "Value"), false);
  for (const criterion_verdict& one : verdicts)
    EXPECT_TRUE(one.met) << path_criteria[static_cast<std::size_t>(one.what)] << " " << one.of;
  EXPECT_TRUE(std::is_sorted(verdicts.begin(), verdicts.end(),
                             [](const auto& x, const auto& y) { return x.what < y.what; }));
}

} // namespace
} // namespace emptor::stats::path_model_assessment_test

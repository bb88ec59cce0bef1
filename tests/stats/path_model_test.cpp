// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "stats/mobi.hpp"
#include "support/refusal.hpp"

// Figures: sem-in-r/seminr-ts tests/fixtures/expected (made with seminr 2.5), and gastonstat/plspm 0.5 on the same answers.
namespace emptor::stats::path_model_test {
namespace {

using test::code_of;
using test::ecsi_model;
using test::fitted;
using test::item;
using test::mobi;
using test::path;
using test::r_squared;
using test::small_model;
using test::survey_columns;
using test::total;

constexpr double digits = 1e-12;

struct arrow_figure {
  const char* from;
  const char* to;
  double value;
};

#define WITH_MOBI(data)                                                                                      \
  const auto data = mobi();                                                                                  \
  if (!(data))                                                                                               \
  GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR"

TEST(path_model, european_index_as_seminr) {
  WITH_MOBI(data);
  const path_fit fit = fitted(*data, with_preset(ecsi_model(), path_preset::seminr));
  EXPECT_EQ(fit.status(), path_status::converged);
  EXPECT_EQ(fit.model().passes, 7) << "its iteration 6 is the seventh";
  for (const arrow_figure& of : {arrow_figure{"Image", "Expectation", 0.50491393362921},
                                 {"Image", "Satisfaction", 0.178739500119218},
                                 {"Image", "Loyalty", 0.195755333112827},
                                 {"Expectation", "Quality", 0.556748962354268},
                                 {"Expectation", "Value", 0.0499883925356608},
                                 {"Expectation", "Satisfaction", 0.0625228695392276},
                                 {"Quality", "Value", 0.558304379470818},
                                 {"Quality", "Satisfaction", 0.512023940041866},
                                 {"Value", "Satisfaction", 0.194765104190193},
                                 {"Satisfaction", "Complaints", 0.528066246257102},
                                 {"Satisfaction", "Loyalty", 0.485477623599999},
                                 {"Complaints", "Loyalty", 0.0669260690288726}})
    EXPECT_NEAR(path(fit, of.from, of.to), of.value, digits) << of.from << " -> " << of.to;
  for (const arrow_figure& of : {arrow_figure{"Image", "Satisfaction", 0.38972664715198},
                                 {"Image", "Loyalty", 0.398732384192996},
                                 {"Expectation", "Satisfaction", 0.417867547279263},
                                 {"Expectation", "Loyalty", 0.217633367152777},
                                 {"Quality", "Satisfaction", 0.620762150679341},
                                 {"Quality", "Loyalty", 0.323304735993431},
                                 {"Value", "Loyalty", 0.101437371015667},
                                 {"Satisfaction", "Loyalty", 0.520819021648819}})
    EXPECT_NEAR(total(fit, of.from, of.to), of.value, digits) << of.from << " => " << of.to;
  const std::pair<const char*, std::pair<double, double>> explained[] = {
      {"Expectation", {0.254938080372923, 0.251933798438943}},
      {"Quality", {0.309969407082555, 0.3071870256595}},
      {"Value", {0.345278941898147, 0.339977556812302}},
      {"Satisfaction", {0.681078291389478, 0.675871406350939}},
      {"Complaints", {0.278853960436066, 0.275946113502341}},
      {"Loyalty", {0.456944454679426, 0.450321826077956}}};
  for (const auto& [construct, figures] : explained) {
    EXPECT_NEAR(r_squared(fit, construct), figures.first, digits) << construct;
    EXPECT_NEAR(fit.adjusted_r_squared[fit.model().find(construct)], figures.second, digits) << construct;
  }
  EXPECT_TRUE(std::isnan(r_squared(fit, "Image")));
  const std::pair<const char*, std::pair<double, double>> outer[] = {
      {"IMAG1", {0.301312155028411, 0.74520807291295}},
      {"IMAG2", {0.259691153052593, 0.599200382471533}},
      {"IMAG3", {0.217923053132011, 0.576358953065159}},
      {"IMAG4", {0.328503566516196, 0.768761659165522}},
      {"IMAG5", {0.324681406422246, 0.744452429374382}},
      {"CUEX1", {0.521180678858356, 0.77076716903232}},
      {"CUEX2", {0.473679656202755, 0.691245474013756}},
      {"CUEX3", {0.445634241589667, 0.607812640593406}},
      {"PERQ1", {0.213175042168097, 0.803178125267657}},
      {"PERQ2", {0.144721694382767, 0.638146439777288}},
      {"PERQ3", {0.200017711320445, 0.783746918348657}},
      {"PERQ4", {0.17939946745695, 0.769479738789211}},
      {"PERQ5", {0.17863569156493, 0.754721358853526}},
      {"PERQ6", {0.179120737056174, 0.774643309682286}},
      {"PERQ7", {0.21548152497645, 0.779864828705122}},
      {"PERV1", {0.479282452283568, 0.902211201206701}},
      {"PERV2", {0.604056019821715, 0.939624777144795}},
      {"CUSA1", {0.364864858320206, 0.792412434110373}},
      {"CUSA2", {0.383156041120828, 0.847021459835081}},
      {"CUSA3", {0.450961200721565, 0.856692681286538}},
      {"CUSCO", {1.0, 1.0}},
      {"CUSL1", {0.460664728419479, 0.820413196007856}},
      {"CUSL2", {0.114269525625845, 0.202021709399004}},
      {"CUSL3", {0.654310585650237, 0.915436286843637}}};
  for (const auto& [label, figures] : outer) {
    EXPECT_NEAR(fit.model().weights[item(fit, label)], figures.first, digits) << label;
    EXPECT_NEAR(fit.model().loadings[item(fit, label)], figures.second, digits) << label;
  }
}

TEST(path_model, mode_b_as_seminr) {
  WITH_MOBI(data);
  const path_fit fit = fitted(*data, with_preset(small_model(), path_preset::seminr));
  EXPECT_EQ(fit.model().passes, 6);
  EXPECT_NEAR(path(fit, "Image", "Satisfaction"), 0.431236929186939, digits);
  EXPECT_NEAR(path(fit, "Expectation", "Satisfaction"), 0.174824883327262, digits);
  EXPECT_NEAR(path(fit, "Value", "Satisfaction"), 0.331127040815262, digits);
  EXPECT_NEAR(r_squared(fit, "Satisfaction"), 0.595311110826057, digits);
  EXPECT_NEAR(fit.adjusted_r_squared[fit.model().find("Satisfaction")], 0.590375880470277, digits);
  EXPECT_NEAR(fit.model().weights[item(fit, "PERV1")], 0.167650643560882, digits);
  EXPECT_NEAR(fit.model().weights[item(fit, "PERV2")], 0.875429548969895, digits);
  EXPECT_NEAR(fit.model().loadings[item(fit, "IMAG1")], 0.763167560073876, digits);
}

TEST(path_model, consistent_as_seminr) {
  WITH_MOBI(data);
  path_model_specification model = small_model(path_mode::a);
  for (path_construct& one : model.constructs)
    one.consistent = true;
  const path_fit fit = fitted(*data, with_preset(model, path_preset::seminr));
  EXPECT_NEAR(path(fit, "Image", "Satisfaction"), 0.540685525322003, digits);
  EXPECT_NEAR(path(fit, "Expectation", "Satisfaction"), 0.235713525375137, digits);
  EXPECT_NEAR(path(fit, "Value", "Satisfaction"), 0.259772617818097, digits);
  EXPECT_NEAR(r_squared(fit, "Satisfaction"), 0.884355564178691, digits);
  const std::pair<const char*, double> reliability[] = {{"Image", 0.745291554480322},
                                                        {"Expectation", 0.461657986928213},
                                                        {"Value", 0.857527048393235},
                                                        {"Satisfaction", 0.784023593590752}};
  for (const auto& [construct, rho] : reliability)
    EXPECT_NEAR(fit.model().reliability[fit.model().find(construct)], rho, digits) << construct;
  EXPECT_NEAR(fit.model().loadings[item(fit, "IMAG1")], 0.681653846547769, digits);
  EXPECT_NEAR(fit.model().loadings[item(fit, "CUSA3")], 0.805616154105317, digits);
}

TEST(path_model, missing_answers_as_seminr) {
  WITH_MOBI(whole);
  survey_columns data = *whole;
  const double none = std::nan("");
  data["IMAG1"][2] = data["IMAG1"][6] = data["CUEX2"][14] = data["PERV1"][2] = data["PERV1"][21] = none;
  const path_model_specification model = with_preset(small_model(), path_preset::seminr);
  const path_fit by_mean = fitted(data, model, {.missing = missing_rule::mean});
  EXPECT_NEAR(path(by_mean, "Image", "Satisfaction"), 0.429687104072744, digits);
  EXPECT_NEAR(path(by_mean, "Expectation", "Satisfaction"), 0.175388605809867, digits);
  EXPECT_NEAR(path(by_mean, "Value", "Satisfaction"), 0.331862381497366, digits);
  EXPECT_NEAR(r_squared(by_mean, "Satisfaction"), 0.594697922339618, digits);
  const path_fit casewise = fitted(data, model, {.missing = missing_rule::casewise});
  EXPECT_NEAR(path(casewise, "Image", "Satisfaction"), 0.435906077374301, digits);
  EXPECT_NEAR(path(casewise, "Expectation", "Satisfaction"), 0.183444764355347, digits);
  EXPECT_NEAR(path(casewise, "Value", "Satisfaction"), 0.321298456243456, digits);
  EXPECT_EQ(casewise.cases, 246.0);
}

TEST(path_model, second_order_as_seminr) {
  WITH_MOBI(data);
  path_model_specification model;
  model.constructs = {{.name = "Image", .items = test::numbered("IMAG", 5)},
                      {.name = "Expectation", .items = test::numbered("CUEX", 3)},
                      {.name = "Quality", .items = test::numbered("PERQ", 7)},
                      {.name = "Value", .items = test::numbered("PERV", 2)},
                      {.name = "Satisfaction", .items = {}, .parts = {"Image", "Value"}},
                      {.name = "Complaints", .items = {"CUSCO"}},
                      {.name = "Loyalty", .items = test::numbered("CUSL", 3)}};
  model.paths = {{"Expectation", "Satisfaction"},
                 {"Quality", "Satisfaction"},
                 {"Satisfaction", "Complaints"},
                 {"Satisfaction", "Loyalty"}};
  const path_fit fit = fitted(*data, with_preset(model, path_preset::seminr));
  ASSERT_EQ(fit.stages.size(), 2U);
  EXPECT_NEAR(path(fit, "Expectation", "Satisfaction"), 0.103641382040823, digits);
  EXPECT_NEAR(path(fit, "Quality", "Satisfaction"), 0.720064333276669, digits);
  EXPECT_NEAR(path(fit, "Satisfaction", "Complaints"), 0.486257317953653, digits);
  EXPECT_NEAR(path(fit, "Satisfaction", "Loyalty"), 0.627602841720655, digits);
  EXPECT_NEAR(r_squared(fit, "Satisfaction"), 0.612308347837422, digits);
  EXPECT_NEAR(r_squared(fit, "Complaints"), 0.23644617926348, digits);
  EXPECT_NEAR(r_squared(fit, "Loyalty"), 0.393885326935841, digits);
}

TEST(path_model, interactions_as_seminr) {
  WITH_MOBI(data);
  const std::pair<interaction_method, std::pair<double, double>> figures[] = {
      {interaction_method::two_stage, {-0.0431336608683876, 0.593503065829678}},
      {interaction_method::product_indicator, {-0.133359374069151, 0.613615666192249}},
      {interaction_method::orthogonal, {-0.16131838880961, 0.622582765869592}}};
  for (const auto& [method, of] : figures) {
    path_model_specification model = small_model(path_mode::a);
    model.interactions = {
        {.name = "Image*Expectation", .of = "Image", .moderator = "Expectation", .method = method}};
    model.paths.push_back({"Image*Expectation", "Satisfaction"});
    const path_fit fit = fitted(*data, with_preset(model, path_preset::seminr));
    SCOPED_TRACE(interaction_methods[static_cast<std::size_t>(method)]);
    EXPECT_EQ(fit.status(), path_status::converged);
    EXPECT_NEAR(path(fit, "Image*Expectation", "Satisfaction"), of.first, digits);
    EXPECT_NEAR(r_squared(fit, "Satisfaction"), of.second, digits);
    if (method == interaction_method::two_stage) {
      EXPECT_NEAR(path(fit, "Image", "Satisfaction"), 0.448154176375731, digits);
      EXPECT_NEAR(path(fit, "Expectation", "Satisfaction"), 0.168475120598774, digits);
      EXPECT_NEAR(path(fit, "Value", "Satisfaction"), 0.316338741148845, digits);
    }
  }
}

TEST(path_model, other_conventions_as_plspm) {
  WITH_MOBI(whole);
  // Answers on 0 to 100.
  survey_columns data = *whole;
  for (auto& [label, answers] : data)
    for (double& x : answers)
      x = (x - 1.0) * 100.0 / 9.0;
  struct figure {
    inner_scheme scheme;
    path_preset preset;
    double r_squared[6];
  };
  const figure figures[] = {
      {inner_scheme::centroid, path_preset::plspm, {0.2547, 0.3105, 0.3446, 0.6803, 0.2768, 0.4573}},
      {inner_scheme::factorial, path_preset::plspm, {0.2550, 0.3100, 0.3448, 0.6807, 0.2765, 0.4565}},
      {inner_scheme::path, path_preset::plspm, {0.2549, 0.3100, 0.3453, 0.6811, 0.2789, 0.4569}},
      {inner_scheme::centroid, path_preset::ecsi, {0.2431, 0.2971, 0.3351, 0.6717, 0.2916, 0.4318}},
      {inner_scheme::path, path_preset::ecsi, {0.2437, 0.2969, 0.3359, 0.6713, 0.2929, 0.4307}}};
  const char* const explained[] = {"Expectation",  "Quality",    "Value",
                                   "Satisfaction", "Complaints", "Loyalty"};
  for (const figure& of : figures) {
    path_model_specification model = with_preset(ecsi_model(), of.preset);
    model.scheme = of.scheme;
    const path_fit fit = fitted(data, model);
    SCOPED_TRACE(text_of(model));
    EXPECT_EQ(fit.status(), path_status::converged);
    for (std::size_t j = 0; j < 6; ++j)
      EXPECT_NEAR(r_squared(fit, explained[j]), of.r_squared[j], 5.1e-5) << explained[j];
    if (of.scheme != inner_scheme::centroid || of.preset != path_preset::ecsi)
      continue;
    for (const arrow_figure& one : {arrow_figure{"Image", "Expectation", 0.493052},
                                    {"Image", "Satisfaction", 0.152689},
                                    {"Expectation", "Satisfaction", 0.037086},
                                    {"Quality", "Satisfaction", 0.544404},
                                    {"Value", "Satisfaction", 0.199708},
                                    {"Satisfaction", "Complaints", 0.540028},
                                    {"Image", "Loyalty", 0.212259},
                                    {"Satisfaction", "Loyalty", 0.465496},
                                    {"Complaints", "Loyalty", 0.049996}})
      EXPECT_NEAR(path(fit, one.from, one.to), one.value, 1e-6) << one.from << " -> " << one.to;
  }
}

} // namespace
} // namespace emptor::stats::path_model_test

// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/stats/path_model_intervals.hpp>
#include <emptor/stats/path_model_refits.hpp>
#include <emptor/stats/path_model_resampling.hpp>

#include "stats/mobi.hpp"
#include "support/refusal.hpp"

// Figures: sem-in-r/seminr-ts tests/fixtures/expected/M6_bootstrap.json and M6b_bootstrap_ecsi.json, with the resamples that
// R drew for them.
namespace emptor::stats::path_model_resampling_test {
namespace {

using test::ecsi_model;
using test::mobi;
using test::small_model;

constexpr double digits = 1e-12;

/// The lists of case numbers, from 1, of a file of indices; nothing where it is missing.
std::optional<std::vector<std::vector<std::uint32_t>>> drawn_cases(const std::string& name) {
  std::ifstream in(test::data_file(name));
  if (!in)
    return std::nullopt;
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  std::vector<std::vector<std::uint32_t>> made;
  int depth = 0;
  for (const char* at = text.c_str() + text.find("\"indices\""); *at != '\0'; ++at) {
    if (*at == '[' && ++depth == 2)
      made.emplace_back();
    else if (*at == ']')
      --depth;
    else if (depth == 2 && *at >= '0' && *at <= '9') {
      char* end = nullptr;
      made.back().push_back(static_cast<std::uint32_t>(std::strtoul(at, &end, 10)) - 1);
      at = end - 1;
    }
  }
  return made;
}

struct prepared {
  path_structure structure;
  path_plan plan;
  answer_products products;

  prepared(const test::survey_columns& data, const path_model_specification& model)
      : structure("test", model)
      , plan(plan_of(structure.stages().back(), model))
      , products("test", completed(test::answers_of(data, structure), {}, false).columns) {}
  [[nodiscard]] std::size_t construct(const std::string& name) const {
    const std::vector<std::string>& names = structure.names();
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  }
  [[nodiscard]] std::size_t item(const std::string& name) const {
    const std::vector<std::string>& names = structure.items();
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
  }
};

constexpr variance_denominator less_one = variance_denominator::n_minus_1;

struct figure {
  const char* first;
  const char* second;
  double estimate, mean, deviation, t, low, high, p;
};

void expect_figure(const path_resamples& made, const path_figure_name& name, const figure& of, bool p_value) {
  const std::size_t at = made.find(name);
  ASSERT_LT(at, made.names.size());
  const resample_summary summary = summary_of(made, at, 0.95, resample_interval::percentile);
  SCOPED_TRACE(std::string(of.first) + " " + of.second);
  EXPECT_NEAR(made.estimates[at], of.estimate, digits);
  EXPECT_NEAR(summary.mean, of.mean, digits);
  EXPECT_NEAR(summary.deviation, of.deviation, digits);
  EXPECT_NEAR(made.estimates[at] / summary.deviation / of.t, 1.0, 1e-11);
  EXPECT_NEAR(summary.low, of.low, digits);
  EXPECT_NEAR(summary.high, of.high, digits);
  if (p_value) {
    EXPECT_NEAR(summary.p_value, of.p, 1e-15);
  }
}

TEST(path_model_resampling, bootstrap_of_a_small_model_as_seminr) {
  const auto data = mobi();
  const auto cases = drawn_cases("mobi_bootstrap_indices.json");
  if (!data || !cases)
    GTEST_SKIP() << "no mobi.csv or mobi_bootstrap_indices.json in EMPTOR_DATA_DIR";
  ASSERT_EQ(cases->size(), 200U);
  const prepared of(*data, with_preset(small_model(), path_preset::seminr));
  const path_resamples made =
      resample_paths("test", of.plan, of.products, less_one, resample_signs::as_estimated, *cases, run{});
  EXPECT_EQ(made.count(path_status::converged), 200U);
  for (const figure& one :
       {figure{"Image", "Satisfaction", 0.431236929186939, 0.431340510659941, 0.061432031649885,
               7.01974064026818, 0.298205442703266, 0.547059806659254, 0},
        {"Expectation", "Satisfaction", 0.174824883327262, 0.174113252460318, 0.0610187797852501,
         2.86509962904111, 0.0551442776039285, 0.284843253571427, 0},
        {"Value", "Satisfaction", 0.331127040815262, 0.329251590497204, 0.0756763283118254, 4.3755695896192,
         0.188259492859053, 0.47029060674686, 0}}) {
    expect_figure(made, {path_figure::path, of.construct(one.first), of.construct(one.second)}, one, true);
    expect_figure(made, {path_figure::total_effect, of.construct(one.first), of.construct(one.second)}, one,
                  true);
  }
  for (const figure& one : {figure{"IMAG1", "Image", 0.331529503189013, 0.329231354132975, 0.0250534030772414,
                                   13.2329129965651, 0.287214228640261, 0.376345112604486, 0},
                            {"PERV1", "Value", 0.167650643560882, 0.173800323765271, 0.115790291632916,
                             1.44788169367753, -0.067957627435198, 0.387307945857905, 0.15},
                            {"PERV2", "Value", 0.875429548969895, 0.866819007266853, 0.0917282176192128,
                             9.54373225264254, 0.694154400078021, 1.04290402964367, 0},
                            {"CUSA3", "Satisfaction", 0.438843315211946, 0.438682251856211,
                             0.0248041230897497, 17.6923535504183, 0.394075846438994, 0.489607615053973, 0}})
    expect_figure(made, {path_figure::weight, of.item(one.first), 0}, one, true);
  for (const figure& one : {figure{"IMAG1", "Image", 0.763167560073876, 0.757392161068193, 0.0355160518434722,
                                   21.4879616528701, 0.675686411320311, 0.81919753880252, 0},
                            {"PERV2", "Value", 0.992809849158424, 0.988940270869228, 0.0104699669370766,
                             94.824544826656, 0.962224693255471, 0.999959303753771, 0},
                            {"CUSA3", "Satisfaction", 0.850370317168699, 0.850391147988019,
                             0.0193314860119079, 43.9888747634239, 0.812967111267372, 0.882111489497131, 0}})
    expect_figure(made, {path_figure::loading, of.item(one.first), 0}, one, true);
  // Its t and p of HTMT are against 1.
  for (const figure& one : {figure{"Image", "Expectation", 0.88803042750925, 0.914478057833733,
                                   0.105355836044051, 0, 0.760987622265779, 1.12887857490727, 0},
                            {"Image", "Value", 0.651659392487802, 0.658131277974968, 0.0684464163340024, 0,
                             0.521545000371776, 0.784033898402437, 0},
                            {"Value", "Satisfaction", 0.740808927759395, 0.740531130622708,
                             0.0729825081039558, 0, 0.600534788946582, 0.871861506956747, 0}}) {
    figure against_zero = one;
    against_zero.t = one.estimate / one.deviation;
    expect_figure(made, {path_figure::htmt, of.construct(one.first), of.construct(one.second)}, against_zero,
                  false);
  }
}

TEST(path_model_resampling, bootstrap_of_the_european_index_as_seminr) {
  const auto data = mobi();
  const auto cases = drawn_cases("mobi_ecsi_bootstrap_indices.json");
  if (!data || !cases)
    GTEST_SKIP() << "no mobi.csv or mobi_ecsi_bootstrap_indices.json in EMPTOR_DATA_DIR";
  const prepared of(*data, with_preset(ecsi_model(), path_preset::seminr));
  const path_resamples made =
      resample_paths("test", of.plan, of.products, less_one, resample_signs::as_estimated, *cases, run{});
  EXPECT_EQ(made.count(path_status::converged), 100U);
  for (const figure& one : {
           figure{"Image", "Expectation", 0.50491393362921, 0.52431027964272, 0.0496819738249235,
                  10.1629201651387, 0.444188935995793, 0.620354059744508, 0},
           {"Image", "Satisfaction", 0.178739500119218, 0.184413310309879, 0.0556101306337394,
            3.21415357385933, 0.0877586430671809, 0.304826018479218, 0},
           {"Image", "Loyalty", 0.195755333112827, 0.211046241982401, 0.0844408980423361, 2.31825261989376,
            0.0416300048345047, 0.366282075230961, 0},
           {"Expectation", "Quality", 0.556748962354268, 0.571305628853063, 0.0514792224395722,
            10.815022760062, 0.477064077376019, 0.673903192311447, 0},
           {"Expectation", "Value", 0.0499883925356608, 0.0576045467517073, 0.0780538271556863,
            0.640434868567736, -0.0775633651445295, 0.220964917989138, 0.52},
           {"Expectation", "Satisfaction", 0.0625228695392276, 0.0523426907633146, 0.0517021948269803,
            1.20928849826315, -0.0374950685728014, 0.164144365935701, 0.34},
           {"Quality", "Value", 0.558304379470818, 0.555065657672816, 0.0899014735669098, 6.21018051562076,
            0.363448837088504, 0.706640675655937, 0},
           {"Quality", "Satisfaction", 0.512023940041866, 0.518149345836359, 0.0669013439246883,
            7.65341785388135, 0.404058131551796, 0.637614789239496, 0},
           {"Value", "Satisfaction", 0.194765104190193, 0.190564671734768, 0.0589868566316594,
            3.3018390080759, 0.0830161576641052, 0.300058639952599, 0},
           {"Satisfaction", "Complaints", 0.528066246257102, 0.532076024801572, 0.0515923839806183,
            10.2353526918911, 0.428412042634317, 0.621493663247875, 0},
           {"Satisfaction", "Loyalty", 0.485477623599999, 0.483646011115087, 0.0887665220098121,
            5.46915225028569, 0.319800772177538, 0.669073600398453, 0},
           {"Complaints", "Loyalty", 0.0669260690288726, 0.057949208026182, 0.0551655389488672,
            1.21318617209389, -0.0500375428028545, 0.166466937073034, 0.26},
       })
    expect_figure(made, {path_figure::path, of.construct(one.first), of.construct(one.second)}, one, true);
}

TEST(path_model_resampling, jackknife_of_mobi) {
  const auto data = mobi();
  if (!data)
    GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR";
  const prepared of(*data, with_preset(ecsi_model(), path_preset::seminr));
  const path_resamples made =
      jackknife_paths(of.plan, of.products, less_one, resample_signs::as_estimated, run{});
  const jackknife_summary summary = summary_of_jackknife(
      made, made.find({path_figure::path, of.construct("Image"), of.construct("Satisfaction")}));
  EXPECT_NEAR(summary.acceleration, -0.010983991653386, 1e-11);
  EXPECT_NEAR(summary.deviation, 0.055954904687576, 1e-12);
}

TEST(path_model_resampling, same_bits_for_any_number_of_lanes) {
  const auto data = mobi();
  if (!data)
    GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR";
  path_model_specification model = ecsi_model();
  model.constructs[2].mode = path_mode::b;
  const prepared of(*data, model);
  const auto with = [&](auto scalar, std::size_t resamples) {
    return bootstrap_paths(of.plan, of.products, less_one, resample_signs::construct, 20260101, resamples,
                           run{}, &estimate_resamples<decltype(scalar)>);
  };
  const path_resamples one = with(math::real(0.0), 21);
  const path_resamples two = with(math::pack<math::isa::baseline>(0.0), 21);
  const path_resamples four = with(math::pack<math::isa::twice<math::isa::baseline>>(0.0), 21);
  EXPECT_EQ(one.values, two.values);
  EXPECT_EQ(one.values, four.values);
  EXPECT_EQ(one.statuses, four.statuses);
  EXPECT_EQ(one.flips, four.flips);
  const path_resamples fewer = with(math::pack<math::isa::baseline>(0.0), 10);
  for (std::size_t f = 0; f < fewer.names.size(); ++f)
    EXPECT_TRUE(std::equal(fewer.values_of(f).begin(), fewer.values_of(f).end(), one.values_of(f).begin()))
        << "draws are those of a resample";
}

TEST(path_model_resampling, figures_of_all_cases_are_those_of_the_fit) {
  const auto data = mobi();
  if (!data)
    GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR";
  for (const path_preset preset : {path_preset::emptor, path_preset::seminr, path_preset::ecsi}) {
    const path_model_specification model = with_preset(ecsi_model(), preset);
    const prepared of(*data, model);
    const path_fit fit = test::fitted(*data, model);
    const path_resamples made =
        resample_paths("test", of.plan, of.products, model.denominator, resample_signs::construct, {}, run{});
    for (std::size_t i = 0; i < made.names.size(); ++i) {
      const path_figure_name& name = made.names[i];
      if (name.what == path_figure::weight) {
        EXPECT_EQ(made.estimates[i], fit.model().weights[name.first]);
      }
      if (name.what == path_figure::path) {
        EXPECT_EQ(made.estimates[i], fit.direct_effect(name.first, name.second));
      }
      if (name.what == path_figure::total_effect) {
        EXPECT_EQ(made.estimates[i], fit.total_effect(name.first, name.second));
      }
    }
  }
}

/// Quantiles of many numbers look at a sample first, which may mislead: they are those of sorted numbers all the same.
TEST(path_model_resampling, quantiles_are_those_of_sorted_numbers) {
  random_stream draw(4, 0, 0);
  for (const int kind : {0, 1, 2, 3})
    for (const std::size_t n : {1U, 2U, 7U, 1023U, 1024U, 1500U, 10000U}) {
      std::vector<double> values(n);
      for (std::size_t i = 0; i < n; ++i)
        values[i] = kind == 0   ? draw.uniform()
                    : kind == 1 ? static_cast<double>(draw.below(3)) // ties
                    : kind == 2
                        ? static_cast<double>(n - i)                  // falling
                        : (i * 128 % n < 128 ? 2.0 : draw.uniform()); // where a sample looks all are high
      std::vector<double> sorted = values;
      std::sort(sorted.begin(), sorted.end());
      for (const double share :
           {0.0, 0.0005, 0.005, 0.025, 0.05, 0.12, 0.13, 0.5, 0.87, 0.88, 0.95, 0.975, 0.9995, 1.0}) {
        const double place = static_cast<double>(n - 1) * share;
        const auto at = static_cast<std::size_t>(place);
        const double part = place - static_cast<double>(at);
        const double expected = part > 0.0 ? sorted[at] + part * (sorted[at + 1] - sorted[at]) : sorted[at];
        ASSERT_EQ(quantile_type_7(values, share), expected) << kind << ", " << n << ", " << share;
      }
    }
}

TEST(path_model_resampling, same_bytes_for_any_number_of_threads) {
  const auto data = mobi();
  if (!data)
    GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR";
  const prepared of(*data, ecsi_model());
  const auto with = [&](int threads) {
    return bootstrap_paths(of.plan, of.products, less_one, resample_signs::construct, 3, 600,
                           run{.threads = threads});
  };
  const path_resamples one = with(1);
  for (const int threads : {2, 7}) {
    const path_resamples other = with(threads);
    EXPECT_EQ(one.values, other.values);
    EXPECT_EQ(one.statuses, other.statuses);
    EXPECT_EQ(one.flips, other.flips);
  }
}

/// The slow way, by a fit of each resample's rows, gives the same bits.
TEST(path_model_resampling, fits_of_drawn_rows_give_the_same) {
  const auto data = mobi();
  if (!data)
    GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR";
  // Longer scales have larger products: at once, some cases at once, and in 32 bits.
  for (const double longer : {1.0, 5.0, 50.0}) {
    test::survey_columns answers = *data;
    for (auto& [label, column] : answers)
      for (double& x : column)
        x *= longer;
    const path_structure structure("test", small_model());
    const detail::complete_columns columns = completed(test::answers_of(answers, structure), {}, false);
    for (const resample_kind kind : {resample_kind::bootstrap, resample_kind::jackknife}) {
      const path_resamples fast =
          resample_model(structure, columns, {}, resample_signs::construct, kind, 9, 20, run{});
      const path_resamples slow = detail::refitted(structure, columns, {}, resample_signs::construct, kind, 9,
                                                   fast.resamples(), run{});
      EXPECT_EQ(fast.names, slow.names);
      EXPECT_EQ(fast.estimates, slow.estimates);
      EXPECT_EQ(fast.values, slow.values);
      EXPECT_EQ(fast.statuses, slow.statuses);
    }
  }
}

TEST(path_model_resampling, limits_of_exact_sums) {
  const auto narrow = [](double answer) {
    return answer_products("test", {{1.0, answer}, {2.0, 0.0}}).plain().narrow != nullptr;
  };
  EXPECT_TRUE(narrow(63.0));
  EXPECT_TRUE(narrow(-63.0));
  EXPECT_FALSE(narrow(64.0));
  EXPECT_FALSE(narrow(-64.0));
  const auto code = [](const std::vector<std::vector<double>>& columns) {
    return test::code_of([&] { return answer_products("test", columns).rows(); });
  };
  EXPECT_EQ(code({{46340.0}}), status::ok);
  EXPECT_EQ(code({{-46341.0}}), status::unsupported) << "its square is above 2^31";
  EXPECT_EQ(code({std::vector<double>(2048, 1023.0)}), status::ok);
  EXPECT_EQ(code({std::vector<double>(2048, 1024.0)}), status::unsupported) << "2^31 all together";
  EXPECT_EQ(code({std::vector<double>(answer_products::most_rows + 1, 1.0)}), status::unsupported);
  EXPECT_EQ(code({{0.5}}), status::unsupported);
}

// A kernel is noexcept: what draws in its loop must not throw, and so ask for no memory.
static_assert(std::is_nothrow_invocable_v<decltype(emptor_plain::path_resamples::cases_of), void*,
                                          std::size_t, std::size_t>);

/// Respondents of one to three cases.
case_units units_of_several(std::size_t rows) {
  case_units made;
  for (std::size_t r = 0; r < rows; ++r) {
    constexpr std::size_t place[] = {0, 0, 0, 1, 1, 2};
    made.of.push_back(static_cast<std::uint32_t>(r / 6 * 3 + place[r % 6]));
    made.count = made.of.back() + std::size_t{1};
  }
  return made;
}

TEST(path_model_resampling, units_of_several_cases_as_fits_of_their_rows) {
  const auto data = mobi();
  if (!data)
    GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR";
  const path_structure structure("test", small_model());
  const detail::complete_columns columns = completed(test::answers_of(*data, structure), {}, false);
  const case_units units = units_of_several(columns.rows());
  const detail::unit_cases cases(units);
  for (const resample_kind kind : {resample_kind::bootstrap, resample_kind::jackknife}) {
    const path_resamples fast =
        resample_model(structure, columns, {}, resample_signs::construct, kind, 9, 300, run{}, units);
    const path_resamples slow =
        detail::refitted(structure, columns, {}, resample_signs::construct, fast.resamples(), run{},
                         [&](std::size_t b) { return cases.resample(kind, 9, b); });
    EXPECT_EQ(fast.resamples(), kind == resample_kind::bootstrap ? 300U : units.count);
    EXPECT_EQ(fast.values, slow.values);
    EXPECT_EQ(fast.statuses, slow.statuses);
  }
  // The units of a resample are those of the stream, each with all of its cases.
  for (std::size_t b = 0; b < 5; ++b) {
    random_stream stream(9, b, 0);
    std::vector<std::uint32_t> expected;
    for (std::size_t u = 0; u < units.count; ++u) {
      const std::uint64_t drawn = stream.below(units.count);
      for (std::uint32_t r = 0; r < units.of.size(); ++r)
        if (units.of[r] == drawn)
          expected.push_back(r);
    }
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(cases.resample(resample_kind::bootstrap, 9, b), expected);
  }
}

TEST(path_model_resampling, a_respondent_of_many_cases_does_not_slow_all) {
  const auto data = mobi();
  if (!data)
    GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR";
  const path_structure structure("test", small_model());
  detail::complete_columns columns = completed(test::answers_of(*data, structure), {}, false);
  // 250 times the cases of the last one are more than sums of 32 bits take, but none draws nobody else.
  case_units units;
  for (std::uint32_t r = 0; r < 250; ++r)
    units.of.push_back(r);
  units.count = 250;
  for (std::vector<double>& column : columns.columns)
    for (std::size_t r = 0; r < 20000; ++r)
      column.push_back(column[r % 250]);
  units.of.resize(20250, 249);
  const detail::unit_cases cases(units);
  const std::size_t most = cases.most_drawn_cases(9, 40, run{.threads = 2});
  EXPECT_GE(most, 20000U);
  EXPECT_LT(most, 200U * 1000U);
  EXPECT_TRUE(detail::has_exact_resamples(structure, columns, most));
  EXPECT_FALSE(detail::has_exact_resamples(structure, columns, 250U * 20001U));
  const path_resamples made = resample_model(structure, columns, {}, resample_signs::construct,
                                             resample_kind::bootstrap, 9, 40, run{}, units);
  const path_resamples slow =
      detail::refitted(structure, columns, {}, resample_signs::construct, 3, run{},
                       [&](std::size_t b) { return cases.resample(resample_kind::bootstrap, 9, b); });
  for (std::size_t f = 0; f < slow.names.size(); ++f)
    for (std::size_t b = 0; b < 3; ++b)
      EXPECT_EQ(made.values_of(f)[b], slow.values_of(f)[b]) << f << " " << b;
}

TEST(path_model_resampling, models_of_several_stages) {
  const auto data = mobi();
  if (!data)
    GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR";
  path_model_specification model = small_model(path_mode::a);
  model.interactions = {{.name = "I", .of = "Image", .moderator = "Expectation"}};
  model.paths.push_back({"I", "Satisfaction"});
  const path_structure structure("test", model);
  const detail::complete_columns columns =
      completed(test::answers_of(*data, structure), structure.products(), false);
  const path_resamples made = resample_model(structure, columns, {}, resample_signs::construct,
                                             resample_kind::bootstrap, 1, 30, run{.threads = 2});
  EXPECT_EQ(made.count(path_status::converged), 30U);
  const resample_summary summary =
      summary_of(made, made.find({path_figure::path, 4, 3}), 0.95, resample_interval::percentile);
  EXPECT_LT(summary.low, summary.high);
  EXPECT_EQ(test::code_of([&] {
              return resample_model(structure, columns, {}, resample_signs::construct,
                                    resample_kind::bootstrap, 1, std::size_t{1} << 40, run{});
            }),
            status::option);
}

path_resamples given(const std::vector<double>& values, double estimate) {
  path_resamples made;
  made.names = {{path_figure::path, 0, 1}};
  made.estimates = {estimate};
  made.values = values;
  made.statuses.assign(values.size(), path_status::converged);
  return made;
}

/// Worked out with 40 digits.
TEST(path_model_resampling, intervals) {
  std::vector<double> values;
  for (const int one : {3, 5, 4, 8, 6, 7, 5, 6, 9, 4, 7, 6, 10, 5, 8, 3, 6, 7, 12, 5})
    values.push_back(one / 10.0);
  const path_resamples made = given(values, 0.58);
  const jackknife_summary skewed{.deviation = 0.1, .acceleration = 0.05};
  const auto of = [&](resample_interval kind) { return summary_of(made, 0, 0.9, kind, skewed); };
  EXPECT_NEAR(of(resample_interval::percentile).low, 0.3, 1e-14);
  EXPECT_NEAR(of(resample_interval::percentile).high, 1.01, 1e-14);
  EXPECT_NEAR(of(resample_interval::basic).low, 0.15, 1e-14);
  EXPECT_NEAR(of(resample_interval::basic).high, 0.86, 1e-14);
  EXPECT_NEAR(of(resample_interval::bca).low, 0.3, 1e-14);
  EXPECT_NEAR(of(resample_interval::bca).high, 0.89655010408824501, 1e-14);
  EXPECT_NEAR(of(resample_interval::bca).mean, 0.63, 1e-15);
  EXPECT_NEAR(of(resample_interval::bca).deviation, 0.22964503501113007, 1e-15);
  EXPECT_NEAR(summary_of_jackknife(made, 0).deviation, 0.97565362706239144, 1e-14);
  EXPECT_NEAR(summary_of_jackknife(made, 0).acceleration, -0.026799561130656077, 1e-14);
}

TEST(path_model_resampling, resamples_that_fail_are_told_and_left_out) {
  path_resamples made = given({0.1, 0.2, 0.3, 99.0, std::nan("")}, 0.2);
  made.statuses[3] = path_status::zero_variance;
  const resample_summary summary = summary_of(made, 0, 0.95, resample_interval::percentile);
  EXPECT_EQ(summary.resamples, 3);
  EXPECT_NEAR(summary.mean, 0.2, 1e-15);
  EXPECT_TRUE(std::isnan(summary_of(given({}, 0.2), 0, 0.95, resample_interval::bca).low));
  EXPECT_TRUE(std::isnan(summary_of(given({1.0}, 0.2), 0, 0.95, resample_interval::percentile).deviation));
  EXPECT_TRUE(std::isnan(summary_of(given({1.0, 1.0}, 0.2), 0, 0.95, resample_interval::bca,
                                    {.deviation = 0.1, .acceleration = 0.0})
                             .low))
      << "all on one side";
  // A resample of one case only.
  test::survey_columns data = {{"a", {1, 2, 3, 4}}, {"b", {2, 1, 4, 3}}};
  path_model_specification model;
  model.constructs = {{.name = "A", .items = {"a"}}, {.name = "B", .items = {"b"}}};
  model.paths = {{"A", "B"}};
  const prepared of(data, model);
  const path_resamples drawn =
      resample_paths("test", of.plan, of.products, less_one, resample_signs::construct,
                     {{0, 0, 0, 0}, {0, 1, 2, 3}, {0, 1, 1, 1}}, run{});
  EXPECT_EQ(drawn.count(path_status::zero_variance), 1U);
  EXPECT_EQ(drawn.count(path_status::converged), 2U);
  EXPECT_NEAR(drawn.values_of(drawn.find({path_figure::path, 0, 1}))[1], 0.6, 1e-15);
  std::string text;
  const auto refused = [&](const std::vector<std::vector<std::uint32_t>>& rows) {
    return test::code_of(
        [&] {
          return resample_paths("test", of.plan, of.products, less_one, resample_signs::construct, rows,
                                run{});
        },
        &text);
  };
  EXPECT_EQ(refused({{0, 1, 2}}), status::data);
  EXPECT_EQ(refused({{0, 1, 2, 4}}), status::data);
  EXPECT_EQ(text, "test: a case of resample[0] is 4, but must be < 4");
  EXPECT_EQ(test::code_of([] { return answer_products("test", {{0.5}}).rows(); }), status::unsupported);
}

/// Where the model is turned by chance, the rule of signs turns it back.
TEST(path_model_resampling, constructs_are_turned_round) {
  // The difference of two items: which of them varies more, chance decides, and so the sum of the loadings.
  const test::survey_columns data = {
      {"a1", {1, 2, 3, 4, 5, 6, 2, 5}}, {"a2", {1, 4, 2, 3, 6, 5, 5, 2}}, {"b", {6, 5, 4, 2, 3, 1, 4, 4}}};
  path_model_specification model;
  model.constructs = {{.name = "A", .mode = path_mode::fixed, .items = {"a1", "a2"}, .weights = {1.0, -1.1}},
                      {.name = "B", .items = {"b"}}};
  model.paths = {{"A", "B"}};
  model.metric = item_metric::raw;
  model.sign = sign_rule::none;
  const prepared of(data, model);
  const auto with = [&](resample_signs signs) {
    return bootstrap_paths(of.plan, of.products, less_one, signs, 5, 300, run{});
  };
  const path_resamples as = with(resample_signs::as_estimated);
  const path_resamples turned = with(resample_signs::construct);
  EXPECT_EQ(as.flips, 0);
  EXPECT_GT(turned.flips, 0);
  for (std::size_t b = 0; b < turned.resamples(); ++b) {
    if (turned.statuses[b] == path_status::converged) {
      EXPECT_GE((turned.values_of(3)[b] + turned.values_of(4)[b]) *
                    (turned.estimates[3] + turned.estimates[4]),
                0.0);
    }
  }
}

} // namespace
} // namespace emptor::stats::path_model_resampling_test

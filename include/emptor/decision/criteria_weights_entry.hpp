// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/decision/criteria_columns.hpp>
#include <emptor/decision/criteria_rows.hpp>
#include <emptor/decision/criteria_weights.hpp>
#include <emptor/stats/rows.hpp>

/// How the catalogue knows objective weights of criteria, and their tables.
namespace emptor::decision {

inline constexpr table_description criteria_weights_inputs[] = {
    alternatives_table,
    {.name = "criteria",
     .summary = "directions of the criteria; one that is not here is a benefit",
     .columns = criterion_direction_columns,
     .optional = true,
     .whole = true},
    {.name = "weights",
     .summary = "given weights, such as the table weights of decision.analytic_hierarchy",
     .columns = criterion_weight_columns,
     .optional = true,
     .whole = true},
};
inline constexpr option_description criteria_weights_options_described[] = {
    {.name = "method",
     .what = option_content::choice,
     .summary = "entropy (熵权法): 1 - entropy of the shares; critic: standard deviation x sum of (1 - "
                "correlation); standard_deviation: of figures from worst 0 to best 1; equal",
     .default_value = "entropy",
     .choices = objective_methods},
    {.name = "combination",
     .what = option_content::choice,
     .summary =
         "with the table weights. objective: without them; product: given x objective, made to add up to 1 "
         "(乘法合成); linear: subjective_share x given + (1 - subjective_share) x objective (线性加权)",
     .default_value = "objective",
     .choices = weight_combinations},
    {.name = "subjective_share",
     .summary = "of the given weights in linear",
     .unit = "share",
     .allowed = zero_to_one,
     .default_value = "0.5"},
    {.name = "normalisation",
     .what = option_content::choice,
     .summary = "of entropy, before shares are made. none: figures as they are, which must not be below 0; "
                "range: from "
                "the worst, 0, to the best, 1, so that directions count (极差标准化)",
     .default_value = "none",
     .choices = entropy_normalisations},
    {.name = "shift",
     .summary =
         "added to each figure of entropy after normalisation; the weights depend on it, so it is 0 unless "
         "you say so",
     .allowed = criterion_values,
     .default_value = "0"},
    {.name = "constant",
     .what = option_content::choice,
     .summary = "a criterion in which all alternatives are alike: refuse, or zero_weight",
     .default_value = "refuse",
     .choices = constant_criteria},
};
inline constexpr column_description criteria_weight_outputs[] = {
    criterion_name_column,
    {.name = "weight", .unit = "share", .summary = "combined; they add up to 1"},
    {.name = "rank",
     .what = content::count,
     .summary = "1 has the greatest weight; those equal to 1e-12 share the better rank"},
    {.name = "objective", .unit = "share", .summary = "what the figures say"},
    {.name = "subjective",
     .unit = "share",
     .summary = "given weights, made to add up to 1; none without the table weights",
     .optional = true},
};
inline constexpr column_description weighed_criterion_outputs[] = {
    criterion_name_column,
    {.name = "direction",
     .what = content::code,
     .summary = "benefit or cost",
     .levels = criterion_directions},
    {.name = "least", .summary = "least figure"},
    {.name = "greatest", .summary = "greatest figure"},
    {.name = "mean", .summary = "mean figure"},
    {.name = "standard_deviation",
     .summary = "of the figures from worst 0 to best 1, divided by alternatives - 1; none where constant, "
                "and of equal",
     .optional = true},
    {.name = "entropy", .summary = "of the shares (信息熵), 0 to 1; of method entropy", .optional = true},
    {.name = "divergence", .summary = "1 - entropy (信息效用值)", .optional = true},
    {.name = "conflict",
     .summary = "sum over the others of 1 - correlation (冲突性); of method critic; 1 where no other varies",
     .optional = true},
    {.name = "information", .summary = "what the objective weights are shares of (信息量)"},
};
inline constexpr column_description criteria_correlation_outputs[] = {
    criterion_name_column,
    {.name = "other", .what = content::text, .summary = "in the order of their bytes"},
    {.name = "correlation",
     .summary = "of figures from worst to best; none with a constant one",
     .optional = true},
};
inline constexpr table_description criteria_weights_outputs[] = {
    {.name = "weights",
     .summary = "weights of the criteria, as decision.topsis and scorecards take them",
     .columns = criteria_weight_outputs},
    {.name = "criteria", .summary = "how they come about", .columns = weighed_criterion_outputs},
    {.name = "correlations",
     .summary = "of pairs, for method critic",
     .columns = criteria_correlation_outputs},
};

inline constexpr example_table criteria_weights_example_rows[] = {
    {"alternatives", "alternative,criteria:price,criteria:quality,criteria:delivery\n"
                     "Hai,50,8,12\nJiang,40,6,9\nShan,65,9,20\nYun,45,7,6\n"},
    {"criteria", "criterion,direction\nprice,cost\ndelivery,cost\n"},
    {"weights", "criterion,weight\nprice,5\nquality,3\ndelivery,2\n"}};
inline constexpr example_table entropy_weights_expected[] = {
    {"weights", "criterion,weight,rank,objective,subjective\n"
                "delivery,0.61609807306428816,1,0.77137068481333038,0.2\n"
                "price,0.27497665244861056,2,0.13771114566354365,0.5\n"
                "quality,0.10892527448710128,3,0.090918169523125966,0.3\n"},
    {"criteria", "criterion,direction,mean,divergence,conflict\ndelivery,cost,11.75,0.068420594626169287,\n"
                 "price,cost,50,0.012214981277426736,\nquality,benefit,7.5,0.0080644433909236871,\n"}};
inline constexpr example_option entropy_weights_options[] = {{"combination", "product"}};
inline constexpr example_table critic_weights_expected[] = {
    {"weights",
     "criterion,weight,rank,objective\ndelivery,0.21874918080636566,3,0.24687295201591414\n"
     "price,0.40542438761806007,1,0.26356096904515018\nquality,0.37582643157557427,2,0.48956607893893568\n"},
    {"criteria",
     "criterion,standard_deviation,information\ndelivery,0.43005694924258198,0.82296802358761633\n"
     "price,0.43204937989385735,0.87859868008522065\nquality,0.43033148291193521,1.6320023117556554\n"}};
inline constexpr example_option critic_weights_options[] = {
    {"method", "critic"}, {"combination", "linear"}, {"subjective_share", "0.6"}};
inline constexpr example criteria_weights_examples[] = {
    {.what = verb::reduce,
     .summary = "four suppliers: entropy weights times what the buyers say",
     .source = "the definitions, computed apart with 40 digits",
     .tables = criteria_weights_example_rows,
     .options = entropy_weights_options,
     .expected = entropy_weights_expected,
     .tolerance = 1e-12},
    {.what = verb::reduce,
     .summary = "the same by CRITIC, with 60 % of what the buyers say",
     .source = "the definitions, computed apart with 40 digits",
     .tables = criteria_weights_example_rows,
     .options = critic_weights_options,
     .expected = critic_weights_expected,
     .tolerance = 1e-12},
};

inline constexpr entry_description criteria_weights_description{
    .name = criteria_weights_name,
    .what = verb::reduce,
    .summary =
        "weights of criteria from how alternatives differ: entropy, CRITIC, deviation, with given ones",
    .source = "C. E. Shannon 1948; C. L. Hwang and K. Yoon, Multiple Attribute Decision Making, 1981, 3.4 "
              "(entropy); D. "
              "Diakoulaki, G. Mavrotas and L. Papayannakis, Computers and Operations Research 22 (1995) 763 "
              "(CRITIC)",
    .chinese = "客观赋权法 (熵权法, CRITIC法)",
    .since = "0.1",
    .store = "rows",
    .inputs = criteria_weights_inputs,
    .options = criteria_weights_options_described,
    .outputs = criteria_weights_outputs,
    .examples = criteria_weights_examples,
    .no_demo = "the company of the demo compares no suppliers or sites by criteria",
};

/// From a store of kind `rows` made for this entry.
/// \throws error as criteria_matrix_of, given_criteria_weights, criterion_directions_of and weigh_criteria
[[nodiscard]] inline result finish_criteria_weights(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
  const option_values& given = request.options;
  const std::vector<table> held = from.contents();
  const criteria_matrix matrix = criteria_matrix_of(criteria_weights_name, held[0]);
  const std::vector<criterion_direction> directions =
      criterion_directions_of(criteria_weights_name, held[1], matrix);
  const std::optional<std::vector<double>> subjective =
      given_criteria_weights(criteria_weights_name, held[2], matrix.criteria);
  const criteria_weights_options options{
      .method = given.choice<objective_method>("method", objective_methods),
      .combination = given.choice<weight_combination>("combination", weight_combinations),
      .subjective_share = given.number("subjective_share"),
      .normalisation = given.choice<entropy_normalisation>("normalisation", entropy_normalisations),
      .shift = given.number("shift"),
      .constant = given.choice<constant_criterion>("constant", constant_criteria)};
  const criteria_weights_report report = weigh_criteria(matrix, directions, subjective, options, request.how);
  std::vector<described_table> tables = empty_tables(criteria_weights_outputs);
  const std::vector<std::int64_t> ranks = criteria_ranks(report.weights);
  const double none = std::numeric_limits<double>::quiet_NaN();
  const std::size_t n = report.criteria.size();
  for (std::size_t j = 0; j < n; ++j) {
    const weighed_criterion& one = report.criteria[j];
    tables[0]
        .text(matrix.criteria[j])
        .number(report.weights[j])
        .whole(ranks[j])
        .number(report.objective[j])
        .number(subjective ? (*subjective)[j] : none);
    tables[1]
        .text(matrix.criteria[j])
        .level(one.direction)
        .number(one.spread.least)
        .number(one.spread.greatest)
        .number(one.spread.mean)
        .number(one.deviation)
        .number(math::value_of(1.0 - math::real(one.divergence)))
        .number(one.divergence)
        .number(one.conflict)
        .number(one.information);
    for (std::size_t k = 0; k < n && !report.correlations.empty(); ++k) {
      if (k != j)
        tables[2].text(matrix.criteria[j]).text(matrix.criteria[k]).number(report.correlations[j * n + k]);
    }
  }
  result made;
  for (described_table& one : tables)
    made.tables.push_back(std::move(one).made());
  return made;
}

inline constexpr entry criteria_weights_entry{.description = &criteria_weights_description,
                                              .finish = &finish_criteria_weights};

} // namespace emptor::decision

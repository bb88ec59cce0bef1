// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_errors.hpp>
#include <emptor/stats/path_model_plan.hpp>

/// What predictions of path models (path_model_prediction.hpp) give, and the sums that they go through.
namespace emptor::stats {

/// Of what the score of a construct is predicted.
enum class prediction_technique : std::int32_t {
  direct_antecedents = 0,   ///< of the scores of the constructs that point to it
  earliest_antecedents = 1, ///< of the scores of those to which nothing points, along all paths
};
inline constexpr std::string_view prediction_techniques[] = {"direct_antecedents", "earliest_antecedents"};

/// How a fold went.
struct prediction_fold {
  std::size_t cases = 0; ///< in it: these are predicted
  path_status status = path_status::converged;
  std::size_t benchmarks = 0; ///< items for which the linear model has no answer
};

/// Predictions of one split into folds, for each case, and errors of them.
struct path_prediction {
  std::vector<std::size_t> items;     ///< that are predicted
  std::vector<std::size_t> construct; ///< of each of them
  std::vector<double> predicted; ///< out of sample, of case r at r * items.size(); NaN where there is none
  std::vector<double> linear;    ///< by the linear model
  std::vector<prediction_error> out; ///< per predicted item
  std::vector<prediction_error> in;  ///< in sample
  std::vector<prediction_error> linear_out;
  std::vector<prediction_error> linear_in;
  std::vector<prediction_error> score_out; ///< per construct, of its score in the model of all cases
  std::vector<prediction_error> score_in;
  std::vector<prediction_fold> folds;
};

namespace detail {

/// Numbers that predictions are made of: those of one fold, or sums over folds. Answers go in less a centre.
struct prediction_sums {
  std::size_t models = 0;         ///< folds that count
  std::vector<math::real> scores; ///< of construct j and item k at j * p + k
  std::vector<math::real> score_constants;
  std::vector<math::real> items; ///< of predicted item i and item k at i * p + k
  std::vector<math::real> constants;
  std::vector<std::size_t> linear_models; ///< per predicted item
  std::vector<math::real> linear;
  std::vector<math::real> linear_constants;

  prediction_sums(std::size_t p, std::size_t constructs, std::size_t predicted)
      : scores(constructs * p, math::real(0.0))
      , score_constants(constructs, math::real(0.0))
      , items(predicted * p, math::real(0.0))
      , constants(predicted, math::real(0.0))
      , linear_models(predicted, 0)
      , linear(predicted * p, math::real(0.0))
      , linear_constants(predicted, math::real(0.0)) {}

  void add(const prediction_sums& other) {
    const auto plus = [](std::vector<math::real>& to, const std::vector<math::real>& from) {
      for (std::size_t i = 0; i < to.size(); ++i)
        to[i] += from[i];
    };
    models += other.models;
    plus(scores, other.scores);
    plus(score_constants, other.score_constants);
    plus(items, other.items);
    plus(constants, other.constants);
    plus(linear, other.linear);
    plus(linear_constants, other.linear_constants);
    for (std::size_t i = 0; i < linear_models.size(); ++i)
      linear_models[i] += other.linear_models[i];
  }
};

} // namespace detail

} // namespace emptor::stats

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_iteration.hpp>
#include <emptor/stats/path_model_plan.hpp>
#include <emptor/stats/path_model_resampling.hpp>
#include <emptor/stats/path_model_structure.hpp>

/// Path models of some sets of cases at once, from moments that are given.
namespace emptor::stats {

/// Refuses models of several stages: with second-order constructs or interactions.
/// \param what  there is none of for them \throws error status::unsupported
inline void require_one_stage(const path_structure& of, std::string_view what) {
  bool plain = of.stages().size() == 1 && of.products().empty();
  std::size_t at = 0;
  for (const path_block& block : of.stages().back().blocks)
    for (const path_column& column : block.columns)
      plain = plain && column.what == path_column::kind::item && column.first == at++;
  if (!plain)
    throw error(status::unsupported, std::string(of.where()) + ": there is no " + std::string(what) +
                                         " by models with second-order constructs or interactions");
}

namespace detail {

/// A set of cases, and the model of it.
struct lane_estimate {
  std::vector<double> mean;
  std::vector<double> covariance;
  std::vector<math::real> weights;  ///< of answers, to scores of variance 1
  std::vector<math::real> loadings; ///< of answers: their slope on the score
  std::vector<math::real> paths;
  path_status status = path_status::converged;
};

template <class T>
void set_lane(path_workspace<T>& work, std::size_t at, const std::vector<double>& covariance) noexcept {
  for (std::size_t i = 0; i < covariance.size(); ++i)
    lanes<T>::set(work.covariance[i], static_cast<int>(at), covariance[i]);
}

template <class T>
void get_lane(const path_plan& plan, const path_workspace<T>& work, std::size_t at, lane_estimate& into) {
  const auto value = [&](const T& of) { return math::real(lanes<T>::get(of, static_cast<int>(at))); };
  into.status = static_cast<path_status>(static_cast<std::int32_t>(math::value_of(value(work.status))));
  into.weights.resize(plan.items());
  into.loadings.resize(plan.items());
  into.paths.resize(plan.paths());
  for (std::size_t i = 0; i < plan.items(); ++i) {
    const math::real deviation = value(work.deviations[i]);
    into.weights[i] = value(work.weights[i]);
    if (plan.metric == item_metric::standardised)
      into.weights[i] = into.weights[i] / deviation;
    into.loadings[i] = value(work.loadings[i]) * deviation;
  }
  for (std::size_t a = 0; a < plan.paths(); ++a)
    into.paths[a] = value(work.path[a]);
}

/// Estimates the models of sets whose covariances are there, as many at once as a scalar has lanes.
template <class T>
void estimate_lanes(const path_plan& plan, path_workspace<T>& work, std::vector<lane_estimate>& sets,
                    std::size_t count) {
  constexpr std::size_t at_once = lanes<T>::count;
  for (std::size_t first = 0; first < count; first += at_once) {
    const std::size_t here = std::min(at_once, count - first);
    for (std::size_t at = 0; at < at_once; ++at) // lanes without a set of their own do as the first one
      set_lane(work, at, sets[first + (at < here ? at : 0)].covariance);
    estimate_paths(plan, work);
    for (std::size_t at = 0; at < here; ++at)
      get_lane(plan, work, at, sets[first + at]);
  }
}

/// Which constructs are the other way round than in another model, by the sums of their loadings: -1, else 1.
[[nodiscard]] inline std::vector<double> turned_constructs(const path_plan& plan, const lane_estimate& of,
                                                           const lane_estimate& other) {
  const std::size_t p = plan.items();
  std::vector<double> made(plan.constructs(), 1.0);
  for (std::size_t j = 0; j < plan.constructs(); ++j) {
    math::real now(0.0);
    math::real before(0.0);
    for (std::size_t i = plan.first[j]; i < plan.first[j + 1]; ++i) {
      now += of.loadings[i] / sqrt(math::real(of.covariance[i * p + i]));
      before += other.loadings[i] / sqrt(math::real(other.covariance[i * p + i]));
    }
    if (now * before < math::real(0.0))
      made[j] = -1.0;
  }
  return made;
}

/// Turns constructs round that are the other way round than in another model.
inline void align_constructs(const path_plan& plan, lane_estimate& of, const lane_estimate& other) {
  const std::vector<double> sign = turned_constructs(plan, of, other);
  for (std::size_t j = 0; j < plan.constructs(); ++j) {
    for (std::size_t i = plan.first[j]; i < plan.first[j + 1]; ++i) {
      of.weights[i] = of.weights[i] * sign[j];
      of.loadings[i] = of.loadings[i] * sign[j];
    }
    for (std::size_t a = plan.source_first[j]; a < plan.source_first[j + 1]; ++a)
      of.paths[a] = of.paths[a] * (sign[j] * sign[plan.source[a]]);
  }
}

} // namespace detail

} // namespace emptor::stats

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/random.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/stats/path_model_block.hpp>
#include <emptor/stats/path_model_estimate.hpp>
#include <emptor/stats/path_model_products.hpp>

/// Path models of many resamples. A resample only changes how often each case counts, and so only the sums of products of
/// answers: these are whole numbers, added up from a table that is made once; some resamples at once are then estimated in
/// the lanes of a pack (path_model_block.hpp). The figures of a resample have the bits that they would have by themselves, for any number of lanes.
namespace emptor::stats {

/// What is told of each resample.
enum class path_figure : std::int32_t {
  weight = 0,
  loading = 1,
  path = 2,
  r_squared = 3,
  total_effect = 4,
  htmt = 5,
  htmt2 = 6
};
inline constexpr std::string_view path_figures[] = {"weight",       "loading", "path", "r_squared",
                                                    "total_effect", "htmt",    "htmt2"};

/// A figure of a model: of an item, a path (first -> second), a construct, or two of them.
struct path_figure_name {
  path_figure what = path_figure::weight;
  std::size_t first = 0;
  std::size_t second = 0;
  friend bool operator==(const path_figure_name&, const path_figure_name&) = default;
};

/// Whether constructs of a resample are turned round where the sum of their loadings has the other sign than in the model
/// (M. Tenenhaus et al. 2005).
enum class resample_signs : std::int32_t { as_estimated = 0, construct = 1 };
inline constexpr std::string_view resample_sign_rules[] = {"as_estimated", "construct"};

/// Figures of resamples.
struct path_resamples {
  std::vector<path_figure_name> names;
  std::vector<double> estimates;     ///< of all cases, in the order of the names
  std::vector<double> values;        ///< of figure f in resample b at f * resamples() + b
  std::vector<path_status> statuses; ///< of resamples; only those that converged count
  std::int64_t flips = 0;            ///< constructs of resamples that were turned round

  [[nodiscard]] std::size_t resamples() const noexcept { return statuses.size(); }
  [[nodiscard]] std::size_t find(const path_figure_name& wanted) const noexcept {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), wanted) - names.begin());
  }
  /// Of all resamples.
  [[nodiscard]] std::span<const double> values_of(std::size_t figure) const noexcept {
    return std::span(values).subspan(figure * resamples(), resamples());
  }
  [[nodiscard]] std::size_t count(path_status status) const noexcept {
    return static_cast<std::size_t>(std::count(statuses.begin(), statuses.end(), status));
  }
};

/// The same with figures of one kind only, so that many can be kept.
[[nodiscard]] inline path_resamples only_figures(path_resamples from, path_figure what) {
  std::vector<std::size_t> kept;
  for (std::size_t f = 0; f < from.names.size(); ++f)
    if (from.names[f].what == what)
      kept.push_back(f);
  path_resamples made{
      .names = {}, .estimates = {}, .values = {}, .statuses = std::move(from.statuses), .flips = from.flips};
  for (const std::size_t f : kept) {
    made.names.push_back(from.names[f]);
    made.estimates.push_back(from.estimates[f]);
  }
  if (from.names.empty())
    return made;
  made.values.reserve(made.resamples() * kept.size());
  for (const std::size_t f : kept) {
    const auto first = from.values.begin() + static_cast<std::ptrdiff_t>(f * made.resamples());
    made.values.insert(made.values.end(), first, first + static_cast<std::ptrdiff_t>(made.resamples()));
  }
  return made;
}

/// The figures that a model has.
[[nodiscard]] inline std::vector<path_figure_name> figures_of(const path_plan& plan) {
  std::vector<path_figure_name> made;
  for (const path_figure what : {path_figure::weight, path_figure::loading})
    for (std::size_t i = 0; i < plan.items(); ++i)
      made.push_back({what, i, 0});
  for (std::size_t j = 0; j < plan.constructs(); ++j)
    for (std::size_t a = plan.source_first[j]; a < plan.source_first[j + 1]; ++a)
      made.push_back({path_figure::path, plan.source[a], j});
  for (std::size_t j = 0; j < plan.constructs(); ++j)
    if (plan.sources(j) > 0)
      made.push_back({path_figure::r_squared, j, 0});
  const std::vector<double> ways = total_effects_of(plan, std::vector<double>(plan.paths(), 1.0));
  for (std::size_t i = 0; i < plan.constructs(); ++i)
    for (std::size_t j = 0; j < plan.constructs(); ++j)
      if (ways[i * plan.constructs() + j] > 0.0)
        made.push_back({path_figure::total_effect, i, j});
  for (const path_figure what : {path_figure::htmt, path_figure::htmt2})
    for (std::size_t i = 0; i < plan.constructs(); ++i)
      for (std::size_t j = i + 1; j < plan.constructs(); ++j)
        made.push_back({what, i, j});
  return made;
}

#if defined(EMPTOR_COMPILED)
/// What estimates resamples on this machine.
[[nodiscard]] path_kernel best_path_kernel() noexcept;
#else
[[nodiscard]] inline path_kernel best_path_kernel() noexcept {
  return &estimate_resamples<math::pack<math::isa::baseline>>;
}
#endif

namespace detail {

/// Estimates resamples whose cases `draw(resample, room for cases)` gives, as emptor_plain::resample_cases.
/// \param room  for so many cases of a resample
template <class Draw>
[[nodiscard]] path_resamples resampled(const path_plan& plan, const answer_products& products,
                                       variance_denominator denominator, resample_signs signs,
                                       std::size_t resamples, std::size_t room, const run& work,
                                       path_kernel kernel, const Draw& draw) {
  static_assert(noexcept(draw(std::size_t{0}, std::span<std::uint32_t>())),
                "a kernel draws where nothing may throw");
  path_resamples made;
  made.names = figures_of(plan);
  const std::size_t width = made.names.size();
  made.estimates.resize(width);
  std::vector<std::uint32_t> effects;
  for (const path_figure_name& one : made.names)
    if (one.what == path_figure::total_effect)
      effects.push_back(static_cast<std::uint32_t>(one.first * plan.constructs() + one.second));
  std::int32_t status_of_all = 0;
  emptor_plain::path_resamples all{.plan = path_view::layout_of(plan),
                                   .products = products.plain(),
                                   .less_one = denominator == variance_denominator::n_minus_1,
                                   .loadings = nullptr,
                                   .effects = effects.data(),
                                   .effect_count = effects.size(),
                                   .begin = 0,
                                   .end = 1,
                                   .cases_of =
                                       [](void*, std::size_t, std::size_t) noexcept {
                                         return emptor_plain::resample_cases{nullptr, 0, true};
                                       },
                                   .context = nullptr,
                                   .values = made.estimates.data(),
                                   .stride = 1,
                                   .statuses = &status_of_all};
  static_cast<void>(kernel(all));
  std::vector<double> loadings;
  if (signs == resample_signs::construct) {
    loadings.assign(plan.constructs(), 0.0);
    for (std::size_t f = 0; f < width; ++f)
      if (made.names[f].what == path_figure::loading)
        for (std::size_t j = 0; j < plan.constructs(); ++j)
          if (made.names[f].first >= plan.first[j] && made.names[f].first < plan.first[j + 1])
            loadings[j] += made.estimates[f];
    all.loadings = loadings.data();
  }
  made.values.resize(resamples * width);
  std::vector<std::int32_t> statuses(resamples);
  all.values = made.values.data();
  all.stride = resamples;
  all.statuses = statuses.data();
  // Of a task: a multiple of the lanes of every pack, and few enough that a cancelled call ends soon.
  constexpr std::size_t lanes = emptor_plain::most_lanes;
  const std::size_t at_once = std::clamp(
      (std::size_t{1} << 22) / std::max(products.rows(), room) / lanes * lanes, lanes, std::size_t{256});
  const std::size_t tasks = (resamples + at_once - 1) / at_once;
  std::vector<std::int64_t> flips(tasks, 0);
  for_each_task(static_cast<std::int64_t>(tasks), work, [&](std::int64_t task) {
    struct drawing {
      const Draw& draw;
      std::vector<std::uint32_t> room;
    };
    drawing own{draw, std::vector<std::uint32_t>(emptor_plain::most_lanes * room)};
    emptor_plain::path_resamples part = all;
    part.begin = static_cast<std::size_t>(task) * at_once;
    part.end = std::min(part.begin + at_once, resamples);
    part.context = &own;
    part.cases_of = [](void* context, std::size_t resample, std::size_t lane) noexcept {
      auto& mine = *static_cast<drawing*>(context);
      const std::size_t each = mine.room.size() / emptor_plain::most_lanes;
      return mine.draw(resample, std::span(mine.room).subspan(lane * each, each));
    };
    flips[static_cast<std::size_t>(task)] = kernel(part);
  });
  for (const std::int64_t one : flips)
    made.flips += one;
  made.statuses.reserve(resamples);
  for (const std::int32_t one : statuses)
    made.statuses.push_back(static_cast<path_status>(one));
  return made;
}

} // namespace detail

/// Resamples with given cases. \param rows  of each resample its cases, by their places, as often as they are drawn
/// \throws error status::data for a place that there is not; status::cancelled
[[nodiscard]] inline path_resamples resample_paths(std::string_view where, const path_plan& plan,
                                                   const answer_products& products,
                                                   variance_denominator denominator, resample_signs signs,
                                                   const std::vector<std::vector<std::uint32_t>>& rows,
                                                   const run& work, path_kernel kernel = best_path_kernel()) {
  for (std::size_t b = 0; b < rows.size(); ++b) {
    if (rows[b].size() != products.rows())
      throw error(status::data,
                  message(where, "the number of cases of resample", static_cast<std::int64_t>(b),
                          std::to_string(rows[b].size()), std::to_string(products.rows())));
    for (const std::uint32_t row : rows[b])
      if (row >= products.rows())
        throw error(status::data, message(where, "a case of resample", static_cast<std::int64_t>(b),
                                          std::to_string(row), "< " + std::to_string(products.rows())));
  }
  return detail::resampled(plan, products, denominator, signs, rows.size(), 0, work, kernel,
                           [&](std::size_t b, std::span<std::uint32_t> /*room*/) noexcept {
                             return emptor_plain::resample_cases{rows[b].data(), rows[b].size(), false};
                           });
}

/// Bootstrap: each resample draws as many cases as there are, with replacement. Draw d of resample b is that of the stream
/// (seed, b, 0), whatever is drawn elsewhere.
/// \throws error status::cancelled
[[nodiscard]] inline path_resamples bootstrap_paths(const path_plan& plan, const answer_products& products,
                                                    variance_denominator denominator, resample_signs signs,
                                                    std::uint64_t seed, std::size_t resamples,
                                                    const run& work,
                                                    path_kernel kernel = best_path_kernel()) {
  return detail::resampled(plan, products, denominator, signs, resamples, products.rows(), work, kernel,
                           [&](std::size_t b, std::span<std::uint32_t> room) noexcept {
                             random_stream(seed, b, 0).below(products.rows(), room);
                             return emptor_plain::resample_cases{room.data(), room.size(), false};
                           });
}

/// Jackknife: each case is left out once.
/// \throws error status::cancelled
[[nodiscard]] inline path_resamples jackknife_paths(const path_plan& plan, const answer_products& products,
                                                    variance_denominator denominator, resample_signs signs,
                                                    const run& work,
                                                    path_kernel kernel = best_path_kernel()) {
  return detail::resampled(plan, products, denominator, signs, products.rows(), 1, work, kernel,
                           [](std::size_t b, std::span<std::uint32_t> room) noexcept {
                             room[0] = static_cast<std::uint32_t>(b);
                             return emptor_plain::resample_cases{room.data(), 1, true};
                           });
}

} // namespace emptor::stats

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
#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_estimate.hpp>
#include <emptor/stats/path_model_products.hpp>
#include <emptor/stats/path_model_quality.hpp>

/// Path models of many resamples. A resample only changes how often each case counts, and so only the sums of products of
/// answers: these are whole numbers, added up from a table that is made once; some resamples at once are then estimated in
/// the lanes of a pack. The figures of a resample have the bits that they would have by themselves, for any number of lanes.
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

/// Figures of resamples, one resample a row.
struct path_resamples {
  std::vector<path_figure_name> names;
  std::vector<double> estimates;     ///< of all cases, in the order of the names
  std::vector<double> values;        ///< of resample b at b * names.size()
  std::vector<path_status> statuses; ///< of resamples; only those that converged count
  std::int64_t flips = 0;            ///< constructs of resamples that were turned round

  [[nodiscard]] std::size_t resamples() const noexcept { return statuses.size(); }
  [[nodiscard]] std::size_t find(const path_figure_name& wanted) const noexcept {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), wanted) - names.begin());
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
  for (std::size_t b = 0; b < made.resamples(); ++b)
    for (const std::size_t f : kept)
      made.values.push_back(from.values[b * from.names.size() + f]);
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

namespace detail {

template <class T>
struct lanes {
  static constexpr int count = 1;
  static void set(T& x, int /*lane*/, double value) noexcept { x = T(value); }
  static double get(const T& x, int /*lane*/) noexcept { return math::value_of(x); }
};
template <class Isa>
struct lanes<math::pack<Isa>> {
  static constexpr int count = Isa::lanes;
  static void set(math::pack<Isa>& x, int lane, double value) noexcept { x.set(lane, value); }
  static double get(const math::pack<Isa>& x, int lane) noexcept { return math::value_of(x[lane]); }
};

/// Estimates blocks of as many covariance matrices as a scalar has lanes, and writes the figures of each.
template <class T>
class resample_block {
public:
  using lane = lanes<T>;
  static constexpr std::size_t count = lane::count;

  /// \param loadings  sums of those of the model by construct, for signs; empty = they stay
  resample_block(const path_plan& plan, variance_denominator denominator, const std::vector<double>& loadings)
      : plan_(plan)
      , denominator_(denominator)
      , loadings_(loadings)
      , work_(plan)
      , correlations_(plan.items() * plan.items())
      , effects_(plan.constructs() * plan.constructs())
      , ratios_(plan.constructs() * plan.constructs())
      , geometric_(plan.constructs() * plan.constructs())
      , signs_(plan.constructs())
      , names_(figures_of(plan)) {}

  [[nodiscard]] const std::vector<path_figure_name>& names() const noexcept { return names_; }

  /// Takes the sums of one resample. \param cases  that it has
  void take(std::size_t at, std::span<const std::int32_t> sums, std::int64_t cases) noexcept {
    const std::size_t p = plan_.items();
    const std::int32_t* const totals = sums.data() + p * (p + 1) / 2;
    const math::real n(static_cast<double>(cases));
    const math::real over = n * divisor(n, static_cast<double>(cases), denominator_);
    std::size_t from = 0;
    for (std::size_t i = 0; i < p; ++i)
      for (std::size_t k = 0; k <= i; ++k) {
        const std::int64_t centred = cases * static_cast<std::int64_t>(sums[from++]) -
                                     static_cast<std::int64_t>(totals[i]) * totals[k];
        const double value = math::value_of(math::real(static_cast<double>(centred)) / over);
        lane::set(work_.covariance[i * p + k], static_cast<int>(at), value);
        if (plan_.metric == item_metric::raw) // else the correlation matrix is made of the lower triangle
          lane::set(work_.covariance[k * p + i], static_cast<int>(at), value);
      }
  }

  void estimate() noexcept {
    const std::size_t p = plan_.items();
    estimate_paths(plan_, work_);
    if (plan_.metric == item_metric::standardised) {
      correlations_ = work_.covariance; // of the same size: nothing is allocated
    } else {
      for (std::size_t i = 0; i < p; ++i)
        for (std::size_t k = 0; k < p; ++k)
          correlations_[i * p + k] =
              work_.covariance[i * p + k] / (work_.deviations[i] * work_.deviations[k]);
    }
    heterotrait_monotrait<T>(plan_, correlations_.data(), ratios_.data());
    heterotrait_monotrait<T, trait_mean::geometric>(plan_, correlations_.data(), geometric_.data());
    align();
    const std::size_t n = plan_.constructs();
    for (std::size_t i = 0; i < n; ++i)
      for (const std::uint32_t j : plan_.order) {
        T sum(0.0);
        for (std::size_t a = plan_.source_first[j]; a < plan_.source_first[j + 1]; ++a)
          sum = sum + (plan_.source[a] == i ? T(1.0) : effects_[i * n + plan_.source[a]]) * work_.path[a];
        effects_[i * n + j] = j == i ? T(0.0) : sum;
      }
  }

  [[nodiscard]] path_status status(std::size_t at) const noexcept {
    return static_cast<path_status>(static_cast<std::int32_t>(lane::get(work_.status, static_cast<int>(at))));
  }
  /// How many constructs were turned round.
  [[nodiscard]] std::int64_t flips(std::size_t at) const noexcept {
    std::int64_t made = 0;
    for (const T& sign : signs_)
      made += lane::get(sign, static_cast<int>(at)) < 0.0 ? 1 : 0;
    return made;
  }
  /// \param into  names().size() figures
  void write(std::size_t at, double* into) const noexcept {
    const int which = static_cast<int>(at);
    const std::size_t n = plan_.constructs();
    std::size_t path = 0;
    for (const path_figure_name& one : names_) {
      const T* from = nullptr;
      switch (one.what) {
      case path_figure::weight:
        from = &work_.weights[one.first];
        break;
      case path_figure::loading:
        from = &work_.loadings[one.first];
        break;
      case path_figure::path:
        from = &work_.path[path++];
        break;
      case path_figure::r_squared:
        from = &work_.r_squared[one.first];
        break;
      case path_figure::total_effect:
        from = &effects_[one.first * n + one.second];
        break;
      case path_figure::htmt:
        from = &ratios_[one.first * n + one.second];
        break;
      case path_figure::htmt2:
        from = &geometric_[one.first * n + one.second];
        break;
      }
      *into++ = lane::get(*from, which);
    }
  }

private:
  void align() noexcept {
    for (T& sign : signs_)
      sign = T(1.0);
    if (loadings_.empty())
      return;
    for (std::size_t j = 0; j < plan_.constructs(); ++j) {
      T sum(0.0);
      for (std::size_t i = plan_.first[j]; i < plan_.first[j + 1]; ++i)
        sum = sum + work_.loadings[i];
      signs_[j] = select(sum * T(loadings_[j]) < T(0.0), T(-1.0), T(1.0));
      for (std::size_t i = plan_.first[j]; i < plan_.first[j + 1]; ++i) {
        work_.loadings[i] = work_.loadings[i] * signs_[j];
        work_.weights[i] = work_.weights[i] * signs_[j];
      }
    }
    for (std::size_t j = 0; j < plan_.constructs(); ++j)
      for (std::size_t a = plan_.source_first[j]; a < plan_.source_first[j + 1]; ++a)
        work_.path[a] = work_.path[a] * signs_[plan_.source[a]] * signs_[j];
  }

  const path_plan& plan_;
  variance_denominator denominator_;
  const std::vector<double>& loadings_;
  path_workspace<T> work_;
  std::vector<T> correlations_;
  std::vector<T> effects_;
  std::vector<T> ratios_;
  std::vector<T> geometric_;
  std::vector<T> signs_;
  std::vector<path_figure_name> names_;
};

/// Estimates resamples whose sums `add_up(resample, sums, room for cases)` gives; it returns how many cases the resample has.
template <class T, class AddUp>
[[nodiscard]] path_resamples resampled(const path_plan& plan, const answer_products& products,
                                       variance_denominator denominator, resample_signs signs,
                                       std::size_t resamples, const run& work, const AddUp& add_up) {
  path_resamples made;
  std::vector<double> loadings;
  {
    const std::vector<double> as_estimated;
    resample_block<math::real> whole(plan, denominator, as_estimated);
    whole.take(0, products.all(), static_cast<std::int64_t>(products.rows()));
    whole.estimate();
    made.names = whole.names();
    made.estimates.resize(made.names.size());
    whole.write(0, made.estimates.data());
    if (signs == resample_signs::construct) {
      loadings.assign(plan.constructs(), 0.0);
      for (std::size_t f = 0; f < made.names.size(); ++f)
        if (made.names[f].what == path_figure::loading)
          for (std::size_t j = 0; j < plan.constructs(); ++j)
            if (made.names[f].first >= plan.first[j] && made.names[f].first < plan.first[j + 1])
              loadings[j] += made.estimates[f];
    }
  }
  const std::size_t width = made.names.size();
  made.values.resize(resamples * width);
  made.statuses.resize(resamples);
  std::vector<std::int64_t> flips(resamples, 0);
  constexpr std::size_t lanes_at_once = resample_block<T>::count;
  constexpr std::size_t at_once = 256; // of a task: a multiple of the lanes of every pack
  const auto tasks = static_cast<std::int64_t>((resamples + at_once - 1) / at_once);
  for_each_task(tasks, work, [&](std::int64_t task) {
    resample_block<T> block(plan, denominator, loadings);
    std::vector<std::int32_t> sums(products.width());
    std::vector<std::uint32_t> drawn(products.rows());
    const std::size_t begin = static_cast<std::size_t>(task) * at_once;
    const std::size_t end = std::min(begin + at_once, resamples);
    for (std::size_t first = begin; first < end; first += lanes_at_once) {
      const std::size_t here = std::min(lanes_at_once, end - first);
      for (std::size_t at = 0; at < here; ++at) {
        const std::int64_t cases = add_up(first + at, sums.data(), drawn);
        block.take(at, sums, cases);
      }
      for (std::size_t at = here; at < lanes_at_once; ++at) // without a resample of their own
        block.take(at, products.all(), static_cast<std::int64_t>(products.rows()));
      block.estimate();
      for (std::size_t at = 0; at < here; ++at) {
        block.write(at, made.values.data() + (first + at) * width);
        made.statuses[first + at] = block.status(at);
        flips[first + at] = block.flips(at);
      }
    }
  });
  for (const std::int64_t one : flips)
    made.flips += one;
  return made;
}

} // namespace detail

/// Resamples with given cases. \param rows  of each resample its cases, by their places, as often as they are drawn
/// \tparam T  a real, or a pack of resamples at once
/// \throws error status::data for a place that there is not; status::cancelled
template <class T = math::pack<math::isa::baseline>>
[[nodiscard]] path_resamples
resample_paths(std::string_view where, const path_plan& plan, const answer_products& products,
               variance_denominator denominator, resample_signs signs,
               const std::vector<std::vector<std::uint32_t>>& rows, const run& work) {
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
  return detail::resampled<T>(plan, products, denominator, signs, rows.size(), work,
                              [&](std::size_t b, std::int32_t* sums, std::vector<std::uint32_t>& /*drawn*/) {
                                products.add_up<T>(rows[b], sums);
                                return static_cast<std::int64_t>(rows[b].size());
                              });
}

/// Bootstrap: each resample draws as many cases as there are, with replacement. Draw d of resample b is that of the stream
/// (seed, b, 0), whatever is drawn elsewhere.
/// \throws error status::cancelled
template <class T = math::pack<math::isa::baseline>>
[[nodiscard]] path_resamples bootstrap_paths(const path_plan& plan, const answer_products& products,
                                             variance_denominator denominator, resample_signs signs,
                                             std::uint64_t seed, std::size_t resamples, const run& work) {
  return detail::resampled<T>(plan, products, denominator, signs, resamples, work,
                              [&](std::size_t b, std::int32_t* sums, std::vector<std::uint32_t>& drawn) {
                                random_stream stream(seed, b, 0);
                                for (std::uint32_t& one : drawn)
                                  one = static_cast<std::uint32_t>(stream.below(products.rows()));
                                products.add_up<T>(drawn, sums);
                                return static_cast<std::int64_t>(products.rows());
                              });
}

/// Jackknife: each case is left out once.
/// \throws error status::cancelled
template <class T = math::pack<math::isa::baseline>>
[[nodiscard]] path_resamples jackknife_paths(const path_plan& plan, const answer_products& products,
                                             variance_denominator denominator, resample_signs signs,
                                             const run& work) {
  return detail::resampled<T>(plan, products, denominator, signs, products.rows(), work,
                              [&](std::size_t b, std::int32_t* sums, std::vector<std::uint32_t>& /*drawn*/) {
                                products.without(b, sums);
                                return static_cast<std::int64_t>(products.rows()) - 1;
                              });
}

} // namespace emptor::stats

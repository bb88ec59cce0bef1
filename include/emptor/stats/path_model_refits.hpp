// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/random.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_resampling.hpp>

/// Resamples of any path model: where there are several stages, case weights, or answers that are no whole numbers, each is
/// fitted from moments of its own; else by exact sums, some at once.
namespace emptor::stats {

/// Which cases a resample has.
enum class resample_kind : std::int32_t { bootstrap = 0, jackknife = 1 };

/// Which cases belong together: the answers of one respondent. A unit is drawn, or left out, with all of its cases.
struct case_units {
  std::vector<std::uint32_t> of; ///< of each case its unit; empty = each case is one
  std::size_t count = 0;         ///< of units; each has a case
};

namespace detail {

/// The figures of a fit, as figures_of names them, each so many places after the one before.
inline void write_figures(const path_fit& fit, const std::vector<path_figure_name>& names,
                          const std::vector<double>& loadings, double* into, std::size_t stride,
                          std::int64_t& flips) {
  const path_stage_fit& of = fit.model();
  const std::size_t n = of.constructs.size();
  std::vector<math::real> correlations(of.item_correlations.begin(), of.item_correlations.end());
  std::vector<math::real> ratios(n * n);
  heterotrait_monotrait<math::real>(of.plan, correlations.data(), ratios.data());
  std::vector<math::real> geometric(n * n);
  heterotrait_monotrait<math::real, trait_mean::geometric>(of.plan, correlations.data(), geometric.data());
  std::vector<double> sign(n, 1.0);
  std::vector<std::size_t> construct(of.items.size());
  for (std::size_t j = 0; j < n; ++j) {
    math::real sum(0.0);
    for (std::size_t i = of.plan.first[j]; i < of.plan.first[j + 1]; ++i) {
      construct[i] = j;
      sum += of.loadings[i];
    }
    if (!loadings.empty() && sum * loadings[j] < math::real(0.0)) {
      sign[j] = -1.0;
      ++flips;
    }
  }
  for (const path_figure_name& one : names) {
    switch (one.what) {
    case path_figure::weight:
      *into = of.weights[one.first] * sign[construct[one.first]];
      break;
    case path_figure::loading:
      *into = of.loadings[one.first] * sign[construct[one.first]];
      break;
    case path_figure::path:
      *into = fit.direct_effect(one.first, one.second) * sign[one.first] * sign[one.second];
      break;
    case path_figure::r_squared:
      *into = of.r_squared[one.first];
      break;
    case path_figure::total_effect:
      *into = fit.total_effect(one.first, one.second) * sign[one.first] * sign[one.second];
      break;
    case path_figure::htmt:
      *into = math::value_of(ratios[one.first * n + one.second]);
      break;
    case path_figure::htmt2:
      *into = math::value_of(geometric[one.first * n + one.second]);
      break;
    }
    into += stride;
  }
}

/// \param resamples  how many \param cases_of  of a resample its cases, in the order of their places
template <class CasesOf>
[[nodiscard]] path_resamples refitted(const path_structure& structure, const complete_columns& from,
                                      const moment_options& how, resample_signs signs, std::size_t resamples,
                                      const run& work, const CasesOf& cases_of) {
  path_moments moments;
  complete_moments(from, how, moments);
  const path_fit whole = fit_path_model(structure, moments);
  const path_stage_fit& model = whole.model();
  path_resamples made;
  made.names = figures_of(model.plan);
  const std::size_t width = made.names.size();
  made.estimates.resize(width);
  std::int64_t none = 0;
  write_figures(whole, made.names, {}, made.estimates.data(), 1, none);
  std::vector<double> loadings;
  if (signs == resample_signs::construct) {
    loadings.assign(model.constructs.size(), 0.0);
    for (std::size_t j = 0; j < model.constructs.size(); ++j)
      for (std::size_t i = model.plan.first[j]; i < model.plan.first[j + 1]; ++i)
        loadings[j] += model.loadings[i];
  }
  made.values.assign(resamples * width, std::numeric_limits<double>::quiet_NaN());
  made.statuses.assign(resamples, path_status::zero_variance);
  std::vector<std::int64_t> flips(resamples, 0);
  constexpr std::size_t at_once = 16;
  for_each_task(static_cast<std::int64_t>((resamples + at_once - 1) / at_once), work, [&](std::int64_t task) {
    const std::size_t begin = static_cast<std::size_t>(task) * at_once;
    for (std::size_t b = begin; b < std::min(begin + at_once, resamples); ++b) {
      const std::vector<std::uint32_t> cases = cases_of(b);
      complete_columns drawn;
      drawn.columns.resize(from.columns.size());
      for (std::size_t i = 0; i < from.columns.size(); ++i)
        for (const std::uint32_t r : cases)
          drawn.columns[i].push_back(from.columns[i][r]);
      if (!from.weights.empty())
        for (const std::uint32_t r : cases)
          drawn.weights.push_back(from.weights[r]);
      path_moments of;
      complete_moments(drawn, how, of);
      if (how.denominator == variance_denominator::n_minus_1 && !(of.effective_cases > 1.0))
        continue; // one case has all the weight
      try {
        const path_fit fit = fit_path_model(structure, of);
        made.statuses[b] = fit.status();
        if (fit.stages.size() == structure.stages().size() && fit.model().usable())
          write_figures(fit, made.names, loadings, made.values.data() + b, resamples, flips[b]);
      } catch (const error& refused) {
        if (refused.code() != status::data && refused.code() != status::too_few)
          throw;
        // An item does not vary in this resample, or follows from others: its status says so.
      }
    }
  });
  for (const std::int64_t one : flips)
    made.flips += one;
  return made;
}

/// The same of a bootstrap or a jackknife, of which there are as many as rows.
[[nodiscard]] inline path_resamples refitted(const path_structure& structure, const complete_columns& from,
                                             const moment_options& how, resample_signs signs,
                                             resample_kind kind, std::uint64_t seed, std::size_t resamples,
                                             const run& work) {
  return refitted(structure, from, how, signs, resamples, work, [&](std::size_t b) {
    std::vector<std::uint32_t> cases;
    random_stream stream(seed, b, 0);
    for (std::size_t r = 0; r < from.rows(); ++r)
      if (kind == resample_kind::bootstrap)
        cases.push_back(static_cast<std::uint32_t>(stream.below(from.rows())));
      else if (r != b)
        cases.push_back(static_cast<std::uint32_t>(r));
    std::sort(cases.begin(), cases.end()); // so that sums of reals do not depend on the order of the draws
    return cases;
  });
}

/// The cases of units, unit by unit.
class unit_cases {
public:
  explicit unit_cases(const case_units& units)
      : first_(units.count + 1, 0)
      , cases_(units.of.size()) {
    for (const std::uint32_t one : units.of)
      ++first_[one + 1];
    for (std::size_t u = 0; u < units.count; ++u)
      first_[u + 1] += first_[u];
    std::vector<std::size_t> next(first_.begin(), first_.end() - 1);
    for (std::size_t r = 0; r < cases_.size(); ++r)
      cases_[next[units.of[r]]++] = static_cast<std::uint32_t>(r);
  }

  [[nodiscard]] std::size_t count() const noexcept { return first_.size() - 1; }
  [[nodiscard]] std::span<const std::uint32_t> operator[](std::size_t unit) const noexcept {
    return std::span(cases_).subspan(first_[unit], first_[unit + 1] - first_[unit]);
  }
  /// The cases of resample b in the order of their places, so that sums of reals do not depend on the order of the draws.
  [[nodiscard]] std::vector<std::uint32_t> resample(resample_kind kind, std::uint64_t seed,
                                                    std::size_t b) const {
    std::vector<std::uint32_t> made;
    if (kind == resample_kind::bootstrap) {
      made.resize(drawn_cases(seed, b));
      static_cast<void>(draw(seed, b, made));
    } else {
      for (std::size_t u = 0; u < count(); ++u)
        if (u != b)
          made.insert(made.end(), (*this)[u].begin(), (*this)[u].end());
    }
    std::sort(made.begin(), made.end());
    return made;
  }
  /// How many cases resample b of a bootstrap has.
  [[nodiscard]] std::size_t drawn_cases(std::uint64_t seed, std::size_t b) const noexcept {
    std::size_t sum = 0;
    random_stream stream(seed, b, 0);
    for (std::size_t u = 0; u < count(); ++u)
      sum += (*this)[static_cast<std::size_t>(stream.below(count()))].size();
    return sum;
  }
  /// The most that one of some resamples has. \throws error status::cancelled
  [[nodiscard]] std::size_t most_drawn_cases(std::uint64_t seed, std::size_t resamples,
                                             const run& work) const {
    constexpr std::size_t at_once = 256;
    const std::size_t tasks = (resamples + at_once - 1) / at_once;
    std::vector<std::size_t> most(tasks, 0);
    for_each_task(static_cast<std::int64_t>(tasks), work, [&](std::int64_t task) {
      const auto t = static_cast<std::size_t>(task);
      for (std::size_t b = t * at_once; b < std::min((t + 1) * at_once, resamples); ++b)
        most[t] = std::max(most[t], drawn_cases(seed, b));
    });
    return most.empty() ? 0 : *std::max_element(most.begin(), most.end());
  }
  /// Writes the cases of resample b of a bootstrap, unit by unit as these are drawn. \param into  room for drawn_cases
  /// \return those that were written
  [[nodiscard]] std::span<const std::uint32_t> draw(std::uint64_t seed, std::size_t b,
                                                    std::span<std::uint32_t> into) const noexcept {
    std::size_t at = 0;
    random_stream stream(seed, b, 0);
    for (std::size_t u = 0; u < count(); ++u)
      for (const std::uint32_t one : (*this)[static_cast<std::size_t>(stream.below(count()))])
        into[at++] = one;
    return into.first(at);
  }

private:
  std::vector<std::size_t> first_;
  std::vector<std::uint32_t> cases_;
};

/// Whether exact sums of products serve all resamples of a model. \param cases  the most that a resample can have
[[nodiscard]] inline bool has_exact_resamples(const path_structure& structure, const complete_columns& from,
                                              std::size_t cases) {
  constexpr double most_table = 0x1p26; // numbers
  double most = 1.0;
  bool whole = from.weights.empty() && structure.stages().size() == 1 && structure.products().empty();
  bool plain = !structure.stages().back().blocks.empty();
  std::size_t at = 0;
  for (const path_block& block : structure.stages().back().blocks)
    for (const path_column& column : block.columns)
      plain = plain && column.what == path_column::kind::item && column.first == at++;
  for (const std::vector<double>& column : from.columns)
    for (const double x : column) {
      whole = whole && is_small_whole(x);
      most = std::max(most, std::fabs(x));
    }
  const auto p = static_cast<double>(from.columns.size());
  const auto n = static_cast<double>(from.rows());
  return whole && plain && most * most * static_cast<double>(cases) < 0x1p31 &&
         std::max(cases, from.rows()) <= answer_products::most_rows && n * p * (p + 3.0) / 2.0 <= most_table;
}

} // namespace detail

/// The most numbers that resamples may have together.
inline constexpr std::size_t most_resampled_numbers = std::size_t{1} << 27;

namespace detail {
/// \throws error status::option where resamples x figures would not fit
inline void check_resamples(const path_structure& structure, const path_plan& plan, std::size_t resamples) {
  const std::size_t most = most_resampled_numbers / figures_of(plan).size();
  if (resamples > most)
    throw error(status::option,
                message(structure.where(), "the number of resamples", -1, std::to_string(resamples),
                        "at most " + std::to_string(most) + " for a model of this size"));
}
} // namespace detail

/// Bootstrap or jackknife of any model. \param from  complete, with the products of the structure \param units  what is drawn,
/// as many as there are, or left out once
/// \throws error status::option where resamples x figures would not fit; status::too_few for one unit; as fit_path_model;
/// status::cancelled
[[nodiscard]] inline path_resamples
resample_model(const path_structure& structure, const detail::complete_columns& from,
               const moment_options& how, resample_signs signs, resample_kind kind, std::uint64_t seed,
               std::size_t resamples, const run& work, const case_units& units = {}) {
  const bool alone = units.of.empty();
  if (kind == resample_kind::jackknife)
    resamples = alone ? from.rows() : units.count;
  const path_plan plan = plan_of(structure.stages().back(), structure.specification());
  detail::check_resamples(structure, plan, resamples);
  if (!alone) {
    if (units.count < 2)
      throw error(status::too_few, message(structure.where(), "the number of respondents to draw", -1,
                                           std::to_string(units.count), ">= 2; or say resamples=0"));
    const detail::unit_cases cases(units);
    bool exact = detail::has_exact_resamples(structure, from, from.rows());
    std::size_t room = 0; // what is left out stands with its unit
    if (exact && kind == resample_kind::bootstrap) {
      room = cases.most_drawn_cases(seed, resamples, work);
      exact = detail::has_exact_resamples(structure, from, room);
    }
    if (!exact)
      return detail::refitted(structure, from, how, signs, resamples, work,
                              [&](std::size_t b) { return cases.resample(kind, seed, b); });
    const answer_products products(structure.where(), from.columns);
    return detail::resampled(plan, products, how.denominator, signs, resamples, room, work,
                             best_path_kernel(), [&](std::size_t b, std::span<std::uint32_t> into) noexcept {
                               const bool left_out = kind == resample_kind::jackknife;
                               const std::span<const std::uint32_t> own =
                                   left_out ? cases[b] : cases.draw(seed, b, into);
                               return emptor_plain::resample_cases{own.data(), own.size(), left_out};
                             });
  }
  if (!detail::has_exact_resamples(structure, from, from.rows()))
    return detail::refitted(structure, from, how, signs, kind, seed, resamples, work);
  const answer_products products(structure.where(), from.columns);
  return kind == resample_kind::jackknife
             ? jackknife_paths(plan, products, how.denominator, signs, work)
             : bootstrap_paths(plan, products, how.denominator, signs, seed, resamples, work);
}

/// Resamples of any model whose cases are given. \param cases  of each resample its cases by their places, as often as they are
/// drawn; as many as there are, or another number
/// \throws error as resample_model; status::data for a place that there is not
[[nodiscard]] inline path_resamples given_resamples(const path_structure& structure,
                                                    const detail::complete_columns& from,
                                                    const moment_options& how, resample_signs signs,
                                                    std::vector<std::vector<std::uint32_t>> cases,
                                                    const run& work) {
  const path_plan plan = plan_of(structure.stages().back(), structure.specification());
  detail::check_resamples(structure, plan, cases.size());
  std::size_t longest = from.rows();
  for (std::vector<std::uint32_t>& one : cases) {
    std::sort(one.begin(), one.end());
    longest = std::max(longest, one.size());
    if (!one.empty() && one.back() >= from.rows())
      throw error(status::data, message(structure.where(), "a case of a resample", -1,
                                        std::to_string(one.back()), "< " + std::to_string(from.rows())));
  }
  if (longest > from.rows() || !detail::has_exact_resamples(structure, from, longest))
    return detail::refitted(structure, from, how, signs, cases.size(), work,
                            [&](std::size_t b) { return cases[b]; });
  const answer_products products(structure.where(), from.columns);
  return detail::resampled(plan, products, how.denominator, signs, cases.size(), 0, work, best_path_kernel(),
                           [&](std::size_t b, std::span<std::uint32_t> /*room*/) noexcept {
                             return emptor_plain::resample_cases{cases[b].data(), cases[b].size(), false};
                           });
}

} // namespace emptor::stats

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <string_view>

#include <emptor/math/real.hpp>

/// The random index (随机一致性指标 RI) of the analytic hierarchy process: the mean consistency index of matrices whose
/// judgements are drawn at random. Who drew how many, and from which scale, gives other figures, so that a consistency ratio
/// means nothing without the name of its table.
namespace emptor::stats {

/// Whose table of mean consistency indices of random matrices.
enum class random_index_table : std::int32_t {
  saaty = 0, ///< T. L. Saaty 1980, 1 to 15 criteria, as the textbooks print it
  saaty_2005 =
      1, ///< T. L. Saaty, Theory and Applications of the Analytic Network Process, 2005, page 31; 1 to 15
  donegan_dodd =
      2, ///< H. A. Donegan and F. J. Dodd 1991; 1 to 100, from 20 on straight lines between their figures
  simulated = 3,     ///< the R package ahpsurvey, 500,000 matrices of each size; 1 to 50
  alonso_lamata = 4, ///< J. A. Alonso and M. T. Lamata 2006, 100,000 matrices of each size; 1 to 15
};
inline constexpr std::string_view random_index_tables[] = {"saaty", "saaty_2005", "donegan_dodd", "simulated",
                                                           "alonso_lamata"};

namespace detail {
struct random_index_at {
  std::size_t criteria = 0;
  double index = 0.0;
};
/// Figures from three criteria on.
inline constexpr double saaty_index[] = {0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45,
                                         1.49, 1.51, 1.48, 1.56, 1.57, 1.59};
inline constexpr double saaty_2005_index[] = {0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45,
                                              1.49, 1.52, 1.54, 1.56, 1.58, 1.59};
inline constexpr random_index_at donegan_dodd_index[] = {
    {3, 0.4914},  {4, 0.8286},  {5, 1.0591},  {6, 1.1797},  {7, 1.2519},  {8, 1.3171},  {9, 1.3733},
    {10, 1.4055}, {11, 1.4213}, {12, 1.4497}, {13, 1.4643}, {14, 1.4822}, {15, 1.4969}, {16, 1.5078},
    {17, 1.5153}, {18, 1.5262}, {19, 1.5313}, {20, 1.5371}, {25, 1.5619}, {30, 1.5772}, {40, 1.5976},
    {50, 1.6102}, {60, 1.6178}, {70, 1.6237}, {80, 1.6277}, {90, 1.6213}, {100, 1.6339}};
inline constexpr double simulated_index[] = {
    0.5251686, 0.8836651, 1.1081014, 1.2492774, 1.3415514, 1.4048466, 1.4507197, 1.4857266,
    1.5141022, 1.5356638, 1.5545925, 1.5703498, 1.5839958, 1.5955704, 1.6053208, 1.6140648,
    1.62189,   1.6288505, 1.6355145, 1.6410749, 1.6462439, 1.6509834, 1.6554325, 1.6592237,
    1.663105,  1.6662368, 1.6696396, 1.6723214, 1.6751007, 1.6778474, 1.6801459, 1.6824754,
    1.6844494, 1.6865981, 1.6884438, 1.6901943, 1.6918461, 1.6935071, 1.6950605, 1.6965334,
    1.6979425, 1.6992006, 1.7004654, 1.7016392, 1.702778,  1.7038778, 1.7050314, 1.7060381};
inline constexpr double alonso_lamata_index[] = {0.5245, 0.8815, 1.1086, 1.2479, 1.3417, 1.4056, 1.4499,
                                                 1.4854, 1.5141, 1.5365, 1.5551, 1.5713, 1.5838};

[[nodiscard]] constexpr double random_index_in(std::span<const double> from_three,
                                               std::size_t criteria) noexcept {
  return criteria - 3 < from_three.size() ? from_three[criteria - 3]
                                          : std::numeric_limits<double>::quiet_NaN();
}
} // namespace detail

/// \return 0 of one or two criteria, whose judgements cannot contradict each other; NaN beyond the end of the table
[[nodiscard]] inline double random_index(random_index_table table, std::size_t criteria) noexcept {
  if (criteria < 3)
    return 0.0;
  switch (table) {
  case random_index_table::saaty:
    return detail::random_index_in(detail::saaty_index, criteria);
  case random_index_table::saaty_2005:
    return detail::random_index_in(detail::saaty_2005_index, criteria);
  case random_index_table::simulated:
    return detail::random_index_in(detail::simulated_index, criteria);
  case random_index_table::alonso_lamata:
    return detail::random_index_in(detail::alonso_lamata_index, criteria);
  case random_index_table::donegan_dodd:
    break;
  }
  const auto* const next =
      std::find_if(std::begin(detail::donegan_dodd_index), std::end(detail::donegan_dodd_index),
                   [&](const detail::random_index_at& one) { return one.criteria >= criteria; });
  if (next == std::end(detail::donegan_dodd_index))
    return std::numeric_limits<double>::quiet_NaN();
  if (next->criteria == criteria)
    return next->index;
  const detail::random_index_at& before = *std::prev(next);
  const math::real part =
      math::real(criteria - before.criteria) / static_cast<double>(next->criteria - before.criteria);
  return math::value_of(before.index + part * (math::real(next->index) - before.index));
}

} // namespace emptor::stats

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <emptor/math/real.hpp>

/// Fuzzy comprehensive evaluation (模糊综合评价): weights a_i of criteria and memberships r_ik of criteria in grades make memberships
/// b_k = a o r in the grades. What o does is a choice, and the verdict hangs on it.
namespace emptor::stats {

/// How weights and memberships are composed (模糊合成算子).
enum class fuzzy_operator : std::int32_t {
  weighted_average = 0, ///< M(x, +): b_k = min(1, sum of a_i r_ik); all criteria count (加权平均型)
  max_min = 1, ///< M(and, or): b_k = max of min(a_i, r_ik); the main criterion decides (主因素决定型)
  max_product = 2, ///< M(x, or): b_k = max of a_i r_ik; the main criterion stands out (主因素突出型)
  bounded_min_sum = 3, ///< M(and, bounded sum): b_k = min(1, sum of min(a_i, r_ik)) (主因素突出型)
};
inline constexpr std::string_view fuzzy_operators[] = {"weighted_average", "max_min", "max_product",
                                                       "bounded_min_sum"};
/// How many operators there are.
inline constexpr std::size_t fuzzy_operator_count = std::size(fuzzy_operators);

/// \param weights  of criteria, in [0, 1] \param memberships  criteria x grades, row by row, in [0, 1]
[[nodiscard]] inline std::vector<double> composed(fuzzy_operator how, std::span<const double> weights,
                                                  std::span<const double> memberships, std::size_t grades) {
  std::vector<math::real> made(grades, math::real(0.0));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const math::real weight(weights[i]);
    for (std::size_t k = 0; k < grades; ++k) {
      const math::real membership(memberships[i * grades + k]);
      switch (how) {
      case fuzzy_operator::weighted_average:
        made[k] += weight * membership;
        break;
      case fuzzy_operator::max_min:
        made[k] = max(made[k], min(weight, membership));
        break;
      case fuzzy_operator::max_product:
        made[k] = max(made[k], weight * membership);
        break;
      case fuzzy_operator::bounded_min_sum:
        made[k] += min(weight, membership);
        break;
      }
    }
  }
  std::vector<double> all;
  for (const math::real one : made)
    all.push_back(math::value_of(min(one, math::real(1.0))));
  return all;
}

/// Which of several grades, equal to rounding, is taken.
enum class grade_tie : std::int32_t { lower = 0, higher = 1 };
inline constexpr std::string_view grade_ties[] = {"lower", "higher"};
/// Memberships that differ by no more are equal.
inline constexpr double same_membership = 1e-12;

/// What memberships in grades say.
struct fuzzy_verdict {
  std::size_t grade = 0;   ///< of the greatest membership (最大隶属度原则)
  double membership = 0.0; ///< in it
  double margin = 0.0;     ///< to the next; 0 of a tie
  double score = std::numeric_limits<double>::quiet_NaN(); ///< mean score by membership (加权平均原则)
  std::size_t score_grade = 0;                             ///< whose score is nearest to that
};

/// \param memberships  in the grades from the best to the worst \param scores  descending
[[nodiscard]] inline fuzzy_verdict verdict_of(std::span<const double> memberships,
                                              std::span<const double> scores, grade_tie tie) {
  fuzzy_verdict made;
  const std::size_t n = memberships.size();
  made.membership = *std::max_element(memberships.begin(), memberships.end());
  const auto is_chosen = [&](bool fits, bool any) { return fits && (!any || tie == grade_tie::lower); };
  bool any = false;
  for (std::size_t k = 0; k < n; ++k) {
    if (is_chosen(made.membership - memberships[k] <= same_membership, any)) {
      made.grade = k;
      any = true;
    }
  }
  double next = 0.0;
  for (std::size_t k = 0; k < n; ++k)
    next = k == made.grade ? next : std::max(next, memberships[k]);
  made.margin =
      made.membership - next <= same_membership ? 0.0 : math::value_of(math::real(made.membership) - next);
  math::real all(0.0);
  math::real sum(0.0);
  for (std::size_t k = 0; k < n; ++k) {
    all += memberships[k];
    sum += math::real(memberships[k]) * scores[k];
  }
  if (!(math::value_of(all) > 0.0))
    return made;
  made.score = math::value_of(sum / all);
  const double width = scores.front() - scores.back();
  const auto distance = [&](std::size_t k) { return std::fabs(made.score - scores[k]); };
  double nearest = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < n; ++k)
    nearest = std::min(nearest, distance(k));
  any = false;
  for (std::size_t k = 0; k < n; ++k) {
    if (is_chosen(distance(k) - nearest <= same_membership * width, any)) {
      made.score_grade = k;
      any = true;
    }
  }
  return made;
}

} // namespace emptor::stats

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <emptor/math/real.hpp>

/// The cheapest change that reaches a score (达到目标分的最小代价): of each characteristic at most one move to another bin, so that the score
/// reaches the target and the costs add up to the least. This is the multiple-choice knapsack problem (Kellerer, Pferschy and Pisinger
/// 2004, chapter 11), solved by dynamic programming over the costs and scores of which none is better in both.
namespace emptor::credit {

/// A bin that a characteristic may move to, or stays in.
struct score_move {
  std::int32_t bin = 0; ///< from 1
  double points = 0.0;
  double cost = 0.0; ///< >= 0; 0 of staying
  bool stays = false;
};

/// The cheapest moves that reach a target: their costs, and the score (points) with them.
struct score_change {
  bool reached = false; ///< whether any moves reach the target
  bool proved =
      true; ///< whether no change is cheaper; false where there were too many partial changes to keep
  double cost = 0.0;        ///< sum in the order of the characteristics
  std::int64_t changes = 0; ///< characteristics that move
  double score = 0.0; ///< as a scorecard adds it up: base, then points in the order of the characteristics
  double best = 0.0;  ///< the best score of all moves
  std::vector<std::size_t> moves; ///< of each characteristic, its place among the moves given
};

/// Partial changes that are kept at once. With whole costs or whole points, which have few different sums, it is never reached.
inline constexpr std::size_t most_partial_changes = 20000;

/// Of the changes of least cost one with the fewest moves, of these the one with the best score.
/// \param base  points before those of the characteristics
/// \param moves  of each characteristic, one of them `stays`
/// \param target  to be reached from below where more points are better, from above where they are worse
/// \param more_is_better  whether the best score is the largest
[[nodiscard]] inline score_change cheapest_change(double base, std::span<const std::vector<score_move>> moves,
                                                  double target, bool more_is_better,
                                                  std::size_t most = most_partial_changes) {
  struct partial {
    double cost;
    std::int64_t changes;
    double score;
    std::uint32_t from; ///< place of the one before it
    std::uint32_t move;
  };
  struct step {
    std::uint32_t from;
    std::uint32_t move;
  };
  // Less is better with all signs turned around, which no rounding sees.
  const auto turned = [&](double points) { return more_is_better ? points : -points; };
  const auto sum = [](double left, double right) { return math::value_of(math::real(left) + right); };
  const double aim = turned(target);
  const std::size_t n = moves.size();
  score_change made;
  double best = turned(base);
  double size = std::fabs(base) + std::fabs(target);
  std::vector<double> most_left(n + 1, 0.0); // by the characteristics from here on
  std::vector<double> stay_left(n + 1, 0.0);
  for (std::size_t j = n; j-- > 0;) {
    double largest = -std::numeric_limits<double>::infinity();
    double stays = 0.0;
    for (const score_move& one : moves[j]) {
      largest = std::fmax(largest, turned(one.points));
      stays = one.stays ? turned(one.points) : stays;
      size += std::fabs(one.points);
    }
    most_left[j] = sum(most_left[j + 1], largest);
    stay_left[j] = sum(stay_left[j + 1], stays);
  }
  for (std::size_t j = 0; j < n; ++j) {
    double largest = -std::numeric_limits<double>::infinity();
    for (const score_move& one : moves[j])
      largest = std::fmax(largest, turned(one.points));
    best = sum(best, largest);
  }
  made.best = turned(best) + 0.0;
  if (!(best >= aim))
    return made;
  // What the sums from behind may be off from those from the front.
  const double slack = 1e-12 * size;
  double bound = std::numeric_limits<double>::infinity(); // a cost that reaches the target for sure
  std::vector<partial> kept{{0.0, 0, turned(base), 0, 0}};
  std::vector<std::vector<step>> steps(n);
  std::vector<partial> next;
  for (std::size_t j = 0; j < n; ++j) {
    next.clear();
    for (std::size_t at = 0; at < kept.size(); ++at) {
      for (std::size_t m = 0; m < moves[j].size(); ++m) {
        const score_move& one = moves[j][m];
        const partial grown{sum(kept[at].cost, one.cost), kept[at].changes + (one.stays ? 0 : 1),
                            sum(kept[at].score, turned(one.points)), static_cast<std::uint32_t>(at),
                            static_cast<std::uint32_t>(m)};
        if (grown.cost > bound || grown.score + most_left[j + 1] < aim - slack)
          continue;
        if (grown.score + stay_left[j + 1] >= aim + slack)
          bound = std::fmin(bound, grown.cost);
        next.push_back(grown);
      }
    }
    // One whose score is not above that of a cheaper one never ends better: sums keep the order of their first parts.
    std::stable_sort(next.begin(), next.end(), [](const partial& left, const partial& right) {
      if (left.cost != right.cost)
        return left.cost < right.cost;
      return left.changes != right.changes ? left.changes < right.changes : left.score > right.score;
    });
    kept.clear();
    for (const partial& one : next) {
      if (kept.empty() || one.score > kept.back().score)
        kept.push_back(one); // the order of the same cost and moves keeps its best score first
    }
    const std::size_t moves_next = j + 1 < n ? moves[j + 1].size() : 1;
    while (kept.size() > std::max<std::size_t>(2, std::min(most, 20 * most / moves_next))) {
      std::vector<partial> fewer; // every other one, and the one that reaches farthest
      for (std::size_t at = kept.size() % 2 == 0 ? 1 : 0; at < kept.size(); at += 2)
        fewer.push_back(kept[at]);
      kept = std::move(fewer);
      bound = std::numeric_limits<double>::infinity(); // what it was taken from may be gone
      made.proved = false;
    }
    for (const partial& one : kept)
      steps[j].push_back({one.from, one.move});
  }
  const auto found =
      std::find_if(kept.begin(), kept.end(), [&](const partial& one) { return one.score >= aim; });
  if (found == kept.end()) { // only where partial changes were left out
    made.proved = false;
    return made;
  }
  made.reached = true;
  made.cost = found->cost;
  made.changes = found->changes;
  made.score = turned(found->score) + 0.0;
  made.moves.resize(n);
  auto at = static_cast<std::size_t>(found - kept.begin());
  for (std::size_t j = n; j-- > 0;) {
    made.moves[j] = steps[j][at].move;
    at = steps[j][at].from;
  }
  return made;
}

} // namespace emptor::credit

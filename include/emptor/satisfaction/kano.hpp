// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include <emptor/math/elementary.hpp>
#include <emptor/math/incomplete_beta.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/test_tails.hpp>

/// The Kano model (卡诺模型): each feature is asked about twice, how one feels if it is there (functional) and if it is not
/// (dysfunctional); the two answers of a respondent put it into a category, and the categories of all say what it does to
/// satisfaction. Must-be (必备, M) features dissatisfy where they are missing, one-dimensional (期望, O) ones satisfy as far as
/// they are there, attractive (魅力, A) ones delight, indifferent (无差异, I) ones do nothing, of reverse (反向, R) ones the
/// opposite is wanted, and questionable (可疑, Q) answers contradict themselves.
///
///     Better = (A + O) / (A + O + M + I)        what satisfaction rises where it is there
///     Worse  = -(O + M) / (A + O + M + I)       what it falls where it is not
///
/// Source: N. Kano, N. Seraku, F. Takahashi and S. Tsuji, Attractive quality and must-be quality, Hinshitsu 14, 1984; C. Berger
/// et al., Kano's methods for understanding customer-defined quality, Center for Quality of Management Journal 2(4), 1993, with
/// F. Pouliot's variant of the table, D. Fong's test and M. Timko's coefficients; strengths after M. C. Lee and J. F. Newcomb,
/// Applying the Kano methodology to meet customer requirements, Quality Management Journal 4(3), 1997.
namespace emptor::satisfaction {

/// In the order in which a tie is decided: what does most harm if it is missing comes first.
enum class kano_category : std::int32_t {
  must_be = 0,
  one_dimensional = 1,
  attractive = 2,
  indifferent = 3,
  reverse = 4,
  questionable = 5,
};
/// How many categories there are.
inline constexpr std::size_t kano_category_count = 6;
inline constexpr std::string_view kano_category_names[] = {"must_be",     "one_dimensional", "attractive",
                                                           "indifferent", "reverse",         "questionable"};

/// Which table puts two answers into a category.
enum class kano_table : std::int32_t { standard = 0, pouliot = 1 };
inline constexpr std::string_view kano_table_names[] = {"standard", "pouliot"};
/// The five answers, in the order of the tables.
inline constexpr std::string_view kano_answer_names[] = {"like", "must_be", "neutral", "live_with",
                                                         "dislike"};
/// How many answers each of the two questions has.
inline constexpr std::size_t kano_answer_count = 5;

/// \param functional,dysfunctional  0 = like, 1 = must-be, 2 = neutral, 3 = live with, 4 = dislike
[[nodiscard]] constexpr kano_category kano_category_of(kano_table table, std::size_t functional,
                                                       std::size_t dysfunctional) noexcept {
  constexpr auto M = kano_category::must_be;
  constexpr auto O = kano_category::one_dimensional;
  constexpr auto A = kano_category::attractive;
  constexpr auto I = kano_category::indifferent;
  constexpr auto R = kano_category::reverse;
  constexpr auto Q = kano_category::questionable;
  constexpr kano_category cells[kano_answer_count][kano_answer_count] = {
      {Q, A, A, A, O}, {R, I, I, I, M}, {R, I, I, I, M}, {R, I, I, I, M}, {R, R, R, R, Q}};
  // Who expects it and its absence alike, or can live with both, has not understood one of the questions.
  if (table == kano_table::pouliot && functional == dysfunctional && (functional == 1 || functional == 3))
    return Q;
  return cells[functional][dysfunctional];
}

/// How many respondents put a feature into each category, and what they weigh.
class kano_counts {
public:
  /// \param weight > 0
  void add(kano_category which, double weight) noexcept { add(which, weight, weight); }
  /// \param together  what all answers of the same respondent weigh; he counts as one draw
  void add(kano_category which, double weight, double together) noexcept {
    const auto at = static_cast<std::size_t>(which);
    if (total() == 0)
      first_ = weight;
    equal_ = equal_ && weight == first_ && together == first_;
    ++counts_[at];
    weights_[at] = weights_[at] + weight;
    squares_[at] = squares_[at] + math::real(weight) * together;
  }
  [[nodiscard]] std::int64_t count(kano_category which) const noexcept {
    return counts_[static_cast<std::size_t>(which)];
  }
  [[nodiscard]] std::int64_t total() const noexcept {
    std::int64_t sum = 0;
    for (const std::int64_t one : counts_)
      sum += one;
    return sum;
  }
  /// Whether all weigh the same and nobody answered twice: then only counts matter.
  [[nodiscard]] bool equal_weights() const noexcept { return equal_; }
  /// What a category weighs; where all weigh the same, its count.
  [[nodiscard]] math::real weight(std::size_t which) const noexcept {
    return equal_ ? math::real(static_cast<double>(counts_[which])) : weights_[which];
  }
  [[nodiscard]] math::real square(std::size_t which) const noexcept {
    return equal_ ? math::real(static_cast<double>(counts_[which])) : squares_[which];
  }

private:
  std::array<std::int64_t, kano_category_count> counts_{};
  std::array<math::real, kano_category_count> weights_{};
  std::array<math::real, kano_category_count> squares_{}; ///< weight x weight of the respondent
  double first_ = 1.0;
  bool equal_ = true;
};

/// A share of those who answered, with its interval.
struct kano_share {
  double value = std::numeric_limits<double>::quiet_NaN();
  stats::interval within;
};

/// How a p-value came about.
enum class kano_test : std::int32_t { exact = 0, asymptotic = 1 };
inline constexpr std::string_view kano_test_names[] = {"exact", "asymptotic"};
/// How it is asked for.
enum class kano_test_choice : std::int32_t { automatic = 0, asymptotic = 1 };
inline constexpr std::string_view kano_test_choices[] = {"automatic", "asymptotic"};

/// Beyond this many standard errors Fong's test calls the largest category decided.
inline constexpr double fong_critical = 1.65;

/// What the answers about a feature say. Numbers are NaN, categories -1, where nobody answered or what a share is of is 0.
struct kano_figures {
  double effective_respondents = std::numeric_limits<double>::quiet_NaN();
  std::array<kano_share, kano_category_count> shares;
  std::int32_t category = -1;  ///< the largest one; M before O, A, I, R, Q where they weigh the same
  std::int32_t runner_up = -1; ///< the next one by the same rule
  bool tied = false;           ///< both weigh the same
  double category_strength = std::numeric_limits<double>::quiet_NaN(); ///< share of the first less the next
  double total_strength = std::numeric_limits<double>::quiet_NaN();    ///< share of M, O and A
  kano_share better;
  kano_share worse;                       ///< from -1 to 0
  std::int32_t coefficient_category = -1; ///< by better and worse beyond one half
  kano_test test = kano_test::exact;
  double p_value = std::numeric_limits<double>::quiet_NaN(); ///< two-sided, of the first against the next
  double fong_statistic = std::numeric_limits<double>::quiet_NaN();
};

namespace detail {
/// A share of some categories among others, with Wilson's interval of the effective number of respondents (L. Kish, Survey
/// Sampling, 1965), which is their number where all weigh the same.
[[nodiscard]] inline kano_share kano_share_of(const kano_counts& from, unsigned above, unsigned below,
                                              double z) noexcept {
  math::real over(0.0);
  math::real under(0.0);
  math::real squares(0.0);
  for (std::size_t c = 0; c < kano_category_count; ++c) {
    if ((above >> c & 1U) != 0)
      over = over + from.weight(c);
    if ((below >> c & 1U) != 0) {
      under = under + from.weight(c);
      squares = squares + from.square(c);
    }
  }
  if (!(math::value_of(under) > 0.0))
    return {};
  const double share = std::clamp(math::value_of(over / under), 0.0, 1.0);
  return {share, stats::wilson_interval(share, math::value_of(under / squares * under), z)};
}
[[nodiscard]] constexpr unsigned kano_set(std::initializer_list<kano_category> of) noexcept {
  unsigned set = 0;
  for (const kano_category one : of)
    set |= 1U << static_cast<unsigned>(one);
  return set;
}
} // namespace detail

/// The two-sided chance, if two categories are as frequent, that one of them leads by so much: of those in one of the two each
/// is in either with the probability one half, so that it is a sign test. The two largest are chosen by looking, among several
/// categories that are as frequent it is therefore below the level more often than it says.
[[nodiscard]] inline double kano_exact_p_value(std::int64_t larger, std::int64_t smaller) noexcept {
  if (larger <= smaller)
    return larger + smaller > 0 ? 1.0 : std::numeric_limits<double>::quiet_NaN();
  return std::min(1.0,
                  2.0 * math::ibeta(static_cast<double>(larger), static_cast<double>(smaller) + 1.0, 0.5));
}

/// Fong's statistic: how many standard errors the two largest counts are apart, |a - b| / sqrt((a + b)(2n - a - b) / (2n)). It
/// takes the two counts for independent, so that it is larger than the statistic of the sign test, |a - b| / sqrt(a + b).
[[nodiscard]] inline double kano_fong_statistic(double larger, double smaller, double all) noexcept {
  const math::real both = math::real(larger) + smaller;
  const math::real spread = both * (math::real(2.0) * all - both) / (math::real(2.0) * all);
  return math::value_of(spread) > 0.0 ? math::value_of((math::real(larger) - smaller) / sqrt(spread))
                                      : std::numeric_limits<double>::quiet_NaN();
}

/// \param z  normal quantile of the intervals
[[nodiscard]] inline kano_figures
kano_figures_of(const kano_counts& from, double z,
                kano_test_choice test = kano_test_choice::automatic) noexcept {
  using enum kano_category;
  kano_figures made;
  constexpr unsigned all = (1U << kano_category_count) - 1U;
  if (from.total() == 0)
    return made;
  math::real weight(0.0);
  math::real squares(0.0);
  for (std::size_t c = 0; c < kano_category_count; ++c) {
    weight = weight + from.weight(c);
    squares = squares + from.square(c);
    made.shares[c] = detail::kano_share_of(from, 1U << c, all, z);
  }
  made.effective_respondents = math::value_of(weight / squares * weight);
  // Categories stand in the order of ties: a later one must weigh more, by more than rounding.
  const math::real rounding = weight * 1e-12;
  const auto largest_but = [&](std::int32_t without) {
    std::int32_t best = -1;
    for (std::int32_t c = 0; c < static_cast<std::int32_t>(kano_category_count); ++c) {
      if (c != without && (best < 0 || from.weight(static_cast<std::size_t>(c)) >
                                           from.weight(static_cast<std::size_t>(best)) + rounding))
        best = c;
    }
    return best;
  };
  const std::int32_t first = largest_but(-1);
  const std::int32_t next = largest_but(first);
  const auto at_first = static_cast<std::size_t>(first);
  const auto at_next = static_cast<std::size_t>(next);
  made.category = first;
  const math::real lead = from.weight(at_first) - from.weight(at_next);
  made.tied = !(lead > rounding);
  made.category_strength = math::value_of(made.tied ? math::real(0.0) : lead / weight);
  made.total_strength =
      detail::kano_share_of(from, detail::kano_set({must_be, one_dimensional, attractive}), all, z).value;
  if (from.count(static_cast<kano_category>(next)) > 0)
    made.runner_up = next;
  constexpr unsigned four = detail::kano_set({must_be, one_dimensional, attractive, indifferent});
  made.better = detail::kano_share_of(from, detail::kano_set({attractive, one_dimensional}), four, z);
  const kano_share worse = detail::kano_share_of(from, detail::kano_set({one_dimensional, must_be}), four, z);
  made.worse = {0.0 - worse.value, {0.0 - worse.within.high, 0.0 - worse.within.low}};
  if (!std::isnan(worse.value)) {
    const bool satisfies = made.better.value >= 0.5;
    const kano_category by_halves =
        worse.value >= 0.5 ? (satisfies ? one_dimensional : must_be) : (satisfies ? attractive : indifferent);
    made.coefficient_category = static_cast<std::int32_t>(by_halves);
  }
  // In counts as if each had weighed the same.
  const math::real scale = made.effective_respondents / weight;
  made.fong_statistic =
      kano_fong_statistic(math::value_of(from.weight(at_first) * scale),
                          math::value_of(from.weight(at_next) * scale), made.effective_respondents);
  if (made.tied)
    made.fong_statistic = 0.0;
  if (from.equal_weights() && test == kano_test_choice::automatic) {
    made.p_value = kano_exact_p_value(from.count(static_cast<kano_category>(first)),
                                      from.count(static_cast<kano_category>(next)));
  } else {
    // The score test: the variance of the lead, if there is none, is the sum of the squared weights of both.
    made.test = kano_test::asymptotic;
    const math::real spread = from.square(at_first) + from.square(at_next);
    const math::real distance = made.tied ? math::real(0.0) : lead / sqrt(spread);
    made.p_value = stats::two_sided_normal_p(math::value_of(distance));
  }
  return made;
}

} // namespace emptor::satisfaction

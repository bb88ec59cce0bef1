// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <emptor/core/run.hpp>
#include <emptor/math/real.hpp>
#include <emptor/satisfaction/index_estimation.hpp>
#include <emptor/satisfaction/ratings.hpp>
#include <emptor/satisfaction/survey_cells.hpp>
#include <emptor/satisfaction/survey_comparison.hpp>

/// What a manager reads of a satisfaction index (客户满意度指数报告): the indices of groups and periods, whether they changed,
/// and what to do first.
///
/// The index of a respondent is that of index_model.hpp; that of a part of the survey is the mean of its respondents by
/// weight. Three rules say which weights of the questions it has in period t, w(t) being those that the answers of period t
/// give, and I(t, w) the index of period t with the weights w:
///
///     fixed        I(t, w) with the weights w of the model, the same in all periods
///     reestimated  I(t, w(t)); a change is one of answers and of weights
///     chain        C(1) = I(1, w(1)), C(t) = C(t - 1) I(t, w(t - 1)) / I(t - 1, w(t - 1)); with link=difference
///                  C(t) = C(t - 1) + I(t, w(t - 1)) - I(t - 1, w(t - 1))
///
/// So a chain changes only as answers do, and with weights that are one period old. Its level is that of the first period.
/// Where a period gives no weights those of the latest period before it take their place, and a period without answers is
/// passed over.
///
/// What to do first is told by importance_on (index_importance.hpp).
///
/// Source: Fornell et al. 1996; chain index and overlap: International Labour Office et al., Consumer Price Index Manual:
/// Theory and Practice, 2004, chapters 9 (linking) and 15 (chain indices).
namespace emptor::satisfaction {

inline constexpr std::string_view index_report_name = "satisfaction.index_report";

/// What indices of several periods stand on: the weights of one model, those of each period, or a chain.
enum class index_weights : std::int32_t { fixed = 0, reestimated = 1, chain = 2 };
inline constexpr std::string_view index_weights_names[] = {"fixed", "reestimated", "chain"};
/// How the periods of a chain are put together.
enum class chain_link : std::int32_t { ratio = 0, difference = 1 };
inline constexpr std::string_view chain_link_names[] = {"ratio", "difference"};

/// Why there is no index, or no interval.
enum class index_status : std::int32_t {
  fine = 0,
  no_weights = 1,   ///< the answers of the period do not give any
  no_index = 2,     ///< a weight is negative
  no_answers = 3,   ///< nobody answered all of the questions
  too_few = 4,      ///< one answer: an index without an interval
  no_variation = 5, ///< all answers are alike: an index without an interval
  no_link = 6,      ///< a chain by ratio from an index of 0
};
inline constexpr std::string_view index_status_names[] = {"fine",    "no_weights",   "no_index", "no_answers",
                                                          "too_few", "no_variation", "no_link"};

/// The status of a mean with an interval.
[[nodiscard]] inline index_status status_of(const survey_moments& of) noexcept {
  if (of.answers == 0)
    return index_status::no_answers;
  if (of.answers == 1 || !(of.effective() > 1.0))
    return index_status::too_few;
  return of.varies() ? index_status::fine : index_status::no_variation;
}

/// The index of a part of a survey.
struct part_index {
  survey_moments moments;  ///< of the indices of its respondents, with the weights on which it stands
  math::real level{0.0};   ///< the index
  math::real stretch{1.0}; ///< points of it per point of `moments`
  index_status status = index_status::fine;

  [[nodiscard]] bool there() const noexcept {
    return status == index_status::fine || status == index_status::too_few ||
           status == index_status::no_variation;
  }
};

/// A part, and the same in the last period before it that has an index.
struct index_change {
  std::uint32_t cell = 0;
  std::uint32_t other = 0;
  std::int64_t answers = 0;
  std::int64_t other_answers = 0;
  std::int64_t shared = 0;
  math::real level{0.0};
  math::real other_level{0.0};
  rated_difference found; ///< stretched
};

/// The indices of one construct in the parts of a survey.
class index_trend {
public:
  /// \param base  weights of the model \param by_period  of each period, as far as the rule needs them
  index_trend(const index_estimation& estimation, const stats::survey_answers& from,
              const survey_cells& cells, const survey_comparisons& comparisons,
              const std::vector<std::vector<double>>& answers, std::span<const double> weights,
              weight_meaning meaning, std::string_view construct, const index_estimate& base,
              std::span<const index_estimate> by_period)
      : estimation_(&estimation)
      , from_(&from)
      , cells_(&cells)
      , comparisons_(&comparisons)
      , answers_(&answers)
      , weights_(weights)
      , meaning_(meaning)
      , base_(base.find(construct))
      , values_(cells.rows().size(), std::numeric_limits<double>::quiet_NaN())
      , scratch_(cells.cells().size()) {
    for (const index_estimate& one : by_period)
      of_period_.push_back(one.find(construct));
  }

  /// \throws error status::cancelled
  void run(index_weights rule, chain_link link, stats::student_quantiles& t, const emptor::run& work) {
    parts_.assign(cells_->cells().size(), {});
    for (std::uint32_t c = 0; c < parts_.size(); ++c) {
      const survey_cells::cell& which = cells_->cells()[c];
      const bool fixed = rule == index_weights::fixed || which.period == survey_cells::none;
      if (!fixed && rule == index_weights::chain)
        continue;
      if (c % 256 == 0)
        work.check(static_cast<double>(c) / static_cast<double>(parts_.size()));
      parts_[c] = plain(c, fixed ? base_ : of_period_[which.period]);
    }
    const std::span<const survey_cells::cell> all = cells_->cells();
    follow(cells_->periods(), rule, link, t, work);
    const survey_cells::range crossed = cells_->crossed();
    for (std::uint32_t c = crossed.first; c < crossed.last;) {
      std::uint32_t last = c;
      while (last < crossed.last && all[last].group == all[c].group)
        ++last;
      follow({c, last}, rule, link, t, work);
      c = last;
    }
  }
  [[nodiscard]] const std::vector<part_index>& parts() const noexcept { return parts_; }
  [[nodiscard]] const std::vector<index_change>& changes() const noexcept { return changes_; }

private:
  [[nodiscard]] survey_moments moments_with(std::uint32_t cell, const index_score& of) {
    estimation_->indices(of, *answers_, cells_->members(cell), values_);
    return moments_of(cells_->members(cell), values_, weights_, meaning_);
  }
  /// Null weights are those that a period does not give.
  [[nodiscard]] part_index plain(std::uint32_t cell, const index_score* of) {
    part_index made;
    if (of == nullptr || !gives_index(*of)) {
      made.status = of == nullptr ? index_status::no_weights : index_status::no_index;
      return made;
    }
    made.moments = moments_with(cell, *of);
    made.level = made.moments.mean;
    made.status = status_of(made.moments);
    return made;
  }
  /// The latest weights up to a period that give an index; null without any.
  [[nodiscard]] const index_score* latest(std::uint32_t period) const noexcept {
    for (std::size_t p = period + std::size_t{1}; p-- > 0;)
      if (of_period_[p] != nullptr && gives_index(*of_period_[p]))
        return of_period_[p];
    return nullptr;
  }

  /// Parts that differ by their periods, in the order of these.
  void follow(survey_cells::range family, index_weights rule, chain_link link, stats::student_quantiles& t,
              const emptor::run& work) {
    std::uint32_t before = survey_cells::none;
    for (std::uint32_t c = family.first; c < family.last; ++c) {
      work.check(static_cast<double>(c - family.first) / static_cast<double>(family.size()));
      const std::uint32_t period = cells_->cells()[c].period;
      if (before == survey_cells::none) {
        if (rule == index_weights::chain)
          parts_[c] = plain(c, of_period_[period]);
        if (parts_[c].there())
          before = c;
        continue;
      }
      if (rule != index_weights::chain && !parts_[c].there())
        continue;
      const std::uint32_t period_before = cells_->cells()[before].period;
      const index_score* now = base_;
      const index_score* then = base_;
      if (rule == index_weights::reestimated) {
        now = of_period_[period];
        then = of_period_[period_before];
      } else if (rule == index_weights::chain) {
        now = latest(period_before); // there is one, since there is a level
        then = now;
      }
      // Both stand in values_ at once, since no row is in two periods.
      scratch_[before] = moments_with(before, *then);
      scratch_[c] = moments_with(c, *now);
      math::real stretch(1.0);
      if (rule == index_weights::chain) {
        part_index& made = parts_[c];
        made.moments = scratch_[c];
        made.status = status_of(made.moments);
        if (made.moments.answers == 0)
          continue;
        if (link == chain_link::ratio) {
          stretch = parts_[before].level / scratch_[before].mean;
          if (!(math::value_of(scratch_[before].mean) > 0.0) || !std::isfinite(math::value_of(stretch))) {
            made.status = index_status::no_link;
            continue;
          }
        }
        made.stretch = stretch;
        made.level = parts_[before].level + stretch * (scratch_[c].mean - scratch_[before].mean);
      }
      changes_.push_back(change(c, before, stretch, t));
      before = c;
    }
  }

  [[nodiscard]] index_change change(std::uint32_t cell, std::uint32_t other, math::real stretch,
                                    stats::student_quantiles& t) const {
    index_change made{.cell = cell,
                      .other = other,
                      .answers = scratch_[cell].answers,
                      .other_answers = scratch_[other].answers,
                      .level = parts_[cell].level,
                      .other_level = parts_[other].level,
                      .found = {}};
    const survey_comparisons::overlap both = comparisons_->overlap_of(
        {compared_with::previous, cell, other, 0}, scratch_, *from_, values_, weights_, meaning_);
    made.shared = both.respondents;
    made.found = mean_difference(scratch_[cell], scratch_[other], both.correlation, both.respondents, t);
    const auto stretched = [&](double& figure) { figure = math::value_of(stretch * figure); };
    stretched(made.found.difference);
    stretched(made.found.standard_error);
    stretched(made.found.range.low);
    stretched(made.found.range.high);
    return made;
  }

  const index_estimation* estimation_;
  const stats::survey_answers* from_;
  const survey_cells* cells_;
  const survey_comparisons* comparisons_;
  const std::vector<std::vector<double>>* answers_;
  std::span<const double> weights_;
  weight_meaning meaning_;
  const index_score* base_;
  std::vector<const index_score*> of_period_;
  std::vector<double> values_; ///< indices by place among the rows
  std::vector<survey_moments> scratch_;
  std::vector<part_index> parts_;
  std::vector<index_change> changes_;
};

} // namespace emptor::satisfaction

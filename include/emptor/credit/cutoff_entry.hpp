// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/credit/cutoff.hpp>
#include <emptor/credit/cutoff_description.hpp>
#include <emptor/credit/scored_sample.hpp>

namespace emptor::credit {

/// Writes the tables, part after part.
class cutoff_report {
public:
  cutoff_report(const scored_sample& sample, std::vector<double> risks, const option_values& options)
      : sample_(sample)
      , risks_(std::move(risks))
      , money_{options.number("profit_per_good"), options.number("loss_per_bad")}
      , meaning_(options.choice<stats::weight_meaning>("weights", stats::weight_meanings))
      , z_(stats::two_sided_normal_quantile(options.number("confidence")))
      , points_(options.integer("points"))
      , best_(cutoff_outputs[0], 0)
      , cuts_(cutoff_outputs[1], 0) {
    if (options.has("current"))
      current_ = sample.turned(options.number("current"));
  }

  void add(const sample_part& part) {
    slice_ = part.slice;
    const chosen_rows rows = sample_.chosen(part.rows, risks_);
    const stats::ranked_events ranked(rows.view());
    const std::vector<cut_point> cuts = cuts_of(ranked, money_);
    add_best(ranked, cuts, static_cast<std::int64_t>(rows.risk.size()),
             static_cast<std::int64_t>(part.rows.size() - rows.risk.size()));
    if (!rows.risk.empty())
      add_cuts(ranked, cuts);
  }
  [[nodiscard]] std::vector<table> tables() && {
    std::vector<table> made;
    made.push_back(std::move(best_).made());
    made.push_back(std::move(cuts_).made());
    return made;
  }

private:
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  void slice_of(described_table& into) const {
    if (slice_)
      into.text(*slice_);
    else
      into.no_text();
  }
  [[nodiscard]] double shown(double risk) const noexcept {
    return std::isnan(risk) ? none : sample_.turned(risk);
  }
  [[nodiscard]] static double share(double part, double all) noexcept {
    return all > 0.0 ? math::value_of(math::real(part) / all) : none;
  }
  [[nodiscard]] static double accepted(const cut_point& at) noexcept {
    return math::value_of(math::real(at.goods) + at.bads);
  }

  void add_best(const stats::ranked_events& ranked, const std::vector<cut_point>& cuts, std::int64_t rows,
                std::int64_t left_out) {
    const std::size_t best = best_cut(cuts);
    const cut_point& at = cuts[best];
    const bool some = rows > 0;
    const cutoff_state state = !some                     ? cutoff_state::no_rows
                               : best == 0               ? cutoff_state::accept_nobody
                               : best + 1 == cuts.size() ? cutoff_state::accept_everybody
                                                         : cutoff_state::computed;
    const cut_range near = cuts_near(ranked, cuts, best, money_, meaning_, z_);
    slice_of(best_);
    best_.level(state).whole(rows).whole(left_out).number(money_.break_even());
    best_.number(shown(at.risk))
        .number(shown(cuts[near.strictest].risk))
        .number(shown(cuts[near.loosest].risk));
    best_.number(share(accepted(at), ranked.weight())).number(share(at.bads, accepted(at)));
    const auto interval = [&](double value, double error) {
      const math::real reach = math::real(z_) * error;
      best_.number(math::value_of(math::real(value) - reach))
          .number(math::value_of(math::real(value) + reach));
    };
    best_.number(some ? at.profit : none);
    interval(some ? at.profit : none, difference_of(ranked, best, 0, money_, meaning_).standard_error);
    if (!current_ || !some) {
      best_.number(none).number(none).number(none).number(none);
      return;
    }
    std::size_t used = 0; // the last cut that does not go beyond the one in use
    while (used + 1 < cuts.size() && cuts[used + 1].risk <= *current_)
      ++used;
    const cut_difference gain = difference_of(ranked, best, used, money_, meaning_);
    best_.number(cuts[used].profit).number(gain.value);
    interval(gain.value, gain.standard_error);
  }
  void add_cuts(const stats::ranked_events& ranked, const std::vector<cut_point>& cuts) {
    const double all = ranked.weight();
    const stats::class_total total{
        all, math::value_of(math::real(ranked.events().squares) + ranked.non_events().squares), 0};
    const double worth = math::value_of(math::real(stats::detail::counted(total, meaning_)) / all);
    const bool thin = points_ > 0 && cuts.size() > static_cast<std::size_t>(points_) + 1;
    cut_point before;
    std::int64_t step = -1;
    for (std::size_t i = 0; i < cuts.size(); ++i) {
      const cut_point& at = cuts[i];
      if (thin && i + 1 < cuts.size()) {
        const auto passed =
            static_cast<std::int64_t>(share(accepted(cuts[i + 1]), all) * static_cast<double>(points_));
        if (passed == step)
          continue;
        step = passed;
      }
      const double rate = share(at.bads, accepted(at));
      // Rows of unequal weights are worth fewer ones.
      const stats::interval within =
          stats::wilson_interval(rate, math::value_of(math::real(accepted(at)) * worth), z_);
      slice_of(cuts_);
      cuts_.number(shown(at.risk)).number(accepted(at)).number(share(accepted(at), all)).number(at.goods);
      cuts_.number(at.bads).number(rate).number(within.low).number(within.high);
      cuts_.number(share(math::value_of(math::real(at.bads) - before.bads),
                         math::value_of(math::real(accepted(at)) - accepted(before))));
      cuts_.number(at.profit);
      before = at;
    }
  }

  const scored_sample& sample_;
  std::vector<double> risks_;
  cutoff_economics money_;
  stats::weight_meaning meaning_;
  double z_;
  std::int64_t points_;
  std::optional<double> current_; ///< as a risk
  std::optional<std::string_view> slice_;
  described_table best_;
  described_table cuts_;
};

/// From a store of outcomes. \throws error status::unknown_name of the slice, status::schema of the score, status::data for outcomes
/// other than 0 and 1, status::cancelled
[[nodiscard]] inline result finish_cutoff(const finish_request& request) {
  const scored_sample sample(cutoff_name, request);
  cutoff_report report(sample, sample.risks(request.options.text("score")), request.options);
  const std::vector<sample_part> parts =
      sample.parts(request.options.choice<sample_division>("by", sample_divisions));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    request.how.check(static_cast<double>(i) / static_cast<double>(parts.size()));
    report.add(parts[i]);
  }
  return {std::move(report).tables(), nullptr};
}

inline constexpr example_table cutoff_example_rows[] = {{"rows", "row,characteristics:score,outcome\n"
                                                                 "F01,720,0\n"
                                                                 "F02,690,0\n"
                                                                 "F03,690,0\n"
                                                                 "F04,655,1\n"
                                                                 "F05,640,0\n"
                                                                 "F06,620,0\n"
                                                                 "F07,620,1\n"
                                                                 "F08,600,0\n"
                                                                 "F09,580,0\n"
                                                                 "F10,560,1\n"
                                                                 "F11,545,0\n"
                                                                 "F12,520,1\n"}};
inline constexpr example_option cutoff_example_options[] = {
    {"score", "score"}, {"profit_per_good", "100"}, {"loss_per_bad", "400"}, {"current", "550"}};
inline constexpr example_table cutoff_example_expected[] = {
    {"best", "state,rows,left_out,break_even,cut,strictest,loosest,acceptance_rate,bad_rate,profit,low,high,"
             "current_profit,gain,gain_low,gain_high\n"
             "computed,12,0,0.2,690,,520,0.25,0,300,-7.067342567690014,607.06734256769001,-500,800,-598."
             "44619605563092,2198.4461960556309\n"},
    {"cuts",
     "cut,accepted,acceptance_rate,goods,bads,bad_rate,low,high,marginal_bad_rate,profit\n"
     ",0,0,0,0,,,,,0\n"
     "720,1,0.083333333333333333,1,0,0,0,0.79345068562276261,0,100\n"
     "690,3,0.25,3,0,0,0,0.56149703175504553,0,300\n"
     "655,4,0.33333333333333333,3,1,0.25,0.045587260809700559,0.69935815741759812,1,-100\n"
     "640,5,0.41666666666666667,4,1,0.2,0.036224108632430165,0.62446537023747473,0,0\n"
     "620,7,0.58333333333333333,5,2,0.28571428571428571,0.082218924004056754,0.64106554816738073,0.5,-300\n"
     "600,8,0.66666666666666667,6,2,0.25,0.071479212752109008,0.59072456968983112,0,-200\n"
     "580,9,0.75,7,2,0.22222222222222222,0.063225107117846717,0.54741103089301112,0,-100\n"
     "560,10,0.83333333333333333,7,3,0.3,0.10779126740630102,0.60322185253885468,1,-500\n"
     "545,11,0.91666666666666667,8,3,0.27272727272727273,0.097460592900248907,0.56564530117612915,0,-400\n"
     "520,12,1,8,4,0.33333333333333333,0.13812009109121315,0.60937791112720048,1,-800\n"}};
inline constexpr example cutoff_examples[] = {
    {.what = verb::reduce,
     .summary =
         "twelve firms, of whom a good one earns 100 and a bad one costs 400; the cut-off in use is 550",
     .source = "tests/oracle/credit_cutoff.py, from the definitions in 40 digits",
     .tables = cutoff_example_rows,
     .options = cutoff_example_options,
     .expected = cutoff_example_expected,
     .tolerance = 1e-9}};

inline constexpr entry_description cutoff_description{
    .name = cutoff_name,
    .what = verb::reduce,
    .summary = "what each cut-off of a score accepts, loses and earns; the best one, the range that these "
               "rows cannot tell from "
               "it, and what it gains over the one in use",
    .source =
        "Thomas, Edelman and Crook, Credit Scoring and Its Applications, 2002 (chapter 10); Wilson 1927",
    .chinese = "授信临界分",
    .since = "0.1",
    .store = "outcomes",
    .options = cutoff_options,
    .outputs = cutoff_outputs,
    .examples = cutoff_examples,
    .no_demo = "the company of the demo has no scores from before whose outcome is known",
};

inline constexpr entry cutoff_entry{.description = &cutoff_description, .finish = finish_cutoff};

} // namespace emptor::credit

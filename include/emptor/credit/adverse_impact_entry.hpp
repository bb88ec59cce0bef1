// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/credit/adverse_impact.hpp>
#include <emptor/credit/scored_sample.hpp>

namespace emptor::credit {

inline constexpr std::string_view adverse_impact_name = "credit.adverse_impact";

/// Whether a group has a ratio: `reference` is the group that others are compared with; where it accepts nobody there is
/// none.
enum class impact_state : std::int32_t { computed = 0, reference, reference_accepts_nobody };
inline constexpr std::string_view impact_states[] = {"computed", "reference", "reference_accepts_nobody"};
inline constexpr std::string_view impact_verdicts[] = {"pass", "fail"};
/// Where the interval of a ratio lies: below the least ratio, around it, or not below.
enum class impact_certainty : std::int32_t { surely_below = 0, unsure, surely_not_below };
inline constexpr std::string_view impact_certainties[] = {"surely_below", "unsure", "surely_not_below"};

inline constexpr option_description adverse_impact_options[] = {
    {.name = "group",
     .what = option_content::text,
     .summary =
         "the label of the category or characteristic by which applicants are compared, such as an age band",
     .required = true},
    {.name = "accepted",
     .what = option_content::text,
     .summary = "the label of the characteristic that is 1 where the applicant was accepted and 0 where not"},
    {.name = "score",
     .what = option_content::text,
     .summary = "in its place, the label of the score by which they would be"},
    {.name = "cut",
     .what = option_content::number,
     .summary = "with `score`: who has this one or a better one is accepted"},
    {.name = "reference",
     .what = option_content::text,
     .summary = "the group that the others are compared with (default: the one that is accepted most often; "
                "of equal ones "
                "the first by name)"},
    {.name = "least_ratio",
     .what = option_content::number,
     .summary = "the ratio of the rates that passes: the four-fifths rule of the Uniform Guidelines on "
                "Employee Selection "
                "Procedures, 29 CFR 1607.4 D",
     .unit = "share",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true},
     .default_value = "0.8"},
    described_in(sample_options, "orientation"),
    described_in(sample_options, "slice"),
    described_in(sample_options, "by"),
    described_in(sample_options, "weights"),
    described_in(sample_options, "confidence"),
};

inline constexpr column_description adverse_impact_columns[] = {
    sample_slice_column,
    {.name = "group", .what = content::text, .summary = "as the rows have it"},
    {.name = "rows", .what = content::count, .summary = "that have a group and a decision"},
    {.name = "weight", .summary = "of them"},
    {.name = "accepted", .summary = "weight of those who are"},
    {.name = "rate", .unit = "share", .summary = "accepted / weight"},
    {.name = "low", .unit = "share", .summary = "lower end of its interval (Wilson)"},
    {.name = "high", .unit = "share", .summary = "upper end"},
    {.name = "ratio", .summary = "rate over that of the reference: adverse impact ratio", .optional = true},
    {.name = "ratio_low",
     .summary = "lower end of its interval (Donner and Zou, from Wilson's)",
     .optional = true},
    {.name = "ratio_high", .summary = "upper end; none where there is no limit", .optional = true},
    {.name = "p_value",
     .unit = "probability",
     .summary = "of equal rates, two-sided, pooled",
     .optional = true},
    {.name = "verdict",
     .what = content::code,
     .summary = "pass where the ratio is at least `least_ratio`",
     .optional = true,
     .levels = impact_verdicts},
    {.name = "certainty",
     .what = content::code,
     .summary = "whether the whole interval of the ratio is below `least_ratio`, or none of it; few rows "
                "leave it unsure",
     .optional = true,
     .levels = impact_certainties},
    {.name = "state",
     .what = content::code,
     .summary =
         "computed; the reference itself; or that the reference accepts nobody, so that there is no ratio",
     .levels = impact_states},
};
inline constexpr column_description adverse_impact_left_out_columns[] = {
    sample_slice_column,
    {.name = "rows", .what = content::count, .summary = "of the slice"},
    {.name = "without_group", .what = content::count, .summary = "that have none"},
    {.name = "without_decision",
     .what = content::count,
     .summary = "that have a group, but no score or decision"},
};
inline constexpr table_description adverse_impact_outputs[] = {
    {.name = "groups", .summary = "one row a slice and group", .columns = adverse_impact_columns},
    {.name = "left_out", .summary = "one row a slice", .columns = adverse_impact_left_out_columns},
};

/// Writes the tables, part after part.
class adverse_impact_report {
public:
  /// \param decisions  of each row 1, 0, or NaN where there is none
  adverse_impact_report(const scored_sample& sample, std::vector<double> decisions,
                        const option_values& options)
      : sample_(sample)
      , decisions_(std::move(decisions))
      , least_(options.number("least_ratio"))
      , frequency_(options.text("weights") == "frequency")
      , z_(stats::two_sided_normal_quantile(options.number("confidence")))
      , groups_(adverse_impact_outputs[0], 0)
      , left_out_(adverse_impact_outputs[1], 0) {
    if (sample.size() == 0)
      return;
    auto [codes, names] = sample.classes(options.text("group"));
    codes_ = std::move(codes);
    names_ = std::move(names);
    if (!options.has("reference"))
      return;
    const auto found = std::find(names_.begin(), names_.end(), options.text("reference"));
    if (found == names_.end())
      throw unknown_name(adverse_impact_name, "group", options.text("reference"),
                         {names_.begin(), names_.end()});
    reference_ = static_cast<std::uint32_t>(found - names_.begin());
  }

  void add(const sample_part& part) {
    std::vector<std::size_t> order;
    std::int64_t without_group = 0;
    std::int64_t without_decision = 0;
    for (const std::size_t row : part.rows) {
      if (codes_[row] == stats::coded_texts::none)
        ++without_group;
      else if (std::isnan(decisions_[row]))
        ++without_decision;
      else
        order.push_back(row);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t x, std::size_t y) { return codes_[x] < codes_[y]; });
    std::vector<std::pair<std::uint32_t, accepted_share>> found;
    for (const std::size_t row : order) {
      if (found.empty() || found.back().first != codes_[row])
        found.push_back({codes_[row], {}});
      accepted_share& into = found.back().second;
      const math::real weight(sample_.weight(row));
      into.weight = math::value_of(weight + into.weight);
      into.squares = math::value_of(weight * weight + into.squares);
      into.accepted = math::value_of(weight * decisions_[row] + into.accepted);
      ++into.rows;
    }
    slice_of(left_out_, part);
    left_out_.whole(static_cast<std::int64_t>(part.rows.size())).whole(without_group).whole(without_decision);
    std::optional<std::size_t> reference;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (reference_ ? found[i].first == *reference_
                     : !reference || found[i].second.rate() > found[*reference].second.rate())
        reference = i;
    }
    for (std::size_t i = 0; i < found.size(); ++i)
      put(part, names_[found[i].first], found[i].second, reference ? &found[*reference].second : nullptr,
          reference == i);
  }
  [[nodiscard]] std::vector<table> tables() && {
    std::vector<table> made;
    made.push_back(std::move(groups_).made());
    made.push_back(std::move(left_out_).made());
    return made;
  }

private:
  static void slice_of(described_table& into, const sample_part& part) {
    if (part.slice)
      into.text(*part.slice);
    else
      into.no_text();
  }
  void put(const sample_part& part, std::string_view name, const accepted_share& of,
           const accepted_share* reference, bool is_reference) {
    const double size = of.size(frequency_);
    const stats::interval within = stats::wilson_interval(of.rate(), size, z_);
    slice_of(groups_, part);
    groups_.text(name).whole(of.rows).number(of.weight).number(of.accepted).number(of.rate());
    groups_.number(within.low).number(within.high);
    const bool some = reference != nullptr && reference->rate() > 0.0;
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    if (is_reference || !some) {
      groups_.number(is_reference && some ? 1.0 : none)
          .number(none)
          .number(none)
          .number(none)
          .code(-1)
          .code(-1);
      groups_.level(is_reference ? impact_state::reference : impact_state::reference_accepts_nobody);
      return;
    }
    const double other = reference->size(frequency_);
    const share_ratio ratio = ratio_of_shares(of.rate(), size, reference->rate(), other, z_);
    groups_.number(ratio.value).number(ratio.within.low);
    groups_.number(std::isinf(ratio.within.high) ? none : ratio.within.high);
    groups_.number(equal_shares_p(of.rate(), size, reference->rate(), other));
    groups_.code(ratio.value >= least_ ? 0 : 1);
    groups_.level(ratio.within.high < least_   ? impact_certainty::surely_below
                  : ratio.within.low >= least_ ? impact_certainty::surely_not_below
                                               : impact_certainty::unsure);
    groups_.level(impact_state::computed);
  }

  const scored_sample& sample_;
  std::vector<double> decisions_;
  double least_;
  bool frequency_;
  double z_;
  std::vector<std::uint32_t> codes_;
  std::vector<std::string> names_;
  std::optional<std::uint32_t> reference_;
  described_table groups_;
  described_table left_out_;
};

/// From a store of outcomes, whose outcomes do not count. \throws error status::option where there is no decision,
/// status::schema of columns, status::unknown_name of groups and slices, status::data for decisions other than 0 and 1,
/// status::cancelled
[[nodiscard]] inline result finish_adverse_impact(const finish_request& request) {
  const option_values& options = request.options;
  if (options.has("accepted") == options.has("score") || options.has("score") != options.has("cut"))
    throw error(status::option,
                std::string(adverse_impact_name) + ": either option accepted, or score and cut, is needed");
  const scored_sample sample(adverse_impact_name, request, false);
  std::vector<double> decisions;
  if (sample.size() > 0 && options.has("accepted")) {
    decisions = sample.numbers(options.text("accepted"));
    for (std::size_t row = 0; row < decisions.size(); ++row) {
      if (!std::isnan(decisions[row]) && decisions[row] != 0.0 && decisions[row] != 1.0)
        sample.refuse(options.text("accepted"), row, decisions[row], "1 where accepted and 0 where not");
    }
  } else if (sample.size() > 0) {
    decisions = sample.risks(options.text("score"));
    const double cut = sample.turned(options.number("cut"));
    for (double& one : decisions)
      one = std::isnan(one) ? one : one <= cut ? 1.0 : 0.0;
  }
  adverse_impact_report report(sample, std::move(decisions), options);
  const std::vector<sample_part> parts =
      sample.parts(options.choice<sample_division>("by", sample_divisions));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    request.how.check(static_cast<double>(i) / static_cast<double>(parts.size()));
    report.add(parts[i]);
  }
  return {std::move(report).tables(), nullptr};
}

inline constexpr example_table adverse_impact_example_rows[] = {
    {"rows", "weight,categories:age,characteristics:score\n"
             "60,under 30,640\n40,under 30,560\n140,30 and over,640\n60,30 and over,560\n"}};
inline constexpr example_option adverse_impact_example_options[] = {{"group", "age"},
                                                                    {"score", "score"},
                                                                    {"cut", "600"},
                                                                    {"orientation", "higher_is_better"},
                                                                    {"weights", "frequency"}};
inline constexpr example_table adverse_impact_example_expected[] = {
    {"groups",
     "group,rows,weight,accepted,rate,low,high,ratio,ratio_low,ratio_high,p_value,verdict,certainty,state\n"
     "30 and over,2,200,140,0.7,0.63320931627280737,0.759252553176286,1,,,,,,reference\n"
     "under "
     "30,2,100,60,0.6,0.50200258679106176,0.6905987135675411,0.85714285714285714,0.70495955928276022,1."
     "0190224728638257,0.083264516663550402,pass,unsure,computed\n"}};
inline constexpr example adverse_impact_examples[] = {
    {.what = verb::reduce,
     .summary = "of 100 young applicants 60 have a score of at least 600, of 200 others 140",
     .source = "tests/oracle/credit_adverse_impact.py, from the definitions in 40 digits",
     .tables = adverse_impact_example_rows,
     .options = adverse_impact_example_options,
     .expected = adverse_impact_example_expected,
     .tolerance = 1e-9}};

inline constexpr entry_description adverse_impact_description{
    .name = adverse_impact_name,
    .what = verb::reduce,
    .summary = "whether a decision, or a score with a cut-off, accepts groups of applicants equally often: "
               "rates, adverse impact "
               "ratios with intervals, and the four-fifths rule",
    .source = "29 CFR 1607.4 D (four-fifths rule), 1978; Wilson 1927; Donner and Zou 2012",
    .chinese = "差别影响分析（五分之四规则）",
    .since = "0.1",
    .store = "outcomes",
    .options = adverse_impact_options,
    .outputs = adverse_impact_outputs,
    .examples = adverse_impact_examples,
    .no_demo = "the company of the demo knows nothing of its applicants but what they buy",
};

inline constexpr entry adverse_impact_entry{.description = &adverse_impact_description,
                                            .finish = finish_adverse_impact};

} // namespace emptor::credit

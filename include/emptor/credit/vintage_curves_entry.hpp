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
#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/credit/scored_sample.hpp>
#include <emptor/credit/vintage_curves.hpp>
#include <emptor/stats/rows.hpp>

namespace emptor::credit {

inline constexpr std::string_view vintage_curves_name = "credit.vintage_curves";

inline constexpr column_description vintage_account_columns[] = {
    {.name = "vintage", .what = content::text, .summary = "when the account was opened, such as 2024Q1"},
    {.name = "months_on_book",
     .what = content::count,
     .unit = "months",
     .summary = "from the opening to the event, or to the last time it was seen; a century at most",
     .allowed = {0.0, 1200.0}},
    {.name = "event", .what = content::boolean, .summary = "whether it went bad then"},
    {.name = "weight",
     .summary = "such as its amount; missing = 1",
     .allowed = {.low = 1e-100, .high = 1e15},
     .optional = true},
};
inline constexpr table_description vintage_inputs[] = {
    {.name = "accounts", .summary = "one row an account", .columns = vintage_account_columns}};

inline constexpr option_description vintage_options[] = {
    {.name = "at",
     .what = option_content::numbers,
     .summary = "months on book at which vintages are put side by side",
     .unit = "months",
     .allowed = {0.0, 1200.0},
     .default_value = "3,6,12,24"},
    described_in(sample_options, "weights"),
    described_in(sample_options, "confidence"),
};

inline constexpr column_description vintage_name_column{
    .name = "vintage", .what = content::text, .summary = "none of all vintages together", .optional = true};
inline constexpr column_description vintage_rate_column{
    .name = "rate",
    .unit = "share",
    .summary = "estimated share of accounts that are bad by then (Kaplan and Meier); none where nobody was "
               "seen so long",
    .optional = true};
inline constexpr column_description vintage_low_column{
    .name = "low", .unit = "share", .summary = "lower end of its interval (Rothman)", .optional = true};
inline constexpr column_description vintage_high_column{
    .name = "high", .unit = "share", .summary = "upper end", .optional = true};

inline constexpr column_description vintage_curve_columns[] = {
    vintage_name_column,
    {.name = "month", .what = content::count, .unit = "months", .summary = "on book"},
    {.name = "at_risk", .summary = "weight of accounts that came into it without the event"},
    {.name = "events", .summary = "weight of those to which it came in it"},
    {.name = "cumulative", .summary = "events up to it"},
    vintage_rate_column,
    vintage_low_column,
    vintage_high_column,
    {.name = "complete",
     .what = content::boolean,
     .summary =
         "whether every account was seen so long or had its event; the rate is then cumulative over all"},
};
inline constexpr column_description vintage_summary_columns[] = {
    vintage_name_column,
    {.name = "accounts", .what = content::count, .summary = "rows"},
    {.name = "weight", .summary = "of them"},
    {.name = "events", .summary = "weight of those that went bad"},
    {.name = "months", .what = content::count, .unit = "months", .summary = "the longest that one was seen"},
    {.name = "complete_to",
     .what = content::count,
     .unit = "months",
     .summary = "the last month for which all were"},
    vintage_rate_column,
    vintage_low_column,
    vintage_high_column,
};
inline constexpr column_description vintage_at_columns[] = {
    vintage_name_column,
    {.name = "month", .what = content::count, .unit = "months", .summary = "on book, as asked for"},
    vintage_rate_column,
    vintage_low_column,
    vintage_high_column,
};
inline constexpr table_description vintage_outputs[] = {
    {.name = "curves", .summary = "one row a vintage and month on book", .columns = vintage_curve_columns},
    {.name = "vintages",
     .summary = "one row a vintage, at the last month that it was seen",
     .columns = vintage_summary_columns},
    {.name = "at", .summary = "one row a vintage and month asked for", .columns = vintage_at_columns},
};

/// Writes the tables, vintage after vintage.
class vintage_report {
public:
  vintage_report(std::vector<std::int32_t> at, stats::weight_meaning meaning, double z)
      : asked_(std::move(at))
      , meaning_(meaning)
      , z_(z)
      , curves_(vintage_outputs[0], 0)
      , vintages_(vintage_outputs[1], 0)
      , at_(vintage_outputs[2], 0) {}

  void add(std::optional<std::string_view> vintage, std::vector<account_months> accounts) {
    std::sort(accounts.begin(), accounts.end(), [](const account_months& left, const account_months& right) {
      if (left.months != right.months)
        return left.months < right.months;
      return left.event != right.event ? left.event < right.event : left.weight < right.weight;
    });
    stats::class_total total;
    math::real weight(0.0);
    math::real squares(0.0);
    for (const account_months& one : accounts) {
      weight += math::real(one.weight);
      squares += math::real(one.weight) * one.weight;
    }
    total = {math::value_of(weight), math::value_of(squares), static_cast<std::int64_t>(accounts.size())};
    const std::vector<vintage_month> curve =
        vintage_curve_of(accounts, stats::detail::counted(total, meaning_), z_);
    std::int64_t complete_to = 0;
    for (const vintage_month& one : curve) {
      complete_to = one.complete ? one.month : complete_to;
      name(curves_, vintage);
      curves_.whole(one.month).number(one.at_risk).number(one.events).number(one.cumulative);
      curves_.number(one.rate).number(one.within.low).number(one.within.high).truth(one.complete);
    }
    const vintage_month& last = curve.back();
    name(vintages_, vintage);
    vintages_.whole(total.rows)
        .number(total.weight)
        .number(last.cumulative)
        .whole(last.month)
        .whole(complete_to);
    vintages_.number(last.rate).number(last.within.low).number(last.within.high);
    for (const std::int32_t month : asked_) {
      name(at_, vintage);
      at_.whole(month);
      if (month > last.month) {
        constexpr double none = std::numeric_limits<double>::quiet_NaN();
        at_.number(none).number(none).number(none);
      } else {
        const vintage_month& one = curve[static_cast<std::size_t>(month)];
        at_.number(one.rate).number(one.within.low).number(one.within.high);
      }
    }
  }
  [[nodiscard]] std::vector<table> tables() && {
    std::vector<table> made;
    made.push_back(std::move(curves_).made());
    made.push_back(std::move(vintages_).made());
    made.push_back(std::move(at_).made());
    return made;
  }

private:
  static void name(described_table& into, std::optional<std::string_view> vintage) {
    if (vintage)
      into.text(*vintage);
    else
      into.no_text();
  }

  std::vector<std::int32_t> asked_;
  stats::weight_meaning meaning_;
  double z_;
  described_table curves_;
  described_table vintages_;
  described_table at_;
};

/// From a store of kind `rows`. \throws error status::option for months that are not whole, status::cancelled
[[nodiscard]] inline result finish_vintage_curves(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
  std::vector<std::int32_t> at;
  for (const double month : request.options.numbers("at")) {
    if (month != std::floor(month))
      throw error(status::option,
                  message(vintage_curves_name, "option at", -1, to_text(month), "a whole number"));
    at.push_back(static_cast<std::int32_t>(month));
  }
  vintage_report report(std::move(at),
                        request.options.choice<stats::weight_meaning>("weights", stats::weight_meanings),
                        stats::two_sided_normal_quantile(request.options.number("confidence")));
  const std::vector<table> contents = from.contents(); // sorted by the vintage
  const table& held = contents.front();
  const auto rows = static_cast<std::size_t>(held.rows());
  if (rows > 0) {
    const text_buffer& names = held.at("vintage").text();
    const std::vector<double>& months = held.at("months_on_book").as<double>();
    const std::vector<double>& events = held.at("event").as<double>();
    const column* const weights = held.find("weight");
    std::vector<account_months> all(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      const bool has_weight = weights != nullptr && weights->is_valid(static_cast<std::int64_t>(row));
      all[row] = {static_cast<std::int32_t>(months[row]), events[row] != 0.0,
                  has_weight ? weights->as<double>()[row] : 1.0};
    }
    request.how.check(0.0);
    report.add(std::nullopt, all);
    for (std::size_t first = 0, end = 0; first < rows; first = end) {
      const std::string_view name = names[static_cast<std::int64_t>(first)];
      while (end < rows && names[static_cast<std::int64_t>(end)] == name)
        ++end;
      request.how.check(0.5 + 0.5 * static_cast<double>(first) / static_cast<double>(rows));
      report.add(name, {all.begin() + static_cast<std::ptrdiff_t>(first),
                        all.begin() + static_cast<std::ptrdiff_t>(end)});
    }
  }
  return {std::move(report).tables(), nullptr};
}

inline constexpr example_table vintage_example_rows[] = {
    {"accounts", "vintage,months_on_book,event\n"
                 "2024Q1,1,true\n2024Q1,3,false\n2024Q1,2,true\n2024Q1,3,false\n2024Q1,3,true\n"
                 "2024Q2,1,false\n2024Q2,1,true\n2024Q2,2,true\n2024Q2,2,false\n"}};
inline constexpr example_option vintage_example_options[] = {{"at", "2,3"}};
inline constexpr example_table vintage_example_expected[] = {
    {"curves", "vintage,month,at_risk,events,cumulative,rate,low,high,complete\n"
               ",0,9,0,0,0,0,0.2991450484195441,true\n"
               ",1,9,2,2,0.22222222222222222,0.063225107117846717,0.54741103089301112,true\n"
               ",2,6,2,4,0.48148148148148148,0.20362797567556,0.77128051068619082,false\n"
               ",3,3,1,5,0.65432098765432099,0.3058911595636281,0.89047227305796051,false\n"
               "2024Q1,0,5,0,0,0,0,0.43448246478317482,true\n"
               "2024Q1,1,5,1,1,0.2,0.036224108632430165,0.62446537023747473,true\n"
               "2024Q1,2,4,1,2,0.4,0.1176207742326479,0.76927571872398707,true\n"
               "2024Q1,3,3,1,3,0.6,0.23072428127601293,0.8823792257673521,true\n"
               "2024Q2,0,4,0,0,0,0,0.48989083645459736,true\n"
               "2024Q2,1,4,1,1,0.25,0.045587260809700559,0.69935815741759812,true\n"
               "2024Q2,2,2,1,2,0.625,0.17975742477721262,0.92687463794850557,false\n"},
    {"vintages", "vintage,accounts,weight,events,months,complete_to,rate,low,high\n"
                 ",9,9,5,3,1,0.65432098765432099,0.3058911595636281,0.89047227305796051\n"
                 "2024Q1,5,5,3,3,3,0.6,0.23072428127601293,0.8823792257673521\n"
                 "2024Q2,4,4,2,2,1,0.625,0.17975742477721262,0.92687463794850557\n"},
    {"at", "vintage,month,rate,low,high\n"
           ",2,0.48148148148148148,0.20362797567556,0.77128051068619082\n"
           ",3,0.65432098765432099,0.3058911595636281,0.89047227305796051\n"
           "2024Q1,2,0.4,0.1176207742326479,0.76927571872398707\n"
           "2024Q1,3,0.6,0.23072428127601293,0.8823792257673521\n"
           "2024Q2,2,0.625,0.17975742477721262,0.92687463794850557\n"
           "2024Q2,3,,,\n"}};
inline constexpr example vintage_examples[] = {
    {.what = verb::reduce,
     .summary = "five accounts that were all seen for three months, and four that were not all seen for two",
     .source = "tests/oracle/credit_vintage_curves.py, from exact fractions",
     .tables = vintage_example_rows,
     .options = vintage_example_options,
     .expected = vintage_example_expected,
     .tolerance = 1e-9}};

inline constexpr entry_description vintage_curves_description{
    .name = vintage_curves_name,
    .what = verb::reduce,
    .summary = "the share of accounts of each time of opening that have gone bad by so many months on book, "
               "with intervals, also "
               "while the younger ones have not been seen as long",
    .source = "Kaplan and Meier 1958; Rothman 1978; Siddiqi, Credit Risk Scorecards, 2006 (vintage curves)",
    .chinese = "Vintage 账龄分析",
    .since = "0.1",
    .store = "rows",
    .inputs = vintage_inputs,
    .options = vintage_options,
    .outputs = vintage_outputs,
    .examples = vintage_examples,
    .no_demo = "the company of the demo sells on invoice; it has no accounts that age",
};

inline constexpr entry vintage_curves_entry{.description = &vintage_curves_description,
                                            .finish = finish_vintage_curves};

} // namespace emptor::credit

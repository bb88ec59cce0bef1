// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/credit/population_stability.hpp>
#include <emptor/credit/population_stability_description.hpp>
#include <emptor/credit/scored_sample.hpp>

namespace emptor::credit {

namespace detail {

[[nodiscard]] inline std::vector<double> given_ends(const option_values& options) {
  std::vector<double> ends = options.numbers("edges");
  for (std::size_t i = 1; i < ends.size(); ++i) {
    if (!(ends[i - 1] < ends[i]))
      throw error(status::option,
                  message(population_stability_name, "option edges", static_cast<std::int64_t>(i),
                          to_text(ends[i]), "> " + to_text(ends[i - 1])));
  }
  if (!ends.empty() && !options.has("column"))
    throw error(status::option,
                std::string(population_stability_name) + ": option edges needs option column");
  return ends;
}

/// \param from  rows of the expected slice
[[nodiscard]] inline stability_bins stability_bins_of(const scored_sample& sample, std::string_view label,
                                                      const sample_part& from, std::vector<double> ends,
                                                      std::int64_t count) {
  stability_bins made;
  made.is_category = sample.is_category(label);
  if (made.is_category) {
    if (!ends.empty())
      throw error(status::option, std::string(population_stability_name) +
                                      ": option edges is of numbers, but " + shortened(label) +
                                      " is a category");
    auto [codes, levels] = sample.classes(label);
    made.bin_of_row = std::move(codes);
    made.levels = std::move(levels);
    made.count = made.levels.size() + 1;
    for (std::uint32_t& one : made.bin_of_row)
      one = one == stats::coded_texts::none ? static_cast<std::uint32_t>(made.count - 1) : one;
    return made;
  }
  const std::vector<double> values = sample.numbers(label);
  if (ends.empty()) {
    std::vector<std::pair<double, double>> weighed;
    for (const std::size_t row : from.rows)
      weighed.emplace_back(values[row], sample.weight(row));
    ends = quantile_ends(std::move(weighed), count);
  }
  made.ends = std::move(ends);
  made.count = made.ends.size() + 2;
  for (const double value : values)
    made.bin_of_row.push_back(static_cast<std::uint32_t>(
        std::isnan(value)
            ? made.ends.size() + 1
            : static_cast<std::size_t>(std::lower_bound(made.ends.begin(), made.ends.end(), value) -
                                       made.ends.begin())));
  return made;
}

} // namespace detail

/// From a store of outcomes, whose outcomes do not count. \throws error status::unknown_name of slices, status::schema of columns,
/// status::option of edges and bounds, status::cancelled
[[nodiscard]] inline result finish_population_stability(const finish_request& request) {
  constexpr std::size_t most_levels = 1000;
  const option_values& options = request.options;
  const stability_settings settings{
      .empty = options.choice<stats::empty_cell>("empty", stats::empty_cells),
      .floor = options.number("floor"),
      .moderate = options.number("moderate"),
      .shifted = options.number("shifted"),
      .weights = options.choice<stats::weight_meaning>("weights", stats::weight_meanings),
      .confidence = options.number("confidence")};
  if (!(settings.moderate <= settings.shifted))
    throw error(status::option,
                message(population_stability_name, "option shifted", -1, to_text(settings.shifted),
                        ">= moderate, which is " + to_text(settings.moderate)));
  const std::vector<double> ends = detail::given_ends(options);
  const scored_sample sample(population_stability_name, request, false);
  const std::vector<sample_part> parts = sample.parts(sample_division::slice);
  const auto part_named = [&](std::string_view name) -> const sample_part& {
    for (const sample_part& one : parts) {
      if (one.slice && *one.slice == name)
        return one;
    }
    std::vector<std::string_view> known;
    for (const sample_part& one : parts) {
      if (one.slice)
        known.push_back(*one.slice);
    }
    throw unknown_name(population_stability_name, "slice", name, known);
  };
  stability_report report(settings);
  const std::vector<std::string_view> labels =
      options.has("column") ? std::vector<std::string_view>{options.text("column")} : sample.rows().labels();
  if (sample.size() > 0) {
    const sample_part& expected = part_named(options.text("expected"));
    const sample_part* const only = options.has("actual") ? &part_named(options.text("actual")) : nullptr;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const stability_bins bins =
          detail::stability_bins_of(sample, labels[i], expected, ends, options.integer("bins"));
      const bool too_many = bins.is_category && bins.levels.size() > most_levels;
      const binned_slice base = too_many ? binned_slice{} : bin(sample, expected, bins);
      for (const sample_part& one : parts) {
        if (!one.slice || (only == nullptr ? &one == &expected : &one != only))
          continue;
        request.how.check(static_cast<double>(i) / static_cast<double>(labels.size()));
        if (too_many)
          report.too_many_levels(*one.slice, labels[i], bins.levels.size(),
                                 static_cast<std::int64_t>(expected.rows.size()),
                                 static_cast<std::int64_t>(one.rows.size()));
        else
          report.add(*one.slice, labels[i], bins, base, bin(sample, one, bins));
      }
    }
  }
  return {std::move(report).tables(), nullptr};
}

inline constexpr example_table population_stability_example_rows[] = {
    {"rows", "slice,weight,characteristics:score\n"
             "new,236,1\nnew,334,2\nnew,331,3\nnew,310,4\nnew,416,5\nnew,269,6\nnew,185,7\nnew,298,8\nnew,"
             "407,9\nnew,352,10\n"
             "old,565,1\nold,803,2\nold,807,3\nold,729,4\nold,1015,5\nold,565,6\nold,417,7\nold,752,8\nold,"
             "823,9\nold,845,10\n"}};
inline constexpr example_option population_stability_example_options[] = {
    {"expected", "old"}, {"column", "score"}, {"edges", "1,2,3,4,5,6,7,8,9"}, {"weights", "frequency"}};
inline constexpr example_table population_stability_example_expected[] = {
    {"stability", "slice,column,bins,expected_rows,actual_rows,index,low,high,by_chance,limit,p_value,"
                  "verdict,change,state\n"
                  "new,score,10,10,10,0.0047757638119372492,0,0.01055741600657485,0.0040974090877156602,"
                  "0.007702663621336618,0.31228988439965571,stable,within_chance,computed\n"}};
inline constexpr example population_stability_examples[] = {
    {.what = verb::reduce,
     .summary = "a score in ten bins at development and a year later, as counts",
     .source = "the counts of a published monitoring report of the FICO HELOC data (index 0.004776); the "
               "rest is from "
               "tests/oracle/credit_population_stability.py",
     .tables = population_stability_example_rows,
     .options = population_stability_example_options,
     .expected = population_stability_example_expected,
     .tolerance = 1e-9}};

inline constexpr entry_description population_stability_description{
    .name = population_stability_name,
    .what = verb::reduce,
    .summary = "how far scores and characteristics have moved between slices (PSI, CSI), with an interval, "
               "what chance alone "
               "gives, and which bins moved",
    .source = "Kullback and Leibler 1951; Lewis, An Introduction to Credit Scoring, 1994 (0.10 and 0.25); "
              "Yurdakul, Statistical "
              "properties of population stability index, 2018",
    .chinese = "群体稳定性指标",
    .since = "0.1",
    .store = "outcomes",
    .options = population_stability_options,
    .outputs = population_stability_outputs,
    .examples = population_stability_examples,
    .no_demo = "the company of the demo has no samples of applicants from different times",
};

inline constexpr entry population_stability_entry{.description = &population_stability_description,
                                                  .finish = finish_population_stability};

} // namespace emptor::credit

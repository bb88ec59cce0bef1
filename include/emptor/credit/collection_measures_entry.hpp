// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/credit/by_group.hpp>
#include <emptor/credit/collection_measures.hpp>
#include <emptor/credit/given_table.hpp>
#include <emptor/credit/roll_rates_entry.hpp>
#include <emptor/stats/rows.hpp>

namespace emptor::credit {

inline constexpr option_description option_baseline{
    .name = "baseline",
    .what = option_content::text,
    .summary = "name of the measure that is none: what happens without; no uplift without attempts of it",
    .default_value = "none"};
inline constexpr option_description collection_measures_options[] = {option_baseline, option_confidence};

inline constexpr column_description attempt_columns[] = {
    {.name = "measure", .what = content::text, .summary = "such as call, letter, visit, lawyer, none"},
    {.name = "class",
     .what = content::text,
     .summary = "of the customer or debt, such as its grade",
     .optional = true},
    {.name = "succeeded",
     .what = content::boolean,
     .summary = "whether it was paid within the time that is looked at"},
    {.name = "attempts",
     .what = content::count,
     .unit = "attempts",
     .summary = "that the row stands for (default: 1)",
     .allowed = {1, 1e12},
     .optional = true},
    {.name = "cost", .unit = "currency", .summary = "of each", .allowed = {0.0, 1e12}, .optional = true},
};
inline constexpr table_description collection_measures_inputs[] = {
    {.name = "attempts",
     .summary = "past attempts, one a row, or one a row of a kind",
     .columns = attempt_columns}};

inline constexpr column_description measure_columns[] = {
    {.name = "measure", .what = content::text, .summary = "what is done"},
    {.name = "class", .what = content::text, .summary = "for whom; none = for all others", .optional = true},
    {.name = "probability", .unit = "probability", .summary = "of payment", .allowed = zero_to_one},
    {.name = "cost",
     .unit = "currency",
     .summary = "of an attempt: the mean of those whose cost is known",
     .allowed = {0.0, 1e12},
     .optional = true},
    {.name = "probability_low",
     .unit = "probability",
     .summary = "lower end of its interval",
     .optional = true},
    {.name = "probability_high", .unit = "probability", .summary = "upper end", .optional = true},
    {.name = "attempts", .unit = "attempts", .summary = "counted", .optional = true},
    {.name = "successes", .unit = "attempts", .summary = "counted", .optional = true},
    {.name = "rate", .unit = "share", .summary = "successes / attempts", .optional = true},
    {.name = "low",
     .unit = "share",
     .summary = "lower end of the rate's interval (Wilson)",
     .optional = true},
    {.name = "high", .unit = "share", .summary = "upper end", .optional = true},
    {.name = "uplift",
     .unit = "share",
     .summary = "rate less that of the baseline in the class; none where the baseline was never counted",
     .optional = true},
    {.name = "uplift_low",
     .unit = "share",
     .summary = "lower end of its interval (Newcombe)",
     .optional = true},
    {.name = "uplift_high", .unit = "share", .summary = "upper end", .optional = true},
};
inline constexpr table_description collection_measures_outputs[] = {
    {.name = "measures",
     .summary = "one row a measure and class, and one a measure over all classes, which has none; "
                "probability is the rate "
                "of the class drawn towards that of the measure (beta-binomial)",
     .columns = measure_columns}};
inline constexpr table_description collection_measures_model[] = {
    {.name = "measures",
     .summary = "what this entry gives, or what the caller knows: measure, class, probability and cost",
     .columns = measure_columns}};

// Calls: 18 of 30 paid in class A, 6 of 30 in B; without any, 12 of 30 and 3 of 30. Two classes that differ so much keep
// most of their rates: rho = (60 x 0.2^2 - 0.24) / (0.24 x (60 - 30 - 1)) = 2.16 / 6.96, a + b = 2.2222, so that
// A has (18 + 0.8889) / (30 + 2.2222) = 0.58621. Uplift of A 0.2, by Wilson 0.4232 to 0.7541 and 0.2459 to 0.5768.
inline constexpr example_table collection_measures_rows[] = {
    {"attempts", "measure,class,succeeded,attempts,cost\n"
                 "call,A,true,18,4\ncall,A,false,12,4\ncall,B,true,6,4\ncall,B,false,24,4\n"
                 "none,A,true,12,0\nnone,A,false,18,0\nnone,B,true,3,0\nnone,B,false,27,0\n"}};
inline constexpr example_table collection_measures_expected[] = {
    {"measures", "measure,class,attempts,successes,rate,probability,cost,uplift\n"
                 "call,,60,24,0.4,0.4016393442622951,4,0.15\n"
                 "call,A,30,18,0.6,0.5862068965517241,4,0.2\n"
                 "call,B,30,6,0.2,0.2137931034482759,4,0.1\n"
                 "none,,60,15,0.25,0.2540983606557377,0,\n"
                 "none,A,30,12,0.4,0.3836206896551725,0,\n"
                 "none,B,30,3,0.1,0.1163793103448276,0,\n"}};
inline constexpr example collection_measures_examples[] = {
    {.what = verb::reduce,
     .summary = "calls against doing nothing, in two classes",
     .source = "made for this page; the formulas are those of Kleinman and Newcombe, by hand",
     .tables = collection_measures_rows,
     .expected = collection_measures_expected,
     .tolerance = 1e-12}};

inline constexpr entry_description collection_measures_description{
    .name = collection_measures_name,
    .what = verb::reduce,
    .summary = "which collection measure works for whom: success rates by measure and class, with intervals "
               "and uplift",
    .source = "J. C. Kleinman, JASA 68 (1973); E. B. Wilson, JASA 22 (1927); R. G. Newcombe, Statistics in "
              "Medicine 17 (1998)",
    .chinese = "催收措施",
    .since = "0.1",
    .store = "rows",
    .inputs = collection_measures_inputs,
    .options = collection_measures_options,
    .outputs = collection_measures_outputs,
    .model_tables = collection_measures_model,
    .examples = collection_measures_examples,
    .no_demo = "the company of the demo keeps no record of how it collects",
};

namespace detail {

/// A table of a store of rows in its canonical order, whose columns may be missing.
class canonical_rows {
public:
  canonical_rows(const store& from, std::string_view name) {
    for (table& one : from.contents()) {
      if (one.name() == name)
        table_ = std::move(one);
    }
  }
  [[nodiscard]] std::int64_t rows() const noexcept { return table_.rows(); }
  [[nodiscard]] std::string_view text(std::string_view name, std::int64_t row) const {
    const column* held = table_.find(name);
    return held == nullptr || !held->is_valid(row) ? std::string_view{} : held->text()[row];
  }
  [[nodiscard]] double number(std::string_view name, std::int64_t row,
                              double missing = std::numeric_limits<double>::quiet_NaN()) const {
    const column* held = table_.find(name);
    return held == nullptr || !held->is_valid(row) ? missing
                                                   : held->as<double>()[static_cast<std::size_t>(row)];
  }
  [[nodiscard]] std::int64_t minor_units(std::string_view name, std::int64_t row) const {
    const column* held = table_.find(name);
    return held == nullptr || !held->is_valid(row) ? 0
                                                   : held->as<std::int64_t>()[static_cast<std::size_t>(row)];
  }

private:
  table table_;
};

} // namespace detail

/// `credit.collection_measures` from the catalogue's side. \throws error status::too_few without attempts
[[nodiscard]] inline result finish_collection_measures(const finish_request& request) {
  const detail::canonical_rows attempts(*request.from, "attempts");
  const std::string baseline(request.options.text("baseline"));
  const double confidence = request.options.number("confidence");
  if (attempts.rows() == 0)
    throw error(status::too_few, std::string(collection_measures_name) + ": there are no attempts");
  std::map<std::string, std::map<std::string, measure_counts>> counted; // by measure and class
  for (std::int64_t row = 0; row < attempts.rows(); ++row) {
    measure_counts& into =
        counted[std::string(attempts.text("measure", row))][std::string(attempts.text("class", row))];
    const double many = attempts.number("attempts", row, 1.0);
    const double cost = attempts.number("cost", row);
    into.attempts += many;
    into.successes += attempts.number("succeeded", row) != 0.0 ? many : 0.0;
    into.cost += std::isnan(cost) ? 0.0 : cost * many;
    into.costed += std::isnan(cost) ? 0.0 : many;
  }

  struct line {
    const std::string* name;
    std::string of_class; ///< empty = over all classes
    measure_counts counts;
    measure_estimate estimate;
  };
  std::vector<line> lines;
  for (const auto& [name, classes] : counted) {
    std::vector<measure_counts> of_classes;
    measure_counts all;
    for (const auto& [of_class, counts] : classes) {
      if (!of_class.empty())
        of_classes.push_back(counts);
      all.attempts += counts.attempts;
      all.successes += counts.successes;
      all.cost += counts.cost;
      all.costed += counts.costed;
    }
    lines.push_back({&name, {}, all, estimate_measure(all, rate_prior{}, confidence)});
    const rate_prior prior = prior_of(of_classes);
    for (const auto& [of_class, counts] : classes) {
      if (!of_class.empty())
        lines.push_back({&name, of_class, counts, estimate_measure(counts, prior, confidence)});
    }
  }
  const auto without = [&](const line& with) -> const line* {
    for (const line& one : lines) {
      if (*one.name == baseline && one.of_class == with.of_class && &one != &with)
        return &one;
    }
    return nullptr;
  };

  text_buffer names;
  text_buffer classes;
  std::vector<std::int64_t> of_all;
  std::vector<double> numbers[12];
  for (const line& one : lines) {
    names.push_back(*one.name);
    if (one.of_class.empty())
      of_all.push_back(classes.size());
    classes.push_back(one.of_class);
    const line* other = without(one);
    const rate_difference uplift =
        other == nullptr ? rate_difference{} : difference_of(one.estimate, other->estimate);
    const double values[] = {one.estimate.probability,
                             one.counts.costed > 0.0 ? one.counts.cost / one.counts.costed
                                                     : std::numeric_limits<double>::quiet_NaN(),
                             one.estimate.drawn.low,
                             one.estimate.drawn.high,
                             one.counts.attempts,
                             one.counts.successes,
                             one.estimate.rate,
                             one.estimate.counted.low,
                             one.estimate.counted.high,
                             uplift.value,
                             uplift.ends.low,
                             uplift.ends.high};
    for (std::size_t k = 0; k < 12; ++k)
      numbers[k].push_back(values[k]);
  }
  table made("measures");
  made.add(column::texts("measure", std::move(names)));
  column of_class = column::texts("class", std::move(classes));
  for (const std::int64_t row : of_all)
    of_class.set_missing(row);
  made.add(std::move(of_class));
  for (std::size_t k = 0; k < 12; ++k)
    made.add(column::numbers(std::string(measure_columns[k + 2].name), std::move(numbers[k]),
                             std::string(measure_columns[k + 2].unit))
                 .or_none());
  return {{std::move(made)}, nullptr};
}

/// \throws error status::data where a measure and class are there twice
inline void check_collection_measures(const model& made) {
  const given_table from(collection_measures_name, &made, "measures");
  std::map<std::pair<std::string_view, std::string_view>, std::int64_t> met;
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    const std::string_view measure = from.text("measure", row).value_or("");
    if (!met.emplace(std::pair(measure, from.text("class", row).value_or("")), row).second)
      from.refuse("measure", row, std::string(measure), "there once for its class");
  }
}

inline constexpr entry collection_measures_entry{.description = &collection_measures_description,
                                                 .finish = finish_collection_measures,
                                                 .check_model = check_collection_measures};

} // namespace emptor::credit

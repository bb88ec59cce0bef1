// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/decimal.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/credit/collection_measures_entry.hpp>
#include <emptor/credit/given_table.hpp>

/// The collector's worklist (催收排序): debts in the order of what it is worth to act on them.
///
/// The expected value of a measure is amount x (probability of payment with it - probability without) - its cost. So a
/// large debt that is paid anyway stands below a smaller one that a call decides.
namespace emptor::credit {

inline constexpr std::string_view collection_worklist_name = "credit.collection_worklist";

/// What could be done about a debt.
struct collection_step {
  std::string_view measure;
  double with = std::numeric_limits<double>::quiet_NaN();    ///< probability of payment
  double without = std::numeric_limits<double>::quiet_NaN(); ///< of payment if nothing is done
  double cost = 0.0;
};

/// amount x (with - without) - cost in whole units, of the decimals that the probabilities and the cost were written as: 15
/// digits behind the point. So what breaks even is 0, and not the difference of two binary numbers.
/// \param minor of the amount, at least 0 \return NaN where a probability is not known
[[nodiscard]] inline double expected_value(std::int64_t minor, int decimals,
                                           const collection_step& step) noexcept {
  if (std::isnan(step.with) || std::isnan(step.without))
    return std::numeric_limits<double>::quiet_NaN();
  constexpr int digits = 15;
  constexpr double parts = 1e15;
  const auto uplift = static_cast<std::int64_t>(std::nearbyint(step.with * parts)) -
                      static_cast<std::int64_t>(std::nearbyint(step.without * parts));
  exact_decimal written;
  const wide_integer cost =
      shortest_decimal(step.cost, written) == row_status::ok
          ? wide_integer{written.value} * power_of_ten(digits - written.scale)
          : static_cast<wide_integer>(std::nearbyint(step.cost * parts)); // more digits than are kept
  wide_integer value = wide_integer{minor} * uplift - cost * power_of_ten(decimals);
  // Zeros at the end say nothing; without them a double holds what a person would write.
  int scale = digits + decimals;
  for (; scale > 0 && value % 10 == 0; --scale)
    value /= 10;
  const double ones = static_cast<double>(power_of_ten(std::min(scale, 18)));
  return static_cast<double>(value) / (ones * static_cast<double>(power_of_ten(std::max(scale - 18, 0))));
}

/// Measures by class, with their probabilities and costs.
class known_measures {
public:
  known_measures(const model* given, std::string_view baseline)
      : table_(collection_worklist_name, given, "measures")
      , baseline_(baseline) {
    for (std::int64_t row = 0; row < table_.rows(); ++row) {
      const std::string_view measure = table_.text("measure", row).value_or("");
      rows_[std::pair(measure, table_.text("class", row).value_or(""))] = row;
      if (measure != baseline_ && (measures_.empty() || measures_.back() != measure))
        measures_.push_back(measure);
    }
    std::sort(measures_.begin(), measures_.end());
    measures_.erase(std::unique(measures_.begin(), measures_.end()), measures_.end());
  }

  /// What is known for a class, each measure in the order of its name. A class of which a measure says nothing has what it
  /// says of all.
  [[nodiscard]] std::vector<collection_step> of(std::string_view of_class) const {
    const std::optional<std::int64_t> none = row_of(baseline_, of_class);
    std::vector<collection_step> steps;
    for (const std::string_view measure : measures_) {
      if (const auto row = row_of(measure, of_class))
        steps.push_back(
            {measure, *table_.number("probability", *row),
             none ? *table_.number("probability", *none) : std::numeric_limits<double>::quiet_NaN(),
             table_.number("cost", *row).value_or(0.0)});
    }
    return steps;
  }

private:
  [[nodiscard]] std::optional<std::int64_t> row_of(std::string_view measure,
                                                   std::string_view of_class) const {
    for (const std::string_view whose : {of_class, std::string_view{}}) {
      if (const auto found = rows_.find(std::pair(measure, whose)); found != rows_.end())
        return found->second;
    }
    return std::nullopt;
  }

  given_table table_;
  std::string_view baseline_;
  std::map<std::pair<std::string_view, std::string_view>, std::int64_t> rows_;
  std::vector<std::string_view> measures_;
};

/// A debt with the best that can be done about it.
struct worklist_line {
  std::int64_t row = 0; ///< of the table of debts
  std::int64_t amount = 0;
  collection_step step;
  double value = std::numeric_limits<double>::quiet_NaN(); ///< NaN = a probability is not known
  bool chosen = false;
};

/// Puts the most valuable first, of equal ones the one that stands first; those without a value come last.
inline void order_worklist(std::span<worklist_line> lines) {
  std::stable_sort(lines.begin(), lines.end(), [](const worklist_line& left, const worklist_line& right) {
    if (std::isnan(left.value) || std::isnan(right.value))
      return !std::isnan(left.value) && std::isnan(right.value);
    return left.value > right.value;
  });
}

// How the catalogue knows it.

inline constexpr std::string_view worklist_accepts[] = {collection_measures_name};
inline constexpr slot_description collection_worklist_slots[] = {
    {.name = "measures",
     .summary = "which measure succeeds how often with whom: then each debt gets the measure of the highest "
                "value; a debt's "
                "own probabilities hold before it",
     .accepts = worklist_accepts,
     .optional = true}};
inline constexpr option_description collection_worklist_options[] = {
    option_baseline,
    {.name = "capacity",
     .what = option_content::integer,
     .summary = "how many steps can be taken (default: any number)",
     .allowed = {0, 1e9}},
    {.name = "minimum_value",
     .summary = "a step is chosen only if its expected value is above it",
     .unit = "currency",
     .allowed = {0.0, 1e15},
     .default_value = "0"},
};
inline constexpr column_description collection_debt_columns[] = {
    {.name = "id", .what = content::id, .summary = "of the customer or document"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "what is open; all in one currency",
     .allowed = at_least_zero},
    {.name = "class", .what = content::text, .summary = "as in the measures", .optional = true},
    {.name = "measure",
     .what = content::text,
     .summary = "that the row's own probability is for",
     .optional = true},
    {.name = "probability_with",
     .unit = "probability",
     .summary = "of payment if the measure is taken",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "probability_without",
     .unit = "probability",
     .summary = "of payment if nothing is done; without it what the measures say of the baseline",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "cost",
     .unit = "currency",
     .summary = "of the row's own measure (default: 0)",
     .allowed = {0.0, 1e12},
     .optional = true},
};
inline constexpr table_description collection_worklist_inputs[] = {
    {.name = "debts", .summary = "one debt a row", .columns = collection_debt_columns}};
inline constexpr column_description worklist_columns[] = {
    {.name = "rank", .what = content::count, .summary = "1 is worth most"},
    {.name = "id", .what = content::text, .summary = "of the customer or document"},
    {.name = "class", .what = content::text, .summary = "as given", .optional = true},
    {.name = "measure",
     .what = content::text,
     .summary = "what to do: the measure of the highest value",
     .optional = true},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "what is open"},
    {.name = "probability_with",
     .unit = "probability",
     .summary = "of payment with the measure",
     .optional = true},
    {.name = "probability_without", .unit = "probability", .summary = "of payment without", .optional = true},
    {.name = "cost", .unit = "currency", .summary = "of the measure", .optional = true},
    {.name = "expected_value",
     .unit = "currency",
     .summary =
         "amount x (probability_with - probability_without) - cost; none where a probability is not known",
     .optional = true},
    {.name = "chosen",
     .what = content::boolean,
     .summary = "whether it is worth more than minimum_value and the capacity reaches to it"},
};
inline constexpr table_description collection_worklist_outputs[] = {
    {.name = "worklist", .summary = "all debts, the most valuable first", .columns = worklist_columns}};

// R1: 10,000 that are paid anyway with 95 %, a call makes it 96: 100 - 4. R2: 2,000, from 30 to 50 %: 396. R3: 15 x 0.2 - 4 is
// less than nothing. R4 has no probabilities of its own: a visit makes of class B's 10 % 40, 1,000 x 0.3 - 60 = 240, a call
// 20, 96. R5 is of a class that nobody knows: all together 25 %, with a call 40, 500 x 0.15 - 4 = 71.
inline constexpr example_table worklist_example_rows[] = {
    {"debts", "id,amount,class,measure,probability_with,probability_without,cost\n"
              "R1,10000.00,A,call,0.96,0.95,4\nR2,2000.00,A,call,0.5,0.3,4\nR3,15.00,A,call,0.5,0.3,4\n"
              "R4,1000.00,B,,,,\nR5,500.00,C,,,,\n"}};
inline constexpr example_table worklist_example_model[] = {
    {"measures", "measure,class,probability,cost\ncall,,0.4,4\ncall,B,0.2,4\nvisit,B,0.4,60\nnone,,0.25,"
                 "\nnone,B,0.1,\n"}};
inline constexpr example_slot worklist_example_slots[] = {
    {"measures", collection_measures_name, worklist_example_model, {}}};
inline constexpr example_option worklist_example_options[] = {{"capacity", "3"}};
inline constexpr example_table worklist_example_expected[] = {
    {"worklist", "rank,id,measure,amount,probability_with,probability_without,cost,expected_value,chosen\n"
                 "1,R2,call,2000.00,0.5,0.3,4,396,true\n"
                 "2,R4,visit,1000.00,0.4,0.1,60,240,true\n"
                 "3,R1,call,10000.00,0.96,0.95,4,96,true\n"
                 "4,R5,call,500.00,0.4,0.25,4,71,false\n"
                 "5,R3,call,15.00,0.5,0.3,4,-1,false\n"}};
inline constexpr example worklist_examples[] = {
    {.what = verb::reduce,
     .summary = "a large debt that is paid anyway, small ones, and two of which only the class is known",
     .source = "made for this page, to be checked by hand",
     .tables = worklist_example_rows,
     .options = worklist_example_options,
     .expected = worklist_example_expected,
     .slots = worklist_example_slots}};

inline constexpr entry_description collection_worklist_description{
    .name = collection_worklist_name,
    .what = verb::reduce,
    .summary = "debts in the order of what a call, letter or visit is worth, and which of them for whom",
    .source = "expected value of a decision; amount x uplift less cost",
    .chinese = "催收排序",
    .since = "0.1",
    .store = "rows",
    .inputs = collection_worklist_inputs,
    .options = collection_worklist_options,
    .slots = collection_worklist_slots,
    .outputs = collection_worklist_outputs,
    .examples = worklist_examples,
    .no_demo = "the company of the demo keeps no record of how it collects",
};

/// `credit.collection_worklist` from the catalogue's side.
[[nodiscard]] inline result finish_collection_worklist(const finish_request& request) {
  const detail::canonical_rows debts(*request.from, "debts");
  const option_values& options = request.options;
  const std::string baseline(options.text("baseline"));
  const known_measures measures(request.slot("measures"), baseline);
  const int decimals = static_cast<int>(request.from->options().integer("decimals"));
  std::map<std::string_view, std::vector<collection_step>> by_class;
  std::vector<worklist_line> lines;
  for (std::int64_t row = 0; row < debts.rows(); ++row) {
    worklist_line line{.row = row, .amount = debts.minor_units("amount", row), .step = {}};
    const std::string_view of_class = debts.text("class", row);
    auto known = by_class.find(of_class);
    if (known == by_class.end())
      known = by_class.emplace(of_class, measures.of(of_class)).first;
    const double without = debts.number("probability_without", row);
    const auto consider = [&](collection_step step) {
      if (!std::isnan(without))
        step.without = without;
      const double value = expected_value(line.amount, decimals, step);
      if (line.step.measure.empty() || value > line.value || std::isnan(line.value)) {
        line.step = step;
        line.value = value;
      }
    };
    if (const double with = debts.number("probability_with", row); !std::isnan(with)) {
      collection_step own{debts.text("measure", row), with, without, debts.number("cost", row, 0.0)};
      if (std::isnan(without) && !known->second.empty())
        own.without = known->second.front().without;
      line.step = own;
      line.value = expected_value(line.amount, decimals, own);
    } else {
      const std::string_view only = debts.text("measure", row);
      for (const collection_step& step : known->second) {
        if (only.empty() || only == step.measure)
          consider(step);
      }
    }
    lines.push_back(line);
  }
  order_worklist(lines);

  const double least = options.number("minimum_value");
  std::int64_t left =
      options.has("capacity") ? options.integer("capacity") : std::numeric_limits<std::int64_t>::max();
  std::vector<std::int64_t> ranks;
  text_buffer texts[3];
  std::vector<std::int64_t> no_text[3];
  std::vector<std::int64_t> amounts;
  std::vector<double> numbers[4];
  std::vector<std::uint8_t> chosen;
  for (const worklist_line& line : lines) {
    const bool takes = line.value > least && left > 0;
    left -= takes ? 1 : 0;
    ranks.push_back(static_cast<std::int64_t>(ranks.size()) + 1);
    const std::string_view told[] = {debts.text("id", line.row), debts.text("class", line.row),
                                     line.step.measure};
    for (std::size_t k = 0; k < 3; ++k) {
      if (told[k].empty())
        no_text[k].push_back(texts[k].size());
      texts[k].push_back(told[k]);
    }
    amounts.push_back(line.amount);
    const bool known = !std::isnan(line.step.with);
    const double none = std::numeric_limits<double>::quiet_NaN();
    const double values[] = {line.step.with, line.step.without, known ? line.step.cost : none, line.value};
    for (std::size_t k = 0; k < 4; ++k)
      numbers[k].push_back(values[k]);
    chosen.push_back(takes ? 1 : 0);
  }
  table made("worklist");
  made.add(column::integers("rank", std::move(ranks)));
  constexpr std::string_view names[] = {"id", "class", "measure"};
  for (std::size_t k = 0; k < 3; ++k) {
    column one = column::texts(std::string(names[k]), std::move(texts[k]));
    for (const std::int64_t row : no_text[k]) {
      if (k > 0)
        one.set_missing(row);
    }
    made.add(std::move(one));
  }
  made.add(column::amounts("amount", std::move(amounts), decimals));
  constexpr std::string_view titles[] = {"probability_with", "probability_without", "cost", "expected_value"};
  for (std::size_t k = 0; k < 4; ++k)
    made.add(column::numbers(std::string(titles[k]), std::move(numbers[k])).or_none());
  made.add(column::booleans("chosen", std::move(chosen)));
  return {{std::move(made)}, nullptr};
}

inline constexpr entry collection_worklist_entry{.description = &collection_worklist_description,
                                                 .finish = finish_collection_worklist};

} // namespace emptor::credit

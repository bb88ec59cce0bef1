// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>

#include <emptor/core/column.hpp>
#include <emptor/core/status.hpp>

/// The vocabulary in which every capability describes itself. A description stands beside its code as a
/// constant; the C ABI's introspection, the tool's help, the generated functions of other languages and the
/// README's table are all made from it.
namespace emptor {

/// What a capability does with rows.
enum class verb : std::int32_t {
  score = 0,  ///< n rows in, n rows out; a row never depends on another
  reduce = 1, ///< all rows of a store to tables
  fit = 2,    ///< all rows of a store to a model, and tables about it
};

[[nodiscard]] constexpr std::string_view name(verb what) noexcept {
  constexpr std::string_view names[] = {"score", "reduce", "fit"};
  return names[static_cast<std::int32_t>(what)];
}

/// What the values of a column mean, which decides the dtypes that it may have.
enum class content : std::int32_t {
  number = 0,  ///< any numeric dtype
  count = 1,   ///< a whole number in any numeric dtype
  amount = 2,  ///< money: minor units, decimals, or floating amounts that are exact
  day = 3,     ///< date32 or timestamp
  text = 4,    ///< any text dtype
  boolean = 5, ///< bool, or numbers 0 and 1
  code = 6,    ///< a class: int32 codes with named levels going out, text coming in
  id = 7,      ///< names a customer or document: any text dtype, or integers (their decimal text)
};

[[nodiscard]] constexpr std::string_view name(content what) noexcept {
  constexpr std::string_view names[] = {"number", "count", "amount", "date", "text", "boolean", "code", "id"};
  return names[static_cast<std::int32_t>(what)];
}

[[nodiscard]] constexpr bool accepts(content what, dtype type) noexcept {
  if (type == dtype::null)
    return true;
  switch (what) {
  case content::number:
  case content::count:
  case content::boolean:
    return is_number(type);
  case content::amount:
    return (is_number(type) && type != dtype::boolean) || type == dtype::money;
  case content::day:
    return type == dtype::date32 || type == dtype::timestamp;
  case content::text:
  case content::code:
    return is_text(type);
  case content::id:
    return is_text(type) || is_integer(type);
  }
  return false;
}

/// The dtype of a column that emptor makes itself.
[[nodiscard]] constexpr dtype natural_dtype(content what) noexcept {
  switch (what) {
  case content::number:
    return dtype::float64;
  case content::count:
    return dtype::int64;
  case content::amount:
    return dtype::money;
  case content::day:
    return dtype::date32;
  case content::text:
  case content::id:
    return dtype::large_utf8;
  case content::boolean:
    return dtype::boolean;
  case content::code:
    return dtype::int32;
  }
  return dtype::none;
}

/// The numbers that a column or option admits: an interval, each side open or closed. NaN is never in it.
struct domain {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool high_open = false;

  [[nodiscard]] constexpr bool contains(double x) const noexcept {
    return (low_open ? x > low : x >= low) && (high_open ? x < high : x <= high);
  }
};

inline constexpr domain any_number{};
inline constexpr domain at_least_zero{0.0};
inline constexpr domain above_zero{.low = 0.0, .low_open = true};
inline constexpr domain zero_to_one{0.0, 1.0};

struct column_description {
  std::string_view name;
  content what = content::number;
  std::string_view unit{}; ///< such as "time units", "currency", "probability"
  std::string_view summary{};
  domain allowed{};
  bool optional = false; ///< going in, it need not be there; coming out, it may be null in a row that is fine
  bool many = false;     ///< takes any number of the user's columns, whose labels are kept
  std::span<const std::string_view> levels{}; ///< of a code: the names of 0, 1, 2, ...
  /// Of an output of a score: the options without which it has no meaning. It is left out of what a caller gets
  /// who names no outputs, and refused to one who asks for it by name, unless all of them have a value.
  std::span<const std::string_view> needs{};
  bool on_request = false; ///< of an output of a score: only for callers who ask for it by name
};

/// A column or option as another list describes it.
template <class Description, std::size_t N>
[[nodiscard]] consteval Description described_in(const Description (&list)[N], std::string_view name) {
  return *std::find_if(list, list + N, [&](const Description& one) { return one.name == name; });
}

/// Lists of descriptions, or of names, one behind the other.
template <const auto& First, const auto&... Others>
[[nodiscard]] consteval auto joined() {
  using description = std::remove_cvref_t<decltype(*std::begin(First))>;
  std::array<description, (std::size(First) + ... + std::size(Others))> all;
  std::size_t at = 0;
  const auto add = [&](std::span<const description> these) {
    for (const description& one : these)
      all[at++] = one;
  };
  add(First);
  (add(Others), ...);
  return all;
}

/// Why values that are each in their domain contradict each other: the column to name, and what it must be.
struct row_fault {
  row_status status = row_status::ok;
  std::size_t column = 0;
  std::string_view must_be{};
};

/// A rule over several columns of a row, called when each value for itself is fine. `values` stand in the
/// order of the description: numbers, days and amounts in whole units; NaN for what is missing or text.
using row_rule = row_fault (*)(std::span<const double> values) noexcept;

struct table_description {
  std::string_view name;
  std::string_view summary{};
  std::span<const column_description> columns{};
  bool optional = false;
  row_rule rule = nullptr;
  bool whole = false; ///< a row that is refused would change what the others mean: it refuses the push
};

/// What the text of an option means.
enum class option_content : std::int32_t {
  number = 0,
  integer = 1,
  text = 2,
  boolean = 3,
  choice = 4,
  day = 5,     ///< ISO date
  horizon = 6, ///< a number of the model's time units, a duration such as "39 week", or the date it ends on
  numbers = 7, ///< numbers separated by commas
  currency =
      8, ///< ISO 4217 code. Of a score or a model the option named `currency` says which decimals amounts have
  zone = 9, ///< a clock's offset from UTC, such as +08:00
};

[[nodiscard]] constexpr std::string_view name(option_content what) noexcept {
  constexpr std::string_view names[] = {"number", "integer", "text",    "boolean",  "choice",
                                        "date",   "horizon", "numbers", "currency", "zone"};
  return names[static_cast<std::int32_t>(what)];
}

struct option_description {
  std::string_view name;
  option_content what = option_content::number;
  std::string_view summary{};
  std::string_view unit{};
  domain allowed{};                 ///< of number, integer, numbers
  std::string_view default_value{}; ///< as text; empty = not set
  bool required = false;
  std::span<const std::string_view> choices{}; ///< of choice
};
/// An option of which another value holds where it is not given.
[[nodiscard]] consteval option_description with_default(option_description one, std::string_view value) {
  one.default_value = value;
  return one;
}

struct slot_description {
  std::string_view name;
  std::string_view summary{};
  std::span<const std::string_view> accepts{}; ///< names of entries
  bool optional = false;
};

/// What a model, or an entry whose verb is score, does with one row.
struct score_description {
  std::span<const column_description> inputs{};
  std::span<const option_description> options{};
  std::span<const column_description> outputs{};
  row_rule rule = nullptr;
};

/// A table of an example, as CSV with a header line.
struct example_table {
  std::string_view name;
  std::string_view csv;
};

struct example_option {
  std::string_view name;
  std::string_view value;
};

/// A model in a slot of an example, made by `model create`.
struct example_slot {
  std::string_view name;
  std::string_view entry; ///< whose model it is
  std::span<const example_table> tables{};
  std::span<const example_option> options{};
};

/// Rows in, figures out. Tests run every example through C++, the C ABI and the tool.
struct example {
  verb what = verb::score;
  std::string_view summary{};
  std::string_view source{};
  std::span<const example_table> tables{}; ///< what is pushed, or the rows to score under the name "rows"
  std::span<const example_table> model_tables{}; ///< of the model to score with, made by `model create`
  std::span<const example_option> model_options{};
  std::span<const example_option> options{};
  std::span<const example_table> expected{}; ///< of each output table the columns and rows to compare
  double tolerance = 0.0;                    ///< relative; 0 asks for equality
  std::span<const example_slot> slots{};
};

/// The last day of the company that `emptor demo` simulates, and the day a year before, with which holdouts begin.
inline constexpr std::string_view demo_today = "2025-12-31";
inline constexpr std::string_view demo_year_ago = "2024-12-31";
/// What that company earns on average, as a share of an amount, and what it discounts with, a year.
inline constexpr std::string_view demo_margin = "0.35";
inline constexpr std::string_view demo_discount_rate = "0.1";

/// A column that stands for a role under another name than the role's.
struct demo_column {
  std::string_view role;
  std::string_view column;
};

/// What feeds an input table of an entry in the demo.
struct demo_input {
  std::string_view table; ///< of the entry or its store; "rows" of a score
  std::string_view from; ///< a table of the company, such as "orders", or what an earlier run gave: RUN/TABLE
  std::span<const demo_column> columns{};
};

struct demo_slot {
  std::string_view name;
  std::string_view run; ///< that fits the model
};

/// A column of a run that the scoreboard shows for each customer.
struct demo_shown {
  std::string_view table; ///< "scores" of a score
  std::string_view column;
  std::string_view heading;
  bool ranks = false; ///< the customers with the largest figure stand first
};

/// How estimates are held against the truth.
enum class demo_measure : std::int32_t {
  number = 0,      ///< sums, correlation, and how often an interval covers the truth
  probability = 1, ///< of something that is true or false: means, those above one half, Brier score
  parameter = 2,   ///< one by one, in standard errors
  exact = 3,       ///< must be equal, to the cent
};

[[nodiscard]] constexpr std::string_view name(demo_measure how) noexcept {
  constexpr std::string_view names[] = {"number", "probability", "parameter", "exact"};
  return names[static_cast<std::int32_t>(how)];
}

struct demo_comparison {
  demo_measure how = demo_measure::number;
  std::string_view table; ///< that the run gives; "scores" of a score
  std::string_view estimate;
  std::string_view truth_table; ///< of the company
  std::string_view truth;
  std::string_view key;              ///< the column that both tables have
  std::string_view low{};            ///< of an interval of the estimate
  std::string_view high{};           ///< its other end
  std::string_view standard_error{}; ///< of a parameter
};

/// The parameters of a fitted model, held against those of the process in a table of the company.
[[nodiscard]] constexpr demo_comparison demo_parameters(std::string_view truth_table) noexcept {
  return {.how = demo_measure::parameter,
          .table = "parameters",
          .estimate = "value",
          .truth_table = truth_table,
          .truth = "value",
          .key = "parameter",
          .standard_error = "standard_error"};
}

/// One run of an entry in the demo. Its name is that of the entry, or ENTRY.LABEL; a fit and the score with its model
/// are two feeds of one name.
struct demo_feed {
  std::string_view label{};
  verb what = verb::reduce;
  std::span<const demo_input> inputs{};
  std::span<const demo_slot> slots{};
  std::span<const example_option> options{};
  std::string_view keep{}; ///< of a score: the column that names the rows
  std::span<const demo_shown> shown{};
  std::span<const demo_comparison> compared{};
};

/// A store: what the pushed rows said, kept so that stores merge.
struct store_description {
  std::string_view name;
  std::string_view summary{};
  std::string_view chinese{};
  std::string_view memory{}; ///< constant, per key, per distinct value, or per row
  std::span<const table_description> tables{};
  std::span<const option_description> options{};
  std::string_view key{}; ///< the column by which rows can be erased and a finish limited; empty = none
};

struct entry_description {
  std::string_view name; ///< domain.capability
  verb what = verb::score;
  std::string_view summary{};
  std::string_view source{};
  std::string_view chinese{};
  std::string_view since{};
  std::string_view store{};                          ///< kind of the store it finishes from; empty = none
  std::span<const table_description> inputs{};       ///< where the store is `rows`: the tables that it needs
  std::span<const option_description> options{};     ///< of finish
  std::span<const slot_description> slots{};         ///< models that finish or score need
  std::span<const table_description> outputs{};      ///< of finish
  std::span<const table_description> model_tables{}; ///< from which `model create` makes its model
  std::span<const option_description> model_options{}; ///< of `model create`; a fit copies them from its own
  score_description score{};
  std::span<const std::string_view> formats{}; ///< text formats of its model
  std::span<const example> examples{};
  std::span<const demo_feed> demo{}; ///< its runs in the demo; without any, `no_demo` says why
  std::string_view no_demo{};

  [[nodiscard]] constexpr bool has_model() const noexcept {
    return what == verb::fit || !model_tables.empty();
  }
  [[nodiscard]] constexpr bool can_score() const noexcept { return !score.outputs.empty(); }
};

} // namespace emptor

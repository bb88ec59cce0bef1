// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/value/summary_entry.hpp>
#include <emptor/value/value_migration.hpp>

/// How the catalogue knows value migration (value_migration.hpp).
namespace emptor::value {

inline constexpr option_description migration_option_list[] = {
    {.name = "compare_since",
     .what = option_content::day,
     .summary = "first day of the earlier period",
     .required = true},
    {.name = "compare_until", .what = option_content::day, .summary = "its last day", .required = true},
    {.name = "since",
     .what = option_content::day,
     .summary = "first day of the later period, after compare_until",
     .required = true},
    {.name = "until",
     .what = option_content::day,
     .summary = "its last day; credit notes up to it net against their orders before orders are put into "
                "periods",
     .required = true},
    {.name = "method",
     .what = option_content::choice,
     .summary = "abc: the classes A, B, C of value.concentration, by shares of the period's amount; "
                "quantile: by shares of its customers; amounts: by the amount of each",
     .default_value = "abc",
     .choices = migration_method_names},
    {.name = "class_shares",
     .what = option_content::numbers,
     .summary = "of abc and quantile: the share of each class, the best first; they add up to 1 (default "
                "0.8,0.15,0.05 of the amount with abc, 0.2,0.3,0.5 of the customers with quantile); at most "
                "26",
     .unit = "share",
     .allowed = zero_to_one},
    {.name = "class_amounts",
     .what = option_content::numbers,
     .summary = "of amounts, where it is needed: the smallest amount of each class but the last, falling; at "
                "most 25",
     .unit = "currency"},
    {.name = "bounds",
     .what = option_content::choice,
     .summary = "each: both periods are cut for themselves; before: the later period has the amounts that "
                "bound the classes of the earlier one",
     .default_value = "each",
     .choices = migration_bounds_names},
    described_in(summary_finish_options, "same_day"),
    described_in(summary_finish_options, "negative"),
    described_in(summary_finish_options, "currency"),
};

inline constexpr std::string_view migration_periods[] = {"before", "after"};
inline constexpr column_description migration_from{
    .name = "from",
    .what = content::code,
    .summary = "class in the earlier period, A of abc or else class 1 the best; no_order for who had "
               "ordered, but not in it; "
               "new for whose first "
               "order came after it"};
inline constexpr column_description migration_to{
    .name = "to", .what = content::code, .summary = "class in the later period, or no_order"};
inline constexpr column_description migration_move_column{
    .name = "move",
    .what = content::code,
    .summary = "upgraded (升级), stable (稳定), downgraded (降级), lost (流失), won_back (赢回), new (新增), "
               "or absent from both",
    .levels = migration_moves};
inline constexpr column_description migration_numbers[] = {
    {.name = "customers", .what = content::count, .summary = "how many"},
    {.name = "amount_before",
     .what = content::amount,
     .unit = "currency",
     .summary = "what is left of their orders in the earlier period"},
    {.name = "amount_after",
     .what = content::amount,
     .unit = "currency",
     .summary = "the same in the later one"},
    {.name = "change",
     .what = content::amount,
     .unit = "currency",
     .summary = "amount_after - amount_before"},
};
inline constexpr column_description migration_matrix_columns[] = {
    migration_from,
    migration_to,
    migration_numbers[0],
    {.name = "customer_share",
     .unit = "share",
     .summary = "of the customers who come from there; none where nobody does",
     .optional = true},
    migration_numbers[1],
    migration_numbers[2],
    migration_numbers[3],
};
inline constexpr column_description migration_move_columns[] = {migration_move_column, migration_numbers[0],
                                                                migration_numbers[1], migration_numbers[2],
                                                                migration_numbers[3]};
inline constexpr column_description migration_class_columns[] = {
    {.name = "period", .what = content::code, .summary = "which of the two", .levels = migration_periods},
    {.name = "class", .what = content::code, .summary = "A or class 1 is the best"},
    {.name = "customers", .what = content::count, .summary = "with an order in it"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "of these orders"},
    {.name = "smallest",
     .what = content::amount,
     .unit = "currency",
     .summary = "the least that one of them has; none where nobody is in it",
     .optional = true},
    {.name = "largest", .what = content::amount, .unit = "currency", .summary = "the most", .optional = true},
};
inline constexpr column_description migration_customer_columns[] = {
    {.name = "customer", .what = content::text, .summary = "customer (客户), sorted by bytes"},
    migration_from,
    migration_to,
    migration_move_column,
    migration_numbers[1],
    migration_numbers[2],
    migration_numbers[3],
};
inline constexpr column_description migration_total_columns[] = {
    migration_numbers[0],
    migration_numbers[1],
    migration_numbers[2],
    migration_numbers[3],
    {.name = "unapplied_credit",
     .what = content::amount,
     .unit = "currency",
     .summary = "credit up to until that found no order, and so is in none of the amounts (未核销贷项)"},
};
inline constexpr table_description migration_outputs[] = {
    {.name = "matrix", .summary = "all pairs of classes (迁移矩阵)", .columns = migration_matrix_columns},
    {.name = "moves", .summary = "the same by what became of customers", .columns = migration_move_columns},
    {.name = "total",
     .summary = "all of them: what the others add up to",
     .columns = migration_total_columns},
    {.name = "classes", .summary = "the classes of both periods", .columns = migration_class_columns},
    {.name = "customers",
     .summary = "one row for each customer with an order up to until",
     .columns = migration_customer_columns},
};

// 360 before, 355 after: - 5 = 10 (Ann stays) + 50 (Bob rises) - 110 (Cai falls) - 30 (Dan leaves) + 55 (Eve comes back) + 20
// (Fay is new); Gus ordered in neither year.
inline constexpr example_table migration_example_tables[] = {
    {"orders", "customer,date,amount\n"
               "Ann,2024-03-01,120.00\nAnn,2025-02-01,130.00\nBob,2024-05-01,60.00\nBob,2025-06-01,110.00\n"
               "Cai,2024-01-01,150.00\nCai,2025-12-31,40.00\nDan,2024-12-31,30.00\n"
               "Eve,2023-05-01,70.00\nEve,2025-08-01,50.00\nEve,2025-08-02,5.00\nFay,2025-01-01,20.00\nGus,"
               "2023-12-31,10.00\n"}};
inline constexpr example_option migration_example_options[] = {
    {"compare_since", "2024-01-01"}, {"compare_until", "2024-12-31"}, {"since", "2025-01-01"},
    {"until", "2025-12-31"},         {"method", "amounts"},           {"class_amounts", "100,50"}};
inline constexpr example_table migration_example_expected[] = {
    {"matrix", "from,to,customers,customer_share,amount_before,amount_after,change\n"
               "class 1,class 1,1,0.5,120.00,130.00,10.00\nclass 1,class 2,0,0,0.00,0.00,0.00\n"
               "class 1,class 3,1,0.5,150.00,40.00,-110.00\nclass 1,no_order,0,0,0.00,0.00,0.00\n"
               "class 2,class 1,1,1,60.00,110.00,50.00\nclass 2,class 2,0,0,0.00,0.00,0.00\n"
               "class 2,class 3,0,0,0.00,0.00,0.00\nclass 2,no_order,0,0,0.00,0.00,0.00\n"
               "class 3,class 1,0,0,0.00,0.00,0.00\nclass 3,class 2,0,0,0.00,0.00,0.00\n"
               "class 3,class 3,0,0,0.00,0.00,0.00\nclass 3,no_order,1,1,30.00,0.00,-30.00\n"
               "no_order,class 1,0,0,0.00,0.00,0.00\nno_order,class 2,1,0.5,0.00,55.00,55.00\n"
               "no_order,class 3,0,0,0.00,0.00,0.00\nno_order,no_order,1,0.5,0.00,0.00,0.00\n"
               "new,class 1,0,0,0.00,0.00,0.00\nnew,class 2,0,0,0.00,0.00,0.00\n"
               "new,class 3,1,1,0.00,20.00,20.00\nnew,no_order,0,0,0.00,0.00,0.00\n"},
    {"moves",
     "move,customers,amount_before,amount_after,change\n"
     "upgraded,1,60.00,110.00,50.00\nstable,1,120.00,130.00,10.00\ndowngraded,1,150.00,40.00,-110.00\n"
     "lost,1,30.00,0.00,-30.00\nwon_back,1,0.00,55.00,55.00\nnew,1,0.00,20.00,20.00\nabsent,1,0.00,0.00,0."
     "00\n"},
    {"total", "customers,amount_before,amount_after,change,unapplied_credit\n7,360.00,355.00,-5.00,0.00\n"},
    {"classes", "period,class,customers,amount,smallest,largest\n"
                "before,class 1,2,270.00,120.00,150.00\nbefore,class 2,1,60.00,60.00,60.00\n"
                "before,class 3,1,30.00,30.00,30.00\nafter,class 1,2,240.00,110.00,130.00\n"
                "after,class 2,1,55.00,55.00,55.00\nafter,class 3,2,60.00,20.00,40.00\n"},
    {"customers",
     "customer,from,to,move,amount_before,amount_after,change\n"
     "Ann,class 1,class 1,stable,120.00,130.00,10.00\nBob,class 2,class 1,upgraded,60.00,110.00,50.00\n"
     "Cai,class 1,class 3,downgraded,150.00,40.00,-110.00\nDan,class 3,no_order,lost,30.00,0.00,-30.00\n"
     "Eve,no_order,class 2,won_back,0.00,55.00,55.00\nFay,new,class 3,new,0.00,20.00,20.00\n"
     "Gus,no_order,no_order,absent,0.00,0.00,0.00\n"}};
inline constexpr example migration_examples[] = {
    {.what = verb::reduce,
     .summary = "seven customers, one of each move, between two years",
     .source = "made for this page, to be checked by hand",
     .tables = migration_example_tables,
     .options = migration_example_options,
     .expected = migration_example_expected},
};

inline constexpr demo_input migration_demo_inputs[] = {{"orders", "orders"}};
inline constexpr example_option migration_demo_options[] = {{"compare_since", "2024-01-01"},
                                                            {"compare_until", demo_year_ago},
                                                            {"since", "2025-01-01"},
                                                            {"until", demo_today}};
inline constexpr demo_feed migration_demo[] = {
    {.inputs = migration_demo_inputs, .options = migration_demo_options}};

inline constexpr entry_description value_migration_description{
    .name = value_migration_name,
    .what = verb::reduce,
    .summary = "value migration: customers and money between value classes of two periods, and how the "
               "change of the amount splits",
    .source = "migration matrices of customer portfolio analysis: classes by ABC, quantile or amount in two "
              "periods, cross-tabled",
    .chinese = "价值迁移",
    .since = "0.1",
    .store = "order_history",
    .options = migration_option_list,
    .outputs = migration_outputs,
    .examples = migration_examples,
    .demo = migration_demo,
};

namespace detail {

[[nodiscard]] inline std::vector<std::string> migration_levels(const value_migration& of, bool with_new) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < of.classes; ++i)
    names.push_back(of.method == migration_method::abc
                        ? std::string(1, static_cast<char>('A' + static_cast<int>(i)))
                        : "class " + std::to_string(i + 1));
  names.emplace_back("no_order");
  if (with_new)
    names.emplace_back("new");
  return names;
}

/// The columns of money of some cells.
class migration_amounts {
public:
  void add(const migration_cell& of) {
    customers.push_back(of.customers);
    const wide_integer row[] = {of.before, of.after, of.after - of.before};
    for (std::size_t i = 0; i < std::size(row); ++i)
      amounts_[i].push_back(amount_of_all(row[i], value_migration_name));
  }
  void to(table& made, int decimals, const std::string& unit) {
    for (std::size_t i = 0; i < std::size(amounts_); ++i)
      made.add(column::amounts(std::string(migration_numbers[i + 1].name), std::move(amounts_[i]), decimals,
                               unit));
  }
  std::vector<std::int64_t> customers;

private:
  std::vector<std::int64_t> amounts_[3];
};

[[nodiscard]] inline table migration_matrix(const value_migration& of, const std::string& unit) {
  std::vector<std::int32_t> from;
  std::vector<std::int32_t> to;
  std::vector<double> share;
  migration_amounts amounts;
  for (std::size_t i = 0; i <= of.fresh(); ++i) {
    std::int64_t all = 0;
    for (std::size_t j = 0; j <= of.no_order(); ++j)
      all += of.cell(i, j).customers;
    for (std::size_t j = 0; j <= of.no_order(); ++j) {
      from.push_back(static_cast<std::int32_t>(i));
      to.push_back(static_cast<std::int32_t>(j));
      share.push_back(all > 0 ? static_cast<double>(of.cell(i, j).customers) / static_cast<double>(all)
                              : std::numeric_limits<double>::quiet_NaN());
      amounts.add(of.cell(i, j));
    }
  }
  table made("matrix");
  made.add(column::codes("from", std::move(from), migration_levels(of, true)));
  made.add(column::codes("to", std::move(to), migration_levels(of, false)));
  made.add(column::integers("customers", std::move(amounts.customers)));
  made.add(column::numbers("customer_share", std::move(share), "share").or_none());
  amounts.to(made, of.decimals, unit);
  return made;
}

[[nodiscard]] inline table migration_class_table(const value_migration& of, const std::string& unit) {
  std::vector<std::int32_t> periods;
  std::vector<std::int32_t> classes;
  std::vector<std::int64_t> numbers[4];
  for (std::int32_t i = 0; i < 2; ++i) {
    std::int32_t at = 0;
    for (const migration_class& one : of.periods[i]) {
      periods.push_back(i);
      classes.push_back(at++);
      const std::int64_t row[] = {one.customers, amount_of_all(one.amount, value_migration_name),
                                  one.smallest, one.largest};
      for (std::size_t k = 0; k < std::size(row); ++k)
        numbers[k].push_back(row[k]);
    }
  }
  std::vector<std::string> levels = migration_levels(of, false);
  levels.pop_back();
  table made("classes");
  made.add(column::codes("period", std::move(periods), migration_periods));
  made.add(column::codes("class", std::move(classes), std::move(levels)));
  made.add(column::integers("customers", std::move(numbers[0])));
  made.add(column::amounts("amount", std::move(numbers[1]), of.decimals, unit));
  made.add(column::amounts("smallest", std::move(numbers[2]), of.decimals, unit).or_none());
  made.add(column::amounts("largest", std::move(numbers[3]), of.decimals, unit).or_none());
  return made;
}

[[nodiscard]] inline table migration_customers(value_migration& of, const std::string& unit) {
  std::vector<std::int32_t> codes[3];
  migration_amounts amounts;
  for (const value_migration::of_customer& one : of.customers) {
    codes[0].push_back(static_cast<std::int32_t>(one.from));
    codes[1].push_back(static_cast<std::int32_t>(one.to));
    codes[2].push_back(static_cast<std::int32_t>(one.move));
    migration_cell cell;
    cell.add(one.before, one.after);
    amounts.add(cell);
  }
  table made("customers");
  made.add(column::texts("customer", std::move(of.names)));
  made.add(column::codes("from", std::move(codes[0]), migration_levels(of, true)));
  made.add(column::codes("to", std::move(codes[1]), migration_levels(of, false)));
  made.add(column::codes("move", std::move(codes[2]), migration_moves));
  amounts.to(made, of.decimals, unit);
  return made;
}

} // namespace detail

inline result finish_value_migration(const finish_request& request) {
  const auto& from = request.stored<stats::order_history>();
  const option_values& given = request.options;
  const auto day = [&](std::string_view name) { return days_since_epoch(*given.day(name)); };
  migration_options options;
  options.compared = {day("compare_since"), day("compare_until")};
  options.period = {day("since"), day("until")};
  options.method = given.choice<migration_method>("method", migration_method_names);
  options.bounds = given.choice<migration_bounds>("bounds", migration_bounds_names);
  options.same_day = given.choice<stats::same_day>("same_day", stats::same_day_names);
  options.negative = given.choice<stats::negative>("negative", stats::negative_names);
  if (given.has("currency"))
    options.currency = currency(given.text("currency"));
  const bool by_amounts = options.method == migration_method::amounts;
  const auto refuse = [](std::string_view option, std::string_view is, std::string_view must) {
    throw error(status::option,
                message(value_migration_name, "option " + std::string(option), -1, std::string(is), must));
  };
  if (by_amounts && !given.has("class_amounts"))
    refuse("class_amounts", "missing", "there with method=amounts");
  if (by_amounts && given.has("class_shares"))
    refuse("class_shares", "there", "missing with method=amounts");
  if (!by_amounts && given.has("class_amounts"))
    refuse("class_amounts", "there", "missing without method=amounts");
  if (by_amounts)
    options.class_amounts = given.numbers("class_amounts");
  else if (given.has("class_shares"))
    options.class_shares = given.numbers("class_shares");
  else if (options.method == migration_method::quantile)
    options.class_shares = {0.2, 0.3, 0.5};

  value_migration found = find_value_migration(from, options, request.how, request.keys);
  const std::string unit(found.currency.code());
  std::vector<std::int32_t> codes;
  detail::migration_amounts by_move;
  for (std::size_t i = 0; i < found.moves.size(); ++i) {
    codes.push_back(static_cast<std::int32_t>(i));
    by_move.add(found.moves[i]);
  }
  table moves("moves", {column::codes("move", std::move(codes), migration_moves),
                        column::integers("customers", std::move(by_move.customers))});
  by_move.to(moves, found.decimals, unit);
  detail::migration_amounts whole;
  whole.add(found.total);
  table total("total", {column::integers("customers", std::move(whole.customers))});
  whole.to(total, found.decimals, unit);
  total.add(column::amounts("unapplied_credit",
                            {detail::amount_of_all(found.unapplied_credit, value_migration_name)},
                            found.decimals, unit));
  table matrix = detail::migration_matrix(found, unit);
  table classes = detail::migration_class_table(found, unit);
  table customers = detail::migration_customers(found, unit);
  return {{std::move(matrix), std::move(moves), std::move(total), std::move(classes), std::move(customers)},
          nullptr};
}

inline constexpr entry value_migration_entry{.description = &value_migration_description,
                                             .finish = &finish_value_migration};

} // namespace emptor::value

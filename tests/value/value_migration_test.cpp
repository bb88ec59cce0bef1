// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/summary.hpp>
#include <emptor/value/value_migration_entry.hpp>

#include "credit/finished.hpp"
#include "stats/orders.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::value::value_migration_test {
namespace {

using options = std::vector<option>;
using texts = std::vector<std::string>;
using test::order_row;
using test::variates;

const options two_years{{"compare_since", "2024-01-01"},
                        {"compare_until", "2024-12-31"},
                        {"since", "2025-01-01"},
                        {"until", "2025-12-31"}};
options with(options more, const options& base = two_years) {
  more.insert(more.end(), base.begin(), base.end());
  return more;
}
result finished_of(const stats::order_history& from, const options& given,
                   const std::optional<texts>& keys = {}) {
  return finished::of(value_migration_entry, from, given, {}, nullptr, keys);
}
result finished_of(const std::vector<order_row>& rows, const options& given,
                   const std::optional<texts>& keys = {}) {
  stats::order_history store;
  test::push(store, rows, true);
  return finished_of(store, given, keys);
}
/// Orders over three years, some of amounts that many have, and credit notes.
std::vector<order_row> random_orders(variates& draw, int customers, bool credits) {
  std::vector<order_row> rows;
  for (int c = 0; c < customers; ++c) {
    const int orders = 1 + static_cast<int>(6.0 * draw.uniform());
    for (int i = 0; i < orders; ++i) {
      const auto day = to_string(date_from_days(19358 + static_cast<int>(1096.0 * draw.uniform())));
      const std::int64_t cents = draw.uniform() < 0.4
                                     ? 1000 * (1 + static_cast<std::int64_t>(3.0 * draw.uniform()))
                                     : static_cast<std::int64_t>(50000.0 * draw.uniform());
      rows.push_back(
          {"c" + std::to_string(c), day, credits && draw.uniform() < 0.15 ? -cents / 2 - 1 : cents});
    }
  }
  return rows;
}
texts column(const result& made, const char* table, const texts& columns) {
  return finished::cells(made, table, columns);
}
std::vector<std::int64_t> numbers(const result& made, const char* table, const char* name) {
  return finished::table_of(made, table).at(name).as<std::int64_t>();
}
std::int64_t sum(const std::vector<std::int64_t>& of) {
  std::int64_t all = 0;
  for (const std::int64_t one : of)
    all += one;
  return all;
}

TEST(value_migration, all_tables_add_up_to_the_same) {
  variates draw(31);
  for (int round = 0; round < 12; ++round) {
    const std::vector<order_row> rows = random_orders(draw, 60, true);
    const char* const methods[] = {"abc", "quantile", "amounts"};
    options given{{"method", methods[round % 3]}, {"bounds", round % 2 == 0 ? "each" : "before"}};
    if (round % 3 == 2)
      given.push_back({"class_amounts", "300,100.50,0"});
    const result made = finished_of(rows, with(given));
    for (const char* table : {"matrix", "moves", "customers"}) {
      for (const char* name : {"amount_before", "amount_after", "change"})
        EXPECT_EQ(sum(numbers(made, table, name)), numbers(made, "total", name)[0]) << table;
    }
    EXPECT_EQ(sum(numbers(made, "matrix", "customers")), numbers(made, "total", "customers")[0]);
    EXPECT_EQ(sum(numbers(made, "moves", "customers")), numbers(made, "total", "customers")[0]);
    EXPECT_EQ(finished::table_of(made, "customers").rows(), numbers(made, "total", "customers")[0]);
    EXPECT_EQ(sum(numbers(made, "classes", "amount")),
              numbers(made, "total", "amount_before")[0] + numbers(made, "total", "amount_after")[0]);
    // Rows of the matrix are the sums of the customers.
    const auto cells = finished::sums(made, "customers", {"from", "to"}, "change");
    EXPECT_EQ(cells, finished::sums(made, "matrix", {"from", "to"}, "change"));
    EXPECT_EQ(finished::sums(made, "customers", {"move"}, "amount_after"),
              finished::sums(made, "moves", {"move"}, "amount_after"));
    // Those who left bring nothing, those who came brought nothing.
    const auto before = finished::sums(made, "moves", {"move"}, "amount_before");
    EXPECT_EQ(before.count("new ") + before.count("won_back ") + before.count("absent "), 0U);
  }
}

/// What customers ordered in a span, of rows without credit notes; those with an order in it.
std::map<std::string, std::int64_t> amounts_of(const std::vector<order_row>& rows, const std::string& from,
                                               const std::string& until) {
  std::map<std::string, std::int64_t> made;
  for (const order_row& row : rows) {
    if (from <= row.day && row.day <= until)
      made[row.customer] += *row.cents;
  }
  return made;
}
/// The class by the words of the description: how much those have who have more.
int naive_class(const std::map<std::string, std::int64_t>& of, std::int64_t amount, bool abc) {
  long double more = 0;
  long double all = 0;
  for (const auto& [customer, other] : of) {
    all += abc ? static_cast<long double>(other) : 1.0L;
    if (other > amount)
      more += abc ? static_cast<long double>(other) : 1.0L;
  }
  const long double cuts[] = {abc ? 0.8L : 0.2L, abc ? 0.95L : 0.5L};
  return more < cuts[0] * all ? 1 : more < cuts[1] * all ? 2 : 3;
}

TEST(value_migration, classes_and_moves_are_those_of_the_definition) {
  variates draw(32);
  std::map<std::string, int> met;
  for (int round = 0; round < 20; ++round) {
    const std::vector<order_row> rows = random_orders(draw, 40, false);
    const bool abc = round % 2 == 0;
    const result made = finished_of(rows, with({{"method", abc ? "abc" : "quantile"}}));
    const auto before = amounts_of(rows, "2024-01-01", "2024-12-31");
    const auto after = amounts_of(rows, "2025-01-01", "2025-12-31");
    const auto earlier = amounts_of(rows, "0000-00-00", "2024-12-31");
    const auto ever = amounts_of(rows, "0000-00-00", "2025-12-31");
    const auto class_name = [&](int which) {
      return abc ? std::string(1, static_cast<char>('A' + which - 1)) : "class " + std::to_string(which);
    };
    texts expected;
    for (const auto& one : ever) {
      const std::string& customer = one.first;
      const auto place = [&](const std::map<std::string, std::int64_t>& span) {
        const auto at = span.find(customer);
        return at == span.end() ? 0 : naive_class(span, at->second, abc);
      };
      const int from = place(before);
      const int to = place(after);
      const std::string move = from != 0 && to != 0          ? (to < from   ? "upgraded"
                                                                : to > from ? "downgraded"
                                                                            : "stable")
                               : from != 0                   ? "lost"
                               : to == 0                     ? "absent"
                               : earlier.count(customer) > 0 ? "won_back"
                                                             : "new";
      ++met[move];
      expected.push_back(customer + " " +
                         (from != 0                     ? class_name(from)
                          : earlier.count(customer) > 0 ? "no_order"
                                                        : "new") +
                         " " + (to != 0 ? class_name(to) : "no_order") + " " + move);
    }
    EXPECT_EQ(column(made, "customers", {"customer", "from", "to", "move"}), expected);
  }
  EXPECT_GE(met.size(), 6U);
}

TEST(value_migration, the_change_of_revenue_is_that_of_the_histories) {
  variates draw(33);
  const std::vector<order_row> rows = random_orders(draw, 80, false);
  stats::order_history store;
  test::push(store, rows, true);
  const auto revenue_until = [&](const char* day) {
    summary_options asked;
    asked.until = parse_date(day);
    return summarise(store, asked).of(total::summary).amount;
  };
  const result made = finished_of(store, two_years);
  EXPECT_TRUE(revenue_until("2024-12-31") - revenue_until("2023-12-31") ==
              numbers(made, "total", "amount_before")[0]);
  EXPECT_TRUE(revenue_until("2025-12-31") - revenue_until("2024-12-31") ==
              numbers(made, "total", "amount_after")[0]);
}

TEST(value_migration, ties_one_customer_and_nothing) {
  const auto classes = [](const std::vector<order_row>& rows, options given = {}) {
    return column(finished_of(rows, with(std::move(given))), "customers", {"customer", "from", "to"});
  };
  // Who has as much as another is of his class, whatever the order of rows; all are of the best where nobody has more.
  EXPECT_EQ(classes({{"A", "2024-02-01", 500}, {"B", "2024-03-01", 500}, {"C", "2024-03-01", 500}}),
            (texts{"A A no_order", "B A no_order", "C A no_order"}));
  EXPECT_EQ(classes({{"A", "2024-02-01", 500}}), texts{"A A no_order"});
  // Two with half of it: those above 80 % are reached by nobody with more.
  EXPECT_EQ(classes({{"A", "2024-02-01", 8000}, {"B", "2024-03-01", 1000}, {"C", "2024-04-01", 1000}}),
            (texts{"A A no_order", "B B no_order", "C B no_order"}))
      << "A has 80 %, which is not below the cut";
  EXPECT_EQ(classes({{"A", "2024-02-01", 7999}, {"B", "2024-03-01", 1001}, {"C", "2024-04-01", 1000}}),
            (texts{"A A no_order", "B A no_order", "C B no_order"}));
  // Orders of nothing are orders, of the last class.
  EXPECT_EQ(classes({{"A", "2024-02-01", 0}, {"B", "2025-02-01", 0}}), (texts{"A C no_order", "B new C"}));
  EXPECT_EQ(classes({{"A", "2024-02-01", 0}}, {{"method", "quantile"}}), texts{"A class 1 no_order"});
  // An order between or after the spans.
  EXPECT_EQ(classes({{"A", "2026-02-01", 100}}), texts{});
  EXPECT_EQ(column(finished_of({{"A", "2024-10-01", 100}}, {{"compare_since", "2024-01-01"},
                                                            {"compare_until", "2024-06-30"},
                                                            {"since", "2025-01-01"},
                                                            {"until", "2025-06-30"}}),
                   "customers", {"from", "to", "move"}),
            texts{"new no_order absent"});
  const result nothing = finished_of(std::vector<order_row>{}, two_years);
  EXPECT_EQ(column(nothing, "total", {"customers", "change"}), texts{"0 0"});
  EXPECT_EQ(column(nothing, "classes", {"period", "class", "customers", "smallest"})[0], "before A 0 -");
}

TEST(value_migration, amounts_below_nothing_are_of_the_last_class) {
  const std::vector<order_row> rows{
      {"A", "2024-02-01", -500}, {"B", "2024-03-01", 300}, {"B", "2025-03-01", -10}};
  for (const char* method : {"abc", "quantile"}) {
    const result made = finished_of(rows, with({{"negative", "keep"}, {"method", method}}));
    EXPECT_EQ(column(made, "total", {"amount_before", "amount_after", "change"}), texts{"-200 -10 190"});
  }
  EXPECT_EQ(column(finished_of(rows, with({{"negative", "keep"}})), "customers", {"from", "to"}),
            (texts{"C no_order", "A C"}))
      << "what shares are of is the amounts that are not below 0";
}

TEST(value_migration, bounds_of_the_first_span_hold_in_the_second) {
  const std::vector<order_row> rows{{"A", "2024-02-01", 8000}, {"B", "2024-02-01", 1600},
                                    {"C", "2024-02-01", 400},  {"A", "2025-02-01", 1600},
                                    {"B", "2025-02-01", 1599}, {"C", "2025-02-01", 9000}};
  EXPECT_EQ(column(finished_of(rows, with({{"bounds", "before"}})), "customers", {"from", "to", "move"}),
            (texts{"A B downgraded", "B C downgraded", "C A upgraded"}));
  // Cut for itself: C has 74 % of it, A still comes before 80 %.
  EXPECT_EQ(column(finished_of(rows, with({})), "customers", {"to"}), (texts{"A", "B", "A"}));
}

TEST(value_migration, order_split_threads_and_keys_change_nothing_else) {
  variates draw(34);
  const std::vector<order_row> rows = random_orders(draw, 50, true);
  const result one = finished_of(rows, two_years);
  for (std::uint64_t seed = 1; seed < 6; ++seed) {
    const stats::order_history other = test::shuffled(rows, seed);
    run how;
    how.threads = static_cast<int>(seed);
    EXPECT_EQ(value_migration_entry
                  .finish({.from = &other,
                           .options = {value_migration_name, migration_option_list, two_years},
                           .slots = {},
                           .keys = {},
                           .how = how})
                  .tables,
              one.tables);
  }
  // Some customers are as if there were no others.
  const texts keys{"c3", "c14", "c15", "nobody"};
  std::vector<order_row> few;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(few), [&](const order_row& row) {
    return std::find(keys.begin(), keys.end(), row.customer) != keys.end();
  });
  EXPECT_EQ(finished_of(rows, two_years, keys).tables, finished_of(few, two_years).tables);
}

TEST(value_migration, classes_are_those_of_concentration_also_with_amounts_below_nothing) {
  // 60 + 30 + 20 = 110, of which 80 % is 88: A and B reach it. With -60 in the whole B alone would be behind the line.
  const std::vector<order_row> rows{{"A", "2024-02-01", 6000},
                                    {"B", "2024-02-01", 3000},
                                    {"C", "2024-02-01", 2000},
                                    {"D", "2024-02-01", -6000}};
  EXPECT_EQ(column(finished_of(rows, with({{"negative", "keep"}})), "customers", {"from"}),
            (texts{"A", "A", "B", "C"}));
  EXPECT_EQ(column(finished_of(rows, with({{"negative", "keep"}})), "classes", {"smallest", "largest"})[0],
            "3000 6000");
  EXPECT_EQ(column(finished_of(rows, with({{"negative", "keep"}, {"class_shares", "0.5,0.5"}})), "customers",
                   {"from"}),
            (texts{"A", "B", "B", "B"}));
}

TEST(value_migration, credit_that_found_no_order_is_told) {
  const result made = finished_of({{"A", "2024-02-01", 500},
                                   {"B", "2024-03-01", -70},
                                   {"C", "2026-03-01", -9},
                                   {"A", "2025-02-01", -600}},
                                  two_years);
  EXPECT_EQ(column(made, "total", {"amount_before", "amount_after", "unapplied_credit"}), texts{"0 0 170"});
}

TEST(value_migration, what_makes_no_sense_is_refused) {
  const auto why = [](options given, const options& base = two_years) {
    std::string text;
    const status code = test::code_of(
        [&] {
          return finished_of({{"A", "2024-02-01", 500}}, with(std::move(given), base));
        },
        &text);
    return std::string(name(code)) + " " + text;
  };
  const auto spans = [](const char* a, const char* b, const char* c, const char* d) {
    return options{{"compare_since", a}, {"compare_until", b}, {"since", c}, {"until", d}};
  };
  EXPECT_EQ(why({}, spans("2024-02-01", "2024-01-31", "2025-01-01", "2025-02-01")),
            "option value.value_migration: option compare_until is 2024-01-31, but must be not before "
            "compare_since, 2024-02-01");
  EXPECT_EQ(why({}, spans("2024-01-01", "2024-12-31", "2024-12-31", "2025-02-01")),
            "option value.value_migration: option since is 2024-12-31, but must be after compare_until, "
            "2024-12-31");
  EXPECT_EQ(why({}, spans("2024-01-01", "2024-12-31", "2025-02-01", "2025-01-31")),
            "option value.value_migration: option until is 2025-01-31, but must be not before "
            "since, 2025-02-01");
  EXPECT_EQ(
      why({{"method", "amounts"}}),
      "option value.value_migration: option class_amounts is missing, but must be there with method=amounts");
  EXPECT_EQ(why({{"method", "amounts"}, {"class_amounts", "1,2"}}),
            "option value.value_migration: option class_amounts is 2 after another, but must be below it");
  EXPECT_EQ(why({{"method", "amounts"}, {"class_amounts", "1.005"}}),
            "option value.value_migration: option class_amounts is 1.005, but must be a whole number of "
            "minor units");
  EXPECT_EQ(why({{"method", "amounts"}, {"class_amounts", "1"}, {"class_shares", "1"}}),
            "option value.value_migration: option class_shares is there, but must be missing with "
            "method=amounts");
  EXPECT_EQ(why({{"class_amounts", "1"}}),
            "option value.value_migration: option class_amounts is there, but must be missing without "
            "method=amounts");
  EXPECT_EQ(why({{"class_shares", "0.9,0.8"}}).substr(0, 60),
            "option value.value_migration: option class_shares is 0.9,0.8");
}

} // namespace
} // namespace emptor::value::value_migration_test

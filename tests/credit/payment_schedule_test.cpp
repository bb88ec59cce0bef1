// SPDX-License-Identifier: BSL-1.0
#include <emptor/credit/payment_schedule_entry.hpp>

#include <numeric>
#include <random>

#include <gtest/gtest.h>

#include "support/csv_table.hpp"
#include "support/refusal.hpp"

namespace emptor::credit::payment_schedule_test {
namespace {

date day(std::string_view text) {
  return *parse_date(text);
}

std::string due(const due_rule& by, std::string_view document) {
  return to_string(due_on(by, day(document)));
}

TEST(payment_schedule, net_days_count_from_the_document) {
  EXPECT_EQ(due({.days = 30}, "2026-01-20"), "2026-02-19");
  EXPECT_EQ(due({}, "2026-01-20"), "2026-01-20");
  EXPECT_EQ(due({.months = 1}, "2026-01-31"), "2026-02-28");
  EXPECT_EQ(due({.months = 1}, "2024-01-31"), "2024-02-29");
  EXPECT_EQ(due({.months = 12, .days = 1}, "2024-02-29"), "2025-03-01");
}

// "30 days, end of month" of 30 January is 31 March where the days come first, and 28 February where a month is meant;
// OCA's account_payment_term_extension was written because Odoo knew the former only.
TEST(payment_schedule, the_end_of_the_month_comes_before_or_after_the_days) {
  EXPECT_EQ(due({.rule = date_rule::days_end_of_month, .days = 30}, "2026-01-30"), "2026-03-31");
  EXPECT_EQ(due({.rule = date_rule::end_of_month, .months = 1}, "2026-01-30"), "2026-02-28");
  EXPECT_EQ(due({.rule = date_rule::end_of_month, .days = 15}, "2026-01-20"), "2026-02-15");
  EXPECT_EQ(due({.rule = date_rule::end_of_month, .days = 45}, "2026-01-01"), "2026-03-17");
  EXPECT_EQ(due({.rule = date_rule::days_end_of_month, .days = 45}, "2026-01-01"), "2026-02-28");
  EXPECT_EQ(due({.rule = date_rule::end_of_month}, "2026-01-31"), "2026-01-31");
}

TEST(payment_schedule, a_fixed_day_is_of_the_month_meant_and_never_before_the_document) {
  const auto on = [](unsigned of_month, int months, std::string_view document, int days = 0) {
    return due({.rule = date_rule::day_of_month, .months = months, .days = days, .day_of_month = of_month},
               document);
  };
  EXPECT_EQ(on(10, 2, "2026-01-20"), "2026-03-10");
  EXPECT_EQ(on(15, 0, "2026-01-15"), "2026-01-15");
  EXPECT_EQ(on(15, 0, "2026-01-16"), "2026-02-15");
  EXPECT_EQ(on(31, 1, "2026-01-10"), "2026-02-28");
  EXPECT_EQ(on(31, 0, "2026-02-28"), "2026-02-28");
  EXPECT_EQ(on(30, 0, "2025-12-31"), "2026-01-30");
  EXPECT_EQ(on(5, 0, "2026-01-20", 10), "2026-02-05"); // 30 January, then the next 5th
}

TEST(payment_schedule, a_document_after_the_cutoff_is_one_of_the_next_month) {
  due_rule by{.rule = date_rule::day_of_month, .months = 1, .day_of_month = 10, .cutoff_day = 25};
  EXPECT_EQ(due(by, "2026-01-25"), "2026-02-10");
  EXPECT_EQ(due(by, "2026-01-26"), "2026-03-10");
  by = {.rule = date_rule::end_of_month, .cutoff_day = 25};
  EXPECT_EQ(due(by, "2026-01-25"), "2026-01-31");
  EXPECT_EQ(due(by, "2026-01-26"), "2026-02-28");
}

TEST(payment_schedule, every_rule_is_monotone_in_the_date) {
  for (const date_rule rule :
       {date_rule::days, date_rule::end_of_month, date_rule::days_end_of_month, date_rule::day_of_month}) {
    for (const unsigned of_month : {1U, 15U, 30U, 31U}) {
      for (const unsigned cutoff : {20U, 31U}) {
        const due_rule by{.rule = rule,
                          .months = 1,
                          .days = 10,
                          .day_of_month = of_month,
                          .cutoff_day = has_cutoff(rule) ? cutoff : 31U};
        for (date at = day("2023-12-01"); at < day("2025-03-01"); at += std::chrono::days{1}) {
          EXPECT_LE(due_on(by, at), due_on(by, at + std::chrono::days{1}));
          EXPECT_GE(due_on(by, at), at);
        }
      }
    }
  }
}

using tables = std::vector<std::pair<std::string, std::string>>;

stats::rows store_of(const tables& given, const std::string& decimals = "2") {
  stats::rows made(option_values("rows", stats::rows_options,
                                 std::vector<option>{{"entry", std::string(payment_schedule_name)},
                                                     {"decimals", decimals}}),
                   payment_schedule_inputs);
  for (const auto& [name, csv] : given) {
    const test::csv_table parsed = test::parse_csv(csv);
    const auto described =
        std::find_if(std::begin(payment_schedule_inputs), std::end(payment_schedule_inputs),
                     [&, &wanted = name](const table_description& one) { return one.name == wanted; });
    table rows(name);
    for (std::size_t i = 0; i < parsed.names.size(); ++i) {
      std::vector<std::string> fields;
      for (const std::vector<std::string>& row : parsed.rows)
        fields.push_back(row[i]);
      const auto role =
          std::find_if(described->columns.begin(), described->columns.end(),
                       [&](const column_description& one) { return one.name == parsed.names[i]; });
      rows.add(test::typed_column(parsed.names[i], role->what, fields));
    }
    const std::vector<named_column> columns = rows.views();
    made.push({.table = name, .columns = columns, .rows = rows.rows(), .strict = true});
  }
  return made;
}

/// A table of the schedule as CSV.
std::string csv_of(const tables& given, std::string_view wanted,
                   instalment_rounding how = instalment_rounding::largest_remainder,
                   const std::string& decimals = "2") {
  const stats::rows from = store_of(given, decimals);
  for (const table& one : schedule_payments(from, how)) {
    if (one.name() != wanted)
      continue;
    std::string made;
    for (std::int64_t row = 0; row < one.rows(); ++row) {
      for (const column& held : one.columns())
        made.append(&held == &one.columns().front() ? "" : ",")
            .append(test::field_of(held.view(), held.levels(), row));
      made.append("\n");
    }
    return made;
  }
  return "no such table";
}

status refusal(const tables& given, std::string* text = nullptr) {
  const stats::rows from = store_of(given);
  return test::code_of([&] { return schedule_payments(from, instalment_rounding::largest_remainder); }, text);
}

const std::string one_document = "document,date,amount,terms\nR1,2026-01-20,100.00,T\n";

// frappe/erpnext#28931: a discount of 2 % beside the net term made an invoice portion of 200 %, so that terms could not
// have both.
TEST(payment_schedule, a_discount_is_no_part_of_the_amount) {
  const tables given{{"documents", one_document},
                     {"terms", "terms,line,share,days\nT,1,1,30\n"},
                     {"discounts", "terms,discount_rate,days\nT,0.02,2\n"}};
  EXPECT_EQ(csv_of(given, "instalments"), "R1,1,2026-02-19,100.00,,2026-01-22,2.00\n");
  std::string text;
  EXPECT_EQ(refusal({{"documents", one_document}, {"terms", "terms,line,share\nT,1,1\nT,2,1\n"}}, &text),
            status::data);
  EXPECT_EQ(text, "credit.payment_schedule: sum of share of terms T is 2, but must be 1");
}

TEST(payment_schedule, terms_that_contradict_themselves_are_refused_by_name) {
  std::string text;
  const auto terms = [&](const std::string& lines, const std::string& discounts = {}) {
    tables given{{"documents", one_document}, {"terms", "terms,line,share\n" + lines}};
    if (!discounts.empty())
      given.emplace_back("discounts", "terms,line,discount_rate\n" + discounts);
    return refusal(given, &text);
  };
  EXPECT_EQ(terms("T,1,0.5\nT,2,0.4\n"), status::data);
  EXPECT_EQ(text, "credit.payment_schedule: sum of share of terms T is 0.9, but must be 1");
  EXPECT_EQ(terms("T,1,1\nT,2,\n"), status::data);
  EXPECT_EQ(
      text,
      "credit.payment_schedule: sum of share of terms T is 1, but must be < 1, since a line without a share "
      "takes the rest");
  EXPECT_EQ(terms("T,1,0.5\nT,1,0.5\n"), status::data);
  EXPECT_EQ(text, "credit.payment_schedule: line of terms T is 1 twice, but must be given once");
  EXPECT_EQ(terms("T,1,\n", "T,2,0.02\n"), status::data);
  EXPECT_EQ(text,
            "credit.payment_schedule: line of a discount of terms T is 2, but must be a line of these terms");
  EXPECT_EQ(terms("T,1,\n", "U,1,0.02\n"), status::data);
  EXPECT_EQ(
      text,
      "credit.payment_schedule: terms of a discount is U, but must be those of a line of the table terms");
  EXPECT_EQ(terms("T,1,0.333333333\nT,2,0.333333333\nT,3,0.333333333\n"), status::ok); // thirds, as written
}

TEST(payment_schedule, lines_without_a_share_take_the_rest_in_equal_parts) {
  const tables given{{"documents", one_document}, {"terms", "terms,line,share\nT,1,0.5\nT,2,\nT,3,\nT,4,\n"}};
  EXPECT_EQ(csv_of(given, "instalments"), "R1,1,2026-01-20,50.00,,,\nR1,2,2026-01-20,16.66,,,\n"
                                          "R1,3,2026-01-20,16.67,,,\nR1,4,2026-01-20,16.67,,,\n");
}

TEST(payment_schedule, the_cents_that_remain_go_where_the_option_says) {
  const tables given{
      {"documents", "document,date,amount,terms\nC,2026-01-20,-100.01,T\nR,2026-01-20,100.01,T\n"},
      {"terms", "terms,line\nT,1\nT,2\nT,3\n"}};
  EXPECT_EQ(csv_of(given, "instalments"),
            "C,1,2026-01-20,-33.33,,,\nC,2,2026-01-20,-33.34,,,\nC,3,2026-01-20,-33.34,,,\n"
            "R,1,2026-01-20,33.33,,,\nR,2,2026-01-20,33.34,,,\nR,3,2026-01-20,33.34,,,\n");
  EXPECT_EQ(csv_of(given, "instalments", instalment_rounding::last_instalment),
            "C,1,2026-01-20,-33.34,,,\nC,2,2026-01-20,-33.34,,,\nC,3,2026-01-20,-33.33,,,\n"
            "R,1,2026-01-20,33.34,,,\nR,2,2026-01-20,33.34,,,\nR,3,2026-01-20,33.33,,,\n");
}

TEST(payment_schedule, the_last_instalment_never_has_the_other_sign) {
  const std::vector<std::int64_t> weights(4, 1);
  EXPECT_EQ(instalments_of(2, weights, instalment_rounding::last_instalment),
            (std::vector<std::int64_t>{1, 1, 0, 0}));
  EXPECT_EQ(instalments_of(-2, weights, instalment_rounding::last_instalment),
            (std::vector<std::int64_t>{-1, -1, 0, 0}));
}

TEST(payment_schedule, amounts_are_whole_minor_units_of_their_currency) {
  const tables given{{"documents", "document,date,amount,terms,currency\n"
                                   "A,2026-01-20,100.00,T,JPY\nB,2026-01-20,100.50,T,JPY\n"
                                   "C,2026-01-20,100.00,T,EUR\nD,2026-01-20,100.00,T,euro\n"},
                     {"terms", "terms,line\nT,1\nT,2\nT,3\n"},
                     {"discounts", "terms,discount_rate\nT,0.025\n"}};
  EXPECT_EQ(csv_of(given, "instalments"),
            "A,1,2026-01-20,33.00,JPY,2026-01-20,1.00\nA,2,2026-01-20,33.00,JPY,2026-01-20,1.00\n"
            "A,3,2026-01-20,34.00,JPY,2026-01-20,1.00\n"
            "C,1,2026-01-20,33.33,EUR,2026-01-20,0.83\nC,2,2026-01-20,33.33,EUR,2026-01-20,0.83\n"
            "C,3,2026-01-20,33.34,EUR,2026-01-20,0.84\n");
  EXPECT_EQ(csv_of(given, "findings"), "B,not_exact,T,100.50,JPY\nD,unknown_currency,T,100.00,euro\n");
  EXPECT_EQ(csv_of(given, "totals"), "EUR,1,100.00,3,100.00,0.00\nJPY,2,200.50,3,100.00,100.50\n"
                                     "euro,1,100.00,0,0.00,100.00\n");
}

TEST(payment_schedule, a_document_that_comes_twice_is_found_and_nothing_is_lost) {
  const tables given{{"documents", "document,date,amount,terms\nA,2026-01-20,1.00,T\nB,2026-01-20,2.00,T\n"
                                   "A,2026-01-21,3.00,T\nA,2026-01-20,1.00,T\n"},
                     {"terms", "terms,line\nT,1\n"}};
  EXPECT_EQ(csv_of(given, "findings"),
            "A,repeated_document,T,1.00,\nA,repeated_document,T,1.00,\nA,repeated_document,T,3.00,\n");
  EXPECT_EQ(csv_of(given, "totals"), ",4,7.00,1,2.00,5.00\n");
}

// frappe/erpnext#44646: a discount that ends after the due date makes no sense.
TEST(payment_schedule, a_discount_after_the_due_date_is_found) {
  const tables given{{"documents", one_document},
                     {"terms", "terms,line,days\nT,1,10\n"},
                     {"discounts", "terms,discount_rate,days\nT,0.02,11\n"}};
  EXPECT_EQ(csv_of(given, "findings"), "R1,discount_after_due,T,100.00,\n");
  EXPECT_EQ(csv_of(given, "totals"), ",1,100.00,1,100.00,0.00\n");
}

TEST(payment_schedule, what_would_be_due_after_the_last_day_is_found) {
  const tables given{{"documents", "document,date,amount,terms\nA,9999-12-01,1.00,T\n"},
                     {"terms", "terms,line,days\nT,1,31\n"}};
  EXPECT_EQ(csv_of(given, "findings"), "A,date_out_of_range,T,1.00,\n");
  EXPECT_EQ(csv_of(given, "instalments"), "");
}

TEST(payment_schedule, a_bad_row_of_terms_refuses_them_all) {
  stats::rows from = store_of({{"documents", one_document}});
  std::string text;
  const auto pushed = [&](std::string_view name, const table& rows) {
    const std::vector<named_column> columns = rows.views();
    return test::code_of(
        [&] { return from.push({.table = name, .columns = columns, .rows = rows.rows()}).added; }, &text);
  };
  text_buffer names;
  for (int i = 0; i < 2; ++i)
    names.push_back("T");
  const column terms = column::texts("terms", std::move(names));
  EXPECT_EQ(pushed("terms", {"terms", {terms, column::integers("line", {1, 0})}}), status::data);
  EXPECT_EQ(text, "credit.payment_schedule: line[1] is 0, but must be in [1, 1e+06]");
  EXPECT_EQ(pushed("discounts", {"discounts", {terms, column::numbers("discount_rate", {0.02, 2.0})}}),
            status::data);
  EXPECT_EQ(text, "credit.payment_schedule: discount_rate[1] is 2, but must be in (0, 1)");
  EXPECT_EQ(from.size("terms") + from.size("discounts"), 0) << "nothing of them is kept";
}

TEST(payment_schedule, a_discount_on_one_line_is_of_that_line) {
  const tables given{
      {"documents", "document,date,amount,terms,discountable_amount\nA,2026-01-20,99.99,T,60.00\n"},
      {"terms", "terms,line,share,days\nT,10,0.25,\nT,20,0.75,60\n"},
      {"discounts", "terms,line,discount_rate,days\nT,20,0.02,30\nT,20,0.05,10\n"}};
  EXPECT_EQ(csv_of(given, "instalments"), "A,1,2026-01-20,25.00,,,\nA,2,2026-03-21,74.99,,2026-01-30,2.25\n");
  EXPECT_EQ(csv_of(given, "discounts"),
            "A,2,1,0.05,2026-01-30,2.25,72.74,\nA,2,2,0.02,2026-02-19,0.90,74.09,\n");
}

TEST(payment_schedule, instalments_and_discounts_add_up_whatever_the_shares) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 3000; ++i) {
    payment_terms terms;
    const std::size_t lines = 1 + random() % 9;
    for (std::size_t line = 0; line < lines; ++line) {
      const auto share = static_cast<std::int64_t>(random() % 100) + 1;
      terms.lines.push_back({static_cast<std::int64_t>(line) + 1, {}, {}});
      if (line + 1 < lines && random() % 2 == 0) {
        terms.lines.back().share = static_cast<double>(share) / 1000.0;
      }
    }
    terms.steps.push_back({std::nullopt, static_cast<double>(random() % 1000) / 10000.0, {}});
    detail::complete("T", terms);
    const auto size = static_cast<std::int64_t>(random() >> (1 + random() % 62));
    const std::int64_t amount = random() % 2 == 0 ? size : -size;
    const std::int64_t part = amount / static_cast<std::int64_t>(1 + random() % 3);
    for (const instalment_rounding how :
         {instalment_rounding::largest_remainder, instalment_rounding::last_instalment}) {
      wide_integer sum = 0;
      wide_integer off = 0;
      for (const instalment& one : schedule_of(terms, day("2026-01-20"), amount, part, how)) {
        sum += one.amount;
        off += one.discounts.at(0).amount;
        EXPECT_TRUE(one.amount == 0 || (one.amount < 0) == (amount < 0));
      }
      EXPECT_EQ(sum, wide_integer{amount});
      EXPECT_EQ(off, wide_integer{share_of(part, terms.steps[0].rate)});
    }
  }
}

TEST(payment_schedule, the_order_and_the_split_of_the_rows_do_not_matter) {
  const tables given{{"documents", "document,date,amount,terms\nA,2026-01-20,1.00,T\nB,2026-01-20,2.00,U\n"},
                     {"terms", "terms,line,days\nT,1,\nT,2,30\nU,1,5\n"}};
  const tables other{{"terms", "terms,line,days\nU,1,5\n"},
                     {"documents", "document,date,amount,terms\nB,2026-01-20,2.00,U\n"},
                     {"terms", "terms,line,days\nT,2,30\n"},
                     {"terms", "terms,line\nT,1\n"},
                     {"documents", "document,date,amount,terms\nA,2026-01-20,1.00,T\n"}};
  for (const std::string_view table : {"instalments", "discounts", "totals", "findings"})
    EXPECT_EQ(csv_of(given, table), csv_of(other, table));
}

TEST(payment_schedule, rules_of_rows) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const auto document = [](double amount, double part) {
    return scheduled_document_rule(std::array{nan, 1.0, amount, nan, nan, part}).status;
  };
  EXPECT_EQ(document(100.0, 100.0), row_status::ok);
  EXPECT_EQ(document(100.0, nan), row_status::ok);
  EXPECT_EQ(document(100.0, 100.01), row_status::inconsistent);
  EXPECT_EQ(document(100.0, -1.0), row_status::inconsistent);
  EXPECT_EQ(document(-100.0, -100.0), row_status::ok);
  EXPECT_EQ(document(-100.0, 1.0), row_status::inconsistent);
  const auto line = [](double rule, double of_month,
                       double cutoff = std::numeric_limits<double>::quiet_NaN()) {
    return terms_line_rule(std::array{nan, 1.0, nan, rule, nan, nan, of_month, cutoff}).status;
  };
  EXPECT_EQ(line(3.0, 10.0, 25.0), row_status::ok);
  EXPECT_EQ(line(1.0, nan, 25.0), row_status::ok);
  EXPECT_EQ(line(0.0, nan, 25.0), row_status::inconsistent);
  EXPECT_EQ(line(nan, nan, 25.0), row_status::inconsistent);
  EXPECT_EQ(line(2.0, nan, 25.0), row_status::inconsistent);
  EXPECT_EQ(line(3.0, 10.0), row_status::ok);
  EXPECT_EQ(line(3.0, nan), row_status::missing);
  EXPECT_EQ(line(nan, 10.0), row_status::inconsistent);
  EXPECT_EQ(line(nan, nan), row_status::ok);
}

TEST(payment_schedule, totals_that_do_not_fit_are_refused) {
  stats::rows from = store_of({{"terms", "terms,line\nT,1\n"}});
  text_buffer ids;
  text_buffer names;
  for (const char* id : {"A", "B"}) {
    ids.push_back(id);
    names.push_back("T");
  }
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const table rows("documents",
                   {column::texts("document", std::move(ids)), column::days("date", {20000, 20000}),
                    column::amounts("amount", {most, most}, 2), column::texts("terms", std::move(names))});
  const std::vector<named_column> columns = rows.views();
  from.push({.table = "documents", .columns = columns, .rows = 2, .strict = true});
  EXPECT_EQ(test::code_of([&] { return schedule_payments(from, instalment_rounding::largest_remainder); }),
            status::overflow);
}

} // namespace
} // namespace emptor::credit::payment_schedule_test

// SPDX-License-Identifier: BSL-1.0
#include <array>

#include <gtest/gtest.h>

#include <emptor/core/read.hpp>

namespace emptor::read_test {
namespace {

constexpr std::string_view kinds[] = {"invoice", "payment"};
constexpr column_description described[] = {
    {.name = "customer", .what = content::id, .summary = "who"},
    {.name = "frequency", .what = content::count, .allowed = at_least_zero},
    {.name = "amount", .what = content::amount, .allowed = at_least_zero, .optional = true},
    {.name = "kind", .what = content::code, .optional = true, .levels = kinds},
    {.name = "day", .what = content::day, .optional = true},
    {.name = "paid", .what = content::boolean, .optional = true},
    {.name = "attributes", .what = content::text, .optional = true, .many = true},
};
constexpr column_description items[] = {{.name = "items", .summary = "answers", .many = true}};

const column customers = [] {
  text_buffer texts;
  texts.push_back("a");
  texts.push_back("b");
  return column::texts("customer", texts);
}();
const column numbers = column::numbers("n", {1.0, 2.5});

named_column named(std::string_view name, const column& held) {
  return {name, held.view()};
}

std::string refusal(std::vector<named_column> columns, status expected,
                    std::span<const column_description> of = described, std::int64_t rows = 2) {
  try {
    (void)bind_columns("entry", of, columns, rows);
  } catch (const error& refused) {
    EXPECT_EQ(refused.code(), expected);
    return refused.what();
  }
  return "(not refused)";
}

TEST(read, binds_by_name_and_keeps_the_callers_places) {
  const std::vector<named_column> columns{named("attributes:region", customers), named("frequency", numbers),
                                          named("attributes:channel", customers),
                                          named("customer", customers)};
  const std::vector<bound_input> bound = bind_columns("entry", described, columns, 2);
  ASSERT_EQ(bound.size(), 8U);
  EXPECT_EQ(bound[0].index, 3);
  EXPECT_EQ(bound[1].index, 1);
  for (std::size_t i = 2; i < 6; ++i) {
    EXPECT_EQ(bound[i].column, nullptr);
    EXPECT_EQ(bound[i].index, -1);
    EXPECT_EQ(bound[i].described, &described[i]);
  }
  EXPECT_EQ(bound[6].label, "channel"); // sorted by label, whatever the caller's order
  EXPECT_EQ(bound[6].index, 2);
  EXPECT_EQ(bound[7].label, "region");
}

TEST(read, columns_that_do_not_fit_are_refused) {
  const named_column customer = named("customer", customers);
  const named_column frequency = named("frequency", numbers);
  EXPECT_EQ(refusal({frequency}, status::schema), "entry: column customer is missing (who)");
  EXPECT_EQ(refusal({customer, frequency, frequency}, status::schema), "entry: frequency is given twice");
  EXPECT_EQ(refusal({customer, frequency, named("attributes:x", customers), named("attributes:x", customers)},
                    status::schema),
            "entry: attributes:x is given twice");
  EXPECT_EQ(refusal({customer, named("frequncy", numbers), frequency}, status::unknown_name),
            "entry: there is no column frequncy; did you mean frequency?");
  EXPECT_EQ(refusal({named("items:a", numbers), named("loudness", numbers)}, status::unknown_name, items),
            "entry: there is no column loudness; there is items; a column of your own is items:loudness");
  for (const char* name : {"attributes", "attributes:", "frequency:x", "Customer", ""})
    EXPECT_NE(refusal({customer, frequency, named(name, customers)}, status::unknown_name), "(not refused)");
  EXPECT_EQ(refusal({customer, named("frequency", customers)}, status::schema),
            "entry: frequency is a column of large_utf8, but must be a count");
  EXPECT_EQ(refusal({named("customer", numbers), frequency}, status::schema),
            "entry: customer is a column of float64, but must be an id");
  EXPECT_EQ(refusal({customer, {"frequency", {.type = dtype::float64}}}, status::schema),
            "entry: frequency has no data");
  EXPECT_EQ(refusal({customer, frequency}, status::invalid_argument, described, -1),
            "entry: the number of rows is negative");
  EXPECT_EQ(refusal({}, status::schema, items), "entry: at least one column items:LABEL is needed (answers)");
}

row_status read_one(std::size_t which, const column_view& column, cell& value) {
  return read_cell(described[which], column, 0, 2, 0, value);
}

TEST(read, cells_of_every_content) {
  cell value;
  EXPECT_EQ(read_one(0, customers.view(), value), row_status::ok);
  EXPECT_EQ(value.text, "a");
  const std::int64_t id = -42;
  value = {};
  EXPECT_EQ(read_one(0, {.data = &id, .type = dtype::int64}, value), row_status::ok);
  EXPECT_EQ(value.whole, -42);
  EXPECT_EQ(value.text.data(), nullptr);
  const auto number = [&](std::size_t which, double x) {
    return read_one(which, {.data = &x, .type = dtype::float64}, value);
  };
  EXPECT_EQ(number(1, 3), row_status::ok);
  EXPECT_EQ(number(1, -0.0), row_status::ok);
  EXPECT_FALSE(std::signbit(value.number)); // one zero only
  EXPECT_EQ(number(1, 2.5), row_status::not_integer);
  EXPECT_EQ(number(1, -1), row_status::out_of_domain);
  EXPECT_EQ(number(2, 12.05), row_status::ok);
  EXPECT_EQ(value.whole, 1205);
  EXPECT_EQ(number(2, 12.005), row_status::not_exact);
  EXPECT_EQ(number(2, -12), row_status::out_of_domain);
  EXPECT_EQ(number(5, 1), row_status::ok);
  EXPECT_EQ(number(5, 2), row_status::out_of_domain);
  const char* text = "payment";
  EXPECT_EQ(read_one(3, {.data = &text, .type = dtype::cstring}, value), row_status::ok);
  EXPECT_EQ(value.number, 1.0);
  text = "gift";
  EXPECT_EQ(read_one(3, {.data = &text, .type = dtype::cstring}, value), row_status::unknown_level);
}

std::string strict(std::size_t which, const column_view& column) {
  cell value;
  const row_status status = read_one(which, column, value);
  EXPECT_NE(status, row_status::ok);
  const error refused = refused_cell("entry", described[which], column, 0, 4, status);
  EXPECT_EQ(refused.row(), 0);
  EXPECT_EQ(refused.column(), 4);
  EXPECT_EQ(refused.code(), status::data);
  return refused.what();
}

TEST(read, strict_messages_show_the_value_and_what_was_expected) {
  const auto number = [](std::size_t which, auto x, dtype type = dtype::float64) {
    return strict(which, {.data = &x, .type = type});
  };
  EXPECT_EQ(number(1, -1.0), "entry: frequency[0] is -1, but must be >= 0");
  EXPECT_EQ(number(1, 2.5), "entry: frequency[0] is 2.5, but must be a whole number");
  EXPECT_EQ(number(1, std::nan("")), "entry: frequency[0] is NaN, but must be a finite number");
  EXPECT_EQ(number(1, -HUGE_VAL), "entry: frequency[0] is -infinite, but must be a finite number");
  EXPECT_EQ(number(1, HUGE_VALF, dtype::float32),
            "entry: frequency[0] is infinite, but must be a finite number");
  EXPECT_EQ(number(1, std::int64_t{9007199254740993}, dtype::int64),
            "entry: frequency[0] is 9007199254740993, but must be small enough to be exact");
  EXPECT_EQ(number(2, std::int64_t{-5}, dtype::money),
            "entry: amount[0] is -5 minor units, but must be >= 0");
  EXPECT_EQ(number(2, 0.001), "entry: amount[0] is 0.001, but must be a whole number of minor units");
  EXPECT_EQ(number(3, "gift", dtype::cstring),
            "entry: kind[0] is \"gift\", but must be one of invoice, payment");
  EXPECT_EQ(number(0, "\xFF", dtype::cstring),
            "entry: customer[0] is not UTF-8, but must be well-formed UTF-8 text");
  EXPECT_EQ(number(4, last_day + 1, dtype::date32),
            "entry: day[0] is day 2932897, but must be a date between 0000-01-01 and 9999-12-31");
  EXPECT_EQ(number(5, 7.0), "entry: paid[0] is 7, but must be 0 or 1");
  const std::uint8_t none = 0;
  const double one = 1.0;
  EXPECT_EQ(strict(1, {.data = &one, .validity = &none, .type = dtype::float64}),
            "entry: frequency[0] is missing, but must be there");
}

TEST(read, what_a_rule_sees) {
  EXPECT_EQ(rule_value(described[1], {.number = 3}, true, 2), 3.0);
  EXPECT_EQ(rule_value(described[2], {.whole = 1205}, true, 2), 12.05);
  EXPECT_TRUE(std::isnan(rule_value(described[1], {.number = 3}, false, 2)));
  EXPECT_TRUE(std::isnan(rule_value(described[0], {.number = 3}, true, 2)));
}

} // namespace
} // namespace emptor::read_test

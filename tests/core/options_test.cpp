// SPDX-License-Identifier: BSL-1.0
#include <array>

#include <gtest/gtest.h>

#include <emptor/core/options.hpp>

namespace emptor::options_test {
namespace {

constexpr std::string_view sides[] = {"left", "right"};
constexpr std::string_view units_of_time[] = {"day", "week", "month", "year"};
constexpr option_description described[] = {
    {.name = "rate", .what = option_content::number, .allowed = {.low = 0, .high = 1, .high_open = true}},
    {.name = "count", .what = option_content::integer, .allowed = {1, 10}, .default_value = "3"},
    {.name = "side", .what = option_content::choice, .default_value = "left", .choices = sides},
    {.name = "until", .what = option_content::day},
    {.name = "horizon", .what = option_content::horizon, .allowed = at_least_zero},
    {.name = "edges", .what = option_content::numbers, .allowed = above_zero},
    {.name = "money", .what = option_content::currency},
    {.name = "strict", .what = option_content::boolean},
    {.name = "label", .what = option_content::text},
    {.name = "unit", .what = option_content::choice, .choices = units_of_time},
};
constexpr option_description needed[] = {
    {.name = "entry", .what = option_content::text, .summary = "which", .required = true}};

option_values values(std::vector<option> given) {
  return {"where", described, given};
}

std::string refusal(std::vector<option> given, status expected = status::option,
                    std::span<const option_description> of = described) {
  try {
    option_values made("where", of, given);
  } catch (const error& refused) {
    EXPECT_EQ(refused.code(), expected);
    return refused.what();
  }
  return "(not refused)";
}

TEST(options, every_content) {
  const option_values held = values({{"rate", "0.25"},
                                     {"until", "1997-09-30"},
                                     {"horizon", "39 week"},
                                     {"edges", "30,60,90.5"},
                                     {"money", "CNY"},
                                     {"strict", "yes"},
                                     {"label", "客户"}});
  EXPECT_EQ(held.number("rate"), 0.25);
  EXPECT_EQ(held.integer("count"), 3); // default
  EXPECT_EQ(held.text("side"), "left");
  EXPECT_EQ(held.day("until"), parse_date("1997-09-30"));
  EXPECT_EQ(held.horizon("horizon").count, 39.0);
  EXPECT_EQ(held.horizon("horizon").unit, time_unit::week);
  EXPECT_EQ(held.numbers("edges"), (std::vector<double>{30, 60, 90.5}));
  EXPECT_TRUE(held.boolean("strict"));
  EXPECT_EQ(held.text("label"), "客户");
  EXPECT_FALSE(values({}).has("rate"));
  EXPECT_FALSE(values({}).day("until"));
}

TEST(options, all_stands_in_the_order_of_the_descriptions) {
  EXPECT_EQ(values({{"side", "right"}, {"count", "4"}}), values({{"count", "4"}, {"side", "right"}}));
  EXPECT_EQ(values({{"side", "right"}}).all(), (std::vector<option>{{"count", "3"}, {"side", "right"}}));
}

TEST(options, an_empty_value_is_as_good_as_none) {
  EXPECT_EQ(values({{"count", ""}, {"side", ""}, {"rate", ""}}), values({}));
  EXPECT_EQ(values({{"count", ""}}).integer("count"), 3);
  EXPECT_FALSE(values({{"rate", ""}}).has("rate"));
  EXPECT_THROW((void)option_values("where", needed, std::vector<option>{{"entry", ""}}), error);
}

TEST(options, one_meaning_is_kept_as_one_text) {
  EXPECT_EQ(values({{"strict", "yes"}}), values({{"strict", "true"}}));
  EXPECT_EQ(values({{"count", "05"}}), values({{"count", "5"}}));
  EXPECT_EQ(values({{"edges", "30.0,6e1"}}), values({{"edges", "30,60"}}));
  EXPECT_EQ(values({{"rate", "0.50"}}).text("rate"), "0.5");
}

TEST(options, of_money_every_digit_counts) {
  const option_description amounts[] = {{.name = "cap", .summary = "no more", .unit = "currency"}};
  const auto kept = [&](const char* given) {
    const option one[] = {{"cap", given}};
    return std::string(option_values("test", amounts, one).text("cap"));
  };
  EXPECT_EQ(kept("90071992547409930.01"), "90071992547409930.01");
  EXPECT_EQ(kept("+0012.50"), "12.5");
  EXPECT_EQ(kept("1e6"), "1000000");
  EXPECT_EQ(kept("0.1"), "0.1");
  EXPECT_EQ(kept("1e30"), "1e+30");
}

TEST(options, a_unit_of_time_may_stand_in_the_plural_and_with_its_number) {
  for (const std::string_view unit : units_of_time) {
    const std::string one(unit);
    EXPECT_EQ(values({{"unit", one + "s"}}), values({{"unit", one}}));
    EXPECT_EQ(values({{"unit", one + "s"}}).text("unit"), one);
    for (const std::string& length : {"39 " + one, "39" + one, "39" + one + "s", "39.0 " + one + "s"})
      EXPECT_EQ(values({{"horizon", length}}).text("horizon"), "39 " + one);
  }
  EXPECT_EQ(values({{"horizon", "39.50"}}).text("horizon"), "39.5");
  EXPECT_EQ(values({{"horizon", "1998-06-30"}}).text("horizon"), "1998-06-30");
  EXPECT_EQ(refusal({{"unit", "weekss"}}),
            "where: option unit is weekss, but must be one of day, week, month, year");
  EXPECT_NE(refusal({{"side", "lefts"}}), "(not refused)");
}

TEST(options, messages_have_the_one_shape) {
  EXPECT_EQ(refusal({{"rate", "1"}}), "where: option rate is 1, but must be in [0, 1)");
  EXPECT_EQ(refusal({{"count", "11"}}), "where: option count is 11, but must be a whole number, in [1, 10]");
  EXPECT_EQ(refusal({{"side", "up"}}), "where: option side is up, but must be one of left, right");
  EXPECT_EQ(refusal({{"side", std::string(100000, 'x')}}), "where: option side is " +
                                                               std::string(longest_quote, 'x') +
                                                               "..., but must be one of left, right");
  EXPECT_EQ(refusal({{"side", "up\x1B[2J"}}),
            "where: option side is up\\x1B[2J, but must be one of left, right");
  EXPECT_EQ(refusal({{"until", "1997-9-30"}}),
            "where: option until is 1997-9-30, but must be a date such as 1997-09-30");
  EXPECT_EQ(refusal({{"until", " "}}), "where: option until is \" \", but must be a date such as 1997-09-30");
  EXPECT_EQ(refusal({{"rate", "0"}, {"rate", "0"}}), "where: option rate is given twice");
  EXPECT_EQ(refusal({{"horizn", "1"}}, status::unknown_name),
            "where: there is no option horizn; did you mean horizon?");
  EXPECT_EQ(refusal({}, status::option, needed), "where: option entry is needed (which)");
  EXPECT_EQ(refusal({{"entry", ""}}, status::option, needed), "where: option entry is needed (which)");
}

TEST(options, what_is_refused) {
  for (const char* text : {"x", "1x", " 1", "1 ", "nan", "inf", "-0.1", "1e999", "+-0.5", "0,5", "0x1"})
    EXPECT_NE(refusal({{"rate", text}}), "(not refused)") << text;
  for (const char* text : {"1.0", "1e1", "99999999999999999999", "0"})
    EXPECT_NE(refusal({{"count", text}}), "(not refused)") << text;
  for (const char* text : {"-1", "39 fortnight", "week", "39  week", "inf", "1997-13-01", "1 week "})
    EXPECT_NE(refusal({{"horizon", text}}), "(not refused)") << text;
  for (const char* text : {"1,", ",1", "1,,2", "1;2", "0", "1,nan"})
    EXPECT_NE(refusal({{"edges", text}}), "(not refused)") << text;
  for (const char* text : {"cny", "YUAN"})
    EXPECT_NE(refusal({{"money", text}}), "(not refused)") << text;
  EXPECT_NE(refusal({{"strict", "maybe"}}), "(not refused)");
  EXPECT_NE(refusal({{"label", "\xFF"}}), "(not refused)");
}

TEST(horizon, its_three_forms) {
  EXPECT_EQ(parse_horizon("39")->unit, time_unit::none);
  EXPECT_EQ(parse_horizon("1.5 years")->unit, time_unit::year);
  for (const char* text : {"39 week", "39 weeks", "39week", "39weeks", "+39 week"}) {
    ASSERT_TRUE(parse_horizon(text)) << text;
    EXPECT_EQ(parse_horizon(text)->count, 39.0) << text;
    EXPECT_EQ(parse_horizon(text)->unit, time_unit::week) << text;
  }
  for (const char* text : {"", " ", "week", " week", "39 ", "39  week", "39weekss", "39 w", "inf", "39 inf"})
    EXPECT_FALSE(parse_horizon(text)) << text;
  EXPECT_EQ(parse_horizon("1998-06-30")->until, parse_date("1998-06-30"));
}

TEST(horizon, resolves_in_the_unit_of_the_model) {
  const auto as_of = parse_date("1997-09-30");
  EXPECT_EQ(resolve(*parse_horizon("39"), "m", time_unit::week, {}), 39.0);
  EXPECT_EQ(resolve(*parse_horizon("39"), "m", time_unit::none, {}), 39.0);
  EXPECT_EQ(resolve(*parse_horizon("2 weeks"), "m", time_unit::day, {}), 14.0);
  EXPECT_EQ(resolve(*parse_horizon("1 year"), "m", time_unit::month, {}), 12.0);
  EXPECT_EQ(resolve(*parse_horizon("1997-10-14"), "m", time_unit::week, as_of), 2.0);
  EXPECT_EQ(resolve(*parse_horizon("1997-09-30"), "m", time_unit::week, as_of), 0.0);
  const auto refused = [&](const char* text, time_unit unit, std::optional<date> from) {
    try {
      (void)resolve(*parse_horizon(text), "m", unit, from);
    } catch (const error& no) {
      return no.code() == status::option;
    }
    return false;
  };
  EXPECT_TRUE(refused("2 weeks", time_unit::none, as_of));
  EXPECT_TRUE(refused("1997-10-14", time_unit::none, as_of));
  EXPECT_TRUE(refused("1997-10-14", time_unit::week, {}));
  EXPECT_TRUE(refused("1997-09-29", time_unit::week, as_of));
}

TEST(units, lengths) {
  EXPECT_EQ(duration(1, time_unit::year).in(time_unit::day), 365.2425);
  EXPECT_EQ(duration(12, time_unit::month).in(time_unit::year), 1.0);
  EXPECT_EQ(duration(std::chrono::days{21}).in(time_unit::week), 3.0);
  EXPECT_EQ(duration(5, time_unit::none).in(time_unit::none), 5.0);
  EXPECT_EQ(name(time_unit::month), "month");
  EXPECT_EQ(parse_time_unit("months"), time_unit::month);
  EXPECT_FALSE(parse_time_unit("monthss"));
  EXPECT_FALSE(parse_time_unit(""));
  EXPECT_FALSE(parse_time_unit("none"));
}

TEST(units, a_probability_is_in_its_interval) {
  EXPECT_EQ(probability(0.25).value(), 0.25);
  EXPECT_LT(probability(0), probability(1));
  for (const double bad : {-1e-300, 1.0000001, std::numeric_limits<double>::quiet_NaN()})
    EXPECT_THROW(probability{bad}, error);
  EXPECT_EQ(yearly_rate(0.1).how(), compounding::yearly);
}

} // namespace
} // namespace emptor::options_test

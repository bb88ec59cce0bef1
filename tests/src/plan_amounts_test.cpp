// SPDX-License-Identifier: BSL-1.0
#include <array>

#include <gtest/gtest.h>

#include <emptor/catalogue.hpp>

namespace emptor::test::plan_amounts_test {
namespace {

// An entry that gives an amount back, so that what plans do with the decimals of amounts can be seen alone.
constexpr column_description amounts_in[] = {
    {.name = "amount", .what = content::amount, .unit = "currency", .allowed = at_least_zero}};
constexpr column_description amounts_out[] = {{.name = "same", .what = content::amount, .unit = "currency"}};
constexpr option_description amount_options[] = {{.name = "currency", .what = option_content::currency}};
constexpr entry_description described{
    .name = "test.amounts",
    .what = verb::score,
    .score = {.inputs = amounts_in, .options = amount_options, .outputs = amounts_out}};

class same_again final : public scorer {
public:
  void score(const score_block& block) const noexcept override {
    std::copy_n(block.inputs[0].amount, block.rows, block.outputs[0].amount);
  }
};

constexpr entry amounts_entry{.description = &described,
                              .bind = [](const score_request& /*request*/) -> std::unique_ptr<scorer> {
                                return std::make_unique<same_again>();
                              }};

struct scored {
  std::array<std::int64_t, 4> minor_units;
  std::array<row_status, 4> statuses;
  output_info output;
};

scored score(const std::vector<option>& options, const std::array<double, 4>& amounts) {
  const std::vector<bound_column> schema{{"amount", dtype::float64}};
  const plan with(amounts_entry, nullptr, {}, schema, options, {});
  scored made{{}, {}, with.outputs().front()};
  column_view column;
  column.data = amounts.data();
  column.stride_bytes = sizeof(double);
  column.type = dtype::float64;
  const output_memory out{made.minor_units.data(), sizeof(std::int64_t), nullptr, dtype::money};
  with.score({&column, 1}, 4, {&out, 1}, made.statuses.data(), nullptr, false, run{});
  return made;
}

TEST(plan_amounts, have_the_decimals_of_the_option_currency) {
  const std::array<double, 4> amounts{12.0, 0.05, 1.234, -1.0};
  const scored hundredths = score({}, amounts);
  EXPECT_EQ(hundredths.output.decimals, 2);
  EXPECT_EQ(hundredths.output.unit, "currency");
  EXPECT_EQ(hundredths.minor_units[0], 1200);
  EXPECT_EQ(hundredths.minor_units[1], 5);
  EXPECT_EQ(hundredths.statuses[2], row_status::not_exact);
  EXPECT_EQ(hundredths.minor_units[2], no_amount);
  EXPECT_EQ(hundredths.statuses[3], row_status::out_of_domain);

  const scored yen = score({{"currency", "JPY"}}, amounts);
  EXPECT_EQ(yen.output.decimals, 0);
  EXPECT_EQ(yen.output.unit, "JPY");
  EXPECT_EQ(yen.minor_units[0], 12);
  EXPECT_EQ(yen.statuses[1], row_status::not_exact);

  const scored dinars = score({{"currency", "BHD"}}, amounts);
  EXPECT_EQ(dinars.output.decimals, 3);
  EXPECT_EQ(dinars.minor_units[2], 1234);
  EXPECT_EQ(dinars.statuses[3], row_status::out_of_domain);
}

TEST(plan_amounts, a_refusal_shows_the_amount_in_its_currency) {
  const std::vector<bound_column> schema{{"amount", dtype::money}};
  const std::vector<option> options{{"currency", "BHD"}};
  const plan with(amounts_entry, nullptr, {}, schema, options, {});
  const std::array<std::int64_t, 1> amounts{-1234};
  column_view column;
  column.data = amounts.data();
  column.stride_bytes = sizeof(std::int64_t);
  column.type = dtype::money;
  column.unit = 3;
  std::array<std::int64_t, 1> made{};
  const output_memory out{made.data(), sizeof(std::int64_t), nullptr, dtype::money};
  try {
    with.score({&column, 1}, 1, {&out, 1}, nullptr, nullptr, true, run{});
    FAIL() << "an amount below 0 passed";
  } catch (const error& refused) {
    EXPECT_STREQ(refused.what(), "test.amounts: amount[0] is -1234 minor units, but must be >= 0");
  }
}

} // namespace
} // namespace emptor::test::plan_amounts_test

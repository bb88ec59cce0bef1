// SPDX-License-Identifier: BSL-1.0
// What a plan writes for outputs of every content: a number that the memory cannot show is null, with its reason.
#include <cstring>
#include <limits>

#include <gtest/gtest.h>

#include <emptor/catalogue.hpp>

namespace emptor::plan_outputs_test {
namespace {

constexpr column_description inputs[] = {{.name = "x", .summary = "what every output repeats"}};
constexpr std::string_view classes[] = {"small", "large"};
constexpr column_description outputs[] = {
    {.name = "number", .what = content::number},
    {.name = "count", .what = content::count},
    {.name = "day", .what = content::day},
    {.name = "flag", .what = content::boolean},
    {.name = "class", .what = content::code, .levels = classes},
    {.name = "perhaps", .what = content::count, .optional = true},
};
constexpr entry_description description{
    .name = "test.repeats", .what = verb::score, .score = {.inputs = inputs, .outputs = outputs}};

constexpr double no_answer = -7.0; ///< which nothing repeats

class repeating final : public scorer {
public:
  void score(const score_block& block) const noexcept override {
    for (const score_block::output& to : block.outputs) {
      for (std::int64_t i = 0; i < block.rows && to.number != nullptr; ++i)
        to.number[i] = block.inputs[0].number[i] == no_answer ? std::numeric_limits<double>::quiet_NaN()
                                                              : block.inputs[0].number[i];
    }
  }
};
const entry repeats{.description = &description, .bind = [](const score_request&) -> std::unique_ptr<scorer> {
                      return std::make_unique<repeating>();
                    }};

struct written {
  std::vector<std::byte> bytes;
  std::uint8_t validity = 0;
  std::vector<row_status> statuses;

  template <class T>
  [[nodiscard]] T at(std::size_t row) const {
    T value;
    std::memcpy(&value, bytes.data() + row * sizeof value, sizeof value);
    return value;
  }
};

/// One output of at most eight rows, in memory of this dtype.
written score(const std::string& output, dtype type, const std::vector<double>& x) {
  const std::vector<bound_column> schema{{"x", dtype::float64}};
  const std::vector<std::string> only{output};
  const plan ready(repeats, nullptr, {}, schema, {}, only);
  written made{std::vector<std::byte>(x.size() * 8), 0, std::vector<row_status>(x.size())};
  const column_view column{.data = x.data(), .stride_bytes = sizeof(double), .type = dtype::float64};
  const output_memory memory{made.bytes.data(), width_of(type), &made.validity, type};
  ready.score({&column, 1}, static_cast<std::int64_t>(x.size()), {&memory, 1}, made.statuses.data(), nullptr,
              false, {});
  return made;
}

TEST(plan_outputs, have_the_natural_dtype_of_their_content) {
  const std::vector<bound_column> schema{{"x", dtype::float64}};
  const plan ready(repeats, nullptr, {}, schema, {}, {});
  ASSERT_EQ(ready.outputs().size(), std::size(outputs));
  for (std::size_t i = 0; i < std::size(outputs); ++i) {
    EXPECT_EQ(ready.outputs()[i].type, natural_dtype(outputs[i].what)) << outputs[i].name;
    EXPECT_NO_THROW((void)score(std::string(outputs[i].name), ready.outputs()[i].type, {1.0}));
  }
}

TEST(plan_outputs, that_the_memory_cannot_show_are_null_with_a_reason) {
  const std::vector<double> x{7.0, 1e300, -1e300};
  const std::vector<row_status> expected{row_status::ok, row_status::too_large, row_status::too_large};
  const written counts = score("count", dtype::int64, x);
  EXPECT_EQ(counts.statuses, expected);
  EXPECT_EQ(counts.validity, 1U);
  EXPECT_EQ(counts.at<std::int64_t>(0), 7);
  EXPECT_EQ(counts.at<std::int64_t>(1), no_amount);
  const written days = score("day", dtype::date32, x);
  EXPECT_EQ(days.statuses, expected);
  EXPECT_EQ(days.at<std::int32_t>(0), 7);
  EXPECT_EQ(days.at<std::int32_t>(2), std::numeric_limits<std::int32_t>::min());
  const written narrow = score("number", dtype::float32, x);
  EXPECT_EQ(narrow.statuses, expected);
  EXPECT_EQ(narrow.at<float>(0), 7.0F);
  const written wide = score("number", dtype::float64, x);
  EXPECT_EQ(wide.statuses, std::vector<row_status>(3, row_status::ok));
  EXPECT_EQ(wide.at<double>(2), -1e300);
}

TEST(plan_outputs, that_are_optional_may_be_null_in_a_row_that_is_fine) {
  const std::vector<double> x{7.0, no_answer, 1e300};
  const written needed = score("count", dtype::int64, x);
  EXPECT_EQ(needed.statuses,
            (std::vector<row_status>{row_status::ok, row_status::no_number, row_status::too_large}));
  const written optional = score("perhaps", dtype::int64, x);
  EXPECT_EQ(optional.statuses,
            (std::vector<row_status>{row_status::ok, row_status::ok, row_status::too_large}));
  EXPECT_EQ(optional.validity, 1U);
  EXPECT_EQ(optional.at<std::int64_t>(1), no_amount);
}

} // namespace
} // namespace emptor::plan_outputs_test

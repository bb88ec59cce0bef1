// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "credit/compiled_c.hpp"
#include "credit/exchanged_card.hpp"
#include "support/refusal.hpp"

namespace scorecard_c_test {
namespace {

using namespace emptor;
using exchanged_card::card;
using test::code_of;

using score_function = int(const double*, const char* const*, double*, double*, const char**, double*);
using name_function = const char*(int, int*);

void expect_same(const card& of) {
  const exchanged_card::probes rows(of);
  const model made = of.made();
  const scorecard_rows::scored expected = scorecard_rows::score(made, rows.as_table(of));
  const compiled_c::loaded source(credit::export_scorecard(made, "c"));
  ASSERT_TRUE(source.ready());
  auto* const score = source.function<score_function>("emptor_score");
  auto* const name = source.function<name_function>("emptor_score_characteristic");
  ASSERT_TRUE(score != nullptr && name != nullptr);
  for (std::size_t i = 0; i < of.all.size(); ++i) {
    int is_text = -1;
    EXPECT_EQ(of.all[i].label, name(static_cast<int>(i), &is_text));
    EXPECT_EQ(is_text, of.all[i].numeric ? 0 : 1);
  }
  EXPECT_EQ(name(static_cast<int>(of.all.size()), nullptr), nullptr);
  EXPECT_EQ(name(-1, nullptr), nullptr);
  for (std::size_t row = 0; row < rows.rows; ++row) {
    std::vector<double> numbers(of.all.size());
    std::vector<const char*> texts(of.all.size());
    for (std::size_t i = 0; i < of.all.size(); ++i) {
      if (of.all[i].numeric)
        numbers[i] = rows.numbers[i][row];
      else
        texts[i] = row % 2 == 0 && rows.texts[i][row].empty() ? nullptr : rows.texts[i][row].c_str();
    }
    double found = 0.0;
    double probability = 0.0;
    const char* reasons[3];
    double costs[3];
    const int refused = score(numbers.data(), texts.data(), &found, &probability, reasons, costs);
    ASSERT_TRUE(exchanged_card::same_score(expected, row, refused == 0, found))
        << row << ": " << expected.outputs[0][row] << " " << found << " " << refused;
    if (refused != 0)
      continue;
    if (std::isnan(expected.outputs[1][row]))
      EXPECT_EQ(probability, -1.0);
    else
      EXPECT_NEAR(probability, expected.outputs[1][row], 1e-15 + 1e-13 * probability);
    for (std::size_t rank = 0; rank < 3; ++rank) {
      const double code = expected.outputs[2 + rank][row];
      ASSERT_EQ(std::isnan(code), reasons[rank] == nullptr) << row;
      if (reasons[rank] == nullptr)
        continue;
      EXPECT_EQ(reasons[rank], expected.reasons[static_cast<std::size_t>(code)]);
      EXPECT_EQ(costs[rank], expected.outputs[5 + rank][row]);
    }
  }
}

TEST(scorecard_c_test, the_compiled_source_gives_the_same_bits_at_every_edge) {
  std::vector<std::string> names = exchanged_card::hostile;
  names.push_back("caf\xE9 \xFF\xFE\x01\x7F");
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(seed);
    expect_same(exchanged_card::random_card(seed, names));
  }
}

TEST(scorecard_c_test, zero_bytes_are_refused) {
  card of = exchanged_card::random_card(3, exchanged_card::hostile);
  of.all.front().label = std::string("zero\0byte", 9);
  std::string text;
  EXPECT_EQ(code_of([&] { return credit::export_scorecard(of.made(), "c"); }, &text), status::data);
  EXPECT_EQ(text, "credit.scorecard: c: zero\\x00byte has a zero byte, which C cannot hold");
}

TEST(scorecard_c_test, texts_are_plain_bytes_between_their_marks) {
  EXPECT_EQ(c_text("", "a*/b"), "\"a\\052\\057b\"");
  EXPECT_EQ(c_text("", "?\?/"), "\"\\077\\077\\057\"");
  EXPECT_EQ(c_text("", "\n\"\\"), "\"\\012\\042\\134\"");
  EXPECT_EQ(c_number(18.0), "18.0");
  EXPECT_EQ(c_number(1e300), "1e+300");
}

} // namespace
} // namespace scorecard_c_test

// SPDX-License-Identifier: BSL-1.0
// The bits of scores that a released version gave, by the tool: tests/golden/README.md. Its decimal numbers are the
// shortest that read back to the same bits.
#include <gtest/gtest.h>

#include "shell.hpp"
#include "support/description.hpp"
#include "support/golden_scores.hpp"

namespace emptor::test::golden_scores_test {
namespace {

class ToolGoldenScores : public ToolTest {};

/// A decimal field as the golden file has it: with all its bits, where that stands for a number.
std::string exact(const std::string& field, const std::string& expected) {
  const bool is_number = expected.find("0x") != std::string::npos;
  return is_number && !field.empty() ? hexadecimal(std::strtod(field.c_str(), nullptr)) : field;
}

TEST_F(ToolGoldenScores, HaveTheSameBits) {
  for (const golden_scores& golden : read_golden_scores()) {
    SCOPED_TRACE(golden.entry);
    std::string only;
    for (const std::string& output : golden.outputs())
      only.append(only.empty() ? "" : ",").append(output);
    std::vector<std::string> words = {
        "score",        golden.model.empty() ? golden.entry : golden.model.string(),
        "--in",         golden.rows.string(),
        "--only",       only,
        "--row-status", "--out",
        "scores.csv"};
    for (const auto& [slot, path] : golden.slots)
      words.insert(words.end(), {"--model", slot + "=" + path.string()});
    for (const auto& [name, value] : golden.options)
      words.insert(words.end(), {"--set", name + "=" + value});
    const outcome ended = emptor(words);
    ASSERT_EQ(ended.exit_status, 0) << ended.err;
    const csv_table scores = parse_csv(read("scores.csv"));
    EXPECT_EQ(scores.names, golden.expected.names);
    ASSERT_EQ(scores.rows.size(), golden.expected.rows.size());
    for (std::size_t row = 0; row < scores.rows.size(); ++row) {
      for (std::size_t i = 0; i < scores.names.size(); ++i) {
        const std::string& expected = golden.expected.rows[row][i];
        EXPECT_EQ(exact(scores.rows[row][i], expected), expected) << scores.names[i] << '[' << row << ']';
      }
    }
  }
}

} // namespace
} // namespace emptor::test::golden_scores_test

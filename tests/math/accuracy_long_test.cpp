// SPDX-License-Identifier: BSL-1.0
// The table of accuracy in include/emptor/math/README.md over a large grid. With EMPTOR_README_UPDATE=1 the test
// writes it.
#include <cstdlib>

#include <gtest/gtest.h>

#include "math/accuracy.hpp"

namespace accuracy_long_test {
namespace {

using namespace emptor::test;

TEST(accuracy, table_of_the_readme_is_fresh) {
  std::string table = "\n| function | range | largest error | promised |\n|---|---|---|---|\n";
  for (const accuracy_row& row : accuracy_rows()) {
    const double error = row.largest(500000);
    EXPECT_LE(error, row.bound) << row.function << ", " << row.range;
    const auto [before, after] = around_figure(row);
    table.append(before).append(as_text(rounded_up(error), row.what)).append(after).append("\n");
  }
  const std::string text = contents_of(accuracy_readme);
  const std::string open = "<!-- accuracy -->";
  const std::size_t from = text.find(open);
  const std::size_t to = text.find("<!-- /accuracy -->");
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  const std::string fresh = text.substr(0, from + open.size()) + table + text.substr(to);
  if (const char* update = std::getenv("EMPTOR_README_UPDATE"); update != nullptr && *update == '1')
    std::ofstream(accuracy_readme) << fresh;
  EXPECT_EQ(text, fresh) << "run this test with EMPTOR_README_UPDATE=1";
}

} // namespace
} // namespace accuracy_long_test

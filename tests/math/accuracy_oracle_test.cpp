// SPDX-License-Identifier: BSL-1.0
// Every function stays within its promise and within the figure that the README shows, on a small grid; the
// large grid of accuracy_long_test.cpp makes the figures.
#include <cstdlib>

#include <gtest/gtest.h>

#include "math/accuracy.hpp"

namespace accuracy_oracle_test {
namespace {

using namespace emptor::test;

TEST(accuracy, is_as_promised_and_as_the_readme_says) {
  const std::string readme = contents_of(accuracy_readme);
  for (const accuracy_row& row : accuracy_rows()) {
    SCOPED_TRACE(std::string(row.function) + ", " + row.range);
    const double error = row.largest(5000);
    EXPECT_LE(error, row.bound);
    const auto [before, after] = around_figure(row);
    const std::size_t at = readme.find(before);
    ASSERT_NE(at, std::string::npos) << "not in include/emptor/math/README.md";
    const char* const figure = readme.c_str() + at + before.size();
    EXPECT_LE(error, std::strtod(figure, nullptr)) << "run accuracy_long_test with EMPTOR_README_UPDATE=1";
    EXPECT_NE(readme.find(after, at), std::string::npos);
  }
}

} // namespace
} // namespace accuracy_oracle_test

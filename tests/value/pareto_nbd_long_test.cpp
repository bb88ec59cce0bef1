// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include "pareto_nbd_oracle.hpp"

namespace pareto_nbd_long_test {
namespace {

TEST(pareto_nbd_long, every_score_over_the_grid) {
  for (const emptor::test::pareto_nbd_row& row : emptor::test::pareto_nbd_grid())
    emptor::test::expect_pareto_nbd_scores(row);
}

} // namespace
} // namespace pareto_nbd_long_test

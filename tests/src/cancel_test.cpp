// SPDX-License-Identifier: BSL-1.0
// A cancelled call leaves everything as it was.
#include <algorithm>
#include <atomic>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/catalogue.hpp>
#include <emptor/core/random.hpp>

#include "support/sanitized.hpp"

namespace emptor::cancel_test {
namespace {

/// Cancels when the progress has been reported `left` times.
struct canceller {
  std::atomic<int> cancel{0};
  int left = 0;
  int reports = 0;

  [[nodiscard]] run how() {
    run made;
    made.cancel = &cancel;
    made.user = this;
    made.progress = [](double share, void* user) {
      auto& self = *static_cast<canceller*>(user);
      EXPECT_GE(share, 0.0);
      EXPECT_LE(share, 1.0);
      ++self.reports;
      if (--self.left == 0)
        self.cancel = 1;
    };
    return made;
  }
};

column_view view(const std::vector<double>& values) {
  column_view seen;
  seen.data = values.data();
  seen.stride_bytes = sizeof(double);
  seen.type = dtype::float64;
  return seen;
}

struct customers {
  std::vector<double> frequency, recency, age;
  std::vector<named_column> columns;

  explicit customers(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      random_stream draw(1, 2, static_cast<std::uint64_t>(i));
      age.push_back(20.0 + 20.0 * draw.uniform());
      frequency.push_back(static_cast<double>(draw.below(5)));
      recency.push_back(frequency.back() == 0.0 ? 0.0 : age.back() * draw.uniform());
    }
    columns = {{"frequency", view(frequency)}, {"recency", view(recency)}, {"age", view(age)}};
  }
};

TEST(cancel, a_fit_cancelled_at_any_step_leaves_the_store_as_it_was) {
  const customers rows(500);
  const std::vector<option> target{{"entry", "value.bg_nbd"}};
  const auto held = make_store("rows", target);
  held->push({.table = "rows", .columns = rows.columns, .rows = 500});
  const std::vector<std::byte> before = save(*held);
  const entry& fit = find_entry("value.bg_nbd");
  canceller all;
  all.left = -1;
  const result whole = finish(fit, held.get(), {}, {}, {}, all.how());
  ASSERT_GT(all.reports, 5) << "the fit must report its steps";
  const int stride = test::sanitized ? std::max(all.reports / 12, 1) : 1;
  for (int step = 1; step < all.reports; step += stride) {
    canceller some;
    some.left = step;
    try {
      (void)finish(fit, held.get(), {}, {}, {}, some.how());
      ADD_FAILURE() << "not cancelled at step " << step;
    } catch (const error& why) {
      EXPECT_EQ(why.code(), status::cancelled);
    }
    ASSERT_EQ(save(*held), before) << step;
  }
  EXPECT_EQ(*finish(fit, held.get(), {}, {}, {}, {}).fitted, *whole.fitted);
}

TEST(cancel, a_push_cancelled_on_its_way_leaves_the_store_as_it_was) {
  const customers rows(200000);
  const std::vector<option> target{{"entry", "value.bg_nbd"}};
  const auto held = make_store("rows", target);
  held->push({.columns = rows.columns, .rows = 100});
  const std::vector<std::byte> before = save(*held);
  canceller some;
  some.left = 2;
  const run how = some.how();
  EXPECT_THROW(held->push({.columns = rows.columns, .rows = 200000, .how = &how}), error);
  EXPECT_EQ(save(*held), before);
}

} // namespace
} // namespace emptor::cancel_test

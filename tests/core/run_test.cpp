// SPDX-License-Identifier: BSL-1.0
#include <numeric>
#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

#include <emptor/core/run.hpp>

namespace emptor::run_test {
namespace {

run with_threads(int threads) {
  run how;
  how.threads = threads;
  return how;
}

TEST(run, every_task_once_on_any_number_of_threads) {
  for (const int threads : {-3, 0, 1, 2, 7, 100}) {
    std::vector<std::atomic<int>> seen(500);
    for_each_task(500, with_threads(threads),
                  [&](std::int64_t task) { ++seen[static_cast<std::size_t>(task)]; });
    for (const auto& times : seen)
      ASSERT_EQ(times.load(), 1) << threads;
  }
  for_each_task(0, run{}, [](std::int64_t) { FAIL(); });
  for_each_task(-5, run{}, [](std::int64_t) { FAIL(); });
}

TEST(run, no_thread_that_was_not_asked_for) {
  const auto caller = std::this_thread::get_id();
  for_each_task(100, run{}, [&](std::int64_t) { ASSERT_EQ(std::this_thread::get_id(), caller); });
}

TEST(run, the_lowest_failing_task_is_what_the_caller_sees) {
  for (const int threads : {1, 2, 7}) {
    for (int again = 0; again < 20; ++again) {
      try {
        for_each_task(200, with_threads(threads), [](std::int64_t task) {
          if (task % 50 == 37)
            throw std::runtime_error(std::to_string(task));
        });
        FAIL();
      } catch (const std::runtime_error& thrown) {
        ASSERT_STREQ(thrown.what(), "37");
      }
    }
  }
}

TEST(run, the_callers_own_threads) {
  struct hook_state {
    int calls = 0;
    std::set<std::int64_t> tasks;
  } state;
  run how;
  how.threads = 7; // the hook stands instead
  how.user = &state;
  how.parallel_for = [](std::int64_t tasks, void (*body)(void*, std::int64_t), void* context, void* user) {
    ++static_cast<hook_state*>(user)->calls;
    for (std::int64_t task = tasks; task-- > 0;)
      body(context, task);
  };
  for_each_task(50, how, [&](std::int64_t task) { state.tasks.insert(task); });
  EXPECT_EQ(state.calls, 1);
  EXPECT_EQ(state.tasks.size(), 50U);
  try { // no exception crosses the hook, and the lowest one arrives
    for_each_task(50, how, [](std::int64_t task) {
      if (task >= 10)
        throw std::runtime_error(std::to_string(task));
    });
    FAIL();
  } catch (const std::runtime_error& thrown) {
    EXPECT_STREQ(thrown.what(), "10");
  }
}

TEST(run, a_hook_that_skips_a_task_is_noticed_and_one_that_repeats_does_no_harm) {
  std::vector<int> ran(5, 0);
  run how;
  const auto count = [&](std::int64_t task) { ++ran[static_cast<std::size_t>(task)]; };
  how.parallel_for = [](std::int64_t tasks, void (*body)(void*, std::int64_t), void* context, void*) {
    for (std::int64_t i = 0; i < tasks; ++i)
      body(context, i == 1 ? 0 : i);
  };
  EXPECT_THROW(for_each_task(5, how, count), error);
  EXPECT_EQ(ran, (std::vector<int>{1, 0, 1, 1, 1}));
  ran.assign(5, 0);
  how.parallel_for = [](std::int64_t tasks, void (*body)(void*, std::int64_t), void* context, void*) {
    for (std::int64_t i = -2; i < tasks + 3; ++i) {
      body(context, i);
      body(context, i);
    }
  };
  for_each_task(5, how, count);
  EXPECT_EQ(ran, (std::vector<int>{1, 1, 1, 1, 1}));
}

TEST(run, cancelled_between_tasks) {
  for (const int threads : {1, 2}) {
    std::atomic<int> cancel{0};
    std::atomic<int> done{0};
    run how = with_threads(threads);
    how.cancel = &cancel;
    try {
      for_each_task(100000, how, [&](std::int64_t) {
        if (++done == 10)
          cancel = 1;
      });
      FAIL();
    } catch (const error& stopped) {
      EXPECT_EQ(stopped.code(), status::cancelled);
    }
    EXPECT_LT(done.load(), 20);
    EXPECT_THROW(how.check(0.5), error);
  }
}

TEST(run, progress_comes_on_the_callers_thread_and_never_falls) {
  struct seen_state {
    std::thread::id caller = std::this_thread::get_id();
    double last = 0.0;
    int calls = 0;
  } seen;
  run how = with_threads(4);
  how.user = &seen;
  how.progress = [](double share, void* user) {
    auto& state = *static_cast<seen_state*>(user);
    EXPECT_EQ(std::this_thread::get_id(), state.caller);
    EXPECT_GE(share, state.last);
    EXPECT_LE(share, 1.0);
    state.last = share;
    ++state.calls;
  };
  how.check(0.0);
  EXPECT_EQ(seen.calls, 1);
  for_each_task(1000, how, [](std::int64_t) {});
  how.threads = 1;
  seen.last = 0.0;
  for_each_task(100, how, [](std::int64_t) {});
  EXPECT_EQ(seen.last, 1.0);
}

} // namespace
} // namespace emptor::run_test

// SPDX-License-Identifier: BSL-1.0
// One store, one model and one plan shared by threads that all get the same bytes; the thread sanitizer watches.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "c_rows.hpp"

namespace emptor::test::threads_test {
namespace {

struct shared {
  owned<emptor_store> store;
  owned<emptor_model> model;
  owned<emptor_plan> plan;
  table rows{"rows"};
};

shared make() {
  shared made;
  emptor_error error = EMPTOR_ERROR_INIT;
  made.store = make_store("rows", {{"entry", "value.bg_nbd"}});
  std::vector<double> frequency;
  std::vector<double> recency;
  std::vector<double> age;
  for (int i = 0; i < 20000; ++i) {
    frequency.push_back(i % 7);
    age.push_back(20.0 + i % 19);
    recency.push_back(i % 7 == 0 ? 0.0 : 1.0 + i % 17);
  }
  made.rows.add(column::numbers("frequency", std::move(frequency)));
  made.rows.add(column::numbers("recency", std::move(recency)));
  made.rows.add(column::numbers("age", std::move(age)));
  c_rows rows(made.rows);
  EXPECT_EQ(emptor_store_push(made.store.get(), rows.get(), 0, nullptr, nullptr, nullptr, &error), 0)
      << error.message;

  made.model = bg_nbd_model();
  const char* const only[] = {"probability_alive"};
  emptor_plan* plan = nullptr;
  EXPECT_EQ(emptor_plan_create(nullptr, made.model.get(), nullptr, nullptr, 0, rows.get(), nullptr, 0, only,
                               1, &plan, &error),
            0)
      << error.message;
  made.plan.reset(plan);
  return made;
}

std::vector<std::vector<std::byte>> scores(const shared& from, std::int32_t threads) {
  c_rows rows(from.rows);
  const c_outputs outputs(from.plan.get(), from.rows.rows());
  emptor_run run = EMPTOR_RUN_INIT;
  run.threads = threads;
  emptor_error error = EMPTOR_ERROR_INIT;
  EXPECT_EQ(emptor_plan_score(from.plan.get(), rows.get(), outputs.get(), outputs.count(),
                              sizeof(emptor_output), 0, nullptr, nullptr, &run, &error),
            0)
      << error.message;
  return outputs.bytes();
}

std::vector<std::uint8_t> fitted(const shared& from) {
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_result* result = nullptr;
  emptor_model* model = nullptr;
  EXPECT_EQ(emptor_store_finish(from.store.get(), "value.bg_nbd", nullptr, 0, nullptr, nullptr, 0, nullptr,
                                nullptr, &result, &error),
            0)
      << error.message;
  const owned<emptor_result> held(result);
  EXPECT_EQ(emptor_result_model(result, &model, &error), 0) << error.message;
  const owned<emptor_model> held_model(model);
  return saved(model);
}

TEST(threads, share_a_plan_a_model_and_a_store) {
  const shared from = make();
  const auto expected_scores = scores(from, 1);
  const auto expected_model = fitted(from);
  std::atomic<int> different{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 3; ++i)
        different += scores(from, 1) != expected_scores ? 1 : 0;
      different += fitted(from) != expected_model ? 1 : 0;
    });
  }
  for (std::thread& one : threads)
    one.join();
  EXPECT_EQ(different, 0);
}

TEST(threads, of_one_call_change_no_byte) {
  const shared from = make();
  const auto expected = scores(from, 1);
  for (const std::int32_t threads : {2, 7, 0})
    EXPECT_EQ(scores(from, threads), expected) << threads;
}

} // namespace
} // namespace emptor::test::threads_test

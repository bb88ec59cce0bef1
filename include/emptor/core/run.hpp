// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <emptor/core/status.hpp>

namespace emptor {

/// How a long call may use the caller's machine. A default `run` stays on the calling thread and cannot be
/// cancelled.
struct run {
  /// Runs `body(context, i)` for every i in [0, tasks), in any order, on any threads, and returns when all
  /// are done.
  using parallel_for_hook = void (*)(std::int64_t tasks, void (*body)(void* context, std::int64_t task),
                                     void* context, void* user);

  int threads = 1;                                      ///< 0 = all cores
  const std::atomic<int>* cancel = nullptr;             ///< the work ends soon after this becomes non-zero
  void (*progress)(double share, void* user) = nullptr; ///< on the caller's thread only, share in [0, 1]
  parallel_for_hook parallel_for = nullptr;             ///< the caller's own threads, instead of `threads`
  void* user = nullptr;                                 ///< handed to progress and parallel_for

  [[nodiscard]] bool cancelled() const noexcept {
    return cancel != nullptr && cancel->load(std::memory_order_relaxed) != 0;
  }
  /// \throws error status::cancelled where the caller cancelled.
  void check(double share) const {
    if (cancelled())
      throw error(status::cancelled, "cancelled by the caller");
    if (progress != nullptr)
      progress(share, user);
  }
};

/// Rows per task of a parallel loop. Fixed, so that what a task computes never depends on the number of
/// threads.
inline constexpr std::int64_t rows_per_task = 4096;

namespace detail {
/// for_each_task with any body: compiled once, and not again for each type of body.
inline void run_tasks(std::int64_t tasks, const run& how, const void* body,
                      void (*call)(const void* body, std::int64_t task)) {
  if (tasks <= 0)
    return;
  struct shared_state {
    const run& how;
    const void* body;
    void (*call)(const void* body, std::int64_t task);
    std::atomic<bool> stop{false};
    std::mutex guard;
    std::exception_ptr failure;
    std::int64_t failed_task;
    std::vector<std::atomic<bool>> begun; ///< of a caller's hook, which is not trusted to run each task once

    void one(std::int64_t task) noexcept {
      // A task after a failed one need not run, but one before it must: the lowest failure is what the caller
      // sees.
      if (stop.load(std::memory_order_relaxed) && task > failed())
        return;
      try {
        if (how.cancelled())
          throw error(status::cancelled, "cancelled by the caller");
        call(body, task);
      } catch (...) {
        const std::lock_guard lock(guard);
        if (!failure || task < failed_task) {
          failure = std::current_exception();
          failed_task = task;
        }
        stop.store(true, std::memory_order_relaxed);
      }
    }
    void hooked(std::int64_t task) noexcept {
      if (task >= 0 && task < static_cast<std::int64_t>(begun.size()) &&
          !begun[static_cast<std::size_t>(task)].exchange(true))
        one(task);
    }
    std::int64_t failed() {
      const std::lock_guard lock(guard);
      return failed_task;
    }
  } state{how, body, call, {}, {}, nullptr, tasks, {}};

  if (how.parallel_for != nullptr) {
    state.begun = std::vector<std::atomic<bool>>(static_cast<std::size_t>(tasks));
    how.parallel_for(
        tasks, [](void* context, std::int64_t task) { static_cast<shared_state*>(context)->hooked(task); },
        &state, how.user);
  } else {
    // The answer comes from the operating system and takes microseconds: who asks for one row never waits for it.
    const unsigned cores =
        tasks > 1 && how.threads == 0 ? std::max(1U, std::thread::hardware_concurrency()) : 1U;
    const std::int64_t wanted = how.threads == 0 ? static_cast<std::int64_t>(cores) : how.threads;
    const std::int64_t workers = std::min(std::max<std::int64_t>(wanted, 1), tasks);
    std::atomic<std::int64_t> next{0};
    const auto work = [&](bool caller) {
      for (std::int64_t task = next.fetch_add(1); task < tasks; task = next.fetch_add(1)) {
        state.one(task);
        if (caller && how.progress != nullptr)
          how.progress(static_cast<double>(task + 1) / static_cast<double>(tasks), how.user);
      }
    };
    std::vector<std::jthread> helpers;
    helpers.reserve(static_cast<std::size_t>(workers - 1));
    try {
      for (std::int64_t i = 1; i < workers; ++i)
        helpers.emplace_back(work, false);
    } catch (...) {
      // Fewer threads than asked for is no error: the caller's own thread does what is left.
    }
    work(true);
    helpers.clear();
  }
  if (state.failure)
    std::rethrow_exception(state.failure);
  for (const std::atomic<bool>& begun : state.begun) {
    if (!begun.load())
      throw error(status::invalid_argument, "the caller's parallel_for did not run every task");
  }
}
} // namespace detail

/// Calls `body(task)` for every task in [0, tasks), on the threads that `how` grants. Which thread runs a
/// task is left open; the result must not depend on it. The exception of the lowest failing task is rethrown;
/// progress is reported and cancellation noticed between tasks.
template <class Body>
void for_each_task(std::int64_t tasks, const run& how, const Body& body) {
  detail::run_tasks(tasks, how, std::addressof(body),
                    [](const void* of, std::int64_t task) { (*static_cast<const Body*>(of))(task); });
}

} // namespace emptor

// SPDX-License-Identifier: BSL-1.0
// The walk through every function: once as it should be, and once with every allocation failing in turn.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <new>
#include <set>
#include <string>
#include <vector>

#include "support/places.hpp"
#include "support/sanitized.hpp"
#include "walk.hpp"

namespace {

// Counted on the thread that asks for it only: other tests of this program run threads.
thread_local long fail_at = -1; ///< the allocation that fails, counted down; -1 = none
thread_local bool has_failed = false;
std::atomic<long> live{0};

bool must_fail() noexcept {
  if (fail_at < 0)
    return false;
  if (fail_at-- > 0)
    return false;
  has_failed = true;
  return true;
}

void* allocate(std::size_t size, std::size_t alignment) noexcept {
  if (must_fail())
    return nullptr;
  if (size > (std::size_t{1} << 40)) // what malloc refuses and the sanitizers report
    return nullptr;
  const std::size_t whole = (std::max<std::size_t>(size, 1) + alignment - 1) / alignment * alignment;
  void* made = alignment > alignof(std::max_align_t) ? std::aligned_alloc(alignment, whole)
                                                     : std::malloc(std::max<std::size_t>(size, 1));
  if (made != nullptr)
    ++live;
  return made;
}

void release(void* pointer) noexcept {
  if (pointer != nullptr)
    --live;
  std::free(pointer);
}

void* allocate_or_throw(std::size_t size, std::size_t alignment) {
  void* made = allocate(size, alignment);
  if (made == nullptr)
    throw std::bad_alloc();
  return made;
}

} // namespace

void* operator new(std::size_t size) {
  return allocate_or_throw(size, 1);
}
void* operator new[](std::size_t size) {
  return allocate_or_throw(size, 1);
}
void* operator new(std::size_t size, std::align_val_t a) {
  return allocate_or_throw(size, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t size, std::align_val_t a) {
  return allocate_or_throw(size, static_cast<std::size_t>(a));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size, 1);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return allocate(size, 1);
}
void operator delete(void* pointer) noexcept {
  release(pointer);
}
void operator delete[](void* pointer) noexcept {
  release(pointer);
}
void operator delete(void* pointer, std::size_t) noexcept {
  release(pointer);
}
void operator delete[](void* pointer, std::size_t) noexcept {
  release(pointer);
}
void operator delete(void* pointer, std::align_val_t) noexcept {
  release(pointer);
}
void operator delete[](void* pointer, std::align_val_t) noexcept {
  release(pointer);
}
void operator delete(void* pointer, std::size_t, std::align_val_t) noexcept {
  release(pointer);
}
void operator delete[](void* pointer, std::size_t, std::align_val_t) noexcept {
  release(pointer);
}
void operator delete(void* pointer, const std::nothrow_t&) noexcept {
  release(pointer);
}
void operator delete[](void* pointer, const std::nothrow_t&) noexcept {
  release(pointer);
}

namespace emptor::test::walk_test {
namespace {

/// Every step must do.
struct plain_steps {
  std::set<std::string> called;

  void plain(const char* name, bool right) {
    called.insert(name);
    EXPECT_TRUE(right) << name;
  }
  template <class Call>
  void look(const char* name, const Call& call) {
    emptor_error error = EMPTOR_ERROR_INIT;
    EXPECT_EQ(call(&error), EMPTOR_STATUS_OK) << name << ": " << error.message;
    EXPECT_STREQ(error.message, "") << name;
    EXPECT_EQ(call(nullptr), EMPTOR_STATUS_OK) << name;
    called.insert(name);
  }
  template <class Handle, class Call>
  owned<Handle> make(const char* name, const Call& call) {
    emptor_error error = EMPTOR_ERROR_INIT;
    Handle* made = nullptr;
    EXPECT_EQ(call(&made, &error), EMPTOR_STATUS_OK) << name << ": " << error.message;
    called.insert(name);
    if (made == nullptr)
      throw std::runtime_error(std::string(name) + " gave no handle");
    return owned<Handle>(made);
  }
  template <class Call>
  void change(const char* name, emptor_store*, const Call& call) {
    emptor_error error = EMPTOR_ERROR_INIT;
    EXPECT_EQ(call(&error), EMPTOR_STATUS_OK) << name << ": " << error.message;
    called.insert(name);
  }
};

/// Every step is tried with its first allocation failing, then its second, and so on until it does; under sanitizers
/// with every third, which takes a third of the time and still comes by all places, as most are in several examples.
struct failing_steps {
  static constexpr long stride = sanitized ? 3 : 1;
  long failures = 0;

  void plain(const char*, bool) {}

  /// Whether an allocation failed; the status goes to `status`.
  template <class Call>
  bool fails(const char* name, long n, const Call& call, emptor_status& status) {
    emptor_error error = EMPTOR_ERROR_INIT;
    has_failed = false;
    fail_at = n;
    status = call(&error);
    fail_at = -1;
    failures += has_failed ? 1 : 0;
    const bool absorbed = status == EMPTOR_STATUS_OK; // a sort may do without the memory that it wished for
    const emptor_status expected = has_failed && !absorbed ? EMPTOR_STATUS_OUT_OF_MEMORY : EMPTOR_STATUS_OK;
    EXPECT_EQ(status, expected) << name << ", allocation " << n << ": " << error.message;
    return has_failed;
  }
  template <class Call>
  void look(const char* name, const Call& call) {
    emptor_status status = 0;
    for (long n = 0;; n += stride) {
      const long before = live;
      const bool failed = fails(name, n, call, status);
      EXPECT_EQ(live, before) << name << " leaks when allocation " << n << " fails";
      if (!failed || ::testing::Test::HasFailure())
        return;
    }
  }
  template <class Handle, class Call>
  owned<Handle> make(const char* name, const Call& call) {
    emptor_status status = 0;
    for (long n = 0;; n += stride) {
      const long before = live;
      Handle* made = nullptr;
      const bool failed = fails(
          name, n, [&](emptor_error* error) { return call(&made, error); }, status);
      EXPECT_EQ(made != nullptr, status == EMPTOR_STATUS_OK) << name;
      if (!failed && made != nullptr)
        return owned<Handle>(made);
      owned<Handle>(made).reset();
      EXPECT_EQ(live, before) << name << " leaks when allocation " << n << " fails";
      if (!failed || ::testing::Test::HasFailure())
        throw std::runtime_error(std::string(name) + " gave no handle");
    }
  }
  template <class Call>
  void change(const char* name, emptor_store* store, const Call& call) {
    const auto bytes = saved(store);
    emptor_status status = 0;
    for (long n = 0; fails(name, n, call, status) && status != EMPTOR_STATUS_OK; n += stride) {
      EXPECT_EQ(saved(store), bytes) << name << " changed the store though allocation " << n << " failed";
      if (::testing::Test::HasFailure())
        return;
    }
  }
};

TEST(walk, calls_every_function) {
  const described_catalogue catalogue = read_catalogue();
  plain_steps steps;
  walk(catalogue, steps).all();
  std::set<std::string> symbols;
  std::ifstream lines(source_folder() + "/capi/symbols.txt");
  for (std::string line; std::getline(lines, line);)
    symbols.insert(line.substr(0, line.find(' ')));
  EXPECT_EQ(steps.called, symbols);
}

TEST(walk, survives_the_failure_of_every_allocation) {
  const described_catalogue catalogue = read_catalogue();
  const long before = live;
  {
    failing_steps steps;
    walk(catalogue, steps).all();
    EXPECT_GT(steps.failures, 100);
  }
  EXPECT_EQ(live, before);
}

TEST(walk, scores_without_an_allocation) {
  const std::string csv = "current_value,growth_potential\n1,2\n3,4\n";
  const described_catalogue catalogue = read_catalogue();
  for (const described_entry& entry : catalogue.entries) {
    if (entry.name != "decision.value_matrix")
      continue;
    const table typed = typed_table(entry.score_inputs, csv);
    c_rows rows(typed);
    const emptor_rows* lent = rows.get();
    const c_options options({{"current_value_cut", "2"}, {"growth_potential_cut", "3"}});
    emptor_plan* plan = nullptr;
    ASSERT_EQ(emptor_plan_create(entry.name.c_str(), nullptr, nullptr, nullptr, 0, lent, options.get(),
                                 options.count(), nullptr, 0, &plan, nullptr),
              EMPTOR_STATUS_OK);
    const owned<emptor_plan> held(plan);
    const c_outputs outputs(plan, rows.rows());
    has_failed = false;
    fail_at = 0;
    const emptor_status status =
        emptor_plan_score(plan, lent, outputs.get(), outputs.count(), sizeof(emptor_output), 0, nullptr,
                          nullptr, nullptr, nullptr);
    fail_at = -1;
    EXPECT_EQ(status, EMPTOR_STATUS_OK);
    EXPECT_FALSE(has_failed);
  }
}

} // namespace
} // namespace emptor::test::walk_test

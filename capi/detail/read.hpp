// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <atomic>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor.h>

#include <emptor/catalogue.hpp>

#include "guard.hpp"
#include "handles.hpp"

/// The caller's arguments as the C++ interface takes them.
namespace emptor::capi {

/// The caller's rows as our structure, its own fields checked, not yet what they point to.
[[nodiscard]] emptor_rows read_rows(const arguments& in, const emptor_rows* rows, std::string_view what);

/// Columns in the caller's memory, each checked as far as it can be without reading a value; copied only if he
/// was compiled with another size of column.
class columns_of {
public:
  columns_of(const arguments& in, const emptor_rows& rows);
  columns_of(columns_of&&) = default; // the copies stay where they are
  columns_of& operator=(columns_of&&) = default;
  [[nodiscard]] std::span<const column_view> views() const noexcept { return views_; }

private:
  std::vector<column_view> copies_; ///< of the columns, then of their dictionaries
  std::span<const column_view> views_;
};

/// Columns with the names that the rows give them.
class named_columns {
public:
  named_columns(const arguments& in, const emptor_rows& rows);
  [[nodiscard]] std::span<const named_column> views() const noexcept { return views_; }

private:
  columns_of columns_;
  std::vector<named_column> views_;
};

[[nodiscard]] std::vector<option> read_options(const arguments& in, const char* const* options,
                                               std::int32_t count);
/// `held` keeps the models alive where the slots outlive the call.
[[nodiscard]] std::vector<filled_slot> read_slots(const arguments& in, const char* const* names,
                                                  const emptor_model* const* models, std::int32_t count,
                                                  std::vector<std::shared_ptr<const model>>* held = nullptr);
/// The ids of one column. \throws error status::data for a missing or malformed one
[[nodiscard]] std::vector<std::string> read_keys(const arguments& in, const emptor_rows* keys);

/// How the caller lets a call run. His cancel word is a plain integer, which must not be read as an atomic
/// object: it is looked at where his progress would be told and before each task on his threads, and what it
/// said is what the work sees.
class caller_run {
public:
  caller_run(const arguments& in, const emptor_run* how);
  caller_run(const caller_run&) = delete;
  caller_run& operator=(const caller_run&) = delete;
  [[nodiscard]] const run& operator*() const noexcept { return ours_; }
  /// Between pieces of work that know of no run. \throws error status::cancelled
  void check();

private:
  void look() noexcept;
  static void progress(double share, void* self);
  static void parallel_for(std::int64_t tasks, void (*body)(void* context, std::int64_t task), void* context,
                           void* self);

  emptor_run theirs_{};
  std::atomic<int> cancelled_{0};
  run ours_;
};

} // namespace emptor::capi

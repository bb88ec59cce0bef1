// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <emptor/core/describe.hpp>
#include <emptor/core/options.hpp>
#include <emptor/core/run.hpp>
#include <emptor/core/table.hpp>

namespace emptor {

/// What became of the rows of a push. The six counts add up to the rows.
struct push_report {
  std::int64_t added = 0;      ///< new rows or documents
  std::int64_t replaced = 0;   ///< a higher revision than the one known
  std::int64_t repeated = 0;   ///< known already, nothing changed
  std::int64_t superseded = 0; ///< an older revision than the one known, nothing changed
  std::int64_t conflicts = 0;  ///< a known revision with other content; kept, and finish will name it
  std::int64_t refused = 0;    ///< bad rows; nothing of them is kept
  /// Some rows carried no document: pushed again they would count again.
  bool repeats_count_twice = false;
};

/// One push: the rows of one table, and where to tell what became of each.
struct push_request {
  std::string_view table{}; ///< a table of the store's description; empty = the first of them
  std::span<const named_column> columns{};
  std::int64_t rows = 0;
  row_status* statuses = nullptr; ///< one per row, or null
  bool strict = false;            ///< the first refused or conflicting row is an error and nothing is kept
  const emptor::run* how = nullptr;
};

/// Holds what the pushed rows said in a form that does not depend on their order: any order and any split of
/// pushes and merges ends in the same contents. Not for concurrent writers; any number of readers may share a
/// const store. Every operation either succeeds or leaves the store as it was.
class store {
public:
  store() = default;
  store(const store&) = default;
  store& operator=(const store&) = default;
  store(store&&) = default;
  store& operator=(store&&) = default;
  virtual ~store() = default;

  [[nodiscard]] virtual const store_description& description() const noexcept = 0;
  /// The options it was made with. Stores merge only where these are equal.
  [[nodiscard]] virtual const option_values& options() const noexcept = 0;
  /// \throws error status::schema for columns that cannot be read; in strict mode status::data or
  /// status::conflict
  ///         with the row; status::cancelled
  virtual push_report push(const push_request& request) = 0;
  /// Takes in all that `other` holds. \throws error status::mismatch where kind, options or columns differ
  virtual void merge(const store& other) = 0;
  /// All it holds, as tables in canonical order: equal contents give equal bytes.
  [[nodiscard]] virtual std::vector<table> contents() const = 0;
  /// Replaces what it holds by tables that `contents` gave. \throws error status::format
  virtual void restore(std::vector<table> contents) = 0;
  /// Forgets all rows of these keys (customers). \return how many of the keys were known
  virtual std::int64_t erase(std::span<const std::string_view> keys) = 0;
  [[nodiscard]] virtual std::unique_ptr<store> clone() const = 0;
};

} // namespace emptor

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <emptor_arrow.h>

#include <emptor/core/table.hpp>

/// Tables as Arrow. What is made here belongs to whoever gets it, part by part: each part holds what it needs.
namespace emptor::capi {

struct made_schema {
  std::string format;
  std::string name;
  std::string metadata; ///< as Arrow packs it
  std::int64_t flags = ARROW_FLAG_NULLABLE;
  std::vector<made_schema> children;
  std::vector<made_schema> dictionary; ///< one or none
};

struct made_array {
  std::int64_t length = 0;
  std::int64_t null_count = 0;
  std::vector<std::shared_ptr<const void>> buffers; ///< each keeps alive whose memory it is
  std::vector<made_array> children;
  std::vector<made_array> dictionary;
};

[[nodiscard]] made_schema schema_of(const table& from);
/// Columns that Arrow lays out alike are lent, and keep the table.
[[nodiscard]] made_array array_of(const std::shared_ptr<const table>& from);

/// Into a structure of the caller's, which is as it was where that fails.
void publish(const made_schema& made, ArrowSchema& to);
void publish(const made_array& made, ArrowArray& to);
/// Both, or none. \param schema null where nobody wants it
void publish(const std::shared_ptr<const table>& from, ArrowSchema* schema, ArrowArray& array);

} // namespace emptor::capi

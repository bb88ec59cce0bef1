// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "typed_columns.hpp"
#include "work.hpp"

/// From CSV tables to columns under the names of the catalogue.
namespace emptor::tool {

/// The columns of some tables, each table found by the name of its input.
struct typed_input {
  const table_description* table = nullptr;
  const csv_table* rows = nullptr;
  typed_table columns;
};

/// \param where  begins messages \throws usage_error for a table or role that nobody knows; failure for columns that are
/// not there and fields that are no such values
[[nodiscard]] std::vector<typed_input> bind_tables(std::string_view where,
                                                   std::span<const table_description> tables,
                                                   std::span<const table_input> inputs, const reading& how);

/// The columns of a table that is one of no entry.
[[nodiscard]] typed_table typed_rows(const table_description& wanted, const table_input& input,
                                     const reading& how);

} // namespace emptor::tool

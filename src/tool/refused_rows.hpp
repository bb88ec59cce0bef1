// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "bind.hpp"

/// What is told of rows that were not taken in.
namespace emptor::tool {

/// The message about a refused row, with its place in the file and the column as the file calls it.
[[nodiscard]] std::string explain(const typed_table& columns, const csv_table& rows, std::int64_t row,
                                  const error& why);

/// Tells of refused rows: how many of which kind, and what is wrong with the first. \param strictly does the
/// first `rows` rows again in strict mode
void warn_of_refused(const typed_table& columns, const csv_table& rows,
                     const std::vector<row_status>& statuses, const reading& how,
                     const std::function<void(std::int64_t)>& strictly);

/// Tells of rows that contradict a known document, and of order lines that lack their number.
void warn_of_keys(const typed_input& input, const std::vector<row_status>& statuses, const reading& how);

} // namespace emptor::tool

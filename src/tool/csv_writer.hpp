// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <emptor/core/table.hpp>

namespace emptor::tool {

/// One value of a table as CSV text, unquoted: ISO dates, decimal amounts, the shortest number that reads back as the
/// same, the name of a code, true or false; nothing for a missing value.
[[nodiscard]] std::string field_text(const table& of, const column& from, std::int64_t row);

/// Appends a field, quoted where it must be.
void append_field(std::string& line, std::string_view text);

/// The table with a header line, LF ends each line.
[[nodiscard]] std::string to_csv(const table& from);

} // namespace emptor::tool

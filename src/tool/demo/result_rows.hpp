// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "../csv_reader.hpp"
#include "steps.hpp"

/// What the parts of the scoreboard share.
namespace emptor::tool::demo {

/// \throws failure where there is no such column
[[nodiscard]] std::size_t place_of(const csv_table& in, std::string_view column);

/// The row of each key.
[[nodiscard]] std::unordered_map<std::string_view, std::int64_t> rows_by(const csv_table& in,
                                                                         std::string_view key);

/// A figure as it is printed; - for none.
[[nodiscard]] std::string shown_number(double value, int digits);

/// Whether the customers are ranked by what a step gives.
[[nodiscard]] bool ranks(const step& one);

} // namespace emptor::tool::demo

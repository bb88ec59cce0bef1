// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <emptor/core/describe.hpp>
#include <emptor/core/table.hpp>

#include "work.hpp"

namespace emptor::tool {

/// Tables of about `rows` rows in all, made from the tables of a worked example: copy after copy of their rows, each
/// with other ids, numbers, amounts and days, as far as the domains and the rule of the description admit; texts and
/// classes stay, and so do answers (whole numbers in columns of which there are many) and flags (0 and 1), which at most
/// come from another row. In a copy an id stands for the same thing in every table, its days move together, and equal numbers
/// of a column stay equal, so that what the rows say of each other stays true. The first table grows, and with it every
/// table that has ids, by whole copies; rules and other structure stay as they are. The rows stand in a scattered order. The same
/// arguments give the same rows everywhere.
[[nodiscard]] std::vector<table> made_rows(std::span<const table_description> described,
                                           std::span<const table_input> examples, std::int64_t rows);

} // namespace emptor::tool

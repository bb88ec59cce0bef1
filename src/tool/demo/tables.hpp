// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>
#include <vector>

#include <emptor/core/describe.hpp>
#include <emptor/core/table.hpp>

#include "company.hpp"

/// The company as tables: what it knows, under the names that stores and entries take, and what is true (truth*).
namespace emptor::tool::demo {

[[nodiscard]] std::span<const table_description> company_tables() noexcept;

/// All of them, in this order.
[[nodiscard]] std::vector<table> make_company(const company_size& size);

} // namespace emptor::tool::demo

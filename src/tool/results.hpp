// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <vector>

#include <emptor/core/table.hpp>

#include "arguments.hpp"
#include "work.hpp"

/// Where the tables that a command made go, and what they say that nobody should miss.
namespace emptor::tool {

/// What a command reads must not be where it writes. \throws usage_error that names both
void refuse_overwriting(const arguments& given, const std::string& option, const std::string& output);

/// Several tables go to a folder, as NAME.csv each; where the path names a file, the main table goes there, and a
/// warning names the others. Then warns of what the tables say: how many rows of a table `warnings` there are, and of
/// a column `status` that is not `ok`.
/// \param folder  whether the path is a folder whatever it looks like
/// \throws usage_error, failure
void write_tables(const std::vector<table>& tables, const std::string& path, bool folder,
                  const arguments& given, const reading& how);

/// The same for tables that no option asks for. \param option  which would write them
void tell_of(const std::vector<table>& tables, const std::string& option, const reading& how);

} // namespace emptor::tool

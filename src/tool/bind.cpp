// SPDX-License-Identifier: BSL-1.0
#include "bind.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "failure.hpp"
#include "shell_word.hpp"

namespace emptor::tool {

namespace {

constexpr const char* several_maps = "; repeat --map for each role";

/// A mapping that stood for nothing in any of the tables is a slip of the pen.
void refuse_unused(std::span<const column_mapping> mappings, const std::set<std::size_t>& used,
                   std::span<const table_description> tables, std::span<const table_input> inputs) {
  for (std::size_t i = 0; i < mappings.size(); ++i) {
    if (used.contains(i))
      continue;
    std::vector<std::string_view> roles;
    for (const table_description& one : tables) {
      for (const column_description& role : one.columns)
        roles.push_back(role.name);
    }
    if (std::find(roles.begin(), roles.end(), mappings[i].role) == roles.end())
      throw usage_error(unknown_name("--map", "role", mappings[i].role, roles).what());
    throw failure((inputs.empty() ? "" : inputs.front().rows->file() + ": ") + std::string("has no column ") +
                  shortened(mappings[i].columns.front()) + " for " + mappings[i].role);
  }
}

void refuse_missing(const csv_table& rows, const column_mapping& mapping) {
  for (const std::string& name : mapping.columns) {
    if (!rows.find(name))
      throw failure(rows.file() + ": has no column " + shortened(name) + " for " + mapping.role +
                    (name.find('=') != std::string::npos ? several_maps : ""));
  }
}

/// Whether a table has all the columns that a description needs.
bool fits(const table_description& wanted, const csv_table& rows, std::span<const column_mapping> mappings) {
  return std::all_of(wanted.columns.begin(), wanted.columns.end(), [&](const column_description& role) {
    if (role.optional || role.many || rows.find(role.name))
      return true;
    return std::any_of(mappings.begin(), mappings.end(), [&](const column_mapping& mapping) {
      return mapping.role == role.name && (mapping.table.empty() || mapping.table == wanted.name) &&
             mapping.columns.size() == 1 && rows.find(mapping.columns.front());
    });
  });
}

/// A name without what people write differently.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char letter : name) {
    if (letter != '_' && letter != '-' && letter != ' ' && letter != '.')
      plain += static_cast<char>(letter >= 'A' && letter <= 'Z' ? letter - 'A' + 'a' : letter);
  }
  return plain;
}

/// Tells of columns that stand for nothing though they are called like a role: their author took them for read.
void warn_of_names(const typed_table& columns, const csv_table& rows, const table_description& table,
                   const reading& how) {
  for (std::size_t at = 0; how.warnings != nullptr && at < rows.names().size(); ++at) {
    const std::string& name = rows.names()[at];
    for (const column_description& role : table.columns) {
      if (role.name != name && plain_name(role.name) == plain_name(name) && !columns.uses(at) &&
          !columns.csv_column(role.name))
        how.warnings->push_back(rows.file() + ": column " + shortened(name) + " is not read; --map " +
                                shell_word(std::string(role.name) + "=" + name) + " makes it the " +
                                std::string(role.name));
    }
  }
}

} // namespace

std::vector<typed_input> bind_tables(std::string_view where, std::span<const table_description> tables,
                                     std::span<const table_input> inputs, const reading& how) {
  std::vector<typed_input> bound;
  std::set<std::size_t> used;
  for (const table_input& input : inputs) {
    const table_description* found = input.name.empty() && !tables.empty() ? &tables.front() : nullptr;
    std::vector<std::string_view> names;
    for (const table_description& known : tables) {
      names.push_back(known.name);
      if (known.name == input.name)
        found = &known;
    }
    if (found == nullptr && tables.empty())
      throw usage_error(std::string(where) + " takes no rows");
    if (found == nullptr)
      throw usage_error(unknown_name(where, "table", input.name, names).what());
    // Where a role is given several columns, all of them must be in one file.
    for (const column_mapping& mapping : how.mappings) {
      const bool has_one =
          std::any_of(mapping.columns.begin(), mapping.columns.end(),
                      [&](const std::string& name) { return input.rows->find(name).has_value(); });
      const bool is_here =
          std::any_of(found->columns.begin(), found->columns.end(),
                      [&](const column_description& role) { return role.name == mapping.role; }) &&
          (mapping.table.empty() || mapping.table == found->name);
      for (const column_description& role : found->columns) {
        if (is_here && role.name == mapping.role && !role.many && mapping.columns.size() > 1)
          throw usage_error("--map " + mapping.role + ": takes one column" + std::string(several_maps));
      }
      if (is_here && (has_one || inputs.size() == 1))
        refuse_missing(*input.rows, mapping);
    }
    if (input.rows->rows() == 0 && how.warnings != nullptr)
      how.warnings->push_back(input.rows->file() + ": has no rows");
    try {
      bound.push_back({found, input.rows.get(),
                       typed_table(*input.rows, found->name, found->columns, how.mappings, how.csv, used)});
      warn_of_names(bound.back().columns, *input.rows, *found, how);
    } catch (const failure& why) {
      if (!input.name.empty() || fits(*found, *input.rows, how.mappings))
        throw;
      for (const table_description& other : tables) {
        if (!fits(other, *input.rows, how.mappings))
          continue;
        std::vector<std::string> lines = why.lines();
        lines.back()
            .append("; its columns are those of table ")
            .append(other.name)
            .append(": --in ")
            .append(other.name)
            .append("=")
            .append(input.rows->file());
        throw failure(std::move(lines));
      }
      throw;
    }
  }
  refuse_unused(how.mappings, used, tables, inputs);
  return bound;
}

typed_table typed_rows(const table_description& wanted, const table_input& input, const reading& how) {
  return std::move(bind_tables(wanted.name, {&wanted, 1}, {&input, 1}, how).front().columns);
}

} // namespace emptor::tool

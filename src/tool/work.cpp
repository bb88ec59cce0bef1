// SPDX-License-Identifier: BSL-1.0
#include "work.hpp"

#include <algorithm>
#include <utility>

#include "failure.hpp"
#include "files.hpp"

namespace emptor::tool {

std::vector<table_input> read_tables(std::span<const named_file> files, const csv_dialect& dialect) {
  std::vector<table_input> tables;
  for (const named_file& file : files)
    tables.push_back(
        {file.name, std::make_shared<csv_table>(read_csv(file.path, read_file(file.path), dialect))});
  return tables;
}

std::vector<option> pick(std::span<const option> given, std::span<const option_description> described) {
  std::vector<option> picked;
  for (const option& one : given) {
    if (std::any_of(described.begin(), described.end(),
                    [&](const option_description& known) { return known.name == one.name; }))
      picked.push_back(one);
  }
  return picked;
}

void refuse_unknown(std::string_view where, std::span<const option> given,
                    std::initializer_list<std::span<const option_description>> described) {
  std::vector<std::string_view> names;
  for (const std::span<const option_description> some : described) {
    for (const option_description& known : some)
      names.push_back(known.name);
  }
  for (const option& one : given) {
    if (std::find(names.begin(), names.end(), one.name) == names.end())
      throw usage_error(names.empty() ? std::string(where) + " takes no options, so not " + one.name
                                      : unknown_name(where, "option", one.name, names).what());
  }
}

const store_description& find_store_kind(std::string_view name) {
  std::vector<std::string_view> names;
  for (const store_description* kind : store_kinds()) {
    if (kind->name == name)
      return *kind;
    names.push_back(kind->name);
  }
  throw usage_error(unknown_name("", "kind of store", name, names).what());
}

std::span<const table_description> tables_of(const store& held) {
  if (held.description().tables.empty() && held.options().has("entry"))
    return find_entry(held.options().text("entry")).description->inputs;
  return held.description().tables;
}

} // namespace emptor::tool

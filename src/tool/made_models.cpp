// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <utility>

#include "bind.hpp"
#include "failure.hpp"
#include "work.hpp"

/// Models from tables, and models in slots.
namespace emptor::tool {

namespace {

const slot_description& find_slot(const entry& what, std::string_view name) {
  std::vector<std::string_view> names;
  for (const slot_description& slot : what.description->slots) {
    if (slot.name == name)
      return slot;
    names.push_back(slot.name);
  }
  if (names.empty())
    throw usage_error(std::string(what.description->name) + " takes no models, so not " + std::string(name));
  throw usage_error(unknown_name(what.description->name, "slot", name, names).what());
}

} // namespace

std::shared_ptr<const model> make_model(const entry& what, std::span<const table_input> tables,
                                        std::span<const option> options, const reading& how) {
  const entry_description& described = *what.description;
  const std::vector<typed_input> bound = bind_tables(described.name, described.model_tables, tables, how);
  std::vector<std::vector<named_column>> columns;
  for (const typed_input& input : bound)
    columns.push_back(input.columns.columns());
  std::vector<named_table> named;
  for (std::size_t i = 0; i < bound.size(); ++i)
    named.push_back({bound[i].table->name, columns[i], bound[i].rows->rows()});
  try {
    return create_model(what, named, options);
  } catch (const error& why) {
    if (why.code() ==
        status::unknown_name) // of a parameter or level: the rows are wrong, not the command line
      throw failure(why.what());
    throw;
  }
}

bool has_slot(const entry& what, std::string_view name) noexcept {
  const auto slots = what.description->slots;
  return std::any_of(slots.begin(), slots.end(),
                     [&](const slot_description& slot) { return slot.name == name; });
}

void slot_models::add(const entry& what, const std::string& slot, std::shared_ptr<const model> filled) {
  const slot_description& known = find_slot(what, slot);
  for (const filled_slot& one : filled_) {
    if (one.name == slot)
      throw usage_error("slot " + slot + " is given twice");
  }
  models_.push_back(std::move(filled));
  filled_.push_back({known.name, models_.back().get()});
}

void slot_models::add(const entry& what, const table_input& input, const reading& how) {
  for (const std::string_view accepted : find_slot(what, input.name).accepts) {
    const entry& maker = find_entry(accepted);
    if (maker.description->model_tables.empty())
      continue;
    const table_input main{{}, input.rows};
    reading plain = how;
    plain.mappings = {};
    add(what, input.name, make_model(maker, {&main, 1}, {}, plain));
    return;
  }
  throw usage_error("slot " + input.name + " takes a model, not rows; give --model " + input.name +
                    "=MODEL.emptor");
}

} // namespace emptor::tool

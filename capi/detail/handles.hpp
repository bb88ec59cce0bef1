// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <memory>
#include <vector>

#include <emptor.h>

#include <emptor/catalogue.hpp>

#include "structures.hpp"

namespace emptor::capi {

/// The names of a class column as C reads them.
using level_pointers = std::vector<const char*>;

[[nodiscard]] inline level_pointers pointers_to(const std::vector<std::string>& levels) {
  level_pointers pointers;
  pointers.reserve(levels.size());
  for (const std::string& level : levels)
    pointers.push_back(level.c_str());
  return pointers;
}

/// What a column is, with its levels, into the caller's structure.
inline void write_info(emptor_column_info ours, const level_pointers& levels,
                       emptor_column_info* theirs) noexcept {
  ours.levels = levels.empty() ? nullptr : levels.data();
  ours.level_count = static_cast<std::int32_t>(levels.size());
  write_structure(ours, theirs, ours.struct_size);
}

/// A plan with all that it reads, for its handle and for the streams that score with it.
struct bound_plan {
  plan scores;
  std::vector<std::shared_ptr<const model>> slots;
  std::vector<level_pointers> levels; ///< by output
};

} // namespace emptor::capi

struct emptor_store {
  std::unique_ptr<emptor::store> held;
};

struct emptor_model {
  std::shared_ptr<const emptor::model> held;
};

/// Shares the tables with whoever owns them: a finish or a model.
struct emptor_result {
  std::shared_ptr<const std::vector<emptor::table>> tables;
  std::shared_ptr<const emptor::model> fitted;
};

struct emptor_table {
  std::shared_ptr<const emptor::table> held;
  std::vector<emptor::capi::level_pointers> levels; ///< by column
};

struct emptor_plan {
  std::shared_ptr<const emptor::capi::bound_plan> held;
};

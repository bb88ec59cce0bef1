// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/catalogue.hpp>

#include "arguments.hpp"
#include "csv_reader.hpp"

/// What the commands are made of: from CSV tables to stores, models and scores. Warnings go to a list of
/// lines, so that nothing here prints.
namespace emptor::tool {

/// A CSV file for a table or slot.
struct table_input {
  std::string name; ///< empty = the main table
  std::shared_ptr<const csv_table> rows;
};

/// How rows are read and what is done about bad ones.
struct reading {
  std::span<const column_mapping> mappings;
  csv_dialect csv;
  bool strict = false;
  bool every_row = false; ///< name every refused row, not only the first
  const emptor::run* how = nullptr;
  std::vector<std::string>* warnings = nullptr;
};

[[nodiscard]] std::vector<table_input> read_tables(std::span<const named_file> files,
                                                   const csv_dialect& dialect);

/// The options among `given` that are described.
[[nodiscard]] std::vector<option> pick(std::span<const option> given,
                                       std::span<const option_description> described);
/// \throws usage_error for an option that none of the descriptions has
void refuse_unknown(std::string_view where, std::span<const option> given,
                    std::initializer_list<std::span<const option_description>> described);

/// The roles that name what a row is, the first that a table has: in one of settlements, `document` is what they
/// settle, and in one of disputes what they are about.
inline constexpr std::string_view key_roles[] = {"settlement", "dispute",  "security",
                                                 "promise",    "document", "customer"};

[[nodiscard]] const store_description& find_store_kind(std::string_view name);
/// The tables of a store; those of `rows` are the input tables of the entry that its options name.
[[nodiscard]] std::span<const table_description> tables_of(const store& held);

struct push_outcome {
  std::vector<std::string> counts; ///< one line per file: what became of its rows
  std::int64_t conflicts = 0;
  bool repeats_count_twice = false; ///< some rows carried no document
  std::int64_t without_currency =
      0; ///< rows taken in with an amount and no currency, where the store has no default
};
/// What is to be said of those rows when a store is made; empty where there are none. \param how_to  set a default
[[nodiscard]] std::string currency_assumed(const store& made, const push_outcome& pushed,
                                           const std::string& how_to);
/// Pushes all tables. \throws failure where no row is left, or one is refused in strict mode
push_outcome push_tables(store& into, std::span<const table_input> tables, const reading& how);

/// A model from tables; without a name the input is the first one.
[[nodiscard]] std::shared_ptr<const model> make_model(const entry& what, std::span<const table_input> tables,
                                                      std::span<const option> options, const reading& how);

/// Models in slots, and what keeps them alive.
class slot_models {
public:
  void add(const entry& what, const std::string& slot, std::shared_ptr<const model> filled);
  /// From the CSV file of a slot: a small model of the entry that the slot accepts and that has tables.
  void add(const entry& what, const table_input& input, const reading& how);
  [[nodiscard]] const std::vector<filled_slot>& filled() const noexcept { return filled_; }

private:
  std::vector<std::shared_ptr<const model>> models_;
  std::vector<std::unique_ptr<std::string>> names_;
  std::vector<filled_slot> filled_;
};
[[nodiscard]] bool has_slot(const entry& what, std::string_view name) noexcept;

struct score_task {
  const entry* what = nullptr;
  std::shared_ptr<const model> self;
  std::span<const filled_slot> slots;
  std::vector<option> options;
  std::vector<std::string> only;
  std::vector<std::string> keep;
  bool row_status = false;
};
/// The table of scores. `all_refused` tells that there were rows and each was refused.
[[nodiscard]] table score_table(const score_task& task, const table_input& input, const reading& how,
                                bool& all_refused);

} // namespace emptor::tool

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/entry.hpp>

/// The compiled library's interface (`emptor::emptor`): every capability by its name, without templates. The
/// C ABI, the tool and all languages are built on this page alone.
namespace emptor {

/// Version of the library, such as "0.1.0".
[[nodiscard]] std::string_view library_version() noexcept;

/// All entries, sorted by name.
[[nodiscard]] std::span<const entry* const> catalogue() noexcept;
/// \throws error status::unknown_name, with the nearest known name
[[nodiscard]] const entry& find_entry(std::string_view name);

/// All kinds of stores.
[[nodiscard]] std::span<const store_description* const> store_kinds() noexcept;

/// The description as JSON: one entry or store kind, or all of the catalogue as
/// `{"version":..., "entries":[...], "stores":[...]}`. Stable keys.
[[nodiscard]] std::string describe(const entry& what);
[[nodiscard]] std::string describe(const store_description& what);
[[nodiscard]] std::string describe_all();

/// \throws error status::unknown_name, status::option
[[nodiscard]] std::unique_ptr<store> make_store(std::string_view kind, std::span<const option> options);

/// Runs a reduce or a fit. \param from null where the entry needs no store
/// \param keys only these customers; nullopt = all. \throws error
[[nodiscard]] result finish(const entry& what, const store* from, std::span<const option> options,
                            std::span<const filled_slot> slots, std::optional<std::vector<std::string>> keys,
                            const run& how);

/// A model from its tables (parameters, rules). Columns are taken under the names of the description; what it
/// does not name is refused. \throws error
struct named_table {
  std::string_view name;
  std::span<const named_column> columns;
  std::int64_t rows = 0;
};
[[nodiscard]] std::shared_ptr<const model>
create_model(const entry& what, std::span<const named_table> tables, std::span<const option> options);

/// Model and store files: one container format, described in src/container.cpp.
[[nodiscard]] std::vector<std::byte> save(const model& what);
[[nodiscard]] std::vector<std::byte> save(const store& what);
/// \throws error status::format for damaged bytes, status::version for a newer format, status::mismatch for
/// the other
///         kind of file
[[nodiscard]] std::shared_ptr<const model> load_model(std::span<const std::byte> bytes);
[[nodiscard]] std::unique_ptr<store> load_store(std::span<const std::byte> bytes);

/// A model as text. "json" is there for every model and reads back to the same bits.
[[nodiscard]] std::string export_model(const model& what, std::string_view format);
[[nodiscard]] std::shared_ptr<const model> import_model(std::string_view text, std::string_view format);

/// A column that the caller will score from: its name is fixed when the plan is made, its memory at each
/// call.
struct bound_column {
  std::string name;
  dtype type = dtype::float64;
};

/// Caller's memory for one output. Types: float64 or float32 for numbers, int32 for codes, date32 for days,
/// money or int64 for amounts, boolean for booleans. Null values are NaN or zero, with their validity bit
/// cleared.
struct [[gnu::may_alias]] output_memory {
  void* data = nullptr;
  std::int64_t stride_bytes = 0;
  std::uint8_t* validity = nullptr; ///< optional bitmap from bit 0, (rows + 7) / 8 bytes
  dtype type = dtype::float64;
};

struct output_info {
  std::string name;
  std::string unit;
  content what = content::number;
  dtype type = dtype::float64; ///< the natural type of its values
  std::vector<std::string> levels;
  std::int32_t decimals = 0; ///< of money
};

/// Names bound once, rows scored many times. Const and shared by threads.
class plan {
public:
  /// \param what an entry that scores; \param self its model, null where it needs none
  /// \param only the outputs wanted, in this order; empty = all
  /// \throws error status::schema for a missing or unreadable column, status::unknown_name, status::option
  plan(const entry& what, const std::shared_ptr<const model>& self, std::span<const filled_slot> slots,
       std::span<const bound_column> schema, std::span<const option> options,
       std::span<const std::string> only);
  ~plan();
  plan(const plan&) = delete;
  plan& operator=(const plan&) = delete;

  [[nodiscard]] const std::vector<output_info>& outputs() const noexcept;
  /// The columns that it was made for, in their order.
  [[nodiscard]] const std::vector<bound_column>& schema() const noexcept;

  /// Scores `rows` rows. Rows that have no number get null and a status, and never stop the others; the refused
  /// ones, `is_refusal`, are counted in `bad_rows`, and with `strict` the first of them is an error. On the calling thread it neither allocates nor
  /// throws, unless something is refused or more than one thread is asked for. \param columns in the order of
  /// the schema; one of type null may stand for any. \param statuses one byte per row or null \param first_row what
  /// the first row counts as in an error, where these rows are one of many batches
  void score(std::span<const column_view> columns, std::int64_t rows, std::span<const output_memory> outputs,
             row_status* statuses, std::int64_t* bad_rows, bool strict, const run& how,
             std::int64_t first_row = 0) const;

private:
  struct state;
  std::unique_ptr<const state> state_;
};

} // namespace emptor

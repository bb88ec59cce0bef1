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

#include <emptor/core/describe.hpp>
#include <emptor/core/kernel.hpp>
#include <emptor/core/options.hpp>
#include <emptor/core/run.hpp>
#include <emptor/core/store.hpp>
#include <emptor/core/table.hpp>
#include <emptor/core/units.hpp>

namespace emptor {

/// What a fit found or `model create` was given: the entry that understands it, its options, and named
/// tables. It is const once made and may be shared by threads. Every model is this one type; what its tables
/// mean is the entry's.
struct model {
  std::string entry;
  std::vector<option> options;
  std::vector<table> tables;
  std::string made_by; ///< version of emptor that fitted or made it

  [[nodiscard]] const table* find(std::string_view table_name) const noexcept {
    for (const table& held : tables) {
      if (held.name() == table_name)
        return &held;
    }
    return nullptr;
  }
  [[nodiscard]] std::string_view option_text(std::string_view option_name) const noexcept {
    for (const option& held : options) {
      if (held.name == option_name)
        return held.value;
    }
    return {};
  }
  /// The time unit of its scales; `none` where it was fitted or made without.
  [[nodiscard]] time_unit unit() const noexcept {
    return parse_time_unit(option_text("unit")).value_or(time_unit::none);
  }
  friend bool operator==(const model&, const model&) = default;
};

struct filled_slot {
  std::string_view name;
  const emptor::model* model = nullptr;
};

/// What `finish` may look at. `keys` limits the answer to these customers; empty `keys` means all of them.
struct finish_request {
  const emptor::store* from = nullptr; ///< null where the entry has no store
  option_values options;
  std::vector<filled_slot> slots;
  std::optional<std::vector<std::string>> keys;
  const emptor::run& how;

  /// The store, as the kind that an entry finishes from; `emptor::finish` lets no other one through.
  /// \throws error status::mismatch
  template <class Kind>
  [[nodiscard]] const Kind& stored() const {
    if (const auto* const held = dynamic_cast<const Kind*>(from))
      return *held;
    throw error(status::mismatch, from == nullptr ? "there is no store to finish from"
                                                  : "this does not finish from a store of kind " +
                                                        std::string(from->description().name));
  }
  [[nodiscard]] const emptor::model* slot(std::string_view name) const noexcept {
    for (const filled_slot& filled : slots) {
      if (filled.name == name)
        return filled.model;
    }
    return nullptr;
  }
};

/// The named tables of the description's outputs, and for a fit its model.
struct result {
  std::vector<table> tables;
  std::shared_ptr<const model> fitted;
};

/// Rows that a scorer is called with at once: small enough that all columns stay in the first-level cache.
inline constexpr std::int64_t rows_per_block = 256;

/// Some rows, read and checked. Per input one of the three pointers is set by its content (amount: minor
/// units, text: text, all others: number, days as whole numbers); all three are null for an optional input
/// that the caller did not bind. Rows whose status is not ok have unspecified values; what is written for
/// them is discarded.
struct score_block {
  struct input {
    const double* number = nullptr;
    const std::int64_t* amount = nullptr;
    const std::string_view* text = nullptr;
  };
  struct output {
    double* number = nullptr;       ///< NaN = null; codes and days as whole numbers
    std::int64_t* amount = nullptr; ///< `no_amount` = null
  };
  std::int64_t rows = 0;
  std::span<const input> inputs; ///< in the order of the description
  std::span<const output>
      outputs; ///< in the order of the description; pointers are null for outputs nobody asked for
  row_status* status = nullptr;
  void* memory = nullptr; ///< scorer::memory_bytes(), see kernel::run; null: none
};

/// The input that a scorer refuses a row for, and what it must be.
struct input_fault {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t input = none; ///< of the block
  std::string must_be{};
};

/// Some rows as their owner keeps them, for a scorer that needs no more than to compare them: nothing is widened to doubles.
/// Each input that is there is in one of the two forms; whatever column cannot be taken as it stands (values apart from each other, nulls)
/// comes as singles. All of them are finite numbers, or missing.
struct stored_block {
  std::int64_t rows = 0;
  std::span<const float* const> singles; ///< in the order of the description; infinity = missing
  std::span<const std::uint8_t* const> bytes;
  std::span<const score_block::output> outputs;
};

/// A model and options turned into what scores rows. Const, shared by threads, never allocates, never throws.
class scorer {
public:
  scorer() = default;
  scorer(const scorer&) = delete;
  scorer& operator=(const scorer&) = delete;
  scorer(scorer&&) = delete;
  scorer& operator=(scorer&&) = delete;
  virtual ~scorer() = default;

  virtual void score(const score_block& block) const noexcept = 0;
  /// Whether it asks for rows as they are stored. It may where all columns are of float32 or uint8, the description has numbers
  /// of any size for them and no rule.
  [[nodiscard]] virtual bool reads_stored() const noexcept { return false; }
  /// \return whether each row has its numbers, the same bits as from `score`; if not, `score` has to say which have not
  [[nodiscard]] virtual bool score_stored(const stored_block& /*block*/) const noexcept { return false; }
  /// Whether it knows that the rule of the description finds no fault in any row of a block, whose numbers are each in
  /// their domain; then nobody asks the rule row by row.
  [[nodiscard]] virtual bool rule_holds(const score_block& /*block*/) const noexcept { return false; }
  /// What it can use to remember from one block to the next, so that equal things are not worked out twice; what it
  /// gives is the same without.
  [[nodiscard]] virtual std::size_t memory_bytes() const noexcept { return 0; }
  /// Names of the codes of an output, where they come from the model and not from the description.
  [[nodiscard]] virtual std::vector<std::string> levels(std::size_t /*output*/) const { return {}; }
  /// The texts of an input that it knows, where a row with another one is refused as `unknown_level` or `currency`.
  [[nodiscard]] virtual std::vector<std::string> known_texts(std::size_t /*input*/) const { return {}; }
  /// Whether it reads an input with the options that it has. What it does not read refuses no row.
  [[nodiscard]] virtual bool reads(std::size_t /*input*/) const noexcept { return true; }
  /// Which input it refuses the only row of a block for, so that a message can name it; none where no single one is at fault.
  [[nodiscard]] virtual input_fault fault_of(const score_block& /*row*/) const { return {}; }
};

struct score_request {
  const emptor::model* self = nullptr; ///< null for entries that score without a model
  option_values options;               ///< of the score description
  std::vector<filled_slot> slots;
  std::vector<std::string> inputs;     ///< names of the block's inputs, labels included
  std::vector<bool> given = {};        ///< per input: whether there is a column for it
  std::vector<dtype> types = {};       ///< per input: of its column; `none` where there is none
  std::vector<bool> wanted;            ///< per output of the description: whether the caller asked for it
  kernel wide = {};                    ///< the entry's kernel for this machine; empty = the baseline one
  stored_kernel wide_stored = nullptr; ///< the same of rows as they are stored
};

/// A capability as the catalogue holds it: its description, and the functions that its verb and description
/// promise.
struct entry {
  const entry_description* description = nullptr;
  /// reduce and fit. \throws error
  result (*finish)(const finish_request& request) = nullptr;
  /// Refuses model tables that make no model; called by `model create` and after every load. \throws error
  void (*check_model)(const model& made) = nullptr;
  /// \throws error status::option where the options make the question meaningless
  std::unique_ptr<scorer> (*bind)(const score_request& request) = nullptr;
  /// The model in one of the formats that the description names besides json. \throws error where it cannot say the model
  std::string (*export_text)(const model& made, std::string_view format) = nullptr;
};

} // namespace emptor

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>

#include <emptor/stats/ledger_data.hpp>
#include <emptor/stats/row_blocks.hpp>

namespace emptor::stats {

/// Reads the rows of a push into records of one kind.
template <class Record>
class record_push {
public:
  record_push(block_reader& blocks, currency usual, ledger_data& into)
      : blocks_(blocks)
      , usual_(code_of(usual))
      , into_(into)
      , columns_(columns_in(blocks, std::make_index_sequence<field_count>{})) {}

  [[nodiscard]] push_report read() {
    return blocks_.read([this] { check(); }, [this](std::span<const std::size_t> good) { keep(good); });
  }

private:
  static constexpr auto fields = Record::fields();
  static constexpr std::size_t field_count = std::tuple_size_v<decltype(Record::fields())>;
  using numbers = std::array<std::uint32_t, rows_per_block>;

  template <std::size_t... Fields>
  [[nodiscard]] static std::array<const block_column*, field_count>
  columns_in(const block_reader& blocks, std::index_sequence<Fields...> /*all*/) {
    return {blocks.find(std::get<Fields>(fields).name)...};
  }
  /// Calls `visit(field, column, place)` for each field; of a column that is not there it is null.
  template <class Visit>
  void for_each(const Visit& visit) const {
    std::apply(
        [&](const auto&... field) {
          std::size_t place = 0;
          ((visit(field, columns_[place], place), ++place), ...);
        },
        fields);
  }

  /// Reads what is not a text. \return why it cannot be read
  template <class Field>
  [[nodiscard]] row_status read(const Field& /*a text*/, const block_column* /*column*/, std::size_t /*i*/,
                                Record& /*into*/) const noexcept {
    return row_status::ok;
  }
  [[nodiscard]] row_status read(const revision_field<Record>& field, const block_column* column,
                                std::size_t i, Record& into) const noexcept {
    into.*field.at = block_column::count_at(column, i);
    return row_status::ok;
  }
  [[nodiscard]] row_status read(const amount_field<Record>& field, const block_column* column, std::size_t i,
                                Record& into) const noexcept {
    into.*field.at = column->wholes[i];
    return row_status::ok;
  }
  /// The reader has checked the column `currency`; of others nobody has.
  [[nodiscard]] row_status read(const currency_field<Record>& field, const block_column* column,
                                std::size_t i, Record& into) const noexcept {
    into.*field.at = usual_;
    if (!block_column::has(column, i))
      return row_status::ok;
    const std::optional<currency> named = currency::parse(column->keys[i].text);
    if (!named)
      return row_status::currency;
    into.*field.at = code_of(*named);
    return row_status::ok;
  }
  [[nodiscard]] row_status read(const day_field<Record>& field, const block_column* column, std::size_t i,
                                Record& into) const noexcept {
    into.*field.at = column == nullptr ? no_day : column->days[i];
    return row_status::ok;
  }
  template <class Code>
  [[nodiscard]] row_status read(const code_field<Record, Code>& field, const block_column* column,
                                std::size_t i, Record& into) const noexcept {
    if (block_column::has(column, i))
      into.*field.at = static_cast<Code>(column->numbers[i]);
    return row_status::ok;
  }
  [[nodiscard]] row_status read(const decimal_field<Record>& field, const block_column* column, std::size_t i,
                                Record& into) const noexcept {
    if (column == nullptr)
      return row_status::ok;
    const row_status status = read_decimal(*column->input.column, blocks_.row(i), into.*field.at);
    return status == row_status::missing && field.optional ? row_status::ok : status;
  }

  /// Refuses the rows that are fine column by column and are not together.
  void check() {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      if (!blocks_.is_fine(i))
        continue;
      Record one;
      for_each([&](const auto& field, const block_column* column, std::size_t /*place*/) {
        if (!blocks_.is_fine(i))
          return;
        if (const row_status status = read(field, column, i, one); status != row_status::ok)
          refuse(i, field.name, status,
                 status == row_status::not_exact ? "a decimal of at most 12 digits behind the point"
                                                 : must_be(status));
      });
      if (!blocks_.is_fine(i))
        continue;
      if (const record_fault fault = one.contradiction(); !fault.column.empty())
        refuse(i, fault.column, row_status::inconsistent, fault.must_be);
    }
  }
  void refuse(std::size_t i, std::string_view column, row_status status, std::string_view wanted) {
    blocks_.refuse(i, status,
                   [&] { return blocks_.refusal(i, column, blocks_.shown_in(i, column, status), wanted); });
  }

  void keep(std::span<const std::size_t> good) {
    std::array<numbers, field_count> texts;
    for_each([&](const auto& field, const block_column* column, std::size_t place) {
      texts[place].fill(ledger_data::no_text);
      if (column == nullptr)
        return;
      if constexpr (requires { field.pool; })
        blocks_.intern(*column, good, into_.*field.pool, texts[place].data());
    });
    std::string packed;
    for (std::size_t k = 0; k < good.size(); ++k) {
      const std::size_t i = good[k];
      Record one;
      for_each([&](const auto& field, const block_column* column, std::size_t place) {
        if constexpr (requires { field.pool; })
          one.*field.at = texts[place][k];
        else
          (void)read(field, column, i, one);
      });
      if constexpr (requires { one.attributes; }) {
        packed.clear();
        for (const block_column& column : blocks_.columns()) {
          if (column.input.described->many && block_column::has(&column, i))
            ledger_data::pack(packed, column.input.label, column.keys[i].text);
        }
        if (!packed.empty())
          one.attributes = into_.attributes.intern(id_pool::key_of(packed));
      }
      set_key(one, into_);
      blocks_.tally(i, into_.add(one));
    }
  }

  block_reader& blocks_;
  currency_code usual_;
  ledger_data& into_;
  std::array<const block_column*, field_count> columns_;
};

} // namespace emptor::stats

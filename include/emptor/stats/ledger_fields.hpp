// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <tuple>

#include <emptor/core/date.hpp>
#include <emptor/core/decimal.hpp>
#include <emptor/stats/ledger_pools.hpp>

/// What a record of the ledger consists of: each kind of record lists its columns once, as fields, and reading,
/// comparing, merging, saving and loading are made from that list.
namespace emptor::stats {

/// An id or another text, as its number in a pool.
template <class Record>
struct text_field {
  std::string_view name;
  std::uint32_t Record::*at;
  ledger_pools::pool pool;
  bool optional = false;
  bool is_key = false; ///< the column that tells records apart
};
template <class Record>
struct revision_field {
  std::string_view name;
  std::int64_t Record::*at;
};
/// Minor units of the record's currency, never negative.
template <class Record>
struct amount_field {
  std::string_view name;
  std::int64_t Record::*at;
};
template <class Record>
struct currency_field {
  std::string_view name;
  currency_code Record::*at;
  bool optional = true; ///< the usual currency where it is missing
};
/// A day; where it is missing `no_day`.
template <class Record>
struct day_field {
  std::string_view name;
  std::int32_t Record::*at;
  bool optional = false;
};
/// A class; where it is missing the value 255 of its enumeration.
template <class Record, class Code>
struct code_field {
  std::string_view name;
  Code Record::*at;
  std::span<const std::string_view> levels;
  bool optional = false;
};
/// A decimal above 0; where it is missing what a fresh record has.
template <class Record>
struct decimal_field {
  std::string_view name;
  exact_decimal Record::*at;
  bool optional = false;
};
template <class Record>
struct attributes_field {
  std::string_view name;
  std::uint32_t Record::*at;
};

/// Calls `visit` with each field of a record.
template <class Record, class Visit>
constexpr void for_each_field(const Visit& visit) {
  std::apply([&](const auto&... fields) { (visit(fields), ...); }, Record::fields());
}

/// What a record says, in an order that does not depend on what came first: texts are compared, not their numbers.
template <class Record>
class record_content {
public:
  record_content(const ledger_pools& pools, const Record& of) noexcept
      : pools_(pools)
      , of_(of) {}

  friend bool operator<(const record_content& left, const record_content& right) noexcept {
    int order = 0;
    for_each_field<Record>([&](const auto& field) {
      if (order == 0)
        order = left.compare(field, right);
    });
    return order < 0;
  }

private:
  template <class Value>
  [[nodiscard]] static int order_of(const Value& left, const Value& right) noexcept {
    return left < right ? -1 : right < left ? 1 : 0;
  }
  template <class Field>
  [[nodiscard]] int compare(const Field& field, const record_content& other) const noexcept {
    return order_of(of_.*field.at, other.of_.*field.at);
  }
  [[nodiscard]] int compare(const text_field<Record>& field, const record_content& other) const noexcept {
    return order_of(pools_.text(field.pool, of_.*field.at),
                    other.pools_.text(field.pool, other.of_.*field.at));
  }
  [[nodiscard]] int compare(const attributes_field<Record>& field,
                            const record_content& other) const noexcept {
    return order_of(pools_.text(&ledger_pools::attributes, of_.*field.at),
                    other.pools_.text(&ledger_pools::attributes, other.of_.*field.at));
  }
  [[nodiscard]] int compare(const decimal_field<Record>& field, const record_content& other) const noexcept {
    const exact_decimal& left = of_.*field.at;
    const exact_decimal& right = other.of_.*field.at;
    return left.scale != right.scale ? order_of(left.scale, right.scale) : order_of(left.value, right.value);
  }

  const ledger_pools& pools_;
  const Record& of_;
};

} // namespace emptor::stats

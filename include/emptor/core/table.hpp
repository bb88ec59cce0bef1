// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <emptor/core/column.hpp>

namespace emptor {

/// A borrowed column under the name by which an entry or a store knows it. Where a role takes many columns,
/// the name is `role:label`, such as `attributes:channel`.
struct named_column {
  std::string_view name;
  column_view values;
};

/// Texts back to back, with their offsets.
class text_buffer {
public:
  void push_back(std::string_view text) {
    bytes_.append(text);
    try {
      offsets_.push_back(static_cast<std::int64_t>(bytes_.size()));
    } catch (...) {
      bytes_.resize(static_cast<std::size_t>(offsets_.back()));
      throw;
    }
  }
  void clear() noexcept { truncate(0); }
  /// Keeps the first `count` texts; `count` must not be more than there are.
  void truncate(std::int64_t count) noexcept {
    offsets_.resize(static_cast<std::size_t>(count) + 1);
    bytes_.resize(static_cast<std::size_t>(offsets_.back()));
  }
  [[nodiscard]] std::int64_t size() const noexcept { return static_cast<std::int64_t>(offsets_.size()) - 1; }
  [[nodiscard]] std::string_view operator[](std::int64_t i) const noexcept {
    const auto first = offsets_[static_cast<std::size_t>(i)];
    return std::string_view(bytes_).substr(
        static_cast<std::size_t>(first),
        static_cast<std::size_t>(offsets_[static_cast<std::size_t>(i) + 1] - first));
  }
  [[nodiscard]] const char* bytes() const noexcept { return bytes_.data(); }
  [[nodiscard]] const std::int64_t* offsets() const noexcept { return offsets_.data(); }
  friend bool operator==(const text_buffer&, const text_buffer&) = default;

private:
  std::string bytes_;
  std::vector<std::int64_t> offsets_{0};
};

/// A column that emptor made. Its values stay where they are as long as it lives; `view` lends them without a
/// copy. Doubles are numbers, 64-bit integers counts or minor units, 32-bit integers days or codes, bytes
/// booleans or row statuses. What a missing value holds: NaN, `no_amount`, -1 of a code, `no_day`, false, or the text that
/// was there.
class column {
public:
  using storage = std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::int32_t>,
                               std::vector<std::uint8_t>, text_buffer>;

  column() = default;
  column(std::string name, dtype type, storage values, std::string unit = {}, std::int32_t decimals = 0)
      : name_(std::move(name))
      , unit_(std::move(unit))
      , type_(type)
      , decimals_(decimals)
      , values_(std::move(values)) {}

  [[nodiscard]] static column numbers(std::string name, std::vector<double> values, std::string unit = {}) {
    return {std::move(name), dtype::float64, std::move(values), std::move(unit)};
  }
  [[nodiscard]] static column integers(std::string name, std::vector<std::int64_t> values,
                                       std::string unit = {}) {
    return {std::move(name), dtype::int64, std::move(values), std::move(unit)};
  }
  /// Minor units; `unit` is the currency where there is one for the whole column.
  [[nodiscard]] static column amounts(std::string name, std::vector<std::int64_t> minor_units, int decimals,
                                      std::string unit = {}) {
    return {std::move(name), dtype::money, std::move(minor_units), std::move(unit), decimals};
  }
  [[nodiscard]] static column days(std::string name, std::vector<std::int32_t> values) {
    return {std::move(name), dtype::date32, std::move(values)};
  }
  /// Codes 0 to levels - 1 with their names.
  [[nodiscard]] static column codes(std::string name, std::vector<std::int32_t> values,
                                    std::span<const std::string_view> levels) {
    column made{std::move(name), dtype::int32, std::move(values)};
    made.levels_.assign(levels.begin(), levels.end());
    return made;
  }
  /// \param levels  that are known only now
  [[nodiscard]] static column codes(std::string name, std::vector<std::int32_t> values,
                                    std::vector<std::string> levels) {
    column made{std::move(name), dtype::int32, std::move(values)};
    made.levels_ = std::move(levels);
    return made;
  }
  [[nodiscard]] static column booleans(std::string name, std::vector<std::uint8_t> values) {
    return {std::move(name), dtype::boolean, std::move(values)};
  }
  [[nodiscard]] static column texts(std::string name, text_buffer values) {
    return {std::move(name), dtype::large_utf8, std::move(values)};
  }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& unit() const noexcept { return unit_; }
  [[nodiscard]] dtype type() const noexcept { return type_; }
  /// Decimals of minor units (money columns).
  [[nodiscard]] std::int32_t decimals() const noexcept { return decimals_; }
  /// The names of the codes of a class column; empty for others.
  [[nodiscard]] const std::vector<std::string>& levels() const noexcept { return levels_; }
  void set_levels(std::vector<std::string> levels) { levels_ = std::move(levels); }
  [[nodiscard]] const std::vector<std::uint8_t>& validity() const noexcept { return validity_; }
  void set_validity(std::vector<std::uint8_t> bits) {
    validity_ = std::move(bits);
    for (std::int64_t row = 0; !validity_.empty() && row < size(); ++row) {
      if (!is_valid(row))
        clear(row);
    }
  }
  [[nodiscard]] const storage& values() const noexcept { return values_; }

  [[nodiscard]] std::int64_t size() const noexcept {
    return std::visit([](const auto& held) { return static_cast<std::int64_t>(held.size()); }, values_);
  }
  [[nodiscard]] bool is_valid(std::int64_t row) const noexcept { return view().is_valid(row); }
  void set_missing(std::int64_t row) {
    if (validity_.empty()) {
      validity_.assign(static_cast<std::size_t>((size() + 7) / 8), 0xFF);
      if (size() % 8 != 0) // bits behind the last row are 0, so that equal columns have equal bytes
        validity_.back() = static_cast<std::uint8_t>((1U << (size() % 8)) - 1U);
    }
    validity_[static_cast<std::size_t>(row >> 3)] &= static_cast<std::uint8_t>(~(1U << (row & 7)));
    clear(row);
  }

  /// This column without a value where it holds what a missing one does: NaN, `no_amount`, `no_day` or -1 of a code.
  [[nodiscard]] column or_none() && {
    for (std::int64_t row = 0; row < size(); ++row) {
      if (holds_none(static_cast<std::size_t>(row)))
        set_missing(row);
    }
    return std::move(*this);
  }

  template <class T>
  [[nodiscard]] const std::vector<T>& as() const {
    return std::get<std::vector<T>>(values_);
  }
  [[nodiscard]] const text_buffer& text() const { return std::get<text_buffer>(values_); }

  [[nodiscard]] column_view view() const noexcept {
    column_view seen;
    seen.type = type_;
    seen.unit = decimals_;
    seen.validity = validity_.empty() ? nullptr : validity_.data();
    seen.stride_bytes = width_of(type_);
    if (const auto* held = std::get_if<text_buffer>(&values_)) {
      seen.data = held->bytes();
      seen.aux = held->offsets();
      seen.aux_length = held->size() + 1;
    } else {
      std::visit(
          [&seen](const auto& values) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(values)>, text_buffer>)
              seen.data = values.data();
          },
          values_);
    }
    return seen;
  }
  /// Byte for byte the same: numbers are compared by their bits, so that a NaN equals itself.
  friend bool operator==(const column& left, const column& right) noexcept {
    if (left.name_ != right.name_ || left.unit_ != right.unit_ || left.type_ != right.type_ ||
        left.decimals_ != right.decimals_ || left.levels_ != right.levels_ ||
        left.validity_ != right.validity_ || left.size() != right.size())
      return false;
    if (const auto* numbers = std::get_if<std::vector<double>>(&left.values_))
      return numbers->empty() ||
             std::memcmp(numbers->data(), std::get<std::vector<double>>(right.values_).data(),
                         numbers->size() * sizeof(double)) == 0;
    return left.values_ == right.values_;
  }

private:
  [[nodiscard]] bool holds_none(std::size_t at) const noexcept {
    if (const auto* numbers = std::get_if<std::vector<double>>(&values_))
      return std::isnan((*numbers)[at]);
    if (const auto* wholes = std::get_if<std::vector<std::int64_t>>(&values_))
      return (*wholes)[at] == no_amount;
    if (const auto* codes_or_days = std::get_if<std::vector<std::int32_t>>(&values_))
      return (*codes_or_days)[at] == (type_ == dtype::date32 ? no_day : -1);
    return false;
  }
  /// So that who does not look at the validity sees at once that there is nothing.
  void clear(std::int64_t row) {
    const auto at = static_cast<std::size_t>(row);
    if (auto* numbers = std::get_if<std::vector<double>>(&values_))
      (*numbers)[at] = std::numeric_limits<double>::quiet_NaN();
    else if (auto* wholes = std::get_if<std::vector<std::int64_t>>(&values_))
      (*wholes)[at] = no_amount;
    else if (auto* codes_or_days = std::get_if<std::vector<std::int32_t>>(&values_))
      (*codes_or_days)[at] = type_ == dtype::date32 ? no_day : -1;
    else if (auto* bytes = std::get_if<std::vector<std::uint8_t>>(&values_))
      (*bytes)[at] = 0;
  }

  std::string name_;
  std::string unit_;
  dtype type_ = dtype::float64;
  std::int32_t decimals_ = 0;
  std::vector<std::string> levels_;
  std::vector<std::uint8_t> validity_;
  storage values_;
};

/// Decimals of the money in each row of a column, see `table::decimals_of`. It borrows from the table.
class row_decimals {
public:
  /// The same in each row.
  explicit row_decimals(int always) noexcept
      : last_(always) {}
  /// Those of the row's currency.
  explicit row_decimals(const text_buffer& currencies)
      : currencies_(&currencies)
      , last_(currency{}.decimals()) {}

  [[nodiscard]] bool by_row() const noexcept { return currencies_ != nullptr; }
  /// Rows next to each other mostly have the same currency, which is read once for all of them.
  [[nodiscard]] int operator[](std::int64_t row) {
    if (currencies_ == nullptr)
      return last_;
    if (const std::string_view code = (*currencies_)[row]; code != code_) {
      code_ = code;
      last_ = currency::parse(code).value_or(currency{}).decimals();
    }
    return last_;
  }

private:
  const text_buffer* currencies_ = nullptr;
  std::string_view code_;
  int last_;
};

/// Columns of one length under one name.
class table {
public:
  table() = default;
  explicit table(std::string name)
      : name_(std::move(name)) {}
  table(std::string name, std::vector<column> columns)
      : name_(std::move(name))
      , columns_(std::move(columns)) {}

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::vector<column>& columns() const noexcept { return columns_; }
  [[nodiscard]] std::int64_t rows() const noexcept { return columns_.empty() ? 0 : columns_.front().size(); }
  void add(column made) { columns_.push_back(std::move(made)); }
  [[nodiscard]] const column* find(std::string_view column_name) const noexcept {
    for (const column& candidate : columns_) {
      if (candidate.name() == column_name)
        return &candidate;
    }
    return nullptr;
  }
  /// \throws error status::schema where the table has no such column.
  [[nodiscard]] const column& at(std::string_view column_name) const {
    if (const column* found = find(column_name))
      return *found;
    throw error(status::schema, "table " + name_ + " has no column " + std::string(column_name));
  }
  /// Decimals of the money that a column has in each row: the column's, or those of the row's currency, where the
  /// table has a column `currency`. To be made once for all rows. \since 0.1
  [[nodiscard]] row_decimals decimals_of(const column& of) const {
    if (of.decimals() != decimals_of_row)
      return row_decimals(of.decimals());
    const column* currencies = find("currency");
    if (currencies == nullptr || currencies->type() != dtype::large_utf8)
      return row_decimals(currency{}.decimals());
    return row_decimals(currencies->text());
  }
  [[nodiscard]] std::vector<named_column> views() const {
    std::vector<named_column> seen;
    for (const column& held : columns_)
      seen.push_back({held.name(), held.view()});
    return seen;
  }
  friend bool operator==(const table&, const table&) = default;

private:
  std::string name_;
  std::vector<column> columns_;
};

} // namespace emptor

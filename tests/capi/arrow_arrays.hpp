// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor_arrow.h>

#include "c_rows.hpp"

/// A producer and a consumer of Arrow, written after the specification alone. An array here owns what it lends, and
/// counts how often it was released.
namespace emptor::test {

using optional_texts = std::vector<std::optional<std::string>>;

template <class T>
inline constexpr const char* arrow_format = "";
template <>
inline constexpr const char* arrow_format<std::int8_t> = "c";
template <>
inline constexpr const char* arrow_format<std::uint8_t> = "C";
template <>
inline constexpr const char* arrow_format<std::int16_t> = "s";
template <>
inline constexpr const char* arrow_format<std::uint16_t> = "S";
template <>
inline constexpr const char* arrow_format<std::int32_t> = "i";
template <>
inline constexpr const char* arrow_format<std::uint32_t> = "I";
template <>
inline constexpr const char* arrow_format<std::int64_t> = "l";
template <>
inline constexpr const char* arrow_format<std::uint64_t> = "L";
template <>
inline constexpr const char* arrow_format<float> = "f";
template <>
inline constexpr const char* arrow_format<double> = "g";

/// An array with all that belongs to it. Its fields may be bent before it is lent.
class hand_array {
public:
  std::string format;
  std::string name;
  std::int64_t length = 0;
  std::int64_t null_count = -1;
  std::int64_t offset = 0;
  std::vector<std::optional<std::vector<std::byte>>> buffers; ///< nothing: a null pointer
  std::vector<hand_array> children;
  std::vector<hand_array> dictionary; ///< one or none

  template <class T>
  [[nodiscard]] static hand_array of(const std::vector<T>& values,
                                     const std::string& format = arrow_format<T>,
                                     const std::vector<bool>& valid = {}) {
    hand_array made;
    made.format = format;
    made.length = static_cast<std::int64_t>(values.size());
    made.buffers = {bits(valid), bytes(values)};
    return made;
  }
  [[nodiscard]] static hand_array booleans(const std::vector<bool>& values,
                                           const std::vector<bool>& valid = {}) {
    hand_array made;
    made.format = "b";
    made.length = static_cast<std::int64_t>(values.size());
    made.buffers = {bits(valid), values.empty() ? std::vector<std::byte>{} : *bits(values)};
    return made;
  }
  template <class Offset = std::int32_t>
  [[nodiscard]] static hand_array texts(const optional_texts& values) {
    std::vector<Offset> offsets{0};
    std::vector<char> text;
    for (const auto& one : values) {
      if (one)
        text.insert(text.end(), one->begin(), one->end());
      offsets.push_back(static_cast<Offset>(text.size()));
    }
    hand_array made = of(offsets, sizeof(Offset) == 4 ? "u" : "U", there(values));
    made.length = static_cast<std::int64_t>(values.size());
    made.buffers.emplace_back(bytes(text));
    return made;
  }
  /// Long texts stand in two buffers in turn.
  [[nodiscard]] static hand_array text_views(const optional_texts& values) {
    std::vector<std::byte> views(values.size() * 16);
    std::vector<char> text[2];
    std::int32_t which = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!values[i])
        continue;
      std::byte* view = views.data() + 16 * i;
      const auto size = static_cast<std::int32_t>(values[i]->size());
      std::memcpy(view, &size, 4);
      std::memcpy(view + 4, values[i]->data(), std::min<std::size_t>(values[i]->size(), size <= 12 ? 12 : 4));
      if (size <= 12)
        continue;
      const auto begin = static_cast<std::int32_t>(text[which].size());
      std::memcpy(view + 8, &which, 4);
      std::memcpy(view + 12, &begin, 4);
      text[which].insert(text[which].end(), values[i]->begin(), values[i]->end());
      which = 1 - which;
    }
    hand_array made;
    made.format = "vu";
    made.length = static_cast<std::int64_t>(values.size());
    made.buffers = {bits(there(values)), views, bytes(text[0]), bytes(text[1]),
                    bytes(std::vector<std::int64_t>{static_cast<std::int64_t>(text[0].size()),
                                                    static_cast<std::int64_t>(text[1].size())})};
    return made;
  }
  template <class T>
  [[nodiscard]] static hand_array indices(const std::vector<T>& values, hand_array texts,
                                          const std::vector<bool>& valid = {}) {
    hand_array made = of(values, arrow_format<T>, valid);
    made.dictionary.push_back(std::move(texts));
    return made;
  }
  [[nodiscard]] static hand_array nulls(std::int64_t count) {
    hand_array made;
    made.format = "n";
    made.length = made.null_count = count;
    return made;
  }
  [[nodiscard]] static hand_array structs(std::vector<hand_array> fields,
                                          const std::vector<bool>& valid = {}) {
    hand_array made;
    made.format = "+s";
    made.length = fields.empty() ? 0 : fields.front().length;
    made.buffers = {bits(valid)};
    made.children = std::move(fields);
    return made;
  }
  [[nodiscard]] hand_array named(std::string as) && {
    name = std::move(as);
    return std::move(*this);
  }
  /// Rows [first, first + count) of it; the buffers stay as they are.
  [[nodiscard]] hand_array sliced(std::int64_t first, std::int64_t count) && {
    offset += first;
    length = count;
    null_count = -1;
    return std::move(*this);
  }

  [[nodiscard]] const void* buffer(std::size_t i) const { return buffers[i] ? buffers[i]->data() : nullptr; }

  template <class T>
  [[nodiscard]] static std::vector<std::byte> bytes(const std::vector<T>& values) {
    std::vector<std::byte> made(values.size() * sizeof(T));
    if (!made.empty())
      std::memcpy(made.data(), values.data(), made.size());
    return made;
  }
  [[nodiscard]] static std::optional<std::vector<std::byte>> bits(const std::vector<bool>& values) {
    if (values.empty())
      return std::nullopt;
    std::vector<std::byte> made((values.size() + 7) / 8);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i])
        made[i / 8] |= std::byte{1} << (i % 8);
    }
    return made;
  }
  [[nodiscard]] static std::vector<bool> there(const optional_texts& values) {
    std::vector<bool> made;
    for (const auto& one : values)
      made.push_back(one.has_value());
    return made;
  }
};

/// Structures of Arrow over a hand_array, which must stay. Asking for one twice gives it twice, each to be released.
class lent_array {
public:
  explicit lent_array(const hand_array& of) {
    for (const hand_array& child : of.children)
      children_.push_back(std::make_unique<lent_array>(child));
    for (const hand_array& texts : of.dictionary)
      dictionary_.push_back(std::make_unique<lent_array>(texts));
    for (std::size_t i = 0; i < of.buffers.size(); ++i)
      buffers_.push_back(of.buffer(i));
    for (const auto& child : children_) {
      schemas_.push_back(&child->schema_);
      arrays_.push_back(&child->array_);
    }
    schema_ = {of.format.c_str(),
               of.name.c_str(),
               nullptr,
               ARROW_FLAG_NULLABLE,
               static_cast<std::int64_t>(schemas_.size()),
               schemas_.data(),
               dictionary_.empty() ? nullptr : &dictionary_.front()->schema_,
               count<ArrowSchema>,
               &nobody_};
    array_ = {of.length,
              of.null_count,
              of.offset,
              static_cast<std::int64_t>(buffers_.size()),
              static_cast<std::int64_t>(arrays_.size()),
              buffers_.data(),
              arrays_.data(),
              dictionary_.empty() ? nullptr : &dictionary_.front()->array_,
              count<ArrowArray>,
              &nobody_};
  }
  lent_array(const lent_array&) = delete;
  lent_array& operator=(const lent_array&) = delete;

  [[nodiscard]] ArrowSchema& schema() { return schema_; }
  [[nodiscard]] ArrowArray& array() { return array_; }
  /// \param releases  counts that it was released
  [[nodiscard]] ArrowSchema schema(int& releases) { return counted(schema_, releases); }
  [[nodiscard]] ArrowArray array(int& releases) { return counted(array_, releases); }

private:
  template <class T>
  static void count(T* which) {
    ++*static_cast<int*>(which->private_data);
    which->release = nullptr;
  }
  template <class T>
  static T counted(T from, int& releases) {
    from.private_data = &releases;
    return from;
  }

  std::vector<std::unique_ptr<lent_array>> children_;
  std::vector<std::unique_ptr<lent_array>> dictionary_;
  std::vector<const void*> buffers_;
  std::vector<ArrowSchema*> schemas_;
  std::vector<ArrowArray*> arrays_;
  ArrowSchema schema_{};
  ArrowArray array_{};
  int nobody_ = 0;
};

/// A stream of batches that it holds, which lends and counts without an allocation.
class hand_stream {
public:
  explicit hand_stream(std::vector<hand_array> batches)
      : held_(std::move(batches)) {
    for (const hand_array& one : held_)
      batches_.push_back(std::make_unique<lent_array>(one));
  }
  hand_stream(const hand_stream&) = delete;
  hand_stream& operator=(const hand_stream&) = delete;

  const char* words = "the disk is on fire";
  int schema_code = 0;
  int next_code = 0; ///< at the batch `fails_at`
  std::size_t fails_at = 0;
  int given = 0;    ///< structures that somebody must release
  int released = 0; ///< and how many were
  int streams_released = 0;
  bool only_schema = false; ///< no batches

  [[nodiscard]] ArrowArrayStream stream() {
    at_ = 0;
    return {get_schema, get_next, get_last_error, release, this};
  }
  [[nodiscard]] std::size_t batches_read() const { return at_; }
  [[nodiscard]] const hand_array& batch(std::size_t i) const { return held_[i]; }

private:
  static hand_stream& of(ArrowArrayStream* self) { return *static_cast<hand_stream*>(self->private_data); }
  static int get_schema(ArrowArrayStream* self, ArrowSchema* out) {
    hand_stream& held = of(self);
    if (held.schema_code != 0)
      return held.schema_code;
    ++held.given;
    *out = held.batches_.front()->schema(held.released);
    return 0;
  }
  static int get_next(ArrowArrayStream* self, ArrowArray* out) {
    hand_stream& held = of(self);
    if (held.next_code != 0 && held.at_ == held.fails_at)
      return held.next_code;
    *out = {};
    if (held.at_ == held.batches_.size() || held.only_schema)
      return 0;
    ++held.given;
    *out = held.batches_[held.at_++]->array(held.released);
    return 0;
  }
  static const char* get_last_error(ArrowArrayStream* self) { return of(self).words; }
  static void release(ArrowArrayStream* self) {
    ++of(self).streams_released;
    self->release = nullptr;
  }

  std::vector<hand_array> held_;
  std::vector<std::unique_ptr<lent_array>> batches_;
  std::size_t at_ = 0;
};

/// A column that emptor made as somebody else would send it: amounts as decimals, booleans as bits.
[[nodiscard]] inline hand_array hand_copy(const column& from) {
  std::vector<bool> valid;
  for (std::int64_t row = 0; !from.validity().empty() && row < from.size(); ++row)
    valid.push_back(from.is_valid(row));
  const column_view view = from.view();
  const auto each = [&](auto read) {
    std::vector<decltype(read(std::int64_t{}))> values;
    for (std::int64_t row = 0; row < from.size(); ++row)
      values.push_back(read(row));
    return values;
  };
  switch (from.type()) {
  case dtype::float64:
    return hand_array::of(from.as<double>(), "g", valid).named(from.name());
  case dtype::int64:
    return hand_array::of(from.as<std::int64_t>(), "l", valid).named(from.name());
  case dtype::date32:
    return hand_array::of(from.as<std::int32_t>(), "tdD", valid).named(from.name());
  case dtype::money:
    return hand_array::of(each([&](std::int64_t row) {
                            return wide_integer{emptor::detail::load<std::int64_t>(view, row)};
                          }),
                          "d:38," + std::to_string(from.decimals()), valid)
        .named(from.name());
  case dtype::boolean:
    return hand_array::booleans(
               each([&](std::int64_t row) { return emptor::detail::load_boolean(view, row); }), valid)
        .named(from.name());
  case dtype::large_utf8:
    return hand_array::texts(each([&](std::int64_t row) {
             return from.is_valid(row) ? std::optional(std::string(from.text()[row])) : std::nullopt;
           }))
        .named(from.name());
  default:
    throw std::runtime_error("a column of another type: " + from.name());
  }
}
[[nodiscard]] inline hand_array hand_copy(const table& from) {
  std::vector<hand_array> fields;
  for (const column& one : from.columns())
    fields.push_back(hand_copy(one));
  hand_array made = hand_array::structs(std::move(fields));
  made.length = from.rows();
  return made;
}

/// What came out as Arrow, released when it goes.
template <class T>
class taken {
public:
  taken() = default;
  taken(const taken&) = delete;
  taken& operator=(const taken&) = delete;
  ~taken() {
    if (held_.release != nullptr)
      held_.release(&held_);
  }
  [[nodiscard]] T* operator->() { return &held_; }
  [[nodiscard]] T* get() { return &held_; }
  [[nodiscard]] T& operator*() { return held_; }

private:
  T held_{};
};

[[nodiscard]] inline bool bit_of(const void* bits, std::int64_t i) {
  return (static_cast<unsigned>(static_cast<const std::uint8_t*>(bits)[i >> 3]) >> (i & 7) & 1U) != 0;
}

template <class T>
[[nodiscard]] T arrow_value(const ArrowArray& from, std::int64_t row, std::size_t buffer = 1) {
  T value;
  std::memcpy(&value,
              static_cast<const std::byte*>(from.buffers[buffer]) +
                  (from.offset + row) * static_cast<std::int64_t>(sizeof(T)),
              sizeof value);
  return value;
}

/// A cell of what emptor gives, as CSV writes it; empty where it is null.
[[nodiscard]] inline std::string cell_of(const ArrowSchema& schema, const ArrowArray& from,
                                         std::int64_t row) {
  if (from.buffers[0] != nullptr && !bit_of(from.buffers[0], from.offset + row))
    return {};
  const std::string_view format = schema.format;
  const auto text = [&](auto offset) {
    using type = decltype(offset);
    const auto begin = arrow_value<type>(from, row);
    const auto end = arrow_value<type>(from, row + 1);
    return std::string(static_cast<const char*>(from.buffers[2]) + begin,
                       static_cast<std::size_t>(end - begin));
  };
  const auto whole = [&](std::int64_t value) {
    return schema.dictionary != nullptr ? cell_of(*schema.dictionary, *from.dictionary, value)
                                        : std::to_string(value);
  };
  if (format == "g")
    return to_text(arrow_value<double>(from, row));
  if (format == "l")
    return whole(arrow_value<std::int64_t>(from, row));
  if (format == "i")
    return whole(arrow_value<std::int32_t>(from, row));
  if (format == "c")
    return whole(arrow_value<std::int8_t>(from, row));
  if (format == "C")
    return whole(arrow_value<std::uint8_t>(from, row));
  if (format == "b")
    return bit_of(from.buffers[1], from.offset + row) ? "true" : "false";
  if (format == "tdD")
    return to_string(date_from_days(arrow_value<std::int32_t>(from, row)));
  if (format == "u")
    return text(std::int32_t{});
  if (format == "U")
    return text(std::int64_t{});
  if (format.substr(0, 5) == "d:38,")
    return decimal_text(arrow_value<wide_integer>(from, row), std::stoi(std::string(format.substr(5))));
  throw std::runtime_error("a format that emptor should not give: " + std::string(format));
}

/// The unit of a field, or nothing.
[[nodiscard]] inline std::string unit_of(const ArrowSchema& field) {
  const char* at = field.metadata;
  if (at == nullptr)
    return {};
  const auto number = [&] {
    std::int32_t value = 0;
    std::memcpy(&value, at, sizeof value);
    at += sizeof value;
    return value;
  };
  const auto text = [&] {
    const auto size = static_cast<std::size_t>(number());
    at += size;
    return std::string(at - size, size);
  };
  for (std::int32_t pairs = number(); pairs > 0; --pairs) {
    const std::string key = text();
    const std::string value = text();
    if (key == "emptor.unit")
      return value;
  }
  return {};
}

/// The cells of a column as CSV writes them; empty where they are missing, also where a dictionary has null.
[[nodiscard]] inline std::vector<std::string> cells_of(const emptor_rows& rows, std::size_t which = 0) {
  std::vector<std::string> made;
  const column_view column = cpp_column(rows.columns[which]);
  for (std::int64_t row = 0; row < rows.row_count; ++row) {
    std::string_view text;
    const bool missing = is_text(column.type) && read_text(column, row, text) == row_status::missing;
    made.push_back(missing ? "" : field_of(column, {}, row));
  }
  return made;
}

/// Rows of an array or of a stream; the reason in `error` where there are none.
[[nodiscard]] inline owned<emptor_arrow_rows> import_rows(const ArrowSchema& schema, const ArrowArray* array,
                                                          emptor_error& error,
                                                          const std::vector<const char*>& names = {}) {
  emptor_arrow_rows* made = nullptr;
  emptor_arrow_import(&schema, array, names.empty() ? nullptr : names.data(),
                      static_cast<std::int32_t>(names.size() / 2), nullptr, &made, &error);
  return owned<emptor_arrow_rows>(made);
}

[[nodiscard]] inline const emptor_rows& view_of(const owned<emptor_arrow_rows>& rows) {
  const emptor_rows* view = nullptr;
  if (emptor_arrow_view(rows.get(), &view, nullptr) != EMPTOR_STATUS_OK)
    throw std::runtime_error("there are no rows to view");
  return *view;
}

} // namespace emptor::test

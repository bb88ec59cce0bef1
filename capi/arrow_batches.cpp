// SPDX-License-Identifier: BSL-1.0
// Batches of a stream as one.
#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>

#include <boost/unordered/unordered_flat_map.hpp>

#include "detail/arrow_bits.hpp"
#include "detail/arrow_import.hpp"

namespace emptor::capi {

namespace {

/// The bytes of a text, whether or not they are UTF-8. The offsets were checked when it came.
template <class Offset>
std::string_view text_at(const column_view& of, std::int64_t row) noexcept {
  Offset ends[2];
  std::memcpy(ends, static_cast<const std::byte*>(of.aux) + row * static_cast<std::int64_t>(sizeof(Offset)),
              sizeof ends);
  if (ends[0] == ends[1])
    return {};
  return {static_cast<const char*>(of.data) + ends[0], static_cast<std::size_t>(ends[1] - ends[0])};
}
std::string_view text_at(const column_view& of, std::int64_t row) noexcept {
  return of.type == dtype::utf8 ? text_at<std::int32_t>(of, row) : text_at<std::int64_t>(of, row);
}
std::int64_t bytes_of(const column_view& of, std::int64_t rows) noexcept {
  std::int64_t sum = 0;
  for (std::int64_t row = 0; row < rows; ++row)
    sum += static_cast<std::int64_t>(text_at(of, row).size());
  return sum;
}

/// One column of all batches.
class column_join {
public:
  column_join(std::span<const arrow_columns> batches, std::size_t which, arrow_columns& into)
      : batches_(batches)
      , which_(which)
      , into_(into) {}

  [[nodiscard]] column_view join() const {
    column_view made = batches_.front().views[which_];
    made.validity = nullptr;
    made.validity_offset = 0;
    if (made.type == dtype::null)
      return made;
    if (std::any_of(batches_.begin(), batches_.end(),
                    [&](const arrow_columns& one) { return one.views[which_].validity != nullptr; }))
      made.validity = join_validity();
    if (made.type == dtype::dictionary)
      join_dictionaries(made);
    else if (is_text(made.type))
      join_texts(made);
    else if (made.type == dtype::boolean)
      join_booleans(made);
    else
      join_values(made);
    return made;
  }

private:
  /// Calls body(column, rows, its first row in the whole) for every batch that has rows.
  template <class Body>
  void each(const Body& body) const {
    std::int64_t first = 0;
    for (const arrow_columns& one : batches_) {
      if (one.rows > 0)
        body(one.views[which_], one.rows, first);
      first += one.rows;
    }
  }
  [[nodiscard]] std::uint8_t* no_bits() const {
    const std::int64_t bytes = (into_.rows + 7) / 8;
    auto* const bits = into_.room<std::uint8_t>(bytes);
    std::fill_n(bits, bytes, std::uint8_t{0});
    return bits;
  }
  [[nodiscard]] std::uint8_t* join_validity() const {
    std::uint8_t* const bits = no_bits();
    each([&](const column_view& from, std::int64_t rows, std::int64_t first) {
      const bit_range valid{from.validity, from.validity_offset};
      for (std::int64_t row = 0; row < rows; ++row) {
        if (valid[row])
          set_bit(bits, first + row);
      }
    });
    return bits;
  }

  void join_values(column_view& made) const {
    const std::int64_t width = made.stride_bytes;
    if (into_.rows > PTRDIFF_MAX / width)
      throw std::bad_array_new_length();
    auto* const values = into_.room<std::byte>(into_.rows * width);
    each([&](const column_view& from, std::int64_t rows, std::int64_t first) {
      std::memcpy(values + first * width, from.data, static_cast<std::size_t>(rows * width));
    });
    made.data = values;
  }
  /// A byte for each.
  void join_booleans(column_view& made) const {
    auto* const values = into_.room<std::uint8_t>(into_.rows);
    each([&](const column_view& from, std::int64_t rows, std::int64_t first) {
      const bit_range bits{static_cast<const std::uint8_t*>(from.data), from.aux_length};
      for (std::int64_t row = 0; row < rows; ++row)
        values[first + row] = bits[row] ? 1 : 0;
    });
    made.data = values;
    made.flags = 0;
    made.aux_length = 0;
  }
  void join_texts(column_view& made) const {
    std::int64_t bytes = 0;
    each([&](const column_view& from, std::int64_t rows, std::int64_t) { bytes += bytes_of(from, rows); });
    if (made.type == dtype::utf8 && bytes > std::numeric_limits<std::int32_t>::max())
      made.type = dtype::large_utf8; // what the batches held each, all of them need not
    made.stride_bytes = width_of(made.type);
    made.aux_length = into_.rows + 1;
    if (made.type == dtype::utf8)
      copy_texts<std::int32_t>(made, bytes);
    else
      copy_texts<std::int64_t>(made, bytes);
  }
  template <class Offset>
  void copy_texts(column_view& made, std::int64_t bytes) const {
    auto* const offsets = into_.room<Offset>(into_.rows + 1);
    char* const texts = into_.room<char>(bytes);
    offsets[0] = 0;
    each([&](const column_view& from, std::int64_t rows, std::int64_t first) {
      for (std::int64_t row = 0; row < rows; ++row) {
        const std::string_view text = text_at(from, row);
        Offset* const begin = offsets + first + row;
        if (!text.empty())
          std::memcpy(texts + *begin, text.data(), text.size());
        begin[1] = static_cast<Offset>(*begin + static_cast<Offset>(text.size()));
      }
    });
    made.data = texts;
    made.aux = offsets;
  }

  /// Each batch may have a dictionary of its own: their texts are collected in one, in the order of their coming.
  void join_dictionaries(column_view& made) const {
    constexpr std::int32_t missing = -2;
    boost::unordered_flat_map<std::string_view, std::int32_t> known;
    std::vector<std::string_view> texts;
    auto* const indices = into_.room<std::int32_t>(into_.rows);
    auto* validity = const_cast<std::uint8_t*>(made.validity); // join_validity made it
    std::vector<std::int32_t> meaning;
    const column_view* last = nullptr;
    const auto translate = [&](const column_view& dictionary, std::int64_t size) {
      meaning.clear();
      for (std::int64_t i = 0; i < size; ++i) {
        if (!dictionary.is_valid(i)) {
          meaning.push_back(missing);
          continue;
        }
        if (texts.size() == std::numeric_limits<std::int32_t>::max())
          throw std::length_error("a dictionary of more than 2^31 texts");
        const auto [at, is_new] =
            known.try_emplace(text_at(dictionary, i), static_cast<std::int32_t>(texts.size()));
        if (is_new)
          texts.push_back(at->first);
        meaning.push_back(at->second);
      }
    };
    each([&](const column_view& from, std::int64_t rows, std::int64_t first) {
      const auto& dictionary = *static_cast<const column_view*>(from.aux);
      const bool same = last != nullptr && last->data == dictionary.data && last->aux == dictionary.aux &&
                        last->validity == dictionary.validity &&
                        last->validity_offset == dictionary.validity_offset &&
                        static_cast<std::int64_t>(meaning.size()) == from.aux_length;
      if (!same)
        translate(dictionary, from.aux_length);
      last = &dictionary;
      for (std::int64_t row = 0; row < rows; ++row) {
        const auto index = detail::load<std::int32_t>(from, row);
        const bool inside = index >= 0 && index < from.aux_length;
        const std::int32_t means = inside ? meaning[static_cast<std::size_t>(index)] : -1;
        indices[first + row] = means;
        if (means != missing)
          continue;
        if (validity == nullptr)
          validity = join_validity();
        const std::int64_t at = first + row;
        validity[at >> 3] = static_cast<std::uint8_t>(validity[at >> 3] & ~(1U << (at & 7)));
      }
    });
    made.validity = validity;
    made.data = indices;
    made.aux = lend_texts(texts);
    made.aux_length = static_cast<std::int64_t>(texts.size());
  }
  [[nodiscard]] const column_view* lend_texts(const std::vector<std::string_view>& texts) const {
    std::int64_t bytes = 0;
    for (const std::string_view text : texts)
      bytes += static_cast<std::int64_t>(text.size());
    auto* const offsets = into_.room<std::int64_t>(static_cast<std::int64_t>(texts.size()) + 1);
    char* const copied = into_.room<char>(bytes);
    offsets[0] = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (!texts[i].empty())
        std::memcpy(copied + offsets[i], texts[i].data(), texts[i].size());
      offsets[i + 1] = offsets[i] + static_cast<std::int64_t>(texts[i].size());
    }
    column_view& dictionary = into_.dictionary();
    dictionary.type = dtype::large_utf8;
    dictionary.stride_bytes = width_of(dictionary.type);
    dictionary.data = copied;
    dictionary.aux = offsets;
    dictionary.aux_length = static_cast<std::int64_t>(texts.size()) + 1;
    return &dictionary;
  }

  std::span<const arrow_columns> batches_;
  std::size_t which_;
  arrow_columns& into_;
};

} // namespace

arrow_columns concatenate(std::span<const arrow_columns> batches) {
  arrow_columns made;
  for (const arrow_columns& one : batches)
    made.rows += one.rows;
  for (std::size_t i = 0; i < batches.front().views.size(); ++i)
    made.views.push_back(column_join(batches, i, made).join());
  return made;
}

} // namespace emptor::capi

// SPDX-License-Identifier: BSL-1.0
// Tables as struct arrays.
#include "detail/arrow_export.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "detail/arrow_bits.hpp"
#include "detail/arrow_structures.hpp"
#include "detail/guard.hpp"
#include "detail/handles.hpp"

namespace emptor::capi {

namespace {

/// The most decimals among the amounts of a column.
int decimals_of(const table& from, const column& amounts) {
  row_decimals decimals = from.decimals_of(amounts);
  if (!decimals.by_row())
    return decimals[0];
  int most = 0;
  bool any = false;
  for (std::int64_t row = 0; row < amounts.size(); ++row) {
    if (!amounts.is_valid(row))
      continue;
    most = std::max(most, decimals[row]);
    any = true;
  }
  return any ? most : currency{}.decimals();
}

std::string format_of(const table& from, const column& one) {
  switch (one.type()) {
  case dtype::int64:
    return "l";
  case dtype::int32:
    return "i";
  case dtype::uint8:
    return one.levels().empty() ? "C" : "c"; // readers of dictionaries like their indices signed
  case dtype::boolean:
    return "b";
  case dtype::date32:
    return "tdD";
  case dtype::money:
    return "d:38," + std::to_string(decimals_of(from, one));
  case dtype::large_utf8:
    return "U";
  default:
    return "g";
  }
}

/// One pair of key and value.
std::string packed(std::string_view key, std::string_view value) {
  std::string bytes;
  const auto number = [&bytes](std::size_t n) {
    const auto narrow = static_cast<std::int32_t>(n);
    bytes.append(reinterpret_cast<const char*>(&narrow), sizeof narrow);
  };
  number(1);
  for (const std::string_view text : {key, value}) {
    number(text.size());
    bytes.append(text);
  }
  return bytes;
}

template <class T>
std::shared_ptr<const void> lent(const std::shared_ptr<const table>& owner, const T* memory) {
  return {owner, memory};
}
/// n values of memory that belongs to the array alone.
template <class T>
std::shared_ptr<T[]> fresh(std::int64_t n) {
  return std::make_shared<T[]>(static_cast<std::size_t>(n));
}

made_array texts_of(const std::vector<std::string>& texts) {
  std::size_t size = 0;
  for (const std::string& text : texts)
    size += text.size();
  if (size > std::numeric_limits<std::int32_t>::max())
    throw std::length_error("the names of levels");
  const auto count = static_cast<std::int64_t>(texts.size());
  const auto offsets = fresh<std::int32_t>(count + 1);
  const auto bytes = fresh<char>(static_cast<std::int64_t>(size));
  std::ptrdiff_t i = 0;
  for (const std::string& text : texts) {
    std::copy(text.begin(), text.end(), bytes.get() + offsets[i]);
    offsets[i + 1] = offsets[i] + static_cast<std::int32_t>(text.size());
    ++i;
  }
  made_array made;
  made.length = count;
  made.buffers = {nullptr, offsets, bytes};
  return made;
}

made_array array_of(const std::shared_ptr<const table>& from, const column& one) {
  made_array made;
  made.length = one.size();
  const bit_range valid{one.validity().empty() ? nullptr : one.validity().data(), 0};
  made.null_count = made.length - count_set(valid, made.length);
  made.buffers.push_back(made.null_count == 0 ? nullptr : lent(from, valid.bits));
  if (one.type() == dtype::money) {
    const auto& minor = one.as<std::int64_t>();
    const auto values = fresh<wide_integer>(made.length);
    const int most = decimals_of(*from, one);
    row_decimals decimals = from->decimals_of(one);
    for (std::int64_t row = 0; row < made.length; ++row) {
      if (valid[row])
        values[row] = wide_integer{minor[static_cast<std::size_t>(row)]} * power_of_ten(most - decimals[row]);
    }
    made.buffers.push_back(values);
  } else if (one.type() == dtype::boolean) {
    const auto& bytes = one.as<std::uint8_t>();
    const auto bits = fresh<std::uint8_t>((made.length + 7) / 8);
    for (std::int64_t row = 0; row < made.length; ++row) {
      if (bytes[static_cast<std::size_t>(row)] != 0)
        set_bit(bits.get(), row);
    }
    made.buffers.push_back(bits);
  } else if (const auto* texts = std::get_if<text_buffer>(&one.values()); texts != nullptr) {
    made.buffers.push_back(lent(from, texts->offsets()));
    made.buffers.push_back(lent(from, texts->bytes()));
  } else {
    made.buffers.push_back(lent(from, static_cast<const std::byte*>(one.view().data)));
  }
  if (!one.levels().empty())
    made.dictionary.push_back(texts_of(one.levels()));
  return made;
}

/// What stands behind a structure of ours: its parts, and what they point to.
struct schema_parts {
  std::string format;
  std::string name;
  std::string metadata;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
  ArrowSchema dictionary{};
};
struct array_parts {
  std::vector<std::shared_ptr<const void>> owners;
  std::vector<const void*> buffers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
  ArrowArray dictionary{};
};

/// Releases the parts that nobody has moved out. Also what a failure leaves half made.
template <class Parts>
struct free_parts {
  void operator()(Parts* parts) const noexcept {
    for (auto& child : parts->children) {
      if (child.release != nullptr)
        child.release(&child);
    }
    if (parts->dictionary.release != nullptr)
      parts->dictionary.release(&parts->dictionary);
    delete parts;
  }
};
template <class Parts, class Structure>
void release(Structure* which) noexcept {
  free_parts<Parts>()(static_cast<Parts*>(which->private_data));
  which->release = nullptr;
}

/// The children and the dictionary, which both kinds of structure have.
template <class Made, class Parts>
void publish_parts(const Made& made, Parts& parts) {
  parts.children.resize(made.children.size());
  for (std::size_t i = 0; i < made.children.size(); ++i) {
    parts.pointers.push_back(&parts.children[i]);
    publish(made.children[i], parts.children[i]);
  }
  for (const Made& dictionary : made.dictionary)
    publish(dictionary, parts.dictionary);
}

} // namespace

void publish(const made_schema& made, ArrowSchema& to) {
  std::unique_ptr<schema_parts, free_parts<schema_parts>> parts(
      new schema_parts{made.format, made.name, made.metadata, {}, {}, {}});
  publish_parts(made, *parts);
  to.format = parts->format.c_str();
  to.name = parts->name.c_str();
  to.metadata = parts->metadata.empty() ? nullptr : parts->metadata.data();
  to.flags = made.flags;
  to.n_children = static_cast<std::int64_t>(parts->pointers.size());
  to.children = parts->pointers.data();
  to.dictionary = parts->dictionary.release != nullptr ? &parts->dictionary : nullptr;
  to.release = release<schema_parts, ArrowSchema>;
  to.private_data = parts.release();
}

void publish(const made_array& made, ArrowArray& to) {
  std::unique_ptr<array_parts, free_parts<array_parts>> parts(new array_parts{made.buffers, {}, {}, {}, {}});
  for (const std::shared_ptr<const void>& buffer : made.buffers)
    parts->buffers.push_back(buffer.get());
  publish_parts(made, *parts);
  to.length = made.length;
  to.null_count = made.null_count;
  to.offset = 0;
  to.n_buffers = static_cast<std::int64_t>(parts->buffers.size());
  to.n_children = static_cast<std::int64_t>(parts->pointers.size());
  to.buffers = parts->buffers.data();
  to.children = parts->pointers.data();
  to.dictionary = parts->dictionary.release != nullptr ? &parts->dictionary : nullptr;
  to.release = release<array_parts, ArrowArray>;
  to.private_data = parts.release();
}

made_schema schema_of(const table& from) {
  made_schema made;
  made.format = "+s";
  made.name = from.name();
  made.flags = 0;
  for (const column& one : from.columns()) {
    made_schema& child = made.children.emplace_back();
    child.format = format_of(from, one);
    child.name = one.name();
    if (!one.unit().empty())
      child.metadata = packed("emptor.unit", one.unit());
    if (!one.levels().empty()) {
      made_schema& texts = child.dictionary.emplace_back();
      texts.format = "u";
    }
  }
  return made;
}

made_array array_of(const std::shared_ptr<const table>& from) {
  made_array made;
  made.length = from->rows();
  made.buffers.push_back(nullptr);
  for (const column& one : from->columns())
    made.children.push_back(array_of(from, one));
  return made;
}

void publish(const std::shared_ptr<const table>& from, ArrowSchema* schema, ArrowArray& array) {
  arrow_owner<ArrowSchema> described;
  if (schema != nullptr)
    publish(schema_of(*from), *described.get());
  publish(array_of(from), array);
  if (schema != nullptr)
    described.give(*schema);
}

} // namespace emptor::capi

extern "C" emptor_status emptor_table_export_arrow(const emptor_table* table, ArrowSchema* schema,
                                                   ArrowArray* array, emptor_error* error) {
  using namespace emptor;
  return capi::guard(error, [&] {
    const capi::arguments in("emptor_table_export_arrow");
    in.released(array, "array");
    if (schema != nullptr)
      in.released(schema, "schema");
    in.given(table, "table");
    capi::publish(table->held, schema, *array);
  });
}

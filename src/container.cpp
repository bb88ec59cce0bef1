// SPDX-License-Identifier: BSL-1.0
#include "model.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include <boost/crc.hpp>

#include <emptor/core/check.hpp>

// Model and store files, one container.
//
//   header   8 bytes   89 'E' 'M' 'P' 'T' 'O' 'R' 0A
//            u16 u16   format major, minor
//            u32       what it holds: 1 a model, 2 a store
//   section  u32       id, four letters
//            u32       flags; bit 0: a reader that does not know the id must refuse the file
//            u64       length of the payload
//            payload
//            u32       CRC-32 of id, flags, length and payload
//   ...
//   section  "END "    no payload, its CRC-32 is over all bytes of the file before that sum
//
// Sections, in this order: NAME (text: entry or store kind), MADE (text: version of the library that made
// the model; stores have none, so that equal contents give equal bytes), OPTN (u32 count, then name and value as texts), TABL (once a table). All integers
// are little-endian, numbers are IEEE 754 binary64, texts are a u64 length and UTF-8 bytes. A table is its
// name, u64 rows, u32 columns; a column its name, unit, i32 dtype, i32 decimals, u32 levels and their texts,
// u8 whether some values are missing and then the bitmap (unused bits 0), and the values: fixed width back to
// back, or rows + 1 u64 offsets and the bytes.
//
// Compatibility: within a major version sections, and options or columns that may be left out, are only
// added. A reader takes every minor version of its major version, ignores sections it does not know unless
// bit 0 forbids it, and refuses other majors.

namespace emptor {
namespace {

static_assert(std::endian::native == std::endian::little, "the file format is written as it lies in memory");

constexpr std::array<unsigned char, 8> magic{0x89, 'E', 'M', 'P', 'T', 'O', 'R', '\n'};
constexpr std::uint16_t format_major = 1;
constexpr std::uint16_t format_minor = 0;
constexpr std::uint32_t must_understand = 1;
enum class holds : std::uint32_t { model = 1, store = 2 };

constexpr std::uint32_t section_id(std::string_view letters) noexcept {
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < 4; ++i)
    id |= static_cast<std::uint32_t>(static_cast<unsigned char>(letters[i])) << (8 * i);
  return id;
}
constexpr std::uint32_t name_id = section_id("NAME");
constexpr std::uint32_t made_id = section_id("MADE");
constexpr std::uint32_t options_id = section_id("OPTN");
constexpr std::uint32_t table_id = section_id("TABL");
constexpr std::uint32_t end_id = section_id("END ");

std::uint32_t crc(const std::byte* first, std::size_t length) {
  boost::crc_32_type sum;
  sum.process_bytes(first, length);
  return sum.checksum();
}

class writer {
public:
  template <class T>
  void number(T value) {
    bytes(&value, sizeof value);
  }
  void bytes(const void* data, std::size_t length) {
    if (length == 0)
      return;
    const auto at = held_.size();
    held_.resize(at + length);
    std::memcpy(held_.data() + at, data, length);
  }
  void text(std::string_view value) {
    number<std::uint64_t>(value.size());
    bytes(value.data(), value.size());
  }
  template <class Payload>
  void section(std::uint32_t id, std::uint32_t flags, const Payload& payload) {
    const std::size_t start = held_.size();
    number(id);
    number(flags);
    number<std::uint64_t>(0);
    const std::size_t first = held_.size();
    payload();
    const std::uint64_t length = held_.size() - first;
    std::memcpy(held_.data() + first - sizeof length, &length, sizeof length);
    number(crc(held_.data() + start, held_.size() - start));
  }
  [[nodiscard]] std::vector<std::byte> finish() {
    number(end_id);
    number(must_understand);
    number<std::uint64_t>(0);
    number(crc(held_.data(), held_.size()));
    return std::move(held_);
  }

private:
  std::vector<std::byte> held_;
};

[[noreturn]] void damaged(const char* why) {
  throw error(status::format, std::string("emptor file: ") + why);
}

class reader {
public:
  explicit reader(std::span<const std::byte> bytes) noexcept
      : left_(bytes) {}

  [[nodiscard]] std::span<const std::byte> bytes(std::uint64_t length) {
    if (length > left_.size())
      damaged("it ends too early");
    const auto taken = left_.first(static_cast<std::size_t>(length));
    left_ = left_.subspan(static_cast<std::size_t>(length));
    return taken;
  }
  template <class T>
  [[nodiscard]] T number() {
    T value;
    std::memcpy(&value, bytes(sizeof value).data(), sizeof value);
    return value;
  }
  [[nodiscard]] std::string text() {
    const auto taken = bytes(number<std::uint64_t>());
    std::string value(reinterpret_cast<const char*>(taken.data()), taken.size());
    if (!is_utf8(value))
      damaged("a text is not UTF-8");
    return value;
  }
  template <class T>
  [[nodiscard]] std::vector<T> array(std::uint64_t count) {
    if (count > left_.size() / sizeof(T))
      damaged("it ends too early");
    const auto taken = bytes(count * sizeof(T));
    std::vector<T> values(static_cast<std::size_t>(count));
    if (!values.empty())
      std::memcpy(values.data(), taken.data(), taken.size());
    return values;
  }
  [[nodiscard]] std::size_t left() const noexcept { return left_.size(); }

private:
  std::span<const std::byte> left_;
};

void write_column(writer& to, const column& held) {
  to.text(held.name());
  to.text(held.unit());
  to.number(static_cast<std::int32_t>(held.type()));
  to.number(held.decimals());
  to.number(static_cast<std::uint32_t>(held.levels().size()));
  for (const std::string& level : held.levels())
    to.text(level);
  const auto rows = static_cast<std::size_t>(held.size());
  const bool complete = held.validity().empty();
  to.number<std::uint8_t>(complete ? 0 : 1);
  if (!complete) {
    std::vector<std::uint8_t> bits(held.validity().begin(),
                                   held.validity().begin() + static_cast<std::ptrdiff_t>((rows + 7) / 8));
    if (rows % 8 != 0)
      bits.back() &= static_cast<std::uint8_t>((1U << (rows % 8)) - 1U);
    to.bytes(bits.data(), bits.size());
  }
  if (const auto* texts = std::get_if<text_buffer>(&held.values())) {
    to.bytes(texts->offsets(), (rows + 1) * sizeof(std::int64_t));
    to.bytes(texts->bytes(), static_cast<std::size_t>(texts->offsets()[rows]));
  } else {
    const column_view seen = held.view();
    to.bytes(seen.data, rows * static_cast<std::size_t>(width_of(held.type())));
  }
}

column read_column(reader& from, std::uint64_t rows) {
  std::string name = from.text();
  std::string unit = from.text();
  const auto type = static_cast<dtype>(from.number<std::int32_t>());
  const auto decimals = from.number<std::int32_t>();
  const auto level_count = from.number<std::uint32_t>();
  std::vector<std::string> levels;
  for (std::uint32_t i = 0; i < level_count; ++i)
    levels.push_back(from.text());
  const auto incomplete = from.number<std::uint8_t>();
  if (incomplete > 1 || decimals < decimals_of_row || decimals > max_decimals ||
      (decimals != 0 && type != dtype::money) || (level_count != 0 && type != dtype::int32))
    damaged("a column has impossible flags");
  std::vector<std::uint8_t> validity;
  if (incomplete == 1) {
    validity = from.array<std::uint8_t>(rows / 8 + (rows % 8 != 0 ? 1 : 0));
    if (rows == 0)
      damaged("a column without rows misses values");
  }
  const auto is_missing = [&](std::size_t row) {
    return incomplete == 1 && (validity[row / 8] >> (row % 8) & 1U) == 0;
  };
  column made;
  switch (type) {
  case dtype::float64:
    made = column(std::move(name), type, from.array<double>(rows), std::move(unit));
    break;
  case dtype::int64:
  case dtype::money:
    made = column(std::move(name), type, from.array<std::int64_t>(rows), std::move(unit), decimals);
    break;
  case dtype::int32:
  case dtype::date32:
    made = column(std::move(name), type, from.array<std::int32_t>(rows), std::move(unit));
    break;
  case dtype::boolean:
  case dtype::uint8:
    made = column(std::move(name), type, from.array<std::uint8_t>(rows), std::move(unit));
    break;
  case dtype::large_utf8: {
    if (rows == ~std::uint64_t{0})
      damaged("it ends too early");
    const auto offsets = from.array<std::int64_t>(rows + 1);
    if (offsets.front() != 0 || !std::is_sorted(offsets.begin(), offsets.end()))
      damaged("the offsets of a text column run backwards");
    const auto bytes = from.bytes(static_cast<std::uint64_t>(offsets.back()));
    text_buffer texts;
    for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
      const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + offsets[i],
                                  static_cast<std::size_t>(offsets[i + 1] - offsets[i]));
      if (!is_utf8(text))
        damaged("a text is not UTF-8");
      texts.push_back(is_missing(i) ? std::string_view() : text);
    }
    made = column(std::move(name), type, std::move(texts), std::move(unit));
    break;
  }
  default:
    damaged("a column has an unknown dtype");
  }
  made.set_levels(std::move(levels));
  // Row by row, so that whatever bits say the same make the same column.
  for (std::int64_t row = 0; row < made.size(); ++row) {
    if (is_missing(static_cast<std::size_t>(row)))
      made.set_missing(row);
  }
  return made;
}

struct contents {
  std::string name;
  std::vector<option> options;
  std::vector<table> tables;
  std::string made_by; ///< empty for stores: equal contents give equal bytes whoever wrote them
};

std::vector<std::byte> write(holds what, const contents& held) {
  writer to;
  to.bytes(magic.data(), magic.size());
  to.number(format_major);
  to.number(format_minor);
  to.number(what);
  to.section(name_id, must_understand, [&] { to.text(held.name); });
  if (!held.made_by.empty())
    to.section(made_id, 0, [&] { to.text(held.made_by); });
  to.section(options_id, must_understand, [&] {
    to.number(static_cast<std::uint32_t>(held.options.size()));
    for (const option& one : held.options) {
      to.text(one.name);
      to.text(one.value);
    }
  });
  for (const table& one : held.tables) {
    to.section(table_id, must_understand, [&] {
      to.text(one.name());
      to.number(static_cast<std::uint64_t>(one.rows()));
      to.number(static_cast<std::uint32_t>(one.columns().size()));
      for (const column& held_column : one.columns())
        write_column(to, held_column);
    });
  }
  return to.finish();
}

table read_table(reader& from) {
  table made(from.text());
  const auto rows = from.number<std::uint64_t>();
  const auto columns = from.number<std::uint32_t>();
  for (std::uint32_t i = 0; i < columns; ++i)
    made.add(read_column(from, rows));
  return made;
}

contents read(holds wanted, std::span<const std::byte> bytes) {
  reader from(bytes);
  if (bytes.size() < magic.size() ||
      std::memcmp(from.bytes(magic.size()).data(), magic.data(), magic.size()) != 0)
    damaged("these are not the bytes of one");
  const auto major = from.number<std::uint16_t>();
  (void)from.number<std::uint16_t>(); // any minor version of a known major version can be read
  if (major != format_major)
    throw error(status::version,
                "emptor file: format " + std::to_string(major) + " is not known to this version");
  const auto what = from.number<holds>();
  if (what != wanted)
    throw error(status::mismatch,
                wanted == holds::model ? "emptor file: it holds no model" : "emptor file: it holds no store");
  contents found;
  bool named = false;
  for (;;) {
    const std::size_t start = bytes.size() - from.left();
    const auto id = from.number<std::uint32_t>();
    const auto flags = from.number<std::uint32_t>();
    const auto length = from.number<std::uint64_t>();
    if (id == end_id) {
      const std::size_t end = bytes.size() - from.left();
      if (length != 0 || from.number<std::uint32_t>() != crc(bytes.data(), end) || from.left() != 0)
        damaged("its checksum does not agree");
      break;
    }
    reader payload(from.bytes(length));
    const std::size_t end = bytes.size() - from.left();
    if (from.number<std::uint32_t>() != crc(bytes.data() + start, end - start))
      damaged("the checksum of a section does not agree");
    if (id == name_id) {
      if (named)
        damaged("it has two names");
      found.name = payload.text();
      named = true;
    } else if (id == made_id) {
      found.made_by = payload.text();
    } else if (id == options_id) {
      if (!found.options.empty())
        damaged("it has its options twice");
      const auto count = payload.number<std::uint32_t>();
      for (std::uint32_t i = 0; i < count; ++i) {
        std::string name = payload.text();
        found.options.push_back({std::move(name), payload.text()});
      }
    } else if (id == table_id) {
      found.tables.push_back(read_table(payload));
    } else if ((flags & must_understand) != 0) {
      throw error(status::version, "emptor file: it has a section that only a newer version can read");
    } else {
      continue; // an addition of a later minor version
    }
    if (payload.left() != 0)
      damaged("a section is longer than what it holds");
  }
  if (!named)
    damaged("it has no name");
  return found;
}

} // namespace

namespace {

/// A name in a sound file that this version does not have was written by a newer one.
auto from_file(const auto& make) {
  try {
    return make();
  } catch (const error& why) {
    if (why.code() != status::unknown_name)
      throw;
    throw error(status::version, std::string("emptor file: it needs a newer version: ") + why.what());
  }
}

} // namespace

std::vector<std::byte> save(const model& what) {
  return write(holds::model, {what.entry, what.options, what.tables, what.made_by});
}

std::vector<std::byte> save(const store& what) {
  return write(holds::store,
               {std::string(what.description().name), what.options().all(), what.contents(), {}});
}

std::shared_ptr<const model> load_model(std::span<const std::byte> bytes) {
  contents found = read(holds::model, bytes);
  return from_file([&] {
    return checked(
        {std::move(found.name), std::move(found.options), std::move(found.tables), std::move(found.made_by)});
  });
}

std::unique_ptr<store> load_store(std::span<const std::byte> bytes) {
  contents found = read(holds::store, bytes);
  return from_file([&] {
    auto made = make_store(found.name, found.options);
    try {
      made->restore(std::move(found.tables));
    } catch (const error& why) {
      if (why.code() == status::unknown_name || why.code() == status::version)
        throw;
      throw error(status::format, std::string("emptor file: its rows make no store: ") + why.what(),
                  why.row());
    }
    return made;
  });
}

} // namespace emptor

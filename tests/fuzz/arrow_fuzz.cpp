// SPDX-License-Identifier: BSL-1.0
// Arrays whose memory is there, but whose types, contents and structures may say anything: they come in, are pushed into
// the store of any entry and scored, and what comes of them goes out as Arrow; or a status says why not.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "capi/arrow_arrays.hpp"
#include "source.hpp"

namespace {

using namespace emptor;
using namespace emptor::test;

void must(bool right) {
  if (!right)
    std::abort();
}

// Buffers hold what rows, offsets of slices and views of texts can reach, whatever else is bent. How long a buffer is only
// its producer knows, so that is what a fuzzer may not lie about.
constexpr std::size_t most_rows = 12;
constexpr std::size_t buffer_bytes = 512;
constexpr std::size_t text_bytes = 64;

/// Any bytes, over and over.
std::vector<std::byte> filled(source& from) {
  std::vector<std::byte> made(buffer_bytes);
  const std::size_t given = 1 + from.below(32);
  for (std::size_t i = 0; i < made.size(); ++i)
    made[i] = i < given ? std::byte{from.byte()} : made[i - given];
  return made;
}
/// Values of which most are ordinary.
template <class T>
std::vector<std::byte> values(source& from, T ordinary) {
  std::vector<T> made(buffer_bytes / sizeof(T), ordinary);
  for (std::size_t i = 0; i < 2 * most_rows; ++i)
    made[i] = static_cast<T>(ordinary + static_cast<T>(from.below(8)));
  if (from.below(4) == 1)
    std::memset(&made[from.below(most_rows)], from.byte(), sizeof(T));
  return hand_array::bytes(made);
}
std::vector<std::byte> letters(source& from) {
  std::vector<std::byte> made(buffer_bytes, std::byte{'a'});
  for (std::size_t i = 0; i < 2 * most_rows; ++i)
    made[i] = std::byte{static_cast<std::uint8_t>('a' + from.below(3))};
  if (from.below(4) == 1)
    made[from.below(16)] = std::byte{from.byte()};
  return made;
}

template <class Offset>
std::vector<std::byte> offsets(source& from) {
  std::vector<Offset> made(buffer_bytes / sizeof(Offset));
  const bool rising = from.below(8) != 1;
  for (std::size_t i = 1; i < 2 * most_rows; ++i)
    made[i] = static_cast<Offset>(
        rising ? std::min<std::size_t>(static_cast<std::size_t>(made[i - 1]) + from.below(4), text_bytes)
               : from.below(text_bytes));
  if (from.below(16) == 1)
    made[from.below(8)] = static_cast<Offset>(-1);
  return hand_array::bytes(made);
}

std::vector<std::byte> views(source& from) {
  std::vector<std::int32_t> made(buffer_bytes / 4);
  for (std::size_t i = 0; i < most_rows * 4 * 2; i += 4) {
    made[i] = static_cast<std::int32_t>(from.below(20));
    made[i + 1] = 0x61616161;
    made[i + 2] = made[i] > 12 ? static_cast<std::int32_t>(from.below(2)) : 0x62626262;
    made[i + 3] = made[i] > 12 ? static_cast<std::int32_t>(from.below(40)) : 0x63636363;
  }
  if (from.below(8) == 1)
    made[from.below(most_rows * 4)] = static_cast<std::int32_t>(from.byte()) - 1;
  return hand_array::bytes(made);
}

/// A type in which such a column may come, or any.
std::string format_for(source& from, content what) {
  static const std::vector<std::string> numbers{"g",      "c",        "C",         "s", "S", "i",
                                                "I",      "l",        "L",         "e", "f", "g",
                                                "d:19,2", "d:9,2,32", "d:18,0,64", "b", "n"};
  static const std::vector<std::string> days{"tdD", "tdm", "tss:", "tsm:Z", "tsu:", "tsn:+1", "n"};
  static const std::vector<std::string> texts{"u", "U", "vu", "n"};
  static const std::vector<std::string> others{"+l", "+s", "+r", "z", "d:5,-2", "d:38,38", "u", "g"};
  const auto any = [&](const std::vector<std::string>& of) { return of[from.below(of.size())]; };
  if (from.below(32) == 1)
    return from.below(4) == 0 ? std::string(from.text().c_str()) : any(others); // as far as C reads it
  switch (what) {
  case content::day:
    return any(days);
  case content::id:
    return from.below(4) == 1 ? any(numbers) : any(texts);
  case content::text:
  case content::code:
    return any(texts);
  default:
    return any(numbers);
  }
}

std::vector<std::byte> buffer_of(source& from, const std::string& format) {
  if (format == "u")
    return offsets<std::int32_t>(from);
  if (format == "U")
    return offsets<std::int64_t>(from);
  if (format == "vu")
    return views(from);
  if (from.below(16) == 1)
    return filled(from);
  if (format == "c" || format == "C")
    return values<std::int8_t>(from, 0);
  if (format == "s" || format == "S")
    return values<std::int16_t>(from, 0);
  if (format == "i" || format == "I" || format == "d:9,2,32")
    return values<std::int32_t>(from, 0);
  if (format == "l" || format == "L" || format == "d:18,0,64")
    return values<std::int64_t>(from, 0);
  if (format == "f")
    return values<float>(from, 0);
  if (format == "g")
    return values<double>(from, 0);
  if (format == "d:19,2")
    return values<wide_integer>(from, 100);
  if (format == "tdD")
    return values<std::int32_t>(from, 19000);
  if (format == "tss:")
    return values<std::int64_t>(from, 1'700'000'000);
  if (format == "tsn:+1")
    return values<std::int64_t>(from, 1'700'000'000'000'000'000);
  if (format == "tdm" || format == "tsm:Z")
    return values<std::int64_t>(from, 1'700'000'000'000);
  return filled(from);
}

/// \param rows  that it should have
hand_array any_column(source& from, std::string format, std::int64_t rows) {
  hand_array made;
  made.format = std::move(format);
  made.length = from.below(16) == 1 ? static_cast<std::int64_t>(from.below(most_rows)) : rows;
  made.offset = static_cast<std::int64_t>(from.below(4));
  made.null_count = from.below(8) == 1 ? static_cast<std::int64_t>(from.below(4)) : -1;
  if (made.format == "n")
    return made;
  made.buffers.emplace_back();
  if (from.below(4) == 1)
    made.buffers[0] = filled(from);
  made.buffers.emplace_back(buffer_of(from, made.format));
  if (made.format == "u" || made.format == "U" || made.format == "vu")
    made.buffers.emplace_back(letters(from));
  if (made.format == "vu") {
    made.buffers.emplace_back(letters(from));
    made.buffers.emplace_back(hand_array::bytes(std::vector<std::int64_t>(8, text_bytes)));
  }
  return made;
}
hand_array any_column(source& from, content what, std::int64_t rows) {
  std::string format = format_for(from, what);
  if ((format != "u" && format != "vu") || from.below(3) != 1)
    return any_column(from, std::move(format), rows);
  static const char* const integers[] = {"i", "c", "C", "s", "S", "I", "l", "L"};
  hand_array made = any_column(from, integers[from.below(8)], rows);
  made.dictionary.push_back(
      any_column(from, std::move(format), 1 + static_cast<std::int64_t>(from.below(most_rows - 1))));
  return made;
}

/// Structures over a column, bent.
void bend(source& from, ArrowSchema& schema, ArrowArray& array) {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
  switch (from.below(14)) {
  case 1:
    array.length = -1;
    break;
  case 2:
    array.offset = least;
    break;
  case 3:
    array.null_count = std::numeric_limits<std::int64_t>::max();
    break;
  case 4:
    array.n_buffers =
        static_cast<std::int64_t>(from.below(static_cast<std::size_t>(array.n_buffers) + 1)) - 1;
    break;
  case 5:
    array.buffers = nullptr;
    break;
  case 6:
    if (array.n_buffers > 0)
      array.buffers[from.below(static_cast<std::size_t>(array.n_buffers))] = nullptr;
    break;
  case 7:
    array.release = nullptr;
    break;
  case 8:
    array.dictionary = nullptr;
    break;
  case 9:
    schema.dictionary = nullptr;
    break;
  case 10:
    schema.release = nullptr;
    break;
  case 11:
    schema.format = nullptr;
    break;
  case 12:
    schema.name = nullptr;
    break;
  default:
    if (array.dictionary != nullptr)
      array.dictionary->length = -1;
    break;
  }
}

void bend_struct(source& from, ArrowSchema& schema, ArrowArray& array) {
  if (array.n_children > 0 && from.below(8) == 1) {
    const auto i = static_cast<std::int64_t>(from.below(static_cast<std::size_t>(array.n_children)));
    bend(from, *schema.children[i], *array.children[i]);
  }
  switch (from.below(64)) {
  case 1:
    array.length = -1;
    break;
  case 2:
    array.offset = std::numeric_limits<std::int64_t>::max();
    break;
  case 3:
    array.n_children = static_cast<std::int64_t>(from.below(4)) - 1;
    break;
  case 4:
    array.children = nullptr;
    break;
  case 5:
    if (array.n_children > 0)
      array.children[0] = nullptr;
    break;
  case 6:
    schema.children = nullptr;
    break;
  case 7:
    array.release = nullptr;
    break;
  case 8:
    schema.format = "+r";
    break;
  case 9:
    array.n_buffers = static_cast<std::int64_t>(from.below(3));
    break;
  default:
    break;
  }
}

/// Every cell of what came out can be read.
void look_at(const ArrowSchema& schema, const ArrowArray& array) {
  must(schema.n_children == array.n_children);
  for (std::int64_t i = 0; i < array.n_children; ++i) {
    must(array.children[i]->length == array.length);
    for (std::int64_t row = 0; row < array.length; ++row)
      (void)cell_of(*schema.children[i], *array.children[i], row);
  }
}

void look_at(const emptor_result* result) {
  std::int32_t tables = 0;
  must(emptor_result_tables(result, &tables, nullptr) == EMPTOR_STATUS_OK);
  for (std::int32_t i = 0; i < tables; ++i) {
    const char* name = nullptr;
    emptor_table* table = nullptr;
    must(emptor_result_table_name(result, i, &name, nullptr) == EMPTOR_STATUS_OK);
    must(emptor_result_table(result, name, &table, nullptr) == EMPTOR_STATUS_OK);
    taken<ArrowSchema> schema;
    taken<ArrowArray> array;
    must(emptor_table_export_arrow(table, schema.get(), array.get(), nullptr) == EMPTOR_STATUS_OK);
    emptor_table_free(table);
    look_at(*schema, *array);
  }
}

void push(const described_catalogue& catalogue, const described_entry& entry, const emptor_rows& rows) {
  const split_options options = split(catalogue, entry, entry.examples.front().options);
  const c_options create(options.store);
  emptor_store* made = nullptr;
  if (emptor_store_create(entry.store.c_str(), create.get(), create.count(), &made, nullptr) !=
      EMPTOR_STATUS_OK)
    return;
  const owned<emptor_store> store(made);
  std::vector<std::uint8_t> statuses(static_cast<std::size_t>(rows.row_count));
  emptor_error error = EMPTOR_ERROR_INIT;
  const emptor_status status = emptor_store_push(made, &rows, 0, statuses.data(), nullptr, nullptr, &error);
  must(status != EMPTOR_STATUS_INTERNAL && (error.message[0] != '\0') == (status != EMPTOR_STATUS_OK));
  if (status != EMPTOR_STATUS_OK || entry.verb == "fit")
    return;
  const c_options at_finish(options.finish);
  emptor_result* result = nullptr;
  if (emptor_store_finish(made, entry.name.c_str(), at_finish.get(), at_finish.count(), nullptr, nullptr, 0,
                          nullptr, nullptr, &result, nullptr) != EMPTOR_STATUS_OK)
    return;
  const owned<emptor_result> held(result);
  look_at(result);
}

/// At once, and as a stream of the same batch twice.
void score(const described_entry& entry, const emptor_rows& rows, const hand_array& batch,
           std::uint32_t flags) {
  static const owned<emptor_model> model = bg_nbd_model();
  const c_options options(entry.examples.back().options);
  emptor_plan* made = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  if (emptor_plan_create(entry.name.c_str(), entry.name == "value.bg_nbd" ? model.get() : nullptr, nullptr,
                         nullptr, 0, &rows, options.get(), options.count(), nullptr, 0, &made,
                         &error) != EMPTOR_STATUS_OK)
    return;
  owned<emptor_plan> plan(made);
  {
    taken<ArrowSchema> schema;
    taken<ArrowArray> array;
    if (emptor_plan_score_arrow(made, &rows, flags, schema.get(), array.get(), nullptr, nullptr, &error) ==
        EMPTOR_STATUS_OK)
      look_at(*schema, *array);
  }
  hand_stream twice({batch, batch});
  ArrowArrayStream in = twice.stream();
  taken<ArrowArrayStream> out;
  const emptor_status status =
      emptor_plan_score_arrow_stream(made, &in, nullptr, 0, flags, nullptr, out.get(), &error);
  plan.reset();
  must(in.release == nullptr);
  if (status == EMPTOR_STATUS_OK) {
    taken<ArrowSchema> schema;
    must(out->get_schema(out.get(), schema.get()) == 0);
    for (int i = 0; i < 3; ++i) {
      taken<ArrowArray> array;
      if (out->get_next(out.get(), array.get()) != 0 || array->release == nullptr)
        break;
      look_at(*schema, *array);
    }
    out->release(out.get());
  }
  must(twice.given == twice.released && twice.streams_released == 1);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const described_catalogue catalogue = read_catalogue();
  source from(data, size);
  const described_entry& entry = catalogue.entries[from.below(catalogue.entries.size())];
  const described_table& table = entry.store.empty() ? entry.score_inputs : catalogue.pushed(entry).front();
  const auto first = static_cast<std::int64_t>(from.below(4));
  const auto length = static_cast<std::int64_t>(from.below(most_rows));
  std::vector<hand_array> fields;
  for (const described_column& column : table.columns) {
    if (column.optional && from.below(2) == 0)
      continue;
    const std::string name = column.name + (column.many ? ":label" : "");
    fields.push_back(any_column(from, column.what, first + length)
                         .named(from.below(64) != 1 ? name : std::string(from.text().c_str())));
  }
  hand_array batch = hand_array::structs(std::move(fields));
  batch.length = length;
  batch.offset = first;
  if (from.below(4) == 1)
    batch.buffers[0] = filled(from);

  lent_array lent(batch);
  bend_struct(from, lent.schema(), lent.array());
  emptor_error error = EMPTOR_ERROR_INIT;
  const owned<emptor_arrow_rows> rows = import_rows(lent.schema(), &lent.array(), error);
  must((rows == nullptr) == (error.message[0] != '\0') && error.status != EMPTOR_STATUS_INTERNAL);
  if (rows == nullptr)
    return 0;
  const emptor_rows& view = view_of(rows);
  must(view.row_count == lent.array().length);
  if (!entry.store.empty())
    push(catalogue, entry, view);
  else if (entry.verb == "score")
    score(entry, view, batch, from.below(2) != 0 ? EMPTOR_ARROW_ROW_STATUS : EMPTOR_STRICT);

  // The same as a stream of pieces of it, unless they were bent.
  hand_stream pieces(
      {hand_array(batch).sliced(0, length / 2), hand_array(batch).sliced(length / 2, length - length / 2)});
  ArrowArrayStream stream = pieces.stream();
  emptor_arrow_rows* made = nullptr;
  const emptor_status status =
      emptor_arrow_import_stream(&stream, nullptr, 0, nullptr, nullptr, &made, &error);
  const owned<emptor_arrow_rows> joined(made);
  must((made != nullptr) == (status == EMPTOR_STATUS_OK) && pieces.given == pieces.released);
  if (made != nullptr && !entry.store.empty())
    push(catalogue, entry, view_of(joined));
  return 0;
}

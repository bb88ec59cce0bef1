// SPDX-License-Identifier: BSL-1.0
// Any bytes are a CSV file: they are read or refused, and what is read turns into columns or is refused.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string_view>
#include <vector>

#include "tool/csv_reader.hpp"
#include "tool/csv_writer.hpp"
#include "tool/failure.hpp"
#include "tool/typed_columns.hpp"

namespace {

using namespace emptor;
using namespace emptor::tool;

/// What the writer writes, the reader reads back.
void round_trip(const csv_table& read) {
  std::vector<column> columns;
  for (std::size_t i = 0; i < read.names().size(); ++i) {
    text_buffer texts;
    for (std::int64_t row = 0; row < read.rows(); ++row)
      texts.push_back(read.field(row, i));
    columns.push_back(column::texts(read.names()[i], std::move(texts)));
  }
  const std::string text = to_csv(table("t", std::move(columns)));
  csv_dialect comma;
  comma.delimiter = ',';
  const csv_table again = read_csv("again.csv", text, comma);
  if (again.names() != read.names() || again.rows() != read.rows())
    std::abort();
  for (std::int64_t row = 0; row < read.rows(); ++row) {
    for (std::size_t i = 0; i < read.names().size(); ++i) {
      if (again.field(row, i) != read.field(row, i))
        std::abort();
    }
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  csv_dialect dialect; // the first byte picks it
  constexpr char delimiters[] = {0, ',', ';', '\t'};
  if (const char delimiter = delimiters[data[0] & 3]; delimiter != 0)
    dialect.delimiter = delimiter;
  dialect.decimal = (data[0] & 4) != 0 ? ',' : '.';
  dialect.dates = static_cast<date_format>((data[0] >> 3) & 3);
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    const csv_table read = read_csv("fuzz.csv", text, dialect);
    round_trip(read);
    for (const content what : {content::number, content::count, content::amount, content::day, content::text,
                               content::boolean, content::code, content::id}) {
      for (std::size_t i = 0; i < read.names().size(); ++i) {
        try {
          const typed_column typed("x", {.name = "x", .what = what}, read, i, dialect);
          for (std::int64_t row = 0; row < read.rows(); ++row) {
            std::int64_t whole = 0;
            double number = 0.0;
            std::string_view words;
            static_cast<void>(read_minor_units(typed.view(), row, 2, whole));
            static_cast<void>(read_number(typed.view(), row, number));
            if (is_text(typed.view().type))
              static_cast<void>(read_text(typed.view(), row, words));
          }
        } catch (const failure&) {
        }
      }
    }
  } catch (const failure&) {
  }
  return 0;
}

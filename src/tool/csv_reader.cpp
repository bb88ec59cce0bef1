// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <exception>
#include <numeric>
#include <unordered_set>

#include <csv.h>

#include "csv_reader.hpp"
#include "failure.hpp"

namespace emptor::tool {

csv_table::csv_table(std::string file, std::vector<std::string> names)
    : file_(std::move(file))
    , names_(std::move(names))
    , by_name_(names_.size()) {
  std::iota(by_name_.begin(), by_name_.end(), std::size_t{0});
  std::stable_sort(by_name_.begin(), by_name_.end(),
                   [this](std::size_t left, std::size_t right) { return names_[left] < names_[right]; });
}

std::optional<std::size_t> csv_table::find(std::string_view name) const noexcept {
  const auto found =
      std::lower_bound(by_name_.begin(), by_name_.end(), name,
                       [this](std::size_t one, std::string_view wanted) { return names_[one] < wanted; });
  if (found == by_name_.end() || names_[*found] != name)
    return std::nullopt;
  return *found;
}

std::string csv_table::place(std::int64_t row) const {
  return file_ + ": row " + std::to_string(row + 1) + " (line " +
         std::to_string(lines_[static_cast<std::size_t>(row)]) + ")";
}

namespace {

std::int64_t count_lines(std::string_view text) {
  std::int64_t lines = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')))
      ++lines;
  }
  return lines;
}

/// The delimiter that the header line has outside of quotes.
char sniff_delimiter(const std::string& file, std::string_view text) {
  bool quoted = false;
  std::string found;
  for (const char c : text) {
    if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '\n' || c == '\r'))
      break;
    else if (!quoted && (c == ',' || c == ';' || c == '\t') && found.find(c) == std::string::npos)
      found += c;
  }
  if (found.size() > 1)
    throw failure(file + ": line 1 has more than one of comma, semicolon and tab, so the delimiter is open; "
                         "say --csv delimiter=comma, semicolon or tab");
  return found.empty() ? ',' : found.front();
}

} // namespace

/// Takes the fields that libcsv finds. No exception may pass through that C code, so the first one is kept and
/// rethrown when it has returned.
class csv_parser {
public:
  csv_parser(std::string file, char delimiter)
      : file_(std::move(file)) {
    // Whatever stands behind a closing quote, or a quote inside of an unquoted field, is refused, not guessed at.
    if (csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0)
      throw failure(file_ + ": the CSV reader cannot start");
    csv_set_delim(&parser_, static_cast<unsigned char>(delimiter));
    csv_set_space_func(&parser_, [](unsigned char) { return 0; }); // spaces belong to the field
    csv_set_blk_size(&parser_, 4096);
  }
  ~csv_parser() { csv_free(&parser_); }
  csv_parser(const csv_parser&) = delete;
  csv_parser& operator=(const csv_parser&) = delete;

  csv_table read(std::string_view text) {
    constexpr std::size_t step = std::size_t{1} << 16;
    for (std::size_t done = 0; done < text.size(); done += step) {
      const std::string_view part = text.substr(done, step);
      const std::size_t read = csv_parse(&parser_, part.data(), part.size(), on_field, on_row, this);
      rethrow();
      if (read != part.size())
        refuse(text.substr(0, done + read));
    }
    if (csv_fini(&parser_, on_field, on_row, this) != 0) {
      rethrow();
      if (csv_error(&parser_) == CSV_EPARSE)
        throw failure(file_ + ": the quote that opens on or after line " + std::to_string(line_) +
                      " never ends");
      throw failure(file_ + ": out of memory");
    }
    rethrow();
    if (!table_)
      throw failure(file_ + ": has no header line");
    return std::move(*table_);
  }

private:
  static void on_field(void* field, std::size_t length, void* self) {
    static_cast<csv_parser*>(self)->guarded([&](csv_parser& here) {
      here.field({static_cast<const char*>(field), length});
    });
  }
  static void on_row(int terminator, void* self) {
    static_cast<csv_parser*>(self)->guarded([&](csv_parser& here) { here.row(terminator); });
  }
  template <class Body>
  void guarded(const Body& body) noexcept {
    if (problem_)
      return;
    try {
      body(*this);
    } catch (...) {
      problem_ = std::current_exception();
    }
  }
  void rethrow() const {
    if (problem_)
      std::rethrow_exception(problem_);
  }
  [[noreturn]] void refuse(std::string_view before) {
    if (csv_error(&parser_) != CSV_EPARSE)
      throw failure(file_ + ": out of memory");
    throw failure(
        file_ + ": line " + std::to_string(count_lines(before) + 1) +
        " has a quote in the middle of a field; a field with quotes must be quoted as a whole, with "
        "each of its quotes doubled");
  }

  void field(std::string_view text) {
    if (text.find_first_of("\r\n") != std::string_view::npos)
      lines_in_row_ += count_lines(text);
    if (!table_) {
      header_.emplace_back(text);
    } else {
      if (fields_ < table_->names_.size()) {
        table_->bytes_.append(text);
        table_->ends_.push_back(table_->bytes_.size());
      }
    }
    ++fields_;
  }

  void row(int terminator) {
    const bool rest_of_line_end = terminator == '\n' && last_terminator_ == '\r' && fields_ == 0;
    last_terminator_ = terminator;
    if (rest_of_line_end) {
      last_terminator_ = 0;
      return;
    }
    if (fields_ == 0) {
      blank();
    } else if (blank_line_ != 0) {
      throw failure(file_ + ": line " + std::to_string(blank_line_) +
                    " is empty; a missing value of a file with one column must be written as \"\"");
    } else if (!table_) {
      begin();
    } else {
      if (fields_ != table_->names_.size())
        throw failure(file_ + ": row " + std::to_string(table_->rows() + 1) + " (line " +
                      std::to_string(line_) + ") has " + std::to_string(fields_) + " fields, but must have " +
                      std::to_string(table_->names_.size()) + " as the header line");
      table_->lines_.push_back(line_);
    }
    line_ += 1 + lines_in_row_;
    lines_in_row_ = 0;
    fields_ = 0;
  }

  void blank() {
    if (!table_)
      throw failure(file_ + ": line " + std::to_string(line_) + " is empty, but must be the header line");
    if (table_->names_.size() == 1 && blank_line_ == 0)
      blank_line_ = line_;
  }

  void begin() {
    std::unordered_set<std::string_view> seen;
    for (const std::string& name : header_) {
      if (!seen.insert(name).second)
        throw failure(file_ + ": the header line has the column \"" + shortened(name) + "\" twice");
    }
    table_.emplace(file_, std::move(header_));
  }

  ::csv_parser parser_{};
  std::string file_;
  std::vector<std::string> header_;
  std::optional<csv_table> table_;
  std::exception_ptr problem_;
  std::size_t fields_ = 0;
  std::int64_t line_ = 1;
  std::int64_t lines_in_row_ = 0;
  std::int64_t blank_line_ = 0;
  int last_terminator_ = 0;
};

csv_table read_csv(std::string file, std::string_view text, const csv_dialect& dialect) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    throw failure(file + ": is UTF-16, but must be UTF-8");
  if (text.starts_with("\xEF\xBB\xBF"))
    text.remove_prefix(3);
  if (const std::size_t at = text.find('\0'); at != std::string_view::npos)
    throw failure(file + ": line " + std::to_string(count_lines(text.substr(0, at)) + 1) + " has a NUL byte");
  const char delimiter = dialect.delimiter ? *dialect.delimiter : sniff_delimiter(file, text);
  return csv_parser(std::move(file), delimiter).read(text);
}

} // namespace emptor::tool

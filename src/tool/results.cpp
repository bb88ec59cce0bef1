// SPDX-License-Identifier: BSL-1.0
#include "results.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <system_error>
#include <utility>

#include "commands.hpp"
#include "csv_writer.hpp"
#include "failure.hpp"
#include "files.hpp"

namespace emptor::tool {

namespace {

namespace fs = std::filesystem;

/// Every file that a command reads, with the option that names it.
std::vector<named_file> files_read(const arguments& given) {
  std::vector<named_file> files;
  for (const named_file& one : given.in)
    files.push_back({"--in ", one.path});
  for (const named_file& one : given.models)
    files.push_back({"--model ", one.path});
  if (!changes_its_store(given))
    files.push_back({"--store ", given.store});
  if (given.command == "score" || given.command == "export")
    files.push_back({"", given.subject});
  return files;
}

constexpr std::string_view warnings_name = "warnings";
constexpr std::int64_t rows_told = 3;

/// What a table `warnings` holds: how many there are, the first few, and where all of them stand.
void tell_of_warnings(const table& from, const std::string& where, const reading& how) {
  const std::int64_t rows = from.rows();
  how.warnings->push_back(where + ": " + std::to_string(rows) + (rows == 1 ? " warning" : " warnings"));
  const std::int64_t told = how.every_row || rows <= rows_told + 1 ? rows : rows_told;
  for (std::int64_t row = 0; row < told; ++row) {
    std::string text;
    for (const column& one : from.columns()) {
      const std::string field = field_text(from, one, row);
      if (!field.empty())
        text.append(text.empty() ? "  " : ": ").append(field);
    }
    how.warnings->push_back(text);
  }
  if (told < rows)
    how.warnings->push_back("  and " + std::to_string(rows - told) + " more, which " + where + " has");
}

/// How many rows of a table have no figures, and why, where a column `status` says so.
void tell_of_statuses(const table& from, const std::string& where, const reading& how) {
  const column* status = from.find("status");
  if (status == nullptr || status->levels().empty() || status->levels().front() != "ok")
    return;
  std::map<std::int32_t, std::int64_t> counts;
  std::int64_t others = 0;
  for (const std::int32_t code : status->as<std::int32_t>()) {
    if (code > 0 && static_cast<std::size_t>(code) < status->levels().size()) {
      ++counts[code];
      ++others;
    }
  }
  if (others == 0)
    return;
  std::string text = where + ": status of " + std::to_string(others) + " of " + std::to_string(from.rows()) +
                     (from.rows() == 1 ? " row" : " rows") + " is not ok:";
  for (const auto& [code, count] : counts)
    text.append(code == counts.begin()->first ? " " : ", ")
        .append(std::to_string(count))
        .append(" ")
        .append(status->levels()[static_cast<std::size_t>(code)]);
  how.warnings->push_back(text);
}

/// \param where_is  tells where a table is to be found
void tell(const std::vector<table>& tables, const reading& how,
          const std::function<std::string(const table&)>& where_is) {
  if (how.warnings == nullptr)
    return;
  for (const table& one : tables) {
    if (one.name() == warnings_name && one.rows() > 0)
      tell_of_warnings(one, where_is(one), how);
    else
      tell_of_statuses(one, where_is(one), how);
  }
}

} // namespace

void refuse_overwriting(const arguments& given, const std::string& option, const std::string& output) {
  for (const named_file& input : files_read(given)) {
    if (same_file(output, input.path))
      throw usage_error(option + output + " would overwrite the file that is read as " + input.name +
                        input.path);
  }
}

void write_tables(const std::vector<table>& tables, const std::string& path, bool folder,
                  const arguments& given, const reading& how) {
  std::error_code ignored;
  const bool is_folder = fs::is_directory(path, ignored);
  folder = folder || is_folder || path.ends_with('/');
  if (!folder && tables.size() > 1)
    folder = !path.ends_with(".csv") && !fs::exists(path, ignored);
  if (!folder) {
    write_file(path, tables.empty() ? std::string() : to_csv(tables.front()));
    std::vector<std::string> left_out;
    for (std::size_t i = 1; i < tables.size(); ++i) {
      if (tables[i].rows() > 0)
        left_out.push_back(tables[i].name());
    }
    if (!left_out.empty())
      how.warnings->push_back(path + ": has the table " + tables.front().name() +
                              "; --out FOLDER/ also writes " + listed(std::span(std::as_const(left_out))));
    tell(tables, how, [&](const table& one) {
      return &one == tables.data() ? path : "table " + one.name() + " (--out FOLDER/)";
    });
    return;
  }
  std::vector<std::string> paths;
  for (const table& one : tables) {
    paths.push_back((fs::path(path) / (one.name() + ".csv")).string());
    refuse_overwriting(given, "table ", paths.back());
  }
  std::error_code problem;
  fs::create_directories(path, problem);
  if (problem)
    throw failure(path + ": cannot be made a folder: " + problem.message());
  for (std::size_t i = 0; i < tables.size(); ++i)
    write_file(paths[i], to_csv(tables[i]));
  tell(tables, how, [&](const table& one) { return paths[static_cast<std::size_t>(&one - tables.data())]; });
}

void tell_of(const std::vector<table>& tables, const std::string& option, const reading& how) {
  tell(tables, how, [&](const table& one) { return "table " + one.name() + " (" + option + ")"; });
}

} // namespace emptor::tool

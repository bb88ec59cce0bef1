// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "bind.hpp"
#include "commands.hpp"
#include "failure.hpp"
#include "files.hpp"
#include "saved.hpp"

/// The commands that change a saved store.
namespace emptor::tool {

namespace {

namespace fs = std::filesystem;

/// The options of a store hold for ever, but may be spelled in another way.
void refuse_other_options(const store& held, const arguments& given) {
  const option_values& has = held.options();
  std::vector<option> asked = given.set;
  for (const option& known : has.all()) {
    if (std::none_of(given.set.begin(), given.set.end(),
                     [&](const option& one) { return one.name == known.name; }))
      asked.push_back(known);
  }
  const option_values wanted(held.description().name, held.description().options, asked);
  for (const option& one : given.set) {
    if (wanted.text(one.name) != has.text(one.name))
      throw failure(given.store + ": was made with " + one.name + "=" + std::string(has.text(one.name)) +
                    ", not " + shortened(one.value));
  }
}

/// Keeps others from the file of a store until it is written.
file_lock locked(const std::string& path) {
  return {path,
          [&] { std::fprintf(stderr, "emptor: %s: waits for another push\n", printable(path).c_str()); }};
}

} // namespace

bool push_command(const arguments& given, const reading& how) {
  const store_description& kind = find_store_kind(given.subject);
  need(!given.in.empty(), given, "--in");
  need(!given.store.empty(), given, "--store");
  refuse_unknown(kind.name, given.set, {kind.options});
  const std::vector<table_input> inputs = read_tables(given.in, given.csv);
  const file_lock until_written = locked(given.store);
  std::error_code ignored;
  std::unique_ptr<store> held;
  const bool is_new = !fs::exists(given.store, ignored);
  if (!is_new) {
    held = store_at(given.store);
    if (held->description().name != kind.name)
      throw failure(given.store + ": holds a store of " + std::string(held->description().name) +
                    ", not of " + std::string(kind.name));
    refuse_other_options(*held, given);
  } else {
    held = make_store(kind.name, given.set);
  }
  const push_outcome pushed = push_tables(*held, inputs, how);
  write_file(given.store, as_text(save(*held)));
  how.warnings->insert(how.warnings->end(), pushed.counts.begin(), pushed.counts.end());
  if (const std::string assumed = currency_assumed(
          *held, pushed, "to name it, make the store anew with --set default_currency=EUR (or another)");
      is_new && !assumed.empty())
    how.warnings->push_back(given.store + ": " + assumed);
  if (pushed.repeats_count_twice)
    how.warnings->push_back(kind.tables.empty()
                                ? "rows are kept as they come: pushed again they count twice"
                                : "some rows carry no document: pushed again they count twice");
  return pushed.conflicts > 0;
}

namespace {

/// The customers of --keys and of the tables of --in, each once.
std::vector<std::string> keys_of(const arguments& given, const table_description& wanted,
                                 const reading& how) {
  std::vector<std::string> keys = given.keys;
  for (const table_input& input : read_tables(given.in, given.csv)) {
    const typed_table columns = typed_rows(wanted, input, how);
    const csv_table& rows = *input.rows;
    const std::size_t at = *columns.csv_column(wanted.columns.front().name);
    for (std::int64_t row = 0; row < rows.rows(); ++row) {
      if (rows.field(row, at).empty())
        throw failure(rows.place(row) + ": names no " + std::string(wanted.columns.front().name));
      keys.emplace_back(rows.field(row, at));
    }
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

/// Those of the keys of which no table of a store has a row.
std::vector<std::string_view> unknown_keys(const store& held, const std::vector<std::string>& keys) {
  boost::unordered_flat_set<std::string_view> unknown(keys.begin(), keys.end());
  for (const table& rows : held.contents()) {
    const column* names = rows.find(held.description().key);
    for (std::int64_t row = 0; names != nullptr && row < rows.rows() && !unknown.empty(); ++row)
      unknown.erase(names->text()[row]);
  }
  std::vector<std::string_view> sorted;
  for (const std::string& key : keys) {
    if (unknown.contains(key))
      sorted.push_back(key);
  }
  return sorted;
}

} // namespace

void erase_command(const arguments& given, const reading& how) {
  need(!given.store.empty(), given, "--store");
  need(!given.keys.empty() || !given.in.empty(), given, "--keys or --in");
  if (!fs::exists(given.store))
    throw failure(given.store + ": there is no such file");
  const file_lock until_written = locked(given.store);
  const std::unique_ptr<store> held = store_at(given.store);
  const std::string_view key = held->description().key;
  if (key.empty())
    throw failure(given.store + ": a store of " + std::string(held->description().name) +
                  " knows no customers, so none can be erased");
  const column_description wanted_columns[] = {
      {.name = key, .what = content::id, .summary = "whom the store should forget"}};
  const table_description wanted{.name = "keys", .columns = wanted_columns};
  const std::vector<std::string> keys = keys_of(given, wanted, how);
  const std::vector<std::string_view> unknown = unknown_keys(*held, keys);
  if (!unknown.empty()) {
    const std::string said =
        given.store + ": knows no " + std::string(key) + " " + listed(std::span(std::as_const(unknown)));
    if (given.strict)
      throw failure(said);
    how.warnings->push_back(said);
  }
  const std::vector<std::string_view> named(keys.begin(), keys.end());
  const std::int64_t erased = held->erase(named);
  if (erased > 0)
    write_file(given.store, as_text(save(*held)));
  how.warnings->push_back(given.store + ": " + std::to_string(erased) + " of " + std::to_string(keys.size()) +
                          " " + std::string(key) + (keys.size() == 1 ? " erased" : "s erased"));
}

} // namespace emptor::tool

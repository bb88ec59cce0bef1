// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/catalogue.hpp>

#include "arguments.hpp"
#include "work.hpp"

namespace emptor::tool {

struct answer {
  std::string text;          ///< for standard output
  bool data_says_no = false; ///< exit status 1 although the work is done
};

/// What a run of the tool prints, and how it ends.
struct ending {
  int exit_status = 0;
  std::string out; ///< for standard output
  std::string err; ///< for standard error, in lines
};

/// The tool without its process: whatever happens becomes a message and an exit status. \param words without the name
/// of the program
[[nodiscard]] ending run_tool(std::span<const char* const> words);

/// Does what the command line asks for. \param warnings takes in lines for standard error
[[nodiscard]] answer execute(const arguments& given, std::vector<std::string>& warnings);

// The commands that ask the catalogue only.
[[nodiscard]] std::string list_text(bool as_json);
[[nodiscard]] std::string describe_text(const entry_description& what);
[[nodiscard]] std::string describe_text(const store_description& what);
/// Prints the worked examples, runs them, and says whether the figures agree.
[[nodiscard]] std::string example_text(const entry& what, bool& all_agree);
[[nodiscard]] std::string show_text(const model& what, bool as_json);
/// Kind, options and rows of a store, and the size of its file.
[[nodiscard]] std::string show_text(const store& what, std::size_t bytes, bool as_json);

// The commands that change a saved store.
/// \return whether a row contradicts a known document
[[nodiscard]] bool push_command(const arguments& given, const reading& how);
/// Makes a store forget customers.
void erase_command(const arguments& given, const reading& how);
[[nodiscard]] inline bool changes_its_store(const arguments& given) noexcept {
  return given.command == "push" || given.command == "erase";
}
/// \throws usage_error that says that the command needs it
void need(bool there, const arguments& given, std::string_view what);

/// Runs a reduce or fit over pushed tables: options go to the store or to the finish, whichever describes
/// them. \param base a saved store to go on from, or null
[[nodiscard]] result finish_tables(const entry& what, std::span<const option> options,
                                   std::span<const table_input> tables, std::unique_ptr<store> base,
                                   const slot_models& slots, const reading& how);
/// An empty store from which an entry finishes.
[[nodiscard]] std::unique_ptr<store> new_store(const entry& what, std::span<const option> options);
/// Measures what an entry does, on rows made from its description.
[[nodiscard]] std::string bench_text(const entry& what, const arguments& given, const reading& how);
/// Simulates a company, runs every entry on it, and tells how close the estimates came to the truth.
[[nodiscard]] answer demo_command(const arguments& given, std::vector<std::string>& warnings);
/// \throws usage_error for an unknown name
[[nodiscard]] const entry& entry_named(std::string_view name);

} // namespace emptor::tool

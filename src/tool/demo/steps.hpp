// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/describe.hpp>

/// What the demo runs: the feeds that entries declare, each after those that feed it. No entry is known here by name.
namespace emptor::tool::demo {

struct step {
  const entry_description* what = nullptr;
  const demo_feed* feed = nullptr;
  std::string run;                  ///< ENTRY or ENTRY.LABEL
  std::vector<std::size_t> needs{}; ///< places of earlier steps
};

/// \throws failure that names the entry, its run and what is wrong: an entry that the demo neither feeds nor says why not;
/// a table, column, option, slot or run that is unknown, or needed and not given; runs that wait for each other
[[nodiscard]] std::vector<step> order_steps(std::span<const entry_description* const> entries,
                                            std::span<const table_description> company);

/// Where the results of a run stand, below the folder of the demo.
[[nodiscard]] std::string folder_of(std::string_view run);
[[nodiscard]] std::string model_file(std::string_view run);
[[nodiscard]] std::string table_file(std::string_view run, std::string_view table);

/// The files that a step writes, below the folder of the demo.
[[nodiscard]] std::vector<std::string> files_of(const step& one);

/// The words of its command line, without the name of the tool. \param folder  that of the demo, with a slash at its end
[[nodiscard]] std::vector<std::string> command_of(const step& one, const std::string& folder);

} // namespace emptor::tool::demo

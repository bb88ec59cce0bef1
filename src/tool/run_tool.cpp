// SPDX-License-Identifier: BSL-1.0
#include <new>
#include <string>
#include <vector>

#include "commands.hpp"
#include "failure.hpp"

namespace emptor::tool {

namespace {

/// Whether it is the command line that must change, and not the data.
bool is_usage(status code) {
  return code == status::unknown_name || code == status::option;
}

} // namespace

ending run_tool(std::span<const char* const> words) {
  std::vector<std::string> warnings; // a line each, told whatever comes after them
  const auto ended = [&](int exit_status, const char* text) {
    ending made{exit_status, "", ""};
    for (const std::string& warning : warnings)
      made.err.append("emptor: ").append(printable(warning)).append("\n");
    if (text != nullptr)
      made.err.append("emptor: ").append(text).append("\n");
    return made;
  };
  try {
    answer given = execute(read_arguments(words), warnings);
    ending made = ended(given.data_says_no ? 1 : 0, nullptr);
    made.out = std::move(given.text);
    return made;
  } catch (const usage_error& why) {
    return ended(2, why.what());
  } catch (const failure& why) {
    return ended(1, why.what());
  } catch (const error& why) {
    return ended(is_usage(why.code()) ? 2 : 1, why.what());
  } catch (const std::bad_alloc&) {
    return ended(1, "out of memory");
  } catch (const std::exception& why) {
    return ended(1, printable(why.what()).c_str());
  }
}

} // namespace emptor::tool

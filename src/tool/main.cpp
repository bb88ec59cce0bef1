// SPDX-License-Identifier: BSL-1.0
#include <cstdio>
#include <new>
#include <span>
#include <string>
#include <vector>

#include "tool/commands.hpp"
#include "tool/failure.hpp"

namespace {

/// Whether it is the command line that must change, and not the data.
bool is_usage(emptor::status code) {
  return code == emptor::status::unknown_name || code == emptor::status::option;
}

} // namespace

int main(int count, char** words) {
  using namespace emptor::tool;
  std::vector<std::string> warnings; // a line each, told whatever comes after them
  const auto ended = [&](const char* text, int exit_status) {
    for (const std::string& warning : warnings)
      std::fprintf(stderr, "emptor: %s\n", emptor::printable(warning).c_str());
    if (text != nullptr)
      std::fprintf(stderr, "emptor: %s\n", text);
    return exit_status;
  };
  try {
    const std::span<const char* const> given(words + (count > 0 ? 1 : 0),
                                             static_cast<std::size_t>(count > 0 ? count - 1 : 0));
    const answer made = execute(read_arguments(given), warnings);
    std::fwrite(made.text.data(), 1, made.text.size(), stdout);
    if (std::fflush(stdout) != 0)
      return ended("standard output cannot be written", 1);
    return ended(nullptr, made.data_says_no ? 1 : 0);
  } catch (const usage_error& why) {
    return ended(why.what(), 2);
  } catch (const failure& why) {
    return ended(why.what(), 1);
  } catch (const emptor::error& why) {
    return ended(why.what(), is_usage(why.code()) ? 2 : 1);
  } catch (const std::bad_alloc&) {
    return ended("out of memory", 1);
  } catch (const std::exception& why) {
    return ended(emptor::printable(why.what()).c_str(), 1);
  }
}

// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <cstdio>

#include "tool/commands.hpp"

int main(int count, char** words) {
  const std::size_t skipped = count > 0 ? 1 : 0;
  emptor::tool::ending ended =
      emptor::tool::run_tool({words + skipped, static_cast<std::size_t>(count) - skipped});
  const bool written = std::fwrite(ended.out.data(), 1, ended.out.size(), stdout) == ended.out.size();
  if (std::fflush(stdout) != 0 || !written) // what is longer than the buffer fails before it is flushed
    ended = {1, "", ended.err + "emptor: standard output cannot be written\n"};
  std::fwrite(ended.err.data(), 1, ended.err.size(), stderr);
  return ended.exit_status;
}

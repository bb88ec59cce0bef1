// SPDX-License-Identifier: BSL-1.0
// README.md shows figures of the demo: those that it gives now. With EMPTOR_README_UPDATE=1 the test writes what is stale.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "shell.hpp"
#include "support/places.hpp"
#include "tool/aligned.hpp"

namespace emptor::test::readme_long_test {
namespace {

using DemoReadme = ToolTest;

/// The cells of a line, which at least two spaces part.
std::vector<std::string> cells_of(std::string line) {
  std::vector<std::string> cells;
  for (line.erase(0, line.find_first_not_of(' ')); !line.empty();
       line.erase(0, std::min(line.find_first_not_of(' '), line.size()))) {
    const std::size_t end = std::min(line.find("  "), line.size());
    cells.push_back(line.substr(0, end));
    line.erase(0, end);
  }
  return cells;
}

/// Of the numbers of the scoreboard: how many orders were expected of all customers, and of some kinds.
std::string expected_orders(const std::string& scoreboard) {
  const std::set<std::string> shown{"expected_orders", "expected_orders, declining",
                                    "expected_orders, regular"};
  std::istringstream lines(scoreboard.substr(scoreboard.find("\nNumbers\n") + 9));
  tool::aligned block;
  for (std::string line; std::getline(lines, line) && !line.empty();) {
    std::vector<std::string> cells = cells_of(line);
    if (cells.front() != "RUN" && (cells.front() != "value.customer_value" || !shown.contains(cells[1])))
      continue;
    cells.resize(8); // without IN INTERVAL, which orders have not
    block.add(std::move(cells));
  }
  std::string text;
  block.write(text, 2);
  return text;
}

TEST_F(DemoReadme, ShowsFiguresAsTheDemoGivesThem) {
  const outcome ended = emptor({"demo"});
  ASSERT_EQ(ended.exit_status, 0) << ended.err;
  std::ifstream file(source_folder() + "/README.md", std::ios::binary);
  const std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const std::string open = "<!-- emptor demo -->\n```\n";
  const std::size_t at = page.find(open);
  ASSERT_NE(at, std::string::npos);
  const std::size_t from = at + open.size();
  const std::size_t to = page.find("```\n", from);
  ASSERT_NE(to, std::string::npos);
  const std::string fresh = expected_orders(ended.out);
  EXPECT_EQ(std::count(fresh.begin(), fresh.end(), '\n'), 4) << fresh;
  if (const char* update = std::getenv("EMPTOR_README_UPDATE"); update != nullptr && *update == '1')
    std::ofstream(source_folder() + "/README.md", std::ios::binary)
        << page.substr(0, from) + fresh + page.substr(to);
  EXPECT_EQ(page.substr(from, to - from), fresh) << "run this test with EMPTOR_README_UPDATE=1";
}

} // namespace
} // namespace emptor::test::readme_long_test

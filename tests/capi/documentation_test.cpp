// SPDX-License-Identifier: BSL-1.0
// Every function of the headers tells what it means, who owns what, which threads may call it, and since when.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "header_functions.hpp"

namespace documentation_test {
namespace {

using emptor::test::c_headers;
using emptor::test::functions_of;
using emptor::test::header_function;

/// What the comment of a function lacks, in words.
std::string lacking(const std::string& comment) {
  std::string missing;
  for (const char* tag : {"/**\n", " * Memory: ", " * Threads: ", " * \\since "}) {
    if (comment.find(tag) == std::string::npos)
      missing += std::string(missing.empty() ? "" : ",") + tag;
  }
  return missing;
}

TEST(documentation, says_memory_threads_and_since_of_every_function) {
  const std::vector<header_function> all = functions_of(c_headers());
  EXPECT_GT(all.size(), 40U);
  for (const header_function& one : all)
    EXPECT_EQ(lacking(one.comment), "") << one.name;
}

TEST(documentation, of_a_function_without_it_is_noticed) {
  EXPECT_NE(lacking("/**\n * Does it.\n * Memory: none.\n * Threads: any number.\n "), "");
  EXPECT_NE(lacking("/**\n * Does it.\n * Memory: none.\n * \\since 0.1\n "), "");
  EXPECT_NE(lacking("/**\n * Does it.\n * Threads: any number.\n * \\since 0.1\n "), "");
}

TEST(symbols, are_those_of_the_headers_sorted_and_at_most_64) {
  std::vector<std::string> listed;
  std::istringstream lines(emptor::test::source_text("capi/symbols.txt"));
  for (std::string line; std::getline(lines, line);)
    listed.push_back(line.substr(0, line.find(' ')));
  EXPECT_TRUE(std::is_sorted(listed.begin(), listed.end()));
  std::set<std::string> declared;
  for (const header_function& one : functions_of(c_headers()))
    declared.insert(one.name);
  EXPECT_EQ(std::set<std::string>(listed.begin(), listed.end()), declared);
  EXPECT_LE(listed.size(), 64U);
}

} // namespace
} // namespace documentation_test

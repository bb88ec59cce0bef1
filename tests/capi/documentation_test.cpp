// SPDX-License-Identifier: BSL-1.0
// Every function of the headers tells what it means, who owns what, which threads may call it, and since when.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace documentation_test {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(std::string(EMPTOR_SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string headers() {
  return read("capi/include/emptor.h") + read("capi/include/emptor_arrow.h");
}

/// The name of every declared function with the comment that stands right before it.
std::vector<std::pair<std::string, std::string>> functions(const std::string& header) {
  std::vector<std::pair<std::string, std::string>> found;
  for (std::size_t at = header.find("\nEMPTOR_API"); at != std::string::npos;
       at = header.find("\nEMPTOR_API", at + 1)) {
    const std::size_t open = header.find('(', at);
    const std::size_t first = header.find_last_of(" *\n", open) + 1;
    const std::size_t begin = header.rfind("/*", at);
    const std::size_t end = header.rfind("*/", at);
    const bool adjacent = end != std::string::npos && end + 2 == at && begin < end;
    found.emplace_back(header.substr(first, open - first), adjacent ? header.substr(begin, end - begin) : "");
  }
  return found;
}

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
  for (const auto& [name, comment] : functions(headers()))
    EXPECT_EQ(lacking(comment), "") << name;
}

TEST(documentation, of_a_function_without_it_is_noticed) {
  EXPECT_NE(lacking("/**\n * Does it.\n * Memory: none.\n * Threads: any number.\n "), "");
  EXPECT_NE(lacking("/**\n * Does it.\n * Memory: none.\n * \\since 0.1\n "), "");
  EXPECT_NE(lacking("/**\n * Does it.\n * Threads: any number.\n * \\since 0.1\n "), "");
}

TEST(symbols, are_those_of_the_headers_sorted_and_at_most_64) {
  std::vector<std::string> listed;
  std::istringstream lines(read("capi/symbols.txt"));
  for (std::string line; std::getline(lines, line);)
    listed.push_back(line.substr(0, line.find(' ')));
  EXPECT_TRUE(std::is_sorted(listed.begin(), listed.end()));
  std::set<std::string> declared;
  for (const auto& [name, comment] : functions(headers()))
    declared.insert(name);
  EXPECT_EQ(std::set<std::string>(listed.begin(), listed.end()), declared);
  EXPECT_LE(listed.size(), 64U);
}

} // namespace
} // namespace documentation_test

// SPDX-License-Identifier: BSL-1.0
// The comment of every function of the headers speaks of each of its parameters. What `error` is stands at the top.
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace parameters_test {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(std::string(EMPTOR_SOURCE_DIR) + "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> unspoken_parameters(const std::string& header) {
  std::vector<std::string> unspoken;
  const std::regex named(R"((\w+)\s*(?:,|$))");
  for (std::size_t at = header.find("*/\nEMPTOR_API"); at != std::string::npos;
       at = header.find("*/\nEMPTOR_API", at + 1)) {
    const std::size_t begin = header.rfind("/**", at);
    const std::size_t open = header.find('(', at);
    const std::string comment = header.substr(begin, at - begin);
    const std::string parameters = header.substr(open + 1, header.find(");", open) - open - 1);
    for (std::sregex_iterator name(parameters.begin(), parameters.end(), named), end; name != end; ++name) {
      const std::string parameter = (*name)[1];
      if (parameter != "void" && parameter != "error" &&
          !std::regex_search(comment, std::regex("\\b" + parameter + "\\b")))
        unspoken.push_back(header.substr(at + 3, open - at - 3) + ": " + parameter);
    }
  }
  return unspoken;
}

TEST(parameters, are_all_spoken_of) {
  for (const char* header : {"capi/include/emptor.h", "capi/include/emptor_arrow.h"})
    EXPECT_EQ(unspoken_parameters(read(header)), std::vector<std::string>{}) << header;
}

TEST(parameters, left_out_are_noticed) {
  EXPECT_EQ(unspoken_parameters(
                "/**\n * Does it to one.\n */\nEMPTOR_API int emptor_do(const int* one,\n   int two, "
                "int error);"),
            std::vector<std::string>{"EMPTOR_API int emptor_do: two"});
}

} // namespace
} // namespace parameters_test

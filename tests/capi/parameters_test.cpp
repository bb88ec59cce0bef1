// SPDX-License-Identifier: BSL-1.0
// The comment of every function of the headers speaks of each of its parameters. What `error` is stands at the top.
#include <gtest/gtest.h>

#include <regex>
#include <string>
#include <vector>

#include "header_functions.hpp"

namespace emptor::parameters_test {
namespace {

using texts = std::vector<std::string>;

texts unspoken_parameters(const std::string& header) {
  texts unspoken;
  const std::regex named(R"((\w+)\s*(?:,|$))");
  for (const test::header_function& one : test::functions_of(header)) {
    for (std::sregex_iterator name(one.parameters.begin(), one.parameters.end(), named), end; name != end;
         ++name) {
      const std::string parameter = (*name)[1];
      if (parameter != "void" && parameter != "error" &&
          !std::regex_search(one.comment, std::regex("\\b" + parameter + "\\b")))
        unspoken.push_back(one.name + ": " + parameter);
    }
  }
  return unspoken;
}

TEST(parameters, are_all_spoken_of) {
  EXPECT_EQ(unspoken_parameters(test::c_headers()), texts{});
}

TEST(parameters, left_out_are_noticed) {
  EXPECT_EQ(unspoken_parameters(
                "/**\n * Does it to one.\n */\nEMPTOR_API int emptor_do(const int* one,\n   int two, "
                "int error);"),
            texts{"emptor_do: two"});
  EXPECT_EQ(unspoken_parameters("\nEMPTOR_API int emptor_do(int one);"), texts{"emptor_do: one"})
      << "without a comment";
}

} // namespace
} // namespace emptor::parameters_test

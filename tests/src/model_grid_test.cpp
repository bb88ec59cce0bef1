// SPDX-License-Identifier: BSL-1.0
// include/emptor/value/README.md shows which model has which quantity: every cell a mark, or a sentence why not. With
// EMPTOR_README_UPDATE=1 the test writes what is stale.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/catalogue.hpp>
#include <emptor/value/bg_bb_entry.hpp>
#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/gamma_gamma_entry.hpp>
#include <emptor/value/mbg_nbd.hpp>
#include <emptor/value/nbd.hpp>
#include <emptor/value/pareto_nbd.hpp>

#include "support/places.hpp"

namespace model_grid_test {
namespace {

using namespace emptor;
using namespace emptor::value;

constexpr std::string_view spend = "expected_spend";

/// A model, and why it does not have an output; empty where it has it.
struct model_row {
  std::string_view name;
  std::string_view (*why_not)(std::string_view output);
};

template <class Model>
constexpr model_row orders_of{
    Model::name, [](std::string_view output) -> std::string_view {
      if (output == spend)
        return "it says when orders come, not what they are worth: see `gamma_gamma`";
      for (std::size_t q = 0; q < quantity_count; ++q) {
        if (quantities[q].value.name == output)
          return Model::undefined(static_cast<quantity>(q));
      }
      return "no such quantity";
    }};

/// A new model stands here as soon as it is in the catalogue: see the test below.
constexpr model_row models[] = {
    orders_of<bg_nbd>,
    orders_of<mbg_nbd>,
    orders_of<pareto_nbd>,
    orders_of<nbd>,
    orders_of<bg_bb>,
    {gamma_gamma::name,
     [](std::string_view output) {
       return output == spend ? std::string_view{}
                              : "it says what an order is worth, not when orders come: see the other models";
     }},
};

[[nodiscard]] std::vector<std::string_view> outputs() {
  std::vector<std::string_view> names;
  for (const quantity_description& one : quantities)
    names.push_back(one.value.name);
  names.push_back(spend);
  return names;
}

[[nodiscard]] bool has_output(std::string_view entry, std::string_view output) {
  const std::span<const column_description> all = find_entry(entry).description->score.outputs;
  return std::any_of(all.begin(), all.end(),
                     [&](const column_description& one) { return one.name == output; });
}

/// The grid, and below it the sentences that its numbers stand for.
[[nodiscard]] std::string grid() {
  std::vector<std::string> sentences;
  std::string text = "\n| quantity |";
  for (const model_row& model : models)
    text.append(" `").append(model.name.substr(model.name.find('.') + 1)).append("` |");
  text.append("\n|---|");
  for (std::size_t i = 0; i < std::size(models); ++i)
    text.append("---|");
  text.append("\n");
  for (const std::string_view output : outputs()) {
    text.append("| `").append(output).append("` |");
    for (const model_row& model : models) {
      const std::string why(model.why_not(output));
      if (why.empty()) {
        text.append(" ● |");
        continue;
      }
      auto at = std::find(sentences.begin(), sentences.end(), why);
      if (at == sentences.end())
        at = sentences.insert(sentences.end(), why);
      text.append(" – ").append(std::to_string(at - sentences.begin() + 1)).append(" |");
    }
    text.append("\n");
  }
  for (std::size_t i = 0; i < sentences.size(); ++i)
    text.append(i == 0 ? "\n" : "")
        .append(std::to_string(i + 1))
        .append(". ")
        .append(sentences[i])
        .append("\n");
  return text;
}

TEST(model_grid, every_cell_is_an_output_or_a_sentence) {
  for (const model_row& model : models)
    for (const std::string_view output : outputs())
      EXPECT_EQ(has_output(model.name, output), model.why_not(output).empty()) << model.name << ' ' << output;
}

TEST(model_grid, has_every_model_of_the_catalogue) {
  for (const entry* one : catalogue()) {
    const std::string_view name = one->description->name;
    if (has_output(name, "expected_orders")) {
      EXPECT_TRUE(std::any_of(std::begin(models), std::end(models), [&](const model_row& m) {
        return m.name == name;
      })) << name;
    }
  }
}

TEST(model_grid, is_what_the_readme_shows) {
  const std::string path = emptor::test::source_folder() + "/include/emptor/value/README.md";
  std::ifstream file(path);
  std::ostringstream read;
  read << file.rdbuf();
  const std::string text = read.str();
  const std::string open = "<!-- grid -->";
  const std::size_t from = text.find(open);
  const std::size_t to = text.find("<!-- /grid -->");
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  const std::string fresh = text.substr(0, from + open.size()) + grid() + text.substr(to);
  if (const char* update = std::getenv("EMPTOR_README_UPDATE"); update != nullptr && *update == '1')
    std::ofstream(path) << fresh;
  EXPECT_EQ(text, fresh) << "run this test with EMPTOR_README_UPDATE=1";
}

} // namespace
} // namespace model_grid_test

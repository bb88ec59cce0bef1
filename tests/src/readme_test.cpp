// SPDX-License-Identifier: BSL-1.0
// README.md shows the catalogue and the examples as they are, and so do the pages of include/emptor. With
// EMPTOR_README_UPDATE=1 the tests write what is stale.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include <emptor/catalogue.hpp>

#include "support/places.hpp"

namespace readme_test {
namespace {

std::string read(const std::string& path) {
  std::ifstream file(emptor::test::source_folder() + "/" + path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// `text` with what stands between the two marks replaced.
std::string between(const std::string& text, const std::string& open, const std::string& close,
                    const std::string& inside) {
  const std::size_t from = text.find(open);
  const std::size_t to = from == std::string::npos ? from : text.find(close, from + open.size());
  if (to == std::string::npos) {
    ADD_FAILURE() << "README.md has no " << open;
    return text;
  }
  return text.substr(0, from + open.size()) + inside + text.substr(to);
}

std::string entries() {
  std::string rows = "\n| entry | 中文 | verb | what it gives |\n|---|---|---|---|\n";
  for (const emptor::entry* one : emptor::catalogue()) {
    const emptor::entry_description& what = *one->description;
    rows.append("| `").append(what.name).append("` | ").append(what.chinese).append(" | ");
    rows.append(name(what.what)).append(what.what == emptor::verb::fit && what.can_score() ? ", score" : "");
    rows.append(" | ").append(what.summary).append(" |\n");
  }
  return rows;
}

std::string stores() {
  std::string rows = "\n| store | 中文 | what it holds | memory |\n|---|---|---|---|\n";
  for (const emptor::store_description* one : emptor::store_kinds()) {
    rows.append("| `").append(one->name).append("` | ").append(one->chinese).append(" | ");
    rows.append(one->summary).append(" | ").append(one->memory).append(" |\n");
  }
  return rows;
}

/// What an example shows between its two lines that hold [readme].
std::string shown(const std::string& path) {
  const std::string code = read(path);
  const std::size_t open = code.find("[readme]");
  const std::size_t from = open == std::string::npos ? open : code.find('\n', open);
  const std::size_t close = from == std::string::npos ? from : code.find("[readme]", from);
  if (close == std::string::npos) {
    ADD_FAILURE() << path << " has no two lines with [readme]";
    return {};
  }
  return code.substr(from + 1, code.rfind('\n', close) - from);
}

TEST(Readme, ShowsTheCatalogueAndTheExamples) {
  const std::string text = read("README.md");
  std::string fresh = between(text, "<!-- catalogue -->", "<!-- /catalogue -->", entries());
  fresh = between(fresh, "<!-- stores -->", "<!-- /stores -->", stores());
  fresh =
      between(fresh, "<!-- tests/examples/alive.cpp -->\n```cpp\n", "```", shown("tests/examples/alive.cpp"));
  fresh = between(fresh, "<!-- tests/examples/orders.cpp -->\n```cpp\n", "```",
                  shown("tests/examples/orders.cpp"));
  fresh = between(fresh, "<!-- tests/examples/score.c -->\n```c\n", "```", shown("tests/examples/score.c"));
  fresh = between(fresh, "<!-- capi/languages/python/examples/score.py -->\n```python\n", "```",
                  shown("capi/languages/python/examples/score.py"));
  if (const char* update = std::getenv("EMPTOR_README_UPDATE"); update != nullptr && *update == '1')
    std::ofstream(emptor::test::source_folder() + "/README.md") << fresh;
  EXPECT_EQ(text, fresh) << "run this test with EMPTOR_README_UPDATE=1";
}

/// A file without its first lines that say how it is run and licensed.
std::string without_header(std::string text) {
  while (text.starts_with("#!") || text.substr(0, text.find('\n')).find("SPDX-License-Identifier") < 8)
    text.erase(0, text.find('\n') + 1);
  return text;
}

/// A page whose blocks of code after `<!-- FILE -->` are what the files hold. \param blocks counts them
std::string with_files(const std::string& page, int& blocks) {
  std::string fresh;
  std::size_t done = 0;
  for (std::size_t open = page.find("<!-- "); open != std::string::npos;
       open = page.find("<!-- ", open + 1)) {
    const std::size_t end = page.find(" -->\n```", open);
    if (end == std::string::npos || end != page.find(" -->", open))
      continue;
    const std::string file = page.substr(open + 5, end - open - 5);
    const std::size_t from = page.find('\n', end + 5) + 1;
    const std::size_t to = page.find("```\n", from);
    EXPECT_TRUE(std::filesystem::exists(emptor::test::source_folder() + "/" + file)) << file;
    fresh += page.substr(done, from - done) + without_header(read(file));
    done = to;
    ++blocks;
  }
  return fresh + page.substr(done);
}

TEST(Pages, ShowTheFilesThatAreTested) {
  int blocks = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(emptor::test::source_folder() + "/include/emptor")) {
    if (file.path().extension() != ".md")
      continue;
    const std::string path = "include/emptor/" + file.path().filename().string();
    const std::string text = read(path);
    const std::string fresh = with_files(text, blocks);
    if (const char* update = std::getenv("EMPTOR_README_UPDATE"); update != nullptr && *update == '1')
      std::ofstream(file.path()) << fresh;
    EXPECT_EQ(text, fresh) << path << ": run this test with EMPTOR_README_UPDATE=1";
  }
  EXPECT_GE(blocks, 9);
}

TEST(Readme, OfAFolderNamesEachOfItsHeaders) {
  namespace fs = std::filesystem;
  int headers = 0;
  for (const fs::directory_entry& folder :
       fs::directory_iterator(emptor::test::source_folder() + "/include/emptor")) {
    if (!fs::exists(folder.path() / "README.md"))
      continue;
    const std::string text =
        read(fs::relative(folder.path() / "README.md", emptor::test::source_folder()).string());
    for (const fs::directory_entry& header : fs::directory_iterator(folder.path())) {
      const std::string name = header.path().filename().string();
      if (!name.ends_with(".hpp"))
        continue;
      ++headers;
      EXPECT_NE(text.find("`" + name + "`"), std::string::npos) << header.path();
    }
  }
  EXPECT_GT(headers, 50);
}

} // namespace
} // namespace readme_test

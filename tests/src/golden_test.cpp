// SPDX-License-Identifier: BSL-1.0
// Files of released versions: tests/golden/README.md has the rule.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "examples.hpp"
#include "support/places.hpp"
#include "support/worked_example.hpp"

namespace emptor::test::golden_test {
namespace {

namespace fs = std::filesystem;

const fs::path folder = fs::path(source_folder()) / "tests" / "golden" / "0.1";

bool updating() {
  return std::getenv("EMPTOR_GOLDEN_UPDATE") != nullptr;
}

std::string read_text_file(const fs::path& path) {
  std::ifstream from(path, std::ios::binary);
  EXPECT_TRUE(from.is_open()) << path;
  return {std::istreambuf_iterator<char>(from), {}};
}

void write_text_file(const fs::path& path, std::string_view text) {
  fs::create_directories(path.parent_path());
  std::ofstream to(path, std::ios::binary);
  to.write(text.data(), static_cast<std::streamsize>(text.size()));
  EXPECT_TRUE(to.good()) << path;
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// A golden file that this version wrote must be what it writes; one of another version differs in the
/// version that it names.
template <class Load>
void expect_same_bytes(const std::string& file, const Load& load) {
  const std::vector<std::byte> saved = save(*load(bytes_of(file)));
  const bool written_by_this_version = file.substr(0, 200).find(library_version()) != std::string::npos;
  EXPECT_TRUE(!written_by_this_version || text_of(saved) == file);
  EXPECT_EQ(save(*load(saved)), saved);
}

/// A table's counts, days, money and texts as CSV; real numbers wait for the same bits everywhere.
std::string exact_columns(const table& made) {
  std::vector<const column*> exact;
  for (const column& held : made.columns()) {
    if (held.type() != dtype::float64)
      exact.push_back(&held);
  }
  std::string csv;
  for (const column* held : exact)
    csv.append(held == exact.front() ? "" : ",").append(held->name());
  csv.append("\n");
  for (std::int64_t row = 0; row < made.rows(); ++row) {
    for (const column* held : exact)
      csv.append(held == exact.front() ? "" : ",").append(field_of(held->view(), held->levels(), row));
    csv.append("\n");
  }
  return csv;
}

struct golden_store {
  const char* kind;
  const char* entry;      ///< from whose worked example it was made
  const char* table = ""; ///< and these rows
  const char* csv = "";
  std::vector<option> finish{};
};

const golden_store golden_stores[] = {
    {"rows", "value.bg_nbd"},
    {"order_history",
     "value.summary",
     "orders",
     "customer,date,amount,document,revision,quantity,product,margin,attributes:channel\n"
     "Dai,2024-01-05,12.50,D20,1,2,tea,3.20,shop\nDai,2024-01-05,14.50,D20,2,3,tea,3.70,shop\n"
     "Eve,2024-01-31,99999999999.99,D21,1,1,,,web\n",
     {{"until", "2024-02-05"}, {"unit", "week"}}},
    {"ledger",
     "credit.ageing",
     "items",
     "document,revision,customer,kind,amount,document_date,due_date,currency,attributes:branch\n"
     "R9,1,Mei,invoice,70.00,2026-02-01,2026-02-15,EUR,Bonn\n"
     "R9,2,Mei,invoice,75.00,2026-02-01,2026-02-20,EUR,Bonn\n",
     {{"as_of", "2026-03-02"}, {"by", "due_date"}, {"edges", "30,60,90"}}},
    {"outcomes",
     "credit.adverse_impact",
     "rows",
     "row,outcome,weight,slice,characteristics:score,categories:age\n"
     "A7,1,2.5,2025Q4,650.5,under 30\nA8,,1,,0,30 and over\nA8,0.25,3,2026Q1,,\n",
     {{"group", "age"}, {"score", "score"}, {"cut", "600"}, {"orientation", "higher_is_better"}}},
    {"rating_history",
     "credit.investigation",
     "ratings",
     "customer,date,revision,grade,score,source,withdrawn\n"
     "Oto,2025-12-01,0,A,88,scorecard 3,false\nOto,2025-12-01,1,B,61.25,scorecard 3,false\n"
     "Oto,2026-01-01,2,C,,agency,true\n",
     {{"as_of", "2026-03-02"}}},
    {"survey",
     "satisfaction.recommendation",
     "answers",
     "respondent,brand,period,revision,group,weight,items:recommend,items:worth\n"
     "C1,,2026-01-01,0,East,1.5,10,3.25\nC1,,2026-01-01,1,East,2.5,9,3.5\nC2,,2026-01-01,0,,,99,1000\n",
     {{"item", "recommend"}, {"by", "group_and_period"}}},
};

std::unique_ptr<store> made_anew(const golden_store& wanted) {
  const entry& from = find_entry(wanted.entry);
  const entry_description& what = *from.description;
  auto made = store_of(what, example_of(from, what.what));
  for (const table_description& one : pushed_tables(what)) {
    if (one.name == wanted.table)
      push_table(*made, table_of(one.name, one.columns, wanted.csv));
  }
  return made;
}

class golden : public testing::TestWithParam<golden_store> {};

TEST_P(golden, store_loads_and_finishes_as_it_did) {
  const golden_store& wanted = GetParam();
  const fs::path path = folder / (std::string(wanted.kind) + ".emptor");
  if (updating())
    write_text_file(path, text_of(save(*made_anew(wanted))));
  const std::string file = read_text_file(path);
  ASSERT_FALSE(file.empty());
  expect_same_bytes(file, load_store);
  const auto held = load_store(bytes_of(file));
  EXPECT_EQ(held->description().name, wanted.kind);
  if (wanted.finish.empty()) { // rows: its entries fit, so what is exact is what it holds
    const table rows = held->contents().front();
    EXPECT_EQ(rows.rows(), 15);
    double weight = 0.0;
    for (const double one : rows.at("weight").as<double>())
      weight += one;
    EXPECT_EQ(weight, 1324.0);
    return;
  }
  const entry& finishes = find_entry(wanted.entry);
  const example_slots slots(example_of(finishes, finishes.description->what));
  const result made = finish(finishes, held.get(), wanted.finish, slots.filled, std::nullopt, run{});
  int compared = 0;
  for (const table& one : made.tables) {
    const fs::path expected = folder / (std::string(wanted.entry) + "." + one.name() + ".csv");
    if (updating())
      write_text_file(expected, exact_columns(one));
    if (!fs::exists(expected))
      continue; // an output that a later version added
    ++compared;
    seen_table seen{one.name(), one.rows(), {}};
    for (const column& column : one.columns())
      seen.columns.push_back({column.name(), column.view(), column.levels()});
    EXPECT_EQ(differences(read_text_file(expected), seen, 0.0), "");
  }
  EXPECT_GE(compared, 2);
}

INSTANTIATE_TEST_SUITE_P(kinds, golden, testing::ValuesIn(golden_stores),
                         [](const auto& one) { return std::string(one.param.kind); });

// Orders, disputes, securities, customers and rates, each column of them and of items with a value.
TEST(golden_model, a_ledger_of_all_tables_loads_as_it_was_made) {
  const fs::path path = folder / "ledger_all_tables.emptor";
  if (updating()) {
    const entry& what = find_entry("credit.reconciliation");
    write_text_file(path, text_of(save(*store_of(*what.description, what.description->examples[1]))));
  }
  const std::string file = read_text_file(path);
  expect_same_bytes(file, load_store);
  const auto held = load_store(bytes_of(file));
  std::string all;
  for (const table& one : held->contents())
    all.append(one.name()).append("\n").append(exact_columns(one)).append("\n");
  const fs::path expected = folder / "ledger_all_tables.csv";
  if (updating())
    write_text_file(expected, all);
  EXPECT_EQ(all, read_text_file(expected));
}

TEST(golden_model, loads_as_it_was_made) {
  const fs::path path = folder / "bg_nbd.emptor";
  if (updating()) {
    const entry& what = find_entry("value.bg_nbd");
    write_text_file(path, text_of(save(*model_of(what, example_of(what, verb::score)))));
  }
  const std::string file = read_text_file(path);
  expect_same_bytes(file, load_model);
  const auto held = load_model(bytes_of(file));
  EXPECT_EQ(held->entry, "value.bg_nbd");
  EXPECT_EQ(held->options, (std::vector<option>{{"unit", "week"}}));
  EXPECT_EQ(held->find("parameters")->at("parameter").text()[1], "alpha");
  EXPECT_EQ(held->find("parameters")->at("value").as<double>(),
            (std::vector<double>{0.243, 4.414, 0.793, 2.426}));
}

// A kind of store without a golden file is a promise without a test.
TEST(golden_model, every_kind_of_store_has_its_file) {
  for (const store_description* kind : store_kinds())
    EXPECT_TRUE(fs::exists(folder / (std::string(kind->name) + ".emptor"))) << kind->name;
}

} // namespace
} // namespace emptor::test::golden_test

// SPDX-License-Identifier: BSL-1.0
// The bits of scores that a released version gave: tests/golden/README.md has the rule.
#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "examples.hpp"
#include "support/golden_scores.hpp"

namespace emptor::test::golden_scores_test {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& path, std::string_view text) {
  std::ofstream to(path, std::ios::binary);
  to.write(text.data(), static_cast<std::streamsize>(text.size()));
  EXPECT_TRUE(to.good()) << path;
}

void write_model(const fs::path& path, const model& what) {
  const std::vector<std::byte> bytes = save(what);
  write(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::shared_ptr<const model> read_model(const fs::path& path) {
  const std::string bytes = file_text(path);
  return load_model(std::as_bytes(std::span(bytes.data(), bytes.size())));
}

/// The rows of an example, and its first row with each value missing in turn.
std::string rows_of(const example& shown) {
  const csv_table parsed = parse_csv(shown.tables.front().csv);
  std::string csv(shown.tables.front().csv);
  const std::string_view nothing = parsed.names.size() == 1 ? "\"\"" : ""; // an empty line is no row
  for (std::size_t missing = 0; missing < parsed.names.size(); ++missing) {
    for (std::size_t i = 0; i < parsed.names.size(); ++i)
      csv.append(i == 0 ? "" : ",").append(i == missing ? nothing : parsed.rows.front()[i]);
    csv.append("\n");
  }
  return csv;
}

/// All outputs that the options of the example give a meaning.
std::vector<std::string> outputs_of(const entry_description& what, const example& shown) {
  std::vector<std::string> made;
  for (const column_description& output : what.score.outputs) {
    if (std::all_of(output.needs.begin(), output.needs.end(), [&](std::string_view needed) {
          return std::any_of(shown.options.begin(), shown.options.end(),
                             [&](const example_option& given) { return given.name == needed; });
        }))
      made.emplace_back(output.name);
  }
  return made;
}

/// Scores the rows of a golden file through the C++ interface. \param only the outputs, in this order
std::string scored(const golden_scores& golden, const std::vector<std::string>& only) {
  const entry& what = find_entry(golden.entry);
  const std::shared_ptr<const model> self = golden.model.empty() ? nullptr : read_model(golden.model);
  std::vector<std::shared_ptr<const model>> models;
  std::vector<filled_slot> slots;
  for (const auto& [slot, path] : golden.slots) {
    models.push_back(read_model(path));
    slots.push_back({slot, models.back().get()});
  }
  const table rows = table_of("rows", what.description->score.inputs, file_text(golden.rows));
  std::vector<bound_column> schema;
  std::vector<column_view> columns;
  for (const column& held : rows.columns()) {
    schema.push_back({held.name(), held.type()});
    columns.push_back(held.view());
  }
  std::vector<option> options;
  for (const auto& [name, value] : golden.options)
    options.push_back({name, value});
  const plan planned(what, self, slots, schema, options, only);
  const auto n = static_cast<std::size_t>(rows.rows());
  std::vector<std::vector<std::byte>> values;
  std::vector<std::vector<std::uint8_t>> validity;
  std::vector<output_memory> outputs;
  seen_table seen{"scores", rows.rows(), {}};
  for (const output_info& output : planned.outputs()) {
    const std::int64_t width = width_of(output.type);
    values.emplace_back(n * static_cast<std::size_t>(width));
    validity.emplace_back((n + 7) / 8);
    outputs.push_back({values.back().data(), width, validity.back().data(), output.type});
    column_view view;
    view.data = values.back().data();
    view.stride_bytes = width;
    view.validity = validity.back().data();
    view.type = output.type;
    view.unit = output.decimals;
    seen.columns.push_back({output.name, view, output.levels});
  }
  std::vector<row_status> statuses(n);
  planned.score(columns, rows.rows(), outputs, statuses.data(), nullptr, false, run{});
  return exact_scores(seen, {reinterpret_cast<const std::uint8_t*>(statuses.data()), n});
}

/// Makes the files of an entry anew from its worked example.
void write_files(const entry& what) {
  const fs::path folder = golden_scores_folder();
  const example& shown = example_of(what, verb::score);
  golden_scores golden;
  golden.entry = what.description->name;
  const fs::path stem = folder / golden.entry;
  golden.rows = stem.string() + ".rows.csv";
  write(golden.rows, rows_of(shown));
  std::string options = "option,value\n";
  for (const example_option& one : shown.options) {
    golden.options.emplace_back(one.name, one.value);
    options.append(one.name).append(",").append(one.value).append("\n");
  }
  write(stem.string() + ".options.csv", options);
  if (const auto self = model_of(what, shown); self != nullptr) {
    golden.model = stem.string() + ".emptor";
    write_model(golden.model, *self);
  }
  const example_slots slots(shown);
  for (const filled_slot& slot : slots.filled) {
    golden.slots.emplace_back(slot.name, stem.string() + "." + std::string(slot.name) + ".emptor");
    write_model(golden.slots.back().second, *slot.model);
  }
  write(stem.string() + ".scores.csv", scored(golden, outputs_of(*what.description, shown)));
}

TEST(golden_scores, have_the_same_bits) {
  if (std::getenv("EMPTOR_GOLDEN_UPDATE") != nullptr) {
    fs::create_directories(golden_scores_folder());
    for (const entry* one : catalogue()) {
      if (one->description->can_score())
        write_files(*one);
    }
  }
  for (const golden_scores& golden : read_golden_scores()) {
    SCOPED_TRACE(golden.entry);
    EXPECT_EQ(scored(golden, golden.outputs()),
              file_text(golden_scores_folder() / (golden.entry + ".scores.csv")));
  }
}

// An entry that scores without a golden file is a promise without a test.
TEST(golden_scores, are_there_for_every_entry_that_scores) {
  const std::vector<golden_scores> golden = read_golden_scores();
  for (const entry* one : catalogue()) {
    const std::string name(one->description->name);
    EXPECT_EQ(std::any_of(golden.begin(), golden.end(), [&](const auto& held) { return held.entry == name; }),
              one->description->can_score())
        << name;
  }
}

} // namespace
} // namespace emptor::test::golden_scores_test

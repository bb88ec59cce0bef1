// SPDX-License-Identifier: BSL-1.0
// The bits of scores that a released version gave, through C alone: tests/golden/README.md.
#include <gtest/gtest.h>

#include "c_rows.hpp"
#include "support/golden_scores.hpp"

namespace emptor::test::golden_scores_test {
namespace {

owned<emptor_model> read_model(const std::filesystem::path& path) {
  const std::string bytes = file_text(path);
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_model* made = nullptr;
  EXPECT_EQ(emptor_model_load(bytes.data(), static_cast<std::int64_t>(bytes.size()), &made, &error), 0)
      << error.message;
  return owned<emptor_model>(made);
}

TEST(golden_scores, have_the_same_bits_through_c) {
  const described_catalogue catalogue = read_catalogue();
  const std::vector<golden_scores> all = read_golden_scores();
  EXPECT_GE(all.size(), 8U);
  for (const golden_scores& golden : all) {
    SCOPED_TRACE(golden.entry);
    const owned<emptor_model> self = golden.model.empty() ? nullptr : read_model(golden.model);
    std::vector<owned<emptor_model>> held;
    std::vector<const emptor_model*> models;
    std::vector<const char*> slots;
    for (const auto& [slot, path] : golden.slots) {
      held.push_back(read_model(path));
      models.push_back(held.back().get());
      slots.push_back(slot.c_str());
    }
    std::vector<const char*> only;
    const std::vector<std::string> outputs = golden.outputs();
    for (const std::string& output : outputs)
      only.push_back(output.c_str());
    const table typed = typed_table(catalogue.entry(golden.entry).score_inputs, file_text(golden.rows));
    c_rows rows(typed);
    const c_options options(golden.options);
    emptor_error error = EMPTOR_ERROR_INIT;
    emptor_plan* made = nullptr;
    ASSERT_EQ(emptor_plan_create(golden.entry.c_str(), self.get(), slots.data(), models.data(),
                                 static_cast<std::int32_t>(slots.size()), rows.get(), options.get(),
                                 options.count(), only.data(), static_cast<std::int32_t>(only.size()), &made,
                                 &error),
              0)
        << error.message;
    const owned<emptor_plan> plan(made);
    const c_outputs scores(made, rows.rows());
    std::vector<std::uint8_t> statuses(static_cast<std::size_t>(rows.rows()));
    ASSERT_EQ(emptor_plan_score(made, rows.get(), scores.get(), scores.count(), sizeof(emptor_output), 0,
                                statuses.data(), nullptr, nullptr, &error),
              0)
        << error.message;
    EXPECT_EQ(exact_scores(scores.seen(), statuses),
              file_text(golden_scores_folder() / (golden.entry + ".scores.csv")));
  }
}

} // namespace
} // namespace emptor::test::golden_scores_test

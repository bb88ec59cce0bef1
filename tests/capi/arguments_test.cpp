// SPDX-License-Identifier: BSL-1.0
// Calls that no data could make right: each is refused with a message, and nothing else happens.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "c_rows.hpp"

namespace emptor::test::arguments_test {
namespace {

class arguments : public ::testing::Test {
protected:
  void SetUp() override {
    store_ = make_store("rows", {{"entry", "value.bg_nbd"}}).release();
    model_ = bg_nbd_model().release();
    ASSERT_EQ(emptor_plan_create(nullptr, model_, nullptr, nullptr, 0, &rows_, nullptr, 0, only_, 1, &plan_,
                                 &error_),
              0)
        << error_.message;
    ASSERT_EQ(emptor_model_tables(model_, &result_, &error_), 0);
    ASSERT_EQ(emptor_result_table(result_, "parameters", &table_, &error_), 0) << error_.message;
  }
  void TearDown() override {
    emptor_table_free(table_);
    emptor_result_free(result_);
    emptor_plan_free(plan_);
    emptor_model_free(model_);
    emptor_store_free(store_);
  }

  /// Refused as an invalid argument, with a message that names the function.
  void refused(emptor_status status, const char* function) {
    EXPECT_EQ(status, EMPTOR_STATUS_INVALID_ARGUMENT) << function << ": " << error_.message;
    EXPECT_EQ(error_.status, EMPTOR_STATUS_INVALID_ARGUMENT);
    EXPECT_EQ(std::string(error_.message).rfind(std::string(function) + ":", 0), 0U) << error_.message;
    std::memset(error_.message, 'x', sizeof error_.message - 1);
  }
  emptor_status score(const emptor_rows* rows, const emptor_output* outputs, std::int32_t count,
                      std::uint32_t size = sizeof(emptor_output), std::uint32_t flags = 0,
                      const emptor_run* run = nullptr) {
    return emptor_plan_score(plan_, rows, outputs, count, size, flags, nullptr, nullptr, run, &error_);
  }
  emptor_status push(const emptor_rows* rows, std::uint32_t flags = 0, emptor_push_report* report = nullptr,
                     const emptor_run* run = nullptr) {
    return emptor_store_push(store_, rows, flags, nullptr, report, run, &error_);
  }

  double values_[3][2] = {{2, 0}, {30.43, 0}, {38.86, 38.86}};
  const char* names_[3] = {"frequency", "recency", "age"};
  emptor_column columns_[3] = {EMPTOR_COLUMN(values_[0], EMPTOR_DTYPE_FLOAT64),
                               EMPTOR_COLUMN(values_[1], EMPTOR_DTYPE_FLOAT64),
                               EMPTOR_COLUMN(values_[2], EMPTOR_DTYPE_FLOAT64)};
  emptor_rows rows_ = EMPTOR_ROWS(names_, columns_, 3, 2);
  const emptor_rows parameters_ = bg_nbd_parameters();
  const char* only_[1] = {"probability_alive"};
  double scores_[2] = {};
  emptor_output output_ = EMPTOR_OUTPUT(scores_, EMPTOR_DTYPE_FLOAT64);
  emptor_error error_ = EMPTOR_ERROR_INIT;
  emptor_store* store_ = nullptr;
  emptor_model* model_ = nullptr;
  emptor_plan* plan_ = nullptr;
  emptor_result* result_ = nullptr;
  emptor_table* table_ = nullptr;
};

TEST_F(arguments, null_pointers_are_refused) {
  const char* text = nullptr;
  std::int32_t count = 0;
  std::int64_t size = 0;
  emptor_store* store = nullptr;
  emptor_model* model = nullptr;
  emptor_plan* plan = nullptr;
  emptor_result* result = nullptr;
  emptor_table* table = nullptr;
  emptor_column column;
  emptor_column_info info = EMPTOR_COLUMN_INFO_INIT;
  emptor_error* const e = &error_;
  char bytes[8] = {};

  refused(emptor_catalogue_entry(0, nullptr, e), "emptor_catalogue_entry");
  refused(emptor_catalogue_find(nullptr, &count, e), "emptor_catalogue_find");
  refused(emptor_catalogue_find("value.bg_nbd", nullptr, e), "emptor_catalogue_find");
  refused(emptor_catalogue_describe(nullptr, nullptr, 0, nullptr, e), "emptor_catalogue_describe");

  refused(emptor_store_create(nullptr, nullptr, 0, &store, e), "emptor_store_create");
  refused(emptor_store_create("rows", nullptr, 1, &store, e), "emptor_store_create");
  refused(emptor_store_create("rows", nullptr, 0, nullptr, e), "emptor_store_create");
  refused(emptor_store_push(nullptr, &rows_, 0, nullptr, nullptr, nullptr, e), "emptor_store_push");
  refused(push(nullptr), "emptor_store_push");
  refused(emptor_store_merge(nullptr, store_, nullptr, e), "emptor_store_merge");
  refused(emptor_store_merge(store_, nullptr, nullptr, e), "emptor_store_merge");
  refused(emptor_store_merge(store_, store_, nullptr, e), "emptor_store_merge");
  refused(emptor_store_save(nullptr, nullptr, 0, &size, e), "emptor_store_save");
  refused(emptor_store_save(store_, nullptr, 0, nullptr, e), "emptor_store_save");
  refused(emptor_store_save(store_, nullptr, 5, &size, e), "emptor_store_save");
  refused(emptor_store_load(nullptr, 8, nullptr, &store, e), "emptor_store_load");
  refused(emptor_store_load(bytes, 8, nullptr, nullptr, e), "emptor_store_load");
  refused(emptor_store_kind(nullptr, &text, e), "emptor_store_kind");
  refused(emptor_store_kind(store_, nullptr, e), "emptor_store_kind");
  refused(emptor_store_erase(nullptr, &rows_, &size, e), "emptor_store_erase");
  refused(emptor_store_erase(store_, nullptr, &size, e), "emptor_store_erase");
  const auto finish = [&](const char* entry, const char* const* options, const char* const* names,
                          const emptor_model* const* models, emptor_result** made) {
    return emptor_store_finish(store_, entry, options, options == nullptr ? 1 : 0, names, models, 1, nullptr,
                               nullptr, made, e);
  };
  const char* const empty[] = {nullptr, nullptr};
  const char* const names[] = {"slot"};
  const emptor_model* const models[] = {nullptr};
  refused(finish(nullptr, empty, names, models, &result), "emptor_store_finish");
  refused(finish("value.bg_nbd", nullptr, names, models, &result), "emptor_store_finish");
  refused(finish("value.bg_nbd", empty, nullptr, models, &result), "emptor_store_finish");
  refused(finish("value.bg_nbd", empty, names, nullptr, &result), "emptor_store_finish");
  refused(finish("value.bg_nbd", empty, names, models, &result), "emptor_store_finish");
  refused(finish("value.bg_nbd", empty, empty, models, &result), "emptor_store_finish");
  refused(finish("value.bg_nbd", empty, names, models, nullptr), "emptor_store_finish");

  refused(emptor_result_tables(nullptr, &count, e), "emptor_result_tables");
  refused(emptor_result_tables(result_, nullptr, e), "emptor_result_tables");
  refused(emptor_result_table_name(nullptr, 0, &text, e), "emptor_result_table_name");
  refused(emptor_result_table_name(result_, 0, nullptr, e), "emptor_result_table_name");
  refused(emptor_result_table(nullptr, "parameters", &table, e), "emptor_result_table");
  refused(emptor_result_table(result_, "parameters", nullptr, e), "emptor_result_table");
  refused(emptor_result_model(nullptr, &model, e), "emptor_result_model");
  refused(emptor_result_model(result_, nullptr, e), "emptor_result_model");
  refused(emptor_table_rows(nullptr, &size, e), "emptor_table_rows");
  refused(emptor_table_rows(table_, nullptr, e), "emptor_table_rows");
  refused(emptor_table_columns(nullptr, &count, e), "emptor_table_columns");
  refused(emptor_table_columns(table_, nullptr, e), "emptor_table_columns");
  refused(emptor_table_column(nullptr, 0, &column, sizeof column, &info, e), "emptor_table_column");

  refused(emptor_model_create(nullptr, &parameters_, 1, nullptr, 0, &model, e), "emptor_model_create");
  refused(emptor_model_create("value.bg_nbd", nullptr, 1, nullptr, 0, &model, e), "emptor_model_create");
  refused(emptor_model_create("value.bg_nbd", &parameters_, 1, nullptr, 1, &model, e), "emptor_model_create");
  refused(emptor_model_create("value.bg_nbd", &parameters_, 1, nullptr, 0, nullptr, e),
          "emptor_model_create");
  refused(emptor_model_entry(nullptr, &text, e), "emptor_model_entry");
  refused(emptor_model_entry(model_, nullptr, e), "emptor_model_entry");
  refused(emptor_model_tables(nullptr, &result, e), "emptor_model_tables");
  refused(emptor_model_tables(model_, nullptr, e), "emptor_model_tables");
  refused(emptor_model_save(nullptr, nullptr, 0, &size, e), "emptor_model_save");
  refused(emptor_model_save(model_, nullptr, 0, nullptr, e), "emptor_model_save");
  refused(emptor_model_load(nullptr, 8, &model, e), "emptor_model_load");
  refused(emptor_model_load(bytes, 8, nullptr, e), "emptor_model_load");
  refused(emptor_model_export(nullptr, "json", nullptr, 0, &size, e), "emptor_model_export");
  refused(emptor_model_export(model_, nullptr, nullptr, 0, &size, e), "emptor_model_export");
  refused(emptor_model_export(model_, "json", nullptr, 0, nullptr, e), "emptor_model_export");
  refused(emptor_model_import(nullptr, 8, "json", &model, e), "emptor_model_import");
  refused(emptor_model_import(bytes, 8, nullptr, &model, e), "emptor_model_import");
  refused(emptor_model_import(bytes, 8, "json", nullptr, e), "emptor_model_import");

  const auto create = [&](const char* entry, const emptor_rows* schema, std::int32_t slots,
                          std::int32_t options, const char* const* only, emptor_plan** made) {
    return emptor_plan_create(entry, nullptr, nullptr, nullptr, slots, schema, nullptr, options, only, 1,
                              made, e);
  };
  refused(create(nullptr, &rows_, 0, 0, nullptr, &plan), "emptor_plan_create");
  refused(create("value.bg_nbd", nullptr, 0, 0, nullptr, &plan), "emptor_plan_create");
  refused(create("value.bg_nbd", &rows_, 1, 0, nullptr, &plan), "emptor_plan_create");
  refused(create("value.bg_nbd", &rows_, 0, 1, nullptr, &plan), "emptor_plan_create");
  refused(create("value.bg_nbd", &rows_, 0, 0, empty, &plan), "emptor_plan_create");
  refused(create("value.bg_nbd", &rows_, 0, 0, nullptr, nullptr), "emptor_plan_create");
  refused(emptor_plan_outputs(nullptr, &count, e), "emptor_plan_outputs");
  refused(emptor_plan_outputs(plan_, nullptr, e), "emptor_plan_outputs");
  refused(emptor_plan_output(nullptr, 0, &info, e), "emptor_plan_output");
  refused(emptor_plan_output(plan_, 0, nullptr, e), "emptor_plan_output");
  refused(emptor_plan_score(nullptr, &rows_, &output_, 1, sizeof output_, 0, nullptr, nullptr, nullptr, e),
          "emptor_plan_score");
  refused(score(nullptr, &output_, 1), "emptor_plan_score");
  refused(score(&rows_, nullptr, 1), "emptor_plan_score");
  emptor_rows broken = rows_;
  broken.columns = nullptr;
  refused(score(&broken, &output_, 1), "emptor_plan_score");
  refused(push(&broken), "emptor_store_push");
  broken = rows_;
  broken.names = nullptr;
  refused(push(&broken), "emptor_store_push");
  refused(create("value.bg_nbd", &broken, 0, 0, nullptr, &plan), "emptor_plan_create");
  EXPECT_EQ(score(&broken, &output_, 1), EMPTOR_STATUS_OK) << "names are not read";
  names_[1] = nullptr;
  refused(push(&rows_), "emptor_store_push");
  refused(create("value.bg_nbd", &rows_, 0, 0, nullptr, &plan), "emptor_plan_create");

  emptor_store_free(nullptr);
  emptor_result_free(nullptr);
  emptor_table_free(nullptr);
  emptor_model_free(nullptr);
  emptor_plan_free(nullptr);
  EXPECT_EQ(store, nullptr);
  EXPECT_EQ(model, nullptr);
  EXPECT_EQ(plan, nullptr);
  EXPECT_EQ(result, nullptr);
  EXPECT_EQ(table, nullptr);
}

TEST_F(arguments, negative_counts_and_wrong_sizes_are_refused) {
  constexpr std::int32_t low = std::numeric_limits<std::int32_t>::min();
  constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
  emptor_error* const e = &error_;
  const char* text = nullptr;
  std::int64_t size = 0;
  char bytes[8] = {};
  emptor_store* store = nullptr;
  emptor_model* model = nullptr;
  emptor_plan* plan = nullptr;
  emptor_result* result = nullptr;
  const char* const options[] = {"entry", "value.bg_nbd"};

  for (const std::int32_t bad : {-1, low, emptor_catalogue_count()})
    refused(emptor_catalogue_entry(bad, &text, e), "emptor_catalogue_entry");
  refused(emptor_catalogue_describe(nullptr, bytes, -1, &size, e), "emptor_catalogue_describe");
  refused(emptor_store_create("rows", options, -1, &store, e), "emptor_store_create");
  refused(emptor_store_save(store_, bytes, -1, &size, e), "emptor_store_save");
  refused(emptor_store_load(bytes, lowest, nullptr, &store, e), "emptor_store_load");
  refused(emptor_model_load(bytes, -1, &model, e), "emptor_model_load");
  refused(emptor_model_import(bytes, -1, "json", &model, e), "emptor_model_import");
  refused(emptor_model_create("value.bg_nbd", &parameters_, -1, nullptr, 0, &model, e),
          "emptor_model_create");
  refused(emptor_store_finish(store_, "value.bg_nbd", nullptr, low, nullptr, nullptr, 0, nullptr, nullptr,
                              &result, e),
          "emptor_store_finish");
  refused(emptor_store_finish(store_, "value.bg_nbd", nullptr, 0, nullptr, nullptr, -1, nullptr, nullptr,
                              &result, e),
          "emptor_store_finish");
  refused(emptor_plan_create("value.bg_nbd", model_, nullptr, nullptr, 0, &rows_, nullptr, 0, only_, -1,
                             &plan, e),
          "emptor_plan_create");
  for (const std::int32_t bad : {-1, 99}) {
    emptor_column_info info = EMPTOR_COLUMN_INFO_INIT;
    refused(emptor_result_table_name(result_, bad, &text, e), "emptor_result_table_name");
    refused(emptor_table_column(table_, bad, nullptr, 0, &info, e), "emptor_table_column");
    refused(emptor_plan_output(plan_, bad, &info, e), "emptor_plan_output");
  }

  for (const std::uint32_t bad : {0U, 8U, 47U, 49U, 4000000000U}) {
    emptor_rows rows = rows_;
    rows.struct_size = bad;
    refused(push(&rows), "emptor_store_push");
    refused(score(&rows, &output_, 1), "emptor_plan_score");
    rows = rows_;
    rows.column_size = bad;
    refused(push(&rows), "emptor_store_push");
    refused(score(&rows_, &output_, 1, bad == 8 ? 24 : bad), "emptor_plan_score");
    emptor_run run = EMPTOR_RUN_INIT;
    run.struct_size = bad == 8 ? 32 : bad;
    refused(score(&rows_, &output_, 1, sizeof output_, 0, &run), "emptor_plan_score");
    emptor_push_report report = EMPTOR_PUSH_REPORT_INIT;
    report.struct_size = bad;
    refused(push(&rows_, 0, &report), "emptor_store_push");
    emptor_column_info info = EMPTOR_COLUMN_INFO_INIT;
    info.struct_size = bad == 8 ? 32 : bad;
    refused(emptor_plan_output(plan_, 0, &info, e), "emptor_plan_output");
    emptor_column column;
    refused(emptor_table_column(table_, 0, &column, bad, nullptr, e), "emptor_table_column");
  }
  emptor_rows rows = rows_;
  rows.column_count = -1;
  refused(push(&rows), "emptor_store_push");
  refused(score(&rows, &output_, 1), "emptor_plan_score");
  rows = rows_;
  rows.row_count = lowest;
  refused(push(&rows), "emptor_store_push");
  refused(score(&rows, &output_, 1), "emptor_plan_score");
  refused(score(&rows_, &output_, -1), "emptor_plan_score");
  refused(score(&rows_, &output_, 1, sizeof output_, 2), "emptor_plan_score");
  refused(push(&rows_, 0x80000000U), "emptor_store_push");
  emptor_run run = EMPTOR_RUN_INIT;
  for (const std::int32_t bad : {-1, 1025, low, std::numeric_limits<std::int32_t>::max()}) {
    run.threads = bad;
    refused(push(&rows_, 0, nullptr, &run), "emptor_store_push");
    refused(score(&rows_, &output_, 1, sizeof output_, 0, &run), "emptor_plan_score");
  }

  columns_[1].validity_offset = -1;
  refused(push(&rows_), "emptor_store_push");
  columns_[1].validity_offset = 0;
  columns_[1].aux_length = -1;
  refused(push(&rows_), "emptor_store_push");
  columns_[1].aux_length = 0;
  columns_[1].flags = 4;
  refused(push(&rows_), "emptor_store_push");
}

TEST_F(arguments, an_error_of_the_wrong_size_is_refused_and_not_written) {
  emptor_error small = EMPTOR_ERROR_INIT;
  std::memset(small.message, 'x', sizeof small.message);
  small.struct_size = 8;
  EXPECT_EQ(emptor_catalogue_find("nothing", nullptr, &small), EMPTOR_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(small.message[0], 'x');
}

TEST_F(arguments, bad_columns_and_outputs_have_a_status) {
  const auto status_of = [&](const emptor_column& column) {
    const emptor_column kept = columns_[1];
    columns_[1] = column;
    const emptor_status pushed = push(&rows_);
    const emptor_status scored = score(&rows_, &output_, 1);
    columns_[1] = kept;
    EXPECT_NE(pushed, EMPTOR_STATUS_INTERNAL) << error_.message;
    EXPECT_NE(scored, EMPTOR_STATUS_INTERNAL) << error_.message;
    EXPECT_NE(scored, EMPTOR_STATUS_OK);
    return pushed;
  };
  for (const std::int32_t dtype : {-1, 0, 13, 14, 15, 16, 18, 99, std::numeric_limits<std::int32_t>::max()}) {
    emptor_column column = columns_[1];
    column.dtype = dtype;
    EXPECT_EQ(status_of(column), EMPTOR_STATUS_SCHEMA) << "dtype " << dtype;
  }
  emptor_column column = columns_[1];
  column.data = nullptr;
  EXPECT_EQ(status_of(column), EMPTOR_STATUS_SCHEMA);

  for (const std::int32_t dtype : {-1, 0, 1, 13, 15, 99}) {
    emptor_output output = output_;
    output.dtype = dtype;
    EXPECT_NE(score(&rows_, &output, 1), EMPTOR_STATUS_OK) << "dtype " << dtype;
  }
  emptor_output output = output_;
  output.data = nullptr;
  EXPECT_NE(score(&rows_, &output, 1), EMPTOR_STATUS_OK);
  EXPECT_NE(score(&rows_, &output_, 0), EMPTOR_STATUS_OK);
  emptor_rows rows = rows_;
  rows.column_count = 2;
  EXPECT_NE(score(&rows, &output_, 1), EMPTOR_STATUS_OK);
}

TEST_F(arguments, unknown_names_name_the_nearest) {
  std::int32_t index = 0;
  EXPECT_EQ(emptor_catalogue_find("value.bg_nbt", &index, &error_), EMPTOR_STATUS_UNKNOWN_NAME);
  EXPECT_NE(std::strstr(error_.message, "value.bg_nbd"), nullptr) << error_.message;
  EXPECT_EQ(index, -1);
  emptor_store* store = nullptr;
  EXPECT_EQ(emptor_store_create("row", nullptr, 0, &store, &error_), EMPTOR_STATUS_UNKNOWN_NAME);
  const char* const options[] = {"entri", "value.bg_nbd"};
  EXPECT_EQ(emptor_store_create("rows", options, 1, &store, &error_), EMPTOR_STATUS_UNKNOWN_NAME);
  emptor_table* table = nullptr;
  EXPECT_EQ(emptor_result_table(result_, "parameter", &table, &error_), EMPTOR_STATUS_UNKNOWN_NAME);
  EXPECT_NE(std::strstr(error_.message, "parameters"), nullptr) << error_.message;
  const char* const only[] = {"probability"};
  emptor_plan* plan = nullptr;
  EXPECT_EQ(
      emptor_plan_create(nullptr, model_, nullptr, nullptr, 0, &rows_, nullptr, 0, only, 1, &plan, &error_),
      EMPTOR_STATUS_UNKNOWN_NAME);
  names_[1] = "recentcy";
  EXPECT_NE(push(&rows_), EMPTOR_STATUS_OK);
  std::int64_t needed = 0;
  EXPECT_EQ(emptor_catalogue_describe("value", nullptr, 0, &needed, &error_), EMPTOR_STATUS_UNKNOWN_NAME);
  EXPECT_NE(emptor_model_export(model_, "yaml", nullptr, 0, &needed, &error_), EMPTOR_STATUS_OK);
  EXPECT_NE(emptor_model_import("{}", 2, "yaml", nullptr, &error_), EMPTOR_STATUS_OK);
}

/// A model as text whose refusal quotes all of this title.
emptor_status import_column(const std::string& title, emptor_error* error) {
  const std::string text =
      R"({"format": "emptor-model", "version": 1, "entry": "value.bg_nbd", "options": {}, )"
      R"("tables": [{"name": "parameters", "columns": [{"name": ")" +
      title + R"(", "type": "float64", "values": 0}]}]})";
  emptor_model* model = nullptr;
  return emptor_model_import(text.data(), static_cast<std::int64_t>(text.size()), "json", &model, error);
}

/// A message that is too long is cut between two characters.
TEST_F(arguments, a_long_message_is_cut_and_stays_text) {
  for (std::string name : {"", "x", "xx"}) {
    while (name.size() < 2000)
      name += "价值";
    EXPECT_EQ(import_column(name, &error_), EMPTOR_STATUS_FORMAT);
    EXPECT_GE(std::strlen(error_.message), sizeof error_.message - 3);
    EXPECT_TRUE(is_utf8(error_.message));
  }
}

/// Nothing that a terminal would obey comes back in a message.
TEST_F(arguments, a_message_shows_control_characters_as_their_bytes) {
  std::int32_t index = 0;
  EXPECT_EQ(emptor_catalogue_find("a\x1B[2J\nb\xFF", &index, &error_), EMPTOR_STATUS_UNKNOWN_NAME);
  EXPECT_NE(std::strstr(error_.message, "a\\x1B[2J\\x0Ab\\xFF"), nullptr) << error_.message;
}

TEST_F(arguments, the_two_call_form_writes_all_or_nothing) {
  std::int64_t needed = 0;
  ASSERT_EQ(emptor_model_save(model_, nullptr, 0, &needed, &error_), EMPTOR_STATUS_OK);
  ASSERT_GT(needed, 1);
  std::vector<std::uint8_t> buffer(static_cast<std::size_t>(needed) + 1, 0xEE);
  const std::vector<std::uint8_t> untouched = buffer;
  std::int64_t again = 0;
  for (const std::int64_t capacity : {std::int64_t{0}, std::int64_t{1}, needed - 1}) {
    refused(emptor_model_save(model_, buffer.data(), capacity, &again, &error_), "emptor_model_save");
    EXPECT_EQ(again, needed);
    EXPECT_EQ(buffer, untouched);
  }
  EXPECT_EQ(emptor_model_save(model_, buffer.data(), needed, nullptr, &error_), EMPTOR_STATUS_OK);
  EXPECT_EQ(buffer.back(), 0xEE);
  EXPECT_NE(buffer.front(), 0xEE);
}

/// What has no meaning yet is refused, so that a later version can give it one.
TEST_F(arguments, reserved_fields_and_unknown_flags_are_refused) {
  const auto both = [&](const emptor_rows& rows) {
    refused(push(&rows), "emptor_store_push");
    refused(score(&rows, &output_, 1), "emptor_plan_score");
    emptor_plan* plan = nullptr;
    refused(emptor_plan_create(nullptr, model_, nullptr, nullptr, 0, &rows, nullptr, 0, nullptr, 0, &plan,
                               &error_),
            "emptor_plan_create");
    emptor_model* model = nullptr;
    refused(emptor_model_create("value.bg_nbd", &rows, 1, nullptr, 0, &model, &error_),
            "emptor_model_create");
  };
  for (const int bad : {1, -1}) {
    emptor_rows rows = rows_;
    rows.reserved = bad;
    both(rows);
    columns_[2].reserved = bad;
    both(rows_);
    columns_[2].reserved = 0;
    columns_[2].flags = static_cast<std::uint32_t>(2 * bad);
    both(rows_);
    columns_[2].flags = 0;
    emptor_output output = output_;
    output.reserved = bad;
    refused(score(&rows_, &output, 1), "emptor_plan_score");
  }
  const char* const levels[] = {"C1"};
  emptor_column dictionary = EMPTOR_COLUMN(levels, EMPTOR_DTYPE_CSTRING);
  dictionary.reserved = 1;
  const std::int32_t codes[] = {0};
  emptor_column column = EMPTOR_COLUMN(codes, EMPTOR_DTYPE_DICTIONARY);
  column.aux = &dictionary;
  column.aux_length = 1;
  const char* const names[] = {"id"};
  const emptor_rows keys = EMPTOR_ROWS(names, &column, 1, 1);
  refused(emptor_store_erase(store_, &keys, nullptr, &error_), "emptor_store_erase");
}

/// A structure of the caller's at the very end of its memory, `more` bytes larger than the first version's,
/// between bytes that nobody may touch.
template <class T>
class guarded {
public:
  guarded(const T& value, std::size_t first, std::size_t more, std::size_t count = 1)
      : size_(first + more)
      , bytes_((8 + count * size_ + 8 + 7) / 8 * 8, 0xA5) {
    for (std::size_t i = 0; i < count; ++i)
      std::memcpy(&bytes_[8 + i * size_], &value, first);
    first_ = first;
    count_ = count;
  }
  [[nodiscard]] T* get() { return reinterpret_cast<T*>(&bytes_[8]); }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(size_); }
  /// Whether only bytes of the first version were written.
  [[nodiscard]] bool untouched() const {
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
      const bool inside = i >= 8 && (i - 8) / size_ < count_ && (i - 8) % size_ < first_;
      if (!inside && bytes_[i] != 0xA5)
        return false;
    }
    return true;
  }

private:
  std::size_t size_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::vector<std::uint8_t> bytes_;
};

/// The sizes of the first version, by hand: programs of that version keep working, and so do those of later ones.
TEST_F(arguments, structures_of_any_version_are_written_as_far_as_they_go) {
  for (const std::size_t more : {0U, 8U, 200U}) {
    SCOPED_TRACE(more);
    guarded<emptor_error> error(EMPTOR_ERROR_INIT, 512, more);
    error.get()->struct_size = error.size();
    EXPECT_EQ(import_column(std::string(2000, 'x'), error.get()), EMPTOR_STATUS_FORMAT);
    EXPECT_EQ(error.get()->struct_size, 512 + more);
    EXPECT_EQ(std::strlen(error.get()->message), 487U);
    EXPECT_TRUE(error.untouched());

    guarded<emptor_push_report> report(EMPTOR_PUSH_REPORT_INIT, 56, more);
    report.get()->struct_size = report.size();
    guarded<emptor_rows> rows(rows_, 48, more);
    rows.get()->struct_size = rows.size();
    guarded<emptor_column> columns(columns_[1], 64, more, 3);
    for (std::size_t i = 0; i < 3; ++i)
      std::memcpy(reinterpret_cast<std::uint8_t*>(columns.get()) + i * columns.size(), &columns_[i], 64);
    rows.get()->columns = columns.get();
    rows.get()->column_size = columns.size();
    guarded<emptor_run> run(EMPTOR_RUN_INIT, 40, more);
    run.get()->struct_size = run.size();
    EXPECT_EQ(push(rows.get(), EMPTOR_STRICT, report.get(), run.get()), EMPTOR_STATUS_OK) << error_.message;
    EXPECT_EQ(report.get()->added, 2);
    EXPECT_EQ(report.get()->struct_size, 56 + more);

    ASSERT_EQ(score(&rows_, &output_, 1), EMPTOR_STATUS_OK) << error_.message;
    const double expected[] = {scores_[0], scores_[1]};
    scores_[0] = scores_[1] = -1.0;
    guarded<emptor_output> output(output_, 32, more);
    EXPECT_EQ(score(rows.get(), output.get(), 1, output.size(), 0, run.get()), EMPTOR_STATUS_OK)
        << error_.message;
    EXPECT_EQ(std::memcmp(scores_, expected, sizeof expected), 0);

    guarded<emptor_column_info> info(EMPTOR_COLUMN_INFO_INIT, 40, more);
    info.get()->struct_size = info.size();
    EXPECT_EQ(emptor_plan_output(plan_, 0, info.get(), &error_), EMPTOR_STATUS_OK) << error_.message;
    EXPECT_STREQ(info.get()->name, "probability_alive");
    guarded<emptor_column> column({}, 64, more);
    EXPECT_EQ(emptor_table_column(table_, 1, column.get(), column.size(), info.get(), &error_),
              EMPTOR_STATUS_OK)
        << error_.message;
    EXPECT_STREQ(info.get()->name, "value");
    EXPECT_EQ(info.get()->struct_size, 40 + more);
    EXPECT_EQ(column.get()->dtype, EMPTOR_DTYPE_FLOAT64);

    EXPECT_TRUE(report.untouched() && rows.untouched() && columns.untouched() && run.untouched() &&
                output.untouched() && info.untouched() && column.untouched());
  }
}

/// A dictionary is as large as the column that points to it.
TEST_F(arguments, keys_are_texts_integers_or_dictionaries_of_any_size) {
  const char* const names[] = {"customer", "date", "amount"};
  const std::int64_t customers[] = {7, 8, 9};
  const std::int32_t days[] = {100, 101, 102};
  const double amounts[] = {1, 2, 3};
  const emptor_column columns[] = {EMPTOR_COLUMN(customers, EMPTOR_DTYPE_INT64),
                                   EMPTOR_COLUMN(days, EMPTOR_DTYPE_DATE32),
                                   EMPTOR_COLUMN(amounts, EMPTOR_DTYPE_FLOAT64)};
  const emptor_rows orders = EMPTOR_ROWS(names, columns, 3, 3);
  const auto erased = [&](const emptor_column& ids, std::uint32_t column_size, std::int64_t rows) {
    const auto history = make_store("order_history");
    EXPECT_EQ(emptor_store_push(history.get(), &orders, EMPTOR_STRICT, nullptr, nullptr, nullptr, &error_), 0)
        << error_.message;
    emptor_rows keys = EMPTOR_ROWS(nullptr, &ids, 1, rows);
    keys.column_size = column_size;
    std::int64_t known = -1;
    EXPECT_EQ(emptor_store_erase(history.get(), &keys, &known, &error_), 0) << error_.message;
    return known;
  };
  const std::int64_t wide[] = {8, 77};
  EXPECT_EQ(erased(EMPTOR_COLUMN(wide, EMPTOR_DTYPE_INT64), sizeof(emptor_column), 2), 1);
  const std::int8_t narrow[] = {9, 7};
  EXPECT_EQ(erased(EMPTOR_COLUMN(narrow, EMPTOR_DTYPE_INT8), sizeof(emptor_column), 2), 2);
  const char* const texts[] = {"7", "x"};
  const emptor_column text = EMPTOR_COLUMN(texts, EMPTOR_DTYPE_CSTRING);
  EXPECT_EQ(erased(text, sizeof text, 2), 1);
  for (const std::size_t more : {0U, 16U}) {
    const std::int32_t codes[] = {0, 1, 0};
    guarded<emptor_column> dictionary(text, 64, more);
    guarded<emptor_column> column(EMPTOR_COLUMN(codes, EMPTOR_DTYPE_DICTIONARY), 64, more);
    column.get()->aux = dictionary.get();
    column.get()->aux_length = 2;
    EXPECT_EQ(erased(*column.get(), column.size(), 3), 1) << more;
  }

  const auto refuses = [&](const emptor_column& ids, emptor_status status, const char* why) {
    const emptor_rows keys = EMPTOR_ROWS(nullptr, &ids, 1, 1);
    EXPECT_EQ(emptor_store_erase(store_, &keys, nullptr, &error_), status);
    EXPECT_NE(std::strstr(error_.message, why), nullptr) << error_.message;
  };
  refuses(EMPTOR_COLUMN(amounts, EMPTOR_DTYPE_FLOAT64), EMPTOR_STATUS_SCHEMA, "text or integers");
  const char* const empty[] = {""};
  refuses(EMPTOR_COLUMN(empty, EMPTOR_DTYPE_CSTRING), EMPTOR_STATUS_DATA, "missing");
}

TEST_F(arguments, progress_is_told_on_the_calling_thread_and_may_cancel) {
  struct seen {
    std::vector<double> shares;
    std::thread::id thread = std::this_thread::get_id();
    bool elsewhere = false;
    std::int32_t cancel = 0;
    std::size_t cancel_at = 1000;
  } told;
  const std::vector<double> zeros(30000);
  const emptor_column column = EMPTOR_COLUMN(zeros.data(), EMPTOR_DTYPE_FLOAT64);
  const emptor_column columns[] = {column, column, column};
  const emptor_rows rows = EMPTOR_ROWS(names_, columns, 3, 30000);
  std::vector<double> scores(30000);
  const emptor_output output = EMPTOR_OUTPUT(scores.data(), EMPTOR_DTYPE_FLOAT64);
  emptor_run run = EMPTOR_RUN_INIT;
  run.user = &told;
  run.cancel = &told.cancel;
  run.progress = [](double share, void* user) {
    seen& to = *static_cast<seen*>(user);
    to.shares.push_back(share);
    to.elsewhere = to.elsewhere || to.thread != std::this_thread::get_id();
    if (to.shares.size() == to.cancel_at)
      __atomic_store_n(&to.cancel, 1, __ATOMIC_RELAXED);
  };
  for (const std::int32_t threads : {1, 3}) {
    told.shares.clear();
    run.threads = threads;
    EXPECT_EQ(score(&rows, &output, 1, sizeof output, 0, &run), EMPTOR_STATUS_OK) << error_.message;
    EXPECT_TRUE(std::is_sorted(told.shares.begin(), told.shares.end()));
    EXPECT_TRUE(threads > 1 || told.shares.size() == 8) << told.shares.size();
    EXPECT_TRUE(threads > 1 || told.shares.back() == 1.0);
    for (const double share : told.shares)
      EXPECT_TRUE(share > 0.0 && share <= 1.0) << share;
    EXPECT_FALSE(told.elsewhere);
  }
  told.shares.clear();
  told.cancel_at = 2;
  run.threads = 1;
  EXPECT_EQ(score(&rows, &output, 1, sizeof output, 0, &run), EMPTOR_STATUS_CANCELLED);

  const auto other = make_store("rows", {{"entry", "value.bg_nbd"}});
  EXPECT_EQ(emptor_store_merge(store_, other.get(), &run, &error_), EMPTOR_STATUS_CANCELLED);
  const auto file = saved(store_);
  emptor_store* loaded = nullptr;
  const auto size = static_cast<std::int64_t>(file.size());
  EXPECT_EQ(emptor_store_load(file.data(), size, &run, &loaded, &error_), EMPTOR_STATUS_CANCELLED);
  EXPECT_EQ(loaded, nullptr);
}

TEST_F(arguments, callbacks_are_called_and_may_cancel) {
  emptor_run run = EMPTOR_RUN_INIT;
  std::int32_t cancel = 1;
  run.cancel = &cancel;
  EXPECT_EQ(score(&rows_, &output_, 1, sizeof output_, 0, &run), EMPTOR_STATUS_CANCELLED) << error_.message;
  cancel = 0;
  int calls = 0;
  run.user = &calls;
  run.parallel_for = [](std::int64_t tasks, void (*body)(void*, std::int64_t), void* context, void* user) {
    ++*static_cast<int*>(user);
    for (std::int64_t task = tasks; task-- > 0;)
      body(context, task);
  };
  EXPECT_EQ(score(&rows_, &output_, 1, sizeof output_, 0, &run), EMPTOR_STATUS_OK) << error_.message;
  EXPECT_EQ(calls, 1);
  run.parallel_for = [](std::int64_t tasks, void (*body)(void*, std::int64_t), void* context, void* user) {
    __atomic_store_n(static_cast<std::int32_t*>(user), 1, __ATOMIC_RELAXED);
    for (std::int64_t task = 0; task < tasks; ++task)
      body(context, task);
  };
  run.user = &cancel;
  EXPECT_EQ(score(&rows_, &output_, 1, sizeof output_, 0, &run), EMPTOR_STATUS_CANCELLED) << error_.message;
}

} // namespace
} // namespace emptor::test::arguments_test

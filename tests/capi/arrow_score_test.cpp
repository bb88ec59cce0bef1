// SPDX-License-Identifier: BSL-1.0
// Scores as Arrow have the bits of emptor_plan_score, at once and from a stream.
#include <gtest/gtest.h>

#include <cerrno>
#include <cmath>
#include <functional>

#include "arrow_arrays.hpp"

namespace emptor::test::arrow_score_test {
namespace {

using texts = std::vector<std::string>;

/// Scores both ways; `plan` made for `rows`.
void check_same(const emptor_plan* plan, const emptor_rows& rows) {
  emptor_error error = EMPTOR_ERROR_INIT;
  const c_outputs outputs(plan, rows.row_count);
  std::vector<std::uint8_t> statuses(static_cast<std::size_t>(rows.row_count));
  std::int64_t bad = -1;
  ASSERT_EQ(emptor_plan_score(plan, &rows, outputs.get(), outputs.count(), sizeof(emptor_output), 0,
                              statuses.data(), &bad, nullptr, &error),
            0)
      << error.message;
  for (const std::uint32_t flags : {0U, std::uint32_t{EMPTOR_ARROW_ROW_STATUS}}) {
    taken<ArrowSchema> schema;
    taken<ArrowArray> array;
    std::int64_t bad_here = -1;
    ASSERT_EQ(
        emptor_plan_score_arrow(plan, &rows, flags, schema.get(), array.get(), &bad_here, nullptr, &error), 0)
        << error.message;
    EXPECT_EQ(bad_here, bad);
    EXPECT_EQ(array->length, rows.row_count);
    const auto columns = static_cast<std::int64_t>(outputs.seen().columns.size());
    ASSERT_EQ(schema->n_children, columns + (flags != 0 ? 1 : 0));
    ASSERT_EQ(array->n_children, schema->n_children);
    for (std::int64_t i = 0; i < columns; ++i) {
      const seen_column& expected = outputs.seen().columns[static_cast<std::size_t>(i)];
      const ArrowSchema& field = *schema->children[i];
      const ArrowArray& values = *array->children[i];
      EXPECT_EQ(field.name, expected.name);
      emptor_column_info info = EMPTOR_COLUMN_INFO_INIT;
      ASSERT_EQ(emptor_plan_output(plan, static_cast<std::int32_t>(i), &info, nullptr), 0);
      EXPECT_EQ(unit_of(field), info.unit);
      std::int64_t nulls = 0;
      for (std::int64_t row = 0; row < rows.row_count; ++row) {
        nulls += expected.values.is_valid(row) ? 0 : 1;
        ASSERT_EQ(cell_of(field, values, row), field_of(expected.values, expected.levels, row))
            << field.name << row;
        if (std::string(field.format) == "g" && expected.values.is_valid(row)) {
          ASSERT_EQ(arrow_value<std::uint64_t>(values, row),
                    emptor::detail::load<std::uint64_t>(expected.values, row));
        }
      }
      EXPECT_EQ(values.null_count, nulls);
      EXPECT_EQ(values.buffers[0] == nullptr, nulls == 0);
    }
    if (flags == 0)
      continue;
    const ArrowSchema& why = *schema->children[columns];
    EXPECT_STREQ(why.name, "row_status");
    for (std::int64_t row = 0; row < rows.row_count; ++row)
      EXPECT_EQ(cell_of(why, *array->children[columns], row),
                emptor_row_status_name(statuses[static_cast<std::size_t>(row)]));
  }
}

TEST(arrow_score, of_every_worked_example_has_the_same_bits) {
  const described_catalogue catalogue = read_catalogue();
  std::size_t checked = 0;
  for (const described_entry& entry : catalogue.entries) {
    for (const described_example& example : entry.examples) {
      if (example.verb != "score")
        continue;
      SCOPED_TRACE(entry.name);
      emptor_error error = EMPTOR_ERROR_INIT;
      const owned<emptor_model> model = make_model(entry, example.model_tables, example.model_options);
      const table typed = typed_table(entry.score_inputs, example.tables.at(0).second);
      c_rows rows(typed);
      const c_options options(example.options);
      const c_slots slots(catalogue, example.slots);
      emptor_plan* plan = nullptr;
      ASSERT_EQ(emptor_plan_create(entry.name.c_str(), model.get(), slots.names(), slots.models(),
                                   slots.count(), rows.get(), options.get(), options.count(), nullptr, 0,
                                   &plan, &error),
                0)
          << error.message;
      const owned<emptor_plan> held(plan);
      check_same(plan, *rows.get());
      ++checked;
    }
  }
  EXPECT_GT(checked, 3U);
}

/// Customers of whom some have no score.
hand_array customers(std::int64_t first, std::int64_t count) {
  std::vector<double> frequency;
  std::vector<double> recency;
  std::vector<double> age;
  std::vector<bool> there;
  for (std::int64_t i = first; i < first + count; ++i) {
    frequency.push_back(i % 11 == 10 ? -1.0 : static_cast<double>(i % 7));
    age.push_back(20.0 + static_cast<double>(i % 19));
    recency.push_back(i % 7 == 0 ? 0.0 : 1.0 + static_cast<double>(i % 17));
    there.push_back(i % 13 != 12);
  }
  std::vector<hand_array> fields;
  fields.push_back(
      hand_array::texts(optional_texts(static_cast<std::size_t>(count), "x")).named("nobody asks for it"));
  fields.push_back(hand_array::of(age, "g", there).named("age"));
  fields.push_back(hand_array::of(frequency).named("frequency"));
  fields.push_back(hand_array::of(recency).named("recency"));
  return hand_array::structs(std::move(fields));
}

const std::vector<const char*> by_name{"frequency", "frequency", "recency", "recency", "age", "age"};

owned<emptor_plan> make_plan() {
  const owned<emptor_model> model = bg_nbd_model();
  const char* const names[] = {"frequency", "recency", "age"};
  emptor_column columns[3] = {};
  for (emptor_column& one : columns)
    one.dtype = EMPTOR_DTYPE_FLOAT64;
  const emptor_rows schema = EMPTOR_ROWS(names, columns, 3, 0);
  const char* const options[] = {"horizon", "39"};
  emptor_plan* plan = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  if (emptor_plan_create(nullptr, model.get(), nullptr, nullptr, 0, &schema, options, 1, nullptr, 0, &plan,
                         &error) != 0)
    throw std::runtime_error(error.message);
  return owned<emptor_plan>(plan);
}

TEST(arrow_score, of_imported_rows_has_the_same_bits_as_of_columns) {
  const hand_array batch = customers(0, 10000);
  lent_array lent(batch);
  emptor_error error = EMPTOR_ERROR_INIT;
  const owned<emptor_arrow_rows> rows = import_rows(lent.schema(), &lent.array(), error, by_name);
  ASSERT_NE(rows, nullptr) << error.message;
  check_same(make_plan().get(), view_of(rows));
}

TEST(arrow_score, in_strict_mode_names_the_row) {
  const hand_array batch = customers(0, 100);
  lent_array lent(batch);
  emptor_error error = EMPTOR_ERROR_INIT;
  const owned<emptor_arrow_rows> rows = import_rows(lent.schema(), &lent.array(), error, by_name);
  const owned<emptor_plan> plan = make_plan();
  ArrowSchema schema{};
  ArrowArray array{};
  EXPECT_EQ(emptor_plan_score_arrow(plan.get(), &view_of(rows), EMPTOR_STRICT, &schema, &array, nullptr,
                                    nullptr, &error),
            EMPTOR_STATUS_DATA);
  EXPECT_EQ(error.row, 10);
  EXPECT_EQ(error.column, 0);
  EXPECT_EQ(schema.release, nullptr);
  EXPECT_EQ(array.release, nullptr);
  EXPECT_EQ(emptor_plan_score_arrow(plan.get(), &view_of(rows), 8, &schema, &array, nullptr, nullptr, &error),
            EMPTOR_STATUS_INVALID_ARGUMENT);
  EXPECT_STREQ(error.message, "emptor_plan_score_arrow: flags is 8, but must be EMPTOR_STRICT, "
                              "EMPTOR_ARROW_ROW_STATUS, both or 0");
}

TEST(arrow_score, a_column_of_nulls_stands_for_any) {
  hand_array batch = customers(0, 5);
  batch.children[1] = hand_array::nulls(5).named("age");
  lent_array lent(batch);
  emptor_error error = EMPTOR_ERROR_INIT;
  const owned<emptor_arrow_rows> rows = import_rows(lent.schema(), &lent.array(), error, by_name);
  ASSERT_NE(rows, nullptr) << error.message;
  taken<ArrowSchema> schema;
  taken<ArrowArray> array;
  ASSERT_EQ(emptor_plan_score_arrow(make_plan().get(), &view_of(rows), EMPTOR_ARROW_ROW_STATUS, schema.get(),
                                    array.get(), nullptr, nullptr, &error),
            0)
      << error.message;
  for (std::int64_t row = 0; row < 5; ++row)
    EXPECT_EQ(
        cell_of(*schema->children[schema->n_children - 1], *array->children[array->n_children - 1], row),
        "missing");
}

/// Reads a stream to its end as cells, row by row.
struct read_stream {
  std::vector<texts> rows;
  int code = 0;
  std::string message;

  explicit read_stream(ArrowArrayStream& stream) {
    taken<ArrowSchema> schema;
    code = stream.get_schema(&stream, schema.get());
    while (code == 0) {
      taken<ArrowArray> array;
      code = stream.get_next(&stream, array.get());
      if (code != 0 || array->release == nullptr)
        break;
      for (std::int64_t row = 0; row < array->length; ++row) {
        texts& cells = rows.emplace_back();
        for (std::int64_t i = 0; i < array->n_children; ++i)
          cells.push_back(cell_of(*schema->children[i], *array->children[i], row));
      }
    }
    if (code != 0)
      message = stream.get_last_error(&stream);
    else
      EXPECT_EQ(stream.get_last_error(&stream), nullptr);
  }
};

void scored_at_once(const hand_array& batch, std::vector<texts>& rows) {
  lent_array lent(batch);
  emptor_error error = EMPTOR_ERROR_INIT;
  const owned<emptor_arrow_rows> imported = import_rows(lent.schema(), &lent.array(), error, by_name);
  taken<ArrowSchema> schema;
  taken<ArrowArray> array;
  EXPECT_EQ(emptor_plan_score_arrow(make_plan().get(), &view_of(imported), EMPTOR_ARROW_ROW_STATUS,
                                    schema.get(), array.get(), nullptr, nullptr, &error),
            0)
      << error.message;
  for (std::int64_t row = 0; row < array->length; ++row) {
    texts& cells = rows.emplace_back();
    for (std::int64_t i = 0; i < array->n_children; ++i)
      cells.push_back(cell_of(*schema->children[i], *array->children[i], row));
  }
}

TEST(arrow_score, of_a_stream_is_that_of_its_rows_and_needs_no_plan) {
  hand_stream from({customers(0, 5), customers(5, 0), customers(5, 100), customers(105, 1)});
  ArrowArrayStream in = from.stream();
  ArrowArrayStream out{};
  emptor_error error = EMPTOR_ERROR_INIT;
  {
    const owned<emptor_plan> plan = make_plan();
    ASSERT_EQ(emptor_plan_score_arrow_stream(plan.get(), &in, nullptr, 0, EMPTOR_ARROW_ROW_STATUS, nullptr,
                                             &out, &error),
              0)
        << error.message;
  }
  EXPECT_EQ(in.release, nullptr) << "it belongs to the other now";
  EXPECT_EQ(from.batches_read(), 0U) << "nothing is read before somebody asks";
  const read_stream read(out);
  EXPECT_EQ(read.code, 0) << read.message;
  std::vector<texts> expected;
  scored_at_once(customers(0, 106), expected);
  EXPECT_EQ(read.rows, expected);
  taken<ArrowArray> more;
  EXPECT_EQ(out.get_next(&out, more.get()), 0);
  EXPECT_EQ(more->release, nullptr) << "the end stays the end";
  EXPECT_EQ(from.given, from.released);
  EXPECT_EQ(from.streams_released, 0);
  out.release(&out);
  EXPECT_EQ(out.release, nullptr);
  EXPECT_EQ(from.streams_released, 1);
}

TEST(arrow_score, a_stream_may_be_left_in_the_middle) {
  hand_stream from({customers(0, 5), customers(5, 5)});
  ArrowArrayStream both = from.stream();
  ASSERT_EQ(emptor_plan_score_arrow_stream(make_plan().get(), &both, nullptr, 0, 0, nullptr, &both, nullptr),
            0)
      << "the new stream may stand where the old one did";
  taken<ArrowArray> first;
  ASSERT_EQ(both.get_next(&both, first.get()), 0);
  EXPECT_EQ(from.batches_read(), 1U);
  both.release(&both);
  EXPECT_EQ(first->length, 5) << "a batch stays without its stream";
  EXPECT_EQ(from.given, from.released);
  EXPECT_EQ(from.streams_released, 1);
}

TEST(arrow_score, a_stream_runs_as_its_caller_says_and_ends_where_he_cancels) {
  hand_stream from({customers(0, 5), customers(5, 5)});
  ArrowArrayStream both = from.stream();
  std::int32_t cancel = 0;
  {
    emptor_run run = EMPTOR_RUN_INIT; // copied
    run.threads = 2;
    run.cancel = &cancel;
    ASSERT_EQ(emptor_plan_score_arrow_stream(make_plan().get(), &both, nullptr, 0, 0, &run, &both, nullptr),
              0);
  }
  taken<ArrowArray> first;
  ASSERT_EQ(both.get_next(&both, first.get()), 0);
  EXPECT_EQ(first->length, 5);
  __atomic_store_n(&cancel, 1, __ATOMIC_RELAXED);
  taken<ArrowArray> second;
  EXPECT_EQ(both.get_next(&both, second.get()), ECANCELED);
  EXPECT_EQ(second->release, nullptr);
  EXPECT_STREQ(both.get_last_error(&both), "cancelled by the caller");
  EXPECT_EQ(from.batches_read(), 1U);
  both.release(&both);
  EXPECT_EQ(from.streams_released, 1);

  ArrowArrayStream in = from.stream();
  ArrowArrayStream out{};
  emptor_run run = EMPTOR_RUN_INIT;
  run.threads = -1;
  EXPECT_EQ(emptor_plan_score_arrow_stream(make_plan().get(), &in, nullptr, 0, 0, &run, &out, nullptr),
            EMPTOR_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(in.release, nullptr);
  EXPECT_EQ(out.release, nullptr);
}

TEST(arrow_score, a_refused_row_counts_from_the_start_of_the_stream) {
  hand_stream from({customers(0, 4), customers(4, 4), customers(8, 8)});
  ArrowArrayStream in = from.stream();
  ArrowArrayStream out{};
  ASSERT_EQ(emptor_plan_score_arrow_stream(make_plan().get(), &in, nullptr, 0, EMPTOR_STRICT, nullptr, &out,
                                           nullptr),
            0);
  const read_stream read(out);
  EXPECT_EQ(read.code, EINVAL);
  EXPECT_EQ(read.rows.size(), 8U);
  EXPECT_EQ(read.message, "value.bg_nbd: frequency[10] is -1, but must be >= 0");
  taken<ArrowArray> again;
  EXPECT_EQ(out.get_next(&out, again.get()), EINVAL) << "no row of a stream is left out without a word";
  out.release(&out);
  EXPECT_EQ(from.given, from.released);
  EXPECT_EQ(from.streams_released, 1);
}

TEST(arrow_score, a_stream_that_fails_is_passed_on_in_its_words) {
  hand_stream from({customers(0, 4), customers(4, 4)});
  from.fails_at = 1;
  from.next_code = ENOMEM;
  ArrowArrayStream in = from.stream();
  ArrowArrayStream out{};
  ASSERT_EQ(emptor_plan_score_arrow_stream(make_plan().get(), &in, nullptr, 0, 0, nullptr, &out, nullptr), 0);
  const read_stream read(out);
  EXPECT_EQ(read.code, ENOMEM);
  EXPECT_NE(read.message.find("the disk is on fire"), std::string::npos) << read.message;
  out.release(&out);
  EXPECT_EQ(from.given, from.released);
}

TEST(arrow_score, a_stream_that_does_not_fit_is_refused_at_once_and_released) {
  emptor_error error = EMPTOR_ERROR_INIT;
  const owned<emptor_plan> plan = make_plan();
  const auto refused = [&](const std::vector<hand_array>& batches, const std::vector<const char*>& names,
                           std::uint32_t flags, const emptor_plan* with) {
    hand_stream from(batches);
    ArrowArrayStream in = from.stream();
    ArrowArrayStream out;
    std::memset(&out, 0x5A, sizeof out);
    const emptor_status status = emptor_plan_score_arrow_stream(
        with, &in, names.empty() ? nullptr : names.data(), static_cast<std::int32_t>(names.size() / 2), flags,
        nullptr, &out, &error);
    EXPECT_EQ(in.release, nullptr);
    EXPECT_EQ(out.release, nullptr);
    EXPECT_EQ(from.given, from.released);
    EXPECT_EQ(from.streams_released, 1);
    EXPECT_EQ(from.batches_read(), 0U);
    return status;
  };
  hand_array other = customers(0, 3);
  other.children[1] = hand_array::of<float>({1, 2, 3}).named("age");
  EXPECT_EQ(refused({other}, {}, 0, plan.get()), EMPTOR_STATUS_SCHEMA);
  EXPECT_STREQ(error.message, "value.bg_nbd: age is of another dtype than in the plan");
  other.children.erase(other.children.begin() + 1);
  EXPECT_EQ(refused({other}, {}, 0, plan.get()), EMPTOR_STATUS_UNKNOWN_NAME);
  EXPECT_EQ(refused({customers(0, 3)}, {"age", "age"}, 0, plan.get()), EMPTOR_STATUS_SCHEMA);
  EXPECT_EQ(refused({customers(0, 3)}, {}, 4, plan.get()), EMPTOR_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(refused({customers(0, 3)}, {}, 0, nullptr), EMPTOR_STATUS_INVALID_ARGUMENT);
  ArrowArrayStream out{};
  EXPECT_EQ(emptor_plan_score_arrow_stream(plan.get(), nullptr, nullptr, 0, 0, nullptr, &out, &error),
            EMPTOR_STATUS_INVALID_ARGUMENT);
  hand_stream from({customers(0, 3)});
  ArrowArrayStream in = from.stream();
  EXPECT_EQ(emptor_plan_score_arrow_stream(plan.get(), &in, nullptr, 0, 0, nullptr, nullptr, &error),
            EMPTOR_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(in.release, nullptr);
  EXPECT_EQ(from.streams_released, 1);
}

TEST(arrow_score, classes_are_dictionaries_of_their_levels) {
  const char* const names[] = {"current_value", "growth_potential"};
  const double current[] = {1, 5};
  const double growth[] = {9, 1};
  const emptor_column columns[] = {EMPTOR_COLUMN(current, EMPTOR_DTYPE_FLOAT64),
                                   EMPTOR_COLUMN(growth, EMPTOR_DTYPE_FLOAT64)};
  const emptor_rows rows = EMPTOR_ROWS(names, columns, 2, 2);
  const c_options options({{"current_value_cut", "2"}, {"growth_potential_cut", "3"}});
  emptor_plan* made = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  ASSERT_EQ(emptor_plan_create("decision.value_matrix", nullptr, nullptr, nullptr, 0, &rows, options.get(),
                               options.count(), nullptr, 0, &made, &error),
            0)
      << error.message;
  const owned<emptor_plan> plan(made);
  taken<ArrowSchema> schema;
  taken<ArrowArray> array;
  ASSERT_EQ(emptor_plan_score_arrow(made, &rows, 0, schema.get(), array.get(), nullptr, nullptr, &error), 0);
  const ArrowSchema& field = *schema->children[0];
  ASSERT_NE(field.dictionary, nullptr);
  EXPECT_STREQ(field.format, "i");
  EXPECT_STREQ(field.dictionary->format, "u");
  emptor_column_info info = EMPTOR_COLUMN_INFO_INIT;
  ASSERT_EQ(emptor_plan_output(made, 0, &info, nullptr), 0);
  EXPECT_EQ(array->children[0]->dictionary->length, info.level_count);
  // A dictionary moved out of a child stays.
  ArrowArray levels = *array->children[0]->dictionary;
  array->children[0]->dictionary->release = nullptr;
  array->release(array.get());
  EXPECT_EQ(cell_of(*field.dictionary, levels, 0), info.levels[0]);
  levels.release(&levels);
}

} // namespace
} // namespace emptor::test::arrow_score_test

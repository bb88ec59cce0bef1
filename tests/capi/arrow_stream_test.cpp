// SPDX-License-Identifier: BSL-1.0
// Streams that come in: their batches as one, and each structure released once, however the call ends.
#include <gtest/gtest.h>

#include <cerrno>
#include <functional>
#include <map>

#include "arrow_arrays.hpp"

namespace emptor::test::arrow_stream_test {
namespace {

using texts = std::vector<std::string>;

hand_array batch_of(std::vector<std::pair<std::string, hand_array>> fields) {
  std::vector<hand_array> named;
  for (auto& [name, field] : fields)
    named.push_back(std::move(field).named(name));
  return hand_array::structs(std::move(named));
}

/// Consumes the stream of these batches.
class consumed {
public:
  explicit consumed(const std::vector<hand_array>& batches,
                    const std::function<void(hand_stream&)>& bend = {})
      : from_(batches) {
    if (bend)
      bend(from_);
    ArrowArrayStream stream = from_.stream();
    emptor_arrow_rows* made = nullptr;
    status_ = emptor_arrow_import_stream(&stream, nullptr, 0, nullptr, nullptr, &made, &error_);
    rows_.reset(made);
    EXPECT_EQ(stream.release, nullptr);
    EXPECT_EQ(from_.streams_released, 1);
    EXPECT_EQ(made != nullptr, status_ == EMPTOR_STATUS_OK) << error_.message;
  }
  consumed(const consumed&) = delete;
  consumed& operator=(const consumed&) = delete;
  ~consumed() {
    rows_.reset();
    EXPECT_EQ(from_.released, from_.given);
    EXPECT_EQ(from_.streams_released, 1);
  }
  [[nodiscard]] const emptor_rows& view() const { return view_of(rows_); }
  [[nodiscard]] texts cells() const { return cells_of(view()); }
  [[nodiscard]] emptor_status status() const { return status_; }
  [[nodiscard]] const emptor_error& error() const { return error_; }
  [[nodiscard]] const hand_stream& from() const { return from_; }

private:
  hand_stream from_;
  emptor_error error_ = EMPTOR_ERROR_INIT;
  emptor_status status_ = 0;
  owned<emptor_arrow_rows> rows_;
};

TEST(arrow_stream, one_batch_stays_where_it_is) {
  const std::vector<hand_array> batches{
      batch_of({{"a", hand_array::of<double>({1, 2})}, {"b", hand_array::texts({"x", "y"})}})};
  const consumed one(batches);
  ASSERT_EQ(one.status(), EMPTOR_STATUS_OK) << one.error().message;
  EXPECT_EQ(one.from().released, 1) << "only the schema: the batch is still read";
  EXPECT_EQ(one.view().columns[0].dtype, EMPTOR_DTYPE_FLOAT64);
  EXPECT_EQ(one.cells(), (texts{"1", "2"}));
  EXPECT_EQ(one.view().columns[0].data, one.from().batch(0).children[0].buffer(1));
  EXPECT_EQ(one.view().columns[1].data, one.from().batch(0).children[1].buffer(2));
}

TEST(arrow_stream, without_batches_has_the_types_and_no_rows) {
  const consumed none(
      {batch_of({{"a", hand_array::of<double>({1, 2})}, {"b", hand_array::texts({"x", "y"})}})},
      [](hand_stream& stream) { stream.only_schema = true; });
  ASSERT_EQ(none.status(), EMPTOR_STATUS_OK) << none.error().message;
  EXPECT_EQ(none.view().row_count, 0);
  ASSERT_EQ(none.view().column_count, 2);
  EXPECT_EQ(none.view().columns[0].dtype, EMPTOR_DTYPE_FLOAT64);
  EXPECT_EQ(none.view().columns[1].dtype, EMPTOR_DTYPE_UTF8);
}

/// The column in pieces of every size gives what it gives as a whole.
void same_in_pieces(const hand_array& whole) {
  SCOPED_TRACE(whole.format);
  const consumed at_once({batch_of({{"it", whole}})});
  ASSERT_EQ(at_once.status(), EMPTOR_STATUS_OK) << at_once.error().message;
  for (std::int64_t size = 1; size < whole.length; ++size) {
    std::vector<hand_array> batches;
    for (std::int64_t first = 0; first < whole.length; first += size) {
      hand_array piece = whole;
      batches.push_back(
          batch_of({{"it", std::move(piece).sliced(first, std::min(size, whole.length - first))}}));
      hand_array nothing = whole;
      batches.push_back(batch_of({{"it", std::move(nothing).sliced(first, 0)}}));
    }
    const consumed in_pieces(batches);
    ASSERT_EQ(in_pieces.status(), EMPTOR_STATUS_OK) << in_pieces.error().message;
    EXPECT_EQ(in_pieces.from().released, in_pieces.from().given) << "nothing of it is needed any more";
    EXPECT_EQ(in_pieces.view().columns[0].dtype, at_once.view().columns[0].dtype);
    EXPECT_EQ(in_pieces.view().columns[0].unit, at_once.view().columns[0].unit);
    EXPECT_EQ(in_pieces.cells(), at_once.cells()) << "pieces of " << size;
  }
}

TEST(arrow_stream, batches_are_one_table_in_every_type) {
  const std::vector<bool> valid{true, false, true, true, true, false, true};
  const optional_texts words{"a", std::nullopt, "", "a text of more than twelve bytes",
                             "b", std::nullopt, "a"};
  for (const std::vector<bool>& there : {std::vector<bool>{}, valid}) {
    same_in_pieces(hand_array::of<std::int8_t>({1, 2, 3, 4, 5, 6, 7}, "c", there));
    same_in_pieces(hand_array::of<std::uint16_t>({1, 2, 3, 4, 5, 6, 7}, "S", there));
    same_in_pieces(hand_array::of<std::uint64_t>({1, 2, 3, 4, 5, 6, 7}, "L", there));
    same_in_pieces(hand_array::of<std::uint16_t>({1, 2, 3, 4, 5, 6, 7}, "e", there));
    same_in_pieces(hand_array::of<float>({1, 2, 3, 4, 5, 6, 7}, "f", there));
    same_in_pieces(hand_array::of<double>({1, 2, 3, 4, 5, 6, 7}, "g", there));
    same_in_pieces(hand_array::of<std::int32_t>({1, 2, 3, 4, 5, 6, 7}, "tdD", there));
    same_in_pieces(hand_array::of<std::int64_t>({1, 2, 3, 4, 5, 6, 7}, "tdm", there));
    same_in_pieces(hand_array::of<std::int64_t>({1, 2, 3, 4, 5, 6, 7}, "tsu:UTC", there));
    same_in_pieces(hand_array::of<wide_integer>({1, 2, 3, 4, 5, 6, 7}, "d:19,2", there));
    same_in_pieces(hand_array::booleans({true, false, true, true, false, false, true}, there));
    same_in_pieces(hand_array::indices<std::int32_t>({0, 1, 2, 3, 4, 9, 6}, hand_array::texts(words), there));
    same_in_pieces(
        hand_array::indices<std::int8_t>({6, 5, 4, 3, 2, 1, 0}, hand_array::text_views(words), there));
  }
  same_in_pieces(hand_array::texts(words));
  same_in_pieces(hand_array::texts<std::int64_t>(words));
  same_in_pieces(hand_array::text_views(words));
  same_in_pieces(hand_array::nulls(7));
}

TEST(arrow_stream, dictionaries_that_differ_from_batch_to_batch_become_one) {
  const std::vector<hand_array> batches{
      batch_of({{"it", hand_array::indices<std::int32_t>({1, 0, 1}, hand_array::texts({"new", "old"}))}}),
      batch_of(
          {{"it", hand_array::indices<std::int32_t>({1, 0, 2}, hand_array::texts({"new", "old", "gone"}))}}),
      batch_of({{"it", hand_array::indices<std::int32_t>({0, 1, 2, 3},
                                                         hand_array::texts({"old", std::nullopt, "", "new"}),
                                                         {true, true, false, true})}}),
      batch_of({{"it", hand_array::indices<std::int32_t>({0, 7, -1}, hand_array::texts({"last"}))}})};
  const consumed all(batches);
  ASSERT_EQ(all.status(), EMPTOR_STATUS_OK) << all.error().message;
  EXPECT_EQ(all.cells(), (texts{"old", "new", "old", "old", "new", "gone", "old", "", "", "new", "last",
                                "(invalid text)", "(invalid text)"}));
  EXPECT_EQ(all.view().columns[0].aux_length, 5) << "new, old, gone, the empty text, last";
  std::string_view text;
  EXPECT_EQ(read_text(cpp_column(all.view().columns[0]), 7, text), row_status::missing);
  EXPECT_EQ(read_text(cpp_column(all.view().columns[0]), 11, text), row_status::unknown_level);
}

TEST(arrow_stream, batches_without_columns_are_counted) {
  hand_array batch = hand_array::structs({});
  batch.length = 3;
  const consumed all({batch, batch});
  ASSERT_EQ(all.status(), EMPTOR_STATUS_OK) << all.error().message;
  EXPECT_EQ(all.view().row_count, 6);
  batch.length = std::int64_t{1} << 58;
  const consumed too_many(std::vector<hand_array>(40, batch));
  EXPECT_EQ(too_many.status(), EMPTOR_STATUS_OUT_OF_MEMORY);
}

const std::vector<hand_array>& three_batches() {
  static const std::vector<hand_array> made(3, batch_of({{"a", hand_array::of<double>({1, 2})}}));
  return made;
}

TEST(arrow_stream, that_fails_says_so_in_its_own_words) {
  const consumed at_schema(three_batches(), [](hand_stream& stream) { stream.schema_code = EIO; });
  EXPECT_EQ(at_schema.status(), EMPTOR_STATUS_DATA);
  EXPECT_EQ(std::string(at_schema.error().message),
            "emptor_arrow_import_stream: get_schema of the stream failed with " + std::to_string(EIO) +
                ": the disk is on fire");
  const std::map<int, emptor_status> codes{
      {EIO, EMPTOR_STATUS_DATA}, {ENOMEM, EMPTOR_STATUS_OUT_OF_MEMORY}, {ECANCELED, EMPTOR_STATUS_CANCELLED}};
  for (std::size_t at = 0; at <= 3; ++at) {
    for (const auto& [code, status] : codes) {
      const consumed one(three_batches(), [&, code = code](hand_stream& stream) {
        stream.next_code = code;
        stream.fails_at = at;
      });
      EXPECT_EQ(one.status(), status) << code;
      EXPECT_EQ(std::string(one.error().message),
                "emptor_arrow_import_stream: get_next of the stream failed with " + std::to_string(code) +
                    ": the disk is on fire");
    }
  }
  const consumed silent(three_batches(), [](hand_stream& stream) {
    stream.schema_code = EIO;
    stream.words = nullptr;
  });
  EXPECT_EQ(std::string(silent.error().message),
            "emptor_arrow_import_stream: get_schema of the stream failed with " + std::to_string(EIO));
}

TEST(arrow_stream, a_bad_batch_is_refused_and_released) {
  std::vector<hand_array> batches = three_batches();
  batches[2].children[0].length = 1;
  const consumed one(batches);
  EXPECT_EQ(one.status(), EMPTOR_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(one.error().column, 0);
}

TEST(arrow_stream, a_row_counts_from_the_start_of_the_stream) {
  std::vector<hand_array> batches(2, batch_of({{"id", hand_array::of<std::uint64_t>({1, 2, 3})}}));
  batches.push_back(batch_of({{"id", hand_array::of<std::uint64_t>({4, ~0ULL})}}));
  const consumed one(batches);
  EXPECT_EQ(one.status(), EMPTOR_STATUS_DATA);
  EXPECT_EQ(one.error().row, 7);
  EXPECT_EQ(std::string(one.error().message).rfind("emptor_arrow_import_stream: id[7] is 1844", 0), 0U)
      << one.error().message;
}

TEST(arrow_stream, is_released_where_the_arguments_are_wrong) {
  emptor_arrow_rows* made = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_error no_error = EMPTOR_ERROR_INIT;
  no_error.struct_size = 1;
  emptor_run no_run = EMPTOR_RUN_INIT;
  no_run.threads = -1;
  const char* const names[] = {"a", "b"};
  hand_stream from(three_batches());
  int released = 0;
  const auto call = [&](const char* const* wanted, std::int32_t count, const emptor_run* run,
                        emptor_arrow_rows** rows, emptor_error* told) {
    ArrowArrayStream stream = from.stream();
    EXPECT_NE(emptor_arrow_import_stream(&stream, wanted, count, nullptr, run, rows, told), EMPTOR_STATUS_OK);
    EXPECT_EQ(stream.release, nullptr);
    EXPECT_EQ(from.streams_released, ++released);
    EXPECT_EQ(from.given, from.released);
  };
  call(nullptr, 0, nullptr, nullptr, &error);
  call(nullptr, 0, nullptr, &made, &no_error);
  call(nullptr, 1, nullptr, &made, &error);
  call(nullptr, -1, nullptr, &made, &error);
  call(names, 1, nullptr, &made, &error);
  call(nullptr, 0, &no_run, &made, &error);
  EXPECT_EQ(emptor_arrow_import_stream(nullptr, nullptr, 0, nullptr, nullptr, &made, &error),
            EMPTOR_STATUS_INVALID_ARGUMENT);
  ArrowArrayStream gone{};
  EXPECT_EQ(emptor_arrow_import_stream(&gone, nullptr, 0, nullptr, nullptr, &made, &error),
            EMPTOR_STATUS_INVALID_ARGUMENT);
  EXPECT_STREQ(error.message, "emptor_arrow_import_stream: stream is released, but must be given");
}

TEST(arrow_stream, is_cancelled_between_batches) {
  std::int32_t cancel = 1;
  emptor_run run = EMPTOR_RUN_INIT;
  run.cancel = &cancel;
  hand_stream from(three_batches());
  ArrowArrayStream stream = from.stream();
  emptor_arrow_rows* made = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  EXPECT_EQ(emptor_arrow_import_stream(&stream, nullptr, 0, nullptr, &run, &made, &error),
            EMPTOR_STATUS_CANCELLED);
  EXPECT_EQ(made, nullptr);
  EXPECT_EQ(from.batches_read(), 1U);
  EXPECT_EQ(from.given, from.released);
  EXPECT_EQ(from.streams_released, 1);
}

TEST(arrow_stream, a_callback_that_throws_ends_the_call_with_a_status) {
  hand_stream from(three_batches());
  ArrowArrayStream stream = from.stream();
  stream.get_next = [](ArrowArrayStream*, ArrowArray*) -> int { throw 7; };
  emptor_arrow_rows* made = nullptr;
  EXPECT_EQ(emptor_arrow_import_stream(&stream, nullptr, 0, nullptr, nullptr, &made, nullptr),
            EMPTOR_STATUS_INTERNAL);
  EXPECT_EQ(from.given, from.released);
  EXPECT_EQ(from.streams_released, 1);
}

} // namespace
} // namespace emptor::test::arrow_stream_test

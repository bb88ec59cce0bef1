// SPDX-License-Identifier: BSL-1.0
// Every type of Arrow as a column: what it says, and that it is where it was.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "arrow_arrays.hpp"

namespace emptor::test::arrow_import_test {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// One column of a batch of rows, as emptor sees it.
class imported {
public:
  explicit imported(hand_array column, const std::vector<bool>& valid_rows = {})
      : imported(batch_of(std::move(column), valid_rows), 0) {}
  imported(hand_array batch, int)
      : held_(std::make_unique<hand_array>(std::move(batch)))
      , lent_(std::make_unique<lent_array>(*held_))
      , rows_(import_rows(lent_->schema(), &lent_->array(), error_)) {}

  [[nodiscard]] const emptor_error& error() const { return error_; }
  [[nodiscard]] bool made() const { return rows_ != nullptr; }
  [[nodiscard]] const hand_array& column() const { return held_->children.front(); }
  [[nodiscard]] const emptor_rows& view() const { return view_of(rows_); }
  [[nodiscard]] const emptor_column& seen() const { return view().columns[0]; }
  [[nodiscard]] std::vector<std::string> cells() const { return cells_of(view()); }

private:
  static hand_array batch_of(hand_array column, const std::vector<bool>& valid_rows) {
    std::vector<hand_array> fields;
    fields.push_back(std::move(column).named("it"));
    return hand_array::structs(std::move(fields), valid_rows);
  }

  emptor_error error_ = EMPTOR_ERROR_INIT;
  std::unique_ptr<hand_array> held_;
  std::unique_ptr<lent_array> lent_;
  owned<emptor_arrow_rows> rows_;
};

using texts = std::vector<std::string>;

template <class T>
void lent_as_it_is(const std::vector<T>& values, std::int32_t dtype, const texts& expected,
                   const std::string& format = arrow_format<T>) {
  SCOPED_TRACE(format);
  std::vector<bool> valid(values.size(), true);
  valid[1] = false;
  texts there = expected;
  there[1] = "";
  for (const std::int64_t first : {0, 1, 2}) {
    const auto rows = static_cast<std::int64_t>(values.size()) - first;
    const imported plain(hand_array::of(values, format).sliced(first, rows));
    ASSERT_TRUE(plain.made()) << plain.error().message;
    EXPECT_EQ(plain.seen().dtype, dtype);
    EXPECT_EQ(plain.seen().data, static_cast<const std::byte*>(plain.column().buffer(1)) +
                                     first * static_cast<std::int64_t>(sizeof(T)));
    EXPECT_EQ(plain.seen().validity, nullptr);
    EXPECT_EQ(plain.cells(), texts(expected.begin() + first, expected.end()));
    const imported with_nulls(hand_array::of(values, format, valid).sliced(first, rows));
    ASSERT_TRUE(with_nulls.made()) << with_nulls.error().message;
    EXPECT_EQ(with_nulls.seen().data, static_cast<const std::byte*>(with_nulls.column().buffer(1)) +
                                          first * static_cast<std::int64_t>(sizeof(T)));
    if (first < 2) {
      EXPECT_EQ(with_nulls.seen().validity, with_nulls.column().buffer(0));
    }
    EXPECT_EQ(with_nulls.cells(), texts(there.begin() + first, there.end()));
  }
}

TEST(arrow_import, common_types_are_read_where_they_are) {
  lent_as_it_is<std::int8_t>({1, 0, -128, 127}, EMPTOR_DTYPE_INT8, {"1", "0", "-128", "127"});
  lent_as_it_is<std::uint8_t>({1, 0, 200, 255}, EMPTOR_DTYPE_UINT8, {"1", "0", "200", "255"});
  lent_as_it_is<std::int16_t>({1, 0, -32768, 32767}, EMPTOR_DTYPE_INT16, {"1", "0", "-32768", "32767"});
  lent_as_it_is<std::int32_t>({1, 0, -5, 70000}, EMPTOR_DTYPE_INT32, {"1", "0", "-5", "70000"});
  lent_as_it_is<std::int64_t>({1, 0, -5, 1LL << 52}, EMPTOR_DTYPE_INT64,
                              {"1", "0", "-5", "4503599627370496"});
  lent_as_it_is<std::uint64_t>({1, 0, 5, 1ULL << 52}, EMPTOR_DTYPE_INT64,
                               {"1", "0", "5", "4503599627370496"});
  lent_as_it_is<float>({1, 0, -0.5F, 3}, EMPTOR_DTYPE_FLOAT32, {"1", "0", "-0.5", "3"});
  lent_as_it_is<double>({1, 0, -0.5, 0.1}, EMPTOR_DTYPE_FLOAT64, {"1", "0", "-0.5", "0.1"});
  lent_as_it_is<std::int32_t>({0, 1, -1, 19782}, EMPTOR_DTYPE_DATE32,
                              {"1970-01-01", "1970-01-02", "1969-12-31", "2024-02-29"}, "tdD");
  lent_as_it_is<wide_integer>({100, 0, -25, 7}, EMPTOR_DTYPE_DECIMAL128, {"1", "0", "-0.25", "0.07"},
                              "d:19,2");
  lent_as_it_is<wide_integer>({100, 0, -25, 7}, EMPTOR_DTYPE_DECIMAL128, {"100", "0", "-25", "7"},
                              "d:5,0,128");
}

TEST(arrow_import, timestamps_keep_their_unit_whatever_their_zone) {
  const std::vector<std::int64_t> ticks{0, 86'400, -1};
  const std::pair<const char*, std::int32_t> formats[] = {
      {"tss:", 0}, {"tsm:", 3}, {"tsu:UTC", 6}, {"tsn:Europe/Berlin", 9}, {"tsn:+08:00", 9}};
  for (const auto& [format, unit] : formats) {
    const imported one(hand_array::of(ticks, format));
    ASSERT_TRUE(one.made()) << format << one.error().message;
    EXPECT_EQ(one.seen().dtype, EMPTOR_DTYPE_TIMESTAMP) << format;
    EXPECT_EQ(one.seen().unit, unit) << format;
    EXPECT_EQ(one.seen().data, one.column().buffer(1)) << format;
  }
}

TEST(arrow_import, booleans_stay_bits) {
  const std::vector<bool> values{true, false, true, true, false, false, true, false, true, true, false};
  const std::vector<bool> valid{true, true, true, false, true, true, true, true, true, false, true};
  for (const std::int64_t first : {0, 3, 9}) {
    const imported one(hand_array::booleans(values, valid).sliced(first, 11 - first));
    ASSERT_TRUE(one.made()) << one.error().message;
    EXPECT_EQ(one.seen().dtype, EMPTOR_DTYPE_BOOLEAN);
    EXPECT_EQ(one.seen().flags, std::uint32_t{EMPTOR_COLUMN_BITS});
    EXPECT_EQ(one.seen().data, one.column().buffer(1));
    texts expected;
    for (auto row = static_cast<std::size_t>(first); row < 11; ++row)
      expected.emplace_back(!valid[row] ? "" : values[row] ? "true" : "false");
    EXPECT_EQ(one.cells(), expected);
  }
}

const optional_texts words{
    "a", std::nullopt, "", "a text of more than twelve bytes", "Grüße", "and another one that is long"};

texts words_from(std::int64_t first) {
  texts made;
  for (auto i = static_cast<std::size_t>(first); i < words.size(); ++i)
    made.push_back(words[i].value_or(""));
  return made;
}

TEST(arrow_import, texts_are_read_where_they_are) {
  for (const std::int64_t first : {0, 1, 3}) {
    const std::int64_t rows = 6 - first;
    const imported small(hand_array::texts(words).sliced(first, rows));
    ASSERT_TRUE(small.made()) << small.error().message;
    EXPECT_EQ(small.seen().dtype, EMPTOR_DTYPE_UTF8);
    EXPECT_EQ(small.seen().data, small.column().buffer(2));
    EXPECT_EQ(small.seen().aux, static_cast<const std::byte*>(small.column().buffer(1)) + 4 * first);
    EXPECT_EQ(small.seen().aux_length, rows + 1);
    EXPECT_EQ(small.cells(), words_from(first));
    const imported large(hand_array::texts<std::int64_t>(words).sliced(first, rows));
    ASSERT_TRUE(large.made()) << large.error().message;
    EXPECT_EQ(large.seen().dtype, EMPTOR_DTYPE_LARGE_UTF8);
    EXPECT_EQ(large.seen().data, large.column().buffer(2));
    EXPECT_EQ(large.seen().aux, static_cast<const std::byte*>(large.column().buffer(1)) + 8 * first);
    EXPECT_EQ(large.cells(), words_from(first));
    const imported views(hand_array::text_views(words).sliced(first, rows));
    ASSERT_TRUE(views.made()) << views.error().message;
    EXPECT_EQ(views.seen().dtype, EMPTOR_DTYPE_LARGE_UTF8);
    EXPECT_EQ(views.cells(), words_from(first));
  }
}

template <class Index>
void dictionary_of(const hand_array& values, bool is_lent) {
  const std::vector<Index> indices{3, 0, 1, 0, 5};
  const std::vector<bool> valid{true, true, true, false, true};
  const imported one(hand_array::indices(indices, values, valid).sliced(1, 4));
  ASSERT_TRUE(one.made()) << one.error().message;
  EXPECT_EQ(one.seen().dtype, EMPTOR_DTYPE_DICTIONARY);
  EXPECT_EQ(one.cells(), (texts{"a", "", "", "and another one that is long"}));
  std::string_view text;
  EXPECT_EQ(read_text(cpp_column(one.seen()), 1, text), row_status::missing)
      << "the dictionary has null there";
  EXPECT_EQ(one.seen().data == static_cast<const std::byte*>(one.column().buffer(1)) + sizeof(Index),
            is_lent);
}

TEST(arrow_import, dictionaries_have_indices_of_any_integer) {
  for (const hand_array& values :
       {hand_array::texts(words), hand_array::texts<std::int64_t>(words), hand_array::text_views(words)}) {
    dictionary_of<std::int8_t>(values, false);
    dictionary_of<std::uint8_t>(values, false);
    dictionary_of<std::int16_t>(values, false);
    dictionary_of<std::uint16_t>(values, false);
    dictionary_of<std::int32_t>(values, true);
    dictionary_of<std::uint32_t>(values, false);
    dictionary_of<std::int64_t>(values, false);
    dictionary_of<std::uint64_t>(values, false);
  }
}

TEST(arrow_import, a_dictionary_may_be_a_slice_itself) {
  const imported one(hand_array::indices<std::int32_t>({0, 2, -1, 3}, hand_array::texts(words).sliced(2, 3)));
  ASSERT_TRUE(one.made()) << one.error().message;
  const column_view seen = cpp_column(one.seen());
  std::string_view text;
  EXPECT_EQ(read_text(seen, 0, text), row_status::ok);
  EXPECT_EQ(text, "");
  EXPECT_EQ(read_text(seen, 1, text), row_status::ok);
  EXPECT_EQ(text, "Grüße");
  EXPECT_EQ(read_text(seen, 2, text), row_status::unknown_level);
  EXPECT_EQ(read_text(seen, 3, text), row_status::unknown_level);
}

TEST(arrow_import, indices_that_fit_no_32_bits_are_no_levels) {
  const imported one(
      hand_array::indices<std::uint64_t>({0, 1ULL << 32, ~0ULL}, hand_array::texts({"a", "b"})));
  ASSERT_TRUE(one.made()) << one.error().message;
  EXPECT_EQ(one.cells(), (texts{"a", "(invalid text)", "(invalid text)"}));
}

TEST(arrow_import, a_dictionary_of_nulls_is_a_column_of_nulls) {
  const imported one(hand_array::indices<std::int32_t>({0, 0}, hand_array::nulls(1)));
  ASSERT_TRUE(one.made()) << one.error().message;
  EXPECT_EQ(one.seen().dtype, EMPTOR_DTYPE_NULL);
}

TEST(arrow_import, other_integers_are_widened) {
  const imported small(hand_array::of<std::uint16_t>({1, 65535, 7}).sliced(1, 2));
  ASSERT_TRUE(small.made());
  EXPECT_EQ(small.seen().dtype, EMPTOR_DTYPE_INT32);
  EXPECT_EQ(small.cells(), (texts{"65535", "7"}));
  const imported wide(hand_array::of<std::uint32_t>({1, 4294967295U, 7}).sliced(1, 2));
  ASSERT_TRUE(wide.made());
  EXPECT_EQ(wide.seen().dtype, EMPTOR_DTYPE_INT64);
  EXPECT_EQ(wide.cells(), (texts{"4294967295", "7"}));
  const imported narrow(hand_array::of<std::int32_t>({1, -25, 700}, "d:9,2,32").sliced(1, 2));
  ASSERT_TRUE(narrow.made());
  EXPECT_EQ(narrow.seen().dtype, EMPTOR_DTYPE_DECIMAL128);
  EXPECT_EQ(narrow.cells(), (texts{"-0.25", "7"}));
  const imported middle(hand_array::of<std::int64_t>({1, -25, 700}, "d:18,2,64").sliced(1, 2));
  ASSERT_TRUE(middle.made());
  EXPECT_EQ(middle.cells(), (texts{"-0.25", "7"}));
}

TEST(arrow_import, of_uint64_names_the_row_that_fits_no_int64) {
  const std::vector<std::uint64_t> values{0, 1, ~0ULL, 3};
  const imported refused(hand_array::of(values).sliced(1, 3));
  EXPECT_FALSE(refused.made());
  EXPECT_EQ(refused.error().status, EMPTOR_STATUS_DATA);
  EXPECT_EQ(refused.error().row, 1);
  EXPECT_EQ(refused.error().column, 0);
  EXPECT_STREQ(refused.error().message,
               "emptor_arrow_import: it[1] is 18446744073709551615, but must be at most 9223372036854775807");
  const imported missing(hand_array::of(values, "L", {true, true, false, true}));
  EXPECT_TRUE(missing.made()) << "what is missing has no value: " << missing.error().message;
  const imported outside(hand_array::of(values).sliced(0, 2));
  EXPECT_TRUE(outside.made()) << outside.error().message;
}

TEST(arrow_import, of_float16_is_exact_for_all_of_them) {
  std::vector<std::uint16_t> halves;
  for (int i = 0; i < 65536; ++i)
    halves.push_back(static_cast<std::uint16_t>(i));
  const imported one(hand_array::of(halves, "e"));
  ASSERT_TRUE(one.made());
  ASSERT_EQ(one.seen().dtype, EMPTOR_DTYPE_FLOAT32);
  const auto* values = static_cast<const float*>(one.seen().data);
  for (int i = 0; i < 65536; ++i) {
    const int exponent = i >> 10 & 31;
    const double fraction = i & 1023;
    double expected = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    if (exponent == 31)
      expected = fraction == 0 ? infinity : NAN;
    expected = i >= 32768 ? -expected : expected;
    if (std::isnan(expected)) {
      ASSERT_TRUE(std::isnan(values[i])) << i;
    } else {
      ASSERT_EQ(static_cast<double>(values[i]), expected) << i;
      ASSERT_EQ(std::signbit(values[i]), i >= 32768) << i;
    }
  }
}

TEST(arrow_import, of_date64_is_the_day_it_falls_on) {
  constexpr std::int64_t day = 86'400'000;
  const imported one(
      hand_array::of<std::int64_t>({7, 0, day - 1, day, -1, -day, 19782 * day}, "tdm").sliced(1, 6));
  ASSERT_TRUE(one.made());
  EXPECT_EQ(one.seen().dtype, EMPTOR_DTYPE_DATE32);
  EXPECT_EQ(one.cells(),
            (texts{"1970-01-01", "1970-01-01", "1970-01-02", "1969-12-31", "1969-12-31", "2024-02-29"}));
  const imported far(hand_array::of<std::int64_t>(
      {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}, "tdm"));
  std::int32_t found = 0;
  for (const std::int64_t row : {0, 1})
    EXPECT_EQ(read_day(cpp_column(far.seen()), row, 0, found), row_status::out_of_domain);
}

TEST(arrow_import, nulls_are_missing_as_whatever_they_are_wanted) {
  const imported one(hand_array::nulls(3));
  ASSERT_TRUE(one.made());
  EXPECT_EQ(one.seen().dtype, EMPTOR_DTYPE_NULL);
  EXPECT_EQ(one.view().row_count, 3);
}

TEST(arrow_import, what_says_that_nothing_is_missing_is_believed_without_a_look) {
  hand_array column = hand_array::of<double>({1, 2, 3}, "g", {true, false, true});
  column.null_count = 0;
  const imported one(std::move(column));
  ASSERT_TRUE(one.made());
  EXPECT_EQ(one.seen().validity, nullptr);
}

TEST(arrow_import, a_validity_that_leaves_nothing_out_is_not_read_again) {
  const std::vector<bool> valid{false, true, true, true, true, true, true, true, true, true, false};
  std::vector<double> values(11, 1.0);
  const imported inside(hand_array::of(values, "g", valid).sliced(1, 9));
  EXPECT_EQ(inside.seen().validity, nullptr);
  const imported before(hand_array::of(values, "g", valid).sliced(0, 10));
  EXPECT_NE(before.seen().validity, nullptr);
  const imported behind(hand_array::of(values, "g", valid).sliced(1, 10));
  EXPECT_NE(behind.seen().validity, nullptr);
}

TEST(arrow_import, long_validities_are_counted_right) {
  for (std::int64_t missing = 0; missing < 300; ++missing) {
    std::vector<bool> valid(300, true);
    valid[static_cast<std::size_t>(missing)] = false;
    for (const std::int64_t first : {0, 3, 64}) {
      const imported one(hand_array::of(std::vector<double>(300, 1.0), "g", valid).sliced(first, 200));
      EXPECT_EQ(one.seen().validity != nullptr, missing >= first && missing < first + 200) << missing;
    }
  }
}

TEST(arrow_import, a_row_that_a_struct_misses_is_missing_in_every_column) {
  const std::vector<bool> rows{true, false, true, true, true};
  const std::vector<bool> cells{true, true, false, true, true};
  std::vector<hand_array> fields;
  fields.push_back(hand_array::of<double>({1, 2, 3, 4, 5}).named("plain"));
  fields.push_back(hand_array::of<double>({9, 1, 2, 3, 4, 5}, "g", {true, true, true, false, true, true})
                       .sliced(1, 5)
                       .named("both"));
  fields.push_back(hand_array::booleans({true, true, true, false, true}, cells).named("bits"));
  fields.push_back(
      hand_array::indices<std::int8_t>({0, 0, 0, 0, 0}, hand_array::texts({"a"})).named("coded"));
  hand_array batch = hand_array::structs(std::move(fields), rows);
  batch.offset = 1;
  batch.length = 3;
  const lent_array* kept = nullptr;
  lent_array lent(batch);
  kept = &lent;
  emptor_error error = EMPTOR_ERROR_INIT;
  const owned<emptor_arrow_rows> made = import_rows(lent.schema(), &lent.array(), error);
  ASSERT_NE(made, nullptr) << error.message;
  ASSERT_NE(kept, nullptr);
  const emptor_rows& view = view_of(made);
  ASSERT_EQ(view.row_count, 3);
  const texts expected[] = {{"", "3", "4"}, {"", "", "4"}, {"", "", "false"}, {"", "a", "a"}};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::int64_t row = 0; row < 3; ++row)
      EXPECT_EQ(field_of(cpp_column(view.columns[i]), {}, row), expected[i][static_cast<std::size_t>(row)])
          << view.names[i] << row;
  }
  EXPECT_EQ(view.columns[0].data, static_cast<const double*>(batch.children[0].buffer(1)) + 1);
  EXPECT_EQ(view.columns[0].validity, batch.buffer(0))
      << "a column that misses nothing itself has the struct's";
}

TEST(arrow_import, of_no_rows_reads_no_buffers) {
  std::vector<hand_array> fields;
  fields.push_back(hand_array::of<double>({}).named("a"));
  fields.push_back(hand_array::texts({}).named("b"));
  fields.push_back(hand_array::text_views({}).named("c"));
  fields.push_back(hand_array::indices<std::int8_t>({}, hand_array::texts({})).named("d"));
  for (hand_array& one : fields)
    one.buffers.assign(one.buffers.size(), std::nullopt);
  const imported empty(hand_array::structs(std::move(fields)), 0);
  ASSERT_TRUE(empty.made()) << empty.error().message;
  EXPECT_EQ(empty.view().row_count, 0);
  EXPECT_EQ(empty.view().column_count, 4);
}

TEST(arrow_import, a_dictionary_without_texts_has_no_levels) {
  const imported one(hand_array::indices<std::int32_t>({0}, hand_array::texts({})));
  ASSERT_TRUE(one.made()) << one.error().message;
  EXPECT_EQ(one.cells(), texts{"(invalid text)"});
}

TEST(arrow_import, a_batch_may_have_no_columns) {
  hand_array batch = hand_array::structs({});
  batch.length = 5;
  const imported one(std::move(batch), 0);
  ASSERT_TRUE(one.made()) << one.error().message;
  EXPECT_EQ(one.view().row_count, 5);
  EXPECT_EQ(one.view().column_count, 0);
}

TEST(arrow_import, a_schema_alone_gives_names_and_types) {
  std::vector<hand_array> fields;
  fields.push_back(hand_array::of<double>({1.0}).named("age"));
  fields.push_back(hand_array::indices<std::int8_t>({0}, hand_array::texts({"a"})).named("kind"));
  const hand_array batch = hand_array::structs(std::move(fields));
  owned<emptor_arrow_rows> made;
  {
    lent_array lent(batch);
    emptor_error error = EMPTOR_ERROR_INIT;
    made = import_rows(lent.schema(), nullptr, error);
    ASSERT_NE(made, nullptr) << error.message;
  }
  const emptor_rows& view = view_of(made); // the schema is gone
  EXPECT_EQ(view.row_count, 0);
  ASSERT_EQ(view.column_count, 2);
  EXPECT_STREQ(view.names[0], "age");
  EXPECT_EQ(view.columns[0].dtype, EMPTOR_DTYPE_FLOAT64);
  EXPECT_STREQ(view.names[1], "kind");
  EXPECT_EQ(view.columns[1].dtype, EMPTOR_DTYPE_DICTIONARY);
}

TEST(arrow_import, names_choose_the_fields_and_what_they_are_called) {
  std::vector<hand_array> fields;
  fields.push_back(hand_array::of<double>({1.0}).named("Umsatz"));
  fields.push_back(hand_array::of<double>({1.0}, "+l").named("a list, which nobody wants"));
  fields.push_back(hand_array::of<std::int32_t>({7}).named("Kunde"));
  const hand_array batch = hand_array::structs(std::move(fields));
  lent_array lent(batch);
  emptor_error error = EMPTOR_ERROR_INIT;
  owned<emptor_arrow_rows> made = import_rows(lent.schema(), &lent.array(), error,
                                              {"customer", "Kunde", "amount", "Umsatz", "again", "Umsatz"});
  ASSERT_NE(made, nullptr) << error.message;
  const emptor_rows& view = view_of(made);
  ASSERT_EQ(view.column_count, 3);
  EXPECT_STREQ(view.names[0], "customer");
  EXPECT_EQ(view.columns[0].data, batch.children[2].buffer(1));
  EXPECT_STREQ(view.names[1], "amount");
  EXPECT_EQ(view.columns[1].data, batch.children[0].buffer(1));
  EXPECT_EQ(view.columns[2].data, batch.children[0].buffer(1));

  EXPECT_EQ(import_rows(lent.schema(), &lent.array(), error, {"customer", "Kundd"}), nullptr);
  EXPECT_EQ(error.status, EMPTOR_STATUS_UNKNOWN_NAME);
  EXPECT_STREQ(error.message, "emptor_arrow_import: there is no field Kundd; did you mean Kunde?");
  const char* const none[] = {nullptr};
  emptor_arrow_rows* rows = nullptr;
  EXPECT_EQ(emptor_arrow_import(&lent.schema(), &lent.array(), none, 0, "items", &rows, &error), 0);
  const owned<emptor_arrow_rows> empty(rows);
  EXPECT_EQ(view_of(empty).column_count, 0);
  EXPECT_EQ(view_of(empty).row_count, 1);
  EXPECT_STREQ(view_of(empty).table, "items");
}

TEST(arrow_import, a_field_that_is_there_twice_cannot_be_asked_for) {
  std::vector<hand_array> fields;
  fields.push_back(hand_array::of<double>({1.0}).named("a"));
  fields.push_back(hand_array::of<double>({2.0}).named("a"));
  const hand_array batch = hand_array::structs(std::move(fields));
  lent_array lent(batch);
  emptor_error error = EMPTOR_ERROR_INIT;
  EXPECT_EQ(import_rows(lent.schema(), &lent.array(), error, {"a", "a"}), nullptr);
  EXPECT_EQ(error.status, EMPTOR_STATUS_SCHEMA);
  EXPECT_NE(import_rows(lent.schema(), &lent.array(), error), nullptr) << "who takes them will say so";
}

TEST(arrow_import, other_types_are_refused_by_the_name_of_their_column) {
  for (const char* format : {"z",       "Z",           "vz",
                             "w:16",    "+l",          "+L",
                             "+w:3",    "+s",          "+m",
                             "+ud:0,1", "+us:0",       "+r",
                             "+vl",     "tts",         "ttm",
                             "ttu",     "ttn",         "tDs",
                             "tiM",     "tiD",         "tin",
                             "d:5,-2",  "d:39,2,256",  "d:76,38,256",
                             "d:5",     "d:5,",        "d:,2",
                             "d:5,2,",  "d:5,2,128,1", "d:5,39",
                             "d:0,0",   "d:5,2x",      "d:99999999999,2",
                             "ts",      "tss",         "tsx:",
                             "td",      "tdX",         "",
                             "x",       "gg",          "vx",
                             "\xFF"}) {
    const imported one(hand_array::of<double>({1.0, 2.0}, format));
    EXPECT_FALSE(one.made()) << format;
    EXPECT_EQ(one.error().status, EMPTOR_STATUS_SCHEMA) << format;
    EXPECT_EQ(one.error().column, 0) << format;
    EXPECT_EQ(std::string(one.error().message).rfind("emptor_arrow_import: it is ", 0), 0U)
        << one.error().message;
  }
  const imported list(hand_array::of<double>({1.0}, "+r"));
  EXPECT_STREQ(
      list.error().message,
      "emptor_arrow_import: it is run-end encoded (of the Arrow type \"+r\"), but must be a boolean, an "
      "integer, a float, a decimal of 0 to 38 decimals in up to 128 bits, a date, a timestamp, a text, a "
      "dictionary of texts, or null");
  const imported coded(hand_array::indices<std::int32_t>({0}, hand_array::of<double>({1.0})));
  EXPECT_EQ(coded.error().status, EMPTOR_STATUS_SCHEMA);
  EXPECT_STREQ(
      coded.error().message,
      "emptor_arrow_import: the dictionary of it is of the Arrow type \"g\", but must be one of texts");
}

} // namespace
} // namespace emptor::test::arrow_import_test

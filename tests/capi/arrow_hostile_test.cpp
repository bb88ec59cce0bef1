// SPDX-License-Identifier: BSL-1.0
// Schemas and arrays that contradict themselves are refused by name; none is read beyond what it says there is.
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "arrow_arrays.hpp"

namespace emptor::test::arrow_hostile_test {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

/// One column of each layout, three rows.
hand_array good_batch() {
  const optional_texts words{"a", std::nullopt, "a text of more than twelve bytes"};
  const std::vector<bool> valid{true, false, true};
  std::vector<hand_array> fields;
  fields.push_back(hand_array::of<double>({1, 2, 3}, "g", valid).named("number"));
  fields.push_back(hand_array::booleans({true, false, true}, valid).named("boolean"));
  fields.push_back(hand_array::texts(words).named("small"));
  fields.push_back(hand_array::texts<std::int64_t>(words).named("large"));
  fields.push_back(hand_array::text_views(words).named("views"));
  fields.push_back(hand_array::of<std::uint16_t>({1, 2, 3}, "S", valid).named("widened"));
  fields.push_back(hand_array::indices<std::int8_t>({2, 1, 0}, hand_array::texts(words)).named("coded"));
  fields.push_back(
      hand_array::indices<std::int32_t>({2, 1, 0}, hand_array::text_views(words), valid).named("viewed"));
  return hand_array::structs(std::move(fields), valid);
}

/// Bends one structure of a good batch and looks at what the import says.
struct bent_batch {
  hand_array batch = good_batch();
  lent_array lent{batch};
  emptor_error error = EMPTOR_ERROR_INIT;

  void refused(const std::string& words, std::int32_t column,
               emptor_status status = EMPTOR_STATUS_INVALID_ARGUMENT) {
    emptor_arrow_rows* made = nullptr;
    EXPECT_EQ(emptor_arrow_import(&lent.schema(), &lent.array(), nullptr, 0, nullptr, &made, &error), status)
        << words;
    EXPECT_EQ(made, nullptr);
    EXPECT_EQ(std::string(error.message), "emptor_arrow_import: " + words);
    EXPECT_EQ(error.column, column) << words;
    emptor_arrow_free(made);
  }
};

TEST(arrow_hostile, the_batch_is_good_as_it_stands) {
  bent_batch one;
  EXPECT_NE(import_rows(one.lent.schema(), &one.lent.array(), one.error), nullptr) << one.error.message;
}

void bend_schema(const std::function<void(ArrowSchema&)>& bend, const std::string& words,
                 std::int32_t column = -1, emptor_status status = EMPTOR_STATUS_INVALID_ARGUMENT) {
  bent_batch one;
  bend(one.lent.schema());
  one.refused(words, column, status);
}

TEST(arrow_hostile, schemas_that_are_none) {
  bend_schema([](ArrowSchema& of) { of.release = nullptr; }, "schema is released, but must be given");
  bend_schema([](ArrowSchema& of) { of.format = nullptr; }, "schema is without a format, but must be given");
  bend_schema([](ArrowSchema& of) { of.format = "g"; },
              "schema is of the Arrow type \"g\", but must be a struct with a field for each column", -1,
              EMPTOR_STATUS_SCHEMA);
  bend_schema([](ArrowSchema& of) { of.dictionary = of.children[0]; },
              "schema is a dictionary, but must be a struct with a field for each column", -1,
              EMPTOR_STATUS_SCHEMA);
  for (const std::int64_t count : {std::int64_t{-1}, least, most})
    bend_schema([=](ArrowSchema& of) { of.n_children = count; },
                "n_children of schema is " + std::to_string(count) + ", but must be in [0, 2147483647]");
  bend_schema([](ArrowSchema& of) { of.children = nullptr; },
              "children of schema is NULL, but must be given");
  bend_schema([](ArrowSchema& of) { of.children[3] = nullptr; },
              "a child of schema is NULL, but must be given");
  bend_schema([](ArrowSchema& of) { of.children[3]->release = nullptr; },
              "the schema of large is released, but must be given", 3);
  bend_schema([](ArrowSchema& of) { of.children[3]->format = nullptr; },
              "the schema of large is without a format, but must be given", 3);
  bend_schema([](ArrowSchema& of) { of.children[6]->dictionary->release = nullptr; },
              "the schema of the dictionary of coded is released, but must be given", 6);
  bend_schema([](ArrowSchema& of) { of.children[6]->dictionary->dictionary = of.children[0]; },
              "the dictionary of coded is a dictionary itself, but must be one of texts", 6,
              EMPTOR_STATUS_SCHEMA);
  bend_schema([](ArrowSchema& of) { of.children[6]->format = "g"; },
              "coded is a dictionary with indices of the Arrow type \"g\", but must be one with integers", 6);
  bent_batch nameless;
  nameless.lent.schema().children[0]->name = nullptr;
  EXPECT_NE(import_rows(nameless.lent.schema(), &nameless.lent.array(), nameless.error), nullptr);
}

void bend_array(const std::function<void(ArrowArray&)>& bend, const std::string& words,
                std::int32_t column = -1) {
  bent_batch one;
  bend(one.lent.array());
  one.refused(words, column);
}

TEST(arrow_hostile, structs_that_are_none) {
  bend_array([](ArrowArray& of) { of.release = nullptr; }, "the array is released, but must be given");
  for (const std::int64_t n : {std::int64_t{-1}, least, most}) {
    bend_array([=](ArrowArray& of) { of.length = n; },
               "length is " + std::to_string(n) + ", but must be in [0, 2^58]");
    bend_array([=](ArrowArray& of) { of.offset = n; },
               "offset is " + std::to_string(n) + ", but must be in [0, 2^58]");
    bend_array([=](ArrowArray& of) { of.n_children = n; },
               "n_children is " + std::to_string(n) + ", but must be 8 as in the schema");
    bend_array([=](ArrowArray& of) { of.n_buffers = n; },
               "n_buffers of a struct is " + std::to_string(n) + ", but must be 1");
  }
  bend_array([](ArrowArray& of) { of.null_count = -2; },
             "null_count is -2, but must be -1 or in [0, length]");
  bend_array([](ArrowArray& of) { of.null_count = 4; }, "null_count is 4, but must be -1 or in [0, length]");
  bend_array(
      [](ArrowArray& of) {
        of.null_count = 1;
        of.buffers = nullptr;
      },
      "null_count is 1, but must be 0 without a validity buffer");
  bend_array([](ArrowArray& of) { of.n_children = 7; }, "n_children is 7, but must be 8 as in the schema");
  bend_array([](ArrowArray& of) { of.children = nullptr; }, "children is NULL, but must be given");
  bend_array([](ArrowArray& of) { of.length = 4; },
             "length of number is 3, but must be that of the struct or more", 0);
  bend_array([](ArrowArray& of) { of.offset = 1; },
             "length of number is 3, but must be that of the struct or more", 0);
  bend_array([](ArrowArray& of) { of.offset = std::int64_t{1} << 58; },
             "length of number is 3, but must be that of the struct or more", 0);
}

TEST(arrow_hostile, columns_that_are_none) {
  const std::vector<std::string> names{"number", "boolean", "small", "large",
                                       "views",  "widened", "coded", "viewed"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    const auto column = static_cast<std::int32_t>(i);
    const auto bend = [&](const std::function<void(ArrowArray&)>& one, const std::string& words) {
      bend_array([&](ArrowArray& of) { one(*of.children[i]); }, words, column);
    };
    bend_array([&](ArrowArray& of) { of.children[i] = nullptr; },
               "the array of " + name + " is NULL, but must be given", column);
    bend([](ArrowArray& of) { of.release = nullptr; },
         "the array of " + name + " is released, but must be given");
    for (const std::int64_t n : {std::int64_t{-1}, least, most}) {
      bend([=](ArrowArray& of) { of.length = n; },
           "length of " + name + " is " + std::to_string(n) + ", but must be in [0, 2^58]");
      bend([=](ArrowArray& of) { of.offset = n; },
           "offset of " + name + " is " + std::to_string(n) + ", but must be in [0, 2^58]");
    }
    bend([](ArrowArray& of) { of.null_count = -2; },
         "null_count of " + name + " is -2, but must be -1 or in [0, length]");
    bend([](ArrowArray& of) { of.length = 2; },
         "length of " + name + " is 2, but must be that of the struct or more");
    bend([](ArrowArray& of) { of.buffers = nullptr; }, "buffers of " + name + " is NULL, but must be given");
    for (const std::int64_t n : {std::int64_t{0}, std::int64_t{-1}, least})
      bend([=](ArrowArray& of) { of.n_buffers = n; },
           "n_buffers of " + name + " is " + std::to_string(n) + ", but must be 1 or more");
    const std::string buffers = name == "views"                      ? "3 or more"
                                : name == "small" || name == "large" ? "3"
                                                                     : "2";
    bend([](ArrowArray& of) { of.n_buffers = 1; }, "n_buffers of " + name + " is 1, but must be " + buffers);
    bend([](ArrowArray& of) { of.buffers[1] = nullptr; },
         "buffer 1 of " + name + " is NULL, but must be given");
    bend(
        [](ArrowArray& of) {
          of.buffers[0] = nullptr;
          of.null_count = 1;
        },
        "null_count of " + name + " is 1, but must be 0 without a validity buffer");
    const bool coded = name == "coded" || name == "viewed";
    bend(
        [&](ArrowArray& of) {
          static ArrowArray none{};
          of.dictionary = of.dictionary != nullptr ? nullptr : &none;
        },
        "dictionary of " + name + " is " + (coded ? "NULL" : "given") + ", but must be as in the schema");
  }
  bend_array([](ArrowArray& of) { of.children[0]->n_buffers = 3; }, "n_buffers of number is 3, but must be 2",
             0);
  bend_array([](ArrowArray& of) { of.children[2]->buffers[2] = nullptr; },
             "buffer 2 of small is NULL, but must be given", 2);
  bend_array([](ArrowArray& of) { of.children[4]->buffers[4] = nullptr; },
             "buffer 4 of views is NULL, but must be given", 4);
}

TEST(arrow_hostile, dictionaries_that_are_none) {
  const auto bend = [](const std::function<void(ArrowArray&)>& one, const std::string& words) {
    bend_array([&](ArrowArray& of) { one(*of.children[6]->dictionary); }, words, 6);
  };
  bend([](ArrowArray& of) { of.release = nullptr; },
       "the array of the dictionary of coded is released, but must be given");
  bend([](ArrowArray& of) { of.length = -1; },
       "length of the dictionary of coded is -1, but must be in [0, 2^58]");
  bend([](ArrowArray& of) { of.offset = -1; },
       "offset of the dictionary of coded is -1, but must be in [0, 2^58]");
  bend([](ArrowArray& of) { of.n_buffers = 2; }, "n_buffers of the dictionary of coded is 2, but must be 3");
  bend([](ArrowArray& of) { of.buffers = nullptr; },
       "buffers of the dictionary of coded is NULL, but must be given");
  bend([](ArrowArray& of) { of.buffers[1] = nullptr; },
       "buffer 1 of the dictionary of coded is NULL, but must be given");
}

template <class Offset>
void bend_offsets(const std::vector<Offset>& offsets, const std::string& words, std::int64_t row) {
  bent_batch one;
  const std::size_t column = sizeof(Offset) == 4 ? 2 : 3;
  one.lent.array().children[column]->buffers[1] = offsets.data();
  one.refused((column == 2 ? "small[" : "large[") + std::to_string(row) + "] is a text from byte " + words +
                  ", but must be one that ends behind its begin",
              static_cast<std::int32_t>(column));
  EXPECT_EQ(one.error.row, row);
}

TEST(arrow_hostile, texts_that_end_before_they_begin) {
  bend_offsets<std::int32_t>({-1, 0, 1, 2}, "-1 to 0", 0);
  bend_offsets<std::int32_t>({0, 1'000'000, 1, 2}, "1000000 to 1", 1);
  bend_offsets<std::int32_t>({0, 1, 2, std::numeric_limits<std::int32_t>::min()}, "2 to -2147483648", 2);
  bend_offsets<std::int64_t>({-1, 0, 1, 2}, "-1 to 0", 0);
  bend_offsets<std::int64_t>({0, 1, most, 2}, "9223372036854775807 to 2", 2);
}

TEST(arrow_hostile, views_of_texts_that_are_not_there) {
  struct view {
    std::int32_t length;
    std::int32_t begin;
    std::int32_t buffer;
    std::int32_t offset;
  };
  constexpr std::int32_t largest = std::numeric_limits<std::int32_t>::max();
  for (const view bad :
       {view{-1, 0, 0, 0}, view{13, 0, 2, 0}, view{13, 0, -1, 0}, view{13, 0, 0, -1}, view{33, 0, 0, 0},
        view{32, 0, 0, 1}, view{largest, 0, 0, largest}, view{13, 0, 1, 0}}) {
    bent_batch one;
    const view all[] = {{0, 0, 0, 0}, {largest, 0, 0, 0}, bad};
    one.lent.array().children[4]->buffers[1] = all;
    one.refused("views[2] is a view of text that is not there, but must be inside of its buffers", 4);
    EXPECT_EQ(one.error.row, 2);
  }
  bent_batch inside;
  const view good[] = {{0, 0, 0, 0}, {largest, 0, 9, 0}, {32, 0, 0, 0}};
  inside.lent.array().children[4]->buffers[1] = good;
  EXPECT_NE(import_rows(inside.lent.schema(), &inside.lent.array(), inside.error), nullptr)
      << "the view of a missing row is not looked at: " << inside.error.message;
}

TEST(arrow_hostile, arguments_that_are_none) {
  bent_batch one;
  emptor_arrow_rows* made = nullptr;
  const emptor_rows* view = nullptr;
  const ArrowSchema& schema = one.lent.schema();
  const auto refused = [&](emptor_status status, const std::string& words) {
    EXPECT_EQ(status, EMPTOR_STATUS_INVALID_ARGUMENT);
    EXPECT_EQ(one.error.message, words);
  };
  refused(emptor_arrow_import(nullptr, nullptr, nullptr, 0, nullptr, &made, &one.error),
          "emptor_arrow_import: schema is NULL, but must be given");
  refused(emptor_arrow_import(&schema, nullptr, nullptr, 0, nullptr, nullptr, &one.error),
          "emptor_arrow_import: rows is NULL, but must be given");
  refused(emptor_arrow_import(&schema, nullptr, nullptr, 2, nullptr, &made, &one.error),
          "emptor_arrow_import: names is NULL, but must be given");
  refused(emptor_arrow_import(&schema, nullptr, nullptr, -1, nullptr, &made, &one.error),
          "emptor_arrow_import: name_count is -1, but must be >= 0");
  const char* const half[] = {"customer", nullptr};
  refused(emptor_arrow_import(&schema, nullptr, half, 1, nullptr, &made, &one.error),
          "emptor_arrow_import: a name is NULL, but must be given");
  refused(emptor_arrow_view(nullptr, &view, &one.error),
          "emptor_arrow_view: rows is NULL, but must be given");
  refused(emptor_arrow_view(nullptr, nullptr, &one.error),
          "emptor_arrow_view: view is NULL, but must be given");
  emptor_arrow_free(nullptr);
}

} // namespace
} // namespace emptor::test::arrow_hostile_test

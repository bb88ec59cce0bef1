// SPDX-License-Identifier: BSL-1.0
// Rows of Arrow make the store, the model and the scores that the same rows make as columns.
#include <gtest/gtest.h>

#include "arrow_arrays.hpp"

namespace emptor::test::arrow_push_test {
namespace {

/// A table as the stream of three batches of it.
struct in_pieces {
  hand_stream from;
  owned<emptor_arrow_rows> rows;

  explicit in_pieces(const hand_array& batch, const std::string& name)
      : from(cut(batch)) {
    ArrowArrayStream stream = from.stream();
    emptor_arrow_rows* made = nullptr;
    emptor_error error = EMPTOR_ERROR_INIT;
    EXPECT_EQ(emptor_arrow_import_stream(&stream, nullptr, 0, name.c_str(), nullptr, &made, &error), 0)
        << error.message;
    rows.reset(made);
    EXPECT_EQ(from.given, from.released);
  }
  static std::vector<hand_array> cut(const hand_array& batch) {
    std::vector<hand_array> batches;
    for (std::int64_t i = 0; i < 3; ++i) {
      const std::int64_t first = batch.length * i / 3;
      batches.push_back(hand_array(batch).sliced(first, batch.length * (i + 1) / 3 - first));
    }
    return batches;
  }
};

TEST(arrow_push, makes_the_same_bytes_of_every_store) {
  const described_catalogue catalogue = read_catalogue();
  std::size_t checked = 0;
  for (const described_entry& entry : catalogue.entries) {
    if (entry.store.empty())
      continue;
    for (const described_example& example : entry.examples) {
      if (example.verb == "score")
        continue;
      SCOPED_TRACE(entry.name);
      const split_options options = split(catalogue, entry, example.options);
      const owned<emptor_store> plain = make_store(entry.store.c_str(), options.store);
      const owned<emptor_store> lent = make_store(entry.store.c_str(), options.store);
      const owned<emptor_store> joined = make_store(entry.store.c_str(), options.store);
      emptor_error error = EMPTOR_ERROR_INIT;
      for (const auto& [name, csv] : example.tables) {
        const table typed = typed_table(table_named(catalogue.pushed(entry), name), csv);
        c_rows rows(typed);
        ASSERT_EQ(emptor_store_push(plain.get(), rows.get(), 0, nullptr, nullptr, nullptr, &error), 0)
            << error.message;
        const hand_array batch = hand_copy(typed);
        lent_array structures(batch);
        emptor_arrow_rows* made = nullptr;
        ASSERT_EQ(emptor_arrow_import(&structures.schema(), &structures.array(), nullptr, 0, name.c_str(),
                                      &made, &error),
                  0)
            << error.message;
        const owned<emptor_arrow_rows> held(made);
        ASSERT_EQ(emptor_store_push(lent.get(), &view_of(held), 0, nullptr, nullptr, nullptr, &error), 0)
            << error.message;
        const in_pieces pieces(batch, name);
        ASSERT_EQ(
            emptor_store_push(joined.get(), &view_of(pieces.rows), 0, nullptr, nullptr, nullptr, &error), 0)
            << error.message;
      }
      EXPECT_EQ(saved(lent.get()), saved(plain.get()));
      EXPECT_EQ(saved(joined.get()), saved(plain.get()));
      ++checked;
    }
  }
  EXPECT_GT(checked, 5U);
}

TEST(arrow_push, erases_the_keys_of_a_dictionary) {
  const owned<emptor_store> store = make_store("order_history");
  std::vector<hand_array> fields;
  fields.push_back(
      hand_array::indices<std::uint8_t>({0, 1, 2}, hand_array::texts({"a", "b", "c"})).named("customer"));
  fields.push_back(hand_array::of<std::int32_t>({19000, 19001, 19002}, "tdD").named("date"));
  fields.push_back(hand_array::of<std::uint16_t>({1, 2, 3}).named("amount"));
  const hand_array batch = hand_array::structs(std::move(fields));
  lent_array lent(batch);
  emptor_error error = EMPTOR_ERROR_INIT;
  const owned<emptor_arrow_rows> rows = import_rows(lent.schema(), &lent.array(), error);
  ASSERT_NE(rows, nullptr) << error.message;
  ASSERT_EQ(emptor_store_push(store.get(), &view_of(rows), EMPTOR_STRICT, nullptr, nullptr, nullptr, &error),
            0)
      << error.message;
  const owned<emptor_arrow_rows> keys = import_rows(lent.schema(), &lent.array(), error, {"key", "customer"});
  std::int64_t erased = 0;
  ASSERT_EQ(emptor_store_erase(store.get(), &view_of(keys), &erased, &error), 0) << error.message;
  EXPECT_EQ(erased, 3);
}

TEST(arrow_push, takes_a_column_of_nulls_for_an_optional_one_and_refuses_rows_that_need_it) {
  const auto pushed = [](const char* nulls, std::vector<std::uint8_t>& statuses) {
    std::vector<hand_array> fields;
    fields.push_back(hand_array::texts({"a", "b"}).named("customer"));
    fields.push_back(hand_array::of<std::int32_t>({19000, 19001}, "tdD").named("date"));
    fields.push_back(hand_array::of<double>({1, 2}).named("amount"));
    bool replaced = false;
    for (hand_array& one : fields) {
      if (one.name == nulls) {
        one = hand_array::nulls(2).named(nulls);
        replaced = true;
      }
    }
    if (!replaced)
      fields.push_back(hand_array::nulls(2).named(nulls));
    const hand_array batch = hand_array::structs(std::move(fields));
    lent_array lent(batch);
    emptor_error error = EMPTOR_ERROR_INIT;
    const owned<emptor_arrow_rows> rows = import_rows(lent.schema(), &lent.array(), error);
    EXPECT_NE(rows, nullptr) << error.message;
    const owned<emptor_store> store = make_store("order_history");
    EXPECT_EQ(emptor_store_push(store.get(), &view_of(rows), 0, statuses.data(), nullptr, nullptr, &error), 0)
        << error.message;
  };
  for (const char* optional : {"document", "revision", "currency", "quantity", "margin"}) {
    std::vector<std::uint8_t> statuses(2, 99);
    pushed(optional, statuses);
    EXPECT_EQ(statuses, (std::vector<std::uint8_t>{EMPTOR_ROW_OK, EMPTOR_ROW_OK})) << optional;
  }
  for (const char* needed : {"customer", "date", "amount"}) {
    std::vector<std::uint8_t> statuses(2, 99);
    pushed(needed, statuses);
    EXPECT_EQ(statuses, (std::vector<std::uint8_t>{EMPTOR_ROW_MISSING, EMPTOR_ROW_MISSING})) << needed;
  }
}

} // namespace
} // namespace emptor::test::arrow_push_test

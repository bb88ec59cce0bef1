// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/binning_entry.hpp>

#include "credit/compiled_c.hpp"
#include "credit/exchanged_card.hpp"
#include "credit/sqlite.hpp"
#include "support/refusal.hpp"

namespace binning_export_test {
namespace {

using namespace emptor;
using exchanged_card::card;
using test::code_of;

/// The bins of a scorecard as a model of credit.binning, with its points as weights.
[[nodiscard]] model bins_of(const card& of, double missing = 0.5) {
  described_table bins(credit::binning_model_tables[3], 0);
  described_table members(credit::binning_model_tables[4], 0);
  for (const exchanged_card::characteristic& one : of.all) {
    for (std::size_t b = 0; b < one.points.size(); ++b) {
      const bool interval = one.numeric && b < one.intervals;
      bins.text(one.label)
          .whole(static_cast<std::int64_t>(b + 1))
          .level(interval      ? credit::bin_kind::interval
                 : one.numeric ? credit::bin_kind::special
                               : credit::bin_kind::levels)
          .number(interval && b > 0 ? one.cuts[b - 1] : exchanged_card::none)
          .number(interval && b < one.cuts.size() ? one.cuts[b] : exchanged_card::none)
          .text("bin");
      for (int empty = 0; empty < 7; ++empty)
        bins.number(exchanged_card::none);
      bins.number(b == 0 ? one.points[b] * missing : one.points[b]);
      bins.number(exchanged_card::none).number(exchanged_card::none);
    }
    for (const exchanged_card::member& held : one.members) {
      members.text(one.label).level(held.what);
      if (held.level.empty())
        members.no_text();
      else
        members.text(held.level);
      members.number(held.code).whole(held.bin);
    }
  }
  model made;
  made.entry = credit::binning_name;
  made.options.push_back({"closed", of.right ? "right" : "left"});
  made.tables.push_back(std::move(bins).made());
  made.tables.push_back(std::move(members).made());
  credit::binning_entry.check_model(made);
  return made;
}

/// What the library says of a value: its bin, 0 where it has none.
[[nodiscard]] std::int32_t bin_of(const credit::binned_characteristic& one, double number,
                                  const std::string& text) {
  return one.numeric ? one.lookup.of(number).bin : one.lookup.of(std::string_view(text)).bin;
}

TEST(binning_export_test, sqlite_gives_the_same_weights_at_every_edge) {
#ifndef EMPTOR_WITH_SQLITE
  GTEST_SKIP() << "built without SQLite (libsqlite3-dev)";
#else
  std::size_t found = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    const card of = exchanged_card::random_card(seed, exchanged_card::hostile);
    // A bin without a weight has none in SQL either.
    const model made = bins_of(of, seed % 2 == 0 ? 0.5 : exchanged_card::none);
    const std::vector<credit::binned_characteristic> all = credit::read_bins(made);
    const exchanged_card::probes rows(of);
    sqlite::database database;
    database.fill(of, rows);
    const std::string query = "SELECT " + credit::export_binning(made, "sql") + " FROM t ORDER BY rowid";
    for (std::size_t k = 0; k < all.size(); ++k) {
      std::size_t i = 0;
      while (of.all[i].label != all[k].label)
        ++i;
      const auto weights = database.numbers(query, static_cast<int>(k));
      ASSERT_EQ(weights.size(), rows.rows);
      for (std::size_t row = 0; row < rows.rows; ++row) {
        const std::int32_t bin = bin_of(all[k], of.all[i].numeric ? rows.numbers[i][row] : 0.0,
                                        of.all[i].numeric ? "" : rows.texts[i][row]);
        const double expected =
            bin == 0 ? exchanged_card::none : all[k].woe[static_cast<std::size_t>(bin - 1)];
        ASSERT_EQ(weights[row].has_value(), !std::isnan(expected)) << row;
        if (weights[row]) {
          ASSERT_EQ(*weights[row], expected) << row;
          ++found;
        }
      }
    }
  }
  EXPECT_GT(found, 1000U);
#endif
}

TEST(binning_export_test, compiled_c_gives_the_same_bins_and_weights_at_every_edge) {
  std::vector<std::string> names = exchanged_card::hostile;
  names.push_back("caf\xE9");
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE(seed);
    const card of = exchanged_card::random_card(seed, names);
    const model made = bins_of(of);
    const std::vector<credit::binned_characteristic> all = credit::read_bins(made);
    const exchanged_card::probes rows(of);
    const compiled_c::loaded source(credit::export_binning(made, "c"));
    ASSERT_TRUE(source.ready());
    auto* const bin_in_c = source.function<int(int, double, const char*, double*)>("emptor_bin");
    auto* const name = source.function<const char*(int, int*)>("emptor_bin_characteristic");
    ASSERT_TRUE(bin_in_c != nullptr && name != nullptr);
    for (std::size_t k = 0; k < all.size(); ++k) {
      EXPECT_EQ(all[k].label, name(static_cast<int>(k), nullptr));
      std::size_t i = 0;
      while (of.all[i].label != all[k].label)
        ++i;
      for (std::size_t row = 0; row < rows.rows; ++row) {
        const double number = of.all[i].numeric ? rows.numbers[i][row] : 0.0;
        const std::string text = of.all[i].numeric ? "" : rows.texts[i][row];
        const std::int32_t bin = bin_of(all[k], number, text);
        double woe = -1.0;
        ASSERT_EQ(bin_in_c(static_cast<int>(k), number, text.c_str(), &woe), bin) << row;
        if (bin > 0) {
          ASSERT_EQ(woe, all[k].woe[static_cast<std::size_t>(bin - 1)]) << row;
        }
      }
    }
    EXPECT_EQ(bin_in_c(-1, 0.0, "", nullptr), 0);
    EXPECT_EQ(bin_in_c(static_cast<int>(all.size()), 0.0, "", nullptr), 0);
  }
}

TEST(binning_export_test, what_cannot_be_said_is_refused) {
  std::string text;
  const card of = exchanged_card::random_card(1, {"a", "b", "c", "d", "e"});
  EXPECT_EQ(code_of([&] { return credit::export_binning(bins_of(of, exchanged_card::none), "c"); }, &text),
            status::data);
  EXPECT_NE(text.find("credit.binning: c: bin 1 of "), std::string::npos) << text;
  EXPECT_EQ(code_of([&] { return credit::export_binning(model{}, "sql"); }, &text), status::data);
  EXPECT_EQ(text, "credit.binning: the model has no bins");
}

} // namespace
} // namespace binning_export_test

// SPDX-License-Identifier: BSL-1.0
// Scorecards over columns as they are stored: the same bits and row statuses as over doubles.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/catalogue.hpp>
#include <emptor/credit/scorecard_entry.hpp>
#include <emptor/credit/scorecard_points.hpp>

#include "credit/exchanged_card.hpp"
#include "kernels/kernels.hpp"
#include "support/random.hpp"

namespace scorecard_stored_test {
namespace {

using namespace emptor;
using exchanged_card::card;
using exchanged_card::characteristic;

constexpr float endless = std::numeric_limits<float>::infinity();

/// Cuts of tenths, none of which but each fifth is a number in single precision; two more between the same two such numbers;
/// and one beyond all of them.
[[nodiscard]] characteristic of_cuts(const std::string& label, std::size_t cuts, std::uint64_t seed,
                                     bool whole_points) {
  test::draws draw(seed);
  characteristic made;
  made.label = label;
  for (std::size_t k = 0; k < cuts; ++k)
    made.cuts.push_back((static_cast<double>(k) - static_cast<double>(cuts / 3)) / 10.0);
  if (cuts > 8) {
    made.cuts.push_back(1000.1);
    made.cuts.push_back(std::nextafter(1000.1, 2000.0));
    made.cuts.push_back(1e300);
  }
  made.intervals = made.cuts.size() + 1;
  const std::size_t bins = made.intervals + 2;
  for (std::size_t b = 0; b < bins; ++b) {
    const double value = static_cast<double>(draw.below(20001)) - 10000.0;
    made.points.push_back(whole_points ? std::floor(value / 100.0) : value / 77.0);
    made.reasons.emplace_back();
  }
  if (draw.below(2) == 1)
    made.members.push_back(
        {credit::bin_member::missing, "", exchanged_card::none, static_cast<std::int64_t>(bins)});
  if (draw.below(2) == 1)
    made.members.push_back({credit::bin_member::special, "", 255.0, static_cast<std::int64_t>(bins - 1)});
  return made;
}

/// Numeric characteristics only.
[[nodiscard]] card numeric_card(std::uint64_t seed) {
  static const std::vector<std::string> names{"a", "b", "c", "d", "e", "f"};
  card made = exchanged_card::random_card(seed, names);
  std::erase_if(made.all, [](const characteristic& one) { return !one.numeric; });
  for (characteristic& one : made.all)
    one.log_odds.clear();
  made.intercept = exchanged_card::none;
  test::draws draw(seed + 77);
  constexpr std::size_t counts[] = {0, 2, 5, 6, 7, 11, 12, 13, 40, 300};
  for (int more = 0; more < 3; ++more)
    made.all.push_back(
        of_cuts("more" + std::to_string(more), counts[draw.below(10)], seed + 5, draw.below(2) == 1));
  return made;
}

/// What each characteristic has to tell apart, as near as single precision comes to it; only finite numbers.
[[nodiscard]] std::vector<float> edges_of(const characteristic& one) {
  std::vector<float> made;
  for (const double number : one.numbers()) {
    if (!(std::fabs(number) <= static_cast<double>(std::numeric_limits<float>::max())))
      continue;
    const auto near = static_cast<float>(number);
    for (const float value : {near, std::nextafter(near, endless), std::nextafter(near, -endless)}) {
      if (std::isfinite(value))
        made.push_back(value);
    }
  }
  return made;
}

[[nodiscard]] std::uint64_t bits_of(double value) noexcept {
  return std::bit_cast<std::uint64_t>(value);
}

/// The sum of one row by its definition; nothing where a value has no bin. Codes are numbers, infinity is missing.
[[nodiscard]] std::optional<double> sum_of(const credit::scorecard& of, const std::vector<float>& row) {
  math::real sum(of.base_points);
  for (std::size_t i = 0; i < row.size(); ++i) {
    const credit::scorecard_characteristic& one = of.characteristics[i];
    const stats::bin_lookup::found found =
        row[i] == endless ? one.lookup.missing() : one.lookup.of(static_cast<double>(row[i]));
    if (found.bin == 0)
      return std::nullopt;
    sum += one.points[static_cast<std::size_t>(found.bin - 1)];
  }
  return math::value_of(sum);
}

TEST(ScorecardStored, every_instruction_set_gives_the_bits_of_the_definition) {
  int sets = 0;
  for (const kernels::instruction_set set : kernels::instruction_sets) {
    const stored_kernel run = kernels::find_stored(credit::scorecard_name, set);
    if (run == nullptr)
      continue;
    ++sets;
    std::size_t sums = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
      const card drawn = numeric_card(seed);
      const credit::scorecard of = credit::read_scorecard(drawn.made());
      const std::size_t n = of.characteristics.size();
      std::vector<std::size_t> inputs(n);
      for (std::size_t i = 0; i < n; ++i)
        inputs[i] = n - 1 - i; // columns in another order than that of the points
      const credit::scorecard_points points(of, inputs);
      test::draws draw(seed);
      const std::size_t rows = 16 * 4 + seed % 16 + 1; // every length of a rest
      std::vector<std::vector<float>> values(n);
      std::vector<std::vector<std::uint8_t>> codes(n);
      std::vector<const float*> singles(n, nullptr);
      std::vector<const std::uint8_t*> bytes(n, nullptr);
      for (std::size_t i = 0; i < n; ++i) {
        const std::vector<float> edges = edges_of(drawn.all[i]);
        const bool as_codes = draw.below(3) == 0;
        const bool missing = of.characteristics[i].lookup.missing().bin != 0;
        const std::uint64_t most = draw.below(2) == 0 ? 8 : 256;
        for (std::size_t row = 0; row < rows; ++row) {
          codes[i].push_back(static_cast<std::uint8_t>(draw.below(most)));
          values[i].push_back(as_codes                        ? static_cast<float>(codes[i].back())
                              : missing && draw.below(5) == 0 ? endless
                                                              : edges[draw.below(edges.size())]);
        }
        (as_codes ? static_cast<void>(bytes[inputs[i]] = codes[i].data())
                  : static_cast<void>(singles[inputs[i]] = values[i].data()));
      }
      std::vector<std::optional<double>> expected(rows);
      for (std::size_t row = 0; row < rows; ++row) {
        std::vector<float> one;
        for (std::size_t i = 0; i < n; ++i)
          one.push_back(values[i][row]);
        expected[row] = sum_of(of, one);
      }
      for (std::size_t count = 1; count <= rows; count += 1 + count / 20) {
        std::vector<double> found(count + 1, -7.0);
        double* const out = found.data();
        const bool all =
            run(&points.tables(), singles.data(), bytes.data(), &out, static_cast<std::int64_t>(count));
        EXPECT_EQ(all, std::all_of(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(count),
                                   [](const auto& sum) { return sum.has_value(); }));
        for (std::size_t row = 0; row < count; ++row) {
          if (!expected[row])
            ASSERT_TRUE(std::isnan(found[row])) << seed << ' ' << row;
          else
            ASSERT_EQ(bits_of(found[row]), bits_of(*expected[row])) << seed << ' ' << row << ' ' << count;
          sums += expected[row] ? 1U : 0U;
        }
        EXPECT_EQ(found[count], -7.0); // nothing behind the last row
      }
    }
    EXPECT_GT(sums, 10000U) << kernels::name(set);
  }
  EXPECT_GE(sets, 1);
}

/// Columns of one kind of memory, with the same values as doubles beside them.
struct stored_column {
  std::vector<std::byte> memory;
  std::vector<double> doubles;
  std::vector<std::uint8_t> validity;
  column_view view;
  column_view as_doubles;
};

/// \param kind  0 single precision, 1 codes  \param gap  bytes between the values  \param nulls  whether some are missing
[[nodiscard]] std::unique_ptr<stored_column> made_column(const std::vector<float>& values, int kind,
                                                         std::int64_t gap, bool nulls, test::draws& draw) {
  auto made = std::make_unique<stored_column>();
  const std::int64_t width = kind == 0 ? 4 : 1;
  made->memory.resize(values.size() * static_cast<std::size_t>(width + gap) + 8);
  made->validity.assign(values.size() / 8 + 1, 0xFF);
  for (std::size_t row = 0; row < values.size(); ++row) {
    std::byte* const at = made->memory.data() + static_cast<std::ptrdiff_t>(row) * (width + gap);
    const auto code = static_cast<std::uint8_t>(draw.below(draw.below(2) == 0 ? 8 : 256));
    if (kind == 0)
      std::memcpy(at, &values[row], sizeof(float));
    else
      std::memcpy(at, &code, 1);
    made->doubles.push_back(kind == 0 ? static_cast<double>(values[row]) : code);
    if (nulls && draw.below(6) == 0)
      made->validity[row / 8] = static_cast<std::uint8_t>(made->validity[row / 8] & ~(1U << (row % 8)));
  }
  made->view.data = made->memory.data();
  made->view.stride_bytes = width + gap;
  made->view.type = kind == 0 ? dtype::float32 : dtype::uint8;
  made->as_doubles.data = made->doubles.data();
  made->as_doubles.stride_bytes = sizeof(double);
  made->as_doubles.type = dtype::float64;
  if (nulls)
    made->view.validity = made->as_doubles.validity = made->validity.data();
  return made;
}

struct scores {
  std::vector<double> sums;
  std::vector<row_status> statuses;
  std::vector<std::uint8_t> validity;
  std::int64_t bad = 0;
};

[[nodiscard]] scores scored(const plan& with, const std::vector<column_view>& columns, std::size_t rows,
                            int threads, std::size_t apart = 1) {
  scores made;
  std::vector<double> memory(rows * apart);
  made.statuses.assign(rows, row_status::conflict);
  made.validity.assign(rows / 8 + 1, 0x55);
  const output_memory out{memory.data(), static_cast<std::int64_t>(apart * sizeof(double)),
                          made.validity.data(), dtype::float64};
  const run how{.threads = threads};
  with.score(columns, static_cast<std::int64_t>(rows), {&out, 1}, made.statuses.data(), &made.bad, false,
             how);
  for (std::size_t row = 0; row < rows; ++row)
    made.sums.push_back(memory[row * apart]);
  return made;
}

TEST(ScorecardStored, a_plan_gives_the_bits_and_statuses_of_doubles) {
  std::int64_t good = 0;
  std::int64_t bad = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const card drawn = numeric_card(seed);
    const auto self = std::make_shared<const model>(drawn.made());
    test::draws draw(seed + 1000);
    const std::size_t rows = seed % 10 == 0 ? 9000 : 1 + draw.below(700);
    const bool faults = draw.below(2) == 1;
    std::vector<std::unique_ptr<stored_column>> held;
    std::vector<bound_column> stored_schema;
    std::vector<bound_column> schema;
    std::vector<column_view> stored;
    std::vector<column_view> doubles;
    for (const characteristic& one : drawn.all) {
      const std::vector<float> edges = edges_of(one);
      std::vector<float> values;
      for (std::size_t row = 0; row < rows; ++row) {
        const std::uint64_t fault = faults ? draw.below(2000) : 9;
        values.push_back(fault == 0   ? endless
                         : fault == 1 ? -endless
                         : fault == 2 ? std::numeric_limits<float>::quiet_NaN()
                                      : edges[draw.below(edges.size())]);
      }
      const bool has_missing = std::any_of(one.members.begin(), one.members.end(), [](const auto& member) {
        return member.what == credit::bin_member::missing;
      });
      constexpr std::int64_t gaps[] = {0, 0, 0, 4, 3};
      held.push_back(made_column(values, static_cast<int>(draw.below(3) == 0), gaps[draw.below(5)],
                                 draw.below(has_missing ? 2 : 10) == 0, draw));
      stored_schema.push_back({"characteristics:" + one.label, held.back()->view.type});
      schema.push_back({"characteristics:" + one.label, dtype::float64});
      stored.push_back(held.back()->view);
      doubles.push_back(held.back()->as_doubles);
      if (has_missing && draw.below(6) == 0)
        stored.back() = doubles.back() = {.type = dtype::null};
    }
    const std::vector<std::string> only{"score"};
    const plan of_stored(credit::scorecard_entry, self, {}, stored_schema, {}, only);
    const plan of_doubles(credit::scorecard_entry, self, {}, schema, {}, only);
    const scores expected = scored(of_doubles, doubles, rows, 1);
    for (const int threads : {1, 2, 7}) {
      for (const std::size_t apart : {1U, 3U}) {
        const scores found = scored(of_stored, stored, rows, threads, apart);
        EXPECT_EQ(found.bad, expected.bad);
        for (std::size_t row = 0; row < rows; ++row) {
          ASSERT_EQ(bits_of(found.sums[row]), bits_of(expected.sums[row])) << seed << ' ' << row;
          ASSERT_EQ(found.statuses[row], expected.statuses[row]) << seed << ' ' << row;
          ASSERT_EQ(found.validity[row / 8] >> (row % 8) & 1, expected.validity[row / 8] >> (row % 8) & 1);
        }
      }
    }
    bad += expected.bad;
    good += static_cast<std::int64_t>(rows) - expected.bad;
  }
  EXPECT_GT(good, 10000);
  EXPECT_GT(bad, 1000);
}

/// Where the caller writes the scores over his own numbers, they are read before.
TEST(ScorecardStored, scores_over_their_own_columns) {
  const card drawn = numeric_card(3);
  const auto self = std::make_shared<const model>(drawn.made());
  const std::size_t rows = 1000;
  std::vector<bound_column> schema;
  std::vector<std::vector<float>> values;
  test::draws draw(8);
  for (const characteristic& one : drawn.all) {
    const std::vector<float> edges = edges_of(one);
    schema.push_back({"characteristics:" + one.label, dtype::float32});
    values.emplace_back();
    for (std::size_t row = 0; row < rows; ++row)
      values.back().push_back(edges[draw.below(edges.size())]);
  }
  const std::vector<std::string> only{"score"};
  const plan with(credit::scorecard_entry, self, {}, schema, {}, only);
  std::vector<column_view> columns;
  for (const std::vector<float>& one : values) {
    column_view view;
    view.data = one.data();
    view.stride_bytes = sizeof(float);
    view.type = dtype::float32;
    columns.push_back(view);
  }
  const scores expected = scored(with, columns, rows, 1);
  std::vector<double> shared(rows); // the first column in every second word of the scores
  for (std::size_t row = 0; row < rows; ++row)
    std::memcpy(&shared[row], &values[0][row], sizeof(float));
  columns[0].data = shared.data();
  columns[0].stride_bytes = sizeof(double);
  std::vector<row_status> statuses(rows);
  const output_memory out{shared.data(), sizeof(double), nullptr, dtype::float64};
  with.score(columns, rows, {&out, 1}, statuses.data(), nullptr, false, {});
  for (std::size_t row = 0; row < rows; ++row)
    ASSERT_EQ(bits_of(shared[row]), bits_of(expected.sums[row])) << row;
}

/// What else is asked for, or stored otherwise, comes as doubles.
TEST(ScorecardStored, only_points_of_stored_columns) {
  const card drawn = numeric_card(2);
  const model self = drawn.made();
  const auto reads = [&](dtype type, std::size_t also) {
    score_request request;
    request.self = &self;
    for (const characteristic& one : drawn.all)
      request.inputs.push_back("characteristics:" + one.label);
    request.types.assign(request.inputs.size(), dtype::float32);
    request.types.back() = type;
    request.wanted.assign(credit::scorecard_description.score.outputs.size(), false);
    request.wanted[0] = request.wanted[also] = true;
    return credit::scorecard_entry.bind(request)->reads_stored();
  };
  EXPECT_TRUE(reads(dtype::float32, 0));
  EXPECT_TRUE(reads(dtype::uint8, 0));
  EXPECT_FALSE(reads(dtype::float64, 0));
  EXPECT_FALSE(reads(dtype::int8, 0));
  EXPECT_FALSE(reads(dtype::float32, 1));
  EXPECT_FALSE(reads(dtype::float32, 2));
}

/// A column that the scorecard has no points for neither refuses a row nor keeps the others from being read as they stand.
TEST(ScorecardStored, columns_of_no_characteristic_do_not_count) {
  const card drawn = numeric_card(2);
  const auto self = std::make_shared<const model>(drawn.made());
  const std::vector<std::string> only{"score"};
  std::vector<bound_column> schema;
  std::vector<std::vector<float>> held;
  std::vector<column_view> columns;
  score_request request;
  request.self = self.get();
  request.wanted.assign(credit::scorecard_description.score.outputs.size(), false);
  request.wanted[0] = true;
  for (const characteristic& one : drawn.all) {
    schema.push_back({"characteristics:" + one.label, dtype::float32});
    held.emplace_back(20, edges_of(one).front());
    column_view view;
    view.data = held.back().data();
    view.stride_bytes = sizeof(float);
    view.type = dtype::float32;
    columns.push_back(view);
  }
  const plan without(credit::scorecard_entry, self, {}, schema, {}, only);
  const scores expected = scored(without, columns, 20, 1);

  const std::vector<double> other(20, std::numeric_limits<double>::infinity());
  schema.push_back({"characteristics:other", dtype::float64});
  columns.push_back(columns.back());
  columns.back().data = other.data();
  columns.back().stride_bytes = sizeof(double);
  columns.back().type = dtype::float64;
  for (const bound_column& one : schema) {
    request.inputs.push_back(one.name);
    request.types.push_back(one.type);
  }
  const auto scorer = credit::scorecard_entry.bind(request);
  EXPECT_TRUE(scorer->reads_stored());
  EXPECT_TRUE(scorer->reads(0));
  EXPECT_FALSE(scorer->reads(schema.size() - 1));
  const plan with(credit::scorecard_entry, self, {}, schema, {}, only);
  const scores found = scored(with, columns, 20, 1);
  EXPECT_EQ(found.bad, expected.bad);
  for (std::size_t row = 0; row < 20; ++row)
    EXPECT_EQ(bits_of(found.sums[row]), bits_of(expected.sums[row])) << row;
}

} // namespace
} // namespace scorecard_stored_test

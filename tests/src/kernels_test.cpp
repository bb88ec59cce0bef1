// SPDX-License-Identifier: BSL-1.0
#include "kernels/kernels.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/catalogue.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/random.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/stats/path_model_resampling.hpp>
#include <emptor/stats/path_model_structure.hpp>

namespace kernels_test {
namespace {

using namespace emptor;
using kernels::instruction_set;

using columns = std::vector<std::vector<double>>;

/// Whether it scores customers by frequency, recency and age.
bool is_of_customers(std::string_view entry) {
  return find_entry(entry).description->score.inputs.front().name == "frequency";
}

/// Customers of a shop, no two alike: next to each other stand some with one order and some with thousands.
columns customers(std::size_t rows) {
  columns made(3);
  for (std::size_t i = 0; i < rows; ++i) {
    random_stream draw(11, 0, i);
    const double x = draw.below(3) == 0 ? 0.0 : std::ldexp(1.0, static_cast<int>(draw.below(12)));
    const double t = std::ldexp(0.5 + draw.uniform(), static_cast<int>(draw.below(14)) - 4);
    made[0].push_back(x);
    made[1].push_back(x == 0.0 ? 0.0 : t * draw.uniform());
    made[2].push_back(t);
  }
  return made;
}

/// Rows for an entry: customers, or planned figures within the domains of its inputs, of which some are missing.
columns rows_for(std::string_view entry, std::size_t rows) {
  if (is_of_customers(entry))
    return customers(rows);
  columns made;
  for (const column_description& one : find_entry(entry).description->score.inputs) {
    if (one.many)
      continue;
    std::vector<double> column;
    for (std::size_t i = 0; i < rows; ++i) {
      random_stream draw(13, made.size(), i);
      const double low = std::max(one.allowed.low, -0.5);
      const double high = std::min(one.allowed.high, draw.below(4) == 0 ? 60.0 : 1.0);
      const bool missing = one.optional && draw.below(4) == 0;
      column.push_back(missing ? std::nan("") : low + (high - low) * draw.uniform());
    }
    made.push_back(std::move(column));
  }
  return made;
}

constexpr double uniforms[] = {0.55, 10.6, 0.61, 11.7, 39.0, 0.0027, 260.0, 0.5, 2.0};
constexpr double uniforms_of_two[] = {0.55, 10.6, 39.0, 0.0027, 260.0, 0.5, 2.0};
/// A rate, periods, how they are meant, and that all columns are there.
constexpr double uniforms_of_plans[] = {0.1, 20.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0,
                                        1.0, 1.0,  1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0};

const double* uniforms_for(std::string_view entry) {
  return !is_of_customers(entry) ? uniforms_of_plans : entry == "value.nbd" ? uniforms_of_two : uniforms;
}

std::vector<const double*> from_row(const columns& of, std::size_t first) {
  std::vector<const double*> made;
  for (const std::vector<double>& one : of)
    made.push_back(one.data() + first);
  return made;
}

columns scored(std::string_view entry, instruction_set set, const columns& rows, std::size_t first,
               std::size_t count) {
  const entry_description& described = *find_entry(entry).description;
  std::size_t outputs = 0;
  for (const column_description& one : described.score.outputs)
    outputs += one.name.ends_with("_low") || one.name.ends_with("_high") ? 0U : 1U;
  columns made(outputs, std::vector<double>(count, -7.0));
  std::vector<double*> memory;
  for (std::vector<double>& one : made)
    memory.push_back(one.data());
  prepared_kernel(kernels::find(entry, set), uniforms_for(entry))(from_row(rows, first).data(), memory.data(),
                                                                  static_cast<std::int64_t>(count));
  return made;
}

bool same_bits(const columns& left, const columns& right) {
  for (std::size_t o = 0; o < left.size(); ++o) {
    if (std::memcmp(left[o].data(), right[o].data(), left[o].size() * sizeof(double)) != 0)
      return false;
  }
  return true;
}

std::vector<std::string_view> entries_with_kernels() {
  std::vector<std::string_view> made;
  for (const entry* one : catalogue()) {
    if (kernels::find(one->description->name, instruction_set::baseline))
      made.push_back(one->description->name);
  }
  return made;
}

TEST(Kernels, every_instruction_set_gives_the_same_bits) {
  ASSERT_FALSE(entries_with_kernels().empty());
  for (const std::string_view entry : entries_with_kernels()) {
    const columns rows = rows_for(entry, 3000);
    const columns expected = scored(entry, instruction_set::baseline, rows, 0, 3000);
    for (const instruction_set set : kernels::instruction_sets) {
      if (!kernels::runs_here(set)) {
        std::printf("[   NOTE   ] this machine has no %s\n", std::string(kernels::name(set)).c_str());
        continue;
      }
      EXPECT_TRUE(same_bits(scored(entry, set, rows, 0, 3000), expected))
          << entry << " on " << kernels::name(set);
    }
  }
}

TEST(Kernels, a_row_has_the_same_bits_alone_and_in_every_rest) {
  for (const std::string_view entry : entries_with_kernels()) {
    const columns rows = rows_for(entry, 64);
    for (const instruction_set set : kernels::instruction_sets) {
      if (!kernels::runs_here(set))
        continue;
      const columns all = scored(entry, set, rows, 0, 64);
      for (std::size_t first = 0; first < 20; ++first) {
        for (std::size_t count = 1; count <= 33; ++count) {
          columns expected = all;
          for (std::vector<double>& one : expected) {
            one.erase(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(first));
            one.resize(count);
          }
          ASSERT_TRUE(same_bits(scored(entry, set, rows, first, count), expected))
              << entry << " on " << kernels::name(set) << ", rows " << first << " + " << count;
        }
      }
    }
  }
}

TEST(Kernels, memory_of_earlier_rows_changes_no_bits) {
  // Customers of a clock of days, who are alike now and then, and some who never are: with more pairs than there are
  // places, and runs of rows so unlike that the memory gives up.
  constexpr std::size_t count = 60000;
  columns rows = customers(count);
  for (std::size_t i = 0; i < count; ++i) {
    random_stream draw(12, 0, i);
    if (i % 40000 < 30000) {
      rows[2][i] = 100.0 + static_cast<double>(draw.below(400));
      rows[0][i] = static_cast<double>(draw.below(2) * draw.below(30));
      rows[1][i] = rows[0][i] == 0.0 ? 0.0 : std::floor(rows[2][i] * draw.uniform());
    }
  }
  for (const std::string_view entry : entries_with_kernels()) {
    if (!is_of_customers(entry)) // which alone remember
      continue;
    const columns expected = scored(entry, instruction_set::baseline, rows, 0, count);
    for (const instruction_set set : kernels::instruction_sets) {
      if (!kernels::runs_here(set))
        continue;
      const prepared_kernel run(kernels::find(entry, set), uniforms_for(entry));
      ASSERT_GT(run.memory_bytes(), 0U);
      // Only its first byte is promised to be 0.
      std::vector<std::byte> bytes(run.memory_bytes() + kernel::alignment, std::byte{0xAB});
      void* aligned = bytes.data();
      std::size_t space = bytes.size();
      ASSERT_NE(std::align(kernel::alignment, run.memory_bytes(), aligned, space), nullptr);
      *static_cast<std::byte*>(aligned) = std::byte{0};
      columns found(expected.size(), std::vector<double>(count));
      for (std::size_t first = 0; first < count; first += 250) {
        std::vector<double*> out;
        for (std::vector<double>& one : found)
          out.push_back(one.data() + first);
        run(from_row(rows, first).data(), out.data(), 250, aligned);
      }
      EXPECT_TRUE(same_bits(found, expected)) << entry << " on " << kernels::name(set);
    }
  }
}

TEST(Kernels, what_is_not_wanted_is_not_written) {
  for (const std::string_view entry : entries_with_kernels()) {
    const columns rows = rows_for(entry, 5);
    for (const instruction_set set : kernels::instruction_sets) {
      if (!kernels::runs_here(set))
        continue;
      const columns all = scored(entry, set, rows, 0, 5);
      for (std::size_t o = 0; o < all.size(); ++o) {
        std::vector<double> alone(5, -7.0); // what a kernel has no figure for stays
        std::vector<double*> memory(all.size(), nullptr);
        memory[o] = alone.data();
        prepared_kernel(kernels::find(entry, set), uniforms_for(entry))(from_row(rows, 0).data(),
                                                                        memory.data(), 5);
        EXPECT_EQ(std::memcmp(alone.data(), all[o].data(), sizeof(double) * 5), 0)
            << entry << " output " << o;
      }
    }
  }
}

TEST(Kernels, checks_of_a_column_see_what_a_look_at_each_number_sees) {
  const double inf = std::numeric_limits<double>::infinity();
  const double odd[] = {-0.0,   -5e-324, -1.0,  0.5, 7.25, 100.0,       101.0,
                        0x1p51, 0x1p52,  1e308, inf, -inf, std::nan("")};
  const auto positive = [](double x) { return !std::signbit(x); };
  for (const instruction_set set : kernels::instruction_sets) {
    if (!kernels::runs_here(set))
      continue;
    const kernel_lists::column_checks& checks = kernels::checks(set);
    for (std::size_t rows = 0; rows < 70; ++rows) {
      for (std::size_t at = 0; at < std::max<std::size_t>(rows, 1); ++at) {
        for (const double one : odd) {
          std::vector<double> numbers(rows, 3.0);
          if (rows > 0)
            numbers[at] = one;
          const auto count = static_cast<std::int64_t>(rows);
          const auto all_are = [&](const auto& fine) {
            return std::all_of(numbers.begin(), numbers.end(), fine);
          };
          ASSERT_EQ(checks.from_zero(numbers.data(), count, 100.0, false),
                    all_are([&](double x) { return positive(x) && x <= 100.0; }));
          ASSERT_EQ(checks.from_zero(numbers.data(), count, 0x1p51 - 1.0, true),
                    all_are([&](double x) { return positive(x) && x < 0x1p51 && std::floor(x) == x; }))
              << one << " in row " << at << " of " << rows << " on " << kernels::name(set);
          ASSERT_EQ(checks.between(numbers.data(), count, -1.0, 100.0),
                    all_are([&](double x) { return x >= -1.0 && x <= 100.0 && (x != 0.0 || positive(x)); }));
          ASSERT_EQ(checks.finite(numbers.data(), count), all_are([](double x) { return std::isfinite(x); }));
          const auto is_none = [](double x) {
            constexpr double none = std::numeric_limits<double>::quiet_NaN();
            return std::memcmp(&x, &none, sizeof x) == 0;
          };
          for (const double other : {one, -std::numeric_limits<double>::quiet_NaN()}) {
            if (rows > 0)
              numbers[at] = other;
            ASSERT_EQ(checks.finite_or_none(numbers.data(), count),
                      all_are([&](double x) { return std::isfinite(x) || is_none(x); }));
          }
        }
        for (const std::int64_t one : {no_amount, no_amount + 1, std::int64_t{-1}, std::int64_t{0},
                                       std::numeric_limits<std::int64_t>::max()}) {
          std::vector<std::int64_t> amounts(rows, 3);
          if (rows > 0)
            amounts[at] = one;
          const auto count = static_cast<std::int64_t>(rows);
          ASSERT_EQ(checks.amounts(amounts.data(), count, false), rows == 0 || one != no_amount);
          ASSERT_EQ(checks.amounts(amounts.data(), count, true), rows == 0 || one >= 0);
        }
      }
    }
  }
}

TEST(Kernels, the_rule_holds_where_it_finds_no_fault_in_any_row) {
  const double odd[][3] = {{0, 0, 0}, {0, 0, 5}, {0, 5e-324, 5},    {0, 1, 1},     {1, 0, 0},
                           {1, 1, 1}, {1, 2, 1}, {1, 1e308, 1e308}, {2, 1.5, 1.25}};
  for (const std::string_view entry : entries_with_kernels()) {
    if (!is_of_customers(entry)) // others have no rule in their kernels
      continue;
    const entry_description& described = *find_entry(entry).description;
    for (const instruction_set set : kernels::instruction_sets) {
      if (!kernels::runs_here(set))
        continue;
      const kernel with = kernels::find(entry, set);
      ASSERT_NE(with.rule_holds, nullptr) << entry;
      for (std::size_t rows = 1; rows < 40; ++rows) {
        for (std::size_t at = 0; at < rows; ++at) {
          for (const auto& one : odd) {
            std::vector<double> row_columns[3] = {std::vector<double>(rows, 3.0),
                                                  std::vector<double>(rows, 7.0),
                                                  std::vector<double>(rows, 8.0)};
            for (std::size_t i = 0; i < 3; ++i)
              row_columns[i][at] = one[i];
            const double* in[] = {row_columns[0].data(), row_columns[1].data(), row_columns[2].data()};
            ASSERT_EQ(with.rule_holds(in, static_cast<std::int64_t>(rows)),
                      described.score.rule({one, 3}).status == row_status::ok)
                << entry << " on " << kernels::name(set) << ": " << one[0] << ", " << one[1] << ", "
                << one[2];
          }
        }
      }
    }
  }
}

/// A survey on two latent scores with made-up answers, one of which varies in few rows only.
columns answers(std::size_t items, std::size_t rows, double points) {
  columns made(items);
  for (std::size_t r = 0; r < rows; ++r) {
    random_stream draw(17, r, 0);
    const double first = draw.uniform();
    const double second = 0.5 * (first + draw.uniform());
    for (std::size_t i = 0; i < items; ++i)
      made[i].push_back(std::floor(points * 0.5 * ((i % 2 == 0 ? first : second) + draw.uniform())));
  }
  for (std::size_t r = 0; r < rows; ++r)
    made[items - 1][r] = r < 3 ? 1.0 : 0.0;
  return made;
}

/// Blocks of as many items as are asked for, each of which depends on the three before it.
stats::path_model_specification chain_of_constructs(const std::vector<std::size_t>& sizes) {
  stats::path_model_specification made;
  std::size_t item = 0;
  for (std::size_t j = 0; j < sizes.size(); ++j) {
    std::vector<std::string> items;
    for (std::size_t i = 0; i < sizes[j]; ++i)
      items.push_back("i" + std::to_string(item++));
    made.constructs.push_back({.name = "c" + std::to_string(j), .items = std::move(items)});
    for (std::size_t l = j < 3 ? 0 : j - 3; l < j; ++l)
      made.paths.push_back({"c" + std::to_string(l), "c" + std::to_string(j)});
  }
  return made;
}

TEST(Kernels, resamples_of_path_models_have_the_same_bits_on_every_instruction_set) {
  const std::vector<std::size_t> sizes{
      5, 3, 7, 2, 9, 6, 4, 1}; // small ones, and one larger than those that stay in registers
  // Of answers up to 50 and 63, sums of 13 and 8 cases fill 16 bits; larger ones take 32 from the start.
  columns surveys[] = {answers(37, 60, 10.0), answers(37, 60, 50.0), answers(37, 60, 64.0),
                       answers(37, 60, 100.0), answers(37, 60, 300.0)};
  for (columns* survey : {&surveys[1], &surveys[2]})
    for (std::size_t i = 0; i + 1 < survey->size(); i += 3)
      for (double& answer : (*survey)[i])
        answer = -answer;
  surveys[2][0][0] = -63.0;
  ASSERT_NE(stats::answer_products("test", surveys[2]).plain().narrow, nullptr);
  ASSERT_EQ(stats::answer_products("test", surveys[2]).plain().cases_at_once, 8U);
  ASSERT_EQ(stats::answer_products("test", surveys[3]).plain().narrow, nullptr);
  for (const stats::path_preset preset :
       {stats::path_preset::emptor, stats::path_preset::seminr, stats::path_preset::ecsi})
    for (const bool some_b : {false, true})
      for (const columns& given : surveys) {
        stats::path_model_specification model = with_preset(chain_of_constructs(sizes), preset);
        if (some_b)
          model.constructs[1].mode = stats::path_mode::b;
        model.constructs[4].consistent = some_b && preset == stats::path_preset::emptor;
        const stats::path_structure structure("test", model);
        const stats::path_plan plan = stats::plan_of(structure.stages().back(), model);
        const stats::answer_products products("test", given);
        const auto with = [&](stats::path_kernel kernel, bool jackknife, int threads) {
          const run how{.threads = threads};
          return jackknife ? stats::jackknife_paths(plan, products, model.denominator,
                                                    stats::resample_signs::construct, how, kernel)
                           : stats::bootstrap_paths(plan, products, model.denominator,
                                                    stats::resample_signs::construct, 5, 531, how, kernel);
        };
        for (const bool jackknife : {false, true}) {
          // One resample after the other, without packs.
          const stats::path_resamples expected = with(&stats::estimate_resamples<math::real>, jackknife, 1);
          ASSERT_GT(expected.count(stats::path_status::converged), expected.resamples() / 2);
          if (!jackknife) {
            ASSERT_LT(expected.count(stats::path_status::converged), expected.resamples())
                << "some are without the rare answer";
          }
          const auto expect_same = [&](const stats::path_resamples& found, std::string_view which) {
            EXPECT_EQ(found.statuses, expected.statuses) << which;
            EXPECT_EQ(found.flips, expected.flips) << which;
            EXPECT_TRUE(same_bits({found.estimates, found.values}, {expected.estimates, expected.values}))
                << which;
          };
          expect_same(with(&stats::estimate_resamples<math::pack<math::isa::baseline>>, jackknife, 1),
                      "headers only");
          for (const instruction_set set : kernels::instruction_sets)
            if (kernels::runs_here(set))
              expect_same(with(kernels::path_models(set), jackknife, 1), kernels::name(set));
          for (const int threads : {2, 7})
            expect_same(with(stats::best_path_kernel(), jackknife, threads), "threads");
        }
      }
  EXPECT_EQ(stats::best_path_kernel(), kernels::path_models(kernels::chosen()));
}

TEST(Kernels, an_entry_without_a_kernel_has_none) {
  EXPECT_FALSE(kernels::find("credit.ageing", kernels::chosen()));
  EXPECT_TRUE(kernels::runs_here(kernels::chosen()));
}

} // namespace
} // namespace kernels_test

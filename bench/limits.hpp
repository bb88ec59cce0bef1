// SPDX-License-Identifier: BSL-1.0
// What the machine can do at best, measured in the same run as what stands beside it.
#pragma once

#include "support.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <vector>

#include <benchmark/benchmark.h>

#include <emptor/math/elementary.hpp>

namespace bench {

inline void limit_copy(benchmark::State& state) {
  const std::vector<double> from(static_cast<std::size_t>(state.range(0)), 1.0);
  std::vector<double> to(from.size());
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), from.size() * sizeof(double));
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * state.range(0) * 16);
}
BENCHMARK(limit_copy)->Name("Limit/copy")->Arg(4096)->Arg(1'000'000)->Arg(10'000'000);

/// Three columns read and one written: what scoring a row of a customer cannot go below.
inline void limit_move(benchmark::State& state) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  const std::vector<double> x(rows, 1.0);
  const std::vector<double> y(rows, 2.0);
  const std::vector<double> z(rows, 3.0);
  std::vector<double> to(rows);
  for (auto _ : state) {
    for (std::size_t i = 0; i < rows; ++i)
      to[i] = x[i] + y[i] + z[i];
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * state.range(0) * 32);
}
BENCHMARK(limit_move)->Name("Limit/three in, one out")->Arg(4096)->Arg(1'000'000)->Arg(10'000'000);

/// So many columns read and so many written, block by block: what a score that does nothing with them would cost.
inline void limit_move_columns(benchmark::State& state, std::size_t in, std::size_t out) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  const std::vector<std::vector<double>> from(in, std::vector<double>(rows, 1.0));
  std::vector<std::vector<double>> to(out, std::vector<double>(rows));
  constexpr std::size_t block = 256;
  for (auto _ : state) {
    for (std::size_t first = 0; first < rows; first += block) {
      const std::size_t count = std::min(block, rows - first);
      for (std::size_t o = 0; o < out; ++o) {
        if (o < in)
          std::memcpy(&to[o][first], &from[o][first], count * sizeof(double));
        else
          std::fill_n(&to[o][first], count, 0.0);
      }
      for (std::size_t i = out; i < in; ++i) // those that nothing is made of are read too
        std::transform(&from[i][first], &from[i][first] + count, &to[0][first], &to[0][first], std::plus<>());
    }
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * state.range(0) *
                          static_cast<std::int64_t>(sizeof(double) * (in + out)));
}

inline void limit_exp(benchmark::State& state) {
  const customers rows(state.range(0));
  for (auto _ : state) {
    double sum = 0.0;
    for (const double age : rows.age)
      sum += emptor::math::exp(-age);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(limit_exp)->Name("Limit/exp")->Arg(4096)->Arg(1'000'000);

} // namespace bench

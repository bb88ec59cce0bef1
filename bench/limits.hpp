// SPDX-License-Identifier: BSL-1.0
// What the machine can do at best, measured in the same run as what stands beside it.
#pragma once

#include "support.hpp"

#include <cstring>

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

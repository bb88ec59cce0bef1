// SPDX-License-Identifier: BSL-1.0
// Prints a hash of what the formulas give at the width that this file is compiled for, and row by row. Compiled
// in several ways, as users of the headers do; variants.cmake compares what they print.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#include <emptor/core/random.hpp>
#include <emptor/math/apply.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/mbg_nbd.hpp>

namespace {

using namespace emptor;

constexpr std::size_t rows = 3001;

/// In [2^(low - 1), 2^high).
double drawn(random_stream& from, int low, int high) {
  const double part = 0.5 + 0.5 * from.uniform(); // drawn before the exponent, whatever the compiler prefers
  return std::ldexp(part, low + static_cast<int>(from.below(static_cast<std::uint64_t>(high - low + 1))));
}

template <template <class> class Formula, class T>
std::uint64_t hash(const std::vector<double>& uniforms) {
  using formula = Formula<T>;
  std::vector<double> frequency(rows);
  std::vector<double> recency(rows);
  std::vector<double> age(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    random_stream draw(7, 0, i);
    const int widest = 5 + 10 * static_cast<int>(draw.below(2));
    frequency[i] = std::floor(drawn(draw, -1, widest));
    age[i] = drawn(draw, -3, 9);
    recency[i] = frequency[i] == 0.0 ? 0.0 : age[i] * (draw.below(8) == 0 ? 1.0 : draw.uniform());
  }
  const double* inputs[] = {frequency.data(), recency.data(), age.data()};
  std::vector<std::vector<double>> values(formula::outputs, std::vector<double>(rows));
  std::vector<double*> outputs;
  for (std::vector<double>& one : values)
    outputs.push_back(one.data());
  math::apply_rows<Formula, T>(uniforms.data(), inputs, outputs.data(), rows);
  std::uint64_t made = 0xCBF29CE484222325ULL;
  for (const std::vector<double>& one : values) {
    for (const double value : one) {
      std::uint64_t bits = 0;
      std::memcpy(&bits, &value, sizeof bits);
      made = (made ^ bits) * 0x100000001B3ULL;
    }
  }
  return made;
}

#if defined(__AVX512F__) && defined(__AVX512DQ__)
using wide = math::isa::avx512;
#elif defined(__AVX2__)
using wide = math::isa::avx2;
#else
using wide = math::isa::baseline;
#endif

template <template <class> class Formula>
void print(const char* name, const std::vector<double>& uniforms) {
  const std::uint64_t alone = hash<Formula, math::pack<math::isa::scalar>>(uniforms);
  const std::uint64_t packed = hash<Formula, math::pack<wide>>(uniforms);
  std::printf("%s %016llx%s\n", name, static_cast<unsigned long long>(alone),
              alone == packed ? "" : " and other bits in packs");
}

} // namespace

int main() {
  // x * y + z, where a fused product gives another result: the canary of what the flags allow.
  volatile double x = 1.0 + 0x1p-30;
  volatile double z = -(1.0 + 0x1p-29);
  const math::real fused = math::real(x) * math::real(x) + math::real(z);
  std::printf("canary %s\n", math::value_of(fused) == 0.0 ? "rounded twice" : "fused");
  print<value::scores_of<value::bg_nbd>::formula>(
      "bg_nbd", {0.243, 4.414, 0.793, 2.426, 39.0, 0.0027, 260.0, 0.5, 2.0});
  print<value::scores_of<value::mbg_nbd>::formula>(
      "mbg_nbd", {0.525, 6.183, 0.891, 1.614, 39.0, 0.0027, 260.0, 0.5, 2.0});
}

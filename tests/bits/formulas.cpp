// SPDX-License-Identifier: BSL-1.0
// Prints a hash of what the formulas of each model give. Compiled in several ways, as users of the headers do, with
// ROWS saying how many rows go through a formula at once; variants.cmake compares what they print.
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <vector>

#include <emptor/core/random.hpp>
#include <emptor/math/apply.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/value/gamma_gamma_entry.hpp>
#include <emptor/value/lifetime_value.hpp>
#include <emptor/value/order_models.hpp>

namespace {

using namespace emptor;

#if EMPTOR_VECTOR_PACKS && defined(__AVX512F__) && defined(__AVX512DQ__)
using one_register = math::isa::avx512;
#elif EMPTOR_VECTOR_PACKS && defined(__AVX2__)
using one_register = math::isa::avx2;
#else
using one_register = math::isa::baseline;
#endif
using two_registers [[maybe_unused]] = math::isa::twice<one_register>;
using one_row [[maybe_unused]] = math::isa::scalar;
using rows_at_once = math::pack<ROWS>;

constexpr std::size_t rows = 301; // no multiple of any pack
using row_values = std::array<double, value::customer_inputs>;

/// In [2^(low - 1), 2^high).
double drawn(random_stream& from, int low, int high) {
  const double part = 0.5 + 0.5 * from.uniform(); // drawn before the exponent, whatever the compiler prefers
  return std::ldexp(part, low + static_cast<int>(from.below(static_cast<std::uint64_t>(high - low + 1))));
}

/// Frequency, recency, age.
row_values in_time(random_stream& draw) {
  const int widest = 5 + 10 * static_cast<int>(draw.below(2));
  const double frequency = std::floor(drawn(draw, -1, widest));
  const double age = drawn(draw, -3, 9);
  const double part = draw.below(8) == 0 ? 1.0 : draw.uniform();
  return {frequency, frequency == 0.0 ? 0.0 : age * part, age};
}
/// Frequency, recency, opportunities.
row_values in_opportunities(random_stream& draw) {
  const auto opportunities = draw.below(40);
  const auto recency = draw.below(opportunities + 1);
  const auto frequency = recency == 0 ? 0 : 1 + draw.below(recency);
  return {static_cast<double>(frequency), static_cast<double>(recency), static_cast<double>(opportunities)};
}
/// Frequency, mean amount.
row_values of_money(random_stream& draw) {
  const double frequency = std::floor(drawn(draw, -1, 15));
  return {frequency, drawn(draw, -5, 20), 0.0};
}

template <template <class> class Formula, class Draw>
void print(const char* name, const std::vector<double>& uniforms, const Draw& row) {
  using formula = Formula<rows_at_once>;
  std::vector<std::vector<double>> columns(value::customer_inputs, std::vector<double>(rows));
  for (std::size_t i = 0; i < rows; ++i) {
    random_stream draw(7, 0, i);
    const row_values made = row(draw);
    for (std::size_t column = 0; column < made.size(); ++column)
      columns[column][i] = made[column];
  }
  const double* inputs[] = {columns[0].data(), columns[1].data(), columns[2].data()};
  std::vector<std::vector<double>> values(formula::outputs, std::vector<double>(rows));
  std::vector<double*> outputs;
  for (std::vector<double>& one : values)
    outputs.push_back(one.data());
  math::apply_rows<Formula, rows_at_once>(uniforms.data(), inputs, outputs.data(), rows);
  std::printf("%s", name);
  for (const std::vector<double>& one : values) { // each by itself, so that a difference says where it is
    std::uint64_t made = 0xCBF29CE484222325ULL;
    for (const double value : one) {
      std::uint64_t bits = 0;
      std::memcpy(&bits, &value, sizeof bits);
      made = (made ^ bits) * 0x100000001B3ULL;
    }
    std::printf(" %08llx", static_cast<unsigned long long>(made >> 32));
  }
  std::printf("\n");
}

/// All quantities of a model, with orders to come discounted up to a horizon and for ever.
template <class Model, class Draw>
void print_model(const std::vector<double>& parameters, const Draw& row) {
  for (const double discount_horizon : {260.0, std::numeric_limits<double>::infinity()}) {
    std::vector<double> uniforms = parameters;
    uniforms.insert(uniforms.end(), {39.0, 0.0027, discount_horizon, 0.5, 2.0});
    print<value::scores_of<Model>::template formula>(Model::name.data(), uniforms, row);
  }
}

} // namespace

int main() {
  // x * y + z, where a fused product gives another result: the canary of what the flags allow.
  volatile double x = 1.0 + 0x1p-30;
  volatile double z = -(1.0 + 0x1p-29);
  const math::real fused = math::real(x) * math::real(x) + math::real(z);
  std::printf("canary %s\n", math::value_of(fused) == 0.0 ? "rounded twice" : "fused");
  print_model<value::bg_nbd>({0.243, 4.414, 0.793, 2.426}, &in_time);
  print_model<value::mbg_nbd>({0.525, 6.183, 0.891, 1.614}, &in_time);
  print_model<value::nbd>({0.385, 12.07}, &in_time);
  print_model<value::pareto_nbd>({0.553, 10.578, 0.606, 11.669}, &in_time);
  print_model<value::bg_bb>({1.204, 0.750, 0.657, 2.783}, &in_opportunities);
  print<value::gamma_gamma_scores>("gamma_gamma", {6.25, 3.74, 15.44}, &of_money);
  // Lifetime value: its orders with those of each month discounted to its end. All else of it is a product.
  print<value::detail::discounted_orders_of<value::bg_nbd>::formula>(
      "lifetime_value", {0.243, 4.414, 0.793, 2.426, 0.0027, 12.0, 3.0, 4.0, 0.99, 8.25, 0.98, 12.0, 0.97},
      &in_time);
}

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include <emptor/core/check.hpp>
#include <emptor/core/status.hpp>
#include <emptor/math/real.hpp>
#include <emptor/value/model_fit.hpp>

/// Customers with equal rows made one, and what is equal in rows that differ: a likelihood whose terms depend on
/// (x, t_x) and (x, T) only needs each of these once, however many customers there are.
namespace emptor::value {

/// Different pairs of a frequency and a time, in the order of both.
struct frequency_times {
  std::vector<double> frequency;
  std::vector<double> time;

  [[nodiscard]] std::size_t size() const noexcept { return frequency.size(); }
};

struct customer_rows {
  struct row {
    std::uint32_t recent; ///< which (frequency, recency)
    std::uint32_t aged;   ///< which (frequency, age)
    double weight;
  };

  std::vector<row> rows; ///< different rows in the order of frequency, recency, age
  frequency_times recent;
  frequency_times aged;
  std::vector<double> frequencies; ///< different ones in order
  std::vector<double> weights;     ///< customers of each frequency
  std::int64_t customers = 0;      ///< rows with a weight

  /// The sum of `term(frequency, age)` over all customers.
  template <class Term>
  [[nodiscard]] double weighted(const Term& term) const {
    return math::value_of(sum_in_tree<math::real>(0, rows.size(), [&](std::size_t i) {
      return math::real(rows[i].weight) *
             math::real(term(aged.frequency[rows[i].aged], aged.time[rows[i].aged]));
    }));
  }
};

namespace detail {

/// Equal keys have one rank; ranks are in the order of the keys.
struct ranked {
  std::vector<std::uint32_t> rank; ///< of each element
  std::vector<std::uint64_t> keys; ///< different ones in order

  explicit ranked(std::vector<std::uint64_t> of)
      : rank(of.size()) {
    struct item {
      std::uint64_t key;
      std::uint64_t place;
    };
    std::vector<item> items(of.size());
    std::array<std::array<std::size_t, 256>, 8> counts{};
    for (std::size_t i = 0; i < of.size(); ++i) {
      items[i] = {of[i], i};
      for (std::size_t byte = 0; byte < 8; ++byte)
        ++counts[byte][of[i] >> (8 * byte) & 0xFF];
    }
    // Radix sort, least byte first; bytes in which all keys agree are passed over.
    std::vector<item> sorted(of.size());
    for (std::size_t byte = 0; byte < 8; ++byte) {
      if (std::find(counts[byte].begin(), counts[byte].end(), of.size()) != counts[byte].end())
        continue;
      std::size_t first = 0;
      for (std::size_t& count : counts[byte])
        first += std::exchange(count, first);
      for (const item& one : items)
        sorted[counts[byte][one.key >> (8 * byte) & 0xFF]++] = one;
      items.swap(sorted);
    }
    for (const item& one : items) {
      if (keys.empty() || keys.back() != one.key)
        keys.push_back(one.key);
      rank[one.place] = static_cast<std::uint32_t>(keys.size() - 1);
    }
  }
  /// Of numbers >= 0, whose bits are in the order of the numbers.
  explicit ranked(std::span<const double> numbers)
      : ranked([&] {
        std::vector<std::uint64_t> bits(numbers.size());
        std::transform(numbers.begin(), numbers.end(), bits.begin(),
                       [](double x) { return std::bit_cast<std::uint64_t>(x); });
        return bits;
      }()) {}
  /// Of pairs, whose parts are ranked already.
  ranked(const ranked& high, const ranked& low)
      : ranked([&] {
        std::vector<std::uint64_t> both(high.rank.size());
        for (std::size_t i = 0; i < both.size(); ++i)
          both[i] = std::uint64_t{high.rank[i]} * low.keys.size() + low.rank[i];
        return both;
      }()) {}

  [[nodiscard]] double number(std::size_t i) const noexcept { return std::bit_cast<double>(keys[i]); }
};

/// Customers with equal rows added up. The sums do not depend on the order of the customers.
class customer_counts {
public:
  std::vector<double> frequency;
  std::vector<double> recency;
  std::vector<double> age;
  std::vector<double> weight;

  /// \param whole  all weights are whole numbers with an exact sum
  explicit customer_counts(bool whole)
      : whole_(whole) {}

  void add(double x, double t_x, double now, double w) {
    const auto [at, fresh] =
        places_.try_emplace({std::bit_cast<std::uint64_t>(x), std::bit_cast<std::uint64_t>(t_x),
                             std::bit_cast<std::uint64_t>(now)},
                            static_cast<std::uint32_t>(frequency.size()));
    if (fresh) {
      if (frequency.size() == std::numeric_limits<std::uint32_t>::max())
        throw error(status::unsupported, "more than 4294967295 different rows cannot be fitted");
      frequency.push_back(x);
      recency.push_back(t_x);
      age.push_back(now);
      weight.push_back(0.0);
    }
    if (whole_)
      weight[at->second] += w;
    else
      parts_.emplace_back(at->second, w);
  }
  /// To be called when all are added.
  void finish() {
    std::sort(parts_.begin(), parts_.end());
    for (const auto& [row, w] : parts_)
      weight[row] += w;
    places_.clear();
    parts_.clear();
  }

private:
  using key = std::array<std::uint64_t, 3>;
  struct hash {
    using is_avalanching = void;
    std::size_t operator()(const key& k) const noexcept {
      std::uint64_t h = 0;
      for (const std::uint64_t part : k) {
        h = (h ^ part) * 0x9E3779B97F4A7C15U;
        h ^= h >> 32;
      }
      return static_cast<std::size_t>(h * 0xD6E8FEB86659FD93U);
    }
  };
  bool whole_;
  boost::unordered_flat_map<key, std::uint32_t, hash> places_;
  std::vector<std::pair<std::uint32_t, double>> parts_;
};

} // namespace detail

/// \param where   the entry, for messages
/// \param weight  customers that a row stands for; empty: 1 each
/// \throws error status::schema (columns of unlike length), status::data (a bad row)
inline void check_customers(std::string_view where, std::span<const double> frequency,
                            std::span<const double> recency, std::span<const double> age,
                            std::span<const double> weight) {
  constexpr double largest = std::numeric_limits<double>::max();
  const std::size_t count = frequency.size();
  const auto same_length = [&](std::string_view column, std::size_t length, std::int32_t index) {
    if (length != count)
      throw error(status::schema,
                  std::string(where) + ": " + std::string(column) + " has " + std::to_string(length) +
                      " rows, but must have " + std::to_string(count) + " as frequency",
                  -1, index);
  };
  same_length("recency", recency.size(), 1);
  same_length("age", age.size(), 2);
  if (!weight.empty())
    same_length("weight", weight.size(), 3);
  const auto refuse = [&](std::string_view column, std::size_t row, double found, std::string_view wanted,
                          std::int32_t index) {
    const auto at = static_cast<std::int64_t>(row);
    throw error(status::data, message(where, column, at, to_text(found), wanted), at, index);
  };

  for (std::size_t i = 0; i < count; ++i) {
    if (!(frequency[i] >= 0.0 && frequency[i] <= largest))
      refuse("frequency", i, frequency[i], ">= 0", 0);
    if (math::floor(frequency[i]) != frequency[i])
      refuse("frequency", i, frequency[i], "whole", 0);
    if (!(age[i] >= 0.0 && age[i] <= largest))
      refuse("age", i, age[i], ">= 0", 2);
    if (!(recency[i] >= 0.0 && recency[i] <= largest))
      refuse("recency", i, recency[i], ">= 0", 1);
    if (recency[i] > age[i])
      refuse("recency", i, recency[i], "<= age", 1);
    if (frequency[i] == 0.0 && recency[i] != 0.0)
      refuse("recency", i, recency[i], "0 where frequency is 0", 1);
    if (!weight.empty() && !(weight[i] >= 0.0 && weight[i] <= largest))
      refuse("weight", i, weight[i], ">= 0", 3);
  }
}

/// Makes equal rows one. What it gives does not depend on their order.
/// \param weight  customers that a row stands for; empty: 1 each. Rows of weight 0 are left out.
[[nodiscard]] inline customer_rows compress_customers(std::span<const double> frequency,
                                                      std::span<const double> recency,
                                                      std::span<const double> age,
                                                      std::span<const double> weight) {
  bool whole = true;
  double sum = 0.0;
  for (const double w : weight) {
    whole = whole && math::floor(w) == w;
    sum += w;
  }
  detail::customer_counts counts(whole && sum <= 0x1p53);
  customer_rows made;
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    const double w = weight.empty() ? 1.0 : weight[i];
    if (w == 0.0)
      continue;
    ++made.customers;
    counts.add(frequency[i] + 0.0, recency[i] + 0.0, age[i] + 0.0, w); // -0 becomes 0
  }
  counts.finish();

  const detail::ranked by_frequency(counts.frequency);
  const detail::ranked by_recency(counts.recency);
  const detail::ranked by_age(counts.age);
  const detail::ranked recent(by_frequency, by_recency);
  const detail::ranked aged(by_frequency, by_age);
  const detail::ranked order(recent, by_age);
  const auto pairs = [&](const detail::ranked& pair, const detail::ranked& times) {
    frequency_times found;
    for (const std::uint64_t key : pair.keys) {
      found.frequency.push_back(by_frequency.number(key / times.keys.size()));
      found.time.push_back(times.number(key % times.keys.size()));
    }
    return found;
  };
  made.recent = pairs(recent, by_recency);
  made.aged = pairs(aged, by_age);
  made.rows.resize(counts.frequency.size());
  for (std::size_t i = 0; i < made.rows.size(); ++i)
    made.rows[order.rank[i]] = {recent.rank[i], aged.rank[i], counts.weight[i]};
  for (std::size_t i = 0; i < by_frequency.keys.size(); ++i)
    made.frequencies.push_back(by_frequency.number(i));
  made.weights.resize(made.frequencies.size());
  std::size_t at = 0;
  for (const customer_rows::row& row : made.rows) {
    while (made.frequencies[at] != made.recent.frequency[row.recent])
      ++at;
    made.weights[at] += row.weight;
  }
  return made;
}

} // namespace emptor::value

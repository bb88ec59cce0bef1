// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace emptor::test {

/// Numbers for made-up rows, the same on every machine; not the library's.
class draws {
public:
  explicit draws(std::uint64_t seed)
      : state_(seed * 2862933555777941757U + 3037000493U) {}
  std::uint64_t below(std::uint64_t bound) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (state_ >> 33) % bound;
  }
  template <class T>
  void shuffle(std::vector<T>& rows) {
    for (std::size_t i = rows.size(); i > 1; --i)
      std::swap(rows[i - 1], rows[below(i)]);
  }

private:
  std::uint64_t state_;
};

} // namespace emptor::test

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <Random123/philox.h>

namespace emptor {

/// Random numbers that are a function of their name: Philox4x64 with ten rounds (Salmon, Moraes, Dror and
/// Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011) under the key (seed, a), counting through
/// the block (b). Streams with different names share no state and no block, so that the draws of a row are
/// the same for any number of threads and any order of work. Resampling names its streams by (seed, resample,
/// canonical row). Variates other than these two come by inversion of `uniform`, through emptor::math.
///
/// Not for secrets. A stream is a value of its own: threads make their own, nothing is shared.
class random_stream {
public:
  random_stream(std::uint64_t seed, std::uint64_t a, std::uint64_t b) noexcept
      : key_{{seed, a}}
      , row_(b) {}

  /// The next 64 random bits.
  [[nodiscard]] std::uint64_t bits() noexcept {
    if (next_ == block_.size()) {
      const philox::ctr_type made = philox{}(philox::ctr_type{{blocks_++, row_, 0, 0}}, key_);
      for (std::size_t i = 0; i < block_.size(); ++i)
        block_[i] = made.v[i];
      next_ = 0;
    }
    return block_[next_++];
  }

  /// A number strictly between 0 and 1: an odd multiple of 2^-53, each as likely as the others, so that u and
  /// 1 - u are both exact and equally likely. One draw of `bits` each.
  [[nodiscard]] double uniform() noexcept { return static_cast<double>((bits() >> 11) | 1U) * 0x1p-53; }

  /// A whole number in [0, count), each exactly as likely as the others; 0 where `count` is 0. Takes one draw
  /// of `bits`, and rarely more.
  [[nodiscard]] std::uint64_t below(std::uint64_t count) noexcept {
    if (count == 0)
      return 0;
    // The upper half of a 128-bit product, where the few lower halves that would favour some numbers are
    // drawn again (Lemire, ACM TOMACS 29, 2019).
    const std::uint64_t unfair = (0 - count) % count;
    for (;;) {
      const product drawn = static_cast<product>(bits()) * count;
      if (static_cast<std::uint64_t>(drawn) >= unfair)
        return static_cast<std::uint64_t>(drawn >> 64);
    }
  }

  /// The same for each of some numbers, in less time. \tparam Number  unsigned, of which none is too large
  template <class Number>
  void below(std::uint64_t count, std::span<Number> into) noexcept {
    std::size_t at = 0;
    while (at < into.size()) {
      if (count > 0 && next_ == block_.size())
        at += whole_blocks(count, into.subspan(at));
      if (at < into.size())
        into[at++] = static_cast<Number>(below(count)); // where one is drawn again the others move up
    }
  }

private:
  using philox = r123::Philox4x64_R<10>;
  __extension__ typedef unsigned __int128 product;

  /// `below` of as many whole blocks as there is room for, up to one with a draw that must be drawn again. \return how many
  template <class Number>
  std::size_t whole_blocks(std::uint64_t count, std::span<Number> into) noexcept {
    const std::uint64_t unfair = (0 - count) % count;
    const philox::key_type key = key_;
    const std::uint64_t row = row_;
    std::uint64_t block = blocks_;
    std::size_t at = 0;
    for (; into.size() - at >= 4; at += 4) {
      const philox::ctr_type made = philox{}(philox::ctr_type{{block, row, 0, 0}}, key);
      bool fair = true;
      for (std::size_t i = 0; i < 4; ++i) {
        const product drawn = static_cast<product>(made.v[i]) * count;
        fair = fair && static_cast<std::uint64_t>(drawn) >= unfair;
        into[at + i] = static_cast<Number>(drawn >> 64);
      }
      if (!fair)
        break;
      ++block;
    }
    blocks_ = block;
    return at;
  }

  philox::key_type key_;
  std::uint64_t row_;
  std::uint64_t blocks_ = 0;
  std::array<std::uint64_t, 4> block_{};
  std::size_t next_ = 4;
};

} // namespace emptor

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <emptor/core/run.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/cholesky.hpp>

namespace emptor::stats {

/// Rows of a logistic regression, column by column. A row may stand for several: `trials` of them, `events` of these with an
/// event. All numbers are finite, 0 <= events <= trials and trials > 0.
struct logistic_rows {
  std::vector<std::span<const double>> columns;
  std::span<const double> events;
  std::span<const double> trials;
  std::span<const double> offset{}; ///< added to each row's logit; empty = none

  [[nodiscard]] std::size_t size() const noexcept { return trials.size(); }
};

/// What a logistic regression adds up over its rows, for coefficients of columns that are centred and scaled: the first
/// coefficient is the intercept, where there is one. The sums run in a tree that depends on the number of rows alone: four
/// lanes, blocks of 128 rows, and up to 64 stretches of blocks, each of which one thread adds up.
class logistic_sums {
public:
  struct sums {
    double log_likelihood = 0.0;
    std::vector<double> score; ///< its first derivatives
    std::vector<double>
        information; ///< its second derivatives with the sign turned, row-major, both triangles
  };

  /// \param rows must outlive this  \param how too
  logistic_sums(const logistic_rows& rows, bool intercept, const run& how)
      : rows_(rows)
      , how_(how)
      , intercept_(intercept)
      , centre_(rows.columns.size(), 0.0)
      , scale_(rows.columns.size(), 1.0) {
    const std::size_t n = rows.columns.size();
    // Sums of trials, events and columns; then of squares around the means.
    const std::vector<double> first = stretches(2 + n, [&](block& of, std::span<math::real> into) {
      into[0] += dot(of.trials, of.ones);
      into[1] += dot(of.events, of.ones);
      for (std::size_t j = 0; j < n; ++j)
        into[2 + j] += dot(of.trials, of.x + (j + lead()) * block_rows);
    });
    trials_ = first[0];
    events_ = first[1];
    for (std::size_t j = 0; intercept && j < n; ++j)
      centre_[j] = first[2 + j] / trials_;
    const std::vector<double> second = stretches(n, [&](block& of, std::span<math::real> into) {
      for (std::size_t j = 0; j < n; ++j) {
        double* const x = of.x + (j + lead()) * block_rows;
        for (std::size_t r = 0; r < block_rows; r += four::lanes)
          (four::load(x + r) * four::load(x + r)).store(of.weight + r);
        into[j] += dot(of.trials, of.weight);
      }
    });
    for (std::size_t j = 0; j < n; ++j) {
      finite_ = finite_ && std::isfinite(first[2 + j]) && std::isfinite(second[j]);
      const double spread = std::sqrt(second[j] / trials_);
      // A column that does not vary keeps its unit; who factors the information finds it.
      const bool varies = spread > 1e-14 * std::fabs(centre_[j]) && std::isfinite(spread);
      scale_[j] = varies ? spread : 1.0;
      constant_.push_back(!varies);
    }
  }

  /// The number of coefficients.
  [[nodiscard]] std::size_t size() const noexcept { return rows_.columns.size() + lead(); }
  [[nodiscard]] bool intercept() const noexcept { return intercept_; }
  /// 1 where the first coefficient is an intercept, else 0.
  [[nodiscard]] std::size_t lead() const noexcept { return intercept_ ? 1 : 0; }
  [[nodiscard]] double trials() const noexcept { return trials_; }
  [[nodiscard]] double events() const noexcept { return events_; }
  [[nodiscard]] const std::vector<double>& centre() const noexcept { return centre_; }
  [[nodiscard]] const std::vector<double>& scale() const noexcept { return scale_; }
  [[nodiscard]] const std::vector<bool>& constant() const noexcept { return constant_; }
  /// Whether the columns have nothing but numbers with which one can reckon.
  [[nodiscard]] bool is_finite() const noexcept { return finite_; }
  [[nodiscard]] const run& how() const noexcept { return how_; }

  [[nodiscard]] sums at(std::span<const double> coefficients) const {
    const std::size_t p = size();
    const std::size_t q = p + p % 2; // pairs of columns
    const std::vector<double> added = stretches(1 + q + q * q, [&](block& of, std::span<math::real> into) {
      into[0] += link(of, coefficients);
      const std::span<math::real> score = into.subspan(1, q);
      const std::span<math::real> information = into.subspan(1 + q, q * q);
      for (std::size_t j = 0; j < p; ++j) {
        const double* const x = of.x + j * block_rows;
        score[j] += dot(x, of.residual);
        for (std::size_t r = 0; r < block_rows; r += four::lanes)
          (four::load(x + r) * four::load(of.weight + r)).store(of.weighted + j * block_rows + r);
      }
      for (std::size_t i = 0; i < q; i += 2)
        for (std::size_t j = 0; j <= i; j += 2)
          add_products(of, i, j, q, information);
    });
    sums made;
    made.log_likelihood = added[0];
    made.score.assign(added.begin() + 1, added.begin() + 1 + static_cast<std::ptrdiff_t>(p));
    made.information.resize(p * p);
    for (std::size_t i = 0; i < p; ++i)
      for (std::size_t j = 0; j <= i; ++j)
        made.information[i * p + j] = made.information[j * p + i] = added[1 + q + i * q + j];
    return made;
  }

  /// What Firth's penalty adds to the score: the sum of h (1/2 - p) x, where h is the leverage of the row, its weight times
  /// x' I^-1 x. \param factor of the information I
  [[nodiscard]] std::vector<double> firth_score(std::span<const double> coefficients,
                                                const cholesky& factor) const {
    const std::size_t p = size();
    std::vector<double> lower(p * p);
    for (std::size_t i = 0; i < p * p; ++i)
      lower[i] = math::value_of(factor.lower()[i]);
    return stretches(p, [&](block& of, std::span<math::real> into) {
      static_cast<void>(link(of, coefficients));
      for (std::size_t r = 0; r < block_rows; r += four::lanes) {
        four leverage(0.0);
        for (std::size_t j = 0; j < p; ++j) { // L v = x, and h = w v'v
          four v = four::load(of.x + j * block_rows + r);
          for (std::size_t k = 0; k < j; ++k)
            v -= four(lower[j * p + k]) * four::load(of.weighted + k * block_rows + r);
          v = v / four(lower[j * p + j]);
          v.store(of.weighted + j * block_rows + r);
          leverage += v * v;
        }
        leverage = leverage * four::load(of.weight + r);
        (leverage * (four(0.5) - four::load(of.probability + r))).store(of.residual + r);
      }
      for (std::size_t j = 0; j < p; ++j)
        into[j] += dot(of.x + j * block_rows, of.residual);
    });
  }

  /// The least and the greatest offset; 0 where there are none.
  [[nodiscard]] std::pair<double, double> offsets() const noexcept {
    if (rows_.offset.empty())
      return {0.0, 0.0};
    const auto [least, most] = std::minmax_element(rows_.offset.begin(), rows_.offset.end());
    return {*least, *most};
  }
  /// Calls `body(row, logit without offset)` for each row in order: what a direction of the coefficients does to it.
  template <class Body>
  void for_each_row(std::span<const double> coefficients, const Body& body) const {
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      math::real logit(intercept_ ? coefficients[0] : 0.0);
      for (std::size_t j = 0; j < rows_.columns.size(); ++j)
        logit += math::real(coefficients[j + lead()]) *
                 ((math::real(rows_.columns[j][row]) - centre_[j]) * (1.0 / scale_[j]));
      body(row, math::value_of(logit));
    }
  }
  [[nodiscard]] const logistic_rows& rows() const noexcept { return rows_; }

private:
#if EMPTOR_VECTOR_PACKS
  using four = math::pack<math::isa::twice<math::isa::sse2>>;
#else
  using four = math::pack<math::isa::twice<math::isa::twice<math::isa::scalar>>>;
#endif
  static_assert(four::lanes == 4, "the tree of the sums has four lanes on every machine");
  static constexpr std::size_t block_rows = 128;
  static constexpr std::size_t blocks_per_look = 32;
  static constexpr std::size_t most_stretches = 64;

  /// Some rows, padded with rows of no trials, and room to work in.
  struct block {
    const double* ones;
    double* trials;
    double* events;
    double* offset;
    double* weight;
    double* residual;
    double* probability;
    double* x;        ///< columns of `block_rows`
    double* weighted; ///< the same times the weights
  };

  [[nodiscard]] static math::real lanes_of(const four& sum) noexcept {
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
  }
  [[nodiscard]] static math::real dot(const double* x, const double* y) noexcept {
    four sum(0.0);
    for (std::size_t r = 0; r < block_rows; r += four::lanes)
      sum += four::load(x + r) * four::load(y + r);
    return lanes_of(sum);
  }
  /// Probabilities, residuals and weights of the rows; \return their log-likelihood
  [[nodiscard]] math::real link(block& of, std::span<const double> coefficients) const noexcept {
    four sum(0.0);
    for (std::size_t r = 0; r < block_rows; r += four::lanes) {
      four logit = four::load(of.offset + r);
      for (std::size_t j = 0; j < coefficients.size(); ++j)
        logit += four(coefficients[j]) * four::load(of.x + j * block_rows + r);
      const four small = math::exp(-abs(logit)); // never overflows
      const four share = four(1.0) / (four(1.0) + small);
      const four rest = small * share;
      const four p = select(logit < 0.0, rest, share);
      const four trials = four::load(of.trials + r);
      const four events = four::load(of.events + r);
      const four other = select(logit < 0.0, share, rest);
      p.store(of.probability + r);
      // e (1 - p) - (t - e) p, without a difference of numbers that are nearly equal where one of both is 0
      (events * other - (trials - events) * p).store(of.residual + r);
      (trials * (share * rest)).store(of.weight + r);
      const four soft = math::log1p(small);
      sum += events * (min(logit, four(0.0)) - soft) - (trials - events) * (max(logit, four(0.0)) + soft);
    }
    return lanes_of(sum);
  }
  /// Adds x_i' W x_j and its three neighbours.
  static void add_products(const block& of, std::size_t i, std::size_t j, std::size_t q,
                           std::span<math::real> information) noexcept {
    const double* const a = of.weighted + i * block_rows;
    const double* const b = of.x + j * block_rows;
    four s00(0.0);
    four s01(0.0);
    four s10(0.0);
    four s11(0.0);
    for (std::size_t r = 0; r < block_rows; r += four::lanes) {
      const four a0 = four::load(a + r);
      const four a1 = four::load(a + block_rows + r);
      const four b0 = four::load(b + r);
      const four b1 = four::load(b + block_rows + r);
      s00 += a0 * b0;
      s01 += a0 * b1;
      s10 += a1 * b0;
      s11 += a1 * b1;
    }
    information[i * q + j] += lanes_of(s00);
    information[i * q + j + 1] += lanes_of(s01);
    information[(i + 1) * q + j] += lanes_of(s10);
    information[(i + 1) * q + j + 1] += lanes_of(s11);
  }

  /// `count` sums over all rows. `add(block, into)` adds those of a block.
  template <class Add>
  [[nodiscard]] std::vector<double> stretches(std::size_t count, const Add& add) const {
    const std::size_t blocks = (rows_.size() + block_rows - 1) / block_rows;
    const std::size_t parts = std::min(blocks, most_stretches);
    std::vector<std::vector<math::real>> added(parts);
    for_each_task(static_cast<std::int64_t>(parts),
                  {.threads = how_.threads,
                   .cancel = how_.cancel,
                   .parallel_for = how_.parallel_for,
                   .user = how_.user},
                  [&](std::int64_t task) {
                    const auto part = static_cast<std::size_t>(task);
                    added[part].assign(count, math::real(0.0));
                    std::vector<double> room(memory_of_block());
                    block of = in_room(room);
                    for (std::size_t b = part * blocks / parts; b < (part + 1) * blocks / parts; ++b) {
                      if (b % blocks_per_look == 0 && how_.cancelled())
                        how_.check(0.0);
                      load(of, b * block_rows);
                      add(of, std::span(added[part]));
                    }
                  });
    std::vector<double> made(count, 0.0);
    for (std::size_t i = 0; i < count; ++i) {
      math::real sum(0.0);
      for (const std::vector<math::real>& part : added)
        sum += part[i];
      made[i] = math::value_of(sum);
    }
    return made;
  }
  [[nodiscard]] std::size_t padded() const noexcept {
    return size() + size() % 2;
  }
  [[nodiscard]] std::size_t memory_of_block() const noexcept {
    return block_rows * (7 + 2 * padded());
  }
  [[nodiscard]] block in_room(std::vector<double>& room) const noexcept {
    std::fill_n(room.begin(), block_rows, 1.0);
    double* at = room.data();
    const auto next = [&at] { return at += block_rows; };
    block of{.ones = at,
             .trials = next(),
             .events = next(),
             .offset = next(),
             .weight = next(),
             .residual = next(),
             .probability = next(),
             .x = next(),
             .weighted = nullptr};
    of.weighted = of.x + padded() * block_rows;
    if (intercept_)
      std::fill_n(of.x, block_rows, 1.0);
    return of;
  }
  void load(block& of, std::size_t first) const noexcept {
    const std::size_t count = std::min(block_rows, rows_.size() - first);
    const auto copy = [&](std::span<const double> from, double* to) {
      std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(first), count, to);
      std::fill_n(to + count, block_rows - count, 0.0);
    };
    copy(rows_.trials, of.trials);
    copy(rows_.events, of.events);
    if (!rows_.offset.empty())
      copy(rows_.offset, of.offset);
    for (std::size_t j = 0; j < rows_.columns.size(); ++j) {
      double* const to = of.x + (j + lead()) * block_rows;
      const double* const from = rows_.columns[j].data() + first;
      const double centre = centre_[j];
      const double factor = 1.0 / scale_[j];
      std::size_t r = 0;
      for (; r + four::lanes <= count; r += four::lanes)
        ((four::load(from + r) - four(centre)) * four(factor)).store(to + r);
      for (; r < count; ++r)
        to[r] = math::value_of((math::real(from[r]) - centre) * factor);
      std::fill_n(to + count, block_rows - count, 0.0);
    }
  }

  const logistic_rows& rows_;
  const run& how_;
  bool intercept_;
  std::vector<double> centre_;
  std::vector<double> scale_;
  std::vector<bool> constant_;
  bool finite_ = true;
  double trials_ = 0.0;
  double events_ = 0.0;
};

} // namespace emptor::stats

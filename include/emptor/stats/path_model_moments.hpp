// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/path_model.hpp>
#include <emptor/stats/weight_meaning.hpp>

/// Means and covariances of columns of answers with case weights: all that a path model takes from its data. Whole answers
/// with whole weights go through exact integers, so that the covariance matrix has the same bits in any order of rows; other
/// data are added in the order of the rows.
namespace emptor::stats {

/// What becomes of rows with missing answers.
enum class missing_rule : std::int32_t {
  casewise = 0, ///< they are left out
  mean = 1,     ///< a missing answer is the mean of its item
  pairwise = 2, ///< each covariance of the rows that have both answers
  em = 3,       ///< maximum likelihood of the normal distribution (path_model_missing.hpp)
};
inline constexpr std::string_view missing_rules[] = {"casewise", "mean", "pairwise", "em"};

/// Columns of answers, borrowed. NaN is a missing answer.
struct answer_columns {
  std::vector<std::span<const double>> items; ///< all of one length
  std::span<const double> weights{};          ///< > 0 and finite; none = all 1
  std::vector<std::string_view> names{};      ///< of the items, for messages

  [[nodiscard]] std::size_t rows() const noexcept { return items.empty() ? 0 : items.front().size(); }
};

/// Two columns that are multiplied, by their places.
struct item_product {
  std::size_t first = 0;
  std::size_t second = 0;
  friend bool operator==(const item_product&, const item_product&) = default;
};

/// Means and covariances in the units of the answers, and how many cases they stand on.
struct path_moments {
  std::vector<double> mean;       ///< of the items, then of the products
  std::vector<double> covariance; ///< of the same, row by row
  std::int64_t rows = 0;          ///< given
  std::int64_t used = 0;          ///< not left out
  std::int64_t missing = 0;       ///< missing answers in the given rows
  double cases = 0.0;           ///< n of formulas: the rows used, or the sum of their weights as frequencies
  double effective_cases = 0.0; ///< (sum of weights)^2 / sum of squared weights
  bool exact = false;           ///< whether it went through integers
  int passes = 0;               ///< of EM
  bool converged = true;        ///< of EM
};

/// How missing answers and weights count.
struct moment_options {
  missing_rule missing = missing_rule::casewise;
  weight_meaning weights = weight_meaning::sampling;
  variance_denominator denominator = variance_denominator::n_minus_1;
};

namespace detail {

/// Whether a number may go through integers.
[[nodiscard]] inline bool is_small_whole(double x) noexcept {
  return std::fabs(x) <= 0x1p26 && std::floor(x) == x;
}

/// Complete columns, each of the rows that are used.
struct complete_columns {
  std::vector<std::vector<double>> columns;
  std::vector<double> weights; ///< none = all 1

  [[nodiscard]] std::size_t rows() const noexcept { return columns.empty() ? 0 : columns.front().size(); }
  [[nodiscard]] double weight(std::size_t row) const noexcept { return weights.empty() ? 1.0 : weights[row]; }
};

/// As many cases without weights would tell as much (Kish); of frequencies their sum.
[[nodiscard]] inline math::real effective_cases(math::real weight_sum, math::real squared_weights,
                                                weight_meaning meaning) noexcept {
  return meaning == weight_meaning::frequency ? weight_sum : weight_sum * weight_sum / squared_weights;
}
/// What sums of weighted squares are divided by: the sum of weights, or that less its share of one case, so that the variance
/// is unbiased for weights that do not depend on the answers. \param cases  as effective_cases
[[nodiscard]] inline math::real divisor(math::real weight_sum, double cases,
                                        variance_denominator how) noexcept {
  return how == variance_denominator::n ? weight_sum
                                        : weight_sum * (math::real(cases) - 1.0) / math::real(cases);
}

/// Whether the weights of cases say nothing: their scale does not matter where they are not frequencies.
[[nodiscard]] inline bool are_equal(std::span<const double> weights, weight_meaning meaning) noexcept {
  return std::all_of(weights.begin(), weights.end(), [&](double one) {
    return one == (meaning == weight_meaning::frequency ? 1.0 : weights.front());
  });
}

/// Sums of the weights of cases: whole ones exactly, whatever their order.
class weight_sums {
public:
  void add(double weight) noexcept {
    ++count_;
    sum_ += weight;
    squares_ += math::real(weight) * weight;
    whole_ = whole_ && is_small_whole(weight);
    if (whole_)
      whole_squares_ += static_cast<wide_integer>(weight) * static_cast<wide_integer>(weight);
  }
  [[nodiscard]] std::int64_t count() const noexcept { return count_; }
  [[nodiscard]] bool whole() const noexcept { return whole_; }
  /// Whether they are whole and the same: only then the square of their sum is as many times the sum of their squares (Cauchy).
  [[nodiscard]] bool equal() const noexcept {
    if (!whole_ || math::value_of(sum_) > 0x1p53)
      return false;
    const auto sum = static_cast<wide_integer>(math::value_of(sum_));
    return sum * sum == count_ * whole_squares_;
  }
  [[nodiscard]] math::real sum() const noexcept { return sum_; }
  [[nodiscard]] math::real squares() const noexcept {
    return whole_ ? math::real(nearest_double(whole_squares_)) : squares_;
  }
  /// \param part  of these
  [[nodiscard]] weight_sums less(const weight_sums& part) const noexcept {
    weight_sums made;
    made.count_ = count_ - part.count_;
    made.sum_ = sum_ - part.sum_;
    made.squares_ = squares_ - part.squares_;
    made.whole_squares_ = whole_squares_ - part.whole_squares_;
    made.whole_ = whole_;
    return made;
  }
  /// Whether what is left of \param all  is more than rounding.
  [[nodiscard]] bool remain(const weight_sums& all) const noexcept {
    constexpr double kept = 1e-6;
    return whole_ || (sum_ > all.sum_ * kept && squares_ > all.squares_ * kept);
  }

private:
  std::int64_t count_ = 0;
  math::real sum_{0.0};
  math::real squares_{0.0};
  wide_integer whole_squares_ = 0;
  bool whole_ = true;
};

/// Looks now and then whether the caller cancelled. \throws error status::cancelled
inline void stop_between_rows(const run& work, std::size_t row) {
  if (row % 256 == 0 && work.cancelled())
    throw error(status::cancelled, "cancelled by the caller");
}

/// Sums of whole numbers with whole weights, and of their products.
template <class Integer>
void add_exactly(const complete_columns& from, std::vector<Integer>& sums, std::vector<Integer>& squares,
                 const run& work) {
  const std::size_t q = from.columns.size();
  std::vector<Integer> row(q);
  for (std::size_t r = 0; r < from.rows(); ++r) {
    stop_between_rows(work, r);
    const auto weight = static_cast<Integer>(from.weight(r));
    for (std::size_t i = 0; i < q; ++i)
      row[i] = static_cast<Integer>(from.columns[i][r]);
    for (std::size_t i = 0; i < q; ++i) {
      const Integer weighted = weight * row[i];
      sums[i] += weighted;
      for (std::size_t k = 0; k <= i; ++k)
        squares[i * q + k] += weighted * row[k];
    }
  }
}

template <class Integer>
void exact_moments(const complete_columns& from, wide_integer weight_sum, math::real over, path_moments& made,
                   const run& work) {
  const std::size_t q = from.columns.size();
  std::vector<Integer> sums(q, 0);
  std::vector<Integer> squares(q * q, 0);
  add_exactly(from, sums, squares, work);
  const math::real total(nearest_double(weight_sum));
  for (std::size_t i = 0; i < q; ++i) {
    made.mean[i] = math::value_of(math::real(nearest_double(sums[i])) / total);
    for (std::size_t k = 0; k <= i; ++k) {
      const wide_integer centred = weight_sum * static_cast<wide_integer>(squares[i * q + k]) -
                                   static_cast<wide_integer>(sums[i]) * static_cast<wide_integer>(sums[k]);
      made.covariance[i * q + k] = math::value_of(math::real(nearest_double(centred)) / (total * over));
      made.covariance[k * q + i] = made.covariance[i * q + k];
    }
  }
}

inline void real_moments(const complete_columns& from, math::real weight_sum, math::real over,
                         path_moments& made, const run& work) {
  const std::size_t q = from.columns.size();
  const std::size_t rows = from.rows();
  for (std::size_t i = 0; i < q; ++i) {
    math::real sum(0.0);
    for (std::size_t r = 0; r < rows; ++r)
      sum += math::real(from.weight(r)) * from.columns[i][r];
    made.mean[i] = math::value_of(sum / weight_sum);
  }
  std::vector<math::real> squares(q * q, math::real(0.0));
  std::vector<math::real> row(q);
  for (std::size_t r = 0; r < rows; ++r) {
    stop_between_rows(work, r);
    for (std::size_t i = 0; i < q; ++i)
      row[i] = math::real(from.columns[i][r]) - made.mean[i];
    for (std::size_t i = 0; i < q; ++i) {
      const math::real weighted = math::real(from.weight(r)) * row[i];
      for (std::size_t k = 0; k <= i; ++k)
        squares[i * q + k] += weighted * row[k];
    }
  }
  for (std::size_t i = 0; i < q; ++i)
    for (std::size_t k = 0; k <= i; ++k) {
      made.covariance[i * q + k] = math::value_of(squares[i * q + k] / over);
      made.covariance[k * q + i] = made.covariance[i * q + k];
    }
}

/// Moments of columns without missing answers; `rows` and `missing` stay. Equal sampling weights are none. No numbers where the
/// variance has no denominator. \throws error status::cancelled
inline void complete_moments(const complete_columns& from, const moment_options& how, path_moments& made,
                             const run& work = {}) {
  const std::size_t q = from.columns.size();
  if (!from.weights.empty() && are_equal(from.weights, how.weights))
    return complete_moments({from.columns, {}}, how, made, work);
  made.mean.assign(q, 0.0);
  made.covariance.assign(q * q, 0.0);
  made.used = static_cast<std::int64_t>(from.rows());
  weight_sums weights;
  double most = 1.0;
  for (std::size_t r = 0; r < from.rows(); ++r)
    weights.add(from.weight(r));
  const math::real weight_sum = weights.sum();
  bool whole = weights.whole();
  for (std::size_t i = 0; i < q && whole; ++i)
    for (const double x : from.columns[i]) {
      whole = whole && is_small_whole(x);
      most = std::max(most, std::fabs(x));
    }
  made.cases = how.weights == weight_meaning::frequency ? math::value_of(weight_sum)
                                                        : static_cast<double>(from.rows());
  made.effective_cases = math::value_of(effective_cases(weight_sum, weights.squares(), how.weights));
  const math::real over = divisor(weight_sum, made.effective_cases, how.denominator);
  const double total = math::value_of(weight_sum);
  // The largest number is weight_sum times a sum of squares.
  whole = whole && total <= 0x1p40 && most * most * total * total < 0x1p120;
  made.exact = whole;
  if (!whole)
    real_moments(from, weight_sum, over, made, work);
  else if (most * most * total < 0x1p62)
    exact_moments<std::int64_t>(from, static_cast<wide_integer>(total), over, made, work);
  else
    exact_moments<wide_integer>(from, static_cast<wide_integer>(total), over, made, work);
}

inline void append_products(std::vector<std::vector<double>>& columns,
                            std::span<const item_product> products) {
  for (const item_product& one : products) {
    std::vector<double> column(columns[one.first].size());
    for (std::size_t r = 0; r < column.size(); ++r)
      column[r] = math::value_of(math::real(columns[one.first][r]) * columns[one.second][r]);
    columns.push_back(std::move(column));
  }
}

/// \throws error status::too_few where variances have no denominator
inline void require_several_cases(std::string_view where, const path_moments& of, const moment_options& how) {
  if (how.denominator == variance_denominator::n_minus_1 && !(of.effective_cases > 1.0))
    throw error(status::too_few, message(where, "the effective number of rows by their weights", -1,
                                         to_text(of.effective_cases), "> 1"));
}

} // namespace detail

/// Refuses columns of different lengths, infinite answers and weights that are not above 0.
/// \throws error status::schema or status::data
inline void check_answers(std::string_view where, const answer_columns& from) {
  for (std::size_t i = 0; i < from.items.size(); ++i) {
    const std::string name =
        i < from.names.size() ? std::string(from.names[i]) : "items " + std::to_string(i);
    if (from.items[i].size() != from.rows())
      throw error(status::schema,
                  message(where, name, -1, std::to_string(from.items[i].size()) + " rows long",
                          "as long as the others: " + std::to_string(from.rows())));
    for (std::size_t r = 0; r < from.rows(); ++r)
      if (std::isinf(from.items[i][r]))
        throw error(
            status::data,
            message(where, name, static_cast<std::int64_t>(r), to_text(from.items[i][r]), "a finite number"),
            static_cast<std::int64_t>(r));
  }
  if (!from.weights.empty() && from.weights.size() != from.rows())
    throw error(status::schema,
                message(where, "weight", -1, std::to_string(from.weights.size()) + " rows long",
                        "as long as the items: " + std::to_string(from.rows())));
  for (std::size_t r = 0; r < from.weights.size(); ++r)
    if (!(from.weights[r] > 0.0) || std::isinf(from.weights[r]))
      throw error(status::data,
                  message(where, "weight", static_cast<std::int64_t>(r), to_text(from.weights[r]), "> 0"),
                  static_cast<std::int64_t>(r));
}

/// Rows without a missing answer, or with means in their place; then the products.
[[nodiscard]] inline detail::complete_columns
completed(const answer_columns& from, std::span<const item_product> products, bool by_mean) {
  detail::complete_columns made;
  const std::size_t p = from.items.size();
  made.columns.resize(p);
  const auto weight = [&](std::size_t r) { return from.weights.empty() ? 1.0 : from.weights[r]; };
  for (std::size_t i = 0; i < p && by_mean; ++i) {
    math::real sum(0.0);
    math::real weights(0.0);
    for (std::size_t r = 0; r < from.rows(); ++r)
      if (!std::isnan(from.items[i][r])) {
        sum += math::real(weight(r)) * from.items[i][r];
        weights += weight(r);
      }
    const double mean = math::value_of(sum / weights);
    made.columns[i].assign(from.items[i].begin(), from.items[i].end());
    std::replace_if(
        made.columns[i].begin(), made.columns[i].end(), [](double x) { return std::isnan(x); }, mean);
  }
  if (by_mean) {
    made.weights.assign(from.weights.begin(), from.weights.end());
  } else {
    for (std::size_t r = 0; r < from.rows(); ++r) {
      if (std::any_of(from.items.begin(), from.items.end(),
                      [&](std::span<const double> one) { return std::isnan(one[r]); }))
        continue;
      for (std::size_t i = 0; i < p; ++i)
        made.columns[i].push_back(from.items[i][r]);
      if (!from.weights.empty())
        made.weights.push_back(from.weights[r]);
    }
  }
  detail::append_products(made.columns, products);
  return made;
}

} // namespace emptor::stats

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <emptor/math/pack.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_iteration.hpp>
#include <emptor/stats/path_model_plan.hpp>
#include <emptor/stats/path_model_quality.hpp>

/// The estimation of a block of resamples of a path model, some at once in the lanes of a pack: what path_model_resampling.hpp
/// spends its time with. The compiled library has it for several instruction sets, and takes the widest that the machine has;
/// the bits are the same.
namespace emptor_plain {

/// Of an emptor::stats::answer_products.
struct answer_products {
  std::size_t items;
  std::size_t rows;
  std::size_t width;
  std::size_t units_of_panel;    ///< in units of 16 columns, at most 7; each case has whole lines of 64 bytes
  std::size_t cases_at_once;     ///< whose sums stay within 16 bits
  const std::int16_t* narrow;    ///< by panel, then case; null where products are too large
  const std::int32_t* wide;      ///< by case; null where they are not
  const std::int32_t* all_cases; ///< sums
};

/// The cases of a resample by their places, as often as they count; or those that are left out.
struct resample_cases {
  const std::uint32_t* cases;
  std::size_t count;
  bool left_out;
};

/// Resamples that are estimated at once, at the most.
inline constexpr std::size_t most_lanes = 8;

/// Resamples, and where their figures go.
struct path_resamples {
  path_layout plan;
  answer_products products;
  bool less_one;                ///< variances are divided by the number of cases less 1
  const double* loadings;       ///< sums of those of the model by construct, for signs; null: they stay
  const std::uint32_t* effects; ///< total effects that are figures: from * constructs + to
  std::size_t effect_count;
  std::size_t begin; ///< the first resample
  std::size_t end;
  /// \param lane  less than most_lanes; what was given for another one must stay
  resample_cases (*cases_of)(void* context, std::size_t resample, std::size_t lane) noexcept;
  void* context;
  double* values; ///< of figure f and resample b at f * stride + b
  std::size_t stride;
  std::int32_t* statuses; ///< per resample its emptor::stats::path_status
};

} // namespace emptor_plain

namespace emptor::stats {

/// Estimates resamples. \return how many of their constructs were turned round \throws std::bad_alloc
using path_kernel = std::int64_t (*)(const emptor_plain::path_resamples& work);

namespace detail {

template <class T>
struct lanes {
  static constexpr int count = 1;
  static void set(T& x, int /*lane*/, double value) noexcept { x = T(value); }
  static double get(const T& x, int /*lane*/) noexcept { return math::value_of(x); }
  static EMPTOR_INLINE T load(const double* from) noexcept { return T(*from); }
  static EMPTOR_INLINE void store(const T& x, double* to) noexcept { *to = math::value_of(x); }
};
template <class Isa>
struct lanes<math::pack<Isa>> {
  static constexpr int count = Isa::lanes;
  static void set(math::pack<Isa>& x, int lane, double value) noexcept { x.set(lane, value); }
  static double get(const math::pack<Isa>& x, int lane) noexcept { return math::value_of(x[lane]); }
  static EMPTOR_INLINE math::pack<Isa> load(const double* from) noexcept {
    return math::pack<Isa>::load(from);
  }
  static EMPTOR_INLINE void store(const math::pack<Isa>& x, double* to) noexcept { x.store(to); }
};

#if EMPTOR_VECTOR_PACKS
// As wide as a register that adds numbers of 16 bits: of wider ones GCC 12 makes a detour through memory.
#if defined(__AVX512BW__)
inline constexpr std::size_t product_bytes = 64;
#elif defined(__AVX2__)
inline constexpr std::size_t product_bytes = 32;
#else
inline constexpr std::size_t product_bytes = 16;
#endif
typedef std::int16_t products_in_a_row __attribute__((vector_size(product_bytes), may_alias));
#endif

inline constexpr std::size_t products_of_unit = 16;
inline constexpr std::size_t products_of_line = 32;
inline constexpr std::size_t most_units_of_panel = 7; // all registers but those for what is read
[[nodiscard]] constexpr std::size_t lines_of_panel(std::size_t units) noexcept {
  return (units * products_of_unit + products_of_line - 1) / products_of_line;
}

/// Adds up a panel of products in registers. \tparam T  the scalar of the caller, so that each instruction set has a function
/// of its own \param cases  so few that no sum leaves 16 bits
template <class T, std::size_t Units>
void add_panel(const std::int16_t* table, const std::uint32_t* cases, std::size_t count,
               std::int32_t* sums) noexcept {
  constexpr std::size_t width = Units * products_of_unit;
  constexpr std::size_t row_width = lines_of_panel(Units) * products_of_line;
#if EMPTOR_VECTOR_PACKS
  // A last line that is half full is read to its end.
  alignas(products_in_a_row) std::int16_t narrow[row_width];
  constexpr std::size_t parts = (width * sizeof(std::int16_t) + product_bytes - 1) / product_bytes;
  products_in_a_row sum[parts] = {};
  for (std::size_t c = 0; c < count; ++c) {
    const auto* const row =
        reinterpret_cast<const products_in_a_row*>(table + std::size_t{cases[c]} * row_width);
#pragma GCC unroll 16
    for (std::size_t part = 0; part < parts; ++part)
      sum[part] += row[part];
  }
#pragma GCC unroll 16
  for (std::size_t part = 0; part < parts; ++part)
    reinterpret_cast<products_in_a_row*>(narrow)[part] = sum[part];
#else
  std::int16_t narrow[width] = {};
  for (std::size_t c = 0; c < count; ++c)
    for (std::size_t k = 0; k < width; ++k)
      narrow[k] = static_cast<std::int16_t>(narrow[k] + table[std::size_t{cases[c]} * row_width + k]);
#endif
  for (std::size_t k = 0; k < width; ++k)
    sums[k] += narrow[k];
}

/// Estimates as many resamples as a scalar has lanes, and writes the figures of each.
template <class T>
class resample_block {
public:
  using lane = lanes<T>;
  static constexpr std::size_t count = static_cast<std::size_t>(lane::count);

  explicit resample_block(const emptor_plain::path_resamples& of)
      : of_(of)
      , plan_(of.plan)
      , work_(plan_)
      , sums_(of.products.width)
      , correlations_(plan_.metric == item_metric::raw ? plan_.items() * plan_.items() : 0)
      , effects_(plan_.constructs() * plan_.constructs())
      , ratios_(plan_.constructs() * plan_.constructs())
      , geometric_(plan_.constructs() * plan_.constructs())
      , signs_(plan_.constructs()) {}

  /// \param first  of the resamples in the lanes; lanes past the last one have all cases \return constructs turned round
  [[nodiscard]] std::int64_t estimate(std::size_t first) noexcept {
    static_assert(count <= emptor_plain::most_lanes);
    emptor_plain::resample_cases drawn[count];
    double cases[count];
    for (std::size_t at = 0; at < count; ++at) {
      drawn[at] = first + at < of_.end ? of_.cases_of(of_.context, first + at, at)
                                       : emptor_plain::resample_cases{nullptr, 0, true};
      cases[at] =
          static_cast<double>(drawn[at].left_out ? of_.products.rows - drawn[at].count : drawn[at].count);
    }
    add_up(drawn);
    take(lane::load(cases));
    estimate_paths(plan_, work_);
    const T* const of_items = correlations();
    heterotrait_monotrait<T>(plan_, of_items, ratios_.data());
    heterotrait_monotrait<T, trait_mean::geometric>(plan_, of_items, geometric_.data());
    align();
    add_effects();
    return write(first);
  }

private:
  [[nodiscard]] double* lanes_of_sums() noexcept { return reinterpret_cast<double*>(sums_.data()); }

  /// The sums of the resamples into their lanes. A panel of the table serves all of them while it is near.
  void add_up(const emptor_plain::resample_cases* drawn) noexcept {
    const emptor_plain::answer_products& from = of_.products;
    constexpr std::size_t most = most_units_of_panel * products_of_unit;
    const std::size_t panel = from.narrow != nullptr ? from.units_of_panel * products_of_unit : most;
    const std::size_t line = lines_of_panel(from.units_of_panel) * products_of_line;
    for (std::size_t first = 0; first < from.width; first += panel) {
      const std::size_t here = from.width - first < panel ? from.width - first : panel;
      for (std::size_t at = 0; at < count; ++at) {
        const emptor_plain::resample_cases& of = drawn[at];
        std::int32_t sums[most] = {};
        if (from.narrow != nullptr)
          add_narrow(from.narrow + first / panel * from.rows * line, of, sums);
        else
          for (std::size_t c = 0; c < of.count; ++c)
            for (std::size_t k = 0; k < here; ++k)
              sums[k] += from.wide[of.cases[c] * from.width + first + k];
        double* const into = lanes_of_sums() + first * count + at;
        for (std::size_t k = 0; k < here; ++k)
          into[k * count] = static_cast<double>(of.left_out ? from.all_cases[first + k] - sums[k] : sums[k]);
      }
    }
  }
  void add_narrow(const std::int16_t* table, const emptor_plain::resample_cases& of,
                  std::int32_t* sums) const noexcept {
    const std::size_t at_once = of_.products.cases_at_once;
    for (std::size_t from = 0; from < of.count; from += at_once) {
      const std::uint32_t* const cases = of.cases + from;
      const std::size_t here = of.count - from < at_once ? of.count - from : at_once;
      switch (of_.products.units_of_panel) {
      case 1:
        add_panel<T, 1>(table, cases, here, sums);
        break;
      case 2:
        add_panel<T, 2>(table, cases, here, sums);
        break;
      case 3:
        add_panel<T, 3>(table, cases, here, sums);
        break;
      case 4:
        add_panel<T, 4>(table, cases, here, sums);
        break;
      case 5:
        add_panel<T, 5>(table, cases, here, sums);
        break;
      case 6:
        add_panel<T, 6>(table, cases, here, sums);
        break;
      default:
        add_panel<T, 7>(table, cases, here, sums);
        break;
      }
    }
  }

  /// Covariances of the sums. These are whole numbers, whose products are exact.
  void take(T cases) noexcept {
    const std::size_t p = plan_.items();
    const double* sum = lanes_of_sums();
    const double* const totals = sum + p * (p + 1) / 2 * count;
    const T over = cases * (of_.less_one ? cases - T(1.0) : cases);
    for (std::size_t i = 0; i < p; ++i) {
      const T total = lane::load(totals + i * count);
      for (std::size_t k = 0; k <= i; ++k, sum += count) {
        const T value = (cases * lane::load(sum) - total * lane::load(totals + k * count)) / over;
        work_.covariance[i * p + k] = value;
        work_.covariance[k * p + i] = value;
      }
    }
  }

  [[nodiscard]] const T* correlations() noexcept {
    const std::size_t p = plan_.items();
    if (plan_.metric == item_metric::standardised)
      return work_.covariance.data();
    for (std::size_t i = 0; i < p; ++i)
      for (std::size_t k = 0; k < p; ++k)
        correlations_[i * p + k] = work_.covariance[i * p + k] / (work_.deviations[i] * work_.deviations[k]);
    return correlations_.data();
  }

  void align() noexcept {
    for (T& sign : signs_)
      sign = T(1.0);
    if (of_.loadings == nullptr)
      return;
    for (std::size_t j = 0; j < plan_.constructs(); ++j) {
      T sum(0.0);
      for (std::size_t i = plan_.first[j]; i < plan_.first[j + 1]; ++i)
        sum = sum + work_.loadings[i];
      signs_[j] = select(sum * T(of_.loadings[j]) < T(0.0), T(-1.0), T(1.0));
      for (std::size_t i = plan_.first[j]; i < plan_.first[j + 1]; ++i) {
        work_.loadings[i] = work_.loadings[i] * signs_[j];
        work_.weights[i] = work_.weights[i] * signs_[j];
      }
    }
    for (std::size_t j = 0; j < plan_.constructs(); ++j)
      for (std::size_t a = plan_.source_first[j]; a < plan_.source_first[j + 1]; ++a)
        work_.path[a] = work_.path[a] * signs_[plan_.source[a]] * signs_[j];
  }

  void add_effects() noexcept {
    const std::size_t n = plan_.constructs();
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t at = 0; at < n; ++at) {
        const std::size_t j = plan_.order[at];
        T sum(0.0);
        for (std::size_t a = plan_.source_first[j]; a < plan_.source_first[j + 1]; ++a)
          sum = sum + (plan_.source[a] == i ? T(1.0) : effects_[i * n + plan_.source[a]]) * work_.path[a];
        effects_[i * n + j] = j == i ? T(0.0) : sum;
      }
  }

  /// In the order of figures_of.
  [[nodiscard]] std::int64_t write(std::size_t first) noexcept {
    const std::size_t here = of_.end - first < count ? of_.end - first : count;
    const std::size_t n = plan_.constructs();
    double* into = of_.values + first;
    double one[count];
    const T none(
        std::numeric_limits<double>::quiet_NaN()); // which NaN an operation gives is up to the compiler
    const auto put = [&](const T& value) {
      const T figure = select(value == value, value, none);
      if (here == count) {
        lane::store(figure, into);
      } else {
        lane::store(figure, one);
        for (std::size_t at = 0; at < here; ++at)
          into[at] = one[at];
      }
      into += of_.stride;
    };
    for (const T& figure : work_.weights)
      put(figure);
    for (const T& figure : work_.loadings)
      put(figure);
    for (const T& figure : work_.path)
      put(figure);
    for (std::size_t j = 0; j < n; ++j)
      if (plan_.sources(j) > 0)
        put(work_.r_squared[j]);
    for (std::size_t e = 0; e < of_.effect_count; ++e)
      put(effects_[of_.effects[e]]);
    for (const std::vector<T>* const all : {&ratios_, &geometric_})
      for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j)
          put((*all)[i * n + j]);
    lane::store(work_.status, one);
    for (std::size_t at = 0; at < here; ++at)
      of_.statuses[first + at] = static_cast<std::int32_t>(one[at]);
    std::int64_t flips = 0;
    for (const T& sign : signs_) {
      lane::store(sign, one);
      for (std::size_t at = 0; at < here; ++at)
        flips += one[at] < 0.0 ? 1 : 0;
    }
    return flips;
  }

  const emptor_plain::path_resamples& of_;
  path_view plan_;
  path_workspace<T> work_;
  std::vector<T>
      sums_; ///< of the resamples, as answer_products has them: room for numbers, which are written one by one
  std::vector<T> correlations_;
  std::vector<T> effects_;
  std::vector<T> ratios_;
  std::vector<T> geometric_;
  std::vector<T> signs_;
};

} // namespace detail

/// \tparam T  a real, or a pack of resamples at once
template <class T>
std::int64_t estimate_resamples(const emptor_plain::path_resamples& work) {
  detail::resample_block<T> block(work);
  std::int64_t flips = 0;
  for (std::size_t first = work.begin; first < work.end; first += block.count)
    flips += block.estimate(first);
  return flips;
}

} // namespace emptor::stats

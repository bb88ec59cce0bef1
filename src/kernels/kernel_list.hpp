// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace emptor_plain {
struct path_resamples;
}

/// The lists of kernels, one for each instruction set. Each kernel has a file of its own (the files in each_set/), compiled
/// once for each instruction set, so that they can be compiled side by side. They are data of plain types outside of
/// the namespace emptor, because that has another name in what is compiled for a wide set: the linker keeps one copy
/// of an inline function for the whole program, which must not be a wide one.
namespace kernel_lists {

/// An emptor::kernel of an entry.
struct listed {
  const char* entry;
  std::size_t prepared_bytes;
  std::size_t memory_bytes;
  void (*prepare)(const double* uniforms, void* prepared) noexcept;
  void (*run)(const void* prepared, const double* const* inputs, double* const* outputs, std::int64_t rows,
              void* memory) noexcept;
  bool (*rule_holds)(const double* const* inputs, std::int64_t rows) noexcept;
};

/// An emptor::stored_kernel of an entry.
struct listed_stored {
  const char* entry;
  bool (*run)(const void* prepared, const float* const* singles, const std::uint8_t* const* bytes,
              double* const* outputs, std::int64_t rows) noexcept;
};

/// Whether all numbers of a column are as they should be.
struct column_checks {
  /// Between 0 and `high`, none of them -0, and where asked for whole ones (then high < 2^51).
  bool (*from_zero)(const double* numbers, std::int64_t rows, double high, bool whole) noexcept;
  /// Between `low` and `high`, none of them -0.
  bool (*between)(const double* numbers, std::int64_t rows, double low, double high) noexcept;
  bool (*finite)(const double* numbers, std::int64_t rows) noexcept;
  bool (*finite_singles)(const float* numbers, std::int64_t rows) noexcept;
  /// Finite, or the NaN that stands for none.
  bool (*finite_or_none)(const double* numbers, std::int64_t rows) noexcept;
  /// Amounts that are there, and where asked for none below 0.
  bool (*amounts)(const std::int64_t* amounts, std::int64_t rows, bool from_zero) noexcept;
};

/// An emptor::stats::path_kernel.
using path_models = std::int64_t (*)(const emptor_plain::path_resamples& work);

#define EMPTOR_KERNEL_LIST(set)                                                                              \
  namespace set {                                                                                            \
  extern const listed altman_z;                                                                              \
  extern const listed bg_nbd;                                                                                \
  extern const listed contribution_value;                                                                    \
  extern const listed customer_profit;                                                                       \
  extern const listed engagement_value;                                                                      \
  extern const listed life_cycle_value;                                                                      \
  extern const listed marketing_efficiency;                                                                  \
  extern const listed mbg_nbd;                                                                               \
  extern const listed nbd;                                                                                   \
  extern const listed pareto_nbd;                                                                            \
  extern const listed past_current_potential_value;                                                          \
  extern const listed present_value;                                                                         \
  extern const listed retention_value;                                                                       \
  extern const listed strategic_account_value;                                                               \
  inline constexpr const listed* all[] = {&altman_z,                                                         \
                                          &bg_nbd,                                                           \
                                          &contribution_value,                                               \
                                          &customer_profit,                                                  \
                                          &engagement_value,                                                 \
                                          &life_cycle_value,                                                 \
                                          &marketing_efficiency,                                             \
                                          &mbg_nbd,                                                          \
                                          &nbd,                                                              \
                                          &pareto_nbd,                                                       \
                                          &past_current_potential_value,                                     \
                                          &present_value,                                                    \
                                          &retention_value,                                                  \
                                          &strategic_account_value};                                         \
  extern const listed_stored scorecard;                                                                      \
  extern const column_checks checks;                                                                         \
  extern const path_models estimate_path_models;                                                             \
  }
EMPTOR_KERNEL_LIST(baseline)
EMPTOR_KERNEL_LIST(avx2)
EMPTOR_KERNEL_LIST(avx512)
#undef EMPTOR_KERNEL_LIST

} // namespace kernel_lists

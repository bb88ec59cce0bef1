// SPDX-License-Identifier: BSL-1.0
#include <cstdlib>
#include <span>

#include <emptor/stats/path_model_resampling.hpp>

#include "kernels/kernels.hpp"

namespace emptor::kernels {
namespace {

using list = std::span<const kernel_lists::listed* const>;

list list_of(instruction_set set) noexcept {
  switch (set) {
  case instruction_set::baseline:
    return kernel_lists::baseline::all;
#if defined(EMPTOR_WIDE_KERNELS)
  case instruction_set::avx2:
    return kernel_lists::avx2::all;
  case instruction_set::avx512:
    return kernel_lists::avx512::all;
#endif
  default:
    return {};
  }
}

} // namespace

std::string_view name(instruction_set set) noexcept {
  switch (set) {
  case instruction_set::avx2:
    return "avx2";
  case instruction_set::avx512:
    return "avx512";
  default:
    return "baseline";
  }
}

bool runs_here(instruction_set set) noexcept {
  switch (set) {
  case instruction_set::baseline:
    return true;
#if defined(EMPTOR_WIDE_KERNELS)
  case instruction_set::avx2:
    return __builtin_cpu_supports("avx2") != 0;
  case instruction_set::avx512:
    return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
           __builtin_cpu_supports("avx512bw") != 0;
#endif
  default:
    return false;
  }
}

instruction_set chosen() noexcept {
  static const instruction_set best = [] {
    const char* asked = std::getenv("EMPTOR_FORCE_ISA");
    instruction_set widest = instruction_set::baseline;
    for (const instruction_set set : instruction_sets) {
      if (runs_here(set))
        widest = set;
      if (asked != nullptr && name(set) == asked)
        break;
    }
    return widest;
  }();
  return best;
}

kernel find(std::string_view entry, instruction_set set) noexcept {
  if (!runs_here(set))
    return {};
  for (const kernel_lists::listed* const one : list_of(set)) {
    if (one->entry == entry)
      return {one->prepared_bytes, one->memory_bytes, one->prepare, one->run, one->rule_holds};
  }
  return {};
}

stored_kernel find_stored(std::string_view entry, instruction_set set) noexcept {
  const auto in = [&](const kernel_lists::listed_stored& listed) {
    return listed.entry == entry ? listed.run : nullptr;
  };
  switch (set) {
#if defined(EMPTOR_WIDE_KERNELS)
  case instruction_set::avx2:
    return runs_here(set) ? in(kernel_lists::avx2::scorecard) : nullptr;
  case instruction_set::avx512:
    return runs_here(set) ? in(kernel_lists::avx512::scorecard) : nullptr;
#endif
  default:
    return set == instruction_set::baseline ? in(kernel_lists::baseline::scorecard) : nullptr;
  }
}

const kernel_lists::column_checks& checks(instruction_set set) noexcept {
  switch (set) {
#if defined(EMPTOR_WIDE_KERNELS)
  case instruction_set::avx2:
    return kernel_lists::avx2::checks;
  case instruction_set::avx512:
    return kernel_lists::avx512::checks;
#endif
  default:
    return kernel_lists::baseline::checks;
  }
}

kernel_lists::path_models path_models(instruction_set set) noexcept {
  switch (set) {
#if defined(EMPTOR_WIDE_KERNELS)
  case instruction_set::avx2:
    return kernel_lists::avx2::estimate_path_models;
  case instruction_set::avx512:
    return kernel_lists::avx512::estimate_path_models;
#endif
  default:
    return kernel_lists::baseline::estimate_path_models;
  }
}

} // namespace emptor::kernels

emptor::stats::path_kernel emptor::stats::best_path_kernel() noexcept {
  return kernels::path_models(kernels::chosen());
}

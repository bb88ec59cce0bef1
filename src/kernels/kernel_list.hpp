// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

/// The lists of kernels that compile.cpp makes, one for each instruction set. They are data of plain types
/// outside of the namespace emptor, because that has another name in what is compiled for a wide set: the
/// linker keeps one copy of an inline function for the whole program, which must not be a wide one.
namespace kernel_lists {

struct listed {
  const char* entry;
  void (*run)(const double* uniforms, const double* const* inputs, double* const* outputs,
              std::int64_t rows) noexcept;
};
struct list {
  const listed* first;
  int count;
};
extern const list baseline;
extern const list avx2;
extern const list avx512;

} // namespace kernel_lists

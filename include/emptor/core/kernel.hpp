// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace emptor {

/// What computes the numbers of a scorer: columns in, columns out, several rows at once. The same formula is
/// compiled for several instruction sets, all with the same bits; the compiled library takes the widest that
/// the machine has.
struct kernel {
  static constexpr std::size_t alignment = 64; ///< of what is prepared, and of the memory

  std::size_t prepared_bytes = 0;
  std::size_t memory_bytes = 0; ///< that `run` can use
  /// Works out what all rows share. It holds nothing that must be given back.
  /// \param uniforms  parameters, horizon, rate, ..., as the formula reads them
  void (*prepare)(const double* uniforms, void* prepared) noexcept = nullptr;
  /// \param inputs   columns of `rows` numbers
  /// \param outputs  the same; null for those not wanted
  /// \param memory   a zero in its first byte before the first of some calls for the same outputs, then what the last one
  ///                 left there: pairs of numbers that come again are not worked out again. Null: without. The bits are
  ///                 the same.
  void (*run)(const void* prepared, const double* const* inputs, double* const* outputs, std::int64_t rows,
              void* memory) noexcept = nullptr;

  /// Whether the rule of the entry's rows finds no fault in any of these, whose numbers are each in their domain. Null: it
  /// has to be asked row by row.
  bool (*rule_holds)(const double* const* inputs, std::int64_t rows) noexcept = nullptr;

  [[nodiscard]] explicit operator bool() const noexcept { return run != nullptr; }
};

/// What computes the numbers of a scorer that takes rows as they are stored (stored_block): compiled for several instruction
/// sets as a kernel is, all with the same bits.
/// \param prepared  what the scorer worked out for all rows
/// \param singles, bytes  columns of `rows` values, each in one of the two, null in the other; infinity = missing
/// \return whether all rows have their numbers
using stored_kernel = bool (*)(const void* prepared, const float* const* singles,
                               const std::uint8_t* const* bytes, double* const* outputs,
                               std::int64_t rows) noexcept;

/// A kernel with what it works out for all rows.
class prepared_kernel {
public:
  prepared_kernel(const kernel& what, const double* uniforms)
      : kernel_(what)
      , prepared_(::operator new (what.prepared_bytes, std::align_val_t{kernel::alignment})) {
    kernel_.prepare(uniforms, prepared_.get());
  }

  void operator()(const double* const* inputs, double* const* outputs, std::int64_t rows,
                  void* memory = nullptr) const noexcept {
    kernel_.run(prepared_.get(), inputs, outputs, rows, memory);
  }
  [[nodiscard]] std::size_t memory_bytes() const noexcept { return kernel_.memory_bytes; }
  [[nodiscard]] bool rule_holds(const double* const* inputs, std::int64_t rows) const noexcept {
    return kernel_.rule_holds != nullptr && kernel_.rule_holds(inputs, rows);
  }

private:
  struct release {
    void operator()(void* memory) const noexcept {
      ::operator delete (memory, std::align_val_t{kernel::alignment});
    }
  };
  kernel kernel_;
  std::unique_ptr<void, release> prepared_;
};

} // namespace emptor

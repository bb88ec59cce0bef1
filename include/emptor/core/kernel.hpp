// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

namespace emptor {

/// What computes the numbers of a scorer: columns in, columns out, several rows at once. The same formula is
/// compiled for several instruction sets, all with the same bits; the compiled library takes the widest that
/// the machine has.
/// \param uniforms  what all rows share (parameters, horizon, rate, ...), as the formula reads it
/// \param inputs    columns of `rows` numbers
/// \param outputs   the same; null for those not wanted
using kernel = void (*)(const double* uniforms, const double* const* inputs, double* const* outputs,
                        std::int64_t rows) noexcept;

} // namespace emptor

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

namespace emptor::stats {

/// What a weight says of its row. Without weights both are the same.
enum class weight_meaning : std::int32_t {
  sampling = 0,  ///< the row stands for so many, but was observed once: unequal weights widen the intervals
  frequency = 1, ///< there are so many such rows
};
inline constexpr std::string_view weight_meanings[] = {"sampling", "frequency"};

} // namespace emptor::stats

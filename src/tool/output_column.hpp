// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <variant>
#include <vector>

#include <emptor/catalogue.hpp>

namespace emptor::tool {

/// Memory for one output of a plan, which can become a column.
struct output_column {
  dtype type = dtype::float64;
  column::storage values;
  std::vector<std::uint8_t> validity;

  output_column(dtype natural, std::size_t rows)
      : type(natural)
      , validity((rows + 7) / 8, 0xFF) {
    switch (natural) {
    case dtype::int32:
    case dtype::date32:
      values = std::vector<std::int32_t>(rows);
      break;
    case dtype::int64:
    case dtype::money:
      values = std::vector<std::int64_t>(rows);
      break;
    case dtype::boolean:
      values = std::vector<std::uint8_t>(rows);
      break;
    default:
      type = dtype::float64;
      values = std::vector<double>(rows);
    }
  }
  output_memory memory() {
    void* data = std::visit(
        [](auto& held) -> void* {
          if constexpr (std::is_same_v<std::decay_t<decltype(held)>, text_buffer>)
            return nullptr;
          else
            return held.data();
        },
        values);
    return {data, width_of(type), validity.data(), type};
  }
};

} // namespace emptor::tool

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/check.hpp>
#include <emptor/core/options.hpp>
#include <emptor/math/real.hpp>

/// Scales of answers, and where on them an answer stands.
namespace emptor::stats {

/// The scale that the options scale_low and scale_high give to questions without one of their own.
/// \throws error status::option where it has no extent
[[nodiscard]] inline domain usual_scale(std::string_view where, const option_values& options) {
  const domain usual{options.number("scale_low"), options.number("scale_high")};
  if (!(usual.low < usual.high))
    throw error(status::option, message(where, "option scale_high", -1, to_text(usual.high),
                                        "> scale_low, which is " + to_text(usual.low)));
  return usual;
}

/// 0 for the least answer of a scale, 1 for its greatest one.
[[nodiscard]] inline math::real share_of_scale(double answer, const domain& scale) noexcept {
  return (math::real(answer) - scale.low) / (math::real(scale.high) - scale.low);
}

} // namespace emptor::stats

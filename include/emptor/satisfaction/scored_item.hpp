// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <emptor/core/check.hpp>
#include <emptor/core/model_table.hpp>
#include <emptor/core/options.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/answer_scale.hpp>

/// Questions whose answers become scores from 0 to 100, as tables of several entries name them.
namespace emptor::satisfaction {

/// Ends of the scale of an item.
inline constexpr domain item_scale_domain{-1e9, 1e9};

inline constexpr column_description item_reversed_column{
    .name = "reversed",
    .what = content::boolean,
    .summary = "whether a high answer is a bad one: `I had to wait long`; missing = false",
    .optional = true};
inline constexpr column_description item_low_column{
    .name = "scale_low",
    .summary = "the least answer of this item; missing = the option scale_low",
    .allowed = item_scale_domain,
    .optional = true};
inline constexpr column_description item_high_column{
    .name = "scale_high",
    .summary = "its greatest answer; missing = the option scale_high",
    .allowed = item_scale_domain,
    .optional = true};

inline constexpr option_description scale_low_option{.name = "scale_low",
                                                     .what = option_content::number,
                                                     .summary = "the least answer; it becomes the score 0",
                                                     .allowed = item_scale_domain,
                                                     .default_value = "1"};
inline constexpr option_description scale_high_option{
    .name = "scale_high",
    .what = option_content::number,
    .summary = "the greatest answer; it becomes the score 100. Answers outside of the scale are refused",
    .allowed = item_scale_domain,
    .default_value = "10"};

/// A question and its scale: the answer `low` is 0 points and `high` is 100.
struct scored_item {
  std::string label;
  bool reversed = false;
  domain scale{};

  /// 0 to 100.
  [[nodiscard]] double score(double answer) const noexcept {
    const math::real part = stats::share_of_scale(answer, scale);
    return math::value_of(100.0 * (reversed ? math::real(1.0) - part : part));
  }
};

/// What a row of a table says of an item, in columns `item`, `reversed`, `scale_low` and `scale_high`.
/// \throws error status::data of a scale without extent
[[nodiscard]] inline scored_item scored_item_of(const model_table& given, std::int64_t row,
                                                const domain& usual) {
  scored_item one{.label = std::string(given.text("item", row).value_or("")),
                  .reversed = given.truth("reversed", row).value_or(false),
                  .scale = {given.number("scale_low", row).value_or(usual.low),
                            given.number("scale_high", row).value_or(usual.high)}};
  if (!(one.scale.low < one.scale.high))
    given.refuse("scale_high", row, to_text(one.scale.high), "> " + to_text(one.scale.low));
  return one;
}

} // namespace emptor::satisfaction

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/described_table.hpp>
#include <emptor/satisfaction/survey_cells.hpp>
#include <emptor/satisfaction/survey_comparison.hpp>

/// What reports from a survey share: the answers of the rows that count, and the first cells of a line.
namespace emptor::satisfaction {

/// The answers to one question of the rows that count, by place among them.
struct counted_answers {
  std::string label;
  std::vector<double> values; ///< NaN = none
  std::vector<double> weights;
  std::vector<std::uint8_t> has_code;

  /// \throws error status::unknown_name
  counted_answers(std::string_view where, const stats::survey_answers& from, const survey_cells& cells,
                  std::string_view item)
      : label(item) {
    const stats::survey_answers::item all = from.answers(where, item);
    values.reserve(cells.rows().size());
    for (const std::uint32_t row : cells.rows()) {
      values.push_back(all.answers[row]);
      weights.push_back(from.weights()[row]);
      has_code.push_back(all.has_code[row]);
    }
  }
  [[nodiscard]] std::int64_t missing_of(std::span<const std::uint32_t> members) const noexcept {
    std::int64_t count = 0;
    for (const std::uint32_t i : members)
      count += std::isnan(values[i]) ? 1 : 0;
    return count;
  }
  [[nodiscard]] std::int64_t coded_of(std::span<const std::uint32_t> members) const noexcept {
    std::int64_t count = 0;
    for (const std::uint32_t i : members)
      count += has_code[i];
    return count;
  }
  /// Of an answer that a measure cannot take; names the question and who gave it.
  [[nodiscard]] error refusal(std::string_view where, const stats::survey_answers& from,
                              const survey_cells& cells, std::size_t at, std::string_view must_be) const {
    return {status::data, message(where, "items:" + label + " of " + from.row_name(cells.rows()[at]), -1,
                                  to_text(values[at]), must_be)};
  }
};

/// NaN where the second is nothing.
[[nodiscard]] inline double ratio_of(math::real first, math::real second) noexcept {
  return math::value_of(second) > 0.0 ? math::value_of(first / second)
                                      : std::numeric_limits<double>::quiet_NaN();
}
/// At most 1, which sums of the same weights in another order may miss by rounding; NaN where the whole is nothing.
[[nodiscard]] inline double share_of(math::real part, math::real whole) noexcept {
  const double share = ratio_of(part, whole);
  return share > 1.0 ? 1.0 : share;
}

/// A group, or none, and a period, or none.
inline described_table& add_cell(described_table& to, const stats::survey_answers& from,
                                 const survey_cells::cell& of) {
  if (of.group == survey_cells::none)
    to.no_text();
  else
    to.text(from.group_names()[of.group]);
  return to.day(of.period == survey_cells::none ? no_day : from.period_days()[of.period]);
}
/// compared_with, group, period, other_group, other_period.
inline described_table& begin_test(described_table& to, const stats::survey_answers& from,
                                   const survey_cells& cells, const survey_pair& pair) {
  const survey_cells::cell own = cells.cells()[pair.cell];
  add_cell(to.level(pair.kind), from, own);
  // The rest of the groups is of the same period.
  return add_cell(to, from,
                  pair.other == survey_cells::none ? survey_cells::cell{survey_cells::none, own.period}
                                                   : cells.cells()[pair.other]);
}
/// answers, missing, coded, missing_share.
inline described_table& add_answers(described_table& to, const survey_moments& of, std::int64_t missing,
                                    std::int64_t coded) {
  return to.whole(of.answers)
      .whole(missing)
      .whole(coded)
      .number(share_of(math::real(missing), math::real(of.answers + missing)));
}
/// effective_answers, design_effect.
inline described_table& add_effective(described_table& to, const survey_moments& of) {
  const double effective = of.effective();
  return to.number(effective).number(ratio_of(math::real(of.answers), math::real(effective)));
}

} // namespace emptor::satisfaction

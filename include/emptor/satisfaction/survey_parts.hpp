// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/satisfaction/survey_cells.hpp>
#include <emptor/satisfaction/survey_options.hpp>
#include <emptor/satisfaction/survey_report.hpp>
#include <emptor/stats/survey.hpp>

/// The parts of a survey that are reported for themselves, for measures of several items: those of a respondent, who may have
/// answered in several periods, stand together.
namespace emptor::satisfaction {

/// The first columns of a table that has a part's figures in each row.
inline constexpr column_description part_columns[] = {group_column, period_column};

/// Rows of a survey that belong together.
struct survey_part {
  survey_cells::cell which;
  std::vector<std::uint32_t> rows; ///< of the answers, by respondent
};

/// The answers about one brand, and their parts.
class survey_parts {
public:
  /// Reads the options `brand` and `by`.
  /// \throws error status::mismatch of another store; as `stats::survey::answers` and `rows_about`
  survey_parts(std::string_view where, const finish_request& request)
      : answers_(request.stored<stats::survey>().answers(request.keys)) {
    const survey_cells cells(answers_, rows_about(where, answers_, request.options.text("brand")),
                             request.options.choice<survey_by>("by", survey_by_names));
    counted_.assign(cells.rows().begin(), cells.rows().end());
    for (std::uint32_t c = 0; c < cells.cells().size(); ++c) {
      survey_part& part = parts_.emplace_back();
      part.which = cells.cells()[c];
      for (const std::uint32_t member : cells.members(c))
        part.rows.push_back(cells.rows()[member]);
      std::stable_sort(part.rows.begin(), part.rows.end(), [&](std::uint32_t left, std::uint32_t right) {
        return answers_.respondents()[left] < answers_.respondents()[right];
      });
    }
  }

  [[nodiscard]] const stats::survey_answers& answers() const noexcept { return answers_; }
  /// All answers first, then groups, periods, and groups in periods.
  [[nodiscard]] const std::vector<survey_part>& parts() const noexcept { return parts_; }
  /// The rows about the brand, as the answers have them.
  [[nodiscard]] const std::vector<std::uint32_t>& counted() const noexcept { return counted_; }
  /// Begins a row of a table with the columns of parts.
  described_table& begin(described_table& into, const survey_part& part) const {
    return add_cell(into, answers_, part.which);
  }

  /// An answer that its question does not admit, with who gave it.
  [[nodiscard]] error refused(std::string_view where, std::size_t row, std::string_view item, double answer,
                              std::string_view must_be) const {
    return {status::data, message(where, "items:" + std::string(item) + " of " + answers_.row_name(row), -1,
                                  to_text(answer), must_be)};
  }
  /// The answers to a question by row; of the rows that count none is off its scale.
  /// \throws error status::unknown_name of a question that the survey does not have, status::data with respondent and item
  [[nodiscard]] std::vector<double> on_scale(std::string_view where, std::string_view item,
                                             const domain& scale) const {
    std::vector<double> made = answers_.answers(where, item).answers;
    for (const std::uint32_t row : counted_) {
      if (made[row] == made[row] && !scale.contains(made[row]))
        throw refused(where, row, item, made[row], to_text(scale));
    }
    return made;
  }

private:
  stats::survey_answers answers_;
  std::vector<std::uint32_t> counted_;
  std::vector<survey_part> parts_;
};

} // namespace emptor::satisfaction

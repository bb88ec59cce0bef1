// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/run.hpp>
#include <emptor/credit/binning_model.hpp>
#include <emptor/credit/scorecard_fit.hpp>
#include <emptor/stats/outcome_rows.hpp>

/// Rows of a store of outcomes as the fit of a scorecard wants them: by the bins of their characteristics.
namespace emptor::credit::detail {

/// Rows of which every characteristic has a bin.
struct scorecard_sample {
  std::vector<binned_column> columns;
  std::vector<double> events;
  std::vector<double> trials;
  std::vector<double> offset;      ///< of the log odds; empty = none
  std::vector<std::size_t> places; ///< of the rows among those that they were taken from
  std::size_t rows = 0;
  std::size_t without_outcome = 0;
  std::size_t without_bin = 0;
};

/// The bin of each row, from 1; 0 where it has none.
[[nodiscard]] inline std::vector<std::uint32_t> bins_of(const stats::outcome_rows& rows,
                                                        const binned_characteristic& of) {
  const auto number = [](const stats::bin_lookup::found& found) {
    return static_cast<std::uint32_t>(found.bin);
  };
  if (of.numeric && of.woe.size() <= std::numeric_limits<std::uint8_t>::max())
    return rows.codes<std::uint8_t>(scorecard_name, of.label, [&](double value) {
      return static_cast<std::uint8_t>(of.lookup.of(value).bin);
    });
  if (of.numeric)
    return rows.codes<std::uint32_t>(scorecard_name, of.label,
                                     [&](double value) { return number(of.lookup.of(value)); });
  const stats::coded_texts texts = rows.texts(scorecard_name, of.label);
  std::vector<std::uint32_t> known; // each text is looked up once
  for (const std::string_view text : texts.texts)
    known.push_back(number(of.lookup.of(text)));
  const std::uint32_t missing = number(of.lookup.missing());
  std::vector<std::uint32_t> made(rows.size());
  for (std::size_t row = 0; row < made.size(); ++row)
    made[row] = texts.codes[row] == stats::coded_texts::none ? missing : known[texts.codes[row]];
  return made;
}

/// Adds the rows of which every characteristic has a bin. \param seen  their outcomes, empty of those who have none
inline void add_rows(scorecard_sample& made, const stats::outcome_rows& rows,
                     const std::vector<binned_characteristic>& bins, const std::vector<double>& seen,
                     const run& how) {
  const std::vector<double> weights = rows.weights();
  std::vector<std::vector<std::uint32_t>> codes(bins.size());
  for_each_task(static_cast<std::int64_t>(bins.size()), how, [&](std::int64_t task) {
    codes[static_cast<std::size_t>(task)] = bins_of(rows, bins[static_cast<std::size_t>(task)]);
  });
  std::vector<std::uint8_t> whole(rows.size(), 1);
  for (const std::vector<std::uint32_t>& one : codes) {
    for (std::size_t row = 0; row < rows.size(); ++row)
      whole[row] &= static_cast<std::uint8_t>(one[row] != 0);
  }
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (whole[row] == 0) {
      ++made.without_bin;
      continue;
    }
    made.places.push_back(row);
    made.trials.push_back(weights[row]);
    made.events.push_back(seen.empty() ? 0.0 : seen[row] * weights[row]);
  }
  run quiet = how; // its progress was told above
  quiet.progress = nullptr;
  for_each_task(static_cast<std::int64_t>(bins.size()), quiet, [&](std::int64_t task) {
    const std::vector<std::uint32_t>& from = codes[static_cast<std::size_t>(task)];
    std::vector<std::uint32_t>& to = made.columns[static_cast<std::size_t>(task)].codes;
    to.reserve(to.size() + rows.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (whole[row] != 0)
        to.push_back(from[row] - 1);
    }
  });
}

/// Columns without rows. \throws error status::data where a bin has no weight of evidence
[[nodiscard]] inline scorecard_sample empty_sample(const std::vector<binned_characteristic>& bins) {
  scorecard_sample made;
  for (const binned_characteristic& one : bins) {
    for (std::size_t b = 0; b < one.bins(); ++b) {
      if (!(std::fabs(one.woe[b]) <= 1e6))
        throw error(status::data, std::string(scorecard_name) + ": bin " + std::to_string(b + 1) + " of " +
                                      shortened(one.label) + " has no finite weight of evidence");
    }
    made.columns.push_back({one.label, {}, one.woe});
  }
  return made;
}

/// Refuses what a row says, named by whom it is about where that is known.
[[noreturn]] inline void refuse_row(const stats::outcome_rows& rows, std::size_t row, const std::string& what,
                                    double is, std::string_view must_be) {
  const stats::coded_texts ids = rows.ids();
  const bool named = ids.codes[row] != stats::coded_texts::none;
  throw error(status::data,
              message(scorecard_name, named ? what + " of " + shortened(ids.texts[ids.codes[row]]) : what,
                      named ? -1 : static_cast<std::int64_t>(row), std::isnan(is) ? "missing" : to_text(is),
                      must_be));
}

/// The rows with an outcome. \param offset  label of the characteristic that is added to the log odds; empty = none
/// \throws error status::data for an outcome that is not 0 or 1, or an offset that is missing or beyond 1e6; as outcome_rows
[[nodiscard]] inline scorecard_sample sample_of(const stats::outcome_rows& chosen,
                                                const std::vector<binned_characteristic>& bins,
                                                const run& how, std::string_view offset = {}) {
  const stats::outcome_rows rows = chosen.with_outcome();
  const std::vector<double> outcomes = rows.outcomes();
  for (std::size_t row = 0; row < outcomes.size(); ++row) {
    if (outcomes[row] != 0.0 && outcomes[row] != 1.0)
      refuse_row(rows, row, "outcome", outcomes[row], "0 or 1");
  }
  scorecard_sample made = empty_sample(bins);
  made.rows = chosen.size();
  made.without_outcome = chosen.size() - rows.size();
  add_rows(made, rows, bins, outcomes, how);
  if (offset.empty())
    return made;
  const std::vector<double> offsets = rows.numbers(scorecard_name, offset);
  for (const std::size_t row : made.places) {
    if (!(std::fabs(offsets[row]) <= 1e6))
      refuse_row(rows, row, "characteristics:" + shortened(offset), offsets[row],
                 "a number from -1e6 to 1e6, for option log_odds_offset adds it to the log odds");
    made.offset.push_back(offsets[row]);
  }
  return made;
}

} // namespace emptor::credit::detail

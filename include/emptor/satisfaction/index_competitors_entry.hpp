// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/satisfaction/index_competitors.hpp>
#include <emptor/satisfaction/index_competitors_description.hpp>
#include <emptor/satisfaction/index_competitors_example.hpp>
#include <emptor/satisfaction/index_report_lines.hpp>
#include <emptor/satisfaction/survey_report.hpp>
#include <emptor/stats/multiplicity.hpp>
#include <emptor/stats/survey.hpp>

/// `satisfaction.index_competitors` from the catalogue's side.
namespace emptor::satisfaction {

namespace detail {

/// A line of a table of brands.
struct measured_brand {
  std::size_t brand = 0; ///< place among the brands that are reported; 0 is the own one
  std::string_view construct;
  std::string_view item; ///< empty: the construct
  std::uint32_t cell = 0;
};

inline described_table& begin_brand(described_table& to, const stats::survey_answers& from,
                                    const survey_cells& cells, std::string_view brand,
                                    const measured_brand& of) {
  if (brand.empty())
    to.no_text();
  else
    to.text(brand);
  to.text(of.construct);
  if (of.item.empty())
    to.no_text();
  else
    to.text(of.item);
  return add_cell(to, from, cells.cells()[of.cell]);
}

} // namespace detail

/// From a store `survey` of several brands, with a model of satisfaction.index_model in the slot `model`.
/// \throws error status::unknown_name for a brand that there is not; as index_estimation; status::cancelled
inline result finish_index_competitors(const finish_request& request) {
  const auto& store = request.stored<stats::survey>();
  const option_values& given = request.options;
  const auto meaning = given.choice<weight_meaning>("weight_meaning", stats::weight_meanings);
  const index_estimation estimation(index_competitors_name, request);
  const stats::survey_answers from = store.answers(request.keys);
  const std::string_view own_brand = given.text("brand");
  const std::vector<std::string_view>& names = from.brand_names();
  const auto known = std::lower_bound(names.begin(), names.end(), own_brand);
  if ((known == names.end() || *known != own_brand) && from.rows() > 0)
    throw unknown_name(index_competitors_name, "brand", own_brand, names);

  // The own brand first, then the others in the order of their names, then answers without a brand.
  const auto own_place = static_cast<std::uint32_t>(known - names.begin());
  std::vector<std::uint32_t> brands{own_place};
  bool nameless = false;
  std::vector<std::uint32_t> rows(from.rows());
  for (std::uint32_t row = 0; row < from.rows(); ++row) {
    rows[row] = row;
    nameless = nameless || from.brands()[row] == stats::survey_answers::none;
  }
  std::vector<std::size_t> place_of(names.size(), 0);
  for (std::uint32_t b = 0; b < names.size(); ++b)
    if (b != own_place) {
      place_of[b] = brands.size();
      brands.push_back(b);
    }
  if (nameless)
    brands.push_back(stats::survey_answers::none);
  const auto name_of = [&](std::size_t place) {
    return brands[place] >= names.size() ? std::string_view(place == 0 ? own_brand : std::string_view())
                                         : names[brands[place]];
  };
  const survey_cells cells(from, rows, given.choice<survey_by>("by", survey_by_names));
  const std::vector<std::vector<double>> answers = estimation.answers(from, cells.rows());
  const std::vector<double> weights(from.weights().begin(), from.weights().end());
  // The rows of each cell by brand.
  struct brand_rows {
    std::size_t brand;
    std::vector<std::uint32_t> members;
  };
  std::vector<std::vector<brand_rows>> split(cells.cells().size());
  for (std::uint32_t c = 0; c < split.size(); ++c) {
    if (c % 1024 == 0)
      request.how.check(0.1 * static_cast<double>(c) / static_cast<double>(split.size()));
    std::vector<std::pair<std::size_t, std::uint32_t>> placed;
    for (const std::uint32_t row : cells.members(c)) {
      const std::uint32_t brand = from.brands()[row];
      placed.emplace_back(brand == stats::survey_answers::none ? brands.size() - 1 : place_of[brand], row);
    }
    std::stable_sort(placed.begin(), placed.end(),
                     [](const auto& left, const auto& right) { return left.first < right.first; });
    split[c].push_back({0, {}});
    for (const auto& [brand, row] : placed) {
      if (split[c].back().brand != brand)
        split[c].push_back({brand, {}});
      split[c].back().members.push_back(row);
    }
  }

  described_table shares(index_competitors_outputs[2], 0);
  described_table estimations(index_competitors_outputs[3], 0);
  const std::vector<std::uint32_t>& own_rows = split[0].front().members;
  const index_estimate base = estimation.fitted()
                                  ? estimation.given(own_rows.size())
                                  : estimation.estimated(answers, weights, own_rows, request.how);
  detail::add_estimate(shares, estimations, no_day, base);

  stats::student_quantiles t(given.number("confidence"));
  described_table indices(index_competitors_outputs[0], 0);
  std::vector<std::pair<detail::measured_brand, brand_gap>> gaps;
  const auto report = [&](const index_score& score, std::string_view item, const std::vector<double>& values,
                          bool has_index) {
    for (std::uint32_t c = 0; c < split.size(); ++c) {
      const survey_moments own = moments_of(split[c].front().members, values, weights, meaning);
      for (const brand_rows& one : split[c]) {
        const bool is_own = one.brand == 0;
        const detail::measured_brand which{one.brand, score.construct, item, c};
        const brand_gap gap = is_own ? brand_gap{.own = own, .other = own, .found = {}, .paired = {}}
                                     : gap_of(from, cells.rows(), {split[c].front().members, one.members},
                                              own, values, weights, meaning, t);
        const auto size = static_cast<std::int64_t>(one.members.size());
        detail::begin_brand(indices, from, cells, name_of(one.brand), which)
            .whole(gap.other.answers)
            .whole(size - gap.other.answers);
        detail::add_index(indices, gap.other, gap.other.mean, math::real(1.0), gap.other.answers > 0, t);
        indices.number(gap.other.effective())
            .level(has_index ? status_of(gap.other) : index_status::no_index);
        if (!is_own && gap.own.answers > 0 && gap.other.answers > 0)
          gaps.emplace_back(which, gap);
      }
    }
  };
  for (std::size_t s = 0; s < base.scores.size(); ++s) {
    const index_score& score = base.scores[s];
    std::vector<double> values(cells.rows().size());
    estimation.indices(score, answers, cells.members(0), values);
    report(score, {}, values, gives_index(score));
    // A construct of one question is that question: it is not tested twice.
    for (std::size_t k = 0; score.terms.size() > 1 && k < score.terms.size(); ++k) {
      request.how.check(
          0.1 +
          0.8 * (static_cast<double>(s) + static_cast<double>(k) / static_cast<double>(score.terms.size())) /
              static_cast<double>(base.scores.size()));
      const std::size_t at = estimation.place(score.terms[k].item);
      report(score, score.terms[k].item, detail::question_indices(answers[at], estimation.scales()[at]),
             true);
    }
  }

  std::vector<double> p_values;
  for (const auto& one : gaps)
    p_values.push_back(one.second.found.p_value);
  const std::vector<double> holm = stats::holm(p_values);
  const std::vector<double> discovery = stats::benjamini_hochberg(p_values);
  described_table made(index_competitors_outputs[1], 0);
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const brand_gap& gap = gaps[i].second;
    detail::begin_brand(made, from, cells, name_of(gaps[i].first.brand), gaps[i].first)
        .whole(gap.own.answers)
        .whole(gap.other.answers)
        .whole(gap.shared)
        .number(math::value_of(gap.own.mean))
        .number(math::value_of(gap.other.mean))
        .number(gap.found.difference)
        .number(gap.found.standard_error)
        .number(gap.found.range.low)
        .number(gap.found.range.high)
        .number(gap.found.degrees)
        .number(gap.found.p_value)
        .number(holm[i])
        .number(discovery[i])
        .number(gap.paired.answers > 0 ? math::value_of(gap.paired.mean)
                                       : std::numeric_limits<double>::quiet_NaN())
        .number(gap.paired_p_value);
  }
  return {{std::move(indices).made(), std::move(made).made(), std::move(shares).made(),
           std::move(estimations).made()},
          nullptr};
}

inline constexpr entry_description index_competitors_description{
    .name = index_competitors_name,
    .what = verb::reduce,
    .summary =
        "the satisfaction index of the own brand and of competitors with the same questions and weights, "
        "and the gap of each construct and question with tests, paired where respondents rated both",
    .source = "Fornell et al., Journal of Marketing 60, 1996; Welch, 1947; Derrick et al., Journal of Modern "
              "Applied Statistical Methods 16, 2017; Holm, 1979; Benjamini and Hochberg, 1995",
    .chinese = "竞争对手满意度指数比较",
    .since = "0.1",
    .store = "survey",
    .options = index_competitors_options,
    .slots = index_competitors_slots,
    .outputs = index_competitors_outputs,
    .examples = index_competitors_examples,
    .no_demo = "the company of the demo asks its customers nothing",
};

inline constexpr entry index_competitors_entry{
    .description = &index_competitors_description,
    .finish = finish_index_competitors,
};

} // namespace emptor::satisfaction

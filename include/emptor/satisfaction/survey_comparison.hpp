// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/run.hpp>
#include <emptor/satisfaction/survey_cells.hpp>

/// Which cells of a survey are compared with which. Each group against the rest and each period against the one before
/// are as many comparisons as cells; all pairs are bounded.
namespace emptor::satisfaction {

/// What each group is compared with.
enum class group_tests : std::int32_t { none = 0, rest = 1, reference = 2, pairs = 3 };
inline constexpr std::string_view group_test_names[] = {"none", "rest", "reference", "pairs"};
/// What each period is compared with.
enum class period_tests : std::int32_t { none = 0, previous = 1, first = 2, pairs = 3 };
inline constexpr std::string_view period_test_names[] = {"none", "previous", "first", "pairs"};

/// What a cell is held against.
enum class compared_with : std::int32_t {
  rest = 0,     ///< all other groups together
  group = 1,    ///< another group
  previous = 2, ///< the period before
  period = 3,   ///< another period
};
inline constexpr std::string_view compared_with_names[] = {"rest", "group", "previous", "period"};

inline constexpr std::uint64_t most_survey_tests = 100000; ///< of pairs

/// What is asked.
struct survey_test_options {
  group_tests groups = group_tests::rest;
  std::string reference_group; ///< of group_tests::reference
  period_tests periods = period_tests::previous;
};

/// Two cells, or a cell and the rest of its family.
struct survey_pair {
  compared_with kind = compared_with::rest;
  std::uint32_t cell = 0;
  std::uint32_t other = survey_cells::none; ///< none: the rest of its family
  std::uint32_t family = 0;
};

/// The comparisons of a survey. Families are: the groups; the groups of each period; the periods; the periods of each
/// group.
class survey_comparisons {
public:
  /// \throws error status::option for too many pairs, status::unknown_name for a reference group that there is not
  survey_comparisons(std::string_view where, const stats::survey_answers& from, const survey_cells& cells,
                     const survey_test_options& options)
      : cells_(&cells) {
    const std::span<const survey_cells::cell> all = cells.cells();
    const auto add_family = [&](std::vector<std::uint32_t> members, bool of_groups) {
      if (members.size() < 2)
        return;
      families_.push_back(std::move(members));
      is_of_groups_.push_back(of_groups ? 1 : 0);
    };
    const auto whole = [](survey_cells::range part) {
      std::vector<std::uint32_t> members;
      for (std::uint32_t c = part.first; c < part.last; ++c)
        members.push_back(c);
      return members;
    };
    const survey_cells::range crossed = cells.crossed();
    if (options.groups != group_tests::none) {
      add_family(whole(cells.groups()), true);
      std::vector<std::vector<std::uint32_t>> of_period(crossed.size() == 0 ? 0 : from.period_days().size());
      for (std::uint32_t c = crossed.first; c < crossed.last; ++c)
        of_period[all[c].period].push_back(c);
      for (std::vector<std::uint32_t>& one : of_period)
        add_family(std::move(one), true);
    }
    if (options.periods != period_tests::none) {
      add_family(whole(cells.periods()), false);
      for (std::uint32_t c = crossed.first; c < crossed.last;) {
        std::vector<std::uint32_t> of_group;
        for (const std::uint32_t group = all[c].group; c < crossed.last && all[c].group == group; ++c)
          of_group.push_back(c);
        add_family(std::move(of_group), false);
      }
    }
    if (options.groups == group_tests::reference && cells.groups().size() > 0) {
      const std::vector<std::string_view>& names = from.group_names();
      const auto at = std::find(names.begin(), names.end(), options.reference_group);
      if (at == names.end())
        throw unknown_name(where, "group", options.reference_group, names);
      reference_ = static_cast<std::uint32_t>(at - names.begin());
    }
    refuse_too_many(where, options);
    for (std::uint32_t f = 0; f < families_.size(); ++f)
      add_pairs(f, options);
  }

  [[nodiscard]] std::span<const survey_pair> pairs() const noexcept { return pairs_; }
  /// The cells of the rest of each group, by family, from the moments of all cells; linear in the number of cells.
  [[nodiscard]] std::vector<std::vector<survey_moments>>
  rests(std::span<const survey_moments> of_cells) const {
    std::vector<std::vector<survey_moments>> made(families_.size());
    for (std::size_t f = 0; f < families_.size(); ++f) {
      if (is_of_groups_[f] == 0)
        continue;
      const std::vector<std::uint32_t>& members = families_[f];
      std::vector<survey_moments> behind(members.size() + 1);
      for (std::size_t i = members.size(); i-- > 0;)
        behind[i] = merged(of_cells[members[i]], behind[i + 1]);
      survey_moments before;
      for (std::size_t i = 0; i < members.size(); ++i) {
        made[f].push_back(merged(before, behind[i + 1]));
        before = merged(before, of_cells[members[i]]);
      }
    }
    return made;
  }
  /// The place of a cell within its family.
  [[nodiscard]] std::size_t place(const survey_pair& of) const noexcept {
    const std::vector<std::uint32_t>& members = families_[of.family];
    return static_cast<std::size_t>(std::lower_bound(members.begin(), members.end(), of.cell) -
                                    members.begin());
  }

  /// How two cells of one period each hang together by respondents who answered in both.
  struct overlap {
    std::int64_t respondents = 0;
    double correlation = 0.0; ///< of the two means
  };
  /// \param values, weights  by place among the rows of the cells
  [[nodiscard]] overlap overlap_of(const survey_pair& pair, std::span<const survey_moments> of_cells,
                                   const stats::survey_answers& from, std::span<const double> values,
                                   std::span<const double> weights,
                                   weight_meaning meaning = weight_meaning::sampling) const {
    overlap found;
    if (is_of_groups_[pair.family] != 0)
      return found;
    std::span<const std::uint32_t> few = cells_->members(pair.cell);
    std::span<const std::uint32_t> many = cells_->members(pair.other);
    const survey_moments* of_few = &of_cells[pair.cell];
    const survey_moments* of_many = &of_cells[pair.other];
    if (few.size() > many.size()) {
      std::swap(few, many);
      std::swap(of_few, of_many);
    }
    const auto respondent = [&](std::uint32_t i) { return from.respondents()[cells_->rows()[i]]; };
    math::real sum = 0.0;
    auto at = many.begin(); // of one period, so that both are in the order of their respondents
    for (const std::uint32_t i : few) {
      at = std::lower_bound(at, many.end(), respondent(i), [&](std::uint32_t one, std::uint32_t wanted) {
        return respondent(one) < wanted;
      });
      if (at == many.end())
        break;
      if (respondent(*at) != respondent(i) || std::isnan(values[i]) || std::isnan(values[*at]))
        continue;
      ++found.respondents;
      const auto part = [&](std::uint32_t row, const survey_moments& of) {
        const math::real weight(weights[row]);
        return (meaning == weight_meaning::sampling ? weight : math::sqrt(weight)) *
               (math::real(values[row]) - of.mean);
      };
      sum += part(i, *of_few) * part(*at, *of_many);
    }
    const math::real size = math::sqrt(of_few->influence) * math::sqrt(of_many->influence);
    if (found.respondents > 0 && math::value_of(size) > 0.0)
      found.correlation = std::clamp(math::value_of(sum / size), -1.0, 1.0);
    return found;
  }

private:
  void refuse_too_many(std::string_view where, const survey_test_options& options) const {
    std::uint64_t count = 0;
    for (std::size_t f = 0; f < families_.size(); ++f) {
      const auto n = static_cast<std::uint64_t>(families_[f].size());
      if (is_of_groups_[f] != 0 ? options.groups == group_tests::pairs
                                : options.periods == period_tests::pairs)
        count += n * (n - 1) / 2;
    }
    if (count > most_survey_tests)
      throw error(status::option,
                  message(where,
                          options.groups == group_tests::pairs ? "option group_tests" : "option period_tests",
                          -1, "pairs, which makes " + std::to_string(count) + " tests",
                          "such that there are at most " + std::to_string(most_survey_tests)));
  }
  void add_pairs(std::uint32_t f, const survey_test_options& options) {
    const std::vector<std::uint32_t>& members = families_[f];
    const bool of_groups = is_of_groups_[f] != 0;
    const auto add = [&](compared_with kind, std::uint32_t cell, std::uint32_t other) {
      pairs_.push_back({kind, cell, other, f});
    };
    if (of_groups ? options.groups == group_tests::pairs : options.periods == period_tests::pairs) {
      for (std::size_t j = 1; j < members.size(); ++j) {
        for (std::size_t i = 0; i < j; ++i) {
          // Of two periods the later one is held against the earlier one.
          if (of_groups)
            add(compared_with::group, members[i], members[j]);
          else
            add(i + 1 == j ? compared_with::previous : compared_with::period, members[j], members[i]);
        }
      }
    } else if (of_groups && options.groups == group_tests::rest && members.size() == 2) {
      add(compared_with::group, members[0],
          members[1]); // the other way round it would be the same test once more
    } else if (of_groups && options.groups == group_tests::rest) {
      for (const std::uint32_t one : members)
        add(compared_with::rest, one, survey_cells::none);
    } else if (of_groups) {
      const auto at = std::find_if(members.begin(), members.end(), [&](std::uint32_t one) {
        return cells_->cells()[one].group == reference_;
      });
      for (const std::uint32_t one : members) {
        if (at != members.end() && one != *at)
          add(compared_with::group, one, *at);
      }
    } else {
      for (std::size_t i = 1; i < members.size(); ++i) {
        const bool previous = options.periods == period_tests::previous || i == 1;
        add(previous ? compared_with::previous : compared_with::period, members[i],
            previous ? members[i - 1] : members[0]);
      }
    }
  }

  const survey_cells* cells_;
  std::vector<std::vector<std::uint32_t>> families_; ///< each ascending
  std::vector<std::uint8_t> is_of_groups_;
  std::uint32_t reference_ = survey_cells::none;
  std::vector<survey_pair> pairs_;
};

} // namespace emptor::satisfaction

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/stats/survey_data.hpp>

namespace emptor::stats {

/// The answers of a survey as measures read them: in an order that does not depend on that of arrival (by period, then
/// brand, then respondent; what has no period or brand comes first), with groups, brands and periods as places in sorted
/// lists. It borrows from the survey, which must outlive it.
class survey_answers {
public:
  /// The place of what is not there.
  static constexpr std::uint32_t none = id_pool::none;

  /// The answers to one question. NaN where there is none, whether nothing came or one of the missing codes.
  struct item {
    std::vector<double> answers;
    std::int64_t coded = 0;                  ///< how many had a missing code
    std::vector<std::uint8_t> has_code = {}; ///< of each row, whether it had one
  };

  /// \param codes  sorted; answers that mean none was given
  /// \param wanted  by the number of the respondent: whether he counts
  survey_answers(const survey_data& from, std::vector<double> codes, const std::vector<std::uint8_t>& wanted)
      : from_(&from)
      , codes_(std::move(codes)) {
    std::vector<std::uint32_t> ranks(from.respondents.size());
    std::uint32_t place = 0;
    for (const std::uint32_t one : from.respondents.sorted())
      ranks[one] = place++;
    std::vector<std::uint32_t> word_ranks(from.words.size());
    std::uint32_t word_place = 0;
    for (const std::uint32_t one : from.words.sorted())
      word_ranks[one] = word_place++;
    order_.reserve(from.live());
    for (std::size_t row = 0; row < from.rows.size(); ++row) {
      if (from.is_live(row) && wanted[from.rows[row].respondent] != 0)
        order_.push_back(static_cast<std::uint32_t>(row));
    }
    // What is missing comes first: no_day is the least day, and one more than the largest number is 0.
    const auto rank_of = [&](std::uint32_t word) { return word == none ? 0 : word_ranks[word] + 1; };
    const auto key_of = [&](std::uint32_t row) {
      const survey_data::row& one = from.rows[row];
      return std::make_tuple(one.period, rank_of(one.brand), ranks[one.respondent]);
    };
    std::sort(order_.begin(), order_.end(), [&](std::uint32_t left, std::uint32_t right) {
      const auto a = key_of(left);
      const auto b = key_of(right);
      return a != b ? a < b : from.compare(left, right) < 0; // equal keys only where contents are in conflict
    });
    const auto of_row = [&](std::uint32_t row) -> const survey_data::row& { return from.rows[row]; };
    place_texts(from.respondents, ranks, respondents_, respondent_names_,
                [&](std::uint32_t row) { return of_row(row).respondent; });
    place_texts(from.words, word_ranks, brands_, brand_names_,
                [&](std::uint32_t row) { return of_row(row).brand; });
    place_texts(from.words, word_ranks, groups_, group_names_,
                [&](std::uint32_t row) { return of_row(row).group; });
    weights_.reserve(order_.size());
    for (const std::uint32_t row : order_) {
      const survey_data::row& one = of_row(row);
      weights_.push_back(one.weight);
      if (one.period != no_day && (period_days_.empty() || period_days_.back() != one.period))
        period_days_.push_back(one.period);
      periods_.push_back(one.period == no_day ? none : static_cast<std::uint32_t>(period_days_.size() - 1));
    }
  }

  [[nodiscard]] std::size_t rows() const noexcept { return order_.size(); }
  /// Of each row.
  [[nodiscard]] std::span<const double> weights() const noexcept { return weights_; }
  /// Of each row, the place among `respondent_names`.
  [[nodiscard]] std::span<const std::uint32_t> respondents() const noexcept { return respondents_; }
  /// Of each row, the place among `group_names`, or `none`.
  [[nodiscard]] std::span<const std::uint32_t> groups() const noexcept { return groups_; }
  /// Of each row, the place among `brand_names`, or `none`.
  [[nodiscard]] std::span<const std::uint32_t> brands() const noexcept { return brands_; }
  /// Of each row, the place among `period_days`, or `none`.
  [[nodiscard]] std::span<const std::uint32_t> periods() const noexcept { return periods_; }
  /// Those that some row has, in the order of their bytes.
  [[nodiscard]] const std::vector<std::string_view>& respondent_names() const noexcept {
    return respondent_names_;
  }
  [[nodiscard]] const std::vector<std::string_view>& group_names() const noexcept { return group_names_; }
  [[nodiscard]] const std::vector<std::string_view>& brand_names() const noexcept { return brand_names_; }
  /// Days since 1970-01-01, ascending.
  [[nodiscard]] const std::vector<std::int32_t>& period_days() const noexcept { return period_days_; }

  /// The labels of the questions, in the order of their bytes; a question that nobody answered is among them.
  [[nodiscard]] std::vector<std::string_view> item_labels() const {
    std::vector<std::string_view> labels;
    for (const answer_column& one : from_->items)
      labels.emplace_back(one.label());
    return labels;
  }
  [[nodiscard]] bool has_item(std::string_view label) const noexcept {
    return from_->find(label) != from_->items.size();
  }
  /// The answers to a question, in the order of the rows.
  /// \param where  begins the message \throws error status::data with the nearest label that there is
  [[nodiscard]] item answers(std::string_view where, std::string_view label) const {
    const std::size_t which = from_->find(label);
    if (which == from_->items.size()) {
      constexpr std::string_view role = "items:";
      if (label.starts_with(role) && has_item(label.substr(role.size())))
        throw error(status::data, message(where, "item", -1, shortened(label),
                                          shortened(label.substr(role.size())) + ", the label alone"));
      const std::string text = unknown_in_rows(where, "item", label, item_labels()).what();
      throw error(status::data,
                  text +
                      (text.ends_with('?') ? "" : "; questions are the labels of the columns items:LABEL"));
    }
    const answer_column& held = from_->items[which];
    item made;
    made.answers.reserve(order_.size());
    made.has_code.reserve(order_.size());
    for (const std::uint32_t row : order_) {
      double answer = held[row];
      // NaN would be found everywhere.
      const bool coded = answer == answer && std::binary_search(codes_.begin(), codes_.end(), answer);
      made.has_code.push_back(coded ? 1 : 0);
      made.coded += coded ? 1 : 0;
      if (coded)
        answer = std::numeric_limits<double>::quiet_NaN();
      made.answers.push_back(answer);
    }
    return made;
  }
  /// Where a row stands in `survey_data::rows`.
  [[nodiscard]] std::uint32_t row(std::size_t at) const noexcept { return order_[at]; }
  /// Who answered, as messages name a row: "respondent R7, brand Acme, period 2026-01-01".
  [[nodiscard]] std::string row_name(std::size_t row) const {
    std::string name = "respondent " + shortened(respondent_names_[respondents_[row]]);
    if (brands_[row] != none)
      name.append(", brand ").append(shortened(brand_names_[brands_[row]]));
    if (periods_[row] != none)
      name.append(", period ").append(to_string(date_from_days(period_days_[periods_[row]])));
    return name;
  }

private:
  /// Places of the texts of the rows in the list of those that occur.
  template <class Number>
  void place_texts(const id_pool& pool, const std::vector<std::uint32_t>& ranks,
                   std::vector<std::uint32_t>& places, std::vector<std::string_view>& names,
                   const Number& number_of) const {
    std::vector<std::uint32_t> by_rank(pool.size(), none); // numbers of the texts that occur
    for (const std::uint32_t row : order_) {
      if (const std::uint32_t number = number_of(row); number != none)
        by_rank[ranks[number]] = number;
    }
    std::vector<std::uint32_t> place(pool.size(), none);
    for (const std::uint32_t number : by_rank) {
      if (number == none)
        continue;
      place[number] = static_cast<std::uint32_t>(names.size());
      names.push_back(pool[number]);
    }
    places.reserve(order_.size());
    for (const std::uint32_t row : order_) {
      const std::uint32_t number = number_of(row);
      places.push_back(number == none ? none : place[number]);
    }
  }

  const survey_data* from_;
  std::vector<double> codes_;
  std::vector<std::uint32_t> order_;
  std::vector<double> weights_;
  std::vector<std::uint32_t> respondents_;
  std::vector<std::uint32_t> brands_;
  std::vector<std::uint32_t> groups_;
  std::vector<std::uint32_t> periods_;
  std::vector<std::string_view> respondent_names_;
  std::vector<std::string_view> brand_names_;
  std::vector<std::string_view> group_names_;
  std::vector<std::int32_t> period_days_;
};

} // namespace emptor::stats

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/run.hpp>
#include <emptor/credit/investigation_policy.hpp>
#include <emptor/stats/rating_history.hpp>

/// Credit investigation (客户信用调查): which facts about a customer are due, how old they are, what changed since
/// he was graded, and when to look again.
///
/// A fact of day d that is good for v days is due from d + v on; the one that counts is the latest of its name.
/// A fact has changed since the rating of day r where its value of today is another one than that of day r, or
/// where there was none; the change is dated by the first day after r on which the value was another one. A
/// customer is looked at again on the earliest of r + rhythm of his grade, the day of each change + review_within,
/// and the day on which a needed fact is due; who has no rating, or a grade without a rhythm, at once: no rule is
/// never a pass.
namespace emptor::credit {

/// Why a customer is looked at again on the day that is said. Of several on one day the first counts.
enum class review_reason : std::int32_t {
  never_rated = 0,
  no_rhythm = 1,
  missing_fact = 2,
  changed_fact = 3,
  old_fact = 4,
  rhythm = 5,
};
inline constexpr std::string_view review_reasons[] = {"never_rated",  "no_rhythm", "missing_fact",
                                                      "changed_fact", "old_fact",  "rhythm"};

enum class grade_change : std::int32_t {
  unrated = 0,
  first = 1,
  unchanged = 2,
  better = 3,
  worse = 4,
  other = 5, ///< another grade, and the policy does not rank both
};
inline constexpr std::string_view grade_changes[] = {"unrated", "first", "unchanged",
                                                     "better",  "worse", "other"};

enum class fact_state : std::int32_t { valid = 0, due = 1, missing = 2, not_needed = 3 };
inline constexpr std::string_view fact_states[] = {"valid", "due", "missing", "not_needed"};

/// A fact of a customer as it stands.
struct investigated_fact {
  std::string_view name;
  std::optional<std::string_view> value{}; ///< of the latest; none where it has none or there is none
  std::optional<std::int32_t> date{};      ///< none where there is none
  std::string_view source{};
  std::optional<wanted_fact> wanted{};
  std::optional<std::int32_t> due_on{};
  fact_state state = fact_state::not_needed;
  std::optional<std::string_view> value_at_rating{};
  std::optional<std::int32_t> changed_on{}; ///< since the rating
};

/// A rating of a customer. Texts are those of the store.
struct given_rating {
  std::string_view grade;
  std::optional<double> score{};
  std::int32_t date = 0;
};

/// What is known of one customer on a day.
struct investigated_customer {
  std::string_view customer;
  std::optional<given_rating> rating{};
  std::optional<given_rating> previous{};
  grade_change change = grade_change::unrated;
  std::vector<investigated_fact> facts{}; ///< sorted by name: those that are needed, and those that are known
  std::optional<std::int32_t> review_on{};
  std::optional<std::int32_t> facts_due_on{};
  std::optional<std::int32_t> look_again_on{}; ///< none: not before the calendar ends
  review_reason reason = review_reason::never_rated;
  bool due = false;
};

namespace detail {

/// The day so many days later; none behind the end of the calendar.
[[nodiscard]] inline std::optional<std::int32_t> later(std::int32_t day, std::int64_t days) noexcept {
  const std::int64_t sum = day + days;
  if (sum > last_day)
    return std::nullopt;
  return static_cast<std::int32_t>(sum);
}
/// The day of the review after one. None behind the end of the calendar.
[[nodiscard]] inline std::optional<std::int32_t> next_review(std::int32_t day,
                                                             const review_rhythm& rhythm) noexcept {
  if (rhythm.review_months == 0)
    return later(day, rhythm.review_days);
  if (!later(day, 31 * rhythm.review_months))
    return std::nullopt;
  return days_since_epoch(add_months(date_from_days(day), static_cast<int>(rhythm.review_months)));
}
inline void take_earlier(std::optional<std::int32_t>& day, std::optional<std::int32_t> other) noexcept {
  if (other && (!day || *other < *day))
    day = other;
}

/// Rows of some customers, each one's together.
template <class Row>
struct rows_of_customers {
  std::vector<Row> rows;
  std::vector<std::size_t> first; ///< by the number of the customer, and one more

  template <class Counts>
  rows_of_customers(const stats::revised<Row>& from, std::size_t customers, const Counts& counts)
      : first(customers + 1, 0) {
    const auto each = [&](const auto& body) {
      for (std::uint32_t row = 0; row < from.rows().size(); ++row) {
        if (from.is_live(row) && counts(from[row]))
          body(from[row]);
      }
    };
    each([&](const Row& one) { ++first[one.customer + 1]; });
    for (std::size_t i = 1; i < first.size(); ++i)
      first[i] += first[i - 1];
    rows.resize(first.back());
    std::vector<std::size_t> place(first.begin(), first.end() - 1);
    each([&](const Row& one) { rows[place[one.customer]++] = one; });
  }
  [[nodiscard]] std::span<Row> of(std::uint32_t customer) noexcept {
    return std::span(rows).subspan(first[customer], first[customer + 1] - first[customer]);
  }
};

} // namespace detail

/// Looks at one customer.
class investigator {
public:
  /// \param review_within days after a change, for facts whose policy does not say it
  investigator(const stats::rating_history& from, const investigation_policy& policy, std::int32_t today,
               std::int64_t review_within)
      : from_(from)
      , policy_(policy)
      , today_(today)
      , review_within_(review_within) {}

  /// \param ratings, facts of the customer up to today; they are sorted
  [[nodiscard]] investigated_customer look(std::string_view customer,
                                           std::span<stats::rating_history::rating> ratings,
                                           std::span<stats::rating_history::fact> facts) {
    investigated_customer made{.customer = customer};
    std::sort(ratings.begin(), ratings.end(),
              [](const auto& left, const auto& right) { return left.date < right.date; });
    if (!ratings.empty())
      made.rating = given(ratings.back());
    if (ratings.size() > 1)
      made.previous = given(ratings[ratings.size() - 2]);
    made.change = change_of(made);
    add_facts(made, facts);
    date_next_look(made);
    return made;
  }

private:
  [[nodiscard]] given_rating given(const stats::rating_history::rating& one) const {
    given_rating made{.grade = from_.word(one.grade), .date = one.date};
    if (one.has_score())
      made.score = one.score;
    return made;
  }
  [[nodiscard]] grade_change change_of(const investigated_customer& of) const {
    if (!of.rating)
      return grade_change::unrated;
    if (!of.previous)
      return grade_change::first;
    if (of.previous->grade == of.rating->grade)
      return grade_change::unchanged;
    const auto before = policy_.rank(of.previous->grade);
    const auto now = policy_.rank(of.rating->grade);
    if (!before || !now || *before == *now)
      return grade_change::other;
    return *now < *before ? grade_change::better : grade_change::worse;
  }
  [[nodiscard]] const std::vector<wanted_fact>& wanted(std::string_view grade) {
    const auto [at, is_new] = wanted_.try_emplace(grade);
    if (is_new)
      at->second = policy_.wanted(grade);
    return at->second;
  }
  [[nodiscard]] std::optional<std::string_view> value_of(const stats::rating_history::fact& one) const {
    if (one.value == stats::rating_history::no_text)
      return std::nullopt;
    return from_.word(one.value);
  }

  void add_facts(investigated_customer& made, std::span<stats::rating_history::fact> facts) {
    using fact = stats::rating_history::fact;
    std::sort(facts.begin(), facts.end(), [&](const fact& left, const fact& right) {
      return left.name != right.name ? from_.word(left.name) < from_.word(right.name)
                                     : left.date < right.date;
    });
    for (std::size_t i = 0; i < facts.size();) {
      std::size_t last = i;
      while (last + 1 < facts.size() && facts[last + 1].name == facts[i].name)
        ++last;
      made.facts.push_back(known(made, facts.subspan(i, last + 1 - i)));
      i = last + 1;
    }
    const std::size_t known_facts = made.facts.size();
    for (const wanted_fact& one : wanted(made.rating ? made.rating->grade : std::string_view{})) {
      const auto end = made.facts.begin() + static_cast<std::ptrdiff_t>(known_facts);
      const auto at = std::lower_bound(
          made.facts.begin(), end, one.fact,
          [](const investigated_fact& held, std::string_view name) { return held.name < name; });
      if (at == end || at->name != one.fact) {
        made.facts.push_back({.name = one.fact, .wanted = one, .state = fact_state::missing});
        continue;
      }
      at->wanted = one;
      at->due_on = detail::later(*at->date, one.valid_days);
      at->state = at->due_on && *at->due_on <= today_ ? fact_state::due : fact_state::valid;
    }
    std::sort(
        made.facts.begin(), made.facts.end(),
        [](const investigated_fact& left, const investigated_fact& right) { return left.name < right.name; });
  }
  /// \param rows of one fact, by day
  [[nodiscard]] investigated_fact known(const investigated_customer& of,
                                        std::span<const stats::rating_history::fact> rows) const {
    investigated_fact made{.name = from_.word(rows.back().name),
                           .value = value_of(rows.back()),
                           .date = rows.back().date,
                           .source = from_.word(rows.back().source)};
    if (!of.rating)
      return made;
    const auto after =
        std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.date > of.rating->date; });
    const bool was_known = after != rows.begin();
    const std::uint32_t before = was_known ? (after - 1)->value : stats::rating_history::no_text;
    if (was_known)
      made.value_at_rating = value_of(*(after - 1));
    if (after == rows.end() || (was_known && rows.back().value == before))
      return made;
    made.changed_on = std::find_if(after, rows.end(), [&](const auto& one) {
                        return !was_known || one.value != before;
                      })->date;
    return made;
  }

  void date_next_look(investigated_customer& made) const {
    const review_rhythm* const rhythm = made.rating ? policy_.rhythm(made.rating->grade) : nullptr;
    const auto look = [&](std::optional<std::int32_t> day, review_reason why) {
      if (day && (!made.look_again_on || *day < *made.look_again_on ||
                  (*day == *made.look_again_on && why < made.reason))) {
        made.look_again_on = day;
        made.reason = why;
      }
    };
    made.reason = review_reason::rhythm;
    if (!made.rating)
      look(today_, review_reason::never_rated);
    else if (rhythm == nullptr)
      look(today_, review_reason::no_rhythm);
    else
      made.review_on = detail::next_review(made.rating->date, *rhythm);
    look(made.review_on, review_reason::rhythm);
    for (const investigated_fact& one : made.facts) {
      if (one.changed_on) {
        const std::int64_t within =
            one.wanted ? one.wanted->review_within.value_or(review_within_) : review_within_;
        const std::optional<std::int32_t> day = detail::later(*one.changed_on, within);
        detail::take_earlier(made.review_on, day);
        look(day, review_reason::changed_fact);
      }
      if (!one.wanted)
        continue;
      const bool missing = one.state == fact_state::missing;
      detail::take_earlier(made.facts_due_on, missing ? today_ : one.due_on);
      look(missing ? today_ : one.due_on, missing ? review_reason::missing_fact : review_reason::old_fact);
    }
    made.due = made.look_again_on && *made.look_again_on <= today_;
  }

  const stats::rating_history& from_;
  const investigation_policy& policy_;
  std::int32_t today_;
  std::int64_t review_within_;
  std::map<std::string_view, std::vector<wanted_fact>> wanted_;
};

/// All customers of whom something is known on the day `as_of`, sorted by bytes. What is dated later does not
/// count. Texts are those of the store and the policy.
/// \param keys only these customers
/// \throws error status::conflict
[[nodiscard]] inline std::vector<investigated_customer>
investigate(const stats::rating_history& from, const investigation_policy& policy, date as_of,
            std::int64_t review_within, const std::optional<std::vector<std::string>>& keys = {},
            const run& how = {}) {
  const std::int32_t today = days_since_epoch(as_of);
  const std::vector<std::uint8_t> wanted = from.customers().wanted(keys);
  from.refuse_conflicts(wanted);
  const auto counts = [&](const auto& one) {
    return wanted[one.customer] != 0 && one.date <= today && !one.withdrawn;
  };
  detail::rows_of_customers ratings(from.ratings(), from.customers().size(), counts);
  detail::rows_of_customers facts(from.facts(), from.customers().size(), counts);
  investigator looks(from, policy, today, review_within);
  std::vector<investigated_customer> made;
  const std::vector<std::uint32_t> order = from.customers().sorted();
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i % 4096 == 0)
      how.check(static_cast<double>(i) / static_cast<double>(order.size()));
    const std::uint32_t customer = order[i];
    if (!ratings.of(customer).empty() || !facts.of(customer).empty())
      made.push_back(looks.look(from.customers()[customer], ratings.of(customer), facts.of(customer)));
  }
  return made;
}

} // namespace emptor::credit

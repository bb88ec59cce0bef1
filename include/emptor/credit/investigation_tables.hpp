// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/describe.hpp>
#include <emptor/core/table.hpp>
#include <emptor/credit/investigation.hpp>

namespace emptor::credit {

inline constexpr column_description investigated_customer_columns[] = {
    {.name = "customer", .what = content::text, .summary = "of whom something is known; sorted by bytes"},
    {.name = "grade", .what = content::text, .summary = "his last grade (信用等级)", .optional = true},
    {.name = "score", .summary = "points of the last rating", .optional = true},
    {.name = "rated_on", .what = content::day, .summary = "day of the last rating", .optional = true},
    {.name = "rating_age",
     .what = content::count,
     .unit = "days",
     .summary = "from the last rating to as_of",
     .optional = true},
    {.name = "previous_grade",
     .what = content::text,
     .summary = "grade of the rating before it",
     .optional = true},
    {.name = "previous_score", .summary = "points of the rating before it", .optional = true},
    {.name = "previous_rated_on",
     .what = content::day,
     .summary = "day of the rating before it",
     .optional = true},
    {.name = "grade_change",
     .what = content::code,
     .summary =
         "from the rating before to the last one; other: to another grade, and the policy does not rank "
         "both",
     .levels = grade_changes},
    {.name = "score_change",
     .summary = "points of the last rating less those of the one before",
     .optional = true},
    {.name = "facts_changed", .what = content::count, .summary = "facts that changed since the last rating"},
    {.name = "facts_needed", .what = content::count, .summary = "facts that his grade needs"},
    {.name = "facts_due", .what = content::count, .summary = "of these: missing, or no longer valid"},
    {.name = "oldest_fact",
     .what = content::count,
     .unit = "days",
     .summary = "age of the oldest of the facts that are needed and there",
     .optional = true},
    {.name = "review_on",
     .what = content::day,
     .summary =
         "day of the next review: by the rhythm of the grade, or earlier because something changed; none "
         "without a rating or rhythm, or behind the year 9999",
     .optional = true},
    {.name = "facts_due_on",
     .what = content::day,
     .summary = "first day on which a needed fact is due; as_of where one is missing",
     .optional = true},
    {.name = "look_again_on",
     .what = content::day,
     .summary = "when to look at him again: the earlier of the two; as_of without a rating or rhythm",
     .optional = true},
    {.name = "due", .what = content::boolean, .summary = "whether that day has come"},
    {.name = "reason",
     .what = content::code,
     .summary = "why then: never_rated; no_rhythm: the policy has none for his grade; a fact is missing, has "
                "changed since the rating or is too old; or the rhythm of reviews",
     .levels = review_reasons},
};
inline constexpr column_description investigated_fact_columns[] = {
    {.name = "customer", .what = content::text, .summary = "whom it is about"},
    {.name = "fact", .what = content::text, .summary = "its name; sorted by bytes"},
    {.name = "value", .what = content::text, .summary = "the latest one", .optional = true},
    {.name = "date", .what = content::day, .summary = "day of the latest one", .optional = true},
    {.name = "source", .what = content::text, .summary = "from where it is known", .optional = true},
    {.name = "age",
     .what = content::count,
     .unit = "days",
     .summary = "from date to as_of",
     .optional = true},
    {.name = "needed", .what = content::boolean, .summary = "whether the policy asks for it at his grade"},
    {.name = "valid_days",
     .what = content::count,
     .unit = "days",
     .summary = "how long it is good for",
     .optional = true},
    {.name = "due_on",
     .what = content::day,
     .summary = "from which day on it is due: date + valid_days",
     .optional = true},
    {.name = "state",
     .what = content::code,
     .summary = "valid, due (too old), missing, or not_needed",
     .levels = fact_states},
    {.name = "changed", .what = content::boolean, .summary = "whether it changed since the last rating"},
};
inline constexpr column_description investigation_change_columns[] = {
    {.name = "customer", .what = content::text, .summary = "whose it is"},
    {.name = "what",
     .what = content::text,
     .summary = "grade or score: from the rating before to the last one; fact: since the last rating"},
    {.name = "fact", .what = content::text, .summary = "its name", .optional = true},
    {.name = "before", .what = content::text, .summary = "what it was", .optional = true},
    {.name = "after", .what = content::text, .summary = "what it is", .optional = true},
    {.name = "date", .what = content::day, .summary = "day of the change"},
};
inline constexpr column_description investigation_total_columns[] = {
    {.name = "reason",
     .what = content::code,
     .summary = "as in the table customers; every one",
     .levels = review_reasons},
    {.name = "customers", .what = content::count, .summary = "who are looked at again for it"},
    {.name = "due", .what = content::count, .summary = "of these: the day has come"},
};
inline constexpr table_description investigation_outputs[] = {
    {.name = "customers",
     .summary = "one row for each customer: his grade, what changed, when to look again and why",
     .columns = investigated_customer_columns},
    {.name = "facts",
     .summary = "one row for each customer and fact that is needed or known: how old, and whether it is due",
     .columns = investigated_fact_columns},
    {.name = "changes",
     .summary = "what changed with the last grade and since, one by one",
     .columns = investigation_change_columns},
    {.name = "totals", .summary = "customers by reason", .columns = investigation_total_columns},
};

namespace detail {

/// Columns that grow by one value a row, some of them missing.
class growing_column {
public:
  void text(std::string_view value, bool there = true) {
    texts_.push_back(there ? value : std::string_view{});
    note(there, texts_.size() - 1);
  }
  void text(const std::optional<std::string_view>& value) { text(value.value_or(""), value.has_value()); }
  void number(const std::optional<double>& value) {
    numbers_.push_back(value.value_or(std::numeric_limits<double>::quiet_NaN()));
    note(value.has_value(), static_cast<std::int64_t>(numbers_.size()) - 1);
  }
  void count(const std::optional<std::int64_t>& value) {
    counts_.push_back(value.value_or(0));
    note(value.has_value(), static_cast<std::int64_t>(counts_.size()) - 1);
  }
  void day(const std::optional<std::int32_t>& value) {
    days_.push_back(value.value_or(0));
    note(value.has_value(), static_cast<std::int64_t>(days_.size()) - 1);
  }
  void boolean(bool value) { booleans_.push_back(value ? 1 : 0); }

  [[nodiscard]] column made(const column_description& as) {
    const std::string name(as.name);
    column all;
    switch (as.what) {
    case content::text:
    case content::id:
      all = column::texts(name, std::move(texts_));
      break;
    case content::count:
      all = column::integers(name, std::move(counts_));
      break;
    case content::day:
      all = column::days(name, std::move(days_));
      break;
    case content::code:
      all = column::codes(name, std::move(days_), as.levels);
      break;
    case content::boolean:
      all = column::booleans(name, std::move(booleans_));
      break;
    default:
      all = column::numbers(name, std::move(numbers_));
      break;
    }
    for (const std::int64_t row : missing_)
      all.set_missing(row);
    return all;
  }

private:
  void note(bool there, std::int64_t row) {
    if (!there)
      missing_.push_back(row);
  }
  text_buffer texts_;
  std::vector<double> numbers_;
  std::vector<std::int64_t> counts_;
  std::vector<std::int32_t> days_; ///< and codes
  std::vector<std::uint8_t> booleans_;
  std::vector<std::int64_t> missing_;
};

/// A table of the columns that a description names.
class growing_table {
public:
  explicit growing_table(const table_description& as)
      : as_(as)
      , columns_(as.columns.size()) {}
  /// The next column of a row, from the first one again after the last.
  growing_column& next() { return columns_[at_++ % columns_.size()]; }
  [[nodiscard]] table made() {
    table all{std::string(as_.name)};
    for (std::size_t i = 0; i < columns_.size(); ++i)
      all.add(columns_[i].made(as_.columns[i]));
    return all;
  }

private:
  const table_description& as_;
  std::vector<growing_column> columns_;
  std::size_t at_ = 0;
};

inline void add_customer(growing_table& to, const investigated_customer& one, std::int32_t today) {
  const auto age = [&](std::optional<std::int32_t> day) {
    return day ? std::optional<std::int64_t>(today - *day) : std::nullopt;
  };
  const auto day_of = [](const std::optional<given_rating>& of) {
    return of ? std::optional(of->date) : std::nullopt;
  };
  std::int64_t changed = 0;
  std::int64_t needed = 0;
  std::int64_t due = 0;
  std::optional<std::int32_t> oldest;
  for (const investigated_fact& fact : one.facts) {
    changed += fact.changed_on ? 1 : 0;
    needed += fact.wanted ? 1 : 0;
    due += fact.state == fact_state::due || fact.state == fact_state::missing ? 1 : 0;
    if (fact.wanted)
      take_earlier(oldest, fact.date);
  }
  to.next().text(one.customer);
  for (const std::optional<given_rating>* const of : {&one.rating, &one.previous}) {
    to.next().text(*of ? std::optional((*of)->grade) : std::nullopt);
    to.next().number(*of ? (*of)->score : std::nullopt);
    to.next().day(day_of(*of));
    if (of == &one.rating)
      to.next().count(age(day_of(*of)));
  }
  to.next().day(static_cast<std::int32_t>(one.change));
  const bool both = one.previous && one.rating->score && one.previous->score;
  const double change = both ? *one.rating->score - *one.previous->score : 0.0;
  const bool finite = both && change - change == 0.0;
  to.next().number(finite ? std::optional(change) : std::nullopt);
  to.next().count(changed);
  to.next().count(needed);
  to.next().count(due);
  to.next().count(age(oldest));
  to.next().day(one.review_on);
  to.next().day(one.facts_due_on);
  to.next().day(one.look_again_on);
  to.next().boolean(one.due);
  to.next().day(static_cast<std::int32_t>(one.reason));
}

inline void add_fact(growing_table& to, std::string_view customer, const investigated_fact& one,
                     std::int32_t today) {
  to.next().text(customer);
  to.next().text(one.name);
  to.next().text(one.value);
  to.next().day(one.date);
  to.next().text(one.source, !one.source.empty());
  to.next().count(one.date ? std::optional<std::int64_t>(today - *one.date) : std::nullopt);
  to.next().boolean(one.wanted.has_value());
  to.next().count(one.wanted ? std::optional(one.wanted->valid_days) : std::nullopt);
  to.next().day(one.due_on);
  to.next().day(static_cast<std::int32_t>(one.state));
  to.next().boolean(one.changed_on.has_value());
}

inline void add_changes(growing_table& to, const investigated_customer& of) {
  const auto add = [&](std::string_view what, const std::optional<std::string_view>& fact,
                       const std::optional<std::string_view>& before,
                       const std::optional<std::string_view>& after, std::int32_t day) {
    to.next().text(of.customer);
    to.next().text(what);
    to.next().text(fact);
    to.next().text(before);
    to.next().text(after);
    to.next().day(day);
  };
  if (of.previous) {
    const std::int32_t day = of.rating->date;
    if (of.previous->grade != of.rating->grade)
      add("grade", {}, of.previous->grade, of.rating->grade, day);
    if (of.previous->score != of.rating->score) {
      const std::string before = of.previous->score ? to_text(*of.previous->score) : "";
      const std::string after = of.rating->score ? to_text(*of.rating->score) : "";
      const auto shown = [](const std::string& text) {
        return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
      };
      add("score", {}, shown(before), shown(after), day);
    }
  }
  for (const investigated_fact& one : of.facts) {
    if (one.changed_on)
      add("fact", one.name, one.value_at_rating, one.value, *one.changed_on);
  }
}

} // namespace detail

} // namespace emptor::credit

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/options.hpp>
#include <emptor/credit/ledger_tables.hpp>
#include <emptor/stats/customer_groups.hpp>
#include <emptor/stats/one_currency.hpp>

/// What all measures of a ledger share: the day, the period, and by what they group the documents.
namespace emptor::credit {

/// The documents of one group in one currency.
struct document_group {
  std::string_view name; ///< the customer, the head of the group of companies, or the value of the attribute
  bool named = true;     ///< false: documents that carry no such attribute
  stats::currency_code currency = 0;
  std::span<const stats::open_item> items;         ///< in no order
  std::uint32_t customer = stats::ledger::no_text; ///< whose they are, where a group is a customer

  [[nodiscard]] std::string_view shown() const noexcept { return named ? name : "documents without a group"; }
};

namespace detail {

/// Calls `body` for each currency of some documents, in the order of the codes.
template <class Body>
void for_each_currency(document_group group, std::span<stats::open_item> items, const Body& body) {
  const auto unlike = [&](const stats::open_item& one) { return one.currency != items.front().currency; };
  if (std::any_of(items.begin(), items.end(), unlike))
    std::sort(items.begin(), items.end(), [](const stats::open_item& left, const stats::open_item& right) {
      return left.currency < right.currency;
    });
  for (std::size_t first = 0; first < items.size();) {
    std::size_t last = first + 1;
    while (last < items.size() && items[last].currency == items[first].currency)
      ++last;
    group.currency = items[first].currency;
    group.items = items.subspan(first, last - first);
    body(group);
    first = last;
  }
}

/// The values of one attribute over the combinations of attributes of a ledger.
class attribute_values {
public:
  attribute_values(const stats::ledger& from, std::string_view label)
      : from_(from)
      , label_(label) {}

  /// Documents that do not carry the label themselves have the value of their customer, where no document of the
  /// ledger carries it: whoever asks for some customers or another day groups by the same.
  /// \throws what `stats::customer_groups` throws
  void of_customers_too() {
    carried_ =
        carry([&](std::uint32_t row) { return from_.terms(from_.items()[row]).attributes; }, from_.items());
    if (carried_)
      return;
    static_cast<void>(stats::customer_groups(from_)); // refuses facts of two contents
    facts_ = &from_.records<stats::customer_record>();
    carried_ = carry([&](std::uint32_t row) { return (*facts_)[row].attributes; }, *facts_);
  }
  /// Whether nothing has the label: no item asked for, and nothing else where customers count too.
  [[nodiscard]] bool unknown_label() const noexcept { return numbers_.empty() && !carried_; }

  /// The number of an item's value, 0 where it has none.
  [[nodiscard]] std::uint32_t of(const stats::ledger::item& one) {
    return facts_ != nullptr ? of_customer(*facts_, one.customer) : of(from_.terms(one).attributes);
  }
  /// The same of a customer, from the table customers.
  [[nodiscard]] std::uint32_t of_customer(const stats::revised<stats::customer_record>& facts,
                                          std::uint32_t customer) {
    const std::uint32_t row = facts.find(customer);
    return row == stats::ledger::no_text ? 0 : of(facts[row].attributes);
  }
  /// The same of a combination of attributes by its number in the ledger.
  [[nodiscard]] std::uint32_t of(std::uint32_t combination) {
    if (combination == stats::ledger::no_text)
      return 0;
    if (combination >= known_.size())
      known_.resize(std::size_t{combination} + 1, unknown);
    std::uint32_t& value = known_[combination];
    if (value == unknown) {
      value = 0;
      for (const stats::ledger::attribute& held : from_.texts().attributes_at(combination)) {
        labels_.emplace(held.label);
        if (held.label == label_)
          value = numbers_.emplace(held.value, static_cast<std::uint32_t>(numbers_.size() + 1)).first->second;
      }
    }
    return value;
  }
  [[nodiscard]] const std::map<std::string, std::uint32_t>& numbers() const noexcept { return numbers_; }
  [[nodiscard]] const std::set<std::string>& labels() const noexcept { return labels_; }
  /// Says that nothing has the label. \throws error status::unknown_name
  [[noreturn]] void refuse(std::string_view where) const {
    std::vector<std::string_view> known{"customer", "group", "all"};
    known.insert(known.end(), labels_.begin(), labels_.end());
    throw unknown_name(where, "attribute", label_, known);
  }

private:
  /// Whether a row that counts carries the label. Notes the others.
  template <class Attributes, class Rows>
  [[nodiscard]] bool carry(const Attributes& attributes, const Rows& rows) {
    std::vector<bool> seen; // by combination
    for (std::uint32_t row = 0; row < rows.rows().size(); ++row) {
      const std::uint32_t combination = attributes(row);
      if (combination == stats::ledger::no_text)
        continue;
      if (combination >= seen.size())
        seen.resize(std::size_t{combination} + 1);
      if (seen[combination] || !rows.is_live(row))
        continue;
      seen[combination] = true;
      for (const stats::ledger::attribute& held : from_.texts().attributes_at(combination)) {
        if (held.label == label_)
          return true;
        labels_.emplace(held.label);
      }
    }
    return false;
  }

  static constexpr std::uint32_t unknown = 0xFFFFFFFF;
  const stats::ledger& from_;
  std::string_view label_;
  const stats::revised<stats::customer_record>* facts_ =
      nullptr; ///< where the items are grouped by customers
  bool carried_ = false;
  std::vector<std::uint32_t> known_;
  std::map<std::string, std::uint32_t> numbers_; ///< from 1 in the order of their first coming
  std::set<std::string> labels_;
};

} // namespace detail

/// Calls `body(document_group)` for each group and currency of a state, the groups in the byte order of their names
/// (those without a name last), within them the currencies in the order of their codes. A document that a settlement
/// settles for another group stays in its own: sums over the groups are those of the whole.
///
/// \param by    customer, group (of companies, by the name of its head), all, or the label of an attribute of the items,
///              or where none has it of the table customers
/// \param state its documents come into another order
/// \param whole whether `state` is of all customers: then a label that no document has is refused
/// \throws error status::unknown_name, what `stats::customer_groups` throws, and whatever `body` throws
template <class Body>
void for_each_group(std::string_view where, const stats::ledger& from, stats::ledger_state& state,
                    std::string_view by, bool whole, const Body& body) {
  const std::span<stats::open_item> items(state.items);
  if (by == "customer") {
    for (const stats::ledger_state::customer& one : state.customers)
      detail::for_each_currency({from.customer(one.id), true, 0, {}, one.id},
                                items.subspan(one.first, one.last - one.first), body);
    return;
  }
  if (by == "all")
    return detail::for_each_currency({"all", true, 0, {}}, items, body);

  std::vector<std::uint32_t> numbers(items.size());
  std::vector<std::size_t> ends;
  const auto count = [&](std::size_t groups) {
    ends.assign(groups, 0);
    for (const std::uint32_t number : numbers)
      ++ends[number];
  };
  std::size_t total = 0;
  const auto place = [&](std::uint32_t number) { total += std::exchange(ends[number], total); };
  detail::attribute_values values(from, by);
  std::vector<std::uint32_t> heads; // in the byte order of their names
  if (by == "group") {
    const stats::customer_groups groups(from);
    for (std::size_t i = 0; i < items.size(); ++i)
      numbers[i] = groups.head_of(from.items()[items[i].row].customer);
    heads = from.customers().sorted();
    count(heads.size());
    std::for_each(heads.begin(), heads.end(), place);
  } else {
    values.of_customers_too();
    for (std::size_t i = 0; i < items.size(); ++i)
      numbers[i] = values.of(from.items()[items[i].row]);
    if (whole && !items.empty() && values.unknown_label())
      values.refuse(where);
    count(values.numbers().size() + 1);
    for (const auto& [name, number] : values.numbers())
      place(number);
    place(0);
  }
  std::vector<stats::open_item> grouped(items.size());
  for (std::size_t i = 0; i < items.size(); ++i)
    grouped[ends[numbers[i]]++] = items[i];
  std::size_t first = 0;
  const auto tell = [&](std::string_view name, bool named, std::uint32_t number) {
    detail::for_each_currency({name, named, 0, {}}, std::span(grouped).subspan(first, ends[number] - first),
                              body);
    first = ends[number];
  };
  if (by == "group") {
    for (const std::uint32_t head : heads)
      tell(from.customer(head), true, head);
    return;
  }
  for (const auto& [name, number] : values.numbers())
    tell(name, true, number);
  tell({}, false, 0);
}

/// Periods of equal length that follow each other up to a day.
class measured_periods {
public:
  /// \param length days, weeks, months or years, whole and at least 1; or the date on which the only period begins
  /// \throws error status::option
  measured_periods(std::string_view where, date as_of, const horizon& length,
                   std::string_view option = "period")
      : after_(as_of + std::chrono::days{1})
      , begin_(length.until) {
    const auto refuse = [&](const std::string& is, std::string_view must_be) {
      throw error(status::option, message(where, "option " + std::string(option), -1, is, must_be));
    };
    if (begin_) {
      if (*begin_ > as_of)
        refuse(to_string(*begin_), "a length, or a date up to as_of");
      return;
    }
    constexpr double longest = 1200.0; // of years, so that no period begins before the calendar
    const bool by_month = length.unit == time_unit::month || length.unit == time_unit::year;
    const double count = length.count * (length.unit == time_unit::year   ? 12.0
                                         : length.unit == time_unit::week ? 7.0
                                                                          : 1.0);
    if (!(count >= 1.0 && count <= (by_month ? longest : longest * 30.0)) || count != std::floor(count))
      refuse(to_text(length.count),
             "a whole number of days, weeks, months or years, from 1 on and up to a century");
    (by_month ? months_ : days_) = static_cast<int>(count);
  }

  [[nodiscard]] bool only_one() const noexcept { return begin_.has_value(); }
  /// The first day of the period that ends `back` periods before the last one, held at the calendar's first day.
  [[nodiscard]] std::int32_t first(int back = 0) const noexcept {
    if (begin_)
      return days_since_epoch(*begin_);
    constexpr std::int64_t calendar = 12 * 10001; // months of it
    const std::int64_t months = std::min(std::int64_t{months_} * (back + 1), calendar);
    const std::int64_t day = months > 0
                                 ? std::int64_t{days_since_epoch(before(-static_cast<int>(months)))}
                                 : std::int64_t{days_since_epoch(after_)} - std::int64_t{days_} * (back + 1);
    return static_cast<std::int32_t>(std::max<std::int64_t>(day, first_day));
  }
  /// Its last day.
  [[nodiscard]] std::int32_t last(int back = 0) const noexcept {
    return back == 0 ? days_since_epoch(after_) - 1 : first(back - 1) - 1;
  }

private:
  /// The day after the same day of an earlier month; the end of a month is that of the other, however long they are.
  [[nodiscard]] date before(int months) const noexcept {
    constexpr std::chrono::days one{1};
    const bool month_ends = std::chrono::year_month_day{after_}.day() == std::chrono::day{1};
    return month_ends ? add_months(after_, months) : add_months(after_ - one, months) + one;
  }

  date after_;
  std::optional<date> begin_;
  int months_ = 0;
  int days_ = 0;
};

/// The columns that name the rows of a table by group and currency.
struct group_columns {
  text_buffer names;
  std::vector<std::int64_t> unnamed;
  std::vector<stats::currency_code> currencies;

  void add(const document_group& group) {
    if (!group.named)
      unnamed.push_back(static_cast<std::int64_t>(currencies.size()));
    names.push_back(group.name);
    currencies.push_back(group.currency);
  }
  [[nodiscard]] detail::money_columns money() const { return {{currencies.begin(), currencies.end()}}; }
  /// Adds the columns `group` and `currency`. The names are given away.
  void put_into(table& made) {
    column groups = column::texts("group", std::move(names));
    for (const std::int64_t row : unnamed)
      groups.set_missing(row);
    made.add(std::move(groups));
    made.add(detail::money_columns::codes(currencies));
  }
};

inline constexpr option_description option_as_of{
    .name = "as_of",
    .what = option_content::day,
    .summary =
        "the day at whose end the ledger is looked at; documents and settlements of later days do not count",
    .required = true};
inline constexpr option_description option_by{.name = "by",
                                              .what = option_content::text,
                                              .summary =
                                                  "what makes a group: customer, group (companies that "
                                                  "belong together, 集团客户), all, or the label of "
                                                  "an attribute of the items such as seller or region, "
                                                  "or where none has it of the table customers",
                                              .default_value = "customer"};
inline constexpr option_description option_in_currency{
    .name = "in_currency",
    .what = option_content::currency,
    .summary = "the currency of all amounts but those of findings (折算), each document at the rate of the "
               "ledger that holds "
               "on as_of and rounded for itself: what rounds to nothing counts as nothing. A document "
               "without a rate is "
               "refused by its name, where settlements are looked at also one that is settled. Without it "
               "each currency has "
               "rows of its own"};
inline constexpr option_description option_period{
    .name = "period",
    .what = option_content::horizon,
    .summary =
        "how long the period up to as_of is: whole days, a duration such as '3 months', or the date on which "
        "it begins. Months end on as_of and begin on the day after the same day of an earlier one",
    .default_value = "3 month"};
inline constexpr option_description option_confidence{
    .name = "confidence",
    .what = option_content::number,
    .summary = "probability with which an interval holds the truth",
    .unit = "probability",
    .allowed = {0.5, 0.9999},
    .default_value = "0.95"};
inline constexpr column_description column_group{
    .name = "group",
    .what = content::text,
    .summary =
        "the customer, the head of the group of companies, or the value of the attribute; none = documents "
        "without it",
    .optional = true};
inline constexpr column_description column_currency{
    .name = "currency", .what = content::text, .summary = "ISO 4217 code; empty for the unnamed currency"};

/// What the option asks for. \throws error status::currency
[[nodiscard]] inline std::optional<stats::currency_code> in_currency_of(const option_values& options) {
  if (!options.has("in_currency"))
    return std::nullopt;
  return stats::code_of(currency(options.text("in_currency")));
}

} // namespace emptor::credit

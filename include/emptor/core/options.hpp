// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/decimal.hpp>
#include <emptor/core/describe.hpp>
#include <emptor/core/units.hpp>

namespace emptor {

/// An option as the caller gives it: both sides are text, numbers in the form of C (locale-free).
struct option {
  std::string name;
  std::string value;
  friend bool operator==(const option&, const option&) = default;
};

/// The end of a forecast: a length, or the day after which nothing counts.
struct horizon {
  double count = 0.0;
  time_unit unit = time_unit::none;
  std::optional<date> until;
};

[[nodiscard]] inline std::optional<double> parse_number(std::string_view text) noexcept {
  double value = 0.0;
  if (text.starts_with('+') && !text.starts_with("+-"))
    text.remove_prefix(1);
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || text.empty())
    return std::nullopt;
  return value;
}

[[nodiscard]] inline std::optional<std::int64_t> parse_integer(std::string_view text) noexcept {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || text.empty())
    return std::nullopt;
  return value;
}

[[nodiscard]] inline std::optional<bool> parse_boolean(std::string_view text) noexcept {
  if (text == "true" || text == "1" || text == "yes")
    return true;
  if (text == "false" || text == "0" || text == "no")
    return false;
  return std::nullopt;
}

[[nodiscard]] constexpr std::optional<time_unit> parse_time_unit(std::string_view text) noexcept {
  if (!text.empty() && text.back() == 's')
    text.remove_suffix(1);
  for (const time_unit unit : {time_unit::day, time_unit::week, time_unit::month, time_unit::year}) {
    if (text == name(unit))
      return unit;
  }
  return std::nullopt;
}

/// Seconds east of Greenwich of a clock such as +08:00 or -05:30.
[[nodiscard]] constexpr std::optional<std::int32_t> parse_zone_offset(std::string_view text) noexcept {
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
    return std::nullopt;
  const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : 100; };
  const int hours = 10 * digit(1) + digit(2);
  const int minutes = 10 * digit(4) + digit(5);
  if (hours > 15 || minutes > 59)
    return std::nullopt;
  return (text[0] == '-' ? -60 : 60) * (60 * hours + minutes);
}

/// "39", "39 week", "39weeks", "1.5 years" or "1998-06-30".
[[nodiscard]] inline std::optional<horizon> parse_horizon(std::string_view text) {
  if (const auto day = parse_date(text))
    return horizon{0.0, time_unit::none, day};
  const std::size_t digits = text.find_last_of("0123456789.") + 1;
  const auto count = parse_number(text.substr(0, digits));
  std::string_view rest = text.substr(digits);
  if (count && rest.empty())
    return horizon{*count, time_unit::none, std::nullopt};
  rest.remove_prefix(rest.starts_with(' ') ? 1 : 0);
  const auto unit = parse_time_unit(rest);
  if (!count || !unit)
    return std::nullopt;
  return horizon{*count, *unit, std::nullopt};
}

/// A horizon counted in the time unit of a model.
/// \param as_of the day on which the rows' ages end; needed where the horizon is a date
/// \param option the name of the option, for messages
/// \throws error status::option where the horizon cannot be counted in `unit`, or lies before `as_of`
[[nodiscard]] inline double resolve(const horizon& asked, std::string_view where, time_unit unit,
                                    std::optional<date> as_of, std::string_view option = "horizon") {
  const auto refuse = [&](std::string_view why) {
    throw error(status::option,
                std::string(where) + ": option " + std::string(option) + " " + std::string(why));
  };
  if (asked.until) {
    if (unit == time_unit::none)
      refuse("is a date, but the model has no time unit");
    if (!as_of)
      refuse("is a date, which needs option as_of");
    if (*asked.until < *as_of)
      refuse("ends before as_of");
    return duration(*asked.until - *as_of).in(unit);
  }
  if (asked.unit == time_unit::none)
    return asked.count;
  if (unit == time_unit::none)
    refuse("has a unit, but the model has none");
  const double count = duration(asked.count, asked.unit).in(unit);
  if (!(count <= std::numeric_limits<double>::max()))
    refuse("is too long to be counted");
  return count;
}

[[nodiscard]] inline std::optional<std::vector<double>> parse_numbers(std::string_view text) {
  std::vector<double> values;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const auto value = parse_number(text.substr(0, comma));
    if (!value)
      return std::nullopt;
    values.push_back(*value);
    if (comma + 1 == text.size())
      return std::nullopt; // a comma with nothing behind it
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return values;
}

/// Options checked against their descriptions, with the defaults filled in. The getters cannot fail for names
/// that the descriptions have.
class option_values {
public:
  option_values() = default;

  /// \param where begins every message: the entry or store that asks
  /// \throws error status::unknown_name for a name that is not described, status::option for a value outside
  /// its
  ///         domain, a repeated name, or a required one that is missing
  option_values(std::string_view where, std::span<const option_description> described,
                std::span<const option> given) {
    for (const option& one : given) {
      if (std::none_of(described.begin(), described.end(),
                       [&](const option_description& known) { return known.name == one.name; })) {
        std::vector<std::string_view> names;
        for (const option_description& known : described)
          names.push_back(known.name);
        throw unknown_name(where, "option", one.name, names);
      }
    }
    for (const option_description& known : described) {
      const auto is_this = [&](const option& one) { return one.name == known.name; };
      const auto found = std::find_if(given.begin(), given.end(), is_this);
      if (std::count_if(given.begin(), given.end(), is_this) > 1)
        throw error(status::option,
                    std::string(where) + ": option " + std::string(known.name) + " is given twice");
      // An empty value is as good as none: the default holds.
      const std::string_view value = found != given.end() && !found->value.empty()
                                         ? std::string_view(found->value)
                                         : std::string_view(known.default_value);
      if (value.empty()) {
        if (known.required)
          throw error(status::option, std::string(where) + ": option " + std::string(known.name) +
                                          " is needed (" + std::string(known.summary) + ")");
        continue;
      }
      validate(where, known, value);
      values_.push_back({std::string(known.name), canonical(known, value)});
    }
  }

  [[nodiscard]] bool has(std::string_view name) const noexcept { return !text(name).empty(); }
  [[nodiscard]] std::string_view text(std::string_view name) const noexcept {
    for (const option& held : values_) {
      if (held.name == name)
        return held.value;
    }
    return {};
  }
  [[nodiscard]] double number(std::string_view name) const noexcept {
    return parse_number(text(name)).value_or(0.0);
  }
  [[nodiscard]] std::int64_t integer(std::string_view name) const noexcept {
    return parse_integer(text(name)).value_or(0);
  }
  [[nodiscard]] bool boolean(std::string_view name) const noexcept {
    return parse_boolean(text(name)).value_or(false);
  }
  [[nodiscard]] std::optional<date> day(std::string_view name) const { return parse_date(text(name)); }
  [[nodiscard]] emptor::horizon horizon(std::string_view name) const {
    return parse_horizon(text(name)).value_or(emptor::horizon{});
  }
  [[nodiscard]] std::vector<double> numbers(std::string_view name) const {
    return parse_numbers(text(name)).value_or(std::vector<double>{});
  }
  /// Seconds east of Greenwich; 0 where the option is not set.
  [[nodiscard]] std::int32_t zone_offset(std::string_view name) const noexcept {
    return parse_zone_offset(text(name)).value_or(0);
  }
  /// `none` where the option is not set.
  [[nodiscard]] time_unit unit(std::string_view name) const noexcept {
    return parse_time_unit(text(name)).value_or(time_unit::none);
  }
  /// The unnamed currency where the option is not set.
  [[nodiscard]] emptor::currency currency(std::string_view name) const noexcept {
    return emptor::currency::parse(text(name)).value_or(emptor::currency{});
  }
  /// The enumeration whose values are the places in `names`, of a choice that is set or has a default.
  template <class Choice>
  [[nodiscard]] Choice choice(std::string_view name, std::span<const std::string_view> names) const noexcept {
    return static_cast<Choice>(std::find(names.begin(), names.end(), text(name)) - names.begin());
  }
  /// What was set or has a default, in the order of the descriptions.
  [[nodiscard]] const std::vector<option>& all() const noexcept { return values_; }
  friend bool operator==(const option_values&, const option_values&) = default;

private:
  /// One text for one meaning, so that `yes` and `true` are equal options and files do not differ by spelling.
  static std::string canonical(const option_description& known, std::string_view value) {
    switch (known.what) {
    case option_content::number:
      return known.unit == "currency" ? canonical_amount(value) : to_text(*parse_number(value) + 0.0);
    case option_content::integer:
      return std::to_string(*parse_integer(value));
    case option_content::boolean:
      return *parse_boolean(value) ? "true" : "false";
    case option_content::numbers: {
      std::string text;
      const std::vector<double> listed = parse_numbers(value).value_or(std::vector<double>{});
      for (const double one : listed)
        text.append(text.empty() ? "" : ",").append(to_text(one + 0.0));
      return text;
    }
    case option_content::choice:
      return std::string(*find_choice(known, value));
    case option_content::horizon: {
      const emptor::horizon read = *parse_horizon(value);
      if (read.until)
        return to_string(*read.until);
      return to_text(read.count + 0.0) +
             (read.unit == time_unit::none ? "" : " " + std::string(emptor::name(read.unit)));
    }
    case option_content::zone:
      return *parse_zone_offset(value) == 0 ? "+00:00" : std::string(value);
    default:
      return std::string(value);
    }
  }

  /// Of money every digit counts, also one that a double does not hold; without an exponent where that is possible.
  static std::string canonical_amount(std::string_view value) {
    exact_decimal amount;
    if (decimal_of(value, amount) == row_status::ok)
      return to_text(amount);
    const double number = *parse_number(value) + 0.0;
    return shortest_decimal(number, amount) == row_status::ok ? to_text(amount) : to_text(number);
  }

  /// A unit of time may stand in the plural.
  static std::optional<std::string_view> find_choice(const option_description& known,
                                                     std::string_view value) {
    const auto unit = parse_time_unit(value);
    for (const std::string_view choice : known.choices) {
      if (choice == value || (unit && choice == emptor::name(*unit)))
        return choice;
    }
    return std::nullopt;
  }

  static void validate(std::string_view where, const option_description& known, std::string_view value) {
    const auto refuse = [&](std::string_view expected) {
      throw error(status::option,
                  message(where, "option " + std::string(known.name), -1, shortened(value), expected));
    };
    const auto in_domain = [&](double x) { return std::isfinite(x) && known.allowed.contains(x); };
    switch (known.what) {
    case option_content::number:
      if (const auto x = parse_number(value); !x || !in_domain(*x))
        refuse(to_text(known.allowed));
      break;
    case option_content::integer:
      if (const auto x = parse_integer(value); !x || !in_domain(static_cast<double>(*x)))
        refuse("a whole number, " + to_text(known.allowed));
      break;
    case option_content::boolean:
      if (!parse_boolean(value))
        refuse("true or false");
      break;
    case option_content::choice:
      if (!find_choice(known, value)) {
        std::string expected = "one of";
        for (const std::string_view choice : known.choices)
          expected.append(choice == known.choices.front() ? " " : ", ").append(choice);
        refuse(expected);
      }
      break;
    case option_content::day:
      if (!parse_date(value))
        refuse("a date such as 1997-09-30");
      break;
    case option_content::horizon:
      if (const auto x = parse_horizon(value); !x || (!x->until && !in_domain(x->count)))
        refuse("a number of time units " + to_text(known.allowed) + ", a length such as 39 week, or a date");
      break;
    case option_content::numbers:
      if (const auto list = parse_numbers(value);
          !list || !std::all_of(list->begin(), list->end(), in_domain))
        refuse("numbers separated by commas, each " + to_text(known.allowed));
      break;
    case option_content::currency:
      if (!emptor::currency::parse(value))
        refuse("an ISO 4217 code of three capital letters");
      break;
    case option_content::zone:
      if (!parse_zone_offset(value))
        refuse("an offset such as +08:00");
      break;
    case option_content::text:
      if (!is_utf8(value))
        refuse("well-formed UTF-8 text");
      break;
    }
  }

  std::vector<option> values_;
};

} // namespace emptor

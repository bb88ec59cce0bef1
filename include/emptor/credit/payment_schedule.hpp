// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/credit/payment_terms.hpp>
#include <emptor/stats/rows.hpp>

/// Documents and terms of payment to instalments (付款计划): what is due when, and what is taken off for paying earlier.
///
/// The instalments of a document add up to it, to the minor unit. A discount is part of the terms and no line of its own,
/// so that 2 % within 10 days and net 30 is one line with one discount step and not 200 % of the invoice.
namespace emptor::credit {

inline constexpr std::string_view payment_schedule_name = "credit.payment_schedule";

/// What keeps a document out of the schedule, or needs somebody's eye.
enum class schedule_finding : std::int32_t {
  repeated_document = 0,  ///< another row has the same id: nobody can tell which one holds
  unknown_terms = 1,      ///< no line has these terms
  unknown_currency = 2,   ///< no ISO 4217 code
  not_exact = 3,          ///< the amount is no whole number of the currency's minor units
  date_out_of_range = 4,  ///< something would be due after the year 9999
  discount_after_due = 5, ///< a discount ends after its instalment is due; it is scheduled all the same
};
inline constexpr std::string_view schedule_findings[] = {"repeated_document", "unknown_terms",
                                                         "unknown_currency",  "not_exact",
                                                         "date_out_of_range", "discount_after_due"};

namespace detail {

/// A table of a store of rows, whose columns may be missing as a whole.
class rows_view {
public:
  explicit rows_view(const table* of) noexcept
      : of_(of) {}
  [[nodiscard]] std::int64_t rows() const noexcept { return of_ == nullptr ? 0 : of_->rows(); }
  [[nodiscard]] std::optional<std::string_view> text(std::string_view name, std::int64_t row) const {
    const column* const held = find(name, row);
    return held == nullptr ? std::nullopt : std::optional(held->text()[row]);
  }
  [[nodiscard]] std::optional<double> number(std::string_view name, std::int64_t row) const {
    const column* const held = find(name, row);
    return held == nullptr ? std::nullopt : std::optional(held->as<double>()[static_cast<std::size_t>(row)]);
  }
  [[nodiscard]] std::optional<std::int64_t> amount(std::string_view name, std::int64_t row) const {
    const column* const held = find(name, row);
    return held == nullptr ? std::nullopt
                           : std::optional(held->as<std::int64_t>()[static_cast<std::size_t>(row)]);
  }
  [[nodiscard]] date day(std::string_view name, std::int64_t row) const {
    return date_from_days(of_->at(name).as<std::int32_t>()[static_cast<std::size_t>(row)]);
  }

private:
  [[nodiscard]] const column* find(std::string_view name, std::int64_t row) const {
    const column* const held = of_->find(name);
    return held == nullptr || !held->is_valid(row) ? nullptr : held;
  }
  const table* of_;
};

[[nodiscard]] inline due_rule read_due_rule(const rows_view& from, std::int64_t row) {
  due_rule made;
  if (const auto name = from.text("date_rule", row))
    made.rule = static_cast<date_rule>(std::find(std::begin(date_rules), std::end(date_rules), *name) -
                                       std::begin(date_rules));
  made.months = static_cast<int>(from.number("months", row).value_or(0.0));
  made.days = static_cast<int>(from.number("days", row).value_or(0.0));
  made.day_of_month = static_cast<unsigned>(from.number("day_of_month", row).value_or(31.0));
  made.cutoff_day = static_cast<unsigned>(from.number("cutoff_day", row).value_or(31.0));
  return made;
}

/// \throws error status::data that names the terms
inline void complete(std::string_view name, payment_terms& terms) {
  const auto refuse = [&](std::string_view what, std::string_view is, std::string_view must) {
    throw error(status::data, message(payment_schedule_name,
                                      std::string(what) + " of terms " + shortened(name), -1, is, must));
  };
  constexpr std::size_t most_lines = 1000;
  if (terms.lines.size() > most_lines)
    refuse("number of lines", std::to_string(terms.lines.size()), "at most 1000");
  std::sort(terms.lines.begin(), terms.lines.end(),
            [](const terms_line& left, const terms_line& right) { return left.line < right.line; });
  std::int64_t given = 0;
  std::int64_t without = 0;
  for (std::size_t i = 0; i < terms.lines.size(); ++i) {
    const terms_line& one = terms.lines[i];
    if (i > 0 && terms.lines[i - 1].line == one.line)
      refuse("line", std::to_string(one.line) + " twice", "given once");
    given += one.share ? decimal_share(*one.share) : 0;
    without += one.share ? 0 : 1;
  }
  const std::int64_t left = whole_share - given;
  constexpr std::int64_t written_digits = 1000; // thirds written with nine digits are a whole
  if (without == 0 && (left > written_digits || left < -written_digits))
    refuse("sum of share", to_text(static_cast<double>(given) / 1e12), "1");
  if (without > 0 && left <= 0)
    refuse("sum of share", to_text(static_cast<double>(given) / 1e12),
           "< 1, since a line without a share takes the rest");
  for (const terms_line& one : terms.lines)
    terms.weights.push_back(one.share ? decimal_share(*one.share) * std::max<std::int64_t>(without, 1)
                                      : left);
  for (const discount_step& step : terms.steps) {
    if (step.line && std::none_of(terms.lines.begin(), terms.lines.end(),
                                  [&](const terms_line& one) { return one.line == *step.line; }))
      refuse("line of a discount", std::to_string(*step.line), "a line of these terms");
  }
}

using terms_by_name = std::map<std::string_view, payment_terms>;

[[nodiscard]] inline terms_by_name read_terms(const rows_view& lines, const rows_view& discounts) {
  terms_by_name made;
  for (std::int64_t row = 0; row < lines.rows(); ++row)
    made[*lines.text("terms", row)].lines.push_back({static_cast<std::int64_t>(*lines.number("line", row)),
                                                     lines.number("share", row), read_due_rule(lines, row)});
  for (std::int64_t row = 0; row < discounts.rows(); ++row) {
    const std::string_view name = *discounts.text("terms", row);
    const auto found = made.find(name);
    if (found == made.end())
      throw error(status::data, message(payment_schedule_name, "terms of a discount", -1, shortened(name),
                                        "those of a line of the table terms"));
    const auto line = discounts.number("line", row);
    found->second.steps.push_back({line ? std::optional(static_cast<std::int64_t>(*line)) : std::nullopt,
                                   *discounts.number("discount_rate", row), read_due_rule(discounts, row)});
  }
  for (auto& [name, terms] : made)
    complete(name, terms);
  return made;
}

[[nodiscard]] inline bool is_admissible(date day) noexcept {
  return is_admissible_day(day.time_since_epoch().count());
}

} // namespace detail

namespace detail {

/// The tables of a schedule while they grow.
class schedule_tables {
public:
  explicit schedule_tables(int decimals)
      : decimals_(decimals) {}

  void add(std::string_view document, std::string_view currency, const std::vector<instalment>& schedule) {
    for (const instalment& one : schedule) {
      documents_.push_back(document);
      currencies_.push_back(currency);
      numbers_.push_back(one.number);
      due_.push_back(days_since_epoch(one.due));
      amounts_.push_back(one.amount);
      const bool offers = !one.discounts.empty();
      until_.push_back(offers ? days_since_epoch(one.discounts.front().until) : no_day);
      off_.push_back(offers ? one.discounts.front().amount : no_amount);
      for (std::size_t step = 0; step < one.discounts.size(); ++step) {
        const offered_discount& offered = one.discounts[step];
        step_documents_.push_back(document);
        step_instalments_.push_back(one.number);
        steps_.push_back(static_cast<std::int64_t>(step) + 1);
        step_rates_.push_back(offered.rate);
        step_until_.push_back(days_since_epoch(offered.until));
        step_currencies_.push_back(currency);
        step_off_.push_back(offered.amount);
        step_payable_.push_back(one.amount - offered.amount);
      }
    }
    of(currency).instalments += static_cast<std::int64_t>(schedule.size());
  }
  void count(std::string_view currency, std::int64_t amount, bool scheduled) {
    total& sum = of(currency);
    ++sum.documents;
    sum.amount += amount;
    (scheduled ? sum.scheduled : sum.unscheduled) += amount;
  }
  void find(schedule_finding what, std::string_view document, std::string_view terms,
            std::string_view currency, std::int64_t amount) {
    found_documents_.push_back(document);
    found_.push_back(static_cast<std::int32_t>(what));
    found_terms_.push_back(terms);
    found_currencies_.push_back(currency);
    found_amounts_.push_back(amount);
  }

  /// \throws error status::overflow where a total does not fit 64 bits
  [[nodiscard]] std::vector<table> tables() && {
    std::string unit;
    if (totals_.size() == 1 && currency::parse(totals_.begin()->first))
      unit = totals_.begin()->first;
    const auto money = [&](std::string name, std::vector<std::int64_t> values) {
      return column::amounts(std::move(name), std::move(values), decimals_, unit).or_none();
    };
    column until = column::days("discount_until", std::move(until_)).or_none();
    std::vector<table> made;
    made.push_back(
        {"instalments",
         {column::texts("document", std::move(documents_)),
          column::integers("instalment", std::move(numbers_)), column::days("due_date", std::move(due_)),
          money("amount", std::move(amounts_)), column::texts("currency", std::move(currencies_)),
          std::move(until), money("discount_amount", std::move(off_))}});
    made.push_back(
        {"discounts",
         {column::texts("document", std::move(step_documents_)),
          column::integers("instalment", std::move(step_instalments_)),
          column::integers("step", std::move(steps_)),
          column::numbers("discount_rate", std::move(step_rates_)),
          column::days("discount_until", std::move(step_until_)),
          money("discount_amount", std::move(step_off_)), money("payable", std::move(step_payable_)),
          column::texts("currency", std::move(step_currencies_))}});
    made.push_back(totals(money));
    made.push_back(
        {"findings",
         {column::texts("document", std::move(found_documents_)),
          column::codes("finding", std::move(found_), schedule_findings),
          column::texts("terms", std::move(found_terms_)), money("amount", std::move(found_amounts_)),
          column::texts("currency", std::move(found_currencies_))}});
    return made;
  }

private:
  struct total {
    std::int64_t documents = 0;
    std::int64_t instalments = 0;
    wide_integer amount = 0;
    wide_integer scheduled = 0;
    wide_integer unscheduled = 0;
  };
  [[nodiscard]] total& of(std::string_view currency) {
    const auto known = totals_.find(currency);
    return known != totals_.end() ? known->second : totals_.emplace(currency, total{}).first->second;
  }
  template <class Money>
  [[nodiscard]] table totals(const Money& money) const {
    text_buffer currencies;
    std::vector<std::int64_t> documents;
    std::vector<std::int64_t> instalments;
    std::vector<std::int64_t> sums[3];
    for (const auto& [currency, sum] : totals_) {
      currencies.push_back(currency);
      documents.push_back(sum.documents);
      instalments.push_back(sum.instalments);
      const wide_integer all[] = {sum.amount, sum.scheduled, sum.unscheduled};
      for (std::size_t i = 0; i < std::size(all); ++i) {
        constexpr auto limit = static_cast<wide_integer>(std::numeric_limits<std::int64_t>::max());
        if (all[i] > limit || all[i] < -limit)
          throw error(status::overflow,
                      std::string(payment_schedule_name) +
                          ": the amounts of all documents do not fit 64 bits of minor units");
        sums[i].push_back(static_cast<std::int64_t>(all[i]));
      }
    }
    return {"totals",
            {column::texts("currency", std::move(currencies)),
             column::integers("documents", std::move(documents)), money("amount", std::move(sums[0])),
             column::integers("instalments", std::move(instalments)), money("scheduled", std::move(sums[1])),
             money("unscheduled", std::move(sums[2]))}};
  }

  int decimals_;
  std::map<std::string, total, std::less<>> totals_;
  text_buffer documents_;
  text_buffer currencies_;
  std::vector<std::int64_t> numbers_;
  std::vector<std::int32_t> due_;
  std::vector<std::int64_t> amounts_;
  std::vector<std::int32_t> until_;
  std::vector<std::int64_t> off_;
  text_buffer step_documents_;
  text_buffer step_currencies_;
  std::vector<std::int64_t> step_instalments_;
  std::vector<std::int64_t> steps_;
  std::vector<double> step_rates_;
  std::vector<std::int32_t> step_until_;
  std::vector<std::int64_t> step_off_;
  std::vector<std::int64_t> step_payable_;
  text_buffer found_documents_;
  std::vector<std::int32_t> found_;
  text_buffer found_terms_;
  text_buffer found_currencies_;
  std::vector<std::int64_t> found_amounts_;
};

} // namespace detail

/// Schedules the documents of a store of rows with their terms; gives the tables of `payment_schedule_outputs`.
/// \throws error status::data where terms contradict themselves: shares that are no whole, a line given twice, a discount
///         on a line that is not there; status::overflow where a total does not fit 64 bits
[[nodiscard]] inline std::vector<table> schedule_payments(const stats::rows& from, instalment_rounding how,
                                                          const run& by = {}) {
  const std::vector<table> held = from.contents();
  const auto view = [&](std::string_view name) {
    const auto found =
        std::find_if(held.begin(), held.end(), [&](const table& one) { return one.name() == name; });
    return detail::rows_view(found == held.end() ? nullptr : &*found);
  };
  const detail::rows_view documents = view("documents");
  const detail::terms_by_name known = detail::read_terms(view("terms"), view("discounts"));
  const auto decimals = static_cast<int>(from.options().integer("decimals"));
  detail::schedule_tables made(decimals);
  const std::int64_t rows = documents.rows();
  for (std::int64_t row = 0; row < rows; ++row) {
    if (row % rows_per_task == 0)
      by.check(static_cast<double>(row) / static_cast<double>(rows));
    const std::string_view document = *documents.text("document", row);
    const std::string_view name = *documents.text("terms", row);
    const std::string_view code = documents.text("currency", row).value_or(std::string_view{});
    const std::int64_t amount = *documents.amount("amount", row);
    const std::int64_t discountable = documents.amount("discountable_amount", row).value_or(amount);
    const auto keep_out = [&](schedule_finding why) {
      made.find(why, document, name, code, amount);
      made.count(code, amount, false);
    };
    // Rows come sorted by document.
    if ((row > 0 && *documents.text("document", row - 1) == document) ||
        (row + 1 < rows && *documents.text("document", row + 1) == document)) {
      keep_out(schedule_finding::repeated_document);
      continue;
    }
    const auto terms = known.find(name);
    if (terms == known.end()) {
      keep_out(schedule_finding::unknown_terms);
      continue;
    }
    const std::optional<currency> named = currency::parse(code);
    if (!named) {
      keep_out(schedule_finding::unknown_currency);
      continue;
    }
    const int coarser = named->named() ? std::max(0, decimals - named->decimals()) : 0;
    const std::int64_t unit = power_of_ten(coarser);
    if (amount % unit != 0 || discountable % unit != 0) {
      keep_out(schedule_finding::not_exact);
      continue;
    }
    const std::vector<instalment> schedule =
        schedule_of(terms->second, documents.day("date", row), amount, discountable, how, unit);
    bool writable = true;
    bool late = false;
    for (const instalment& one : schedule) {
      writable = writable && detail::is_admissible(one.due);
      for (const offered_discount& offered : one.discounts) {
        writable = writable && detail::is_admissible(offered.until);
        late = late || offered.until > one.due;
      }
    }
    if (!writable) {
      keep_out(schedule_finding::date_out_of_range);
      continue;
    }
    if (late)
      made.find(schedule_finding::discount_after_due, document, name, code, amount);
    made.add(document, code, schedule);
    made.count(code, amount, true);
  }
  return std::move(made).tables();
}

} // namespace emptor::credit

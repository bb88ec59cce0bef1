// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include <emptor/core/money.hpp>
#include <emptor/core/status.hpp>
#include <emptor/credit/exposure_class.hpp>

/// Whether a document may go out on credit (信用检查): the rules by which the great ERPs hold an order, each a
/// comparison in whole minor units of what would be owed once the document is posted. Nothing is remembered from one check
/// to the next: the part of the document that the caller's exposure counts already is an input and is taken out
/// first, so that a check before and one after posting see the same.
namespace emptor::credit {

/// What a rule looks at.
enum class order_rule : std::int32_t {
  exposure = 0,       ///< what the classes of the rule hold with this document, against the credit limit
  document_value = 1, ///< the amount of this document alone
  oldest_overdue = 2, ///< days that the oldest open item is overdue
  overdue_share =
      3, ///< part of the open items, this document among them where it is one, that is overdue for more
         ///< than the rule's days
  overdue_amount = 4, ///< overdue open items
  dunning_level = 5,  ///< highest dunning level reached
  terms_changed = 6,  ///< terms of payment in the document that are not the customer's
  review_due = 7,     ///< the day on which the customer's credit was to be looked at again has passed
  limit_expired = 8,  ///< the day up to which the limit holds has passed
  blocked = 9,        ///< somebody has blocked the customer
  always = 10,        ///< every document of the rule's grade and class
};
inline constexpr std::string_view order_rules[] = {
    "exposure",      "document_value", "oldest_overdue", "overdue_share", "overdue_amount", "dunning_level",
    "terms_changed", "review_due",     "limit_expired",  "blocked",       "always"};

/// What becomes of the document where a rule is broken; of several the gravest.
enum class order_outcome : std::int32_t {
  release = 0, ///< the other way round: where such a rule is kept, no warning or hold of another one counts
  warn = 1,
  hold = 2,   ///< until somebody approves
  refuse = 3, ///< neither an approval nor a release lifts it
};
inline constexpr std::string_view order_outcomes[] = {"release", "warn", "hold", "refuse"};

/// One rule of a set. What its check does not look at stays as it is here.
struct order_check_rule {
  order_rule check = order_rule::always;
  order_outcome outcome = order_outcome::hold;
  std::string_view grade{};                     ///< only customers of this grade; empty = all
  std::optional<exposure_class> document_class; ///< only documents of this class

  // exposure
  by_exposure_class<bool> counts = all_exposure_classes;
  bool within_horizon = false; ///< of orders only those within the horizon (the dynamic check), else all
  bool deduct_secured = true;
  std::optional<std::int64_t> own_limit; ///< minor units, in place of the customer's limit
  /// Millionths of the limit that may be used: 900000 warns at 90 %, 1100000 tolerates 10 %; of overdue_share the share that
  /// may be overdue.
  std::int64_t share = 1'000'000;

  std::int64_t amount =
      0;                 ///< most that is allowed, minor units; of exposure what is tolerated above the limit
  std::int64_t days = 0; ///< most days that are allowed
  std::int64_t level = 0; ///< highest dunning level that is allowed
};

/// A document and the customer whose it is, as an order check sees them. Amounts are minor units of one currency.
struct order_position {
  static constexpr std::int32_t no_day = std::numeric_limits<std::int32_t>::min();

  std::int64_t amount = 0;  ///< of the document, >= 0
  std::int64_t counted = 0; ///< the part of it that its class counts already, >= 0
  exposure_class document_class = exposure_class::orders; ///< where it counts, or will count
  bool in_horizon = true;                                 ///< whether it falls within the horizon
  by_exposure_class<std::int64_t> owed{};                 ///< what each holds; open items may be below 0
  std::int64_t orders_in_horizon = no_amount;             ///< no_amount = not known
  std::int64_t secured = 0;          ///< what guarantees, deposits and insurance cover, >= 0
  std::int64_t limit = 0;            ///< 0 = none is granted
  std::int32_t limit_until = no_day; ///< no_day = it does not expire
  std::int32_t review_on = no_day;   ///< no_day = not known
  std::string_view grade{};
  std::int64_t oldest_overdue = no_amount; ///< days; no_amount = not known
  std::int64_t overdue = no_amount;
  std::int64_t older_overdue = no_amount; ///< the part of it that is overdue for more than older_than days
  std::int64_t older_than = no_amount;
  std::int64_t dunning_level = no_amount;
  std::optional<bool> terms_changed;
  std::optional<bool> blocked;
  std::int64_t approved_amount = no_amount; ///< no_amount = nobody has approved
  std::int32_t approved_until = no_day;     ///< no_day = without an end
};

/// What one rule says of a document.
enum class rule_answer : std::int32_t {
  kept = 0,
  broken = 1,
  unknown = 2,     ///< what it looks at is not known of this customer
  unconcerned = 3, ///< it is for other grades or documents
};

/// What would be owed with the document: the classes that count, less the part of the document that is in them, and the
/// whole document. A document counts even where the rule leaves out its class, but not beyond the horizon of a rule that
/// looks no further.
[[nodiscard]] constexpr std::optional<wide_integer> exposure_with(const order_check_rule& rule,
                                                                  const order_position& of) noexcept {
  wide_integer sum = 0;
  for (std::size_t i = 0; i < of.owed.size(); ++i) {
    if (!rule.counts[i])
      continue;
    const bool near = rule.within_horizon && static_cast<exposure_class>(i) == exposure_class::orders;
    if (near && of.orders_in_horizon == no_amount)
      return std::nullopt;
    sum += near ? of.orders_in_horizon : of.owed[i];
  }
  const bool order = of.document_class == exposure_class::orders;
  if (!(rule.within_horizon && order && !of.in_horizon)) {
    if (rule.counts[place_of(of.document_class)])
      sum -= of.counted;
    sum += of.amount;
  }
  return sum - (rule.deduct_secured ? of.secured : 0);
}

/// \param today  the day of the check
[[nodiscard]] constexpr rule_answer ask(const order_check_rule& rule, const order_position& of,
                                        std::int32_t today) noexcept {
  if (!rule.grade.empty() && rule.grade != of.grade)
    return of.grade.empty() ? rule_answer::unknown : rule_answer::unconcerned;
  if (rule.document_class && *rule.document_class != of.document_class)
    return rule_answer::unconcerned;
  const auto more = [](std::int64_t value, std::int64_t most) {
    return value == no_amount ? rule_answer::unknown : value > most ? rule_answer::broken : rule_answer::kept;
  };
  const auto truth = [](std::optional<bool> value) {
    return !value ? rule_answer::unknown : *value ? rule_answer::broken : rule_answer::kept;
  };
  const auto passed = [&](std::int32_t day) {
    return std::int64_t{today} - day > rule.days ? rule_answer::broken : rule_answer::kept;
  };
  constexpr wide_integer whole = 1'000'000;
  switch (rule.check) {
  case order_rule::exposure: {
    const std::optional<wide_integer> exposure = exposure_with(rule, of);
    if (!exposure)
      return rule_answer::unknown;
    // In millionths of minor units, so that no share of a limit is rounded.
    const wide_integer most =
        wide_integer{rule.own_limit.value_or(of.limit)} * rule.share + wide_integer{rule.amount} * whole;
    return *exposure * whole > most ? rule_answer::broken : rule_answer::kept;
  }
  case order_rule::document_value:
    return more(of.amount, rule.amount);
  case order_rule::oldest_overdue:
    return more(of.oldest_overdue, rule.days);
  case order_rule::overdue_share: {
    const std::int64_t overdue = rule.days == 0               ? of.overdue
                                 : rule.days == of.older_than ? of.older_overdue
                                                              : no_amount;
    if (overdue == no_amount)
      return rule_answer::unknown;
    wide_integer open = of.owed[0];
    if (of.document_class == exposure_class::open_items)
      open += wide_integer{of.amount} - of.counted;
    return wide_integer{overdue} * whole > std::max<wide_integer>(open, 0) * rule.share ? rule_answer::broken
                                                                                        : rule_answer::kept;
  }
  case order_rule::overdue_amount:
    return more(of.overdue, rule.amount);
  case order_rule::dunning_level:
    return more(of.dunning_level, rule.level);
  case order_rule::terms_changed:
    return truth(of.terms_changed);
  case order_rule::review_due: // a review that nobody has set a day for was not kept
    return of.review_on == order_position::no_day ? rule_answer::unknown : passed(of.review_on);
  case order_rule::limit_expired:
    return of.limit_until == order_position::no_day ? rule_answer::kept : passed(of.limit_until);
  case order_rule::blocked:
    return truth(of.blocked);
  case order_rule::always:
    return rule.outcome == order_outcome::release ? rule_answer::kept : rule_answer::broken;
  }
  return rule_answer::unknown;
}

enum class order_decision : std::int32_t { pass = 0, warn = 1, hold = 2, refuse = 3 };
inline constexpr std::string_view order_decisions[] = {"pass", "warn", "hold", "refuse"};

/// What a set of rules says of a document. Rules are numbered from 1 in the order of the set.
struct order_verdict {
  static constexpr std::int32_t by_approval = -1;

  order_decision decision = order_decision::pass;
  std::array<std::int32_t, 3>
      reasons{}; ///< the gravest broken rules, equals in the order of the set; 0 = none
  std::int32_t asked =
      0; ///< how many rules concern the document; a document that none concerns has no decision
  std::int32_t broken = 0; ///< how many rules are broken, lifted ones too
  std::int32_t released_by =
      0;                    ///< the rule that lifted warnings and holds, or by_approval; 0 = none was lifted
  std::int32_t unknown = 0; ///< the first rule whose question has no answer; then there is no decision
};

/// Asks all rules. A release or approval lifts warnings and holds, never a refusal; an approval lifts them up to its amount
/// and day. A rule whose question has no answer leaves no decision, nor does a set of which no rule but releases concerns
/// the document, for a check must not pass because nobody knew.
template <class Rules>
[[nodiscard]] constexpr order_verdict check_order(const Rules& rules, const order_position& of,
                                                  std::int32_t today) noexcept {
  order_verdict verdict;
  std::array<order_outcome, 3> gravity{};
  std::int32_t release = 0;
  std::int32_t number = 0;
  for (const order_check_rule& rule : rules) {
    ++number;
    const rule_answer answer = ask(rule, of, today);
    if (rule.outcome == order_outcome::release) { // unknown releases nothing
      if (answer == rule_answer::kept && release == 0)
        release = number;
      continue;
    }
    verdict.asked += answer != rule_answer::unconcerned ? 1 : 0;
    if (answer == rule_answer::unknown && verdict.unknown == 0)
      verdict.unknown = number;
    if (answer != rule_answer::broken)
      continue;
    ++verdict.broken;
    for (std::size_t i = 0; i < gravity.size(); ++i) {
      if (verdict.reasons[i] != 0 && gravity[i] >= rule.outcome)
        continue;
      for (std::size_t last = gravity.size() - 1; last > i; --last) {
        verdict.reasons[last] = verdict.reasons[last - 1];
        gravity[last] = gravity[last - 1];
      }
      verdict.reasons[i] = number;
      gravity[i] = rule.outcome;
      break;
    }
  }
  if (verdict.broken == 0)
    return verdict;
  verdict.decision = static_cast<order_decision>(gravity[0]);
  if (verdict.decision == order_decision::refuse)
    return verdict;
  const bool approved = of.approved_amount != no_amount && of.amount <= of.approved_amount &&
                        (of.approved_until == order_position::no_day || today <= of.approved_until);
  if (release != 0 || approved) {
    verdict.decision = order_decision::pass;
    verdict.released_by = release != 0 ? release : order_verdict::by_approval;
  }
  return verdict;
}

} // namespace emptor::credit

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include <emptor/core/date.hpp>
#include <emptor/stats/ledger_fields.hpp>
#include <emptor/stats/ledger_record_description.hpp>

/// The records that a ledger holds beside its documents and settlements. Of each kind `fields()` are its columns
/// in the order in which a file has them, and `contradiction()` names the column that contradicts another one.
namespace emptor::stats {

/// Why a record contradicts itself; no column where it does not.
struct record_fault {
  std::string_view column{};
  std::string_view must_be{};
};

/// An order or a delivery that is not invoiced yet.
struct commitment {
  std::int64_t amount = 0; ///< minor units, >= 0
  std::int64_t revision = 0;
  std::uint32_t document = ledger_pools::no_text; ///< number in `commitments`
  std::uint32_t customer = ledger_pools::no_text;
  std::uint32_t follows = ledger_pools::no_text; ///< number in `commitments`
  std::int32_t date = 0;
  std::int32_t planned = no_day;
  std::int32_t cancelled = no_day;
  currency_code currency = 0;
  commitment_kind kind = commitment_kind::order;

  static constexpr std::string_view table = "commitments";
  static constexpr ledger_pools::pool keys = &ledger_pools::commitments;
  static constexpr auto fields() {
    using self = commitment;
    return std::make_tuple(
        text_field<self>{"document", &self::document, keys, false, true},
        revision_field<self>{"revision", &self::revision},
        text_field<self>{"customer", &self::customer, &ledger_pools::customers},
        code_field<self, commitment_kind>{"kind", &self::kind, commitment_kinds},
        amount_field<self>{"amount", &self::amount}, currency_field<self>{"currency", &self::currency},
        day_field<self>{"date", &self::date}, day_field<self>{"planned_date", &self::planned, true},
        day_field<self>{"cancelled_on", &self::cancelled, true},
        text_field<self>{"follows", &self::follows, keys, true});
  }
  [[nodiscard]] std::uint32_t key() const noexcept { return document; }
  [[nodiscard]] record_fault contradiction() const noexcept { return {}; }
  friend bool operator==(const commitment&, const commitment&) = default;
};

/// What a customer objects to.
struct dispute {
  std::int64_t amount = 0; ///< minor units, >= 0
  std::int64_t revision = 0;
  std::uint32_t number = ledger_pools::no_text;
  std::uint32_t document = ledger_pools::no_text; ///< number in `documents`
  std::uint32_t reason = ledger_pools::no_text;
  std::int32_t opened = 0;
  std::int32_t closed = no_day;
  currency_code currency = 0;
  dispute_outcome outcome = dispute_outcome::none;

  static constexpr std::string_view table = "disputes";
  static constexpr ledger_pools::pool keys = &ledger_pools::disputes;
  static constexpr auto fields() {
    using self = dispute;
    return std::make_tuple(
        text_field<self>{"dispute", &self::number, keys, false, true},
        revision_field<self>{"revision", &self::revision},
        text_field<self>{"document", &self::document, &ledger_pools::documents},
        day_field<self>{"opened", &self::opened}, day_field<self>{"closed", &self::closed, true},
        amount_field<self>{"amount", &self::amount}, currency_field<self>{"currency", &self::currency},
        text_field<self>{"reason", &self::reason, &ledger_pools::reasons, true},
        code_field<self, dispute_outcome>{"outcome", &self::outcome, dispute_outcomes, true});
  }
  [[nodiscard]] std::uint32_t key() const noexcept { return number; }
  [[nodiscard]] record_fault contradiction() const noexcept {
    return closed != no_day && closed < opened ? record_fault{"closed", "not before opened"} : record_fault{};
  }
  friend bool operator==(const dispute&, const dispute&) = default;
};

/// What stands for a customer who does not pay.
struct security {
  std::int64_t amount = 0; ///< minor units, >= 0
  std::int64_t revision = 0;
  exact_decimal share{1, 0}; ///< in (0, 1]
  std::uint32_t number = ledger_pools::no_text;
  std::uint32_t customer = ledger_pools::no_text;
  std::int32_t from = 0;
  std::int32_t until = no_day;
  currency_code currency = 0;
  security_kind kind = security_kind::guarantee;

  static constexpr std::string_view table = "securities";
  static constexpr ledger_pools::pool keys = &ledger_pools::securities;
  static constexpr auto fields() {
    using self = security;
    return std::make_tuple(
        text_field<self>{"security", &self::number, keys, false, true},
        revision_field<self>{"revision", &self::revision},
        text_field<self>{"customer", &self::customer, &ledger_pools::customers},
        code_field<self, security_kind>{"kind", &self::kind, security_kinds},
        amount_field<self>{"amount", &self::amount}, currency_field<self>{"currency", &self::currency},
        decimal_field<self>{"share_covered", &self::share, true}, day_field<self>{"valid_from", &self::from},
        day_field<self>{"valid_until", &self::until, true});
  }
  [[nodiscard]] std::uint32_t key() const noexcept { return number; }
  [[nodiscard]] record_fault contradiction() const noexcept {
    if (share.value <= 0 || share.value > power_of_ten(share.scale))
      return {"share_covered", "in (0, 1]"};
    return until != no_day && until < from ? record_fault{"valid_until", "not before valid_from"}
                                           : record_fault{};
  }
  friend bool operator==(const security&, const security&) = default;
};

/// What a customer promised to pay.
struct promise {
  std::int64_t amount = 0; ///< minor units, >= 0
  std::int64_t revision = 0;
  std::uint32_t number = ledger_pools::no_text;
  std::uint32_t customer = ledger_pools::no_text;
  std::uint32_t about = ledger_pools::no_text; ///< number in `documents`; none = any of the customer's
  std::int32_t made = 0;
  std::int32_t pay_by = 0;
  std::int32_t withdrawn = no_day;
  currency_code currency = 0;

  static constexpr std::string_view table = "promises";
  static constexpr ledger_pools::pool keys = &ledger_pools::promises;
  static constexpr auto fields() {
    using self = promise;
    return std::make_tuple(
        text_field<self>{"promise", &self::number, keys, false, true},
        revision_field<self>{"revision", &self::revision},
        text_field<self>{"customer", &self::customer, &ledger_pools::customers},
        text_field<self>{"document", &self::about, &ledger_pools::documents, true},
        day_field<self>{"promised_on", &self::made}, day_field<self>{"pay_by", &self::pay_by},
        amount_field<self>{"amount", &self::amount}, currency_field<self>{"currency", &self::currency},
        day_field<self>{"withdrawn_on", &self::withdrawn, true});
  }
  [[nodiscard]] std::uint32_t key() const noexcept { return number; }
  [[nodiscard]] record_fault contradiction() const noexcept {
    return pay_by < made ? record_fault{"pay_by", "not before promised_on"} : record_fault{};
  }
  friend bool operator==(const promise&, const promise&) = default;
};

/// What is known of a customer.
struct customer_record {
  std::int64_t revision = 0;
  std::uint32_t customer = ledger_pools::no_text;
  std::uint32_t group = ledger_pools::no_text; ///< number in `customers`
  std::uint32_t attributes = ledger_pools::no_text;

  static constexpr std::string_view table = "customers";
  static constexpr ledger_pools::pool keys = &ledger_pools::customers;
  static constexpr auto fields() {
    using self = customer_record;
    return std::make_tuple(text_field<self>{"customer", &self::customer, keys, false, true},
                           revision_field<self>{"revision", &self::revision},
                           text_field<self>{"group", &self::group, keys, true},
                           attributes_field<self>{"attributes", &self::attributes});
  }
  [[nodiscard]] std::uint32_t key() const noexcept { return customer; }
  [[nodiscard]] record_fault contradiction() const noexcept { return {}; }
  friend bool operator==(const customer_record&, const customer_record&) = default;
};

/// A rate of exchange.
struct exchange_rate {
  std::int64_t revision = 0;
  exact_decimal rate;                           ///< units of `in` for one unit of `currency`
  std::uint32_t number = ledger_pools::no_text; ///< in `rates`
  std::int32_t date = 0;
  currency_code currency = 0;
  currency_code in = 0;

  static constexpr std::string_view table = "rates";
  static constexpr ledger_pools::pool keys = &ledger_pools::rates;
  static constexpr auto fields() {
    using self = exchange_rate;
    return std::make_tuple(currency_field<self>{"currency", &self::currency, false},
                           currency_field<self>{"in_currency", &self::in, false},
                           day_field<self>{"date", &self::date}, decimal_field<self>{"rate", &self::rate},
                           revision_field<self>{"revision", &self::revision});
  }
  [[nodiscard]] std::uint32_t key() const noexcept { return number; }
  [[nodiscard]] record_fault contradiction() const noexcept {
    if (currency == in)
      return {"in_currency", "another currency"};
    return rate.value <= 0 ? record_fault{"rate", "> 0"} : record_fault{};
  }
  /// What tells rates apart, as a message shows it: `USD in CNY on 2026-03-31`.
  [[nodiscard]] std::string name() const {
    const auto shown = [](currency_code code) {
      return code == 0 ? std::string("the unnamed currency") : std::string(currency_of(code).code());
    };
    return shown(currency) + " in " + shown(in) + " on " + to_string(date_from_days(date));
  }
  friend bool operator==(const exchange_rate&, const exchange_rate&) = default;
};

/// Gives a record the number that follows from what it says.
template <class Record>
void set_key(Record& /*of*/, ledger_pools& /*pools*/) {}
inline void set_key(exchange_rate& of, ledger_pools& pools) {
  of.number = pools.rates.intern(id_pool::key_of(of.name()));
}

} // namespace emptor::stats

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/date.hpp>
#include <emptor/core/describe.hpp>
#include <emptor/core/random.hpp>
#include <emptor/credit/simulate_ledger.hpp>
#include <emptor/value/bg_bb.hpp>
#include <emptor/value/gamma_gamma.hpp>
#include <emptor/value/pareto_nbd.hpp>

/// A company whose truth is known: a trader in office and workshop goods, founded on 2023-01-01. Each part of it stands in
/// a file of its own. The same size and seed give the same company on every machine, and its first customers are the same
/// for any size. What deviates from the models that are fitted to it, as every company does:
///
/// - orders come more often in some months than in others, those of seasonal customers much more;
/// - declining customers order less and less until they leave;
/// - a few orders are cancelled, changed or returned in part.
namespace emptor::tool::demo {

struct company_size {
  std::int64_t customers = 20000;
  std::uint64_t seed = 1;
};

/// What the entries are told of the company is written once, with their descriptions: a day like 2025-12-31.
[[nodiscard]] constexpr std::int32_t day_of(std::string_view iso) noexcept {
  const auto number = [&](std::size_t from, std::size_t size) {
    int made = 0;
    for (const char digit : iso.substr(from, size))
      made = made * 10 + (digit - '0');
    return made;
  };
  return days_since_epoch(date(std::chrono::year(number(0, 4)) / number(5, 2) / number(8, 2)));
}
/// The same of a share like 0.35.
[[nodiscard]] constexpr double share_of(std::string_view decimal) noexcept {
  double digits = 0.0;
  double scale = 1.0;
  for (const char digit : decimal.substr(2)) {
    digits = digits * 10.0 + (digit - '0');
    scale *= 10.0;
  }
  return digits / scale;
}

// Days are those since 1970-01-01.
inline constexpr std::int32_t founded = day_of("2023-01-01");
inline constexpr std::int32_t today = day_of(demo_today); ///< the last day that is known
inline constexpr std::int32_t year_ago = day_of(demo_year_ago);
inline constexpr std::int32_t days_ahead = 365; ///< the year of which truth knows what comes
inline constexpr double never = std::numeric_limits<double>::infinity();

// The processes: order and drop-out rates per week, amounts in euro, one promotion a month.
inline constexpr value::pareto_nbd_parameters<double> order_process{
    .r = 0.9, .alpha = 8.0, .s = 0.7, .beta = 30.0};
inline constexpr value::gamma_gamma_parameters<double> spend_process{.p = 6.0, .q = 4.0, .v = 60.0};
inline constexpr value::bg_bb_parameters<double> promotion_process{
    .alpha = 1.2, .beta = 2.8, .gamma = 0.8, .delta = 7.0};
inline constexpr double margin =
    share_of(demo_margin); ///< share of an amount that is left, on average over the products
inline constexpr double discount_rate = share_of(demo_discount_rate); ///< a year
inline constexpr double cancelled_share = 0.02;                       ///< of the repeat orders
inline constexpr double changed_share = 0.03;
inline constexpr double returned_share = 0.04;
inline constexpr double least_returned = 0.2;                     ///< of a line that comes back
inline constexpr double returned_range = 0.6;                     ///< from there up, evenly
inline constexpr double line_counts[] = {0.45, 0.30, 0.15, 0.10}; ///< how many orders have 1, 2, 3, 4 lines

enum class customer_kind : std::uint8_t { regular, declining, seasonal, one_time, key_account };
inline constexpr std::string_view customer_kinds[] = {"regular", "declining", "seasonal", "one_time",
                                                      "key_account"};

/// How a firm stands: the terms of its true probability of default, each with mean 0 and variance 1.
inline constexpr std::size_t credit_terms = 6;
struct credit_facts {
  std::array<double, credit_terms> standing{};
  double probability_of_default = 0.0;
};

struct customer {
  customer_kind kind = customer_kind::regular;
  bool business = false;      ///< buys on account
  double joined = 0.0;        ///< time of the first order in days
  double rate = 0.0;          ///< orders a day when he joins, averaged over the seasons
  double decline = 0.0;       ///< rate at which his rate falls, per day
  double drop_out_rate = 0.0; ///< per day; 0 = leaves on a fixed day
  double leaves = never;      ///< time of drop-out in days
  double spend = 0.0;         ///< mean amount of an order
  double spend_scale = 0.0;   ///< log of the rate of his amounts
  std::uint8_t region = 0;
  std::uint8_t industry = 0; ///< of a business
  std::uint8_t channel = 0;  ///< over which he mostly orders
  credit::payer_nature pays;
  credit_facts credit;

  [[nodiscard]] bool is_alive() const noexcept { return leaves >= static_cast<double>(today) + 1.0; }
  [[nodiscard]] std::int32_t joined_on() const noexcept { return static_cast<std::int32_t>(joined); }
};

struct order_line {
  std::uint16_t product = 0;
  std::int64_t quantity = 0;
  std::int64_t amount = 0; ///< cents
};

/// An order up to today. It is cancelled, or part of a line of it is returned, or neither.
struct order {
  std::int64_t customer = 0;
  std::int32_t day = 0;
  std::size_t first_line = 0;
  std::size_t last_line = 0; ///< one behind
  std::int64_t amount = 0;   ///< cents
  std::uint8_t channel = 0;
  bool changed = false; ///< there was an earlier revision, in which the first line was half as large again
  std::int32_t cancelled_on = 0; ///< 0 = not
  std::int32_t credited_on = 0;  ///< 0 = not
  std::size_t credited_line = 0;
  std::int64_t credit = 0; ///< cents
  std::int64_t number = 0; ///< of the document, in the order of days
};

struct order_book {
  std::vector<order> orders; ///< customer by customer, in time
  std::vector<order_line> lines;
  std::vector<std::size_t> first_order;       ///< of each customer, and one behind the last
  std::vector<std::int64_t> orders_next_year; ///< of each customer, none of them cancelled
};

/// What consumers did with the monthly promotions that they were sent.
struct promotion_answers {
  std::vector<std::int64_t> customer;
  std::vector<std::int64_t> frequency;
  std::vector<std::int64_t> recency;
  std::vector<std::int64_t> opportunities;
  std::vector<std::uint8_t> still_answers; ///< at the next one
  std::vector<double> expected;            ///< of the next twelve
};

inline constexpr std::size_t constructs = 6;
inline constexpr std::string_view construct_names[constructs] = {"expectation",  "quality",    "value",
                                                                 "satisfaction", "complaints", "loyalty"};
struct path {
  std::size_t from;
  std::size_t to;
  double coefficient;
};
/// Of standardised constructs, after the models of national satisfaction indices.
inline constexpr path true_paths[] = {{0, 1, 0.5}, {0, 2, 0.2},  {1, 2, 0.6}, {0, 3, 0.1}, {1, 3, 0.4},
                                      {2, 3, 0.4}, {3, 4, -0.5}, {3, 5, 0.6}, {4, 5, -0.2}};
struct item {
  std::string_view name;
  std::size_t construct;
  double loading;
};
inline constexpr item survey_items[] = {
    {"expectation_1", 0, 0.80},  {"expectation_2", 0, 0.75},  {"quality_1", 1, 0.85},
    {"quality_2", 1, 0.80},      {"quality_3", 1, 0.75},      {"value_1", 2, 0.85},
    {"value_2", 2, 0.80},        {"satisfaction_1", 3, 0.90}, {"satisfaction_2", 3, 0.85},
    {"satisfaction_3", 3, 0.80}, {"complaints", 4, 0.80},     {"loyalty_1", 5, 0.85},
    {"loyalty_2", 5, 0.80},      {"recommendation", 5, 0.85}};
inline constexpr std::size_t item_count = std::size(survey_items);
inline constexpr std::int8_t no_answer = -1;

struct survey_answers {
  std::vector<std::int64_t> customer;
  std::vector<std::int32_t> wave;
  std::vector<std::array<std::int8_t, item_count>> answers;
  std::vector<std::array<double, constructs>> latent;
};

struct product {
  std::string_view name;
  std::string_view category;
  std::int64_t price;  ///< cents
  std::int64_t margin; ///< percent
};
extern const std::array<product, 24> products;
inline constexpr std::string_view channels[] = {"web", "phone", "field"};
inline constexpr std::string_view regions[] = {"north", "east", "south", "west"};
inline constexpr std::string_view industries[] = {"construction", "manufacturing", "services", "retail",
                                                  "public"};

// The parts. Each draws from streams of its own, named by the part and the customer.
[[nodiscard]] std::vector<customer> make_customers(const company_size& size);
[[nodiscard]] order_book make_orders(std::vector<customer>& customers, const company_size& size);
/// What is invoiced and paid; the orders of customers on account, one after the other, without those cancelled.
struct receivables {
  credit::simulated_ledger ledger;
  std::vector<std::size_t> order_of_invoice; ///< the order of each entry of ledger.invoice_of_order
};
[[nodiscard]] receivables make_receivables(const std::vector<customer>& customers, const order_book& book,
                                           const company_size& size);
[[nodiscard]] promotion_answers make_promotions(const std::vector<customer>& customers,
                                                const company_size& size);
[[nodiscard]] survey_answers make_survey(const std::vector<customer>& customers, const company_size& size);

/// How much more is ordered in a month (0 = January) than on average over the year.
[[nodiscard]] double season(customer_kind kind, unsigned month) noexcept;
[[nodiscard]] inline unsigned month_of(std::int32_t day) noexcept {
  return static_cast<unsigned>(std::chrono::year_month_day(date_from_days(day)).month()) - 1U;
}

/// Streams of the parts.
enum class part : std::uint64_t {
  nature = 0x64656d6f00,
  orders,
  receivables,
  credit,
  credit_facts,
  promotions,
  survey
};
[[nodiscard]] inline random_stream stream_of(const company_size& size, part which, std::int64_t customer) {
  return {size.seed, static_cast<std::uint64_t>(which), static_cast<std::uint64_t>(customer)};
}

} // namespace emptor::tool::demo

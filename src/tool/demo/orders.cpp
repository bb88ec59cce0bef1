// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <iterator>
#include <numeric>

#include <emptor/math/elementary.hpp>
#include <emptor/stats/variates.hpp>

#include "company.hpp"

namespace emptor::tool::demo {

const std::array<product, 24> products{{
    {"copy paper, 5 reams", "paper", 2490, 22},  {"envelopes, 500", "paper", 1890, 35},
    {"notebook A4", "paper", 390, 45},           {"labels, 100 sheets", "paper", 1650, 40},
    {"ballpoint pens, 50", "writing", 1290, 48}, {"markers, 10", "writing", 1190, 45},
    {"highlighters, 6", "writing", 690, 47},     {"toner black", "print", 7990, 28},
    {"toner colour", "print", 11990, 27},        {"ink cartridge", "print", 3490, 33},
    {"lever arch file", "filing", 320, 42},      {"hanging folders, 25", "filing", 1790, 40},
    {"archive boxes, 20", "filing", 3290, 36},   {"desk lamp", "furniture", 4900, 38},
    {"office chair", "furniture", 18900, 34},    {"standing desk", "furniture", 44900, 30},
    {"whiteboard", "furniture", 8900, 37},       {"work gloves, 12", "workshop", 2290, 41},
    {"safety glasses", "workshop", 1190, 44},    {"cable ties, 1000", "workshop", 1590, 46},
    {"cordless drill", "workshop", 12900, 29},   {"screw assortment", "workshop", 2690, 43},
    {"coffee beans, 1 kg", "pantry", 1690, 31},  {"paper cups, 1000", "pantry", 3490, 34},
}};

namespace {

constexpr double mild[] = {0.9, 0.9, 1.0, 1.0, 1.05, 1.0, 0.9, 0.85, 1.0, 1.05, 1.15, 1.2};
constexpr double strong[] = {0.2, 0.2, 0.3, 0.5, 0.9, 1.0, 0.6, 0.4, 0.8, 1.6, 2.7, 2.8};
constexpr double most_in_a_season = std::max(*std::max_element(std::begin(mild), std::end(mild)),
                                             *std::max_element(std::begin(strong), std::end(strong)));

} // namespace

double season(customer_kind kind, unsigned month) noexcept {
  return kind == customer_kind::seasonal ? strong[month] : mild[month];
}

namespace {

class order_writer {
public:
  explicit order_writer(order_book& book)
      : book_(book) {}

  void write(const customer& who, std::int64_t number, std::int32_t day, bool is_first,
             random_stream& stream) {
    order one;
    one.customer = number;
    one.day = day;
    const double log_amount = stats::log_gamma_variate(spend_process.p, stream) - who.spend_scale;
    const double amount = math::exp(log_amount) * spend_process.v * 100.0;
    one.amount =
        std::max<std::int64_t>(static_cast<std::int64_t>(math::floor(std::min(amount, 1e12) + 0.5)), 1);
    one.channel = stream.uniform() < 0.8 ? who.channel : static_cast<std::uint8_t>(stream.below(2));
    write_lines(one, stream);
    change(one, is_first, stream);
    book_.orders.push_back(one);
  }

private:
  void write_lines(order& one, random_stream& stream) {
    std::size_t count = 1;
    for (double u = stream.uniform(); count < std::size(line_counts) && u >= line_counts[count - 1]; ++count)
      u -= line_counts[count - 1];
    double shares[std::size(line_counts)];
    double sum = 0.0;
    for (std::size_t i = 0; i < count; ++i)
      sum += shares[i] = stream.uniform();
    one.first_line = book_.lines.size();
    double part = 0.0;
    std::int64_t before = 0;
    for (std::size_t i = 0; i < count; ++i) {
      part += shares[i];
      const std::int64_t up_to =
          i + 1 == count
              ? one.amount
              : static_cast<std::int64_t>(math::floor(static_cast<double>(one.amount) * (part / sum)));
      order_line line;
      // The first products are asked for most.
      const double u = stream.uniform();
      line.product = static_cast<std::uint16_t>(u * u * static_cast<double>(products.size()));
      line.amount = up_to - before;
      line.quantity = std::max<std::int64_t>(line.amount / products[line.product].price, 1);
      book_.lines.push_back(line);
      before = up_to;
    }
    one.last_line = book_.lines.size();
  }

  /// What becomes of it up to today.
  void change(order& one, bool is_first, random_stream& stream) const {
    const double luck = stream.uniform();
    const auto later = [&](std::int32_t least, std::uint64_t more) {
      return one.day + least + static_cast<std::int32_t>(stream.below(more));
    };
    one.changed = stream.uniform() < changed_share;
    if (luck < cancelled_share) {
      const std::int32_t day = later(1, 5);
      if (!is_first && day <= today)
        one.cancelled_on = day;
      return;
    }
    if (luck >= cancelled_share + returned_share)
      return;
    const std::int32_t day = later(4, 26);
    one.credited_line = one.first_line + stream.below(one.last_line - one.first_line);
    const double share = least_returned + returned_range * stream.uniform();
    const auto amount = static_cast<double>(book_.lines[one.credited_line].amount);
    one.credit = day <= today ? static_cast<std::int64_t>(math::floor(amount * share)) : 0;
    one.credited_on = one.credit > 0 ? day : 0;
  }

  order_book& book_;
};

/// The days of the orders of a customer, the first one included: a Poisson process at the rate of the customer and the
/// season until he leaves, by thinning. All that he orders on one day stands in one document.
std::vector<std::int32_t> order_days(const customer& who, random_stream& stream) {
  std::vector<std::int32_t> days{who.joined_on()};
  const double end = std::min(who.leaves, static_cast<double>(today + 1 + days_ahead));
  for (double time = who.joined;;) {
    time += stats::exponential_variate(stream) / (who.rate * most_in_a_season);
    if (!(time < end))
      return days;
    const auto day = static_cast<std::int32_t>(time);
    const double now = season(who.kind, month_of(day)) * math::exp(-who.decline * (time - who.joined));
    if (stream.uniform() * most_in_a_season < now && day > days.back())
      days.push_back(day);
  }
}

} // namespace

order_book make_orders(std::vector<customer>& customers, const company_size& size) {
  order_book book;
  order_writer writer(book);
  for (std::size_t number = 0; number < customers.size(); ++number) {
    customer& who = customers[number];
    random_stream stream = stream_of(size, part::orders, static_cast<std::int64_t>(number));
    book.first_order.push_back(book.orders.size());
    std::int64_t later = 0;
    std::int64_t up_to_today = 0;
    for (const std::int32_t day : order_days(who, stream)) {
      if (day > today) {
        ++later;
        continue;
      }
      writer.write(who, static_cast<std::int64_t>(number), day, up_to_today == 0, stream);
      ++up_to_today;
    }
    book.orders_next_year.push_back(later);
    const bool in_core = who.kind == customer_kind::regular || who.kind == customer_kind::key_account;
    if (in_core && up_to_today == 1 && !who.is_alive())
      who.kind = customer_kind::one_time;
  }
  book.first_order.push_back(book.orders.size());

  std::vector<std::size_t> by_day(book.orders.size());
  std::iota(by_day.begin(), by_day.end(), std::size_t{0});
  std::stable_sort(by_day.begin(), by_day.end(),
                   [&](std::size_t a, std::size_t b) { return book.orders[a].day < book.orders[b].day; });
  for (std::size_t i = 0; i < by_day.size(); ++i)
    book.orders[by_day[i]].number = static_cast<std::int64_t>(i) + 1;
  return book;
}

} // namespace emptor::tool::demo

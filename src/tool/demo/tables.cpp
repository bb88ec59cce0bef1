// SPDX-License-Identifier: BSL-1.0
#include "tables.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <tuple>

#include "credit_facts.hpp"
#include "truth.hpp"

namespace emptor::tool::demo {

namespace {

constexpr int cents = 2;

/// A letter and a number of at least so many digits: O0000123.
std::string id(char letter, std::int64_t number, std::size_t digits) {
  std::string text = std::to_string(number);
  if (text.size() < digits)
    text.insert(0, digits - text.size(), '0');
  return text.insert(0, 1, letter);
}
std::string customer_id(std::int64_t number) {
  return id('C', number + 1, 6);
}
std::string product_id(std::size_t number) {
  return id('A', static_cast<std::int64_t>(number) + 1, 3);
}

/// Makes a table as its description says, row after row: cell after cell, in the order of the columns.
class table_writer {
public:
  explicit table_writer(std::string_view name)
      : described_(*std::find_if(company_tables().begin(), company_tables().end(),
                                 [&](const table_description& one) { return one.name == name; })) {
    for (const column_description& one : described_.columns) {
      cells_.emplace_back();
      cells_.back().is_text = one.what == content::id || one.what == content::text;
    }
  }
  table_writer& operator<<(std::string_view text) {
    return next([&](cell_column& to) { to.texts.push_back(text); });
  }
  table_writer& operator<<(double value) {
    return next([&](cell_column& to) { to.numbers.push_back(value); });
  }
  template <class Whole>
  requires std::is_integral_v<Whole> || std::is_enum_v<Whole> table_writer& operator<<(Whole value) {
    return next([&](cell_column& to) { to.wholes.push_back(static_cast<std::int64_t>(value)); });
  }
  /// A missing cell.
  table_writer& operator<<(std::nullopt_t) {
    const column_description& what = described_.columns[at_];
    return next([&](cell_column& to) {
      to.missing.push_back(rows_);
      if (to.is_text)
        to.texts.push_back({});
      else if (what.what == content::number)
        to.numbers.push_back(std::numeric_limits<double>::quiet_NaN());
      else
        to.wholes.push_back(0);
    });
  }
  template <class T>
  table_writer& operator<<(const std::optional<T>& value) {
    return value ? *this << *value : *this << std::nullopt;
  }

  [[nodiscard]] table made() {
    table all{std::string(described_.name)};
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      column one = column_of(described_.columns[i], cells_[i]);
      for (const std::int64_t row : cells_[i].missing)
        one.set_missing(row);
      all.add(std::move(one));
    }
    return all;
  }

private:
  struct cell_column {
    bool is_text = false;
    text_buffer texts;
    std::vector<double> numbers;
    std::vector<std::int64_t> wholes;
    std::vector<std::int64_t> missing;
  };
  template <class Add>
  table_writer& next(const Add& add) {
    add(cells_[at_]);
    if (++at_ == cells_.size()) {
      at_ = 0;
      ++rows_;
    }
    return *this;
  }
  static column column_of(const column_description& what, cell_column& cells) {
    std::string name(what.name);
    const auto narrow = [&]<class T>(T) { return std::vector<T>(cells.wholes.begin(), cells.wholes.end()); };
    switch (what.what) {
    case content::number:
      return column::numbers(std::move(name), std::move(cells.numbers));
    case content::count:
      return column::integers(std::move(name), std::move(cells.wholes));
    case content::amount:
      return column::amounts(std::move(name), std::move(cells.wholes), cents);
    case content::day:
      return column::days(std::move(name), narrow(std::int32_t{}));
    case content::boolean:
      return column::booleans(std::move(name), narrow(std::uint8_t{}));
    case content::code:
      return column::codes(std::move(name), narrow(std::int32_t{}), what.levels);
    case content::text:
    case content::id:
      break;
    }
    return column::texts(std::move(name), std::move(cells.texts));
  }

  const table_description& described_;
  std::vector<cell_column> cells_;
  std::size_t at_ = 0;
  std::int64_t rows_ = 0;
};

template <class T>
std::optional<T> only(bool there, T value) {
  return there ? std::optional<T>(value) : std::nullopt;
}

table customers_table(const std::vector<customer>& customers) {
  table_writer to("customers");
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const customer& who = customers[i];
    to << customer_id(static_cast<std::int64_t>(i)) << who.business << who.joined_on() << regions[who.region]
       << only(who.business, industries[who.industry]) << only(who.business, who.pays.terms);
  }
  return to.made();
}

table products_table() {
  table_writer to("products");
  for (std::size_t i = 0; i < products.size(); ++i)
    to << product_id(i) << products[i].name << products[i].category << products[i].price
       << static_cast<double>(products[i].margin) / 100.0;
  return to.made();
}

std::int64_t margin_of(const order_line& line, std::int64_t amount) {
  return amount * products[line.product].margin / 100;
}

table orders_table(const order_book& book) {
  enum class row_kind { order, cancellation, credit };
  struct row {
    std::int32_t day;
    row_kind kind;
    const order* of;
  };
  std::vector<row> rows;
  for (const order& one : book.orders) {
    rows.push_back({one.day, row_kind::order, &one});
    if (one.cancelled_on != 0)
      rows.push_back({one.cancelled_on, row_kind::cancellation, &one});
    if (one.credited_on != 0)
      rows.push_back({one.credited_on, row_kind::credit, &one});
  }
  std::sort(rows.begin(), rows.end(), [](const row& left, const row& right) {
    return std::tuple(left.day, left.kind, left.of->number) <
           std::tuple(right.day, right.kind, right.of->number);
  });
  table_writer to("orders");
  for (const row& one : rows) {
    const order& of = *one.of;
    const std::string number = id('O', of.number, 7);
    const auto begin = [&](std::optional<std::int64_t> amount, std::string_view document, std::size_t line,
                           int revision, std::optional<std::string_view> cancels) -> table_writer& {
      return to << customer_id(of.customer) << one.day << amount << document << std::to_string(line)
                << revision << cancels << "EUR";
    };
    if (one.kind == row_kind::cancellation) {
      begin(std::nullopt, id('C', of.number, 7), 1, 0, number)
          << std::nullopt << std::nullopt << std::nullopt << channels[of.channel];
      continue;
    }
    if (one.kind == row_kind::credit) {
      const order_line& line = book.lines[of.credited_line];
      begin(-of.credit, id('R', of.number, 7), 1, 0, number)
          << std::nullopt << product_id(line.product) << -margin_of(line, of.credit) << channels[of.channel];
      continue;
    }
    for (int revision = 0; revision <= (of.changed ? 1 : 0); ++revision) {
      for (std::size_t i = of.first_line; i < of.last_line; ++i) {
        const order_line& line = book.lines[i];
        const bool is_earlier = of.changed && revision == 0 && i == of.first_line;
        const std::int64_t amount = is_earlier ? line.amount + line.amount / 2 : line.amount;
        begin(amount, number, i - of.first_line + 1, revision, std::nullopt)
            << line.quantity + (is_earlier ? 1 : 0) << product_id(line.product) << margin_of(line, amount)
            << channels[of.channel];
      }
    }
  }
  return to.made();
}

/// Names of documents: an invoice has the number of its order, the others count in the order of their days.
std::vector<std::string> document_names(const receivables& due, const order_book& book,
                                        const std::vector<std::size_t>& by_day) {
  const credit::simulated_ledger& ledger = due.ledger;
  std::vector<std::string> names(ledger.open.size());
  for (std::size_t i = 0; i < due.order_of_invoice.size(); ++i)
    names[ledger.invoice_of_order[i]] = id('I', book.orders[due.order_of_invoice[i]].number, 7);
  std::int64_t number = 0;
  for (const std::size_t i : by_day) {
    if (!names[i].empty())
      continue;
    constexpr std::string_view letters = "IMBNPWD"; // of the kinds
    names[i] = id(letters[static_cast<std::size_t>(ledger.kind[i])], ++number, 7);
  }
  return names;
}

std::vector<std::size_t> in_order_of(const std::vector<std::int32_t>& days) {
  std::vector<std::size_t> places(days.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::stable_sort(places.begin(), places.end(),
                   [&](std::size_t a, std::size_t b) { return days[a] < days[b]; });
  return places;
}

struct ledger_parts {
  table items;
  table settlements;
  table disputes;
};
ledger_parts ledger_tables(const receivables& due, const order_book& book) {
  const credit::simulated_ledger& ledger = due.ledger;
  const std::vector<std::size_t> by_day = in_order_of(ledger.day);
  const std::vector<std::string> names = document_names(due, book, by_day);
  table_writer items("items");
  for (const std::size_t i : by_day)
    items << names[i] << customer_id(ledger.customer[i]) << ledger.kind[i] << ledger.amount[i] << "EUR"
          << ledger.day[i] << only(ledger.due[i] != no_day, ledger.due[i])
          << only(ledger.discount_until[i] != no_day, ledger.discount_until[i])
          << only(ledger.discount_until[i] != no_day, ledger.discount[i]) << ledger.reason[i];
  table_writer settlements("settlements");
  std::int64_t number = 0;
  for (const std::size_t i : in_order_of(ledger.settled_on))
    settlements << id('S', ++number, 7) << names[ledger.settled[i]] << names[ledger.settling[i]]
                << ledger.settled_on[i] << ledger.settled_amount[i] << "EUR";
  table_writer disputes("disputes");
  number = 0;
  for (const credit::simulated_dispute& one : ledger.disputes)
    disputes << id('Q', ++number, 5) << names[one.document] << one.opened
             << only(one.closed != no_day, one.closed) << one.amount << "EUR"
             << only(one.outcome != stats::dispute_outcome::none, one.outcome);
  return {items.made(), settlements.made(), disputes.made()};
}

table control_table(const credit::simulated_ledger& ledger) {
  std::int64_t balance = 0;
  for (std::size_t i = 0; i < ledger.open.size(); ++i)
    balance += stats::is_debit(ledger.kind[i]) ? ledger.open[i] : -ledger.open[i];
  table_writer to("control");
  to << "EUR" << balance;
  return to.made();
}

/// What the company decided for all its customers.
std::vector<table> policy_tables() {
  table_writer terms("payment_terms");
  for (const std::int64_t net : {14, 30, 60})
    terms << "2/10 net " + std::to_string(net) << 0.02 << 10 << net;
  table_writer levels("dunning_levels");
  levels << 1 << 7 << 0 << 1000 << "reminder";
  levels << 2 << 21 << 500 << 1000 << "second reminder";
  levels << 3 << 42 << 1000 << 1000 << "last reminder";
  table_writer rates("interest_rates");
  rates << founded << 0.0912 << day_of("2024-01-01") << 0.1127 << day_of("2025-01-01") << 0.1062;
  std::vector<table> all;
  all.push_back(terms.made());
  all.push_back(levels.made());
  all.push_back(rates.made());
  return all;
}

table promotions_table(const promotion_answers& answers) {
  table_writer to("promotions");
  for (std::size_t i = 0; i < answers.customer.size(); ++i)
    to << customer_id(answers.customer[i]) << answers.frequency[i] << answers.recency[i]
       << answers.opportunities[i];
  return to.made();
}

table credit_table(const std::vector<customer>& customers, const company_size& size) {
  table_writer to("credit_facts");
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const customer& who = customers[i];
    if (!who.business)
      continue;
    random_stream stream = stream_of(size, part::credit_facts, static_cast<std::int64_t>(i));
    const balance_sheet known = publish(who.credit, stream);
    const bool is_over = who.joined_on() <= year_ago;
    const bool defaulted = who.pays.insolvent != credit::never_insolvent;
    to << customer_id(static_cast<std::int64_t>(i)) << (is_over ? year_ago : who.joined_on())
       << known.total_assets << known.working_capital << known.retained_earnings << known.ebit << known.equity
       << known.total_liabilities << known.sales << known.years_in_business << known.bureau_score
       << only(is_over, defaulted) << only(defaulted, who.pays.insolvent);
  }
  return to.made();
}

std::pair<table, table> survey_tables(const survey_answers& survey) {
  table_writer answers("survey");
  table_writer latent("truth_survey");
  for (std::size_t i = 0; i < survey.customer.size(); ++i) {
    answers << customer_id(survey.customer[i]) << survey.wave[i];
    for (const std::int8_t points : survey.answers[i])
      answers << only(points != no_answer, points);
    latent << customer_id(survey.customer[i]) << survey.wave[i];
    for (const double construct : survey.latent[i])
      latent << construct;
  }
  return {answers.made(), latent.made()};
}

table truth_table(const std::vector<customer>& customers, const std::vector<customer_truth>& truth,
                  const order_book& book, const promotion_answers& promotions) {
  table_writer to("truth");
  std::size_t answer = 0;
  for (std::size_t i = 0; i < customers.size(); ++i) {
    const customer& who = customers[i];
    const customer_truth& known = truth[i];
    const bool answers =
        answer < promotions.customer.size() && promotions.customer[answer] == static_cast<std::int64_t>(i);
    const bool leaves = who.leaves < static_cast<double>(last_day);
    to << customer_id(static_cast<std::int64_t>(i)) << who.kind << who.is_alive()
       << only(leaves, static_cast<std::int32_t>(leaves ? who.leaves : 0.0))
       << who.rate * 7.0 * (1.0 - cancelled_share) << who.drop_out_rate * 7.0 << who.spend * kept_share()
       << known.expected_orders << book.orders_next_year[i] << known.value << known.value_given_orders
       << known.orders << known.total_amount << only(who.business, who.pays.mean_delay)
       << only(who.business, who.credit.probability_of_default) << only(who.business, known.balance)
       << only(who.business, known.overdue) << only(answers, answers && promotions.still_answers[answer] != 0)
       << only(answers, answers ? promotions.expected[answer] : 0.0);
    answer += answers ? 1 : 0;
  }
  return to.made();
}

table parameters_table(std::string_view name, std::span<const std::string_view> names,
                       std::span<const double> values) {
  table_writer to(name);
  for (std::size_t i = 0; i < names.size(); ++i)
    to << names[i] << values[i];
  return to.made();
}

table ageing_table(const std::vector<std::int64_t>& sums) {
  table_writer to("truth_ageing");
  constexpr std::size_t ages = std::size(age_buckets);
  for (std::size_t i = 0; i < sums.size(); ++i)
    to << (i < ages ? age_buckets[i].name : other_buckets[i - ages]) << sums[i];
  return to.made();
}

table credit_terms_table() {
  table_writer to("truth_credit");
  to << "intercept" << std::nullopt << std::nullopt << credit_intercept;
  for (const credit_term& one : true_credit_terms)
    to << one.ratio << one.mean << one.deviation << one.coefficient;
  return to.made();
}

table paths_table() {
  table_writer to("truth_paths");
  for (const path& one : true_paths)
    to << construct_names[one.from] << construct_names[one.to] << one.coefficient;
  return to.made();
}

table loadings_table() {
  table_writer to("truth_loadings");
  for (const item& one : survey_items)
    to << construct_names[one.construct] << one.name << one.loading;
  return to.made();
}

} // namespace

std::vector<table> make_company(const company_size& size) {
  std::vector<customer> customers = make_customers(size);
  const order_book book = make_orders(customers, size);
  const receivables due = make_receivables(customers, book, size);
  const promotion_answers promotions = make_promotions(customers, size);
  ledger_parts ledger = ledger_tables(due, book);
  auto [answers, latent] = survey_tables(make_survey(customers, size));
  std::vector<table> all;
  all.push_back(customers_table(customers));
  all.push_back(products_table());
  all.push_back(orders_table(book));
  all.push_back(std::move(ledger.items));
  all.push_back(std::move(ledger.settlements));
  all.push_back(std::move(ledger.disputes));
  all.push_back(control_table(due.ledger));
  for (table& one : policy_tables())
    all.push_back(std::move(one));
  all.push_back(promotions_table(promotions));
  all.push_back(credit_table(customers, size));
  all.push_back(std::move(answers));
  all.push_back(truth_table(customers, find_truth(customers, book, due), book, promotions));
  const auto& o = order_process;
  const auto& s = spend_process;
  const auto& p = promotion_process;
  all.push_back(
      parameters_table("truth_orders", value::pareto_nbd::names, std::array{o.r, o.alpha, o.s, o.beta}));
  all.push_back(parameters_table("truth_spend", value::gamma_gamma::names, std::array{s.p, s.q, s.v}));
  all.push_back(parameters_table("truth_promotions", value::bg_bb::names,
                                 std::array{p.alpha, p.beta, p.gamma, p.delta}));
  all.push_back(ageing_table(age_truth(due.ledger)));
  all.push_back(credit_terms_table());
  all.push_back(paths_table());
  all.push_back(loadings_table());
  all.push_back(std::move(latent));
  return all;
}

} // namespace emptor::tool::demo

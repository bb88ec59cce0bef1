// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <emptor/core/store.hpp>
#include <emptor/stats/id_pool.hpp>
#include <emptor/stats/rating_history_data.hpp>
#include <emptor/stats/rating_history_description.hpp>
#include <emptor/stats/row_blocks.hpp>

namespace emptor::stats {

/// Credit grades of customers over time (信用等级历史), and the facts that were found out about them.
///
/// A customer has one rating a day, and one value a day of each fact: the highest revision that came. The same
/// revision with the same content is `repeated`, with other content a `conflict`: both contents are kept until a
/// higher revision comes, and a finish refuses to guess. A rating or fact that should not be there is taken back
/// by a higher revision that says `withdrawn`. What was pushed when does not matter: a rating of last year that
/// comes today is one of last year.
/// Memory: per rating and fact 40 bytes, per day of a customer and fact up to 110, texts once.
class rating_history final : public store {
public:
  using rating = rating_history_data::rating;
  using fact = rating_history_data::fact;
  static constexpr std::uint32_t no_text = rating_history_data::no_text;

  /// \param options checked against `rating_history_options`
  explicit rating_history(option_values options = option_values("rating_history", rating_history_options, {}))
      : options_(std::move(options)) {}

  [[nodiscard]] const store_description& description() const noexcept override {
    return rating_history_description;
  }
  [[nodiscard]] const option_values& options() const noexcept override { return options_; }

  /// A push that names no table is one of `ratings`.
  push_report push(const push_request& request) override {
    const bool of_ratings = request.table.empty() || request.table == "ratings";
    if (!of_ratings && request.table != "facts")
      throw unknown_name("rating_history", "table", request.table, {"ratings", "facts"});
    rating_history_data::transaction undo(data_);
    const push_report report = of_ratings ? push_ratings(request) : push_facts(request);
    undo.commit();
    return report;
  }

  void merge(const store& other) override {
    const auto* from = dynamic_cast<const rating_history*>(&other);
    if (from == nullptr || from->options_ != options_)
      throw error(status::mismatch, "rating_history: only stores of the same kind and options merge");
    if (from == this)
      return; // it holds all of itself
    rating_history_data::transaction undo(data_);
    take_from(from->data_, [](std::uint32_t) { return true; });
    undo.commit();
  }

  [[nodiscard]] std::vector<table> contents() const override { return {rating_table(), fact_table()}; }

  void restore(std::vector<table> contents) override {
    rating_history fresh(options_);
    const auto refuse = [](const std::string& why) { throw error(status::format, "rating_history: " + why); };
    if (contents.size() != 2 || contents[0].name() != "ratings" || contents[1].name() != "facts")
      refuse("its contents must be the tables ratings and facts");
    try {
      for (const table& held : contents) {
        const std::vector<named_column> columns = held.views();
        const push_report report =
            fresh.push({.table = held.name(), .columns = columns, .rows = held.rows()});
        if (report.added + report.conflicts != held.rows())
          refuse("its saved rows are not what it saves");
      }
    } catch (const error& refused) {
      if (refused.code() == status::out_of_memory || refused.code() == status::format)
        throw;
      throw error(status::format, refused.what());
    }
    *this = std::move(fresh);
  }

  std::int64_t erase(std::span<const std::string_view> keys) override {
    const std::vector<std::uint8_t> gone = data_.customers.marked(keys);
    rating_history kept(options_);
    kept.take_from(data_, [&](std::uint32_t customer) { return gone[customer] == 0; });
    data_ = std::move(kept.data_);
    return std::count(gone.begin(), gone.end(), std::uint8_t{1});
  }

  [[nodiscard]] std::unique_ptr<store> clone() const override {
    return std::make_unique<rating_history>(*this);
  }

  [[nodiscard]] const revised<rating>& ratings() const noexcept { return data_.ratings; }
  [[nodiscard]] const revised<fact>& facts() const noexcept { return data_.facts; }
  [[nodiscard]] const id_pool& customers() const noexcept { return data_.customers; }
  /// A grade, name of a fact, value or source; empty for none.
  [[nodiscard]] std::string_view word(std::uint32_t number) const noexcept { return data_.word(number); }

  /// Refuses ratings and facts of which one revision has two contents.
  /// \param wanted by the number of the customer: whether he matters
  /// \throws error status::conflict, which names the first of them by customer, day and fact
  void refuse_conflicts(const std::vector<std::uint8_t>& wanted) const {
    std::optional<std::tuple<std::string_view, std::int32_t, std::string_view, std::int64_t>> first;
    const auto note = [&](const auto& row, std::string_view name) {
      const auto here = std::make_tuple(data_.customers[row.customer], row.date, name, row.revision);
      if (wanted[row.customer] != 0 && (!first || here < *first))
        first = here;
    };
    data_.ratings.for_each_contested(
        [&](std::uint32_t key) { note(data_.ratings[data_.ratings.find(key)], {}); });
    data_.facts.for_each_contested([&](std::uint32_t key) {
      const fact& one = data_.facts[data_.facts.find(key)];
      note(one, data_.word(one.name));
    });
    if (!first)
      return;
    const auto& [customer, day, name, revision] = *first;
    throw error(status::conflict,
                "rating_history: " + (name.empty() ? "the rating" : "the fact " + std::string(name)) +
                    " of " + std::string(customer) + " of " + to_string(date_from_days(day)) +
                    " has two contents under revision " + std::to_string(revision) +
                    "; a higher revision must say which one holds");
  }

private:
  [[nodiscard]] row_conventions conventions(const table_description& of) const {
    return {.where = "rating_history." + std::string(of.name),
            .zone_offset_seconds = options_.zone_offset("zone_offset"),
            .key = "customer"};
  }
  using numbers = std::array<std::uint32_t, rows_per_block>;
  [[nodiscard]] static numbers interned(block_reader& blocks, std::string_view column,
                                        std::span<const std::size_t> rows, id_pool& pool) {
    numbers found;
    found.fill(no_text);
    if (const block_column* const of = blocks.find(column); of != nullptr)
      blocks.intern(*of, rows, pool, found.data());
    return found;
  }
  [[nodiscard]] static bool is_true(const block_column* of, std::size_t i) noexcept {
    return of != nullptr && of->numbers[i] == 1.0; // NaN where it is missing
  }

  push_report push_ratings(const push_request& request) {
    block_reader blocks(conventions(rating_history_tables[0]), rating_history_tables[0], request);
    const block_column* const date = blocks.find("date");
    const block_column* const revision = blocks.find("revision");
    const block_column* const score = blocks.find("score");
    const block_column* const withdrawn = blocks.find("withdrawn");
    data_.ratings.reserve(data_.ratings.rows().size() + static_cast<std::size_t>(request.rows));
    return blocks.read([] {},
                       [&](std::span<const std::size_t> good) {
                         const numbers customers = interned(blocks, "customer", good, data_.customers);
                         const numbers grades = interned(blocks, "grade", good, data_.words);
                         const numbers sources = interned(blocks, "source", good, data_.words);
                         for (std::size_t k = 0; k < good.size(); ++k) {
                           const std::size_t i = good[k];
                           rating one;
                           if (score != nullptr)
                             one.score = score->numbers[i];
                           one.revision = block_column::count_at(revision, i);
                           one.customer = customers[k];
                           one.grade = grades[k];
                           one.source = sources[k];
                           one.date = date->days[i];
                           one.withdrawn = is_true(withdrawn, i);
                           blocks.tally(i, data_.add(one));
                         }
                       });
  }

  push_report push_facts(const push_request& request) {
    block_reader blocks(conventions(rating_history_tables[1]), rating_history_tables[1], request);
    const block_column* const date = blocks.find("date");
    const block_column* const revision = blocks.find("revision");
    const block_column* const withdrawn = blocks.find("withdrawn");
    data_.facts.reserve(data_.facts.rows().size() + static_cast<std::size_t>(request.rows));
    return blocks.read([] {},
                       [&](std::span<const std::size_t> good) {
                         const numbers customers = interned(blocks, "customer", good, data_.customers);
                         const numbers names = interned(blocks, "fact", good, data_.words);
                         const numbers values = interned(blocks, "value", good, data_.words);
                         const numbers sources = interned(blocks, "source", good, data_.words);
                         for (std::size_t k = 0; k < good.size(); ++k) {
                           const std::size_t i = good[k];
                           fact one;
                           one.revision = block_column::count_at(revision, i);
                           one.customer = customers[k];
                           one.name = names[k];
                           one.value = values[k];
                           one.source = sources[k];
                           one.date = date->days[i];
                           one.withdrawn = is_true(withdrawn, i);
                           blocks.tally(i, data_.add(one));
                         }
                       });
  }

  /// Takes in what another one holds of some customers. A failure leaves what came: the caller has a
  /// transaction, or a store that nobody sees yet.
  template <class Keeps>
  void take_from(const rating_history_data& from, const Keeps& keeps) {
    std::vector<std::uint32_t> known_customers(from.customers.size(), no_text);
    std::vector<std::uint32_t> known_words(from.words.size(), no_text);
    const auto translate = [](const id_pool& source, id_pool& target, std::vector<std::uint32_t>& known,
                              std::uint32_t& number) {
      if (number == no_text)
        return;
      if (known[number] == no_text)
        known[number] = target.intern(id_pool::key_of(source[number]));
      number = known[number];
    };
    const auto take = [&](const auto& rows, const auto& words_of) {
      for (std::uint32_t row = 0; row < rows.rows().size(); ++row) {
        auto one = rows[row];
        if (!rows.is_live(row) || !keeps(one.customer))
          continue;
        translate(from.customers, data_.customers, known_customers, one.customer);
        for (std::uint32_t* const word : words_of(one))
          translate(from.words, data_.words, known_words, *word);
        data_.add(one);
      }
    };
    take(from.ratings, [](rating& one) { return std::array{&one.grade, &one.source}; });
    take(from.facts, [](fact& one) { return std::array{&one.name, &one.value, &one.source}; });
  }

  /// The rows that count, by customer, name of the fact, day and content.
  template <class Row, class Name>
  [[nodiscard]] std::vector<std::uint32_t> canonical(const revised<Row>& rows, const Name& name_of) const {
    std::vector<std::uint32_t> rank(data_.customers.size());
    std::uint32_t place = 0;
    for (const std::uint32_t customer : data_.customers.sorted())
      rank[customer] = place++;
    std::vector<std::uint32_t> order;
    order.reserve(rows.size());
    for (std::uint32_t row = 0; row < rows.rows().size(); ++row) {
      if (rows.is_live(row))
        order.push_back(row);
    }
    std::sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
      const Row& a = rows[left];
      const Row& b = rows[right];
      if (a.customer != b.customer)
        return rank[a.customer] < rank[b.customer];
      if (const int names = name_of(a).compare(name_of(b)); names != 0)
        return names < 0;
      return a.date != b.date ? a.date < b.date : data_.content(a) < data_.content(b);
    });
    return order;
  }

  /// The columns that both tables have.
  template <class Row>
  class saved_columns {
  public:
    saved_columns(const rating_history_data& of, const revised<Row>& rows, std::vector<std::uint32_t> order)
        : of_(of)
        , rows_(rows)
        , order_(std::move(order)) {}

    [[nodiscard]] column customer() const {
      text_buffer made;
      for (const std::uint32_t row : order_)
        made.push_back(of_.customers[rows_[row].customer]);
      return column::texts("customer", std::move(made));
    }
    [[nodiscard]] column word(std::string name, std::uint32_t Row::*which) const {
      text_buffer made;
      for (const std::uint32_t row : order_)
        made.push_back(of_.word(rows_[row].*which));
      column texts = column::texts(std::move(name), std::move(made));
      for (std::size_t i = 0; i < order_.size(); ++i) {
        if (rows_[order_[i]].*which == no_text)
          texts.set_missing(static_cast<std::int64_t>(i));
      }
      return texts;
    }
    template <class T, class Value>
    [[nodiscard]] std::vector<T> values(const Value& value_of) const {
      std::vector<T> made;
      made.reserve(order_.size());
      for (const std::uint32_t row : order_)
        made.push_back(static_cast<T>(value_of(rows_[row])));
      return made;
    }
    [[nodiscard]] column date() const {
      return column::days("date", values<std::int32_t>([](const Row& one) { return one.date; }));
    }
    [[nodiscard]] column revision() const {
      return column::integers("revision", values<std::int64_t>([](const Row& one) { return one.revision; }));
    }
    [[nodiscard]] column withdrawn() const {
      return column::booleans("withdrawn",
                              values<std::uint8_t>([](const Row& one) { return one.withdrawn; }));
    }

  private:
    const rating_history_data& of_;
    const revised<Row>& rows_;
    std::vector<std::uint32_t> order_;
  };

  [[nodiscard]] table rating_table() const {
    const saved_columns<rating> made(
        data_, data_.ratings, canonical(data_.ratings, [](const rating&) { return std::string_view{}; }));
    column score =
        column::numbers("score", made.values<double>([](const rating& one) { return one.score; })).or_none();
    return {"ratings",
            {made.customer(), made.date(), made.revision(), made.word("grade", &rating::grade),
             std::move(score), made.word("source", &rating::source), made.withdrawn()}};
  }
  [[nodiscard]] table fact_table() const {
    const saved_columns<fact> made(
        data_, data_.facts, canonical(data_.facts, [this](const fact& one) { return data_.word(one.name); }));
    return {"facts",
            {made.customer(), made.word("fact", &fact::name), made.date(), made.revision(),
             made.word("value", &fact::value), made.word("source", &fact::source), made.withdrawn()}};
  }

  option_values options_;
  rating_history_data data_;
};

} // namespace emptor::stats

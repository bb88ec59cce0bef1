// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/stats/id_pool.hpp>
#include <emptor/stats/revisions.hpp>

namespace emptor::stats {

/// The answers to one question, row by row: a byte each as long as all are whole numbers of up to 127, as those on
/// scales are, else a double each. Both are exact.
class answer_column {
public:
  explicit answer_column(std::string label)
      : label_(std::move(label)) {}

  [[nodiscard]] const std::string& label() const noexcept { return label_; }
  [[nodiscard]] std::size_t size() const noexcept { return is_wide_ ? wide_.size() : narrow_.size(); }
  /// NaN where there is none.
  [[nodiscard]] double operator[](std::size_t row) const noexcept {
    if (is_wide_)
      return wide_[row];
    return narrow_[row] == none ? std::numeric_limits<double>::quiet_NaN() : narrow_[row];
  }
  /// Whether all answers are whole numbers from -127 to 127.
  [[nodiscard]] bool is_narrow() const noexcept { return !is_wide_; }

  void set(std::size_t row, double answer) {
    if (!is_wide_ && !fits(answer))
      widen();
    if (is_wide_)
      wide_[row] = answer;
    else
      narrow_[row] = std::isnan(answer) ? none : static_cast<std::int8_t>(answer);
  }
  /// Rows that are new have no answer.
  void resize(std::size_t rows) {
    if (is_wide_)
      wide_.resize(rows, std::numeric_limits<double>::quiet_NaN());
    else
      narrow_.resize(rows, none);
  }
  void reserve(std::size_t rows) {
    if (is_wide_ && rows > wide_.capacity())
      wide_.reserve(std::max(rows, 2 * wide_.capacity()));
    if (!is_wide_ && rows > narrow_.capacity())
      narrow_.reserve(std::max(rows, 2 * narrow_.capacity()));
  }
  void truncate(std::size_t rows) noexcept {
    wide_.resize(std::min(rows, wide_.size()));
    narrow_.resize(std::min(rows, narrow_.size()));
  }
  void copy(std::size_t from, std::size_t to) noexcept {
    if (is_wide_)
      wide_[to] = wide_[from];
    else
      narrow_[to] = narrow_[from];
  }
  /// An order of answers in which none comes first.
  [[nodiscard]] int compare(std::size_t left, std::size_t right) const noexcept {
    const double a = (*this)[left];
    const double b = (*this)[right];
    if (std::isnan(a) || std::isnan(b))
      return static_cast<int>(std::isnan(b)) - static_cast<int>(std::isnan(a));
    return a < b ? -1 : b < a ? 1 : 0;
  }

private:
  static constexpr std::int8_t none = -128;
  [[nodiscard]] static bool fits(double answer) noexcept {
    return std::isnan(answer) || (answer >= -127.0 && answer <= 127.0 && answer == std::floor(answer));
  }
  void widen() {
    std::vector<double> wider;
    wider.reserve(std::max(narrow_.capacity(), narrow_.size()));
    for (std::size_t row = 0; row < narrow_.size(); ++row)
      wider.push_back((*this)[row]);
    wide_ = std::move(wider);
    is_wide_ = true;
    narrow_ = {};
  }

  std::string label_;
  bool is_wide_ = false;
  std::vector<std::int8_t> narrow_;
  std::vector<double> wide_;
};

/// What a survey holds: rows of answers, whose texts are numbers of pools, and the questions by their labels.
struct survey_data {
  static constexpr std::uint32_t no_text = id_pool::none;

  struct row {
    double weight = 1.0;
    std::int64_t revision = 0;
    std::uint32_t occasion = no_text; ///< respondent, brand and period
    std::uint32_t respondent = no_text;
    std::uint32_t brand = no_text;
    std::uint32_t group = no_text;
    std::int32_t period = 0; ///< `no_day` where there is none
  };

  id_pool respondents;
  id_pool words;     ///< brands and groups
  id_pool occasions; ///< their bytes are the numbers that make a key
  std::vector<row> rows;
  std::vector<answer_column> items; ///< by label; each has an answer, or none, for each row
  revisions documents;

  [[nodiscard]] std::string_view word(std::uint32_t number) const noexcept {
    return number == no_text ? std::string_view{} : words[number];
  }
  [[nodiscard]] bool is_live(std::size_t at) const noexcept {
    return documents.is_live(rows[at].occasion, rows[at].revision);
  }
  /// How many rows count.
  [[nodiscard]] std::size_t live() const noexcept { return rows.size() - documents.dead(); }
  /// The column of a question, or how many there are.
  [[nodiscard]] std::size_t find(std::string_view label) const noexcept {
    const auto at = std::lower_bound(
        items.begin(), items.end(), label,
        [](const answer_column& held, std::string_view wanted) { return held.label() < wanted; });
    return at != items.end() && at->label() == label ? static_cast<std::size_t>(at - items.begin())
                                                     : items.size();
  }
  /// Makes columns for the questions that are new. \param labels sorted, each once
  void add_items(std::span<const std::string_view> labels) {
    std::vector<answer_column> fresh;
    for (const std::string_view label : labels) {
      if (find(label) != items.size())
        continue;
      fresh.emplace_back(std::string(label));
      fresh.back().resize(rows.size());
    }
    if (fresh.empty())
      return;
    items.reserve(items.size() + fresh.size());
    const auto middle = static_cast<std::ptrdiff_t>(items.size());
    items.insert(items.end(), std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
    std::inplace_merge(
        items.begin(), items.begin() + middle, items.end(),
        [](const answer_column& left, const answer_column& right) { return left.label() < right.label(); });
  }
  /// Rows that come next have their answers at `rows.size()` and behind; what is not kept is overwritten.
  void make_room(std::size_t count) {
    for (answer_column& one : items)
      one.resize(rows.size() + count);
  }
  /// Decides about a row whose answers stand at `answers`, which is not before the end of the rows.
  placed add(row one, std::size_t answers) {
    one.occasion =
        number_of(occasions, {one.respondent, one.brand, std::bit_cast<std::uint32_t>(one.period)});
    const std::size_t at = rows.size();
    rows.push_back(one);
    for (answer_column& each : items) {
      if (answers != at)
        each.copy(answers, at);
    }
    seen held{*this};
    placed became;
    try {
      became = documents.place(held, at);
    } catch (...) {
      rows.pop_back();
      throw;
    }
    if (!became.kept)
      rows.pop_back();
    return became;
  }
  /// Forgets the room that was not needed.
  void fit() noexcept {
    for (answer_column& one : items)
      one.truncate(rows.size());
  }
  /// An order of what rows say beyond their key.
  [[nodiscard]] int compare(std::size_t left, std::size_t right) const noexcept {
    const row& a = rows[left];
    const row& b = rows[right];
    if (a.weight != b.weight)
      return a.weight < b.weight ? -1 : 1;
    if (a.group != b.group) {
      if (a.group == no_text || b.group == no_text)
        return a.group == no_text ? -1 : 1;
      return words[a.group].compare(words[b.group]);
    }
    for (const answer_column& one : items) {
      if (const int difference = one.compare(left, right); difference != 0)
        return difference;
    }
    return 0;
  }
  /// Takes in what another one holds of some respondents. A failure leaves what came: the caller has a transaction, or
  /// data that nobody sees yet. \param keeps  called with the number of a row and of its respondent
  template <class Keeps>
  void take_from(const survey_data& from, const Keeps& keeps) {
    std::vector<std::string_view> labels;
    for (const answer_column& one : from.items)
      labels.push_back(one.label());
    add_items(labels);
    std::vector<std::size_t> target;
    for (const std::string_view label : labels)
      target.push_back(find(label));
    std::vector<std::uint32_t> known_respondents(from.respondents.size(), no_text);
    std::vector<std::uint32_t> known_words(from.words.size(), no_text);
    const auto translate = [](const id_pool& source, id_pool& into, std::vector<std::uint32_t>& known,
                              std::uint32_t& number) {
      if (number == no_text)
        return;
      if (known[number] == no_text)
        known[number] = into.intern(id_pool::key_of(source[number]));
      number = known[number];
    };
    for (std::size_t at = 0; at < from.rows.size(); ++at) {
      row one = from.rows[at];
      if (!from.is_live(at) || !keeps(at, one.respondent))
        continue;
      translate(from.respondents, respondents, known_respondents, one.respondent);
      translate(from.words, words, known_words, one.brand);
      translate(from.words, words, known_words, one.group);
      const std::size_t here = rows.size();
      for (answer_column& each : items) {
        each.truncate(here); // what the row before may have left
        each.resize(here + 1);
      }
      for (std::size_t i = 0; i < target.size(); ++i)
        items[target[i]].set(here, from.items[i][at]);
      add(one, here);
    }
    fit();
  }

  /// Takes everything back unless it is committed.
  class transaction {
  public:
    explicit transaction(survey_data& of)
        : of_(of)
        , rows_(of.rows.size())
        , documents_(of.documents.begin())
        , texts_{of.respondents.size(), of.words.size(), of.occasions.size()} {
      for (const answer_column& one : of.items)
        labels_.push_back(one.label());
    }
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    transaction(transaction&&) = delete;
    transaction& operator=(transaction&&) = delete;
    ~transaction() {
      if (committed_)
        return;
      seen held{of_};
      of_.documents.roll_back(held, rows_, of_.rows.size(), documents_);
      of_.rows.erase(of_.rows.begin() + static_cast<std::ptrdiff_t>(rows_), of_.rows.end());
      of_.fit();
      if (of_.items.size() != labels_.size())
        std::erase_if(of_.items, [&](const answer_column& one) {
          return !std::binary_search(labels_.begin(), labels_.end(), one.label());
        });
      of_.respondents.truncate(texts_[0]);
      of_.words.truncate(texts_[1]);
      of_.occasions.truncate(texts_[2]);
    }
    void commit() noexcept {
      committed_ = true;
      of_.sweep();
    }

  private:
    survey_data& of_;
    std::size_t rows_;
    revisions::mark documents_;
    std::array<std::uint32_t, 3> texts_;
    std::vector<std::string> labels_;
    bool committed_ = false;
  };

  /// Calls `body(row)` with one of the rows of each occasion whose highest revision has two contents.
  template <class Body>
  void for_each_contested(const Body& body) const {
    for (const revisions::contents& both : documents.conflicts(seen<const survey_data>{*this}))
      body(rows[both.smallest]);
  }

private:
  /// The rows as `revisions` asks for them.
  template <class Held>
  struct seen {
    Held& held;

    [[nodiscard]] std::uint32_t document(std::size_t at) const noexcept { return held.rows[at].occasion; }
    [[nodiscard]] std::uint32_t line(std::size_t /*at*/) const noexcept { return revisions::none; }
    [[nodiscard]] std::int64_t revision(std::size_t at) const noexcept { return held.rows[at].revision; }
    void set_revision(std::size_t at, std::int64_t value) noexcept { held.rows[at].revision = value; }
    [[nodiscard]] int compare(std::size_t left, std::size_t right) const noexcept {
      return held.compare(left, right);
    }
  };
  template <class Held>
  seen(Held&) -> seen<Held>;

  /// Sweeps out rows that count no longer once they are more than half. Nothing is lost if there is no memory to do
  /// so now.
  void sweep() noexcept {
    if (documents.dead() <= rows.size() / 2)
      return;
    try {
      survey_data kept;
      kept.take_from(*this, [](std::size_t, std::uint32_t) { return true; });
      *this = std::move(kept);
    } catch (const std::bad_alloc&) {
      return;
    }
  }
  static std::uint32_t number_of(id_pool& pool, const std::array<std::uint32_t, 3>& key) {
    char bytes[sizeof key];
    std::memcpy(bytes, key.data(), sizeof key);
    return pool.intern(id_pool::key_of(std::string_view(bytes, sizeof bytes)));
  }
};

} // namespace emptor::stats

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>
#include <tuple>

#include <emptor/stats/id_pool.hpp>
#include <emptor/stats/revised.hpp>

namespace emptor::stats {

/// What a rating history holds: ratings and facts, whose texts are numbers of pools.
struct rating_history_data {
  static constexpr std::uint32_t no_text = id_pool::none;

  /// The grade that a customer was given on a day.
  struct rating {
    double score = std::numeric_limits<double>::quiet_NaN(); ///< NaN = none
    std::int64_t revision = 0;
    std::uint32_t occasion = no_text; ///< customer and day
    std::uint32_t customer = no_text;
    std::uint32_t grade = no_text;
    std::uint32_t source = no_text;
    std::int32_t date = 0;
    bool withdrawn = false;

    [[nodiscard]] std::uint32_t key() const noexcept { return occasion; }
    [[nodiscard]] bool has_score() const noexcept { return score == score; }
    friend bool operator==(const rating& left, const rating& right) noexcept {
      return std::bit_cast<std::uint64_t>(left.score) == std::bit_cast<std::uint64_t>(right.score) &&
             left.revision == right.revision && left.occasion == right.occasion &&
             left.grade == right.grade && left.source == right.source && left.withdrawn == right.withdrawn;
    }
  };

  /// What was known of a customer from a day on.
  struct fact {
    std::int64_t revision = 0;
    std::uint32_t occasion = no_text; ///< customer, name of the fact, and day
    std::uint32_t customer = no_text;
    std::uint32_t name = no_text;
    std::uint32_t value = no_text;
    std::uint32_t source = no_text;
    std::int32_t date = 0;
    bool withdrawn = false;

    [[nodiscard]] std::uint32_t key() const noexcept { return occasion; }
    friend bool operator==(const fact&, const fact&) = default;
  };

  id_pool customers;
  id_pool words;            ///< grades, names of facts, values, sources
  id_pool rating_occasions; ///< their bytes are the numbers that make a key
  id_pool fact_occasions;
  revised<rating> ratings;
  revised<fact> facts;

  [[nodiscard]] std::string_view word(std::uint32_t number) const noexcept {
    return number == no_text ? std::string_view{} : words[number];
  }
  /// What a row says beyond its key, in an order that does not depend on what came first.
  [[nodiscard]] auto content(const rating& one) const noexcept {
    // A score is finite, so that nothing stands below the place of none.
    return std::make_tuple(words[one.grade],
                           one.has_score() ? one.score : -std::numeric_limits<double>::infinity(),
                           word(one.source), one.withdrawn);
  }
  [[nodiscard]] auto content(const fact& one) const noexcept {
    return std::make_tuple(word(one.value), word(one.source), one.withdrawn);
  }

  placed add(rating one) {
    one.occasion = number_of(rating_occasions, std::array{one.customer, day_bits(one.date)});
    return ratings.add(one, *this);
  }
  placed add(fact one) {
    one.occasion = number_of(fact_occasions, std::array{one.customer, one.name, day_bits(one.date)});
    return facts.add(one, *this);
  }

  /// Takes everything back unless it is committed.
  class transaction {
  public:
    explicit transaction(rating_history_data& of) noexcept
        : of_(of)
        , ratings_(of.ratings.begin())
        , facts_(of.facts.begin())
        , texts_{of.customers.size(), of.words.size(), of.rating_occasions.size(), of.fact_occasions.size()} {
    }
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    transaction(transaction&&) = delete;
    transaction& operator=(transaction&&) = delete;
    ~transaction() {
      if (committed_)
        return;
      of_.ratings.roll_back(ratings_);
      of_.facts.roll_back(facts_);
      of_.customers.truncate(texts_[0]);
      of_.words.truncate(texts_[1]);
      of_.rating_occasions.truncate(texts_[2]);
      of_.fact_occasions.truncate(texts_[3]);
    }
    void commit() noexcept {
      committed_ = true;
      of_.ratings.sweep(of_);
      of_.facts.sweep(of_);
    }

  private:
    rating_history_data& of_;
    revised<rating>::mark ratings_;
    revised<fact>::mark facts_;
    std::array<std::uint32_t, 4> texts_;
    bool committed_ = false;
  };

private:
  [[nodiscard]] static std::uint32_t day_bits(std::int32_t day) noexcept {
    return std::bit_cast<std::uint32_t>(day);
  }
  template <std::size_t N>
  static std::uint32_t number_of(id_pool& pool, const std::array<std::uint32_t, N>& key) {
    char bytes[sizeof key];
    std::memcpy(bytes, key.data(), sizeof key);
    return pool.intern(id_pool::key_of(std::string_view(bytes, sizeof bytes)));
  }
};

} // namespace emptor::stats

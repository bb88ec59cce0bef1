// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <atomic>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>

#include <gtest/gtest.h>

#include <emptor/core/random.hpp>

#include "examples.hpp"
#include "support/scored_csv.hpp"

namespace {
std::atomic<std::int64_t> allocations{0};
}

// Counts what scoring asks of the heap. GCC does not see that these belong together.
#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Wunknown-warning-option"
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
void* operator new(std::size_t size, const std::nothrow_t& /*unused*/) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void* operator new(std::size_t size) {
  if (void* const made = operator new(size, std::nothrow); made != nullptr)
    return made;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}

namespace emptor::test::plan_test {
namespace {

const double nan_number = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

std::shared_ptr<const model> bg_nbd_model() {
  const entry& what = find_entry("value.bg_nbd");
  return model_of(what, example_of(what, verb::score));
}

struct plan_request {
  std::vector<bound_column> schema{
      {"frequency", dtype::float64}, {"recency", dtype::float64}, {"age", dtype::float64}};
  std::vector<option> options{{"horizon", "39"}};
  std::vector<std::string> only{"probability_alive", "expected_orders"};
  [[nodiscard]] std::unique_ptr<plan> make() const {
    return std::make_unique<plan>(find_entry("value.bg_nbd"), bg_nbd_model(), std::span<const filled_slot>{},
                                  schema, options, only);
  }
};

struct scores {
  std::vector<double> alive;
  std::vector<double> orders;
  std::vector<std::uint8_t> alive_valid;
  std::vector<std::uint8_t> orders_valid;
  std::vector<row_status> statuses;
  std::int64_t bad = -1;
  bool operator==(const scores& other) const {
    const auto bits = [](const std::vector<double>& values) {
      std::vector<std::uint64_t> made;
      for (const double value : values)
        made.push_back(std::bit_cast<std::uint64_t>(value));
      return made;
    };
    return bits(alive) == bits(other.alive) && bits(orders) == bits(other.orders) &&
           alive_valid == other.alive_valid && orders_valid == other.orders_valid &&
           statuses == other.statuses && bad == other.bad;
  }
};

/// Scores in batches of `batch` rows, each a multiple of 8 or the whole, so that bitmaps can be cut.
scores score(const plan& with, std::vector<column_view> columns, std::int64_t rows, std::int64_t batch,
             const run& how = {}) {
  const auto count = static_cast<std::size_t>(rows);
  scores made{std::vector<double>(count),
              std::vector<double>(count),
              std::vector<std::uint8_t>((count + 7) / 8),
              std::vector<std::uint8_t>((count + 7) / 8),
              std::vector<row_status>(count),
              0};
  for (std::int64_t first = 0; first < rows; first += batch) {
    const std::int64_t some = std::min(batch, rows - first);
    std::vector<std::uint8_t> alive_valid(static_cast<std::size_t>((some + 7) / 8), 0xFF);
    std::vector<std::uint8_t> orders_valid(alive_valid.size(), 0x00);
    const output_memory outputs[] = {{made.alive.data() + first, 8, alive_valid.data(), dtype::float64},
                                     {made.orders.data() + first, 8, orders_valid.data(), dtype::float64}};
    std::vector<column_view> cut = columns;
    for (column_view& one : cut) {
      one.data = static_cast<const std::byte*>(one.data) + first * one.stride_bytes;
      one.validity_offset += one.stride_bytes == 0 ? 0 : first;
    }
    std::int64_t bad = -1;
    with.score(cut, some, outputs, made.statuses.data() + first, &bad, false, how);
    made.bad += bad;
    for (std::int64_t row = 0; row < some; ++row) {
      const auto copy = [&](const std::vector<std::uint8_t>& from, std::vector<std::uint8_t>& into) {
        if ((from[static_cast<std::size_t>(row / 8)] >> (row % 8) & 1) != 0)
          into[static_cast<std::size_t>((first + row) / 8)] |=
              static_cast<std::uint8_t>(1U << ((first + row) % 8));
      };
      copy(alive_valid, made.alive_valid);
      copy(orders_valid, made.orders_valid);
    }
  }
  return made;
}

struct customers {
  std::vector<double> frequency;
  std::vector<double> recency;
  std::vector<double> age;
  [[nodiscard]] std::vector<column_view> columns() const {
    std::vector<column_view> made;
    for (const std::vector<double>* held : {&frequency, &recency, &age})
      made.push_back({.data = held->data(), .stride_bytes = 8, .type = dtype::float64});
    return made;
  }
};

/// Customers of all sorts, one in ten of them bad.
customers some_customers(std::size_t count) {
  customers made;
  const double bad[] = {nan_number, infinity, -infinity, -1.0, 0.5};
  for (std::size_t i = 0; i < count; ++i) {
    random_stream stream(1, 2, i);
    const auto frequency = static_cast<double>(stream.below(20));
    const double age = 1.0 + 100.0 * stream.uniform();
    made.frequency.push_back(stream.below(10) == 0 ? bad[stream.below(5)] : frequency);
    made.recency.push_back(frequency == 0 ? 0.0 : age * stream.uniform());
    made.age.push_back(age);
  }
  return made;
}

TEST(plan, the_same_bits_for_any_batch_and_any_number_of_threads) {
  const customers held = some_customers(9001);
  const auto with = plan_request{}.make();
  const scores expected = score(*with, held.columns(), 9001, 9001);
  EXPECT_GT(expected.bad, 500);
  EXPECT_LT(expected.bad, 2000);
  EXPECT_EQ(expected.bad, std::count_if(expected.statuses.begin(), expected.statuses.end(),
                                        [](row_status one) { return one != row_status::ok; }));
  for (const std::int64_t batch : {1, 7, 256, 257, 4096, 4097})
    EXPECT_EQ(score(*with, held.columns(), 9001, batch), expected) << batch;
  for (const int threads : {0, 2, 7}) {
    run how;
    how.threads = threads;
    EXPECT_EQ(score(*with, held.columns(), 9001, 9001, how), expected) << threads;
  }
  for (std::size_t row = 0; row < 9001; ++row) {
    const bool fine = expected.statuses[row] == row_status::ok;
    ASSERT_EQ(std::isfinite(expected.alive[row]), fine);
    ASSERT_EQ((expected.alive_valid[row / 8] >> (row % 8) & 1) != 0, fine);
    if (!fine) { // the canonical NaN only
      ASSERT_EQ(std::bit_cast<std::uint64_t>(expected.alive[row]), std::bit_cast<std::uint64_t>(nan_number));
    }
  }
}

TEST(plan, strides_broadcasts_and_dtypes_give_the_same_scores) {
  constexpr std::int64_t rows = 300;
  customers held;
  std::vector<std::int16_t> frequency;
  std::vector<float> recency;
  struct record {
    char before;
    double age;
  };
  std::vector<record> records;
  for (int i = 0; i < rows; ++i) {
    frequency.push_back(static_cast<std::int16_t>(i % 9));
    recency.push_back(i % 9 == 0 ? 0.0F : 0.25F * static_cast<float>(i % 80));
    records.push_back({'x', 39.0});
    held.frequency.push_back(frequency.back());
    held.recency.push_back(static_cast<double>(recency.back()));
    held.age.push_back(39.0);
  }
  const scores expected = score(*plan_request{}.make(), held.columns(), rows, rows);
  ASSERT_EQ(expected.bad, 0);
  plan_request other;
  other.schema = {{"age", dtype::float64}, {"frequency", dtype::int16}, {"recency", dtype::float32}};
  std::vector<column_view> columns{
      {.data = &records[0].age, .stride_bytes = sizeof(record), .type = dtype::float64},
      {.data = frequency.data(), .stride_bytes = 2, .type = dtype::int16},
      {.data = recency.data(), .stride_bytes = 4, .type = dtype::float32}};
  EXPECT_EQ(score(*other.make(), columns, rows, rows), expected);
  columns[0].stride_bytes = 0; // one age for all
  EXPECT_EQ(score(*other.make(), columns, rows, rows), expected);
  const std::vector<std::uint8_t> all(100, 0xFF);
  columns[2].validity = all.data();
  columns[2].validity_offset = 5;
  EXPECT_EQ(score(*other.make(), columns, rows, rows), expected);
}

TEST(plan, outputs_may_stand_where_inputs_do) {
  const std::int64_t rows = 5000;
  customers all = some_customers(static_cast<std::size_t>(rows));
  const std::unique_ptr<plan> with = plan_request().make();
  const scores apart = score(*with, all.columns(), rows, rows);
  const output_memory outputs[] = {{all.frequency.data(), 8, nullptr, dtype::float64},
                                   {all.recency.data(), 8, nullptr, dtype::float64}};
  with->score(all.columns(), rows, outputs, nullptr, nullptr, false, {});
  const auto same_bits = [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  };
  EXPECT_TRUE(std::equal(apart.alive.begin(), apart.alive.end(), all.frequency.begin(), same_bits));
  EXPECT_TRUE(std::equal(apart.orders.begin(), apart.orders.end(), all.recency.begin(), same_bits));
}

TEST(plan, outputs_on_the_same_memory_leave_the_others_as_they_are) {
  const std::int64_t rows = 5000;
  const customers all = some_customers(static_cast<std::size_t>(rows));
  plan_request asked;
  asked.only = {"probability_alive", "probability_active", "expected_orders"};
  const scores apart = score(*plan_request().make(), all.columns(), rows, rows);
  std::vector<double> shared(static_cast<std::size_t>(rows));
  std::vector<double> orders(shared.size());
  const output_memory outputs[] = {{shared.data(), 8, nullptr, dtype::float64},
                                   {shared.data(), 8, nullptr, dtype::float64},
                                   {orders.data(), 8, nullptr, dtype::float64}};
  asked.make()->score(all.columns(), rows, outputs, nullptr, nullptr, false, {});
  EXPECT_TRUE(std::equal(orders.begin(), orders.end(), apart.orders.begin(), [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  }));
}

TEST(plan, a_negative_zero_is_zero) {
  const std::unique_ptr<plan> with = plan_request().make();
  const std::vector<double> zero(100, 0.0);
  const std::vector<double> negative(100, -0.0);
  const std::vector<double> age(100, 30.0);
  const auto scored = [&](const std::vector<double>& x) {
    return score(*with, customers{x, x, age}.columns(), 100, 100);
  };
  EXPECT_TRUE(scored(negative) == scored(zero));
  EXPECT_EQ(scored(negative).bad, 0);
}

TEST(plan, every_bad_row_says_why_and_stops_no_other) {
  customers held;
  held.frequency = {2, nan_number, infinity, -1, 2.5, 2, 0, 2, 2};
  held.recency = {30, 30, 30, 30, 30, 40, 5, 30, 30};
  held.age = {39, 39, 39, 39, 39, 39, 39, 39, 39};
  std::vector<column_view> columns = held.columns();
  const std::uint8_t there[] = {0b0111'1111, 1};
  columns[2].validity = there;
  const scores made = score(*plan_request{}.make(), columns, 9, 9);
  using enum row_status;
  EXPECT_EQ(made.statuses, (std::vector<row_status>{ok, not_a_number, infinite, out_of_domain, not_integer,
                                                    inconsistent, inconsistent, missing, ok}));
  EXPECT_EQ(made.bad, 7);
  EXPECT_EQ(made.alive_valid, (std::vector<std::uint8_t>{0b0000'0001, 1}));
  EXPECT_EQ(made.alive[0], made.alive[8]);
}

std::string strict_message(const std::vector<column_view>& columns, std::int64_t rows, std::int64_t row,
                           std::int32_t column, int threads = 1) {
  std::vector<double> memory(static_cast<std::size_t>(rows));
  const output_memory outputs[] = {{memory.data(), 8, nullptr, dtype::float64},
                                   {memory.data(), 8, nullptr, dtype::float64}};
  run how;
  how.threads = threads;
  try {
    plan_request{}.make()->score(columns, rows, outputs, nullptr, nullptr, true, how);
  } catch (const error& refused) {
    EXPECT_EQ(refused.code(), status::data);
    EXPECT_EQ(refused.row(), row);
    EXPECT_EQ(refused.column(), column);
    return refused.what();
  }
  return "(not refused)";
}

TEST(plan, strict_mode_names_the_first_bad_row_for_any_number_of_threads) {
  customers held;
  held.frequency.assign(20000, 2);
  held.recency.assign(20000, 30);
  held.age.assign(20000, 39);
  EXPECT_EQ(strict_message(held.columns(), 20000, -1, -1), "(not refused)");
  held.frequency[19000] = nan_number;
  held.recency[12345] = 39.5;
  held.frequency[12346] = -1;
  for (const int threads : {1, 2, 7})
    EXPECT_EQ(strict_message(held.columns(), 20000, 12345, 1, threads),
              "value.bg_nbd: recency[12345] is 39.5, but must be <= age");
  held.recency[12345] = 30;
  EXPECT_EQ(strict_message(held.columns(), 20000, 12346, 0),
            "value.bg_nbd: frequency[12346] is -1, but must be >= 0");
}

TEST(plan, only_what_is_asked_for_in_the_order_of_asking) {
  plan_request request;
  request.only = {"expected_orders", "probability_alive"};
  const auto with = request.make();
  ASSERT_EQ(with->outputs().size(), 2U);
  EXPECT_EQ(with->outputs()[0].name, "expected_orders");
  EXPECT_EQ(with->outputs()[0].unit, "orders");
  EXPECT_EQ(with->schema().size(), 3U);
  const customers held = some_customers(100);
  const scores swapped = score(*with, held.columns(), 100, 100);
  const scores straight = score(*plan_request{}.make(), held.columns(), 100, 100);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(swapped.alive[3]), std::bit_cast<std::uint64_t>(straight.orders[3]));
  request.only = {"probability_alive"};
  request.options.clear(); // no horizon is needed for what nobody asked for
  EXPECT_EQ(request.make()->outputs().size(), 1U);
}

TEST(plan, who_names_no_outputs_gets_those_that_his_options_give) {
  using names = std::vector<std::string>;
  plan_request request;
  request.only.clear();
  const auto given = [&] {
    const auto made = request.make();
    names found;
    for (const output_info& one : made->outputs())
      found.push_back(one.name);
    return found;
  };
  // Programs count on these two: what comes later is for those who ask for it, or set its option.
  EXPECT_EQ(given(), (names{"probability_alive", "expected_orders"}));
  request.options = {};
  EXPECT_EQ(given(), (names{"probability_alive"}));
  request.options = {{"confidence", "0.9"}};
  EXPECT_EQ(given(), (names{"probability_alive", "probability_alive_low", "probability_alive_high"}));
  request.only = {"mean_order_rate", "probability_alive"};
  EXPECT_EQ(given(), request.only);
  request.only = {"expected_orders_low"};
  EXPECT_EQ(outcome([&] { (void)request.make(); }),
            (std::pair{status::option,
                       std::string("value.bg_nbd: option horizon is needed for expected_orders_low")}));
}

TEST(plan, mistakes_of_the_schema_are_refused_when_the_plan_is_made) {
  const auto refused = [](auto change) {
    plan_request request;
    change(request);
    return outcome([&] { (void)request.make(); });
  };
  using enum status;
  EXPECT_EQ(refused([](plan_request& r) { r.schema.pop_back(); }).first, schema);
  EXPECT_EQ(refused([](plan_request& r) { r.schema.push_back(r.schema[0]); }),
            (std::pair{schema, std::string("value.bg_nbd: frequency is given twice")}));
  EXPECT_EQ(
      refused([](plan_request& r) {
        r.schema.push_back({"agee", dtype::float64});
      }),
      (std::pair{unknown_name, std::string("value.bg_nbd: there is no column agee; did you mean age?")}));
  EXPECT_EQ(refused([](plan_request& r) { r.schema[0].type = dtype::utf8; }).first, schema);
  EXPECT_EQ(refused([](plan_request& r) { r.schema[0].type = static_cast<dtype>(99); }).first, schema);
  EXPECT_EQ(refused([](plan_request& r) { r.only = {"alive"}; }).first, unknown_name);
  EXPECT_EQ(refused([](plan_request& r) { r.only = {"expected_orders", "expected_orders"}; }).first, schema);
  EXPECT_EQ(refused([](plan_request& r) { r.options.clear(); }).first, option);
  EXPECT_EQ(refused([](plan_request& r) { r.options[0].value = "-1"; }).first, option);
  EXPECT_EQ(refused([](plan_request& r) { r.options.push_back({"horizont", "1"}); }).first, unknown_name);
  EXPECT_EQ(refused([](plan_request& r) { r.schema.resize(3000, {"age", dtype::float64}); }).first, schema);
  const auto plan_of = [](std::string_view name, std::shared_ptr<const model> self) {
    return outcome([&] { const plan made(find_entry(name), std::move(self), {}, {}, {}, {}); }).first;
  };
  EXPECT_EQ(plan_of("value.summary", nullptr), unsupported);
  EXPECT_EQ(plan_of("value.bg_nbd", nullptr), schema);
  EXPECT_EQ(plan_of("decision.value_matrix", bg_nbd_model()), mismatch);
}

TEST(plan, mistakes_of_a_call_are_refused) {
  const auto with = plan_request{}.make();
  customers held = some_customers(10);
  std::vector<double> memory(10);
  const auto refused = [&](auto change, std::int64_t rows = 10) {
    std::vector<column_view> columns = held.columns();
    std::vector<output_memory> outputs(2, {memory.data(), 8, nullptr, dtype::float64});
    change(columns, outputs);
    return outcome([&] { with->score(columns, rows, outputs, nullptr, nullptr, false, run{}); }).first;
  };
  using enum status;
  EXPECT_EQ(refused([](auto&, auto&) {}), ok);
  EXPECT_EQ(refused([](auto&, auto&) {}, 0), ok);
  EXPECT_EQ(refused([](auto&, auto&) {}, -1), invalid_argument);
  EXPECT_EQ(refused([](auto& c, auto&) { c.pop_back(); }), schema);
  EXPECT_EQ(refused([](auto&, auto& o) { o.pop_back(); }), schema);
  EXPECT_EQ(refused([](auto& c, auto&) { c[1].type = dtype::float32; }), schema);
  EXPECT_EQ(refused([](auto& c, auto&) { c[1].data = nullptr; }), schema);
  EXPECT_EQ(refused([](auto&, auto& o) { o[1].data = nullptr; }), schema);
  EXPECT_EQ(refused([](auto&, auto& o) { o[1].stride_bytes = 4; }), schema);
  EXPECT_EQ(refused([](auto&, auto& o) { o[1].stride_bytes = 0; }), schema);
  EXPECT_EQ(refused([](auto&, auto& o) { o[1].type = dtype::int32; }), schema);
  EXPECT_EQ(refused([](auto&, auto& o) { o[1].type = dtype::utf8; }), schema);
}

TEST(plan, outputs_of_every_dtype) {
  const bound_column columns_of[] = {{"current_value", dtype::float64}, {"growth_potential", dtype::float64}};
  const option cuts[] = {{"current_value_cut", "1000"}, {"growth_potential_cut", "500"}};
  const plan with(find_entry("decision.value_matrix"), nullptr, {}, columns_of, cuts, {});
  ASSERT_EQ(with.outputs().size(), 5U);
  EXPECT_EQ(with.outputs()[0].levels, (std::vector<std::string>{"lead", "iron", "gold", "platinum"}));
  EXPECT_EQ(with.outputs()[0].type, dtype::int32);
  const double current[] = {1200, nan_number, 1e300};
  const double growth[] = {800, 800, 0};
  const std::vector<column_view> columns{{.data = current, .stride_bytes = 8, .type = dtype::float64},
                                         {.data = growth, .stride_bytes = 8, .type = dtype::float64}};
  std::int32_t codes[3] = {9, 9, 9};
  std::int64_t wide_codes[3] = {9, 9, 9};
  std::int32_t policies[6] = {9, 9, 9, 9, 9, 9};
  float gaps[3] = {9, 9, 9};
  double backwards[3] = {9, 9, 9};
  std::uint8_t valid[5] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  const output_memory outputs[] = {{codes, 4, &valid[0], dtype::int32},
                                   {wide_codes, 8, &valid[1], dtype::int64},
                                   {policies, 8, &valid[2], dtype::int32},
                                   {gaps, 4, &valid[3], dtype::float32},
                                   {backwards + 2, -8, &valid[4], dtype::float64}};
  row_status statuses[3];
  std::int64_t bad = 0;
  with.score(columns, 3, outputs, statuses, &bad, false, run{});
  EXPECT_EQ(codes[0], 3);
  EXPECT_EQ(codes[1], -1); // null
  EXPECT_EQ(codes[2], 2);
  EXPECT_EQ(wide_codes[0], 3);
  EXPECT_EQ(policies[0], 3);
  EXPECT_EQ(policies[1], 9); // between two values nothing is written
  EXPECT_EQ(policies[4], 2);
  EXPECT_EQ(gaps[0], 200.0F);
  EXPECT_TRUE(std::isnan(gaps[1]));
  EXPECT_TRUE(std::isnan(gaps[2])); // no float can hold it
  EXPECT_EQ(backwards[2], 300.0);
  EXPECT_EQ(backwards[0], -500.0);
  EXPECT_EQ(valid[0], 0b1111'1101);
  EXPECT_EQ(valid[3], 0b1111'1001);
  EXPECT_EQ(statuses[0], row_status::ok);
  EXPECT_EQ(statuses[1], row_status::not_a_number);
  EXPECT_EQ(statuses[2], row_status::too_large);
  EXPECT_EQ(bad, 2);
}

TEST(plan, scoring_on_the_calling_thread_asks_nothing_of_the_heap) {
  static_assert(noexcept(std::declval<const scorer&>().score(std::declval<const score_block&>())));
  const customers held = some_customers(10000);
  const std::vector<column_view> columns = held.columns();
  const auto with = plan_request{}.make();
  std::vector<double> memory(20000);
  std::vector<row_status> statuses(10000);
  const output_memory outputs[] = {{memory.data(), 16, nullptr, dtype::float64},
                                   {memory.data() + 1, 16, nullptr, dtype::float64}};
  std::int64_t bad = 0;
  const std::int64_t before = allocations.load();
  with->score(columns, 10000, outputs, statuses.data(), &bad, false, run{});
  with->score(columns, 10000, outputs, nullptr, nullptr, false, run{});
  EXPECT_EQ(allocations.load(), before);
  EXPECT_GT(bad, 0);
  const std::vector<int> counted(100);
  EXPECT_GT(allocations.load(), before); // the counter counts
}

TEST(plan, rows_as_they_are_stored_ask_nothing_of_the_heap) {
  static_assert(noexcept(std::declval<const scorer&>().score_stored(std::declval<const stored_block&>())));
  const auto self = emptor::test::model_from(
      "credit.scorecard",
      {{"bins",
        "characteristic,bin,kind,low,high,label,points\nage,1,interval,,30,,10\nage,2,interval,30,,,20\n"
        "home,1,interval,,2,,5\nhome,2,interval,2,,,-3\n"}},
      {{"closed", "left"}});
  const std::vector<bound_column> schema{{"characteristics:age", dtype::float32},
                                         {"characteristics:home", dtype::uint8}};
  const std::vector<std::string> only{"score"};
  const plan with(find_entry("credit.scorecard"), self, {}, schema, {}, only);
  std::vector<float> age(5000, 29.5F);
  age[4000] = std::numeric_limits<float>::quiet_NaN();
  const std::vector<std::uint8_t> home(5000, 2);
  const std::vector<std::uint8_t> there(5000 / 8 + 1, 0xFE);
  std::vector<column_view> columns(2);
  columns[0].data = age.data();
  columns[0].stride_bytes = sizeof(float);
  columns[0].type = dtype::float32;
  columns[1].data = home.data();
  columns[1].stride_bytes = 1;
  columns[1].type = dtype::uint8;
  std::vector<double> memory(5000);
  std::vector<row_status> statuses(5000);
  const output_memory output{memory.data(), sizeof(double), nullptr, dtype::float64};
  std::int64_t bad = 0;
  const std::int64_t before = allocations.load();
  with.score(columns, 5000, {&output, 1}, statuses.data(), &bad, false, run{});
  EXPECT_EQ(bad, 1);
  columns[1].validity = there.data(); // of eight one missing, for which there is no bin
  with.score(columns, 4000, {&output, 1}, statuses.data(), &bad, false, run{});
  EXPECT_EQ(allocations.load(), before);
  EXPECT_EQ(bad, 500);
  EXPECT_EQ(memory[1], 7.0);
}

TEST(plan, a_cancelled_call_says_so) {
  std::atomic<int> cancel{1};
  run how;
  how.cancel = &cancel;
  const customers held = some_customers(100);
  EXPECT_EQ(outcome([&] { (void)score(*plan_request{}.make(), held.columns(), 100, 100, how); }).first,
            status::cancelled);
}

} // namespace
} // namespace emptor::test::plan_test

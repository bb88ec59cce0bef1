// SPDX-License-Identifier: BSL-1.0
// Prints a hash of every bit that each scoring entry gives for many rows, one of what each entry finishes in its worked
// examples, and the instruction set that gave them. scores.cmake runs it in several ways and compares. Within a run it
// can score in several batches and with several threads itself.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <utility>

#include <emptor/core/random.hpp>

#include "../src/examples.hpp"
#include "kernels/kernels.hpp"

namespace {

using namespace emptor;

constexpr std::int64_t row_count = 5000;

/// Rows like those of the worked example: each one of its rows, with counts and amounts of its own and all
/// other numbers stretched by one factor. Some are refused.
std::vector<column> many_rows(const entry_description& what, const example& shown) {
  const table model_row = test::table_of("rows", what.score.inputs, shown.tables[0].csv);
  std::vector<std::int64_t> order;
  for (std::int64_t row = 0; row < row_count; ++row)
    order.push_back(row % model_row.rows());
  std::vector<column> made;
  const table repeated = test::some_rows(model_row, order);
  for (const column& held : repeated.columns()) {
    const column_description* described = test::find_role(what.score.inputs, held.name());
    if (held.type() != dtype::float64) {
      made.push_back(held);
      continue;
    }
    std::vector<double> values = held.as<double>();
    for (std::int64_t row = 0; row < row_count; ++row) {
      random_stream draw(1, 0, static_cast<std::uint64_t>(row));
      double& value = values[static_cast<std::size_t>(row)];
      // One draw after the other: compilers work out arguments in an order of their own.
      const int power = static_cast<int>(draw.below(17)) - 8;
      const double stretch = std::ldexp(0.5 + draw.uniform(), power);
      if (described->what == content::number)
        value *= stretch;
      else if (value > 0.0) {
        const std::uint64_t doublings = draw.below(12);
        const std::uint64_t doubles = draw.below(2);
        value = std::floor(std::ldexp(value * (0.5 + draw.uniform()), static_cast<int>(doublings * doubles)));
      }
      if (draw.below(200) == 0)
        value = draw.below(2) == 0 ? -1.0 : std::numeric_limits<double>::quiet_NaN();
    }
    made.push_back(column::numbers(held.name(), std::move(values)));
  }
  return made;
}

std::uint64_t hash_of(std::uint64_t hash, const void* bytes, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    hash = (hash ^ static_cast<const unsigned char*>(bytes)[i]) * 0x100000001B3ULL;
  return hash;
}

/// Something for every option that an output may need and the example does not set.
std::vector<option> all_options(const entry_description& what, const example& shown) {
  std::vector<option> made;
  for (const example_option& one : shown.options)
    made.push_back({std::string(one.name), std::string(one.value)});
  for (const column_description& output : what.score.outputs) {
    for (const std::string_view needed : output.needs) {
      const auto is_it = [&](const auto& one) { return one.name == needed; };
      if (std::any_of(made.begin(), made.end(), is_it))
        continue;
      const auto described = std::find_if(what.score.options.begin(), what.score.options.end(), is_it);
      const bool whole = described->what == option_content::integer;
      const bool length = described->what == option_content::horizon;
      made.push_back({std::string(needed), whole ? "2" : length ? "13" : "0.2"});
    }
  }
  return made;
}

std::uint64_t scores_of(const entry& what, const example& shown, std::int64_t batch, std::int32_t threads) {
  const std::vector<column> rows = many_rows(*what.description, shown);
  std::vector<bound_column> schema;
  for (const column& one : rows)
    schema.push_back({one.name(), one.type()});
  // All outputs but the ends of intervals: the model of an example has none.
  std::vector<std::string> only;
  for (const column_description& one : what.description->score.outputs) {
    if (!one.name.ends_with("_low") && !one.name.ends_with("_high"))
      only.emplace_back(one.name);
  }
  const test::example_slots slots(shown);
  const plan scoring(what, test::model_of(what, shown), slots.filled, schema,
                     all_options(*what.description, shown), only);
  const std::size_t outputs = scoring.outputs().size();
  std::vector<std::vector<std::uint64_t>> values(outputs, std::vector<std::uint64_t>(row_count));
  std::vector<row_status> statuses(row_count);
  run how;
  how.threads = threads;
  for (std::int64_t first = 0; first < row_count; first += batch) {
    const std::int64_t count = std::min(batch, row_count - first);
    std::vector<column_view> views;
    for (const column& one : rows) {
      column_view seen = one.view();
      if (seen.type == dtype::large_utf8) { // the offsets say where the texts are
        seen.aux = static_cast<const std::int64_t*>(seen.aux) + first;
        seen.aux_length -= first;
      } else {
        seen.data = static_cast<const std::byte*>(seen.data) + first * seen.stride_bytes;
      }
      seen.validity = nullptr;
      views.push_back(seen);
    }
    std::vector<output_memory> memory;
    for (std::size_t o = 0; o < outputs; ++o)
      memory.push_back({values[o].data() + first, sizeof(std::uint64_t), nullptr, scoring.outputs()[o].type});
    scoring.score(views, count, memory, statuses.data() + first, nullptr, false, how);
  }
  std::uint64_t hash = hash_of(0xCBF29CE484222325ULL, statuses.data(), statuses.size());
  for (const std::vector<std::uint64_t>& one : values)
    hash = hash_of(hash, one.data(), one.size() * sizeof one[0]);
  return hash;
}

std::uint64_t hash_of(std::uint64_t hash, std::span<const table> tables) {
  for (const table& one : tables) {
    for (const column& held : one.columns()) {
      for (std::int64_t row = 0; row < one.rows(); ++row) {
        const std::string field = test::field_of(held.view(), held.levels(), row) + "\n";
        hash = hash_of(hash, field.data(), field.size());
      }
    }
  }
  return hash;
}

/// What an entry makes of a store, or of nothing: tables and a model.
std::uint64_t finished_of(const entry& what, const example& shown, std::uint64_t hash) {
  const std::unique_ptr<store> from = test::store_of(*what.description, shown);
  const test::example_slots slots(shown);
  const result made = finish(what, from.get(), test::split(*what.description, shown.options).finish,
                             slots.filled, std::nullopt, run{});
  hash = hash_of(hash, made.tables);
  return made.fitted == nullptr ? hash : hash_of(hash, made.fitted->tables);
}

} // namespace

/// With any argument: in batches too.
int main(int arguments, char** /*words*/) {
  using namespace emptor;
  std::fprintf(stderr, "%s\n", std::string(kernels::name(kernels::chosen())).c_str());
  int wrong = 0;
  for (const entry* one : catalogue()) {
    std::uint64_t finished = 0;
    for (const example& shown : one->description->examples) {
      if (shown.what != verb::score)
        finished = finished_of(*one, shown, finished == 0 ? 0xCBF29CE484222325ULL : finished);
    }
    if (finished != 0)
      std::printf("%s finished %016llx\n", std::string(one->description->name).c_str(),
                  static_cast<unsigned long long>(finished));
    if (!one->description->can_score())
      continue;
    const example& shown = test::example_of(*one, verb::score);
    const std::uint64_t all = scores_of(*one, shown, row_count, 1);
    std::printf("%s scores %016llx\n", std::string(one->description->name).c_str(),
                static_cast<unsigned long long>(all));
    if (arguments == 1)
      continue;
    for (const auto& [batch, threads] :
         {std::pair{1, 1}, std::pair{7, 2}, std::pair{4096, 1}, std::pair{4096, 7}}) {
      if (scores_of(*one, shown, batch, threads) == all)
        continue;
      std::printf("other bits in batches of %d with %d threads\n", batch, threads);
      ++wrong;
    }
  }
  return wrong == 0 ? 0 : 1;
}

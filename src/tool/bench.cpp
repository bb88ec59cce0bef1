// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <thread>

#include <boost/json.hpp>

#include <emptor/core/check.hpp>

#include "aligned.hpp"
#include "commands.hpp"
#include "example.hpp"
#include "failure.hpp"
#include "kernels/kernels.hpp"
#include "made_rows.hpp"
#include "output_column.hpp"

/// What an entry does in a second: each verb that its worked examples show, on rows made from them.
namespace emptor::tool {

namespace {

/// How long the runs of one measurement took.
struct timing {
  double fastest = 0.0; ///< seconds
  double slowest = 0.0;
  int runs = 0;

  void add(double seconds) noexcept {
    fastest = runs == 0 ? seconds : std::min(fastest, seconds);
    slowest = std::max(slowest, seconds);
    ++runs;
  }
};

/// Calls `body` over and over. What it returns is dropped outside the time measured.
template <class Body>
timing measure(int wanted_runs, const Body& body) {
  constexpr int least = 3;
  constexpr double enough = 0.5; // seconds
  timing made;
  double all = 0.0;
  while (wanted_runs > 0 ? made.runs < wanted_runs : made.runs < least || all < enough) {
    const auto start = std::chrono::steady_clock::now();
    [[maybe_unused]] const auto result = body();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    made.add(seconds);
    all += seconds;
  }
  return made;
}

/// A measurement, and what the machine needs to do no more than move as many bytes.
struct point {
  verb task = verb::score;
  std::int64_t rows = 0;
  std::int64_t bytes = 0; ///< of the columns that go in and out
  timing took;
  double copy_seconds = 0.0;

  [[nodiscard]] double per_row(double amount) const noexcept { return amount / static_cast<double>(rows); }
  [[nodiscard]] double spread() const noexcept { return took.slowest / took.fastest - 1.0; }
};

/// Seconds to read half of the bytes and write them to the other half.
double copy_seconds(std::int64_t bytes, const arguments& given, const run& how) {
  constexpr std::int64_t block = std::int64_t{1} << 16;
  const std::vector<std::byte> from(static_cast<std::size_t>(std::max<std::int64_t>(bytes / 2, 1)),
                                    std::byte{1});
  std::vector<std::byte> to(from.size());
  const auto size = static_cast<std::int64_t>(from.size());
  const timing took = measure(given.runs, [&] {
    for_each_task((size + block - 1) / block, how, [&](std::int64_t task) {
      std::memcpy(to.data() + task * block, from.data() + task * block,
                  static_cast<std::size_t>(std::min(block, size - task * block)));
    });
    return static_cast<int>(to.back());
  });
  return took.fastest;
}

/// The bytes of the values of tables.
std::int64_t bytes_of(std::span<const table> tables) noexcept {
  std::int64_t bytes = 0;
  for (const table& held : tables) {
    for (const column& one : held.columns()) {
      const auto* texts = std::get_if<text_buffer>(&one.values());
      bytes += texts != nullptr
                   ? texts->offsets()[texts->size()] + (texts->size() + 1) * width_of(dtype::int64)
                   : one.size() * width_of(one.type());
      bytes += static_cast<std::int64_t>(one.validity().size());
    }
  }
  return bytes;
}

std::int64_t rows_of(std::span<const table> tables) noexcept {
  std::int64_t rows = 0;
  for (const table& one : tables)
    rows += one.rows();
  return rows;
}

/// The options of an example, and in place of them those of the command line.
std::vector<option> options_for(const example& one, std::span<const option> given) {
  std::vector<option> all = options_of(one.options);
  std::erase_if(all, [&](const option& of_example) {
    return std::any_of(given.begin(), given.end(),
                       [&](const option& other) { return other.name == of_example.name; });
  });
  all.insert(all.end(), given.begin(), given.end());
  return all;
}

/// One entry, one of its examples, and how to measure it.
struct subject {
  const entry& what;
  const example& shown;
  const arguments& given;
  const reading& how;
  run alone; ///< threads as asked for, nothing told
};

/// Refused rows are less work than the others, so that figures with many of them mean little.
void tell_refused(const subject& of, std::int64_t refused, std::int64_t rows) {
  if (refused > 0)
    of.how.warnings->push_back(std::string(of.what.description->name) + ": " + std::to_string(refused) +
                               " of " + std::to_string(rows) + " rows refused");
}

point score_point(const subject& of, std::int64_t rows) {
  const entry_description& described = *of.what.description;
  const table_description inputs{
      .name = "rows", .columns = described.score.inputs, .rule = described.score.rule};
  const std::vector<table> made = made_rows({&inputs, 1}, inputs_of(of.shown.tables), rows);
  std::vector<bound_column> schema;
  std::vector<column_view> views;
  for (const column& one : made.front().columns()) {
    schema.push_back({one.name(), one.type()});
    views.push_back(one.view());
  }
  const slot_models slots = slots_of(of.what, of.shown, of.how);
  const plan ready(of.what, model_of(of.what, of.shown, of.how), slots.filled(), schema,
                   pick(options_for(of.shown, of.given.set), described.score.options), of.given.only);
  point measured;
  measured.task = verb::score;
  measured.rows = rows;
  measured.bytes = bytes_of(made);
  std::vector<output_column> outputs;
  for (const output_info& output : ready.outputs()) {
    outputs.emplace_back(output.type, static_cast<std::size_t>(rows));
    measured.bytes += rows * width_of(outputs.back().type);
  }
  std::vector<output_memory> memory;
  for (output_column& output : outputs) {
    memory.push_back(output.memory());
    memory.back().validity = nullptr;
  }
  std::int64_t refused = 0;
  measured.took = measure(of.given.runs, [&] {
    ready.score(views, rows, memory, nullptr, &refused, false, of.alone);
    return 0;
  });
  tell_refused(of, refused, rows);
  return measured;
}

/// From rows to tables or a model, through a store.
point finish_point(const subject& of, std::int64_t rows) {
  const entry_description& described = *of.what.description;
  const std::vector<option> options = options_for(of.shown, of.given.set);
  const std::vector<option> finish_options = pick(options, described.options);
  std::vector<option> all_options = finish_options;
  for (const option& one : pick(options, find_store_kind(described.store).options))
    all_options.push_back(one);
  const std::unique_ptr<store> empty = new_store(of.what, all_options);
  const std::vector<table> made = made_rows(tables_of(*empty), inputs_of(of.shown.tables), rows);
  const slot_models slots = slots_of(of.what, of.shown, of.how);
  struct outcome {
    std::unique_ptr<store> held;
    result finished;
  };
  std::int64_t refused = 0;
  const auto once = [&] {
    outcome ended{empty->clone(), {}};
    refused = 0;
    for (const table& one : made) {
      const std::vector<named_column> columns = one.views();
      const push_request request{
          .table = one.name(), .columns = columns, .rows = one.rows(), .how = &of.alone};
      refused += ended.held->push(request).refused;
    }
    ended.finished =
        finish(of.what, ended.held.get(), finish_options, slots.filled(), std::nullopt, of.alone);
    return ended;
  };
  point measured;
  measured.task = described.what;
  measured.rows = rows_of(made);
  measured.bytes = bytes_of(made) + bytes_of(once().finished.tables);
  tell_refused(of, refused, measured.rows);
  measured.took = measure(of.given.runs, once);
  return measured;
}

/// The options, with another value of one of them.
std::vector<option> with(std::vector<option> options, std::string_view name, std::int64_t value) {
  std::erase_if(options, [&](const option& one) { return one.name == name; });
  options.push_back({std::string(name), std::to_string(value)});
  return options;
}

/// Where an entry starts from no rows, an option says how many to make: the whole number with which the tables grow.
point made_point(const subject& of, std::int64_t rows) {
  constexpr std::int64_t times = 64; // as much of the option: more than chance makes of the rows
  const entry_description& described = *of.what.description;
  std::vector<option> options = pick(options_for(of.shown, of.given.set), described.options);
  const slot_models slots = slots_of(of.what, of.shown, of.how);
  const auto finished = [&](const std::vector<option>& chosen) {
    return finish(of.what, nullptr, chosen, slots.filled(), std::nullopt, of.alone);
  };
  const std::int64_t few = std::max<std::int64_t>(rows_of(finished(options).tables), 1);
  for (const option_description& known : described.options) {
    const auto given = std::find_if(options.begin(), options.end(),
                                    [&](const option& one) { return one.name == known.name; });
    const auto count =
        parse_integer(given != options.end() ? std::string_view(given->value) : known.default_value);
    if (known.what != option_content::integer || !count ||
        !known.allowed.contains(static_cast<double>(*count) * static_cast<double>(times)))
      continue;
    const std::int64_t many = rows_of(finished(with(options, known.name, *count * times)).tables);
    if (many < few * times / 8)
      continue;
    const double each = static_cast<double>(many) / static_cast<double>(*count * times);
    options =
        with(options, known.name, std::max<std::int64_t>(std::llround(static_cast<double>(rows) / each), 1));
    break;
  }
  const result first = finished(options);
  point measured;
  measured.task = described.what;
  measured.rows = rows_of(first.tables);
  measured.bytes = bytes_of(first.tables);
  measured.took = measure(of.given.runs, [&] { return finished(options); });
  return measured;
}

point measure_point(const subject& of, std::int64_t rows) {
  point measured = of.shown.what == verb::score         ? score_point(of, rows)
                   : of.what.description->store.empty() ? made_point(of, rows)
                                                        : finish_point(of, rows);
  measured.copy_seconds = copy_seconds(measured.bytes, of.given, of.alone);
  return measured;
}

/// What stands behind a name in a file of lines `name : value`; empty where it does not.
std::string line_of(const char* file, std::string_view name) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(name))
      continue;
    const std::size_t first = line.find_first_not_of(" \t", std::min(line.find(':'), line.size() - 1) + 1);
    return first == std::string::npos ? std::string() : line.substr(first);
  }
  return {};
}

/// Whether there is memory for ten times the rows of a measurement: stores and tables hold their rows several
/// times.
bool has_room_for_more(const point& measured) {
  constexpr std::int64_t times_held = 10;
  constexpr std::int64_t of_unknown_machine = std::int64_t{1} << 20; // kilobytes, as the file has them
  const std::string available = line_of("/proc/meminfo", "MemAvailable");
  const auto kilobytes = parse_integer(std::string_view(available).substr(0, available.find(' ')));
  return measured.bytes * 10 * times_held / 1024 < kilobytes.value_or(of_unknown_machine);
}

/// Rows of the default measurements.
constexpr std::int64_t fewest_rows = 10'000;
constexpr std::int64_t most_rows = 10'000'000;
constexpr double longest_run = 20.0; ///< seconds

std::string fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

/// A number with three digits or more.
std::string rounded(double value) {
  return fixed(value, value >= 100.0 ? 0 : value >= 10.0 ? 1 : 2);
}

struct machine {
  std::string processor;
  std::string_view instructions = kernels::name(kernels::chosen());
  int threads = 1;
};

std::string table_text(std::string_view entry_name, const machine& on, std::span<const point> points) {
  std::string text(entry_name);
  text.append(" on ").append(printable(on.processor)).append(", ").append(on.instructions).append(", ");
  text.append(std::to_string(on.threads)).append(on.threads == 1 ? " thread\n\n" : " threads\n\n");
  aligned lines;
  lines.add({"TASK", "ROWS", "ROWS/S", "NS/ROW", "SPREAD", "RUNS", "BYTES/ROW", "COPY NS/ROW", "SHARE"});
  for (const point& one : points) {
    const double seconds = one.took.fastest;
    lines.add({std::string(name(one.task)), std::to_string(one.rows),
               fixed(static_cast<double>(one.rows) / seconds, 0), rounded(one.per_row(seconds * 1e9)),
               fixed(one.spread() * 100.0, 0) + " %", std::to_string(one.took.runs),
               rounded(one.per_row(static_cast<double>(one.bytes))),
               rounded(one.per_row(one.copy_seconds * 1e9)),
               rounded(one.copy_seconds / seconds * 100.0) + " %"});
  }
  lines.write(text, 0);
  text.append(
      "\nThe fastest of the runs; SPREAD is how much longer the slowest took. BYTES/ROW go in and out; COPY "
      "is "
      "the time to move\nas many bytes on as many threads, and SHARE the part of this bandwidth that is "
      "reached.\n");
  return text;
}

std::string json_text(std::string_view entry_name, const machine& on, std::span<const point> points) {
  namespace json = boost::json;
  json::array all;
  for (const point& one : points) {
    const double seconds = one.took.fastest;
    all.push_back({{"task", name(one.task)},
                   {"rows", one.rows},
                   {"runs", one.took.runs},
                   {"seconds", seconds},
                   {"spread", one.spread()},
                   {"rows_per_second", static_cast<double>(one.rows) / seconds},
                   {"nanoseconds_per_row", one.per_row(seconds * 1e9)},
                   {"bytes_per_row", one.per_row(static_cast<double>(one.bytes))},
                   {"copy_nanoseconds_per_row", one.per_row(one.copy_seconds * 1e9)},
                   {"bandwidth_share", one.copy_seconds / seconds}});
  }
  return json::serialize(json::object{{"entry", entry_name},
                                      {"processor", on.processor},
                                      {"instruction_set", on.instructions},
                                      {"threads", on.threads},
                                      {"points", std::move(all)}}) +
         "\n";
}

/// The first example of each verb.
std::vector<const example*> examples_to_measure(const entry_description& described, const arguments& given) {
  std::vector<const example*> chosen;
  for (const example& one : described.examples) {
    const bool is_new = std::none_of(chosen.begin(), chosen.end(),
                                     [&](const example* other) { return other->what == one.what; });
    if (is_new && (given.only.empty() || one.what == verb::score))
      chosen.push_back(&one);
  }
  if (chosen.empty())
    throw usage_error(std::string(described.name) + (given.only.empty()
                                                         ? " has no worked example"
                                                         : " scores no rows, so --only names nothing"));
  return chosen;
}

} // namespace

std::string bench_text(const entry& what, const arguments& given, const reading& how) {
  const entry_description& described = *what.description;
  const std::vector<const example*> examples = examples_to_measure(described, given);
  refuse_unknown(described.name, given.set,
                 {described.options, described.score.options,
                  described.store.empty() ? std::span<const option_description>{}
                                          : find_store_kind(described.store).options});
  const auto told = [&](double share) {
    if (how.how->progress != nullptr)
      how.how->progress(share, how.how->user);
  };
  machine on;
  on.processor = line_of("/proc/cpuinfo", "model name");
  if (on.processor.empty())
    on.processor = "an unknown processor";
  on.threads =
      given.threads > 0 ? given.threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  std::vector<point> points;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    run alone;
    alone.threads = given.threads;
    const subject one{what, *examples[i], given, how, alone};
    const auto done = [&](double part) {
      told((static_cast<double>(i) + part) / static_cast<double>(examples.size()));
    };
    done(0.0);
    if (given.rows > 0) {
      points.push_back(measure_point(one, given.rows));
      continue;
    }
    for (std::int64_t rows = fewest_rows; rows <= most_rows; rows *= 10) {
      points.push_back(measure_point(one, rows));
      done(std::log10(static_cast<double>(rows) / 1000.0) / 4.0);
      const point& last = points.back();
      if (rows < most_rows && (!has_room_for_more(last) || last.took.fastest * 10.0 > longest_run)) {
        how.warnings->push_back(std::string(described.name) + ": " + std::string(name(last.task)) +
                                " ends at " + std::to_string(rows) + " rows: more would take too much " +
                                (has_room_for_more(last) ? "time" : "memory"));
        break;
      }
    }
  }
  told(1.0);
  return given.json ? json_text(described.name, on, points) : table_text(described.name, on, points);
}

} // namespace emptor::tool

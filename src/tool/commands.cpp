// SPDX-License-Identifier: BSL-1.0
#include "commands.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "csv_writer.hpp"
#include "failure.hpp"
#include "files.hpp"
#include "results.hpp"
#include "saved.hpp"

namespace emptor::tool {

const entry& entry_named(std::string_view name) {
  try {
    return find_entry(name);
  } catch (const error& why) {
    throw usage_error(why.what());
  }
}

void need(bool there, const arguments& given, std::string_view what) {
  if (!there)
    throw usage_error("emptor " + given.command + " needs " + std::string(what), see_help(given.command));
}

namespace {

namespace fs = std::filesystem;

run run_of(const arguments& given) {
  run how;
  how.threads = given.threads;
  if (::isatty(STDERR_FILENO) != 0) {
    how.progress = [](double share, void*) {
      std::fprintf(stderr, share < 1.0 ? "\r%3.0f %%" : "\r     \r", share * 100.0);
    };
  }
  return how;
}

/// The inputs that are for slots, and the others.
struct sorted_inputs {
  std::vector<table_input> tables;
  slot_models slots;
};

sorted_inputs sort_inputs(const entry& what, const arguments& given, const reading& how) {
  sorted_inputs sorted;
  for (const named_file& one : given.models)
    sorted.slots.add(what, one.name, model_at(one.path));
  for (table_input& input : read_tables(given.in, given.csv)) {
    if (has_slot(what, input.name))
      sorted.slots.add(what, input, how);
    else
      sorted.tables.push_back(std::move(input));
  }
  return sorted;
}

void finish_command(const arguments& given, const reading& how) {
  const entry& what = entry_named(given.subject);
  const verb wanted = given.command == "fit" ? verb::fit : verb::reduce;
  if (what.description->what != wanted)
    throw usage_error(std::string(what.description->name) + " is no " + given.command + ": emptor " +
                      std::string(name(what.description->what)) + " " + std::string(what.description->name));
  need(!given.out.empty(), given, "--out");
  need(what.description->store.empty() || !given.in.empty() || !given.store.empty(), given,
       "--in or --store");
  const sorted_inputs inputs = sort_inputs(what, given, how);
  need(what.description->store.empty() || !inputs.tables.empty() || !given.store.empty(), given,
       "rows (--in) or --store");
  const result made = finish_tables(what, given.set, inputs.tables,
                                    given.store.empty() ? nullptr : store_at(given.store), inputs.slots, how);
  if (wanted == verb::reduce) {
    write_tables(made.tables, given.out, false, given, how);
    return;
  }
  if (!made.fitted)
    throw failure(std::string(what.description->name) + ": made no model");
  if (const table* fit = made.fitted->find("fit"); fit != nullptr && fit->rows() == 1) {
    const column* converged = fit->find("converged");
    const column* diagnosis = fit->find("diagnosis");
    if (converged != nullptr && field_text(*fit, *converged, 0) == "false")
      how.warnings->push_back(std::string(what.description->name) + ": the fit has no maximum" +
                              (diagnosis != nullptr ? ": " + field_text(*fit, *diagnosis, 0) : ""));
  }
  const std::vector<std::byte> bytes = save(*made.fitted);
  if (given.tables.empty())
    tell_of(made.tables, "--tables DIR", how);
  else
    write_tables(made.tables, given.tables, true, given, how);
  write_file(given.out, as_text(bytes));
}

bool score_command(const arguments& given, const reading& how) {
  score_task task;
  const auto entries = catalogue();
  const bool is_entry = std::any_of(entries.begin(), entries.end(), [&](const entry* known) {
    return known->description->name == given.subject;
  });
  std::error_code ignored;
  if (is_entry) {
    task.what = &find_entry(given.subject);
  } else if (fs::exists(given.subject, ignored) || given.subject.find('/') != std::string::npos ||
             given.subject.ends_with(".emptor")) {
    task.self = model_at(given.subject);
    task.what = &find_entry(task.self->entry);
  } else {
    static_cast<void>(entry_named(given.subject)); // refuses it with the nearest name
  }
  const entry_description& described = *task.what->description;
  if (!described.can_score())
    throw usage_error(std::string(described.name) + " scores no rows: emptor " +
                      std::string(name(described.what)) + " " + std::string(described.name));
  if (!task.self && described.has_model() &&
      std::any_of(described.model_tables.begin(), described.model_tables.end(),
                  [](const table_description& one) { return !one.optional; }))
    throw usage_error(std::string(described.name) +
                      " scores with its model: emptor score MODEL.emptor (made by emptor " +
                      (described.what == verb::fit ? "fit" : "create") + ")");
  need(!given.in.empty(), given, "--in");
  need(!given.out.empty(), given, "--out");
  refuse_unknown(described.name, given.set, {described.score.options});
  sorted_inputs inputs = sort_inputs(*task.what, given, how);
  if (inputs.tables.size() != 1 ||
      (!inputs.tables.front().name.empty() && inputs.tables.front().name != "rows"))
    throw usage_error("emptor score needs one table of rows: --in rows.csv");
  task.slots = inputs.slots.filled();
  task.options = given.set;
  task.only = given.only;
  task.keep = given.keep;
  task.row_status = given.row_status;
  reading plain = how;
  plain.every_row = false; // the scores have them
  bool all_refused = false;
  write_tables({score_table(task, inputs.tables.front(), plain, all_refused)}, given.out, false, given,
               plain);
  return all_refused;
}

/// Shows a model, or what a store holds.
std::string show_command(const arguments& given) {
  const std::string bytes = read_file(given.subject);
  try {
    return show_text(*load_model(as_byte_span(bytes)), given.json);
  } catch (const error& why) {
    if (why.code() != status::mismatch)
      throw failure(given.subject + ": " + why.what());
  }
  return show_text(*store_at(given.subject), bytes.size(), given.json);
}

void create_command(const arguments& given, const reading& how) {
  const entry& what = entry_named(given.subject);
  if (what.description->model_tables.empty())
    throw usage_error(std::string(what.description->name) + " makes no model from tables");
  need(!given.in.empty(), given, "--in");
  need(!given.out.empty(), given, "--out");
  refuse_unknown(what.description->name, given.set, {what.description->model_options});
  const std::vector<table_input> inputs = read_tables(given.in, given.csv);
  write_file(given.out, as_text(save(*make_model(what, inputs, given.set, how))));
}

bool is_store_kind(std::string_view name) {
  const auto kinds = store_kinds();
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](const store_description* kind) { return kind->name == name; });
}

/// Where rows of a kind of store are shown: the entry with the shortest example that needs no model.
std::string example_of_store(std::string_view kind) {
  std::string_view shortest;
  std::size_t least = 0;
  for (const entry* one : catalogue()) {
    const std::span<const example> examples = one->description->examples;
    if (one->description->store != kind || examples.empty() || !examples.front().slots.empty())
      continue;
    std::size_t size = 0;
    for (const example_table& rows : examples.front().tables)
      size += rows.csv.size();
    if (shortest.empty() || size < least) {
      shortest = one->description->name;
      least = size;
    }
  }
  return shortest.empty() ? "no entry has an example of it"
                          : "an example of its rows: emptor describe " + std::string(shortest) + " --example";
}

std::string describe_command(const arguments& given, bool& data_says_no) {
  if (is_store_kind(given.subject)) {
    if (given.example)
      throw usage_error(given.subject + " is a kind of store; " + example_of_store(given.subject));
    const store_description& kind = find_store_kind(given.subject);
    return given.json ? describe(kind) + "\n" : describe_text(kind);
  }
  const entry& what = entry_named(given.subject);
  if (given.example && given.json)
    throw usage_error("describe takes --example or --json; the JSON has the examples");
  if (given.example) {
    bool all_agree = true;
    std::string text = example_text(what, all_agree);
    data_says_no = !all_agree;
    return text;
  }
  return given.json ? describe(what) + "\n" : describe_text(*what.description);
}

} // namespace

namespace {

/// Those of a new store; a name that both have is the entry's.
std::vector<option> store_options(const entry_description& described, const store_description& kind,
                                  std::span<const option> options) {
  refuse_unknown(described.name, options, {described.options, kind.options});
  std::vector<option> picked;
  for (const option& one : pick(options, kind.options)) {
    if (pick({&one, 1}, described.options).empty())
      picked.push_back(one);
  }
  return picked;
}

} // namespace

std::unique_ptr<store> new_store(const entry& what, std::span<const option> options) {
  const entry_description& described = *what.description;
  const store_description& kind = find_store_kind(described.store);
  std::vector<option> create_options = store_options(described, kind, options);
  if (kind.tables.empty() && std::none_of(create_options.begin(), create_options.end(),
                                          [](const option& one) { return one.name == "entry"; }))
    create_options.push_back({"entry", std::string(described.name)});
  return make_store(kind.name, create_options);
}

result finish_tables(const entry& what, std::span<const option> options, std::span<const table_input> tables,
                     std::unique_ptr<store> base, const slot_models& slots, const reading& how) {
  const entry_description& described = *what.description;
  const auto finish_options = pick(options, described.options);
  if (described.store.empty()) {
    if (!tables.empty() || base)
      throw usage_error(std::string(described.name) + " takes no rows");
    refuse_unknown(described.name, options, {described.options});
    return finish(what, nullptr, finish_options, slots.filled(), std::nullopt, *how.how);
  }
  const bool is_new = base == nullptr;
  if (base) {
    const store_description& kind = find_store_kind(described.store);
    const std::vector<option> create_options = store_options(described, kind, options);
    if (base->description().name != kind.name)
      throw failure(std::string(described.name) + ": finishes from a store of " + std::string(kind.name) +
                    ", not of " + std::string(base->description().name));
    if (kind.tables.empty() && base->options().text("entry") != described.name)
      throw failure("the store holds rows for " + std::string(base->options().text("entry")) + ", not for " +
                    std::string(described.name));
    if (!create_options.empty())
      throw usage_error("option " + create_options.front().name +
                        " is fixed when the store is made (emptor push)");
  } else {
    base = new_store(what, options);
  }
  if (!tables.empty()) {
    const push_outcome pushed = push_tables(*base, tables, how);
    if (const std::string assumed =
            currency_assumed(*base, pushed, "--set default_currency=EUR (or another) names it");
        is_new && !assumed.empty())
      how.warnings->push_back(assumed);
  }
  return finish(what, base.get(), finish_options, slots.filled(), std::nullopt, *how.how);
}

answer execute(const arguments& given, std::vector<std::string>& warnings) {
  answer made;
  if (given.help) {
    made.text = usage(given.command);
    return made;
  }
  if (changes_its_store(given))
    refuse_overwriting(given, "--store ", given.store);
  else
    refuse_overwriting(given, "--out ", given.out);
  const run how_to_run = run_of(given);
  const reading how{.mappings = given.map,
                    .csv = given.csv,
                    .strict = given.strict,
                    .every_row = given.row_status,
                    .how = &how_to_run,
                    .warnings = &warnings};
  if (given.command == "list") {
    made.text = list_text(given.json);
  } else if (given.command == "describe") {
    made.text = describe_command(given, made.data_says_no);
  } else if (given.command == "reduce" || given.command == "fit") {
    finish_command(given, how);
  } else if (given.command == "score") {
    made.data_says_no = score_command(given, how);
  } else if (given.command == "push") {
    made.data_says_no = push_command(given, how);
  } else if (given.command == "erase") {
    erase_command(given, how);
  } else if (given.command == "create") {
    create_command(given, how);
  } else if (given.command == "show") {
    made.text = show_command(given);
  } else if (given.command == "export") {
    need(!given.format.empty(), given, "--format");
    need(!given.out.empty(), given, "--out");
    write_file(given.out, export_model(*model_at(given.subject), given.format));
  } else if (given.command == "bench") {
    made.text = bench_text(entry_named(given.subject), given, how);
  } else if (given.command == "demo") {
    made = demo_command(given, warnings);
  } else if (given.command == "version") {
    made.text = "emptor " + std::string(library_version()) + "\n";
  } else {
    made.text = usage(given.subject);
  }
  return made;
}

} // namespace emptor::tool

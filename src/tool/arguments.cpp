// SPDX-License-Identifier: BSL-1.0
#include "arguments.hpp"

#include <algorithm>
#include <initializer_list>
#include <sstream>
#include <utility>

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/variables_map.hpp>

#include "failure.hpp"

namespace emptor::tool {

namespace {

namespace po = boost::program_options;

/// A command, how it is used, and the options that it takes (separated by spaces).
struct command_description {
  std::string_view name;
  std::string_view subject; ///< empty = none
  std::string_view form;
  std::string_view summary;
  std::string_view options;
};

constexpr command_description commands[] = {
    {"list", "", "[--json]", "all capabilities", "json"},
    {"describe", "ENTRY", "ENTRY [--example] [--json]",
     "what an entry or a kind of store takes and gives; --example runs its worked examples", "example json"},
    {"reduce", "ENTRY",
     "ENTRY [--in [TABLE=]rows.csv ...] [--store s.emptor] [--model SLOT=m.emptor ...] --out table.csv | DIR",
     "rows to tables", "in store model out set map csv threads row-status strict"},
    {"fit", "ENTRY",
     "ENTRY [--in [TABLE=]rows.csv ...] [--store s.emptor] [--model SLOT=m.emptor ...] --out model.emptor "
     "[--tables DIR]",
     "rows to a model", "in store model out tables set map csv threads row-status strict"},
    {"score", "ENTRY or model.emptor",
     "ENTRY|model.emptor --in rows.csv [--in SLOT=rules.csv ...] [--model SLOT=m.emptor ...] --out "
     "scores.csv "
     "[--only a,b] [--keep customer]",
     "scores row by row", "in model out only keep set map csv threads row-status strict"},
    {"push", "STORE_KIND", "STORE_KIND --in [TABLE=]new.csv ... --store s.emptor",
     "adds rows to a saved store (made if new)", "in store set map csv threads row-status strict"},
    {"erase", "", "--store s.emptor [--keys KEY,...] [--in keys.csv]",
     "makes a saved store forget customers: all their rows in all its tables; customers that it does not "
     "know are "
     "named",
     "store keys in map csv strict"},
    {"create", "ENTRY", "ENTRY --in TABLE=t.csv ... --out model.emptor",
     "a model from its tables (rules, parameters)", "in out set map csv threads"},
    {"show", "model.emptor or store.emptor", "model.emptor|store.emptor [--json]",
     "of a model: entry, parameters, fit statistics, provenance; of a store: kind, options, rows", "json"},
    {"export", "model.emptor", "model.emptor --format F --out file", "a model as text", "format out"},
    {"bench", "ENTRY",
     "ENTRY [--rows N] [--threads N] [--runs N] [--only a,b] [--set option=value ...] [--json]",
     "throughput of one entry on rows like those of its worked examples, beside the machine's bandwidth",
     "rows runs only set threads json"},
    {"demo", "", "[--customers N] [--seed N] [--dir DIR] [--threads N]",
     "a simulated company whose truth is known: writes its orders, receivables, survey and more as CSV "
     "files, "
     "runs every entry on them by commands that it prints, and shows how close the estimates came to the "
     "truth",
     "customers seed dir threads"},
    {"help", "COMMAND", "[COMMAND]", "this page, or that of one command", ""},
    {"version", "", "", "the version of emptor", ""},
};

const command_description* find_command(std::string_view name) {
  for (const command_description& known : commands) {
    if (known.name == name)
      return &known;
  }
  return nullptr;
}

po::options_description options_for(const command_description& command) {
  const auto list = [] { return po::value<std::vector<std::string>>()->multitoken()->composing(); };
  const auto text = [](const char* shown) { return po::value<std::string>()->value_name(shown); };
  po::options_description all("Options", 110);
  all.add_options()("help,h", "this page");
  const auto add = [&](const char* name, const po::value_semantic* value, const char* summary) {
    const std::string_view own = std::string_view(name).substr(0, std::string_view(name).find(','));
    std::string_view rest = command.options;
    while (!rest.empty()) {
      const std::string_view one = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(one.size() + 1, rest.size()));
      if (one == own) {
        all.add_options()(name, value, summary);
        return;
      }
    }
    delete value;
  };
  add("in", list()->value_name("[NAME=]FILE"),
      "rows as CSV with a header line, of the named table or slot; without a name, of the main table");
  add("store", text("FILE"), "a saved store");
  add("model", list()->value_name("SLOT=FILE"), "a saved model for a slot");
  add("out", text("PATH"), "where the result goes; several tables go to a folder, as NAME.csv each");
  add("tables", text("DIR"), "a folder for the tables of a fit, as NAME.csv each");
  add("format", text("F"), "the text format (json; others as `emptor describe` lists)");
  add("keys", text("KEY,..."),
      "customers; those with a comma in their ids in a CSV file with the column customer (--in)");
  add("only", text("A,B"), "only these outputs, in this order");
  add("keep", text("COLUMN,..."), "input columns to write in front of the scores");
  add("set", list()->value_name("OPTION=VALUE"), "an option, as `emptor describe` lists them");
  add("map", list()->value_name("[TABLE.]ROLE=COLUMN,..."),
      "the CSV column that stands for a role; several where the role takes many");
  add("csv", list()->value_name("KEY=VALUE"),
      "how the CSV files are written: delimiter=comma, semicolon or tab (default: as the header line shows); "
      "decimal=point or comma; date=iso (1997-09-30), year_month_day (19970930), day_month_year (30.09.1997) "
      "or "
      "month_day_year (09/30/1997)");
  add("rows", po::value<std::int64_t>()->value_name("N"),
      "rows to measure with (default: 10000, 100000, ... as far as memory and time allow)");
  add("runs", po::value<std::int64_t>()->value_name("N"),
      "how often each measurement is repeated (default: at least 3 times, and for half a second)");
  add("customers", po::value<std::int64_t>()->value_name("N")->default_value(20'000), "how many there are");
  add("seed", po::value<std::int64_t>()->value_name("N")->default_value(1),
      "names the random numbers: the same seed gives the same company everywhere");
  add("dir", po::value<std::string>()->value_name("DIR")->default_value("emptor-demo"),
      "where the files go: a new or empty folder, or that of an earlier demo, whose files are overwritten");
  add("threads", po::value<std::int64_t>()->value_name("N"), "threads to use (default 1; 0 = all cores)");
  add("row-status", po::bool_switch(),
      "score: adds the column row_status; else: names every refused row, not only the first");
  add("strict", po::bool_switch(),
      command.name == "erase" ? "a customer that the store does not know ends the work, with exit status 1"
                              : "the first refused row ends the work, with exit status 1");
  add("example", po::bool_switch(), "prints the worked examples, runs them, and compares the figures");
  add("json", po::bool_switch(), "JSON with stable keys");
  return all;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t comma = text.find(',');
    parts.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos)
      return parts;
    text.remove_prefix(comma + 1);
  }
}

option split_option(const char* of, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw usage_error(std::string(of) + " " + text + ": must have the form name=value");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

/// An option that a script leaves empty by mistake must not turn into its default in silence.
option split_set(const std::string& text) {
  option read = split_option("--set", text);
  if (read.value.empty())
    throw usage_error("--set " + text + ": has no value; without --set " + read.name + " the default holds");
  return read;
}

void read_dialect(csv_dialect& dialect, const option& given) {
  const auto pick = [&](std::initializer_list<std::pair<std::string_view, int>> known) {
    std::string wanted;
    for (const auto& [name, value] : known) {
      if (name == given.value)
        return value;
      wanted.append(wanted.empty() ? "" : ", ").append(name);
    }
    throw usage_error("--csv " + given.name + " is " + given.value + ", but must be one of " + wanted);
  };
  if (given.name == "delimiter")
    dialect.delimiter = static_cast<char>(pick({{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}}));
  else if (given.name == "decimal")
    dialect.decimal = static_cast<char>(pick({{"point", '.'}, {"comma", ','}}));
  else if (given.name == "date")
    dialect.dates =
        static_cast<date_format>(pick({{"iso", static_cast<int>(date_format::iso)},
                                       {"year_month_day", static_cast<int>(date_format::year_month_day)},
                                       {"day_month_year", static_cast<int>(date_format::day_month_year)},
                                       {"month_day_year", static_cast<int>(date_format::month_day_year)}}));
  else
    throw usage_error("--csv: there is no " + given.name + "; there is delimiter, decimal, date");
}

arguments from_options(const command_description& command, const po::variables_map& given) {
  const auto texts = [&](const char* name) {
    return given.count(name) != 0 ? given[name].as<std::vector<std::string>>() : std::vector<std::string>{};
  };
  const auto text = [&](const char* name) {
    if (given.count(name) == 0)
      return std::string();
    if (given[name].as<std::string>().empty())
      throw usage_error("--" + std::string(name) + " is empty");
    return given[name].as<std::string>();
  };
  const auto number = [&](const char* name, std::int64_t low, std::int64_t high) {
    const auto value = given[name].as<std::int64_t>();
    if (value < low || value > high)
      throw usage_error("--" + std::string(name) + " is " + std::to_string(value) + ", but must be in [" +
                        std::to_string(low) + ", " + std::to_string(high) + "]");
    return value;
  };
  const auto is_set = [&](const char* name) { return given.count(name) != 0 && given[name].as<bool>(); };

  arguments read;
  read.command = command.name;
  read.help = given.count("help") != 0;
  read.subject = text("subject");
  read.store = text("store");
  read.out = text("out");
  read.tables = text("tables");
  read.format = text("format");
  for (const std::string& one : texts("in")) {
    // A name is a plain word; with anything else in front of it, the equals sign belongs to the path.
    const std::size_t equals = one.find('=');
    const bool named =
        equals != std::string::npos && equals > 0 &&
        std::all_of(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(equals),
                    [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
    read.in.push_back(named ? named_file{one.substr(0, equals), one.substr(equals + 1)}
                            : named_file{{}, one});
    if (read.in.back().path.empty())
      throw usage_error("--in " + one + ": names no file");
  }
  for (const std::string& one : texts("model")) {
    option slot = split_option("--model", one);
    read.models.push_back({std::move(slot.name), std::move(slot.value)});
  }
  for (const std::string& one : texts("set"))
    read.set.push_back(split_set(one));
  for (const std::string& one : texts("map")) {
    const option role = split_option("--map", one);
    const std::size_t point = role.name.find('.');
    const bool in_table = point != std::string::npos;
    read.map.push_back({in_table ? role.name.substr(0, point) : std::string(),
                        in_table ? role.name.substr(point + 1) : role.name, split(role.value)});
  }
  for (const std::string& one : texts("csv"))
    read_dialect(read.csv, split_option("--csv", one));
  if (given.count("only") != 0)
    read.only = split(text("only"));
  if (given.count("keep") != 0)
    read.keep = split(text("keep"));
  if (given.count("keys") != 0)
    read.keys = split(text("keys"));
  if (std::find(read.keys.begin(), read.keys.end(), "") != read.keys.end())
    throw usage_error("--keys " + text("keys") + ": names an empty customer");
  if (given.count("threads") != 0)
    read.threads = static_cast<int>(number("threads", 0, 1024));
  if (given.count("rows") != 0)
    read.rows = number("rows", 1, 1'000'000'000);
  if (given.count("runs") != 0)
    read.runs = static_cast<int>(number("runs", 1, 1'000'000));
  if (given.count("customers") != 0)
    read.customers = number("customers", 1, 1'000'000);
  if (given.count("seed") != 0)
    read.seed = number("seed", 0, 9'000'000'000'000'000);
  read.dir = text("dir");
  read.row_status = is_set("row-status");
  read.strict = is_set("strict");
  read.json = is_set("json");
  read.example = is_set("example");
  return read;
}

} // namespace

std::string usage(std::string_view name) {
  std::string text;
  const command_description* command = find_command(name);
  if (command != nullptr && command->name != "help") {
    text.append("emptor ").append(command->name).append(" ").append(command->form).append("\n  ");
    text.append(command->summary).append("\n");
    if (!command->options.empty()) {
      std::ostringstream options;
      options << '\n' << options_for(*command);
      text.append(options.str());
    }
    return text;
  }
  text = "emptor: what customers are worth, how satisfied and loyal they are, how much credit they can "
         "carry\n\n";
  for (const command_description& known : commands) {
    text.append("  emptor ").append(known.name).append(known.form.empty() ? "" : " ").append(known.form);
    text.append("\n      ").append(known.summary).append("\n");
  }
  text.append(
      "\nCommon: --set option=value ... --map role=csv_column[,csv_column...] ... --threads N --row-status "
      "--strict\n        --csv delimiter=semicolon --csv decimal=comma --csv date=day_month_year\n"
      "Exit status: 0 done, 1 the data or the model says no, 2 wrong usage.\n");
  return text;
}

std::string see_help(std::string_view command) {
  return std::string("see: emptor help") + (command.empty() ? "" : " ") + std::string(command);
}

arguments read_arguments(std::span<const char* const> words) {
  arguments read;
  if (words.empty())
    throw usage_error("a command is needed", see_help(""));
  std::string_view name = words.front();
  if (name == "--help" || name == "-h")
    name = "help";
  if (name == "--version")
    name = "version";
  const command_description* command = find_command(name);
  if (command == nullptr) {
    std::vector<std::string_view> known;
    std::string all;
    for (const command_description& one : commands) {
      known.push_back(one.name);
      all.append(all.empty() ? "" : ", ").append(one.name);
    }
    const std::string_view close = nearest(name, known);
    throw usage_error("there is no command " + shortened(name) +
                          (close.empty() ? "" : "; did you mean " + std::string(close) + "?"),
                      "there is " + all);
  }
  po::options_description all = options_for(*command);
  all.add_options()("subject", po::value<std::string>());
  po::positional_options_description positions;
  if (!command->subject.empty())
    positions.add("subject", 1);
  try {
    po::variables_map given;
    const std::vector<std::string> rest(words.begin() + 1, words.end());
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(rest).options(all).positional(positions).style(style).run(), given);
    read = from_options(*command, given);
  } catch (const po::error& problem) {
    throw usage_error(problem.what(), see_help(command->name));
  }
  if (!read.help && !command->subject.empty() && read.subject.empty() && command->name != "help")
    throw usage_error("emptor " + std::string(command->name) + " needs " + std::string(command->subject),
                      see_help(command->name));
  return read;
}

} // namespace emptor::tool

// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <filesystem>
#include <map>
#include <system_error>

#include "../aligned.hpp"
#include "../commands.hpp"
#include "../csv_writer.hpp"
#include "../failure.hpp"
#include "../files.hpp"
#include "../shell_word.hpp"
#include "scoreboard.hpp"
#include "steps.hpp"
#include "tables.hpp"

namespace emptor::tool {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view read_me = "README.txt";
constexpr std::string_view mark =
    "This folder was made by emptor demo, which may overwrite the files that it names.\n";
constexpr std::size_t top_count = 10;

/// A folder that is new, empty, or was made by a demo: nothing else is written to. \throws failure
void claim(const std::string& folder) {
  std::error_code problem;
  const fs::file_status there =
      fs::status(fs::path(folder).parent_path(), problem); // without the slash at its end
  if (fs::exists(there) && !fs::is_directory(there))
    throw failure(folder + ": is no folder");
  if (fs::exists(there)) {
    const fs::path known = fs::path(folder) / read_me;
    const bool is_empty = fs::is_empty(folder, problem);
    if (problem)
      throw failure(folder + ": cannot be read: " + problem.message());
    if (!is_empty && !(fs::is_regular_file(known, problem) && read_file(known.string()).starts_with(mark)))
      throw failure(folder + ": holds files that are not of a demo; give another folder with --dir");
    for (const fs::directory_entry& one : fs::recursive_directory_iterator(folder, problem)) {
      if (one.is_symlink()) // what it leads to is somebody else's
        throw failure(one.path().string() + ": is a link, which a demo would write through");
    }
  }
  fs::create_directories(folder, problem);
  if (problem)
    throw failure(folder + ": cannot be made a folder: " + problem.message());
  write_file(folder + std::string(read_me), mark);
}

std::string command_line(const std::vector<std::string>& words) {
  std::string text = "emptor";
  for (const std::string& word : words)
    text.append(" ").append(shell_word(word));
  return text;
}

struct outcome {
  std::vector<std::string> warnings;
  std::string failed;    ///< why; empty = it ran
  bool too_thin = false; ///< it did not run because these customers are too few for it: no fault of anybody
};

/// Runs a command line as if it had been typed.
outcome run_command(std::vector<std::string> words, int threads) {
  if (threads != 1) {
    words.emplace_back("--threads");
    words.push_back(std::to_string(threads));
  }
  std::vector<const char*> pointers;
  for (const std::string& word : words)
    pointers.push_back(word.c_str());
  outcome ended;
  try {
    if (execute(read_arguments(pointers), ended.warnings).data_says_no)
      ended.failed = "no row could be used";
  } catch (const refusal& why) {
    ended.failed = why.what();
  } catch (const error& why) {
    ended.failed = why.what();
    ended.too_thin = why.code() == status::too_few;
  }
  return ended;
}

class demo_run {
public:
  demo_run(const arguments& given, std::string folder)
      : given_(given)
      , folder_(std::move(folder)) {
    std::vector<const entry_description*> entries;
    for (const entry* one : catalogue()) {
      entries.push_back(one->description);
      if (one->description->demo.empty())
        not_fed_.emplace_back(one->description->name, one->description->no_demo);
    }
    steps_ = demo::order_steps(entries, demo::company_tables());
  }

  void write_company() {
    const std::vector<table> company =
        demo::make_company({.customers = given_.customers, .seed = static_cast<std::uint64_t>(given_.seed)});
    for (const table& one : company) {
      rows_[one.name()] = one.rows();
      write_file(folder_ + one.name() + ".csv", to_csv(one));
    }
    write_file(folder_ + std::string(read_me), read_me_text());
  }

  void run_steps() {
    for (const demo::step& one : steps_) {
      std::error_code problem;
      // What an earlier demo gave must not look like a result of this one.
      for (const std::string& file : demo::files_of(one))
        fs::remove(folder_ + file, problem);
      fs::create_directories(folder_ + demo::folder_of(one.run), problem);
    }
    for (const demo::step& one : steps_) {
      const auto missing = std::find_if(one.needs.begin(), one.needs.end(), [&](std::size_t needed) {
        return !outcomes_[needed].failed.empty();
      });
      if (missing == one.needs.end()) {
        outcomes_.push_back(run_command(demo::command_of(one, folder_), given_.threads));
      } else {
        const bool too_thin = outcomes_[*missing].too_thin;
        outcomes_.push_back(
            {{},
             "needs " + steps_[*missing].run + (too_thin ? ", which was not run" : ", which failed"),
             too_thin});
      }
      if (outcomes_.back().failed.empty())
        done_.push_back(&one);
    }
  }

  answer tell(std::vector<std::string>& warnings) {
    demo::result_files files(folder_);
    const std::vector<demo::figure> figures = demo::compare_with_truth(done_, files);
    write_file(folder_ + "scoreboard.csv", to_csv(demo::figures_table(figures)));

    answer made;
    std::string& text = made.text;
    text = "A company of " + std::to_string(given_.customers) + " customers whose truth is known, up to " +
           std::string(demo_today) + ", seed " + std::to_string(given_.seed) + ", in " + folder_ + "\n\n" +
           tables_text();
    text.append("\nWhat was run\n\n");
    std::size_t failed = 0;
    std::size_t too_thin = 0;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      text.append("$ ").append(command_line(demo::command_of(steps_[i], folder_))).append("\n");
      for (const std::string& warning : outcomes_[i].warnings)
        text.append("  ").append(warning).append("\n");
      if (outcomes_[i].failed.empty())
        continue;
      text.append(outcomes_[i].too_thin ? "  TOO THIN: " : "  FAILED: ")
          .append(outcomes_[i].failed)
          .append("\n");
      ++(outcomes_[i].too_thin ? too_thin : failed);
    }
    if (failed > 0) {
      made.data_says_no = true;
      warnings.push_back("demo: " + std::to_string(failed) + " of " + std::to_string(steps_.size()) +
                         " runs failed, as FAILED above says");
    }
    if (too_thin > 0)
      warnings.push_back("demo: " + std::to_string(given_.customers) + " customers are too thin for " +
                         std::to_string(too_thin) + " of " + std::to_string(steps_.size()) +
                         " runs, as TOO THIN above says; all run with some hundreds of them");
    if (!demo::all_equal(figures)) {
      warnings.push_back("demo: what must be equal to the cent differs from the truth");
      made.data_says_no = true;
    }
    for (const auto& [entry, why] : not_fed_)
      text.append("\n").append(entry).append(" was not run: ").append(why).append("\n");
    if (const std::string top = demo::top_customers_text(done_, files, top_count); !top.empty())
      text.append("\nThe customers who rank first\n\n").append(top);
    text.append("\nHow close the estimates came to the truth (").append(folder_).append("scoreboard.csv)\n");
    text.append(demo::figures_text(figures));
    if (too_thin > 0)
      text.append("\nToo thin for an estimate\n").append(too_thin_text());
    text.append("\nNext: ").append(folder_).append(read_me);
    text.append(
        " names each file and column. Each command above works for files of yours;\n"
        "emptor describe ENTRY says what it takes and gives, --map names the columns of other files.\n");
    return made;
  }

private:
  [[nodiscard]] std::string too_thin_text() const {
    aligned lines;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (outcomes_[i].too_thin)
        lines.add({steps_[i].run, std::string(name(steps_[i].feed->what)), outcomes_[i].failed});
    }
    std::string text;
    lines.write(text, 2);
    return text;
  }

  [[nodiscard]] std::string tables_text() const {
    aligned lines;
    for (const table_description& one : demo::company_tables())
      lines.add({std::string(one.name) + ".csv", std::to_string(rows_.at(std::string(one.name))) + " rows",
                 std::string(one.summary)});
    lines.add({"results/", "", "a folder for each run: its tables, its model, its scores"});
    std::string text;
    lines.write(text, 2);
    return text;
  }

  [[nodiscard]] std::string read_me_text() const {
    std::string text(mark);
    text.append("\nA simulated company with known truth: the tables truth*.csv say what no company knows. "
                "Amounts are in "
                "euro, days\nlike 2025-12-31, and nothing of it is data of anybody.\n\n");
    text.append("emptor demo --customers " + std::to_string(given_.customers) + " --seed " +
                std::to_string(given_.seed) + " makes the same bytes on every machine.\n");
    for (const table_description& one : demo::company_tables()) {
      text.append("\n").append(one.name).append(".csv: ").append(one.summary).append("\n");
      aligned lines;
      for (const column_description& column : one.columns) {
        std::string levels;
        for (const std::string_view level : column.levels)
          levels.append(levels.empty() ? ": " : ", ").append(level);
        lines.add({std::string(column.name), std::string(column.unit), std::string(column.summary) + levels});
      }
      lines.write(text, 2);
    }
    text.append(
        "\nscoreboard.csv: how close the estimates came to the truth\n"
        "\nresults/ has a folder for each of these commands; emptor describe ENTRY names the columns.\n\n");
    for (const demo::step& one : steps_)
      text.append(command_line(demo::command_of(one, folder_))).append("\n");
    return text;
  }

  const arguments& given_;
  std::string folder_;
  std::vector<demo::step> steps_;
  std::vector<std::pair<std::string_view, std::string_view>> not_fed_;
  std::vector<outcome> outcomes_; ///< of each step
  std::vector<const demo::step*> done_;
  std::map<std::string, std::int64_t> rows_;
};

} // namespace

answer demo_command(const arguments& given, std::vector<std::string>& warnings) {
  std::string folder = given.dir;
  if (folder.starts_with('-')) // else the commands would take it for an option
    folder.insert(0, "./");
  if (!folder.ends_with('/'))
    folder.push_back('/');
  demo_run one(given, folder);
  claim(folder);
  one.write_company();
  one.run_steps();
  return one.tell(warnings);
}

} // namespace emptor::tool

// SPDX-License-Identifier: BSL-1.0
#include "steps.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "../failure.hpp"
#include "../work.hpp"

namespace emptor::tool::demo {

namespace {

constexpr std::string_view scores = "scores";

struct source {
  std::string_view run; ///< empty: a table of the company
  std::string_view table;
};
source source_of(std::string_view from) {
  const std::size_t slash = from.find('/');
  return slash == std::string_view::npos ? source{{}, from}
                                         : source{from.substr(0, slash), from.substr(slash + 1)};
}

template <class Description>
const Description* find(std::span<const Description> descriptions, std::string_view name) {
  const auto found = std::find_if(descriptions.begin(), descriptions.end(),
                                  [&](const auto& one) { return one.name == name; });
  return found == descriptions.end() ? nullptr : &*found;
}

/// Checks the steps against the descriptions, and finds which need which.
class checker {
public:
  checker(std::vector<step>& steps, std::span<const table_description> company)
      : steps_(steps)
      , company_(company) {}

  void check(step& one) {
    here_ = &one;
    const entry_description& what = *one.what;
    const demo_feed& feed = *one.feed;
    if (feed.what == verb::score ? !what.can_score() : feed.what != what.what)
      refuse("is no " + std::string(name(feed.what)));
    for (const step& other : steps_) {
      if (&other != &one && other.run == one.run && other.feed->what == feed.what)
        refuse("is declared twice; give it a label");
    }
    if (feed.what == verb::score && what.what == verb::fit)
      need(one.run, false);
    check_inputs(what, feed);
    check_slots(what, feed);
    check_options(what, feed);
    for (const demo_shown& shown : feed.shown) {
      need_given(shown.table, shown.column);
      need_given(shown.table, "customer");
    }
    for (const demo_comparison& with : feed.compared) {
      for (const std::string_view column :
           {with.estimate, with.key, with.low, with.high, with.standard_error}) {
        if (!column.empty())
          need_given(with.table, column);
      }
      const table_description* truth = find(company_, with.truth_table);
      if (truth == nullptr)
        refuse("is compared with " + std::string(with.truth_table) + ", which is no table of the company");
      for (const std::string_view column : {with.truth, with.key}) {
        if (find(truth->columns, column) == nullptr)
          refuse("is compared with " + std::string(column) + ", which is no column of " +
                 std::string(with.truth_table));
      }
    }
  }

private:
  [[noreturn]] void refuse(const std::string& why) const { throw failure("demo: " + here_->run + " " + why); }

  /// The step of a run that scores, or that makes tables and a model.
  step* find_step(std::string_view run, bool scoring) {
    for (step& one : steps_) {
      if (one.run == run && (one.feed->what == verb::score) == scoring)
        return &one;
    }
    return nullptr;
  }
  const step& need(std::string_view run, bool scoring) {
    const step* const found = find_step(run, scoring);
    if (found == nullptr)
      refuse("needs the run " + std::string(run) + ", which there is not");
    here_->needs.push_back(static_cast<std::size_t>(found - steps_.data()));
    return *found;
  }

  /// Whether a table that a step gives has a column.
  static bool gives(const step& one, std::string_view table, std::string_view column) {
    if (one.feed->what == verb::score)
      return table == scores &&
             (column == one.feed->keep || find(one.what->score.outputs, column) != nullptr);
    const table_description* const given = find(one.what->outputs, table);
    return given != nullptr && find(given->columns, column) != nullptr;
  }
  void need_given(std::string_view table, std::string_view column) const {
    if (!gives(*here_, table, column))
      refuse("gives no " + std::string(table) + "." + std::string(column));
  }

  void check_input(const demo_input& input, std::span<const column_description> roles) {
    const source from = source_of(input.from);
    const table_description* company = nullptr;
    const step* earlier = nullptr;
    if (from.run.empty()) {
      company = find(company_, from.table);
      if (company == nullptr)
        refuse("is fed from " + std::string(from.table) + ", which is no table of the company");
    } else {
      earlier = &need(from.run, from.table == scores);
    }
    const auto has = [&](std::string_view column) {
      return company != nullptr ? find(company->columns, column) != nullptr
                                : gives(*earlier, from.table, column);
    };
    const auto refuse_column = [&](std::string_view column) {
      refuse("is fed from " + std::string(input.from) + ", which has no column " + std::string(column));
    };
    for (const demo_column& one : input.columns) {
      if (find(roles, one.role) == nullptr)
        refuse("maps " + std::string(one.role) + ", which " + std::string(input.table) + " does not take");
      if (!has(one.column))
        refuse_column(one.column);
    }
    for (const column_description& role : roles) {
      const bool is_mapped = std::any_of(input.columns.begin(), input.columns.end(),
                                         [&](const demo_column& one) { return one.role == role.name; });
      if (!role.optional && !is_mapped && !has(role.name))
        refuse_column(role.name);
    }
    if (!here_->feed->keep.empty() && !has(here_->feed->keep))
      refuse_column(here_->feed->keep);
  }

  void check_inputs(const entry_description& what, const demo_feed& feed) {
    const table_description rows{.name = "rows", .columns = what.score.inputs};
    std::span<const table_description> takes = what.inputs;
    if (feed.what == verb::score)
      takes = {&rows, 1};
    else if (!what.store.empty() && takes.empty())
      takes = find_store_kind(what.store).tables;
    for (const demo_input& input : feed.inputs) {
      const table_description* const table = find(takes, input.table);
      if (table != nullptr) {
        check_input(input, table->columns);
        continue;
      }
      const std::span<const column_description> rules = rows_of_slot(what, input.table);
      if (rules.empty())
        refuse("takes no table " + std::string(input.table));
      check_input(input, rules);
    }
    for (const table_description& table : takes) {
      const bool is_fed = std::any_of(feed.inputs.begin(), feed.inputs.end(),
                                      [&](const demo_input& input) { return input.table == table.name; });
      if (!table.optional && !is_fed)
        refuse("needs the table " + std::string(table.name));
    }
  }

  /// What the first table of the model has that the tool makes from rows given for a slot; none where it makes none.
  static std::span<const column_description> rows_of_slot(const entry_description& what,
                                                          std::string_view name) {
    const slot_description* const slot = find(what.slots, name);
    for (const std::string_view accepted :
         slot != nullptr ? slot->accepts : std::span<const std::string_view>{}) {
      const entry_description& maker = accepted == what.name ? what : *find_entry(accepted).description;
      if (!maker.model_tables.empty())
        return maker.model_tables.front().columns;
    }
    return {};
  }

  void check_slots(const entry_description& what, const demo_feed& feed) {
    const bool takes_models = feed.what != verb::score || what.what == verb::score;
    const std::span<const slot_description> slots =
        takes_models ? what.slots : std::span<const slot_description>{};
    for (const demo_slot& filled : feed.slots) {
      const slot_description* const slot = find(slots, filled.name);
      if (slot == nullptr)
        refuse("has no slot " + std::string(filled.name));
      const step& maker = need(filled.run, false);
      if (maker.feed->what != verb::fit ||
          std::find(slot->accepts.begin(), slot->accepts.end(), maker.what->name) == slot->accepts.end())
        refuse("takes no model of " + std::string(filled.run) + " in slot " + std::string(filled.name));
    }
    for (const slot_description& slot : slots) {
      const bool has_rows = std::any_of(feed.inputs.begin(), feed.inputs.end(),
                                        [&](const demo_input& input) { return input.table == slot.name; });
      if (!slot.optional && !has_rows && find(feed.slots, slot.name) == nullptr)
        refuse("needs a model in slot " + std::string(slot.name));
    }
  }

  void check_options(const entry_description& what, const demo_feed& feed) {
    const std::span<const option_description> own =
        feed.what == verb::score ? what.score.options : what.options;
    const std::span<const option_description> of_store = feed.what == verb::score || what.store.empty()
                                                             ? std::span<const option_description>{}
                                                             : find_store_kind(what.store).options;
    for (const example_option& given : feed.options) {
      if (find(own, given.name) == nullptr && find(of_store, given.name) == nullptr)
        refuse("has no option " + std::string(given.name));
    }
    for (const option_description& option : own) {
      if (option.required && find(feed.options, option.name) == nullptr)
        refuse("needs the option " + std::string(option.name));
    }
  }

  std::vector<step>& steps_;
  std::span<const table_description> company_;
  step* here_ = nullptr;
};

} // namespace

std::vector<step> order_steps(std::span<const entry_description* const> entries,
                              std::span<const table_description> company) {
  std::vector<step> declared;
  for (const entry_description* one : entries) {
    if (one->demo.empty() == one->no_demo.empty())
      throw failure("demo: " + std::string(one->name) +
                    " must declare what feeds it, or a sentence why nothing does");
    for (const demo_feed& feed : one->demo)
      declared.push_back(
          {one, &feed, std::string(one->name) + (feed.label.empty() ? "" : "." + std::string(feed.label))});
  }
  checker checks(declared, company);
  for (step& one : declared)
    checks.check(one);

  // Again and again the first step whose needs are met.
  std::vector<step> ordered;
  std::vector<std::optional<std::size_t>> place(declared.size());
  while (ordered.size() < declared.size()) {
    std::size_t next = 0;
    while (next < declared.size() &&
           (place[next] || std::any_of(declared[next].needs.begin(), declared[next].needs.end(),
                                       [&](std::size_t needed) { return !place[needed]; })))
      ++next;
    if (next == declared.size()) {
      std::string waiting;
      for (std::size_t i = 0; i < declared.size(); ++i) {
        if (!place[i])
          waiting.append(waiting.empty() ? "" : ", ").append(declared[i].run);
      }
      throw failure("demo: runs wait for each other: " + waiting);
    }
    place[next] = ordered.size();
    ordered.push_back(declared[next]);
    for (std::size_t& needed : ordered.back().needs)
      needed = *place[needed];
  }
  return ordered;
}

std::string folder_of(std::string_view run) {
  return "results/" + std::string(run) + "/";
}
std::string model_file(std::string_view run) {
  return folder_of(run) + "model.emptor";
}
std::string table_file(std::string_view run, std::string_view table) {
  return folder_of(run) + std::string(table) + ".csv";
}

std::vector<std::string> files_of(const step& one) {
  if (one.feed->what == verb::score)
    return {table_file(one.run, scores)};
  std::vector<std::string> files;
  for (const table_description& table : one.what->outputs)
    files.push_back(table_file(one.run, table.name));
  if (one.feed->what == verb::fit)
    files.push_back(model_file(one.run));
  return files;
}

std::vector<std::string> command_of(const step& one, const std::string& folder) {
  const entry_description& what = *one.what;
  const demo_feed& feed = *one.feed;
  std::vector<std::string> words{std::string(name(feed.what))};
  const auto option = [&](const char* name, std::string value) {
    words.emplace_back(name);
    words.push_back(std::move(value));
  };
  words.push_back(feed.what == verb::score && what.what == verb::fit ? folder + model_file(one.run)
                                                                     : std::string(what.name));
  for (const demo_input& input : feed.inputs) {
    const source from = source_of(input.from);
    option("--in",
           std::string(input.table) + "=" + folder +
               (from.run.empty() ? std::string(from.table) + ".csv" : table_file(from.run, from.table)));
    for (const demo_column& role : input.columns)
      option("--map", std::string(role.role) + "=" + std::string(role.column));
  }
  for (const demo_slot& slot : feed.slots)
    option("--model", std::string(slot.name) + "=" + folder + model_file(slot.run));
  for (const example_option& set : feed.options)
    option("--set", std::string(set.name) + "=" + std::string(set.value));
  switch (feed.what) {
  case verb::score:
    if (!feed.keep.empty())
      option("--keep", std::string(feed.keep));
    option("--out", folder + table_file(one.run, scores));
    break;
  case verb::fit:
    option("--out", folder + model_file(one.run));
    option("--tables", folder + folder_of(one.run));
    break;
  case verb::reduce:
    option("--out", folder + folder_of(one.run));
    break;
  }
  return words;
}

} // namespace emptor::tool::demo

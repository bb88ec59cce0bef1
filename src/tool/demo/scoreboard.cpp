// SPDX-License-Identifier: BSL-1.0
#include "scoreboard.hpp"

#include <algorithm>
#include <cmath>

#include <emptor/core/options.hpp>
#include <emptor/math/real.hpp>

#include "../aligned.hpp"
#include "../files.hpp"
#include "result_rows.hpp"

namespace emptor::tool::demo {

namespace {

/// A correlation of fewer rows says nothing.
constexpr double least_rows_of_correlation = 10.0;

double number_of(std::string_view field) {
  if (field == "true" || field == "false")
    return field == "true" ? 1.0 : 0.0;
  return parse_number(field).value_or(std::nan(""));
}

/// The rows of an estimate and of its truth, by their key.
struct joined {
  const csv_table& estimates;
  const csv_table& truths;
  std::vector<std::pair<std::int64_t, std::int64_t>> rows; ///< both have a value
  std::int64_t alone = 0;   ///< rows of one of them with a value, without the other
  std::int64_t nothing = 0; ///< truths of 0 without an estimate: who owes nothing need not be in a table
};

joined join(const demo_comparison& with, const csv_table& estimates, const csv_table& truths) {
  joined made{estimates, truths, {}};
  const auto truth_rows = rows_by(truths, with.key);
  const std::size_t key = place_of(estimates, with.key);
  const std::size_t estimate = place_of(estimates, with.estimate);
  const std::size_t truth = place_of(truths, with.truth);
  std::vector<bool> met(static_cast<std::size_t>(truths.rows()));
  for (std::int64_t row = 0; row < estimates.rows(); ++row) {
    const auto found = truth_rows.find(estimates.field(row, key));
    const bool has_truth = found != truth_rows.end() && !truths.field(found->second, truth).empty();
    const bool has_estimate = !estimates.field(row, estimate).empty();
    if (has_truth && has_estimate) {
      made.rows.emplace_back(row, found->second);
      met[static_cast<std::size_t>(found->second)] = true;
    } else if (has_estimate) {
      ++made.alone;
    }
  }
  for (std::int64_t row = 0; row < truths.rows(); ++row) {
    if (met[static_cast<std::size_t>(row)] || truths.field(row, truth).empty())
      continue;
    ++(parse_number(truths.field(row, truth)) == 0.0 ? made.nothing : made.alone);
  }
  return made;
}

class comparer {
public:
  /// \param whose  says which of the customers are compared; empty = all
  comparer(std::vector<figure>& figures, const step& of, const demo_comparison& with, const joined& rows,
           std::string_view whose = {})
      : figures_(figures)
      , of_(of)
      , with_(with)
      , rows_(rows)
      , whose_(whose)
      , estimate_(place_of(rows.estimates, with.estimate))
      , truth_(place_of(rows.truths, with.truth)) {}

  void compare() {
    switch (with_.how) {
    case demo_measure::number:
      return numbers();
    case demo_measure::probability:
      return probabilities();
    case demo_measure::parameter:
      return parameters();
    case demo_measure::exact:
      return exact();
    }
  }

private:
  void add(std::string name, double value) {
    add(std::string(with_.estimate) + (whose_.empty() ? "" : ", " + whose_), std::move(name), value);
  }
  void add(std::string estimate, std::string name, double value) {
    figures_.push_back({of_.run, std::move(estimate),
                        std::string(with_.truth_table) + "." + std::string(with_.truth), with_.how,
                        std::move(name), value});
  }
  [[nodiscard]] double estimated(std::int64_t row) const {
    return number_of(rows_.estimates.field(row, estimate_));
  }
  [[nodiscard]] double truth(std::int64_t row) const { return number_of(rows_.truths.field(row, truth_)); }
  [[nodiscard]] double count() const { return static_cast<double>(rows_.rows.size()); }

  void numbers() {
    double sum = 0.0;
    double true_sum = 0.0;
    for (const auto& [e, t] : rows_.rows) {
      sum += estimated(e);
      true_sum += truth(t);
    }
    double both = 0.0;
    double own = 0.0;
    double others = 0.0;
    for (const auto& [e, t] : rows_.rows) {
      const double x = estimated(e) - sum / count();
      const double y = truth(t) - true_sum / count();
      both += x * y;
      own += x * x;
      others += y * y;
    }
    add("rows", count());
    add("sum", sum);
    add("true_sum", true_sum);
    add("ratio", true_sum != 0.0 ? sum / true_sum : std::nan(""));
    add("correlation", count() < least_rows_of_correlation ? std::nan("") : both / math::sqrt(own * others));
    if (with_.low.empty() || with_.high.empty())
      return;
    const std::size_t low = place_of(rows_.estimates, with_.low);
    const std::size_t high = place_of(rows_.estimates, with_.high);
    double covered = 0.0;
    for (const auto& [e, t] : rows_.rows)
      covered += number_of(rows_.estimates.field(e, low)) <= truth(t) &&
                         truth(t) <= number_of(rows_.estimates.field(e, high))
                     ? 1.0
                     : 0.0;
    add("in_interval", covered / count());
  }

  void probabilities() {
    double mean = 0.0;
    double true_share = 0.0;
    double likely = 0.0;
    double likely_and_true = 0.0;
    double brier = 0.0;
    for (const auto& [e, t] : rows_.rows) {
      const double p = estimated(e);
      const double y = truth(t);
      mean += p;
      true_share += y;
      brier += (p - y) * (p - y);
      likely += p > 0.5 ? 1.0 : 0.0;
      likely_and_true += p > 0.5 ? y : 0.0;
    }
    add("rows", count());
    add("mean", mean / count());
    add("true_share", true_share / count());
    add("above_half", likely);
    add("above_half_true", likely_and_true / likely);
    add("brier_score", brier / count());
  }

  void parameters() {
    const std::size_t key = place_of(rows_.estimates, with_.key);
    for (const auto& [e, t] : rows_.rows) {
      const std::string name(rows_.estimates.field(e, key));
      add(name, "estimate", estimated(e));
      add(name, "truth", truth(t));
      if (!with_.standard_error.empty())
        add(name, "standard_errors_off",
            (estimated(e) - truth(t)) /
                number_of(rows_.estimates.field(e, place_of(rows_.estimates, with_.standard_error))));
    }
  }

  void exact() {
    auto equal = static_cast<double>(rows_.nothing);
    for (const auto& [e, t] : rows_.rows)
      equal += rows_.estimates.field(e, estimate_) == rows_.truths.field(t, truth_) ? 1.0 : 0.0;
    add("rows", count() + static_cast<double>(rows_.alone + rows_.nothing));
    add("equal", equal);
  }

  std::vector<figure>& figures_;
  const step& of_;
  const demo_comparison& with_;
  const joined& rows_;
  std::string whose_;
  std::size_t estimate_;
  std::size_t truth_;
};

struct shown_figure {
  std::string_view name;
  std::string_view heading;
  int digits;
};

/// One kind of comparison, a line for each estimate.
std::string section(std::span<const figure> figures, demo_measure how, std::string_view title,
                    std::span<const shown_figure> columns) {
  aligned lines;
  std::vector<std::string> header{"RUN", "ESTIMATE", "TRUTH"};
  for (const shown_figure& one : columns)
    header.emplace_back(one.heading);
  lines.add(header);
  bool is_empty = true;
  for (std::size_t i = 0; i < figures.size();) {
    const figure& first = figures[i];
    std::vector<std::string> cells{first.run, first.estimate, first.truth};
    cells.resize(columns.size() + 3, "-");
    const std::size_t begin = i;
    // The figures of one estimate stand together, and begin with the same name.
    do {
      for (std::size_t k = 0; k < columns.size(); ++k) {
        if (columns[k].name == figures[i].name)
          cells[k + 3] = shown_number(figures[i].value, columns[k].digits);
      }
      ++i;
    } while (i < figures.size() && figures[i].name != figures[begin].name && figures[i].how == first.how);
    if (first.how != how)
      continue;
    lines.add(cells);
    is_empty = false;
  }
  if (is_empty)
    return {};
  std::string text = "\n" + std::string(title) + "\n";
  lines.write(text, 2);
  return text;
}

/// The same for each kind of customer: some kinds are not what the models take them for.
void compare_kinds(std::vector<figure>& figures, const step& of, const demo_comparison& with,
                   const joined& all) {
  const auto kind = all.truths.find("kind");
  if (!kind)
    return;
  std::map<std::string_view, joined> kinds;
  for (const auto& rows : all.rows)
    kinds.try_emplace(all.truths.field(rows.second, *kind), joined{all.estimates, all.truths, {}})
        .first->second.rows.push_back(rows);
  for (const auto& [name, rows] : kinds)
    comparer(figures, of, with, rows, name).compare();
}

} // namespace

const csv_table& result_files::at(const std::string& file) {
  const auto known = read_.find(file);
  if (known != read_.end())
    return known->second;
  const std::string path = folder_ + file;
  return read_.emplace(file, read_csv(path, read_file(path), csv_dialect{})).first->second;
}

std::vector<figure> compare_with_truth(std::span<const step* const> steps, result_files& files) {
  std::vector<figure> figures;
  bool has_kinds = false;
  for (const step* one : steps) {
    for (const demo_comparison& with : one->feed->compared) {
      const csv_table& estimates = files.at(table_file(one->run, with.table));
      const csv_table& truths = files.at(std::string(with.truth_table) + ".csv");
      const joined rows = join(with, estimates, truths);
      comparer(figures, *one, with, rows).compare();
      if (!has_kinds && ranks(*one) && with.how == demo_measure::number) {
        compare_kinds(figures, *one, with, rows);
        has_kinds = true;
      }
    }
  }
  return figures;
}

table figures_table(std::span<const figure> figures) {
  text_buffer texts[4];
  std::vector<double> values;
  for (const figure& one : figures) {
    texts[0].push_back(one.run);
    texts[1].push_back(one.estimate);
    texts[2].push_back(one.truth);
    texts[3].push_back(one.name);
    values.push_back(one.value);
  }
  return {"scoreboard",
          {column::texts("run", std::move(texts[0])), column::texts("estimate", std::move(texts[1])),
           column::texts("truth", std::move(texts[2])), column::texts("figure", std::move(texts[3])),
           column::numbers("value", std::move(values))}};
}

std::string figures_text(std::span<const figure> figures) {
  constexpr shown_figure numbers[] = {{"rows", "ROWS", 0},
                                      {"sum", "SUM", 1},
                                      {"true_sum", "TRUE SUM", 1},
                                      {"ratio", "RATIO", 3},
                                      {"correlation", "CORRELATION", 3},
                                      {"in_interval", "IN INTERVAL", 3}};
  constexpr shown_figure probabilities[] = {{"rows", "ROWS", 0},
                                            {"mean", "MEAN", 3},
                                            {"true_share", "TRUE SHARE", 3},
                                            {"above_half", "ABOVE 0.5", 0},
                                            {"above_half_true", "OF THESE TRUE", 3},
                                            {"brier_score", "BRIER SCORE", 4}};
  constexpr shown_figure parameters[] = {{"estimate", "VALUE", 4},
                                         {"truth", "TRUE VALUE", 4},
                                         {"standard_errors_off", "STANDARD ERRORS OFF", 1}};
  constexpr shown_figure exact[] = {{"rows", "ROWS", 0}, {"equal", "EQUAL", 0}};
  return section(figures, demo_measure::exact, "Must be equal, to the cent", exact) +
         section(figures, demo_measure::parameter, "Parameters", parameters) +
         section(figures, demo_measure::probability, "Probabilities", probabilities) +
         section(figures, demo_measure::number, "Numbers", numbers);
}

bool all_equal(std::span<const figure> figures) {
  for (std::size_t i = 1; i < figures.size();
       ++i) { // the rows of a comparison stand before those that are equal
    if (figures[i].how == demo_measure::exact && figures[i].name == "equal" &&
        figures[i].value != figures[i - 1].value)
      return false;
  }
  return true;
}

} // namespace emptor::tool::demo

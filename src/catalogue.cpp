// SPDX-License-Identifier: BSL-1.0
#include "model.hpp"

#include <algorithm>
#include <array>

#include <boost/container/static_vector.hpp>

#include <emptor/stats/ledger.hpp>
#include <emptor/stats/order_history.hpp>
#include <emptor/stats/outcomes.hpp>
#include <emptor/stats/rating_history.hpp>
#include <emptor/stats/rows.hpp>
#include <emptor/stats/survey.hpp>

#include "entries/entries.hpp"

namespace emptor {
namespace {

struct store_kind {
  const store_description* description;
  std::unique_ptr<store> (*make)(option_values options);
};

constexpr std::array<store_kind, 6> known_stores{{
    {&stats::ledger_description,
     [](option_values options) -> std::unique_ptr<store> {
       return std::make_unique<stats::ledger>(std::move(options));
     }},
    {&stats::order_history_description,
     [](option_values options) -> std::unique_ptr<store> {
       return std::make_unique<stats::order_history>(std::move(options));
     }},
    {&stats::outcomes_description,
     [](option_values options) -> std::unique_ptr<store> {
       return std::make_unique<stats::outcomes>(std::move(options));
     }},
    {&stats::rating_history_description,
     [](option_values options) -> std::unique_ptr<store> {
       return std::make_unique<stats::rating_history>(std::move(options));
     }},
    {&stats::rows_description,
     [](option_values options) -> std::unique_ptr<store> {
       const entry_description& target = *find_entry(options.text("entry")).description;
       if (target.store != stats::rows_description.name)
         throw error(status::option, "rows: option entry is " + std::string(target.name) +
                                         ", but must be an entry that finishes from a store of rows");
       return std::make_unique<stats::rows>(std::move(options), target.inputs);
     }},
    {&stats::survey_description,
     [](option_values options) -> std::unique_ptr<store> {
       return std::make_unique<stats::survey>(std::move(options));
     }},
}};

constexpr auto store_descriptions = [] {
  std::array<const store_description*, known_stores.size()> all{};
  for (std::size_t i = 0; i < known_stores.size(); ++i)
    all[i] = known_stores[i].description;
  return all;
}();

/// A described table made from the caller's columns: owned, checked row by row, strict.
/// \param of  the currency of its amounts, where they do not name one row by row
table own_table(const entry_description& what, const table_description& described, const named_table& given,
                currency of) {
  const std::string where(what.name);
  const std::vector<bound_input> bound = bind_columns(where, described.columns, given.columns, given.rows);
  table made{std::string(described.name)};
  // Where the table has a column `currency`, amounts have the decimals of their row's.
  const auto currencies = std::find_if(bound.begin(), bound.end(), [](const bound_input& one) {
    return one.column != nullptr && one.described->name == "currency";
  });
  const bool by_row = currencies != bound.end();
  const auto currency_at = [&](std::int64_t row) {
    std::string_view code;
    const bool there = by_row && read_name(*currencies->column, row, code) == row_status::ok;
    return there ? currency::parse(code) : std::optional(of);
  };
  for (const bound_input& input : bound) {
    if (input.column == nullptr)
      continue;
    const column_description& wanted = *input.described;
    const bool is_currency = by_row && &*currencies == &input;
    std::vector<double> numbers;
    std::vector<std::int64_t> wholes;
    text_buffer texts;
    std::vector<std::int64_t> missing;
    for (std::int64_t row = 0; row < given.rows; ++row) {
      cell value;
      const std::optional<currency> in = currency_at(row);
      row_status read = read_cell(wanted, *input.column, row, in.value_or(of).decimals(), 0, value);
      if (is_currency && read == row_status::ok && !in)
        read = row_status::currency;
      if (is_currency && read == row_status::missing && of.named()) {
        value.text = of.code();
        read = row_status::ok;
      }
      if (read == row_status::missing && wanted.optional)
        missing.push_back(row);
      else if (read != row_status::ok)
        throw refused_cell(where, wanted, *input.column, row, input.index, read, 0, input.label);
      const bool there = read == row_status::ok;
      if (wanted.what == content::text)
        texts.push_back(there ? value.text : std::string_view{});
      else if (wanted.what == content::id)
        texts.push_back(!there                        ? std::string{}
                        : is_text(input.column->type) ? std::string(value.text)
                                                      : std::to_string(value.whole));
      else if (wanted.what == content::amount)
        wholes.push_back(there ? value.whole : 0);
      else
        numbers.push_back(there ? value.number : std::numeric_limits<double>::quiet_NaN());
    }
    const std::string name = std::string(wanted.name) + (wanted.many ? ":" + input.label : std::string{});
    const auto narrowed = [&]<class T>(T /*type*/) {
      std::vector<T> values;
      for (const double number : numbers)
        values.push_back(std::isnan(number) ? T{0} : static_cast<T>(number));
      return values;
    };
    column owned;
    switch (wanted.what) {
    case content::text:
    case content::id:
      owned = column::texts(name, std::move(texts));
      break;
    case content::amount:
      owned = by_row ? column::amounts(name, std::move(wholes), decimals_of_row)
                     : column::amounts(name, std::move(wholes), of.decimals(), std::string(of.code()));
      break;
    case content::day:
      owned = column::days(name, narrowed(std::int32_t{}));
      break;
    case content::code:
      owned = column::codes(name, narrowed(std::int32_t{}), wanted.levels);
      break;
    case content::boolean:
      owned = column::booleans(name, narrowed(std::uint8_t{}));
      break;
    case content::count:
      owned = column::integers(name, narrowed(std::int64_t{}));
      break;
    case content::number:
      owned = column::numbers(name, std::move(numbers));
      break;
    }
    for (const std::int64_t row : missing)
      owned.set_missing(row);
    made.add(std::move(owned));
  }
  return made;
}

} // namespace

std::vector<filled_slot> check_slots(const entry_description& what, std::span<const filled_slot> given) {
  const std::string where(what.name);
  for (const filled_slot& filled : given) {
    const auto slot = std::find_if(what.slots.begin(), what.slots.end(),
                                   [&](const slot_description& one) { return one.name == filled.name; });
    if (slot == what.slots.end()) {
      std::vector<std::string_view> names;
      for (const slot_description& one : what.slots)
        names.push_back(one.name);
      throw unknown_name(where, "slot", filled.name, names);
    }
    if (filled.model == nullptr)
      throw error(status::invalid_argument, where + ": slot " + std::string(filled.name) + " has no model");
    if (std::find(slot->accepts.begin(), slot->accepts.end(), filled.model->entry) == slot->accepts.end())
      throw error(status::mismatch, where + ": slot " + std::string(filled.name) +
                                        " does not take a model of " + filled.model->entry);
    if (std::count_if(given.begin(), given.end(),
                      [&](const filled_slot& one) { return one.name == filled.name; }) > 1)
      throw error(status::option, where + ": slot " + std::string(filled.name) + " is filled twice");
  }
  for (const slot_description& slot : what.slots) {
    if (!slot.optional && std::none_of(given.begin(), given.end(),
                                       [&](const filled_slot& one) { return one.name == slot.name; }))
      throw error(status::schema, where + ": slot " + std::string(slot.name) + " needs a model (" +
                                      std::string(slot.summary) + ")");
  }
  return {given.begin(), given.end()};
}

std::string_view library_version() noexcept {
  return EMPTOR_VERSION_TEXT;
}

// The one list of capabilities, sorted by name. Everything else asks it.
std::span<const entry* const> catalogue() noexcept {
  static const auto all = [] {
    boost::container::static_vector<const entry*, 256> joined; // no memory to ask for, none to be refused
    for (const auto part : {entries::credit_ledger(), entries::credit_policy(), entries::credit_score(),
                            entries::decision(), entries::satisfaction(), entries::value()})
      joined.insert(joined.end(), part.begin(), part.end());
    std::sort(joined.begin(), joined.end(), [](const entry* left, const entry* right) {
      return left->description->name < right->description->name;
    });
    return joined;
  }();
  return {all.data(), all.size()};
}

const entry& find_entry(std::string_view name) {
  for (const entry* candidate : catalogue()) {
    if (candidate->description->name == name)
      return *candidate;
  }
  std::vector<std::string_view> names;
  for (const entry* candidate : catalogue())
    names.push_back(candidate->description->name);
  throw unknown_name("", "entry", name, names);
}

std::span<const store_description* const> store_kinds() noexcept {
  return store_descriptions;
}

std::unique_ptr<store> make_store(std::string_view kind, std::span<const option> options) {
  for (const store_kind& candidate : known_stores) {
    if (candidate.description->name == kind)
      return candidate.make(option_values(kind, candidate.description->options, options));
  }
  std::vector<std::string_view> names;
  for (const store_kind& candidate : known_stores)
    names.push_back(candidate.description->name);
  throw unknown_name("", "store kind", kind, names);
}

result finish(const entry& what, const store* from, std::span<const option> options,
              std::span<const filled_slot> slots, std::optional<std::vector<std::string>> keys,
              const run& how) {
  const entry_description& described = *what.description;
  const std::string where(described.name);
  if (what.finish == nullptr)
    throw error(status::unsupported, where + ": it scores rows and has nothing to finish");
  if (described.store.empty() && from != nullptr)
    throw error(status::mismatch, where + ": it finishes without a store");
  if (!described.store.empty()) {
    if (from == nullptr)
      throw error(status::schema, where + ": it needs a store of kind " + std::string(described.store));
    if (from->description().name != described.store)
      throw error(status::mismatch, where + ": it finishes from a store of kind " +
                                        std::string(described.store) + ", not from " +
                                        std::string(from->description().name));
    if (described.store == stats::rows_description.name && from->options().text("entry") != described.name)
      throw error(status::mismatch,
                  where + ": these rows were pushed for " + std::string(from->options().text("entry")));
  }
  if (keys && (from == nullptr || from->description().key.empty()))
    throw error(status::unsupported, where + ": its rows have no key by which the answer could be limited");
  how.check(0.0);
  result made = what.finish({.from = from,
                             .options = option_values(where, described.options, options),
                             .slots = check_slots(described, slots),
                             .keys = std::move(keys),
                             .how = how});
  if (made.fitted != nullptr)
    made.fitted = checked(*made.fitted); // a fit makes nothing that could not be loaded again
  return made;
}

std::shared_ptr<const model> create_model(const entry& what, std::span<const named_table> tables,
                                          std::span<const option> options) {
  const entry_description& described = *what.description;
  const std::string where(described.name);
  if (!described.has_model() || described.model_tables.empty())
    throw error(status::unsupported, where + ": it has no model");
  model made;
  made.entry = where;
  made.options.assign(options.begin(), options.end());
  const currency of = option_values(where, described.model_options, options).currency("currency");
  for (const named_table& given : tables) {
    const bool known = std::any_of(described.model_tables.begin(), described.model_tables.end(),
                                   [&](const table_description& one) { return one.name == given.name; });
    if (!known) {
      std::vector<std::string_view> names;
      for (const table_description& one : described.model_tables)
        names.push_back(one.name);
      throw unknown_name(where, "table", given.name, names);
    }
  }
  for (const table_description& wanted : described.model_tables) {
    const named_table* found = nullptr;
    for (const named_table& given : tables) {
      if (given.name != wanted.name)
        continue;
      if (found != nullptr)
        throw error(status::schema, where + ": table " + std::string(wanted.name) + " is given twice");
      found = &given;
    }
    if (found != nullptr)
      made.tables.push_back(own_table(described, wanted, *found, of));
    else if (!wanted.optional)
      throw error(status::schema, where + ": table " + std::string(wanted.name) + " is missing (" +
                                      std::string(wanted.summary) + ")");
  }
  return checked(std::move(made));
}

} // namespace emptor

// SPDX-License-Identifier: BSL-1.0
#include "model.hpp"

#include <algorithm>
#include <bit>

#include <boost/json.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <emptor/core/check.hpp>

namespace emptor {
namespace {

const column_description* find_column(const table_description& described, const std::string& name) {
  for (const column_description& candidate : described.columns) {
    const std::string prefix = std::string(candidate.name) + ":";
    if (candidate.many ? name.starts_with(prefix) && name.size() > prefix.size() : name == candidate.name)
      return &candidate;
  }
  return nullptr;
}

/// \param of  the currency of its amounts, where they do not name one row by row
void check_table(const std::string& where, const table_description& described, const table& held,
                 currency of) {
  boost::unordered_flat_set<std::string_view> names;
  for (const column& one : held.columns()) {
    const std::string what = where + ": column " + one.name() + " of table " + held.name();
    const column_description* wanted = find_column(described, one.name());
    if (wanted == nullptr)
      throw error(status::version, what + " is not known to this version");
    if (one.size() != held.rows())
      throw error(status::schema, what + " has another length");
    if (one.type() != natural_dtype(wanted->what))
      throw error(status::schema, what + " is of " + std::string(name(one.type())) + ", but must be of " +
                                      std::string(name(natural_dtype(wanted->what))));
    if (!names.insert(one.name()).second)
      throw error(status::schema, what + " is given twice");
    row_decimals decimals = held.decimals_of(one);
    for (std::int64_t row = 0; row < one.size(); ++row) {
      if (!one.is_valid(row)) {
        if (!wanted->optional)
          throw error(status::data, what + " is missing in row " + std::to_string(row), row);
        continue;
      }
      const auto at = static_cast<std::size_t>(row);
      const auto in_domain = [&](double value) {
        if (!std::isfinite(value) || !wanted->allowed.contains(value))
          throw error(status::data, message(where, one.name(), row, to_text(value), to_text(wanted->allowed)),
                      row);
      };
      switch (wanted->what) {
      case content::number:
        in_domain(one.as<double>()[at]);
        break;
      case content::count:
        in_domain(static_cast<double>(one.as<std::int64_t>()[at]));
        break;
      case content::amount:
        if (one.decimals() != (held.find("currency") != nullptr ? decimals_of_row : of.decimals()))
          throw error(status::schema, what + " has amounts of " + std::to_string(one.decimals()) +
                                          " decimals, but must have those of its currency");
        in_domain(static_cast<double>(one.as<std::int64_t>()[at]) /
                  static_cast<double>(power_of_ten(decimals[row])));
        break;
      case content::boolean:
        if (one.as<std::uint8_t>()[at] > 1)
          throw error(status::data, what + " is neither true nor false in row " + std::to_string(row), row);
        break;
      case content::day:
        if (!is_admissible_day(one.as<std::int32_t>()[at]))
          throw error(status::data, what + " is no date in row " + std::to_string(row), row);
        break;
      case content::code:
        if (const std::int32_t code = one.as<std::int32_t>()[at];
            code < 0 || static_cast<std::size_t>(code) >= one.levels().size())
          throw error(status::data, what + " has a code without a level in row " + std::to_string(row), row);
        break;
      case content::text:
      case content::id:
        break;
      }
    }
    // Levels are only ever added at the end: an older file has fewer, a newer one more.
    if (wanted->what == content::code) {
      const std::size_t shared = std::min(one.levels().size(), wanted->levels.size());
      if (!std::equal(wanted->levels.begin(), wanted->levels.begin() + static_cast<std::ptrdiff_t>(shared),
                      one.levels().begin()))
        throw error(status::schema, what + " has other levels than the catalogue");
      if (one.levels().size() > wanted->levels.size())
        throw error(status::version, what + " has levels that this version does not know");
    }
  }
  for (const column_description& wanted : described.columns) {
    const bool there = std::any_of(held.columns().begin(), held.columns().end(), [&](const column& one) {
      return find_column(described, one.name()) == &wanted;
    });
    if (!there && !wanted.optional)
      throw error(status::schema,
                  where + ": table " + held.name() + " has no column " + std::string(wanted.name));
  }
}

} // namespace

std::shared_ptr<const model> checked(model made) {
  const entry& of = find_entry(made.entry);
  const entry_description& described = *of.description;
  if (!described.has_model())
    throw error(status::mismatch, made.entry + ": it has no model");
  const option_values options(made.entry, described.model_options, made.options);
  made.options = options.all();
  for (std::size_t i = 0; i < made.tables.size(); ++i) {
    const table& held = made.tables[i];
    const auto wanted = std::find_if(described.model_tables.begin(), described.model_tables.end(),
                                     [&](const table_description& one) { return one.name == held.name(); });
    if (wanted == described.model_tables.end())
      throw error(status::version, made.entry + ": table " + held.name() + " is not known to this version");
    for (std::size_t k = 0; k < i; ++k) {
      if (made.tables[k].name() == held.name())
        throw error(status::schema, made.entry + ": table " + held.name() + " is given twice");
    }
    check_table(made.entry, *wanted, held, options.currency("currency"));
  }
  for (const table_description& wanted : described.model_tables) {
    if (!wanted.optional && made.find(wanted.name) == nullptr)
      throw error(status::schema, made.entry + ": table " + std::string(wanted.name) + " is missing");
  }
  if (of.check_model != nullptr)
    of.check_model(made);
  if (made.made_by.empty())
    made.made_by = library_version();
  return std::make_shared<const model>(std::move(made));
}

// JSON: readable, and exact. Numbers stand as decimals for people and other programs; `bits` beside them
// holds the same numbers as 16 hexadecimal digits each, and is what reading takes where it is there.
namespace {

namespace json = boost::json;

constexpr std::string_view hex_digits = "0123456789abcdef";

std::string bits_text(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4)
    text.push_back(hex_digits[(bits >> shift) & 0xFU]);
  return text;
}

json::object column_json(const column& held) {
  json::object made;
  made["name"] = held.name();
  made["type"] = name(held.type());
  if (!held.unit().empty())
    made["unit"] = held.unit();
  if (held.type() == dtype::money)
    made["decimals"] = held.decimals();
  if (!held.levels().empty())
    made["levels"] = json::array(held.levels().begin(), held.levels().end());
  json::array values;
  json::array bits;
  for (std::int64_t row = 0; row < held.size(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    if (!held.is_valid(row)) {
      values.emplace_back(nullptr);
      bits.emplace_back(nullptr);
    } else if (held.type() == dtype::float64) {
      values.emplace_back(held.as<double>()[at]);
      bits.emplace_back(bits_text(held.as<double>()[at]));
    } else if (held.type() == dtype::large_utf8) {
      values.emplace_back(held.text()[row]);
    } else if (held.type() == dtype::boolean) {
      values.emplace_back(held.as<std::uint8_t>()[at] != 0);
    } else if (held.type() == dtype::date32) {
      values.emplace_back(to_string(date_from_days(held.as<std::int32_t>()[at])));
    } else if (held.type() == dtype::int32) {
      values.emplace_back(held.levels().at(static_cast<std::size_t>(held.as<std::int32_t>()[at])));
    } else {
      values.emplace_back(held.as<std::int64_t>()[at]);
    }
  }
  made["values"] = std::move(values);
  if (held.type() == dtype::float64)
    made["bits"] = std::move(bits);
  return made;
}

[[noreturn]] void refuse(const std::string& why) {
  throw error(status::format, "model json: " + why);
}

const json::value& member(const json::object& of, std::string_view key) {
  const json::value* found = of.if_contains(key);
  if (found == nullptr)
    refuse("member " + std::string(key) + " is missing");
  return *found;
}

std::string text_of(const json::value& of, std::string_view key) {
  if (!of.is_string())
    refuse(std::string(key) + " must be a text");
  return std::string(of.as_string());
}

double number_of(const json::value& value, const json::value* bits) {
  if (bits != nullptr) {
    const std::string text = text_of(*bits, "bits");
    std::uint64_t whole = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), whole, 16);
    if (failure != std::errc{} || end != text.data() + text.size() || text.size() != 16)
      refuse("bits must be 16 hexadecimal digits");
    const auto exact = std::bit_cast<double>(whole);
    json::error_code unreadable;
    const double shown = value.to_number<double>(unreadable);
    if (unreadable || !(std::abs(shown - exact) <= 1e-12 * std::abs(exact) + 1e-300))
      refuse("values and bits say different numbers; leave bits out to have the values taken");
    return exact;
  }
  json::error_code failure;
  const double number = value.to_number<double>(failure);
  if (failure)
    refuse("a value must be a number");
  return number;
}

column column_of(const json::value& from) {
  if (!from.is_object())
    refuse("a column must be an object");
  const json::object& given = from.as_object();
  const std::string title = text_of(member(given, "name"), "name");
  const std::string type = text_of(member(given, "type"), "type");
  const json::value& list = member(given, "values");
  if (!list.is_array())
    refuse("values of column " + title + " must be an array");
  const json::array& values = list.as_array();
  const json::value* bits = given.if_contains("bits");
  if (bits != nullptr && (!bits->is_array() || bits->as_array().size() != values.size()))
    refuse("bits of column " + title + " must be an array as long as its values");
  std::vector<std::string> levels;
  if (const json::value* named = given.if_contains("levels"); named != nullptr) {
    if (!named->is_array())
      refuse("levels of column " + title + " must be an array");
    for (const json::value& level : named->as_array())
      levels.push_back(text_of(level, "a level"));
  }
  const std::string unit =
      given.if_contains("unit") != nullptr ? text_of(member(given, "unit"), "unit") : std::string{};
  std::vector<double> numbers;
  std::vector<std::int64_t> wholes;
  std::vector<std::int32_t> smalls;
  std::vector<std::uint8_t> bytes;
  text_buffer texts;
  std::vector<std::int64_t> missing;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const json::value& value = values[i];
    const bool there = !value.is_null();
    if (!there)
      missing.push_back(static_cast<std::int64_t>(i));
    if (type == name(dtype::float64)) {
      numbers.push_back(there ? number_of(value, bits == nullptr ? nullptr : &bits->as_array()[i])
                              : std::numeric_limits<double>::quiet_NaN());
    } else if (type == name(dtype::large_utf8)) {
      texts.push_back(there ? text_of(value, "a text") : std::string{});
    } else if (type == name(dtype::boolean)) {
      if (there && !value.is_bool())
        refuse("values of column " + title + " must be true or false");
      bytes.push_back(there && value.as_bool() ? 1 : 0);
    } else if (type == name(dtype::date32)) {
      const auto day = there ? parse_date(text_of(value, "a date")) : date{};
      if (!day)
        refuse("values of column " + title + " must be dates");
      smalls.push_back(there ? days_since_epoch(*day) : 0);
    } else if (type == name(dtype::int32)) {
      const auto at =
          there ? std::find(levels.begin(), levels.end(), text_of(value, "a level")) : levels.begin();
      if (there && at == levels.end())
        refuse("values of column " + title + " must be among its levels");
      smalls.push_back(static_cast<std::int32_t>(at - levels.begin()));
    } else if (type == name(dtype::int64) || type == name(dtype::money)) {
      json::error_code failure;
      wholes.push_back(there ? value.to_number<std::int64_t>(failure) : 0);
      if (failure)
        refuse("values of column " + title + " must be whole numbers");
    } else {
      refuse("column " + title + " has an unknown type " + type);
    }
  }
  column made;
  if (type == name(dtype::float64)) {
    made = column(title, dtype::float64, std::move(numbers), unit);
  } else if (type == name(dtype::large_utf8)) {
    made = column(title, dtype::large_utf8, std::move(texts), unit);
  } else if (type == name(dtype::boolean)) {
    made = column(title, dtype::boolean, std::move(bytes), unit);
  } else if (type == name(dtype::date32)) {
    made = column(title, dtype::date32, std::move(smalls), unit);
  } else if (type == name(dtype::int32)) {
    made = column(title, dtype::int32, std::move(smalls), unit);
    made.set_levels(std::move(levels));
  } else if (type == name(dtype::int64)) {
    made = column(title, dtype::int64, std::move(wholes), unit);
  } else {
    const auto decimals = number_of(member(given, "decimals"), nullptr);
    if (!(decimals >= decimals_of_row && decimals <= max_decimals))
      refuse("decimals of column " + title + " must be in [0, 9], or -1: those of the row's currency");
    made = column::amounts(title, std::move(wholes), static_cast<int>(decimals), unit);
  }
  for (const std::int64_t row : missing)
    made.set_missing(row);
  return made;
}

std::string_view checked_format(const entry_description& described, std::string_view format) {
  const auto known = std::find(described.formats.begin(), described.formats.end(), format);
  if (format != "json" && known == described.formats.end()) {
    throw unknown_name(described.name, "format", format,
                       {described.formats.begin(), described.formats.end()});
  }
  return format;
}

} // namespace

std::string export_model(const model& what, std::string_view format) {
  const entry& of = find_entry(what.entry);
  checked_format(*of.description, format);
  if (format != "json")
    return of.export_text(what, format);
  json::object options;
  for (const option& one : what.options)
    options[one.name] = one.value;
  json::array tables;
  for (const table& held : what.tables) {
    json::array columns;
    for (const column& one : held.columns())
      columns.push_back(column_json(one));
    tables.push_back(json::object{{"name", held.name()}, {"columns", std::move(columns)}});
  }
  return json::serialize(json::object{{"format", "emptor-model"},
                                      {"version", 1},
                                      {"entry", what.entry},
                                      {"made_by", what.made_by},
                                      {"options", std::move(options)},
                                      {"tables", std::move(tables)}});
}

std::shared_ptr<const model> import_model(std::string_view text, std::string_view format) {
  if (format != "json")
    throw unknown_name("", "format to import", format, {"json"});
  json::error_code failure;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), failure);
  if (failure || !parsed.is_object())
    refuse(failure ? failure.message() : "it must be an object");
  const json::object& given = parsed.as_object();
  if (text_of(member(given, "format"), "format") != "emptor-model")
    refuse("format must be emptor-model");
  if (const json::value& version = member(given, "version"); version != json::value(1))
    throw error(status::version, "model json: version must be 1; a newer one needs a newer emptor");
  model made;
  made.entry = text_of(member(given, "entry"), "entry");
  if (given.if_contains("made_by") != nullptr)
    made.made_by = text_of(member(given, "made_by"), "made_by");
  const json::value& options = member(given, "options");
  const json::value& tables = member(given, "tables");
  if (!options.is_object() || !tables.is_array())
    refuse("options must be an object and tables an array");
  for (const auto& [key, value] : options.as_object())
    made.options.push_back({std::string(key), text_of(value, "an option")});
  for (const json::value& one : tables.as_array()) {
    if (!one.is_object() || !member(one.as_object(), "columns").is_array())
      refuse("a table must be an object with columns");
    table held(text_of(member(one.as_object(), "name"), "name"));
    for (const json::value& described : member(one.as_object(), "columns").as_array())
      held.add(column_of(described));
    made.tables.push_back(std::move(held));
  }
  return checked(std::move(made));
}

} // namespace emptor

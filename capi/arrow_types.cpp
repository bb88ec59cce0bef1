// SPDX-License-Identifier: BSL-1.0
// What the fields of an Arrow schema are to emptor.
#include <charconv>
#include <limits>

#include <emptor/core/check.hpp>

#include "detail/arrow_import.hpp"

namespace emptor::capi {

namespace {

[[noreturn]] void refuse(status code, std::string_view function, std::string_view what, std::string_view is,
                         std::string_view must_be, std::int32_t column = -1) {
  throw error(code, message(function, what, -1, is, must_be), -1, column);
}

/// "d:precision,scale" or "d:precision,scale,bits".
std::optional<arrow_type> decimal_type(std::string_view format) {
  std::int32_t numbers[] = {0, 0, 128};
  const char* at = format.data() + 2;
  const char* const end = format.data() + format.size();
  std::size_t read = 0;
  for (; read < std::size(numbers); ++read) {
    const auto [behind, why] = std::from_chars(at, end, numbers[read]);
    if (why != std::errc{})
      return std::nullopt;
    at = behind;
    if (at == end)
      break;
    if (*at++ != ',')
      return std::nullopt;
  }
  const auto [precision, scale, bits] = numbers;
  if (read == 0 || read == std::size(numbers) || precision < 1 || precision > 38 || scale < 0 || scale > 38)
    return std::nullopt;
  switch (bits) {
  case 32:
    return arrow_type{dtype::decimal128, arrow_layout::decimal32, scale};
  case 64:
    return arrow_type{dtype::decimal128, arrow_layout::decimal64, scale};
  case 128:
    return arrow_type{dtype::decimal128, arrow_layout::same, scale};
  default:
    return std::nullopt;
  }
}

std::optional<arrow_type> simple_type(char format) {
  switch (format) {
  case 'n':
    return arrow_type{dtype::null};
  case 'b':
    return arrow_type{dtype::boolean};
  case 'c':
    return arrow_type{dtype::int8};
  case 'C':
    return arrow_type{dtype::uint8};
  case 's':
    return arrow_type{dtype::int16};
  case 'S':
    return arrow_type{dtype::int32, arrow_layout::uint16};
  case 'i':
    return arrow_type{dtype::int32};
  case 'I':
    return arrow_type{dtype::int64, arrow_layout::uint32};
  case 'l':
    return arrow_type{dtype::int64};
  case 'L':
    return arrow_type{dtype::int64, arrow_layout::uint64};
  case 'e':
    return arrow_type{dtype::float32, arrow_layout::float16};
  case 'f':
    return arrow_type{dtype::float32};
  case 'g':
    return arrow_type{dtype::float64};
  case 'u':
    return arrow_type{dtype::utf8};
  case 'U':
    return arrow_type{dtype::large_utf8};
  default:
    return std::nullopt;
  }
}

/// \return nothing for a type that emptor does not read
std::optional<arrow_type> parse_type(std::string_view format) {
  if (format.size() == 1)
    return simple_type(format.front());
  if (format == "vu")
    return arrow_type{dtype::large_utf8, arrow_layout::text_views};
  if (format == "tdD")
    return arrow_type{dtype::date32};
  if (format == "tdm")
    return arrow_type{dtype::date32, arrow_layout::date64};
  if (format.starts_with("d:"))
    return decimal_type(format);
  if (format.size() >= 4 && format.starts_with("ts") &&
      format[3] == ':') { // behind it a zone, which only shows
    constexpr std::string_view units = "smun";
    if (const std::size_t unit = units.find(format[2]); unit != std::string_view::npos)
      return arrow_type{dtype::timestamp, arrow_layout::same, static_cast<std::int32_t>(3 * unit)};
  }
  return std::nullopt;
}

/// The type in words, for who does not know the letters.
std::string shown_type(std::string_view format) {
  struct known {
    std::string_view begin;
    std::string_view words;
  };
  static constexpr known all[] = {{"+s", "a struct"},      {"+r", "run-end encoded"}, {"+m", "a map"},
                                  {"+u", "a union"},       {"+", "a list"},           {"z", "binary"},
                                  {"Z", "binary"},         {"vz", "binary"},          {"w:", "binary"},
                                  {"tt", "a time of day"}, {"tD", "a duration"},      {"ti", "an interval"},
                                  {"d:", "such a decimal"}};
  std::string letters = "of the Arrow type \"" + shortened(format) + "\"";
  for (const known& one : all) {
    if (format.starts_with(one.begin))
      return std::string(one.words) + " (" + letters + ")";
  }
  return letters;
}

constexpr std::string_view readable = "a boolean, an integer, a float, a decimal of 0 to 38 decimals in up "
                                      "to 128 bits, a date, a timestamp, a text, "
                                      "a dictionary of texts, or null";

/// A child of a schema, or null; a name that is not given is an empty one.
const ArrowSchema* child_of(const ArrowSchema& schema, std::int64_t i) {
  return schema.children[i];
}
std::string_view name_of(const ArrowSchema& field) {
  return field.name == nullptr ? std::string_view() : std::string_view(field.name);
}

void set_type(std::string_view function, const ArrowSchema& schema, std::int32_t column, arrow_field& field) {
  const std::string shown = shortened(field.name);
  const auto type_of = [&](const ArrowSchema& of, const std::string& what, std::string_view must_be) {
    if (of.release == nullptr || of.format == nullptr)
      refuse(status::invalid_argument, function, "the schema of " + what,
             of.release == nullptr ? "released" : "without a format", "given", column);
    const auto type = parse_type(of.format);
    if (!type)
      refuse(status::schema, function, what, shown_type(of.format), must_be, column);
    return *type;
  };
  field.type = type_of(schema, shown, readable);
  if (schema.dictionary == nullptr)
    return;
  if (!is_integer(field.type.type))
    refuse(status::invalid_argument, function, shown,
           "a dictionary with indices " + shown_type(schema.format), "one with integers", column);
  constexpr std::string_view texts = "one of texts";
  field.texts = type_of(*schema.dictionary, "the dictionary of " + shown, texts);
  if ((!is_text(field.texts->type) && field.texts->type != dtype::null) ||
      schema.dictionary->dictionary != nullptr)
    refuse(status::schema, function, "the dictionary of " + shown,
           schema.dictionary->dictionary != nullptr ? "a dictionary itself"
                                                    : shown_type(schema.dictionary->format),
           texts, column);
}

} // namespace

arrow_fields::arrow_fields(std::string_view function, const ArrowSchema& schema, const char* const* names,
                           std::int32_t name_count)
    : function_(function)
    , children_(schema.n_children) {
  const auto malformed = [&](std::string_view what, std::string_view is, std::string_view must_be) {
    refuse(status::invalid_argument, function, what, is, must_be);
  };
  if (schema.release == nullptr || schema.format == nullptr)
    malformed("schema", schema.release == nullptr ? "released" : "without a format", "given");
  if (std::string_view(schema.format) != "+s" || schema.dictionary != nullptr)
    refuse(status::schema, function, "schema",
           schema.dictionary != nullptr ? "a dictionary" : shown_type(schema.format),
           "a struct with a field for each column");
  if (children_ < 0 || children_ > std::numeric_limits<std::int32_t>::max())
    malformed("n_children of schema", std::to_string(children_), "in [0, 2147483647]");
  if (children_ > 0 && schema.children == nullptr)
    malformed("children of schema", "NULL", "given");
  for (std::int64_t i = 0; i < children_; ++i) {
    if (child_of(schema, i) == nullptr)
      malformed("a child of schema", "NULL", "given");
  }
  if (name_count < 0)
    malformed("name_count", std::to_string(name_count), ">= 0");
  if (names == nullptr && name_count > 0)
    malformed("names", "NULL", "given");

  const auto add = [&](std::string_view name, std::int64_t child) {
    arrow_field& field = fields_.emplace_back();
    field.name = name;
    field.child = child;
    set_type(function, *child_of(schema, child), static_cast<std::int32_t>(fields_.size()) - 1, field);
  };
  for (std::int64_t i = 0; names == nullptr && i < children_; ++i)
    add(name_of(*child_of(schema, i)), i);
  for (std::ptrdiff_t i = 0; names != nullptr && i < name_count; ++i) {
    if (names[2 * i] == nullptr || names[2 * i + 1] == nullptr)
      malformed("a name", "NULL", "given");
    const std::string_view wanted = names[2 * i + 1];
    std::int64_t found = -1;
    std::vector<std::string_view> known;
    for (std::int64_t k = 0; k < children_; ++k) {
      known.push_back(name_of(*child_of(schema, k)));
      if (known.back() != wanted)
        continue;
      if (found >= 0)
        refuse(status::schema, function, "field " + shortened(wanted), "there twice", "there once",
               static_cast<std::int32_t>(i));
      found = k;
    }
    if (found < 0)
      throw unknown_name(function, "field", wanted, known);
    add(names[2 * i], found);
  }
}

} // namespace emptor::capi

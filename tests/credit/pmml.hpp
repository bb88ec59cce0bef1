// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>

/// PMML 4.4 as far as scorecards need it, by the standard's text: the rules of its schema, and an interpreter. It knows nothing of the
/// library.
namespace pmml {

using node = boost::property_tree::ptree;

[[nodiscard]] inline node parse(const std::string& text) {
  std::istringstream in(text);
  node all;
  boost::property_tree::read_xml(in, all);
  return all;
}

[[nodiscard]] inline std::optional<std::string> attribute(const node& of, const std::string& name) {
  const auto attributes = of.find("<xmlattr>");
  if (attributes == of.not_found())
    return std::nullopt;
  const auto found = attributes->second.find(name);
  if (found == attributes->second.not_found())
    return std::nullopt;
  return found->second.data();
}

[[nodiscard]] inline bool is_number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  return !text.empty() && *end == '\0' && std::isfinite(value) &&
         text.find_first_of("xX ") == std::string::npos;
}

/// What the schema asks of an element.
struct rule {
  std::vector<std::string> required;
  std::vector<std::string> optional;
  /// In this order: name of a child or "PREDICATE", least and largest number.
  struct part {
    std::string name;
    std::size_t least;
    std::size_t most;
  };
  std::vector<part> children;
};

[[nodiscard]] inline bool is_predicate(const std::string& name) {
  return name == "SimplePredicate" || name == "CompoundPredicate" || name == "SimpleSetPredicate" ||
         name == "True" || name == "False";
}

inline const std::map<std::string, rule>& schema() {
  constexpr std::size_t any = 1000000;
  static const std::map<std::string, rule> all{
      {"PMML",
       {{"version", "xmlns"}, {}, {{"Header", 1, 1}, {"DataDictionary", 1, 1}, {"Scorecard", 0, any}}}},
      {"Header",
       {{},
        {"copyright", "description", "modelVersion"},
        {{"Application", 0, 1}, {"Annotation", 0, any}, {"Timestamp", 0, 1}}}},
      {"Application", {{"name"}, {"version"}, {}}},
      {"DataDictionary", {{}, {"numberOfFields"}, {{"DataField", 0, any}}}},
      {"DataField",
       {{"name", "optype", "dataType"},
        {"displayName", "isCyclic"},
        {{"Interval", 0, any}, {"Value", 0, any}}}},
      {"Value", {{"value"}, {"displayValue", "property"}, {}}},
      {"Scorecard",
       {{"functionName"},
        {"modelName", "algorithmName", "initialScore", "useReasonCodes", "reasonCodeAlgorithm",
         "baselineScore", "baselineMethod", "isScorable"},
        {{"MiningSchema", 1, 1}, {"Output", 0, 1}, {"Characteristics", 1, 1}}}},
      {"MiningSchema", {{}, {}, {{"MiningField", 1, any}}}},
      {"MiningField", {{"name"}, {"usageType", "optype", "invalidValueTreatment"}, {}}},
      {"Output", {{}, {}, {{"OutputField", 1, any}}}},
      {"OutputField", {{"name", "dataType"}, {"optype", "feature", "rank", "targetField"}, {}}},
      {"Characteristics", {{}, {}, {{"Characteristic", 1, any}}}},
      {"Characteristic", {{}, {"name", "reasonCode", "baselineScore"}, {{"Attribute", 1, any}}}},
      {"Attribute",
       {{}, {"reasonCode", "partialScore"}, {{"PREDICATE", 1, 1}, {"ComplexPartialScore", 0, 1}}}},
      {"SimplePredicate", {{"field", "operator"}, {"value"}, {}}},
      {"CompoundPredicate", {{"booleanOperator"}, {}, {{"PREDICATE", 2, any}}}},
      {"True", {{}, {}, {}}},
      {"False", {{}, {}, {}}},
  };
  return all;
}

/// What breaks a rule of the schema, empty where nothing does.
[[nodiscard]] inline std::string broken(const std::string& name, const node& of) {
  const auto known = schema().find(name);
  if (known == schema().end())
    return "element " + name;
  const rule& rules = known->second;
  for (const std::string& wanted : rules.required) {
    if (!attribute(of, wanted))
      return name + " has no " + wanted;
  }
  const auto attributes = of.find("<xmlattr>");
  if (attributes != of.not_found()) {
    std::set<std::string> seen;
    for (const auto& one : attributes->second) {
      const auto in = [&](const std::vector<std::string>& list) {
        return std::find(list.begin(), list.end(), one.first) != list.end();
      };
      if ((!in(rules.required) && !in(rules.optional)) || !seen.insert(one.first).second)
        return name + " has " + one.first;
    }
  }
  std::size_t part = 0;
  std::size_t count = 0;
  std::string inner;
  for (const auto& child : of) {
    if (child.first == "<xmlattr>")
      continue;
    const auto fits = [&](const rule::part& one) {
      return one.name == child.first || (one.name == "PREDICATE" && is_predicate(child.first));
    };
    while (part < rules.children.size() && !fits(rules.children[part])) {
      if (count < rules.children[part].least)
        return name + " has too few " + rules.children[part].name;
      ++part;
      count = 0;
    }
    if (part == rules.children.size() || ++count > rules.children[part].most)
      return name + " has a " + child.first + " out of place";
    if (inner.empty())
      inner = broken(child.first, child.second);
  }
  for (; part < rules.children.size(); ++part, count = 0) {
    if (count < rules.children[part].least)
      return name + " has too few " + rules.children[part].name;
  }
  return inner;
}

/// The parts of the document that a caller asks for.
struct document {
  explicit document(const std::string& text)
      : whole(parse(text)) {}

  [[nodiscard]] const node& at(const std::string& path) const { return whole.get_child(path); }
  /// Schema, and what the standard says in words. Empty where all holds.
  [[nodiscard]] std::string faults() const {
    if (whole.size() != 1 || whole.front().first != "PMML")
      return "no PMML";
    if (std::string found = broken("PMML", whole.front().second); !found.empty())
      return found;
    const node& root = whole.front().second;
    if (attribute(root, "version") != "4.4" || attribute(root, "xmlns") != "http://www.dmg.org/PMML-4_4")
      return "not of version 4.4";
    std::map<std::string, std::string> fields;
    const auto in = [](const std::optional<std::string>& value, const std::set<std::string>& allowed) {
      return value && allowed.count(*value) == 1;
    };
    for (const auto& one : root.get_child("DataDictionary")) {
      if (one.first != "DataField")
        continue;
      if (!in(attribute(one.second, "optype"), {"continuous", "categorical", "ordinal"}) ||
          !in(attribute(one.second, "dataType"), {"double", "string"}))
        return "a field of no type";
      if (!fields.emplace(*attribute(one.second, "name"), *attribute(one.second, "dataType")).second)
        return "two fields of one name";
    }
    if (attribute(root.get_child("DataDictionary"), "numberOfFields") != std::to_string(fields.size()))
      return "another number of fields";
    const node& card = root.get_child("Scorecard");
    if (attribute(card, "functionName") != "regression")
      return "no regression";
    if (!in(attribute(card, "reasonCodeAlgorithm"), {"pointsAbove", "pointsBelow"}) ||
        !in(attribute(card, "useReasonCodes"), {"true", "false"}) ||
        !is_number(attribute(card, "initialScore").value_or("")))
      return "an attribute of Scorecard";
    std::set<std::string> names;
    for (const auto& one : card.get_child("MiningSchema")) {
      const auto name = attribute(one.second, "name");
      if (one.first == "MiningField" && (fields.count(*name) == 0 || !names.insert(*name).second))
        return "a mining field that is no field, or twice";
    }
    for (const auto& one : card.get_child("Output")) {
      if (one.first != "OutputField")
        continue;
      if (!names.insert(*attribute(one.second, "name")).second)
        return "an output field of a name that is taken";
      if (!in(attribute(one.second, "feature"), {"predictedValue", "reasonCode"}))
        return "an output field of no feature";
    }
    for (const auto& one : card.get_child("Characteristics")) {
      if (one.first != "Characteristic")
        continue;
      if (!names.insert(attribute(one.second, "name").value_or("")).second)
        return "a characteristic of a name that is taken";
      if (!is_number(attribute(one.second, "baselineScore").value_or("")))
        return "a characteristic without baseline, which reason codes need";
      std::set<std::string> used;
      for (const auto& held : one.second) {
        if (held.first != "Attribute")
          continue;
        if (!is_number(attribute(held.second, "partialScore").value_or("")))
          return "an attribute without partial score";
        if (!attribute(held.second, "reasonCode") && !attribute(one.second, "reasonCode"))
          return "an attribute without reason code";
        if (std::string fault = predicate_faults(held.second, fields, used); !fault.empty())
          return fault;
      }
      if (used.size() > 1)
        return "a characteristic over several fields";
    }
    return "";
  }

private:
  [[nodiscard]] static std::string predicate_faults(const node& of,
                                                    const std::map<std::string, std::string>& fields,
                                                    std::set<std::string>& used) {
    for (const auto& one : of) {
      if (one.first == "SimplePredicate") {
        const std::string field = *attribute(one.second, "field");
        const std::string how = *attribute(one.second, "operator");
        const auto value = attribute(one.second, "value");
        if (fields.count(field) == 0)
          return "a predicate of no field";
        used.insert(field);
        const bool alone = how == "isMissing" || how == "isNotMissing";
        static const std::set<std::string> known{"equal",       "notEqual",    "lessThan",
                                                 "lessOrEqual", "greaterThan", "greaterOrEqual",
                                                 "isMissing",   "isNotMissing"};
        if (known.count(how) == 0 || alone == value.has_value())
          return "operator " + how;
        if (value && fields.at(field) == "double" && !is_number(*value))
          return "a value that is no number";
      } else if (one.first == "CompoundPredicate") {
        const std::string how = *attribute(one.second, "booleanOperator");
        if (how != "and" && how != "or" && how != "xor" && how != "surrogate")
          return "operator " + how;
        if (std::string fault = predicate_faults(one.second, fields, used); !fault.empty())
          return fault;
      }
    }
    return "";
  }

public:
  node whole;
};

/// A value of a field: missing, a number or a text.
struct value {
  bool missing = true;
  double number = 0.0;
  std::string text;
};

struct answer {
  std::optional<double> score; ///< nothing where the result is invalid
  std::vector<std::string> reasons;
  std::vector<double> points;
};

/// Three-valued, as the standard has it: nothing = unknown.
[[nodiscard]] inline std::optional<bool> holds(const std::string& name, const node& predicate,
                                               const std::map<std::string, value>& row,
                                               const std::set<std::string>& numeric) {
  if (name == "True" || name == "False")
    return name == "True";
  if (name == "CompoundPredicate") {
    const bool all = attribute(predicate, "booleanOperator") == "and";
    bool unknown = false;
    for (const auto& one : predicate) {
      if (!is_predicate(one.first))
        continue;
      const std::optional<bool> held = holds(one.first, one.second, row, numeric);
      if (!held)
        unknown = true;
      else if (*held != all)
        return !all;
    }
    return unknown ? std::nullopt : std::optional<bool>(all);
  }
  const std::string field = *attribute(predicate, "field");
  const std::string how = *attribute(predicate, "operator");
  const value& of = row.at(field);
  if (how == "isMissing")
    return of.missing;
  if (how == "isNotMissing")
    return !of.missing;
  if (of.missing)
    return std::nullopt;
  const std::string wanted = *attribute(predicate, "value");
  if (numeric.count(field) == 0)
    return how == "equal" ? of.text == wanted : of.text != wanted;
  const double other = std::strtod(wanted.c_str(), nullptr);
  return how == "equal"         ? of.number == other
         : how == "lessThan"    ? of.number < other
         : how == "lessOrEqual" ? of.number <= other
         : how == "greaterThan" ? of.number > other
                                : of.number >= other;
}

/// \param texts, numbers  of the row by the names of the fields; NaN and texts that the dictionary says so are missing
[[nodiscard]] inline answer evaluate(const document& of, std::map<std::string, value> row) {
  std::set<std::string> numeric;
  for (const auto& one : of.at("PMML.DataDictionary")) {
    if (one.first != "DataField")
      continue;
    const std::string name = *attribute(one.second, "name");
    if (attribute(one.second, "dataType") == "double") {
      numeric.insert(name);
      row[name].missing = std::isnan(row[name].number);
      continue;
    }
    row[name].missing = false;
    for (const auto& held : one.second) {
      if (held.first == "Value" && attribute(held.second, "property") == "missing" &&
          attribute(held.second, "value") == row[name].text)
        row[name].missing = true;
    }
  }
  const node& card = of.at("PMML.Scorecard");
  const bool below = attribute(card, "reasonCodeAlgorithm").value_or("pointsBelow") == "pointsBelow";
  answer made;
  double score = std::strtod(attribute(card, "initialScore").value_or("0").c_str(), nullptr);
  std::vector<std::pair<std::string, double>> ranked;
  for (const auto& one : card.get_child("Characteristics")) {
    if (one.first != "Characteristic")
      continue;
    const node* matched = nullptr;
    for (const auto& held : one.second) {
      if (held.first != "Attribute" || matched != nullptr)
        continue;
      for (const auto& inner : held.second) {
        if (is_predicate(inner.first) && holds(inner.first, inner.second, row, numeric).value_or(false))
          matched = &held.second;
      }
    }
    if (matched == nullptr)
      return {};
    const double partial = std::strtod(attribute(*matched, "partialScore")->c_str(), nullptr);
    score += partial;
    const double baseline = std::strtod(attribute(one.second, "baselineScore")->c_str(), nullptr);
    const double points = below ? baseline - partial : partial - baseline;
    if (!(points > 0.0))
      continue;
    const std::string code =
        attribute(*matched, "reasonCode").value_or(attribute(one.second, "reasonCode").value_or(""));
    const auto at =
        std::find_if(ranked.begin(), ranked.end(), [&](const auto& known) { return known.first == code; });
    if (at == ranked.end())
      ranked.emplace_back(code, points);
    else
      at->second += points;
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& left, const auto& right) { return left.second > right.second; });
  made.score = score;
  for (const auto& one : ranked) {
    made.reasons.push_back(one.first);
    made.points.push_back(one.second);
  }
  return made;
}

} // namespace pmml

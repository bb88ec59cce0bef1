// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/quoted_text.hpp>
#include <emptor/credit/scorecard_model.hpp>

/// A scorecard in the Predictive Model Markup Language (DMG, PMML 4.4, Scorecard), an exchange format of scoring engines.
namespace emptor::credit {

namespace detail {

/// The attributes of one characteristic, in the order in which the first that is true gives the points: what is missing, special codes,
/// intervals or levels, then all other texts.
class pmml_attributes {
public:
  pmml_attributes(const scorecard& card, const scorecard_characteristic& of, std::string where)
      : card_(card)
      , of_(of)
      , where_(std::move(where))
      , field_(xml_text(where_, of.label)) {
    const stats::bin_lookup& lookup = of.lookup;
    if (lookup.missing_bin() > 0)
      add(lookup.missing_bin(), test("isMissing", ""));
    std::map<std::int32_t, std::vector<std::string>> members;
    if (of.numeric) {
      for (const auto& one : lookup.specials())
        members[one.second].push_back(test("equal", to_text(one.first)));
    } else {
      for (const auto& one : lookup.levels())
        members[one.second].push_back(test("equal", one.first));
    }
    for (const auto& one : members)
      add(one.first, one.second.size() == 1 ? one.second.front() : compound("or", one.second));
    if (of.numeric)
      add_intervals();
    else if (lookup.unknown_bin() > 0)
      add(lookup.unknown_bin(), test("isNotMissing", ""));
    if (text_.empty()) // a characteristic has one attribute at least
      text_ = "        <Attribute partialScore=\"0\"><False/></Attribute>\n";
  }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
  void add_intervals() {
    const stats::bin_lookup& lookup = of_.lookup;
    const bool left = lookup.closed() == stats::bin_closed::left;
    const std::vector<double>& cuts = lookup.cuts();
    for (std::size_t i = 0; i < lookup.intervals().size(); ++i) {
      const std::string from =
          i == 0 ? "" : test(left ? "greaterOrEqual" : "greaterThan", to_text(cuts[i - 1]));
      const std::string to =
          i == cuts.size() ? "" : test(left ? "lessThan" : "lessOrEqual", to_text(cuts[i]));
      add(lookup.intervals()[i], from.empty() && to.empty() ? test("isNotMissing", "")
                                 : from.empty()             ? to
                                 : to.empty()               ? from
                                                            : compound("and", {from, to}));
    }
  }
  [[nodiscard]] std::string test(std::string_view how, std::string_view value) const {
    return "<SimplePredicate field=\"" + field_ + "\" operator=\"" + std::string(how) +
           (how.starts_with("is") ? "" : "\" value=\"" + xml_text(where_, value)) + "\"/>";
  }
  [[nodiscard]] static std::string compound(std::string_view how, const std::vector<std::string>& parts) {
    std::string made = "<CompoundPredicate booleanOperator=\"" + std::string(how) + "\">";
    for (const std::string& part : parts)
      made += "\n          " + part;
    return made + "\n        </CompoundPredicate>";
  }
  void add(std::int32_t number, const std::string& predicate) {
    const auto bin = static_cast<std::size_t>(number - 1);
    text_ += "        <Attribute reasonCode=\"" +
             xml_text(where_, card_.reasons[static_cast<std::size_t>(of_.reason[bin])]) +
             "\" partialScore=\"" + to_text(of_.points[bin]) + "\">" + predicate + "</Attribute>\n";
  }

  const scorecard& card_;
  const scorecard_characteristic& of_;
  std::string where_;
  std::string field_;
  std::string text_;
};

} // namespace detail

/// \throws error status::data for names that XML cannot hold, and for bins of one characteristic with different baselines, which PMML
/// has no place for
[[nodiscard]] inline std::string scorecard_pmml(const scorecard& of) {
  const std::string where = std::string(scorecard_name) + ": pmml";
  // Characteristics and outputs have names apart from those of the fields.
  std::vector<std::string> taken;
  for (const scorecard_characteristic& one : of.characteristics)
    taken.push_back(one.label);
  const auto apart = [&](std::string name) {
    while (std::find(taken.begin(), taken.end(), name) != taken.end())
      name += "_";
    taken.push_back(name);
    return xml_text(where, name);
  };
  std::string fields;
  std::string inputs;
  std::string characteristics;
  for (const scorecard_characteristic& one : of.characteristics) {
    const std::string name = xml_text(where, one.label);
    if (std::adjacent_find(one.baseline.begin(), one.baseline.end(), std::not_equal_to<>()) !=
        one.baseline.end())
      throw error(status::data, where + ": the bins of " + printable(shortened(one.label)) +
                                    " have different baselines, but must have one");
    fields += one.numeric
                  ? "    <DataField name=\"" + name + "\" optype=\"continuous\" dataType=\"double\"/>\n"
                  : "    <DataField name=\"" + name +
                        "\" optype=\"categorical\" dataType=\"string\">"
                        "<Value value=\"\" property=\"missing\"/></DataField>\n";
    inputs += "      <MiningField name=\"" + name + "\"/>\n";
    characteristics += "      <Characteristic name=\"" + apart(one.label + "_score") + "\" reasonCode=\"" +
                       xml_text(where, of.reasons[static_cast<std::size_t>(one.reason.front())]) +
                       "\" baselineScore=\"" + to_text(one.baseline.front()) + "\">\n" +
                       detail::pmml_attributes(of, one, where).text() + "      </Characteristic>\n";
  }
  std::string outputs;
  const std::string_view named[] = {"score", "reason", "second_reason", "third_reason"};
  for (std::size_t rank = 0; rank < std::size(named); ++rank)
    outputs += "      <OutputField name=\"" + apart(std::string(named[rank])) +
               (rank == 0 ? "\" optype=\"continuous\" dataType=\"double\" feature=\"predictedValue\"/>\n"
                          : "\" optype=\"categorical\" dataType=\"string\" feature=\"reasonCode\" rank=\"" +
                                std::to_string(rank) + "\"/>\n");
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<PMML xmlns=\"http://www.dmg.org/PMML-4_4\" version=\"4.4\">\n"
         "  <Header><Application name=\"emptor\"/></Header>\n"
         "  <DataDictionary numberOfFields=\"" +
         std::to_string(of.characteristics.size()) + "\">\n" + fields +
         "  </DataDictionary>\n"
         "  <Scorecard functionName=\"regression\" initialScore=\"" +
         to_text(of.base_points) + "\" useReasonCodes=\"true\" reasonCodeAlgorithm=\"" +
         (of.scale.direction == score_direction::safer ? "pointsBelow" : "pointsAbove") +
         "\">\n    <MiningSchema>\n" + inputs + "    </MiningSchema>\n    <Output>\n" + outputs +
         "    </Output>\n    <Characteristics>\n" + characteristics +
         "    </Characteristics>\n  </Scorecard>\n</PMML>\n";
}

} // namespace emptor::credit

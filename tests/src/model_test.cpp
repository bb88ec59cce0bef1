// SPDX-License-Identifier: BSL-1.0
// Models and stores as files, models as JSON, models made from tables.
#include <bit>
#include <cstring>
#include <limits>

#include <boost/crc.hpp>
#include <gtest/gtest.h>

#include <emptor/core/parameters.hpp>

#include "examples.hpp"

namespace emptor::test::model_test {
namespace {

using bytes = std::vector<std::byte>;

const entry& bg_nbd() {
  return find_entry("value.bg_nbd");
}

std::shared_ptr<const model> created() {
  return model_of(bg_nbd(), example_of(bg_nbd(), verb::score));
}

std::shared_ptr<const model> fitted() {
  const example& shown = example_of(bg_nbd(), verb::fit);
  const auto from = store_of(*bg_nbd().description, shown);
  return finish(bg_nbd(), from.get(), split(*bg_nbd().description, shown.options).finish, {}, {}, run{})
      .fitted;
}

std::uint32_t crc(const std::byte* data, std::size_t length) {
  boost::crc_32_type sum;
  sum.process_bytes(data, length);
  return sum.checksum();
}

template <class T>
void append(bytes& to, T value) {
  const auto* from = reinterpret_cast<const std::byte*>(&value);
  to.insert(to.end(), from, from + sizeof value);
}

/// The file with the sum over all of it right again, and `section` before its END.
bytes sealed(bytes file, const bytes& section = {}) {
  constexpr std::ptrdiff_t end_section = 20;
  file.insert(file.end() - end_section, section.begin(), section.end());
  const std::uint32_t sum = crc(file.data(), file.size() - 4);
  std::memcpy(file.data() + file.size() - 4, &sum, sizeof sum);
  return file;
}

bytes section(std::string_view id, std::uint32_t flags) {
  bytes made;
  for (const char c : id)
    append(made, c);
  append(made, flags);
  append(made, std::uint64_t{3});
  for (const char c : {'x', 'y', 'z'})
    append(made, c);
  append(made, crc(made.data(), made.size()));
  return made;
}

template <class Load>
status loading(const Load& load) {
  const auto [code, text] = outcome(load);
  EXPECT_EQ(code == status::ok, text.empty());
  return code;
}

bool is_refusal(status code) {
  return code == status::format || code == status::version || code == status::mismatch;
}

TEST(model_file, comes_back_equal_and_in_the_same_bytes) {
  for (const auto& held : {created(), fitted()}) {
    const bytes file = save(*held);
    const auto loaded = load_model(file);
    EXPECT_EQ(*loaded, *held);
    EXPECT_EQ(save(*loaded), file);
    EXPECT_EQ(save(*held), file);
  }
  EXPECT_EQ(save(*created()), save(*created()));
}

TEST(model_file, cut_anywhere_is_refused) {
  const bytes file = save(*fitted());
  for (std::size_t length = 0; length < file.size(); ++length)
    ASSERT_TRUE(is_refusal(loading([&] { (void)load_model(std::span(file).first(length)); }))) << length;
  bytes longer = file;
  longer.push_back(std::byte{0});
  EXPECT_EQ(loading([&] { (void)load_model(longer); }), status::format);
}

TEST(model_file, a_flipped_bit_anywhere_is_refused) {
  bytes file = save(*fitted());
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    const auto mask = static_cast<std::byte>(1U << (bit % 8));
    file[bit / 8] ^= mask;
    ASSERT_TRUE(is_refusal(loading([&] { (void)load_model(file); }))) << "bit " << bit;
    file[bit / 8] ^= mask;
  }
}

TEST(store_file, damage_is_refused) {
  for_each_example([](const entry& what, const example& shown) {
    if (what.description->store.empty() || shown.what == verb::score)
      return;
    SCOPED_TRACE(what.description->name);
    bytes file = save(*store_of(*what.description, shown));
    EXPECT_EQ(loading([&] { (void)load_model(file); }), status::mismatch);
    for (std::size_t length = 0; length < file.size(); length += 3)
      ASSERT_TRUE(is_refusal(loading([&] { (void)load_store(std::span(file).first(length)); }))) << length;
    for (std::size_t bit = 0; bit < file.size() * 8; bit += 5) {
      const auto mask = static_cast<std::byte>(1U << (bit % 8));
      file[bit / 8] ^= mask;
      ASSERT_TRUE(is_refusal(loading([&] { (void)load_store(file); }))) << "bit " << bit;
      file[bit / 8] ^= mask;
    }
  });
}

TEST(model_file, what_later_versions_may_add) {
  const bytes file = save(*created());
  EXPECT_EQ(*load_model(sealed(file, section("XTRA", 0))), *created());
  EXPECT_EQ(loading([&] { (void)load_model(sealed(file, section("XTRA", 1))); }), status::version);
  bytes newer = file;
  newer[10] = std::byte{7}; // the minor version
  EXPECT_EQ(*load_model(sealed(newer)), *created());
  newer[8] = std::byte{2}; // the major version
  EXPECT_EQ(loading([&] { (void)load_model(sealed(newer)); }), status::version);
  EXPECT_EQ(loading([&] { (void)load_store(file); }), status::mismatch);
  EXPECT_EQ(loading([&] { (void)load_model({}); }), status::format);
}

TEST(model_file, sound_bytes_with_a_model_that_makes_no_sense_are_refused) {
  const auto refused = [](auto change) {
    model made = *created();
    change(made);
    return outcome([&] { (void)load_model(save(made)); }).first;
  };
  EXPECT_EQ(refused([](model& m) { m.entry = "value.unknown"; }), status::version);
  EXPECT_EQ(refused([](model& m) { m.entry = "value.summary"; }), status::mismatch);
  EXPECT_EQ(refused([](model& m) { m.options = {{"unit", "fortnight"}}; }), status::option);
  EXPECT_EQ(refused([](model& m) { m.options = {{"units", "week"}}; }), status::version);
  EXPECT_EQ(refused([](model& m) { m.tables.clear(); }), status::schema);
  EXPECT_EQ(refused([](model& m) { m.tables.push_back(m.tables[0]); }), status::schema);
  EXPECT_EQ(refused([](model& m) { m.tables.push_back(table("extra")); }), status::version);
  EXPECT_EQ(refused([](model& m) {
              m.tables[0].add(column::numbers("extra", {1, 2, 3, 4}));
            }),
            status::version);
  EXPECT_EQ(refused([](model& m) { m.tables[0].add(m.tables[0].columns()[0]); }), status::schema);
  const auto with_values = [&](column values) {
    return refused([&](model& m) {
      m.tables[0] = table("parameters", {m.tables[0].at("parameter"), std::move(values)});
    });
  };
  EXPECT_EQ(with_values(column::numbers("value", {0.2, 4, 0.7, 2.4})), status::ok);
  EXPECT_EQ(with_values(column::numbers("value", {0.2, -4, 0.7, 2.4})), status::data);
  EXPECT_EQ(with_values(column::numbers("value", {0.2, std::numeric_limits<double>::infinity(), 0.7, 2.4})),
            status::data);
  EXPECT_EQ(with_values(column::integers("value", {1, 2, 3, 4})), status::schema);
  column missing = column::numbers("value", {0.2, 4, 0.7, 2.4});
  missing.set_missing(1);
  EXPECT_EQ(with_values(missing), status::data);
}

TEST(model_json, comes_back_bit_by_bit) {
  for (const auto& held : {created(), fitted()}) {
    const auto read = import_model(export_model(*held, "json"), "json");
    EXPECT_EQ(*read, *held);
    EXPECT_EQ(save(*read), save(*held));
  }
  model awkward = *created();
  for (const double value : {0.1, 1.0 / 3, std::numeric_limits<double>::denorm_min(), 5e-324, 1e-310,
                             std::numeric_limits<double>::max(), std::nextafter(1.0, 2.0), 9007199254740993.0,
                             123456789012345678.0, 2.2250738585072011e-308}) {
    awkward.tables[0] = table("parameters", {awkward.tables[0].at("parameter"),
                                             column::numbers("value", {0.2, 1.0, 0.7, 2.4}),
                                             column::numbers("standard_error", {value, 1.0, 1.0, 1.0})});
    EXPECT_EQ(*import_model(export_model(awkward, "json"), "json"), awkward) << value;
  }
}

TEST(model_file, what_is_said_in_other_bits_is_the_same_model) {
  const column names("parameter", dtype::large_utf8, created()->tables[0].at("parameter").text(), "letter");
  const auto with_errors = [&](column errors) {
    model made = *created();
    made.tables[0] =
        table("parameters", {names, column::numbers("value", {0.2, 4, 0.7, 2.4}), std::move(errors)});
    return made;
  };
  const column plain = column::numbers("standard_error", {1, 2, 3, 4}, "week");
  const model expected = with_errors(plain);
  EXPECT_EQ(*import_model(export_model(expected, "json"), "json"), expected); // with the unit of a text
  column complete = plain;
  complete.set_validity({0xFF}); // nothing is missing, and bits behind the last row
  EXPECT_EQ(*load_model(save(with_errors(complete))), expected);
  column levelled = plain;
  levelled.set_levels({"none"});
  EXPECT_EQ(loading([&] { (void)load_model(save(with_errors(levelled))); }), status::format);
  const column in_cents("standard_error", dtype::float64, std::vector<double>{1, 2, 3, 4}, "week", 2);
  EXPECT_EQ(loading([&] { (void)load_model(save(with_errors(in_cents))); }), status::format);
}

TEST(model_json, decimals_alone_are_enough) {
  const auto read = import_model(R"({"format":"emptor-model","version":1,"entry":"value.bg_nbd",
    "options":{"unit":"week"},"tables":[{"name":"parameters","columns":[
    {"name":"parameter","type":"large_utf8","values":["r","alpha","a","b"]},
    {"name":"value","type":"float64","values":[0.243,4.414,0.793,2.426]}]}]})",
                                 "json");
  EXPECT_EQ(*read, *created());
}

TEST(model_json, decimals_that_somebody_changed_are_not_overruled_by_the_bits) {
  std::string text = export_model(*created(), "json");
  const std::size_t values = text.find("\"values\":[", text.find("\"value\""));
  ASSERT_NE(values, std::string::npos);
  text.insert(values + 10, "9");
  EXPECT_EQ(loading([&] { (void)import_model(text, "json"); }), status::format);
}

TEST(model_file, levels_may_be_fewer_than_today_but_not_more) {
  const auto with_levels = [](auto change) {
    model made = *fitted();
    for (table& held : made.tables) {
      if (held.name() != "fit")
        continue;
      table changed("fit");
      for (column one : held.columns()) {
        if (one.name() == "limit") {
          std::vector<std::string> levels = one.levels();
          change(levels);
          one.set_levels(std::move(levels));
        }
        changed.add(std::move(one));
      }
      held = std::move(changed);
    }
    return outcome([&] { (void)load_model(save(made)); }).first;
  };
  EXPECT_EQ(with_levels([](std::vector<std::string>& levels) { levels.pop_back(); }), status::ok);
  EXPECT_EQ(with_levels([](std::vector<std::string>& levels) { levels.emplace_back("new"); }),
            status::version);
  EXPECT_EQ(with_levels([](std::vector<std::string>& levels) { levels.front() = "other"; }), status::schema);
}

TEST(model_json, malformed_text_is_refused) {
  const std::string good = export_model(*created(), "json");
  for (std::size_t length = 0; length < good.size(); ++length)
    ASSERT_EQ(loading([&] { (void)import_model(good.substr(0, length), "json"); }), status::format) << length;
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
    return loading([&] { (void)import_model(text, "json"); });
  };
  EXPECT_EQ(changed("\"version\":1", "\"version\":2"), status::version);
  EXPECT_EQ(changed("emptor-model", "other"), status::format);
  EXPECT_EQ(changed("\"week\"", "7"), status::format);
  EXPECT_EQ(changed("\"week\"", "\"fortnight\""), status::option);
  EXPECT_EQ(changed("\"alpha\"", "null"), status::data);
  EXPECT_EQ(changed("\"alpha\"", "\"beta\""), status::unknown_name);
  EXPECT_EQ(changed("\"float64\"", "\"float65\""), status::format);
  EXPECT_EQ(changed("\"float64\"", "\"int64\""), status::format);
  EXPECT_EQ(changed("\"large_utf8\"", "\"int32\""), status::format); // no levels
  EXPECT_EQ(changed("\"bits\":[\"", "\"bits\":[\"0"), status::format);
  EXPECT_EQ(changed("\"bits\":[", "\"bits\":[null,"), status::format);
  EXPECT_EQ(changed("\"values\"", "\"value\""), status::format);
  for (const char* text : {"[]", "null", "{}", "1", "{\"format\":\"emptor-model\"}", "\xFF"})
    EXPECT_EQ(loading([&] { (void)import_model(text, "json"); }), status::format) << text;
  EXPECT_EQ(loading([] { (void)import_model(std::string(100000, '['), "json"); }), status::format);
  EXPECT_EQ(loading([&] { (void)import_model(good, "pmml"); }), status::unknown_name);
  EXPECT_EQ(loading([] { (void)export_model(*created(), "jsn"); }), status::unknown_name);
}

TEST(model_text, every_format_that_a_description_names_says_the_models_of_its_examples) {
  std::size_t told = 0;
  for (const entry* one : catalogue()) {
    for (const example& shown : one->description->examples) {
      for (const std::string_view format : one->description->formats) {
        if (shown.model_tables.empty() || format == "json")
          continue;
        SCOPED_TRACE(std::string(one->description->name) + " " + std::string(format));
        EXPECT_FALSE(export_model(*model_of(*one, shown), format).empty());
        ++told;
      }
    }
  }
  EXPECT_GT(told, 0U);
}

TEST(create_model, refuses_what_makes_no_model) {
  const auto refused = [](std::string_view csv, std::vector<option> options = {},
                          std::string_view name = "parameters", bool twice = false) {
    const table held = table_of(name, parameter_columns, csv);
    const std::vector<named_column> columns = held.views();
    std::vector<named_table> tables{{name, columns, held.rows()}};
    if (twice)
      tables.push_back(tables[0]);
    return outcome([&] { (void)create_model(bg_nbd(), tables, options); });
  };
  const std::string good = "parameter,value\nb,2.4\nr,0.2\nalpha,4\na,0.7\n"; // in any order
  EXPECT_EQ(refused(good).first, status::ok);
  EXPECT_EQ(refused("parameter,value\nr,0.2\nalpha,4\na,0.7\n"),
            (std::pair{status::schema, std::string("value.bg_nbd: parameter b is missing")}));
  EXPECT_EQ(refused(good + "a,0.7\n"),
            (std::pair{status::schema, std::string("value.bg_nbd: parameter a is given twice")}));
  EXPECT_EQ(refused(good + "alpa,0.7\n"),
            (std::pair{status::unknown_name,
                       std::string("value.bg_nbd: there is no parameter alpa; did you mean alpha?")}));
  EXPECT_EQ(
      refused("parameter,value\nr,-0.2\nalpha,4\na,0.7\nb,2.4\n"),
      (std::pair{status::data, std::string("value.bg_nbd: r is -0.2, but must be in [1e-100, 1e+100]")}));
  EXPECT_EQ(refused("parameter,value\nr,\nalpha,4\na,0.7\nb,2.4\n"),
            (std::pair{status::data, std::string("value.bg_nbd: value[0] is missing, but must be there")}));
  EXPECT_EQ(refused("parameter\nr\n").first, status::schema);
  EXPECT_EQ(refused("parameter,value\n").first, status::schema);
  EXPECT_EQ(refused(good, {{"unit", "fortnight"}}).first, status::option);
  EXPECT_EQ(refused(good, {{"max_iterations", "5"}}).first, status::unknown_name);
  EXPECT_EQ(refused(good, {}, "parameter").first, status::unknown_name);
  EXPECT_EQ(refused(good, {}, "parameters", true).first, status::schema);
  EXPECT_EQ(outcome([] { (void)create_model(bg_nbd(), {}, {}); }).first, status::schema);
  EXPECT_EQ(outcome([] { (void)create_model(find_entry("decision.value_matrix"), {}, {}); }).first,
            status::unsupported);
}

} // namespace
} // namespace emptor::test::model_test

// SPDX-License-Identifier: BSL-1.0
// The tool as a shell sees it: its grammar, its exit status, the files it reads and writes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <boost/json.hpp>

#include "shell.hpp"
#include "support/csv_table.hpp"
#include "support/description.hpp"
#include "support/places.hpp"

namespace emptor::test::tool_test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* parameters = "parameter,value\nr,0.243\nalpha,4.414\na,0.793\nb,2.426\n";
constexpr const char* customers =
    "who,frequency,recency,age\n0001,0,0,38.86\n x ,2,30.43,38.86\n\"a,\"\"b\"\"\",26,30.86,31\n";

class Tool : public ToolTest {
protected:
  void make_model() const {
    write("parameters.csv", parameters);
    const outcome made = emptor(
        {"create", "value.bg_nbd", "--in", "parameters.csv", "--set", "unit=week", "--out", "m.emptor"});
    ASSERT_EQ(made.exit_status, 0) << made.err;
    ASSERT_EQ(made.err, "");
  }
  [[nodiscard]] outcome score(std::vector<std::string> more = {}) const {
    std::vector<std::string> words{"score",  "m.emptor",          "--in",  "rows.csv",
                                   "--only", "probability_alive", "--out", "s.csv"};
    words.insert(words.end(), more.begin(), more.end());
    return emptor(words);
  }
  /// Scores this text and expects a refusal that says all of these.
  void expect_refused(const std::string& text, const std::vector<std::string>& said,
                      std::vector<std::string> more = {}) const {
    write("rows.csv", text);
    std::filesystem::remove(path("s.csv"));
    const outcome ended = score(std::move(more));
    EXPECT_EQ(ended.exit_status, 1) << text;
    for (const std::string& one : said)
      EXPECT_THAT(ended.err, HasSubstr(one)) << text;
    EXPECT_FALSE(exists("s.csv"));
  }
};

// --- grammar -----------------------------------------------------------------------------------------------------------

TEST_F(Tool, SaysSoWhereStandardOutputIsFull) {
  if (!std::filesystem::exists("/dev/full"))
    GTEST_SKIP() << "no /dev/full";
  for (const std::string command :
       {"list", "version"}) { // longer and shorter than what is kept before it is written
    const int status =
        std::system((built_tool() + " " + command + " >/dev/full 2>" + path("e").string()).c_str());
    EXPECT_EQ(WEXITSTATUS(status), 1) << command;
    EXPECT_EQ(read("e"), "emptor: standard output cannot be written\n") << command;
  }
}

TEST_F(Tool, ListsTheCatalogue) {
  const outcome human = emptor({"list"});
  EXPECT_EQ(human.exit_status, 0);
  EXPECT_THAT(human.out, HasSubstr("NAME"));
  const outcome listed = emptor({"list", "--json"});
  ASSERT_EQ(listed.exit_status, 0);
  const boost::json::value parsed = boost::json::parse(listed.out);
  ASSERT_FALSE(parsed.as_array().empty());
  for (const boost::json::value& one : parsed.as_array()) {
    const boost::json::object& listed_entry = one.as_object();
    EXPECT_EQ(listed_entry.size(), 3U);
    for (const char* key : {"name", "verb", "summary"})
      EXPECT_TRUE(listed_entry.at(key).is_string());
    const std::string name = boost::json::value_to<std::string>(listed_entry.at("name"));
    EXPECT_THAT(human.out, HasSubstr(name));
    const outcome described = emptor({"describe", name});
    EXPECT_EQ(described.exit_status, 0);
    EXPECT_THAT(described.out, HasSubstr(name + ": "));
    EXPECT_EQ(emptor({"describe", name, "--json"}).exit_status, 0);
  }
}

TEST_F(Tool, RefusesWrongUsageWithStatus2) {
  make_model();
  write("rows.csv", customers);
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{}, "a command is needed"},
      {{"dem"}, "there is no command dem; did you mean demo?"},
      {{"lst"}, "did you mean list?"},
      {{"describe"}, "needs ENTRY"},
      {{"push"}, "see: emptor help push"},
      {{"fit", "value.bg_nbd", "--in", "rows.csv", "--out", "x", "--map", "age=x,recency=y"},
       "repeat --map for each role"},
      {{"describe", "value.bg_nbdd"}, "did you mean value.bg_nbd?"},
      {{"describe", "bg_nbd"}, "there is no entry bg_nbd; did you mean value.bg_nbd?"},
      {{"describe", "order_history", "--example"},
       "an example of its rows: emptor describe value.cohorts --example"},
      {{"describe", "ledger", "--example"}, "emptor describe credit."},
      {{"fit", "value.bg_nbd"}, "needs --out"},
      {{"fit", "value.bg_nbd", "--out", "x.emptor"}, "needs --in or --store"},
      {{"fit", "value.bg_nbd", "--in", "rows.csv", "--out"}, "argument"},
      {{"reduce", "value.bg_nbd", "--in", "rows.csv", "--out", "x.csv"}, "emptor fit value.bg_nbd"},
      {{"fit", "value.bg_nbd", "--in", "rows.csv", "--out", "x", "--set", "unitt=week"},
       "did you mean unit?"},
      {{"fit", "value.bg_nbd", "--in", "rows.csv", "--out", "x", "--set", "unit"}, "name=value"},
      {{"fit", "value.bg_nbd", "--in", "rows.csv", "--out", "x", "--set", "unit=fortnight"}, "one of"},
      {{"fit", "value.bg_nbd", "--in", "rows.csv", "--out", "x", "--map", "aeg=age"}, "there is no role aeg"},
      {{"fit", "value.bg_nbd", "--in", "orders=rows.csv", "--out", "x"}, "there is no table orders"},
      {{"fit", "value.bg_nbd", "--in", "rows.csv", "--out", "x", "--csv", "decimal=dot"}, "point, comma"},
      {{"fit", "value.bg_nbd", "--in", "rows.csv", "--out", "x", "--threads", "-1"}, "--threads"},
      {{"fit", "value.bg_nbd", "--in", "rows.csv", "--out", "x", "--threads", "two"}, "threads"},
      {{"fit", "value.bg_nbd", "--in", "rows.csv", "--out", "x", "--nonsense"}, "nonsense"},
      {{"fit", "value.bg_nbd", "--in", "rows.csv", "--out", "x", "--model", "prior=m.emptor"},
       "takes no models"},
      {{"score", "value.bg_nbd", "--in", "rows.csv", "--out", "x"}, "scores with its model"},
      {{"score", "m.emptor", "--in", "rows.csv", "--out", "x", "--only", "alive"},
       "there is no output alive"},
      {{"score", "m.emptor", "--in", "rows.csv", "--out", "x", "--only", "probability_alive", "--keep",
        "whom"},
       "did you mean who?"},
      {{"push", "rows", "--in", "rows.csv", "--store", "x"}, "entry"},
      {{"push", "row", "--in", "rows.csv", "--store", "x"}, "did you mean rows?"},
      {{"create", "decision.value_matrix", "--in", "rows.csv", "--out", "x"}, "makes no model"},
      {{"export", "m.emptor", "--format", "pmml", "--out", "x"}, "pmml"},
  };
  for (const auto& [words, said] : wrong) {
    const outcome ended = emptor(words);
    EXPECT_EQ(ended.exit_status, 2) << ::testing::PrintToString(words) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(said));
    EXPECT_THAT(ended.err, Not(HasSubstr("Options:"))) << "one sentence, not the whole help";
    EXPECT_EQ(ended.out, "");
    EXPECT_FALSE(exists("x"));
  }
}

TEST_F(Tool, AnOptionWithoutAValueIsWrongUsage) {
  const outcome ended =
      emptor({"reduce", "credit.late_interest", "--in", "x.csv", "--set", "grace=", "--out", "o/"});
  EXPECT_EQ(ended.exit_status, 2);
  EXPECT_THAT(ended.err, HasSubstr("--set grace=: has no value; without --set grace the default holds"));
}

TEST_F(Tool, HelpsAndTellsItsVersion) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"help"}, {"--help"}, {"help", "score"}, {"score", "--help"}}) {
    const outcome ended = emptor(words);
    EXPECT_EQ(ended.exit_status, 0);
    EXPECT_THAT(ended.out, HasSubstr("emptor score"));
  }
  EXPECT_THAT(emptor({"version"}).out, ::testing::MatchesRegex("emptor [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_EQ(emptor({"--version"}).exit_status, 0);
}

TEST_F(Tool, FilesThatCannotBeReadOrWrittenAreNamed) {
  make_model();
  write("rows.csv", customers);
  outcome ended = emptor({"show", "missing.emptor"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_THAT(ended.err, HasSubstr("missing.emptor: cannot be read: No such file"));
  ended = emptor({"score", "m.emptor", "--in", ".", "--out", "s.csv"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_THAT(ended.err, HasSubstr("Is a directory"));
  ended = emptor({"export", "m.emptor", "--format", "json", "--out", "rows.csv/m.json"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_THAT(ended.err, HasSubstr("rows.csv/m.json: cannot be written"));
  if (std::filesystem::exists("/dev/full")) {
    ended = emptor({"export", "m.emptor", "--format", "json", "--out", "/dev/full"});
    EXPECT_EQ(ended.exit_status, 1);
    EXPECT_THAT(ended.err, HasSubstr("/dev/full: cannot be written: No space left"));
  }
  ended = emptor({"show", "rows.csv"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_THAT(ended.err, HasSubstr("rows.csv: "));
}

TEST_F(Tool, TheFolderOfWhatIsWrittenIsMade) {
  make_model();
  write("rows.csv", customers);
  write("orders.csv", "customer,date,amount,currency\na,2024-01-01,5,EUR\na,2024-01-09,7,EUR\n");
  const std::vector<std::pair<std::vector<std::string>, std::string>> commands{
      {{"score", "m.emptor", "--in", "rows.csv", "--only", "probability_alive", "--out", "a/b/s.csv"},
       "a/b/s.csv"},
      {{"create", "value.bg_nbd", "--in", "parameters.csv", "--out", "c/m.emptor"}, "c/m.emptor"},
      {{"export", "m.emptor", "--format", "json", "--out", "d/m.json"}, "d/m.json"},
      {{"reduce", "value.summary", "--in", "orders.csv", "--out", "e/f.csv"}, "e/f.csv"},
      {{"reduce", "value.summary", "--in", "orders.csv", "--out", "e/g/h/"}, "e/g/h/summary.csv"},
      {{"push", "order_history", "--in", "orders.csv", "--store", "i/j/s.emptor"}, "i/j/s.emptor"},
  };
  for (const auto& [words, made] : commands) {
    const outcome ended = emptor(words);
    EXPECT_EQ(ended.exit_status, 0) << words.front() << ": " << ended.err;
    EXPECT_TRUE(exists(made)) << made;
  }
  // Who is refused leaves no folder behind.
  write("bad.csv", "customer,date,amount\na,2024-01-01,five\n");
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"push", "order_history", "--in", "bad.csv", "--store", "k/l/s.emptor"},
           {"push", "order_history", "--in", "orders.csv", "--store", "k/l/s.emptor", "--set", "decimals=0"},
           {"reduce", "value.summary", "--in", "bad.csv", "--out", "k/s.csv"}}) {
    write("orders.csv", "customer,date,amount\na,2024-01-01,5.5\n");
    EXPECT_EQ(emptor(words).exit_status, 1) << ::testing::PrintToString(words);
    EXPECT_FALSE(exists("k"));
  }
}

// --- CSV ---------------------------------------------------------------------------------------------------------------

TEST_F(Tool, ReadsTheDialectsOfCsv) {
  make_model();
  write("rows.csv", customers);
  ASSERT_EQ(score().exit_status, 0);
  const std::string expected = read("s.csv");
  EXPECT_THAT(expected, HasSubstr("probability_alive\n1\n0.72657857008067"));
  const std::vector<std::pair<std::string, std::vector<std::string>>> same{
      {"\xEF\xBB\xBFwho,frequency,recency,age\n0001,0,0,38.86\n x ,2,30.43,38.86\nz,26,30.86,31\n", {}},
      {"who;frequency;recency;age\r\n0001;0;0;38.86\r\n x ;2;30.43;38.86\r\nz;26;30.86;31\r\n", {}},
      {"who\tfrequency\trecency\tage\r0001\t0\t0\t38.86\r\t2\t30.43\t38.86\rz\t26\t30.86\t31", {}},
      {"who;frequency;recency;age\n0001;0;0;38,86\n x ;2;30,43;38,86\nz;26;30,86;31\n",
       {"--csv", "decimal=comma"}},
      {"who,frequency,recency,age\n0001,0,0,\"38,86\"\n x ,2,\"30,43\",\"38,86\"\nz,26,\"30,86\",31\n",
       {"--csv", "decimal=comma", "delimiter=comma"}},
      {"\"who\",\"frequency\",\"recency\",\"age\"\n\"two\nlines\",\"0\",\"0\",\"38.86\"\n\n,2,+30.43,3886e-"
       "2\nz,26,30.86,31\n\n",
       {}},
      {"age,other,recency,how often\n38.86,,0,0\n38.86,,30.43,2\n31,,30.86,26\n",
       {"--map", "frequency=how often"}},
  };
  for (const auto& [text, more] : same) {
    write("rows.csv", text);
    const outcome ended = score(more);
    EXPECT_EQ(ended.exit_status, 0) << text << ended.err;
    EXPECT_EQ(ended.err, "");
    EXPECT_EQ(read("s.csv"), expected) << text;
  }
}

TEST_F(Tool, RefusesHostileCsvWithItsLine) {
  make_model();
  using namespace std::string_literals;
  expect_refused("", {"rows.csv: has no header line"});
  expect_refused("\n\n", {"rows.csv: line 1 is empty"});
  expect_refused("frequency,recency,age\n1,2\n", {"rows.csv: row 1 (line 2) has 2 fields, but must have 3"});
  expect_refused("frequency,recency,age\n\n1,2,3\n1,2,3,4\n", {"row 2 (line 4) has 4 fields"});
  expect_refused("frequency,recency,age,age\n1,2,3,3\n", {"column \"age\" twice"});
  expect_refused("frequency,recency,age\n1,2,\"3\n4,5,6\n", {"never ends"});
  expect_refused("frequency,recency,age\n1,2,3\n1,2\"x,3\n", {"line 3 has a quote in the middle"});
  expect_refused("frequency,recency,age\n1,\"2\"x,3\n", {"line 2 has a quote in the middle"});
  expect_refused("frequency,recency,age\n1,2,3\n1,\0,3\n"s, {"line 3 has a NUL byte"});
  expect_refused("\xFF\xFEw\0h\0"s, {"UTF-16"});
  expect_refused("frequency;recency,age\n1;2,3\n", {"delimiter is open"});
  expect_refused("frequency,recency,age\n1,2,abc\n",
                 {"row 1 (line 2): age is \"abc\", but must be a number"});
  expect_refused("frequency,recency,age\n1,2, 3\n", {"age is \" 3\""});
  expect_refused("frequency;recency;age\n1;2;3\n1;2;1,234\n",
                 {"row 2 (line 3): age is \"1,234\"", "ambiguous"});
  expect_refused("frequency;recency;age\n1;2;1.234,5\n", {"age is \"1.234,5\"", "ambiguous"},
                 {"--csv", "decimal=comma"});
  expect_refused("frequency,recency,ago\n1,2,3\n", {"has no column age", "--map age=CSV_COLUMN", "ago"});
  expect_refused("frequency,recency,age\n1,2,3\n", {"has no column ago for age"}, {"--map", "age=ago"});
  expect_refused("frequency,recency,age\na,2,3\nb,2,3\nc,2,3\nd,2,3\n",
                 {"row 3 (line 4)", "4 such fields in all"});
}

TEST_F(Tool, MessagesShowControlCharactersAsTheirBytes) {
  make_model();
  const auto expect_plain = [](const outcome& ended, const std::string& said) {
    EXPECT_NE(ended.exit_status, 0);
    EXPECT_THAT(ended.err, HasSubstr(said));
    EXPECT_THAT(ended.err, Not(HasSubstr("\x1B")));
    EXPECT_THAT(ended.err, Not(HasSubstr("\xC2\x9B")));
    EXPECT_THAT(ended.err, Not(HasSubstr("\nemptor: done"))) << "a line that is not the tool's";
  };
  const std::string forged = "\x1B[2J\nemptor: done";
  const std::string shown = "\\x1B[2J\\x0Aemptor: done";
  expect_plain(emptor({"describe", forged}), shown);
  expect_plain(emptor({forged}), shown);
  expect_plain(emptor({"show", forged}), shown);
  expect_plain(
      emptor({"create", "value.bg_nbd", "--in", "parameters.csv", "--set", "unit=" + forged, "--out", "x"}),
      shown);
  expect_plain(emptor({"list", "--\xC2\x9B"
                               "31m"}),
               "\\xC2\\x9B31m");
  write("rows.csv", "frequency,recency,age\n1,2,\"" + forged + "\"\n");
  expect_plain(score(), "age is \"" + shown + "\"");
  write("rows.csv", "frequency,recency,\"" + forged + "\"\n1,2,3\n");
  expect_plain(score(), "the file has frequency, recency, " + shown);
  write("rows.csv", "frequency,recency,\"" + forged + "\"\n1,2,-3\n");
  expect_plain(score({"--map", "age=" + forged}), "(column " + shown + ")");
}

TEST_F(Tool, AFileOfVeryManyColumnsIsRefusedInFewWords) {
  make_model();
  std::string header(100'000, 'x');
  for (int i = 0; i < 300'000; ++i)
    header += ",c" + std::to_string(i);
  write("rows.csv", header + "\n");
  const outcome ended = score();
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_THAT(ended.err, HasSubstr("xxx..., c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10 and 299989 more"));
  EXPECT_LT(ended.err.size(), 1000U);
}

TEST_F(Tool, EmptyTablesGiveEmptyTables) {
  make_model();
  write("rows.csv", "frequency,recency,age\n");
  const outcome ended = score({"--row-status"});
  EXPECT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_EQ(read("s.csv"), "probability_alive,row_status\n");
}

TEST_F(Tool, KeepsIdsByteForByteAndQuotesWhatMustBe) {
  make_model();
  write("rows.csv", customers);
  const outcome ended = score({"--keep", "who"});
  ASSERT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_THAT(read("s.csv"), HasSubstr("who,probability_alive\n0001,1\n x ,0.7"));
  EXPECT_THAT(read("s.csv"), HasSubstr("\n\"a,\"\"b\"\"\",0.9"));
}

TEST_F(Tool, BadRowsGetAStatusAndDoNotStopTheOthers) {
  make_model();
  write("rows.csv", "frequency,recency,age\n2,30.43,38.86\n-1,0,5\n,1,5\n1,nan,5\n1,1,inf\n1.5,1,5\n");
  outcome ended = score({"--row-status"});
  EXPECT_EQ(ended.exit_status, 0);
  EXPECT_THAT(read("s.csv"),
              ::testing::MatchesRegex(
                  "probability_alive,row_status\n0.72657857008067[0-9]*,ok\n,out_of_domain\n,missing\n,"
                  "not_a_number\n,infinite\n,not_integer\n"));
  EXPECT_THAT(ended.err, HasSubstr("rows.csv: 5 of 6 rows refused"));
  EXPECT_THAT(ended.err, HasSubstr("row 2 (line 3): value.bg_nbd: frequency is -1, but must be >= 0"));
  std::filesystem::remove(path("s.csv"));
  ended = score({"--strict"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_EQ(ended.err, "emptor: rows.csv: row 2 (line 3): value.bg_nbd: frequency is -1, but must be >= 0\n")
      << "one number for a row, that of the file";
  EXPECT_FALSE(exists("s.csv"));
  write("rows.csv", "frequency,recency,age\n-1,0,5\n");
  EXPECT_EQ(score().exit_status, 1) << "all rows are refused";
}

TEST_F(Tool, ARowWithoutANumberHasOneNumberThatOfTheFile) {
  write("grades.csv", "grade,rank\nA,1\n");
  ASSERT_EQ(emptor({"create", "credit.grade_policy", "--in", "grades.csv", "--out", "g.emptor"}).exit_status,
            0);
  write("rows.csv", "grade\nA\nA\nA\nB\n");
  EXPECT_EQ(emptor({"score", "g.emptor", "--in", "rows.csv", "--out", "s.csv"}).err,
            "emptor: rows.csv: 1 of 4 rows refused: 1 unknown_level\n"
            "emptor: rows.csv: row 4 (line 5): credit.grade_policy: grade is \"B\", but must be one of A\n");
}

TEST_F(Tool, NumbersReadBackAsTheSame) {
  write("rows.csv",
        "current_value,growth_potential\n0.1,1e-300\n1e300,123456789012345678\n0.30000000000000004,-7\n");
  ASSERT_EQ(emptor({"score", "decision.value_matrix", "--in", "rows.csv", "--set", "current_value_cut=0",
                    "--set", "growth_potential_cut=0", "--only",
                    "current_value_gap,class,growth_potential_gap", "--out", "s.csv"})
                .exit_status,
            0);
  EXPECT_EQ(read("s.csv"),
            "current_value_gap,class,growth_potential_gap\n0.1,platinum,1e-300\n1e+300,platinum,"
            "123456789012345680\n0.30000000000000004,gold,-7\n");
}

// --- models and stores -------------------------------------------------------------------------------------------------

TEST_F(Tool, ShowsAndExportsAModel) {
  make_model();
  const outcome shown = emptor({"show", "m.emptor", "--json"});
  ASSERT_EQ(shown.exit_status, 0) << shown.err;
  const boost::json::value parsed = boost::json::parse(shown.out);
  EXPECT_EQ(parsed.at("entry").as_string(), "value.bg_nbd");
  EXPECT_EQ(parsed.at("options").at("unit").as_string(), "week");
  EXPECT_DOUBLE_EQ(parsed.at("parameters").at("alpha").to_number<double>(), 4.414);
  EXPECT_THAT(emptor({"show", "m.emptor"}).out, HasSubstr("alpha      4.414"));
  ASSERT_EQ(emptor({"export", "m.emptor", "--format", "json", "--out", "m.json"}).exit_status, 0);
  EXPECT_TRUE(boost::json::parse(read("m.json")).is_object());
}

TEST_F(Tool, AFailedPushLeavesTheStoreAsItWas) {
  write("rows.csv", "frequency,recency,age\n1,2,3\n");
  outcome ended =
      emptor({"push", "rows", "--set", "entry=value.bg_nbd", "--in", "rows.csv", "--store", "s.emptor"});
  ASSERT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("pushed again they count twice"));
  const std::string before = read("s.emptor");
  for (const char* bad :
       {"frequency,recency,age\n1,2,x\n", "frequency,recency,age\n-1,2,3\n", "", "frequency\n1\n"}) {
    write("rows.csv", bad);
    ended = emptor({"push", "rows", "--in", "rows.csv", "--store", "s.emptor"});
    EXPECT_EQ(ended.exit_status, 1) << bad;
    EXPECT_EQ(read("s.emptor"), before);
  }
  write("rows.csv", "frequency,recency,age\n1,2,3\n-1,2,3\n");
  ended = emptor({"push", "rows", "--in", "rows.csv", "--store", "s.emptor", "--strict"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_EQ(read("s.emptor"), before);
  EXPECT_EQ(emptor({"push", "rows", "--in", "rows.csv", "--store", "s.emptor"}).exit_status, 0);
  EXPECT_NE(read("s.emptor"), before);
  EXPECT_EQ(files(), 2U) << "no drafts are left";
}

TEST_F(Tool, AStoreOfAnotherKindOrOtherOptionsIsRefused) {
  write("rows.csv", "frequency,recency,age\n1,2,3\n");
  make_model();
  ASSERT_EQ(emptor({"push", "rows", "--set", "entry=value.bg_nbd", "--in", "rows.csv", "--store", "s.emptor"})
                .exit_status,
            0);
  outcome ended = emptor({"push", "rows", "--set", "decimals=3", "--in", "rows.csv", "--store", "s.emptor"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_THAT(ended.err, HasSubstr("decimals=2, not 3"));
  EXPECT_EQ(emptor({"push", "rows", "--in", "rows.csv", "--store", "m.emptor"}).exit_status, 1);
  ended = emptor({"show", "s.emptor"});
  EXPECT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("value.bg_nbd"));
  EXPECT_THAT(ended.out, HasSubstr(std::to_string(read("s.emptor").size()) + " bytes"));
  EXPECT_THAT(ended.out, HasSubstr("1 row\n"));
  EXPECT_TRUE(boost::json::parse(emptor({"show", "s.emptor", "--json"}).out).at("rows").is_object());
  ended = emptor({"fit", "value.bg_nbd", "--store", "s.emptor", "--set", "decimals=2", "--out", "x.emptor"});
  EXPECT_EQ(ended.exit_status, 2);
  EXPECT_THAT(ended.err, HasSubstr("decimals is fixed when the store is made (emptor push)"));
  EXPECT_EQ(emptor({"score", "s.emptor", "--in", "rows.csv", "--out", "x.csv"}).exit_status, 1);
}

TEST_F(Tool, ColumnsThatAreNotReadAreNamed) {
  write("o.csv", "customer,date,Amount,Cancels,sku\na,2024-01-01,1,,x\n");
  outcome ended =
      emptor({"push", "order_history", "--in", "o.csv", "--store", "o.emptor", "--map", "amount=Amount"});
  EXPECT_EQ(ended.exit_status, 0);
  EXPECT_THAT(ended.err,
              HasSubstr("o.csv: column Cancels is not read; --map cancels=Cancels makes it the cancels\n"));
  EXPECT_THAT(ended.err, HasSubstr("o.csv: 1 row: 1 added; not read: Cancels, sku\n"));
  EXPECT_THAT(ended.err, Not(HasSubstr("column Amount")));
  EXPECT_THAT(ended.err, Not(HasSubstr("column sku")));
  // A role that has its column leaves others of nearly that name alone.
  write("p.csv", "customer,date,amount,Amount\na,2024-01-01,1,2\n");
  ended = emptor({"reduce", "value.summary", "--in", "p.csv", "--out", "p/"});
  EXPECT_EQ(ended.exit_status, 0);
  EXPECT_THAT(ended.err, Not(HasSubstr("not read")));
}

TEST_F(Tool, APushTellsWhatBecameOfItsRows) {
  const auto push = [&](const std::string& file, const std::string& text,
                        std::vector<std::string> more = {}) {
    write(file, text);
    std::vector<std::string> words{"push", "order_history", "--in", file, "--store", "o.emptor"};
    words.insert(words.end(), more.begin(), more.end());
    return emptor(words);
  };
  const std::string header = "customer,date,amount,document\n";
  outcome ended = push("n1.csv", header + "a,2024-01-01,1,D1\nb,2024-01-02,2,D2\nb,2024-01-03,3,D3\n",
                       {"--set", "default_currency=EUR"});
  EXPECT_EQ(ended.exit_status, 0);
  EXPECT_EQ(ended.err, "emptor: n1.csv: 3 rows: 3 added\n");
  ended = push("n2.csv", header + "a,2024-01-01,1,D1\nc,2024-01-02,2,D4\n");
  EXPECT_EQ(ended.exit_status, 0);
  EXPECT_EQ(ended.err, "emptor: n2.csv: 2 rows: 1 added, 1 repeated\n");
  ended = push("l4.csv", header + "a,2024-02-01,1,D5\na,2024-02-01,1,D5\n");
  EXPECT_EQ(ended.exit_status, 0);
  EXPECT_THAT(ended.err, HasSubstr("l4.csv: 1 row repeats a document of the same push and was not counted; "
                                   "order lines need the column line (--map line=COLUMN)"));

  const std::string before = read("o.emptor");
  ended = push("n3.csv", header + "b,2024-01-03,99,D3\n", {"--strict"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_EQ(read("o.emptor"), before);
  ended = push("n3.csv", header + "b,2024-01-03,99,D3\n");
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_THAT(ended.err, HasSubstr("n3.csv: row 1 (line 2): document D3 is known with other content under "
                                   "this revision; it is kept as a conflict"));
  EXPECT_THAT(ended.err, HasSubstr("n3.csv: 1 row: 1 conflicts"));
  EXPECT_THAT(ended.err, Not(HasSubstr("refused")));
  EXPECT_NE(read("o.emptor"), before) << "the conflict is kept";

  ended = push("none.csv", header);
  EXPECT_EQ(ended.exit_status, 0);
  EXPECT_THAT(ended.err, HasSubstr("none.csv: has no rows"));
}

TEST_F(Tool, AStoreWithoutADefaultCurrencySaysWhatIsAssumed) {
  const std::string header = "customer,date,amount,currency\n";
  const auto push = [&](const std::string& text, std::vector<std::string> more = {}) {
    write("o.csv", text);
    std::vector<std::string> words{"push", "order_history", "--in", "o.csv", "--store", "o.emptor"};
    words.insert(words.end(), more.begin(), more.end());
    return emptor(words);
  };
  const std::string said =
      "2 rows name no currency, nor does option default_currency: their amounts are taken in an "
      "unnamed one with 2 decimals; to name it, make the store anew with --set "
      "default_currency=EUR (or another)\n";
  outcome ended = push(header + "a,2024-01-01,1,EUR\na,2024-01-02,2,\nb,2024-01-03,3,\nc,2024-01-03,,\n");
  EXPECT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("emptor: o.emptor: " + said)) << "the row without an amount is refused";
  EXPECT_EQ(ended.out, "");
  ended = push(header + "a,2024-02-01,1,\n");
  EXPECT_THAT(ended.err, Not(HasSubstr("default_currency"))) << "it was said when the store was made";

  for (const std::vector<std::string>& named :
       std::vector<std::vector<std::string>>{{"--set", "default_currency=EUR"}, {}}) {
    std::filesystem::remove(path("o.emptor"));
    ended = push(named.empty() ? header + "a,2024-01-01,1,EUR\n" : "customer,date,amount\na,2024-01-01,1\n",
                 named);
    EXPECT_EQ(ended.exit_status, 0) << ended.err;
    EXPECT_THAT(ended.err, Not(HasSubstr("default_currency")));
  }
  // A reduce makes a store, too.
  write("p.csv", "customer,date,amount\na,2024-01-01,1\n");
  ended = emptor({"reduce", "value.summary", "--in", "p.csv", "--set", "decimals=3", "--out", "p/"});
  EXPECT_EQ(ended.err,
            "emptor: 1 row names no currency, nor does option default_currency: its amount is taken in an "
            "unnamed one with 3 decimals; --set default_currency=EUR (or another) names it\n");
  // Where there is no money in another currency, nobody asks for one.
  write("r.csv", "frequency,recency,age\n1,2,3\n");
  EXPECT_THAT(
      emptor({"push", "rows", "--set", "entry=value.bg_nbd", "--in", "r.csv", "--store", "r.emptor"}).err,
      Not(HasSubstr("currency")));
}

TEST_F(Tool, WhatIsSaidOfRowsIsTrueOfTheirStore) {
  write("d.csv", "document,date,amount,terms\nR1,2026-01-20,100.00,T\n");
  write("t.csv", "terms,line\nT,1\n");
  outcome ended = emptor({"push", "rows", "--set", "entry=credit.payment_schedule", "--in", "documents=d.csv",
                          "--in", "terms=t.csv", "--store", "r.emptor"});
  EXPECT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("rows are kept as they come: pushed again they count twice"));
  EXPECT_THAT(ended.err, Not(HasSubstr("carry no document")));
  EXPECT_THAT(ended.err, HasSubstr("1 row names no currency: its amount is taken in an unnamed one with 2 "
                                   "decimals; a column currency names it"));
  EXPECT_THAT(ended.err, Not(HasSubstr("default_currency")));
  write("t.csv", "terms,line\nT,1\nT,0\n");
  ended = emptor(
      {"reduce", "credit.payment_schedule", "--in", "documents=d.csv", "--in", "terms=t.csv", "--out", "p/"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_THAT(ended.err,
              HasSubstr("t.csv: row 2 (line 3): credit.payment_schedule: line is 0, but must be in"));
}

TEST_F(Tool, AStoreShowsItsOptionsTablesAndConflicts) {
  write("o1.csv",
        "customer,date,amount,document,line\na,2024-01-01,1,D1,1\na,2024-01-01,2,D1,2\nb,2024-01-02,2,D2,\n"
        "b,2024-01-02,2,,\nb,2024-01-02,2,,\n");
  ASSERT_EQ(emptor({"push", "order_history", "--in", "o1.csv", "--store", "o.emptor"}).exit_status, 0);
  outcome ended = emptor({"show", "o.emptor"});
  EXPECT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_THAT(ended.out,
              ::testing::ContainsRegex("default_currency +not set: currency of rows that name none; where"));
  EXPECT_THAT(ended.out, ::testing::ContainsRegex("zone_offset +\\+00:00\n"));
  EXPECT_THAT(ended.out, ::testing::ContainsRegex("orders +5 rows\ncustomers +0 rows\n$"));
  EXPECT_THAT(ended.out, Not(HasSubstr("conflict")));

  write("o2.csv", "customer,date,amount,document,line\na,2024-01-01,9,D1,1\na,2024-01-01,9,D1,2\n");
  ASSERT_EQ(emptor({"push", "order_history", "--in", "o2.csv", "--store", "o.emptor"}).exit_status, 1);
  ended = emptor({"show", "o.emptor"});
  EXPECT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("\nIn conflict: several contents under one revision."));
  EXPECT_THAT(ended.out, ::testing::EndsWith("\n  orders  document  D1\n"));
  const boost::json::value shown = boost::json::parse(emptor({"show", "o.emptor", "--json"}).out);
  EXPECT_TRUE(shown.at("options").at("default_currency").is_null());
  EXPECT_EQ(shown.at("options").at("zone_offset").as_string(), "+00:00");
  ASSERT_EQ(shown.at("conflicts").as_array().size(), 1U);
  EXPECT_EQ(shown.at("conflicts").at(0).at("table").as_string(), "orders");
  EXPECT_EQ(shown.at("conflicts").at(0).at("document").as_string(), "D1");

  // Two settlements of one document are no conflict, with or without names.
  write("i.csv",
        "customer,document,kind,amount,document_date,due_date\na,I1,invoice,9,2024-01-01,2024-02-01\n"
        "a,P1,payment,1,2024-01-05,\na,P2,payment,2,2024-01-06,\n");
  write("s.csv", "document,settling_document,date,amount\nI1,P1,2024-01-05,1\nI1,P2,2024-01-06,2\n");
  ended = emptor({"push", "ledger", "--in", "items=i.csv", "settlements=s.csv", "--store", "l.emptor",
                  "--set", "default_currency=EUR"});
  ASSERT_EQ(ended.exit_status, 0) << ended.err;
  ended = emptor({"show", "l.emptor"});
  EXPECT_THAT(ended.out, ::testing::ContainsRegex("default_currency +EUR\n"));
  EXPECT_THAT(ended.out, ::testing::ContainsRegex("items +3 rows\nsettlements +2 rows\n$"));
  write("i.csv",
        "customer,document,kind,amount,document_date,due_date\na,I1,invoice,8,2024-01-01,2024-02-01\n");
  ASSERT_EQ(emptor({"push", "ledger", "--in", "items=i.csv", "--store", "l.emptor"}).exit_status, 1);
  EXPECT_THAT(emptor({"show", "l.emptor"}).out, ::testing::EndsWith("\n  items  document  I1\n"));

  // Nor are two disputes or promises about one document, or two securities of a customer; each has a number of its own.
  write("d.csv", "dispute,document,opened,amount\nQ1,I1,2024-01-05,1\nQ2,I1,2024-01-06,2\n");
  write("g.csv",
        "security,customer,kind,amount,valid_from\nG1,a,deposit,1,2024-01-05\nG2,a,deposit,2,2024-01-05\n");
  write("p.csv", "promise,customer,document,promised_on,pay_by,amount\nV1,a,I1,2024-01-05,2024-01-09,1\n"
                 "V2,a,I1,2024-01-05,2024-01-19,2\n");
  ended = emptor({"push", "ledger", "--in", "disputes=d.csv", "securities=g.csv", "promises=p.csv", "--store",
                  "r.emptor"});
  ASSERT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_THAT(emptor({"show", "r.emptor"}).out, Not(HasSubstr("conflict")));
  write("p.csv", "promise,customer,document,promised_on,pay_by,amount\nV1,a,I1,2024-01-05,2024-01-09,7\n");
  ended = emptor({"push", "ledger", "--in", "promises=p.csv", "--store", "r.emptor"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_THAT(ended.err, HasSubstr("p.csv: row 1 (line 2): promise V1 is known with other content"));
  EXPECT_THAT(emptor({"show", "r.emptor"}).out, ::testing::EndsWith("\n  promises  promise  V1\n"));
}

TEST_F(Tool, RowsOfAnotherTableAreRecognised) {
  write("x.csv", "settlement,document,settling_document,date,amount\nS1,I1,P1,2024-01-01,5\n");
  const outcome ended = emptor({"push", "ledger", "--in", "x.csv", "--store", "l.emptor"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_THAT(ended.err, HasSubstr("its columns are those of table settlements: --in settlements=x.csv"));
  EXPECT_FALSE(exists("l.emptor"));
}

TEST_F(Tool, WhatIsReadIsNeverOverwritten) {
  make_model();
  write("rows.csv", customers);
  write("summary.csv", "customer,date,amount\na,2024-01-01,5\na,2024-01-09,7\n");
  ASSERT_EQ(emptor({"push", "order_history", "--in", "summary.csv", "--store", "s.emptor"}).exit_status, 0);
  std::filesystem::create_symlink("rows.csv", path("soft.csv"));
  std::filesystem::create_hard_link(path("rows.csv"), path("hard.csv"));
  std::filesystem::create_directory_symlink(".", path("here"));
  const std::vector<std::string> score_rows{"score",    "m.emptor", "--in",
                                            "rows.csv", "--only",   "probability_alive"};
  const auto with = [](std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  const std::vector<std::string> reduce{"reduce", "value.summary", "--set", "unit=week"};
  const std::vector<std::pair<std::vector<std::string>, std::vector<std::string>>> wrong{
      {with(score_rows, {"--out", "rows.csv"}), {"--out rows.csv", "--in rows.csv"}},
      {with(score_rows, {"--out", "./rows.csv"}), {"--out ./rows.csv", "--in rows.csv"}},
      {with(score_rows, {"--out", "soft.csv"}), {"--out soft.csv", "--in rows.csv"}},
      {with(score_rows, {"--out", "hard.csv"}), {"--out hard.csv", "--in rows.csv"}},
      {with(score_rows, {"--out", "here/rows.csv"}), {"--out here/rows.csv", "--in rows.csv"}},
      {with(score_rows, {"--out", "m.emptor"}), {"--out m.emptor", "read as m.emptor"}},
      {with(reduce, {"--in", "summary.csv", "--out", "summary.csv"}),
       {"--out summary.csv", "--in summary.csv"}},
      {with(reduce, {"--in", "summary.csv", "--out", "."}), {"table ./summary.csv", "--in summary.csv"}},
      {with(reduce, {"--store", "s.emptor", "--out", "s.emptor"}), {"--out s.emptor", "--store s.emptor"}},
      {{"fit", "value.bg_nbd", "--in", "rows.csv", "--out", "rows.csv"}, {"--out rows.csv", "--in rows.csv"}},
      {{"create", "value.bg_nbd", "--in", "parameters.csv", "--out", "parameters.csv"},
       {"--out parameters.csv", "--in parameters.csv"}},
      {{"export", "m.emptor", "--format", "json", "--out", "m.emptor"},
       {"--out m.emptor", "read as m.emptor"}},
      {{"push", "order_history", "--in", "s.emptor", "--store", "here/s.emptor"},
       {"--store here/s.emptor", "--in s.emptor"}},
  };
  std::vector<std::string> before;
  const std::vector<std::string> held{"rows.csv", "summary.csv", "s.emptor", "m.emptor", "parameters.csv"};
  for (const std::string& name : held)
    before.push_back(read(name));
  const std::size_t all = files();
  for (const auto& [words, said] : wrong) {
    const outcome ended = emptor(words);
    EXPECT_EQ(ended.exit_status, 2) << ::testing::PrintToString(words) << ended.err;
    for (const std::string& one : said)
      EXPECT_THAT(ended.err, HasSubstr(one));
    for (std::size_t i = 0; i < held.size(); ++i)
      EXPECT_EQ(read(held[i]), before[i]) << ::testing::PrintToString(words);
    EXPECT_EQ(files(), all);
  }
}

TEST_F(Tool, OnlyTablesWithRowsAreMissed) {
  const std::vector<std::string> words{"reduce", "value.summary", "--in", "orders.csv", "--out", "s.csv"};
  write("orders.csv", "customer,date,amount\na,2024-01-01,5\na,2024-01-09,-20\n");
  outcome ended = emptor(words);
  EXPECT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_THAT(ended.err,
              HasSubstr("emptor: s.csv: has the table summary; --out FOLDER/ also writes totals, "));
  write("orders.csv", "customer,date,amount\na,2024-01-01,5\n");
  ended = emptor(words);
  EXPECT_THAT(ended.err,
              HasSubstr("emptor: s.csv: has the table summary; --out FOLDER/ also writes totals\n"));
}

TEST_F(Tool, APushKnowsTheOptionsOfItsStoreInAnySpelling) {
  write("orders.csv", "customer,date,amount\na,2024-01-01,5\n");
  const auto push = [&](const std::string& option) {
    return emptor({"push", "order_history", "--in", "orders.csv", "--store", "s.emptor", "--set", option});
  };
  ASSERT_EQ(push("decimals=2").exit_status, 0);
  EXPECT_EQ(push("decimals=02").exit_status, 0);
  EXPECT_EQ(push("zone_offset=-00:00").exit_status, 0);
  EXPECT_EQ(push("decimals=3").exit_status, 1);
  EXPECT_EQ(push("decimals=x").exit_status, 2);
}

TEST_F(Tool, UnitsAreTakenInThePlural) {
  make_model();
  write("rows.csv", customers);
  std::string all_scores;
  for (const std::string horizon : {"39 week", "39 weeks", "39week", "39weeks"}) {
    ASSERT_EQ(
        emptor({"score", "m.emptor", "--in", "rows.csv", "--set", "horizon=" + horizon, "--out", "s.csv"})
            .exit_status,
        0)
        << horizon;
    all_scores = all_scores.empty() ? read("s.csv") : all_scores;
    EXPECT_EQ(read("s.csv"), all_scores) << horizon;
  }
  ASSERT_EQ(emptor({"create", "value.bg_nbd", "--in", "parameters.csv", "--set", "unit=weeks", "--out",
                    "weeks.emptor"})
                .exit_status,
            0);
  EXPECT_EQ(read("weeks.emptor"), read("m.emptor"));
}

TEST_F(Tool, AFileKeepsItsModeAndALinkItsTarget) {
  make_model();
  ASSERT_EQ(::chmod(path("m.emptor").c_str(), 0640), 0);
  std::filesystem::create_symlink("m.emptor", path("link.emptor"));
  ASSERT_EQ(emptor({"create", "value.bg_nbd", "--in", "parameters.csv", "--out", "link.emptor"}).exit_status,
            0);
  EXPECT_TRUE(std::filesystem::is_symlink(path("link.emptor")));
  struct stat about {};
  ASSERT_EQ(::stat(path("m.emptor").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 07777U, 0640U);
}

TEST_F(Tool, DamagedFilesAreRefused) {
  make_model();
  write("rows.csv", "frequency,recency,age\n1,2,3\n4,5,6\n");
  ASSERT_EQ(emptor({"push", "rows", "--set", "entry=value.bg_nbd", "--in", "rows.csv", "--store", "s.emptor"})
                .exit_status,
            0);
  for (const std::string& name : {std::string("m.emptor"), std::string("s.emptor")}) {
    const std::string whole = read(name);
    const auto expect_refused_file = [&](const std::string& bytes, std::size_t at) {
      write("bad.emptor", bytes);
      const outcome ended = name == "m.emptor"
                                ? emptor({"show", "bad.emptor"})
                                : emptor({"fit", "value.bg_nbd", "--store", "bad.emptor", "--out", "x"});
      EXPECT_EQ(ended.exit_status, 1) << name << " at " << at;
      EXPECT_THAT(ended.err, HasSubstr("bad.emptor: ")) << name << " at " << at;
    };
    for (std::size_t i = 0; i < 24; ++i) {
      const std::size_t at = whole.size() * i / 24;
      expect_refused_file(whole.substr(0, at), at);
      std::string flipped = whole;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << (i % 8)));
      expect_refused_file(flipped, at);
    }
    expect_refused_file(whole + "x", whole.size());
  }
}

} // namespace
} // namespace emptor::test::tool_test

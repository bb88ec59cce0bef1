// SPDX-License-Identifier: BSL-1.0
// The tool makes saved stores forget customers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shell.hpp"

namespace emptor::test::erase_test {
namespace {

using ::testing::HasSubstr;

class ToolErase : public ToolTest {
protected:
  static constexpr const char* header = "customer,date,amount,document\n";
  static constexpr const char* bob = "Bob,2024-01-02,2,D2\n";
  void push(const std::string& store, const std::string& rows) const {
    write("o.csv", header + rows);
    const outcome pushed =
        emptor({"push", "order_history", "--in", "o.csv", "--store", store, "--set", "default_currency=EUR"});
    ASSERT_EQ(pushed.exit_status, 0) << pushed.err;
  }
  void SetUp() override {
    push("s.emptor",
         "Ann,2024-01-01,1,D1\nAnn,2024-02-01,1,D3\n" + std::string(bob) + "\"C, Inc\",2024-01-03,3,D4\n");
    push("only_bob.emptor", bob);
  }
};

TEST_F(ToolErase, TheStoreIsAsIfItHadNeverKnownThem) {
  write("gone.csv", "id\n\"C, Inc\"\nAnn\n");
  const outcome ended =
      emptor({"erase", "--store", "s.emptor", "--keys", "Ann", "--in", "gone.csv", "--map", "customer=id"});
  EXPECT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_EQ(ended.err, "emptor: s.emptor: 2 of 2 customers erased\n");
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(read("s.emptor"), read("only_bob.emptor"));
  EXPECT_EQ(read("s.emptor").find("Ann"), std::string::npos);
  EXPECT_FALSE(exists("s.emptor.lock"));
  EXPECT_EQ(emptor({"reduce", "value.summary", "--store", "s.emptor", "--out", "x/"}).exit_status, 0);
  EXPECT_EQ(read("x/summary.csv").find("Ann"), std::string::npos);
}

TEST_F(ToolErase, WhomTheStoreDoesNotKnowIsNamed) {
  const std::string before = read("s.emptor");
  outcome ended = emptor({"erase", "--store", "s.emptor", "--keys", "Ann,ann,Eve", "--strict"});
  EXPECT_EQ(ended.exit_status, 1);
  EXPECT_EQ(ended.err, "emptor: s.emptor: knows no customer Eve, ann\n");
  EXPECT_EQ(read("s.emptor"), before);
  ended = emptor({"erase", "--store", "s.emptor", "--keys", "ann,Eve"});
  EXPECT_EQ(ended.exit_status, 0);
  EXPECT_THAT(ended.err, HasSubstr("emptor: s.emptor: 0 of 2 customers erased\n"));
  EXPECT_EQ(read("s.emptor"), before);
  ended = emptor({"erase", "--store", "s.emptor", "--keys", "Eve,Ann,Ann"});
  EXPECT_EQ(ended.exit_status, 0);
  EXPECT_EQ(ended.err,
            "emptor: s.emptor: knows no customer Eve\nemptor: s.emptor: 1 of 2 customers erased\n");
  EXPECT_NE(read("s.emptor"), before);
}

TEST_F(ToolErase, OfALedgerToo) {
  write("i.csv",
        "customer,document,kind,amount,document_date,due_date\nAnn,I1,invoice,9,2024-01-01,2024-02-01\n"
        "Bob,I2,invoice,5,2024-01-05,2024-02-05\n");
  ASSERT_EQ(emptor({"push", "ledger", "--in", "i.csv", "--store", "l.emptor"}).exit_status, 0);
  EXPECT_EQ(emptor({"erase", "--store", "l.emptor", "--keys", "Ann"}).exit_status, 0);
  EXPECT_EQ(read("l.emptor").find("Ann"), std::string::npos);
  EXPECT_NE(read("l.emptor").find("Bob"), std::string::npos);
}

TEST_F(ToolErase, WrongUsageAndWhatIsNoStoreAreRefused) {
  const std::string before = read("s.emptor");
  write("empty.csv", "customer\nAnn\n\"\"\n");
  write("other.csv", "who\nAnn\n");
  write("r.csv", "frequency,recency,age\n1,2,3\n");
  ASSERT_EQ(emptor({"push", "rows", "--set", "entry=value.bg_nbd", "--in", "r.csv", "--store", "r.emptor"})
                .exit_status,
            0);
  struct refused {
    std::vector<std::string> words;
    int exit_status;
    std::string said;
  };
  const std::vector<refused> all{
      {{"erase", "--keys", "Ann"}, 2, "needs --store"},
      {{"erase", "--store", "s.emptor"}, 2, "needs --keys or --in"},
      {{"erase", "--store", "s.emptor", "--keys", "Ann,,Bob"}, 2, "--keys Ann,,Bob: names an empty customer"},
      {{"erase", "Ann", "--store", "s.emptor", "--keys", "Ann"}, 2, "see: emptor help erase"},
      {{"erase", "--store", "none/t.emptor", "--keys", "Ann"}, 1, "none/t.emptor: there is no such file"},
      {{"erase", "--store", "o.csv", "--keys", "Ann"}, 1, "o.csv: "},
      {{"erase", "--store", "r.emptor", "--keys", "Ann"}, 1, "knows no customers"},
      {{"erase", "--store", "s.emptor", "--in", "empty.csv"},
       1,
       "empty.csv: row 2 (line 3): names no customer"},
      {{"erase", "--store", "s.emptor", "--in", "other.csv"}, 1, "has no column customer"},
      {{"erase", "--store", "s.emptor", "--in", "s.emptor"},
       2,
       "would overwrite the file that is read as --in"},
  };
  for (const refused& one : all) {
    const outcome ended = emptor(one.words);
    EXPECT_EQ(ended.exit_status, one.exit_status) << ::testing::PrintToString(one.words) << ended.err;
    EXPECT_THAT(ended.err, HasSubstr(one.said));
    EXPECT_EQ(read("s.emptor"), before);
  }
  EXPECT_FALSE(exists("none"));
  EXPECT_THAT(emptor({"help", "erase"}).out, HasSubstr("makes a saved store forget customers"));
}

} // namespace
} // namespace emptor::test::erase_test

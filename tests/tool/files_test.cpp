// SPDX-License-Identifier: BSL-1.0
// How the tool writes files: beside links that somebody put there, and while another process writes too.
#include <gtest/gtest.h>

#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include <boost/json.hpp>

#include "shell.hpp"
#include "tool/failure.hpp"
#include "tool/files.hpp"

namespace emptor::test::files_test {
namespace {

using ToolFiles = ToolTest;

TEST_F(ToolFiles, ADraftNeverFollowsALinkThatIsThereAlready) {
  write("victim", "untouched");
  const std::string target = path("out.csv").string();
  const std::string drafts = target + "." + std::to_string(::getpid()) + ".";
  for (const char* const attempt : {"0", "1"})
    std::filesystem::create_symlink(path("victim"), drafts + attempt + ".part");
  tool::write_file(target, "written");
  EXPECT_EQ(read("victim"), "untouched");
  EXPECT_EQ(read("out.csv"), "written");
  EXPECT_FALSE(std::filesystem::is_symlink(target));
  EXPECT_EQ(files(), 4U) << "no draft is left";
}

TEST_F(ToolFiles, ALockNeverFollowsALink) {
  write("victim", "untouched");
  std::filesystem::create_symlink(path("victim"), path("s.emptor.lock"));
  EXPECT_THROW(const tool::file_lock held(path("s.emptor").string(), [] {}), tool::failure);
  EXPECT_EQ(read("victim"), "untouched");
}

TEST_F(ToolFiles, ALockIsWaitedForAndGoneAfterwards) {
  const std::string store = path("s.emptor").string();
  bool waited = false;
  std::thread other;
  {
    const tool::file_lock held(store, [] { ADD_FAILURE() << "nobody holds it"; });
    EXPECT_TRUE(exists("s.emptor.lock"));
    std::atomic<bool> waits = false;
    other = std::thread(
        [&store, &waited, &waits] { const tool::file_lock mine(store, [&] { waits = waited = true; }); });
    while (!waits)
      std::this_thread::yield();
  }
  other.join();
  EXPECT_TRUE(waited);
  EXPECT_EQ(files(), 0U);
}

TEST_F(ToolFiles, TwoProcessesThatPushAtOnceLoseNothing) {
  constexpr int pushes = 20;
  const auto push_all = [this](const std::string& who) {
    for (int i = 0; i < pushes; ++i) {
      const std::string file = who + std::to_string(i) + ".csv";
      write(file,
            "customer,date,amount,document\n" + who + ",2024-01-01,5," + who + std::to_string(i) + "\n");
      const outcome ended = emptor({"push", "order_history", "--in", file, "--store", "s.emptor"}, who);
      EXPECT_EQ(ended.exit_status, 0) << ended.err;
    }
  };
  std::thread other([&] { push_all("a"); });
  push_all("b");
  other.join();
  const outcome shown = emptor({"show", "s.emptor", "--json"});
  ASSERT_EQ(shown.exit_status, 0) << shown.err;
  EXPECT_EQ(boost::json::parse(shown.out).at("rows").at("orders").to_number<int>(), 2 * pushes);
  EXPECT_FALSE(exists("s.emptor.lock"));
}

} // namespace
} // namespace emptor::test::files_test

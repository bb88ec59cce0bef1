// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/places.hpp"

extern char** environ; // NOLINT(readability-redundant-declaration)

namespace emptor::test {

/// How a run of the tool ended.
struct outcome {
  int exit_status = -1; ///< -1 where a signal ended it, or it had to be stopped
  std::string out;
  std::string err;
};

/// A folder of its own for each test, in which the tool runs.
class ToolTest : public ::testing::Test {
protected:
  ToolTest() {
    std::string name = (std::filesystem::temp_directory_path() / "emptor_tool_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw std::runtime_error("no temporary folder");
    folder_ = name;
  }
  ~ToolTest() override { std::filesystem::remove_all(folder_); }
  ToolTest(const ToolTest&) = delete;
  ToolTest& operator=(const ToolTest&) = delete;

  [[nodiscard]] std::filesystem::path path(const std::string& name) const { return folder_ / name; }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  [[nodiscard]] bool exists(const std::string& name) const { return std::filesystem::exists(path(name)); }
  /// What stands in the folder, besides the output of the last run.
  [[nodiscard]] std::size_t files() const {
    std::size_t count = 0;
    for (const auto& one : std::filesystem::directory_iterator(folder_))
      count += one.path().filename().string().starts_with(".std") ? 0U : 1U;
    return count;
  }

  /// Runs the tool in the folder. What takes longer than two minutes hangs.
  [[nodiscard]] virtual outcome emptor(const std::vector<std::string>& words) const {
    return emptor(words, "");
  }
  /// \param who tells runs apart that are under way at the same time
  [[nodiscard]] outcome emptor(const std::vector<std::string>& words, const std::string& who) const {
    std::string tool = built_tool();
    std::vector<char*> arguments{tool.data()};
    std::vector<std::string> copies = words;
    for (std::string& one : copies)
      arguments.push_back(one.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    const std::string out = path(".stdout" + who).string();
    const std::string err = path(".stderr" + who).string();
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::posix_spawn_file_actions_addchdir_np(&actions, folder_.c_str());
    ::pid_t child = 0;
    const int failure = ::posix_spawn(&child, tool.c_str(), &actions, nullptr, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    outcome ended;
    if (failure != 0) {
      ADD_FAILURE() << tool << " does not start";
      return ended;
    }
    int status = 0;
    const auto start = std::chrono::steady_clock::now();
    while (::waitpid(child, &status, WNOHANG) == 0) {
      if (std::chrono::steady_clock::now() - start > std::chrono::minutes(2)) {
        ADD_FAILURE() << "the tool hangs";
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
        return ended;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ended.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ended.out = read(".stdout" + who);
    ended.err = read(".stderr" + who);
    return ended;
  }

private:
  std::filesystem::path folder_;
};

} // namespace emptor::test

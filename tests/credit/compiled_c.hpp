// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

#include <dlfcn.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/places.hpp"

/// Generated C, run by the tests.
namespace compiled_c {

/// C source, compiled by the C compiler of the build and loaded.
class loaded {
public:
  explicit loaded(const std::string& source) {
    static int count = 0;
    const std::string path =
        testing::TempDir() + "emptor_c_" + std::to_string(getpid()) + "_" + std::to_string(count++);
    std::ofstream(path + ".c") << source;
    const std::string command =
        emptor::test::c_compiler() +
        " -std=c90 -pedantic-errors -Wall -Wextra -Werror -Wtrigraphs -O1 -shared -fPIC -o '" + path +
        ".so' '" + path + ".c' -lm";
    compiled_ = std::system(command.c_str()) == 0;
    if (compiled_)
      handle_ = dlopen((path + ".so").c_str(), RTLD_NOW | RTLD_LOCAL);
    std::remove((path + ".c").c_str());
    std::remove((path + ".so").c_str());
  }
  ~loaded() {
    if (handle_ != nullptr)
      dlclose(handle_);
  }
  loaded(const loaded&) = delete;
  loaded& operator=(const loaded&) = delete;

  [[nodiscard]] bool ready() const noexcept { return handle_ != nullptr; }
  template <class Function>
  [[nodiscard]] Function* function(const char* name) const {
    return reinterpret_cast<Function*>(dlsym(handle_, name));
  }

private:
  bool compiled_ = false;
  void* handle_ = nullptr;
};

} // namespace compiled_c

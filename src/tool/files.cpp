// SPDX-License-Identifier: BSL-1.0
#include "files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "failure.hpp"

namespace emptor::tool {

namespace {

[[noreturn]] void refuse(const std::string& path, const char* what, int code) {
  throw failure(path + ": " + what + ": " + std::generic_category().message(code));
}

struct descriptor {
  int number = -1;
  ~descriptor() { close(); }
  int close() noexcept {
    const int result = number < 0 ? 0 : ::close(number);
    number = -1;
    return result;
  }
};

/// What a path leads to: a link keeps pointing at its file.
std::string target_of(const std::string& path) {
  std::error_code failed;
  const std::filesystem::path target = std::filesystem::canonical(path, failed);
  return failed ? path : target.string();
}

/// Makes the folders in which a path lies, where they are missing. \return those that were made, the inner ones last
std::vector<std::string> make_folders_of(const std::string& path) {
  namespace fs = std::filesystem;
  std::vector<std::string> missing;
  std::error_code problem;
  for (fs::path folder = fs::path(path).parent_path(); !folder.empty() && !fs::exists(folder, problem);
       folder = folder.parent_path())
    missing.insert(missing.begin(), folder.string());
  if (!missing.empty())
    fs::create_directories(missing.back(), problem);
  if (!missing.empty() && problem)
    throw failure(path + ": cannot be written: folder " + missing.back() +
                  " cannot be made: " + problem.message());
  return missing;
}

/// A new file beside the one that it will replace. Nothing that is there already is opened, least of all
/// through a link that somebody put there.
int open_draft(const std::string& target, std::string& draft) {
  for (int attempt = 0;; ++attempt) {
    draft = target + "." + std::to_string(::getpid()) + "." + std::to_string(attempt) + ".part";
    const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (file >= 0 || errno != EEXIST || attempt == 1000)
      return file;
  }
}

void write_all(const std::string& path, int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ::ssize_t done = ::write(file, bytes.data(), bytes.size());
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      refuse(path, "cannot be written", errno);
    bytes.remove_prefix(static_cast<std::size_t>(done));
  }
}

} // namespace

std::string read_file(const std::string& path) {
  const descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.number < 0)
    refuse(path, "cannot be read", errno);
  struct stat about {};
  std::string bytes;
  if (::fstat(file.number, &about) == 0 && S_ISREG(about.st_mode))
    bytes.reserve(static_cast<std::size_t>(about.st_size) + 1);
  constexpr std::size_t step = std::size_t{1} << 20;
  for (;;) {
    const std::size_t size = bytes.size();
    bytes.resize(std::max(std::min(bytes.capacity(), size + step), size + 4096));
    const ::ssize_t read = ::read(file.number, bytes.data() + size, bytes.size() - size);
    if (read < 0 && errno != EINTR)
      refuse(path, "cannot be read", errno);
    bytes.resize(size + static_cast<std::size_t>(read < 0 ? 0 : read));
    if (read == 0)
      return bytes;
  }
}

void write_file(const std::string& path, std::string_view bytes) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::file_status there = fs::status(path, ignored);
  if (fs::is_directory(there))
    refuse(path, "cannot be written", EISDIR);
  if ((fs::exists(there) && !fs::is_regular_file(there)) || path.starts_with("/dev/")) {
    descriptor file{::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC)};
    if (file.number < 0)
      refuse(path, "cannot be written", errno);
    write_all(path, file.number, bytes);
    if (file.close() != 0)
      refuse(path, "cannot be written", errno);
    return;
  }
  const std::string target = target_of(path);
  static_cast<void>(make_folders_of(target));
  std::string draft;
  descriptor file{open_draft(target, draft)};
  if (file.number < 0)
    refuse(path, "cannot be written", errno);
  try {
    if (fs::exists(there))
      static_cast<void>(::fchmod(file.number, static_cast<::mode_t>(there.permissions()) & 07777));
    write_all(path, file.number, bytes);
    if (::fsync(file.number) != 0)
      refuse(path, "cannot be written", errno);
    if (file.close() != 0)
      refuse(path, "cannot be written", errno);
    if (std::rename(draft.c_str(), target.c_str()) != 0)
      refuse(path, "cannot be written", errno);
  } catch (...) {
    ::unlink(draft.c_str());
    throw;
  }
}

bool same_file(const std::string& left, const std::string& right) noexcept {
  struct stat one {};
  struct stat other {};
  return ::stat(left.c_str(), &one) == 0 && ::stat(right.c_str(), &other) == 0 && S_ISREG(one.st_mode) &&
         one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

file_lock::file_lock(const std::string& path, const std::function<void()>& waits)
    : path_(target_of(path) + ".lock") {
  bool told = false;
  for (int attempts = 0;;) {
    if (std::vector<std::string> made = make_folders_of(path_); !made.empty())
      folders_ = std::move(made);
    descriptor file{::open(path_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666)};
    if (file.number < 0 && errno == ENOENT && ++attempts < 100)
      continue; // another command has just taken back the folder that it had made
    if (file.number < 0)
      refuse(path_, "cannot be made", errno);
    if (!told && ::flock(file.number, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      told = true;
      waits();
    }
    while (::flock(file.number, LOCK_EX) != 0) {
      if (errno != EINTR)
        refuse(path_, "cannot be locked", errno);
    }
    // Whoever held it before has removed it: then it is another file that the next one locks.
    struct stat held {};
    struct stat there {};
    if (::fstat(file.number, &held) == 0 && ::lstat(path_.c_str(), &there) == 0 &&
        held.st_dev == there.st_dev && held.st_ino == there.st_ino) {
      file_ = std::exchange(file.number, -1);
      return;
    }
  }
}

file_lock::~file_lock() {
  ::unlink(path_.c_str());
  ::close(file_);
  while (!folders_.empty() &&
         ::rmdir(folders_.back().c_str()) == 0) // which a folder with a file in it refuses
    folders_.pop_back();
}

} // namespace emptor::tool

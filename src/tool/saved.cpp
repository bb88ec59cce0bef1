// SPDX-License-Identifier: BSL-1.0
#include "saved.hpp"

#include "failure.hpp"
#include "files.hpp"

namespace emptor::tool {

namespace {

/// A refusal by the contents of a file names the file.
template <class Load>
auto loaded(const std::string& path, const Load& load) {
  const std::string bytes = read_file(path);
  try {
    return load(as_byte_span(bytes));
  } catch (const error& why) {
    throw failure(path + ": " + why.what());
  }
}

} // namespace

std::shared_ptr<const model> model_at(const std::string& path) {
  return loaded(path, [](std::span<const std::byte> bytes) { return load_model(bytes); });
}

std::unique_ptr<store> store_at(const std::string& path) {
  return loaded(path, [](std::span<const std::byte> bytes) { return load_store(bytes); });
}

} // namespace emptor::tool

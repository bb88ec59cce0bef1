// SPDX-License-Identifier: BSL-1.0
// Any text is the JSON of a model: it is imported or refused. What is imported exports to the same model again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <emptor/catalogue.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto model = emptor::import_model({reinterpret_cast<const char*>(data), size}, "json");
    if (!(*emptor::import_model(emptor::export_model(*model, "json"), "json") == *model))
      std::abort();
  } catch (const emptor::error&) {
  }
  return 0;
}

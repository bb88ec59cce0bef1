// SPDX-License-Identifier: BSL-1.0
// Any bytes are a model or store file: they load or are refused. What loads can be saved, and loads again to the same.
// The bytes are tried as they are, and with their checksums made right, so that what lies behind these is reached too.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include <boost/crc.hpp>

#include <emptor/catalogue.hpp>

namespace {

std::uint32_t crc(const std::byte* first, std::size_t length) {
  boost::crc_32_type sum;
  sum.process_bytes(first, length);
  return sum.checksum();
}

/// The same sections with the checksums that they ought to have (the layout is told in src/container.cpp).
std::vector<std::byte> with_checksums(std::span<const std::byte> bytes) {
  constexpr std::size_t header = 16;
  constexpr std::size_t section = 16;
  std::vector<std::byte> mended(bytes.begin(), bytes.end());
  std::size_t at = header;
  while (at + section + 4 <= mended.size()) {
    std::uint64_t length = 0;
    std::memcpy(&length, &mended[at + 8], sizeof length);
    const bool end = std::memcmp(&mended[at], "END ", 4) == 0;
    if (length > mended.size() - at - section - 4)
      break;
    const std::size_t sum_at = at + section + static_cast<std::size_t>(length);
    const std::size_t first = end ? 0 : at;
    const std::uint32_t sum = crc(&mended[first], sum_at - first);
    std::memcpy(&mended[sum_at], &sum, sizeof sum);
    at = sum_at + 4;
    if (end)
      break;
  }
  return mended;
}

/// Null where the bytes are refused.
auto loaded(auto load, std::span<const std::byte> bytes) -> decltype(load(bytes)) {
  try {
    return load(bytes);
  } catch (const emptor::error&) {
    return nullptr;
  }
}

/// Outside any handler: what was loaded once is never refused again.
void load(std::span<const std::byte> bytes) {
  if (const auto model = loaded(emptor::load_model, bytes)) {
    if (!(*emptor::load_model(emptor::save(*model)) == *model))
      std::abort();
    if (!(*emptor::import_model(emptor::export_model(*model, "json"), "json") == *model))
      std::abort();
  }
  if (const auto store = loaded(emptor::load_store, bytes)) {
    if (emptor::load_store(emptor::save(*store))->contents() != store->contents())
      std::abort();
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::byte> bytes = std::as_bytes(std::span(data, size));
  load(bytes);
  load(with_checksums(bytes));
  return 0;
}

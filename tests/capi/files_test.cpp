// SPDX-License-Identifier: BSL-1.0
// Files through C: those of released versions, and damaged ones: truncated anywhere, a bit flipped anywhere, of the
// other kind.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "c_rows.hpp"
#include "support/places.hpp"

namespace emptor::test::files_test {
namespace {

using bytes = std::vector<std::uint8_t>;

emptor_status load_store(const bytes& file, emptor_store** made, emptor_error* error) {
  return emptor_store_load(file.data(), static_cast<std::int64_t>(file.size()), nullptr, made, error);
}
emptor_status load_model(const bytes& file, emptor_model** made, emptor_error* error) {
  return emptor_model_load(file.data(), static_cast<std::int64_t>(file.size()), made, error);
}

/// A damaged file has a status and a message, and nothing is made of it.
template <class Handle, class Load>
void damaged(const bytes& file, const Load& load) {
  emptor_error error = EMPTOR_ERROR_INIT;
  const auto refused = [&](const bytes& bad, const std::string& what) {
    Handle* made = nullptr;
    const emptor_status status = load(bad, &made, &error);
    EXPECT_TRUE(status == EMPTOR_STATUS_FORMAT || status == EMPTOR_STATUS_VERSION ||
                status == EMPTOR_STATUS_MISMATCH)
        << what << ": " << emptor_status_name(status) << ", " << error.message;
    EXPECT_NE(error.message[0], '\0') << what;
    EXPECT_EQ(made, nullptr) << what;
    owned<Handle>(made).reset();
  };
  for (std::size_t size = 0; size < file.size(); ++size)
    refused({file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)},
            std::to_string(size) + " bytes of " + std::to_string(file.size()));
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    bytes bad = file;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    refused(bad, "bit " + std::to_string(bit));
  }
}

TEST(files, damaged_ones_are_refused) {
  const bytes model_file = saved(bg_nbd_model().get());
  damaged<emptor_model>(model_file, load_model);

  static const char* const names[] = {"frequency", "recency", "age"};
  static const double numbers[] = {0, 0, 2, 3};
  const emptor_column input = EMPTOR_COLUMN(numbers, EMPTOR_DTYPE_FLOAT64);
  const emptor_column columns[] = {input, input, input};
  const emptor_rows rows = EMPTOR_ROWS(names, columns, 3, 4);
  emptor_error error = EMPTOR_ERROR_INIT;
  const auto store = make_store("rows", {{"entry", "value.bg_nbd"}});
  ASSERT_EQ(emptor_store_push(store.get(), &rows, 0, nullptr, nullptr, nullptr, &error), 0) << error.message;
  const bytes store_file = saved(store.get());
  damaged<emptor_store>(store_file, load_store);

  emptor_store* no_store = nullptr;
  emptor_model* no_model = nullptr;
  EXPECT_EQ(load_store(model_file, &no_store, &error), EMPTOR_STATUS_MISMATCH);
  EXPECT_EQ(load_model(store_file, &no_model, &error), EMPTOR_STATUS_MISMATCH);
}

/// tests/golden/README.md: the version that wrote the files saves them again to the same bytes.
template <class Handle, class Load>
void same_bytes(const char* name, const Load& load) {
  std::ifstream from(source_folder() + "/tests/golden/0.1/" + name, std::ios::binary);
  const bytes file{std::istreambuf_iterator<char>(from), {}};
  ASSERT_FALSE(file.empty()) << name;
  emptor_error error = EMPTOR_ERROR_INIT;
  Handle* made = nullptr;
  ASSERT_EQ(load(file, &made, &error), EMPTOR_STATUS_OK) << name << ": " << error.message;
  const owned<Handle> held(made);
  EXPECT_TRUE(saved(made) == file) << name << " is saved to other bytes";
}

TEST(files, of_released_versions_come_back_to_the_same_bytes) {
  for (const char* name : {"rows.emptor", "order_history.emptor", "ledger.emptor", "outcomes.emptor",
                           "rating_history.emptor", "survey.emptor"})
    same_bytes<emptor_store>(name, load_store);
  same_bytes<emptor_model>("bg_nbd.emptor", load_model);
}

} // namespace
} // namespace emptor::test::files_test

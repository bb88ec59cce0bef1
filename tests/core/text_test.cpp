// SPDX-License-Identifier: BSL-1.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/core/status.hpp>
#include <emptor/core/text.hpp>

namespace emptor::text_test {
namespace {

TEST(text, what_a_terminal_would_obey_stands_as_its_bytes) {
  EXPECT_EQ(printable("客户 Müller, \\x"), "客户 Müller, \\x");
  EXPECT_EQ(printable("\x1B[31mred\a"), "\\x1B[31mred\\x07");
  EXPECT_EQ(printable(std::string_view("a\0b\n\r\t\x7F", 7)), "a\\x00b\\x0A\\x0D\\x09\\x7F");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "\\xC2\\x9B31m")
      << "the C1 form of ESC [";
  EXPECT_EQ(printable("\xC2\xA0"), "\xC2\xA0");
  EXPECT_EQ(printable("\u202Eabc\u2066\u2028"), "\\xE2\\x80\\xAEabc\\xE2\\x81\\xA6\\xE2\\x80\\xA8");
  EXPECT_EQ(printable("\u2027\u202F\u2065\u206A\u20AC"), "\u2027\u202F\u2065\u206A\u20AC");
  EXPECT_EQ(printable("\xFF\xC3(\xED\xA0\x80"), "\\xFF\\xC3(\\xED\\xA0\\x80") << "no characters";
  EXPECT_EQ(printable("\xE5\xAE"), "\\xE5\\xAE") << "a character cut off";
  EXPECT_EQ(printable("\U0001F600"), "\U0001F600");
}

TEST(text, every_byte_becomes_printable_and_stays_so) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string raw{static_cast<char>(first), static_cast<char>(second), '.'};
      const std::string shown = printable(raw);
      ASSERT_TRUE(is_utf8(shown)) << first << " " << second;
      ASSERT_EQ(printable(shown), shown);
      for (const char c : shown)
        ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) << first << " " << second;
    }
  }
}

TEST(text, a_message_is_one_printable_line) {
  EXPECT_STREQ(error(status::data, "a\nb\x1B[2J\xFF").what(), "a\\x0Ab\\x1B[2J\\xFF");
}

TEST(text, long_ones_are_cut_between_characters) {
  EXPECT_EQ(shortened("short"), "short");
  EXPECT_EQ(shortened(std::string(60, 'x')), std::string(60, 'x'));
  EXPECT_EQ(shortened(std::string(61, 'x')), std::string(60, 'x') + "...");
  for (std::size_t before = 56; before <= 60; ++before) {
    const std::string cut = shortened(std::string(before, 'x') + "客户客户客户");
    EXPECT_TRUE(is_utf8(cut)) << before;
    EXPECT_TRUE(cut.ends_with("...")) << before;
  }
  EXPECT_EQ(shortened(std::string(100, '\x80')).size(), 56U + 3U) << "what is no character is cut too";
}

TEST(text, of_many_names_the_first_are_listed) {
  const std::vector<std::string> names(13, "n");
  EXPECT_EQ(listed(std::span(names).first(3)), "n, n, n");
  EXPECT_EQ(listed(std::span(names)), "n, n, n, n, n, n, n, n, n, n, n, n and 1 more");
  EXPECT_EQ(listed(std::span(names).first(0)), "");
}

} // namespace
} // namespace emptor::text_test

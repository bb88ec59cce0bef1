// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace emptor::test {

/// Whether a sanitizer watches, under which everything takes ten times as long: what does the same over and over takes
/// larger steps then.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

} // namespace emptor::test

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string_view>

#include <emptor.h>

#include <emptor/core/check.hpp>
#include <emptor/core/status.hpp>
#include <emptor/core/text.hpp>

#include "structures.hpp"

/// What every entry point of the C interface goes through: no exception leaves it, and no argument is used
/// before it was looked at.
namespace emptor::capi {

// All that is written of an error was there in the first version, so that there is room for it in every caller's.
static_assert(offsetof(emptor_error, message) + sizeof(emptor_error::message) <= first_size<emptor_error>);

/// Fills the caller's error. What is too long is cut between characters; what is no character, which only a foreign
/// exception may hold, ends the message.
inline emptor_status report(emptor_error* error, status code, std::string_view message, std::int64_t row = -1,
                            std::int32_t column = -1) noexcept {
  if (error != nullptr) {
    error->status = static_cast<emptor_status>(code);
    error->row = row;
    error->column = column;
    std::size_t length = 0;
    for (std::size_t n = character_length(message); n > 0 && length + n < sizeof error->message;
         n = character_length(message.substr(length)))
      length += n;
    std::memcpy(error->message, message.data(), length);
    error->message[length] = '\0';
  }
  return static_cast<emptor_status>(code);
}

/// The only way in: runs `body` and turns what it throws into a status and the caller's error.
template <class Body>
emptor_status guard(emptor_error* error, const Body& body) noexcept {
  if (error != nullptr) {
    if (error->struct_size < first_size<emptor_error>)
      return EMPTOR_STATUS_INVALID_ARGUMENT; // there is no room to say why
    error->message[0] = '\0';
  }
  try {
    body();
    return EMPTOR_STATUS_OK;
  } catch (const emptor::error& refused) {
    return report(error, refused.code(), refused.what(), refused.row(), refused.column());
  } catch (const std::bad_alloc&) {
    return report(error, status::out_of_memory, "an allocation failed");
  } catch (const std::length_error&) {
    return report(error, status::out_of_memory, "more was asked for than any memory holds");
  } catch (const std::exception& defect) {
    return report(error, status::internal, defect.what());
  } catch (...) {
    return report(error, status::internal, "something unknown was thrown, perhaps by a callback");
  }
}

/// Checks the arguments of one function, whose name begins every message.
class arguments {
public:
  explicit constexpr arguments(std::string_view function) noexcept
      : function_(function) {}

  [[nodiscard]] std::string_view function() const noexcept { return function_; }
  /// \throws error status::invalid_argument
  [[noreturn]] void refuse(std::string_view what, std::string_view is, std::string_view must_be,
                           std::int64_t index = -1) const {
    throw error(status::invalid_argument, message(function_, what, index, is, must_be));
  }
  void given(const void* pointer, std::string_view what) const {
    if (pointer == nullptr)
      refuse(what, "NULL", "given");
  }
  /// A handle or text that the call makes: null until it is made.
  template <class T>
  void empty(T** made, std::string_view what) const {
    given(made, what);
    *made = nullptr;
  }
  /// A structure of Arrow that the call makes: released until it is made.
  template <class T>
  void released(T* made, std::string_view what) const {
    given(made, what);
    made->release = nullptr;
  }
  void count(std::int64_t n, std::string_view what) const {
    if (n < 0)
      refuse(what, std::to_string(n), ">= 0"); // nothing is built before a refusal: scoring must not allocate
  }
  /// An array of n elements may be null only where n is 0.
  void array(const void* first, std::int64_t n, std::string_view what) const {
    count(n, what);
    if (n > 0)
      given(first, what);
  }
  void index(std::int64_t i, std::size_t size, std::string_view what) const {
    if (i < 0 || static_cast<std::size_t>(i) >= size)
      refuse(what, std::to_string(i),
             size == 0 ? "of something that is there" : "in [0, " + std::to_string(size - 1) + "]");
  }
  /// The size that the structure had when the caller was compiled.
  template <class T>
  void size(std::size_t is, std::string_view what) const {
    if (is < first_size<T> || is % alignof(T) != 0 || is > 65536)
      refuse(what, std::to_string(is),
             "the size of the structure, " + std::to_string(first_size<T>) + " bytes or more");
  }
  /// What has no meaning yet must be zero, or it could never get one.
  void reserved(std::int32_t is, std::string_view what, std::int64_t index = -1) const {
    if (is != 0)
      refuse(what, std::to_string(is), "0", index);
  }
  void flags(std::uint32_t is, std::uint32_t known = EMPTOR_STRICT,
             std::string_view must_be = "EMPTOR_STRICT or 0") const {
    if ((is & ~known) != 0)
      refuse("flags", std::to_string(is), must_be);
  }

  /// The two-call form.
  void fill(void* buffer, std::int64_t capacity, std::int64_t* needed, const void* bytes,
            std::size_t size) const {
    const auto length = static_cast<std::int64_t>(size);
    if (needed != nullptr)
      *needed = length;
    if (buffer == nullptr)
      return;
    if (capacity < length)
      refuse("capacity", std::to_string(capacity), ">= " + std::to_string(length));
    if (size > 0)
      std::memcpy(buffer, bytes, size);
  }
  /// What can be said about a buffer before the work is done that would fill it.
  void buffer(const void* buffer, std::int64_t capacity, const void* needed) const {
    array(buffer, capacity, "buffer");
    if (buffer == nullptr)
      given(needed, "needed");
  }

private:
  std::string_view function_;
};

} // namespace emptor::capi

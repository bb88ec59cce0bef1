// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <emptor_arrow.h>

#include <emptor/core/status.hpp>

namespace emptor::capi {

/// A schema, an array or a stream of Arrow that is ours: released when it goes.
template <class T>
class arrow_owner {
public:
  arrow_owner() = default;
  /// Takes it from the caller, whose structure is a released one from now on, as the specification moves them.
  explicit arrow_owner(T* from) noexcept {
    if (from != nullptr)
      held_ = std::exchange(*from, T{});
  }
  arrow_owner(arrow_owner&& other) noexcept
      : held_(std::exchange(other.held_, T{})) {}
  arrow_owner& operator=(arrow_owner&& other) noexcept {
    std::swap(held_, other.held_);
    return *this;
  }
  ~arrow_owner() {
    if (held_.release != nullptr)
      held_.release(&held_);
  }
  /// For a callback to fill.
  [[nodiscard]] T* get() noexcept { return &held_; }
  [[nodiscard]] const T& operator*() const noexcept { return held_; }
  [[nodiscard]] bool released() const noexcept { return held_.release == nullptr; }
  void give(T& to) noexcept { to = std::exchange(held_, T{}); }

private:
  T held_{};
};

/// What a stream of somebody else gives. Its refusals are errors with the stream's own words.
class arrow_reader {
public:
  /// \throws error status::invalid_argument for a stream that is released or has no functions
  arrow_reader(std::string_view function, arrow_owner<ArrowArrayStream>& stream);
  [[nodiscard]] arrow_owner<ArrowSchema> schema();
  /// Released at the end of the stream.
  [[nodiscard]] arrow_owner<ArrowArray> next();

private:
  [[noreturn]] void failed(std::string_view callback, int code);

  std::string_view function_;
  ArrowArrayStream* stream_;
};

} // namespace emptor::capi

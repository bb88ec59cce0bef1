// SPDX-License-Identifier: BSL-1.0
// Streams of others.
#include <cerrno>
#include <string>

#include <emptor/core/check.hpp>

#include "detail/arrow_structures.hpp"

namespace emptor::capi {

arrow_reader::arrow_reader(std::string_view function, arrow_owner<ArrowArrayStream>& stream)
    : function_(function)
    , stream_(stream.get()) {
  const char* is = stream.released()                                                ? "released"
                   : stream_->get_schema == nullptr || stream_->get_next == nullptr ? "without its functions"
                                                                                    : nullptr;
  if (is != nullptr)
    throw error(status::invalid_argument, message(function_, "stream", -1, is, "given"));
}

void arrow_reader::failed(std::string_view callback, int code) {
  const char* told = stream_->get_last_error == nullptr ? nullptr : stream_->get_last_error(stream_);
  const status why = code == ENOMEM      ? status::out_of_memory
                     : code == ECANCELED ? status::cancelled
                                         : status::data;
  throw error(why, std::string(function_) + ": " + std::string(callback) + " of the stream failed with " +
                       std::to_string(code) + (told == nullptr ? "" : ": " + std::string(told)));
}

arrow_owner<ArrowSchema> arrow_reader::schema() {
  arrow_owner<ArrowSchema> made;
  if (const int code = stream_->get_schema(stream_, made.get()); code != 0) {
    *made.get() = {}; // what a call leaves that failed is nobody's
    failed("get_schema", code);
  }
  return made;
}

arrow_owner<ArrowArray> arrow_reader::next() {
  arrow_owner<ArrowArray> made;
  if (const int code = stream_->get_next(stream_, made.get()); code != 0) {
    *made.get() = {};
    failed("get_next", code);
  }
  return made;
}

} // namespace emptor::capi

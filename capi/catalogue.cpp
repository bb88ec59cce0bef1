// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <string>

#include "detail/read.hpp"

using namespace emptor;
using capi::arguments;
using capi::guard;

namespace {

std::string described(const char* wanted) {
  if (wanted == nullptr)
    return describe_all();
  for (const store_description* kind : store_kinds()) {
    if (kind->name == wanted)
      return describe(*kind);
  }
  return describe(find_entry(wanted));
}

} // namespace

extern "C" std::int32_t emptor_catalogue_count(void) {
  return static_cast<std::int32_t>(catalogue().size());
}

extern "C" emptor_status emptor_catalogue_entry(std::int32_t index, const char** name, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_catalogue_entry");
    in.empty(name, "name");
    in.index(index, catalogue().size(), "index");
    *name = catalogue()[static_cast<std::size_t>(index)]->description->name.data();
  });
}

extern "C" emptor_status emptor_catalogue_find(const char* name, std::int32_t* index, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_catalogue_find");
    in.given(index, "index");
    *index = -1;
    in.given(name, "name");
    const auto all = catalogue();
    *index = static_cast<std::int32_t>(std::find(all.begin(), all.end(), &find_entry(name)) - all.begin());
  });
}

extern "C" emptor_status emptor_catalogue_describe(const char* name, char* buffer, std::int64_t capacity,
                                                   std::int64_t* needed, emptor_error* error) {
  return guard(error, [&] {
    const arguments in("emptor_catalogue_describe");
    in.buffer(buffer, capacity, needed);
    const std::string text = described(name);
    in.fill(buffer, capacity, needed, text.c_str(), text.size() + 1);
  });
}

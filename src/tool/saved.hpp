// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <memory>
#include <string>

#include <emptor/catalogue.hpp>

namespace emptor::tool {

/// The model of a file. \throws failure that names the file
[[nodiscard]] std::shared_ptr<const model> model_at(const std::string& path);
/// The store of a file. \throws failure that names the file
[[nodiscard]] std::unique_ptr<store> store_at(const std::string& path);

} // namespace emptor::tool

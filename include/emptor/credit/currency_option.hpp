// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/core/describe.hpp>

namespace emptor::credit {

/// Of scores and models with amounts: whose they are, and whose decimals they have.
inline constexpr option_description currency_option{
    .name = "currency",
    .what = option_content::currency,
    .summary = "currency of all amounts, which have its decimals (ISO 4217); two where it is not set"};

} // namespace emptor::credit

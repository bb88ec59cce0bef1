// SPDX-License-Identifier: BSL-1.0
// What those who link this library need not compile: see emptor/core/instance.hpp.
#define EMPTOR_INSTANCE template
#include <emptor/value/customer_value.hpp>
#include <emptor/value/lifetime_value.hpp>
#include <emptor/value/order_models.hpp>
#include <emptor/value/simulate.hpp>

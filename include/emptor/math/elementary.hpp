// SPDX-License-Identifier: BSL-1.0
#pragma once

/// The only place from which a result of the library may take an elementary function: the C library's give
/// other bits on other machines.
#include <emptor/math/error_function.hpp>
#include <emptor/math/exponential.hpp>
#include <emptor/math/gamma.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/math/power.hpp>
#include <emptor/math/real.hpp>

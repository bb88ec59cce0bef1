// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Templates that take long to compile, for the arguments with which nearly everybody uses them: the compiled library has
/// them, and who links it (CMake's `emptor::emptor` defines EMPTOR_COMPILED) only declares them. A header lists its own
/// after their definition:
///
///     #if defined(EMPTOR_INSTANCE)
///     EMPTOR_INSTANCE bg_nbd_fit fit_customer_base<bg_nbd>(...);
///     #endif
///
/// and src/instances.cpp, which includes these headers, makes them. Without EMPTOR_COMPILED there is nothing to link, and
/// each program makes its own.
#if defined(EMPTOR_COMPILED) && !defined(EMPTOR_INSTANCE)
#define EMPTOR_INSTANCE extern template
#endif

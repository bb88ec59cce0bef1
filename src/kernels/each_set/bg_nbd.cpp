// SPDX-License-Identifier: BSL-1.0
#include <emptor/value/bg_nbd.hpp>

#include "kernels/list_scores.hpp"

constinit const kernel_lists::listed kernel_lists::EMPTOR_KERNEL_SET::bg_nbd =
    kernel_lists::scores_of<emptor::value::bg_nbd>();

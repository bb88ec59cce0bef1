// SPDX-License-Identifier: BSL-1.0
#include <emptor/value/mbg_nbd.hpp>

#include "kernels/list_scores.hpp"

constinit const kernel_lists::listed kernel_lists::EMPTOR_KERNEL_SET::mbg_nbd =
    kernel_lists::scores_of<emptor::value::mbg_nbd>();

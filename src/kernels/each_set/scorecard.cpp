// SPDX-License-Identifier: BSL-1.0
#include <emptor/credit/point_sums.hpp>

#include "kernels/kernel_list.hpp"

constinit const kernel_lists::listed_stored kernel_lists::EMPTOR_KERNEL_SET::scorecard{
    "credit.scorecard", &emptor::credit::sum_points<emptor::math::isa::EMPTOR_KERNEL_SET>};

// SPDX-License-Identifier: BSL-1.0
#include <emptor/stats/path_model_block.hpp>

#include "kernels/kernel_list.hpp"

constinit const kernel_lists::path_models kernel_lists::EMPTOR_KERNEL_SET::estimate_path_models =
    &emptor::stats::estimate_resamples<emptor::math::pack<emptor::math::isa::EMPTOR_KERNEL_SET>>;

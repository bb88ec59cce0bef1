// SPDX-License-Identifier: BSL-1.0
#include <emptor/credit/altman_z.hpp>
#include <emptor/credit/altman_z_entry.hpp>

#include "kernels/list_formula.hpp"

namespace kernel_lists::EMPTOR_KERNEL_SET {

namespace credit = emptor::credit;

constinit const listed altman_z = formula_of<credit::altman_scores>(credit::altman_z_name);

} // namespace kernel_lists::EMPTOR_KERNEL_SET

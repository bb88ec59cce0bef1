// SPDX-License-Identifier: BSL-1.0
// Compiled once for each instruction set: EMPTOR_KERNEL_ISA names its packs, EMPTOR_KERNEL_LIST the list. For the wide
// sets the macro `emptor` gives the namespace another name; see kernel_list.hpp.
#include <emptor/math/apply.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/mbg_nbd.hpp>
#include <emptor/value/nbd.hpp>
#include <emptor/value/pareto_nbd.hpp>

#include "kernels/kernel_list.hpp"

namespace kernel_lists {
namespace {

using lanes = emptor::math::pack<emptor::math::isa::EMPTOR_KERNEL_ISA>;

template <class Model, template <class> class Formula = emptor::value::scores_of<Model>::template formula>
constexpr listed scores{Model::name.data(), &emptor::math::apply_rows<Formula, lanes>};

constexpr listed all[] = {
    scores<emptor::value::bg_nbd>,
    scores<emptor::value::mbg_nbd>,
    scores<emptor::value::nbd>,
    scores<emptor::value::pareto_nbd>,
};

} // namespace

constinit const list EMPTOR_KERNEL_LIST{all, sizeof all / sizeof all[0]};

} // namespace kernel_lists

// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <utility>
#include <vector>

namespace emptor::stats {

/// Pooling of adjacent violators (M. Ayer and others, Annals of Mathematical Statistics 26, 1955): puts a block behind others,
/// joined with those before it as long as it does not lie beyond them.
/// \param beyond  of a block and a later one, whether their order may stay \param join  makes one block of these two
template <class Block, class Beyond, class Join>
void push_pooled(std::vector<Block>& blocks, Block next, const Beyond& beyond, const Join& join) {
  while (!blocks.empty() && !beyond(std::as_const(blocks.back()), std::as_const(next))) {
    next = join(blocks.back(), next);
    blocks.pop_back();
  }
  blocks.push_back(std::move(next));
}

} // namespace emptor::stats

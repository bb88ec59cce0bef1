// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/real.hpp>

namespace emptor::math {

/// Which rows of an iteration still go on. A row ends by its own convergence, whatever the other rows of its
/// pack do, so that its bits do not depend on them: keep what it has where `live` is not set.
///
/// Derivatives converge later than the value, and never to a relative epsilon of their own; with a dual a row
/// therefore goes on for half as many steps again after its value has converged.
template <class T>
class iteration {
public:
  mask_t<T> live = mask_true<T>();

  /// The step number `step` (1, 2, ...) is done; in the rows of the mask the value has converged.
  EMPTOR_INLINE void next(int step, mask_t<T> converged) noexcept {
    if constexpr (scalar_traits<T>::differentiates) {
      const base_t<T> now(step);
      last_ = select(mask_and(converged, last_ == endless), now * 1.5 + 2.0, last_);
      live = now < last_;
    } else {
      live = mask_and(live, mask_not(converged));
    }
  }

private:
  static constexpr double endless = 1e9;
  base_t<T> last_ = base_t<T>(endless); ///< step; not used by plain scalars
};

} // namespace emptor::math

// SPDX-License-Identifier: BSL-1.0
#include "entries.hpp"

#include <emptor/credit/adverse_impact_entry.hpp>
#include <emptor/credit/altman_z_entry.hpp>
#include <emptor/credit/binning_entry.hpp>
#include <emptor/credit/blended_score.hpp>
#include <emptor/credit/cutoff_entry.hpp>
#include <emptor/credit/expert_score_entry.hpp>
#include <emptor/credit/master_scale_entry.hpp>
#include <emptor/credit/population_stability_entry.hpp>
#include <emptor/credit/score_change_entry.hpp>
#include <emptor/credit/scorecard_entry.hpp>
#include <emptor/credit/validation_entry.hpp>
#include <emptor/credit/vintage_curves_entry.hpp>

namespace emptor::entries {

std::span<const entry* const> credit_score() noexcept {
  // clang-format off
  static constexpr std::array all{
    &credit::adverse_impact_entry,
    &credit::altman_z_entry,
    &credit::binning_entry,
    &credit::blended_score_entry,
    &credit::cutoff_entry,
    &credit::expert_score_entry,
    &credit::master_scale_entry,
    &credit::population_stability_entry,
    &credit::score_change_entry,
    &credit::scorecard_entry,
    &credit::validation_entry,
    &credit::vintage_curves_entry,
  };
  // clang-format on
  static_assert(sorted_by_name(all));
  return all;
}

} // namespace emptor::entries

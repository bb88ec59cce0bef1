// SPDX-License-Identifier: BSL-1.0
#include "entries.hpp"

#include <emptor/satisfaction/hierarchy_entry.hpp>
#include <emptor/satisfaction/index_competitors_entry.hpp>
#include <emptor/satisfaction/index_groups_entry.hpp>
#include <emptor/satisfaction/index_model_entry.hpp>
#include <emptor/satisfaction/index_prediction_entry.hpp>
#include <emptor/satisfaction/index_report_entry.hpp>
#include <emptor/satisfaction/kano_entry.hpp>
#include <emptor/satisfaction/key_drivers_entry.hpp>
#include <emptor/satisfaction/raking_entry.hpp>
#include <emptor/satisfaction/ratings_entry.hpp>
#include <emptor/satisfaction/recommendation_entry.hpp>
#include <emptor/satisfaction/reliability_entry.hpp>
#include <emptor/satisfaction/service_quality_entry.hpp>

namespace emptor::entries {

std::span<const entry* const> satisfaction() noexcept {
  // clang-format off
  static constexpr std::array all{
    &emptor::satisfaction::hierarchy_entry,
    &emptor::satisfaction::index_competitors_entry,
    &emptor::satisfaction::index_groups_entry,
    &emptor::satisfaction::index_model_entry,
    &emptor::satisfaction::index_prediction_entry,
    &emptor::satisfaction::index_report_entry,
    &emptor::satisfaction::kano_entry,
    &emptor::satisfaction::key_drivers_entry,
    &emptor::satisfaction::raking_entry,
    &emptor::satisfaction::ratings_entry,
    &emptor::satisfaction::recommendation_entry,
    &emptor::satisfaction::reliability_entry,
    &emptor::satisfaction::service_quality_entry,
  };
  // clang-format on
  static_assert(sorted_by_name(all));
  return all;
}

} // namespace emptor::entries

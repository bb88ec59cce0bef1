// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/catalogue.hpp>

namespace emptor {

/// A model that may be handed out. Options that the catalogue has gained since it was written get their
/// defaults; what is refused are tables that are not those of its entry's description (missing or unknown
/// tables and columns, other types, values missing or outside their domain) and what the entry itself
/// refuses. Every model that is created, loaded or imported passes here. \throws error
[[nodiscard]] std::shared_ptr<const model> checked(model made);

/// The models given for an entry's slots, where they are all that it needs and takes. \throws error
[[nodiscard]] std::vector<filled_slot> check_slots(const entry_description& what,
                                                   std::span<const filled_slot> given);

} // namespace emptor

// What statements tell of activities and agents (xAPI 1.0.3 Part Three 2.4 and 2.5).
#pragma once

#include "spec/base/error.hpp"
#include "storage/store_id.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::storage {

class DescriptionStore {
  public:
    DescriptionStore() = default;
    DescriptionStore(const DescriptionStore&) = delete;
    DescriptionStore& operator=(const DescriptionStore&) = delete;
    virtual ~DescriptionStore() = default;

    // What the store's statements have told about an activity, merged (spec::merge_definition), as JSON; or
    // nothing.
    virtual Result<std::optional<std::string>> activity_definition(StoreId store, std::string_view iri) = 0;
    // The names by which the statements have called the agent or group of this spec::identity, sorted.
    virtual Result<std::vector<std::string>> agent_names(StoreId store, std::string_view identity) = 0;
};

} // namespace leerspoor::storage

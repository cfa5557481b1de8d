// What an installation is called, how it looks, which clock counts, and how small a group of people may be
// shown to those who may not see persons.
#pragma once

#include "spec/base/error.hpp"
#include "storage/records.hpp"

#include <boost/json/object.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <string>

namespace leerspoor::server {

struct OrganizationSettings {
    std::string dutch_name;
    std::string english_name;
    std::string accent; // "#rrggbb", readable on white; "": the house's own
    std::string zone;   // of the IANA database; "": the reader's own
    std::size_t smallest_group = 5;
};

// Any thread.
class Organization {
  public:
    static Result<std::unique_ptr<Organization>> load(storage::SmallRecordStore& store);

    OrganizationSettings settings() const;
    // Errors: organization_invalid, with the member as the place; the store's.
    Result<void> change(const boost::json::object& wanted);
    // Rises with every change.
    std::uint64_t version() const;

  private:
    explicit Organization(storage::SmallRecordStore& store) : store_(store) {}

    storage::SmallRecordStore& store_;
    mutable std::shared_mutex mutex_;
    OrganizationSettings settings_;
    std::uint64_t version_ = 0;
};

boost::json::object as_json(const OrganizationSettings& settings);

} // namespace leerspoor::server

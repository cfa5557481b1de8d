// What all resources of xAPI have in common: the version header (xAPI 1.0.3 Part Three 3.3; IEEE 9274.1.1
// 4.1.2.2), Consistent-Through (Part Three 2.1.4) and 1.0.3's alternate request syntax.
#pragma once

#include "server/app/api.hpp"

namespace leerspoor::server::xapi {

class Protocol final : public server::Protocol {
  public:
    // Marks of resources.
    static constexpr std::uint32_t versioned = 1;  // asked in a version
    static constexpr std::uint32_t consistent = 2; // answers carry X-Experience-API-Consistent-Through

    void begin(Request& request) const override;
    bool is_folded(const Request& request, const Resource& resource) const override;
    Result<void> unfold(Request& request) const override;
    // Errors: version_missing, version_unsupported, alternate_request_invalid.
    Result<void> read_head(Request& request, const Resource& resource) const override;
    void before_operation(Request& request, const Resource& resource,
                          const Services& services) const override;
    void complete(const Request& request, const Resource* resource, const Services& services,
                  http::Response& response) const override;
};

} // namespace leerspoor::server::xapi

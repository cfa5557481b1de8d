// An API as a table: its resources, what may be done with each, and who may.
#pragma once

#include "server/app/access.hpp"
#include "server/app/request.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace leerspoor::server {

struct Method {
    std::string_view name; // GET stands for HEAD too
    Access access;
    Operation run = nullptr;
    bool takes_body = false;
    bool takes_long = false;            // Request::client_left is looked at
    Audited audited = Audited::nothing; // what the access log is told when it succeeded
    // Null, or says of which requests the body is read by the operation as it arrives.
    bool (*streams)(const http::RequestHead& head) = nullptr;
    std::size_t Settings::*streams_up_to = &Settings::max_attachments_bytes;
};

struct Resource {
    std::string_view name; // in metrics
    std::string_view path; // below the API's prefix, {name} for any one segment: "/jobs/{id}"; {name...} at
                           // its end for all that follows
    std::span<const Method> methods;
    std::uint32_t marks = 0; // bits that the API's protocol gives a meaning
};

// What all requests of an API have in common. Any thread; keeps nothing of a request.
class Protocol {
  public:
    Protocol() = default;
    Protocol(const Protocol&) = delete;
    Protocol& operator=(const Protocol&) = delete;
    virtual ~Protocol() = default;

    // First of all, also of requests that are then refused.
    virtual void begin(Request& request) const = 0;
    // Is the true request in the body of this one? Then it is read up to `folded_limit` before anything else
    // is decided, and unfolded in place: head and body.
    virtual bool is_folded(const Request& request, const Resource& resource) const = 0;
    virtual Result<void> unfold(Request& request) const = 0;
    // The head of a request whose sender is known.
    virtual Result<void> read_head(Request& request, const Resource& resource) const = 0;
    // Just before the operation runs.
    virtual void before_operation(Request& request, const Resource& resource,
                                  const Services& services) const = 0;
    // Header fields that every answer has, refusals too. `resource` null: there is none at the path.
    virtual void complete(const Request& request, const Resource* resource, const Services& services,
                          http::Response& response) const = 0;
};

struct Api {
    // The name in Host that it is found under; "*.content.example" is one label before the rest, which is the
    // path parameter "host". Empty: under every name that no other API claims.
    std::string host;
    std::span<const std::string_view> prefixes; // "/xapi"; "" for the root
    std::span<const Resource> resources;
    const Protocol* protocol = nullptr;
    bool cross_origin = false;  // pages of other origins may use it (CORS)
    bool doubled_slash = false; // is understood after the prefix
};

} // namespace leerspoor::server

#include "server/xapi/protocol.hpp"

#include "server/xapi/alternate_syntax.hpp"

namespace leerspoor::server::xapi {
namespace {

constexpr std::string_view version_field = "X-Experience-API-Version";

Result<spec::Version> version_of(const http::RequestHead& head) {
    return spec::parse_version_header(head.fields.find(version_field).value_or(""));
}

} // namespace

// Whatever becomes of the request, its answer is spoken in a version.
void Protocol::begin(Request& request) const {
    if (const auto version = version_of(request.head)) request.version = *version;
}

bool Protocol::is_folded(const Request& request, const Resource& resource) const {
    return (resource.marks & versioned) != 0 && is_alternate(request.head);
}

Result<void> Protocol::unfold(Request& request) const {
    request.version = spec::Version::v1_0_3;
    if (auto unfolded = unfold_alternate(request.head, request.body.bytes); !unfolded) return unfolded;
    if (is_alternate(request.head)) {
        return Error{"alternate_request_invalid", "", "`method` cannot be a field of the form."};
    }
    begin(request);
    return {};
}

Result<void> Protocol::read_head(Request& request, const Resource& resource) const {
    if ((resource.marks & versioned) == 0) return {};
    const auto version = version_of(request.head);
    if (!version) {
        // A refusal of who says nothing is spoken in the version that this key used last.
        if (request.principal && !request.head.fields.contains(version_field))
            request.version = request.principal->last_version;
        return version.error();
    }
    // Written only when it changes: all threads read it.
    if (request.principal && request.principal->last_version != *version)
        request.principal->last_version = *version;
    return {};
}

void Protocol::before_operation(Request& request, const Resource& resource, const Services& services) const {
    if ((resource.marks & consistent) != 0) request.consistent_through = services.store.consistent_through();
}

void Protocol::complete(const Request& request, const Resource* resource, const Services& services,
                        http::Response& response) const {
    response.fields.add(version_field, std::string(spec::to_string(request.version)));
    if (!resource || (resource->marks & consistent) == 0) return;
    const auto through =
        request.consistent_through ? *request.consistent_through : services.store.consistent_through();
    response.fields.add("X-Experience-API-Consistent-Through", spec::format_timestamp(through));
}

} // namespace leerspoor::server::xapi

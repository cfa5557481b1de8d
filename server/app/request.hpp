// One request as an operation sees it, and the shape that every operation has.
#pragma once

#include "server/app/services.hpp"
#include "server/auth/key_ring.hpp"
#include "server/http/handler.hpp"
#include "spec/base/timestamp.hpp"
#include "spec/base/version.hpp"

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leerspoor::server {

// What a path or a host name says where the route has a {name}, decoded.
using PathParameters = std::vector<std::pair<std::string_view, std::string>>;

// Everything that the head alone decides was decided: the client may do this.
struct Request {
    http::RequestHead head; // in the alternate request syntax: of the request that the form describes
    http::Body body;
    std::shared_ptr<const auth::Principal> principal; // null where nobody has to say who they are
    std::string resource_path; // as asked for, e.g. /xapi/statements; for links to itself
    PathParameters path_parameters;

    // Of an operation that takes long: the client has closed the connection, and waits no more.
    const std::atomic<bool>* client_left = nullptr;

    // Of xAPI.
    spec::Version version = spec::Version::v2_0_0;
    std::optional<spec::Instant> consistent_through; // before the answer was made
};

// The value of {name} in the path.
inline std::string_view path_parameter(const Request& request, std::string_view name) {
    for (const auto& [known, value] : request.path_parameters) {
        if (known == name) return value;
    }
    return "";
}

// Reads top to bottom: parse, validate, do, answer. An error becomes problem+json; common header fields are
// added afterwards. Both parameters outlive the coroutine.
using Operation = boost::asio::awaitable<Result<http::Response>> (*)(const Services& services,
                                                                     const Request& request);

} // namespace leerspoor::server

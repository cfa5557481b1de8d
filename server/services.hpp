// What a resource needs to do its work, and the shape every resource's operations have.
#pragma once

#include "server/auth/key_ring.hpp"
#include "server/http/message.hpp"
#include "server/settings.hpp"
#include "spec/version.hpp"
#include "storage/record_store.hpp"

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>

namespace leerspoor::server {

class Metrics;

// Built once; lives as long as the application.
struct Services {
    storage::RecordStore& store;
    const Settings& settings;
    Metrics& metrics;
};

// One request on its way through a resource. All checks that need only its head were passed.
struct Exchange {
    http::Request request;
    spec::Version version = spec::Version::v2_0_0;
    std::shared_ptr<const auth::Principal> principal; // null where none is asked for
    std::string resource_path; // as asked for, e.g. /xapi/statements; for links to itself
};

// Reads top to bottom: parse, validate, do, answer. Common headers are added afterwards.
using Operation = boost::asio::awaitable<http::Response> (*)(const Services& services, Exchange exchange);

} // namespace leerspoor::server

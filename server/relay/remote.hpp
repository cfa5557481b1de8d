// Requests to other servers, over HTTPS or HTTP, by libcurl: no redirects, because what is sent has a secret;
// everything limited in time and size.
#pragma once

#include "spec/base/error.hpp"

#include <atomic>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leerspoor::server::relay {

struct RemoteRequest {
    std::string method = "GET";
    std::string url;                                         // http or https
    std::vector<std::pair<std::string, std::string>> fields; // further header fields
    std::string key;                                         // with `secret`: Basic; "" without
    std::string secret;
    std::string body;        // of POST
    std::string certificate; // PEM, trusted instead of the system's; "": the system's
};

struct RemoteResponse {
    int status = 0;
    std::map<std::string, std::string, std::less<>> fields; // names in lower case
    std::string body;                                       // up to 64 MiB
};

// Sends it and waits for the answer, up to two minutes, or until `stop`. Any thread; not for an event loop.
// Error: remote_unreachable, with what is the matter.
Result<RemoteResponse> ask_remote(const RemoteRequest& request, const std::atomic<bool>& stop);

// "https://host:port" of a URL; nothing when it is none of http or https.
std::optional<std::string> origin_of(std::string_view url);

} // namespace leerspoor::server::relay

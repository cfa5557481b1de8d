// Finds what a request is about.
#pragma once

#include "server/app/api.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server {

struct Match {
    const Api* api = nullptr;           // never null: the first one where none has the path
    const Resource* resource = nullptr; // null: there is nothing at this path
    std::string path;                   // prefix and resource, without doubled slashes
    PathParameters parameters;
};

// Any thread.
class Router {
  public:
    // REQUIRES: at least one; each with a protocol.
    explicit Router(std::vector<Api> apis);

    Match find(const http::RequestHead& head) const;

  private:
    bool is_at(const Api& api, std::string_view host, PathParameters& parameters) const;

    std::vector<Api> apis_;
    bool hosts_matter_ = false;
};

// Null when the resource cannot do that.
const Method* find_method(const Resource& resource, std::string_view name);

// "GET, HEAD, POST"
std::string allowed_methods(const Resource& resource);

} // namespace leerspoor::server

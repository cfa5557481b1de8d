// Every path that Leerspoor answers, what may be done there and who may: one table. A new resource is a new
// file and one line here.
#pragma once

#include "server/auth/scopes.hpp"
#include "server/services.hpp"

#include <span>
#include <string>
#include <string_view>

namespace leerspoor::server {

enum class Access {
    open,     // everybody
    key,      // a key with one of the operation's scopes
    operators // clients on this machine, or a key with one of the operation's scopes
};

struct Method {
    std::string_view name; // GET stands for HEAD too
    auth::Scopes scopes;   // one of them is enough
    bool takes_body = false;
    Operation run = nullptr;
    bool takes_attachments = false; // reads multipart/mixed as it arrives
};

struct Resource {
    std::string_view name; // also in metrics
    bool xapi = false;     // below a prefix of the specification's resources
    bool versioned = false;
    bool statements = false; // answers carry X-Experience-API-Consistent-Through
    Access access = Access::open;
    std::span<const Method> methods;
};

struct Match {
    const Resource* resource = nullptr; // null: there is nothing at this path
    std::string path;                   // without doubled slashes
};

// xAPI's resources are found below /xapi, /xAPI and /data/xAPI.
Match find_resource(std::string_view path);

// Null when the resource cannot do that.
const Method* find_method(const Resource& resource, std::string_view name);

// "GET, HEAD, POST"
std::string allowed_methods(const Resource& resource);

} // namespace leerspoor::server

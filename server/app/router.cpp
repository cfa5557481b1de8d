#include "server/app/router.hpp"

#include "server/http/percent.hpp"
#include "spec/base/ascii.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace leerspoor::server {
namespace {

// Without its port (RFC 9110 7.2).
std::string_view host_of(const http::RequestHead& head) {
    const auto host = head.fields.find("Host").value_or("");
    if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
    return host.substr(0, host.find(':'));
}

bool is_host(std::string_view pattern, std::string_view host, PathParameters& parameters) {
    if (!pattern.starts_with("*.")) return spec::equal_but_for_case(pattern, host);
    const auto dot = host.find('.');
    if (dot == std::string_view::npos || dot == 0) return false;
    if (!spec::equal_but_for_case(host.substr(dot), pattern.substr(1))) return false;
    parameters.emplace_back("host", spec::lower_case(host.substr(0, dot)));
    return true;
}

std::string_view take_segment(std::string_view& path) {
    const auto segment = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), segment.size() + 1));
    return segment;
}

// Both begin with "/".
bool is_path(std::string_view pattern, std::string_view path, PathParameters& parameters) {
    if (pattern.find('{') == std::string_view::npos) return pattern == path;
    constexpr std::string_view all_of_it = "...}";
    const bool takes_rest = pattern.ends_with(all_of_it);
    if (!takes_rest &&
        std::count(pattern.begin(), pattern.end(), '/') != std::count(path.begin(), path.end(), '/'))
        return false;
    const std::size_t known = parameters.size();
    while (!pattern.empty() || !path.empty()) {
        const auto wanted = take_segment(pattern);
        const bool is_rest = takes_rest && pattern.empty();
        const auto given = is_rest ? std::exchange(path, {}) : take_segment(path);
        if (wanted == given) continue;
        auto value = wanted.starts_with('{') && !given.empty() ? http::percent_decode(given) : std::nullopt;
        if (!value) {
            parameters.resize(known);
            return false;
        }
        const auto name = wanted.substr(1, wanted.size() - (is_rest ? 1 + all_of_it.size() : 2));
        parameters.emplace_back(name, std::move(*value));
    }
    return true;
}

// What follows the prefix, from its slash on; nothing when the path is not below it.
std::optional<std::string_view> below(std::string_view prefix, std::string_view path, bool doubled_slash) {
    if (!path.starts_with(prefix)) return std::nullopt;
    path.remove_prefix(prefix.size());
    if (!path.starts_with('/')) return std::nullopt;
    if (doubled_slash && path.starts_with("//")) path.remove_prefix(1);
    return path;
}

} // namespace

Router::Router(std::vector<Api> apis)
    : apis_(std::move(apis)), hosts_matter_(std::any_of(apis_.begin(), apis_.end(),
                                                        [](const Api& api) { return !api.host.empty(); })) {}

bool Router::is_at(const Api& api, std::string_view host, PathParameters& parameters) const {
    if (!hosts_matter_) return true;
    if (!api.host.empty()) return is_host(api.host, host, parameters);
    return std::none_of(apis_.begin(), apis_.end(), [&](const Api& other) {
        PathParameters ignored;
        return !other.host.empty() && is_host(other.host, host, ignored);
    });
}

Match Router::find(const http::RequestHead& head) const {
    Match match;
    const auto path = head.path();
    const auto host = hosts_matter_ ? host_of(head) : std::string_view();
    for (const auto& api : apis_) {
        PathParameters parameters;
        if (!is_at(api, host, parameters)) continue;
        for (const auto prefix : api.prefixes) {
            const auto rest = below(prefix, path, api.doubled_slash);
            if (!rest) continue;
            for (const auto& resource : api.resources) {
                if (!is_path(resource.path, *rest, parameters)) continue;
                return {&api, &resource, std::string(prefix).append(*rest), std::move(parameters)};
            }
            if (!prefix.empty()) match.api = &api; // speaks for what is not there
        }
        if (!api.host.empty()) match.api = &api;
    }
    if (!match.api) match.api = &apis_.front();
    return match;
}

const Method* find_method(const Resource& resource, std::string_view name) {
    if (name == "HEAD") name = "GET";
    for (const auto& method : resource.methods) {
        if (method.name == name) return &method;
    }
    return nullptr;
}

std::string allowed_methods(const Resource& resource) {
    std::string list;
    for (const auto& method : resource.methods) {
        if (!list.empty()) list += ", ";
        list += method.name;
        if (method.name == "GET") list += ", HEAD";
    }
    return list;
}

} // namespace leerspoor::server

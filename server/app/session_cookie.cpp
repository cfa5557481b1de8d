#include "server/app/session_cookie.hpp"

#include "server/http/date.hpp"
#include "spec/base/ascii.hpp"

namespace leerspoor::server {
namespace {

constexpr std::string_view name = "__Host-leerspoor=";
constexpr std::string_view attributes = "; Path=/; Secure; HttpOnly; SameSite=Strict";

} // namespace

std::optional<std::string_view> session_token(const http::RequestHead& head) {
    for (const auto& [field, value] : head.fields) {
        if (!spec::equal_but_for_case(field, "Cookie")) continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            auto one = rest.substr(0, rest.find(';'));
            rest.remove_prefix(std::min(rest.size(), one.size() + 1));
            while (one.starts_with(' ')) one.remove_prefix(1);
            if (one.starts_with(name)) return one.substr(name.size());
        }
    }
    return std::nullopt;
}

std::string session_cookie(std::string_view token, spec::Instant expires) {
    return std::string(name)
        .append(token)
        .append(attributes)
        .append("; Expires=")
        .append(http::date(expires));
}

std::string no_session_cookie() {
    return std::string(name).append(attributes).append("; Max-Age=0");
}

} // namespace leerspoor::server

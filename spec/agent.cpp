#include "spec/agent.hpp"

#include "spec/base/ascii.hpp"
#include "spec/base/json.hpp"
#include "spec/validate.hpp"

#include <algorithm>

namespace leerspoor::spec {
namespace {

std::string_view string_at(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    const auto* string = value == nullptr ? nullptr : value->if_string();
    return string == nullptr ? std::string_view{} : std::string_view(*string);
}

void append_lower(std::string& out, std::string_view text) {
    for (const char c : text) out += lower_case(c);
}

} // namespace

std::string identity(const boost::json::object& actor) {
    std::string identity;
    if (const auto mbox = string_at(actor, "mbox"); !mbox.empty()) {
        const auto domain = std::min(mbox.find('@'), mbox.size());
        identity.reserve(5 + mbox.size());
        identity.append("mbox ").append(mbox.substr(0, domain));
        append_lower(identity, mbox.substr(domain));
    } else if (const auto* account = actor.if_contains("account")) {
        const auto& parts = account->get_object();
        const auto home_page = string_at(parts, "homePage");
        const auto name = string_at(parts, "name");
        identity.reserve(9 + home_page.size() + name.size());
        identity.append("account ").append(home_page).append(" ").append(name);
    } else if (const auto openid = string_at(actor, "openid"); !openid.empty()) {
        identity.append("openid ").append(openid);
    } else if (const auto sha1 = string_at(actor, "mbox_sha1sum"); !sha1.empty()) {
        identity.append("mbox_sha1sum ");
        append_lower(identity, sha1);
    }
    return identity;
}

boost::json::object identifier_of(std::string_view identity) {
    const auto blank = identity.find(' ');
    const auto kind = identity.substr(0, blank);
    const auto rest = blank == std::string_view::npos ? std::string_view() : identity.substr(blank + 1);
    boost::json::object identifier;
    if (kind != "account") {
        identifier.emplace(kind, rest);
        return identifier;
    }
    const auto between = rest.find(' ');
    boost::json::object account;
    account.emplace("homePage", rest.substr(0, between));
    account.emplace("name",
                    between == std::string_view::npos ? std::string_view() : rest.substr(between + 1));
    identifier.emplace("account", std::move(account));
    return identifier;
}

Result<boost::json::object> parse_agent(std::string_view json, Version version, bool group_allowed) {
    auto value = parse_json(json);
    if (!value.has_value()) return value.error();
    if (const auto checked = validate_actor(*value, version); !checked.has_value()) return checked.error();
    auto& actor = value->get_object();
    if (string_at(actor, "objectType") == "Group") {
        if (!group_allowed) return Error{"group_not_allowed", "", "An Agent is required here, not a Group."};
        if (identity(actor).empty()) {
            return Error{"group_anonymous", "", "A Group must have an identifier to be looked for."};
        }
    }
    return std::move(actor);
}

} // namespace leerspoor::spec

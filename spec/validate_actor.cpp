// Agents, Groups and authorities (xAPI 1.0.3 Part Two 2.4.2, 2.4.9; IEEE 9274.1.1 4.2.2.1, 4.2.4.2).
#include "spec/iri.hpp"
#include "spec/validator.hpp"

#include <algorithm>
#include <bit>

namespace leerspoor::spec {
namespace {

// Bits of the inverse functional identifiers, which come first in both lists of properties below.
constexpr std::uint32_t identifiers = 0b1111;
constexpr std::uint32_t member_bit = 1U << 6;

} // namespace

bool Validator::agent_or_group(const Value& value) {
    return actor_of(value, Actors::either);
}

bool Validator::actor_of(const Value& value, Actors allowed) {
    static constexpr Property properties[] = {
        {"mbox", &Validator::mbox},
        {"mbox_sha1sum", &Validator::sha1},
        {"openid", &Validator::iri},
        {"account", &Validator::account},
        {"name", &Validator::text},
        {"objectType", &Validator::text},
        {"member", &Validator::group_members},
    };
    constexpr std::size_t agent_properties = 6;

    const auto* actor = object_of(value);
    if (actor == nullptr) return false;
    const auto* type = actor->if_contains("objectType");
    const bool is_group = type != nullptr && type->is_string() && type->get_string() == "Group";
    const bool is_agent = type == nullptr || (type->is_string() && type->get_string() == "Agent");
    if (!is_group && !is_agent) {
        const At at(*this, "objectType");
        if (type->is_null()) return fail("value_null", "Null is allowed inside extensions only.");
        if (!text(*type)) return false;
        return fail("object_type_invalid", R"(The value must be "Agent" or "Group".)");
    }
    if (allowed == Actors::group && !is_group) {
        return type == nullptr
                   ? fail("group_required", R"(A Group with "objectType": "Group" is required here.)")
                   : fail_at("objectType", "group_required", "A Group is required here, not an Agent.");
    }
    if (allowed == Actors::agent && is_group) {
        return fail_at("objectType", "group_not_allowed", "An Agent is required here, not a Group.");
    }

    Seen seen = 0;
    const auto count = is_group ? std::size(properties) : agent_properties;
    if (!members(*actor, Properties(properties, count), seen)) return false;
    if (!exactly_one_identifier(seen, is_group)) return false;
    if (!is_group || (seen & identifiers) != 0) return true;
    if ((seen & member_bit) == 0) {
        return fail("group_member_missing", R"(A Group without an identifier must have a "member".)");
    }
    if (actor->at("member").get_array().empty()) {
        return fail_at("member", "group_member_missing", "A Group without an identifier must have members.");
    }
    return true;
}

bool Validator::exactly_one_identifier(Seen seen, bool may_lack) {
    const auto count = std::popcount(seen & identifiers);
    if (count == 1 || (count == 0 && may_lack)) return true;
    constexpr auto names = R"("mbox", "mbox_sha1sum", "openid" or "account")";
    if (count == 0) {
        return fail("ifi_missing", std::string("An Agent must have one identifier: ") + names + '.');
    }
    return fail("ifi_several", std::string("Only one identifier is allowed: ") + names + '.');
}

bool Validator::group_members(const Value& value) {
    return elements(value, [this](const Value& member) { return agent(member); });
}

bool Validator::mbox(const Value& value) {
    const auto string = string_of(value);
    if (!string) return false;
    return is_mailto_iri(*string) ||
           fail("mbox_invalid", "The value must be mailto: and an address, such as mailto:ann@example.com.");
}

bool Validator::sha1(const Value& value) {
    const auto string = string_of(value);
    if (!string) return false;
    return is_hex(*string, 40) ||
           fail("sha1_invalid", "The value must be the 40 hexadecimal digits of a SHA-1 digest.");
}

bool Validator::account(const Value& value) {
    static constexpr Property properties[] = {
        {"homePage", &Validator::irl},
        {"name", &Validator::text},
    };
    const auto* account = object_of(value);
    Seen seen = 0;
    return account != nullptr && members(*account, properties, seen) && required(properties, seen, 0b11);
}

bool Validator::authority(const Value& value) {
    if (!agent_or_group(value)) return false;
    const auto& authority = value.get_object();
    const auto* type = authority.if_contains("objectType");
    if (type == nullptr || type->get_string() == "Agent") return true;
    for (const auto* identifier : {"mbox", "mbox_sha1sum", "openid", "account"}) {
        if (authority.contains(identifier)) {
            return fail_at(identifier, "authority_invalid",
                           "A Group as authority must not have an identifier.");
        }
    }
    const auto& group_members = authority.at("member").get_array();
    if (group_members.size() != 2) {
        return fail_at("member", "authority_invalid", "A Group as authority must have exactly two members.");
    }
    const auto is_consumer = [](const Value& member) { return member.get_object().contains("account"); };
    return std::any_of(group_members.begin(), group_members.end(), is_consumer) ||
           fail_at("member", "authority_invalid",
                   R"(One of the two members must be the OAuth consumer, by "account".)");
}

} // namespace leerspoor::spec

#include "spec/format.hpp"

#include "spec/agent.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <initializer_list>

namespace leerspoor::spec {
namespace {

namespace json = boost::json;

std::string_view type_of(const json::object& object) {
    const auto* type = object.if_contains("objectType");
    return type == nullptr ? std::string_view{} : std::string_view(type->get_string());
}

void keep_only(json::object& object, std::initializer_list<std::string_view> keys) {
    for (auto it = object.begin(); it != object.end();) {
        const bool kept = std::find(keys.begin(), keys.end(), std::string_view(it->key())) != keys.end();
        it = kept ? it + 1 : object.stable_erase(it);
    }
}

void reduce_actor(json::object& actor) {
    if (type_of(actor) != "Group" || !identity(actor).empty()) {
        return keep_only(actor, {"objectType", "mbox", "mbox_sha1sum", "openid", "account"});
    }
    keep_only(actor, {"objectType", "member"});
    for (auto& member : actor.at("member").get_array()) {
        reduce_actor(member.get_object());
    }
}

// Calls `visit` with each Activity of contextActivities.
template <class Visit>
void for_each_context_activity(json::object& context, Visit visit) {
    auto* lists = context.if_contains("contextActivities");
    if (lists == nullptr) return;
    for (auto& list : lists->get_object()) {
        if (auto* single = list.value().if_object()) {
            visit(*single);
            continue;
        }
        for (auto& activity : list.value().get_array()) {
            visit(activity.get_object());
        }
    }
}

void reduce_activity(json::object& activity) {
    keep_only(activity, {"id"}); // an object without objectType is an Activity
}

void reduce_context(json::object& context) {
    for (const auto* key : {"instructor", "team"}) {
        if (auto* actor = context.if_contains(key)) reduce_actor(actor->get_object());
    }
    for_each_context_activity(context, reduce_activity);
    for (const auto& [list, inner] :
         {std::pair{"contextAgents", "agent"}, std::pair{"contextGroups", "group"}}) {
        auto* actors = context.if_contains(list);
        if (actors == nullptr) continue;
        for (auto& element : actors->get_array()) {
            reduce_actor(element.at(inner).get_object());
        }
    }
}

void reduce_context_to_1_0_3(json::object& holder) {
    auto* context = holder.if_contains("context");
    if (context == nullptr) return;
    auto& members = context->get_object();
    for (const auto* key : {"contextAgents", "contextGroups"}) members.erase(key);
    if (members.empty()) holder.erase("context");
}

} // namespace

std::optional<Format> parse_format(std::string_view text) {
    if (text == "exact") return Format::exact;
    if (text == "ids") return Format::ids;
    if (text == "canonical") return Format::canonical;
    return std::nullopt;
}

void reduce_to_ids(json::object& statement) {
    reduce_actor(statement.at("actor").get_object());
    keep_only(statement.at("verb").get_object(), {"id"});
    if (auto* authority = statement.if_contains("authority")) reduce_actor(authority->get_object());
    if (auto* context = statement.if_contains("context")) reduce_context(context->get_object());
    auto& object = statement.at("object").get_object();
    const auto type = type_of(object);
    if (type.empty() || type == "Activity") {
        reduce_activity(object);
    } else if (type == "Agent" || type == "Group") {
        reduce_actor(object);
    } else if (type == "SubStatement") {
        reduce_to_ids(object);
    }
}

void reduce_to_1_0_3(json::object& statement) {
    reduce_context_to_1_0_3(statement);
    auto& object = statement.at("object").get_object();
    if (type_of(object) == "SubStatement") reduce_context_to_1_0_3(object);
    auto* version = statement.if_contains("version");
    if (version != nullptr && !version->get_string().starts_with("1.0")) *version = "1.0.0";
}

} // namespace leerspoor::spec

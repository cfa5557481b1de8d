#include "spec/format.hpp"

#include "spec/agent.hpp"
#include "spec/walk.hpp"

#include <algorithm>
#include <initializer_list>

namespace leerspoor::spec {
namespace {

namespace json = boost::json;

void keep_only(json::object& object, std::initializer_list<std::string_view> keys) {
    for (auto it = object.begin(); it != object.end();) {
        const bool kept = std::find(keys.begin(), keys.end(), std::string_view(it->key())) != keys.end();
        it = kept ? it + 1 : object.stable_erase(it);
    }
}

struct Reduction : Visitor<json::object> {
    void statement(json::object& statement, bool /*in_sub_statement*/) {
        keep_only(statement.at("verb").get_object(), {"id"});
    }
    void actor(json::object& actor, Place /*place*/) {
        if (object_type(actor) == ObjectType::group && identity(actor).empty()) {
            keep_only(actor, {"objectType", "member"});
        } else {
            keep_only(actor, {"objectType", "mbox", "mbox_sha1sum", "openid", "account"});
        }
    }
    void activity(json::object& activity, Place /*place*/) {
        keep_only(activity, {"id"}); // an object without objectType is an Activity
    }
};

} // namespace

std::optional<Format> parse_format(std::string_view text) {
    if (text == "exact") return Format::exact;
    if (text == "ids") return Format::ids;
    if (text == "canonical") return Format::canonical;
    return std::nullopt;
}

void reduce_to_ids(json::object& statement) {
    Reduction reduction;
    walk(statement, reduction);
}

} // namespace leerspoor::spec

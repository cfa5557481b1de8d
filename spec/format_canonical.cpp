// The canonical format (xAPI 1.0.3 Part Three 2.1.3).
#include "spec/format.hpp"
#include "spec/walk.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace leerspoor::spec {
namespace {

namespace json = boost::json;

class Canonical : public Visitor<json::object> {
  public:
    Canonical(const LanguagePreferences& preferences, const CanonicalDefinition& definition_of)
        : preferences_(preferences), definition_of_(definition_of) {}

    void statement(json::object& statement, bool /*in_sub_statement*/) const {
        pick(statement.at("verb").get_object(), "display");
        auto* attachments = statement.if_contains("attachments");
        if (attachments == nullptr) return;
        for (auto& attachment : attachments->get_array()) {
            pick(attachment.get_object(), "display");
            pick(attachment.get_object(), "description");
        }
    }

    void activity(json::object& activity, Place /*place*/) const {
        if (definition_of_) {
            if (const auto* known = definition_of_(activity.at("id").get_string()))
                activity["definition"] = *known;
        }
        auto* found = activity.if_contains("definition");
        if (found == nullptr) return;
        auto& definition = found->get_object();
        pick(definition, "name");
        pick(definition, "description");
        for (const auto* list : {"choices", "scale", "source", "target", "steps"}) {
            auto* components = definition.if_contains(list);
            if (components == nullptr) continue;
            for (auto& component : components->get_array()) pick(component.get_object(), "description");
        }
    }

  private:
    // Leaves one language.
    void pick(json::object& parent, std::string_view key) const {
        auto* value = parent.if_contains(key);
        if (value == nullptr) return;
        auto& map = value->get_object();
        if (map.size() < 2) return;
        const auto best = preferences_.best(map);
        json::object one(map.storage());
        one.emplace(best->key(), best->value());
        map = std::move(one);
    }

    const LanguagePreferences& preferences_;
    const CanonicalDefinition& definition_of_;
};

} // namespace

void make_canonical(json::object& statement, const LanguagePreferences& preferences,
                    const CanonicalDefinition& definition_of) {
    Canonical canonical(preferences, definition_of);
    walk(statement, canonical);
}

} // namespace leerspoor::spec

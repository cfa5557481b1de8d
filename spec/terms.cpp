#include "spec/terms.hpp"

#include "spec/agent.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <string_view>

namespace leerspoor::spec {
namespace {

namespace json = boost::json;

std::string_view type_of(const json::object& object) {
    const auto* type = object.if_contains("objectType");
    return type == nullptr ? std::string_view{} : std::string_view(type->get_string());
}

class Collector {
  public:
    Collector() { terms_.reserve(16); }

    void statement(const json::object& statement) {
        add(Filter::verb, std::string(statement.at("verb").at("id").get_string()));
        actor(statement.at("actor").get_object(), true);
        object(statement.at("object").get_object());
        attachments(statement);
        if (const auto* found = statement.if_contains("context")) {
            context(found->get_object());
            if (const auto* registration = found->get_object().if_contains("registration")) {
                add(Filter::registration, lower(registration->get_string()));
            }
        }
    }

    // A Group is found by its members too.
    void actor(const json::object& actor, bool direct) {
        if (auto text = identity(actor); !text.empty()) {
            if (direct) add(Filter::agent, text);
            add(Filter::related_agent, std::move(text));
        }
        if (const auto* members = actor.if_contains("member")) {
            for (const auto& member : members->get_array()) {
                this->actor(member.get_object(), direct);
            }
        }
    }

    std::vector<Term> take() {
        std::sort(terms_.begin(), terms_.end());
        terms_.erase(std::unique(terms_.begin(), terms_.end()), terms_.end());
        return std::move(terms_);
    }

  private:
    static std::string lower(std::string_view text) {
        std::string result(text);
        std::transform(result.begin(), result.end(), result.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        return result;
    }

    void add(Filter filter, std::string text) { terms_.push_back(Term{filter, std::move(text)}); }

    void activity(const json::object& activity, bool direct) {
        const auto& id = activity.at("id").get_string();
        if (direct) add(Filter::activity, std::string(id));
        add(Filter::related_activity, std::string(id));
    }

    void object(const json::object& object) {
        const auto type = type_of(object);
        if (type.empty() || type == "Activity") {
            activity(object, true);
        } else if (type == "Agent" || type == "Group") {
            actor(object, true);
        } else if (type == "SubStatement") {
            sub_statement(object);
        }
    }

    // Everything in a SubStatement is related only.
    void sub_statement(const json::object& statement) {
        actor(statement.at("actor").get_object(), false);
        const auto& object = statement.at("object").get_object();
        const auto type = type_of(object);
        if (type.empty() || type == "Activity") {
            activity(object, false);
        } else if (type == "Agent" || type == "Group") {
            actor(object, false);
        }
        attachments(statement);
        if (const auto* found = statement.if_contains("context")) context(found->get_object());
    }

    void attachments(const json::object& statement) {
        const auto* found = statement.if_contains("attachments");
        if (found == nullptr) return;
        for (const auto& attachment : found->get_array()) {
            add(Filter::attachment, lower(attachment.at("sha2").get_string()));
        }
    }

    void context(const json::object& context) {
        for (const auto& member : context) {
            const std::string_view key = member.key();
            if (key == "instructor" || key == "team") {
                actor(member.value().get_object(), false);
            } else if (key == "contextActivities") {
                context_activities(member.value().get_object());
            } else if (key == "contextAgents" || key == "contextGroups") {
                const std::string_view inner = key == "contextAgents" ? "agent" : "group";
                for (const auto& element : member.value().get_array()) {
                    actor(element.at(inner).get_object(), false);
                }
            }
        }
    }

    void context_activities(const json::object& lists) {
        for (const auto& list : lists) {
            if (const auto* single = list.value().if_object()) {
                activity(*single, false);
                continue;
            }
            for (const auto& element : list.value().get_array()) {
                activity(element.get_object(), false);
            }
        }
    }

    std::vector<Term> terms_;
};

} // namespace

std::vector<Term> filter_terms(const json::object& statement) {
    Collector collector;
    collector.statement(statement);
    if (const auto* authority = statement.if_contains("authority"))
        collector.actor(authority->get_object(), false);
    return collector.take();
}

std::vector<Term> filter_terms(const json::object& statement, const json::object& authority) {
    Collector collector;
    collector.statement(statement);
    collector.actor(authority, false);
    return collector.take();
}

} // namespace leerspoor::spec

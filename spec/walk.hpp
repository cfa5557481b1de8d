// The one walk over a statement's parts (xAPI 1.0.3 Part Two 2.4; IEEE 9274.1.1 4.2.2): who knows where
// actors and activities may stand is this file, and whoever needs them is a visitor.
#pragma once

#include "spec/base/uuid.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

namespace leerspoor::spec {

inline constexpr std::string_view voiding_verb = "http://adlnet.gov/expapi/verbs/voided";

enum class ObjectType : std::uint8_t { activity, agent, group, sub_statement, statement_ref };

// By `objectType`; without one it is an Activity (2.4.4). REQUIRES: an object of a valid statement.
ObjectType object_type(const boost::json::object& object);

// What a statement whose object is a StatementRef refers to. Looked for carefully: any JSON object will do.
struct Reference {
    Uuid target;
    bool voids = false; // the verb is the voiding verb (2.3.2)
};
std::optional<Reference> reference_of(const boost::json::object& statement);

// How an actor or activity belongs to the statement.
enum class Role : std::uint8_t {
    actor,
    object,
    instructor,
    team,
    context_activity,
    context_actor, // of contextAgents and contextGroups
    authority,
};

struct Place {
    Role role{};
    bool in_sub_statement = false;
};

// Visitors derive from this and hide what they need. An object is visited before its members are, so a
// visitor may change it then.
template <class Object>
struct Visitor {
    using Value = std::conditional_t<std::is_const_v<Object>, const boost::json::value, boost::json::value>;

    void statement(Object& /*statement*/, bool /*in_sub_statement*/) {}
    void actor(Object& /*actor*/, Place /*place*/) {} // Agents and Groups, and the members of Groups
    void after_actor(Object& /*actor*/) {}
    void activity(Object& /*activity*/, Place /*place*/) {}
    void after_activity(Object& /*activity*/) {}

    // For who writes all of it again, in its order.
    bool keeps(bool /*in_sub_statement*/, std::string_view /*key*/) { return true; } // a statement's member
    void begin_object() {}
    void end_object() {}
    void begin_array() {}
    void end_array() {}
    void next_element() {}
    void key(std::string_view /*key*/) {}
    void value(Value& /*value*/) {}                           // with nothing in it that is visited
    void timestamp(std::string_view /*text*/) {}              // of the statement
    void definition(Value& definition) { value(definition); } // of an activity
    void activity_id(Value& id) { value(id); }
};

template <class Object, class Visit>
class Walk {
  public:
    explicit Walk(Visit& visitor) : visitor_(visitor) {}

    // REQUIRES: a valid statement, as sent or as stored.
    void statement(Object& statement, bool in_sub_statement = false) {
        visitor_.statement(statement, in_sub_statement);
        visitor_.begin_object();
        for (auto& member : statement) {
            const std::string_view key = member.key();
            if (!visitor_.keeps(in_sub_statement, key)) continue;
            visitor_.key(key);
            if (key == "actor") {
                actor(member.value().get_object(), {Role::actor, in_sub_statement});
            } else if (key == "object") {
                object(member.value().get_object(), in_sub_statement);
            } else if (key == "context") {
                context(member.value().get_object(), in_sub_statement);
            } else if (key == "authority") {
                actor(member.value().get_object(), {Role::authority, in_sub_statement});
            } else if (key == "timestamp") {
                visitor_.timestamp(member.value().get_string());
            } else {
                visitor_.value(member.value());
            }
        }
        visitor_.end_object();
    }

    void actor(Object& actor, Place place) {
        visitor_.actor(actor, place);
        members(actor, [this, place](std::string_view key, auto& value) {
            if (key != "member") return visitor_.value(value);
            array(value, [this, place](Object& member) { this->actor(member, place); });
        });
        visitor_.after_actor(actor);
    }

  private:
    template <class Each>
    void members(Object& object, Each each) {
        visitor_.begin_object();
        for (auto& member : object) {
            visitor_.key(member.key());
            each(std::string_view(member.key()), member.value());
        }
        visitor_.end_object();
    }

    // Of an array; a single object is visited as an array of one (2.4.6.2).
    template <class Value, class Each>
    void array(Value& list, Each each) {
        visitor_.begin_array();
        if (list.is_object()) {
            visitor_.next_element();
            each(list.get_object());
        } else {
            for (auto& element : list.get_array()) {
                visitor_.next_element();
                each(element.get_object());
            }
        }
        visitor_.end_array();
    }

    void object(Object& object, bool in_sub_statement) {
        const Place place{Role::object, in_sub_statement};
        switch (object_type(object)) {
        case ObjectType::activity:
            return activity(object, place);
        case ObjectType::agent:
        case ObjectType::group:
            return actor(object, place);
        case ObjectType::sub_statement:
            return statement(object, true);
        case ObjectType::statement_ref:
            return members(object, [this](std::string_view, auto& value) { visitor_.value(value); });
        }
    }

    void activity(Object& activity, Place place) {
        visitor_.activity(activity, place);
        members(activity, [this](std::string_view key, auto& value) {
            if (key == "id") return visitor_.activity_id(value);
            if (key == "definition") return visitor_.definition(value);
            visitor_.value(value);
        });
        visitor_.after_activity(activity);
    }

    void context(Object& context, bool in_sub_statement) {
        members(context, [this, in_sub_statement](std::string_view key, auto& value) {
            const auto at = [in_sub_statement](Role role) { return Place{role, in_sub_statement}; };
            if (key == "instructor") return actor(value.get_object(), at(Role::instructor));
            if (key == "team") return actor(value.get_object(), at(Role::team));
            if (key == "contextActivities") {
                return members(value.get_object(), [&](std::string_view, auto& list) {
                    array(list, [&](Object& each) { activity(each, at(Role::context_activity)); });
                });
            }
            if (key == "contextAgents" || key == "contextGroups") {
                return array(value, [&](Object& each) {
                    members(each, [&](std::string_view name, auto& part) {
                        if (name == "agent" || name == "group")
                            return actor(part.get_object(), at(Role::context_actor));
                        visitor_.value(part);
                    });
                });
            }
            visitor_.value(value);
        });
    }

    Visit& visitor_;
};

template <class Object, class Visit>
void walk(Object& statement, Visit& visitor) {
    Walk<Object, Visit>(visitor).statement(statement);
}

} // namespace leerspoor::spec

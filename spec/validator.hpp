// The walk behind validate_statement, shared by the files validate_*.cpp. Not for other rooms.
#pragma once

#include "spec/base/error.hpp"
#include "spec/base/version.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace leerspoor::spec {

// Visits a statement once. Every check returns whether its value is good; the first that is not leaves the
// error behind and all callers return at once. Nothing is allocated as long as all is well.
// Of one language map; the specification names no end, and every reader looks through it.
inline constexpr std::size_t max_languages = 500;

class Validator {
  public:
    Validator(Version version, std::string_view pointer) : version_(version), prefix_(pointer) {}

    bool statement(const boost::json::value& value);
    bool agent_or_group(const boost::json::value& value);
    Error take_error() { return std::move(*error_); }

  private:
    using Object = boost::json::object;
    using Value = boost::json::value;
    using Check = bool (Validator::*)(const Value&);

    // A property that an object of the data model may have. At its bit in the set that members() returns.
    struct Property {
        std::string_view name;
        Check check;
    };
    using Properties = std::span<const Property>;
    using Seen = std::uint32_t;

    // Where the walk is: kept while a child is looked at.
    class At {
      public:
        At(Validator& validator, std::string_view key) : validator_(validator) {
            validator_.path_[validator_.depth_++] = Segment{key, 0, false};
        }
        At(Validator& validator, std::size_t index) : validator_(validator) {
            validator_.path_[validator_.depth_++] = Segment{{}, index, true};
        }
        ~At() { --validator_.depth_; }
        At(const At&) = delete;
        At& operator=(const At&) = delete;

      private:
        Validator& validator_;
    };
    struct Segment {
        std::string_view key;
        std::size_t index = 0;
        bool is_index = false;
    };

    // validator.cpp: what all objects have in common
    bool fail(const char* code, std::string message);
    bool fail_at(std::string_view key, const char* code, std::string message);
    const Object* object_of(const Value& value);
    bool members(const Object& object, Properties properties, Seen& seen);
    bool unknown(std::string_view key, Properties properties);
    bool required(Properties properties, Seen seen, Seen wanted);
    template <class CheckElement>
    bool elements(const Value& value, CheckElement check);
    std::optional<std::string_view> string_of(const Value& value);
    bool string_equals(const Value& value, std::string_view wanted);
    bool text(const Value& value);
    bool boolean(const Value& value);
    bool iri(const Value& value);
    bool irl(const Value& value);
    bool uuid(const Value& value);
    bool timestamp(const Value& value);
    bool duration(const Value& value);
    bool language(const Value& value);
    bool language_map(const Value& value);
    bool extensions(const Value& value);
    bool accepted(const Value&) { return true; }

    // validate_actor.cpp
    enum class Actors { agent, group, either };
    bool actor_of(const Value& value, Actors allowed);
    bool agent(const Value& value) { return actor_of(value, Actors::agent); }
    bool group(const Value& value) { return actor_of(value, Actors::group); }
    bool group_members(const Value& value);
    bool exactly_one_identifier(Seen seen, bool may_lack);
    bool mbox(const Value& value);
    bool sha1(const Value& value);
    bool account(const Value& value);
    bool authority(const Value& value);

    // validate_activity.cpp
    bool activity(const Value& value);
    bool definition(const Value& value);
    bool interaction(const Object& definition);
    bool interaction_type(const Value& value);
    bool components(const Value& value);
    bool component(const Value& value);
    bool unique_component_ids(const boost::json::array& list);
    bool response_patterns(const Value& value);

    // validate_context.cpp
    bool context(const Value& value);
    bool context_activities(const Value& value);
    bool context_activity_list(const Value& value);
    bool context_agents(const Value& value);
    bool context_groups(const Value& value);
    bool relevant_types(const Value& value);
    bool result(const Value& value);
    bool score(const Value& value);
    bool number(const Value& value);
    bool scaled(const Value& value);
    bool attachments(const Value& value);
    bool attachment(const Value& value);
    bool media_type(const Value& value);
    bool length(const Value& value);
    bool sha2(const Value& value);

    // validate_statement.cpp
    bool whole(const Object& object, Properties properties);
    bool verb(const Value& value);
    bool object(const Value& value);
    bool sub_statement(const Value& value);
    bool statement_ref(const Value& value);
    bool body_version(const Value& value);

    Version version_;
    std::string_view prefix_;
    std::array<Segment, 24> path_{};
    std::size_t depth_ = 0;
    bool inside_sub_statement_ = false;
    std::optional<Error> error_;
};

template <class CheckElement>
bool Validator::elements(const Value& value, CheckElement check) {
    const auto* list = value.if_array();
    if (list == nullptr) return fail("value_type", "The value must be an array.");
    for (std::size_t i = 0; i < list->size(); ++i) {
        const At at(*this, i);
        if (!check((*list)[i])) return false;
    }
    return true;
}

} // namespace leerspoor::spec

#include "spec/statement_writer.hpp"

#include "spec/base/json.hpp"
#include "spec/base/timestamp.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <array>

namespace leerspoor::spec {

namespace {

namespace json = boost::json;

std::string_view type_of(const json::object& object) {
    const auto* type = object.if_contains("objectType");
    return type == nullptr ? std::string_view{} : std::string_view(type->get_string());
}

bool is_identified(const json::object& actor) {
    constexpr std::array<std::string_view, 4> identifiers{"mbox", "account", "mbox_sha1sum", "openid"};
    return std::any_of(identifiers.begin(), identifiers.end(),
                       [&](std::string_view key) { return actor.contains(key); });
}

// The digits of the fraction stay as they were sent.
std::string in_utc(std::string_view text, Version version) {
    if (text.back() == 'Z') return std::string(text);
    const auto instant = parse_timestamp(text, version);
    const auto year = std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(*instant)}.year();
    if (year < std::chrono::year{0} || year > std::chrono::year{9999}) return std::string(text);
    constexpr std::size_t whole_seconds = 19;
    auto utc = format_timestamp(*instant).substr(0, whole_seconds);
    const auto zone = text.find_first_not_of(".0123456789", whole_seconds);
    return utc.append(text.substr(whole_seconds, zone - whole_seconds)).append("Z");
}

} // namespace

void StatementWriter::begin(const json::object& statement) {
    out_ += '{';
    for (const auto& part : statement) {
        const std::string_view key = part.key();
        if (key == "stored" || key == "authority") continue;
        name(key);
        member(key, part.value());
    }
}

void StatementWriter::text_member(std::string_view key, std::string_view value) {
    name(key);
    write_json_string(value, out_);
}

void StatementWriter::object_member(std::string_view key, const json::object& value) {
    name(key);
    write_json(value, out_);
}

std::size_t StatementWriter::later_timestamp(std::string_view key) {
    name(key);
    out_ += '"';
    const auto at = out_.size();
    out_.append(timestamp_length, ' ');
    out_ += '"';
    return at;
}

// Names of members that the specification defines need no escapes.
void StatementWriter::name(std::string_view key) {
    if (out_.back() != '{') out_ += ',';
    out_ += '"';
    out_ += key;
    out_ += "\":";
}

template <typename Write>
void StatementWriter::object(const json::object& object, Write&& write) {
    out_ += '{';
    for (const auto& part : object) {
        name(part.key());
        write(std::string_view(part.key()), part.value());
    }
    out_ += '}';
}

// Of an array; or of a single object as if it were in one.
template <typename Write>
void StatementWriter::array(const json::value& list, Write&& write) {
    out_ += '[';
    if (const auto* single = list.if_object()) {
        write(*single);
    } else {
        bool first = true;
        for (const auto& element : list.get_array()) {
            if (!first) out_ += ',';
            first = false;
            write(element.get_object());
        }
    }
    out_ += ']';
}

void StatementWriter::member(std::string_view key, const json::value& value) {
    if (key == "actor") {
        actor(value.get_object());
    } else if (key == "object") {
        statement_object(value.get_object());
    } else if (key == "context") {
        object(value.get_object(),
               [this](std::string_view name, const json::value& part) { context(name, part); });
    } else if (key == "timestamp") {
        timestamp(value.get_string());
    } else {
        write_json(value, out_);
    }
}

void StatementWriter::statement_object(const json::object& what) {
    const auto type = type_of(what);
    if (type.empty() || type == "Activity") {
        activity(what);
    } else if (type == "Agent" || type == "Group") {
        actor(what);
    } else if (type == "SubStatement") {
        object(what, [this](std::string_view key, const json::value& part) { member(key, part); });
    } else {
        write_json(what, out_);
    }
}

void StatementWriter::context(std::string_view key, const json::value& value) {
    if (key == "instructor" || key == "team") {
        actor(value.get_object());
    } else if (key == "contextActivities") {
        object(value.get_object(), [this](std::string_view, const json::value& list) {
            array(list, [this](const json::object& each) { activity(each); });
        });
    } else if (key == "contextAgents" || key == "contextGroups") {
        array(value, [this](const json::object& each) {
            object(each, [this](std::string_view name, const json::value& part) {
                if (name == "agent" || name == "group") return actor(part.get_object());
                write_json(part, out_);
            });
        });
    } else {
        write_json(value, out_);
    }
}

void StatementWriter::actor(const json::object& actor) {
    const auto at = out_.size();
    if (actor.contains("member")) {
        object(actor, [this](std::string_view key, const json::value& part) {
            if (key != "member") return write_json(part, out_);
            array(part, [this](const json::object& each) { this->actor(each); });
        });
    } else {
        write_json(actor, out_);
    }
    if (actor.contains("name") && is_identified(actor)) {
        tellings_.push_back({Subject::agent, {at, out_.size() - at}, {}});
    }
}

void StatementWriter::activity(const json::object& activity) {
    Telling telling{Subject::activity, {}, {}};
    object(activity, [&](std::string_view key, const json::value& part) {
        const auto at = out_.size();
        write_json(part, out_);
        const ByteRange written{at, out_.size() - at};
        if (key == "id") telling.of = written;
        if (key == "definition" && !part.get_object().empty()) telling.told = written;
    });
    if (telling.told.size > 0) tellings_.push_back(telling);
}

void StatementWriter::timestamp(std::string_view text) {
    if (version_ == Version::v1_0_3) return write_json_string(text, out_);
    write_json_string(in_utc(text, version_), out_);
}

} // namespace leerspoor::spec

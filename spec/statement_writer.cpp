#include "spec/statement_writer.hpp"

#include "spec/base/json.hpp"
#include "spec/base/timestamp.hpp"

#include <algorithm>
#include <array>

namespace leerspoor::spec {
namespace {

namespace json = boost::json;

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
    walk<Object>(statement, *this);
}

void StatementWriter::text_member(std::string_view name, std::string_view value) {
    key(name);
    write_json_string(value, out_);
}

void StatementWriter::object_member(std::string_view name, const json::object& value) {
    key(name);
    write_json(value, out_);
}

std::size_t StatementWriter::later_timestamp(std::string_view name) {
    key(name);
    out_ += '"';
    const auto at = out_.size();
    out_.append(timestamp_length, ' ');
    out_ += '"';
    return at;
}

void StatementWriter::begin_object() {
    out_ += '{';
    ++depth_;
}

void StatementWriter::end_object() {
    if (--depth_ > 0) out_ += '}';
}

void StatementWriter::next_element() {
    if (out_.back() != '[') out_ += ',';
}

// Names of members that the specification defines need no escapes.
void StatementWriter::key(std::string_view key) {
    if (out_.back() != '{') out_ += ',';
    out_ += '"';
    out_ += key;
    out_ += "\":";
}

void StatementWriter::value(const json::value& value) {
    write_json(value, out_);
}

void StatementWriter::timestamp(std::string_view text) {
    write_json_string(version_ == Version::v1_0_3 ? std::string(text) : in_utc(text, version_), out_);
}

ByteRange StatementWriter::written(const json::value& value) {
    const auto at = out_.size();
    write_json(value, out_);
    return {at, out_.size() - at};
}

void StatementWriter::after_actor(Object& actor) {
    const auto at = begun_.back();
    begun_.pop_back();
    if (!actor.contains("name") || !is_identified(actor)) return;
    tellings_.push_back({Subject::agent, {at, out_.size() - at}, {}});
}

void StatementWriter::definition(const json::value& definition) {
    const auto told = written(definition);
    if (!definition.get_object().empty()) activity_.told = told;
}

void StatementWriter::after_activity(Object& /*activity*/) {
    if (activity_.told.size > 0) tellings_.push_back(activity_);
}

} // namespace leerspoor::spec

#include "server/xapi/more_token.hpp"

#include "spec/base/base64.hpp"
#include "spec/base/json.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <limits>
#include <utility>

namespace leerspoor::server::xapi {
namespace {

namespace json = boost::json;

constexpr std::size_t max_terms = 16;
// What a timestamp can say, the years 0 to 9999, in any zone.
constexpr std::int64_t a_day = 86'400'000'000;
constexpr std::int64_t first_instant = -62'167'219'200'000'000 - a_day;
constexpr std::int64_t last_instant = 253'402'300'799'999'999 + a_day;

Error invalid() {
    return {"more_invalid", "",
            "This more link is not one that this server has given. Ask for the first page again."};
}

std::optional<std::int64_t> integer(const json::value& value, std::int64_t least, std::int64_t greatest) {
    if (!value.is_int64() || value.get_int64() < least || value.get_int64() > greatest) return std::nullopt;
    return value.get_int64();
}

bool read_terms(const json::value& value, std::vector<spec::Term>& terms) {
    const auto* const list = value.if_array();
    if (!list || list->size() > max_terms) return false;
    for (const auto& item : *list) {
        const auto* const pair = item.if_array();
        if (!pair || pair->size() != 2 || !(*pair)[1].is_string()) return false;
        const auto filter = integer((*pair)[0], 1, static_cast<std::int64_t>(spec::Filter::registration));
        if (!filter) return false;
        terms.push_back({static_cast<spec::Filter>(*filter), std::string((*pair)[1].get_string())});
    }
    return true;
}

bool read_instant(const json::value& value, std::optional<spec::Instant>& instant) {
    const auto microseconds = integer(value, first_instant, last_instant);
    if (microseconds) instant = spec::Instant(std::chrono::microseconds(*microseconds));
    return microseconds.has_value();
}

bool read_sequence(const json::value& value, std::optional<storage::Sequence>& sequence) {
    const auto number = integer(value, 0, std::numeric_limits<std::int64_t>::max());
    if (number) sequence = static_cast<storage::Sequence>(*number);
    return number.has_value();
}

bool read_flag(const json::value& value, bool& flag) {
    if (!value.is_bool()) return false;
    flag = value.get_bool();
    return true;
}

bool read_member(std::string_view name, const json::value& value, std::size_t max_page,
                 StatementsRequest& request) {
    auto& query = request.query;
    if (name == "t") return read_terms(value, query.terms);
    if (name == "s") return read_instant(value, query.since);
    if (name == "u") return read_instant(value, query.until);
    if (name == "a") return read_flag(value, query.ascending);
    if (name == "m") return read_flag(value, request.attachments);
    if (name == "n") return read_sequence(value, query.after);
    if (name == "p") return read_sequence(value, query.snapshot);
    if (name == "l") {
        const auto limit = integer(value, 1, std::numeric_limits<std::int64_t>::max());
        if (limit) query.limit = std::min(static_cast<std::size_t>(*limit), max_page);
        return limit.has_value();
    }
    if (name == "f") {
        const auto format = integer(value, 0, static_cast<std::int64_t>(spec::Format::canonical));
        if (format) request.format = static_cast<spec::Format>(*format);
        return format.has_value();
    }
    return false;
}

} // namespace

std::string make_more_token(const StatementsRequest& request) {
    const auto& query = request.query;
    json::object token;
    json::array terms;
    for (const auto& term : query.terms) terms.push_back({static_cast<std::int64_t>(term.filter), term.text});
    token["t"] = std::move(terms);
    if (query.since) token["s"] = query.since->time_since_epoch().count();
    if (query.until) token["u"] = query.until->time_since_epoch().count();
    token["a"] = query.ascending;
    token["m"] = request.attachments;
    token["f"] = static_cast<std::int64_t>(request.format);
    token["l"] = static_cast<std::int64_t>(query.limit);
    token["n"] = static_cast<std::int64_t>(query.after.value_or(0));
    token["p"] = static_cast<std::int64_t>(query.snapshot.value_or(0));
    std::string text;
    spec::write_json(token, text);
    return spec::base64url_encode(text);
}

Result<StatementsRequest> parse_more_token(std::string_view token, std::size_t max_page) {
    const auto text = spec::base64url_decode(token);
    if (!text) return invalid();
    const auto value = spec::parse_json(*text, 4);
    if (!value || !value->is_object()) return invalid();
    StatementsRequest request;
    for (const auto& member : value->get_object()) {
        const std::string_view name(member.key().data(), member.key().size());
        if (!read_member(name, member.value(), max_page, request)) return invalid();
    }
    if (!request.query.after || !request.query.snapshot) return invalid();
    return request;
}

} // namespace leerspoor::server::xapi

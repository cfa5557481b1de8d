// The members of a question's JSON object, each taken once.
#pragma once

#include "server/analytics/filter.hpp"
#include "spec/base/json.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace leerspoor::server::analytics {

// `take(name, value, place)` gives a Result<bool>: false where there is no such member. `names` says for
// people which there are. Error: analytics_query_invalid.
template <class Take>
Result<void> each_member(const boost::json::value& object, const std::string& at, std::string_view names,
                         Take take) {
    if (!object.is_object()) return invalid_query(at, "This must be a JSON object.");
    for (const auto& [key, value] : object.get_object()) {
        const std::string_view name = key;
        const auto place = spec::child_pointer(at, name);
        const Result<bool> taken = take(name, value, place);
        if (!taken) return taken.error();
        if (!*taken)
            return invalid_query(place, "There is no such member; there are " + std::string(names) + ".");
    }
    return {};
}

// A positive whole number up to `most`.
inline Result<std::size_t> parse_count(const boost::json::value& value, const std::string& at,
                                       std::size_t most) {
    if (!value.is_int64() || value.get_int64() < 1 || static_cast<std::uint64_t>(value.get_int64()) > most)
        return invalid_query(at, "This must be a number from 1 to " + std::to_string(most) + ".");
    return static_cast<std::size_t>(value.get_int64());
}

} // namespace leerspoor::server::analytics

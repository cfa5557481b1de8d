#include "conformance/probe/draft.hpp"

#include "conformance/probe/pointer.hpp"

#include <array>
#include <boost/json/serialize.hpp>
#include <cstdint>
#include <random>

namespace leerspoor::conformance {
namespace {

// Long values would hide the report they stand in.
std::string shown(const json::value& value) {
    constexpr std::size_t most = 60;
    auto text = json::serialize(value);
    if (text.size() > most) text.replace(most, std::string::npos, "...");
    return text;
}

} // namespace

std::string new_uuid() {
    constexpr std::string_view digits = "0123456789abcdef";
    thread_local std::mt19937_64 random{std::random_device{}()};
    std::string text = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx";
    for (auto& c : text) {
        if (c == 'x') c = digits[random() & 15];
    }
    return text;
}

Change set(std::string_view at, json::value as) {
    return {std::string(at), std::move(as)};
}

Change drop(std::string_view at) {
    return {std::string(at), std::nullopt};
}

Draft::Draft(std::string_view what, json::object statement) : what_(what), root_(std::move(statement)) {}

Draft Draft::with(std::string_view at, json::value as) const {
    Draft changed = *this;
    changed.what_ += ", with " + std::string(at) + " = " + shown(as);
    set_at(changed.root_, at, std::move(as));
    return changed;
}

Draft Draft::without(std::string_view at) const {
    Draft changed = *this;
    changed.what_ += ", without " + std::string(at);
    remove_at(changed.root_, at);
    return changed;
}

Draft Draft::with(const Change& change, std::string_view under) const {
    const auto at = std::string(under) + change.at;
    return change.as ? with(at, *change.as) : without(at);
}

Draft Draft::renamed(std::string_view at, std::string_view name) const {
    const auto value = *find(at);
    const auto parent = at.substr(0, at.rfind('/'));
    return without(at).with(std::string(parent) + "/" + std::string(name), value);
}

Draft Draft::with_id(std::string_view id) const {
    Draft changed = *this;
    set_at(changed.root_, "/id", json::string_view(id.data(), id.size()));
    return changed;
}

const json::value* Draft::find(std::string_view at) const {
    return at_pointer(root_, at);
}

} // namespace leerspoor::conformance

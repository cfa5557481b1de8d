#include "server/courses/kept.hpp"

#include "spec/base/json.hpp"

#include <chrono>

namespace leerspoor::server::courses {

spec::Instant present() {
    return std::chrono::time_point_cast<spec::Instant::duration>(std::chrono::system_clock::now());
}

std::optional<boost::json::object> parse_kept(std::string_view bytes) {
    auto value = spec::parse_stored_json(bytes);
    if (!value || !value->is_object()) return std::nullopt;
    return std::move(value->get_object());
}

std::string kept_text(const boost::json::object& kept, std::string_view name) {
    return std::string(kept.at(name).as_string());
}

spec::Instant kept_instant(const boost::json::object& kept, std::string_view name) {
    return spec::parse_timestamp(kept_text(kept, name), spec::Version::v2_0_0).value();
}

std::string text_in(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool flag_in(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_bool() && value->get_bool();
}

std::uint64_t count_in(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* number = value ? value->if_int64() : nullptr;
    return number && *number > 0 ? static_cast<std::uint64_t>(*number) : 0;
}

boost::json::object object_in(const boost::json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value && value->is_object() ? value->get_object() : boost::json::object();
}

} // namespace leerspoor::server::courses

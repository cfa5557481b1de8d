#include "server/xapi/render.hpp"

#include "spec/json.hpp"

#include <array>
#include <boost/json/monotonic_resource.hpp>
#include <stdexcept>

namespace leerspoor::server::xapi {
namespace {

// Statements were accepted under the limit of their day, which may have been higher.
constexpr std::size_t stored_depth = 1024;

const boost::json::object* no_definition(std::string_view /*activity_id*/) {
    return nullptr;
}

} // namespace

void render(std::string_view stored, spec::Format format, std::string_view accept_language,
            std::string& out) {
    if (format == spec::Format::exact) {
        out += stored;
        return;
    }
    thread_local std::array<unsigned char, 32u << 10> buffer;
    boost::json::monotonic_resource memory(buffer.data(), buffer.size());
    auto statement = spec::parse_json(stored, stored_depth, boost::json::storage_ptr(&memory));
    if (!statement || !statement->is_object()) throw std::runtime_error("a stored statement is not readable");
    auto& object = statement->get_object();
    if (format == spec::Format::ids) {
        spec::reduce_to_ids(object);
    } else {
        spec::make_canonical(object, spec::parse_accept_language(accept_language), no_definition);
    }
    spec::write_json(object, out);
}

} // namespace leerspoor::server::xapi

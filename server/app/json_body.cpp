#include "server/app/json_body.hpp"

#include "spec/base/ascii.hpp"
#include "spec/base/json.hpp"

#include <boost/json/serialize.hpp>

namespace leerspoor::server {

Result<boost::json::object> object_of(const Request& request) {
    const auto type = request.head.fields.find("Content-Type").value_or("");
    if (!spec::equal_but_for_case(type.substr(0, type.find(';')), "application/json"))
        return Error{"api_body_invalid", "", "The body must be JSON, and its Content-Type application/json."};
    auto parsed = spec::parse_json(request.body.bytes);
    if (!parsed) return parsed.error();
    if (!parsed->is_object()) return Error{"api_body_invalid", "", "The body must be a JSON object."};
    return std::move(parsed->get_object());
}

Result<std::string> text_of(const boost::json::object& body, std::string_view name) {
    const auto* value = body.if_contains(name);
    const auto* text = value ? value->if_string() : nullptr;
    if (value && !text)
        return Error{"api_body_invalid", spec::child_pointer("", name), "This must be a text."};
    return Result<std::string>(boost::system::in_place_value, text ? std::string(*text) : std::string());
}

http::Response json_response(const boost::json::value& body, int status) {
    http::Response response;
    response.status = status;
    response.fields.add("Content-Type", "application/json");
    response.body = boost::json::serialize(body);
    return response;
}

} // namespace leerspoor::server

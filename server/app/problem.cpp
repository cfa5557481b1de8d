#include "server/app/problem.hpp"

#include "spec/base/json.hpp"

#include <string>

namespace leerspoor::server {
namespace {

// Seconds after which it is worth to try again; 0: waiting does not help by itself.
int retry_after(std::string_view code, int status) {
    if (code == "store_full" || code == "store_failed") return 30;
    if (code == "too_many_failures" || code == "sign_in_throttled") return 60;
    return status == 503 || status == 429 ? 1 : 0;
}

} // namespace

bool is_for_operators(std::string_view code) {
    return code == "store_damaged" || code == "store_failed";
}

std::string_view title_of(int status) {
    switch (status) {
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 417:
        return "Expectation Failed";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    case 505:
        return "HTTP Version Not Supported";
    default:
        return "Refused";
    }
}

http::Response problem(int status, const Error& error, std::string_view request_id) {
    http::Response response;
    response.status = status;
    response.fields.add("Content-Type", "application/problem+json");
    response.fields.add("Cache-Control", "no-store");
    if (const int seconds = retry_after(error.code, status); seconds > 0) {
        response.fields.add("Retry-After", std::to_string(seconds));
    }
    if (status == 401) {
        response.fields.add("WWW-Authenticate", R"(Basic realm="Leerspoor", charset="UTF-8")");
    }

    std::string_view detail = error.message;
    if (is_for_operators(error.code)) {
        detail = "The store cannot read or write its data folder; its log says why under the request's id.";
    }

    std::string& body = response.body;
    const auto member = [&body](std::string_view name, std::string_view text) {
        body += ",\"";
        body += name;
        body += "\":";
        spec::write_json_string(text, body);
    };
    body = "{\"type\":";
    spec::write_json_string("urn:leerspoor:error:" + error.code, body);
    member("title", title_of(status));
    body += ",\"status\":" + std::to_string(status);
    member("detail", detail);
    member("code", error.code);
    member("pointer", error.pointer);
    member("request_id", request_id);
    body += '}';
    return response;
}

} // namespace leerspoor::server

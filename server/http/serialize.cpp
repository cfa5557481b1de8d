#include "server/http/serialize.hpp"

#include "spec/base/ascii.hpp"

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <charconv>

namespace leerspoor::server::http {
namespace {

void append_number(std::string& out, std::size_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

std::optional<std::uint64_t> size_of_body(const Response& response) {
    if (!has_body(response.status)) return std::nullopt;
    if (!response.source) return response.body.size();
    const auto size = response.source->size();
    return size ? std::optional(response.body.size() + *size) : std::nullopt;
}

bool is_framing(std::string_view name) {
    static constexpr std::array<std::string_view, 6> framing = {
        "Connection", "Content-Length", "Date", "Transfer-Encoding", "Server", "Keep-Alive"};
    return std::any_of(framing.begin(), framing.end(),
                       [name](std::string_view field) { return spec::equal_but_for_case(field, name); });
}

} // namespace

void append_field_value(std::string& out, std::string_view value) {
    const std::size_t begin = out.size();
    out += value;
    for (std::size_t at = begin; at < out.size(); ++at) {
        if (out[at] == '\r' || out[at] == '\n' || out[at] == '\0') out[at] = ' ';
    }
}

bool has_body(int status) {
    return status >= 200 && status != 204 && status != 304;
}

bool is_chunked(const Response& response, const Framing& framing) {
    return framing.http11 && has_body(response.status) && !size_of_body(response);
}

void append_chunk_size(std::string& out, std::size_t size) {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
    out.append(digits.data(), end);
    out += "\r\n";
}

void append_head(std::string& out, const Response& response, const Framing& framing) {
    const auto reason = boost::beast::http::obsolete_reason(
        boost::beast::http::int_to_status(static_cast<unsigned>(response.status)));
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::size_t>(response.status));
    out += ' ';
    out.append(reason.data(), reason.size());
    out += "\r\nServer: Leerspoor\r\nX-Content-Type-Options: nosniff\r\nDate: ";
    out += framing.date;
    out += "\r\n";
    if (!framing.keep_alive) {
        out += "Connection: close\r\n";
    } else if (!framing.http11) {
        out += "Connection: keep-alive\r\n";
    }
    if (is_chunked(response, framing)) {
        out += "Transfer-Encoding: chunked\r\n";
    } else if (const auto size = size_of_body(response)) {
        out += "Content-Length: ";
        append_number(out, *size);
        out += "\r\n";
    }
    for (const auto& [name, value] : response.fields) {
        if (name.empty() || is_framing(name)) continue;
        append_field_value(out, name);
        out += ": ";
        append_field_value(out, value);
        out += "\r\n";
    }
    out += "\r\n";
}

} // namespace leerspoor::server::http

#include "server/http/parser.hpp"

#include "spec/base/ascii.hpp"

#include <algorithm>
#include <boost/beast/http/error.hpp>

namespace leerspoor::server::http {
namespace {

namespace beast = boost::beast;
using beast::http::error;

// Chunk headers, extensions and trailers that stand waiting for their end.
constexpr std::size_t chunk_overhead_limit = 16u << 10;
// "0\r\n\r\n": with less than that no chunked body is at its end, and Beast wants to see as much.
constexpr std::size_t shortest_chunk_tail = 5;
// More is only reserved for a body once the bytes are there: announcing is cheap.
constexpr std::size_t reserved_body = 1u << 20;
constexpr std::size_t usual_fields = 16;

std::string_view view(beast::string_view text) {
    return {text.data(), text.size()};
}

Refusal malformed(std::string message) {
    return {400, Error{"request_malformed", "", std::move(message)}};
}

Refusal header_too_large(std::size_t limit) {
    return {431,
            Error{"header_too_large", "",
                  "The request line and header fields together are larger than " + std::to_string(limit) +
                      " bytes. Send fewer or shorter ones, or parameters in the body of a POST."}};
}

Refusal from_beast(const beast::error_code& failure, bool in_body, std::string_view rest,
                   std::size_t header_bytes) {
    if (failure == error::header_limit) return header_too_large(header_bytes);
    if (failure == error::body_limit) {
        return {413, Error{"body_too_large", "",
                           "The body is larger than this resource accepts. Send less at once."}};
    }
    if (failure == error::bad_version) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        if (line.find(" HTTP/") != std::string_view::npos) {
            return {505, Error{"http_version_unsupported", "", "Send the request as HTTP/1.1 or HTTP/1.0."}};
        }
    }
    if (failure == error::bad_content_length || failure == error::multiple_content_length ||
        failure == error::bad_transfer_encoding) {
        return malformed(
            "Content-Length and Transfer-Encoding leave it open where the request ends. Send one "
            "Content-Length, a decimal number, or Transfer-Encoding: chunked.");
    }
    if (in_body) return malformed("The chunked body is not framed as RFC 9112 section 7.1 says.");
    return malformed("The request line and header fields are not HTTP/1.1 as RFC 9112 says (" +
                     failure.message() + ").");
}

} // namespace

RequestParser::RequestParser(std::size_t header_bytes) : header_bytes_(header_bytes) {
    header_limit(static_cast<std::uint32_t>(std::min<std::size_t>(header_bytes, UINT32_MAX)));
    basic_parser::body_limit(boost::none); // known once the request was admitted
    head_.method = "-";
}

std::size_t RequestParser::parse(std::string_view data, std::optional<Refusal>& refusal) {
    if (in_body_ && chunked() && data.size() < shortest_chunk_tail) return 0;
    beast::error_code failure;
    const std::size_t taken = put(boost::asio::const_buffer(data.data(), data.size()), failure);
    const std::size_t left = data.size() - taken;
    if (refusal_) {
        refusal = std::move(refusal_);
    } else if (failure && failure != error::need_more) {
        refusal = from_beast(failure, in_body_, data.substr(taken), header_bytes_);
    } else if (!in_body_) {
        header_taken_ += taken;
        if (header_taken_ + (head_done() ? 0 : left) > header_bytes_)
            refusal = header_too_large(header_bytes_);
    } else if (!done() && left > chunk_overhead_limit) {
        refusal = malformed("The framing of the chunked body is larger than the server reads.");
    }
    return taken;
}

bool RequestParser::read_body(std::uint64_t limit) {
    in_body_ = true;
    eager(true);
    basic_parser::body_limit(boost::optional<std::uint64_t>(limit));
    return announced_ <= limit;
}

bool RequestParser::stream_body(std::uint64_t limit) {
    piecewise_ = true;
    return read_body(limit);
}

bool RequestParser::discard_body(std::uint64_t limit) {
    discard_ = true;
    return read_body(limit);
}

void RequestParser::on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target,
                                    int version, beast::error_code&) {
    head_.method = view(method);
    head_.target = view(target);
    version_ = version;
    head_.fields.reserve(usual_fields);
}

void RequestParser::on_field_impl(beast::http::field field, beast::string_view name, beast::string_view value,
                                  beast::error_code& failure) {
    if (in_body_) return; // a trailer must not pass for a field that was admitted (RFC 9110 6.5.1)
    if (field == beast::http::field::host) {
        ++hosts_;
    } else if (field == beast::http::field::transfer_encoding) {
        // Beast takes a request with any other coding for one without a body.
        if (version_ < 11 || !spec::equal_but_for_case(view(value), "chunked")) {
            refusal_ = Refusal{version_ < 11 ? 400 : 501,
                               Error{"transfer_coding_unsupported", "",
                                     "The only transfer coding understood is \"chunked\", in HTTP/1.1."}};
            failure = error::bad_transfer_encoding;
            return;
        }
    }
    head_.fields.add(view(name), std::string(view(value)));
}

void RequestParser::on_header_impl(beast::error_code& failure) {
    const auto length = content_length();
    if (length) head_.content_length = announced_ = *length;
    if (hosts_ > 1 || (hosts_ == 0 && version_ >= 11)) {
        refusal_ = malformed("A request in HTTP/1.1 has the header field Host, once.");
        failure = error::bad_field;
    }
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, beast::error_code&) {
    if (length && !discard_ && !piecewise_)
        body_.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(*length, reserved_body)));
}

std::size_t RequestParser::on_body_impl(beast::string_view data, beast::error_code&) {
    if (!discard_) body_.append(data.data(), data.size());
    return data.size();
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, beast::string_view data, beast::error_code&) {
    if (!discard_) body_.append(data.data(), data.size());
    return data.size();
}

} // namespace leerspoor::server::http

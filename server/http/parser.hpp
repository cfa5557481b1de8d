// Turns the bytes of one request into a RequestHead and a body: Beast's HTTP/1 parser (RFC 9112), and on top
// of it what Beast leaves open, chiefly every ambiguity about where a request ends (RFC 9112 6.1, 11.2).
#pragma once

#include "server/http/handler.hpp"
#include "spec/base/error.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::server::http {

// For one request. Feed it what has arrived; it takes what it can use.
class RequestParser : private boost::beast::http::basic_parser<true> {
  public:
    explicit RequestParser(std::size_t header_bytes);

    // How many bytes of `data` were used up. More than zero may be left: give them again with what follows.
    // Stops at the end of the head; once body_limit() was called, at the end of the request.
    // After a refusal nothing more can be read from the connection.
    std::size_t parse(std::string_view data, std::optional<Refusal>& refusal);

    bool head_done() const { return is_header_done(); }
    bool done() const { return is_done(); }

    // Valid from the first byte on, complete when head_done(), and then for the caller to move away.
    RequestHead& head() { return head_; }
    std::string& body() { return body_; }
    bool has_body() const { return !is_done(); } // ask before the body is parsed
    bool http11() const { return version_ >= 11; }
    bool wants_keep_alive() const { return keep_alive(); }

    // Reads the body now, at most that many bytes. False: the head announces more.
    bool read_body(std::uint64_t limit);
    // As read_body(), for a body that is taken out piece by piece.
    bool stream_body(std::uint64_t limit);
    // As read_body(), and forgets the bytes.
    bool discard_body(std::uint64_t limit);

  private:
    void on_request_impl(boost::beast::http::verb verb, boost::beast::string_view method,
                         boost::beast::string_view target, int version,
                         boost::beast::error_code& error) override;
    void on_response_impl(int, boost::beast::string_view, int, boost::beast::error_code&) override {}
    void on_field_impl(boost::beast::http::field field, boost::beast::string_view name,
                       boost::beast::string_view value, boost::beast::error_code& error) override;
    void on_header_impl(boost::beast::error_code& error) override;
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, boost::beast::error_code&) override;
    std::size_t on_body_impl(boost::beast::string_view data, boost::beast::error_code&) override;
    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, boost::beast::error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view data,
                                   boost::beast::error_code&) override;
    void on_finish_impl(boost::beast::error_code&) override {}

    std::size_t header_bytes_;
    std::size_t header_taken_ = 0;
    std::uint64_t announced_ = 0; // Content-Length
    int version_ = 0;
    int hosts_ = 0;
    bool in_body_ = false;
    bool discard_ = false;
    bool piecewise_ = false;
    RequestHead head_;
    std::string body_;
    std::optional<Refusal> refusal_; // set by a callback that stops the parser
};

} // namespace leerspoor::server::http

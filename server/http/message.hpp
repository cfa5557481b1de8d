// Requests and responses as the resources see them: plain values, free of Beast, so that a resource can be
// tested without a socket.
#pragma once

#include "spec/base/error.hpp"

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leerspoor::server::http {

// Header fields in order; names compare without case (RFC 9110 5.1).
class Fields {
  public:
    void reserve(std::size_t count) { fields_.reserve(count); }
    void add(std::string_view name, std::string value) {
        constexpr std::size_t usual = 10;
        if (fields_.capacity() == 0) fields_.reserve(usual);
        fields_.emplace_back(name, std::move(value));
    }
    // Replaces every field of that name.
    void set(std::string_view name, std::string value);
    void remove(std::string_view name);
    // The first field of that name.
    std::optional<std::string_view> find(std::string_view name) const;
    bool contains(std::string_view name) const { return find(name).has_value(); }

    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }

  private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

struct RequestHead {
    std::string method; // as sent; methods are case-sensitive
    std::string target; // as sent: path and query, percent-encoded
    Fields fields;
    std::string remote_address; // the client's IP address, without port
    std::optional<std::uint64_t> content_length;
    std::string id; // made by the server for this request; in the log and in every error body

    std::string_view path() const;  // target up to "?"
    std::string_view query() const; // target after "?"
};

// A request's body as it arrives, for resources that take more than fits in memory.
class BodyReader {
  public:
    virtual ~BodyReader() = default;
    // The next bytes, valid until the next call; "" at the end. Slow clients are waited for as long as bytes
    // keep coming. Errors: body_too_large, request_timeout, request_malformed, connection_lost; then nothing
    // more can be read.
    virtual boost::asio::awaitable<Result<std::string_view>> next() = 0;
};

// A response's body that is made while it is sent. Called by one thread at a time.
class BodySource {
  public:
    virtual ~BodySource() = default;
    // Of all of it; nothing where that is known only at its end.
    virtual std::optional<std::uint64_t> size() const = 0;
    // The next bytes, valid until the next call, never "" before the end. An error breaks the connection.
    virtual boost::asio::awaitable<Result<std::string_view>> next() = 0;
};

struct Response {
    int status = 200;
    Fields fields;
    std::string body;
    std::shared_ptr<BodySource> source; // sent after `body`
    bool close = false;                 // close the connection after it
};

} // namespace leerspoor::server::http

// The application as the HTTP server sees it: one object a request, from its head to the record of its
// answer.
#pragma once

#include "server/http/message.hpp"
#include "spec/base/error.hpp"

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace leerspoor::server::http {

// A refusal that the server makes by itself: 400, 408, 413, 417, 429, 431, 500 after an exception, 501, 503,
// 505.
struct Refusal {
    int status = 400;
    Error error;
};

// How the application takes the body of a request.
struct BodyTerms {
    std::uint64_t limit = 0;      // a larger one is answered 413
    bool streamed = false;        // as it arrives, by Body::reader
    std::string_view client = {}; // who sends it; valid as long as the exchange
    bool watched = false;         // Exchange::client_left is wanted
    bool stranger = false;        // nobody knows yet who sends it: a body of Limits::strangers_body_memory
};

struct Body {
    std::string bytes;
    std::shared_ptr<BodyReader> reader; // instead of them where BodyTerms::streamed says so, else null
};

// What became of an answer.
struct Sent {
    double seconds = 0; // from the end of the request's head to the answer's first byte
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
};

// One request. Used by one thread at a time: admit() first, then answer(), either of which refuse() may take
// the place of, then answered().
class Exchange {
  public:
    Exchange() = default;
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;
    virtual ~Exchange() = default;

    virtual const RequestHead& head() const = 0;
    // Before the body is read (and before "100 Continue"): how it is taken, or the answer at once.
    virtual boost::asio::awaitable<std::variant<BodyTerms, Response>> admit() = 0;
    virtual boost::asio::awaitable<Response> answer(Body body) = 0;
    // While answer() or BodySource::next() is under way, where BodyTerms::watched: nobody waits for it any
    // more.
    virtual void client_left() {}
    // Turns a refusal into a response with a body and the header fields that every response has.
    virtual Response refuse(const Refusal& refusal) = 0;
    // The response was sent, or would have been had the client stayed: for logs and metrics. Must not block.
    virtual void answered(const Response& response, const Sent& sent) = 0;
};

// Called from the server's threads, any number at once.
class Handler {
  public:
    Handler() = default;
    Handler(const Handler&) = delete;
    Handler& operator=(const Handler&) = delete;
    virtual ~Handler() = default;

    // Never null. A head that could not be read comes as far as it could, its method "-", and is refused.
    virtual std::unique_ptr<Exchange> begin(RequestHead head) = 0;
};

} // namespace leerspoor::server::http

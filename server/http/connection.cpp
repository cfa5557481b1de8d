#include "server/http/connection.hpp"

#include "server/http/serialize.hpp"
#include "server/support/log.hpp"
#include "spec/base/ascii.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

namespace leerspoor::server::http {
namespace {

namespace asio = boost::asio;

constexpr std::size_t read_size = 16u << 10;      // a TLS record
constexpr std::size_t coalesced_size = 64u << 10; // head and body up to here leave in one write
constexpr std::size_t discarded_body = 64u << 10; // of a refused request, to keep the connection
// At least, of a streamed body, and of an answer: a client has body_time for each.
constexpr std::size_t body_piece = 64u << 10;
constexpr std::chrono::milliseconds turn_time{1}; // before the others of its thread come first
constexpr std::chrono::seconds goodbye_time{2};
constexpr std::chrono::seconds refused_visitor_time{5};
constexpr std::string_view retry_after_seconds = "5";
constexpr std::string_view continue_line = "HTTP/1.1 100 Continue\r\n\r\n";

Refusal timed_out(const char* part, std::chrono::seconds time) {
    return {408, Error{"request_timeout", "",
                       std::string("The ") + part + " did not arrive within " + std::to_string(time.count()) +
                           " seconds. Send it again."}};
}

Refusal body_too_large(std::uint64_t limit) {
    return {413, Error{"body_too_large", "",
                       "The body is larger than " + std::to_string(limit) +
                           " bytes, the most this resource accepts. Send less at once."}};
}

Refusal too_many_connections(int status) {
    return {status,
            Error{"too_many_connections", "",
                  status == 429 ? "This client has too many connections open. Reuse them, or close some."
                                : "The server has too many connections open. Try again later."}};
}

Refusal too_many_bodies() {
    return {503,
            Error{"too_many_bodies", "",
                  "The server reads as many bytes of other requests as it has memory for. Try again in a "
                  "few seconds."}};
}

Refusal too_many_answers() {
    return {503,
            Error{"too_many_answers", "",
                  "The server holds as many bytes of answers that are being read as it has memory for. Try "
                  "again in a few seconds, or ask for less at a time."}};
}

Refusal internal_error() {
    return {500, Error{"internal", "",
                       "The server failed on this request; its log says more under the request's id."}};
}

} // namespace

struct Connection::Turn {
    explicit Turn(std::size_t header_bytes) : parser(header_bytes) {}

    RequestParser parser;
    std::unique_ptr<Exchange> exchange; // once the head was read
    std::optional<Response> response;
    bool keep_alive = true;
    bool is_head = false;
    bool expects_continue = false;
    bool streamed = false;
    bool watched = false;
    std::string_view client; // who asks, as soon as that is known; valid as long as the exchange
    Clock::time_point head_end = Clock::now();
    std::uint64_t bytes_in = 0;
    BodyShare share; // last held: as long as anything of the body may be
};

// While it lives, a client that leaves is told to the exchange.
class Connection::Watch {
  public:
    Watch(Connection& connection, const Turn& turn)
        : transport_(turn.watched ? &connection.transport_ : nullptr) {
        if (transport_ != nullptr)
            transport_->watch([exchange = turn.exchange.get()] { exchange->client_left(); });
    }
    ~Watch() {
        if (transport_ != nullptr) transport_->unwatch();
    }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

  private:
    Transport* transport_; // null: nobody wants to know
};

class Connection::BodyStream final : public BodyReader {
  public:
    BodyStream(Connection& connection, Turn& turn) : connection_(&connection), turn_(&turn) {}

    // The exchange is over: whoever still holds this reads nothing any more.
    void detach() { connection_ = nullptr; }

    asio::awaitable<Result<std::string_view>> next() override {
        piece_.clear();
        if (connection_ == nullptr) co_return lost();
        std::optional<Refusal> refusal;
        const bool connected = co_await connection_->read_piece(*turn_, refusal);
        if (refusal || !connected) {
            turn_->keep_alive = false;
            detach();
            co_return refusal ? refusal->error : lost();
        }
        piece_.swap(turn_->parser.body());
        co_return std::string_view(piece_);
    }

  private:
    static Error lost() {
        return {"connection_lost", "", "The connection was lost before the end of the request."};
    }

    Connection* connection_;
    Turn* turn_;
    std::string piece_;
};

Connection::Connection(Loop& loop, Socket socket, TlsContext tls, Visitor visitor)
    : loop_(loop), visitor_(std::move(visitor)), transport_(std::move(socket), std::move(tls)),
      input_(loop.limits().header_bytes + coalesced_size) {}

Connection::~Connection() {
    Shared& shared = loop_.shared();
    if (visitor_.refuse_status != 0) --shared.refusing;
    shared.count.remove(visitor_.client);
    if (is_linked()) {
        unlink();
        loop_.left();
    }
}

asio::awaitable<void> Connection::run(std::unique_ptr<Connection> connection) {
    Connection& self = *connection;
    self.set_deadline(self.loop_.limits().handshake_time);
    bool open = co_await self.transport_.handshake();
    while (open) {
        open = co_await self.serve_one();
    }
    self.idle_ = true;
    self.set_deadline(self.loop_.stopping() ? std::chrono::seconds(0) : goodbye_time);
    co_await self.transport_.shut_down();
}

void Connection::check_deadline(Clock::time_point now) {
    if (now < deadline_) return;
    no_deadline();
    expired_ = true;
    transport_.cancel();
}

void Connection::stop() {
    if (idle_) transport_.cancel();
}

void Connection::set_deadline(std::chrono::seconds time) {
    expired_ = false;
    deadline_ = Clock::now() + (visitor_.refuse_status == 0 ? time : std::min(time, refused_visitor_time));
}

std::string_view Connection::buffered() const {
    const auto data = input_.cdata();
    return {static_cast<const char*>(data.data()), data.size()};
}

// False: the peer is gone without having been promised an answer, or the connection is not to be kept.
asio::awaitable<bool> Connection::serve_one() {
    if (had_its_turn()) co_await let_others();
    if (!co_await wait_for_request()) co_return false;
    const Limits& limits = loop_.limits();
    Turn turn(limits.header_bytes);
    turn.parser.head().id = loop_.next_id();
    turn.parser.head().remote_address = visitor_.address;

    if (!co_await read_head(turn)) co_return false;
    if (!turn.response) {
        co_await admit(turn);
    }
    if (!turn.response && !turn.streamed && turn.parser.has_body()) {
        const bool connected = co_await read_body(turn);
        if (!connected) co_return false;
    }
    if (!turn.response) {
        co_await handle(turn);
    }
    co_return co_await answer(turn);
}

asio::awaitable<bool> Connection::wait_for_request() {
    if (input_.size() != 0) co_return true;
    idle_ = true;
    input_.shrink_to_fit();
    set_deadline(loop_.limits().idle_time);
    bool waited = loop_.stopping() || transport_.has_pending();
    for (;;) {
        // What has arrived when the server stops is still served.
        if (!waited) {
            const bool readable = co_await transport_.readable();
            turn_began_ = Clock::now();
            if (!readable && !loop_.stopping()) co_return false;
        }
        const auto space = input_.prepare(read_size);
        const auto got = transport_.try_read(static_cast<char*>(space.data()), space.size());
        if (got) {
            input_.commit(*got);
            idle_ = false;
            co_return *got != 0;
        }
        if (loop_.stopping()) co_return false;
        waited = false;
    }
}

bool Connection::had_its_turn() const {
    return Clock::now() - turn_began_ >= turn_time;
}

// However fast a client sends: the other connections of the thread, new ones, deadlines and the order to stop
// come first now.
asio::awaitable<void> Connection::let_others() {
    co_await asio::post(loop_.io(), asio::use_awaitable);
    turn_began_ = Clock::now();
}

asio::awaitable<bool> Connection::read_some() {
    if (had_its_turn()) co_await let_others();
    for (;;) {
        if (expired_) co_return false;
        const auto space = input_.prepare(std::min(read_size, input_.max_size() - input_.size()));
        const auto got = transport_.try_read(static_cast<char*>(space.data()), space.size());
        if (got) {
            input_.commit(*got);
            co_return *got != 0;
        }
        if (!co_await transport_.readable()) co_return false;
        turn_began_ = Clock::now();
    }
}

asio::awaitable<bool> Connection::read_head(Turn& turn) {
    const Limits& limits = loop_.limits();
    RequestParser& parser = turn.parser;
    set_deadline(limits.header_time);
    // An empty line before a request is skipped (RFC 9112 2.2).
    if (buffered().substr(0, 2) == "\r\n") input_.consume(2);
    std::optional<Refusal> refusal;
    for (;;) {
        const std::size_t taken = parser.parse(buffered(), refusal);
        input_.consume(taken);
        turn.bytes_in += taken;
        if (refusal || parser.head_done()) break;
        if (co_await read_some()) continue;
        if (!expired_) co_return false;
        refusal = timed_out("head of the request", limits.header_time);
        break;
    }
    turn.head_end = Clock::now();
    turn.is_head = parser.head().method == "HEAD";
    if (refusal || !parser.wants_keep_alive()) turn.keep_alive = false;
    no_deadline();
    auto& head = parser.head();
    if (visitor_.is_proxy) head.remote_address = limits.trusted_proxies.client(head.fields, visitor_.address);
    turn.exchange = loop_.shared().handler.begin(std::move(head));
    if (refusal) refuse(turn, *refusal);
    co_return true;
}

asio::awaitable<void> Connection::admit(Turn& turn) {
    RequestParser& parser = turn.parser;
    if (visitor_.refuse_status != 0) {
        turn.keep_alive = false;
        refuse(turn, too_many_connections(visitor_.refuse_status));
        turn.response->fields.set("Retry-After", std::string(retry_after_seconds));
        co_return;
    }
    const auto expect = parser.http11() ? turn.exchange->head().fields.find("Expect") : std::nullopt;
    turn.expects_continue = expect.has_value() && parser.has_body();
    std::exception_ptr failure;
    try {
        auto admitted = co_await turn.exchange->admit();
        if (auto* response = std::get_if<Response>(&admitted)) {
            turn.response = std::move(*response);
            co_return;
        }
        const auto& terms = std::get<BodyTerms>(admitted);
        turn.streamed = terms.streamed;
        turn.watched = terms.watched;
        turn.client = terms.client;
        Shared& shared = loop_.shared();
        if (terms.stranger) {
            turn.share.of(shared.strangers_bodies);
        } else {
            turn.share.of(shared.bodies, shared.bodies_of, terms.client);
        }
        if (expect && !spec::equal_but_for_case(*expect, "100-continue")) {
            refuse(turn, {417, Error{"expectation_unsupported", "",
                                     "The only expectation understood is \"100-continue\"."}});
        } else if (!(terms.streamed ? parser.stream_body(terms.limit) : parser.read_body(terms.limit))) {
            refuse(turn, body_too_large(terms.limit));
        }
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure) fail(turn, failure);
}

asio::awaitable<bool> Connection::read_body(Turn& turn) {
    for (;;) {
        std::optional<Refusal> refusal;
        const bool connected = co_await read_piece(turn, refusal);
        if (!connected) co_return false;
        if (refusal) {
            turn.keep_alive = false;
            refuse(turn, *refusal);
            co_return true;
        }
        if (turn.parser.done()) co_return true;
    }
}

// Reads to the end of the body; of a streamed body, until a piece has come together. False: the peer is gone.
asio::awaitable<bool> Connection::read_piece(Turn& turn, std::optional<Refusal>& refusal) {
    const Limits& limits = loop_.limits();
    RequestParser& parser = turn.parser;
    set_deadline(limits.body_time);
    if (turn.expects_continue && input_.size() == 0 && parser.has_body()) {
        const bool connected = co_await write(continue_line);
        if (!connected) co_return false;
        set_deadline(limits.body_time);
    }
    turn.expects_continue = false;
    while (parser.has_body()) {
        const std::size_t taken = parser.parse(buffered(), refusal);
        input_.consume(taken);
        turn.bytes_in += taken;
        if (!turn.streamed && !refusal && !turn.share.grow_to(parser.body().capacity()))
            refusal = too_many_bodies();
        if (refusal || parser.done()) break;
        if (turn.streamed && parser.body().size() >= body_piece) break;
        if (co_await read_some()) continue;
        if (!expired_) co_return false;
        refusal = timed_out("body of the request", limits.body_time);
        break;
    }
    no_deadline();
    co_return true;
}

asio::awaitable<void> Connection::handle(Turn& turn) {
    const auto stream = turn.streamed ? std::make_shared<BodyStream>(*this, turn) : nullptr;
    Body body;
    body.reader = stream;
    if (!turn.streamed) body.bytes = std::move(turn.parser.body());
    std::exception_ptr failure;
    const Watch watch(*this, turn);
    try {
        turn.response = co_await turn.exchange->answer(std::move(body));
    } catch (...) {
        failure = std::current_exception();
    }
    if (stream) stream->detach();
    if (failure) fail(turn, failure);
}

void Connection::fail(Turn& turn, const std::exception_ptr& failure) {
    loop_.log().failure("a request failed", failure, turn.exchange->head().id);
    refuse(turn, internal_error());
}

void Connection::refuse(Turn& turn, const Refusal& refusal) {
    try {
        turn.response = turn.exchange->refuse(refusal);
    } catch (...) {
        loop_.log().failure("a refusal failed", std::current_exception(), turn.exchange->head().id);
        turn.response.emplace();
        turn.response->status = refusal.status;
    }
}

asio::awaitable<bool> Connection::answer(Turn& turn) {
    Shared& shared = loop_.shared();
    BodyShare held;
    if (turn.client.empty()) {
        held.of(shared.answers);
    } else {
        held.of(shared.answers, shared.answers_of, turn.client);
    }
    if (turn.response->body.size() > small_body && !held.grow_to(turn.response->body.size())) {
        refuse(turn, too_many_answers());
    }
    Response& response = *turn.response;
    const bool unread = turn.parser.head_done() && !turn.parser.done();
    if (response.close || loop_.stopping()) turn.keep_alive = false;
    // A client that waits for "100 Continue" may send the body or not: nobody could tell what comes next.
    if (unread && (turn.expects_continue || !turn.parser.discard_body(discarded_body))) {
        turn.keep_alive = false;
    }

    Framing framing{turn.parser.http11(), turn.keep_alive, loop_.date()};
    const bool chunked = is_chunked(response, framing);
    if (response.source && !response.source->size() && !chunked) framing.keep_alive = turn.keep_alive = false;
    std::string& out = loop_.output();
    append_head(out, response, framing);
    std::string_view body;
    if (!turn.is_head && has_body(response.status)) body = response.body;
    if (chunked && !body.empty()) append_chunk_size(out, body.size());
    std::uint64_t bytes_out = out.size() + body.size();
    const std::size_t joined = std::min(body.size(), coalesced_size - std::min(coalesced_size, out.size()));
    out += body.substr(0, joined);
    body.remove_prefix(joined);

    set_deadline(loop_.limits().body_time);
    const std::chrono::duration<double> took = Clock::now() - turn.head_end;
    const auto sent = transport_.try_write(out);
    bool written = sent.has_value();
    if (written && *sent < out.size()) {
        const std::string rest = out.substr(*sent); // others use the scratch while this waits
        written = co_await write(rest);
    }
    if (written && !body.empty()) {
        written = co_await write(body);
    }
    if (written && response.source && !turn.is_head && has_body(response.status)) {
        written = co_await write_source(turn, held, chunked, bytes_out);
    }
    try {
        turn.exchange->answered(response, {took.count(), turn.bytes_in, bytes_out});
    } catch (...) {
        loop_.log().failure("an answer was not recorded", std::current_exception(), turn.exchange->head().id);
    }
    if (!written || !turn.keep_alive) co_return false;
    if (!unread) co_return true;
    co_return co_await discard_body(turn);
}

// False: the rest cannot be sent any more, so the connection must end here.
asio::awaitable<bool> Connection::write_source(const Turn& turn, BodyShare& held, bool chunked,
                                               std::uint64_t& bytes_out) {
    BodySource& source = *turn.response->source;
    bool after_chunk = !turn.response->body.empty();
    std::string frame; // between two chunks
    if (turn.watched) input_.shrink_to_fit();
    for (;;) {
        no_deadline(); // how long it takes to come is the source's affair
        std::optional<Watch> watch(std::in_place, *this, turn);
        const Result<std::string_view> piece = co_await source.next();
        watch.reset();
        if (!piece.has_value()) {
            loop_.log().event(Level::error, "a response broke off", {{"reason", piece.error().message}});
            co_return false;
        }
        if (piece->size() > small_body && !held.grow_to(piece->size())) {
            loop_.log().event(Level::warning, "a response broke off",
                              {{"reason", too_many_answers().error.message}});
            co_return false;
        }
        set_deadline(loop_.limits().body_time);
        if (chunked) {
            frame = std::exchange(after_chunk, true) ? "\r\n" : "";
            append_chunk_size(frame, piece->size());
            if (piece->empty()) frame += "\r\n";
            const bool framed = co_await write(frame);
            if (!framed) co_return false;
            bytes_out += frame.size();
        }
        if (piece->empty()) co_return true;
        const bool written = co_await write(*piece);
        if (!written) co_return false;
        bytes_out += piece->size();
    }
}

asio::awaitable<bool> Connection::discard_body(Turn& turn) {
    set_deadline(loop_.limits().body_time);
    for (;;) {
        std::optional<Refusal> refusal;
        input_.consume(turn.parser.parse(buffered(), refusal));
        if (refusal) co_return false;
        if (turn.parser.done()) co_return true;
        if (!co_await read_some()) co_return false;
    }
}

asio::awaitable<bool> Connection::write(std::string_view data) {
    std::size_t since_deadline = 0;
    for (;;) {
        const auto sent = transport_.try_write(data);
        if (!sent) co_return false;
        data.remove_prefix(*sent);
        if (data.empty()) co_return true;
        // Slow is fine, but not slower than this.
        since_deadline += *sent;
        if (since_deadline >= body_piece) {
            set_deadline(loop_.limits().body_time);
            since_deadline = 0;
        }
        if (!co_await transport_.writable()) co_return false;
        turn_began_ = Clock::now();
    }
}

} // namespace leerspoor::server::http

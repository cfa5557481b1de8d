#include "server/xapi/live.hpp"

#include "server/app/arrivals.hpp"
#include "server/app/workers.hpp"
#include "server/xapi/query_parameters.hpp"
#include "server/xapi/render.hpp"
#include "server/xapi/statements_page.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace leerspoor::server::xapi {
namespace {

using Clock = Arrivals::Clock;

constexpr auto sign_of_life = std::chrono::seconds(15);
constexpr auto longest = std::chrono::minutes(5);
constexpr std::size_t events_at_once = 250;
constexpr std::size_t events_bytes = 256u << 10;
constexpr std::string_view comes_back_after = "retry: 1000\n";

class Events final : public http::BodySource {
  public:
    Events(const Services& services, const Request& request, LiveRequest asked)
        : services_(services), request_(request), query_(std::move(asked.query)), format_(asked.format),
          seen_(asked.after.value_or(services.store.visible_through())) {
        query_.ascending = true;
        query_.limit = events_at_once;
        query_.limit_bytes = events_bytes;
        // A store that was put back to an earlier state goes on from there.
        seen_ = std::min(seen_, services.store.visible_through());
    }

    std::optional<std::uint64_t> size() const override { return std::nullopt; }

    boost::asio::awaitable<Result<std::string_view>> next() override {
        piece_.clear();
        if (!std::exchange(begun_, true)) {
            piece_ = comes_back_after;
            write_id();
            piece_ += '\n';
            co_return std::string_view(piece_);
        }
        const auto alive_by = Clock::now() + sign_of_life;
        for (;;) {
            const auto write = [this] { return write_events(); };
            const auto written = co_await services_.workers.read(write);
            if (!written) co_return written.error();
            if (!piece_.empty()) co_return std::string_view(piece_);
            if (Clock::now() >= end_) co_return std::string_view();
            const bool goes_on =
                co_await services_.arrivals.after(seen_, std::min(alive_by, end_), *request_.client_left);
            if (!goes_on) co_return std::string_view();
            if (Clock::now() < alive_by || services_.store.visible_through() > seen_) continue;
            piece_ = ":\n";
            write_id();
            piece_ += '\n';
            co_return std::string_view(piece_);
        }
    }

  private:
    // What is visible and was not looked at. Done again where a read would wait: nothing is kept before the
    // end.
    Result<void> write_events() {
        piece_.clear();
        const auto visible = services_.store.visible_through();
        if (visible <= seen_) return {};
        query_.after = seen_;
        query_.snapshot = visible;
        const auto page = find_page(services_.store, *request_.principal, query_);
        if (!page) return page.error();
        Renderer renderer(services_.store, request_.principal->store, format_,
                          request_.head.fields.find("Accept-Language").value_or(""));
        for (const auto& statement : page->statements) {
            piece_ += "id: ";
            piece_ += std::to_string(statement.sequence);
            piece_ += "\ndata: ";
            if (auto rendered = renderer.render(statement, piece_); !rendered) return rendered.error();
            piece_ += "\n\n";
        }
        seen_ = page->next.value_or(visible);
        return {};
    }

    void write_id() { piece_ += "id: " + std::to_string(seen_) + "\n"; }

    const Services& services_;
    const Request& request_;
    storage::Query query_;
    const spec::Format format_;
    storage::Sequence seen_;
    const Clock::time_point end_ = Clock::now() + longest;
    bool begun_ = false;
    std::string piece_;
};

} // namespace

boost::asio::awaitable<Result<http::Response>> get_live_statements(const Services& services,
                                                                   const Request& request) {
    auto asked = parse_live_request(request.head.query(), request.version);
    if (!asked) co_return asked.error();
    if (const auto last = request.head.fields.find("Last-Event-ID"); last && !last->empty()) {
        const auto sequence = parse_sequence(*last);
        if (!sequence) {
            co_return Error{"last_event_id_invalid", "",
                            "Last-Event-ID must be the id of an event of this stream, a number."};
        }
        asked->after = *sequence;
    }
    http::Response response;
    response.fields.add("Content-Type", "text/event-stream");
    response.fields.add("Cache-Control", "no-store");
    response.fields.add("X-Accel-Buffering", "no"); // proxies are to hand on what there is
    response.source = std::make_shared<Events>(services, request, std::move(*asked));
    co_return response;
}

} // namespace leerspoor::server::xapi

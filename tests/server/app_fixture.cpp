#include "tests/server/app_fixture.hpp"

#include "server/cli/apis.hpp"
#include "spec/base/base64.hpp"
#include "spec/base/json.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <stdexcept>
#include <variant>

namespace leerspoor::test {
namespace {

// A body that arrives a few bytes at a time.
class PiecewiseBody final : public http::BodyReader {
  public:
    PiecewiseBody(std::string body, std::size_t piece, std::function<void()> halfway)
        : body_(std::move(body)), piece_(piece), halfway_(std::move(halfway)) {}

    boost::asio::awaitable<Result<std::string_view>> next() override {
        const auto piece = std::string_view(body_).substr(at_, piece_);
        at_ += piece.size();
        if (at_ * 2 >= body_.size() && halfway_) std::exchange(halfway_, {})();
        co_return piece;
    }

  private:
    std::string body_;
    std::size_t piece_;
    std::function<void()> halfway_;
    std::size_t at_ = 0;
};

// As the client sees it: all of the body in one.
boost::asio::awaitable<void> read_source(http::Response& response, std::size_t& largest_piece) {
    if (!response.source) co_return;
    largest_piece = std::max(largest_piece, response.body.size());
    const auto left = response.source->size();
    const auto announced = left ? std::optional(response.body.size() + *left) : std::nullopt;
    for (;;) {
        const auto more = co_await response.source->next();
        if (!more) throw std::runtime_error(more.error().message);
        if (more->empty()) break;
        largest_piece = std::max(largest_piece, more->size());
        response.body += *more;
    }
    response.source.reset();
    if (announced && response.body.size() != *announced) throw std::runtime_error("not as long as announced");
}

// A coroutine's frame may not hold the caller's temporaries, so everything comes by value or outlives it.
boost::asio::awaitable<void> talk(http::Exchange& exchange, std::string bytes, std::size_t piece,
                                  std::function<void()> halfway, std::size_t& largest_piece,
                                  http::Response& response) {
    auto admitted = co_await exchange.admit();
    if (auto* const refusal = std::get_if<http::Response>(&admitted)) {
        response = std::move(*refusal);
        co_return;
    }
    const auto& terms = std::get<http::BodyTerms>(admitted);
    if (bytes.size() > terms.limit) {
        response = exchange.refuse({413, {"body_too_large", "", "The body is too large."}});
        co_return;
    }
    http::Body body;
    if (terms.streamed) {
        body.reader = std::make_shared<PiecewiseBody>(std::move(bytes), piece, std::move(halfway));
    } else {
        body.bytes = std::move(bytes);
    }
    response = co_await exchange.answer(std::move(body));
    co_await read_source(response, largest_piece);
}
} // namespace

std::string basic(std::string_view key, std::string_view secret) {
    std::string pair(key);
    pair.append(":").append(secret);
    // base64url of ASCII differs from base64 in padding and two characters only.
    std::string text = spec::base64url_encode(pair);
    for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
    while (text.size() % 4 != 0) text += '=';
    return "Basic " + text;
}

// REQUIRES: `text` is JSON.
boost::json::value json_of(std::string_view text) {
    auto value = spec::parse_json(text);
    return value ? *value : boost::json::value("not JSON: " + std::string(text));
}

// The text of a JSON string; anything else as JSON.
std::string text(const boost::json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
}

std::string statement(std::string_view id, std::string_view verb, std::string_view mbox) {
    std::string text = "{";
    if (!id.empty()) text.append(R"("id":")").append(id).append(R"(",)");
    text.append(R"("actor":{"mbox":")").append(mbox).append(R"("},"verb":{"id":")").append(verb);
    return text + R"("},"object":{"id":"http://example.com/activities/one"}})";
}

AppFixture::AppFixture(server::LogFormat format) {
    server::auth::KeyRingOptions options;
    options.cost = {8, 1};
    options.now = [] { return ModelStore::instant(0); };
    auto ring = server::auth::KeyRing::load(store, std::move(options));
    if (!ring) throw std::runtime_error(ring.error().message);
    keys = std::move(*ring);
    add_key("learner", {"all"});
    log = std::make_unique<server::Log>(format, "debug", [this](const std::string& line) {
        const std::lock_guard lock(log_mutex);
        log_lines.push_back(line);
    });
    server::auth::AuthenticatorOptions auth_options;
    auth_options.throttle.failures = 3;
    auth_options.throttle.now = [this] { return now; };
    authenticator = std::make_unique<server::auth::Authenticator>(*keys, std::move(auth_options));
    checkpoints = std::move(*server::audit::Checkpoints::load(store));
    server::Services services{store, settings, metrics, workers, arrivals};
    services.checkpoints = checkpoints.get();
    exports = std::move(*server::audit::Exports::load(*checkpoints, exports_folder.path()));
    services.exports = exports.get();
    accesses = std::make_unique<server::AccessLog>(store, "https://lrs.example");
    services.accesses = nullptr;
    erasures = std::move(*server::audit::Erasures::load(
        *checkpoints, nullptr, accesses.get(),
        [this](storage::StoreId tenant, const std::vector<std::string>& people) {
            exports->forget(tenant, people);
        }));
    services.erasures = erasures.get();
    relays = std::move(*server::relay::Relays::load(store, "https://lrs.example"));
    services.relays = relays.get();
    library = std::move(*server::courses::Library::load(store, "https://lrs.example"));
    services.courses = library.get();
    services.launches = &launches;
    lms = std::make_unique<server::courses::Lms>(store, settings, recorder, *library, launches);
    services.lms = lms.get();
    scorm = std::make_unique<server::courses::Scorm>(store, recorder, *library, launches);
    services.scorm = scorm.get();
    services.launched = lms.get();
    app = std::make_unique<server::App>(services, server::cli::all_apis(), *authenticator, *log);
}

void AppFixture::add_key(std::string key, std::vector<std::string> scopes, storage::StoreId in) {
    server::auth::NewKey wanted;
    wanted.key = std::move(key);
    wanted.secret = std::string(learner_secret);
    wanted.scopes = std::move(scopes);
    wanted.store = in;
    if (auto created = keys->create(wanted); !created) {
        throw std::runtime_error(created.error().message);
    }
}

http::Response AppFixture::send_bare(const std::string& method, const std::string& target,
                                     const std::string& body, const Headers& headers) {
    http::RequestHead head;
    head.method = method;
    head.target = target;
    head.remote_address = address;
    head.id = "request-1";
    for (const auto& [name, value] : headers) head.fields.add(name, value);
    const auto exchange = app->begin(std::move(head));
    http::Response response;
    std::exception_ptr failure;
    boost::asio::io_context context;
    boost::asio::co_spawn(context, talk(*exchange, body, piece, halfway, largest_piece, response),
                          [&failure](std::exception_ptr thrown) { failure = std::move(thrown); });
    context.run();
    if (failure) std::rethrow_exception(failure);
    exchange->answered(response, {0.001, body.size(), response.body.size()});
    return response;
}

http::Response AppFixture::send(const std::string& method, const std::string& target, const std::string& body,
                                const Headers& headers) {
    http::Fields fields;
    fields.add("X-Experience-API-Version", "2.0.0");
    fields.add("Authorization", basic("learner", learner_secret));
    if (!body.empty()) fields.add("Content-Type", "application/json");
    for (const auto& [name, value] : headers) fields.set(name, value);
    return send_bare(method, target, body, Headers(fields.begin(), fields.end()));
}

std::string header(const http::Response& response, std::string_view name) {
    return std::string(response.fields.find(name).value_or("(none)"));
}

// "400 query_parameter_unknown /pointer": what a refusal comes down to.
std::string refusal(const http::Response& response) {
    const auto body = json_of(response.body);
    std::string text = std::to_string(response.status);
    const auto* const object = body.if_object();
    const auto* const code = object ? object->if_contains("code") : nullptr;
    const auto* const pointer = object ? object->if_contains("pointer") : nullptr;
    if (code && code->is_string()) text.append(" ").append(code->get_string());
    if (pointer && pointer->is_string() && !pointer->get_string().empty())
        text.append(" ").append(pointer->get_string());
    return text;
}

} // namespace leerspoor::test

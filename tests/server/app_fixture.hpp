// The whole application without sockets: a test sends requests to the handler as the HTTP server would.
#pragma once

#include "server/app/access_log.hpp"
#include "server/app/app.hpp"
#include "server/app/arrivals.hpp"
#include "server/app/workers.hpp"
#include "server/audit/erasures.hpp"
#include "server/audit/exports.hpp"
#include "server/courses/lms.hpp"
#include "server/courses/scorm.hpp"
#include "server/http/percent.hpp"
#include "server/relay/relays.hpp"
#include "server/support/metrics.hpp"
#include "tests/support/model_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leerspoor::test {

namespace http = server::http;
using tests::ModelStore;
using Headers = std::vector<std::pair<std::string, std::string>>;

inline constexpr std::string_view learner_secret = "correct horse battery staple";

// The Authorization header.
std::string basic(std::string_view key, std::string_view secret);

// REQUIRES: `text` is JSON.
boost::json::value json_of(std::string_view text);

// The text of a JSON string; anything else as JSON.
std::string text(const boost::json::value& value);

std::string statement(std::string_view id = {}, std::string_view verb = "http://example.com/verbs/did",
                      std::string_view mbox = "mailto:ann@example.com");

struct AppFixture {
    ModelStore store;
    server::Settings settings;
    std::unique_ptr<server::auth::KeyRing> keys;
    server::Metrics metrics;
    server::Workers workers{1, 1};
    server::Arrivals arrivals{store};
    std::unique_ptr<server::audit::Checkpoints> checkpoints;
    tests::TemporaryFolder exports_folder;
    std::unique_ptr<server::audit::Exports> exports;
    std::unique_ptr<server::AccessLog> accesses;
    std::unique_ptr<server::relay::Relays> relays;
    std::unique_ptr<server::courses::Library> library;
    server::courses::Launches launches{store};
    server::courses::Recorder recorder{store, "https://lrs.example"};
    std::unique_ptr<server::courses::Lms> lms;
    std::unique_ptr<server::courses::Scorm> scorm;
    std::unique_ptr<server::audit::Erasures> erasures;
    std::vector<std::string> log_lines;
    std::mutex log_mutex;
    std::unique_ptr<server::Log> log;
    std::unique_ptr<server::auth::Authenticator> authenticator;
    std::unique_ptr<server::App> app;
    std::string address = "192.0.2.1";
    std::chrono::steady_clock::time_point now{};
    std::function<void()> halfway; // through a streamed body: called once
    std::size_t piece = 7;         // how much of a streamed body arrives at a time
    std::size_t largest_piece = 0; // of answers that were made while they were sent

    explicit AppFixture(server::LogFormat format = server::LogFormat::text);

    void add_key(std::string key, std::vector<std::string> scopes,
                 storage::StoreId in = storage::first_store);

    // Exactly these header fields.
    http::Response send_bare(const std::string& method, const std::string& target, const std::string& body,
                             const Headers& headers);

    // With a version, the learner's key and JSON, each replaced by what `headers` says.
    http::Response send(const std::string& method, const std::string& target, const std::string& body = {},
                        const Headers& headers = {});
};

std::string header(const http::Response& response, std::string_view name);

// "400 query_parameter_unknown /pointer": what a refusal comes down to.
std::string refusal(const http::Response& response);

} // namespace leerspoor::test

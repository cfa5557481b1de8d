// What a check works with: it sends requests to the LRS, says what it expects of the answers, and everything
// that is not as expected becomes a finding of the report.
#pragma once

#include "conformance/probe/draft.hpp"
#include "conformance/probe/http.hpp"
#include "conformance/probe/requirement.hpp"

#include <boost/json/array.hpp>
#include <chrono>
#include <functional>

namespace leerspoor::conformance {

// One request in the words of the specification: the Context adds endpoint, credentials and version.
class Call {
  public:
    Call(std::string method, std::string path) : method_(std::move(method)), path_(std::move(path)) {}

    Call& param(std::string_view name, std::string_view value);
    Call& param(std::string_view name, const json::object& value); // as JSON
    Call& field(std::string_view name, std::string_view value);    // instead of the one that is added, if any
    Call& without(std::string_view name); // of a parameter, or of a field that is added
    Call& body(std::string_view content_type, std::string_view bytes);
    Call& body(const json::value& value); // application/json
    Call& method(std::string_view name);

  private:
    friend class Context;
    std::string method_;
    std::string path_;
    Fields params_;
    Fields fields_;
    std::vector<std::string> left_out_;
    std::string body_;
};

inline Call get(std::string path) {
    return {"GET", std::move(path)};
}
inline Call head(std::string path) {
    return {"HEAD", std::move(path)};
}
inline Call put(std::string path) {
    return {"PUT", std::move(path)};
}
inline Call post(std::string path) {
    return {"POST", std::move(path)};
}
inline Call erase(std::string path) {
    return {"DELETE", std::move(path)};
}

struct Answer {
    unsigned status = 0;
    Fields fields;
    std::string body;
    std::string request; // as a report shows it

    std::string field(std::string_view name) const; // empty when there is none
    bool has(std::string_view name) const { return find_field(fields, name).has_value(); }
    bool is_json() const; // by its Content-Type
    std::optional<json::value> json() const;
    json::object object() const; // the body as one; empty when it is none
    json::array array() const;
    std::string text() const; // status line and body, for a report
};

struct Finding {
    std::string request;
    std::string expected;
    std::string got;
};

struct Settings {
    Server server;
    std::string key;
    std::string secret;
    Version version = Version::v1_0_3;
    std::chrono::milliseconds patience{5000}; // for statements to become available
};

// Ends a check whose further steps would mean nothing. The findings say why.
struct Abandoned {};

// Threads: one at a time; each check has one of its own.
class Context {
  public:
    Context(const Settings& settings, Client& client) : settings_(settings), client_(client) {}

    Version version() const { return settings_.version; }
    bool is_2_0() const { return settings_.version == Version::v2_0_0; }
    std::string_view version_text() const { return is_2_0() ? "2.0.0" : "1.0.3"; }
    const Settings& settings() const { return settings_; }
    const std::vector<Finding>& findings() const { return findings_; }

    Answer send(const Call& call);
    // A target as the LRS gave it ("more"): from the root of the server, or a whole URL.
    Answer follow(std::string_view target);

    // Each returns whether it was as expected; require... end the check when not.
    bool expect(const Answer& answer, bool met, std::string_view expected);
    bool expect_status(const Answer& answer, unsigned status, std::string_view why);
    void require(const Answer& answer, bool met, std::string_view expected);
    void require_status(const Answer& answer, unsigned status, std::string_view why);

    // Posts the draft and expects 200, or 400.
    void accepts(const Draft& draft);
    void refuses(const Draft& draft);
    // Each change at each place.
    void accepts(const Places& places, const std::vector<Change>& changes);
    void refuses(const Places& places, const std::vector<Change>& changes);
    // One request after another with the expected status.
    void expect_each(unsigned status, std::initializer_list<Call> calls);

    // Stores the draft, waits until it can be fetched, and returns its id.
    std::string store(const Draft& draft);
    // The statement with that id as the LRS gives it. REQUIRES: stored.
    json::object fetch(std::string_view id);
    // The same call until `ready`, or until patience ends; the last answer.
    Answer send_until(const Call& call, const std::function<bool(const Answer&)>& ready);
    // Long enough for the clock of an LRS that counts in milliseconds to go on.
    void pause();
    // An instant by the clock of the LRS, later than all it has stored and earlier than all it will store.
    std::string instant();

  private:
    void record(const std::string& request, std::string_view expected, const std::string& got);

    const Settings& settings_;
    Client& client_;
    std::vector<Finding> findings_;
};

// The ids of the statements of a StatementResult.
std::vector<std::string> ids_of(const Answer& answer);
bool contains(const std::vector<std::string>& ids, std::string_view id);

} // namespace leerspoor::conformance

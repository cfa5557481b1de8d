// A client of the record store as an xAPI activity provider is one: a key, a version, statements.
#pragma once

#include "tests/support/server_process.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::tests {

struct LrsAccess {
    std::string key = first_key;
    std::string secret = first_secret;
    std::string version = "1.0.3";
};

// Threads: one at a time; each thread makes its own.
class LrsClient {
  public:
    explicit LrsClient(const ServerProcess& server, LrsAccess access = {});

    // With the version and the key; `fields` are added.
    HttpResponse request(const std::string& method, const std::string& target, const std::string& body = {},
                         HttpFields fields = {});
    HttpResponse post(const std::string& body);
    HttpResponse put(const std::string& id, const std::string& body);
    // GET statements; `query` as in "agent=...&limit=2", encoded.
    HttpResponse get(const std::string& query, HttpFields fields = {});
    HttpResponse get_id(const std::string& id) { return get("statementId=" + id); }

    // Follows a query through all its pages. Fails the test when one is not answered with 200; `between` is
    // called after every page.
    std::vector<boost::json::object> all(
        const std::string& query, const std::function<void()>& between = [] {});
    // The ids of all(query), in order.
    std::vector<std::string> ids(const std::string& query);
    // The id of the one statement of a successful POST.
    std::string store(const std::string& statement);

    HttpsClient& connection() { return client_; }
    // The bytes of a request with the version and the key.
    std::string bytes_of(const std::string& method, const std::string& target, const std::string& body = {},
                         HttpFields fields = {}) const;

  private:
    HttpRequest make(const std::string& method, const std::string& target, const std::string& body,
                     HttpFields fields) const;

    LrsAccess access_;
    HttpsClient client_;
};

boost::json::object object_in(const std::string& body);
// The ids that a POST answers with.
std::vector<std::string> ids_in(const std::string& body);
// The code of a problem+json answer; empty when it is none.
std::string code_of(const HttpResponse& response);

} // namespace leerspoor::tests

#include "tests/integration/lrs_client.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

namespace leerspoor::tests {

namespace json = boost::json;

LrsClient::LrsClient(const ServerProcess& server, LrsAccess access)
    : access_(std::move(access)), client_(server.client()) {}

HttpRequest LrsClient::make(const std::string& method, const std::string& target, const std::string& body,
                            HttpFields fields) const {
    HttpRequest request{method, target, std::move(fields), body};
    const auto add = [&request](std::string name, std::string value) {
        for (const auto& field : request.fields) {
            if (field.first == name) return;
        }
        request.fields.emplace_back(std::move(name), std::move(value));
    };
    add("Authorization", basic_authorization(access_.key, access_.secret));
    add("X-Experience-API-Version", access_.version);
    if (!body.empty()) add("Content-Type", "application/json");
    return request;
}

std::string LrsClient::bytes_of(const std::string& method, const std::string& target, const std::string& body,
                                HttpFields fields) const {
    return to_bytes(make(method, target, body, std::move(fields)));
}

HttpResponse LrsClient::request(const std::string& method, const std::string& target, const std::string& body,
                                HttpFields fields) {
    return client_.exchange(make(method, target, body, std::move(fields)));
}

HttpResponse LrsClient::post(const std::string& body) {
    return request("POST", "/xapi/statements", body);
}

HttpResponse LrsClient::put(const std::string& id, const std::string& body) {
    return request("PUT", "/xapi/statements?statementId=" + id, body);
}

HttpResponse LrsClient::get(const std::string& query, HttpFields fields) {
    return request("GET", "/xapi/statements" + (query.empty() ? "" : "?" + query), {}, std::move(fields));
}

std::vector<json::object> LrsClient::all(const std::string& query, const std::function<void()>& between) {
    std::vector<json::object> statements;
    auto response = get(query);
    for (;;) {
        INFO("query: " << query << "\nanswer: " << response.body.substr(0, 2000));
        REQUIRE(response.status == 200);
        const auto page = object_in(response.body);
        for (const auto& statement : page.at("statements").as_array())
            statements.push_back(statement.as_object());
        const std::string more(page.at("more").as_string());
        if (more.empty()) return statements;
        REQUIRE(more.starts_with("/xapi/statements?"));
        REQUIRE_FALSE(page.at("statements").as_array().empty());
        between();
        response = request("GET", more);
    }
}

std::vector<std::string> LrsClient::ids(const std::string& query) {
    std::vector<std::string> found;
    for (const auto& statement : all(query)) found.emplace_back(statement.at("id").as_string());
    return found;
}

std::string LrsClient::store(const std::string& statement) {
    const auto response = post(statement);
    INFO(response.body);
    REQUIRE(response.status == 200);
    const auto made = ids_in(response.body);
    REQUIRE(made.size() == 1);
    return made.front();
}

json::object object_in(const std::string& body) {
    boost::system::error_code ec;
    auto value = json::parse(body, ec);
    INFO("this should be a JSON object: " << body.substr(0, 2000));
    REQUIRE_FALSE(ec);
    REQUIRE(value.is_object());
    return value.get_object();
}

std::vector<std::string> ids_in(const std::string& body) {
    boost::system::error_code ec;
    const auto value = json::parse(body, ec);
    INFO("this should be an array of ids: " << body.substr(0, 2000));
    REQUIRE_FALSE(ec);
    REQUIRE(value.is_array());
    std::vector<std::string> ids;
    for (const auto& id : value.get_array()) ids.emplace_back(id.as_string());
    return ids;
}

std::string code_of(const HttpResponse& response) {
    if (response.field("Content-Type") != "application/problem+json") return {};
    const auto problem = object_in(response.body);
    const auto* const code = problem.if_contains("code");
    return code && code->is_string() ? std::string(code->get_string()) : std::string();
}

} // namespace leerspoor::tests

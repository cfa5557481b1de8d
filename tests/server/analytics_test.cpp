// Analytics are exact: what a plain computation over the statements gives.
#include "server/analytics/compute.hpp"
#include "server/analytics/group.hpp"
#include "server/analytics/time_buckets.hpp"
#include "server/analytics/zone.hpp"
#include "server/app/personas.hpp"
#include "server/cli/apis.hpp"
#include "spec/base/json.hpp"
#include "spec/base/timestamp.hpp"
#include "storage/rocksdb/open.hpp"
#include "tests/server/analytics_checker.hpp"
#include "tests/server/app_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <random>
#include <set>

using namespace leerspoor;
using namespace leerspoor::test;
namespace json = boost::json;

namespace {

std::string pick(std::mt19937& random, std::initializer_list<std::string> choices) {
    return *(choices.begin() + random() % choices.size());
}

const std::string verbs = "http://adlnet.gov/expapi/verbs/";

json::object some_agent(std::mt19937& random) {
    const auto number = std::to_string(random() % 12);
    if (random() % 3 == 0)
        return {{"account", {{"homePage", "https://hr.example.nl"}, {"name", "p " + number}}}};
    return {{"mbox", "mailto:person" + number + "@example.nl"}};
}

// In the weeks around both changes of the clock of 2026, in many cases at the hours that are missing or
// twice.
std::string some_time(std::mt19937& random) {
    const bool spring = random() % 2 == 0;
    const std::string day = spring
                                ? (random() % 2 == 0 ? "03-29" : "03-" + std::to_string(20 + random() % 12))
                                : (random() % 2 == 0 ? "10-25" : "10-" + std::to_string(18 + random() % 14));
    char clock[32];
    std::snprintf(clock, sizeof clock, "T%02u:%02u:%02u.%03uZ", unsigned(random() % 24),
                  unsigned(random() % 60), unsigned(random() % 60), unsigned(random() % 1000));
    return (random() % 10 == 0 ? "2025-" : "2026-") + day + clock;
}

const std::string headset = "https://example.nl/headset";

json::value some_extension(std::mt19937& random) {
    const std::initializer_list<json::value> values{"Quest 3", "Vision \"Pro\"",  "3", 3, 0.5, true,
                                                    nullptr,   {{"make", "Pico"}}};
    return *(values.begin() + random() % values.size());
}

std::string some_statement(std::mt19937& random, std::vector<std::string>& ids) {
    char id[40];
    std::snprintf(id, sizeof id, "%08x-0000-4000-8000-%012x", unsigned(random()), unsigned(ids.size()));
    json::object made;
    made["id"] = id;
    made["actor"] = some_agent(random);
    if (random() % 25 == 0 && !ids.empty()) {
        made["verb"] = {{"id", verbs + "voided"}};
        made["object"] = {{"objectType", "StatementRef"}, {"id", ids[random() % ids.size()]}};
        return json::serialize(made);
    }
    ids.emplace_back(id);
    made["verb"] = {
        {"id", verbs + pick(random, {"completed", "passed", "failed", "answered", "experienced"})}};
    json::object object{{"id", "http://example.nl/activity/" + std::to_string(random() % 9)}};
    if (random() % 2 == 0)
        object["definition"] = {
            {"type", "http://adlnet.gov/expapi/activities/" + pick(random, {"module", "question"})},
            {"name", {{"nl", "Module"}}}};
    if (random() % 15 == 0) object = some_agent(random), object["objectType"] = "Agent";
    made["object"] = object;
    if (random() % 10 != 0) made["timestamp"] = some_time(random);
    json::object context;
    if (random() % 2 == 0)
        context["registration"] = "00000000-0000-4000-8000-00000000000" + std::to_string(random() % 8);
    const bool of_activity = !object.contains("objectType");
    if (of_activity && random() % 3 == 0) context["platform"] = pick(random, {"VR", "Moodle", "Klas"});
    if (random() % 3 == 0) context["language"] = pick(random, {"nl-NL", "en"});
    if (random() % 4 == 0) context["instructor"] = some_agent(random);
    json::object around;
    if (random() % 2 == 0)
        around["parent"] = {{{"id", "http://example.nl/course/" + std::to_string(random() % 3)}}};
    if (random() % 3 == 0)
        around["grouping"] = {{{"id", "http://example.nl/path/" + std::to_string(random() % 2)}},
                              {{"id", "http://example.nl/path/" + std::to_string(random() % 3)}}};
    if (random() % 5 == 0) around["category"] = {{{"id", "https://w3id.org/xapi/cmi5"}}};
    if (!around.empty()) context["contextActivities"] = around;
    if (random() % 3 == 0) context["extensions"] = {{headset, some_extension(random)}};
    if (!context.empty()) made["context"] = context;
    json::object result;
    if (random() % 2 == 0) result["success"] = random() % 3 != 0;
    if (random() % 3 == 0) result["completion"] = random() % 2 == 0;
    if (random() % 2 == 0)
        result["score"] = {{"scaled", static_cast<double>(static_cast<int>(random() % 201) - 100) / 100}};
    if (random() % 2 == 0)
        result["duration"] =
            "PT" + std::to_string(random() % 50) + "M" + std::to_string(random() % 60) + ".25S";
    if (random() % 3 == 0) result["extensions"] = {{headset, some_extension(random)}};
    if (!result.empty()) made["result"] = result;
    return json::serialize(made);
}

json::value some_values(std::mt19937& random, const std::string& name) {
    if (name == "extension") return json::object{{headset, {some_extension(random), some_extension(random)}}};
    const auto one = [&]() -> json::value {
        if (name == "weekday") return 1 + random() % 7;
        if (name == "hour_of_day") return random() % 24;
        if (name == "score_band") return static_cast<double>(static_cast<int>(random() % 21) - 10) / 10;
        if (name == "agent" || name == "learner" || name == "instructor") return some_agent(random);
        if (name == "verb")
            return json::string(verbs + pick(random, {"completed", "passed", "voided", "unheard"}));
        if (name == "activity")
            return json::string("http://example.nl/activity/" + std::to_string(random() % 11));
        if (name == "parent") return json::string("http://example.nl/course/" + std::to_string(random() % 4));
        if (name == "grouping" || name == "course")
            return json::string("http://example.nl/path/" + std::to_string(random() % 3));
        if (name == "registration")
            return json::string("00000000-0000-4000-8000-00000000000" + std::to_string(random() % 9));
        if (name == "activity_type")
            return json::string("http://adlnet.gov/expapi/activities/" +
                                pick(random, {"module", "question"}));
        return json::string(pick(random, {"VR", "Moodle", "nl-NL", "en"}));
    };
    if (random() % 2 == 0) return one();
    json::array several;
    for (unsigned i = 0; i < 1 + random() % 3; ++i) several.push_back(one());
    return several;
}

json::object some_query(std::mt19937& random) {
    static const std::vector<std::string> measures{
        "statements",      "learners",       "activities", "attempts",   "completions",
        "completion_rate", "passes",         "pass_rate",  "mean_score", "median_score",
        "total_seconds",   "median_seconds", "first",      "last"};
    static const std::vector<std::string> dimensions{
        "hour",     "day",         "week",         "month",    "quarter",       "year",
        "weekday",  "hour_of_day", "verb",         "activity", "activity_type", "parent",
        "grouping", "category",    "course",       "learner",  "team",          "instructor",
        "platform", "language",    "registration", "success",  "completion",    "score_band"};
    static const std::vector<std::string> filters{
        "agent",   "learner",      "verb",          "activity", "parent",   "grouping",
        "course",  "registration", "activity_type", "platform", "language", "instructor",
        "weekday", "hour_of_day",  "score_band",    "extension"};
    json::object query;
    json::array asked;
    const auto first = random() % measures.size();
    for (unsigned i = 0; i < 1 + random() % 4; ++i)
        asked.push_back(json::string(measures[(first + i) % measures.size()]));
    if (random() % 5 == 0)
        asked.push_back({{"percentile", pick(random, {"score_scaled", "duration"})}, {"at", 0.9}});
    query["measures"] = asked;
    json::array by;
    const auto dimension = random() % dimensions.size();
    for (unsigned i = 0; i < random() % 3; ++i)
        by.push_back(json::string(dimensions[(dimension + i * 5) % dimensions.size()]));
    if (random() % 8 == 0) by.push_back(json::object{{"extension", headset}});
    query["dimensions"] = by;
    const auto rises = [](const json::value& one) {
        static const std::set<std::string_view> all{"hour", "day", "week", "month", "quarter", "year"};
        return one.is_string() && all.contains(one.get_string());
    };
    if (std::count_if(by.begin(), by.end(), rises) == 1 && random() % 2 == 0) query["running"] = true;
    query["zone"] = pick(random, {"UTC", "Europe/Amsterdam", "America/St_Johns", "Asia/Kathmandu"});
    if (random() % 6 == 0) query["time"] = "stored";
    query["limit"] = 10'000;
    json::object filter;
    if (random() % 3 == 0) filter["since"] = some_time(random);
    if (random() % 3 == 0) filter["until"] = some_time(random);
    if (random() % 6 == 0) filter["success"] = random() % 2 == 0;
    if (random() % 6 == 0) filter["completion"] = random() % 2 == 0;
    if (random() % 6 == 0) filter["score_scaled"] = {{"from", 0.25}, {"to", 1}};
    if (random() % 6 == 0) filter["duration_seconds"] = {{"to", 1200.5}};
    for (unsigned i = 0; i < random() % 3; ++i) {
        const auto& name = filters[random() % filters.size()];
        filter[name] = some_values(random, name);
    }
    if (random() % 4 == 0) {
        const auto& name = filters[random() % filters.size()];
        filter["not"] = {{name, some_values(random, name)}};
    }
    query["filter"] = filter;
    return query;
}

std::vector<json::object> all_statements(AppFixture& app) {
    std::vector<json::object> all;
    std::string target = "/xapi/statements?limit=1000";
    while (!target.empty()) {
        const auto page = json_of(app.send("GET", target).body);
        for (const auto& one : page.at("statements").as_array()) all.push_back(one.as_object());
        target = text(page.at("more"));
    }
    return all;
}

void put_some(AppFixture& app, std::mt19937& random, int count) {
    std::vector<std::string> ids;
    for (int i = 0; i < count; i += 100) {
        std::string batch;
        for (int k = 0; k < 100; ++k) batch += (k == 0 ? "[" : ",") + some_statement(random, ids);
        const auto stored = app.send("POST", "/xapi/statements", batch + "]");
        INFO(stored.body);
        REQUIRE(stored.status == 200);
    }
}

std::optional<double> number_of(const json::value& value) {
    if (value.is_null()) return std::nullopt;
    if (value.is_string()) {
        const auto instant = spec::parse_timestamp(value.get_string(), spec::Version::v2_0_0);
        return static_cast<double>(instant->time_since_epoch().count()) / 1e6;
    }
    return value.to_number<double>();
}

CheckedRows rows_of(const json::value& answer, std::size_t dimensions) {
    CheckedRows rows;
    for (const auto& row : answer.at("rows").as_array()) {
        std::vector<std::string> key;
        std::vector<std::optional<double>> values;
        for (std::size_t i = 0; i < row.as_array().size(); ++i) {
            if (i < dimensions)
                key.push_back(json::serialize(row.at(i)));
            else
                values.push_back(number_of(row.at(i)));
        }
        CHECK(rows.emplace(key, values).second);
    }
    return rows;
}

bool same(const CheckedRows& a, const CheckedRows& b) {
    if (a.size() != b.size()) return false;
    for (auto one = a.begin(), other = b.begin(); one != a.end(); ++one, ++other) {
        if (one->first != other->first || one->second.size() != other->second.size()) return false;
        for (std::size_t i = 0; i < one->second.size(); ++i) {
            const auto& x = one->second[i];
            const auto& y = other->second[i];
            if (x.has_value() != y.has_value()) return false;
            if (x && std::abs(*x - *y) > 1e-9 * std::max(1.0, std::abs(*y))) return false;
        }
    }
    return true;
}

std::string shown(const CheckedRows& rows) {
    std::string text;
    for (const auto& [key, values] : rows) {
        for (const auto& part : key) text += part + " ";
        text += ":";
        for (const auto& value : values) text += " " + (value ? std::to_string(*value) : "none");
        text += "\n";
    }
    return text.substr(0, 3000);
}

// Of account "p 3" and person3@example.nl the one that is shown, when they are joined.
json::object as_joined(const json::object& actor) {
    const auto* account = actor.if_contains("account");
    if (!account) return actor;
    const std::string name(account->at("name").get_string());
    return {{"mbox", "mailto:person" + name.substr(2) + "@example.nl"}};
}

// A query whose learners are those that are shown.
json::object as_joined_query(json::object query) {
    const auto map = [](json::value& value) {
        if (value.is_object()) value = as_joined(value.get_object());
        if (!value.is_array()) return;
        for (auto& one : value.get_array()) one = as_joined(one.as_object());
    };
    const auto map_filter = [&map](json::object& filter) {
        for (const auto* name : {"agent", "learner"})
            if (auto* value = filter.if_contains(name)) map(*value);
    };
    auto* const filter = query.if_contains("filter");
    if (!filter) return query;
    map_filter(filter->as_object());
    if (auto* others = filter->as_object().if_contains("not")) map_filter(others->as_object());
    return query;
}

void check(AppFixture& app, const std::vector<json::object>& statements, std::mt19937& random, int queries,
           bool joined = false) {
    for (int i = 0; i < queries; ++i) {
        const auto query = some_query(random);
        INFO(json::serialize(query));
        const auto response = app.send("POST", "/api/v1/analytics/query", json::serialize(query));
        INFO(response.body.substr(0, 3000));
        REQUIRE(response.status == 200);
        const auto expected = check_query(statements, joined ? as_joined_query(query) : query);
        const auto answered = rows_of(json_of(response.body), query.at("dimensions").as_array().size());
        INFO("expected\n" << shown(expected) << "answered\n" << shown(answered));
        REQUIRE(same(answered, expected));
    }
}

} // namespace

TEST_CASE("A thousand random queries give what a plain computation gives") {
    AppFixture app;
    std::mt19937 random(20260329);
    put_some(app, random, 600);
    check(app, all_statements(app), random, 1000);
}

TEST_CASE("Random queries are as exact where persons have several identities") {
    AppFixture app;
    std::mt19937 random(20261025);
    put_some(app, random, 600);
    const auto personas = std::move(*server::Personas::load(app.store));
    for (int i = 0; i < 12; ++i) {
        const auto number = std::to_string(i);
        REQUIRE(personas
                    ->join("Person " + number, {"mbox mailto:person" + number + "@example.nl",
                                                "account https://hr.example.nl p " + number})
                    .has_value());
    }
    app.app = std::make_unique<server::App>(server::Services{app.store, app.settings, app.metrics,
                                                             app.workers, app.arrivals, nullptr, nullptr,
                                                             nullptr, nullptr, personas.get()},
                                            server::cli::all_apis(), *app.authenticator, *app.log);
    auto statements = all_statements(app);
    for (auto& statement : statements) statement["actor"] = as_joined(statement.at("actor").as_object());
    check(app, statements, random, 500, true);
}

TEST_CASE("Hours and days of a zone are what its clocks show") {
    using server::analytics::DimensionKind;
    using server::analytics::TimeBuckets;
    const auto label = [](DimensionKind kind, const char* zone, const char* instant) {
        TimeBuckets buckets(kind, zone);
        return buckets.label(buckets.bucket(
            spec::parse_timestamp(instant, spec::Version::v2_0_0)->time_since_epoch().count()));
    };
    const char* const amsterdam = "Europe/Amsterdam";
    CHECK(label(DimensionKind::day, amsterdam, "2026-03-28T22:59:59Z") == "2026-03-28");
    CHECK(label(DimensionKind::day, amsterdam, "2026-03-28T23:00:00Z") == "2026-03-29");
    CHECK(label(DimensionKind::hour, amsterdam, "2026-03-29T01:30:00Z") == "2026-03-29T03:00+02:00");
    CHECK(label(DimensionKind::hour, amsterdam, "2026-10-25T00:30:00Z") == "2026-10-25T02:00+02:00");
    CHECK(label(DimensionKind::hour, amsterdam, "2026-10-25T01:30:00Z") == "2026-10-25T02:00+01:00");
    CHECK(label(DimensionKind::week, amsterdam, "2026-01-01T12:00:00Z") == "2026-W01");
    CHECK(label(DimensionKind::week, "UTC", "2027-01-03T12:00:00Z") == "2026-W53");
    CHECK(label(DimensionKind::quarter, "UTC", "1969-12-31T23:59:59Z") == "1969-Q4");
    CHECK(label(DimensionKind::hour, "Asia/Kathmandu", "2026-01-01T00:20:00Z") == "2026-01-01T06:00+05:45");
    TimeBuckets hours(DimensionKind::hour, amsterdam);
    std::int64_t before = 0;
    for (std::int64_t minute = 0; minute < 26 * 60; minute += 10) {
        const auto bucket = hours.bucket(1'792'868'400'000'000 + minute * 60'000'000);
        CHECK(bucket >= before);
        before = bucket;
    }
    CHECK_FALSE(server::analytics::is_zone("Europe/Leerspoor"));
    CHECK_FALSE(server::analytics::is_zone("../../etc/passwd"));
}

TEST_CASE("A set of numbers counts each once, whether they are few, many, dense or far apart") {
    std::mt19937 random(5);
    for (const std::uint32_t greatest : {40u, 5'000u, 60'000u, 4'000'000'000u}) {
        for (const int size : {0, 1, 31, 32, 1'000, 20'000}) {
            INFO(size << " numbers up to " << greatest);
            server::analytics::NumberSet one;
            server::analytics::NumberSet other;
            std::set<std::uint32_t> all;
            for (int i = 0; i < size; ++i) {
                const auto number = static_cast<std::uint32_t>(1 + random() % greatest);
                all.insert(number);
                (i % 3 == 0 ? other : one).add(number);
            }
            auto both = one;
            both.merge(other);
            CHECK(both.size() == all.size());
            other.merge(one);
            CHECK(other.size() == all.size());
        }
    }
}

TEST_CASE("Rows come in the order that is asked for, the rest as others, and all together as totals") {
    AppFixture app;
    std::string batch;
    // Verb n is used n times, by learners whose number falls.
    for (int verb = 1; verb <= 6; ++verb) {
        for (int i = 0; i < verb; ++i) {
            batch += (batch.empty() ? "[" : ",") +
                     statement({}, "http://a.b/" + std::to_string(verb),
                               "mailto:p" + std::to_string(i % (7 - verb)) + "@b.nl");
        }
    }
    REQUIRE(app.send("POST", "/xapi/statements", batch + "]").status == 200);
    const auto ask = [&](const std::string& query) {
        const auto response = app.send("POST", "/api/v1/analytics/query", query);
        INFO(response.body);
        REQUIRE(response.status == 200);
        return json_of(response.body);
    };
    const auto rows = [&](const std::string& query) { return json::serialize(ask(query).at("rows")); };
    CHECK(rows(R"({"measures":["statements"],"dimensions":["verb"],"limit":2})") ==
          R"([["http://a.b/6",6],["http://a.b/5",5]])");
    CHECK(rows(R"({"measures":["statements","learners"],"dimensions":["verb"],"limit":1,
                   "order":[{"by":"learners","descending":true},{"by":"statements","descending":true}]})") ==
          R"([["http://a.b/4",4,3]])");
    CHECK(
        rows(
            R"({"measures":["statements"],"dimensions":["verb"],"limit":1,"order":[{"by":"statements"}]})") ==
        R"([["http://a.b/1",1]])");
    const auto all = ask(
        R"({"measures":["statements","learners"],"dimensions":["verb"],"limit":1,"others":true,"totals":true})");
    CHECK(json::serialize(all.at("rows")) == R"([["http://a.b/6",6,1],[{"others":true},15,3]])");
    CHECK(json::serialize(all.at("totals")) == "[null,21,3]");
    CHECK(all.at("groups") == 6);
}

TEST_CASE("A period is compared with the one before it") {
    AppFixture app;
    const auto at = [](const char* day, int number) {
        return R"({"actor":{"mbox":"mailto:p)" + std::to_string(number) +
               R"(@b.nl"},"verb":{"id":"http://a.b/v"},
                 "object":{"id":"http://a.b/o"},"timestamp":"2026-03-)" +
               day + R"(T12:00:00Z"})";
    };
    REQUIRE(
        app.send("POST", "/xapi/statements", "[" + at("03", 1) + "," + at("04", 2) + "," + at("10", 3) + "]")
            .status == 200);
    const auto response =
        app.send("POST", "/api/v1/analytics/query", R"({"measures":["statements","learners"],
        "dimensions":["day"],"filter":{"since":"2026-03-08T00:00:00Z","until":"2026-03-15T00:00:00Z"},"compare":"previous_period"})");
    // The days before stand beside the days that they are compared with.
    CHECK(json::serialize(json_of(response.body).at("rows")) ==
          R"([["2026-03-10",1,1,1,1],["2026-03-11",0,0,1,1]])");
    CHECK(refusal(app.send("POST", "/api/v1/analytics/query",
                           R"({"measures":["statements"],"compare":"previous_period"})")) ==
          "400 analytics_query_invalid /compare");
}

TEST_CASE("A query ends when its client leaves") {
    AppFixture app;
    std::mt19937 random(1);
    put_some(app, random, 5);
    server::analytics::Query query;
    query.measures.push_back({server::analytics::MeasureKind::statements, "statements", "count"});
    server::analytics::Budget budget;
    budget.end = std::chrono::steady_clock::now() + std::chrono::hours(1);
    std::atomic<bool> left = false;
    const auto lookups = *server::analytics::Lookups::make(app.store, storage::first_store, {});
    budget.client_left = &left;
    CHECK(server::analytics::compute(lookups, query, budget).has_value());
    left = true;
    const auto answer = server::analytics::compute(lookups, query, budget);
    REQUIRE(answer.has_error());
    CHECK(answer.error().code == "client_left");
}

TEST_CASE("CSV cannot carry a formula, and says what JSON says") {
    AppFixture app;
    REQUIRE(app.send("POST", "/xapi/statements",
                     R"({"actor":{"mbox":"mailto:p@b.nl"},"verb":{"id":"http://a.b/v"},
        "object":{"id":"http://a.b/o"},"context":{"platform":"=cmd|' /C calc'!A0,\"x\""}})")
                .status == 200);
    const auto response =
        app.send("POST", "/api/v1/analytics/query",
                 R"({"measures":["statements"],"dimensions":["platform"]})", {{"Accept", "text/csv"}});
    CHECK(response.body == "platform,statements\r\n\"'=cmd|' /C calc'!A0,\"\"x\"\"\",1\r\n");
    CHECK(header(response, "Content-Type").starts_with("text/csv"));
}

TEST_CASE("A query that is not understood is refused with the place") {
    AppFixture app;
    for (const auto& [query, expected] : std::vector<std::pair<std::string, std::string>>{
             {R"({})", "400 analytics_query_invalid /measures"},
             {R"([])", "400 analytics_query_invalid"},
             {R"({"measures":["wishes"]})", "400 analytics_query_invalid /measures/0"},
             {R"({"measures":["statements"],"dimensions":["verb","verb"]})",
              "400 analytics_query_invalid /dimensions/1"},
             {R"({"measures":["statements"],"zone":"Mars"})", "400 analytics_query_invalid /zone"},
             {R"({"measures":["statements"],"limit":0})", "400 analytics_query_invalid /limit"},
             {R"({"measures":["statements"],"filter":{"verb":[1]}})",
              "400 analytics_query_invalid /filter/verb/0"},
             {R"({"measures":["statements"],"filter":{"colour":"red"}})",
              "400 analytics_query_invalid /filter/colour"},
             {R"({"measures":["statements"],"filter":{"weekday":[1,8]}})",
              "400 analytics_query_invalid /filter/weekday/1"},
             {R"({"measures":["statements"],"filter":{"hour_of_day":1.5}})",
              "400 analytics_query_invalid /filter/hour_of_day"},
             {R"({"measures":["statements"],"filter":{"not":{"score_band":"best"}}})",
              "400 analytics_query_invalid /filter/not/score_band"},
             {R"({"measures":["statements"],"filter":{"extension":{"headset":"Quest"}}})",
              "400 analytics_query_invalid /filter/extension/headset"},
             {R"({"measures":["statements"],"filter":{"extension":"https://example.nl/headset"}})",
              "400 analytics_query_invalid /filter/extension"},
             {R"({"measures":["statements"],"filter":{"name":{"weekday":"mon"}}})",
              "400 analytics_query_invalid /filter/name/weekday"},
             {R"({"measures":["statements"],"dimensions":[{"extension":7}]})",
              "400 analytics_query_invalid /dimensions/0/extension"},
             {R"({"measures":["statements"],"dimensions":["extension"]})",
              "400 analytics_query_invalid /dimensions/0"},
             {R"({"measures":["statements"],"dimensions":["verb"],"running":true})",
              "400 analytics_query_invalid /running"},
             {R"({"measures":["statements"],"dimensions":["day","month"],"running":true})",
              "400 analytics_query_invalid /running"},
             {R"({"measures":["statements"],"filter":{"since":"yesterday"}})",
              "400 timestamp_invalid /filter/since"},
             {R"({"measures":["statements"],"order":[{"by":"learners"}]})",
              "400 analytics_query_invalid /order/0/by"},
             {R"({"measures":[{"percentile":"duration","at":2}]})",
              "400 analytics_query_invalid /measures/0/at"},
             {R"({"measures":["statements"],"hurry":true})", "400 analytics_query_invalid /hurry"}}) {
        INFO(query);
        CHECK(refusal(app.send("POST", "/api/v1/analytics/query", query)) == expected);
    }
    app.settings.analytics_time = std::chrono::seconds(0);
    app.send("POST", "/xapi/statements", statement());
    CHECK(refusal(app.send("POST", "/api/v1/analytics/query", R"({"measures":["statements"]})")) ==
          "503 analytics_query_too_long");
}

// Funnels, cohorts, the matrix and questions, against what a plain computation over the statements gives.
#include "server/demo/story.hpp"
#include "tests/server/app_fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>
#include <map>
#include <set>

using namespace leerspoor;
using namespace leerspoor::test;
namespace demo = server::demo;
namespace json = boost::json;

namespace {

struct Told {
    std::string learner;
    std::string verb;
    std::string activity;
    std::string course;
    std::string month;
    std::int64_t time;
    json::object result;
};

constexpr std::string_view verbs = "http://adlnet.gov/expapi/verbs/";

// The academy's first enrolments, stored, and as plain values.
struct Journeys : AppFixture {
    std::vector<Told> told;
    demo::Academy academy;

    Journeys() {
        const auto from = *spec::parse_timestamp("2025-01-01T00:00:00Z", spec::Version::v2_0_0);
        json::array batch;
        for (std::uint32_t number = 0; number < 150; ++number) {
            auto enrolment = demo::enrol(academy, 11, number, from, from + std::chrono::hours(24 * 200));
            enrolment.learner %= 25; // so that learners have several courses
            enrolment.course %= 3;
            for (const auto& step : demo::story(academy, enrolment)) {
                const auto statement = demo::statement(academy, enrolment, step);
                batch.push_back(statement);
                Told one;
                const auto& actor = statement.at("actor").as_object();
                one.learner =
                    json::serialize(actor.contains("mbox") ? actor.at("mbox") : actor.at("account"));
                one.verb = text(statement.at("verb").at("id"));
                one.activity = text(statement.at("object").at("id"));
                store.definitions[one.activity] = json::serialize(statement.at("object").at("definition"));
                one.course = academy.courses()[enrolment.course].id;
                one.month = text(statement.at("timestamp")).substr(0, 7);
                one.time = step.at.time_since_epoch().count();
                if (statement.contains("result")) one.result = statement.at("result").as_object();
                told.push_back(std::move(one));
            }
        }
        REQUIRE(send("POST", "/xapi/statements", json::serialize(batch)).status == 200);
        std::stable_sort(told.begin(), told.end(),
                         [](const Told& a, const Told& b) { return a.time < b.time; });
    }

    json::array rows(const std::string& path, const json::object& asked) {
        const auto response = send("POST", "/api/v1/analytics/" + path, json::serialize(asked));
        INFO(response.body.substr(0, 2000));
        REQUIRE(response.status == 200);
        return json_of(response.body).at("rows").as_array();
    }

    std::map<std::string, std::vector<const Told*>> by_learner() const {
        std::map<std::string, std::vector<const Told*>> all;
        for (const auto& one : told) all[one.learner].push_back(&one);
        return all;
    }
};

// Is there a statement for each step from `step` on, at `from` or later, until `end`?
bool goes_on(const std::vector<const Told*>& of, const std::vector<std::string>& steps, std::size_t step,
             std::int64_t from, std::int64_t end) {
    if (step == steps.size()) return true;
    return std::any_of(of.begin(), of.end(), [&](const Told* one) {
        if (one->verb != steps[step] || one->time < from || one->time > end) return false;
        return goes_on(of, steps, step + 1, one->time, end);
    });
}

// All the ways from each first step.
bool reaches(const std::vector<const Told*>& of, const std::vector<std::string>& steps, std::int64_t within) {
    return std::any_of(of.begin(), of.end(), [&](const Told* one) {
        return one->verb == steps[0] && goes_on(of, steps, 1, one->time, one->time + within);
    });
}

} // namespace

TEST_CASE_METHOD(Journeys, "A funnel counts the learners who get so far, in order and in time",
                 "[journeys]") {
    const std::vector<std::string> names{"initialized", "answered", "failed", "passed", "completed"};
    const std::int64_t day = 86'400;
    for (const std::int64_t seconds : {std::int64_t{600}, 3600L, day, 14 * day, 3650 * day}) {
        json::array steps;
        for (const auto& name : names)
            steps.push_back({{"name", name}, {"filter", {{"verb", std::string(verbs) + name}}}});
        const auto found = rows("funnel", {{"steps", steps}, {"within_seconds", seconds}});
        REQUIRE(found.size() == names.size());
        std::vector<std::string> so_far;
        double before = 0;
        double first = 0;
        for (std::size_t i = 0; i < names.size(); ++i) {
            so_far.push_back(std::string(verbs) + names[i]);
            std::int64_t expected = 0;
            for (const auto& [learner, of] : by_learner())
                expected += reaches(of, so_far, seconds * 1'000'000) ? 1 : 0;
            INFO(seconds << " " << names[i]);
            const auto& row = found[i].as_array();
            CHECK(row[0] == json::value(names[i]));
            CHECK(row[1] == json::value(expected));
            if (i == 0) first = before = static_cast<double>(expected);
            if (first > 0) CHECK(row[2].to_number<double>() == Approx(static_cast<double>(expected) / first));
            if (before > 0)
                CHECK(row[3].to_number<double>() == Approx(static_cast<double>(expected) / before));
            before = static_cast<double>(expected);
        }
    }
    CHECK(refusal(send("POST", "/api/v1/analytics/funnel", R"({"steps":[{"filter":{}}]})")) ==
          "400 analytics_query_invalid /steps");
    CHECK(refusal(send("POST", "/api/v1/analytics/funnel", R"({"steps":[{"filter":{"verbs":"x"}},{}]})")) ==
          "400 analytics_query_invalid /steps/0/filter/verbs");
    CHECK(refusal(send("POST", "/api/v1/analytics/funnel", R"({"step":[]})")) ==
          "400 analytics_query_invalid /step");
}

TEST_CASE_METHOD(Journeys, "Cohorts count who comes back how many months later", "[journeys]") {
    const auto number = [](const std::string& month) {
        return std::stoi(month.substr(0, 4)) * 12 + std::stoi(month.substr(5));
    };
    std::map<std::pair<std::string, int>, std::set<std::string>> expected;
    for (const auto& [learner, of] : by_learner()) {
        for (const auto* one : of)
            expected[{of.front()->month, number(one->month) - number(of.front()->month)}].insert(learner);
    }
    std::erase_if(expected, [](const auto& one) { return one.first.second > 5; });
    const auto found = rows("cohorts", {{"period", "month"}, {"periods", 5}});
    REQUIRE(found.size() == expected.size());
    auto at = expected.begin();
    for (const auto& row : found) {
        CHECK(row.at(0) == json::value(at->first.first));
        CHECK(row.at(1).to_number<int>() == at->first.second);
        CHECK(row.at(2).to_number<std::size_t>() == at->second.size());
        const auto size = static_cast<double>(expected[{at->first.first, 0}].size());
        CHECK(row.at(3).to_number<double>() == Approx(static_cast<double>(at->second.size()) / size));
        ++at;
    }
    CHECK(refusal(send("POST", "/api/v1/analytics/cohorts", R"({"period":"hour"})")) ==
          "400 analytics_query_invalid /period");
}

TEST_CASE_METHOD(Journeys, "The matrix has a row for each learner and activity", "[journeys]") {
    std::map<std::pair<std::string, std::string>, std::size_t> expected;
    for (const auto& one : told) ++expected[{one.learner, one.course}];
    const auto found = rows("matrix", {{"of", "course"},
                                       {"measures", {"statements", "best_score"}},
                                       {"learners", 1000},
                                       {"activities", 10}});
    CHECK(found.size() == expected.size());
    std::size_t all = 0;
    for (const auto& row : found) all += row.at(2).to_number<std::size_t>();
    CHECK(all == told.size());
    const auto some = rows("matrix", {{"of", "course"}, {"learners", 3}, {"activities", 2}});
    std::set<std::string> learners;
    std::set<std::string> courses;
    for (const auto& row : some) {
        learners.insert(text(row.at(0)));
        courses.insert(text(row.at(1)));
    }
    CHECK(learners.size() == 3);
    CHECK(courses.size() == 2);
}

TEST_CASE_METHOD(Journeys, "Questions are as hard as the first answers say, and responses have their texts",
                 "[journeys]") {
    struct Answered {
        std::map<std::string, const Told*> first;
        std::size_t all = 0;
    };
    std::map<std::string, Answered> expected;
    for (const auto& one : told) {
        if (!one.result.contains("response")) continue;
        auto& question = expected[one.activity];
        ++question.all;
        question.first.try_emplace(one.learner, &one);
    }
    const auto right = [](const Told& one) { return one.result.at("success").as_bool(); };
    const auto found = rows("questions", {{"filter", {{"verb", std::string(verbs) + "answered"}}}});
    std::erase_if(expected, [](const auto& one) { return one.first.ends_with("follow-up"); });
    REQUIRE(found.size() == expected.size());
    double before = 0;
    for (const auto& row : found) {
        const auto id = text(row.at(0));
        INFO(json::serialize(row));
        const auto& question = expected.at(id);
        CHECK(row.at(1).to_number<std::size_t>() == question.first.size());
        CHECK(row.at(2).to_number<std::size_t>() == question.all);
        double rights = 0;
        std::vector<std::pair<double, double>> pairs;
        std::map<std::string, double> responses;
        std::vector<double> seconds;
        for (const auto& [learner, one] : question.first) {
            rights += right(*one) ? 1 : 0;
            responses[text(one->result.at("response"))] += 1;
            const auto duration = text(one->result.at("duration"));
            const auto minute = duration.find('M');
            seconds.push_back(minute == std::string::npos ? std::stod(duration.substr(2))
                                                          : 60 * std::stod(duration.substr(2)) +
                                                                std::stod(duration.substr(minute + 1)));
            double others = 0;
            double others_right = 0;
            for (const auto& [other_id, other] : expected) {
                if (other_id == id || !other.first.contains(learner)) continue;
                others += 1;
                others_right += right(*other.first.at(learner)) ? 1 : 0;
            }
            if (others > 0) pairs.emplace_back(right(*one) ? 1 : 0, others_right / others);
        }
        const auto n = static_cast<double>(question.first.size());
        CHECK(row.at(3).to_number<double>() == Approx(rights / n));
        CHECK(row.at(3).to_number<double>() >= before);
        before = row.at(3).to_number<double>();
        double mean_x = 0;
        double mean_y = 0;
        for (const auto& [x, y] : pairs) {
            mean_x += x / static_cast<double>(pairs.size());
            mean_y += y / static_cast<double>(pairs.size());
        }
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (const auto& [x, y] : pairs) {
            xy += (x - mean_x) * (y - mean_y);
            xx += (x - mean_x) * (x - mean_x);
            yy += (y - mean_y) * (y - mean_y);
        }
        if (pairs.size() >= 10 && xx > 1e-9 && yy > 1e-9) {
            CHECK(row.at(4).to_number<double>() == Approx(xy / std::sqrt(xx * yy)).margin(1e-9));
        } else {
            CHECK(row.at(4).is_null());
        }
        std::sort(seconds.begin(), seconds.end());
        CHECK(row.at(5).to_number<double>() ==
              Approx((seconds[seconds.size() / 2] + seconds[(seconds.size() - 1) / 2]) / 2));
        CHECK(row.at(6).as_array().size() == responses.size());
        for (const auto& response : row.at(6).as_array()) {
            const auto given = text(response.at("response"));
            CHECK(response.at("learners").to_number<double>() == responses.at(given));
            CHECK(response.at("correct") == json::value(given == "a"));
            CHECK(response.at("text").as_object().contains("nl"));
        }
    }
}

TEST_CASE_METHOD(Journeys, "Statements are found by parts of names, and by an Agent as it stands in a row",
                 "[journeys]") {
    const json::object by_course{{"measures", {"statements"}},
                                 {"dimensions", {"course"}},
                                 {"filter", {{"name", {{"course", "PRIVACY"}}}}}};
    const auto found = rows("query", by_course);
    REQUIRE(found.size() == 1);
    CHECK(text(found[0].at(0)).ends_with("/course/privacy"));
    const auto learners =
        rows("query", {{"measures", {"statements"}}, {"dimensions", {"learner"}}, {"limit", 1}});
    const auto one =
        rows("query", {{"measures", {"statements"}}, {"filter", {{"learner", learners[0].at(0)}}}});
    CHECK(one[0].at(0) == learners[0].at(1));
    CHECK(
        rows("query", {{"measures", {"statements"}}, {"filter", {{"name", {{"learner", "nobody"}}}}}})[0].at(
            0) == json::value(0));
    CHECK(refusal(send("POST", "/api/v1/analytics/query",
                       R"({"measures":["statements"],"filter":{"name":{"platform":"x"}}})")) ==
          "400 analytics_query_invalid /filter/name/platform");
}

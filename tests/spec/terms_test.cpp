#include "spec/base/json.hpp"
#include "spec/terms.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <catch2/catch.hpp>

namespace {

using namespace leerspoor;
using namespace leerspoor::spec;

std::vector<Term> terms_of(std::string_view json) {
    return filter_terms(parse_json(json)->as_object());
}

bool has(const std::vector<Term>& terms, Filter filter, std::string_view text) {
    return std::find(terms.begin(), terms.end(), Term{filter, std::string(text)}) != terms.end();
}

std::size_t count(const std::vector<Term>& terms, Filter filter) {
    return static_cast<std::size_t>(
        std::count_if(terms.begin(), terms.end(), [&](const Term& term) { return term.filter == filter; }));
}

} // namespace

TEST_CASE("The smallest statement is found by its verb, actor and activity") {
    auto terms =
        terms_of(R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"id":"http://o"}})");
    CHECK(terms == std::vector<Term>{{Filter::verb, "http://v"},
                                     {Filter::activity, "http://o"},
                                     {Filter::related_activity, "http://o"},
                                     {Filter::agent, "mbox mailto:a@b"},
                                     {Filter::related_agent, "mbox mailto:a@b"}});
}

TEST_CASE("Group members are found, in the actor and in the object") {
    const auto terms =
        terms_of(R"({"actor":{"objectType":"Group","member":[{"mbox":"mailto:a@b"},{"openid":"http://c"}]},
        "verb":{"id":"http://v"},"object":{"objectType":"Group","mbox":"mailto:g@b","member":[{"mbox":"mailto:d@b"}]}})");
    for (const auto* text : {"mbox mailto:a@b", "openid http://c", "mbox mailto:g@b", "mbox mailto:d@b"}) {
        CHECK(has(terms, Filter::agent, text));
        CHECK(has(terms, Filter::related_agent, text));
    }
    CHECK(count(terms, Filter::agent) == 4);
    CHECK(count(terms, Filter::activity) == 0);
}

TEST_CASE("Authority, instructor, team and context actors are related agents only") {
    const auto terms =
        terms_of(R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"id":"http://o"},
        "authority":{"objectType":"Group","member":[{"account":{"homePage":"http://l","name":"k"}},{"mbox":"mailto:u@b"}]},
        "context":{"instructor":{"mbox":"mailto:i@b"},"team":{"objectType":"Group","mbox":"mailto:t@b","member":[{"mbox":"mailto:m@b"}]},
        "contextAgents":[{"objectType":"contextAgent","agent":{"mbox":"mailto:ca@b"}}],
        "contextGroups":[{"objectType":"contextGroup","group":{"objectType":"Group","member":[{"mbox":"mailto:cg@b"}]}}]}})");
    for (const auto* text : {"account http://l k", "mbox mailto:u@b", "mbox mailto:i@b", "mbox mailto:t@b",
                             "mbox mailto:m@b", "mbox mailto:ca@b", "mbox mailto:cg@b"}) {
        INFO(text);
        CHECK(has(terms, Filter::related_agent, text));
        CHECK_FALSE(has(terms, Filter::agent, text));
    }
}

TEST_CASE("Context activities are related activities only, single or in arrays") {
    const auto terms =
        terms_of(R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"id":"http://o"},
        "context":{"contextActivities":{"parent":{"id":"http://p"},"category":[{"id":"http://c"},{"id":"http://o"}]}}})");
    CHECK(has(terms, Filter::related_activity, "http://p"));
    CHECK(has(terms, Filter::related_activity, "http://c"));
    CHECK(count(terms, Filter::related_activity) == 3);
    CHECK(count(terms, Filter::activity) == 1);
}

TEST_CASE(
    "What is in a SubStatement is related only, and its verb and registration are not the statement's") {
    const auto terms = terms_of(
        R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"objectType":"SubStatement",
        "actor":{"mbox":"mailto:s@b"},"verb":{"id":"http://w"},"object":{"id":"http://so"},
        "context":{"registration":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee","instructor":{"mbox":"mailto:si@b"},
        "contextActivities":{"other":{"id":"http://sc"}}}}})");
    CHECK(has(terms, Filter::related_agent, "mbox mailto:s@b"));
    CHECK(has(terms, Filter::related_agent, "mbox mailto:si@b"));
    CHECK(has(terms, Filter::related_activity, "http://so"));
    CHECK(has(terms, Filter::related_activity, "http://sc"));
    CHECK(count(terms, Filter::agent) == 1);
    CHECK(count(terms, Filter::activity) == 0);
    CHECK(count(terms, Filter::verb) == 1);
    CHECK(count(terms, Filter::registration) == 0);
}

TEST_CASE("A registration is a term in lower case") {
    const auto terms =
        terms_of(R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"id":"http://o"},
        "context":{"registration":"6690E6C9-3EF0-4ED3-8B37-7F3964730BEE"}})");
    CHECK(has(terms, Filter::registration, "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"));
}

TEST_CASE("Each term comes once") {
    auto terms = terms_of(R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},
        "object":{"objectType":"Agent","mbox":"mailto:a@b"},"authority":{"mbox":"mailto:a@b"},"context":{"instructor":{"mbox":"mailto:a@b"}}})");
    CHECK(terms.size() == 3);
}

TEST_CASE("A given authority takes the place of the statement's own") {
    const auto statement =
        parse_json(R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"id":"http://o"},
        "authority":{"mbox":"mailto:old@b"}})");
    const auto terms = *filter_terms(statement->as_object(), {{"mbox", "mailto:new@b"}}, 6);
    CHECK(has(terms, Filter::related_agent, "mbox mailto:new@b"));
    CHECK_FALSE(has(terms, Filter::related_agent, "mbox mailto:old@b"));
    CHECK(terms.size() == 6);
    CHECK_FALSE(filter_terms(statement->as_object(), {{"mbox", "mailto:new@b"}}, 5).has_value());
}

TEST_CASE("What is named again and again counts once, however often") {
    boost::json::array parents;
    for (int i = 0; i < 1000; ++i)
        parents.push_back(boost::json::object{{"id", "http://p" + std::to_string(i % 3)}});
    auto statement =
        parse_json(R"({"actor":{"mbox":"mailto:a@b"},"verb":{"id":"http://v"},"object":{"id":"http://o"}})");
    statement->as_object()["context"] = {{"contextActivities", {{"parent", parents}}}};
    CHECK(filter_terms(statement->as_object(), {{"mbox", "mailto:new@b"}}, 9)->size() == 9);
    CHECK_FALSE(filter_terms(statement->as_object(), {{"mbox", "mailto:new@b"}}, 8).has_value());
}

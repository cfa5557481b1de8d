// What a query gives: StatementResults, their order, their limits and the pages after the first (xAPI 1.0.3
// Part Two 2.5, Part Three 2.1.3; IEEE 9274.1.1 4.1.6.1).
#include "conformance/checks/groups.hpp"
#include "conformance/checks/search.hpp"

namespace leerspoor::conformance::checks {
namespace {

std::string more_of(const Answer& answer) {
    const auto result = answer.object();
    const auto* more = result.if_contains("more");
    return more != nullptr && more->is_string() ? std::string(more->get_string().c_str()) : std::string();
}

// Statements of an agent whom only they have.
struct Series {
    json::object who = agent();
    Ids ids; // oldest first

    Series(Context& c, std::size_t count) {
        while (ids.size() < count) {
            ids.push_back(c.store(plain().with("/actor", who)));
            c.pause();
        }
    }
    Call query() const { return get("/statements").param("agent", who); }
    Ids newest_first() const { return {ids.rbegin(), ids.rend()}; }
};

void follows_pages(Context& c) {
    const Series series(c, 5);
    auto first = series.query();
    expect_found(c, series.query(), series.ids, "all of the series");
    auto answer = c.send(first.param("limit", "2"));
    auto seen = ids_of(answer);
    c.expect(answer, seen.size() == 2, "two statements");
    for (int page = 2; page <= 3; ++page) {
        const auto more = more_of(answer);
        c.require(answer, !more.empty(), "a \"more\" that leads to the next page");
        answer = c.follow(more);
        c.expect(answer, is_result(answer), "200 with a StatementResult for page " + std::to_string(page));
        const auto ids = ids_of(answer);
        c.expect(answer, ids.size() == (page == 2 ? 2U : 1U), "two on the second page, one on the third");
        seen.insert(seen.end(), ids.begin(), ids.end());
    }
    c.expect(answer, more_of(answer).empty(), "no \"more\" on the last page");
    c.expect(answer, seen == series.newest_first(), "each statement once over all pages, newest first");
}

void page_rules(Context& c) {
    const Series series(c, 3);
    c.store(plain());
    auto answer =
        c.send(series.query().param("limit", "1").param("ascending", "true").param("format", "ids"));
    for (std::size_t i = 1; i < 3; ++i) {
        const auto more = more_of(answer);
        c.require(answer, !more.empty(), "a \"more\"");
        answer = c.follow(more);
        c.expect(answer, ids_of(answer) == Ids{series.ids[i]},
                 "the next statement of the same query: " + series.ids[i]);
        c.expect(answer, answer.body.find("Safety on a ladder") == std::string::npos, "the same format: ids");
    }
}

void no_more(Context& c) {
    const Series series(c, 2);
    const auto answer = expect_found(c, series.query(), series.ids, "both");
    const auto result = answer.object();
    const auto* more = result.if_contains("more");
    c.expect(answer, more == nullptr || *more == json::value(""), "\"more\" absent or empty");
}

void nothing_found(Context& c) {
    const auto answer = c.send(query().param("agent", agent()));
    c.expect(answer, is_result(answer) && ids_of(answer).empty(), "200 with an empty array of statements");
}

void newest_first(Context& c) {
    const Series series(c, 3);
    const auto down = expect_found(c, series.query(), series.ids, "the series");
    c.expect(down, ids_of(down) == series.newest_first(), "the newest first");
    for (const auto* ascending : {"true", "false"}) {
        const auto answer = c.send(series.query().param("ascending", ascending));
        const bool up = std::string_view(ascending) == "true";
        c.expect(answer, ids_of(answer) == (up ? series.ids : series.newest_first()),
                 up ? "the oldest first" : "the newest first");
    }
}

void limits(Context& c) {
    const Series series(c, 3);
    expect_found(c, series.query(), series.ids, "all, without a limit");
    const auto two = c.send(series.query().param("limit", "2"));
    c.expect(two, is_result(two) && ids_of(two).size() == 2, "200 with two statements");
    const auto all = c.send(series.query().param("limit", "0"));
    c.expect(all, is_result(all) && ids_of(all).size() == 3, "200 with all three");
}

// Between the second and the third of four.
struct Interval {
    Series series;
    std::string at;
    explicit Interval(Context& c) : series(c, 4) {
        const auto second = c.fetch(series.ids[1]);
        const auto* stored = second.if_contains("stored");
        at = stored != nullptr && stored->is_string() ? std::string(stored->get_string().c_str())
                                                      : std::string();
    }
};

void until(Context& c) {
    const Interval interval(c);
    expect_found(c, interval.series.query().param("until", interval.at),
                 {interval.series.ids[0], interval.series.ids[1]},
                 "those stored until then, that instant included");
}

void since(Context& c) {
    const Interval interval(c);
    expect_found(c, interval.series.query().param("since", interval.at),
                 {interval.series.ids[2], interval.series.ids[3]},
                 "those stored after then, that instant excluded");
}

} // namespace

Requirements pages() {
    const Clauses results{"Part Two 2.5", "4.1.6.1"};
    const Clauses gets{"Part Three 2.1.3", "4.1.6.1"};
    const auto answers_result = [](Context& c) {
        const auto answer = c.send(query().param("limit", "2"));
        c.expect(answer, is_result(answer), "200 with a StatementResult");
    };
    return {
        {"XAPI-00108", "\"more\" leads to the next page", results, follows_pages},
        {"XAPI-00109", "Without further statements \"more\" is absent or empty", results, no_more},
        {"XAPI-00110", "\"statements\" is an array of statements", results, answers_result},
        {"XAPI-00111", "Further pages keep to the query of the first", results, page_rules},
        {"XAPI-00112", "No statement found is an empty array", results, nothing_found},
        {"XAPI-00113", "A StatementResult has \"statements\", and \"more\" when there are more", results,
         follows_pages},
        {"XAPI-00114", "Every page is a StatementResult", results, follows_pages},
        {"XAPI-00149", "A query that finds nothing answers 200", gets, nothing_found},
        {"XAPI-00154", "Without an id the answer is a StatementResult", gets, answers_result},
        {"XAPI-00159", "GET is taken", gets, answers_result},
        {"XAPI-00166", "The newest come first, with \"ascending\" the oldest", gets, newest_first},
        {"XAPI-00173", "limit is the most that is given; 0 leaves it to the LRS", gets, limits},
        {"XAPI-00174", "until: stored then or earlier", gets, until},
        {"XAPI-00175", "since: stored later than then", gets, since},
    };
}

} // namespace leerspoor::conformance::checks

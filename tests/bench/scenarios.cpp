#include "scenarios.hpp"

#include "academy.hpp"
#include "server/http/percent.hpp"
#include "spec/base/timestamp.hpp"

#include <algorithm>
#include <stdexcept>

namespace leerspoor::bench {
namespace {

constexpr std::size_t targets_per_work = 600;
constexpr std::size_t frequent_ranks = 5;

using server::http::percent_encode;

// A statement that a query shall find, or that is at least of its kind.
Moment frequent(const Stock& stock, Dice& dice) {
    Moment moment = stock.generator.moment(dice.below(static_cast<std::size_t>(stock.statements)));
    moment.learner = dice.below(frequent_ranks);
    moment.course = dice.below(frequent_ranks);
    return moment;
}

Moment rare(const Stock& stock, Dice& dice) {
    Moment moment = stock.generator.moment(dice.below(static_cast<std::size_t>(stock.statements)));
    moment.learner = learner_count - 1 - dice.below(learner_count / 10);
    moment.course = course_count - 1 - dice.below(course_count / 10);
    const Step steps[] = {Step::commented, Step::mentored, Step::attended};
    moment.step = steps[dice.below(std::size(steps))];
    return moment;
}

std::string agent_of(const Moment& moment) {
    std::string agent;
    append_learner(agent, moment.learner);
    return "agent=" + percent_encode(agent);
}

std::string verb_of(const Moment& moment) {
    return "verb=" + percent_encode(Generator::verb(moment).id);
}

std::string activity_of(const Moment& moment) {
    std::string id = Generator::activity(moment);
    if (id.empty()) append_module_id(id, moment.course, moment.module);
    return "activity=" + percent_encode(id);
}

std::string related_activity_of(const Moment& moment) {
    std::string id;
    append_course_id(id, moment.course);
    return "activity=" + percent_encode(id) + "&related_activities=true";
}

std::string registration_of(const Moment& moment, const Stock& stock) {
    return "registration=" +
           std::string(text_of(stock.generator.registration(moment.learner, moment.course)));
}

std::string since_of(Dice& dice, const Stock& stock) {
    using std::chrono::microseconds;
    const auto loading = std::chrono::duration_cast<microseconds>(stock.loaded_until - stock.loaded_from);
    const auto instant =
        std::chrono::floor<microseconds>(stock.loaded_from) +
        microseconds(static_cast<std::int64_t>(dice.unit() * static_cast<double>(loading.count())));
    return "since=" + percent_encode(spec::format_timestamp(instant)) + "&ascending=true";
}

std::string filters_of(const std::string& work, const Moment& moment, const Stock& stock, Dice& dice) {
    if (work == "page-agent") return agent_of(moment);
    if (work == "page-verb") return verb_of(moment);
    if (work == "page-activity") return activity_of(moment);
    if (work == "page-agent-verb") return agent_of(moment) + "&" + verb_of(moment);
    if (work == "page-related") return related_activity_of(moment);
    if (work == "page-registration") return registration_of(moment, stock);
    if (work == "page-since") return since_of(dice, stock);
    if (work == "page-combined") {
        return agent_of(moment) + "&" + verb_of(moment) + "&" + related_activity_of(moment) + "&" +
               since_of(dice, stock);
    }
    return {};
}

// Questions to the analytics API: the same eight that duckdb/compare.mjs asks.
struct Question {
    std::string_view work;
    std::string_view kind = "query";
    std::string_view body;
};
constexpr Question questions[] = {
    {.work = "ask-verbs", .body = R"({"measures":["statements"],"dimensions":["verb"],"limit":1000})"},
    {.work = "ask-months", .body = R"({"measures":["learners"],"dimensions":["month"],"limit":1000})"},
    {.work = "ask-learners", .body = R"({"measures":["learners"],"dimensions":["verb"],"limit":1000})"},
    {.work = "ask-top",
     .body = R"({"measures":["statements","mean_score","learners"],"dimensions":["activity"],"limit":10})"},
    {.work = "ask-course",
     .body = R"({"measures":["statements"],"dimensions":["day"],"limit":5000,)"
             R"("filter":{"grouping":"https://leren.gemeente.example/cursus/3"}})"},
    {.work = "ask-hours",
     .body = R"({"measures":["statements"],"dimensions":["weekday","hour_of_day"],"limit":168})"},
    {.work = "ask-scores",
     .body = R"({"measures":["median_score",{"percentile":"score_scaled","at":0.9}],)"
             R"("dimensions":["course"],"limit":10000})"},
    {.work = "ask-funnel",
     .kind = "funnel",
     .body = R"({"filter":{"grouping":"https://leren.gemeente.example/cursus/3"},"steps":[)"
             R"({"filter":{"verb":"http://adlnet.gov/expapi/verbs/launched"}},)"
             R"({"filter":{"verb":"http://adlnet.gov/expapi/verbs/initialized"}},)"
             R"({"filter":{"verb":"http://adlnet.gov/expapi/verbs/answered"}},)"
             R"({"filter":{"verb":"http://adlnet.gov/expapi/verbs/completed"}},)"
             R"({"filter":{"verb":"http://adlnet.gov/expapi/verbs/passed"}}]})"},
};

std::unique_ptr<Requests> question_requests(const Work& work, const Sender& sender) {
    const auto asked = std::find_if(std::begin(questions), std::end(questions),
                                    [&](const Question& one) { return one.work == work.name; });
    return ask_requests(sender, "/api/v1/analytics/" + std::string(asked->kind), std::string(asked->body));
}

} // namespace

const std::vector<Work>& all_works() {
    static const std::vector<Work> works = {
        {"get-id", WorkKind::get_by_id, 32, 0},  {"page-all", WorkKind::page, 4, 0},
        {"page-agent", WorkKind::page, 4, 0},    {"page-verb", WorkKind::page, 4, 0},
        {"page-activity", WorkKind::page, 4, 0}, {"page-agent-verb", WorkKind::page, 4, 0},
        {"page-related", WorkKind::page, 4, 0},  {"page-registration", WorkKind::page, 4, 0},
        {"page-since", WorkKind::page, 4, 0},    {"page-combined", WorkKind::page, 4, 0},
        {"ask-verbs", WorkKind::ask, 1, 0},      {"ask-months", WorkKind::ask, 1, 0},
        {"ask-learners", WorkKind::ask, 1, 0},   {"ask-top", WorkKind::ask, 1, 0},
        {"ask-course", WorkKind::ask, 1, 0},     {"ask-hours", WorkKind::ask, 1, 0},
        {"ask-scores", WorkKind::ask, 1, 0},     {"ask-funnel", WorkKind::ask, 1, 0},
        {"post-1", WorkKind::post, 1, 1},        {"post-32", WorkKind::post, 32, 1},
        {"post-256", WorkKind::post, 256, 1},    {"batch-50", WorkKind::post, 8, 50},
        {"batch-500", WorkKind::post, 4, 500},
    };
    return works;
}

std::vector<Work> works_named(const std::vector<std::string>& names) {
    if (names.empty()) return all_works();
    std::vector<Work> chosen;
    for (const auto& name : names) {
        const bool known = std::any_of(all_works().begin(), all_works().end(),
                                       [&name](const Work& work) { return work.name == name; });
        if (!known) throw std::invalid_argument("there is no work of the name " + name);
    }
    for (const auto& work : all_works()) {
        if (std::find(names.begin(), names.end(), work.name) != names.end()) chosen.push_back(work);
    }
    return chosen;
}

std::vector<std::string> page_targets(const Work& work, const Stock& stock) {
    std::vector<std::string> targets;
    targets.reserve(targets_per_work);
    Dice dice(41);
    for (std::size_t i = 0; i < targets_per_work; ++i) {
        Moment moment;
        switch (i % 3) {
        case 0:
            moment = frequent(stock, dice);
            break;
        case 1:
            moment = stock.generator.moment(dice.below(static_cast<std::size_t>(stock.statements)));
            break;
        default:
            moment = rare(stock, dice);
        }
        const std::string filters = filters_of(work.name, moment, stock, dice);
        targets.push_back("/xapi/statements?limit=100" + (filters.empty() ? "" : "&" + filters));
    }
    return targets;
}

std::unique_ptr<Requests> requests_of(const Work& work, const Sender& sender, const Stock& stock,
                                      std::uint64_t run) {
    switch (work.kind) {
    case WorkKind::post:
        return post_requests(sender, stock.pool, work.batch, run);
    case WorkKind::get_by_id:
        return get_by_id_requests(sender, stock.generator, stock.statements);
    case WorkKind::page:
        return get_requests(sender, page_targets(work, stock));
    case WorkKind::ask:
        return question_requests(work, sender);
    }
    return nullptr;
}

} // namespace leerspoor::bench

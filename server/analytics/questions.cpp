#include "server/analytics/questions.hpp"

#include "server/analytics/members.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cmath>
#include <map>
#include <optional>
#include <set>

namespace leerspoor::server::analytics {
namespace {

namespace json = boost::json;
using storage::FactBlock;
using storage::FactColumn;
using storage::FactNumber;
using storage::FactText;
using storage::no_fact;

constexpr std::string_view interaction_type = "http://adlnet.gov/expapi/activities/cmi.interaction";
constexpr std::size_t usual_limit = 100;
constexpr std::size_t most_questions = 1000;
constexpr std::size_t most_responses = 20;
constexpr std::size_t least_for_discrimination = 10;

struct Questions {
    Filter filter;
    std::size_t limit = usual_limit;
};

Result<Questions> parse_questions(const json::value& body) {
    Questions asked;
    auto read = each_member(
        body, "", "filter, zone, time and limit",
        [&](std::string_view name, const json::value& member, const std::string& place) -> Result<bool> {
            Result<void> taken;
            if (name == "filter") {
                taken = parse_filter(member, place, asked.filter);
            } else if (name == "zone") {
                taken = parse_zone(member, place, asked.filter.zone);
            } else if (name == "time") {
                taken = parse_time(member, place, asked.filter);
            } else if (name == "limit") {
                const auto limit = parse_count(member, place, most_questions);
                if (!limit) return limit.error();
                asked.limit = *limit;
            } else {
                return false;
            }
            if (!taken) return taken.error();
            return true;
        });
    if (!read) return read.error();
    return asked;
}

struct Given {
    FactNumber question;
    FactNumber learner;
    std::int64_t time;
    std::int64_t success; // as its column
    std::int64_t response;
    std::int64_t duration;

    // In the order in which the first of each learner comes first, the same whoever read it.
    auto key() const { return std::tuple(question, learner, time, response, success, duration); }
};

class AnswerCollector {
  public:
    AnswerCollector(const Selection& selection, std::int64_t interaction, const Budget& budget)
        : selection_(selection), interaction_(interaction), budget_(budget) {}

    Result<void> add(const FactBlock& block) {
        for (std::size_t i = 0; i < block.rows; ++i) {
            const auto response = block[FactColumn::response][i];
            const auto success = block[FactColumn::success][i];
            const bool is_interaction =
                success != no_fact && block[FactColumn::activity_type][i] == interaction_;
            if ((response == no_fact && !is_interaction) || !selection_.wants(block, i)) continue;
            const auto question = static_cast<FactNumber>(selection_.activity(block, i));
            const auto learner = selection_.learner(block, i);
            if (question == 0 || learner == 0) continue;
            given.push_back({question, learner, selection_.time(block, i), success, response,
                             block[FactColumn::duration][i]});
        }
        if (given.capacity() * sizeof(Given) > budget_.of_thread()) return query_too_large();
        return {};
    }

    std::vector<Given> given;

  private:
    const Selection& selection_;
    const std::int64_t interaction_;
    const Budget& budget_;
};

// A learner's questions of which it is known whether they were right.
struct Known {
    std::size_t right = 0;
    std::size_t all = 0;
};

struct Question {
    FactNumber number = 0;
    std::size_t answers = 0;
    std::vector<Given> first; // of each learner
    std::size_t known = 0;
    std::size_t right = 0;

    double share_right() const {
        return known == 0 ? 2 : static_cast<double>(right) / static_cast<double>(known); // 2: comes last
    }
};

std::optional<double> discrimination(const Question& question,
                                     const boost::unordered_flat_map<FactNumber, Known>& learners) {
    double n = 0;
    double sum_x = 0;
    double sum_y = 0;
    double sum_xx = 0;
    double sum_yy = 0;
    double sum_xy = 0;
    for (const auto& one : question.first) {
        if (one.success == no_fact) continue;
        const Known& known = learners.at(one.learner);
        if (known.all < 2) continue;
        const double x = one.success == 2 ? 1 : 0;
        const double y = (static_cast<double>(known.right) - x) / static_cast<double>(known.all - 1);
        n += 1;
        sum_x += x;
        sum_y += y;
        sum_xx += x * x;
        sum_yy += y * y;
        sum_xy += x * y;
    }
    const double spread_x = n * sum_xx - sum_x * sum_x;
    const double spread_y = n * sum_yy - sum_y * sum_y;
    constexpr double nothing = 1e-12;
    if (n < least_for_discrimination || spread_x < nothing || spread_y < nothing) return std::nullopt;
    return (n * sum_xy - sum_x * sum_y) / std::sqrt(spread_x * spread_y);
}

json::value median_seconds(const Question& question) {
    std::vector<std::int64_t> durations;
    for (const auto& one : question.first) {
        if (one.duration != no_fact) durations.push_back(one.duration - 1);
    }
    if (durations.empty()) return nullptr;
    std::sort(durations.begin(), durations.end());
    const auto middle = durations.size() / 2;
    const auto twice = durations[middle] + durations[(durations.size() - 1) / 2];
    return static_cast<double>(twice) / 200;
}

std::vector<std::string> parts_of(std::string_view response) {
    constexpr std::string_view between = "[,]";
    std::vector<std::string> parts;
    for (;;) {
        const auto end = response.find(between);
        parts.emplace_back(response.substr(0, end));
        if (end == std::string_view::npos) return parts;
        response.remove_prefix(end + between.size());
    }
}

// What a question's definition tells of its answers (xAPI 1.0.3 Part Two 2.4.4.1).
class Definition {
  public:
    explicit Definition(const json::object* told) {
        if (told == nullptr) return;
        for (const auto* list : {"choices", "scale", "source", "target", "steps"}) {
            const auto* components = told->if_contains(list);
            if (!components || !components->is_array()) continue;
            for (const auto& component : components->get_array()) {
                const auto* id = component.is_object() ? component.get_object().if_contains("id") : nullptr;
                const auto* text =
                    component.is_object() ? component.get_object().if_contains("description") : nullptr;
                if (id && id->is_string() && text) texts_.emplace(std::string(id->get_string()), *text);
            }
        }
        const auto* type = told->if_contains("interactionType");
        has_parts_ = type && type->is_string() && (type->get_string() == "choice");
        const auto* patterns = told->if_contains("correctResponsesPattern");
        if (!patterns || !patterns->is_array()) return;
        for (const auto& pattern : patterns->get_array()) {
            if (!pattern.is_string()) continue;
            judges_ = true;
            if (has_parts_) {
                for (auto& part : parts_of(pattern.get_string())) correct_.insert(std::move(part));
            } else {
                correct_.insert(std::string(pattern.get_string()));
            }
        }
        // Ranges, and texts of people with what is to be said about their case and order, are not compared.
        for (const std::string_view unjudged : {"numeric", "fill-in", "long-fill-in", "performance", "other"})
            judges_ = judges_ && !(type && type->is_string() && type->get_string() == unjudged);
    }

    std::vector<std::string> parts(const std::string& response) const {
        return has_parts_ ? parts_of(response) : std::vector<std::string>{response};
    }
    json::value correct(const std::string& part) const {
        if (!judges_) return nullptr;
        return correct_.contains(part);
    }
    json::value text(const std::string& part) const {
        const auto found = texts_.find(part);
        return found == texts_.end() ? json::value(nullptr) : found->second;
    }

  private:
    std::map<std::string, json::value> texts_;
    std::set<std::string> correct_;
    bool has_parts_ = false;
    bool judges_ = false;
};

Result<json::array> responses(const Lookups& lookups, const Question& question, const std::string& activity) {
    const auto stored = lookups.store().activity_definition(lookups.tenant(), activity);
    if (!stored) return stored.error();
    const auto parsed = *stored ? spec::parse_stored_json(**stored) : Result<json::value>(json::value());
    const Definition definition(parsed ? parsed->if_object() : nullptr);
    std::map<std::int64_t, std::size_t> counts;
    std::size_t all = 0;
    for (const auto& one : question.first) {
        if (one.response == no_fact) continue;
        ++counts[one.response];
        ++all;
    }
    std::map<std::string, std::size_t> learners;
    for (const auto& [response, count] : counts) {
        const auto text = lookups.text_of(FactText::word, response);
        if (!text) return text.error();
        for (const auto& part : definition.parts(*text)) learners[part] += count;
    }
    std::vector<std::pair<std::string, std::size_t>> most(learners.begin(), learners.end());
    std::stable_sort(most.begin(), most.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    if (most.size() > most_responses) most.resize(most_responses);
    json::array made;
    for (const auto& [part, count] : most) {
        if (lookups.hides(count)) continue;
        made.push_back({{"response", part},
                        {"learners", count},
                        {"share", static_cast<double>(count) / static_cast<double>(all)},
                        {"correct", definition.correct(part)},
                        {"text", definition.text(part)}});
    }
    return made;
}

std::vector<Question> group(std::vector<Given>& given) {
    std::sort(given.begin(), given.end(), [](const Given& a, const Given& b) { return a.key() < b.key(); });
    std::vector<Question> all;
    for (const auto& one : given) {
        if (all.empty() || all.back().number != one.question) {
            all.emplace_back();
            all.back().number = one.question;
        }
        Question& question = all.back();
        ++question.answers;
        if (!question.first.empty() && question.first.back().learner == one.learner) continue;
        question.first.push_back(one);
        if (one.success == no_fact) continue;
        ++question.known;
        question.right += one.success == 2 ? 1 : 0;
    }
    return all;
}

} // namespace

Result<Table> questions(const std::shared_ptr<Lookups>& lookups, const json::value& body,
                        const Budget& budget) {
    const auto asked = parse_questions(body);
    if (!asked) return asked.error();
    auto selection = Selection::make(lookups, asked->filter);
    if (!selection) return selection.error();
    selection->need({FactColumn::actor, FactColumn::object, FactColumn::object_is_actor,
                     FactColumn::activity_type, FactColumn::success, FactColumn::response,
                     FactColumn::duration});
    selection->need_time();
    const auto interaction = lookups->number_of(FactText::iri, interaction_type);
    if (!interaction) return interaction.error();
    Table table;
    table.columns = {{"question", "iri"},
                     {"learners", "count"},
                     {"answers", "count"},
                     {"right", "rate"},
                     {"discrimination", "correlation"},
                     {"median_seconds", "seconds"},
                     {"responses", "responses"}};
    table.sequence = lookups->store().visible_through();
    const auto facts = selection->facts(table.sequence);
    if (!facts) return facts.error();
    std::vector<std::unique_ptr<AnswerCollector>> collectors;
    for (std::size_t i = 0; i < budget.threads; ++i)
        collectors.push_back(
            std::make_unique<AnswerCollector>(*selection, *interaction == 0 ? -1 : *interaction, budget));
    if (!selection->nothing()) {
        auto scanned = scan(*lookups, *facts, budget, collectors);
        if (!scanned) return scanned.error();
    }
    auto& given = collectors.front()->given;
    for (std::size_t i = 1; i < collectors.size(); ++i)
        given.insert(given.end(), collectors[i]->given.begin(), collectors[i]->given.end());
    auto all = group(given);
    boost::unordered_flat_map<FactNumber, Known> learners;
    for (const auto& question : all) {
        for (const auto& one : question.first) {
            if (one.success == no_fact) continue;
            auto& known = learners[one.learner];
            ++known.all;
            known.right += one.success == 2 ? 1 : 0;
        }
    }
    table.groups = all.size();
    std::stable_sort(all.begin(), all.end(),
                     [](const Question& a, const Question& b) { return a.share_right() < b.share_right(); });
    if (all.size() > asked->limit) all.resize(asked->limit);
    for (const auto& question : all) {
        if (lookups->hides(question.first.size())) {
            ++table.hidden;
            continue;
        }
        const auto activity = lookups->text_of(FactText::iri, question.number);
        if (!activity) return activity.error();
        auto given_responses = responses(*lookups, question, *activity);
        if (!given_responses) return given_responses.error();
        const auto correlation = discrimination(question, learners);
        table.rows.push_back(
            {json::string(*activity), question.first.size(), question.answers,
             question.known == 0 ? json::value(nullptr) : json::value(question.share_right()),
             correlation ? json::value(*correlation) : json::value(nullptr), median_seconds(question),
             std::move(*given_responses)});
    }
    return table;
}

} // namespace leerspoor::server::analytics

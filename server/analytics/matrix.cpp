#include "server/analytics/matrix.hpp"

#include "server/analytics/answer.hpp"
#include "server/analytics/members.hpp"

#include <boost/json/array.hpp>

namespace leerspoor::server::analytics {
namespace {

namespace json = boost::json;

constexpr std::size_t most_learners = 1000;
constexpr std::size_t most_activities = 100;

struct Matrix {
    std::string_view of = "activity";
    json::value measures = json::array{"statements", "completions", "best_score", "last"};
    json::value filter = json::object{};
    json::value zone = "UTC";
    json::value time = "timestamp";
    std::size_t learners = 100;
    std::size_t activities = 20;
};

Result<Matrix> parse_matrix(const json::value& body) {
    Matrix asked;
    auto read = each_member(
        body, "", "of, measures, filter, zone, time, learners and activities",
        [&](std::string_view name, const json::value& member, const std::string& place) -> Result<bool> {
            if (name == "of") {
                for (const std::string_view known : {"activity", "parent", "course"}) {
                    if (!member.is_string() || std::string_view(member.get_string()) != known) continue;
                    asked.of = known;
                    return true;
                }
                return invalid_query(place, "A matrix is of activity, parent or course.");
            }
            if (name == "measures") {
                asked.measures = member;
            } else if (name == "filter") {
                asked.filter = member;
            } else if (name == "zone") {
                asked.zone = member;
            } else if (name == "time") {
                asked.time = member;
            } else if (name == "learners" || name == "activities") {
                const bool people = name == "learners";
                const auto count = parse_count(member, place, people ? most_learners : most_activities);
                if (!count) return count.error();
                (people ? asked.learners : asked.activities) = *count;
            } else {
                return false;
            }
            return true;
        });
    if (!read) return read.error();
    return asked;
}

} // namespace

Result<Table> matrix(const std::shared_ptr<Lookups>& lookups, const json::value& body, const Budget& budget) {
    const auto asked = parse_matrix(body);
    if (!asked) return asked.error();
    const auto query_of = [&](json::array by) {
        return parse_query(json::object{{"measures", asked->measures},
                                        {"dimensions", by},
                                        {"filter", asked->filter},
                                        {"zone", asked->zone},
                                        {"time", asked->time}});
    };
    auto pairs = query_of({"learner", json::string(asked->of)});
    if (!pairs) return pairs.error();
    const std::pair<std::string_view, std::size_t> sides[] = {{"learner", asked->learners},
                                                              {asked->of, asked->activities}};
    const Query all = *pairs;
    for (const auto& [by, count] : sides) {
        Query most = all;
        most.dimensions = {all.dimensions[by == "learner" ? 0 : 1]};
        most.measures = {{MeasureKind::statements, "statements", "count", 0}};
        most.limit = count;
        const auto found = compute(lookups, most, budget);
        if (!found) return found.error();
        ValueFilter only;
        only.kind = most.dimensions.front().kind;
        for (const auto& row : found->rows) {
            if (!row.keys.front().missing) only.values.push_back(row.keys.front().text);
        }
        pairs->filter.values.push_back(std::move(only));
    }
    pairs->limit = asked->learners * asked->activities;
    const auto found = compute(lookups, *pairs, budget);
    if (!found) return found.error();
    Table table = table_of(*pairs, *found);
    // A statement that has several parents is of other columns too.
    std::erase_if(table.rows, [&](const json::array& row) {
        const auto& wanted = pairs->filter.values.back().values;
        return !row[0].is_string() || !row[1].is_string() ||
               std::find(wanted.begin(), wanted.end(), std::string_view(row[1].get_string())) == wanted.end();
    });
    table.groups = table.rows.size();
    return table;
}

} // namespace leerspoor::server::analytics

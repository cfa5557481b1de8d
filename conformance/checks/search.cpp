#include "conformance/checks/search.hpp"

#include <algorithm>

namespace leerspoor::conformance::checks {
namespace {

std::string shown(const Ids& ids) {
    std::string text;
    for (const auto& id : ids) text += " " + id;
    return text.empty() ? " none" : text;
}

} // namespace

Answer expect_found(Context& c, const Call& query, Ids wanted, std::string_view why) {
    std::sort(wanted.begin(), wanted.end());
    const auto sorted = [](Ids ids) {
        std::sort(ids.begin(), ids.end());
        return ids;
    };
    auto answer = c.send_until(
        query, [&](const Answer& got) { return got.status != 200 || sorted(ids_of(got)) == wanted; });
    c.expect(answer, answer.status == 200 && sorted(ids_of(answer)) == wanted,
             "200 with the statements" + shown(wanted) + ": " + std::string(why));
    return answer;
}

bool is_result(const Answer& answer) {
    const auto result = answer.object();
    const auto* statements = result.if_contains("statements");
    return answer.status == 200 && statements != nullptr && statements->is_array();
}

} // namespace leerspoor::conformance::checks

// The stub's Statements, out: every query looks at all of them.
#include "spec/agent.hpp"
#include "tests/conformance/stub_memory.hpp"

#include <algorithm>
#include <boost/json/array.hpp>

namespace leerspoor::tests {
namespace {

namespace json = boost::json;

std::vector<spec::Term> wanted_terms(const StubCall& call, const Breaks& breaks) {
    std::vector<spec::Term> terms;
    const auto related = [&](const char* name) { return call.param(name) == "true"; };
    if (const auto agent = call.param("agent")) {
        terms.push_back({related("related_agents") ? spec::Filter::related_agent : spec::Filter::agent,
                         spec::identity(*spec::parse_agent(*agent, call.version))});
    }
    if (const auto verb = call.param("verb"); verb && !breaks.has(Flaw::ignores_the_verb)) {
        terms.push_back({spec::Filter::verb, *verb});
    }
    if (const auto activity = call.param("activity")) {
        terms.push_back(
            {related("related_activities") ? spec::Filter::related_activity : spec::Filter::activity,
             *activity});
    }
    if (const auto registration = call.param("registration")) {
        terms.push_back({spec::Filter::registration, spec::to_string(*spec::parse_uuid(*registration))});
    }
    return terms;
}

} // namespace

bool StubMemory::is_voided(const StubStatement& statement) const {
    if (statement.voids || breaks.has(Flaw::voids_nothing)) return false;
    const std::string id(statement.statement.at("id").as_string().c_str());
    return std::any_of(statements.begin(), statements.end(),
                       [&](const StubStatement& other) { return other.voids && other.refers_to == id; });
}

bool StubMemory::matches(const StubStatement& statement, const std::vector<spec::Term>& wanted) const {
    const bool own = std::all_of(wanted.begin(), wanted.end(), [&](const spec::Term& term) {
        return std::find(statement.terms.begin(), statement.terms.end(), term) != statement.terms.end();
    });
    if (own || !statement.refers_to) return own;
    const auto target = by_id.find(*statement.refers_to);
    return target != by_id.end() && target->second != &statement && matches(*target->second, wanted);
}

json::object StubMemory::formatted(const StubCall& call, const std::map<std::string, std::string>& params,
                                   const StubStatement& statement) const {
    auto shown = statement.statement;
    if (breaks.has(Flaw::rewrites_newer_statements) && !call.is_2_0() && shown.contains("context"))
        shown["context"].as_object().erase("contextAgents");
    const auto format = params.find("format");
    if (format == params.end() || format->second == "exact") return shown;
    if (format->second == "ids") {
        if (!breaks.has(Flaw::ids_keep_names)) spec::reduce_to_ids(shown);
        return shown;
    }
    auto languages =
        breaks.has(Flaw::canonical_ignores_languages) ? std::string("en") : call.field("accept-language");
    for (auto at = languages.find(";q=0,"); at != std::string::npos; at = languages.find(";q=0,")) {
        if (!breaks.has(Flaw::canonical_counts_no_refusals)) break;
        languages.erase(at, 4);
    }
    spec::make_canonical(shown, spec::LanguagePreferences(languages),
                         [](std::string_view) { return nullptr; });
    return shown;
}

StubAnswer StubMemory::result(const StubCall& call, const json::value& body,
                              const std::vector<const StubStatement*>& shown) const {
    if (call.param("attachments") != "true") return json_answer(200, body);
    constexpr std::string_view line = "\r\n--the-stub";
    std::string text = "--the-stub\r\nContent-Type: application/json\r\n\r\n" + json_answer(200, body).body;
    std::set<std::string> sent;
    for (const auto* one : shown) {
        const auto* list = one->statement.if_contains("attachments");
        if (list == nullptr) continue;
        for (const auto& attachment : list->as_array()) {
            const std::string hash(attachment.at("sha2").as_string().c_str());
            const auto found = attachments.find(hash);
            if (found == attachments.end() || !sent.insert(hash).second) continue;
            text.append(line).append("\r\nContent-Type: ").append(found->second.type);
            text.append("\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: ").append(hash);
            text.append("\r\n\r\n").append(found->second.bytes);
        }
    }
    text.append(line).append("--\r\n");
    return {200, {{"Content-Type", "multipart/mixed; boundary=\"the-stub\""}}, std::move(text)};
}

StubAnswer StubMemory::find_one(const StubCall& call, const std::string& id, bool voided) {
    const auto uuid = spec::to_string(*spec::parse_uuid(id));
    const auto found = by_id.find(uuid);
    if (found == by_id.end() || is_voided(*found->second) != voided) throw Refused{404, "no such statement"};
    auto answer = result(call, formatted(call, call.params, *found->second), {found->second});
    answer.fields["Last-Modified"] = http_date(found->second->stored);
    return answer;
}

StubAnswer StubMemory::find(const StubCall& call) {
    const auto wanted = wanted_terms(call, breaks);
    StubPage found{{}, call.params};
    for (const auto& statement : statements) {
        if (const auto since = call.param("since")) {
            const auto from = *spec::parse_timestamp(*since, call.version);
            const bool after = breaks.has(Flaw::since_includes_its_instant) ? statement.stored >= from
                                                                            : statement.stored > from;
            if (!after) continue;
        }
        const auto until = call.param("until");
        if (until) {
            const auto to = *spec::parse_timestamp(*until, call.version);
            if (statement.stored > to) continue;
            if (breaks.has(Flaw::until_excludes_its_instant) && statement.stored == to) continue;
        }
        if (!is_voided(statement) && matches(statement, wanted)) found.left.push_back(&statement);
    }
    if (call.param("ascending") != "true") std::reverse(found.left.begin(), found.left.end());
    return page(call, std::move(found));
}

StubAnswer StubMemory::page(const StubCall& call, StubPage page) {
    const auto limit = page.params.contains("limit") ? std::stoul(page.params["limit"]) : 0;
    const auto count = std::min<std::size_t>(limit == 0 ? 100 : limit, page.left.size());
    const std::vector<const StubStatement*> shown(page.left.begin(),
                                                  page.left.begin() + static_cast<std::ptrdiff_t>(count));
    json::array list;
    for (const auto* statement : shown) list.emplace_back(formatted(call, page.params, *statement));
    page.left.erase(page.left.begin(), page.left.begin() + static_cast<std::ptrdiff_t>(count));
    std::string more;
    if (!page.left.empty() && !breaks.has(Flaw::drops_more)) {
        const auto token = std::to_string(pages.size());
        more = "/xapi/statements?more=" + token;
        pages[token] = page;
    }
    auto answer = result(call, {{"statements", std::move(list)}, {"more", more}}, shown);
    if (!shown.empty() && !breaks.has(Flaw::lists_have_no_date)) {
        const bool ascending = page.params["ascending"] == "true";
        answer.fields["Last-Modified"] = http_date((ascending ? shown.back() : shown.front())->stored);
    }
    return answer;
}

} // namespace leerspoor::tests

#include "tests/conformance/stub_lrs.hpp"

#include "spec/agent.hpp"
#include "spec/base/json.hpp"
#include "spec/description.hpp"
#include "spec/iri.hpp"
#include "tests/conformance/stub_memory.hpp"
#include "tests/support/https_client.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <ctime>

namespace leerspoor::tests {
namespace {

namespace json = boost::json;
constexpr std::string_view base = "/xapi";

std::string decoded(std::string_view text, bool form) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            plain += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
            i += 2;
        } else {
            plain += form && text[i] == '+' ? ' ' : text[i];
        }
    }
    return plain;
}

std::map<std::string, std::string> read_params(std::string_view text, bool form = false) {
    std::map<std::string, std::string> params;
    while (!text.empty()) {
        const auto one = text.substr(0, text.find('&'));
        const auto equals = std::min(one.find('='), one.size());
        params[decoded(one.substr(0, equals), form)] =
            decoded(one.substr(std::min(equals + 1, one.size())), form);
        text.remove_prefix(std::min(one.size() + 1, text.size()));
    }
    return params;
}

StubCall taken_apart(StubRequest request) {
    const auto question = std::min(request.target.find('?'), request.target.size());
    StubCall call;
    call.method = request.method == "HEAD" ? "GET" : request.method;
    call.path = request.target.substr(0, question);
    call.path.erase(0, call.path.starts_with(base) ? base.size() : 0);
    call.params =
        read_params(std::string_view(request.target).substr(std::min(question + 1, request.target.size())));
    call.fields = std::move(request.fields);
    call.body = std::move(request.body);
    return call;
}

// 1.0.3 Part Three 1.3.
void undress(StubCall& call, const Breaks& breaks) {
    if (call.method != "POST" || !call.params.contains("method")) return;
    if (call.params.size() != 1 || call.field("content-type") != "application/x-www-form-urlencoded") {
        throw Refused{400, "not a form"};
    }
    call.method = call.params["method"];
    call.params = read_params(call.body, true);
    const auto content = call.params.find("content");
    if (content == call.params.end() && (call.method == "PUT" || call.method == "POST"))
        throw Refused{400, "no content"};
    call.body = content == call.params.end() ? std::string() : content->second;
    call.params.erase("content");
    call.fields["content-type"] = "application/json";
    for (const auto& [name, field] :
         {std::pair{"Authorization", "authorization"},
          std::pair{"X-Experience-API-Version", "x-experience-api-version"},
          std::pair{"Content-Type", "content-type"}, std::pair{"Content-Length", "content-length"},
          std::pair{"If-Match", "if-match"}, std::pair{"If-None-Match", "if-none-match"}}) {
        const auto found = call.params.find(name);
        if (found == call.params.end()) continue;
        if (!breaks.has(Flaw::form_has_no_headers)) call.fields[field] = found->second;
        call.params.erase(found);
    }
}

bool good_value(const StubCall& call, const std::string& name, const std::string& value) {
    if (name == "agent")
        return spec::parse_agent(value, call.version, call.path == "/statements").has_value();
    if (name == "verb" || name == "activity" || name == "activityId") return spec::is_iri(value);
    if (name == "since" || name == "until") return spec::parse_timestamp(value, call.version).has_value();
    if (name == "format") return spec::parse_format(value).has_value();
    if (name == "limit") return !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
    if (name == "statementId" || name == "voidedStatementId" || name == "registration") {
        return spec::parse_uuid(value).has_value();
    }
    if (name == "attachments" || name == "ascending" || name.starts_with("related_")) {
        return value == "true" || value == "false";
    }
    return true;
}

} // namespace

std::optional<std::string> StubCall::param(const std::string& name) const {
    const auto found = params.find(name);
    return found == params.end() ? std::nullopt : std::optional(found->second);
}

std::string StubCall::field(const std::string& name) const {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string() : found->second;
}

StubAnswer json_answer(unsigned status, const json::value& value) {
    std::string text;
    spec::write_json(value, text);
    return {status, {{"Content-Type", "application/json"}}, std::move(text)};
}

json::value parsed(const std::string& text) {
    auto value = spec::parse_stored_json(text);
    if (!value.has_value()) throw Refused{400, value.error().code};
    return *std::move(value);
}

std::string http_date(spec::Instant instant) {
    const auto time = std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(instant));
    char text[32];
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

void check_params(const StubCall& call, const std::vector<std::string>& names, const Breaks& breaks) {
    for (const auto& [name, value] : call.params) {
        const bool known = std::find(names.begin(), names.end(), name) != names.end();
        if (!known && !breaks.has(Flaw::takes_unknown_parameters))
            throw Refused{400, "unknown parameter " + name};
        if (known && !good_value(call, name, value)) throw Refused{400, "bad value of " + name};
    }
}

spec::Instant StubMemory::now() {
    const auto time = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    last = std::max(last + std::chrono::microseconds(1), spec::Instant(time));
    return last;
}

StubAnswer StubMemory::handle(StubRequest request) {
    auto call = taken_apart(std::move(request));
    if (breaks.has(Flaw::answers_nothing)) return {204, {}, {}};
    if (breaks.has(Flaw::answers_an_empty_object)) return json_answer(200, json::object());
    if (breaks.has(Flaw::refuses_everything)) return json_answer(400, json::object());
    StubAnswer answer;
    auto version = spec::parse_version_header(call.field("x-experience-api-version"));
    try {
        if (!version.has_value() || *version == spec::Version::v1_0_3) undress(call, breaks);
        version = spec::parse_version_header(call.field("x-experience-api-version"));
        const bool about = call.path == "/about";
        if (!about && !breaks.has(Flaw::lets_anybody_in) &&
            call.field("authorization") != basic_authorization(stub_key, stub_secret)) {
            throw Refused{401, "credentials, please"};
        }
        if (!about && !version.has_value()) throw Refused{400, version.error().code};
        if (breaks.has(Flaw::knows_patches_only) && call.field("x-experience-api-version").size() > 6)
            throw Refused{400, "no such version"};
        if (version.has_value()) call.version = *version;
        answer = route(call);
    } catch (const Refused& refused) {
        answer = json_answer(refused.status, {{"error", refused.why}});
    }
    if (answer.status < 400 || !breaks.has(Flaw::refusals_have_no_version)) {
        answer.fields["X-Experience-API-Version"] =
            spec::to_string(version.has_value() ? *version : spec::Version::v1_0_3);
    }
    if (call.path.starts_with("/statements") && !breaks.has(Flaw::leaves_out_consistent_through)) {
        answer.fields["X-Experience-API-Consistent-Through"] = spec::format_timestamp(now());
    }
    answer.fields["Date"] = http_date(now());
    return answer;
}

StubAnswer StubMemory::route(const StubCall& call) {
    const auto& path = call.path;
    if (path == "/statements") return statements_resource(call);
    if (path == "/activities/state" || path == "/activities/profile" || path == "/agents/profile") {
        return documents_resource(call);
    }
    if (call.method == "GET" && path == "/agents") return agents_resource(call);
    if (call.method == "GET" && path == "/activities") return activities_resource(call);
    if (call.method == "GET" && path == "/about") return about_resource(call);
    throw Refused{404, "no such resource"};
}

StubAnswer StubMemory::agents_resource(const StubCall& call) const {
    check_params(call, {"agent"}, breaks);
    if (!call.param("agent")) throw Refused{400, "agent is missing"};
    auto person = parsed(*call.param("agent")).as_object();
    for (auto& member : person) {
        if (member.key() == "objectType" || breaks.has(Flaw::persons_have_no_arrays)) continue;
        member.value() = json::array{member.value()};
    }
    person["objectType"] = "Person";
    return json_answer(200, person);
}

StubAnswer StubMemory::activities_resource(const StubCall& call) const {
    check_params(call, {"activityId"}, breaks);
    const auto id = call.param("activityId");
    if (!id) throw Refused{400, "activityId is missing"};
    json::object definition;
    for (const auto& statement : statements) {
        for (const auto& description : spec::descriptions(statement.statement)) {
            if (description.subject != spec::Description::Subject::activity || description.of != *id)
                continue;
            if (definition.empty() || !breaks.has(Flaw::first_definition_stays)) {
                spec::merge_definition(definition, parsed(description.told).as_object());
            }
        }
    }
    json::object activity{{"objectType", "Activity"}, {"id", *id}};
    if (!definition.empty()) activity["definition"] = definition;
    return json_answer(200, activity);
}

StubAnswer StubMemory::about_resource(const StubCall& call) const {
    check_params(call, {}, breaks);
    const auto* old = breaks.has(Flaw::about_names_an_old_patch) ? "1.0.2" : "1.0.3";
    json::object about{{"version", {old, breaks.has(Flaw::about_names_an_old_patch) ? "1.0.1" : "2.0.0"}}};
    if (breaks.has(Flaw::about_tells_more)) about["server"] = "stub";
    return json_answer(200, about);
}

StubLrs::StubLrs(Breaks breaks) : memory_(std::make_unique<StubMemory>()) {
    memory_->breaks = std::move(breaks);
    server_ = std::make_unique<StubServer>(
        [this](StubRequest request) { return memory_->handle(std::move(request)); });
}

StubLrs::~StubLrs() = default;

} // namespace leerspoor::tests

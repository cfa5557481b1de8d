// The stub's State, Agent Profile and Activity Profile.
#include "spec/agent.hpp"
#include "spec/base/json.hpp"
#include "spec/document.hpp"
#include "tests/conformance/stub_memory.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/evp.h>

namespace leerspoor::tests {
namespace {

namespace json = boost::json;

std::string etag_of(const StubDocument& document) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(document.bytes.data(), document.bytes.size(), digest, &size, EVP_sha1(), nullptr);
    std::string text = "\"";
    for (unsigned i = 0; i < size; ++i) {
        text += "0123456789abcdef"[digest[i] >> 4];
        text += "0123456789abcdef"[digest[i] & 15];
    }
    return text + "\"";
}

std::string identity_of(const StubCall& call) {
    return spec::identity(*spec::parse_agent(*call.param("agent"), call.version));
}

void merge_deeply(json::object& into, const json::object& from) {
    for (const auto& member : from) {
        auto& there = into[member.key()];
        if (there.is_object() && member.value().is_object()) {
            merge_deeply(there.get_object(), member.value().get_object());
        } else {
            there = member.value();
        }
    }
}

void check_preconditions(const StubCall& call, const StubDocument* there, const Breaks& breaks) {
    const auto match = call.field("if-match");
    const auto none = call.field("if-none-match");
    if (!match.empty() && !breaks.has(Flaw::ignores_if_match) &&
        (there == nullptr || match != etag_of(*there))) {
        throw Refused{412, "another version is there"};
    }
    if (none == "*" && there != nullptr) throw Refused{412, "it is there already"};
    const bool guarded = call.is_2_0() || call.path != "/activities/state";
    if (call.method == "PUT" && guarded && there != nullptr && match.empty() && none.empty() &&
        !breaks.has(Flaw::overwrites_unseen_documents)) {
        throw Refused{409, "say with If-Match which version you know"};
    }
}

std::string merged(const StubCall& call, const StubDocument* there, const Breaks& breaks) {
    const bool mergeable = spec::is_mergeable(call.field("content-type"));
    if (!mergeable && there == nullptr) return call.body;
    if (!mergeable || (there != nullptr && !spec::is_mergeable(there->type)))
        throw Refused{400, "only JSON is merged"};
    const auto good = spec::merge_documents("{}", call.body);
    if (!good.has_value()) throw Refused{400, good.error().code};
    if (there == nullptr) return call.body;
    if (breaks.has(Flaw::merges_deeply)) {
        auto into = parsed(there->bytes);
        if (!into.is_object()) throw Refused{400, "only objects are merged"};
        merge_deeply(into.get_object(), parsed(call.body).as_object());
        return json::serialize(into);
    }
    auto bytes = spec::merge_documents(there->bytes, call.body);
    if (!bytes.has_value()) throw Refused{400, bytes.error().code};
    return *bytes;
}

StubAnswer listed(const StubCall& call, const std::map<std::string, StubDocument>& documents,
                  const Breaks& breaks) {
    const auto since = call.param("since");
    json::array ids;
    for (const auto& [id, document] : documents) {
        if (since && !breaks.has(Flaw::lists_ignore_since) &&
            document.modified <= *spec::parse_timestamp(*since, call.version)) {
            continue;
        }
        ids.emplace_back(json::string(id));
    }
    auto answer = json_answer(200, ids);
    if (!breaks.has(Flaw::lists_have_no_etag)) answer.fields["ETag"] = etag_of({{}, answer.body});
    return answer;
}

} // namespace

StubAnswer StubMemory::documents_resource(const StubCall& call) {
    const bool state = call.path == "/activities/state";
    const bool of_agent = call.path != "/activities/profile";
    const bool of_activity = call.path != "/agents/profile";
    const std::string id_name = state ? "stateId" : "profileId";
    std::vector<std::string> names{id_name};
    if (of_agent) names.emplace_back("agent");
    if (of_activity) names.emplace_back("activityId");
    if (state) names.emplace_back("registration");
    const auto id = call.param(id_name);
    if (call.method == "GET" && !id) names.emplace_back("since");
    check_params(call, names, breaks);
    if (of_agent && !call.param("agent")) throw Refused{400, "agent is missing"};
    if (of_activity && !call.param("activityId")) throw Refused{400, "activityId is missing"};

    std::string place = call.path;
    if (of_agent && (state || !breaks.has(Flaw::agent_profiles_are_one))) place += " " + identity_of(call);
    if (of_activity) place += " " + *call.param("activityId");
    if (!breaks.has(Flaw::forgets_registrations)) place += " " + call.param("registration").value_or("");
    auto& here = documents[place];

    if (!id && call.method == "GET") return listed(call, here, breaks);
    if (!id && state && call.method == "DELETE") {
        if (!breaks.has(Flaw::state_deletes_nothing)) here.clear();
        return {204};
    }
    if (!id) throw Refused{400, id_name + " is missing"};
    const auto found = here.find(*id);
    const auto* there = found == here.end() ? nullptr : &found->second;
    if (call.method == "GET") {
        if (there == nullptr) throw Refused{404, "no such document"};
        return {200,
                {{"Content-Type", there->type},
                 {"ETag", etag_of(*there)},
                 {"Last-Modified", http_date(there->modified)}},
                there->bytes};
    }
    check_preconditions(call, there, breaks);
    if (call.method == "DELETE") {
        if (there != nullptr) here.erase(found);
        return {204};
    }
    if (call.method != "PUT" && call.method != "POST") throw Refused{400, "no such method"};
    if (breaks.has(Flaw::reads_documents) && spec::is_mergeable(call.field("content-type"))) {
        if (const auto read = spec::parse_json(call.body); !read) throw Refused{400, read.error().code};
    }
    auto bytes = call.method == "POST" ? merged(call, there, breaks) : call.body;
    const bool loses = breaks.has(Flaw::activity_profiles_lose_their_type) && !of_agent;
    here[*id] = {loses ? "application/json" : call.field("content-type"), std::move(bytes), now()};
    return {204};
}

} // namespace leerspoor::tests

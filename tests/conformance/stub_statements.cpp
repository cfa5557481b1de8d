// The stub's Statements, in: validated by spec/, one after the other.
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "spec/equivalence.hpp"
#include "spec/multipart.hpp"
#include "spec/signature.hpp"
#include "spec/validate.hpp"
#include "tests/conformance/stub_memory.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <random>

namespace leerspoor::tests {
namespace {

namespace json = boost::json;

spec::Uuid random_uuid() {
    static std::mt19937 random(20);
    std::array<std::uint8_t, 16> bytes{};
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    return spec::uuid_from_random(bytes);
}

struct StubPart {
    spec::PartHeader header;
    std::string content;
};

std::vector<StubPart> read_parts(const StubCall& call) {
    const auto boundary = spec::multipart_boundary(call.field("content-type"));
    if (!boundary.has_value()) throw Refused{400, boundary.error().code};
    spec::MultipartReader reader(*boundary);
    reader.feed(call.body);
    std::vector<StubPart> parts;
    for (;;) {
        const auto event = reader.next();
        if (!event.has_value()) throw Refused{400, event.error().code};
        if (event->kind == spec::PartEvent::Kind::header) parts.push_back({reader.header(), {}});
        if (event->kind == spec::PartEvent::Kind::content) parts.back().content += event->content;
        if (event->kind == spec::PartEvent::Kind::end) return parts;
        if (event->kind == spec::PartEvent::Kind::need_more)
            throw Refused{400, "the last boundary is missing"};
    }
}

std::map<std::string, StubBytes> read_attachments(const std::vector<StubPart>& parts, const Breaks& breaks) {
    std::map<std::string, StubBytes> attachments;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const auto& [header, content] = parts[i];
        const auto hash = header.find("X-Experience-API-Hash");
        auto sha2 = hash ? spec::Sha2::for_hex_length(hash->size()) : std::nullopt;
        if (!sha2) throw Refused{400, "no hash"};
        if (header.find("Content-Transfer-Encoding").value_or("binary") != "binary")
            throw Refused{400, "not binary"};
        sha2->update(content);
        if (sha2->finish() != *hash && !breaks.has(Flaw::takes_any_bytes_for_an_attachment)) {
            throw Refused{400, "another hash"};
        }
        attachments[std::string(*hash)] = {std::string(header.find("Content-Type").value_or("")), content};
    }
    return attachments;
}

std::vector<const json::object*> attachments_of(const json::value& body) {
    std::vector<const json::object*> all;
    const auto add = [&](const json::value& statement) {
        const auto* object = statement.if_object();
        const auto* list = object == nullptr ? nullptr : object->if_contains("attachments");
        if (list == nullptr || !list->is_array()) return;
        for (const auto& one : list->get_array()) {
            if (one.is_object()) all.push_back(&one.get_object());
        }
    };
    if (!body.is_array()) {
        add(body);
    } else {
        for (const auto& statement : body.get_array()) add(statement);
    }
    return all;
}

void check_attachments(const json::value& body, const std::map<std::string, StubBytes>& sent,
                       const Breaks& breaks) {
    std::set<std::string> hashes;
    for (const auto* attachment : attachments_of(body)) {
        const std::string hash(attachment->at("sha2").as_string().c_str());
        hashes.insert(hash);
        if (!sent.contains(hash) && !attachment->contains("fileUrl") &&
            !breaks.has(Flaw::takes_any_bytes_for_an_attachment)) {
            throw Refused{400, "an attachment is missing"};
        }
    }
    for (const auto& [hash, bytes] : sent) {
        if (!hashes.contains(hash)) throw Refused{400, "nobody's attachment"};
    }
}

void check_signature(const json::value& statement, const std::map<std::string, StubBytes>& sent) {
    for (const auto* attachment : attachments_of(statement)) {
        if (attachment->at("usageType") != json::value(json::string(spec::signature_usage))) continue;
        const auto found = sent.find(attachment->at("sha2").as_string().c_str());
        if (attachment->at("contentType") != json::value(json::string(spec::signature_content_type)) ||
            found == sent.end()) {
            throw Refused{400, "not a signature"};
        }
        const auto good = spec::check_signature(found->second.bytes, statement.as_object());
        if (!good.has_value()) throw Refused{400, good.error().code};
    }
}

bool starts(const std::string& type, std::string_view with) {
    return type.starts_with(with);
}

} // namespace

StubAnswer StubMemory::statements_resource(const StubCall& call) {
    if (call.method == "PUT" || call.method == "POST") return store(call);
    if (call.method != "GET") throw Refused{400, "no such method"};
    if (const auto more = call.param("more")) return page(call, pages[*more]);
    check_params(call,
                 {"statementId", "voidedStatementId", "agent", "verb", "activity", "registration",
                  "related_activities", "related_agents", "since", "until", "limit", "format", "attachments",
                  "ascending"},
                 breaks);
    const auto id = call.param("statementId");
    const auto voided = call.param("voidedStatementId");
    if (!id && !voided) return find(call);
    for (const auto& [name, value] : call.params) {
        if (name != "format" && name != "attachments" && name != (id ? "statementId" : "voidedStatementId")) {
            throw Refused{400, name + " does not go with an id"};
        }
    }
    return find_one(call, id ? *id : *voided, !id);
}

// Has its id been taken by another statement?
bool StubMemory::is_other(const spec::PreparedStatement& sent) const {
    const auto found = by_id.find(spec::to_string(sent.id));
    if (found == by_id.end()) return false;
    const auto version = breaks.has(Flaw::compares_everything) ? spec::Version::v1_0_3 : sent.version;
    return !spec::equivalent(found->second->statement, parsed(sent.bytes).as_object(),
                             {sent.timestamp_was_given, version});
}

StubAnswer StubMemory::store(const StubCall& call) {
    const bool put = call.method == "PUT";
    check_params(call, put ? std::vector<std::string>{"statementId"} : std::vector<std::string>{}, breaks);
    const auto wanted = call.param("statementId");
    if (put && !wanted) throw Refused{400, "statementId is missing"};

    const auto type = call.field("content-type");
    std::map<std::string, StubBytes> sent;
    std::string text = call.body;
    if (starts(type, "multipart/mixed")) {
        const auto parts = read_parts(call);
        if (parts.empty() || parts[0].header.find("Content-Type") != "application/json")
            throw Refused{400, "first part"};
        text = parts[0].content;
        sent = read_attachments(parts, breaks);
    } else if (!starts(type, "application/json")) {
        throw Refused{400, "no such type"};
    }
    auto value =
        spec::parse_json(text, spec::JsonRules{.any_number = !breaks.has(Flaw::refuses_long_numbers)});
    if (!value.has_value()) {
        if (breaks.tolerates && breaks.tolerates(value.error())) return json_answer(200, json::array{});
        throw Refused{400, value.error().code};
    }
    auto body = *std::move(value);
    if (put && body.is_object() && !body.get_object().contains("id")) body.get_object()["id"] = *wanted;
    if (put && (!body.is_object() || body.at("id") != json::value(*wanted))) throw Refused{400, "another id"};

    std::vector<json::value> list{body};
    if (body.is_array()) list.assign(body.get_array().begin(), body.get_array().end());
    std::vector<spec::PreparedStatement> prepared;
    std::set<std::string> ids;
    for (const auto& one : list) {
        auto made = spec::prepare_statement(
            one, call.version, {{"objectType", "Agent"}, {"mbox", "mailto:stub@example.com"}}, random_uuid);
        if (!made.has_value()) {
            if (breaks.has(Flaw::stores_the_good_part_of_a_batch) && list.size() > 1) continue;
            if (breaks.tolerates && breaks.tolerates(made.error())) {
                return json_answer(200, json::array{json::string(spec::to_string(random_uuid()))});
            }
            throw Refused{400, made.error().code + " at " + made.error().pointer};
        }
        if (!ids.insert(spec::to_string(made->id)).second) throw Refused{400, "an id twice"};
        if (!breaks.has(Flaw::takes_any_signature)) check_signature(one, sent);
        prepared.push_back(*std::move(made));
    }
    check_attachments(body, sent, breaks);
    if (!breaks.has(Flaw::overwrites_statements)) {
        for (const auto& one : prepared) {
            if (is_other(one)) throw Refused{409, "this id is taken"};
        }
    }
    json::array stored_ids;
    for (auto& one : prepared) {
        const auto id = spec::to_string(one.id);
        if (by_id.contains(id) && !breaks.has(Flaw::overwrites_statements)) {
            stored_ids.emplace_back(json::string(id));
            continue;
        }
        const auto stored = now();
        one.set_stored(stored);
        auto kept = parsed(one.bytes).as_object();
        if (breaks.has(Flaw::loses_scores) && kept.contains("result"))
            kept["result"].as_object().erase("score");
        if (breaks.has(Flaw::sets_no_timestamp) && !one.timestamp_was_given) kept.erase("timestamp");
        statements.push_back({std::move(kept), one.terms,
                              one.refers_to ? std::optional(spec::to_string(*one.refers_to)) : std::nullopt,
                              one.voids, stored});
        by_id[id] = &statements.back();
        stored_ids.emplace_back(json::string(id));
    }
    attachments.insert(sent.begin(), sent.end());
    if (prepared.size() != list.size()) throw Refused{400, "some were not valid"};
    return put ? StubAnswer{204} : json_answer(200, stored_ids);
}

} // namespace leerspoor::tests

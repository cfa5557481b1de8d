#include "server/audit/erasure_job.hpp"

#include "spec/agent.hpp"
#include "spec/base/json.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> kind_names{"erase", "pseudonymise", "retention"};
constexpr std::array<std::string_view, 6> state_names{"previewing", "previewed", "running",
                                                      "purging",    "done",      "failed"};

template <std::size_t Size>
std::size_t place_in(const std::array<std::string_view, Size>& names, std::string_view name) {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

json::array texts(const std::vector<std::string>& all) {
    json::array array;
    for (const auto& one : all) array.push_back(json::string(one));
    return array;
}

std::vector<std::string> texts(const json::value& array) {
    std::vector<std::string> all;
    for (const auto& one : array.as_array()) all.emplace_back(one.as_string());
    return all;
}

std::string text(const json::object& object, const char* name) {
    return std::string(object.at(name).as_string());
}

json::object as_json(const ErasureCounts& counts) {
    return {{"looked_at", counts.looked_at},
            {"of", counts.of},
            {"statements_erased", counts.statements_erased},
            {"statements_altered", counts.statements_altered},
            {"accesses_altered", counts.accesses_altered},
            {"documents", counts.documents},
            {"attachments", counts.attachments}};
}

ErasureCounts counts_of(const json::object& kept) {
    const auto number = [&](const char* name) { return kept.at(name).to_number<std::uint64_t>(); };
    ErasureCounts counts;
    counts.looked_at = number("looked_at");
    counts.of = number("of");
    counts.statements_erased = number("statements_erased");
    counts.statements_altered = number("statements_altered");
    counts.accesses_altered = number("accesses_altered");
    counts.documents = number("documents");
    counts.attachments = number("attachments");
    return counts;
}

std::optional<ErasureJob> job_in(const std::string& id, const json::object& kept) {
    ErasureJob job;
    job.id = id;
    job.request.tenant = kept.at("store").to_number<storage::StoreId>();
    const auto kind = place_in(kind_names, text(kept, "kind"));
    const auto state = place_in(state_names, text(kept, "state"));
    if (kind == kind_names.size() || state == state_names.size()) return std::nullopt;
    job.request.kind = static_cast<ErasureKind>(kind);
    job.state = static_cast<ErasureState>(state);
    job.request.identities = texts(kept.at("identities"));
    job.request.purpose = text(kept, "purpose");
    job.request.reason = text(kept, "reason");
    job.request.by = text(kept, "by");
    job.request.rule = text(kept, "rule");
    job.made = *spec::parse_timestamp(text(kept, "made"), spec::Version::v2_0_0);
    job.counts = counts_of(kept.at("counts").as_object());
    job.certificate = text(kept, "certificate");
    job.signature = text(kept, "signature");
    if (kept.contains("ended"))
        job.ended = *spec::parse_timestamp(text(kept, "ended"), spec::Version::v2_0_0);
    if (const auto* error = kept.if_contains("error"))
        job.error = {std::string(error->at("code").as_string()), "",
                     std::string(error->at("message").as_string())};
    return job;
}

std::optional<LegalHold> hold_in(const std::string& id, const json::object& kept) {
    return LegalHold{id,
                     kept.at("store").to_number<storage::StoreId>(),
                     texts(kept.at("identities")),
                     text(kept, "reason"),
                     text(kept, "by"),
                     *spec::parse_timestamp(text(kept, "since"), spec::Version::v2_0_0)};
}

std::optional<RetentionRule> rule_in(const std::string& id, const json::object& kept) {
    auto filter = parse_export_filter(kept.at("filter"), "");
    if (!filter) return std::nullopt;
    return RetentionRule{id,
                         kept.at("store").to_number<storage::StoreId>(),
                         std::move(*filter),
                         kept.at("days").to_number<std::uint32_t>(),
                         text(kept, "reason"),
                         text(kept, "by")};
}

// Nothing: of another version.
template <class Decode>
auto decoded(const std::string& id, const std::string& bytes, Decode decode)
    -> decltype(decode(id, json::object())) {
    const auto parsed = spec::parse_stored_json(bytes);
    if (!parsed || !parsed->is_object()) return std::nullopt;
    try {
        return decode(id, parsed->get_object());
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

} // namespace

std::string encode_job(const ErasureJob& job) {
    json::object kept{{"store", job.request.tenant},
                      {"kind", name_of(job.request.kind)},
                      {"identities", texts(job.request.identities)},
                      {"purpose", job.request.purpose},
                      {"reason", job.request.reason},
                      {"by", job.request.by},
                      {"rule", job.request.rule},
                      {"state", name_of(job.state)},
                      {"made", spec::format_timestamp(job.made)},
                      {"counts", as_json(job.counts)},
                      {"certificate", job.certificate},
                      {"signature", job.signature}};
    if (job.ended) kept["ended"] = spec::format_timestamp(*job.ended);
    if (!job.error.code.empty()) kept["error"] = {{"code", job.error.code}, {"message", job.error.message}};
    return json::serialize(kept);
}

std::optional<ErasureJob> decode_job(const std::string& id, const std::string& bytes) {
    return decoded(id, bytes, job_in);
}

std::optional<LegalHold> decode_hold(const std::string& id, const std::string& bytes) {
    return decoded(id, bytes, hold_in);
}

std::optional<RetentionRule> decode_rule(const std::string& id, const std::string& bytes) {
    return decoded(id, bytes, rule_in);
}

std::optional<ErasureKind> parse_erasure_kind(std::string_view name) {
    const auto place = place_in(kind_names, name);
    const auto kind = static_cast<ErasureKind>(place);
    if (place == kind_names.size() || kind == ErasureKind::retention) return std::nullopt;
    return kind;
}

std::string_view name_of(ErasureKind kind) {
    return kind_names[static_cast<std::size_t>(kind)];
}

std::string_view name_of(ErasureState state) {
    return state_names[static_cast<std::size_t>(state)];
}

json::object as_json(const ErasureJob& job) {
    json::object shown{{"id", job.id},
                       {"kind", name_of(job.request.kind)},
                       {"state", name_of(job.state)},
                       {"purpose", job.request.purpose},
                       {"reason", job.request.reason},
                       {"by", job.request.by},
                       {"made", spec::format_timestamp(job.made)},
                       {"counts", as_json(job.counts)}};
    json::array agents;
    for (const auto& identity : job.request.identities) agents.push_back(spec::identifier_of(identity));
    shown["agents"] = agents;
    if (!job.request.rule.empty()) shown["rule"] = job.request.rule;
    if (job.ended) shown["ended"] = spec::format_timestamp(*job.ended);
    if (job.state == ErasureState::done) {
        shown["certificate"] = job.certificate;
        shown["signature"] = job.signature;
    }
    if (!job.error.code.empty()) shown["error"] = {{"code", job.error.code}, {"message", job.error.message}};
    return shown;
}

json::object as_json(const LegalHold& hold) {
    json::array agents;
    for (const auto& identity : hold.identities) agents.push_back(spec::identifier_of(identity));
    return {{"id", hold.id},
            {"agents", agents},
            {"reason", hold.reason},
            {"by", hold.by},
            {"since", spec::format_timestamp(hold.since)}};
}

json::object as_json(const RetentionRule& rule) {
    return {{"id", rule.id},
            {"filter", rule.filter.told},
            {"days", rule.days},
            {"reason", rule.reason},
            {"by", rule.by}};
}

} // namespace leerspoor::server::audit

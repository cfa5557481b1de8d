// The values of documents, of what is known of activities and agents, and of credentials.
#include "storage/rocksdb/database/encoding.hpp"
#include "storage/rocksdb/database/format.hpp"

#include "spec/base/json.hpp"

#include <boost/json.hpp>

namespace leerspoor::storage::engine {

namespace {

constexpr char document_format = 1;
constexpr char activity_format = 1;

// Leaves the document's bytes in `value`.
std::optional<KeptDocument> take_document_head(std::string_view& value) {
    if (value.size() < 10 || value[0] != document_format) return std::nullopt;
    KeptDocument kept;
    auto& owner = kept.name.owner;
    owner.kind = static_cast<DocumentKind>(value[1]);
    if (owner.kind < DocumentKind::state || owner.kind > DocumentKind::agent_profile) return std::nullopt;
    kept.document.updated = spec::Instant(std::chrono::microseconds(number_at<std::int64_t>(value, 2)));
    value.remove_prefix(10);
    std::string registration;
    if (!take_text(value, owner.activity) || !take_text(value, owner.agent) ||
        !take_text(value, registration) || !take_text(value, kept.name.id) ||
        !take_text(value, kept.document.content_type) || !take_text(value, kept.document.etag)) {
        return std::nullopt;
    }
    if (registration.empty()) return kept;
    owner.registration = spec::parse_uuid(registration);
    if (!owner.registration) return std::nullopt;
    return kept;
}

std::string text_of(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

} // namespace

std::string encode_document(const DocumentName& name, const Document& document) {
    std::string value;
    value.push_back(document_format);
    value.push_back(static_cast<char>(name.owner.kind));
    append_number(value, static_cast<std::int64_t>(document.updated.time_since_epoch().count()));
    append_text(value, name.owner.activity);
    append_text(value, name.owner.agent);
    append_text(value, name.owner.registration ? spec::to_string(*name.owner.registration) : std::string());
    append_text(value, name.id);
    append_text(value, document.content_type);
    append_text(value, document.etag);
    value += document.bytes;
    return value;
}

std::optional<KeptDocument> decode_document_head(std::string_view value) {
    return take_document_head(value);
}

std::optional<KeptDocument> decode_document(std::string_view value) {
    auto kept = take_document_head(value);
    if (kept) kept->document.bytes = value;
    return kept;
}

std::string encode_activity(const KnownActivity& activity) {
    std::string value;
    value.push_back(activity_format);
    append_number(value, activity.told_through);
    append_text(value, activity.iri);
    value += activity.definition;
    return value;
}

std::optional<KnownActivity> decode_activity(std::string_view value) {
    if (value.size() < 9 || value[0] != activity_format) return std::nullopt;
    KnownActivity activity;
    activity.told_through = number_at<Sequence>(value, 1);
    value.remove_prefix(9);
    if (!take_text(value, activity.iri)) return std::nullopt;
    activity.definition = value;
    return activity;
}

std::string encode_agent_name(const AgentName& name) {
    std::string value;
    append_text(value, name.identity);
    value += name.name;
    return value;
}

std::optional<AgentName> decode_agent_name(std::string_view value) {
    AgentName name;
    if (!take_text(value, name.identity)) return std::nullopt;
    name.name = value;
    return name;
}

std::string encode_credential(const Credential& credential) {
    boost::json::object value{
        {"key", credential.key},     {"secret_hash", credential.secret_hash},
        {"name", credential.name},   {"scopes", boost::json::value_from(credential.scopes)},
        {"store", credential.store}, {"created", spec::format_timestamp(credential.created)}};
    if (credential.revoked) value["revoked"] = spec::format_timestamp(*credential.revoked);
    return boost::json::serialize(value);
}

std::optional<Credential> decode_credential(std::string_view value) {
    const auto parsed = spec::parse_json(value);
    if (!parsed.has_value() || !parsed->is_object()) return std::nullopt;
    const auto& object = parsed->get_object();
    Credential credential;
    credential.key = text_of(object, "key");
    credential.secret_hash = text_of(object, "secret_hash");
    credential.name = text_of(object, "name");
    const auto* scopes = object.if_contains("scopes");
    const auto* store = object.if_contains("store");
    const auto created = spec::parse_timestamp(text_of(object, "created"), spec::Version::v2_0_0);
    if (credential.key.empty() || scopes == nullptr || !scopes->is_array() || store == nullptr ||
        !store->is_int64() || !created.has_value()) {
        return std::nullopt;
    }
    for (const auto& scope : scopes->get_array()) {
        if (scope.is_string()) credential.scopes.emplace_back(scope.get_string());
    }
    credential.store = static_cast<StoreId>(store->get_int64());
    credential.created = *created;
    if (object.contains("revoked")) {
        const auto revoked = spec::parse_timestamp(text_of(object, "revoked"), spec::Version::v2_0_0);
        if (!revoked.has_value()) return std::nullopt;
        credential.revoked = *revoked;
    }
    return credential;
}

} // namespace leerspoor::storage::engine

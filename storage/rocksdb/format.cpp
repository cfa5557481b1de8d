#include "storage/rocksdb/format.hpp"

#include "spec/json.hpp"

#include <boost/endian/conversion.hpp>
#include <boost/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace leerspoor::storage {

namespace {

constexpr char statement_format = 1;

template <class T>
void append_number(std::string& out, T number) {
    number = boost::endian::native_to_big(number);
    char bytes[sizeof number];
    std::memcpy(bytes, &number, sizeof number);
    out.append(bytes, sizeof number);
}

template <class T>
T number_at(std::string_view bytes, std::size_t position) {
    T number{};
    std::memcpy(&number, bytes.data() + position, sizeof number);
    return boost::endian::big_to_native(number);
}

void append_bytes(std::string& out, const std::array<std::uint8_t, 16>& bytes) {
    out.append(bytes.begin(), bytes.end());
}

void read_bytes(std::string_view bytes, std::size_t position, std::array<std::uint8_t, 16>& out) {
    std::memcpy(out.data(), bytes.data() + position, out.size());
}

void append_text(std::string& out, std::string_view text) {
    append_number(out, static_cast<std::uint32_t>(text.size()));
    out += text;
}

// Takes a length and a text from the front of `bytes`.
bool take_text(std::string_view& bytes, std::string& text) {
    if (bytes.size() < 4) return false;
    const auto size = number_at<std::uint32_t>(bytes, 0);
    bytes.remove_prefix(4);
    if (bytes.size() < size) return false;
    text = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return true;
}

std::array<std::uint8_t, 16> digest(std::string_view text) {
    // Both are costly to make, and needed a dozen times a statement.
    static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> sha256(
        EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
    thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                       &EVP_MD_CTX_free);
    std::array<std::uint8_t, 32> whole{};
    if (EVP_DigestInit_ex(context.get(), sha256.get(), nullptr) != 1 ||
        EVP_DigestUpdate(context.get(), text.data(), text.size()) != 1 ||
        EVP_DigestFinal_ex(context.get(), whole.data(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL cannot compute SHA-256");
    }
    std::array<std::uint8_t, 16> half{};
    std::copy_n(whole.begin(), half.size(), half.begin());
    return half;
}

std::string text_of(const boost::json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

} // namespace

TermKey term_key(StoreId store, const spec::Term& term) {
    return {store, static_cast<Field>(term.filter), digest(term.text)};
}

TermKey all_key(StoreId store) {
    return {store, Field::all, {}};
}
TermKey voided_key(StoreId store) {
    return {store, Field::voided, {}};
}
TermKey referrer_key(StoreId store, const spec::Uuid& target) {
    return {store, Field::referrer, target.bytes};
}
TermKey voider_key(StoreId store, const spec::Uuid& target) {
    return {store, Field::voider, target.bytes};
}

std::string statement_key(StoreId store, Sequence sequence) {
    std::string key;
    append_number(key, store);
    append_number(key, sequence);
    return key;
}

std::string id_key(const IdKey& id) {
    std::string key;
    append_number(key, id.store);
    append_bytes(key, id.id.bytes);
    return key;
}

std::string posting_prefix(const TermKey& term) {
    std::string key;
    key.reserve(posting_prefix_size + sizeof(Bucket));
    append_number(key, term.store);
    key.push_back(static_cast<char>(term.field));
    append_bytes(key, term.term);
    return key;
}

std::string posting_key(const TermKey& term, Bucket bucket) {
    std::string key = posting_prefix(term);
    append_number(key, bucket);
    return key;
}

std::string document_key(StoreId store, std::string_view name) {
    std::string key;
    append_number(key, store);
    key += name;
    return key;
}

std::string credential_key(std::string_view key) {
    return std::string(credential_prefix).append(key);
}

std::optional<std::pair<StoreId, Sequence>> parse_statement_key(std::string_view key) {
    if (key.size() != sizeof(StoreId) + sizeof(Sequence)) return std::nullopt;
    return std::pair{number_at<StoreId>(key, 0), number_at<Sequence>(key, sizeof(StoreId))};
}

std::optional<Bucket> posting_bucket(std::string_view key) {
    if (key.size() != posting_prefix_size + sizeof(Bucket)) return std::nullopt;
    return number_at<Bucket>(key, posting_prefix_size);
}

std::string encode_sequence(Sequence sequence) {
    std::string value;
    append_number(value, sequence);
    return value;
}

std::optional<Sequence> decode_sequence(std::string_view value) {
    if (value.size() != sizeof(Sequence)) return std::nullopt;
    return number_at<Sequence>(value, 0);
}

void append_statement_header(const StatementHeader& header, std::string& out) {
    out.push_back(statement_format);
    append_bytes(out, header.id.bytes);
    append_number(out, static_cast<std::int64_t>(header.stored.time_since_epoch().count()));
    append_bytes(out, header.salt);
}

std::optional<StatementHeader> decode_statement_header(std::string_view value) {
    if (value.size() < statement_header_size || value.front() != statement_format) return std::nullopt;
    StatementHeader header;
    read_bytes(value, 1, header.id.bytes);
    header.stored = spec::Instant(std::chrono::microseconds(number_at<std::int64_t>(value, 17)));
    read_bytes(value, 25, header.salt);
    return header;
}

std::string encode_document(const Document& document) {
    std::string value;
    append_number(value, static_cast<std::int64_t>(document.updated.time_since_epoch().count()));
    append_text(value, document.content_type);
    append_text(value, document.etag);
    value += document.bytes;
    return value;
}

std::optional<Document> decode_document(std::string_view value) {
    if (value.size() < 8) return std::nullopt;
    Document document;
    document.updated = spec::Instant(std::chrono::microseconds(number_at<std::int64_t>(value, 0)));
    value.remove_prefix(8);
    if (!take_text(value, document.content_type) || !take_text(value, document.etag)) return std::nullopt;
    document.bytes = value;
    return document;
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

} // namespace leerspoor::storage

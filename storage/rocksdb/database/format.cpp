#include "storage/rocksdb/database/format.hpp"

#include "storage/rocksdb/database/encoding.hpp"
namespace leerspoor::storage::engine {

namespace {

constexpr char statement_format = 2;

// A statement's flags.
constexpr std::uint8_t accepted_as_2_0 = 1;
constexpr std::uint8_t may_describe = 2;
constexpr std::uint8_t was_altered = 4;

// A link's flags.
constexpr std::uint8_t link_voids = 1;
constexpr std::uint8_t link_refers = 2;

// Document ids of this length and more are cut in the key, and end in a hash of all of them.
constexpr std::size_t max_id_in_key = 1000;

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
TermKey attachment_key(StoreId store, std::string_view sha2) {
    return {store, Field::attachment, digest(sha2)};
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

std::string document_prefix(StoreId store, const DocumentOwner& owner) {
    std::string whose;
    append_text(whose, owner.activity);
    append_text(whose, owner.agent);
    std::string key;
    append_number(key, store);
    key.push_back(static_cast<char>(owner.kind));
    append_bytes(key, digest(whose));
    if (owner.registration) {
        key.push_back(1);
        append_bytes(key, owner.registration->bytes);
    }
    return key;
}

std::string document_key(StoreId store, const DocumentName& name) {
    std::string key = document_prefix(store, name.owner);
    if (!name.owner.registration) key.push_back(0);
    if (name.id.size() < max_id_in_key) return key += name.id;
    const auto whole = digest(name.id);
    key.append(name.id, 0, max_id_in_key - whole.size());
    append_bytes(key, whole);
    return key;
}

std::string activity_key(StoreId store, std::string_view iri) {
    std::string key;
    append_number(key, store);
    append_bytes(key, digest(iri));
    return key;
}

std::string agent_prefix(StoreId store, std::string_view identity) {
    return activity_key(store, identity);
}

std::string agent_name_key(StoreId store, const AgentName& name) {
    std::string key = agent_prefix(store, name.identity);
    append_bytes(key, digest(name.name));
    return key;
}

std::string credential_key(std::string_view key) {
    return std::string(credential_prefix).append(key);
}

std::string record_prefix(RecordKind kind) {
    return "record/" + std::to_string(static_cast<int>(kind)) + "/";
}

std::string fact_number_key(StoreId store, FactText kind, std::string_view text) {
    std::string key;
    append_number(key, store);
    append_number(key, static_cast<std::uint8_t>(kind));
    append_number(key, std::uint8_t{0});
    append_bytes(key, digest(text));
    return key;
}

std::string fact_text_key(StoreId store, FactText kind, FactNumber number) {
    std::string key;
    append_number(key, store);
    append_number(key, static_cast<std::uint8_t>(kind));
    append_number(key, std::uint8_t{1});
    append_number(key, number);
    return key;
}

std::optional<FactNumber> parse_fact_text_key(StoreId store, FactText kind, std::string_view key) {
    if (key.size() != 10 || number_at<StoreId>(key, 0) != store ||
        number_at<std::uint8_t>(key, 4) != static_cast<std::uint8_t>(kind) ||
        number_at<std::uint8_t>(key, 5) != 1) {
        return std::nullopt;
    }
    return number_at<FactNumber>(key, 6);
}

std::string log_tile_key(unsigned level, std::uint64_t index) {
    std::string key = "tile/";
    append_number(key, static_cast<std::uint8_t>(level));
    append_number(key, index);
    return key;
}

std::string log_run_key(std::uint64_t first_index) {
    std::string key(log_run_prefix);
    append_number(key, first_index);
    return key;
}

std::string encode_log_state(const LogState& state) {
    std::string value;
    append_number(value, state.size);
    append_number(value, state.through);
    return value;
}

std::optional<LogState> decode_log_state(std::string_view value) {
    if (value.size() != 16) return std::nullopt;
    return LogState{number_at<std::uint64_t>(value, 0), number_at<Sequence>(value, 8)};
}

std::string encode_fact_number(FactNumber number) {
    std::string value;
    append_number(value, number);
    return value;
}

std::optional<FactNumber> decode_fact_number(std::string_view value) {
    if (value.size() != sizeof(FactNumber)) return std::nullopt;
    return number_at<FactNumber>(value, 0);
}

std::string fact_prefix(StoreId store, std::optional<FactColumn> column) {
    std::string key;
    append_number(key, store);
    append_number(key, column ? static_cast<std::uint8_t>(static_cast<std::uint8_t>(*column) + 1)
                              : std::uint8_t{0});
    return key;
}

std::string fact_key(StoreId store, std::optional<FactColumn> column, const FactChunk& chunk) {
    std::string key = fact_prefix(store, column);
    append_number(key, chunk.bucket);
    append_number(key, chunk.first);
    return key;
}

FactChunk parse_fact_key(std::string_view key) {
    if (key.size() != 4 + 1 + 4 + 2) return {};
    return {number_at<Bucket>(key, 5), number_at<Offset>(key, 9)};
}

std::optional<std::pair<StoreId, Sequence>> parse_statement_key(std::string_view key) {
    if (key.size() != sizeof(StoreId) + sizeof(Sequence)) return std::nullopt;
    return std::pair{number_at<StoreId>(key, 0), number_at<Sequence>(key, sizeof(StoreId))};
}

std::optional<Bucket> posting_bucket(std::string_view key) {
    if (key.size() != posting_prefix_size + sizeof(Bucket)) return std::nullopt;
    return number_at<Bucket>(key, posting_prefix_size);
}

std::string link_key(const IdKey& id) {
    return id_key(id) + "link";
}

std::string encode_link(const Link& link) {
    std::string value;
    value.push_back(static_cast<char>((link.voids ? link_voids : 0) | (link.refers_to ? link_refers : 0)));
    if (link.refers_to) append_bytes(value, link.refers_to->bytes);
    for (const auto& term : link.terms) {
        value.push_back(static_cast<char>(term.field));
        append_bytes(value, term.term);
    }
    return value;
}

std::optional<Link> decode_link(StoreId store, std::string_view value) {
    if (value.empty()) return std::nullopt;
    const auto flags = static_cast<std::uint8_t>(value.front());
    if (flags > (link_voids | link_refers)) return std::nullopt;
    value.remove_prefix(1);
    Link link;
    link.voids = (flags & link_voids) != 0;
    if ((flags & link_refers) != 0) {
        if (value.size() < 16) return std::nullopt;
        read_bytes(value, 0, link.refers_to.emplace().bytes);
        value.remove_prefix(16);
    }
    constexpr std::size_t size = 1 + 16;
    if (value.size() % size != 0) return std::nullopt;
    link.terms.resize(value.size() / size);
    for (auto& term : link.terms) {
        term.store = store;
        term.field = static_cast<Field>(value.front());
        read_bytes(value, 1, term.term);
        value.remove_prefix(size);
    }
    return link;
}

std::string encode_id(const IdEntry& entry) {
    std::string value = encode_sequence(entry.sequence);
    if (!entry.digest) return value;
    append_bytes(value, entry.digest->content);
    append_bytes(value, entry.digest->timestamp);
    append_bytes(value, entry.digest->attachments);
    return value;
}

std::optional<IdEntry> decode_id(std::string_view value) {
    constexpr std::size_t content = sizeof(Sequence);
    constexpr std::size_t timestamp = content + 16;
    constexpr std::size_t attachments = timestamp + 8;
    if (value.size() != sizeof(Sequence) && value.size() != attachments + 8) return std::nullopt;
    IdEntry entry{number_at<Sequence>(value, 0), {}};
    if (value.size() == sizeof(Sequence)) return entry;
    auto& digest = entry.digest.emplace();
    read_bytes(value, content, digest.content);
    read_bytes(value, timestamp, digest.timestamp);
    read_bytes(value, attachments, digest.attachments);
    return entry;
}

std::string encode_instant(spec::Instant instant) {
    std::string value;
    append_number(value, std::int64_t{instant.time_since_epoch().count()});
    return value;
}

std::optional<spec::Instant> decode_instant(std::string_view value) {
    if (value.size() != sizeof(std::int64_t)) return std::nullopt;
    return spec::Instant(std::chrono::microseconds(number_at<std::int64_t>(value, 0)));
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
    const int flags = (header.version == spec::Version::v2_0_0 ? accepted_as_2_0 : 0) |
                      (header.describes ? may_describe : 0) | (header.altered ? was_altered : 0);
    out.push_back(statement_format);
    out.push_back(static_cast<char>(flags));
    append_bytes(out, header.id.bytes);
    append_number(out, static_cast<std::int64_t>(header.stored.time_since_epoch().count()));
    append_bytes(out, header.salt);
}

std::optional<StatementHeader> decode_statement_header(std::string_view value) {
    if (value.size() < statement_header_size || value[0] != statement_format) return std::nullopt;
    const auto flags = static_cast<std::uint8_t>(value[1]);
    if (flags > (accepted_as_2_0 | may_describe | was_altered)) return std::nullopt;
    StatementHeader header;
    header.version = (flags & accepted_as_2_0) != 0 ? spec::Version::v2_0_0 : spec::Version::v1_0_3;
    header.describes = (flags & may_describe) != 0;
    header.altered = (flags & was_altered) != 0;
    read_bytes(value, 2, header.id.bytes);
    header.stored = spec::Instant(std::chrono::microseconds(number_at<std::int64_t>(value, 18)));
    read_bytes(value, 26, header.salt);
    return header;
}

std::string encode_altered(StatementHeader header, const Altered& altered, std::string_view bytes) {
    header.altered = true;
    header.salt = {};
    std::string value;
    append_statement_header(header, value);
    append_bytes(value, altered.leaf);
    append_number(value, static_cast<std::int64_t>(altered.at.time_since_epoch().count()));
    return value.append(bytes);
}

std::optional<StoredStatement> decode_statement(Sequence sequence, std::string_view value) {
    const auto header = decode_statement_header(value);
    if (!header) return std::nullopt;
    StoredStatement statement{sequence, header->id, header->stored, header->version, {}, header->salt, {}};
    value.remove_prefix(statement_header_size);
    if (header->altered) {
        constexpr std::size_t leaf_size = std::tuple_size_v<spec::Hash>;
        if (value.size() < leaf_size + sizeof(std::int64_t)) return std::nullopt;
        auto& altered = statement.altered.emplace();
        read_bytes(value, 0, altered.leaf);
        altered.at = spec::Instant(std::chrono::microseconds(number_at<std::int64_t>(value, leaf_size)));
        value.remove_prefix(leaf_size + sizeof(std::int64_t));
    }
    statement.bytes = value;
    return statement;
}

} // namespace leerspoor::storage::engine

// How things are written in the column families: the only place that knows the layout of keys and values.
// Numbers are big-endian, so that keys sort by store, then by what follows.
#pragma once

#include "spec/equivalence.hpp"
#include "spec/terms.hpp"
#include "storage/facts.hpp"
#include "storage/record_store.hpp"
#include "storage/records.hpp"
#include "storage/rocksdb/database/bucket_bits.hpp"
#include "storage/rocksdb/database/keyed_hash.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::storage::engine {

// What a posting is about: the filters of the specification, and the engine's own. Never renumber.
enum class Field : std::uint8_t {
    all = 0, // every statement of the store
    verb = static_cast<std::uint8_t>(spec::Filter::verb),
    activity = static_cast<std::uint8_t>(spec::Filter::activity),
    related_activity = static_cast<std::uint8_t>(spec::Filter::related_activity),
    agent = static_cast<std::uint8_t>(spec::Filter::agent),
    related_agent = static_cast<std::uint8_t>(spec::Filter::related_agent),
    registration = static_cast<std::uint8_t>(spec::Filter::registration),
    attachment = static_cast<std::uint8_t>(spec::Filter::attachment),
    voided = 64,   // statements that are voided
    referrer = 65, // StatementRefs to the statement that is the term
    voider = 66,   // those of them that void it
};

// One posting list: (store, field, term). The term's text is reduced to the first half of its SHA-256, so
// that keys are short, of one length, and cannot be made to collide.
struct TermKey {
    StoreId store = 0;
    Field field = Field::all;
    std::array<std::uint8_t, 16> term{};

    auto operator<=>(const TermKey&) const = default;
};

struct TermKeyHash {
    std::size_t operator()(const TermKey& key) const noexcept {
        return mixed(key.term,
                     static_cast<std::uint64_t>(key.store) << 8 | static_cast<std::uint64_t>(key.field));
    }
};

TermKey term_key(StoreId store, const spec::Term& term);
TermKey all_key(StoreId store);
TermKey voided_key(StoreId store);
TermKey referrer_key(StoreId store, const spec::Uuid& target);
TermKey voider_key(StoreId store, const spec::Uuid& target);
TermKey attachment_key(StoreId store, std::string_view sha2);

struct IdKey {
    StoreId store = 0;
    spec::Uuid id;

    auto operator<=>(const IdKey&) const = default;
};

struct IdKeyHash {
    std::size_t operator()(const IdKey& key) const noexcept { return mixed(key.id.bytes, key.store); }
};

// In the ids family: no statement of this id yet, but a StatementRef waits for it.
inline constexpr Sequence awaited = 0;

// What is known of an id.
struct IdEntry {
    Sequence sequence = awaited;
    std::optional<spec::StatementDigest> digest; // nothing when awaited, or written in format 2

    bool operator==(const IdEntry&) const = default;
};

struct AgentName;

// Keys. A posting's key is its prefix and the bucket.
inline constexpr std::size_t posting_prefix_size = 4 + 1 + 16;
std::string statement_key(StoreId store, Sequence sequence);
std::string id_key(const IdKey& key);
std::string posting_prefix(const TermKey& key);
std::string posting_key(const TermKey& key, Bucket bucket);
// Documents of one owner lie together; State's of no registration before those of each.
std::string document_key(StoreId store, const DocumentName& name);
// What the keys of the owner's documents begin with; State's without a registration: of all registrations.
std::string document_prefix(StoreId store, const DocumentOwner& owner);
std::string activity_key(StoreId store, std::string_view iri);
// All names of one agent lie together.
std::string agent_prefix(StoreId store, std::string_view identity);
std::string agent_name_key(StoreId store, const AgentName& name);
std::string credential_key(std::string_view key);
inline constexpr std::string_view credential_prefix = "credential/";
std::string record_prefix(RecordKind kind);
// In the system family: everything up to this sequence is in sealed files.
inline constexpr std::string_view indexed_through_key = "indexed-through";
// And: no X-Experience-API-Consistent-Through was promised beyond this instant.
inline constexpr std::string_view promised_through_key = "promised-through";

// A number of a text, and a text of a number.
std::string fact_number_key(StoreId store, FactText kind, std::string_view text);
std::string fact_text_key(StoreId store, FactText kind, FactNumber number);
std::optional<FactNumber> parse_fact_text_key(StoreId store, FactText kind, std::string_view key);
std::string encode_fact_number(FactNumber number);
std::optional<FactNumber> decode_fact_number(std::string_view value);
// Rows of one store that were sealed together: those of a bucket, or some of them, named by the first.
struct FactChunk {
    Bucket bucket = 0;
    Offset first = 0;

    auto operator<=>(const FactChunk&) const = default;
};
// What the keys of one column begin with; nothing: of the offsets of rows, as a posting has them.
std::string fact_prefix(StoreId store, std::optional<FactColumn> column);
std::string fact_key(StoreId store, std::optional<FactColumn> column, const FactChunk& chunk);
// REQUIRES: a key that begins with such a prefix.
FactChunk parse_fact_key(std::string_view key);

// And: no statement up to this sequence has facts yet, because they were sealed before there were any.
inline constexpr std::string_view facts_missing_key = "facts-missing-through";

// In the log family: how far it has come, the tiles, and where sequences go on after a gap, by the leaf.
inline constexpr std::string_view log_state_key = "state";
inline constexpr std::string_view log_run_prefix = "run/";
std::string log_tile_key(unsigned level, std::uint64_t index);
std::string log_run_key(std::uint64_t first_index);
std::string encode_log_state(const LogState& state);
std::optional<LogState> decode_log_state(std::string_view value);

std::optional<std::pair<StoreId, Sequence>> parse_statement_key(std::string_view key);
std::optional<Bucket> posting_bucket(std::string_view key);

// Values.
// What a StatementRef leads to. Statements never change, so it stays true.
struct Link {
    std::vector<TermKey> terms;
    std::optional<spec::Uuid> refers_to;
    bool voids = false;
};
// In the ids family, of large statements, so that they are not parsed for each that refers to them.
std::string link_key(const IdKey& id);
std::string encode_link(const Link& link);
std::optional<Link> decode_link(StoreId store, std::string_view value);

std::string encode_id(const IdEntry& entry);
std::optional<IdEntry> decode_id(std::string_view value);
std::string encode_instant(spec::Instant instant);
std::optional<spec::Instant> decode_instant(std::string_view value);
std::string encode_sequence(Sequence sequence);
std::optional<Sequence> decode_sequence(std::string_view value);

// A statement's value: a header, then, where it was altered, its leaf of the log and when that was; then the
// JSON bytes, of an erased one none. The salt goes into the leaf; of an altered one it is gone.
struct StatementHeader {
    spec::Uuid id;
    spec::Instant stored;
    std::array<std::uint8_t, 16> salt{};
    spec::Version version = spec::Version::v2_0_0;
    bool describes = false; // its sender may define: its descriptions count
    bool altered = false;
};
inline constexpr std::size_t statement_header_size = 1 + 1 + 16 + 8 + 16;
void append_statement_header(const StatementHeader& header, std::string& out);
std::optional<StatementHeader> decode_statement_header(std::string_view value);
// The value of one that was altered.
std::string encode_altered(StatementHeader header, const Altered& altered, std::string_view bytes);
// The whole value, and as the seam says it.
std::optional<StoredStatement> decode_statement(Sequence sequence, std::string_view value);

// A document's value says whose it is, because its key only has hashes.
struct KeptDocument {
    DocumentName name;
    Document document;
};
std::string encode_document(const DocumentName& name, const Document& document);
std::optional<KeptDocument> decode_document(std::string_view value);
// The same without the document's bytes.
std::optional<KeptDocument> decode_document_head(std::string_view value);
// What is known of an activity.
struct KnownActivity {
    Sequence told_through = 0; // of the last statement that changed the definition
    std::string iri;
    std::string definition; // JSON
};
std::string encode_activity(const KnownActivity& activity);
std::optional<KnownActivity> decode_activity(std::string_view value);

// One name by which an agent or group was called.
struct AgentName {
    std::string identity;
    std::string name;
};
std::string encode_agent_name(const AgentName& name);
std::optional<AgentName> decode_agent_name(std::string_view value);

std::string encode_credential(const Credential& credential);
std::optional<Credential> decode_credential(std::string_view value);

} // namespace leerspoor::storage::engine

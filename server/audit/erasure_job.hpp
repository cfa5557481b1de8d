// An erasure, a legal hold and a retention rule: what they are, and as they are kept and shown.
#pragma once

#include "server/app/selected.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::audit {

enum class ErasureKind { erase, pseudonymise, retention };
std::optional<ErasureKind> parse_erasure_kind(std::string_view name); // of those that one may ask for
std::string_view name_of(ErasureKind kind);

// Of a person, a preview comes first, and waits to be confirmed.
enum class ErasureState { previewing, previewed, running, purging, done, failed };
std::string_view name_of(ErasureState state);

struct ErasureRequest {
    storage::StoreId tenant = storage::first_store;
    ErasureKind kind = ErasureKind::erase;
    std::vector<std::string> identities; // spec::identity(), of the person; gone when it is done
    std::string purpose;                 // of pseudonyms: one person has the same for each purpose
    std::string reason;                  // for people
    std::string by;                      // who asked
    std::string rule;                    // of retention: which
};

struct ErasureCounts {
    std::uint64_t looked_at = 0;          // statements of the store, so far
    std::uint64_t of = 0;                 // about as many there are
    std::uint64_t statements_erased = 0;  // or would be: those that the person is the actor of
    std::uint64_t statements_altered = 0; // in which a pseudonym stands for the person
    std::uint64_t accesses_altered = 0;   // of the access log, the same
    std::uint64_t documents = 0;
    std::uint64_t attachments = 0;
};

struct ErasureJob {
    std::string id;
    ErasureRequest request;
    ErasureState state = ErasureState::previewing;
    spec::Instant made;
    std::optional<spec::Instant> ended;
    ErasureCounts counts;
    Error error;             // of one that failed
    std::string certificate; // JSON, of one that is done; tells nothing of the person
    std::string signature;   // a signed note: ORIGIN "/erasure", and the SHA-256 of the certificate
};

// Nothing of these people, or nothing of the store at all, is erased while it lasts.
struct LegalHold {
    std::string id;
    storage::StoreId tenant = storage::first_store;
    std::vector<std::string> identities; // none: of everybody
    std::string reason;
    std::string by;
    spec::Instant since;
};

// What is stored for longer than so many days and fits the filter is erased, each day.
struct RetentionRule {
    std::string id;
    storage::StoreId tenant = storage::first_store;
    ExportFilter filter; // without since and until
    std::uint32_t days = 0;
    std::string reason;
    std::string by;
};

boost::json::object as_json(const ErasureJob& job);
boost::json::object as_json(const LegalHold& hold);
boost::json::object as_json(const RetentionRule& rule);

// As it is kept: the identities only while it needs them.
std::string encode_job(const ErasureJob& job);
// What was kept; nothing: of another version.
std::optional<ErasureJob> decode_job(const std::string& id, const std::string& bytes);
std::optional<LegalHold> decode_hold(const std::string& id, const std::string& bytes);
std::optional<RetentionRule> decode_rule(const std::string& id, const std::string& bytes);

} // namespace leerspoor::server::audit

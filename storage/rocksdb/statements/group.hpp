// A group: the requests that are written with one sync, from the committer, which writes them, to the
// publisher, which answers them.
#pragma once

#include "storage/rocksdb/catalogue/catalogue.hpp"
#include "storage/rocksdb/database/format.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <cstddef>
#include <vector>

namespace leerspoor::storage::engine {

// One request, prepared on the thread that brought it.
struct Request {
    StoreId store = 0;
    std::vector<spec::PreparedStatement> statements;
    bool may_define = true;
    std::vector<std::vector<TermKey>> terms;
    std::vector<std::vector<MarkedTelling>> tellings;
    std::vector<std::array<std::uint8_t, 16>> salts;
    std::size_t bytes = 0; // a fair estimate of what it takes
    StatementStore::PutCallback done;
    Result<void> outcome;
    bool referring = false; // StatementRefs or what they wait for are among them; the publisher's
};

// A statement that is new.
struct Staged {
    Request* request;
    std::size_t index;     // into its statements
    bool awaited;          // StatementRefs may be waiting for it
    Sequence sequence = 0; // given when it joins a group

    spec::PreparedStatement& statement() const { return request->statements[index]; }
};

// The committer fills it; once it was handed on, nobody changes `staged`, `ids` and the statements any more.
struct Group {
    std::vector<Request> requests;
    std::vector<Staged> staged;                                   // in sequence order
    boost::unordered_flat_map<IdKey, std::size_t, IdKeyHash> ids; // into staged
    Sequence next = 0;                                            // behind the last of staged
    spec::Instant start;                                          // as StoredClock::begin gave it
    spec::Instant stored;                                         // behind that of the last of staged
    bool references = false;                                      // there are StatementRefs among them
    bool staged_blindly = false; // references were on the way when `awaited` was looked up

    // Gives statements of one request the next places and times.
    void append(const std::vector<Staged>& news);
    const Staged* find(const IdKey& id) const;
    // One microsecond apart, the last just before `stored`.
    spec::Instant stored_of(const Staged& one) const {
        return stored - std::chrono::microseconds(next - one.sequence);
    }
};

} // namespace leerspoor::storage::engine

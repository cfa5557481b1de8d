// What statements told lately, so that the same thing told again, as it mostly is, costs a look-up in memory
// and nothing else. Bounded: what was not told for long is forgotten, which costs time and does no harm.
#pragma once

#include "spec/description.hpp"
#include "storage/record_store.hpp"
#include "storage/rocksdb/keyed_hash.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <cstdint>

namespace leerspoor::storage {

class RecentlyTold {
  public:
    // Would it change nothing? A name that was told, or a definition told since the known one last changed.
    bool adds_nothing(StoreId store, const spec::Description& told);
    // It is taken into account now; `changed`: and what is known of its subject is no longer what it was.
    void note(StoreId store, const spec::Description& told, bool changed);

  private:
    // Some of what was told of one activity since its definition changed; or the fact that a name was told.
    struct Told {
        std::array<std::uint64_t, 4> hashes{};
        std::uint32_t count = 0;
    };
    using Generation = boost::unordered_flat_map<std::uint64_t, Told>;

    std::uint64_t subject_of(StoreId store, const spec::Description& told) const;
    Told* find(std::uint64_t subject);

    KeyedHash hash_;
    Generation young_;
    Generation old_;
};

} // namespace leerspoor::storage

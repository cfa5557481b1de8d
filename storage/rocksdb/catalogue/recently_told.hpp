// What statements told lately, so that the same thing told again, as it mostly is, costs a look-up in memory
// and nothing else. Bounded: what was not told for long is forgotten, which costs time and does no harm.
#pragma once

#include "spec/description.hpp"
#include "storage/record_store.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <cstdint>

namespace leerspoor::storage::engine {

// Something told, as two hashes under a key of this process: nobody outside can make them collide.
struct TellingMark {
    std::uint64_t subject = 0; // an activity; or an actor with the name it was given
    std::uint64_t told = 0;
};

// From any thread. REQUIRES: the bytes that the telling was found in.
TellingMark mark_of(StoreId store, std::string_view bytes, const spec::Telling& telling);

// One thread at a time.
class RecentlyTold {
  public:
    // Would it change nothing? A name that was told, or a definition told since the known one last changed.
    bool adds_nothing(const TellingMark& telling);
    // It is taken into account now; `changed`: and what is known of its subject is no longer what it was.
    void note(const TellingMark& telling, bool changed);

  private:
    // Some of what was told of one subject since what is known of it changed.
    struct Told {
        std::array<std::uint64_t, 4> hashes{};
        std::uint32_t count = 0;
    };
    using Generation = boost::unordered_flat_map<std::uint64_t, Told>;

    Told* find(std::uint64_t subject);

    Generation young_;
    Generation old_;
};

} // namespace leerspoor::storage::engine

// Where in its bytes a statement tells something about the things in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace leerspoor::spec {

// Whom something is told about. Values are part of the store's format on disk: never renumber.
enum class Subject : std::uint8_t { activity = 1, agent = 2 };

// A part of a text, in bytes.
struct ByteRange {
    std::size_t at = 0;
    std::size_t size = 0;

    // REQUIRES: the text it is a part of.
    std::string_view of(std::string_view text) const { return text.substr(at, size); }
};

// Where the bytes of a statement, as StatementWriter wrote them, tell something: so cheap to gather and to
// compare that only news has to be read.
struct Telling {
    Subject subject{};
    ByteRange of;   // the activity's id, a JSON string; or all of the actor, a JSON object
    ByteRange told; // the definition, a JSON object; of actors nothing
};

} // namespace leerspoor::spec

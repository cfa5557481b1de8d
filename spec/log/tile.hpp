// Where the hashes of a tree lie: C2SP tlog-tiles. A tile has up to 256 hashes side by side, a row of
// subtrees of 256^level leaves each.
#pragma once

#include "spec/log/merkle.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::spec {

inline constexpr unsigned tile_height = 8;
inline constexpr std::uint64_t tile_width = 1u << tile_height;
inline constexpr unsigned most_tile_levels = 8;

struct Tile {
    unsigned level = 0;
    std::uint64_t index = 0;
    std::uint64_t width = tile_width; // of a partial tile, which is at the right edge, fewer

    auto operator<=>(const Tile&) const = default;
};

// What is after "tile/": "0/x001/234", "1/005.p/12". Nothing when it is none.
std::optional<Tile> parse_tile(std::string_view path);
std::string tile_path(const Tile& tile);
// Whether a tree of `size` leaves has such a tile.
bool has_tile(std::uint64_t size, const Tile& tile);

// The hash of a subtree from the tile that has it, where its bytes are given: 32 for each hash.
struct TilePlace {
    Tile tile; // its width unknown
    std::uint64_t first = 0;
    std::uint64_t count = 0; // of hashes, to be joined
};
TilePlace place_of(unsigned level, std::uint64_t index);
// Nothing when the tile has too few hashes.
std::optional<Hash> subtree_in(const TilePlace& place, std::string_view tile);

} // namespace leerspoor::spec

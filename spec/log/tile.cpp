#include "spec/log/tile.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace leerspoor::spec {
namespace {

constexpr std::size_t digits = 3; // of a part of a path

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
    if (text.size() > 1 && text.front() == '0') return std::nullopt;
    return number;
}

std::string_view take_part(std::string_view& path) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    return part;
}

std::optional<std::uint64_t> three_digits(std::string_view text) {
    if (text.size() != digits || text.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    return static_cast<std::uint64_t>((text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0'));
}

} // namespace

std::optional<Tile> parse_tile(std::string_view path) {
    Tile tile;
    const auto level = number_of(take_part(path));
    if (!level || *level >= most_tile_levels) return std::nullopt;
    tile.level = static_cast<unsigned>(*level);
    for (std::size_t parts = 1; parts <= 6; ++parts) {
        auto part = take_part(path);
        const bool more = part.starts_with('x');
        if (more) part.remove_prefix(1);
        const bool partial = !more && part.ends_with(".p");
        if (partial) part.remove_suffix(2);
        const auto number = three_digits(part);
        if (!number) return std::nullopt;
        tile.index = tile.index * 1000 + *number;
        if (more) {
            if (parts == 1 && *number == 0) return std::nullopt; // one path for each tile
            continue;
        }
        if (partial) {
            const auto width = number_of(path);
            if (!width || *width == 0 || *width >= tile_width) return std::nullopt;
            tile.width = *width;
        } else if (!path.empty()) {
            return std::nullopt;
        }
        return tile;
    }
    return std::nullopt;
}

std::string tile_path(const Tile& tile) {
    std::string number = std::to_string(tile.index);
    number.insert(0, (digits - number.size() % digits) % digits, '0');
    std::string path = std::to_string(tile.level);
    for (std::size_t at = 0; at < number.size(); at += digits) {
        path += at + digits < number.size() ? "/x" : "/";
        path += number.substr(at, digits);
    }
    if (tile.width < tile_width) path += ".p/" + std::to_string(tile.width);
    return path;
}

bool has_tile(std::uint64_t size, const Tile& tile) {
    const auto hashes = size >> (tile_height * tile.level);
    return tile.index < (std::uint64_t{1} << 56) && hashes >= tile.index * tile_width + tile.width;
}

TilePlace place_of(unsigned level, std::uint64_t index) {
    TilePlace place;
    place.tile.level = level / tile_height;
    const unsigned above = level % tile_height;
    const auto first = index << above;
    place.tile.index = first / tile_width;
    place.first = first % tile_width;
    place.count = std::uint64_t{1} << above;
    return place;
}

std::optional<Hash> subtree_in(const TilePlace& place, std::string_view tile) {
    constexpr std::size_t size = std::tuple_size_v<Hash>;
    if ((place.first + place.count) * size > tile.size()) return std::nullopt;
    std::vector<Hash> row(place.count);
    for (std::uint64_t i = 0; i < place.count; ++i) {
        const auto bytes = tile.substr((place.first + i) * size, size);
        std::copy(bytes.begin(), bytes.end(), row[i].begin());
    }
    for (; row.size() > 1; row.resize(row.size() / 2))
        for (std::size_t i = 0; i < row.size() / 2; ++i) row[i] = node_hash(row[2 * i], row[2 * i + 1]);
    return row.front();
}

} // namespace leerspoor::spec

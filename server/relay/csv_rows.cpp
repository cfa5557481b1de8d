#include "server/relay/csv_rows.hpp"

#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "spec/base/uuid.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <functional>

namespace leerspoor::server::relay {
namespace {

namespace json = boost::json;

constexpr std::size_t most_of_a_row = 16u << 20;
constexpr std::size_t read_at_once = 1u << 20;
constexpr std::string_view utf8_mark = "\xef\xbb\xbf";

Error not_readable(std::string why) {
    return {"import_unreadable", "", std::move(why)};
}

using Cell = std::function<const std::string*(std::string_view column)>; // null: there is no such column

// Calls `each(column, kind)` for each {column|kind} in the text.
template <class Each>
void each_placeholder(std::string_view text, Each each) {
    for (std::size_t begin = text.find('{'); begin != std::string_view::npos; begin = text.find('{', begin)) {
        const auto end = text.find('}', begin);
        if (end == std::string_view::npos) return;
        const auto inside = text.substr(begin + 1, end - begin - 1);
        const auto bar = inside.find('|');
        each(begin, end + 1, inside.substr(0, bar),
             bar == std::string_view::npos ? "" : inside.substr(bar + 1));
        begin = end;
    }
}

std::optional<json::value> filled_text(std::string_view text, const Cell& cell) {
    std::string filled;
    std::size_t copied = 0;
    bool missing = false;
    std::optional<json::value> whole;
    each_placeholder(
        text, [&](std::size_t begin, std::size_t end, std::string_view column, std::string_view kind) {
            const auto* value = cell(column);
            if (!value || value->empty()) {
                missing = true;
                return;
            }
            if (begin == 0 && end == text.size() && kind == "number") {
                auto decimal = *value;
                std::replace(decimal.begin(), decimal.end(), ',', '.');
                const auto parsed = spec::parse_json(decimal);
                if (parsed && parsed->is_number()) {
                    whole = *parsed;
                } else {
                    whole = json::value(json::string(*value)); // which is refused, with its place
                }
            } else if (begin == 0 && end == text.size() && kind == "bool") {
                std::string folded = *value;
                std::transform(folded.begin(), folded.end(), folded.begin(),
                               [](unsigned char c) { return std::tolower(c); });
                whole = folded == "true" || folded == "1" || folded == "yes" || folded == "ja";
            }
            filled.append(text, copied, begin - copied).append(*value);
            copied = end;
        });
    if (missing) return std::nullopt;
    if (whole) return whole;
    filled.append(text, copied);
    return json::value(json::string(filled));
}

std::optional<json::value> filled(const json::value& value, const Cell& cell) {
    if (value.is_string()) return filled_text(value.get_string(), cell);
    if (const auto* object = value.if_object()) {
        json::object made;
        for (const auto& [key, member] : *object)
            if (auto one = filled(member, cell)) made[key] = std::move(*one);
        if (made.empty() && !object->empty()) return std::nullopt;
        return json::value(std::move(made));
    }
    if (const auto* array = value.if_array()) {
        json::array made;
        for (const auto& member : *array)
            if (auto one = filled(member, cell)) made.push_back(std::move(*one));
        if (made.empty() && !array->empty()) return std::nullopt;
        return json::value(std::move(made));
    }
    return value;
}

void each_text(const json::value& value, const std::function<void(std::string_view)>& each) {
    if (value.is_string()) each(value.get_string());
    if (const auto* object = value.if_object())
        for (const auto& [key, member] : *object) each_text(member, each);
    if (const auto* array = value.if_array())
        for (const auto& member : *array) each_text(member, each);
}

} // namespace

Result<CsvRows> CsvRows::open(const std::filesystem::path& path, std::uint64_t from,
                              const json::object& mapping) {
    CsvRows rows(path, mapping);
    if (!rows.file_) return not_readable(path.string() + " cannot be read.");
    std::string head;
    std::getline(rows.file_, head);
    rows.file_.clear();
    rows.file_.seekg(0);
    for (const char one : {';', '\t'})
        if (std::count(head.begin(), head.end(), one) > std::count(head.begin(), head.end(), rows.comma_))
            rows.comma_ = one;
    const auto there = rows.read_row(rows.columns_);
    if (!there) return there.error();
    if (!*there) return not_readable(path.string() + " has no row with the names of its columns.");
    if (rows.columns_.front().starts_with(utf8_mark)) rows.columns_.front().erase(0, utf8_mark.size());
    std::string unknown;
    each_text(mapping, [&](std::string_view text) {
        each_placeholder(text, [&](std::size_t, std::size_t, std::string_view column, std::string_view kind) {
            const bool known =
                std::find(rows.columns_.begin(), rows.columns_.end(), column) != rows.columns_.end();
            if (!known || !(kind.empty() || kind == "number" || kind == "bool")) unknown = column;
        });
    });
    if (!unknown.empty())
        return Error{"import_mapping_invalid", "",
                     "The mapping speaks of the column \"" + unknown +
                         "\", which is not there, or of a kind that is not number or bool."};
    if (from > rows.at_) {
        rows.file_.clear();
        rows.file_.seekg(static_cast<std::streamoff>(from));
        rows.piece_.clear();
        rows.place_ = 0;
        rows.at_ = from;
    }
    return rows;
}

int CsvRows::get() {
    if (place_ == piece_.size()) {
        piece_.resize(read_at_once);
        file_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
        piece_.resize(static_cast<std::size_t>(file_.gcount()));
        place_ = 0;
        if (piece_.empty()) return -1;
    }
    ++at_;
    return static_cast<unsigned char>(piece_[place_++]);
}

// False at the end. Empty rows are none.
Result<bool> CsvRows::read_row(std::vector<std::string>& cells) {
    while (true) {
        cells.assign(1, {});
        row_at_ = at_;
        bool quoted = false;
        bool was_quoted = false;
        std::size_t size = 0;
        int c = 0;
        while ((c = get()) >= 0) {
            if (++size > most_of_a_row) return not_readable("A row of the file is larger than 16 MiB.");
            auto& cell = cells.back();
            if (quoted) {
                if (c == '"') {
                    quoted = false;
                } else {
                    cell += static_cast<char>(c);
                }
            } else if (c == '"') {
                if (was_quoted) cell += '"'; // two within quotes are one
                quoted = was_quoted = true;
            } else if (c == comma_) {
                cells.emplace_back();
                was_quoted = false;
            } else if (c == '\n') {
                break;
            } else if (c != '\r') {
                cell += static_cast<char>(c);
            }
        }
        if (quoted) return not_readable("The file ends within quotes.");
        const bool empty = cells.size() == 1 && cells.front().empty();
        if (!empty) return true;
        if (c < 0) return false;
    }
}

Result<std::optional<json::object>> CsvRows::next() {
    std::vector<std::string> cells;
    const auto there = read_row(cells);
    if (!there) return there.error();
    if (!*there) return std::optional<json::object>();
    const Cell cell = [&](std::string_view column) -> const std::string* {
        const auto found = std::find(columns_.begin(), columns_.end(), column);
        const auto place = static_cast<std::size_t>(found - columns_.begin());
        return place < cells.size() && found != columns_.end() ? &cells[place] : nullptr;
    };
    auto made = filled(mapping_, cell);
    json::object statement = made && made->is_object() ? made->get_object() : json::object();
    if (!statement.contains("id")) {
        std::string text;
        spec::write_json(statement, text);
        const auto digest = spec::sha256(text);
        std::array<std::uint8_t, 16> half{};
        std::copy_n(digest.begin(), half.size(), half.begin());
        statement["id"] = spec::to_string(spec::uuid_from_random(half));
    }
    return std::optional<json::object>(std::move(statement));
}

} // namespace leerspoor::server::relay

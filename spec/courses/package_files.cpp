#include "spec/courses/package_files.hpp"

#include "spec/base/ascii.hpp"
#include "spec/base/utf8.hpp"

#include <algorithm>
#include <utility>

namespace leerspoor::spec::courses {
namespace {

Error bad_name(std::string_view entry, std::string why) {
    std::string shown;
    for (const char c : entry.substr(0, 200))
        shown += static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f ? '?' : c;
    return {"package_entry_name", shown, std::move(why)};
}

std::vector<std::string_view> segments_of(std::string_view path) {
    std::vector<std::string_view> segments;
    while (!path.empty()) {
        const auto end = std::min(path.find('/'), path.size());
        segments.push_back(path.substr(0, end));
        path.remove_prefix(std::min(path.size(), end + 1));
    }
    return segments;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string percent_decoded(std::string_view text) {
    constexpr int sixteen = 16;
    std::string decoded;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool escape = text[at] == '%' && at + 2 < text.size() && hex_digit(text[at + 1]) >= 0 &&
                            hex_digit(text[at + 2]) >= 0;
        if (!escape) {
            decoded += text[at];
            continue;
        }
        decoded += static_cast<char>(hex_digit(text[at + 1]) * sixteen + hex_digit(text[at + 2]));
        at += 2;
    }
    return decoded;
}

} // namespace

Result<std::string> package_path(std::string_view entry) {
    if (entry.empty()) return bad_name(entry, "An entry of the zip file has no name.");
    if (entry.size() > max_file_name_bytes)
        return bad_name(entry, "The name of an entry of the zip file is longer than 1,024 bytes.");
    if (std::any_of(entry.begin(), entry.end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
        return bad_name(entry, "The name of an entry of the zip file has a control character.");
    if (!is_utf8(entry)) return bad_name(entry, "The name of an entry of the zip file is not UTF-8.");
    std::string path(entry);
    std::replace(path.begin(), path.end(), '\\', '/');
    if (path.front() == '/')
        return bad_name(entry, "The name of an entry of the zip file is absolute: names are relative to the "
                               "package's root.");
    if (path.size() > 1 && path[1] == ':')
        return bad_name(entry, "The name of an entry of the zip file begins with a drive letter.");
    std::string clean;
    for (const auto segment : segments_of(path)) {
        if (segment == "..")
            return bad_name(entry, "The name of an entry of the zip file leads out of the package (\"..\").");
        if (segment.empty() || segment == ".") continue;
        if (!clean.empty()) clean += '/';
        clean += segment;
    }
    if (clean.empty()) return bad_name(entry, "The name of an entry of the zip file names no file.");
    return {boost::system::in_place_value, std::move(clean)};
}

Result<void> PackageFiles::add(std::string path) {
    auto folded = lower_case(path);
    const auto [at, is_new] = by_folded_.try_emplace(std::move(folded), path);
    if (is_new) return {};
    if (at->second == path)
        return Error{"package_entry_repeated", path, "This file is in the zip file twice."};
    return Error{"package_entry_repeated", path,
                 "This name and " + at->second +
                     " differ only in upper and lower case: on many machines they are one file."};
}

std::optional<std::string> PackageFiles::find(std::string_view reference, std::string_view where,
                                              Report* report) const {
    auto written = std::string(path_of(reference));
    std::replace(written.begin(), written.end(), '\\', '/');
    for (const auto& candidate : {written, percent_decoded(written)}) {
        const auto found = by_folded_.find(lower_case(candidate));
        if (found == by_folded_.end()) continue;
        if (found->second != candidate && report)
            report->warn("file_name_case", std::string(where),
                         "The file is written " + candidate + " here and is called " + found->second +
                             " in the package.");
        return found->second;
    }
    return std::nullopt;
}

std::vector<std::string> PackageFiles::names() const {
    std::vector<std::string> names;
    for (const auto& [folded, name] : by_folded_) names.push_back(name);
    std::sort(names.begin(), names.end());
    return names;
}

PackageFiles PackageFiles::below(std::string_view folder) const {
    if (folder.empty()) return *this;
    const auto prefix = lower_case(folder) + "/";
    PackageFiles inside;
    for (const auto& [folded, name] : by_folded_) {
        if (folded.starts_with(prefix))
            inside.by_folded_.emplace(folded.substr(prefix.size()), name.substr(prefix.size()));
    }
    return inside;
}

bool is_absolute_url(std::string_view reference) {
    const auto colon = reference.find(':');
    if (colon == std::string_view::npos || colon < 2) return false;
    return std::all_of(reference.begin(), reference.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
               c == '-' || c == '.';
    });
}

std::string_view path_of(std::string_view reference) {
    return reference.substr(0, reference.find_first_of("?#"));
}

std::string resolve(std::string_view base, std::string_view reference) {
    if (is_absolute_url(reference)) return std::string(reference);
    auto path = std::string(path_of(reference));
    const auto rest = reference.substr(path.size());
    std::replace(path.begin(), path.end(), '\\', '/');
    std::string joined = path.starts_with('/') || base.empty() ? path : std::string(base) + "/" + path;
    std::vector<std::string_view> kept;
    for (const auto segment : segments_of(joined)) {
        if (segment.empty() || segment == ".") continue;
        if (segment != "..") {
            kept.push_back(segment);
        } else if (!kept.empty()) {
            kept.pop_back();
        }
    }
    std::string resolved;
    for (const auto segment : kept) {
        if (!resolved.empty()) resolved += '/';
        resolved += segment;
    }
    return resolved.append(rest);
}

} // namespace leerspoor::spec::courses

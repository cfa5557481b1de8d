// What is to be exported, and what came of it.
#pragma once

#include "server/app/selected.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::audit {

enum class ExportFormat { bundle, jsonl, csv, xlsx, transcript, package };
std::optional<ExportFormat> parse_export_format(std::string_view name);
std::string_view name_of(ExportFormat format);
std::string_view extension_of(ExportFormat format); // "zip"
std::string_view content_type_of(ExportFormat format);

struct ExportRequest {
    storage::StoreId tenant = storage::first_store;
    ExportFilter filter;
    ExportFormat format = ExportFormat::bundle;
    std::vector<std::string> columns; // of CSV and XLSX; none: all
    std::string language;             // of a transcript: "nl", else English
    std::string organization;         // its name, for people; "": nobody has said
    std::string by;                   // who asked
    bool accesses = false;            // of the store's access log instead
};

struct ExportResult {
    std::uint64_t statements = 0;
    std::uint64_t bytes = 0;
    std::string sha256;
    storage::Sequence sequence = 0; // nothing stored after it is in it
};

} // namespace leerspoor::server::audit

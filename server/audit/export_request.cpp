#include "server/audit/export_request.hpp"

#include <array>

namespace leerspoor::server::audit {
namespace {

struct FormatRow {
    ExportFormat format;
    std::string_view name;
    std::string_view extension;
    std::string_view content_type;
};
constexpr std::array formats{
    FormatRow{ExportFormat::bundle, "bundle", "zip", "application/zip"},
    FormatRow{ExportFormat::jsonl, "jsonl", "jsonl", "application/x-ndjson"},
    FormatRow{ExportFormat::csv, "csv", "csv", "text/csv; charset=utf-8; header=present"},
    FormatRow{ExportFormat::xlsx, "xlsx", "xlsx",
              "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    FormatRow{ExportFormat::transcript, "transcript", "html", "text/html; charset=utf-8"},
    FormatRow{ExportFormat::package, "package", "zip", "application/zip"}};

const FormatRow& row_of(ExportFormat format) {
    return formats[static_cast<std::size_t>(format)];
}

} // namespace

std::optional<ExportFormat> parse_export_format(std::string_view name) {
    for (const auto& row : formats)
        if (row.name == name) return row.format;
    return std::nullopt;
}

std::string_view name_of(ExportFormat format) {
    return row_of(format).name;
}

std::string_view extension_of(ExportFormat format) {
    return row_of(format).extension;
}

std::string_view content_type_of(ExportFormat format) {
    return row_of(format).content_type;
}

} // namespace leerspoor::server::audit

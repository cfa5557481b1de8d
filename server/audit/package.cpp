#include "server/audit/package.hpp"

#include "server/audit/table.hpp"
#include "spec/agent.hpp"
#include "spec/base/base64.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;

constexpr std::size_t most_buffered = 1u << 20;
constexpr std::array<std::string_view, 4> document_kinds{"", "state", "activity_profile", "agent_profile"};

} // namespace

Result<Package> Package::create(const std::filesystem::path& path, storage::RecordStore& store,
                                storage::StoreId tenant, const ExportRequest& request) {
    auto zip = ZipWriter::create(path);
    if (!zip) return zip.error();
    auto begun = zip->begin("statements.jsonl");
    if (!begun) return begun.error();
    return Package(std::move(*zip), store, tenant, request);
}

Result<void> Package::add(const storage::StoredStatement& statement) {
    lines_.append(statement.bytes) += '\n';
    const auto object = object_of(statement);
    if (!object) return object.error();
    const auto* attachments = object->if_contains("attachments");
    if (attachments && attachments->is_array()) {
        for (const auto& one : attachments->get_array()) {
            const auto* sha2 = one.is_object() ? one.get_object().if_contains("sha2") : nullptr;
            if (!sha2 || !sha2->is_string()) continue;
            std::string name(sha2->get_string());
            std::transform(name.begin(), name.end(), name.begin(),
                           [](unsigned char c) { return std::tolower(c); });
            attachments_.insert(std::move(name));
        }
    }
    if (lines_.size() < most_buffered) return {};
    auto written = zip_.append(lines_);
    lines_.clear();
    return written;
}

bool Package::is_wanted(const storage::DocumentName& name) const {
    const auto& identities = request_.filter.identities;
    if (!identities.empty() &&
        std::find(identities.begin(), identities.end(), name.owner.agent) == identities.end())
        return false;
    return std::all_of(request_.filter.terms.begin(), request_.filter.terms.end(),
                       [&](const spec::Term& term) {
                           const bool of_activity = term.filter == spec::Filter::activity ||
                                                    term.filter == spec::Filter::related_activity;
                           return !of_activity || term.text == name.owner.activity;
                       });
}

Result<void> Package::add_documents() {
    auto written = zip_.begin("documents.jsonl");
    std::string lines;
    const auto looked = store_.each_document(
        tenant_, [&](const storage::DocumentName& name, const storage::Document& document) {
            if (!is_wanted(name)) return true;
            json::object line{{"kind", document_kinds[static_cast<std::size_t>(name.owner.kind)]}};
            if (!name.owner.activity.empty()) line["activity"] = name.owner.activity;
            if (!name.owner.agent.empty()) line["agent"] = spec::identifier_of(name.owner.agent);
            if (name.owner.registration) line["registration"] = spec::to_string(*name.owner.registration);
            line["id"] = name.id;
            line["content_type"] = document.content_type;
            line["updated"] = spec::format_timestamp(document.updated);
            line["content"] = spec::base64_encode(document.bytes);
            lines.append(json::serialize(line)) += '\n';
            if (written && lines.size() >= most_buffered) {
                written = zip_.append(lines);
                lines.clear();
            }
            return written.has_value();
        });
    if (!looked) return looked;
    if (written) written = zip_.append(lines);
    if (written) written = zip_.end();
    return written;
}

Result<void> Package::add_attachment(const std::string& sha2) {
    const auto content = store_.open_attachment(tenant_, sha2);
    if (!content) return content.error();
    if (!*content) return {}; // it lies elsewhere: fileUrl
    auto written = zip_.begin("attachments/" + sha2);
    while (written) {
        const auto bytes = (*content)->read(most_buffered);
        if (!bytes) return bytes.error();
        if (bytes->empty()) break;
        written = zip_.append(*bytes);
    }
    if (written) written = zip_.end();
    return written;
}

Result<void> Package::finish(const ExportResult&) {
    auto written = zip_.append(lines_);
    if (written) written = zip_.end();
    if (written) written = add_documents();
    for (const auto& sha2 : attachments_)
        if (written) written = add_attachment(sha2);
    if (!written) return written;
    auto finished = zip_.finish();
    return finished ? Result<void>() : finished.error();
}

} // namespace leerspoor::server::audit

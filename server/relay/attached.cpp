#include "server/relay/attached.hpp"

#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "spec/multipart.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <future>

namespace leerspoor::server::relay {
namespace {

namespace json = boost::json;

constexpr std::size_t most_attached = 64u << 20;
constexpr std::size_t read_piece = 1u << 20;
// Not in JSON, and in no attachment of which the digest would be the same.
constexpr std::string_view boundary = "leerspoor-7d1f0c9a4be24e0f";

// With what it is.
struct Attached {
    std::string sha2;
    std::string content_type;
};

void collect(const json::object& statement, std::vector<Attached>& all) {
    const auto* attachments = statement.if_contains("attachments");
    if (!attachments || !attachments->is_array()) return;
    for (const auto& one : attachments->get_array()) {
        const auto* sha2 = one.is_object() ? one.get_object().if_contains("sha2") : nullptr;
        if (!sha2 || !sha2->is_string()) continue;
        std::string name(sha2->get_string());
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return std::tolower(c); });
        const auto* type = one.get_object().if_contains("contentType");
        const bool known =
            std::any_of(all.begin(), all.end(), [&](const Attached& other) { return other.sha2 == name; });
        if (!known)
            all.push_back({std::move(name),
                           type && type->is_string() ? std::string(type->get_string()) : std::string()});
    }
}

std::vector<Attached> all_of(const json::object& statement) {
    std::vector<Attached> all;
    collect(statement, all);
    const auto* object = statement.if_contains("object");
    if (object && object->is_object()) collect(object->get_object(), all);
    return all;
}

std::string digest_of(std::string_view bytes, std::size_t digits) {
    auto digest = spec::Sha2::for_hex_length(digits);
    if (!digest) return {};
    digest->update(bytes);
    return digest->finish();
}

struct Part {
    std::string sha2; // "" of the statement
    std::string bytes;
};

Result<std::vector<Part>> parts_of(std::string_view content_type, std::string_view body) {
    auto named = spec::multipart_boundary(content_type);
    if (!named) return named.error();
    spec::MultipartReader reader(*named);
    reader.feed(body);
    std::vector<Part> parts;
    while (true) {
        const auto event = reader.next();
        if (!event) return event.error();
        using Kind = spec::PartEvent::Kind;
        if (event->kind == Kind::end) return parts;
        if (event->kind == Kind::need_more)
            return Error{"import_unreadable", "", "What came with attachments ends too early."};
        if (event->kind == Kind::header) {
            parts.emplace_back().sha2 = reader.header().find("X-Experience-API-Hash").value_or("");
        } else if (event->kind == Kind::content) {
            parts.back().bytes += event->content;
        }
    }
}

} // namespace

std::vector<std::string> attachments_of(const json::object& statement) {
    std::vector<std::string> names;
    for (auto& one : all_of(statement)) names.push_back(std::move(one.sha2));
    return names;
}

Result<std::optional<Multipart>> with_attachments(storage::RecordStore& store, storage::StoreId tenant,
                                                  const storage::StoredStatement& statement) {
    // Most have none: they are not parsed.
    if (statement.bytes.find("\"attachments\"") == std::string::npos) return std::optional<Multipart>();
    const auto parsed = spec::parse_stored_json(statement.bytes);
    if (!parsed || !parsed->is_object()) return std::optional<Multipart>();
    Multipart made;
    const std::string begin = "--" + std::string(boundary) + "\r\n";
    bool any = false;
    made.content_type = "multipart/mixed; boundary=" + std::string(boundary);
    made.body = begin + "Content-Type: application/json\r\n\r\n" + statement.bytes + "\r\n";
    for (const auto& [sha2, type] : all_of(parsed->get_object())) {
        const auto content = store.open_attachment(tenant, sha2);
        if (!content) return content.error();
        if (!*content) continue;
        if (made.body.size() + (*content)->size() > most_attached)
            return Error{"relay_attachments_too_large", "", "Its attachments have more than 64 MiB."};
        any = true;
        made.body += begin + "Content-Type: " + type + "\r\nContent-Transfer-Encoding: binary\r\n" +
                     "X-Experience-API-Hash: " + sha2 + "\r\n\r\n";
        while (true) {
            const auto bytes = (*content)->read(read_piece);
            if (!bytes) return bytes.error();
            if (bytes->empty()) break;
            made.body += *bytes;
        }
        made.body += "\r\n";
    }
    made.body += "--" + std::string(boundary) + "--\r\n";
    if (!any) return std::optional<Multipart>();
    return std::optional(std::move(made));
}

Result<void> import_multipart(storage::RecordStore& store, storage::StoreId tenant,
                              std::string_view content_type, std::string_view body,
                              const json::object& authority) {
    auto parts = parts_of(content_type, body);
    if (!parts) return parts.error();
    auto parsed = parts->empty() ? Result<json::value>(Error{}) : spec::parse_json(parts->front().bytes);
    if (!parsed || !parsed->is_object())
        return Error{"import_unreadable", "", "What came with attachments is no statement."};
    const auto wanted = attachments_of(parsed->get_object());
    auto prepared = prepare_imported(parsed->get_object(), authority);
    if (!prepared) return {}; // the page that it is in is told why
    storage::Submission submission;
    submission.statements.push_back(std::move(*prepared));
    for (std::size_t i = 1; i < parts->size(); ++i) {
        const auto& part = (*parts)[i];
        const auto name = digest_of(part.bytes, part.sha2.size());
        if (name.empty() || std::find(wanted.begin(), wanted.end(), name) == wanted.end()) continue;
        auto upload = store.begin_attachment(tenant);
        if (!upload) return upload.error();
        auto kept = (*upload)->append(part.bytes);
        if (kept) kept = (*upload)->complete();
        if (!kept) return kept;
        submission.attachments.push_back({name, std::move(*upload)});
    }
    std::promise<Result<void>> done;
    store.put_statements(tenant, std::move(submission),
                         [&](Result<void> result) { done.set_value(std::move(result)); });
    auto outcome = done.get_future().get();
    if (!outcome && outcome.error().code == "statement_conflict") return {};
    return outcome;
}

} // namespace leerspoor::server::relay

#include "server/xapi/attachments_in.hpp"

#include "server/xapi/content_type.hpp"
#include "spec/base/ascii.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "spec/signature.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace leerspoor::server::xapi {
namespace {

namespace json = boost::json;

// Those of `holder`, which is the statement or its SubStatement.
void collect(const json::object& statement, const json::object& holder, const std::string& pointer,
             std::vector<AttachmentMention>& all) {
    const auto* const list = holder.if_contains("attachments");
    if (list == nullptr) return;
    const auto place = spec::child_pointer(pointer, "attachments");
    std::size_t index = 0;
    for (const auto& value : list->get_array()) {
        const auto& attachment = value.get_object();
        AttachmentMention mention;
        mention.statement = &statement;
        mention.pointer = spec::child_pointer(place, index++);
        mention.sha2 = spec::lower_case(std::string_view(attachment.at("sha2").get_string()));
        mention.content_type = attachment.at("contentType").get_string();
        mention.has_file_url = attachment.contains("fileUrl");
        mention.is_signature =
            std::string_view(attachment.at("usageType").get_string()) == spec::signature_usage;
        all.push_back(std::move(mention));
    }
}

void collect(const json::object& statement, const std::string& pointer, std::vector<AttachmentMention>& all) {
    collect(statement, statement, pointer, all);
    const auto* const object = statement.if_contains("object");
    if (object != nullptr && object->is_object())
        collect(statement, object->get_object(), spec::child_pointer(pointer, "object"), all);
}

using MentionsBySha2 = std::unordered_map<std::string, std::vector<const AttachmentMention*>>;

// A part on its way in.
struct Part {
    std::vector<const AttachmentMention*> mentions; // that it is for
    spec::Sha2 digest{256};
    bool is_signature = false;
    std::string signature; // its bytes, if it is one
    std::unique_ptr<storage::AttachmentUpload> upload;

    const std::string& pointer() const { return mentions.front()->pointer; }
    const std::string& sha2() const { return mentions.front()->sha2; }
};

// What a part's header fields say of it, held against the statements.
Result<Part> begin(const spec::PartHeader& header, const MentionsBySha2& mentions) {
    const auto hash = header.find("X-Experience-API-Hash");
    if (!hash) {
        return Error{
            "attachment_hash_missing", "",
            "Each part after the first needs the header field X-Experience-API-Hash, the sha2 of the "
            "attachment that it holds."};
    }
    const auto found = mentions.find(spec::lower_case(*hash));
    if (found == mentions.end()) {
        return Error{"attachment_unexpected", "",
                     "No statement of the request has an attachment with the sha2 " +
                         std::string(hash->substr(0, 128)) + "."};
    }
    Part part;
    part.mentions = found->second;
    const auto encoding = header.find("Content-Transfer-Encoding");
    if (encoding && !spec::equal_but_for_case(*encoding, "binary")) {
        return Error{"attachment_encoding", part.pointer(),
                     "The part of an attachment is sent with Content-Transfer-Encoding: binary, as it is."};
    }
    const auto type = header.find("Content-Type");
    for (const auto* mention : part.mentions) {
        if (type && media_type_of(*type) != media_type_of(mention->content_type)) {
            return Error{"attachment_content_type", mention->pointer,
                         "The Content-Type of the part is not the contentType of the attachment."};
        }
        part.is_signature = part.is_signature || mention->is_signature;
    }
    part.digest = *spec::Sha2::for_hex_length(part.sha2().size());
    return part;
}

Result<void> append(Part& part, std::string_view bytes) {
    part.digest.update(bytes);
    if (part.is_signature) {
        if (part.signature.size() + bytes.size() > spec::max_signature_bytes)
            return Error{"signature_malformed", part.pointer(), "The signature is too large."};
        part.signature += bytes;
    }
    return part.upload->append(bytes);
}

Result<void> check_whole(Part& part) {
    if (part.digest.finish() != part.sha2()) {
        return Error{"attachment_hash", part.pointer(),
                     "The SHA-2 of the part's bytes is not the attachment's sha2."};
    }
    for (const auto* mention : part.mentions) {
        if (!mention->is_signature) continue;
        auto checked = spec::check_signature(part.signature, *mention->statement);
        if (!checked.has_value()) {
            Error error = checked.error();
            error.pointer = mention->pointer;
            return error;
        }
    }
    return {};
}

} // namespace

std::vector<AttachmentMention> attachments_of(const json::value& body) {
    std::vector<AttachmentMention> all;
    if (const auto* single = body.if_object()) {
        collect(*single, "", all);
    } else {
        std::size_t index = 0;
        for (const auto& statement : body.get_array())
            collect(statement.get_object(), spec::child_pointer("", index++), all);
    }
    return all;
}

Result<void> check_signature_types(const std::vector<AttachmentMention>& mentions) {
    for (const auto& mention : mentions) {
        if (!mention.is_signature || media_type_of(mention.content_type) == spec::signature_content_type)
            continue;
        return Error{"signature_content_type", spec::child_pointer(mention.pointer, "contentType"),
                     "The contentType of a signature is application/octet-stream."};
    }
    return {};
}

Result<void> check_file_urls(const std::vector<AttachmentMention>& mentions) {
    for (const auto& mention : mentions) {
        if (mention.has_file_url) continue;
        return Error{
            "attachment_without_file_url", mention.pointer,
            "An attachment in an application/json request needs a fileUrl, since its bytes are not in "
            "the request."};
    }
    return {};
}

Result<MultipartStatements> MultipartStatements::of(const Services& services, const Request& request) {
    const auto type = request.head.fields.find("Content-Type").value_or("");
    auto boundary = spec::multipart_boundary(type);
    if (!boundary) return boundary.error();
    return MultipartStatements(services, request, std::move(*boundary));
}

// Everything but need_more.
boost::asio::awaitable<Result<spec::PartEvent>> MultipartStatements::next() {
    for (;;) {
        auto event = reader_.next();
        if (!event || event->kind != spec::PartEvent::Kind::need_more) co_return event;
        const auto bytes = co_await request_.body.reader->next();
        if (!bytes) co_return bytes.error();
        if (bytes->empty()) {
            const auto whole = reader_.finish();
            co_return whole.has_value() ? Error{"multipart_incomplete", "", "The body is not whole."}
                                        : whole.error();
        }
        reader_.feed(*bytes);
    }
}

boost::asio::awaitable<Result<std::string>> MultipartStatements::statements() {
    using Kind = spec::PartEvent::Kind;
    std::string text;
    for (;;) {
        const auto event = co_await next();
        if (!event) co_return event.error();
        if (event->kind == Kind::end) {
            co_return Error{"multipart_first_part", "", "The body has no part that holds the statements."};
        }
        if (event->kind == Kind::part_end) {
            co_return Result<std::string>(boost::system::in_place_value, std::move(text));
        }
        if (event->kind == Kind::header) {
            const auto type = reader_.header().find("Content-Type");
            if (type && media_type_of(*type) == "application/json") continue;
            co_return Error{"multipart_first_part", "",
                            "The first part holds the statements, with Content-Type: application/json."};
        }
        if (text.size() + event->content.size() > services_.settings.max_body_bytes) {
            co_return Error{"body_too_large", "",
                            "The part with the statements is larger than the server takes."};
        }
        text += event->content;
    }
}

boost::asio::awaitable<Result<std::vector<storage::NewAttachment>>>
MultipartStatements::attachments(const std::vector<AttachmentMention>& mentions) {
    using Kind = spec::PartEvent::Kind;
    MentionsBySha2 by_sha2;
    for (const auto& mention : mentions) by_sha2[mention.sha2].push_back(&mention);
    std::vector<storage::NewAttachment> received;
    std::unordered_set<std::string> seen;
    std::optional<Part> part;
    for (;;) {
        const auto event = co_await next();
        if (!event) co_return event.error();
        if (event->kind == Kind::end) break;
        if (event->kind == Kind::header) {
            auto begun = begin(reader_.header(), by_sha2);
            if (!begun) co_return begun.error();
            if (!seen.insert(begun->sha2()).second) {
                co_return Error{"attachment_repeated", begun->pointer(),
                                "The bytes of an attachment are sent once, whoever speaks of it."};
            }
            auto upload = services_.store.begin_attachment(request_.principal->store);
            if (!upload) co_return upload.error();
            begun->upload = std::move(*upload);
            part.emplace(std::move(*begun));
        } else if (event->kind == Kind::content) {
            auto appended = append(*part, event->content);
            if (!appended) co_return appended.error();
        } else {
            auto whole = check_whole(*part);
            if (!whole) co_return whole.error();
            auto completed = part->upload->complete();
            if (!completed) co_return completed.error();
            received.push_back({part->sha2(), std::move(part->upload)});
        }
    }
    for (const auto& mention : mentions) {
        if (!mention.has_file_url && !seen.contains(mention.sha2)) {
            co_return Error{"attachment_missing", mention.pointer,
                            "The attachment has no fileUrl, and no part of the request holds its bytes."};
        }
    }
    co_return received;
}

} // namespace leerspoor::server::xapi

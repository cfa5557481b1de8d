#include "server/xapi/attachments_out.hpp"

#include "server/app/workers.hpp"
#include "server/http/serialize.hpp"
#include "server/support/random.hpp"
#include "server/xapi/attachments_in.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <set>
#include <utility>

namespace leerspoor::server::xapi {
namespace {

constexpr std::size_t piece_bytes = 64u << 10;

struct LeavingPart {
    std::string head; // from the boundary to the empty line
    std::string sha2;
    std::uint64_t size = 0;
};

// Opens one attachment at a time, so that a page of many costs one file. What the disk gives is sent only if
// it is what came in: its name is its digest.
class LeavingParts final : public http::BodySource {
  public:
    LeavingParts(const Services& services, storage::StoreId tenant, std::vector<LeavingPart> parts,
                 std::string end)
        : services_(services), tenant_(tenant), parts_(std::move(parts)), end_(std::move(end)) {
        size_ = end_.size();
        for (const auto& part : parts_) size_ += part.head.size() + part.size;
    }

    std::optional<std::uint64_t> size() const override { return size_; }

    boost::asio::awaitable<Result<std::string_view>> next() override {
        if (content_) {
            const auto read = [this] { return content_->read(piece_bytes); };
            const auto piece = co_await services_.workers.read(read);
            if (!piece) co_return piece;
            if (!piece->empty()) co_return checked(*piece);
            content_.reset();
            if (left_ != 0) co_return gone();
            ++at_;
        }
        if (at_ < parts_.size()) {
            const auto open = [this] { return services_.store.open_attachment(tenant_, parts_[at_].sha2); };
            auto opened = co_await services_.workers.read(open);
            if (!opened) co_return opened.error();
            if (!*opened || (*opened)->size() != parts_[at_].size) co_return gone();
            content_ = std::move(*opened);
            left_ = parts_[at_].size;
            digest_ = spec::Sha2::for_hex_length(parts_[at_].sha2.size());
            if (!parts_[at_].head.empty()) co_return std::string_view(parts_[at_].head);
            co_return co_await next();
        }
        co_return std::string_view(std::exchange(ended_, true) ? std::string_view() : std::string_view(end_));
    }

  private:
    static Error gone() { return {"store_failed", "", "An attachment went away while it was being sent."}; }

    Result<std::string_view> checked(std::string_view piece) {
        left_ -= std::min<std::uint64_t>(left_, piece.size());
        if (digest_) digest_->update(piece);
        if (left_ == 0 && digest_ && std::exchange(digest_, {})->finish() != parts_[at_].sha2) {
            return Error{"store_damaged", "", "The bytes of an attachment are not those that were stored."};
        }
        return piece;
    }

    const Services& services_;
    storage::StoreId tenant_;
    std::vector<LeavingPart> parts_;
    std::string end_;
    std::uint64_t size_ = 0;
    std::size_t at_ = 0;
    std::unique_ptr<storage::AttachmentContent> content_;
    std::optional<spec::Sha2> digest_;
    std::uint64_t left_ = 0;
    bool ended_ = false;
};

} // namespace

Result<http::Response> with_attachments(const Services& services, storage::StoreId tenant, std::string json,
                                        const std::vector<storage::StoredStatement>& statements) {
    const std::string boundary = "leerspoor-" + random_token(18);
    const std::string delimiter = "\r\n--" + boundary;
    std::vector<LeavingPart> parts;
    std::set<std::string> seen;
    for (const auto& statement : statements) {
        if (statement.bytes.find("\"attachments\"") == std::string::npos) continue;
        const auto parsed = spec::parse_stored_json(statement.bytes);
        if (!parsed) return parsed.error();
        for (const auto& mention : attachments_of(*parsed)) {
            if (!seen.insert(mention.sha2).second) continue;
            const auto content = services.store.open_attachment(tenant, mention.sha2);
            if (!content) return content.error();
            if (!*content) continue; // only its fileUrl is known
            // What was accepted before may hold what a header field must not.
            std::string head = delimiter + "\r\nContent-Type: ";
            http::append_field_value(head, mention.content_type);
            head.append("\r\nContent-Transfer-Encoding: binary\r\nX-Experience-API-Hash: ");
            head.append(mention.sha2).append("\r\n\r\n");
            parts.push_back({std::move(head), mention.sha2, (*content)->size()});
        }
    }
    http::Response response;
    response.fields.add("Content-Type", "multipart/mixed; boundary=" + boundary);
    response.body = "--" + boundary + "\r\nContent-Type: application/json\r\n\r\n" + json;
    response.source =
        std::make_shared<LeavingParts>(services, tenant, std::move(parts), delimiter + "--\r\n");
    return response;
}

Result<http::Response> one_attachment(const Services& services, storage::StoreId tenant,
                                      const storage::StoredStatement& statement, std::string_view sha2) {
    const Error unknown{"attachment_unknown", "",
                        "The statement has no attachment of this name whose bytes are here."};
    const auto parsed = spec::parse_stored_json(statement.bytes);
    if (!parsed) return parsed.error();
    const auto mentions = attachments_of(*parsed);
    const auto mention =
        std::find_if(mentions.begin(), mentions.end(), [&](const auto& one) { return one.sha2 == sha2; });
    if (mention == mentions.end()) return unknown;
    const auto content = services.store.open_attachment(tenant, mention->sha2);
    if (!content) return content.error();
    if (!*content) return unknown;
    http::Response response;
    std::string type;
    http::append_field_value(type, mention->content_type);
    response.fields.add("Content-Type", std::move(type));
    // Whoever sent it may have meant a page that acts for whoever looks at it.
    response.fields.add("Content-Disposition",
                        "attachment; filename=\"" + mention->sha2.substr(0, 16) + "\"");
    response.fields.add("Content-Security-Policy", "default-src 'none'; sandbox");
    std::vector<LeavingPart> parts{{"", mention->sha2, (*content)->size()}};
    response.source = std::make_shared<LeavingParts>(services, tenant, std::move(parts), "");
    return response;
}

} // namespace leerspoor::server::xapi

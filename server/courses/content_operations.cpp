#include "server/courses/content_operations.hpp"

#include "server/app/workers.hpp"
#include "server/courses/launches.hpp"
#include "server/courses/origins.hpp"
#include "server/http/range.hpp"
#include "spec/base/ascii.hpp"

#include <algorithm>
#include <array>

namespace leerspoor::server::courses {
namespace {

constexpr std::size_t piece_bytes = 256u << 10;

class FilePart final : public http::BodySource {
  public:
    FilePart(Workers& workers, std::unique_ptr<storage::AttachmentContent> content, http::Range part)
        : workers_(workers), content_(std::move(content)), size_(part.size), left_(part.size) {
        content_->go_to(part.first);
    }
    std::optional<std::uint64_t> size() const override { return size_; }
    boost::asio::awaitable<Result<std::string_view>> next() override {
        const auto read = [this] { return read_piece(); };
        co_return co_await workers_.patiently(read);
    }

  private:
    Result<std::string_view> read_piece() {
        const auto piece =
            content_->read(static_cast<std::size_t>(std::min<std::uint64_t>(left_, piece_bytes)));
        if (piece) left_ -= piece->size();
        return piece;
    }

    Workers& workers_;
    std::unique_ptr<storage::AttachmentContent> content_;
    const std::uint64_t size_;
    std::uint64_t left_;
};

struct MediaType {
    std::string_view ending;
    std::string_view type;
};
// HTML and other texts say themselves how they are encoded.
constexpr std::array media_types = {
    MediaType{"html", "text/html"},
    MediaType{"htm", "text/html"},
    MediaType{"xhtml", "application/xhtml+xml"},
    MediaType{"js", "text/javascript"},
    MediaType{"mjs", "text/javascript"},
    MediaType{"css", "text/css"},
    MediaType{"json", "application/json"},
    MediaType{"map", "application/json"},
    MediaType{"xml", "application/xml"},
    MediaType{"xsd", "application/xml"},
    MediaType{"dtd", "application/xml-dtd"},
    MediaType{"txt", "text/plain"},
    MediaType{"csv", "text/csv"},
    MediaType{"vtt", "text/vtt"},
    MediaType{"png", "image/png"},
    MediaType{"jpg", "image/jpeg"},
    MediaType{"jpeg", "image/jpeg"},
    MediaType{"gif", "image/gif"},
    MediaType{"webp", "image/webp"},
    MediaType{"avif", "image/avif"},
    MediaType{"svg", "image/svg+xml"},
    MediaType{"ico", "image/x-icon"},
    MediaType{"bmp", "image/bmp"},
    MediaType{"mp4", "video/mp4"},
    MediaType{"m4v", "video/mp4"},
    MediaType{"webm", "video/webm"},
    MediaType{"ogv", "video/ogg"},
    MediaType{"mov", "video/quicktime"},
    MediaType{"mp3", "audio/mpeg"},
    MediaType{"m4a", "audio/mp4"},
    MediaType{"ogg", "audio/ogg"},
    MediaType{"wav", "audio/wav"},
    MediaType{"woff", "font/woff"},
    MediaType{"woff2", "font/woff2"},
    MediaType{"ttf", "font/ttf"},
    MediaType{"otf", "font/otf"},
    MediaType{"eot", "application/vnd.ms-fontobject"},
    MediaType{"wasm", "application/wasm"},
    MediaType{"pdf", "application/pdf"},
    MediaType{"zip", "application/zip"},
    MediaType{"swf", "application/x-shockwave-flash"},
    MediaType{"glb", "model/gltf-binary"},
    MediaType{"gltf", "model/gltf+json"},
    MediaType{"m3u8", "application/vnd.apple.mpegurl"},
    MediaType{"ts", "video/mp2t"},
};

} // namespace

std::string_view media_type_of(std::string_view path) {
    const auto dot = path.rfind('.');
    const auto ending =
        dot == std::string_view::npos ? std::string() : spec::lower_case(path.substr(dot + 1));
    const auto found = std::find_if(media_types.begin(), media_types.end(),
                                    [&](const MediaType& one) { return one.ending == ending; });
    return found == media_types.end() ? std::string_view("application/octet-stream") : found->type;
}

boost::asio::awaitable<Result<http::Response>> get_content(const Services& services, const Request& request) {
    const Error unknown{"resource_unknown", "", "There is nothing at this path."};
    const auto session = services.launches->by_content(path_parameter(request, "token"));
    if (!session || !is_at_content(request, session->version)) co_return unknown;
    // A worker of the content's own would outlive the session.
    if (request.head.fields.contains("Service-Worker")) co_return unknown;
    const auto version = services.courses->version(session->version);
    if (!version) co_return unknown;
    const auto file = version->files.find(path_parameter(request, "path"));
    if (file == version->files.end()) co_return unknown;
    const auto& [path, kept] = *file;
    http::Response response;
    const auto etag = "\"" + kept.sha256.substr(0, 32) + "\"";
    auto& fields = response.fields;
    fields.add("Cache-Control", "private, max-age=31536000, immutable");
    if (request.head.fields.find("If-None-Match") == etag) {
        response.status = 304;
        fields.add("ETag", etag);
        co_return response;
    }
    const auto part = http::answer_range(request.head.fields, etag, kept.size, response);
    if (response.status == 416) co_return response;
    fields.add("Content-Type", std::string(media_type_of(path)));
    auto policy = "frame-ancestors 'self' " + session->origin;
    // What an origin that is shared does not keep apart is at least kept from the window around it.
    if (shares_origin(services.settings))
        policy += "; sandbox allow-scripts allow-same-origin allow-forms allow-modals allow-popups "
                  "allow-downloads";
    fields.add("Content-Security-Policy", std::move(policy));
    fields.add("Referrer-Policy", "same-origin"); // the path has a secret
    fields.add("Cross-Origin-Resource-Policy", "same-origin");
    fields.add("Origin-Agent-Cluster", "?1");
    auto content = services.store.open_content(version->tenant, kept.sha256);
    if (!content) co_return content.error();
    if (!*content) co_return unknown;
    response.source = std::make_shared<FilePart>(services.workers, std::move(*content),
                                                 part.value_or(http::Range{0, kept.size}));
    co_return response;
}

} // namespace leerspoor::server::courses

#include "conformance/probe/multipart.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <openssl/evp.h>

namespace leerspoor::conformance {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

std::string boundary_of(std::string_view content_type) {
    const auto at = content_type.find("boundary=");
    if (!content_type.starts_with("multipart/mixed") || at == std::string_view::npos) return {};
    auto value = content_type.substr(at + 9);
    if (value.starts_with('"')) return std::string(value.substr(1, value.find('"', 1) - 1));
    return std::string(trimmed(value.substr(0, value.find(';'))));
}

Part read_part(std::string_view text) {
    Part part;
    const auto end = text.starts_with("\r\n") ? 0 : text.find("\r\n\r\n");
    if (end == std::string_view::npos) return part;
    auto head = text.substr(0, end);
    while (!head.empty()) {
        const auto line = head.substr(0, head.find("\r\n"));
        const auto colon = std::min(line.find(':'), line.size() - 1);
        part.fields.emplace_back(trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
        head.remove_prefix(std::min(line.size() + 2, head.size()));
    }
    part.content = text.substr(end == 0 ? 2 : end + 4);
    return part;
}

} // namespace

Part Part::without(std::string_view field) const {
    Part changed = *this;
    std::erase_if(changed.fields, [&](const auto& other) { return other.first == field; });
    return changed;
}

Part Part::with(std::string_view field, std::string_view value) const {
    Part changed = without(field);
    changed.fields.emplace_back(field, value);
    return changed;
}

Part statement_part(const boost::json::value& statements) {
    return {{{"Content-Type", "application/json"}}, boost::json::serialize(statements)};
}

Part attachment_part(std::string_view content, std::string_view content_type) {
    return {{{"Content-Type", std::string(content_type)},
             {"Content-Transfer-Encoding", "binary"},
             {"X-Experience-API-Hash", sha2(content)}},
            std::string(content)};
}

std::string multipart_body(const std::vector<Part>& parts) {
    std::string body;
    for (const auto& part : parts) {
        body.append("--").append(boundary).append("\r\n");
        for (const auto& [name, value] : part.fields)
            body.append(name).append(": ").append(value).append("\r\n");
        body.append("\r\n").append(part.content).append("\r\n");
    }
    return body.append("--").append(boundary).append("--\r\n");
}

std::string multipart_type() {
    return "multipart/mixed; boundary=" + std::string(boundary);
}

std::optional<std::vector<Part>> read_multipart(std::string_view content_type, std::string_view body) {
    const auto name = boundary_of(content_type);
    if (name.empty()) return std::nullopt;
    // A delimiter takes the line break before it; the first one may have none.
    const std::string text = "\r\n" + std::string(body);
    const std::string delimiter = "\r\n--" + name;
    std::vector<Part> parts;
    auto at = text.find(delimiter);
    while (at != std::string::npos) {
        at += delimiter.size();
        if (text.compare(at, 2, "--") == 0) return parts;
        const auto line = text.find("\r\n", at);
        const auto end = text.find(delimiter, at);
        if (line == std::string::npos || end == std::string::npos) return std::nullopt;
        parts.push_back(read_part(std::string_view(text).substr(line + 2, end - line - 2)));
        at = end;
    }
    return std::nullopt;
}

std::string sha2(std::string_view bytes, unsigned bits) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto* kind = bits == 512 ? EVP_sha512() : bits == 384 ? EVP_sha384() : EVP_sha256();
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, kind, nullptr);
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

boost::json::object attachment_of(std::string_view content, std::string_view content_type) {
    return {{"usageType", "http://example.com/attachments/essay"},
            {"display", {{"en", "An essay"}}},
            {"contentType", boost::json::string_view(content_type.data(), content_type.size())},
            {"length", content.size()},
            {"sha2", sha2(content)}};
}

} // namespace leerspoor::conformance

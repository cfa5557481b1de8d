// multipart/mixed as statements with attachments travel in it (xAPI 1.0.3 Part Three 1.5.2; IEEE 9274.1.1
// 4.1.3): written part by part, so that a check can leave out or change any of it, and read back.
#pragma once

#include "conformance/probe/http.hpp"

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::conformance {

inline constexpr std::string_view boundary = "----a-boundary-of-leerspoor";

struct Part {
    Fields fields;
    std::string content;

    Part without(std::string_view field) const;
    Part with(std::string_view field, std::string_view value) const;
};

Part statement_part(const boost::json::value& statements);
// With X-Experience-API-Hash, Content-Transfer-Encoding and Content-Type.
Part attachment_part(std::string_view content, std::string_view content_type = "text/plain");

std::string multipart_body(const std::vector<Part>& parts);
std::string multipart_type(); // the Content-Type of such a body

// The parts of an answer by the boundary its Content-Type names. Nothing when it is no multipart/mixed.
std::optional<std::vector<Part>> read_multipart(std::string_view content_type, std::string_view body);

// Lower-case hexadecimal digits; of 256, 384 or 512 bits.
std::string sha2(std::string_view bytes, unsigned bits = 256);

// What a statement says about an attachment of this content.
boost::json::object attachment_of(std::string_view content, std::string_view content_type = "text/plain");

} // namespace leerspoor::conformance

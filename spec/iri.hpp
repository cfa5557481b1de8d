// The small textual forms that statements are made of: IRIs (RFC 3987), mailto IRIs, language tags (RFC
// 5646), hexadecimal digests, media types. Pure predicates over text that is already valid UTF-8.
#pragma once

#include <cstddef>
#include <string_view>

namespace leerspoor::spec {

// An absolute IRI: a scheme, a colon, at least one character after it, and no character that RFC 3987
// forbids.
bool is_iri(std::string_view text);
// An absolute IRL: an IRI that locates (the statement data model's `fileUrl`, `moreInfo`, `homePage`).
bool is_irl(std::string_view text);
// mailto: and an address with one @ and no blanks.
bool is_mailto_iri(std::string_view text);
// RFC 5646, well-formed (grandfathered and private-use tags included).
bool is_language_tag(std::string_view text);
// Exactly `digits` hexadecimal digits.
bool is_hex(std::string_view text, std::size_t digits);
// type/subtype with optional parameters (RFC 2046).
bool is_media_type(std::string_view text);

} // namespace leerspoor::spec

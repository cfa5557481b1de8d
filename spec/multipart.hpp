// multipart/mixed (RFC 2046 5.1) read piece by piece, as statements with attachments arrive (xAPI 1.0.3 Part
// Three 1.5.2; IEEE 9274.1.1 4.1.4.2). Nothing of a part's content is held.
#pragma once

#include "spec/base/error.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leerspoor::spec {

// The boundary that a Content-Type of multipart/mixed names. Errors: multipart_type (another media type),
// multipart_boundary (none, or none that RFC 2046 allows).
Result<std::string> multipart_boundary(std::string_view content_type);

struct PartHeader {
    std::vector<std::pair<std::string, std::string>> fields; // in order, values without blanks around them

    std::optional<std::string_view> find(std::string_view name) const; // without case; the first
};

// What the reader has come to.
struct PartEvent {
    enum class Kind {
        need_more, // everything given was used: feed()
        header,    // a part begins; header() is valid until the next call
        content,   // `content` is the part's next bytes, valid until the next feed()
        part_end,
        end // the closing delimiter was seen; what follows is ignored
    };
    Kind kind = Kind::need_more;
    std::string_view content;
};

// feed() bytes, call next() until need_more, feed() more. After an error or `end` nothing may be asked any
// more.
class MultipartReader {
  public:
    // `header_bytes` and `parts` are limits; a part may have 64 header fields.
    MultipartReader(std::string boundary, std::size_t header_bytes = 16u << 10, std::size_t parts = 10'000);

    // REQUIRES: next() has said need_more, or nothing was fed yet. Keeps no reference to `bytes`.
    void feed(std::string_view bytes);
    // Lines end with CRLF, and a header field is one line. Whatever pieces a body is fed in, it gives the
    // same. Errors: multipart_header (malformed or repeated), multipart_header_too_large,
    // multipart_too_many_parts.
    Result<PartEvent> next();
    const PartHeader& header() const { return header_; }
    // The stream is over: was it whole? Error: multipart_incomplete.
    Result<void> finish() const;

  private:
    enum class State { preamble, delimiter, headers, content, epilogue };

    bool skip_to_delimiter();
    Result<std::optional<PartEvent>> read_delimiter();
    Result<PartEvent> read_headers();
    Result<PartEvent> read_content();

    std::string delimiter_; // "\r\n--" and the boundary
    std::size_t header_bytes_;
    std::size_t parts_left_;
    State state_ = State::preamble;
    std::string buffer_;
    std::size_t at_ = 0; // what of the buffer was used up
    bool first_ = false; // nothing of the part's content was read
    PartHeader header_;
};

} // namespace leerspoor::spec

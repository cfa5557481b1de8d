#include "spec/multipart.hpp"

#include "spec/base/ascii.hpp"

#include <algorithm>

namespace leerspoor::spec {

namespace {

constexpr std::size_t longest_boundary = 70; // RFC 2046 5.1.1
constexpr std::size_t most_fields = 64;      // of one part

bool is_field_name_char(char c) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return is_digit(c) || is_letter(c) || others.find(c) != std::string_view::npos;
}

bool is_boundary(std::string_view text) {
    constexpr std::string_view others = "'()+_,-./:=? ";
    return !text.empty() && text.size() <= longest_boundary && text.back() != ' ' &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return is_digit(c) || is_letter(c) || others.find(c) != std::string_view::npos;
           });
}

Error no_boundary() {
    return {"multipart_boundary", "",
            "Content-Type: multipart/mixed needs a parameter \"boundary\" of 1 to 70 characters, as RFC 2046 "
            "section 5.1.1 allows them."};
}

Error bad_header(std::string message) {
    return {"multipart_header", "", std::move(message)};
}

Error bad_boundary_line() {
    return bad_header("A boundary line must end with its boundary, or \"--\" after it.");
}

Error header_too_large() {
    return {"multipart_header_too_large", "", "The header fields of a part are too large or too many."};
}

// The value that stands at the start of `text`, quoted or not; `text` moves behind it. Nothing when
// malformed.
std::optional<std::string> take_value(std::string_view& text) {
    std::string value;
    if (!text.starts_with('"')) {
        const auto end = std::min(text.find_first_of("; \t"), text.size());
        value = text.substr(0, end);
        text.remove_prefix(end);
        return value;
    }
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return value;
        }
        if (text[i] == '\\' && ++i == text.size()) break;
        value += text[i];
    }
    return std::nullopt;
}

} // namespace

Result<std::string> multipart_boundary(std::string_view content_type) {
    const auto type_end = std::min(content_type.find(';'), content_type.size());
    if (!equal_but_for_case(trimmed(content_type.substr(0, type_end)), "multipart/mixed")) {
        return Error{"multipart_type", "", "The Content-Type must be multipart/mixed."};
    }
    std::optional<std::string> boundary;
    std::string_view rest = content_type.substr(type_end);
    while (!rest.empty()) {
        if (!rest.starts_with(';')) return no_boundary();
        rest = rest.substr(1);
        rest = rest.substr(std::min(rest.find_first_not_of(" \t"), rest.size()));
        if (rest.empty()) break;
        if (rest.starts_with(';')) continue;
        const auto equals = rest.find('=');
        if (equals == std::string_view::npos) return no_boundary();
        const auto name = trimmed(rest.substr(0, equals));
        rest.remove_prefix(equals + 1);
        auto value = take_value(rest);
        if (!value) return no_boundary();
        if (equal_but_for_case(name, "boundary")) {
            if (boundary) return no_boundary();
            boundary = std::move(value);
        }
        rest = rest.substr(std::min(rest.find_first_not_of(" \t"), rest.size()));
    }
    if (!boundary || !is_boundary(*boundary)) return no_boundary();
    return {boost::system::in_place_value, std::move(*boundary)};
}

std::optional<std::string_view> PartHeader::find(std::string_view name) const {
    for (const auto& [key, value] : fields) {
        if (equal_but_for_case(key, name)) return value;
    }
    return std::nullopt;
}

MultipartReader::MultipartReader(std::string boundary, std::size_t header_bytes, std::size_t parts)
    : delimiter_("\r\n--" + std::move(boundary)), header_bytes_(header_bytes), parts_left_(parts),
      buffer_("\r\n") {} // the first delimiter may stand at the very beginning

void MultipartReader::feed(std::string_view bytes) {
    buffer_.erase(0, at_);
    at_ = 0;
    if (state_ != State::epilogue) buffer_ += bytes;
}

Result<PartEvent> MultipartReader::next() {
    for (;;) {
        switch (state_) {
        case State::preamble: {
            if (!skip_to_delimiter()) return PartEvent{};
            break;
        }
        case State::delimiter: {
            const auto event = read_delimiter();
            if (!event.has_value()) return event.error();
            if (*event) return **event;
            break;
        }
        case State::headers:
            return read_headers();
        case State::content:
            return read_content();
        case State::epilogue:
            return PartEvent{PartEvent::Kind::end, {}};
        }
    }
}

bool MultipartReader::skip_to_delimiter() {
    const auto found = buffer_.find(delimiter_, at_);
    if (found == std::string::npos) {
        const auto kept = std::min(buffer_.size() - at_, delimiter_.size() - 1);
        at_ = buffer_.size() - kept;
        return false;
    }
    at_ = found + delimiter_.size();
    state_ = State::delimiter;
    return true;
}

// Behind a delimiter: "--" closes; blanks and a line end begin a part.
Result<std::optional<PartEvent>> MultipartReader::read_delimiter() {
    const std::string_view rest = std::string_view(buffer_).substr(at_);
    const auto need_more = std::optional<PartEvent>(PartEvent{});
    if (rest.size() < 2) return need_more;
    if (rest.starts_with("--")) {
        state_ = State::epilogue;
        at_ = buffer_.size();
        return std::optional<PartEvent>(PartEvent{PartEvent::Kind::end, {}});
    }
    const auto line_end = std::min(rest.find_first_not_of(" \t"), rest.size());
    if (line_end > header_bytes_) return bad_boundary_line();
    if (line_end == rest.size()) return need_more;
    if (rest[line_end] != '\r') return bad_boundary_line();
    if (line_end + 1 == rest.size()) return need_more;
    if (rest[line_end + 1] != '\n') return bad_boundary_line();
    if (parts_left_ == 0) return Error{"multipart_too_many_parts", "", "There are too many parts."};
    --parts_left_;
    // The line end stays: headers begin with it, so that an empty header ends with two of them.
    at_ += line_end;
    state_ = State::headers;
    return std::optional<PartEvent>();
}

Result<PartEvent> MultipartReader::read_headers() {
    constexpr std::string_view empty_line = "\r\n\r\n";
    const auto end = buffer_.find(empty_line, at_);
    if (end == std::string::npos) {
        // All but the last byte of the empty line may be here already.
        if (buffer_.size() - at_ >= header_bytes_ + empty_line.size()) return header_too_large();
        return PartEvent{};
    }
    if (end - at_ > header_bytes_) return header_too_large();
    header_.fields.clear();
    std::string_view lines = std::string_view(buffer_).substr(at_, end - at_);
    while (!lines.empty()) {
        lines.remove_prefix(2);
        const auto line = lines.substr(0, lines.find("\r\n"));
        lines.remove_prefix(line.size());
        const auto colon = line.find(':');
        const auto name = line.substr(0, std::min(colon, line.size()));
        if (colon == std::string_view::npos || name.empty() ||
            !std::all_of(name.begin(), name.end(), is_field_name_char)) {
            return bad_header("A header field of a part must be a name, a colon and a value on one line.");
        }
        const auto value = trimmed(line.substr(colon + 1));
        if (std::any_of(value.begin(), value.end(), is_control)) {
            return bad_header("A header field of a part holds a control character.");
        }
        if (header_.fields.size() == most_fields) return header_too_large();
        if (header_.find(name)) {
            return bad_header("A part has the header field " + std::string(name) + " twice.");
        }
        header_.fields.emplace_back(name, value);
    }
    // The empty line's own end stays: the next delimiter may begin with it.
    at_ = end + 2;
    state_ = State::content;
    first_ = true;
    return PartEvent{PartEvent::Kind::header, {}};
}

Result<PartEvent> MultipartReader::read_content() {
    if (first_) {
        // A part without content: the delimiter's line end is the header's.
        const std::string_view rest = std::string_view(buffer_).substr(at_);
        if (rest.size() < delimiter_.size() && delimiter_.starts_with(rest)) return PartEvent{};
        first_ = false;
        if (!rest.starts_with(delimiter_)) at_ += 2;
    }
    const auto found = buffer_.find(delimiter_, at_);
    if (found == at_) {
        at_ += delimiter_.size();
        state_ = State::delimiter;
        return PartEvent{PartEvent::Kind::part_end, {}};
    }
    // All that cannot be the beginning of a delimiter.
    auto end = found;
    if (found == std::string::npos) {
        const auto kept = std::min(buffer_.size() - at_, delimiter_.size() - 1);
        end = buffer_.size() - kept;
        const auto line_end = buffer_.find('\r', end);
        end = line_end == std::string::npos ? buffer_.size() : line_end;
    }
    if (end == at_) return PartEvent{};
    const auto content = std::string_view(buffer_).substr(at_, end - at_);
    at_ = end;
    return PartEvent{PartEvent::Kind::content, content};
}

Result<void> MultipartReader::finish() const {
    if (state_ == State::epilogue) return {};
    return Error{"multipart_incomplete", "",
                 "The body ends before its closing boundary line, \"" + delimiter_.substr(2) + "--\"."};
}

} // namespace leerspoor::spec

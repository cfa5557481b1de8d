#include "server/http/percent.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <cstddef>

namespace leerspoor::server::http {
namespace {

// The length of the well-formed sequence at the start of `text` (Unicode 15, table 3-7); 0: there is none.
std::size_t utf8_sequence(std::string_view text) {
    const auto byte = [&](std::size_t at) {
        return at < text.size() ? static_cast<unsigned char>(text[at]) : static_cast<unsigned char>(0);
    };
    const auto follows = [&](std::size_t at) { return (byte(at) & 0xC0u) == 0x80u; };
    const unsigned char first = byte(0);
    if (first < 0x80) return 1;
    if (first < 0xC2) return 0;
    if (first < 0xE0) return follows(1) ? 2 : 0;
    if (first < 0xF0) {
        const bool overlong = first == 0xE0 && byte(1) < 0xA0;
        const bool surrogate = first == 0xED && byte(1) > 0x9F;
        return !overlong && !surrogate && follows(1) && follows(2) ? 3 : 0;
    }
    if (first > 0xF4) return 0;
    const bool overlong = first == 0xF0 && byte(1) < 0x90;
    const bool beyond = first == 0xF4 && byte(1) > 0x8F;
    return !overlong && !beyond && follows(1) && follows(2) && follows(3) ? 4 : 0;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8_sequence(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

// Nothing: an escape is broken, or the bytes are no UTF-8.
std::optional<std::string> decode(std::string_view text, bool plus_is_blank) {
    const auto escaped =
        boost::urls::make_pct_string_view(boost::urls::string_view(text.data(), text.size()));
    if (!escaped) return std::nullopt;
    boost::urls::encoding_opts options;
    options.space_as_plus = plus_is_blank;
    std::string decoded = escaped->decode(options);
    if (!is_utf8(decoded)) return std::nullopt;
    return decoded;
}

} // namespace

Result<Parameters> parse_query(std::string_view query) {
    Parameters parameters;
    while (!query.empty()) {
        const std::string_view piece = query.substr(0, query.find('&'));
        query.remove_prefix(piece.size() < query.size() ? piece.size() + 1 : query.size());
        if (piece.empty()) continue;
        const std::size_t equals = piece.find('=');
        auto name = decode(piece.substr(0, equals), true);
        if (!name) {
            return Error{
                "query_invalid", "",
                "The name of a query parameter is not percent-encoded UTF-8. Write each byte that is not "
                "a letter, digit or one of -._~ as % and two hexadecimal digits."};
        }
        auto value =
            equals == std::string_view::npos ? std::string() : decode(piece.substr(equals + 1), true);
        if (!value) {
            return Error{
                "query_invalid", "",
                "The value of the query parameter \"" + *name +
                    "\" is not percent-encoded UTF-8. Write each byte that is not a letter, digit or one "
                    "of -._~ as % and two hexadecimal digits; a percent sign itself is %25."};
        }
        parameters.emplace_back(std::move(*name), std::move(*value));
    }
    return parameters;
}

std::optional<std::string> percent_decode(std::string_view text) {
    return decode(text, false);
}

std::string percent_encode(std::string_view text) {
    return boost::urls::encode(boost::urls::string_view(text.data(), text.size()),
                               boost::urls::unreserved_chars);
}

} // namespace leerspoor::server::http

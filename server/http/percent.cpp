#include "server/http/percent.hpp"

#include "spec/base/utf8.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/pct_string_view.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <cstddef>

namespace leerspoor::server::http {
namespace {

// Nothing: an escape is broken, or the bytes are no UTF-8.
std::optional<std::string> decode(std::string_view text, bool plus_is_blank) {
    const auto escaped =
        boost::urls::make_pct_string_view(boost::urls::string_view(text.data(), text.size()));
    if (!escaped) return std::nullopt;
    boost::urls::encoding_opts options;
    options.space_as_plus = plus_is_blank;
    std::string decoded = escaped->decode(options);
    if (!spec::is_utf8(decoded)) return std::nullopt;
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

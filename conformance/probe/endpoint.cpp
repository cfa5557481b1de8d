// What a request to the LRS is made of: its URL, taken apart, what goes into it, and who asks.
#include "conformance/probe/http.hpp"

#include <boost/url/parse.hpp>
#include <openssl/evp.h>

namespace leerspoor::conformance {

std::optional<Server> parse_endpoint(std::string_view url) {
    const auto parsed = boost::urls::parse_uri(boost::urls::string_view(url.data(), url.size()));
    if (!parsed.has_value() || parsed->host().empty()) return std::nullopt;
    if (parsed->has_query() || parsed->has_fragment() || parsed->has_userinfo()) return std::nullopt;
    Server server;
    const auto scheme = parsed->scheme();
    server.tls = scheme == "https";
    if (!server.tls && scheme != "http") return std::nullopt;
    server.host = parsed->host_address();
    const auto port = parsed->port();
    server.port = port.empty() ? (server.tls ? "443" : "80") : std::string(port.data(), port.size());
    const auto path = parsed->encoded_path();
    server.base.assign(path.data(), path.size());
    while (server.base.ends_with('/')) server.base.pop_back();
    return server;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string coded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
            std::string_view("-._~").find(c) != std::string_view::npos) {
            coded += c;
        } else {
            coded += '%';
            coded += digits[byte >> 4];
            coded += digits[byte & 15];
        }
    }
    return coded;
}

std::string basic_authorization(std::string_view key, std::string_view secret) {
    const auto plain = std::string(key).append(":").append(secret);
    std::string coded(4 * ((plain.size() + 2) / 3) + 1, '\0');
    const auto size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(coded.data()),
                        reinterpret_cast<const unsigned char*>(plain.data()), static_cast<int>(plain.size()));
    coded.resize(static_cast<std::size_t>(size));
    return "Basic " + coded;
}

} // namespace leerspoor::conformance

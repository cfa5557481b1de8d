#include "server/app/settings.hpp"

#include "spec/iri.hpp"

#include <boost/asio/ip/address.hpp>
#include <charconv>

namespace leerspoor::server {
namespace {

Error not_an_endpoint(std::string_view text) {
    return {
        "listen_invalid", "",
        "listen = \"" + std::string(text) +
            "\" is not an IP address and a port. Write 127.0.0.1:8443, 0.0.0.0:8443 or [::1]:8443; port 0 "
            "takes a free one."};
}

bool is_origin(const std::string& text) {
    if (text == "*") return true;
    const bool scheme = text.starts_with("https://") || text.starts_with("http://");
    if (!scheme) return false;
    const auto host = text.substr(text.find("//") + 2);
    return !host.empty() && host.find_first_of("/?# ") == std::string::npos;
}

bool is_host_name(const std::string& text) {
    constexpr std::string_view known = "abcdefghijklmnopqrstuvwxyz0123456789-.";
    return !text.empty() && text.find_first_not_of(known) == std::string::npos && !text.starts_with('.') &&
           !text.ends_with('.');
}

} // namespace

Result<Endpoint> parse_listen(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return not_an_endpoint(text);
    std::string host(text.substr(0, colon));
    const std::string_view digits = text.substr(colon + 1);
    if (host == "localhost") host = "127.0.0.1";
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string::npos) {
        return not_an_endpoint(text);
    }

    std::uint16_t port = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (failure != std::errc() || digits.empty() || end != digits.data() + digits.size()) {
        return not_an_endpoint(text);
    }
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(host, ec);
    if (ec) return not_an_endpoint(text);
    return Endpoint{host, port, address.is_loopback()};
}

std::vector<Error> check(const Settings& settings) {
    std::vector<Error> errors;
    const auto refuse = [&errors](std::string message) {
        errors.push_back({"setting_invalid", "", std::move(message)});
    };
    const auto endpoint = parse_listen(settings.listen);
    if (!endpoint) errors.push_back(endpoint.error());
    if (settings.http && endpoint && !endpoint->loopback && !settings.http_anywhere) {
        refuse("http: plain HTTP on " + settings.listen +
               " would send keys and learning records readable over the network. Listen on 127.0.0.1, leave "
               "http out, or, behind a proxy that encrypts, set http-anywhere as well.");
    }
    if (settings.http && !(settings.tls_cert.empty() && settings.tls_key.empty())) {
        refuse("http: plain HTTP uses no certificate. Leave out http, or tls-cert and tls-key.");
    }
    if (settings.tls_cert.empty() != settings.tls_key.empty()) {
        refuse("tls-cert and tls-key belong together: give both, or neither.");
    }
    for (const auto& origin : settings.cors_origins) {
        if (!is_origin(origin)) {
            refuse("cors-origins: \"" + origin +
                   "\" is neither * nor an origin such as https://lms.example.org.");
        }
    }
    if (!spec::is_irl(settings.authority_home_page)) {
        refuse("authority-home-page: \"" + settings.authority_home_page +
               "\" is not an absolute IRL such as https://lrs.example.org.");
    }
    if (!settings.public_url.empty() && (!is_origin(settings.public_url) || settings.public_url == "*")) {
        refuse("public-url: \"" + settings.public_url +
               "\" is no origin such as https://academy.example.org.");
    }
    const std::string_view content_host = settings.content_host;
    if (!is_host_name(std::string(content_host.starts_with("*.") ? content_host.substr(2) : content_host))) {
        refuse("content-host: \"" + settings.content_host +
               "\" is no host name such as *.content.example.org or content.example.org.");
    }
    const auto proxies = http::TrustedProxies::of(settings.trusted_proxies, settings.trusted_proxy_field);
    if (!proxies) errors.push_back(proxies.error());
    if (settings.default_page_statements > settings.max_page_statements) {
        refuse("default-page-statements is larger than max-page-statements.");
    }
    return errors;
}

} // namespace leerspoor::server

#include "server/http/proxies.hpp"

#include "spec/base/ascii.hpp"

#include <algorithm>
#include <optional>

namespace leerspoor::server::http {
namespace {

namespace ip = boost::asio::ip;

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]:80".
std::optional<ip::address> address_of(std::string_view text) {
    if (text.starts_with('[')) {
        text = text.substr(1, text.find(']') - 1);
    } else if (std::count(text.begin(), text.end(), ':') == 1) {
        text = text.substr(0, text.find(':'));
    }
    boost::system::error_code error;
    const auto address = ip::make_address(std::string(text), error);
    if (error) return std::nullopt;
    return plain_address(address);
}

// The text after "for=" of an element of Forwarded, without quotes; "" when there is none.
std::string_view for_of(std::string_view element) {
    while (!element.empty()) {
        const auto end = std::min(element.find(';'), element.size());
        const auto pair = trimmed(element.substr(0, end));
        element.remove_prefix(std::min(end + 1, element.size()));
        constexpr std::string_view name = "for=";
        if (!spec::equal_but_for_case(pair.substr(0, name.size()), name)) continue;
        auto value = pair.substr(name.size());
        if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
            value = value.substr(1, value.size() - 2);
        return value;
    }
    return {};
}

} // namespace

ip::address plain_address(const ip::address& address) {
    if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

Result<TrustedProxies> TrustedProxies::of(const std::vector<std::string>& networks, ForwardedField field) {
    TrustedProxies proxies;
    proxies.field_ = field;
    for (const auto& text : networks) {
        const bool whole = text.find('/') == std::string::npos;
        const bool is_v6 = text.find(':') != std::string::npos;
        boost::system::error_code error;
        if (is_v6) {
            proxies.v6_.push_back(ip::make_network_v6(whole ? text + "/128" : text, error));
        } else {
            proxies.v4_.push_back(ip::make_network_v4(whole ? text + "/32" : text, error));
        }
        if (error) {
            return Error{"setting_invalid", "",
                         "trusted-proxies: \"" + text +
                             "\" is neither an address nor a network such as 10.0.0.0/8 or fd00::/8."};
        }
    }
    return proxies;
}

bool TrustedProxies::contains(const ip::address& address) const {
    if (address.is_v4()) {
        const ip::network_v4 host(address.to_v4(), 32);
        return std::any_of(v4_.begin(), v4_.end(), [&](const auto& network) {
            return network.canonical() == host || host.is_subnet_of(network.canonical());
        });
    }
    const ip::network_v6 host(address.to_v6(), 128);
    return std::any_of(v6_.begin(), v6_.end(), [&](const auto& network) {
        return network.canonical() == host || host.is_subnet_of(network.canonical());
    });
}

std::string TrustedProxies::client(const Fields& fields, std::string_view proxy) const {
    const std::string_view wanted = field_ == ForwardedField::forwarded ? "Forwarded" : "X-Forwarded-For";
    std::string hops; // fields of one name are one list (RFC 9110 5.3)
    for (const auto& [name, value] : fields) {
        if (spec::equal_but_for_case(name, wanted)) hops.append(hops.empty() ? "" : ",").append(value);
    }
    std::string client(proxy);
    for (std::string_view left = hops; !left.empty();) {
        const auto comma = left.rfind(',');
        const auto element = trimmed(comma == std::string_view::npos ? left : left.substr(comma + 1));
        left = left.substr(0, comma == std::string_view::npos ? 0 : comma);
        const auto address = address_of(field_ == ForwardedField::forwarded ? for_of(element) : element);
        if (!address) break; // whoever is behind that says nothing for sure
        client = address->to_string();
        if (!contains(*address)) break;
    }
    return client;
}

} // namespace leerspoor::server::http

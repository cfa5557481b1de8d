// Whom a request comes from, behind proxies that the operator trusts: X-Forwarded-For, or Forwarded (RFC
// 7239). One of the two is believed, since a proxy that sets the one passes the other on as a client made it
// up.
#pragma once

#include "server/http/message.hpp"
#include "spec/base/error.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::http {

enum class ForwardedField { x_forwarded_for, forwarded };

// An IPv6 address that stands for an IPv4 one is that.
boost::asio::ip::address plain_address(const boost::asio::ip::address& address);

// Any thread.
class TrustedProxies {
  public:
    TrustedProxies() = default; // nobody
    // Addresses and networks: "10.0.0.1", "10.0.0.0/8", "fd00::/8". Error: setting_invalid.
    static Result<TrustedProxies> of(const std::vector<std::string>& networks, ForwardedField field);

    bool contains(const boost::asio::ip::address& address) const;
    // The last in the field that is no trusted proxy; `proxy`, who has the connection, when the field says
    // nothing that can be read. REQUIRES: the proxy is trusted.
    std::string client(const Fields& fields, std::string_view proxy) const;

  private:
    std::vector<boost::asio::ip::network_v4> v4_;
    std::vector<boost::asio::ip::network_v6> v6_;
    ForwardedField field_ = ForwardedField::x_forwarded_for;
};

} // namespace leerspoor::server::http

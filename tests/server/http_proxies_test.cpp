#include "server/http/proxies.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace leerspoor;
using namespace leerspoor::server::http;

std::string client(const std::vector<std::string>& proxies, ForwardedField field,
                   const std::vector<std::pair<std::string, std::string>>& fields) {
    Fields all;
    for (const auto& [name, value] : fields) all.add(name, value);
    return TrustedProxies::of(proxies, field)->client(all, "10.0.0.1");
}

bool trusts(const std::string& network, const std::string& address) {
    return TrustedProxies::of({network}, ForwardedField::forwarded)
        ->contains(boost::asio::ip::make_address(address));
}

} // namespace

TEST_CASE("Trusted are the addresses and networks that are named, and no others") {
    CHECK(trusts("10.0.0.0/8", "10.255.1.2"));
    CHECK_FALSE(trusts("10.0.0.0/8", "11.0.0.1"));
    CHECK(trusts("10.1.2.3", "10.1.2.3"));
    CHECK_FALSE(trusts("10.1.2.3", "10.1.2.4"));
    CHECK(trusts("fd00::/8", "fd12::1"));
    CHECK_FALSE(trusts("fd00::/8", "fe00::1"));
    CHECK(trusts("::1", "::1"));
    CHECK_FALSE(trusts("::1", "127.0.0.1"));
    for (const auto* nonsense : {"", "here", "10.0.0.0/33", "10.0.0", "fd00::/129", "10.0.0.0/"}) {
        INFO(nonsense);
        CHECK(TrustedProxies::of({nonsense}, ForwardedField::forwarded).error().code == "setting_invalid");
    }
    CHECK_FALSE(TrustedProxies().contains(boost::asio::ip::make_address("127.0.0.1")));
}

TEST_CASE("The client is the last hop that is no trusted proxy") {
    const auto of = [](const std::string& value) {
        return client({"10.0.0.0/8"}, ForwardedField::x_forwarded_for, {{"X-Forwarded-For", value}});
    };
    CHECK(of("192.0.2.1") == "192.0.2.1");
    CHECK(of("192.0.2.1, 10.0.0.2") == "192.0.2.1");
    CHECK(of("203.0.113.9, 192.0.2.1,10.0.0.2") == "192.0.2.1"); // what the client made up is not looked at
    CHECK(of("10.0.0.3, 10.0.0.2") == "10.0.0.3");
    CHECK(of("192.0.2.1:4711") == "192.0.2.1");
    CHECK(of("[2001:db8::1]:4711") == "2001:db8::1");
    CHECK(of("2001:db8::1") == "2001:db8::1");
    CHECK(of("::ffff:192.0.2.1") == "192.0.2.1");
    CHECK(of("unknown") == "10.0.0.1");
    CHECK(of("192.0.2.1, unknown, 10.0.0.2") == "10.0.0.2");
    CHECK(of("") == "10.0.0.1");
    CHECK(of(",,") == "10.0.0.1");
    CHECK(client({"10.0.0.0/8"}, ForwardedField::x_forwarded_for,
                 {{"x-forwarded-for", "192.0.2.1"}, {"X-Forwarded-For", "10.0.0.2"}}) == "192.0.2.1");
    CHECK(client({"10.0.0.0/8"}, ForwardedField::x_forwarded_for, {{"Forwarded", "for=192.0.2.1"}}) ==
          "10.0.0.1");
}

TEST_CASE("Forwarded is read as RFC 7239 writes it") {
    const auto of = [](const std::string& value) {
        return client({"10.0.0.0/8"}, ForwardedField::forwarded, {{"Forwarded", value}});
    };
    CHECK(of("for=192.0.2.1") == "192.0.2.1");
    CHECK(of("proto=https; For=\"[2001:db8::1]:4711\" ;by=10.0.0.1") == "2001:db8::1");
    CHECK(of("for=203.0.113.9, for=192.0.2.1;proto=http, for=10.0.0.2") == "192.0.2.1");
    CHECK(of("for=_hidden") == "10.0.0.1");
    CHECK(of("for=") == "10.0.0.1");
    CHECK(of("proto=https") == "10.0.0.1");
    CHECK(client({"10.0.0.0/8"}, ForwardedField::forwarded, {{"X-Forwarded-For", "192.0.2.1"}}) ==
          "10.0.0.1");
}

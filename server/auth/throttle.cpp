#include "server/auth/throttle.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <utility>

namespace leerspoor::server::auth {
namespace {

// No address has a blank in it. A key of any length costs the same.
std::string with_key(const std::string& client, std::string_view key) {
    constexpr std::size_t enough = 64;
    return client + " " + std::string(key.substr(0, enough));
}

} // namespace

std::string client_of(std::string_view address) {
    boost::system::error_code ec;
    const auto parsed = boost::asio::ip::make_address(std::string(address), ec);
    if (ec || !parsed.is_v6()) return std::string(address);
    if (parsed.to_v6().is_v4_mapped()) {
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, parsed.to_v6()).to_string();
    }
    auto bytes = parsed.to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
    return boost::asio::ip::address_v6(bytes).to_string() + "/64";
}

Throttle::Throttle(ThrottleOptions options) : options_(std::move(options)) {
    if (!options_.now) options_.now = [] { return std::chrono::steady_clock::now(); };
}

std::chrono::seconds Throttle::wait(std::string_view address, std::string_view key) {
    const auto now = options_.now();
    const auto client = client_of(address);
    const std::lock_guard lock(mutex_);
    return std::max(wait_of(client, options_.address_failures, now),
                    wait_of(with_key(client, key), options_.failures, now));
}

std::chrono::seconds Throttle::wait_of(const std::string& who, std::size_t most,
                                       std::chrono::steady_clock::time_point now) const {
    const auto found = windows_.find(who);
    if (found == windows_.end() || found->second.ends <= now || found->second.failures < most)
        return std::chrono::seconds(0);
    return std::chrono::ceil<std::chrono::seconds>(found->second.ends - now);
}

void Throttle::failed(std::string_view address, std::string_view key) {
    const auto now = options_.now();
    const auto client = client_of(address);
    const std::lock_guard lock(mutex_);
    forget_old(now);
    count(client, now);
    count(with_key(client, key), now);
}

void Throttle::count(const std::string& who, std::chrono::steady_clock::time_point now) {
    const auto [place, is_new] = windows_.try_emplace(who, Window{now + options_.window, 0});
    if (is_new) order_.push_back(who);
    ++place->second.failures;
}

// Windows all last equally long, so they end in the order in which they began.
void Throttle::forget_old(std::chrono::steady_clock::time_point now) {
    while (!order_.empty()) {
        const auto oldest = windows_.find(order_.front());
        const bool over = oldest == windows_.end() || oldest->second.ends <= now;
        if (!over && windows_.size() < options_.addresses) return;
        if (oldest != windows_.end()) windows_.erase(oldest);
        order_.pop_front();
    }
}

} // namespace leerspoor::server::auth

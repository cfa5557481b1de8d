#include "server/auth/throttle.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <utility>

namespace leerspoor::server::auth {

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

std::chrono::seconds Throttle::wait(std::string_view address) {
    const auto now = options_.now();
    const std::lock_guard lock(mutex_);
    const auto found = windows_.find(client_of(address));
    if (found == windows_.end() || found->second.ends <= now || found->second.failures < options_.failures) {
        return std::chrono::seconds(0);
    }
    return std::chrono::ceil<std::chrono::seconds>(found->second.ends - now);
}

void Throttle::failed(std::string_view address) {
    const auto now = options_.now();
    const auto client = client_of(address);
    const std::lock_guard lock(mutex_);
    forget_old(now);
    const auto [place, is_new] = windows_.try_emplace(client, Window{now + options_.window, 0});
    if (is_new) order_.push_back(client);
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

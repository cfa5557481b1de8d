#include "server/http/connection_count.hpp"

namespace leerspoor::server::http {

std::string client_key(const boost::asio::ip::address& address) {
    if (address.is_v4()) return address.to_string();
    const auto bytes = address.to_v6().to_bytes();
    return std::string(bytes.begin(), bytes.begin() + 8);
}

ConnectionCount::Counts ConnectionCount::add(const std::string& client) {
    const std::lock_guard lock(mutex_);
    return {++all_, ++by_client_[client]};
}

void ConnectionCount::remove(const std::string& client) {
    const std::lock_guard lock(mutex_);
    --all_;
    const auto found = by_client_.find(client);
    if (found != by_client_.end() && --found->second == 0) by_client_.erase(found);
}

} // namespace leerspoor::server::http

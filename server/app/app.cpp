#include "server/app/app.hpp"

#include "server/app/exchange.hpp"

#include <utility>

namespace leerspoor::server {

std::unique_ptr<http::Exchange> App::begin(http::RequestHead head) {
    return std::make_unique<Exchange>(services_, router_, authenticator_, log_, std::move(head));
}

} // namespace leerspoor::server

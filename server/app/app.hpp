// The application behind the HTTP server: takes every request to its operation, and gives every answer the
// header fields it must have. Knows no resource.
#pragma once

#include "server/app/router.hpp"
#include "server/app/services.hpp"
#include "server/auth/authenticator.hpp"
#include "server/http/handler.hpp"
#include "server/support/log.hpp"

#include <memory>
#include <utility>

namespace leerspoor::server {

// Any thread. Everything it is given must outlive it.
class App final : public http::Handler {
  public:
    App(Services services, Router router, auth::Authenticator& authenticator, Log& log)
        : services_(services), router_(std::move(router)), authenticator_(authenticator), log_(log) {}

    std::unique_ptr<http::Exchange> begin(http::RequestHead head) override;

  private:
    const Services services_;
    const Router router_;
    auth::Authenticator& authenticator_;
    Log& log_;
};

} // namespace leerspoor::server

// The application: what happens to every request before and after its resource. Finds the resource, asks who
// is there and in which version, lets the resource work, and gives every answer the headers it must have.
#pragma once

#include "server/auth/authenticator.hpp"
#include "server/http/server.hpp"
#include "server/log.hpp"
#include "server/metrics.hpp"
#include "server/routes.hpp"
#include "server/services.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <variant>

namespace leerspoor::server {

// Any thread. Everything it is given must outlive it.
class App final : public http::Handler {
  public:
    App(Services services, auth::Authenticator& authenticator, Log& log);

    boost::asio::awaitable<std::variant<http::Admission, http::Response>>
    admit(const http::RequestHead& head) override;
    boost::asio::awaitable<http::Response> handle(http::Request request) override;
    http::Response refuse(int status, const Error& error, const http::RequestHead* head) override;
    void answered(const http::RequestHead& head, const http::Response& response, double seconds,
                  std::uint64_t bytes_in, std::uint64_t bytes_out) override;

  private:
    // What is known of a request once its head was looked at.
    struct Admitted {
        Match match;
        const Method* method = nullptr;
        spec::Version version = spec::Version::v2_0_0;
        std::shared_ptr<const auth::Principal> principal;
        bool alternate = false; // the true request is in the body
        std::chrono::steady_clock::duration spent{};
    };

    boost::asio::awaitable<std::variant<Admitted, http::Response>> decide(const http::RequestHead& head);
    // Null with `refusal` set when the client may not go on.
    boost::asio::awaitable<std::shared_ptr<const auth::Principal>>
    principal_of(const http::RequestHead& head, const Method& method, http::Response& refusal);
    boost::asio::awaitable<http::Response> handle_alternate(const http::Request& request);
    boost::asio::awaitable<http::Response> run(const Admitted& admitted, http::Request request);
    bool open_to_operator(const http::RequestHead& head) const;
    void finish(const http::RequestHead& head, const Resource* resource, spec::Version version,
                http::Response& response, std::optional<spec::Instant> consistent_through = {}) const;

    Services services_;
    auth::Authenticator& authenticator_;
    Log& log_;
};

} // namespace leerspoor::server

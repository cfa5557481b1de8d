// One request from its head to its answer: which resource, who asks, may they, the operation, and what the
// log and the metrics are told of it.
#pragma once

#include "server/app/router.hpp"
#include "server/auth/authenticator.hpp"
#include "server/http/handler.hpp"
#include "server/support/log.hpp"

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <variant>

namespace leerspoor::server {

// What it is given must outlive it.
class Exchange final : public http::Exchange {
  public:
    Exchange(const Services& services, const Router& router, auth::Authenticator& authenticator, Log& log,
             http::RequestHead head);

    const http::RequestHead& head() const override { return request_.head; }
    boost::asio::awaitable<std::variant<http::BodyTerms, http::Response>> admit() override;
    boost::asio::awaitable<http::Response> answer(http::Body body) override;
    void client_left() override { client_left_ = true; }
    http::Response refuse(const http::Refusal& refusal) override;
    void answered(const http::Response& response, const http::Sent& sent) override;

  private:
    using Clock = std::chrono::steady_clock;

    boost::asio::awaitable<Result<void>> decide();
    boost::asio::awaitable<Result<void>> find_out_who();
    Result<void> find_session();
    bool is_operator() const;
    boost::asio::awaitable<Result<http::Response>> run();
    http::Response finished(Result<http::Response> result);
    http::Response refused(int status, const Error& error);
    void complete(http::Response& response);

    const Services& services_;
    auth::Authenticator& authenticator_;
    Log& log_;
    Match match_;
    Request request_;
    const std::string method_name_; // as it was sent
    const Method* method_ = nullptr;
    bool folded_ = false;                 // the true request is in the body
    std::chrono::seconds retry_after_{0}; // what the refusal knows better than its code
    Clock::duration spent_{};             // up to the body
    std::string error_code_;
    std::atomic<bool> client_left_ = false;
};

} // namespace leerspoor::server

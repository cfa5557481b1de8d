// Who is asking: HTTP Basic (RFC 7617; xAPI 1.0.3 Part Three 4.0). Checking a secret is slow on purpose, so
// it happens on a thread of its own, once; what was right is remembered under a keyed digest that is of no
// use to anybody who reads the memory.
#pragma once

#include "server/auth/key_ring.hpp"
#include "server/auth/throttle.hpp"

#include <array>
#include <boost/asio/awaitable.hpp>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

namespace leerspoor::server::auth {

// Either a principal or an error: credentials_missing, credentials_invalid, too_many_failures, auth_busy.
struct Outcome {
    std::shared_ptr<const Principal> principal;
    Error error;
    std::chrono::seconds retry_after{0};
};

struct AuthenticatorOptions {
    ThrottleOptions throttle;
    std::size_t queue = 64;         // secrets waiting to be checked
    std::size_t queue_of_one = 8;   // of them from one client
    std::size_t remembered = 4'096; // secrets known to be right
};

// Any thread.
class Authenticator {
  public:
    Authenticator(const KeyRing& keys, AuthenticatorOptions options = {});
    ~Authenticator();
    // Answers who still waits, and checks nothing more; twice does no harm.
    void stop();
    Authenticator(const Authenticator&) = delete;
    Authenticator& operator=(const Authenticator&) = delete;

    // `authorization`: the header's value, if there is one. What is remembered costs a digest.
    boost::asio::awaitable<Outcome> authenticate(std::optional<std::string_view> authorization,
                                                 std::string_view address);
    // The answer when no secret has to be checked.
    std::optional<Outcome> known(std::optional<std::string_view> authorization, std::string_view address);

  private:
    using Digest = std::array<unsigned char, 32>;
    struct DigestHash {
        std::size_t operator()(const Digest& digest) const {
            std::size_t value = 0;
            std::memcpy(&value, digest.data(), sizeof value);
            return value;
        }
    };
    using Answer = std::function<void(Outcome)>;
    struct Job {
        Digest digest{};
        std::string key;
        std::string secret;
        std::string address;
        std::vector<Answer> waiting;
    };

    void enqueue(std::string_view credentials, std::string_view address, Answer answer);
    void work();
    Outcome check(const Job& job);
    Digest digest_of(std::string_view credentials) const;
    std::shared_ptr<const Principal> recall(const Digest& digest);
    void remember(const Digest& digest, std::shared_ptr<const Principal> principal);

    const KeyRing& keys_;
    AuthenticatorOptions options_;
    Throttle throttle_;
    std::array<unsigned char, 32> digest_key_{};
    std::string nobodys_hash_; // checked when there is no such key, so that the time does not tell

    std::shared_mutex cache_mutex_;
    std::unordered_map<Digest, std::shared_ptr<const Principal>, DigestHash> cache_;

    std::mutex queue_mutex_;
    std::condition_variable queue_changed_;
    std::deque<std::shared_ptr<Job>> queue_;
    std::unordered_map<Digest, std::shared_ptr<Job>, DigestHash> under_way_;
    std::unordered_map<std::string, std::size_t> waiting_of_; // by client
    bool stopping_ = false;
    std::thread worker_;
};

} // namespace leerspoor::server::auth

#include "server/auth/authenticator.hpp"

#include "server/support/await.hpp"
#include "server/support/random.hpp"
#include "spec/base/ascii.hpp"
#include "spec/base/base64.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdexcept>
#include <utility>

namespace leerspoor::server::auth {
namespace {

Outcome refused(std::string code, std::string message, std::chrono::seconds retry_after = {}) {
    return {nullptr, {std::move(code), "", std::move(message)}, retry_after};
}

Outcome missing() {
    return refused("credentials_missing",
                   "This resource needs a key and its secret, sent with HTTP Basic authentication.");
}

Outcome invalid() {
    return refused("credentials_invalid", "The key is unknown or revoked, or the secret is not the key's.");
}

Outcome too_many(std::chrono::seconds wait) {
    return refused("too_many_failures",
                   "Too many requests with wrong credentials came from this address. Try again in " +
                       std::to_string(wait.count()) + " seconds.",
                   wait);
}

// "key:secret" of a Basic header.
std::optional<std::string> credentials_of(std::string_view header) {
    constexpr std::string_view scheme = "basic ";
    if (!spec::starts_with_but_for_case(header, scheme)) return std::nullopt;
    header.remove_prefix(scheme.size());
    while (!header.empty() && header.front() == ' ') header.remove_prefix(1);
    auto text = spec::base64_decode(header);
    if (!text || text->find(':') == std::string::npos) return std::nullopt;
    return text;
}

} // namespace

Authenticator::Authenticator(const KeyRing& keys, AuthenticatorOptions options)
    : keys_(keys), options_(std::move(options)), throttle_(options_.throttle) {
    fill_random(digest_key_);
    nobodys_hash_ = hash_secret(random_token(16), keys.cost());
    worker_ = std::thread([this] { work(); });
}

Authenticator::~Authenticator() {
    stop();
    OPENSSL_cleanse(digest_key_.data(), digest_key_.size());
}

void Authenticator::stop() {
    {
        const std::lock_guard lock(queue_mutex_);
        stopping_ = true;
    }
    queue_changed_.notify_all();
    if (worker_.joinable()) worker_.join();
}

std::optional<Outcome> Authenticator::known(std::optional<std::string_view> authorization,
                                            std::string_view address) {
    if (!authorization) return missing();
    const auto credentials = credentials_of(*authorization);
    if (credentials) {
        if (auto principal = recall(digest_of(*credentials))) return Outcome{std::move(principal), {}, {}};
    }
    const auto key =
        credentials ? std::string_view(*credentials).substr(0, credentials->find(':')) : std::string_view();
    if (const auto wait = throttle_.wait(address, key); wait.count() > 0) return too_many(wait);
    if (!credentials) {
        throttle_.failed(address, key);
        return refused("credentials_invalid",
                       "The Authorization header is not HTTP Basic: the word Basic, a blank, "
                       "and key:secret in base64.");
    }
    return std::nullopt;
}

boost::asio::awaitable<Outcome> Authenticator::authenticate(std::optional<std::string_view> authorization,
                                                            std::string_view address) {
    if (auto outcome = known(authorization, address)) co_return std::move(*outcome);
    const std::string credentials = credentials_of(*authorization).value_or(":");
    auto start = [this, &credentials, address](Answer answer) {
        enqueue(credentials, address, std::move(answer));
    };
    co_return co_await completion_of<Outcome>(start);
}

void Authenticator::enqueue(std::string_view credentials, std::string_view address, Answer answer) {
    const Digest digest = digest_of(credentials);
    {
        const std::lock_guard lock(queue_mutex_);
        if (const auto same = under_way_.find(digest); same != under_way_.end()) {
            same->second->waiting.push_back(std::move(answer));
            return;
        }
        auto& waiting = waiting_of_[client_of(address)];
        if (!stopping_ && queue_.size() < options_.queue && waiting < options_.queue_of_one) {
            ++waiting;
            auto job = std::make_shared<Job>();
            job->digest = digest;
            job->key = credentials.substr(0, credentials.find(':'));
            job->secret = credentials.substr(job->key.size() + 1);
            job->address = address;
            job->waiting.push_back(std::move(answer));
            under_way_.emplace(digest, job);
            queue_.push_back(std::move(job));
            queue_changed_.notify_one();
            return;
        }
    }
    answer(refused("auth_busy", "Too many new clients are waiting to be checked. Try again in a second.",
                   std::chrono::seconds(1)));
}

void Authenticator::work() {
    while (true) {
        std::shared_ptr<Job> job;
        bool stopping = false;
        {
            std::unique_lock lock(queue_mutex_);
            queue_changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
            if (queue_.empty()) return;
            job = std::move(queue_.front());
            queue_.pop_front();
            const auto waiting = waiting_of_.find(client_of(job->address));
            if (waiting != waiting_of_.end() && --waiting->second == 0) waiting_of_.erase(waiting);
            stopping = stopping_;
        }
        const Outcome outcome =
            stopping ? refused("auth_busy", "The server is stopping.", std::chrono::seconds(1)) : check(*job);
        std::vector<Answer> waiting;
        {
            const std::lock_guard lock(queue_mutex_);
            under_way_.erase(job->digest);
            waiting = std::move(job->waiting);
        }
        OPENSSL_cleanse(job->secret.data(), job->secret.size());
        for (auto& answer : waiting) answer(outcome);
    }
}

Outcome Authenticator::check(const Job& job) {
    if (const auto wait = throttle_.wait(job.address, job.key); wait.count() > 0) return too_many(wait);
    auto principal = keys_.find(job.key);
    const bool right = verify_secret(principal ? principal->secret_hash : nobodys_hash_, job.secret);
    if (!principal || !right || !keys_.is_current(principal)) {
        throttle_.failed(job.address, job.key);
        return invalid();
    }
    remember(job.digest, principal);
    return {std::move(principal), {}, {}};
}

Authenticator::Digest Authenticator::digest_of(std::string_view credentials) const {
    struct FreeMac {
        void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
    };
    thread_local std::unique_ptr<EVP_MAC_CTX, FreeMac> context;
    thread_local const Authenticator* context_of = nullptr;
    thread_local std::array<unsigned char, 32> context_key{};
    Digest digest{};
    std::size_t length = 0;
    bool good = true;
    if (!context || context_of != this || context_key != digest_key_) {
        EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
        context.reset(EVP_MAC_CTX_new(mac));
        EVP_MAC_free(mac);
        std::string name = "SHA256";
        const std::array parameters = {OSSL_PARAM_construct_utf8_string("digest", name.data(), 0),
                                       OSSL_PARAM_construct_end()};
        good = context &&
               EVP_MAC_init(context.get(), digest_key_.data(), digest_key_.size(), parameters.data()) == 1;
        context_of = this;
        context_key = digest_key_;
    } else {
        good = EVP_MAC_init(context.get(), nullptr, 0, nullptr) == 1;
    }
    const auto* const bytes = reinterpret_cast<const unsigned char*>(credentials.data());
    good = good && EVP_MAC_update(context.get(), bytes, credentials.size()) == 1 &&
           EVP_MAC_final(context.get(), digest.data(), &length, digest.size()) == 1 &&
           length == digest.size();
    if (!good) {
        context.reset();
        throw std::runtime_error("HMAC-SHA-256 is not available");
    }
    return digest;
}

std::shared_ptr<const Principal> Authenticator::recall(const Digest& digest) {
    std::shared_ptr<const Principal> principal;
    {
        const std::shared_lock lock(cache_mutex_);
        const auto found = cache_.find(digest);
        if (found != cache_.end()) principal = found->second;
    }
    return principal && keys_.is_current(principal) ? principal : nullptr;
}

void Authenticator::remember(const Digest& digest, std::shared_ptr<const Principal> principal) {
    const std::unique_lock lock(cache_mutex_);
    if (cache_.size() >= options_.remembered) {
        std::erase_if(cache_, [this](const auto& entry) { return !keys_.is_current(entry.second); });
        if (cache_.size() >= options_.remembered) cache_.clear();
    }
    cache_.insert_or_assign(digest, std::move(principal));
}

} // namespace leerspoor::server::auth

#include "server/http/server.hpp"

#include "server/http/acceptor.hpp"
#include "server/http/tls.hpp"
#include "server/http/worker.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/post.hpp>
#include <exception>
#include <mutex>
#include <openssl/rand.h>
#include <spdlog/fmt/fmt.h>
#include <thread>
#include <vector>

namespace leerspoor::server::http {
namespace {

std::string random_prefix() {
    std::array<unsigned char, 4> bytes{};
    RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
    return fmt::format("{:02x}{:02x}{:02x}{:02x}-", bytes[0], bytes[1], bytes[2], bytes[3]);
}

class TcpServer : public Server {
  public:
    TcpServer(Options options, Handler& handler, TlsContext tls) : options_(std::move(options)) {
        shared_.limits = options_.limits;
        shared_.handler = &handler;
        shared_.id_prefix = random_prefix();
        tls_.set(std::move(tls));
        const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
        const std::size_t threads = options_.threads == 0 ? cores : options_.threads;
        for (std::size_t number = 0; number < threads; ++number) {
            workers_.push_back(std::make_unique<Worker>(shared_, number));
        }
        acceptor_.emplace(shared_, workers_, tls_);
    }

    Result<void> open() { return acceptor_->open(options_.address, options_.port); }

    std::uint16_t port() const override { return acceptor_->port(); }

    void run() override {
        acceptor_->start();
        std::vector<std::jthread> threads;
        for (std::size_t number = 1; number < workers_.size(); ++number) {
            threads.emplace_back([this, number] { workers_[number]->run(); });
        }
        workers_.front()->run();
    }

    void stop() override {
        if (stopped_.exchange(true)) return;
        acceptor_->stop();
        for (auto& worker : workers_) worker->stop();
    }

    Result<void> reload_certificate() override {
        if (!options_.tls) return {};
        auto fresh = make_tls_context(options_.certificate, options_.private_key);
        if (!fresh) return fresh.error();
        tls_.set(std::move(*fresh));
        return {};
    }

    std::size_t connections() const override { return shared_.count.all(); }

    void post(std::function<void()> work) override {
        const std::size_t next = next_poster_.fetch_add(1, std::memory_order_relaxed);
        boost::asio::post(workers_[next % workers_.size()]->io(), std::move(work));
    }

  private:
    Options options_;
    Shared shared_;
    CurrentTls tls_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::optional<Acceptor> acceptor_;
    std::atomic<bool> stopped_ = false;
    std::atomic<std::size_t> next_poster_ = 0;
};

} // namespace

Result<std::unique_ptr<Server>> Server::listen(const Options& options, Handler& handler) {
    TlsContext tls;
    if (options.tls) {
        auto made = make_tls_context(options.certificate, options.private_key);
        if (!made) return made.error();
        tls = std::move(*made);
    }
    auto server = std::make_unique<TcpServer>(options, handler, std::move(tls));
    if (auto opened = server->open(); !opened) return opened.error();
    return std::unique_ptr<Server>(std::move(server));
}

} // namespace leerspoor::server::http

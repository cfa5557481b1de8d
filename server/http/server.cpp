#include "server/http/server.hpp"

#include "server/http/acceptor.hpp"
#include "server/http/tls.hpp"
#include "server/http/worker.hpp"
#include "server/support/random.hpp"
#include "spec/base/hex.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>
#include <vector>

namespace leerspoor::server::http {
namespace {

std::string random_prefix() {
    std::array<std::uint8_t, 4> bytes{};
    fill_random(bytes);
    return spec::hex(bytes) + "-";
}

class TcpServer : public Server {
  public:
    TcpServer(Options options, Handler& handler, Log& log, TlsContext tls)
        : options_(std::move(options)), shared_{options_.limits, handler, log, {}, 0, random_prefix()} {
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
        std::vector<std::jthread> threads;
        threads.emplace_back([this] { acceptor_->run(); });
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

  private:
    Options options_;
    Shared shared_;
    CurrentTls tls_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::optional<Acceptor> acceptor_;
    std::atomic<bool> stopped_ = false;
};

} // namespace

Result<std::unique_ptr<Server>> Server::listen(const Options& options, Handler& handler, Log& log) {
    TlsContext tls;
    if (options.tls) {
        auto made = make_tls_context(options.certificate, options.private_key);
        if (!made) return made.error();
        tls = std::move(*made);
    }
    auto server = std::make_unique<TcpServer>(options, handler, log, std::move(tls));
    if (auto opened = server->open(); !opened) return opened.error();
    return std::unique_ptr<Server>(std::move(server));
}

} // namespace leerspoor::server::http

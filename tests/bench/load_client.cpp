#include "load_client.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <stdexcept>
#include <sys/epoll.h>
#include <unistd.h>

namespace leerspoor::bench {
namespace {

constexpr int patience_milliseconds = 60'000;
// Servers close connections that rest; the default of this one is 75 seconds.
constexpr std::chrono::seconds longest_rest{20};

volatile std::sig_atomic_t interrupted = 0;

double thread_cpu_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

} // namespace

void interrupt() noexcept {
    interrupted = 1;
}

void throw_if_interrupted() {
    if (interrupted) throw Interrupted{};
}

void Load::merge(const Load& other) {
    requests += other.requests;
    failures += other.failures;
    if (first_failure.empty()) first_failure = other.first_failure;
    seconds += other.seconds;
    client_cpu_seconds += other.client_cpu_seconds;
    body_bytes += other.body_bytes;
    latency.merge(other.latency);
    server_time.merge(other.server_time);
}

LoadClient::LoadClient(Target target, std::size_t connections)
    : target_(std::move(target)), tls_(make_client_tls(target_)), epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      connections_(connections), last_used_(Clock::now()) {
    if (epoll_ < 0) throw std::runtime_error("epoll cannot be used");
    for (std::size_t i = 0; i < connections_.size(); ++i) connect(i);
}

LoadClient::~LoadClient() {
    connections_.clear();
    ::close(epoll_);
}

void LoadClient::connect(std::size_t index) {
    throw_if_interrupted();
    connections_[index] = std::make_unique<ClientConnection>(target_, tls_);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u64 = index;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connections_[index]->socket(), &event);
}

void LoadClient::connect_again_after_rest() {
    if (Clock::now() - last_used_ < longest_rest) return;
    for (std::size_t i = 0; i < connections_.size(); ++i) connect(i);
}

void LoadClient::record(const ClientConnection& connection, Load& load) const {
    const AnswerReader& answer = connection.answer();
    if (answer.status() >= 300) {
        ++load.failures;
        if (load.first_failure.empty()) {
            load.first_failure = "status " + std::to_string(answer.status()) + ": " + answer.body();
        }
        return;
    }
    ++load.requests;
    load.body_bytes += answer.body_size();
    load.latency.add(static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - connection.began()).count()));
    if (const auto time = answer.server_nanoseconds()) load.server_time.add(*time);
}

Load LoadClient::run(Requests& requests, std::optional<std::chrono::duration<double>> duration) {
    connect_again_after_rest();
    Load load;
    const auto start = Clock::now();
    const auto end =
        duration ? start + std::chrono::duration_cast<Clock::duration>(*duration) : Clock::time_point::max();
    const double cpu_before = thread_cpu_seconds();
    std::vector<bool> busy(connections_.size());
    std::size_t outstanding = 0;

    const auto lost = [&](std::size_t index) {
        ++load.failures;
        if (load.first_failure.empty()) load.first_failure = "the connection was lost";
        connect(index);
    };
    const auto answered = [&](std::size_t index) {
        record(*connections_[index], load);
        if (!connections_[index]->answer().keeps_connection()) connect(index);
    };
    // An answer may be there before the first look for it, and then no event tells of it any more.
    const auto send_next = [&](std::size_t index) {
        while (Clock::now() < end && requests.next(connections_[index]->request())) {
            connections_[index]->begin(false);
            const auto progress = connections_[index]->advance();
            if (progress == ClientConnection::Progress::lost) return lost(index);
            if (progress == ClientConnection::Progress::waiting) {
                busy[index] = true;
                ++outstanding;
                return;
            }
            answered(index);
        }
    };
    const auto advance = [&](std::size_t index) {
        const auto progress = connections_[index]->advance();
        if (progress == ClientConnection::Progress::waiting) return;
        busy[index] = false;
        --outstanding;
        if (progress == ClientConnection::Progress::answered) {
            answered(index);
        } else {
            lost(index);
        }
        send_next(index);
    };

    for (std::size_t i = 0; i < connections_.size(); ++i) send_next(i);
    std::array<epoll_event, 256> events;
    while (outstanding > 0) {
        throw_if_interrupted();
        const int count =
            ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), patience_milliseconds);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) throw std::runtime_error("the server has not answered for a minute");
        for (int i = 0; i < count; ++i) {
            const auto index = static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64);
            if (busy[index]) advance(index);
        }
    }
    last_used_ = Clock::now();
    load.seconds = std::chrono::duration<double>(last_used_ - start).count();
    load.client_cpu_seconds = thread_cpu_seconds() - cpu_before;
    return load;
}

Answer LoadClient::fetch(const std::string& request) {
    connect_again_after_rest();
    ClientConnection& connection = *connections_.front();
    connection.request() = request;
    connection.begin(true);
    auto progress = connection.advance();
    std::array<epoll_event, 16> events;
    while (progress == ClientConnection::Progress::waiting) {
        throw_if_interrupted();
        const int count =
            ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), patience_milliseconds);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) throw std::runtime_error("the server has not answered for a minute");
        progress = connection.advance();
    }
    last_used_ = Clock::now();
    Answer answer{connection.answer().status(), connection.answer().head(), connection.answer().body()};
    if (progress == ClientConnection::Progress::lost) {
        throw std::runtime_error("the connection was lost: " + request.substr(0, request.find('\r')));
    }
    if (!connection.answer().keeps_connection()) connect(0);
    return answer;
}

} // namespace leerspoor::bench

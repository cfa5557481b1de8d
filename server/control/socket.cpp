#include "server/control/socket.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace leerspoor::server::control {
namespace {

namespace asio = boost::asio;
using Local = asio::local::stream_protocol;

constexpr std::size_t max_sessions = 8;
constexpr std::chrono::seconds session_time{5};
constexpr std::size_t answering_threads = 2;

Error unusable(const std::filesystem::path& folder, const std::string& reason) {
    return {"control_unusable", "",
            "The control socket " + (folder / "control.sock").string() + " cannot be used: " + reason +
                ". Is the server that has this folder open still starting?"};
}

// The folder, opened, so that its socket has a short path however long the folder's own is (sockaddr_un holds
// 107 characters).
class Folder {
  public:
    explicit Folder(const std::filesystem::path& path)
        : descriptor_(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {}
    ~Folder() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    bool open() const { return descriptor_ >= 0; }
    int descriptor() const { return descriptor_; }
    Local::endpoint endpoint() const {
        return {"/proc/self/fd/" + std::to_string(descriptor_) + "/control.sock"};
    }

  private:
    int descriptor_;
};

class ListeningSocket final : public Socket {
  public:
    ListeningSocket(asio::io_context& context, const std::filesystem::path& folder, Answer answer)
        : folder_(folder), state_(std::make_shared<State>(context, std::move(answer))) {}
    ~ListeningSocket() override {
        state_->open = false;
        boost::system::error_code ec;
        state_->acceptor.close(ec);
        state_->answering.join(); // who takes long is told that the server stops
        if (bound_) ::unlinkat(folder_.descriptor(), "control.sock", 0);
    }
    ListeningSocket(const ListeningSocket&) = delete;
    ListeningSocket& operator=(const ListeningSocket&) = delete;

    std::string start() {
        if (!folder_.open()) return std::generic_category().message(errno);
        ::unlinkat(folder_.descriptor(), "control.sock", 0);
        boost::system::error_code ec;
        state_->acceptor.open(Local(), ec);
        if (!ec) state_->acceptor.bind(folder_.endpoint(), ec);
        bound_ = !ec;
        if (bound_ && ::fchmodat(folder_.descriptor(), "control.sock", 0600, 0) != 0) {
            return std::generic_category().message(errno);
        }
        if (!ec) state_->acceptor.listen(asio::socket_base::max_listen_connections, ec);
        if (ec) return ec.message();
        asio::co_spawn(state_->acceptor.get_executor(), accept(state_), asio::detached);
        return {};
    }

  private:
    // Shared with the coroutines, which may outlive the socket by their last step.
    struct State {
        State(asio::io_context& context, Answer how) : acceptor(context), answer(std::move(how)) {}
        Local::acceptor acceptor;
        Answer answer;
        asio::thread_pool answering{answering_threads}; // beside the thread that hears signals
        std::size_t sessions = 0;
        bool open = true;
    };

    static asio::awaitable<void> accept(std::shared_ptr<State> state) {
        while (state->open) {
            boost::system::error_code ec;
            auto peer = co_await state->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, ec));
            if (!state->open || ec == asio::error::operation_aborted || ec == asio::error::bad_descriptor)
                co_return;
            if (ec || state->sessions >= max_sessions) continue;
            asio::co_spawn(state->acceptor.get_executor(),
                           talk(state, std::make_shared<Local::socket>(std::move(peer))), asio::detached);
        }
    }

    static asio::awaitable<void> talk(std::shared_ptr<State> state, std::shared_ptr<Local::socket> peer) {
        ++state->sessions;
        asio::steady_timer timer(peer->get_executor(), session_time);
        timer.async_wait([peer](boost::system::error_code ec) {
            if (!ec) peer->close(ec);
        });
        std::string text;
        boost::system::error_code ec;
        const std::size_t length =
            co_await asio::async_read_until(*peer, asio::dynamic_buffer(text, max_request_line), '\n',
                                            asio::redirect_error(asio::use_awaitable, ec));
        timer.cancel(); // an answer may take its time
        if (!ec && state->open) {
            text.resize(length - 1);
            const auto answered = [&]() -> asio::awaitable<std::string> {
                co_return state->answer(text) + "\n";
            };
            const std::string line = co_await asio::co_spawn(state->answering, answered, asio::use_awaitable);
            co_await asio::async_write(*peer, asio::buffer(line),
                                       asio::redirect_error(asio::use_awaitable, ec));
        }
        --state->sessions;
    }

    Folder folder_;
    std::shared_ptr<State> state_;
    bool bound_ = false;
};

} // namespace

Result<std::unique_ptr<Socket>> Socket::open(asio::io_context& context, const std::filesystem::path& folder,
                                             Answer answer) {
    auto socket = std::make_unique<ListeningSocket>(context, folder, std::move(answer));
    if (const auto reason = socket->start(); !reason.empty()) return unusable(folder, reason);
    return std::unique_ptr<Socket>(std::move(socket));
}

Result<std::string> ask(const std::filesystem::path& path, std::string_view line,
                        std::chrono::seconds patience) {
    const Folder folder(path);
    if (!folder.open()) return unusable(path, std::generic_category().message(errno));
    asio::io_context context;
    Local::socket socket(context);
    boost::system::error_code ec;
    socket.connect(folder.endpoint(), ec);
    if (ec) return unusable(path, ec.message());

    const std::string request = std::string(line) + "\n";
    std::string text;
    std::size_t length = 0;
    asio::async_write(socket, asio::buffer(request), [&](boost::system::error_code failure, std::size_t) {
        ec = failure;
        if (failure) return;
        asio::async_read_until(socket, asio::dynamic_buffer(text, max_answer_line), '\n',
                               [&](boost::system::error_code end, std::size_t count) {
                                   ec = end;
                                   length = count;
                               });
    });
    context.run_for(patience);
    if (ec) return unusable(path, ec.message());
    if (length == 0) return unusable(path, "no answer came in time");
    text.resize(length - 1);
    return Result<std::string>(boost::system::in_place_value, std::move(text));
}

} // namespace leerspoor::server::control

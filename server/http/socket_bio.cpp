#include "server/http/socket_bio.hpp"

#include <cerrno>
#include <cstdint>
#include <memory>
#include <sys/socket.h>

namespace leerspoor::server::http {
namespace {

// What hangs on the BIO: the socket, and whether its end was seen, in one pointer-sized value.
constexpr std::intptr_t end_seen = std::intptr_t{1} << 32;

std::intptr_t state(BIO* bio) {
    return reinterpret_cast<std::intptr_t>(BIO_get_data(bio));
}
void set_state(BIO* bio, std::intptr_t value) {
    BIO_set_data(bio, reinterpret_cast<void*>(value));
}
int descriptor(BIO* bio) {
    return static_cast<int>(state(bio) & (end_seen - 1));
}

bool try_again() {
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

int write(BIO* bio, const char* data, int size) {
    BIO_clear_retry_flags(bio);
    const ssize_t sent = ::send(descriptor(bio), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent < 0 && try_again()) BIO_set_retry_write(bio);
    return static_cast<int>(sent);
}

int read(BIO* bio, char* data, int size) {
    BIO_clear_retry_flags(bio);
    const ssize_t got = ::recv(descriptor(bio), data, static_cast<std::size_t>(size), 0);
    if (got < 0 && try_again()) BIO_set_retry_read(bio);
    if (got == 0) set_state(bio, state(bio) | end_seen);
    return static_cast<int>(got);
}

long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_FLUSH) return 1;
    if (command == BIO_CTRL_EOF) return (state(bio) & end_seen) != 0 ? 1 : 0;
    return 0;
}

const BIO_METHOD* method() {
    static const auto made = [] {
        std::unique_ptr<BIO_METHOD, decltype(&BIO_meth_free)> fresh(
            BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without SIGPIPE"),
            BIO_meth_free);
        if (fresh) {
            BIO_meth_set_write(fresh.get(), write);
            BIO_meth_set_read(fresh.get(), read);
            BIO_meth_set_ctrl(fresh.get(), control);
        }
        return fresh;
    }();
    return made.get();
}

} // namespace

BIO* make_socket_bio(int socket) {
    BIO* bio = method() == nullptr ? nullptr : BIO_new(method());
    if (bio == nullptr) return nullptr;
    set_state(bio, socket);
    BIO_set_init(bio, 1);
    return bio;
}

} // namespace leerspoor::server::http

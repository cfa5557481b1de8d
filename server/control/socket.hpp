// The Unix socket in the data folder through which commands reach the server that has the folder open. One
// JSON line in, one JSON line out. Only the folder's owner can reach it.
#pragma once

#include "spec/base/error.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace leerspoor::server::control {

inline constexpr std::size_t max_request_line = 64u << 10;
inline constexpr std::size_t max_answer_line = 16u << 20;

// Answers lines until it is destroyed; then the socket's file is gone.
class Socket {
  public:
    using Answer = std::function<std::string(std::string_view line)>;

    // FOLDER/control.sock, mode 0600; one that an earlier process left behind is replaced (REQUIRES: the
    // caller has the folder's store open). `answer` is called on threads of its own, two at a time, and may
    // take its time; the destructor waits for it. Error: control_unusable.
    static Result<std::unique_ptr<Socket>> open(boost::asio::io_context& context,
                                                const std::filesystem::path& folder, Answer answer);
    virtual ~Socket() = default;
};

// Asks the server that has the folder open, and waits for its answer. Error: control_unusable.
Result<std::string> ask(const std::filesystem::path& folder, std::string_view line,
                        std::chrono::seconds patience = std::chrono::seconds(30));

} // namespace leerspoor::server::control

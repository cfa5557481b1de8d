// Reads what the load generator must know of an HTTP/1.1 response, and no more: status, length,
// Server-Timing. Nothing that it asks for is so large that it would come in chunks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::bench {

class AnswerReader {
  public:
    enum class State { reading, done, broken };

    // For the next response. `keep_body` keeps its body as text; else it is only counted.
    void begin(bool keep_body);
    State take(std::string_view data);

    // REQUIRES: done.
    int status() const { return status_; }
    bool keeps_connection() const { return keeps_connection_; }
    const std::string& head() const { return head_; }
    const std::string& body() const { return body_; }
    std::uint64_t body_size() const { return body_size_; }
    std::optional<std::uint64_t> server_nanoseconds() const { return server_nanoseconds_; }

  private:
    bool read_head();

    std::string head_;
    std::string body_;
    std::uint64_t body_size_ = 0;
    std::uint64_t missing_ = 0;
    int status_ = 0;
    bool in_body_ = false;
    bool keep_body_ = false;
    bool keeps_connection_ = true;
    std::optional<std::uint64_t> server_nanoseconds_;
};

} // namespace leerspoor::bench

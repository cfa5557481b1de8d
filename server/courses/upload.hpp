// A request's body on the disk, for what must be read from more than one place. Nothing has its name: it is
// gone with the process.
#pragma once

#include "server/http/message.hpp"
#include "spec/base/error.hpp"

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace leerspoor::server::courses {

class Upload {
  public:
    // Errors: store_failed, store_full.
    static Result<Upload> create(const std::filesystem::path& folder);
    Upload(Upload&& other) noexcept : file_(std::exchange(other.file_, -1)), size_(other.size_) {}
    Upload& operator=(Upload&&) = delete;
    ~Upload();

    // Errors: the same.
    Result<void> append(std::string_view bytes);
    // All of the body. Errors: those of BodyReader::next too.
    boost::asio::awaitable<Result<void>> take(http::BodyReader& body);
    // All of it as a text. Errors: manifest_too_large (beyond `limit`), store_failed.
    Result<std::string> text(std::size_t limit) const;
    int file() const { return file_; }
    std::uint64_t size() const { return size_; }

  private:
    explicit Upload(int file) : file_(file) {}

    int file_;
    std::uint64_t size_ = 0;
};

} // namespace leerspoor::server::courses

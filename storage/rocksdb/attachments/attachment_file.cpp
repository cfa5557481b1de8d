#include "storage/rocksdb/attachments/attachment_file.hpp"

#include <rocksdb/env.h>

#include <algorithm>

namespace leerspoor::storage::engine {

namespace {

constexpr std::size_t max_piece = 1u << 20;

class Content final : public AttachmentContent {
  public:
    Content(std::unique_ptr<rocksdb::RandomAccessFile> file, std::uint64_t size)
        : file_(std::move(file)), size_(size) {}

    std::uint64_t size() const override { return size_; }
    void go_to(std::uint64_t position) override { position_ = position; }

    Result<std::string_view> read(std::size_t limit) override {
        const auto wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>({limit, max_piece, size_ - position_}));
        if (wanted == 0) return std::string_view();
        buffer_.resize(wanted);
        rocksdb::Slice piece;
        const auto status = file_->Read(position_, wanted, &piece, buffer_.data());
        if (!status.ok()) return store_error(status);
        if (piece.size() != wanted) return store_error(rocksdb::Status::IOError("an attachment is cut off"));
        position_ += piece.size();
        return view(piece);
    }

  private:
    std::unique_ptr<rocksdb::RandomAccessFile> file_;
    std::uint64_t size_;
    std::uint64_t position_ = 0;
    std::string buffer_;
};

} // namespace

Result<std::unique_ptr<AttachmentUpload>>
AttachmentFile::create(rocksdb::Env& disk, std::filesystem::path path, std::uint64_t life) {
    std::unique_ptr<AttachmentFile> made(new AttachmentFile(disk, path, life));
    auto room = room_on_disk(disk, made->folder_, 0);
    if (!room.has_value()) return room.error();
    const auto status = disk.NewWritableFile(made->path_, &made->file_, rocksdb::EnvOptions());
    if (!status.ok()) return store_error(status);
    return std::unique_ptr<AttachmentUpload>(std::move(made));
}

AttachmentFile::~AttachmentFile() {
    if (file_) file_->Close().PermitUncheckedError();
    // What cannot be removed now is removed at the next start.
    if (!path_.empty()) disk_.DeleteFile(path_).PermitUncheckedError();
}

Result<void> AttachmentFile::append(std::string_view bytes) {
    if (state_.has_value()) state_ = room_on_disk(disk_, folder_, bytes.size());
    if (!state_.has_value()) return state_;
    const auto status = file_->Append(slice(bytes));
    if (!status.ok()) state_ = store_error(status);
    return state_;
}

Result<void> AttachmentFile::complete() {
    if (!state_.has_value() || !file_) return state_;
    const auto status = file_->Close();
    file_.reset();
    if (!status.ok()) state_ = store_error(status);
    return state_;
}

Result<void> AttachmentFile::finish() {
    if (!state_.has_value()) return state_;
    rocksdb::Status status;
    // What was written through another descriptor is made durable through this one too (fsync(2)).
    if (!file_) status = disk_.ReopenWritableFile(path_, &file_, rocksdb::EnvOptions());
    if (status.ok()) status = file_->Fsync();
    if (status.ok()) status = file_->Close();
    file_.reset();
    if (!status.ok()) return store_error(status);
    return {};
}

Result<void> AttachmentFile::move_to(const std::string& path) {
    const auto status = disk_.RenameFile(path_, path);
    if (!status.ok()) return store_error(status);
    path_.clear();
    return {};
}

Result<std::unique_ptr<AttachmentContent>> open_attachment_file(const Database& database,
                                                                const std::string& path) {
    auto& env = database.env();
    std::unique_ptr<rocksdb::RandomAccessFile> file;
    std::uint64_t size = 0;
    auto status = env.NewRandomAccessFile(path, &file, rocksdb::EnvOptions());
    if (status.ok()) status = env.GetFileSize(path, &size);
    if (status.IsNotFound() || status.IsPathNotFound()) return std::unique_ptr<AttachmentContent>();
    if (!status.ok()) return store_error(status);
    return std::unique_ptr<AttachmentContent>(std::make_unique<Content>(std::move(file), size));
}

} // namespace leerspoor::storage::engine

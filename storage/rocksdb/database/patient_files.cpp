#include "storage/rocksdb/database/patient_files.hpp"

#include "storage/patience.hpp"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/uio.h>
#include <unistd.h>

namespace leerspoor::storage::engine {

namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

IOStatus failure(const std::string& name, int number) {
    return IOStatus::IOError("While reading " + name, std::strerror(number));
}

class TableFile final : public rocksdb::FSRandomAccessFile {
  public:
    TableFile(std::string name, int descriptor) : name_(std::move(name)), descriptor_(descriptor) {}
    ~TableFile() override { ::close(descriptor_); }

    IOStatus Read(std::uint64_t offset, std::size_t size, const IOOptions& /*options*/,
                  rocksdb::Slice* result, char* scratch, IODebugContext* /*context*/) const override {
        std::size_t read = 0;
        while (read < size) {
            const iovec rest{scratch + read, size - read};
            const auto at = static_cast<off_t>(offset + read);
            const ssize_t got =
                !Impatient::waits_for_disk() ? read_at_once(rest, at) : ::preadv(descriptor_, &rest, 1, at);
            if (got == 0) break;
            if (got > 0) {
                read += static_cast<std::size_t>(got);
            } else if (errno == EAGAIN) {
                return rocksdb::status_to_io_status(rocksdb::Status::Incomplete("not in memory"));
            } else if (errno != EINTR) {
                return failure(name_, errno);
            }
        }
        *result = rocksdb::Slice(scratch, read);
        return IOStatus::OK();
    }

    void Hint(AccessPattern pattern) override {
        const int advice = pattern == kRandom       ? POSIX_FADV_RANDOM
                           : pattern == kSequential ? POSIX_FADV_SEQUENTIAL
                           : pattern == kWillNeed   ? POSIX_FADV_WILLNEED
                           : pattern == kWontNeed   ? POSIX_FADV_DONTNEED
                                                    : POSIX_FADV_NORMAL;
        ::posix_fadvise(descriptor_, 0, 0, advice);
    }
    IOStatus InvalidateCache(std::size_t offset, std::size_t size) override {
        ::posix_fadvise(descriptor_, static_cast<off_t>(offset), static_cast<off_t>(size),
                        POSIX_FADV_DONTNEED);
        return IOStatus::OK();
    }

  private:
    // A file system that does not know how is asked as usual.
    ssize_t read_at_once(const iovec& place, off_t at) const {
        const ssize_t got = ::preadv2(descriptor_, &place, 1, at, RWF_NOWAIT);
        if (got >= 0 || (errno != EOPNOTSUPP && errno != ENOSYS && errno != EINVAL)) return got;
        return ::preadv(descriptor_, &place, 1, at);
    }

    const std::string name_;
    const int descriptor_;
};

class PatientFiles final : public rocksdb::FileSystemWrapper {
  public:
    PatientFiles() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
    const char* Name() const override { return "leerspoor.patient_files"; }

    IOStatus NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                 std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                 IODebugContext* context) override {
        if (options.use_mmap_reads || options.use_direct_reads) {
            return FileSystemWrapper::NewRandomAccessFile(name, options, file, context);
        }
        const int descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor < 0) {
            return errno == ENOENT ? IOStatus::PathNotFound("While opening " + name, std::strerror(errno))
                                   : failure(name, errno);
        }
        *file = std::make_unique<TableFile>(name, descriptor);
        return IOStatus::OK();
    }
};

} // namespace

std::unique_ptr<rocksdb::Env> patient_files() {
    return rocksdb::NewCompositeEnv(std::make_shared<PatientFiles>());
}

} // namespace leerspoor::storage::engine

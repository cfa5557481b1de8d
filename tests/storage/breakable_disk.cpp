#include "tests/storage/breakable_disk.hpp"

#include "tests/support/temporary_folder.hpp"

#include <filesystem>
#include <vector>

namespace leerspoor::tests {

namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

namespace fs = std::filesystem;

struct Lengths {
    std::uint64_t written = 0;
    std::uint64_t synced = 0;
};

// A name that changed in a folder, which may not be so yet on the disk.
struct NameChange {
    std::string folder;
    std::string name; // that was made; "": none
    std::string gone; // that was taken away; "": none
    std::string kept; // what lay under `name` or `gone` before, in the trash; "": nothing
};

std::string folder_of(const std::string& name) {
    return fs::path(name).parent_path().lexically_normal().string();
}

} // namespace

class BreakableDisk::Files final : public rocksdb::FileSystemWrapper {
  public:
    Files() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
    const char* Name() const override { return "leerspoor.breakable_disk"; }

    // Notes a change, or says how it fails.
    IOStatus change() {
        const std::scoped_lock lock(mutex);
        ++changes;
        if (fail_at == 0 || (stays_broken ? changes < fail_at : changes != fail_at)) return IOStatus::OK();
        failed = true;
        return fault == Fault::no_space ? IOStatus::NoSpace("the test's disk is full")
                                        : IOStatus::IOError("the test's disk is broken");
    }

    IOStatus NewWritableFile(const std::string& name, const FileOptions& options,
                             std::unique_ptr<rocksdb::FSWritableFile>* file,
                             IODebugContext* context) override {
        auto status = change();
        if (status.ok() && is_refused(name)) status = IOStatus::NoSpace("the test's disk is full");
        const bool is_new = !fs::exists(name);
        if (status.ok()) status = FileSystemWrapper::NewWritableFile(name, options, file, context);
        if (status.ok() && is_new) note({folder_of(name), name, "", ""});
        if (status.ok()) watch(name, 0, *file);
        return status;
    }
    bool is_refused(const std::string& name) const {
        const std::scoped_lock lock(mutex);
        return !refused.empty() && name.find(refused) != std::string::npos;
    }
    IOStatus ReopenWritableFile(const std::string& name, const FileOptions& options,
                                std::unique_ptr<rocksdb::FSWritableFile>* file,
                                IODebugContext* context) override {
        auto status = change();
        if (status.ok()) status = FileSystemWrapper::ReopenWritableFile(name, options, file, context);
        if (status.ok()) watch(name, std::filesystem::file_size(name), *file);
        return status;
    }
    IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                        IODebugContext* context) override {
        auto status = change();
        const auto kept = status.ok() ? keep(to) : std::string();
        if (status.ok()) status = FileSystemWrapper::RenameFile(from, to, options, context);
        if (!status.ok()) return status;
        take_over(from, to, true);
        note({folder_of(to), to, from, kept});
        return status;
    }
    IOStatus LinkFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* context) override {
        auto status = change();
        if (status.ok()) status = FileSystemWrapper::LinkFile(from, to, options, context);
        if (!status.ok()) return status;
        take_over(from, to, false);
        note({folder_of(to), to, "", ""});
        return status;
    }
    IOStatus DeleteFile(const std::string& name, const IOOptions& options, IODebugContext* context) override {
        const auto kept = keep(name);
        auto status = FileSystemWrapper::DeleteFile(name, options, context);
        if (status.ok()) note({folder_of(name), "", name, kept});
        return status;
    }
    IOStatus CreateDir(const std::string& name, const IOOptions& options, IODebugContext* context) override {
        auto status = change();
        if (status.ok()) status = FileSystemWrapper::CreateDir(name, options, context);
        if (status.ok()) note({folder_of(name), name, "", ""});
        return status;
    }
    IOStatus CreateDirIfMissing(const std::string& name, const IOOptions& options,
                                IODebugContext* context) override {
        if (fs::exists(name)) return IOStatus::OK();
        return CreateDir(name, options, context);
    }
    IOStatus NewDirectory(const std::string& name, const IOOptions& options,
                          std::unique_ptr<rocksdb::FSDirectory>* directory,
                          IODebugContext* context) override {
        auto status = FileSystemWrapper::NewDirectory(name, options, directory, context);
        if (status.ok()) *directory = std::make_unique<Folder>(std::move(*directory), *this, name);
        return status;
    }

    IOStatus GetFreeSpace(const std::string& path, const IOOptions& options, std::uint64_t* free,
                          IODebugContext* context) override {
        auto status = FileSystemWrapper::GetFreeSpace(path, options, free, context);
        const std::scoped_lock lock(mutex);
        if (full) *free = 0;
        return status;
    }

    mutable std::mutex mutex;
    std::uint64_t changes = 0;
    std::uint64_t fail_at = 0;
    Fault fault = Fault::io_error;
    bool stays_broken = false;
    bool failed = false;
    bool full = false;
    std::string refused; // names with this in them
    std::map<std::string, std::shared_ptr<Lengths>> lengths;
    std::vector<NameChange> names; // in the order of the changes
    TemporaryFolder trash;
    std::uint64_t trashed = 0;

    void synced(const std::string& folder) {
        const std::scoped_lock lock(mutex);
        const auto whole = fs::path(folder).lexically_normal().string();
        std::erase_if(names, [&](const NameChange& change) { return change.folder == whole; });
    }

  private:
    class Folder final : public rocksdb::FSDirectory {
      public:
        Folder(std::unique_ptr<rocksdb::FSDirectory> folder, Files& files, std::string name)
            : folder_(std::move(folder)), files_(files), name_(std::move(name)) {}
        IOStatus Fsync(const IOOptions& /*options*/, IODebugContext* /*context*/) override {
            auto status = files_.change();
            if (status.ok()) files_.synced(name_);
            return status;
        }
        IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* context,
                                     const rocksdb::DirFsyncOptions& /*how*/) override {
            return Fsync(options, context);
        }
        IOStatus Close(const IOOptions& options, IODebugContext* context) override {
            return folder_->Close(options, context);
        }

      private:
        std::unique_ptr<rocksdb::FSDirectory> folder_;
        Files& files_;
        const std::string name_;
    };

    void note(NameChange changed) {
        const std::scoped_lock lock(mutex);
        names.push_back(std::move(changed));
    }
    // Another name for what lies there, so that it can be brought back; "" when there is nothing.
    std::string keep(const std::string& name) {
        std::error_code none;
        if (!fs::is_regular_file(name, none)) return {};
        const std::scoped_lock lock(mutex);
        const auto kept = (trash.path() / std::to_string(++trashed)).string();
        fs::create_hard_link(name, kept, none);
        return none ? std::string() : kept;
    }

    class File final : public rocksdb::FSWritableFileOwnerWrapper {
      public:
        File(std::unique_ptr<rocksdb::FSWritableFile> file, Files& files, std::shared_ptr<Lengths> lengths)
            : FSWritableFileOwnerWrapper(std::move(file)), files_(files), lengths_(std::move(lengths)) {}

        IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                        IODebugContext* context) override {
            auto status = files_.change();
            if (!status.ok()) {
                // As a full disk does it: half of the bytes are there.
                const rocksdb::Slice half(data.data(), data.size() / 2);
                if (FSWritableFileOwnerWrapper::Append(half, options, context).ok()) grow(half.size());
                return status;
            }
            status = FSWritableFileOwnerWrapper::Append(data, options, context);
            if (status.ok()) grow(data.size());
            return status;
        }
        IOStatus Append(const rocksdb::Slice& data, const IOOptions& options,
                        const rocksdb::DataVerificationInfo& /*information*/,
                        IODebugContext* context) override {
            return Append(data, options, context);
        }
        IOStatus Sync(const IOOptions& /*options*/, IODebugContext* /*context*/) override {
            auto status = files_.change();
            const std::scoped_lock lock(files_.mutex);
            if (status.ok()) lengths_->synced = lengths_->written;
            return status;
        }
        IOStatus Fsync(const IOOptions& options, IODebugContext* context) override {
            return Sync(options, context);
        }
        IOStatus RangeSync(std::uint64_t, std::uint64_t, const IOOptions&, IODebugContext*) override {
            return IOStatus::OK();
        }

      private:
        void grow(std::size_t size) {
            const std::scoped_lock lock(files_.mutex);
            lengths_->written += size;
        }
        Files& files_;
        std::shared_ptr<Lengths> lengths_;
    };

    void watch(const std::string& name, std::uint64_t size, std::unique_ptr<rocksdb::FSWritableFile>& file) {
        const std::scoped_lock lock(mutex);
        auto& noted = lengths[name];
        if (size == 0 || !noted) noted = std::make_shared<Lengths>(Lengths{size, size});
        file = std::make_unique<File>(std::move(file), *this, noted);
    }

    void take_over(const std::string& from, const std::string& to, bool moved) {
        const std::scoped_lock lock(mutex);
        const auto found = lengths.find(from);
        if (found == lengths.end()) return;
        lengths[to] = found->second;
        if (moved) lengths.erase(from);
    }
};

BreakableDisk::BreakableDisk() : files_(std::make_shared<Files>()), env_(rocksdb::NewCompositeEnv(files_)) {}

BreakableDisk::~BreakableDisk() = default;

void BreakableDisk::fail_at(std::uint64_t n, Fault fault, bool stays_broken) {
    const std::scoped_lock lock(files_->mutex);
    files_->changes = 0;
    files_->failed = false;
    files_->fail_at = n;
    files_->fault = fault;
    files_->stays_broken = stays_broken;
}

std::uint64_t BreakableDisk::changes() const {
    const std::scoped_lock lock(files_->mutex);
    return files_->changes;
}

bool BreakableDisk::failed() const {
    const std::scoped_lock lock(files_->mutex);
    return files_->failed;
}

void BreakableDisk::heal() {
    const std::scoped_lock lock(files_->mutex);
    files_->fail_at = 0;
    files_->refused.clear();
}

void BreakableDisk::refuse_new(std::string part) {
    const std::scoped_lock lock(files_->mutex);
    files_->refused = std::move(part);
}

void BreakableDisk::set_full(bool full) {
    const std::scoped_lock lock(files_->mutex);
    files_->full = full;
}

void BreakableDisk::cut_power() {
    const std::scoped_lock lock(files_->mutex);
    for (const auto& [name, length] : files_->lengths) {
        std::error_code gone;
        if (std::filesystem::file_size(name, gone) > length->synced && !gone) {
            std::filesystem::resize_file(name, length->synced, gone);
        }
    }
    files_->lengths.clear();
    for (auto change = files_->names.rbegin(); change != files_->names.rend(); ++change) {
        std::error_code gone;
        if (!change->name.empty() && !change->gone.empty()) {
            std::filesystem::rename(change->name, change->gone, gone);
        } else if (!change->name.empty()) {
            std::filesystem::remove_all(change->name, gone);
        }
        const auto& before = change->name.empty() ? change->gone : change->name;
        if (!change->kept.empty()) std::filesystem::rename(change->kept, before, gone);
    }
    files_->names.clear();
}

} // namespace leerspoor::tests

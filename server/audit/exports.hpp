// Exports as jobs: one is written at a time, the rest wait; each is there for a week.
#pragma once

#include "server/audit/bundle.hpp"

#include <condition_variable>
#include <filesystem>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace leerspoor::server::audit {

enum class ExportState { waiting, running, done, failed };

struct ExportJob {
    std::string id;
    ExportRequest request;
    ExportState state = ExportState::waiting;
    spec::Instant made;
    spec::Instant expires;
    ExportResult result; // of one that is done
    Error error;         // of one that failed
    std::uint64_t statements = 0;
    std::uint64_t of = 0; // about as many as it will have
};

enum class Every { day, week, month };
std::optional<Every> parse_every(std::string_view name);
std::string_view name_of(Every every);

// An export that is made again and again, and put into the folder of scheduled exports.
struct ExportSchedule {
    std::string id;
    ExportRequest request;
    Every every = Every::week;
    spec::Instant next; // when it is due
};

// Any thread.
class Exports {
  public:
    // `scheduled`: where scheduled exports are put; "": none can be. `folder` is made when the first is
    // written; what is in it and belongs to no job is removed. What was under way when the process ended has
    // failed. Error: the store's.
    static Result<std::unique_ptr<Exports>> load(Checkpoints& checkpoints, std::filesystem::path folder,
                                                 std::filesystem::path scheduled = {});
    ~Exports();

    // Errors: exports_too_many, the store's.
    Result<ExportJob> begin(ExportRequest request);
    // Of that store, the newest first.
    std::vector<ExportJob> all(storage::StoreId tenant) const;
    std::optional<ExportJob> find(storage::StoreId tenant, std::string_view id) const;
    // Cancels what is not done yet, and removes what is. False: there is none.
    Result<bool> remove(storage::StoreId tenant, std::string_view id);
    // The first is made at once. Errors: export_unscheduled, when there is no folder for them;
    // exports_too_many, the store's.
    Result<ExportSchedule> schedule(ExportRequest request, Every every);
    // False: there is none.
    Result<bool> unschedule(storage::StoreId tenant, std::string_view id);
    std::vector<ExportSchedule> schedules(storage::StoreId tenant) const;

    // Of a store all, what is under way too; and what is scheduled of one of these people.
    void forget(storage::StoreId tenant, const std::vector<std::string>& people);
    // The file of one that is done.
    std::filesystem::path file_of(const ExportJob& job) const;
    // Cancels what is under way. Twice does no harm.
    void stop();

    Checkpoints& checkpoints() const { return checkpoints_; }

  private:
    struct Kept {
        ExportJob job;
        ExportProgress progress;
        bool is_scheduled = false;
    };

    Exports(Checkpoints& checkpoints, std::filesystem::path folder, std::filesystem::path scheduled)
        : checkpoints_(checkpoints), folder_(std::move(folder)), scheduled_(std::move(scheduled)) {}
    Result<void> read_kept();
    void sweep() const;
    void run();
    void work(std::unique_lock<std::mutex>& lock, const std::shared_ptr<Kept>& kept);
    void expire();
    void begin_due();
    Result<void> save(const ExportSchedule& schedule);
    Result<void> put_aside(const ExportJob& job) const;
    Result<std::shared_ptr<Kept>> begin_one(ExportRequest request);
    Result<void> save(const ExportJob& job);
    void drop(const Kept& kept);
    static ExportJob shown(const Kept& kept);

    Checkpoints& checkpoints_;
    const std::filesystem::path folder_;
    const std::filesystem::path scheduled_;
    mutable std::mutex mutex_; // for what follows
    std::condition_variable changed_;
    std::list<std::shared_ptr<Kept>> jobs_; // oldest first
    std::vector<ExportSchedule> schedules_;
    bool stopping_ = false;
    std::thread thread_;
};

} // namespace leerspoor::server::audit

#include "server/audit/exports.hpp"

#include "server/support/files.hpp"
#include "server/support/random.hpp"
#include "spec/base/json.hpp"
#include "spec/base/uuid.hpp"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <sys/resource.h>
#include <unistd.h>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;
using storage::RecordKind;

constexpr std::size_t most_waiting = 20;
constexpr std::size_t most_kept = 200;
constexpr std::size_t most_schedules = 50;
constexpr std::chrono::hours kept_for{7 * 24};
constexpr std::chrono::seconds between_sweeps{60};
constexpr int behind_all = 10; // of Linux, for one thread

spec::Instant now() {
    return std::chrono::time_point_cast<spec::Instant::duration>(std::chrono::system_clock::now());
}

// What is kept of a job that has ended.
std::string encode(const ExportJob& job) {
    json::array columns;
    for (const auto& column : job.request.columns) columns.push_back(json::string(column));
    json::object kept{{"store", job.request.tenant},
                      {"filter", job.request.filter.told},
                      {"format", name_of(job.request.format)},
                      {"columns", columns},
                      {"by", job.request.by},
                      {"accesses", job.request.accesses},
                      {"made", spec::format_timestamp(job.made)},
                      {"expires", spec::format_timestamp(job.expires)}};
    if (job.state == ExportState::done) {
        kept["statements"] = job.result.statements;
        kept["bytes"] = job.result.bytes;
        kept["sha256"] = job.result.sha256;
        kept["sequence"] = job.result.sequence;
    } else if (job.state == ExportState::failed) {
        kept["error"] = {{"code", job.error.code}, {"message", job.error.message}};
    }
    return json::serialize(kept);
}

std::optional<ExportJob> decode(const std::string& id, const std::string& bytes) {
    const auto parsed = spec::parse_stored_json(bytes);
    const auto* kept = parsed ? parsed->if_object() : nullptr;
    if (!kept) return std::nullopt;
    try {
        const auto text = [&](const char* name) { return std::string(kept->at(name).as_string()); };
        ExportJob job;
        job.id = id;
        job.request.tenant = kept->at("store").to_number<storage::StoreId>();
        auto filter = parse_export_filter(kept->at("filter"), "");
        const auto format = parse_export_format(text("format"));
        if (!filter || !format) return std::nullopt;
        job.request.filter = std::move(*filter);
        job.request.format = *format;
        for (const auto& column : kept->at("columns").as_array())
            job.request.columns.emplace_back(column.as_string());
        job.request.by = text("by");
        job.request.accesses = kept->contains("accesses") && kept->at("accesses").as_bool();
        job.made = *spec::parse_timestamp(text("made"), spec::Version::v2_0_0);
        job.expires = *spec::parse_timestamp(text("expires"), spec::Version::v2_0_0);
        job.state = ExportState::failed;
        job.error = {"export_cancelled", "",
                     "The server was stopped before the export was done: ask for it again."};
        if (kept->contains("sha256")) {
            job.state = ExportState::done;
            job.result = {kept->at("statements").to_number<std::uint64_t>(),
                          kept->at("bytes").to_number<std::uint64_t>(), text("sha256"),
                          kept->at("sequence").to_number<storage::Sequence>()};
            job.statements = job.of = job.result.statements;
        } else if (const auto* error = kept->if_contains("error")) {
            job.error = {std::string(error->at("code").as_string()), "",
                         std::string(error->at("message").as_string())};
        }
        return job;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

constexpr std::array<std::string_view, 3> intervals{"day", "week", "month"};

json::array identities_of(const ExportRequest& request) {
    json::array identities;
    for (const auto& identity : request.filter.identities) identities.push_back(json::string(identity));
    return identities;
}

// The same time of day, in UTC.
spec::Instant after(spec::Instant instant, Every every) {
    if (every != Every::month) return instant + std::chrono::days(every == Every::day ? 1 : 7);
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date(day);
    const auto month = date.year() / date.month() + std::chrono::months(1);
    const std::chrono::year_month_day_last last(month.year(), std::chrono::month_day_last(month.month()));
    const auto next = std::min(date.day(), last.day());
    return std::chrono::sys_days(month / next) + (instant - day);
}

std::optional<ExportSchedule> decode_schedule(const std::string& id, const std::string& bytes) {
    const auto parsed = spec::parse_stored_json(bytes);
    const auto* kept = parsed ? parsed->if_object() : nullptr;
    if (!kept) return std::nullopt;
    try {
        const auto text = [&](const char* name) { return std::string(kept->at(name).as_string()); };
        ExportSchedule schedule;
        schedule.id = id;
        auto& request = schedule.request;
        request.tenant = kept->at("store").to_number<storage::StoreId>();
        auto filter = parse_export_filter(kept->at("filter"), "");
        const auto format = parse_export_format(text("format"));
        const auto every = parse_every(text("every"));
        if (!filter || !format || !every) return std::nullopt;
        request.filter = std::move(*filter);
        request.filter.identities.clear();
        for (const auto& one : kept->at("identities").as_array())
            request.filter.identities.emplace_back(one.as_string());
        request.format = *format;
        for (const auto& column : kept->at("columns").as_array())
            request.columns.emplace_back(column.as_string());
        request.language = text("language");
        request.organization = text("organization");
        request.accesses = kept->at("accesses").as_bool();
        request.by = text("by");
        schedule.every = *every;
        schedule.next = *spec::parse_timestamp(text("next"), spec::Version::v2_0_0);
        return schedule;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

} // namespace

std::optional<Every> parse_every(std::string_view name) {
    const auto found = std::find(intervals.begin(), intervals.end(), name);
    if (found == intervals.end()) return std::nullopt;
    return static_cast<Every>(found - intervals.begin());
}

std::string_view name_of(Every every) {
    return intervals[static_cast<std::size_t>(every)];
}

Result<std::unique_ptr<Exports>> Exports::load(Checkpoints& checkpoints, std::filesystem::path folder,
                                               std::filesystem::path scheduled) {
    std::unique_ptr<Exports> made(new Exports(checkpoints, std::move(folder), std::move(scheduled)));
    auto read = made->read_kept();
    if (!read) return read.error();
    made->sweep();
    made->thread_ = std::thread([exports = made.get()] { exports->run(); });
    return made;
}

Exports::~Exports() {
    stop();
}

void Exports::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
        for (const auto& kept : jobs_) kept->progress.cancelled = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

Result<void> Exports::read_kept() {
    const auto records = checkpoints_.store().records(RecordKind::export_job);
    if (!records) return records.error();
    for (const auto& [id, bytes] : *records) {
        auto job = decode(id, bytes);
        if (!job) continue; // of another version
        auto kept = std::make_shared<Kept>();
        kept->job = std::move(*job);
        jobs_.push_back(std::move(kept));
    }
    jobs_.sort([](const auto& a, const auto& b) { return a->job.made < b->job.made; });
    const auto scheduled = checkpoints_.store().records(RecordKind::export_schedule);
    if (!scheduled) return scheduled.error();
    for (const auto& [id, bytes] : *scheduled)
        if (auto schedule = decode_schedule(id, bytes)) schedules_.push_back(std::move(*schedule));
    return {};
}

// Removes files that no job has.
void Exports::sweep() const {
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator(folder_, problem)) {
        const auto stem = entry.path().stem().string();
        const bool known = std::any_of(jobs_.begin(), jobs_.end(), [&](const auto& kept) {
            return kept->job.state == ExportState::done && file_of(kept->job) == entry.path();
        });
        if (!known) std::filesystem::remove(entry.path(), problem);
    }
}

std::filesystem::path Exports::file_of(const ExportJob& job) const {
    return folder_ / (job.id + "." + std::string(extension_of(job.request.format)));
}

// REQUIRES: mutex_ is held.
Result<std::shared_ptr<Exports::Kept>> Exports::begin_one(ExportRequest request) {
    const auto waiting = std::count_if(jobs_.begin(), jobs_.end(), [](const auto& kept) {
        return kept->job.state == ExportState::waiting || kept->job.state == ExportState::running;
    });
    if (static_cast<std::size_t>(waiting) >= most_waiting || jobs_.size() >= most_kept) {
        return Error{"exports_too_many", "",
                     "There are too many exports: wait until some are done, or remove old ones."};
    }
    auto kept = std::make_shared<Kept>();
    kept->job.id = spec::to_string(random_uuid());
    kept->job.request = std::move(request);
    kept->job.made = now();
    kept->job.expires = kept->job.made + kept_for;
    auto saved = save(kept->job);
    if (!saved) return saved.error();
    jobs_.push_back(kept);
    changed_.notify_all();
    return kept;
}

Result<ExportJob> Exports::begin(ExportRequest request) {
    const std::scoped_lock lock(mutex_);
    const auto kept = begin_one(std::move(request));
    if (!kept) return kept.error();
    return (*kept)->job;
}

Result<void> Exports::save(const ExportSchedule& schedule) {
    const auto& request = schedule.request;
    json::array columns;
    for (const auto& column : request.columns) columns.push_back(json::string(column));
    return checkpoints_.store().save_record(
        RecordKind::export_schedule, schedule.id,
        json::serialize(json::object{{"store", request.tenant},
                                     {"filter", request.filter.told},
                                     {"identities", identities_of(request)},
                                     {"format", name_of(request.format)},
                                     {"columns", columns},
                                     {"language", request.language},
                                     {"organization", request.organization},
                                     {"accesses", request.accesses},
                                     {"by", request.by},
                                     {"every", name_of(schedule.every)},
                                     {"next", spec::format_timestamp(schedule.next)}}));
}

Result<ExportSchedule> Exports::schedule(ExportRequest request, Every every) {
    if (scheduled_.empty())
        return Error{"export_unscheduled", "",
                     "There is no folder for scheduled exports: the setting export-folder names one."};
    const std::scoped_lock lock(mutex_);
    if (schedules_.size() >= most_schedules)
        return Error{"exports_too_many", "", "There are too many scheduled exports: remove some."};
    ExportSchedule made{spec::to_string(random_uuid()), std::move(request), every, now()};
    auto saved = save(made);
    if (!saved) return saved.error();
    schedules_.push_back(made);
    changed_.notify_all();
    return made;
}

Result<bool> Exports::unschedule(storage::StoreId tenant, std::string_view id) {
    const std::scoped_lock lock(mutex_);
    const auto found = std::find_if(schedules_.begin(), schedules_.end(), [&](const auto& one) {
        return one.request.tenant == tenant && one.id == id;
    });
    if (found == schedules_.end()) return false;
    const auto removed = checkpoints_.store().remove_record(RecordKind::export_schedule, id);
    if (!removed) return removed.error();
    schedules_.erase(found);
    return true;
}

std::vector<ExportSchedule> Exports::schedules(storage::StoreId tenant) const {
    const std::scoped_lock lock(mutex_);
    std::vector<ExportSchedule> all;
    for (const auto& one : schedules_)
        if (one.request.tenant == tenant) all.push_back(one);
    return all;
}

// What was missed while no server ran is made once.
void Exports::begin_due() {
    const auto instant = now();
    for (auto& schedule : schedules_) {
        if (schedule.next > instant) continue;
        auto later = schedule;
        while (later.next <= instant) later.next = after(later.next, later.every);
        if (!save(later)) continue;
        const auto kept = begin_one(schedule.request);
        if (!kept) continue; // there are too many: the next time
        (*kept)->is_scheduled = true;
        schedule = std::move(later);
    }
}

// Under a name that tells what it is; whole, or not at all.
Result<void> Exports::put_aside(const ExportJob& job) const {
    const auto name = "leerspoor-" + std::to_string(job.request.tenant) + "-" +
                      spec::format_timestamp(job.made).substr(0, 10) + "-" + job.id.substr(0, 8) + "." +
                      std::string(extension_of(job.request.format));
    const auto whole = scheduled_ / name;
    const auto part = scheduled_ / (name + ".part");
    std::error_code problem;
    std::filesystem::create_directories(scheduled_, problem);
    if (!problem)
        std::filesystem::copy_file(file_of(job), part, std::filesystem::copy_options::overwrite_existing,
                                   problem);
    if (!problem) std::filesystem::rename(part, whole, problem);
    if (!problem) return {};
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    return Error{"file_unusable", "", whole.string() + " cannot be written: " + problem.message() + "."};
}

ExportJob Exports::shown(const Kept& kept) {
    ExportJob job = kept.job;
    if (job.state == ExportState::running) {
        job.statements = kept.progress.statements;
        job.of = kept.progress.of;
    }
    return job;
}

std::vector<ExportJob> Exports::all(storage::StoreId tenant) const {
    const std::scoped_lock lock(mutex_);
    std::vector<ExportJob> jobs;
    for (auto kept = jobs_.rbegin(); kept != jobs_.rend(); ++kept)
        if ((*kept)->job.request.tenant == tenant) jobs.push_back(shown(**kept));
    return jobs;
}

std::optional<ExportJob> Exports::find(storage::StoreId tenant, std::string_view id) const {
    const std::scoped_lock lock(mutex_);
    for (const auto& kept : jobs_)
        if (kept->job.request.tenant == tenant && kept->job.id == id) return shown(*kept);
    return std::nullopt;
}

Result<bool> Exports::remove(storage::StoreId tenant, std::string_view id) {
    const std::scoped_lock lock(mutex_);
    const auto found = std::find_if(jobs_.begin(), jobs_.end(), [&](const auto& kept) {
        return kept->job.request.tenant == tenant && kept->job.id == id;
    });
    if (found == jobs_.end()) return false;
    const auto removed = checkpoints_.store().remove_record(RecordKind::export_job, id);
    if (!removed) return removed.error();
    (*found)->progress.cancelled = true;
    drop(**found);
    jobs_.erase(found);
    return true;
}

void Exports::forget(storage::StoreId tenant, const std::vector<std::string>& people) {
    for (const auto& job : all(tenant)) static_cast<void>(remove(tenant, job.id)); // what cannot be expires
    for (const auto& one : schedules(tenant))
        if (one.request.filter.is_of(people)) static_cast<void>(unschedule(tenant, one.id));
}

void Exports::drop(const Kept& kept) {
    std::error_code ignored;
    if (kept.job.state == ExportState::done) std::filesystem::remove(file_of(kept.job), ignored);
}

Result<void> Exports::save(const ExportJob& job) {
    return checkpoints_.store().save_record(RecordKind::export_job, job.id, encode(job));
}

void Exports::run() {
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), behind_all);
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        expire();
        begin_due();
        const auto next = std::find_if(jobs_.begin(), jobs_.end(), [](const auto& kept) {
            return kept->job.state == ExportState::waiting;
        });
        if (next == jobs_.end()) {
            changed_.wait_for(lock, between_sweeps);
            continue;
        }
        work(lock, *next);
    }
}

void Exports::work(std::unique_lock<std::mutex>& lock, const std::shared_ptr<Kept>& wanted) {
    const auto kept = wanted; // its place in the list may go
    kept->job.state = ExportState::running;
    const auto request = kept->job.request;
    const auto path = file_of(kept->job);
    lock.unlock();
    auto written = [&]() -> Result<ExportResult> {
        auto made = make_private_folder(folder_);
        if (!made) return made.error();
        auto done = write_export(checkpoints_, request, path, kept->progress);
        if (!done || !kept->is_scheduled) return done;
        if (auto put = put_aside(kept->job); !put) return put.error();
        return done;
    }();
    lock.lock();
    auto& job = kept->job;
    const bool there = std::find(jobs_.begin(), jobs_.end(), kept) != jobs_.end();
    if (written) {
        job.state = ExportState::done;
        job.result = *written;
        job.statements = job.of = written->statements;
    } else {
        job.state = ExportState::failed;
        job.error = written.error();
    }
    if (!there) return drop(*kept); // removed while it was written
    // What cannot be saved is done again after the next start.
    if (!stopping_ || written) static_cast<void>(save(job));
}

void Exports::expire() {
    const auto instant = now();
    for (auto kept = jobs_.begin(); kept != jobs_.end();) {
        const auto& job = (*kept)->job;
        const bool over = job.expires <= instant && job.state != ExportState::running;
        if (over && checkpoints_.store().remove_record(RecordKind::export_job, job.id)) {
            drop(**kept);
            kept = jobs_.erase(kept);
        } else {
            ++kept;
        }
    }
}

} // namespace leerspoor::server::audit

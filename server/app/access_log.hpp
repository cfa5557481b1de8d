// Who read whose records, exported, erased, or changed who may do what; when, from where, for which purpose.
// Kept as statements of a store of its own beside that of the records: so they are in the same Merkle log,
// are found by person and time, exported with proof, and follow an erasure.
#pragma once

#include "server/app/access.hpp"
#include "server/app/request.hpp"
#include "server/auth/key_ring.hpp"
#include "storage/record_store.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>
#include <vector>

namespace leerspoor::server {

// The store that tells of accesses to this one. No key is given for it, so nothing in it can be changed by
// anybody.
constexpr storage::StoreId access_store(storage::StoreId tenant) {
    return tenant | 0x8000'0000U;
}

// Any thread.
class AccessLog {
  public:
    using Clock = std::chrono::steady_clock;

    // `home_page` is that of the accounts of those who read.
    AccessLog(storage::RecordStore& store, std::string home_page);
    ~AccessLog() { stop(); }
    AccessLog(const AccessLog&) = delete;
    AccessLog& operator=(const AccessLog&) = delete;

    // Quick. What people do is kept within a second; of machines, what is alike within a minute as one.
    // REQUIRES: a principal.
    void note(const Request& request, std::string_view resource, Audited what);
    // Keeps all that was noted. Error: the store's; then it is tried again later.
    Result<void> flush();
    // Keeps what is left. Twice does no harm. Before the store is closed.
    void stop();

  private:
    // Store, who, what, resource, method, whose, address, purpose.
    using Alike = std::tuple<storage::StoreId, std::string, Audited, std::string, std::string, std::string,
                             std::string, std::string>;
    struct Noted {
        spec::Instant first;
        spec::Instant last;
        std::uint64_t times = 0;
        Clock::time_point since;
        bool is_person = false;
    };

    void run();
    Result<void> keep(std::map<Alike, Noted> noted);

    storage::RecordStore& store_;
    const std::string home_page_;
    std::mutex mutex_; // for what follows
    std::condition_variable changed_;
    std::map<Alike, Noted> noted_;
    bool stopping_ = false;
    std::mutex keeping_; // one at a time
    std::thread thread_;
};

// What such a statement tells; nothing when it is another.
std::optional<boost::json::object> access_of(std::string_view statement);

} // namespace leerspoor::server

#include "targets.hpp"

#include <algorithm>

namespace leerspoor::bench {
namespace {

constexpr double batch_statements_per_second = 20'000;
constexpr double batch_share_of_rocksdb = 0.35;
constexpr double post_share_of_lower = 0.5;
constexpr double get_share_of_https = 0.6;
constexpr double page_p99_milliseconds = 5;
constexpr double memory_mebibytes = 512;
constexpr std::uint64_t memory_target_statements = 1'000'000;

double mebibytes(std::uint64_t bytes) {
    return static_cast<double>(bytes) / (1u << 20);
}

} // namespace

std::vector<Verdict> verdicts(const std::vector<WorkResult>& works, const LoadingResult* loading) {
    std::vector<Verdict> list;
    std::uint64_t peak = loading ? loading->peak_memory : 0;
    for (const auto& result : works) {
        const std::string& name = result.work.name;
        peak = std::max(peak, result.peak_memory);
        if (name == "batch-50") {
            list.push_back({name + " statements/s", batch_statements_per_second, result.server_rate()});
            list.push_back(
                {name + " ratio to RocksDB alone", batch_share_of_rocksdb, result.ratio_to_rocksdb()});
        } else if (name == "post-32") {
            list.push_back(
                {name + " ratio to the lower limit", post_share_of_lower, result.ratio_to_lower()});
        } else if (name == "get-id") {
            list.push_back(
                {name + " ratio to the empty handler", get_share_of_https, result.ratio_to_https()});
        } else if (result.work.kind == WorkKind::page && result.server.server_time.count() > 0) {
            list.push_back({name + " server p99 ms", page_p99_milliseconds,
                            result.server.server_time.milliseconds(0.99), true});
        }
    }
    if (peak > 0 && loading && loading->statements >= memory_target_statements) {
        list.push_back({"peak memory MiB", memory_mebibytes, mebibytes(peak), true});
    }
    return list;
}

} // namespace leerspoor::bench

#include "server/support/descriptors.hpp"

#include <algorithm>
#include <string>

#include <sys/resource.h>

namespace leerspoor::server {

namespace {

constexpr std::size_t of_a_connection = 2;
constexpr std::size_t least_connections = 16;
constexpr std::size_t least_tables = 512;
constexpr std::size_t most_tables = 100'000;

} // namespace

std::size_t raise_descriptor_limit() {
    ::rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    const ::rlimit raised{limit.rlim_max, limit.rlim_max};
    return ::setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur;
}

Result<std::size_t> connections_within(std::size_t limit, std::size_t wanted) {
    constexpr std::size_t least = reserved_descriptors + least_connections * of_a_connection;
    if (limit < least) {
        return Error{"descriptors_too_few", "",
                     "This process may open " + std::to_string(limit) + " files; Leerspoor needs " +
                         std::to_string(least) +
                         " at least, and two more for each further connection. Raise the "
                         "limit (ulimit -n, or LimitNOFILE of a systemd unit)."};
    }
    return std::min(wanted, (limit - reserved_descriptors) / of_a_connection);
}

std::size_t tables_within(std::size_t limit, std::size_t connections) {
    const std::size_t others = reserved_descriptors + connections * of_a_connection;
    return std::min(most_tables, least_tables + (limit > others ? limit - others : 0));
}

} // namespace leerspoor::server

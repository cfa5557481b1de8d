#include "server/analytics/scan.hpp"

namespace leerspoor::server::analytics {

Result<void> Budget::check() const {
    if (client_left != nullptr && *client_left)
        return Error{"client_left", "", "Nobody waits for the answer any more."};
    if (std::chrono::steady_clock::now() > end) {
        return Error{
            "analytics_query_too_long", "",
            "This query takes longer than a query may. Narrow it by a filter, or ask for less at once."};
    }
    return {};
}

} // namespace leerspoor::server::analytics

#include "server/cli/apis.hpp"

#include "server/analytics/api.hpp"
#include "server/api/api.hpp"
#include "server/audit/api.hpp"
#include "server/courses/api.hpp"
#include "server/operations/api.hpp"
#include "server/relay/api.hpp"
#include "server/web/api.hpp"
#include "server/xapi/api.hpp"

namespace leerspoor::server::cli {

// xAPI first: what is at no known path is answered in its way, and every answer of a record store says its
// version.
Router all_apis(const std::string& content_host) {
    auto xapi = xapi::api();
    auto operations = operations::api();
    operations.protocol = xapi.protocol;
    return Router({xapi, xapi::plain_api(), operations, analytics::api(), audit::api(), relay::api(),
                   courses::api(), courses::content_side_api(), web::player_api(content_host),
                   courses::content_api(content_host), api::api(), web::api()});
}

} // namespace leerspoor::server::cli

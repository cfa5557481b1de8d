#include "server/xapi/about.hpp"

#include "server/problem.hpp"
#include "server/xapi/answer.hpp"
#include "server/xapi/parameters.hpp"

namespace leerspoor::server::xapi {

boost::asio::awaitable<http::Response> get_about(const Services& /*services*/, Exchange exchange) {
    const auto& head = exchange.request.head;
    if (auto parameters = Parameters::read(head.query(), {}, exchange.version); !parameters) {
        co_return problem(parameters.error(), head.id);
    }
    co_return plain_json(R"({"version":["1.0.3","2.0.0"],"extensions":{)"
                         R"("https://leerspoor.local/about/software":"Leerspoor )" LEERSPOOR_VERSION
                         R"("}})");
}

} // namespace leerspoor::server::xapi

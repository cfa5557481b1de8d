#include "server/xapi/about.hpp"

#include "server/xapi/answer.hpp"
#include "server/xapi/parameters.hpp"

namespace leerspoor::server::xapi {

boost::asio::awaitable<Result<http::Response>> get_about(const Services& /*services*/,
                                                         const Request& request) {
    const auto& head = request.head;
    if (auto parameters = Parameters::read(head.query(), {}, request.version); !parameters) {
        co_return parameters.error();
    }
    co_return plain_json(R"({"version":["1.0.3","2.0.0"],"extensions":{)"
                         R"("https://leerspoor.local/about/software":"Leerspoor )" LEERSPOOR_VERSION
                         R"("}})");
}

} // namespace leerspoor::server::xapi

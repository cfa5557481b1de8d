// What the requests of an API have in common that is no xAPI: nothing.
#pragma once

#include "server/app/api.hpp"

namespace leerspoor::server {

class PlainProtocol final : public Protocol {
  public:
    void begin(Request& /*request*/) const override {}
    bool is_folded(const Request& /*request*/, const Resource& /*resource*/) const override { return false; }
    Result<void> unfold(Request& /*request*/) const override { return {}; }
    Result<void> read_head(Request& /*request*/, const Resource& /*resource*/) const override { return {}; }
    void before_operation(Request& /*request*/, const Resource& /*resource*/,
                          const Services& /*services*/) const override {}
    void complete(const Request& /*request*/, const Resource* /*resource*/, const Services& /*services*/,
                  http::Response& /*response*/) const override {}
};

} // namespace leerspoor::server

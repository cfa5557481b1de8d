// A small LRS in memory that can be told to do one thing wrong. Whole, it holds every requirement that
// leerspoor-conformance checks; it is slow, forgets everything and trusts its one client.
#pragma once

#include "tests/conformance/stub_flaws.hpp"
#include "tests/conformance/stub_http.hpp"

#include <memory>

namespace leerspoor::tests {

struct StubMemory;

class StubLrs {
  public:
    explicit StubLrs(Breaks breaks = {});
    ~StubLrs();
    std::uint16_t port() const { return server_->port(); }

  private:
    std::unique_ptr<StubMemory> memory_;
    std::unique_ptr<StubServer> server_;
};

} // namespace leerspoor::tests

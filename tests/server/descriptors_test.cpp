// How many files this process may open, and what connections may take of them.
#include "server/support/descriptors.hpp"

#include <catch2/catch.hpp>

#include <sys/resource.h>

using namespace leerspoor::server;

TEST_CASE("The soft limit on open files is raised to the hard one") {
    ::rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const ::rlimit low{256, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
    CHECK(raise_descriptor_limit() == before.rlim_max);
    ::rlimit after{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &after) == 0);
    CHECK(after.rlim_cur == before.rlim_max);
    ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST_CASE("Connections take two descriptors each, and never those of the store") {
    CHECK(*connections_within(1'000'000, 4096) == 4096);
    CHECK(*connections_within(reserved_descriptors + 2 * 4096, 4096) == 4096);
    CHECK(*connections_within(reserved_descriptors + 2 * 4096 - 1, 4096) == 4095);
    CHECK(*connections_within(reserved_descriptors + 32, 4096) == 16);
    CHECK(connections_within(reserved_descriptors + 31, 4096).error().code == "descriptors_too_few");
    CHECK(tables_within(reserved_descriptors + 2 * 100, 100) == 512);
    CHECK(tables_within(reserved_descriptors + 2 * 100 + 1000, 100) == 1512);
    CHECK(tables_within(10'000'000, 100) == 100'000);
    CHECK(tables_within(0, 1) == 512);
    CHECK(connections_within(0, 1).error().code == "descriptors_too_few");
}

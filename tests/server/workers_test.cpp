#include "server/app/workers.hpp"
#include "spec/base/error.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <stdexcept>

namespace {

using namespace leerspoor;
using namespace leerspoor::server;

// What the coroutine gives, run on this thread.
template <class T>
T outcome_of(boost::asio::awaitable<T> work) {
    boost::asio::io_context loop;
    std::optional<T> value;
    std::exception_ptr failure;
    boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr thrown, T given) {
        failure = thrown;
        value.emplace(std::move(given));
    });
    loop.run();
    if (failure) std::rethrow_exception(failure);
    return *value;
}

} // namespace

TEST_CASE("A read that is quick is done where it is asked for, impatiently") {
    Workers workers(1, 1);
    const auto here = std::this_thread::get_id();
    int calls = 0;
    const auto read = [&]() -> Result<int> {
        ++calls;
        CHECK(std::this_thread::get_id() == here);
        CHECK(storage::Impatient::now());
        return 7;
    };
    CHECK(*outcome_of(workers.read(read)) == 7);
    CHECK(calls == 1);
    CHECK(workers.waited() == 0);
    CHECK_FALSE(storage::Impatient::now());
}

TEST_CASE("A read that would wait is done once more by a thread that has time") {
    Workers workers(1, 1);
    const auto here = std::this_thread::get_id();
    const auto read = [&]() -> Result<int> {
        if (storage::Impatient::now()) return Error{"store_would_wait", "", "later"};
        CHECK(std::this_thread::get_id() != here);
        return 7;
    };
    CHECK(*outcome_of(workers.read(read)) == 7);
    CHECK(workers.waited() == 1);
    const auto fail = [&]() -> Result<int> { return Error{"store_failed", "", "no"}; };
    CHECK(outcome_of(workers.read(fail)).error().code == "store_failed");
    CHECK(workers.waited() == 1);
}

TEST_CASE("Work is done by a thread of its own, and what it throws arrives where it is waited for") {
    Workers workers(2, 1);
    const auto here = std::this_thread::get_id();
    const auto work = [&] { return std::this_thread::get_id() != here; };
    CHECK(outcome_of(workers.compute(work)));
    const auto fail = []() -> int { throw std::runtime_error("broken"); };
    CHECK_THROWS_AS(outcome_of(workers.compute(fail)), std::runtime_error);
}

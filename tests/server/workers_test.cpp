#include "server/app/workers.hpp"
#include "spec/base/error.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <chrono>
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

TEST_CASE("While the disk is quick it is waited for where it is asked, and no longer when it was slow") {
    Workers workers(1, 1);
    const auto here = std::this_thread::get_id();
    bool elsewhere = false;
    std::chrono::microseconds takes(0);
    const auto read = [&]() -> Result<int> {
        if (!storage::Impatient::waits_for_disk()) return Error{"store_would_wait", "", "later"};
        elsewhere = std::this_thread::get_id() != here;
        const auto end = std::chrono::steady_clock::now() + takes;
        while (std::chrono::steady_clock::now() < end) continue;
        return 7;
    };
    CHECK(*outcome_of(workers.read(read)) == 7);
    CHECK(elsewhere); // nobody knows yet
    for (int i = 0; i < 100'000 && elsewhere; ++i) outcome_of(workers.read(read));
    CHECK_FALSE(elsewhere);
    takes = std::chrono::milliseconds(20);
    outcome_of(workers.read(read));
    outcome_of(workers.read(read));
    CHECK(elsewhere);
    // What takes many steps is never done here.
    takes = std::chrono::microseconds(0);
    Workers others(1, 1);
    const auto many_steps = [&]() -> Result<int> {
        while (storage::Impatient::now() && storage::Impatient::step()) continue;
        if (storage::Impatient::now()) return Error{"store_would_wait", "", "later"};
        return read();
    };
    for (int i = 0; i < 500; ++i) {
        outcome_of(others.read(many_steps));
        CHECK(elsewhere);
    }
}

TEST_CASE("Work is done by a thread of its own, and what it throws arrives where it is waited for") {
    Workers workers(2, 1);
    const auto here = std::this_thread::get_id();
    const auto work = [&] { return std::this_thread::get_id() != here; };
    CHECK(outcome_of(workers.compute(work)));
    const auto fail = []() -> int { throw std::runtime_error("broken"); };
    CHECK_THROWS_AS(outcome_of(workers.compute(fail)), std::runtime_error);
}

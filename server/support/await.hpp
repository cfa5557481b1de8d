// Lets a coroutine wait for a callback that comes from a thread of somebody else: the store's committer, the
// thread that checks secrets. The coroutine goes on where it was, on its own executor.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

namespace leerspoor::server {

// `start` is called with a std::function-compatible callback taking a T, which must be called exactly once,
// from any thread.
template <class T, class Start>
boost::asio::awaitable<T> completion_of(Start start) {
    auto executor = co_await boost::asio::this_coro::executor;
    auto initiate = [executor](auto handler, Start begin) {
        using Handler = decltype(handler);
        struct Waiting {
            Handler handler;
            boost::asio::executor_work_guard<boost::asio::any_io_executor> work;
        };
        auto waiting = std::make_shared<Waiting>(Waiting{
            std::move(handler), boost::asio::make_work_guard(boost::asio::any_io_executor(executor))});
        begin([waiting](T value) {
            auto target = waiting->work.get_executor();
            boost::asio::post(target, [waiting, value = std::move(value)]() mutable {
                auto resume = std::move(waiting->handler);
                std::move(resume)(std::move(value));
            });
        });
    };
    co_return co_await boost::asio::async_initiate<decltype(boost::asio::use_awaitable), void(T)>(
        std::move(initiate), boost::asio::use_awaitable, std::move(start));
}

} // namespace leerspoor::server

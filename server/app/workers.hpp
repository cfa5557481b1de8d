// Threads for what an event loop must not do itself, because it serves others meanwhile: large bodies and
// pages, and reads of the store that wait for the disk. A coroutine waits for them and goes on on its own
// executor.
#pragma once

#include "server/support/await.hpp"
#include "storage/patience.hpp"

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace leerspoor::server {

// Any thread.
class Workers {
  public:
    // `computing` threads share the processors with the event loops, which come first; `reading` threads wait
    // for the disk, so there are as many as it is to be asked at a time.
    Workers(std::size_t computing, std::size_t reading);
    ~Workers() { stop(); }
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;
    // Does what was given still, and takes nothing more. Twice does no harm.
    void stop();

    // `work` is called on a thread that computes; what it refers to must live until then. What it throws is
    // thrown here.
    template <class Work>
    boost::asio::awaitable<std::invoke_result_t<Work&>> compute(Work work) {
        co_return co_await run(computing_.context, std::move(work));
    }

    // The same for what may take seconds, so that it keeps nothing else waiting: two at a time.
    template <class Work>
    boost::asio::awaitable<std::invoke_result_t<Work&>> analyse(Work work) {
        co_return co_await run(analysing_.context, std::move(work));
    }

    // `read` gives a Result; called at once and here, and if that would take long (storage::Impatient) once
    // more on a thread that reads.
    template <class Read>
    boost::asio::awaitable<std::invoke_result_t<Read&>> read(Read read) {
        if (auto outcome = at_once(read)) co_return std::move(*outcome);
        co_return co_await patiently(std::move(read));
    }
    // Its two halves, for who saves the coroutine where nothing is waited for. Nothing: it would take long.
    // While the disk answers in less time than a connection may have its thread, waiting for it here is no
    // waiting.
    template <class Read>
    std::optional<std::invoke_result_t<Read&>> at_once(Read& read) {
        constexpr std::size_t steps = 64;
        const bool quick = disk_is_quick();
        const storage::Impatient here(steps, quick);
        std::optional<std::invoke_result_t<Read&>> outcome(quick ? timed(read) : read());
        if (!outcome->has_value() && outcome->error().code == "store_would_wait") outcome.reset();
        return outcome;
    }
    template <class Read>
    boost::asio::awaitable<std::invoke_result_t<Read&>> patiently(Read read) {
        waited_.fetch_add(1, std::memory_order_relaxed);
        const auto work = [this, &read] { return timed(read); };
        co_return co_await run(reading_.context, work);
    }
    // Reads that were handed on to a thread that has time.
    std::uint64_t waited() const { return waited_.load(std::memory_order_relaxed); }

  private:
    struct Pool {
        boost::asio::io_context context;
        boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{context.get_executor()};
        std::vector<std::thread> threads;

        void start(std::size_t count, int niceness);
        void stop();
    };

    template <class Work>
    static boost::asio::awaitable<std::invoke_result_t<Work&>> run(boost::asio::io_context& pool, Work work) {
        using Value = std::invoke_result_t<Work&>;
        struct Outcome {
            std::optional<Value> value;
            std::exception_ptr failure;
        };
        auto outcome = co_await completion_of<Outcome>([&](auto done) {
            boost::asio::post(pool, [&work, done = std::move(done)] {
                Outcome made;
                try {
                    made.value.emplace(work());
                } catch (...) {
                    made.failure = std::current_exception();
                }
                done(std::move(made));
            });
        });
        if (outcome.failure) std::rethrow_exception(outcome.failure);
        co_return std::move(*outcome.value);
    }

    // What it takes where the disk may be waited for goes into the mean that disk_is_quick() looks at.
    template <class Read>
    std::invoke_result_t<Read&> timed(Read& read) {
        const auto start = std::chrono::steady_clock::now();
        auto outcome = read();
        note_time(std::chrono::steady_clock::now() - start);
        return outcome;
    }
    void note_time(std::chrono::nanoseconds took);
    bool disk_is_quick() const;

    Pool computing_;
    Pool analysing_;
    Pool reading_;
    std::atomic<std::uint64_t> waited_ = 0;
    std::atomic<std::int64_t>
        mean_time_ns_; // of the last reads that might wait, the longer ones counting more
};

} // namespace leerspoor::server

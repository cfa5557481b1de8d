#include "conformance/runner.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace leerspoor::conformance {
namespace {

using Clock = std::chrono::steady_clock;

Result run_one(const Requirement& requirement, const Settings& settings, Client& client) {
    const auto start = Clock::now();
    Result result;
    result.requirement = &requirement;
    Context context(settings, client);
    std::vector<Finding> broken_off;
    try {
        requirement.check(context);
    } catch (const Abandoned&) {
        // The finding that ended it is in the context.
    } catch (const Unreachable& error) {
        broken_off.push_back({"", "an answer", error.what()});
    } catch (const std::exception& error) {
        broken_off.push_back({"", "answers that the check can work with", error.what()});
    }
    result.findings = context.findings();
    result.findings.insert(result.findings.end(), broken_off.begin(), broken_off.end());
    result.took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start);
    return result;
}

} // namespace

std::size_t Run::failed() const {
    return static_cast<std::size_t>(std::count_if(
        results.begin(), results.end(), [](const Result& result) { return !result.findings.empty(); }));
}

Run run(const Requirements& requirements, const Settings& settings, unsigned jobs, const Progress& progress) {
    const auto start = Clock::now();
    {
        Client client(settings.server);
        Context(settings, client).send(get("/about"));
    }
    Run run;
    run.results.resize(requirements.size());
    std::atomic<std::size_t> next = 0;
    std::mutex reporting;
    std::size_t done = 0;
    std::size_t failed = 0;
    std::exception_ptr mistake;
    const auto work = [&] {
        Client client(settings.server);
        try {
            for (std::size_t i = next++; i < requirements.size(); i = next++) {
                run.results[i] = run_one(requirements[i], settings, client);
                const std::lock_guard lock(reporting);
                ++done;
                if (!run.results[i].findings.empty()) ++failed;
                if (progress) progress(done, requirements.size(), failed);
            }
        } catch (...) {
            const std::lock_guard lock(reporting);
            mistake = std::current_exception();
            next = requirements.size();
        }
    };
    {
        std::vector<std::jthread> threads;
        const auto count = std::clamp<std::size_t>(jobs, 1, std::max<std::size_t>(requirements.size(), 1));
        for (std::size_t i = 0; i < count; ++i) threads.emplace_back(work);
    }
    if (mistake) std::rethrow_exception(mistake);
    run.took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
    return run;
}

} // namespace leerspoor::conformance

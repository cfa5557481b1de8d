#include "server/demo/demo.hpp"

#include "server/demo/story.hpp"
#include "server/support/random.hpp"
#include "spec/prepare.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>

namespace leerspoor::server::demo {
namespace {

using std::chrono::system_clock;
using storage::RecordKind;

constexpr std::string_view mark = "demo";
constexpr std::uint64_t demo_seed = 20'240'101;
constexpr std::size_t batch = 500;
constexpr auto years = std::chrono::hours(24) * 365 * 3;

spec::Instant now() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(system_clock::now());
}

Result<bool> is_empty(storage::RecordStore& store) {
    storage::Query query;
    query.limit = 1;
    const auto page = store.query_statements(storage::first_store, query);
    if (!page) return page.error();
    return page->statements.empty();
}

// Hands statements over, and waits for the batch before.
class Sender {
  public:
    Sender(storage::RecordStore& store, const Academy& academy)
        : store_(store), authority_(academy.authority()) {}

    Result<void> send(const boost::json::object& statement) {
        auto prepared = spec::prepare_statement(statement, spec::Version::v2_0_0, authority_, random_uuid);
        if (!prepared) return prepared.error();
        waiting_.statements.push_back(std::move(*prepared));
        return waiting_.statements.size() < batch ? Result<void>() : flush();
    }
    Result<void> flush() {
        auto before = settle();
        if (!before || waiting_.statements.empty()) return before;
        std::promise<Result<void>> stored;
        under_way_ = stored.get_future();
        auto promise = std::make_shared<std::promise<Result<void>>>(std::move(stored));
        store_.put_statements(storage::first_store, std::exchange(waiting_, {}),
                              [promise](Result<void> outcome) { promise->set_value(std::move(outcome)); });
        return {};
    }
    Result<void> settle() { return under_way_.valid() ? under_way_.get() : Result<void>(); }

  private:
    storage::RecordStore& store_;
    boost::json::object authority_;
    storage::Submission waiting_;
    std::future<Result<void>> under_way_;
};

Result<void> fill(const std::stop_token& stop, storage::RecordStore& store, const Academy& academy,
                  std::size_t statements) {
    const auto until = now();
    std::vector<Enrolment> enrolments;
    std::vector<Step> steps;
    while (steps.size() < statements) {
        enrolments.push_back(
            enrol(academy, demo_seed, static_cast<std::uint32_t>(enrolments.size()), until - years, until));
        for (const auto& step : story(academy, enrolments.back())) {
            if (step.at <= until) steps.push_back(step);
        }
    }
    std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) { return a.at < b.at; });
    steps.erase(steps.begin(),
                steps.end() - static_cast<std::ptrdiff_t>(statements)); // the oldest beyond them
    Sender sender(store, academy);
    for (const auto& step : steps) {
        if (stop.stop_requested()) break;
        auto sent = sender.send(statement(academy, enrolments[step.enrolment], step));
        if (!sent) return sent;
    }
    auto sent = sender.flush();
    return sent ? sender.settle() : sent;
}

// Somebody who learns now.
struct Learning {
    Enrolment enrolment;
    std::deque<Step> steps;
};

Learning begin(const Academy& academy) {
    Learning learning;
    const auto at = now();
    learning.enrolment =
        enrol(academy, random_uuid().bytes[0] + static_cast<std::uint64_t>(at.time_since_epoch().count()), 0,
              at - std::chrono::hours(1), at);
    for (const auto& step : story(academy, learning.enrolment)) learning.steps.push_back(step);
    return learning;
}

Result<void> trickle(const std::stop_token& stop, storage::RecordStore& store, const Academy& academy) {
    constexpr std::size_t at_once = 6;
    constexpr auto shortest = std::chrono::milliseconds(700);
    std::vector<Learning> learners;
    while (learners.size() < at_once) learners.push_back(begin(academy));
    Sender sender(store, academy);
    Dice dice(static_cast<std::uint64_t>(now().time_since_epoch().count()));
    std::mutex mutex;
    std::condition_variable_any waiting;
    while (!stop.stop_requested()) {
        auto& learner = learners[dice.below(at_once)];
        auto step = learner.steps.front();
        learner.steps.pop_front();
        step.at = now();
        auto sent = sender.send(statement(academy, learner.enrolment, step));
        if (sent) sent = sender.flush();
        if (sent) sent = sender.settle();
        if (!sent) return sent;
        if (learner.steps.empty()) learner = begin(academy);
        std::unique_lock lock(mutex);
        waiting.wait_for(lock, stop, shortest * (1 + dice.below(5)), [] { return false; });
    }
    return {};
}

} // namespace

Result<void> claim(storage::RecordStore& store) {
    const auto marks = store.records(RecordKind::setting);
    if (!marks) return marks.error();
    if (std::any_of(marks->begin(), marks->end(), [](const auto& record) { return record.first == mark; }))
        return {};
    const auto empty = is_empty(store);
    if (!empty) return empty.error();
    if (!*empty)
        return Error{"demo_store_in_use", "",
                     "This data folder holds records of its own; the demonstration wants an empty one."};
    return store.save_record(RecordKind::setting, mark, "{}");
}

void run(const std::stop_token& stop, storage::RecordStore& store, std::size_t statements, Log& log) {
    const Academy academy;
    auto went = [&]() -> Result<void> {
        const auto empty = is_empty(store);
        if (!empty) return empty.error();
        if (*empty) {
            log.event(Level::info, "filling the store with the demonstration", {{"statements", statements}});
            auto filled = fill(stop, store, academy, statements);
            if (!filled) return filled;
            log.event(Level::info, "the demonstration is there");
        }
        return trickle(stop, store, academy);
    }();
    if (!went) log.event(Level::error, "the demonstration ended", {{"reason", went.error().message}});
}

} // namespace leerspoor::server::demo

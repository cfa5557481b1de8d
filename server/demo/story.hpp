// What happens when somebody follows a course: sessions on several days, modules, a test, a class, an
// exercise in VR, a question in the weeks after. Some never finish. The same seed tells the same story.
#pragma once

#include "server/demo/academy.hpp"
#include "spec/base/timestamp.hpp"

#include <cstdint>
#include <random>
#include <vector>

namespace leerspoor::server::demo {

class Dice {
  public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}
    double unit() { return static_cast<double>(random_() >> 11) * 0x1.0p-53; }
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
    bool with(double probability) { return unit() < probability; }
    std::uint64_t bits() { return random_(); }

  private:
    std::mt19937_64 random_;
};

enum class Event : std::uint8_t {
    began,
    resumed,
    suspended,
    module_opened,
    module_done,
    answered,
    tested, // passed or failed
    finished,
    attended,
    exercised,
    followed_up,
};

struct Step {
    spec::Instant at;
    std::uint32_t enrolment = 0; // its number
    Event event = Event::began;
    std::uint8_t part = 0;   // the module or question
    std::uint8_t choice = 0; // of a question
    bool success = false;
    float score = 0;
    std::uint32_t seconds = 0;
};

struct Enrolment {
    std::uint64_t seed = 0; // of the registration and all that happens
    std::uint32_t number = 0;
    std::uint32_t learner = 0;
    std::uint32_t course = 0;
    spec::Instant begin;
};

// A learner and a course that starts at some working hour between `from` and `to`.
Enrolment enrol(const Academy& academy, std::uint64_t seed, std::uint32_t number, spec::Instant from,
                spec::Instant to);
// In order of time.
std::vector<Step> story(const Academy& academy, const Enrolment& enrolment);
// As an LRS receives it, with id, timestamp and registration.
boost::json::object statement(const Academy& academy, const Enrolment& enrolment, const Step& step);

} // namespace leerspoor::server::demo

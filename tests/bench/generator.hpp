// Statements of the academy's learners (cmi5, video and SCORM profiles; xAPI 1.0.3), as many as one asks for.
// The n-th statement is a function of the seed and n: nothing is kept, and what was loaded can be asked for
// again.
//
// Numbers go round sixty-four sessions at a time, a step of each in turn, as learners work side by side.
#pragma once

#include "random.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace leerspoor::bench {

enum class Step {
    launched,
    initialized,
    video_played,
    video_paused,
    video_seeked,
    video_completed,
    experienced,
    answered,
    scored,
    completed,
    terminated,
    attended,
    commented, // on an earlier statement
    mentored,  // a colleague
};

struct Verb {
    std::string_view id;
    std::string_view dutch;
    std::string_view english;
};

// What a statement is about, before it is written down.
struct Moment {
    std::uint64_t number = 0;
    std::uint64_t session = 0;
    std::size_t learner = 0;
    std::size_t course = 0;
    std::size_t module = 0;
    std::size_t item = 0;  // question or meeting
    std::size_t place = 0; // of the step in its session
    Step step = Step::launched;
    bool passed = true;
    bool dutch = true;
};

class Generator {
  public:
    explicit Generator(std::uint64_t seed) : seed_(seed) {}

    // The session's step before this one is so many numbers back.
    static constexpr std::uint64_t sessions_side_by_side = 64;
    // Every statement begins with {"id":" and the UUID at this offset.
    static constexpr std::size_t id_offset = 7;

    void append_statement(std::uint64_t number, std::string& out) const;
    Moment moment(std::uint64_t number) const;

    UuidText statement_id(std::uint64_t number) const { return uuid_text(mix(seed_, 11), number); }
    UuidText registration(std::size_t learner, std::size_t course) const {
        return uuid_text(mix(seed_, 12), learner << 16 | course);
    }
    static Verb verb(const Moment& moment);
    // The statement's object, when it is an activity; else empty.
    static std::string activity(const Moment& moment);

  private:
    std::uint64_t seed_;
};

} // namespace leerspoor::bench

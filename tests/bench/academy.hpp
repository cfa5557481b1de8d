// The learning academy of an invented municipality: who learns there, what there is to learn, and how each is
// named in xAPI. Everything is found by number, popular things first; nothing is kept in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace leerspoor::bench {

inline constexpr std::size_t learner_count = 20'000;
inline constexpr std::size_t team_count = 400;
inline constexpr std::size_t instructor_count = 60;
inline constexpr std::size_t course_count = 600;
inline constexpr std::size_t module_count = 8;    // of a course
inline constexpr std::size_t question_count = 10; // of a module's quiz

// What a course was made with; decides the profile that its statements follow.
enum class Profile { cmi5, scorm, plain };
Profile profile_of(std::size_t course);

struct Title {
    std::string_view dutch;
    std::string_view english;
};

// The parts of a title: "Omgevingswet" and "verdieping".
Title course_topic(std::size_t course);
Title course_level(std::size_t course);

// As JSON objects.
void append_learner(std::string& out, std::size_t learner);
void append_team(std::string& out, std::size_t team);
void append_instructor(std::string& out, std::size_t instructor);

// Activity ids.
void append_course_id(std::string& out, std::size_t course);
void append_module_id(std::string& out, std::size_t course, std::size_t module);
void append_quiz_id(std::string& out, std::size_t course, std::size_t module);
void append_question_id(std::string& out, std::size_t course, std::size_t module, std::size_t question);
void append_video_id(std::string& out, std::size_t course, std::size_t module);
void append_meeting_id(std::string& out, std::size_t course, std::size_t meeting);

void append_number(std::string& out, std::uint64_t number);

// One after the other: text and numbers.
inline void append(std::string& out, std::string_view text) {
    out.append(text);
}
template <class... Parts>
void put(std::string& out, const Parts&... parts) {
    const auto one = [&out](const auto& part) {
        if constexpr (requires { append_number(out, std::uint64_t{part}); }) {
            append_number(out, std::uint64_t{part});
        } else {
            append(out, part);
        }
    };
    (one(parts), ...);
}

} // namespace leerspoor::bench

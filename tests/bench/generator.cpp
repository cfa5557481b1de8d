#include "generator.hpp"

#include "academy.hpp"
#include "statement_parts.hpp"

#include <array>
#include <chrono>

namespace leerspoor::bench {
namespace {

constexpr std::array script = {
    Step::launched,     Step::initialized,  Step::video_played,    Step::video_paused,
    Step::video_seeked, Step::video_played, Step::video_completed, Step::experienced,
    Step::answered,     Step::answered,     Step::answered,        Step::answered,
    Step::answered,     Step::scored,       Step::completed,       Step::terminated,
};
constexpr std::uint64_t round_size = Generator::sessions_side_by_side * script.size();

// 2 September 2024, 08:00 UTC; a statement every 29.5 seconds is a million in a year.
constexpr std::uint64_t first_millisecond = 1'725'264'000'000;
constexpr std::uint64_t milliseconds_apart = 29'500;

void append_timestamp(std::string& out, std::uint64_t milliseconds) {
    using namespace std::chrono;
    const sys_time<std::chrono::milliseconds> instant{std::chrono::milliseconds(milliseconds)};
    const auto day = floor<days>(instant);
    const year_month_day date(day);
    append_padded(out, static_cast<std::uint64_t>(static_cast<int>(date.year())), 1000);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.month()), 10);
    out += '-';
    append_padded(out, static_cast<unsigned>(date.day()), 10);
    out += 'T';
    const auto of_day = static_cast<std::uint64_t>((instant - day).count());
    append_padded(out, of_day / 3'600'000, 10);
    out += ':';
    append_padded(out, of_day / 60'000 % 60, 10);
    out += ':';
    append_padded(out, of_day / 1000 % 60, 10);
    out += '.';
    append_padded(out, of_day % 1000, 100);
    out += 'Z';
}

} // namespace

Verb Generator::verb(const Moment& moment) {
    switch (moment.step) {
    case Step::launched:
        return {"http://adlnet.gov/expapi/verbs/launched", "startte", "launched"};
    case Step::initialized:
        return {"http://adlnet.gov/expapi/verbs/initialized", "begon", "initialized"};
    case Step::video_played:
        return {"https://w3id.org/xapi/video/verbs/played", "speelde af", "played"};
    case Step::video_paused:
        return {"https://w3id.org/xapi/video/verbs/paused", "pauzeerde", "paused"};
    case Step::video_seeked:
        return {"https://w3id.org/xapi/video/verbs/seeked", "spoelde", "seeked"};
    case Step::experienced:
        return {"http://adlnet.gov/expapi/verbs/experienced", "bekeek", "experienced"};
    case Step::answered:
        return {"http://adlnet.gov/expapi/verbs/answered", "antwoordde", "answered"};
    case Step::scored:
        if (moment.passed) return {"http://adlnet.gov/expapi/verbs/passed", "slaagde voor", "passed"};
        return {"http://adlnet.gov/expapi/verbs/failed", "zakte voor", "failed"};
    case Step::video_completed:
    case Step::completed:
        return {"http://adlnet.gov/expapi/verbs/completed", "voltooide", "completed"};
    case Step::terminated:
        return {"http://adlnet.gov/expapi/verbs/terminated", "sloot af", "terminated"};
    case Step::attended:
        return {"http://adlnet.gov/expapi/verbs/attended", "was aanwezig bij", "attended"};
    case Step::commented:
        return {"http://adlnet.gov/expapi/verbs/commented", "becommentarieerde", "commented"};
    case Step::mentored:
        return {"http://id.tincanapi.com/verb/mentored", "begeleidde", "mentored"};
    }
    return {};
}

std::string Generator::activity(const Moment& moment) {
    std::string id;
    switch (moment.step) {
    case Step::commented:
    case Step::mentored:
        break;
    case Step::answered:
        append_question_id(id, moment.course, moment.module, moment.item);
        break;
    case Step::scored:
        append_quiz_id(id, moment.course, moment.module);
        break;
    case Step::video_played:
    case Step::video_paused:
    case Step::video_seeked:
    case Step::video_completed:
        append_video_id(id, moment.course, moment.module);
        break;
    case Step::attended:
        append_meeting_id(id, moment.course, moment.item);
        break;
    default:
        append_module_id(id, moment.course, moment.module);
    }
    return id;
}

Moment Generator::moment(std::uint64_t number) const {
    Moment moment;
    moment.number = number;
    moment.session = number / round_size * sessions_side_by_side + number % sessions_side_by_side;
    moment.place = static_cast<std::size_t>(number / sessions_side_by_side % script.size());
    Dice session(mix(seed_ ^ 21, moment.session));
    moment.learner = session.active(learner_count);
    moment.course = session.popular(course_count);
    moment.module = session.below(module_count);
    moment.dutch = !session.one_in(5);
    const bool meeting = session.one_in(40);
    const std::size_t first_question = session.below(question_count);

    Dice dice(mix(seed_ ^ 22, number));
    moment.step = script[moment.place];
    moment.item = (first_question + moment.place) % question_count;
    moment.passed = !dice.one_in(4);
    if (meeting) {
        moment.step = Step::attended;
        moment.learner = (moment.learner + moment.place) % learner_count; // the list of those present
        moment.item = first_question;
    }
    if (dice.one_in(400) && number >= sessions_side_by_side) moment.step = Step::commented;
    if (dice.one_in(5000)) moment.step = Step::mentored;
    return moment;
}

void Generator::append_statement(std::uint64_t number, std::string& out) const {
    const Moment what = moment(number);
    Dice dice(mix(seed_ ^ 23, number));
    put(out, R"({"id":")");
    append(out, text_of(statement_id(number)));
    put(out, R"(","timestamp":")");
    append_timestamp(out, first_millisecond + number * milliseconds_apart + dice.below(milliseconds_apart));
    put(out, R"(","actor":)");
    append_learner(out, what.learner);
    const Verb word = verb(what);
    put(out, R"(,"verb":{"id":")", word.id, R"(","display":{"nl":")", word.dutch, R"(","en":")", word.english,
        R"("}},)");
    append_object(out, what, *this);
    put(out, ",");
    append_result(out, what, dice);
    append_context(out, what, *this);
}

} // namespace leerspoor::bench

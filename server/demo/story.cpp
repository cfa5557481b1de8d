#include "server/demo/story.hpp"

#include "spec/base/uuid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <date/date.h>
#include <date/tz.h>
#include <numeric>

namespace leerspoor::server::demo {
namespace {

namespace json = boost::json;
using std::chrono::hours;
using std::chrono::seconds;

// How much is learnt in each hour of a working day, and on each day from Monday on, and in each month.
constexpr std::array<double, 24> by_hour = {0,  0,  0,  0,  0,  0,  .1, .4, .8, 1,  1,  .8,
                                            .3, .7, .9, .9, .6, .3, .1, .2, .3, .2, .1, 0};
constexpr std::array<double, 7> by_weekday = {.8, 1, .8, 1, .6, .08, .1};
constexpr std::array<double, 12> by_month = {.9, 1, 1, .8, .7, .9, .35, .4, 1, 1, 1, .6};

const date::time_zone& zone() {
    static const auto* const amsterdam = date::locate_zone("Europe/Amsterdam");
    return *amsterdam;
}

std::size_t some_hour(Dice& dice) {
    double drawn = dice.unit() * std::accumulate(by_hour.begin(), by_hour.end(), 0.0);
    std::size_t hour = 0;
    for (; hour + 1 < by_hour.size(); ++hour) {
        drawn -= by_hour[hour];
        if (drawn < 0) break;
    }
    return hour;
}

// The next moment at which somebody learns: some hour of a day that is not too quiet.
spec::Instant at_work(Dice& dice, spec::Instant at) {
    auto day = date::floor<date::days>(zone().to_local(std::chrono::floor<seconds>(at)));
    for (;; day += date::days(1)) {
        const date::year_month_day on{day};
        const auto weekday = date::weekday(day).iso_encoding() - 1;
        const auto chance = by_weekday[weekday] * by_month[static_cast<unsigned>(on.month()) - 1];
        const auto moment = day + hours(some_hour(dice)) + seconds(dice.below(3600));
        if (!dice.with(chance)) continue;
        const spec::Instant instant = zone().to_sys(moment, date::choose::latest);
        if (instant >= at) return instant;
    }
}

spec::Uuid uuid_of(std::uint64_t seed) {
    Dice dice(seed);
    std::array<std::uint8_t, 16> bytes{};
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(dice.below(256));
    return spec::uuid_from_random(bytes);
}

double logistic(double x) {
    return 1 / (1 + std::exp(-x));
}

// How able somebody is, about -1.5 to 1.5: each learner's own, and each team's.
double ability(const Academy& academy, std::uint32_t learner) {
    Dice own(learner * 7919u + 1);
    Dice team(academy.team_of(learner) * 104729u + 5);
    return own.unit() + own.unit() + own.unit() - 1.5 + (team.unit() - 0.5);
}

class Teller {
  public:
    Teller(const Academy& academy, const Enrolment& enrolment)
        : enrolment_(enrolment), course_(academy.courses()[enrolment.course]), dice_(enrolment.seed),
          able_(ability(academy, enrolment.learner)), at_(enrolment.begin) {}

    std::vector<Step> tell() {
        add(Event::began);
        if (modules() && test()) afterwards();
        return std::move(steps_);
    }

  private:
    Step& add(Event event, std::size_t part = 0) {
        Step step;
        step.at = at_;
        step.enrolment = enrolment_.number;
        step.event = event;
        step.part = static_cast<std::uint8_t>(part);
        steps_.push_back(step);
        return steps_.back();
    }
    void pause(std::size_t at_least, std::size_t more) { at_ += seconds(at_least + dice_.below(more)); }
    void later(std::size_t days) { at_ = at_work(dice_, at_ + hours(10 + 24 * dice_.below(days))); }

    bool modules() {
        for (std::size_t i = 0; i < course_.modules.size(); ++i) {
            pause(5, 60);
            add(Event::module_opened, i);
            pause(240, 900);
            const bool goes_on = dice_.with(0.94 + 0.02 * able_);
            if (!goes_on) {
                add(Event::suspended);
                if (dice_.with(0.6)) return false; // and is not seen again
                later(14);
                add(Event::resumed);
                pause(200, 600);
            }
            add(Event::module_done, i).seconds = static_cast<std::uint32_t>(240 + dice_.below(900));
            if (i + 1 < course_.modules.size() && dice_.with(0.25)) {
                pause(2, 20);
                add(Event::suspended);
                later(5);
                add(Event::resumed);
            }
        }
        return true;
    }

    bool test() {
        for (std::size_t attempt = 0; attempt < 3; ++attempt) {
            std::size_t right = 0;
            for (std::size_t i = 0; i < course_.questions.size(); ++i) {
                const auto& question = course_.questions[i];
                const auto took = 12 + dice_.below(20 + static_cast<std::size_t>(question.hard * 90));
                at_ += seconds(took);
                const double chance =
                    logistic(1.6 * able_ + 2.6 * (0.72 - question.hard) + 0.9 * static_cast<double>(attempt));
                Step& step = add(Event::answered, i);
                step.seconds = static_cast<std::uint32_t>(took);
                step.success = dice_.with(chance);
                if (step.success) {
                    ++right;
                } else {
                    const auto wrong =
                        dice_.with(0.7) ? question.trap : 1 + dice_.below(question.choices.size() - 1);
                    step.choice = static_cast<std::uint8_t>(wrong);
                }
            }
            pause(3, 30);
            Step& tested = add(Event::tested);
            tested.score = static_cast<float>(right) / static_cast<float>(course_.questions.size());
            tested.success = tested.score >= 0.6F;
            tested.seconds = static_cast<std::uint32_t>(60 + dice_.below(400));
            if (tested.success) return true;
            if (dice_.with(0.25)) return false;
            if (dice_.with(0.5)) later(7);
            pause(60, 300);
        }
        return false;
    }

    void afterwards() {
        pause(2, 10);
        const auto whole = static_cast<std::uint32_t>(900 * course_.modules.size() + dice_.below(1800));
        add(Event::finished).seconds = whole;
        if (course_.headset && dice_.with(0.7)) {
            later(20);
            Step& step = add(Event::exercised);
            step.score =
                static_cast<float>(std::clamp(0.6 + 0.15 * able_ + 0.35 * (dice_.unit() - 0.5), 0.0, 1.0));
            step.success = step.score >= 0.55F;
            step.seconds = static_cast<std::uint32_t>(300 + dice_.below(600));
        }
        if (course_.meeting && dice_.with(0.8)) {
            later(25);
            add(Event::attended).seconds = 4 * 3600;
        }
        for (std::size_t week = 0; course_.follow_up && week < 6; ++week) {
            at_ = at_work(dice_, at_ + hours(24 * 6));
            if (!dice_.with(0.75 - 0.07 * static_cast<double>(week))) continue;
            const double applied =
                1 + 3 * logistic(able_ - 0.5 + 0.25 * static_cast<double>(week) + dice_.unit());
            add(Event::followed_up).choice =
                static_cast<std::uint8_t>(std::clamp(std::lround(applied), 1L, 4L));
        }
    }

    const Enrolment& enrolment_;
    const Course& course_;
    Dice dice_;
    double able_;
    spec::Instant at_;
    std::vector<Step> steps_;
};

struct Verb {
    const char* id;
    const char* dutch;
    const char* english;
};

// How each event is said; failing a test is the last.
constexpr std::array<Verb, 12> verbs = {{
    {"http://adlnet.gov/expapi/verbs/initialized", "begon aan", "started"},
    {"http://adlnet.gov/expapi/verbs/resumed", "hervatte", "resumed"},
    {"http://adlnet.gov/expapi/verbs/suspended", "onderbrak", "suspended"},
    {"http://adlnet.gov/expapi/verbs/experienced", "bekeek", "experienced"},
    {"http://adlnet.gov/expapi/verbs/completed", "voltooide", "completed"},
    {"http://adlnet.gov/expapi/verbs/answered", "beantwoordde", "answered"},
    {"http://adlnet.gov/expapi/verbs/passed", "haalde", "passed"},
    {"http://adlnet.gov/expapi/verbs/completed", "voltooide", "completed"},
    {"http://adlnet.gov/expapi/verbs/attended", "woonde bij", "attended"},
    {"http://adlnet.gov/expapi/verbs/completed", "voltooide", "completed"},
    {"http://adlnet.gov/expapi/verbs/responded", "antwoordde op", "responded to"},
    {"http://adlnet.gov/expapi/verbs/failed", "haalde niet", "failed"},
}};

json::object verb_of(const Step& step) {
    const bool failed = step.event == Event::tested && !step.success;
    const auto& verb = failed ? verbs.back() : verbs[static_cast<std::size_t>(step.event)];
    return {{"id", verb.id}, {"display", {{"nl", verb.dutch}, {"en", verb.english}}}};
}

json::object object_of(const Academy& academy, const Course& course, const Step& step) {
    switch (step.event) {
    case Event::module_opened:
    case Event::module_done:
        return academy.module(course, step.part);
    case Event::answered:
        return academy.question(course, step.part);
    case Event::tested:
        return academy.quiz(course);
    case Event::attended:
        return academy.meeting(course);
    case Event::exercised:
        return academy.exercise(course);
    case Event::followed_up:
        return academy.follow_up(course);
    default:
        return academy.course(course);
    }
}

std::string duration_of(std::uint32_t taken) {
    constexpr std::uint32_t minute = 60;
    const auto rest = "PT" + std::to_string(taken / minute) + "M";
    return taken < minute ? "PT" + std::to_string(taken) + "S" : rest + std::to_string(taken % minute) + "S";
}

json::object result_of(const Step& step) {
    json::object result;
    if (step.event == Event::answered) {
        result["response"] = Academy::choice_id(step.choice);
        result["success"] = step.success;
    } else if (step.event == Event::followed_up) {
        result["response"] = std::to_string(step.choice);
    } else if (step.event == Event::tested || step.event == Event::exercised) {
        const double scaled = std::round(static_cast<double>(step.score) * 100) / 100;
        result["score"] = {{"scaled", scaled}, {"raw", std::lround(scaled * 100)}, {"min", 0}, {"max", 100}};
        result["success"] = step.success;
    }
    if (step.event == Event::module_done || step.event == Event::finished || step.event == Event::exercised)
        result["completion"] = true;
    if (step.seconds > 0) result["duration"] = duration_of(step.seconds);
    return result;
}

json::object reference_to(const json::object& activity) {
    return {{"objectType", "Activity"}, {"id", activity.at("id")}};
}

} // namespace

Enrolment enrol(const Academy& academy, std::uint64_t seed, std::uint32_t number, spec::Instant from,
                spec::Instant to) {
    Dice dice(seed ^ (number * 0x9e3779b97f4a7c15u));
    Enrolment made;
    made.number = number;
    made.seed = dice.bits();
    // A few learn much, and the academy grows.
    made.learner =
        static_cast<std::uint32_t>(static_cast<double>(academy.learners()) * std::pow(dice.unit(), 1.4));
    const double part = std::pow(dice.unit(), 0.75);
    double weights = 0;
    for (const auto& course : academy.courses()) weights += course.since <= part ? course.weight : 0;
    double drawn = dice.unit() * weights;
    for (std::size_t i = 0; i < academy.courses().size(); ++i) {
        const auto& course = academy.courses()[i];
        if (course.since > part) continue;
        made.course = static_cast<std::uint32_t>(i);
        drawn -= course.weight;
        if (drawn < 0) break;
    }
    const auto length = static_cast<double>((to - from).count());
    made.begin = at_work(dice, from + std::chrono::microseconds(static_cast<std::int64_t>(part * length)));
    return made;
}

std::vector<Step> story(const Academy& academy, const Enrolment& enrolment) {
    return Teller(academy, enrolment).tell();
}

json::object statement(const Academy& academy, const Enrolment& enrolment, const Step& step) {
    const auto& course = academy.courses()[enrolment.course];
    const bool in_vr = step.event == Event::exercised;
    const auto at = static_cast<std::uint64_t>(step.at.time_since_epoch().count());
    json::object made;
    made["id"] = spec::to_string(
        uuid_of(enrolment.seed ^ at ^ (std::uint64_t{static_cast<std::uint8_t>(step.event)} << 56)));
    // The headsets know people by their mailbox only.
    made["actor"] = in_vr ? academy.learner_by_mail(enrolment.learner) : academy.learner(enrolment.learner);
    made["verb"] = verb_of(step);
    made["object"] = object_of(academy, course, step);
    if (auto result = result_of(step); !result.empty()) made["result"] = std::move(result);

    json::object context;
    context["registration"] = spec::to_string(uuid_of(enrolment.seed));
    context["platform"] = in_vr ? "VR" : step.event == Event::attended ? "Trainingscentrum" : "E-learning";
    context["language"] = enrolment.learner % 9 == 0 ? "en" : "nl";
    context["team"] = academy.team(academy.team_of(enrolment.learner));
    if (step.event == Event::attended) context["instructor"] = academy.instructor(enrolment.course);
    json::object activities;
    if (made["object"].get_object().at("id") != json::value(course.id)) {
        const bool asked = step.event == Event::answered;
        activities["parent"] =
            json::array{reference_to(asked ? academy.quiz(course) : academy.course(course))};
    }
    activities["grouping"] = json::array{reference_to(academy.course(course))};
    context["contextActivities"] = std::move(activities);
    made["context"] = std::move(context);
    made["timestamp"] = spec::format_timestamp(step.at);
    return made;
}

} // namespace leerspoor::server::demo

#include "statement_parts.hpp"

#include "academy.hpp"
#include "interactions.hpp"

namespace leerspoor::bench {
namespace {

// In the two languages, as "name":{...}.
void append_name(std::string& out, const Moment& moment, std::string_view dutch, std::string_view english) {
    const Title topic = course_topic(moment.course);
    const Title level = course_level(moment.course);
    put(out, R"("name":{"nl-NL":")", dutch, topic.dutch, ", ", level.dutch, R"(","en-GB":")", english,
        topic.english, ", ", level.english, R"("})");
}

bool opens_or_closes(Step step) {
    return step == Step::launched || step == Step::initialized || step == Step::completed;
}

void append_course(std::string& out, const Moment& moment) {
    put(out, R"({"id":")");
    append_course_id(out, moment.course);
    put(out, R"(","definition":{"type":"http://adlnet.gov/expapi/activities/course")");
    if (opens_or_closes(moment.step)) {
        put(out, ",");
        append_name(out, moment, "", "");
    }
    put(out, "}}");
}

void append_module(std::string& out, const Moment& moment) {
    put(out, R"({"id":")");
    append_module_id(out, moment.course, moment.module);
    put(out, R"(","definition":{"type":"http://adlnet.gov/expapi/activities/module"}})");
}

void append_definition(std::string& out, const Moment& moment) {
    const auto with = [&](std::string_view type, std::string_view dutch, std::string_view english) {
        put(out, R"("definition":{"type":")", type, R"(",)");
        append_name(out, moment, dutch, english);
    };
    switch (moment.step) {
    case Step::answered:
        with("http://adlnet.gov/expapi/activities/cmi.interaction", "Vraag over ", "Question on ");
        put(out, ",");
        append_interaction(out, moment.item);
        break;
    case Step::scored:
        with("http://adlnet.gov/expapi/activities/assessment", "Toets ", "Quiz on ");
        break;
    case Step::video_played:
    case Step::video_paused:
    case Step::video_seeked:
    case Step::video_completed:
        with("https://w3id.org/xapi/video/activity-type/video", "Video: ", "Video: ");
        break;
    case Step::attended:
        with("http://adlnet.gov/expapi/activities/meeting", "Bijeenkomst ", "Meeting on ");
        break;
    default:
        with("http://adlnet.gov/expapi/activities/lesson", "Les ", "Lesson on ");
        if (!opens_or_closes(moment.step)) break;
        put(out, R"(,"description":{"nl-NL":"Na deze les past u de hoofdlijnen toe in uw eigen werk.",)"
                 R"("en-GB":"After this lesson you use the essentials in your own work."})");
    }
    put(out, "}");
}

void append_score(std::string& out, std::size_t raw) {
    put(out, R"("score":{"scaled":0.)");
    append_padded(out, raw, 10);
    put(out, R"(,"raw":)", raw, R"(,"min":0,"max":100})");
}

void append_duration(std::string& out, Dice& dice) {
    put(out, R"("duration":"PT)", dice.below(55) + 1, "M", dice.below(60), ".", dice.below(10), R"(S")");
}

void append_context_activities(std::string& out, const Moment& moment) {
    put(out, R"("contextActivities":{"parent":[)");
    append_module(out, moment);
    put(out, R"(],"grouping":[)");
    append_course(out, moment);
    put(out, R"(],"category":[)");
    switch (profile_of(moment.course)) {
    case Profile::cmi5:
        put(out, R"({"id":"https://w3id.org/xapi/cmi5/context/categories/cmi5"})");
        if (moment.step == Step::completed || moment.step == Step::scored) {
            put(out, R"(,{"id":"https://w3id.org/xapi/cmi5/context/categories/moveon"})");
        }
        break;
    case Profile::scorm:
        put(out, R"({"id":"https://w3id.org/xapi/scorm"})");
        break;
    case Profile::plain:
        put(out, R"({"id":"https://leren.gemeente.example/profiel/1.2"})");
        break;
    }
    if (moment.step >= Step::video_played && moment.step <= Step::video_completed) {
        put(out, R"(,{"id":"https://w3id.org/xapi/video"})");
    }
    put(out, "]},");
}

} // namespace

void append_padded(std::string& out, std::uint64_t number, std::uint64_t highest) {
    for (; highest > 0; highest /= 10) out += static_cast<char>('0' + number / highest % 10);
}

void append_object(std::string& out, const Moment& moment, const Generator& generator) {
    if (moment.step == Step::commented) {
        put(out, R"("object":{"objectType":"StatementRef","id":")");
        append(out, text_of(generator.statement_id(moment.number - Generator::sessions_side_by_side)));
        put(out, R"("})");
        return;
    }
    if (moment.step == Step::mentored) {
        put(out, R"("object":)");
        append_learner(out, (moment.learner + 7) % learner_count);
        return;
    }
    put(out, R"("object":{"objectType":"Activity","id":")", Generator::activity(moment), R"(",)");
    append_definition(out, moment);
    put(out, "}");
}

void append_result(std::string& out, const Moment& moment, Dice& dice) {
    constexpr std::string_view yes = "true";
    constexpr std::string_view no = "false";
    switch (moment.step) {
    case Step::answered:
        put(out, R"("result":{"success":)", moment.passed ? yes : no, R"(,"response":)");
        append_response(out, moment.item, moment.passed);
        put(out, ",");
        append_duration(out, dice);
        put(out, "},");
        break;
    case Step::scored:
        put(out, R"("result":{)");
        append_score(out, moment.passed ? 55 + dice.below(45) : 10 + dice.below(45));
        put(out, R"(,"success":)", moment.passed ? yes : no, ",");
        append_duration(out, dice);
        put(out, "},");
        break;
    case Step::completed:
    case Step::attended:
        put(out, R"("result":{"completion":true,)");
        append_duration(out, dice);
        put(out, "},");
        break;
    case Step::terminated:
        put(out, R"("result":{)");
        append_duration(out, dice);
        put(out, "},");
        break;
    case Step::commented:
        put(out, R"("result":{"response":)",
            moment.dutch ? R"("Duidelijk voorbeeld, hier kan ik morgen mee aan de slag.")"
                         : R"("Clear example, I can use this tomorrow.")",
            "},");
        break;
    case Step::video_played:
    case Step::video_paused:
    case Step::video_seeked:
    case Step::video_completed: {
        const std::size_t at = dice.below(540) + 30;
        put(out, R"("result":{"extensions":{"https://w3id.org/xapi/video/extensions/)",
            moment.step == Step::video_seeked ? "time-from" : "time", R"(":)", at, ".", dice.below(999) + 1,
            R"(,"https://w3id.org/xapi/video/extensions/progress":0.)", at,
            R"(,)"
            R"("https://w3id.org/xapi/video/extensions/played-segments":"0[.])",
            at, R"("}},)");
        break;
    }
    default:
        break;
    }
}

void append_context(std::string& out, const Moment& moment, const Generator& generator) {
    put(out, R"("context":{"registration":")");
    append(out, text_of(generator.registration(moment.learner, moment.course)));
    put(out, R"(",)");
    append_context_activities(out, moment);
    if (moment.step == Step::attended) {
        put(out, R"("instructor":)");
        append_instructor(out, moment.course % instructor_count);
        put(out, ",");
    }
    if (moment.step == Step::attended || moment.learner % 3 == 0) {
        put(out, R"("team":)");
        append_team(out, moment.learner % team_count);
        put(out, ",");
    }
    if (moment.step != Step::commented && moment.step != Step::mentored) {
        put(out, R"("platform":"Academie Leeromgeving","revision":"2024.)", moment.course % 12 + 1, R"(",)");
    }
    put(out, R"("language":")", moment.dutch ? "nl-NL" : "en-GB",
        R"(","extensions":{"https://w3id.org/xapi/cmi5/context/extensions/sessionid":"s-)", moment.session,
        R"(","https://leren.gemeente.example/extensies/apparaat":)",
        moment.session % 3 == 0 ? R"("telefoon")" : R"("werkplek")", "}}}");
}

} // namespace leerspoor::bench

// Courses as pure functions: what manifests say, what units of cmi5 may say, what SCOs have said.
#include "spec/base/json.hpp"
#include "spec/base/uuid.hpp"
#include "spec/courses/cmi5.hpp"
#include "spec/courses/manifest.hpp"
#include "spec/courses/scorm.hpp"
#include "spec/validate.hpp"

#include <catch2/catch.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

using namespace leerspoor;
using namespace leerspoor::spec::courses;
namespace json = boost::json;

namespace {

PackageFiles files_of(const std::vector<std::string>& names) {
    PackageFiles files;
    for (const auto& name : names) REQUIRE(files.add(name).has_value());
    return files;
}

std::string scorm_manifest(const std::string& version, const std::string& items,
                           const std::string& more = "") {
    return R"(<?xml version="1.0"?>
<manifest identifier="m" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"
  xmlns:imsss="http://www.imsglobal.org/xsd/imsss" xmlns:lom="http://ltsc.ieee.org/xsd/LOM">
<metadata><schema>ADL SCORM</schema><schemaversion>)" +
           version +
           R"(</schemaversion><lom:lom><lom:general><lom:title><lom:string language="nl">Brand</lom:string>
<lom:string language="en">Fire</lom:string></lom:title></lom:general></lom:lom></metadata>
<organizations default="o"><organization identifier="o"><title>T</title>)" +
           items + R"(</organization></organizations><resources xml:base="content/">
<resource identifier="r" type="webcontent" adlcp:scormType="sco" href="a.html?x=1#top"><file href="a.html"/><dependency identifierref="shared"/></resource>
<resource identifier="shared" type="webcontent" adlcp:scormType="asset"><file href="shared.js"/></resource></resources>)" +
           more + "</manifest>";
}

Course read(const std::string& xml, Report& report) {
    auto course =
        read_scorm(xml, "imsmanifest.xml", files_of({"content/a.html", "content/shared.js"}), report);
    INFO((course ? "" : course.error().message));
    REQUIRE(course.has_value());
    return *course;
}

std::string text(const json::value& value) {
    return json::serialize(value);
}

} // namespace

TEST_CASE("A SCORM manifest is read whole: titles, items, resources, bases, parameters, what is asked of a "
          "learner") {
    Report report;
    const auto course = read(
        scorm_manifest(
            "1.2",
            R"(<item identifier="a" identifierref="r" parameters="?y=2" isvisible="false"><title>A</title>
<adlcp:prerequisites type="aicc_script">b&amp;c</adlcp:prerequisites><adlcp:maxtimeallowed>0000:30:00</adlcp:maxtimeallowed>
<adlcp:timelimitaction>exit,message</adlcp:timelimitaction><adlcp:datafromlms>data</adlcp:datafromlms>
<adlcp:masteryscore>75</adlcp:masteryscore></item><item identifier="g"><title>G</title><item identifier="b" identifierref="r"><title>B</title></item></item>)"),
        report);
    CHECK(course.kind == CourseKind::scorm_1_2);
    CHECK(text(course.title) == R"({"nl":"Brand","en":"Fire"})");
    REQUIRE(course.nodes.size() == 2);
    const auto& a = course.nodes[0];
    CHECK(a.href == "content/a.html?x=1&y=2#top");
    CHECK(a.is_sco);
    CHECK_FALSE(a.is_visible);
    CHECK(a.prerequisites == "b&c");
    CHECK(a.max_time_allowed == "0000:30:00");
    CHECK(a.time_limit_action == "exit,message");
    CHECK(a.data_from_lms == "data");
    CHECK(a.mastery_score == 0.75);
    CHECK(ancestors_of(course, "b").front()->id == "g");
    CHECK(launchable_nodes(course).size() == 2);
    // What is kept is the same once more.
    const auto again = course_from_json(to_json(course));
    REQUIRE(again.has_value());
    CHECK(text(to_json(*again)) == text(to_json(course)));
    CHECK_FALSE(course_from_json({{"kind", "cmi5"}}).has_value());
}

TEST_CASE("Editions of SCORM 2004 are told apart, and sequencing is read as the engine wants it") {
    for (const auto& [version, edition] :
         {std::pair{"2004 3rd Edition", "2004 3rd Edition"},
          std::pair{"2004 4th Edition", "2004 4th Edition"}, std::pair{"CAM 1.3", "2004 2nd Edition"}}) {
        Report report;
        const auto course = read(
            scorm_manifest(
                version, R"(<item identifier="a" identifierref="r"><title>A</title>
<adlcp:completionThreshold>0.5</adlcp:completionThreshold>
<imsss:sequencing IDRef="s"><imsss:limitConditions attemptLimit="2"/><imsss:objectives><imsss:primaryObjective objectiveID="p" satisfiedByMeasure="true">
<imsss:minNormalizedMeasure>0.8</imsss:minNormalizedMeasure><imsss:mapInfo targetObjectiveID="g" writeSatisfiedStatus="true"/></imsss:primaryObjective></imsss:objectives></imsss:sequencing></item>
<imsss:sequencing><imsss:controlMode choice="false" flow="true"/></imsss:sequencing>)",
                R"(<imsss:sequencingCollection><imsss:sequencing ID="s"><imsss:controlMode forwardOnly="true"/>
<imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions conditionCombination="any"><imsss:ruleCondition operator="not" condition="completed"/></imsss:ruleConditions>
<imsss:ruleAction action="skip"/></imsss:preConditionRule></imsss:sequencingRules></imsss:sequencing></imsss:sequencingCollection>)"),
            report);
        CHECK(course.kind == CourseKind::scorm_2004);
        CHECK(course.edition == edition);
        CHECK(course.nodes[0].completion_threshold == 0.5);
        CHECK(text(course.sequencing) == R"({"sequencingControls":{"choice":false,"flow":true}})");
        const auto& sequencing = course.nodes[0].sequencing;
        CHECK(text(sequencing.at("sequencingControls")) == R"({"forwardOnly":true})");
        CHECK(sequencing.at("attemptLimit") == json::value(2.0));
        CHECK(
            text(sequencing.at("sequencingRules")) ==
            R"({"preConditionRules":[{"action":"skip","conditionCombination":"any","conditions":[{"condition":"completed","operator":"not"}]}]})");
        CHECK(text(sequencing.at("primaryObjective").at("mapInfo")) ==
              R"([{"targetObjectiveID":"g","writeSatisfiedStatus":true}])");
        CHECK(report.warnings().empty());
    }
}

TEST_CASE("Names in packages: what leads out is refused, references find what they mean") {
    for (const std::string_view bad :
         {"../a", "/a", "a/../../b", "C:/x", "c:\\x", "\\x", "a\x01", "", "..", "."})
        CHECK_FALSE(package_path(bad).has_value());
    CHECK(*package_path("a\\b/./c.html") == "a/b/c.html");
    PackageFiles files = files_of({"Res/Pic.PNG", "b c.html"});
    CHECK_FALSE(files.add("res/pic.png").has_value());
    Report report;
    CHECK(files.find("res/pic.png?v=1#x", "m.xml:1", &report) == "Res/Pic.PNG");
    CHECK(report.count() == 1);
    CHECK(files.find("b%20c.html", "m.xml:1") == "b c.html");
    CHECK_FALSE(files.find("none", "m.xml:1").has_value());
    CHECK(resolve("a/b", "../c/x.html?y#z") == "a/c/x.html?y#z");
    CHECK(resolve("a", "../../../x") == "x");
    CHECK(resolve("a", "https://x.example/y") == "https://x.example/y");
    CHECK(files.below("res").names() == std::vector<std::string>{"Pic.PNG"});
}

TEST_CASE("Responses of SCORM 1.2 become patterns of xAPI, those of 2004 are") {
    const auto one = [](std::string_view type, std::string_view response) {
        return response_of(CourseKind::scorm_1_2, type, response);
    };
    CHECK(one("choice", "a") == "a");
    CHECK(one("choice", "a,b") == "a[,]b");
    CHECK(one("choice", "{a,b}") == "a[,]b");
    CHECK(one("matching", "a.1,b.2") == "a[.]1[,]b[.]2");
    CHECK(one("performance", "x,y") == "1[.]x[,]2[.]y");
    CHECK(one("true-false", "t") == "true");
    CHECK(one("true-false", "0") == "false");
    CHECK(one("fill-in", "a,b") == "a,b");
    CHECK(response_of(CourseKind::scorm_2004, "choice", "a[,]b") == "a[,]b");
}

TEST_CASE("Times of both standards are read and written") {
    using std::chrono::milliseconds;
    CHECK(timespan_of("0001:02:03.45") == milliseconds(3'723'450));
    CHECK(timespan_of("PT1H2M3.45S") == milliseconds(3'723'450));
    for (const std::string_view bad : {"", "1:2", "a:b:c", "-1:00:00", "P1M", "PT"})
        CHECK_FALSE(timespan_of(bad).has_value());
    CHECK(timespan_text(CourseKind::scorm_1_2, milliseconds(3'723'450)) == "0001:02:03.45");
    CHECK(timespan_text(CourseKind::scorm_2004, milliseconds(3'723'450)) == "PT1H2M3.45S");
    CHECK(timespan_text(CourseKind::scorm_2004, milliseconds(0)) == "PT0S");
}

namespace {

ScoAttempt attempt(CourseKind kind) {
    ScoAttempt attempt;
    attempt.kind = kind;
    attempt.actor = {{"account", {{"homePage", "https://x.example"}, {"name", "a"}}}};
    attempt.registration = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee";
    attempt.session = "7790e6c9-3ef0-4ed3-8b37-7f3964730bee";
    attempt.course = "https://x.example/c";
    attempt.sco = "https://x.example/c/s";
    attempt.attempt = "https://x.example/c/s?attemptId=1";
    return attempt;
}

std::vector<std::string> verbs_of(const std::vector<json::object>& statements) {
    std::vector<std::string> verbs;
    for (const auto& statement : statements) {
        REQUIRE(spec::validate_statement(statement, spec::Version::v1_0_3).has_value());
        const std::string iri(statement.at("verb").at("id").as_string());
        verbs.push_back(iri.substr(iri.rfind('/') + 1));
    }
    return verbs;
}

} // namespace

TEST_CASE("What changed between two commits becomes valid statements, with ids that what happened gives") {
    using Verbs = std::vector<std::string>;
    const auto of = attempt(CourseKind::scorm_1_2);
    const CmiModel before{{"cmi.core.lesson_status", "incomplete"}};
    CmiModel after = before;
    after["cmi.core.lesson_status"] = "passed";
    after["cmi.core.score.raw"] = "80";
    after["cmi.interactions.0.id"] = "q 1";
    after["cmi.interactions.0.type"] = "choice";
    after["cmi.interactions.0.student_response"] = "a,b";
    after["cmi.interactions.0.correct_responses.0.pattern"] = "a,c";
    after["cmi.interactions.0.result"] = "wrong";
    after["cmi.interactions.0.latency"] = "0000:00:01.50";
    after["cmi.objectives.0.id"] = "o";
    after["cmi.objectives.0.status"] = "completed";
    after["cmi.comments"] = "fine";
    const ScoStep step{.initialized = true, .resumed = false, .terminated = true, .at = {}, .began = {}};
    const auto told = statements_of(of, step, before, after);
    CHECK(verbs_of(told) ==
          Verbs{"initialized", "responded", "completed", "commented", "passed", "terminated"});
    CHECK(text(told[1].at("result")) == R"({"response":"a[,]b","success":false,"duration":"PT1.5S"})");
    CHECK(told[1].at("object").at("id") == "https://x.example/c/s/interactions/q%201");
    CHECK(text(told[1].at("object").at("definition").at("correctResponsesPattern")) == R"(["a[,]c"])");
    CHECK(text(told[4].at("result")) ==
          R"({"success":true,"completion":true,"score":{"scaled":8E-1,"raw":8E1}})");
    // Told again they are the same; of another revision they are others; what is as before is not told.
    const auto again = statements_of(of, step, before, after);
    for (std::size_t i = 0; i < told.size(); ++i) CHECK(again[i].at("id") == told[i].at("id"));
    auto later = of;
    later.revision = 1;
    CHECK(statements_of(later, step, before, after)[0].at("id") != told[0].at("id"));
    CHECK(statements_of(of, {}, after, after).empty());
}

TEST_CASE("Scores that cannot be are left out, and what a SCO did not say is not known") {
    const auto score_of = [](CourseKind kind, CmiModel model) { return status_of(kind, model).scaled; };
    CHECK(score_of(CourseKind::scorm_1_2, {{"cmi.core.score.raw", "50"}}) == 0.5);
    CHECK(score_of(CourseKind::scorm_1_2, {{"cmi.core.score.raw", "30"},
                                           {"cmi.core.score.min", "20"},
                                           {"cmi.core.score.max", "40"}}) == 0.5);
    CHECK_FALSE(
        score_of(CourseKind::scorm_1_2, {{"cmi.core.score.raw", "120"}, {"cmi.core.score.max", "100"}}));
    CHECK_FALSE(score_of(CourseKind::scorm_1_2, {{"cmi.core.score.raw", "many"}}));
    CHECK_FALSE(score_of(CourseKind::scorm_2004, {{"cmi.score.raw", "50"}}));
    CHECK(score_of(CourseKind::scorm_2004, {{"cmi.score.scaled", "-0.5"}}) == -0.5);
    CHECK_FALSE(score_of(CourseKind::scorm_2004, {{"cmi.score.scaled", "1.5"}}));
    CHECK(status_of(CourseKind::scorm_2004, {{"cmi.success_status", "failed"}}).success == false);
    CHECK(status_of(CourseKind::scorm_1_2, {{"cmi.core.lesson_status", "failed"}}).completed);
    CHECK_FALSE(status_of(CourseKind::scorm_1_2, {}).success.has_value());
}

TEST_CASE("What was suspended, never ended, or is not finished goes on") {
    const CmiModel suspended{{"cmi.core.exit", "suspend"}};
    const CmiModel normal{{"cmi.core.lesson_status", "incomplete"}};
    const CmiModel done{{"cmi.core.lesson_status", "passed"}};
    CHECK(goes_on(CourseKind::scorm_1_2, suspended, true));
    CHECK(goes_on(CourseKind::scorm_1_2, normal, true));
    CHECK_FALSE(was_suspended(CourseKind::scorm_1_2, normal, true));
    CHECK_FALSE(goes_on(CourseKind::scorm_1_2, done, true));
    CHECK(goes_on(CourseKind::scorm_1_2, done, false));
    CHECK_FALSE(goes_on(CourseKind::scorm_2004, {{"cmi.completion_status", "incomplete"}}, true));
    CHECK(goes_on(CourseKind::scorm_2004, {{"cmi.exit", "suspend"}}, true));
}

namespace {

Cmi5Launch cmi5_launch() {
    Cmi5Launch launch;
    launch.actor = {{"account", {{"homePage", "https://x.example"}, {"name", "a"}}}};
    launch.registration = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee";
    launch.session = "7790e6c9-3ef0-4ed3-8b37-7f3964730bee";
    launch.activity = "https://lms.example/au";
    launch.publisher_id = "https://publisher.example/au";
    launch.course_activity = "https://lms.example/course";
    launch.mastery_score = 0.8;
    launch.move_on = MoveOn::completed_and_passed;
    return launch;
}

json::object unit_says(const Cmi5Launch& launch, std::string_view verb, json::object result = {},
                       bool decides = false) {
    auto context = launch_data(launch).at("contextTemplate").as_object();
    context["registration"] = launch.registration;
    json::array category{json::object{{"id", "https://w3id.org/xapi/cmi5/context/categories/cmi5"}}};
    if (decides)
        category.push_back(json::object{{"id", "https://w3id.org/xapi/cmi5/context/categories/moveon"}});
    context["contextActivities"].as_object()["category"] = category;
    json::object statement{{"actor", launch.actor},
                           {"verb", {{"id", "http://adlnet.gov/expapi/verbs/" + std::string(verb)}}},
                           {"object", {{"id", launch.activity}}},
                           {"context", context},
                           {"timestamp", "2026-11-28T12:00:00Z"}};
    if (!result.empty()) statement["result"] = std::move(result);
    return statement;
}

} // namespace

TEST_CASE("A unit of cmi5 says things in their order, once, and as the launch was") {
    const auto launch = cmi5_launch();
    RegistrationRecord record;
    const auto say = [&](const json::object& statement) {
        const auto checked = check_cmi5_statement(statement, {true, true}, launch, record);
        if (!checked) return checked.error().pointer;
        record.take(statement);
        return std::string("taken");
    };
    CHECK(say(unit_says(launch, "initialized")) == ""); // not launched
    record.take(launched_statement(launch, {}));
    CHECK(record.open_sessions() == std::vector<std::string>{launch.session});
    CHECK(say(unit_says(launch, "completed", {{"completion", true}, {"duration", "PT1S"}}, true)) ==
          "/verb/id");
    CHECK(say(unit_says(launch, "initialized")) == "taken");
    CHECK(say(unit_says(launch, "initialized")) == "/verb/id");
    CHECK(say(unit_says(launch, "completed", {{"completion", true}}, true)) == "/result");
    CHECK(say(unit_says(launch, "completed", {{"completion", true}, {"duration", "PT1S"}})) ==
          "/context/contextActivities/category");
    CHECK(say(unit_says(launch, "completed", {{"completion", true}, {"duration", "PT1S"}}, true)) == "taken");
    json::object low{{"success", true}, {"duration", "PT1S"}, {"score", {{"scaled", 0.5}}}};
    CHECK(say(unit_says(launch, "passed", low, true)) == "/result/score/scaled");
    CHECK_FALSE(has_moved_on(launch.move_on, record.unit(launch.activity)));
    CHECK(say(unit_says(launch, "passed", {{"success", true}, {"duration", "PT1S"}}, true)) == "taken");
    CHECK(has_moved_on(launch.move_on, record.unit(launch.activity)));
    CHECK(say(unit_says(launch, "failed", {{"success", false}, {"duration", "PT1S"}}, true)) == "/verb/id");
    CHECK(say(unit_says(launch, "launched")) == "/verb/id");
    auto other = unit_says(launch, "terminated", {{"duration", "PT1S"}});
    other["actor"] = json::object{{"account", {{"homePage", "https://x.example"}, {"name", "b"}}}};
    CHECK(say(other) == "/actor");
    CHECK_FALSE(check_cmi5_statement(unit_says(launch, "terminated", {{"duration", "PT1S"}}), {false, true},
                                     launch, record)
                    .has_value());
    CHECK(say(unit_says(launch, "terminated", {{"duration", "PT1S"}})) == "taken");
    CHECK(say(unit_says(launch, "terminated", {{"duration", "PT1S"}})) == "");
    CHECK(record.open_sessions().empty());
    // In another session of the registration it is completed and passed still.
    auto second = launch;
    second.session = "8890e6c9-3ef0-4ed3-8b37-7f3964730bee";
    record.take(launched_statement(second, {}));
    record.take(unit_says(second, "initialized"));
    for (const auto& again :
         {unit_says(second, "completed", {{"completion", true}, {"duration", "PT1S"}}, true),
          unit_says(second, "passed", {{"success", true}, {"duration", "PT1S"}}, true)}) {
        const auto checked = check_cmi5_statement(again, {true, true}, second, record);
        REQUIRE_FALSE(checked.has_value());
        CHECK(checked.error().pointer == "/verb/id");
    }
}

TEST_CASE("moveOn asks for what it names, and what is waived has moved on") {
    const UnitRecord none;
    UnitRecord completed;
    completed.completed = true;
    UnitRecord passed;
    passed.passed = true;
    UnitRecord waived;
    waived.waived = true;
    CHECK(has_moved_on(MoveOn::not_applicable, none));
    CHECK_FALSE(has_moved_on(MoveOn::passed, completed));
    CHECK(has_moved_on(MoveOn::passed, passed));
    CHECK(has_moved_on(MoveOn::completed, completed));
    CHECK_FALSE(has_moved_on(MoveOn::completed_and_passed, passed));
    CHECK(has_moved_on(MoveOn::completed_or_passed, passed));
    for (const auto move_on : {MoveOn::passed, MoveOn::completed, MoveOn::completed_and_passed})
        CHECK(has_moved_on(move_on, waived));
}

TEST_CASE("Preferences of learners are languages and a sound") {
    const auto good = [](std::string_view bytes, std::string_view type = "application/json") {
        return check_learner_preferences(type, bytes).has_value();
    };
    CHECK(good(R"({"languagePreference":"nl,en-US","audioPreference":"on"})"));
    CHECK_FALSE(good(R"({"languagePreference":"nl,en-US","audioPreference":"on"})", "text/plain"));
    CHECK_FALSE(good(R"({"languagePreference":"","audioPreference":"on"})"));
    CHECK_FALSE(good(R"({"languagePreference":"not one","audioPreference":"on"})"));
    CHECK_FALSE(good(R"({"languagePreference":"nl","audioPreference":"loud"})"));
    CHECK_FALSE(good("[]"));
}

// Courses, who learns them and by which links; and coroutines that take turns.
#include "server/app/cors.hpp"
#include "server/courses/launches.hpp"
#include "server/courses/library.hpp"
#include "server/courses/origins.hpp"
#include "server/demo/courses.hpp"
#include "server/support/turns.hpp"
#include "spec/agent.hpp"
#include "tests/support/model_store.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

using namespace leerspoor;
using namespace leerspoor::server;
using courses::Launches;
using courses::Library;
using spec::courses::CourseKind;
using storage::first_store;
using storage::RecordKind;
using tests::ModelStore;

namespace {

constexpr storage::StoreId second_store = 2;

courses::Package package(CourseKind kind, std::string id, std::string title) {
    courses::Package made;
    made.course.kind = kind;
    made.course.id = std::move(id);
    made.course.title = {{"nl", title}};
    spec::courses::CourseNode node;
    node.id = "les 1/2";
    node.href = "index.html";
    made.course.nodes.push_back(std::move(node));
    return made;
}

boost::json::object learner(std::string_view name) {
    return {{"account", {{"homePage", "https://leren.example"}, {"name", name}}}};
}

spec::Instant in_hours(int hours) {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()) +
           std::chrono::hours(hours);
}

std::string code(const auto& result) {
    return result ? "" : result.error().code;
}

struct Courses {
    ModelStore store;
    std::unique_ptr<Library> library = std::move(*Library::load(store, "https://lrs.example/"));
    Launches launches{store};
    courses::CourseInfo course =
        *library->add(first_store, package(CourseKind::scorm_1_2, "brand", "Brand"), "anna");

    courses::Launch launch_for(std::string_view who, spec::Instant expires = in_hours(1)) {
        const auto registration =
            launches.enrol(*library, first_store, course.id, learner(who), std::nullopt);
        courses::Launch launch;
        launch.course = course.id;
        launch.registration = registration->id;
        launch.expires = expires;
        return launch;
    }
    courses::NewSession begin(const courses::Launch& launch) {
        return *launches.begin(launch, course.versions.back(), "les 1/2", "https://lrs.example");
    }
};

} // namespace

TEST_CASE("The same package is the same version; another of its publisher is the next; another kind another "
          "course") {
    Courses all;
    const auto again =
        all.library->add(first_store, package(CourseKind::scorm_1_2, "brand", "Brand"), "bert");
    CHECK(again->id == all.course.id);
    CHECK(again->versions == all.course.versions);
    const auto next =
        all.library->add(first_store, package(CourseKind::scorm_2004, "brand", "Brand, nieuw"), "bert");
    CHECK(next->id == all.course.id);
    REQUIRE(next->versions.size() == 2);
    CHECK(next->title.at("nl") == "Brand, nieuw");
    CHECK(all.library->newest(first_store, next->id)->id == next->versions.back());
    CHECK(all.library->version(next->versions.front())->by == "anna");
    CHECK(all.library->add(first_store, package(CourseKind::cmi5, "brand", "Brand"), "bert")->id != next->id);
    CHECK(code(all.library->add(first_store, package(CourseKind::cmi5, "x", "X"), "bert", next->id)) ==
          "course_kind_other");
    CHECK(code(all.library->add(first_store, package(CourseKind::cmi5, "x", "X"), "bert", "nothing")) ==
          "course_unknown");
}

TEST_CASE("Courses are there after a restart, and no other store sees them") {
    Courses all;
    const auto other =
        all.library->add(second_store, package(CourseKind::scorm_1_2, "brand", "Brand"), "bert");
    CHECK(other->id != all.course.id);
    CHECK(other->versions != all.course.versions); // an origin of its own too
    const auto loaded = std::move(*Library::load(all.store, "https://lrs.example"));
    REQUIRE(loaded->all(first_store).size() == 1);
    CHECK(loaded->all(first_store).front().title == all.course.title);
    CHECK(!loaded->find(second_store, all.course.id));
    CHECK(code(loaded->retire(second_store, all.course.id, true)) == "course_unknown");
    CHECK(code(loaded->remove(second_store, all.course.id)) == "course_unknown");
    const auto version = loaded->newest(first_store, all.course.id);
    REQUIRE(version);
    CHECK(loaded->iri_of(*version, version->content.nodes.front()) ==
          "https://lrs.example/courses/" + all.course.id + "/les%201%2F2");
}

TEST_CASE("Who began keeps the version and may go on; nobody new begins with a retired course") {
    Courses all;
    const auto begun =
        all.launches.enrol(*all.library, first_store, all.course.id, learner("anna"), std::nullopt);
    REQUIRE(
        all.library->add(first_store, package(CourseKind::scorm_1_2, "brand", "Nieuw"), "bert").has_value());
    REQUIRE(all.library->retire(first_store, all.course.id, true).has_value());
    const auto again =
        all.launches.enrol(*all.library, first_store, all.course.id, learner("anna"), std::nullopt);
    CHECK(again->id == begun->id);
    CHECK(again->version == all.course.versions.front());
    CHECK(code(all.launches.enrol(*all.library, first_store, all.course.id, learner("bert"), std::nullopt)) ==
          "course_retired");
    REQUIRE(all.library->retire(first_store, all.course.id, false).has_value());
    CHECK(all.launches.enrol(*all.library, first_store, all.course.id, learner("bert"), std::nullopt)
              ->version != begun->version);
    CHECK(code(all.launches.enrol(*all.library, first_store, all.course.id, learner("bert"),
                                  spec::parse_uuid(begun->id))) == "registration_taken");
    CHECK(code(all.library->remove(first_store, all.course.id)) == "course_in_use");
    CHECK(all.launches.registrations_of(first_store, all.course.id)->size() == 2);
    // Unless somebody takes them along.
    CHECK(code(all.launches.move(*all.library, first_store, all.course.id, "none")) ==
          "registration_unknown");
    CHECK(code(all.launches.move(*all.library, second_store, all.course.id, begun->id)) == "course_unknown");
    CHECK(*all.launches.move(*all.library, first_store, all.course.id, "") == 1);
    CHECK(*all.launches.move(*all.library, first_store, all.course.id, begun->id) == 0);
    const auto versions = all.library->find(first_store, all.course.id)->versions;
    for (const auto& one : *all.launches.registrations_of(first_store, all.course.id))
        CHECK(one.version == versions.back());
}

TEST_CASE("A course that nobody began is removed with its versions") {
    Courses all;
    REQUIRE(all.library->remove(first_store, all.course.id).has_value());
    CHECK(all.library->all(first_store).empty());
    CHECK(!all.library->version(all.course.versions.front()));
    CHECK(all.store.records(RecordKind::course)->empty());
    CHECK(all.store.records(RecordKind::course_version)->empty());
}

TEST_CASE("A link is good until it expires, and the store has no secret of it") {
    Courses all;
    const auto made = all.launches.make(all.launch_for("anna"));
    REQUIRE(all.launches.find_launch(made->token)->has_value());
    CHECK(!*all.launches.find_launch(made->token + "x"));
    CHECK(!*all.launches.find_launch(""));
    const auto late = all.launches.make(all.launch_for("anna", in_hours(-1)));
    CHECK(!*all.launches.find_launch(late->token));
    const auto session = all.begin(made->launch);
    const auto auth = all.launches.fetch(session.fetch_token);
    for (const auto kind : {RecordKind::launch, RecordKind::course_session})
        for (const auto& [name, bytes] : *all.store.records(kind))
            for (const auto& token : {made->token, session.content_token, session.fetch_token, *auth}) {
                const auto secret = token.substr(token.find('.') + 1);
                CHECK(name.find(secret) == std::string::npos);
                CHECK(bytes.find(secret) == std::string::npos);
            }
    REQUIRE(all.launches.sweep().has_value());
    CHECK(all.store.records(RecordKind::launch)->size() == 1);
}

TEST_CASE("Each secret of a session opens one door, also after a restart, and the token is given once") {
    Courses all;
    const auto session = all.begin(all.launch_for("anna"));
    const auto auth = all.launches.fetch(session.fetch_token);
    REQUIRE(auth.has_value());
    CHECK(code(all.launches.fetch(session.fetch_token)) == "launch_fetched");
    CHECK(code(all.launches.fetch(session.content_token)) == "launch_fetched");
    Launches later(all.store);
    CHECK(code(later.fetch(session.fetch_token)) == "launch_fetched");
    for (auto* const which : {&all.launches, &later}) {
        REQUIRE(which->by_auth(*auth));
        CHECK(which->by_auth(*auth)->id == session.session->id);
        CHECK(which->by_content(session.content_token)->id == session.session->id);
        CHECK(!which->by_auth(session.content_token));
        CHECK(!which->by_auth(session.fetch_token));
        CHECK(!which->by_content(*auth));
        CHECK(!which->by_content("").get());
        CHECK(!which->find_session(second_store, session.session->id));
    }
    // Another's secret with this session's name.
    const auto other = all.begin(all.launch_for("bert"));
    const auto name = session.content_token.substr(0, session.content_token.find('.'));
    CHECK(!all.launches.by_content(name + other.content_token.substr(other.content_token.find('.'))));
    // Before the token was given there is none that is empty.
    CHECK(!all.launches.by_auth(other.content_token.substr(0, name.size() + 1)));
}

TEST_CASE("What was read of the launch is remembered") {
    Courses all;
    const auto session = all.begin(all.launch_for("anna"));
    REQUIRE(all.launches.note_read(*session.session, true, false).has_value());
    REQUIRE(all.launches.note_read(*session.session, false, true).has_value());
    const auto now = Launches(all.store).find_session(first_store, session.session->id);
    REQUIRE(now);
    CHECK((now->read_launch_data && now->read_preferences));
}

TEST_CASE("Who is forgotten has no registration, link or session any more; others keep theirs") {
    Courses all;
    const auto anna = all.launches.make(all.launch_for("anna"));
    const auto bert = all.launches.make(all.launch_for("bert"));
    const auto annas = all.begin(anna->launch);
    const auto berts = all.begin(bert->launch);
    REQUIRE(all.launches.forget(second_store, {spec::identity(learner("anna"))}).has_value());
    CHECK(all.launches.by_content(annas.content_token));
    REQUIRE(all.launches.forget(first_store, {spec::identity(learner("anna"))}).has_value());
    CHECK(!*all.launches.find_launch(anna->token));
    CHECK(!all.launches.by_content(annas.content_token));
    CHECK(!*all.launches.find_own(first_store, all.course.id, learner("anna")));
    CHECK(all.launches.find_launch(bert->token)->has_value());
    CHECK(all.launches.by_content(berts.content_token));
    CHECK(all.launches.find_own(first_store, all.course.id, learner("bert"))->has_value());
}

TEST_CASE("The demonstration's courses are taken without a warning, once") {
    tests::TemporaryFolder folder;
    ModelStore store;
    const auto library = std::move(*Library::load(store, "https://lrs.example"));
    Settings settings;
    settings.data = folder.path();
    REQUIRE(demo::add_courses(store, *library, settings).has_value());
    std::set<CourseKind> kinds;
    const auto added = library->all(first_store);
    for (const auto& info : added) {
        kinds.insert(info.kind);
        CHECK(library->newest(first_store, info.id)->warnings.empty());
    }
    CHECK(kinds.size() == 4);
    REQUIRE(demo::add_courses(store, *library, settings).has_value());
    CHECK(library->all(first_store).size() == added.size());
}

TEST_CASE("Content has an origin for each version or one for all, and may use the store from there only") {
    Settings settings;
    settings.content_host = "*.inhoud.example";
    CHECK(courses::content_origin(settings, "https://lrs.example:8443", "ab12") ==
          "https://ab12.inhoud.example:8443");
    Settings shared;
    shared.content_host = "inhoud.example";
    CHECK(courses::content_origin(shared, "https://lrs.example", "ab12") == "https://inhoud.example");
    const auto may = [](const Settings& of, std::string origin) {
        http::RequestHead head;
        head.fields.add("Origin", std::move(origin));
        http::Response response;
        allow_origin(head, {"https://lms.example"}, of.content_host, response);
        return response.fields.contains("Access-Control-Allow-Origin");
    };
    CHECK(may(settings, "https://ab12.inhoud.example:8443"));
    CHECK(may(settings, "https://lms.example"));
    CHECK_FALSE(may(settings, "https://inhoud.example"));
    CHECK_FALSE(may(settings, "https://evilinhoud.example"));
    CHECK_FALSE(may(settings, "https://.inhoud.example.evil"));
    CHECK_FALSE(may(settings, "null"));
    CHECK(may(shared, "https://inhoud.example:8443"));
    CHECK_FALSE(may(shared, "https://ab12.inhoud.example"));
    CHECK_FALSE(may(shared, "https://evilinhoud.example"));
}

TEST_CASE("Who changes the same waits for their turn, in order; others do not wait") {
    boost::asio::io_context context;
    Turns turns;
    std::string log;
    // Holds the turn while everything else that may run runs.
    const auto work = [&](std::string name, char letter) -> boost::asio::awaitable<void> {
        const auto turn = co_await turns.take(std::move(name));
        log += letter;
        for (int i = 0; i < 3; ++i)
            co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
        log += static_cast<char>(letter - 'a' + 'A');
    };
    for (const char letter : {'a', 'b', 'c'})
        boost::asio::co_spawn(context, work("one", letter), boost::asio::detached);
    boost::asio::co_spawn(context, work("two", 'x'), boost::asio::detached);
    context.run();
    std::string ones;
    for (const char letter : log)
        if (letter != 'x' && letter != 'X') ones += letter;
    CHECK(ones == "aAbBcC");
    CHECK(log.find('x') < log.find('A'));
}

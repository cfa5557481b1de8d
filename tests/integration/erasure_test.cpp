// The right to be forgotten, as somebody uses it who has a key: preview, confirm, and nothing of the person
// stays in any file; old bundles verify, and the log goes on. Also with the server killed in between.
#include "tests/integration/lrs_client.hpp"
#include "tests/integration/statements.hpp"
#include "tests/support/temporary_folder.hpp"

#include "spec/base/base64.hpp"
#include "spec/log/merkle.hpp"
#include "spec/log/note.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace {

using namespace leerspoor::tests;
namespace json = boost::json;
namespace fs = std::filesystem;

// So short that it stands as it is even in a compressed block, once.
const std::string in_any_block = "jan@";

std::vector<std::string> files_with(const fs::path& folder, const std::string& text) {
    std::vector<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        const std::string bytes((std::istreambuf_iterator<char>(file)), {});
        if (bytes.find(text) != std::string::npos) files.push_back(entry.path().string());
    }
    return files;
}

struct Installation {
    TemporaryFolder folder;
    fs::path data = folder.path() / "data";
    std::unique_ptr<ServerProcess> server = std::make_unique<ServerProcess>(ServerOptions{.data = data});
    std::unique_ptr<LrsClient> lrs = std::make_unique<LrsClient>(*server);

    void restart() {
        server = std::make_unique<ServerProcess>(ServerOptions{.data = data});
        lrs = std::make_unique<LrsClient>(*server);
    }

    // Of jan, of els, and of both.
    void fill(std::uint64_t count) {
        for (std::uint64_t i = 1; i <= count; ++i) {
            const std::string who = i % 3 == 0 ? "els" : "jan";
            std::string further = R"("result":{"response":"I am )" + who + R"(@example.org"})";
            if (i % 5 == 0 && who == "els") further += R"(,"context":{"instructor":)" + agent("jan") + "}";
            REQUIRE(lrs->post(statement({.id = uuid(i), .actor = agent(who), .further = further})).status ==
                    200);
        }
        const auto state =
            "/xapi/activities/state?activityId=" + percent_encode(activity_iri("one")) + "&stateId=s&agent=";
        for (const auto* who : {"jan", "els"})
            REQUIRE(lrs->request("PUT", state + percent_encode(agent(who)),
                                 R"({"friend":"mailto:jan@example.org"})",
                                 {{"Content-Type", "application/json"}})
                        .status == 204);
    }

    json::object ask(const std::string& method, const std::string& path, const std::string& body = {},
                     int status = 0) {
        const auto response =
            lrs->request(method, "/api/v1" + path, body, {{"Content-Type", "application/json"}});
        INFO(response.body);
        if (status != 0) REQUIRE(response.status == status);
        return response.body.empty() ? json::object() : object_in(response.body);
    }

    // Waits for the server; each answer is a state that it came to.
    json::object await(const std::string& path, std::initializer_list<std::string_view> states) {
        while (true) {
            const auto job = ask("GET", path, {}, 200);
            const std::string_view state = job.at("state").get_string();
            REQUIRE(state != "failed");
            for (const auto wanted : states)
                if (state == wanted) return job;
        }
    }

    std::string begin(const std::string& kind) {
        const auto job =
            ask("POST", "/erasures",
                R"({"agent":)" + agent("jan") + R"(,"kind":")" + kind + R"(","reason":"asked for"})", 202);
        return "/erasures/" + std::string(job.at("id").get_string());
    }

    // Saves a bundle of everything; gives its file.
    fs::path bundle(const std::string& name) {
        const auto job = ask("POST", "/exports", R"({"format":"bundle"})", 202);
        const auto path = "/exports/" + std::string(job.at("id").get_string());
        await(path, {"done"});
        const auto file = folder.path() / name;
        std::ofstream(file, std::ios::binary) << lrs->request("GET", "/api/v1" + path + "/file").body;
        return file;
    }

    Outcome verify(const fs::path& bundle) {
        const auto key = folder.path() / "key";
        std::ofstream(key) << lrs->request("GET", "/api/v1/log/key").body;
        return run({leerspoor_program(), "verify-export", bundle.string(), "--public-key", key.string()});
    }

    // The signed checkpoint of a log that has this statement.
    leerspoor::spec::Checkpoint checkpoint_with(const std::string& id) {
        const auto note = std::string(
            ask("GET", "/statements/" + id + "/inclusion", {}, 200).at("checkpoint").get_string());
        return *leerspoor::spec::Checkpoint::parse(note.substr(0, note.find("\n\n") + 1));
    }
};

} // namespace

TEST_CASE("Who is erased is in no file of the data folder, and all proofs hold") {
    Installation here;
    here.fill(60);
    const auto before = here.bundle("before.zip");
    const auto earlier = here.checkpoint_with(uuid(60));
    CHECK_FALSE(files_with(here.data, "jan@example.org").empty());

    // What is asked for of jan alone is forgotten with jan.
    here.ask("POST", "/relays",
             R"({"kind":"forward","url":"http://127.0.0.1:9/x","filter":{"agent":)" + agent("jan") + "}}",
             201);
    here.ask("POST", "/retention", R"({"days":36500,"filter":{"agent":)" + agent("jan") + "}}", 201);
    here.ask("POST", "/retention", R"({"days":36500,"filter":{"agent":)" + agent("els") + "}}", 201);
    const auto path = here.begin("erase");
    const auto preview = here.await(path, {"previewed"});
    CHECK(preview.at("counts").at("statements_erased") == 40);
    CHECK(preview.at("counts").at("statements_altered") == 4);
    CHECK(preview.at("counts").at("documents") == 2);
    CHECK(here.lrs->ids("agent=" + percent_encode(agent("jan"))).size() == 40); // nothing was done

    here.ask("POST", path + "/confirm", {}, 202);
    const auto done = here.await(path, {"done"});
    CHECK(done.at("counts").at("statements_erased") == 40);
    CHECK(done.at("agents").as_array().empty());
    CHECK(here.ask("GET", "/relays").at("items").as_array().empty());
    CHECK(here.ask("GET", "/retention").at("items").as_array().size() == 1);
    CHECK(here.lrs->ids("").size() == 20);
    CHECK(here.lrs->get_id(uuid(1)).status == 404);
    const auto other = here.lrs->get_id(uuid(15)).body;
    CHECK(other.find("https://leerspoor.invalid/erased") != std::string::npos);
    CHECK(files_with(here.data, in_any_block) == std::vector<std::string>{});
    CHECK_FALSE(files_with(here.data, "els@example.org").empty());

    const auto certificate = object_in(std::string(done.at("certificate").get_string()));
    CHECK(certificate.at("statements_erased") == 40);
    CHECK(done.at("signature").get_string().find("/erasure\n") != json::string::npos);
    // What was saved before holds; what is saved now does too; and the one log is the other's beginning.
    CHECK(here.verify(before).status == 0);
    const auto after = here.verify(here.bundle("after.zip"));
    CHECK(after.status == 0);
    CHECK(after.output.find("somebody was given a pseudonym or erased since") != std::string::npos);
    CHECK(here.lrs->post(statement({.id = uuid(100)})).status == 200);
    const auto later = here.checkpoint_with(uuid(100));
    CHECK(later.size > earlier.size);
    const auto told = here.ask("GET", "/log/consistency?from=" + std::to_string(earlier.size) +
                                          "&to=" + std::to_string(later.size));
    std::vector<leerspoor::spec::Hash> proof;
    for (const auto& one : told.at("proof").as_array()) {
        const auto bytes = *leerspoor::spec::base64_decode(one.get_string());
        std::copy(bytes.begin(), bytes.end(), proof.emplace_back().begin());
    }
    CHECK(leerspoor::spec::proves_consistency(earlier.size, earlier.root, later.size, later.root, proof));

    here.lrs.reset();
    CHECK(here.server->stop() == 0);
    CHECK(files_with(here.data, in_any_block) == std::vector<std::string>{});
    here.restart();
    CHECK(here.lrs->ids("").size() == 21);
    // Last, because the access log knows again whom somebody asked for.
    CHECK(here.lrs->ids("agent=" + percent_encode(agent("jan")) + "&related_agents=true").empty());
    CHECK(here.ask("GET", path).at("state") == "done");
}

TEST_CASE("Who gets a pseudonym has the same one again, and stays one learner") {
    Installation here;
    here.fill(30);
    const auto once = [&] {
        const auto path = here.begin("pseudonymise");
        here.await(path, {"previewed"});
        here.ask("POST", path + "/confirm", {}, 202);
        here.await(path, {"done"});
    };
    once();
    CHECK(files_with(here.data, in_any_block) == std::vector<std::string>{});
    const auto actor_of = [&](std::uint64_t id) {
        return json::serialize(object_in(here.lrs->get_id(uuid(id)).body).at("actor"));
    };
    const auto name = actor_of(1);
    CHECK(name.find("https://leerspoor.invalid/pseudonym") != std::string::npos);
    CHECK(here.lrs->ids("agent=" + percent_encode(name)).size() == 20);
    REQUIRE(here.lrs->post(statement({.id = uuid(50), .actor = agent("jan")})).status == 200);
    CHECK(here.ask("POST", "/analytics/query", R"({"measures":["learners"]})").at("rows").at(0).at(0) == 3);
    once();
    CHECK(actor_of(50) == name);
    CHECK(here.ask("POST", "/analytics/query", R"({"measures":["learners"]})").at("rows").at(0).at(0) == 2);
    // The state is the pseudonym's now.
    const auto state =
        here.lrs->request("GET", "/xapi/activities/state?activityId=" + percent_encode(activity_iri("one")) +
                                     "&stateId=s&agent=" + percent_encode(name));
    CHECK(state.status == 200);
    CHECK(state.body.find("jan@") == std::string::npos);
}

TEST_CASE("An erasure goes on where the server was killed") {
    Installation here;
    here.fill(40);
    const auto path = here.begin("erase");
    here.await(path, {"previewed"});
    here.ask("POST", path + "/confirm", {}, 202);
    for (const auto* state : {"running", "purging", "done"}) {
        here.await(path, {state, "purging", "done"});
        here.lrs.reset();
        here.server->kill();
        here.restart();
    }
    const auto done = here.await(path, {"done"});
    CHECK(done.at("counts").at("statements_erased") == 27);
    CHECK(here.lrs->ids("").size() == 13);
    here.lrs.reset();
    CHECK(here.server->stop() == 0);
    CHECK(files_with(here.data, in_any_block) == std::vector<std::string>{});
    here.restart();
    CHECK(here.verify(here.bundle("after.zip")).status == 0);
}

TEST_CASE("A legal hold stops erasures and retention rules; what is old goes by itself") {
    Installation here;
    here.fill(30);
    const auto hold =
        here.ask("POST", "/holds", R"({"agent":)" + agent("jan") + R"(,"reason":"case 7"})", 201);
    CHECK(here.ask("POST", "/erasures", R"({"agent":)" + agent("jan") + "}").at("code") == "erasure_held");
    CHECK(here.ask("GET", "/holds").at("items").as_array().size() == 1);
    here.ask("DELETE", "/holds/" + std::string(hold.at("id").get_string()), {}, 204);
    const auto path = here.begin("erase");
    here.await(path, {"previewed"});
    const auto all = here.ask("POST", "/holds", R"({"reason":"everything"})", 201);
    CHECK(here.ask("POST", path + "/confirm").at("code") == "erasure_held");
    here.ask("DELETE", "/holds/" + std::string(all.at("id").get_string()), {}, 204);
    here.ask("DELETE", path, {}, 204);
    CHECK(here.ask("GET", path).at("code") == "erasure_unknown");
    // Nothing is a day old.
    const auto rule = here.ask("POST", "/retention", R"({"days":1,"filter":{},"reason":"policy"})", 201);
    here.ask("POST", "/retention/apply", {}, 202);
    while (!here.ask("GET", "/erasures").at("items").as_array().empty()) {
    }
    CHECK(here.lrs->ids("").size() == 30);
    here.ask("DELETE", "/retention/" + std::string(rule.at("id").get_string()), {}, 204);
    CHECK(here.ask("GET", "/retention").at("items").as_array().empty());
}

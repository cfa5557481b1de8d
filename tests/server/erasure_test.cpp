// Erasures as jobs: what they ask of the store, in which order, and what stops them.
#include "server/app/personas.hpp"
#include "server/audit/erasures.hpp"
#include "spec/base/hex.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "tests/server/app_fixture.hpp"

#include <catch2/catch.hpp>

#include <boost/json/array.hpp>

using namespace leerspoor;
using namespace leerspoor::test;
using namespace leerspoor::server::audit;

namespace {

constexpr std::string_view jan = "mbox mailto:jan@example.nl";
constexpr std::string_view els = "mbox mailto:els@example.nl";

struct ErasureFixture : AppFixture {
    ErasureFixture() {
        for (int i = 0; i < 12; ++i) {
            const std::string who = i % 3 == 0 ? "mailto:els@example.nl" : "mailto:jan@example.nl";
            const std::string verb = i % 2 == 0 ? "http://example.nl/did" : "http://example.nl/saw";
            REQUIRE(send("POST", "/xapi/statements", statement("", verb, who)).status == 200);
        }
    }
    ErasureJob await(const std::string& id, ErasureState state) {
        while (true) {
            const auto job = erasures->find(storage::first_store, id);
            REQUIRE(job.has_value());
            REQUIRE((job->state == state || job->state != ErasureState::failed));
            if (job->state == state) return *job;
        }
    }
    ErasureRequest of(std::string_view identity, ErasureKind kind = ErasureKind::erase) {
        ErasureRequest request;
        request.identities = {std::string(identity)};
        request.kind = kind;
        request.by = "Ada";
        return request;
    }
    std::size_t statements_of(const std::string& filter) {
        server::SelectedStatements selected(store, storage::first_store,
                                            *server::parse_export_filter(json_of(filter), ""),
                                            store.visible_through());
        std::size_t count = 0;
        while (*selected.next() != nullptr) ++count;
        return count;
    }
};

} // namespace

TEST_CASE("A preview changes nothing, and says what would change") {
    ErasureFixture app;
    const auto job = app.erasures->begin(app.of(jan));
    REQUIRE(job.has_value());
    CHECK(app.erasures->confirm(storage::first_store, "none").error().code == "erasure_unknown");
    const auto preview = app.await(job->id, ErasureState::previewed);
    CHECK(preview.counts.statements_erased == 8);
    CHECK(preview.counts.statements_altered == 0);
    CHECK(preview.counts.looked_at == 12);
    CHECK(app.statements_of("{}") == 12);
    REQUIRE(app.erasures->remove(storage::first_store, job->id).has_value());
    CHECK(app.erasures->all(storage::first_store).empty());
}

TEST_CASE("What was confirmed is done, and its certificate is signed and tells nothing of the person") {
    ErasureFixture app;
    const auto id = app.erasures->begin(app.of(jan))->id;
    CHECK(app.erasures->remove(storage::first_store + 1, id).error().code == "erasure_unknown");
    app.await(id, ErasureState::previewed);
    REQUIRE(app.erasures->confirm(storage::first_store, id).has_value());
    const auto done = app.await(id, ErasureState::done);
    CHECK(app.statements_of("{}") == 4);
    CHECK(done.request.identities.empty());
    CHECK(done.certificate.find("jan") == std::string::npos);
    CHECK(app.erasures->confirm(storage::first_store, id).error().code == "erasure_not_previewed");
    CHECK(app.erasures->remove(storage::first_store, id).error().code == "erasure_under_way");
    const std::vector<spec::VerifierKey> keys{app.checkpoints->keys().front().verifier};
    const auto text = spec::verified_text(done.signature, keys);
    REQUIRE(text.has_value());
    CHECK(*text ==
          app.checkpoints->origin() + "/erasure\n" + spec::hex(spec::sha256(done.certificate)) + "\n");
    for (const auto& [name, bytes] : app.store.records(storage::RecordKind::erasure).value())
        CHECK(bytes.find("jan") == std::string::npos);
}

TEST_CASE("A pseudonym depends on the purpose, and not on when it was given") {
    ErasureFixture app;
    const auto given = [&](const std::string& purpose) {
        app.send("POST", "/xapi/statements", statement("", "http://example.nl/did", "mailto:jan@example.nl"));
        auto request = app.of(jan, ErasureKind::pseudonymise);
        request.purpose = purpose;
        const auto id = app.erasures->begin(request)->id;
        app.await(id, ErasureState::previewed);
        REQUIRE(app.erasures->confirm(storage::first_store, id).has_value());
        app.await(id, ErasureState::done);
        storage::Query newest;
        newest.limit = 1;
        const auto page = app.store.query_statements(storage::first_store, newest);
        return json_of(page->statements.front().bytes).at("actor").at("account").at("name");
    };
    const auto first = given("research");
    CHECK(given("research") == first);
    CHECK(given("reports") != first);
}

TEST_CASE("Joined identities are erased together, and parted") {
    ErasureFixture app;
    auto personas = std::move(*server::Personas::load(app.store));
    REQUIRE(personas->join("Jan and Els", {std::string(jan), std::string(els)}).has_value());
    auto erasures = std::move(*Erasures::load(*app.checkpoints, personas.get(), nullptr,
                                              [](storage::StoreId, const std::vector<std::string>&) {}));
    auto request = app.of(jan);
    personas->add_to(request.identities);
    CHECK(request.identities.size() == 2);
    app.erasures.swap(erasures);
    erasures.reset(); // only one works
    const auto id = app.erasures->begin(request)->id;
    app.await(id, ErasureState::previewed);
    REQUIRE(app.erasures->confirm(storage::first_store, id).has_value());
    app.await(id, ErasureState::done);
    CHECK(app.statements_of("{}") == 0);
    CHECK(personas->all().empty());
    app.erasures.reset();
}

TEST_CASE("Retention erases what is old and fits, but not what is held") {
    ErasureFixture app;
    LegalHold hold;
    hold.identities = {std::string(els)};
    hold.reason = "case 7";
    REQUIRE(app.erasures->hold(hold).has_value());
    RetentionRule rule;
    rule.days = 1; // the model stores in the past
    rule.filter = *server::parse_export_filter(json_of(R"({"verb":"http://example.nl/did"})"), "");
    REQUIRE(app.erasures->keep(rule).has_value());
    REQUIRE(app.erasures->apply_rules(storage::first_store).has_value());
    while (app.erasures->all(storage::first_store).empty() ||
           app.erasures->all(storage::first_store).front().state != ErasureState::done) {
    }
    const auto done = app.erasures->all(storage::first_store).front();
    CHECK(done.request.kind == ErasureKind::retention);
    CHECK(done.counts.statements_erased == 4);
    CHECK(app.statements_of(R"({"verb":"http://example.nl/saw"})") == 6);
    CHECK(app.statements_of(R"({"verb":"http://example.nl/did"})") == 2);
    // What is done without an effect leaves no trail.
    REQUIRE(app.erasures->apply_rules(storage::first_store).has_value());
    while (app.erasures->all(storage::first_store).size() != 1) {
    }
    CHECK(app.store.records(storage::RecordKind::erasure).value().size() == 1);
}

TEST_CASE("Holds, rules and previews are there after a restart, and what was under way goes on") {
    ErasureFixture app;
    LegalHold hold;
    hold.reason = "everything";
    const auto held = app.erasures->hold(hold);
    REQUIRE(held.has_value());
    CHECK(app.erasures->begin(app.of(jan)).error().code == "erasure_held");
    REQUIRE(app.erasures->release(storage::first_store, held->id).value());
    const auto id = app.erasures->begin(app.of(jan))->id;
    app.await(id, ErasureState::previewed);
    REQUIRE(app.erasures->hold(hold).has_value());
    CHECK(app.erasures->confirm(storage::first_store, id).error().code == "erasure_held");
    app.erasures.reset();
    // As it is when the server ends after somebody confirmed.
    for (auto [name, bytes] : app.store.records(storage::RecordKind::erasure).value()) {
        bytes.replace(bytes.find("previewed"), 9, "running");
        REQUIRE(app.store.save_record(storage::RecordKind::erasure, name, bytes).has_value());
    }
    app.erasures = std::move(*Erasures::load(*app.checkpoints, nullptr, nullptr,
                                             [](storage::StoreId, const std::vector<std::string>&) {}));
    CHECK(app.erasures->holds(storage::first_store).size() == 1);
    app.await(id, ErasureState::done);
    CHECK(app.statements_of("{}") == 4);
}

TEST_CASE("What is no erasure is refused at its place") {
    ErasureFixture app;
    const auto refusal = [&](const std::string& path, const std::string& body) {
        const auto response =
            app.send("POST", "/api/v1" + path, body, {{"Content-Type", "application/json"}});
        const auto problem = json_of(response.body);
        return text(problem.at("code")) + " " + text(problem.at("pointer"));
    };
    CHECK(refusal("/erasures", "{}") == "erasure_invalid /agent");
    CHECK(refusal("/erasures", R"({"agent":{"mbox":"mailto:a@b.nl"},"kind":"retention"})") ==
          "erasure_invalid /kind");
    CHECK(refusal("/erasures", R"({"agent":{"mbox":"mailto:a@b.nl"},"why":1})") == "erasure_invalid /why");
    CHECK(refusal("/erasures", R"({"agent":{"mbox":"mailto:a@b.nl"},"reason":1})") ==
          "erasure_invalid /reason");
    CHECK(refusal("/holds", "{}") == "erasure_invalid /reason");
    CHECK(refusal("/holds", R"({"until":"x"})") == "erasure_invalid /until");
    CHECK(refusal("/retention", "{}") == "erasure_invalid /days");
    CHECK(refusal("/retention", R"({"days":36501})") == "erasure_invalid /days");
    CHECK(refusal("/retention", R"({"days":1,"filter":{"since":"2026-01-01T00:00:00Z"}})") ==
          "erasure_invalid /filter");
}

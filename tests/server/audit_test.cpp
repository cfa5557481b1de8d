// The log over HTTP: what a stranger needs to follow it, and what proves a statement.
#include "server/audit/checkpoints.hpp"
#include "spec/base/base64.hpp"
#include "spec/log/note.hpp"
#include "spec/log/tile.hpp"
#include "tests/server/app_fixture.hpp"

#include <catch2/catch.hpp>

#include <boost/json/array.hpp>

using namespace leerspoor;
using namespace leerspoor::test;

namespace {

spec::Hash hash_of(const boost::json::value& text) {
    const auto bytes = *spec::base64_decode(text.get_string());
    REQUIRE(bytes.size() == 32);
    spec::Hash hash;
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    return hash;
}

std::vector<spec::Hash> hashes_of(const boost::json::value& texts) {
    std::vector<spec::Hash> hashes;
    for (const auto& text : texts.get_array()) hashes.push_back(hash_of(text));
    return hashes;
}

void post_some(AppFixture& app, int count) {
    std::string batch = "[" + statement();
    for (int i = 1; i < count; ++i) batch += "," + statement();
    REQUIRE(app.send("POST", "/xapi/statements", batch + "]").status == 200);
}

std::vector<spec::VerifierKey> keys_of(AppFixture& app) {
    const auto lines = app.send_bare("GET", "/api/v1/log/key", "", {}).body;
    std::vector<spec::VerifierKey> keys;
    for (std::size_t at = 0; at < lines.size();) {
        const auto end = lines.find('\n', at);
        keys.push_back(*spec::VerifierKey::parse(lines.substr(at, end - at)));
        at = end + 1;
    }
    return keys;
}

spec::Checkpoint verified(const std::string& note, const std::vector<spec::VerifierKey>& keys) {
    const auto text = spec::verified_text(note, keys);
    REQUIRE(text);
    return *spec::Checkpoint::parse(*text);
}

} // namespace

TEST_CASE("A stranger follows the log by checkpoints, tiles and proofs") {
    AppFixture app;
    const auto get = [&](const std::string& path) {
        return app.send_bare("GET", "/api/v1/log/" + path, "", {});
    };
    const auto empty = verified(get("checkpoint").body, keys_of(app));
    CHECK(empty.size == 0);
    CHECK(empty.root == spec::empty_root());
    post_some(app, 300);
    const auto first = verified(*app.checkpoints->through(300, std::chrono::seconds(1)), keys_of(app));
    CHECK(first.size == 300);
    CHECK(first.origin == app.checkpoints->origin());
    spec::RootBuilder builder;
    for (const auto& [path, width] : {std::pair("tile/0/000", 256u), std::pair("tile/0/001.p/44", 44u)}) {
        const auto tile = get(path);
        REQUIRE(tile.body.size() == width * 32);
        CHECK(header(tile, "Content-Type") == "application/octet-stream");
        for (std::size_t i = 0; i < width; ++i) {
            spec::Hash hash;
            std::copy_n(tile.body.begin() + static_cast<std::ptrdiff_t>(i * 32), 32, hash.begin());
            builder.add_leaf(hash);
        }
    }
    CHECK(builder.root() == first.root);
    CHECK(get("tile/1/000.p/1").body.size() == 32);
    for (const auto* path : {"tile/0/001", "tile/0/001.p/45", "tile/0/002.p/1", "tile/0/1", "tile/2/000.p/1"})
        CHECK(refusal(get(path)) == "404 tile_unknown");

    post_some(app, 33);
    const auto second = verified(*app.checkpoints->through(333, std::chrono::seconds(1)), keys_of(app));
    const auto proof = json_of(get("consistency?from=300&to=333").body);
    CHECK(spec::proves_consistency(300, first.root, 333, second.root, hashes_of(proof.at("proof"))));
    CHECK(refusal(get("consistency?from=300&to=334")) == "404 log_too_short");
    CHECK(refusal(get("consistency?from=4&to=3")) == "400 query_parameter_invalid");
    CHECK(refusal(get("consistency?from=-1&to=3")) == "400 query_parameter_invalid");
    CHECK(refusal(get("consistency?to=3")) == "400 query_parameter_invalid");
}

TEST_CASE("A statement is proven to be in the log, voided or not") {
    AppFixture app;
    post_some(app, 20);
    const std::string id = "11111111-0000-4000-8000-000000000001";
    app.send("PUT", "/xapi/statements?statementId=" + id, statement(id));
    const auto bytes = app.send("GET", "/xapi/statements?statementId=" + id).body;
    const auto prove = [&] {
        return json_of(app.send("GET", "/api/v1/statements/" + id + "/inclusion").body);
    };
    const auto check = [&] {
        const auto proof = prove();
        const auto checkpoint = verified(text(proof.at("checkpoint")), keys_of(app));
        const auto salt_bytes = *spec::base64_decode(proof.at("salt").get_string());
        spec::Salt salt{};
        REQUIRE(salt_bytes.size() == salt.size());
        std::copy(salt_bytes.begin(), salt_bytes.end(), salt.begin());
        const auto leaf = spec::leaf_hash(salt, bytes);
        CHECK(hash_of(proof.at("leaf")) == leaf);
        CHECK(proof.at("index").to_number<std::uint64_t>() == 20);
        CHECK(
            spec::proves_inclusion(leaf, 20, checkpoint.size, hashes_of(proof.at("proof")), checkpoint.root));
    };
    check();
    post_some(app, 5);
    app.send("POST", "/xapi/statements",
             R"({"actor":{"mbox":"mailto:a@b.nl"},"verb":{"id":"http://adlnet.gov/expapi/verbs/voided"},)"
             R"("object":{"objectType":"StatementRef","id":")" +
                 id + R"("}})");
    check();
    CHECK(refusal(app.send("GET", "/api/v1/statements/none/inclusion")) == "404 statement_unknown");
}

TEST_CASE("Checkpoints never go back, and outlive the process and their key") {
    AppFixture app;
    post_some(app, 7);
    const auto keys = keys_of(app);
    const auto note = *app.checkpoints->through(7, std::chrono::seconds(1));
    const auto again = std::move(*server::audit::Checkpoints::load(app.store));
    CHECK(again->origin() == app.checkpoints->origin());
    CHECK(*again->newest() == note);

    // After a crash the log may be shorter for a while.
    app.store.log_lost = 3;
    CHECK(*std::move(*server::audit::Checkpoints::load(app.store))->newest() == note);
    CHECK(again->through(4, std::chrono::seconds(1)).error().code == "log_behind");
    app.store.log_lost = 0;

    const auto key = again->rotate();
    REQUIRE(key.has_value());
    CHECK(again->keys().size() == 2);
    const auto after = *again->newest();
    CHECK_FALSE(spec::verified_text(after, keys));
    CHECK(verified(after, {*key}) == verified(note, keys));
    // Whoever has only the first key still verifies what it signed.
    CHECK(again->keys().front().verifier == keys.front());
}

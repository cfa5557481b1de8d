// Exports: what is in them, and that nobody can change one unnoticed.
#include "server/audit/bundle.hpp"
#include "server/audit/csv.hpp"
#include "server/audit/zip.hpp"
#include "spec/base/base64.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "tests/server/app_fixture.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <random>
#include <thread>

using namespace leerspoor;
using namespace leerspoor::test;
using namespace leerspoor::server::audit;

namespace {

std::string content(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

struct ExportFixture : AppFixture {
    tests::TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "export";
    std::vector<spec::VerifierKey> keys{checkpoints->keys().front().verifier};

    // Of some people, some voided.
    void post_some(int count) {
        for (int i = 0; i < count; ++i) {
            const std::string mbox = "mailto:p" + std::to_string(i % 5) + "@example.nl";
            const auto id = "00000000-0000-4000-8000-" + std::to_string(100000000000 + next++);
            REQUIRE(
                send("POST", "/xapi/statements", statement(id, "http://example.nl/verbs/did", mbox)).status ==
                200);
            if (i % 7 == 3)
                send(
                    "POST", "/xapi/statements",
                    R"({"actor":{"mbox":"mailto:v@example.nl"},"verb":{"id":"http://adlnet.gov/expapi/verbs/voided"},)"
                    R"("object":{"objectType":"StatementRef","id":")" +
                        id + R"("}})");
        }
    }
    ExportRequest request(const std::string& filter, ExportFormat format = ExportFormat::bundle) {
        ExportRequest made;
        made.filter = *server::parse_export_filter(json_of(filter), "/filter");
        made.format = format;
        made.by = "Ada";
        return made;
    }
    ExportResult write(const std::string& filter, ExportFormat format = ExportFormat::bundle) {
        ExportProgress progress;
        const auto written = write_export(*checkpoints, request(filter, format), file, progress);
        REQUIRE(written.has_value());
        CHECK(progress.statements == written->statements);
        CHECK(std::filesystem::file_size(file) == written->bytes);
        return *written;
    }
    Verdict verdict() { return *verify_bundle(file, keys); }

    std::uint64_t next = 0;
};

} // namespace

TEST_CASE("A bundle has the statements that were asked for, and holds") {
    ExportFixture app;
    app.post_some(40);
    const std::string who = R"({"agent":{"mbox":"mailto:p3@example.nl"}})";
    const auto one = app.write(who);
    CHECK(one.statements == 8 + 2); // and what voids two of them
    const auto verdict = app.verdict();
    INFO(verdict.sentences.front());
    CHECK(verdict.holds);
    CHECK(verdict.statements == 10);
    CHECK(verdict.sentences.back().find("not proven, but signed") != std::string::npos);

    CHECK(app.write(R"({"agent":[{"mbox":"mailto:p3@example.nl"},{"mbox":"mailto:p1@example.nl"},)"
                    R"({"mbox":"mailto:p3@example.nl"}],"verb":"http://example.nl/verbs/did"})")
              .statements == 16 + 3);
    CHECK(app.verdict().holds);
    const auto all = app.write("{}");
    CHECK(all.statements == app.store.statements());
    CHECK(app.verdict().sentences.back() == "They are all that the log has: none is missing.");
    CHECK(app.write(R"({"verb":"http://example.nl/verbs/never"})").statements == 0);
    CHECK(app.verdict().holds);

    // What comes later changes nothing.
    app.write(who);
    app.post_some(10);
    CHECK(app.verdict().holds);
}

TEST_CASE("Lines of JSON are the bytes that were stored, voided ones too") {
    ExportFixture app;
    app.post_some(12);
    const auto written = app.write("{}", ExportFormat::jsonl);
    const auto lines = content(app.file);
    CHECK(static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n')) == app.store.statements());
    CHECK(written.statements == app.store.statements());
    const auto found =
        app.send("GET", "/xapi/statements?statementId=00000000-0000-4000-8000-100000000002").body;
    CHECK(lines.find(found + "\n") != std::string::npos);
}

TEST_CASE("A table has the columns that were chosen, and no formula") {
    ExportFixture app;
    app.send(
        "POST", "/xapi/statements",
        R"({"actor":{"name":"=cmd!A1","mbox":"mailto:a@b.nl"
},"verb":{"id":"http://b.nl/v","display":{"nl":"deed, \"goed\""}},)"
        R"("object":{"id":"http://b.nl/a"},"result":{"score":{"scaled":-0.5,"raw":12345678901234567890123},"success":true},)"
        R"("context":{"contextActivities":{"parent":[{"id":"http://b.nl/1"},{"id":"http://b.nl/2"}]}}})");
    auto request = app.request("{}", ExportFormat::csv);
    request.columns = {"actor_name", "actor",   "verb_display", "score_scaled",
                       "score_raw",  "success", "parent",       "platform"};
    ExportProgress progress;
    REQUIRE(write_export(*app.checkpoints, request, app.file, progress).has_value());
    CHECK(content(app.file) ==
          "actor_name,actor,verb_display,score_scaled,score_raw,success,parent,platform\r\n"
          "\"'=cmd!A1\",\"{\"\"mbox\"\":\"\"mailto:a@b.nl\"\"}\",\"deed, "
          "\"\"goed\"\"\",-0.5,12345678901234567890123,"
          "true,http://b.nl/1 http://b.nl/2,\r\n");
    request.columns.clear();
    REQUIRE(write_export(*app.checkpoints, request, app.file, progress).has_value());
    CHECK(content(app.file).starts_with("id,timestamp,stored,actor,"));
}

TEST_CASE("Every change of a bundle is found, wherever it is") {
    ExportFixture app;
    app.post_some(30);
    app.write(R"({"agent":{"mbox":"mailto:p2@example.nl"}})");
    const auto good = content(app.file);
    const auto changed = app.folder.path() / "changed";
    std::mt19937 random(7);
    for (int i = 0; i < 1000; ++i) {
        auto bytes = good;
        const auto at = random() % bytes.size();
        const auto kind = random() % 4;
        if (kind == 0) bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
        if (kind == 1) bytes.erase(at, 1 + random() % 3);
        if (kind == 2) bytes.insert(at, 1, static_cast<char>(random()));
        if (kind == 3) bytes.resize(at);
        put(changed, bytes);
        INFO(kind << " at " << at);
        const auto verdict = verify_bundle(changed, app.keys);
        REQUIRE(verdict.has_value());
        CHECK_FALSE(verdict->holds);
        CHECK(verdict->sentences.size() == 1);
    }
    put(changed, good);
    CHECK(verify_bundle(changed, app.keys)->holds);
    CHECK_FALSE(verify_bundle(changed, {})->holds);
    const auto strange = server::audit::Checkpoints::load(app.store);
    CHECK_FALSE(verify_bundle(changed, std::vector{*(*strange)->rotate()})->holds);
    CHECK(verify_bundle(app.folder.path() / "none", app.keys).error().code == "file_unusable");
}

// Whoever has no key, but knows the form, makes it whole again around the change.
TEST_CASE("A bundle that was put together again is found, and says where it was changed") {
    ExportFixture app;
    app.post_some(30);
    app.write(R"({"agent":{"mbox":"mailto:p2@example.nl"}})");
    std::map<std::string, std::string> files;
    std::vector<std::string> order;
    const auto entries = *read_zip(app.file);
    const auto bytes = content(app.file);
    for (const auto& entry : entries) {
        files[entry.name] = bytes.substr(content_offset(entry), entry.bytes);
        order.push_back(entry.name);
    }
    const auto rebuilt = [&](const std::map<std::string, std::string>& with) {
        const auto path = app.folder.path() / "rebuilt";
        auto zip = *ZipWriter::create(path);
        for (const auto& name : order) {
            REQUIRE(zip.begin(name).has_value());
            REQUIRE(zip.append(with.at(name)).has_value());
            REQUIRE(zip.end().has_value());
        }
        REQUIRE(zip.finish().has_value());
        return *verify_bundle(path, app.keys);
    };
    CHECK(rebuilt(files).holds);
    const auto lines_of = [&](const std::string& name) {
        std::vector<std::string> lines;
        std::istringstream in(files.at(name));
        for (std::string line; std::getline(in, line);) lines.push_back(line + "\n");
        return lines;
    };
    const auto joined = [](const std::vector<std::string>& lines) {
        std::string all;
        for (const auto& line : lines) all += line;
        return all;
    };
    const auto says = [&](const std::string& name, const std::string& with, const std::string& sentence) {
        auto changed = files;
        changed[name] = with;
        const auto verdict = rebuilt(changed);
        CHECK_FALSE(verdict.holds);
        INFO(verdict.sentences.front());
        CHECK(verdict.sentences.front().find(sentence) != std::string::npos);
    };
    auto statements = lines_of("statements.jsonl");
    statements[2].replace(statements[2].find("did"), 3, "hid");
    says("statements.jsonl", joined(statements), "The statement in line 3 is not the one that was stored");
    statements = lines_of("statements.jsonl");
    std::swap(statements[1], statements[2]);
    says("statements.jsonl", joined(statements), "The statement in line 2 is not the one");
    statements = lines_of("statements.jsonl");
    statements.pop_back();
    says("statements.jsonl", joined(statements), "A statement is missing");
    statements = lines_of("statements.jsonl");
    statements.push_back(statements.back());
    says("statements.jsonl", joined(statements), "A statement was added");
    auto proofs = lines_of("proofs.jsonl");
    std::swap(proofs[0], proofs[1]);
    says("proofs.jsonl", joined(proofs), "line 1");
    auto forged = files.at("checkpoint.txt");
    forged.replace(forged.find('\n') + 1, 1, "9");
    says("checkpoint.txt", forged, "The checkpoint is not signed with this public key");
    auto manifest = files.at("manifest.json");
    manifest.replace(manifest.find("Ada"), 3, "Eva");
    says("manifest.json", manifest, "The manifest is not the one that was signed");

    // A statement and its proof taken out together, the rest made to fit: only the root tells.
    auto both = files;
    statements = lines_of("statements.jsonl");
    proofs = lines_of("proofs.jsonl");
    statements.erase(statements.begin() + 1);
    proofs.erase(proofs.begin() + 1);
    both["statements.jsonl"] = joined(statements);
    both["proofs.jsonl"] = joined(proofs);
    CHECK_FALSE(rebuilt(both).holds);
    // Another statement with a leaf that fits it, and even signed by whoever signs: only the root tells.
    statements = lines_of("statements.jsonl");
    proofs = lines_of("proofs.jsonl");
    statements[1].replace(statements[1].find("did"), 3, "hid");
    auto proof = json_of(proofs[1]).get_object();
    const auto salt_bytes = *spec::base64_decode(proof.at("salt").get_string());
    spec::Salt salt{};
    std::copy(salt_bytes.begin(), salt_bytes.end(), salt.begin());
    const auto leaf =
        spec::leaf_hash(salt, std::string_view(statements[1]).substr(0, statements[1].size() - 1));
    proof["leaf"] = spec::base64_encode({reinterpret_cast<const char*>(leaf.data()), leaf.size()});
    proofs[1] = boost::json::serialize(proof) + "\n";
    both["statements.jsonl"] = joined(statements);
    both["proofs.jsonl"] = joined(proofs);
    auto told = json_of(both["manifest.json"]).get_object();
    told["statements"] = statements.size();
    for (const auto* name : {"statements.jsonl", "proofs.jsonl"}) {
        spec::Sha2 digest(256);
        digest.update(both[name]);
        told["files"].get_object()[name] = {{"bytes", both[name].size()}, {"sha256", digest.finish()}};
    }
    both["manifest.json"] = boost::json::serialize(told);
    spec::Sha2 digest(256);
    digest.update(both["manifest.json"]);
    both["signature.txt"] = app.checkpoints->sign("export", digest.finish());
    const auto dishonest = rebuilt(both);
    INFO(dishonest.sentences.front());
    CHECK_FALSE(dishonest.holds);
    CHECK(dishonest.sentences.front().find("do not add up to the checkpoint") != std::string::npos);
}

TEST_CASE("An export that is cancelled or cannot be written leaves nothing") {
    ExportFixture app;
    app.post_some(5);
    ExportProgress progress;
    progress.cancelled = true;
    const auto cancelled = write_export(*app.checkpoints, app.request("{}"), app.file, progress);
    CHECK(cancelled.error().code == "export_cancelled");
    CHECK(std::filesystem::is_empty(app.folder.path()));
    ExportProgress other;
    CHECK(write_export(*app.checkpoints, app.request("{}"), app.folder.path() / "no" / "where", other)
              .error()
              .code == "file_unusable");
}

TEST_CASE("A filter that is not understood is refused with the place") {
    for (const auto& [filter, expected] : std::vector<std::pair<std::string, std::string>>{
             {"[]", "export_invalid /filter"},
             {R"({"colour":"red"})", "export_invalid /filter/colour"},
             {R"({"verb":"x"})", "export_invalid /filter/verb"},
             {R"({"verb":7})", "export_invalid /filter/verb"},
             {R"({"registration":"x"})", "export_invalid /filter/registration"},
             {R"({"agent":[]})", "export_invalid /filter/agent"},
             {R"({"agent":[{"mbox":"mailto:a@b.nl"},{"mbox":"a"}]})", "mbox_invalid /filter/agent/1/mbox"},
             {R"({"since":"yesterday"})", "timestamp_invalid /filter/since"},
             {R"({"related_agents":1})", "export_invalid /filter/related_agents"}}) {
        INFO(filter);
        const auto parsed = server::parse_export_filter(json_of(filter), "/filter");
        REQUIRE(parsed.has_error());
        CHECK(parsed.error().code + " " + parsed.error().pointer == expected);
    }
}

namespace {

boost::json::value finished(AppFixture& app, const std::string& id) {
    for (;;) {
        auto job = json_of(app.send("GET", "/api/v1/exports/" + id).body);
        const auto state = text(job.at("state"));
        if (state == "done" || state == "failed") return job;
        std::this_thread::yield();
    }
}

} // namespace

TEST_CASE("An export is a job, its file can be fetched in parts, and it is gone when it is removed") {
    ExportFixture app;
    app.post_some(20);
    const auto begun =
        app.send("POST", "/api/v1/exports", R"({"filter":{"agent":{"mbox":"mailto:p1@example.nl"}}})");
    CHECK(begun.status == 202);
    const auto id = text(json_of(begun.body).at("id"));
    CHECK(header(begun, "Location") == "/api/v1/exports/" + id);
    const auto job = finished(app, id);
    CHECK(text(job.at("state")) == "done");
    CHECK(text(job.at("by")) == "learner");
    const auto href = text(job.at("href"));
    const auto whole = app.send("GET", href);
    REQUIRE(whole.body.size() == job.at("bytes").to_number<std::size_t>());
    CHECK(header(whole, "Content-Type") == "application/zip");
    put(app.file, whole.body);
    CHECK(app.verdict().holds);

    const auto part = [&](const std::string& range) { return app.send("GET", href, "", {{"Range", range}}); };
    const auto size = whole.body.size();
    CHECK(part("bytes=0-9").status == 206);
    CHECK(part("bytes=0-9").body == whole.body.substr(0, 10));
    CHECK(part("bytes=100-").body == whole.body.substr(100));
    CHECK(part("bytes=-7").body == whole.body.substr(size - 7));
    CHECK(part("bytes=5-99999999").body == whole.body.substr(5));
    CHECK(header(part("bytes=5-6"), "Content-Range") == "bytes 5-6/" + std::to_string(size));
    CHECK(part("bytes=" + std::to_string(size) + "-").status == 416);
    for (const auto* none : {"bytes=1-2,4-5", "lines=1-2", "bytes=9-5", "bytes=x-5", "bytes=-", "bytes"})
        CHECK(part(none).status == 200);
    CHECK(app.send("GET", href, "", {{"Range", "bytes=0-9"}, {"If-Range", "\"another\""}}).status == 200);

    CHECK(json_of(app.send("GET", "/api/v1/exports").body).at("items").as_array().size() == 1);
    // Whoever starts again still has it.
    app.exports->stop();
    const auto again = std::move(*Exports::load(*app.checkpoints, app.exports_folder.path()));
    CHECK(again->find(storage::first_store, id)->result.sha256 == text(job.at("sha256")));
    CHECK(std::filesystem::exists(again->file_of(*again->find(storage::first_store, id))));
    CHECK(app.send("DELETE", "/api/v1/exports/" + id).status == 204);
    CHECK(std::filesystem::is_empty(app.exports_folder.path()));
    CHECK(refusal(app.send("GET", href)) == "404 export_unknown");
    CHECK(refusal(app.send("DELETE", "/api/v1/exports/" + id)) == "404 export_unknown");
}

TEST_CASE("Exports of another store are not there") {
    ExportFixture app;
    app.add_key("other", {"all"}, storage::first_store + 1);
    app.post_some(3);
    const auto id = text(json_of(app.send("POST", "/api/v1/exports", "{}").body).at("id"));
    const auto job = finished(app, id);
    const auto as_other = [&](const std::string& path) {
        return app.send("GET", path, "", {{"Authorization", basic("other", learner_secret)}});
    };
    CHECK(as_other("/api/v1/exports/" + id).status == 404);
    CHECK(as_other(text(job.at("href"))).status == 404);
    CHECK(json_of(as_other("/api/v1/exports").body).at("items").as_array().empty());
}

TEST_CASE("What an export may be asked for is said, and no more than some may wait") {
    ExportFixture app;
    const auto asked = [&](const std::string& body) {
        return refusal(app.send("POST", "/api/v1/exports", body));
    };
    CHECK(asked(R"({"format":"pdf"})") == "400 export_invalid /format");
    CHECK(asked(R"({"columns":["colour"]})") == "400 export_invalid /columns");
    CHECK(asked(R"({"columns":"id"})") == "400 export_invalid /columns");
    CHECK(asked(R"({"filter":{"verb":"x"}})") == "400 export_invalid /filter/verb");
    CHECK(asked(R"({"persons":1})") == "400 export_invalid /persons");
    CHECK(asked(R"({"urgent":true})") == "400 export_invalid /urgent");
    app.exports->stop(); // so that they wait
    for (int i = 0; i < 20; ++i) REQUIRE(app.send("POST", "/api/v1/exports", "{}").status == 202);
    CHECK(asked("{}") == "429 exports_too_many");
}

namespace {

// A part of a workbook, which is a zip file of its own kind.
std::string part_of(const std::filesystem::path& file, const std::string& name) {
    const auto outcome = tests::run({"/bin/sh", "-c", "unzip -p '" + file.string() + "' " + name});
    return outcome.output;
}

} // namespace

TEST_CASE("A workbook has a summary, the courses and the statements, with numbers as such") {
    ExportFixture app;
    for (int i = 0; i < 3; ++i)
        REQUIRE(
            app.send(
                   "POST", "/xapi/statements",
                   R"({"actor":{"name":"=cmd!A1","mbox":"mailto:a@b.nl"},"verb":{"id":"http://b.nl/v"},)"
                   R"("object":{"id":"http://b.nl/a","definition":{"name":{"nl":"Les <1>"}}},)"
                   R"("result":{"score":{"scaled":0.5},"success":true,"completion":true,"duration":"PT1H30M"}})")
                .status == 200);
    auto request = app.request("{}", ExportFormat::xlsx);
    request.organization = "Academie";
    request.columns = {"timestamp", "actor_name", "score_scaled", "success"};
    ExportProgress progress;
    REQUIRE(write_export(*app.checkpoints, request, app.file, progress).has_value());
    const auto statements = part_of(app.file, "xl/worksheets/sheet3.xml");
    CHECK(statements.find("<v>0.5</v>") != std::string::npos);
    CHECK(statements.find("t=\"b\"><v>1</v>") != std::string::npos);
    CHECK(statements.find("<t>=cmd!A1</t>") != std::string::npos); // a text, no formula
    CHECK(statements.find("<f>") == std::string::npos);
    CHECK(statements.find("r=\"A4\"") != std::string::npos);
    CHECK(statements.find("r=\"A5\"") == std::string::npos);
    const auto courses = part_of(app.file, "xl/worksheets/sheet2.xml");
    CHECK(courses.find("<t>Les &lt;1&gt;</t>") != std::string::npos);
    CHECK(courses.find("<v>0.1875</v>") != std::string::npos); // of a day, 4:30
    CHECK(part_of(app.file, "xl/worksheets/sheet1.xml").find("Academie") != std::string::npos);
}

TEST_CASE("A transcript is HTML in which nothing is markup that was a text") {
    ExportFixture app;
    REQUIRE(app.send("POST", "/xapi/statements",
                     R"({"actor":{"name":"<b>Jan</b>","mbox":"mailto:a@b.nl"},"verb":{"id":"http://b.nl/v"},)"
                     R"("object":{"id":"http://b.nl/a","definition":{"name":{"nl":"Les <1>"}}},)"
                     R"("result":{"score":{"scaled":0.875},"completion":true,"duration":"PT90M"}})")
                .status == 200);
    auto request = app.request(R"({"agent":{"mbox":"mailto:a@b.nl"}})", ExportFormat::transcript);
    request.language = "nl";
    request.organization = "Academie & zo";
    ExportProgress progress;
    REQUIRE(write_export(*app.checkpoints, request, app.file, progress).has_value());
    const auto html = content(app.file);
    CHECK(html.find("Leeroverzicht") != std::string::npos);
    CHECK(html.find("Academie &amp; zo") != std::string::npos);
    CHECK(html.find("&lt;b&gt;Jan&lt;/b&gt;") != std::string::npos);
    CHECK(html.find("Les &lt;1&gt;") != std::string::npos);
    CHECK(html.find("88 %") != std::string::npos);
    CHECK(html.find("1:30") != std::string::npos);
    CHECK(html.find("<b>") == std::string::npos);
}

TEST_CASE("Scheduled exports are put into their folder, again after a restart when they are due") {
    ExportFixture app;
    app.post_some(5);
    CHECK(app.exports->schedule(app.request("{}", ExportFormat::jsonl), Every::day).error().code ==
          "export_unscheduled");
    const auto folder = app.folder.path() / "scheduled";
    const auto files = [&] {
        std::vector<std::string> names;
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator(folder, none))
            if (entry.path().extension() == ".jsonl") names.push_back(content(entry.path()));
        return names;
    };
    const auto load = [&] {
        return std::move(*Exports::load(*app.checkpoints, app.folder.path() / "own", folder));
    };
    auto exports = load();
    const auto made = exports->schedule(
        app.request(R"({"agent":{"mbox":"mailto:p2@example.nl"}})", ExportFormat::jsonl), Every::month);
    REQUIRE(made.has_value());
    while (files().empty()) {
    }
    CHECK(files().front().find("p2@example.nl") != std::string::npos);
    CHECK(files().front().find("p1@example.nl") == std::string::npos);
    const auto kept = exports->schedules(storage::first_store);
    REQUIRE(kept.size() == 1);
    const auto days =
        std::chrono::duration_cast<std::chrono::hours>(kept.front().next - made->next).count() / 24;
    CHECK((days >= 28 && days <= 31));
    exports.reset();
    // As if it were a month later.
    for (auto [name, bytes] : app.store.records(storage::RecordKind::export_schedule).value()) {
        const auto at = bytes.find("\"next\":\"") + 8;
        bytes.replace(at, 4, "2001");
        REQUIRE(app.store.save_record(storage::RecordKind::export_schedule, name, bytes).has_value());
    }
    exports = load();
    while (files().size() < 2) {
    }
    CHECK(files()[1] == files()[0]);
    exports->forget(storage::first_store, {"mbox mailto:p1@example.nl"});
    CHECK(exports->schedules(storage::first_store).size() == 1);
    CHECK(exports->all(storage::first_store).empty());
    const auto of_one = exports->schedule(
        app.request(R"({"agent":{"mbox":"mailto:p1@example.nl"}})", ExportFormat::jsonl), Every::day);
    REQUIRE(of_one.has_value());
    exports->forget(storage::first_store, {"mbox mailto:p1@example.nl"});
    CHECK(exports->schedules(storage::first_store).front().id == made->id);
    CHECK(exports->schedules(storage::first_store).size() == 1);
    CHECK(exports->unschedule(storage::first_store, made->id).value());
    CHECK_FALSE(exports->unschedule(storage::first_store, made->id).value());
    CHECK(exports->schedules(storage::first_store).empty());
}

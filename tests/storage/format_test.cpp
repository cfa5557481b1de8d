#include "storage/rocksdb/database/format.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;
using namespace leerspoor::storage::engine;

const spec::Uuid some_id = *spec::parse_uuid("6690e6c9-3ef0-4ed3-8b37-7f3964730bee");

spec::Instant at(std::int64_t microseconds) {
    return spec::Instant(std::chrono::microseconds(microseconds));
}

Credential some_credential() {
    return {"a key", "$argon2id$v=19$m=1$salt$hash", "Naam \"én\" \u00fc", {"statements/write", "all"},
            7,       at(1714557600123456),           std::nullopt};
}

} // namespace

TEST_CASE("Keys of statements sort by store, then by sequence") {
    CHECK(statement_key(1, 255) < statement_key(1, 256));
    CHECK(statement_key(1, ~Sequence{0}) < statement_key(2, 0));
    CHECK(statement_key(255, 1) < statement_key(256, 0));
    const auto parsed = parse_statement_key(statement_key(3, 1u << 30));
    REQUIRE(parsed.has_value());
    CHECK(parsed->first == 3);
    CHECK(parsed->second == 1u << 30);
}

TEST_CASE("Keys of postings sort by store, field and term, then by bucket") {
    const auto verb = term_key(1, {spec::Filter::verb, "http://example.com/did"});
    const auto agent = term_key(1, {spec::Filter::agent, "http://example.com/did"});
    CHECK(posting_key(verb, 255) < posting_key(verb, 256));
    CHECK(posting_key(verb, ~Bucket{0}) < posting_key(agent, 0));
    CHECK(posting_key(voider_key(1, some_id), 9) < posting_key(all_key(2), 0));
    CHECK(posting_bucket(posting_key(verb, 77)) == Bucket{77});
    CHECK(posting_key(verb, 77).starts_with(posting_prefix(verb)));
    CHECK(posting_prefix(verb).size() == posting_prefix_size);
}

TEST_CASE("Terms of other filters, other stores and other texts have other keys") {
    const auto key = term_key(1, {spec::Filter::verb, "v"});
    CHECK(key == term_key(1, {spec::Filter::verb, "v"}));
    CHECK(key != term_key(2, {spec::Filter::verb, "v"}));
    CHECK(key != term_key(1, {spec::Filter::activity, "v"}));
    CHECK(key != term_key(1, {spec::Filter::verb, "V"}));
    CHECK(referrer_key(1, some_id) != voider_key(1, some_id));
    CHECK(all_key(1) != voided_key(1));
}

TEST_CASE("Keys of ids and documents begin with the store") {
    CHECK(id_key({1, some_id}) < id_key({2, spec::Uuid{}}));
    CHECK(id_key({1, some_id}) != id_key({2, some_id}));
    CHECK(document_key(1, {{}, "z"}) < document_key(2, {{}, "a"}));
    CHECK(activity_key(1, "http://a.b") != activity_key(2, "http://a.b"));
    CHECK(credential_key("k").starts_with(credential_prefix));
}

TEST_CASE("Keys of documents begin with those of their owner, and no two documents share one") {
    const DocumentOwner in_general{DocumentKind::state, "http://a.b/c", "mbox mailto:a@b.c", std::nullopt};
    auto registered = in_general;
    registered.registration = some_id;
    const auto prefix = document_prefix(1, in_general);
    CHECK(document_key(1, {in_general, "x"}).starts_with(prefix));
    CHECK(document_key(1, {registered, "x"}).starts_with(prefix));
    CHECK(document_key(1, {registered, "x"}).starts_with(document_prefix(1, registered)));
    CHECK_FALSE(document_key(1, {in_general, "x"}).starts_with(document_prefix(1, registered)));

    auto shifted = in_general;
    shifted.activity += "m";
    shifted.agent = "box mailto:a@b.c";
    auto profile = in_general;
    profile.kind = DocumentKind::agent_profile;
    for (const auto& other : {shifted, profile}) {
        CHECK_FALSE(document_key(1, {other, "x"}).starts_with(prefix));
    }
    CHECK_FALSE(document_key(2, {in_general, "x"}).starts_with(prefix));

    const std::string long_id(100'000, 'i');
    const auto long_key = document_key(1, {in_general, long_id});
    CHECK(long_key.size() < 1100);
    CHECK(long_key.starts_with(prefix));
    CHECK(long_key != document_key(1, {in_general, long_id + "i"}));
    CHECK(long_key != document_key(1, {in_general, long_key.substr(prefix.size() + 1)}));
}

TEST_CASE("A statement's header is read back as it was written") {
    StatementHeader header{
        some_id, at(-5), {}, GENERATE(spec::Version::v1_0_3, spec::Version::v2_0_0), GENERATE(false, true)};
    for (std::uint8_t i = 0; i < 16; ++i) header.salt[i] = static_cast<std::uint8_t>(i * 17);
    std::string value;
    append_statement_header(header, value);
    CHECK(value.size() == statement_header_size);
    const auto read = decode_statement_header(value + "{}");
    REQUIRE(read.has_value());
    CHECK(read->id == header.id);
    CHECK(read->stored == header.stored);
    CHECK(read->salt == header.salt);
    CHECK(read->version == header.version);
    CHECK(read->describes == header.describes);
}

TEST_CASE("An altered statement keeps its leaf and loses its salt") {
    StatementHeader header{some_id, at(-5), {}, spec::Version::v1_0_3, true};
    header.salt.fill(7);
    const Altered altered{spec::leaf_hash(header.salt, "{}"), at(9)};
    const auto value = encode_altered(header, altered, "{\"a\":1}");
    const auto read = decode_statement(3, value);
    REQUIRE(read.has_value());
    CHECK(read->sequence == 3);
    CHECK(read->id == header.id);
    CHECK(read->stored == header.stored);
    CHECK(read->version == header.version);
    CHECK(read->bytes == "{\"a\":1}");
    CHECK(read->salt == spec::Salt());
    CHECK(read->altered->at == altered.at);
    CHECK(read->leaf() == altered.leaf);
    CHECK_FALSE(read->erased());
    CHECK(decode_statement(3, encode_altered(header, altered, ""))->erased());
    CHECK_FALSE(decode_statement(3, value.substr(0, statement_header_size + 39)).has_value());
}

TEST_CASE("What is no header, key or number is not read as one") {
    std::string value;
    append_statement_header({some_id, at(1), {}, spec::Version::v1_0_3, true}, value);
    CHECK_FALSE(decode_statement_header("").has_value());
    CHECK_FALSE(decode_statement_header(value.substr(1)).has_value());
    CHECK_FALSE(decode_statement_header(value.substr(0, value.size() - 1)).has_value());
    auto changed = value;
    changed[0] = 1;
    CHECK_FALSE(decode_statement_header(changed).has_value());
    changed = value;
    changed[1] = 8; // no flag
    CHECK_FALSE(decode_statement_header(changed).has_value());

    CHECK_FALSE(parse_statement_key("short").has_value());
    CHECK_FALSE(parse_statement_key(statement_key(1, 1) + "x").has_value());
    CHECK_FALSE(posting_bucket(posting_prefix(all_key(1))).has_value());
    spec::StatementDigest digest;
    digest.content[15] = 1;
    digest.set_timestamp(spec::Instant(std::chrono::microseconds(2)));
    digest.attachments[7] = 3;
    for (const IdEntry& entry : {IdEntry{}, IdEntry{7, {}}, IdEntry{7, digest}}) {
        CHECK(decode_id(encode_id(entry)) == entry);
    }
    CHECK_FALSE(decode_id("").has_value());
    CHECK_FALSE(decode_id(std::string(39, 'x')).has_value());

    Link link{{voided_key(3), referrer_key(3, spec::Uuid{})}, spec::Uuid{}, true};
    for (const bool refers : {true, false}) {
        if (!refers) link.refers_to.reset();
        const auto back = decode_link(3, encode_link(link));
        REQUIRE(back.has_value());
        CHECK(back->terms == link.terms);
        CHECK(back->refers_to == link.refers_to);
        CHECK(back->voids);
    }
    CHECK_FALSE(decode_link(3, "").has_value());
    CHECK_FALSE(decode_link(3, std::string(5, '\2')).has_value());

    CHECK_FALSE(decode_sequence("1234567").has_value());
    CHECK_FALSE(decode_sequence("").has_value());
    CHECK(decode_sequence(encode_sequence(1u << 20)) == Sequence{1u << 20});
}

TEST_CASE("Documents of any bytes are read back as they were written") {
    DocumentName name{{DocumentKind::state, "http://a.b/c", "mbox mailto:a@b.c", std::nullopt}, "an id\n"};
    if (GENERATE(false, true)) name.owner.registration = some_id;
    const Document document{"text/plain; charset=utf-8", std::string("a\0b\xff", 4), "0123abcd",
                            at(1714557600000001)};
    const auto value = encode_document(name, document);
    const auto read = decode_document(value);
    REQUIRE(read.has_value());
    CHECK(read->name == name);
    CHECK(read->document.content_type == document.content_type);
    CHECK(read->document.bytes == document.bytes);
    CHECK(read->document.etag == document.etag);
    CHECK(read->document.updated == document.updated);
    CHECK(decode_document_head(value)->name == name);
    CHECK(decode_document_head(value)->document.bytes.empty());

    const std::size_t before_bytes = value.size() - document.bytes.size();
    for (std::size_t size = 0; size < before_bytes; ++size) {
        CHECK_FALSE(decode_document(value.substr(0, size)).has_value());
    }
    for (const std::size_t place : {0u, 1u}) {
        auto changed = value;
        changed[place] = 77;
        CHECK_FALSE(decode_document(changed).has_value());
    }
}

TEST_CASE("What is known of activities and agents is read back as it was written") {
    const auto value = encode_activity({77, "http://a.b/c", R"({"name":{"en":"x"}})"});
    const auto activity = decode_activity(value);
    REQUIRE(activity.has_value());
    CHECK(activity->told_through == 77);
    CHECK(activity->iri == "http://a.b/c");
    CHECK(activity->definition == R"({"name":{"en":"x"}})");
    CHECK_FALSE(decode_activity("").has_value());
    CHECK_FALSE(decode_activity(value.substr(0, 20)).has_value());
    CHECK_FALSE(decode_activity("\x09" + value.substr(1)).has_value());

    const auto name = decode_agent_name(encode_agent_name({"mbox mailto:a@b.c", "Ann"}));
    REQUIRE(name.has_value());
    CHECK(name->identity == "mbox mailto:a@b.c");
    CHECK(name->name == "Ann");
    CHECK_FALSE(decode_agent_name("abc").has_value());
    CHECK(agent_name_key(1, *name).starts_with(agent_prefix(1, "mbox mailto:a@b.c")));
    CHECK(agent_name_key(1, *name) != agent_name_key(1, {"mbox mailto:a@b.c", "Anna"}));
}

TEST_CASE("Credentials are read back as they were written, revoked or not") {
    auto credential = some_credential();
    if (GENERATE(false, true)) credential.revoked = at(1714557600999999);
    const auto read = decode_credential(encode_credential(credential));
    REQUIRE(read.has_value());
    CHECK(read->key == credential.key);
    CHECK(read->secret_hash == credential.secret_hash);
    CHECK(read->name == credential.name);
    CHECK(read->scopes == credential.scopes);
    CHECK(read->store == credential.store);
    CHECK(read->created == credential.created);
    CHECK(read->revoked == credential.revoked);
}

TEST_CASE("What is no credential is not read as one") {
    const auto value = encode_credential(some_credential());
    CHECK_FALSE(decode_credential("").has_value());
    CHECK_FALSE(decode_credential("[]").has_value());
    CHECK_FALSE(decode_credential("{}").has_value());
    CHECK_FALSE(decode_credential(value.substr(0, value.size() - 1)).has_value());
    CHECK_FALSE(
        decode_credential(
            R"({"key":"k","secret_hash":"h","name":"n","scopes":"all","store":1,"created":"2024-05-01T10:00:00Z"})")
            .has_value());
    CHECK_FALSE(decode_credential(
                    R"({"key":"k","secret_hash":"h","name":"n","scopes":[],"store":1,"created":"yesterday"})")
                    .has_value());
}

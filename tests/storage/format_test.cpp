#include "storage/rocksdb/format.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace leerspoor;
using namespace leerspoor::storage;

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
    CHECK(document_key(1, "z") < document_key(2, "a"));
    CHECK(credential_key("k").starts_with(credential_prefix));
}

TEST_CASE("A statement's header is read back as it was written") {
    StatementHeader header{some_id, at(-5), {}};
    for (std::uint8_t i = 0; i < 16; ++i) header.salt[i] = static_cast<std::uint8_t>(i * 17);
    std::string value;
    append_statement_header(header, value);
    CHECK(value.size() == statement_header_size);
    const auto read = decode_statement_header(value + "{}");
    REQUIRE(read.has_value());
    CHECK(read->id == header.id);
    CHECK(read->stored == header.stored);
    CHECK(read->salt == header.salt);
}

TEST_CASE("What is no header, key or number is not read as one") {
    std::string value;
    append_statement_header({some_id, at(1), {}}, value);
    CHECK_FALSE(decode_statement_header("").has_value());
    CHECK_FALSE(decode_statement_header(value.substr(1)).has_value());
    CHECK_FALSE(decode_statement_header(value.substr(0, value.size() - 1)).has_value());
    value.front() = 2;
    CHECK_FALSE(decode_statement_header(value).has_value());

    CHECK_FALSE(parse_statement_key("short").has_value());
    CHECK_FALSE(parse_statement_key(statement_key(1, 1) + "x").has_value());
    CHECK_FALSE(posting_bucket(posting_prefix(all_key(1))).has_value());
    CHECK_FALSE(decode_sequence("1234567").has_value());
    CHECK_FALSE(decode_sequence("").has_value());
    CHECK(decode_sequence(encode_sequence(1u << 20)) == Sequence{1u << 20});
}

TEST_CASE("Documents of any bytes are read back as they were written") {
    const Document document{"text/plain; charset=utf-8", std::string("a\0b\xff", 4), "0123abcd",
                            at(1714557600000001)};
    const auto value = encode_document(document);
    const auto read = decode_document(value);
    REQUIRE(read.has_value());
    CHECK(read->content_type == document.content_type);
    CHECK(read->bytes == document.bytes);
    CHECK(read->etag == document.etag);
    CHECK(read->updated == document.updated);

    const std::size_t before_bytes = value.size() - document.bytes.size();
    for (std::size_t size = 0; size < before_bytes; ++size) {
        CHECK_FALSE(decode_document(value.substr(0, size)).has_value());
    }
    CHECK_FALSE(decode_document(std::string(8, '\0') + "\xff\xff\xff\xff" + "text").has_value());
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

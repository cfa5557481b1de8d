// Random damage to good statements: nothing crashes, whatever is read is written back the same, and whatever
// validates goes through everything that takes valid statements.
#include "spec/base/json.hpp"
#include "spec/equivalence.hpp"
#include "spec/format.hpp"
#include "spec/prepare.hpp"
#include "spec/validate.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

namespace {

using namespace leerspoor;
using namespace leerspoor::spec;
namespace json = boost::json;

std::vector<json::value> accepted_statements() {
    std::vector<json::value> statements;
    for (const auto& entry : std::filesystem::directory_iterator(LEERSPOOR_TESTS_DIR "/corpus/accepted")) {
        std::ifstream file(entry.path());
        std::stringstream text;
        text << file.rdbuf();
        const auto list = parse_json(text.str());
        for (const auto& element : list->as_array()) {
            statements.push_back(element.at("statement"));
        }
    }
    return statements;
}

class Damage {
  public:
    explicit Damage(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

    const json::value& any_of(const std::vector<json::value>& values) { return values[below(values.size())]; }

    // Changes one place of `value`; what is put there may come from `other`.
    void hit(json::value& value, const json::value& other) {
        if (auto* object = value.if_object(); object != nullptr && !object->empty() && below(4) != 0) {
            auto* member = object->begin() + below(object->size());
            switch (below(8)) {
            case 0:
                object->erase(member);
                return;
            case 1:
                (*object)[scrambled(member->key())] = json::value(member->value());
                return;
            default:
                return hit(member->value(), other);
            }
        }
        if (auto* array = value.if_array(); array != nullptr && !array->empty() && below(4) != 0) {
            if (below(6) == 0) array->push_back(json::value(array->front()));
            return hit((*array)[below(array->size())], other);
        }
        if (auto* string = value.if_string(); string != nullptr && below(3) != 0) {
            *string = scrambled(*string);
            return;
        }
        value = replacement(other);
    }

    std::string scrambled(std::string_view text) {
        static const std::vector<std::string> pieces = {"",         "A",       ":", "/", "\"", "\\",  "\n",
                                                        "\xc3\xa9", "mailto:", "-", "0", "T",  "[,]", "%"};
        std::string result(text);
        auto at = below(result.size() + 1);
        while (at < result.size() && (static_cast<unsigned char>(result[at]) & 0xc0) == 0x80) {
            ++at;
        }
        result.insert(at, pieces[below(pieces.size())]);
        return result;
    }

    void hit_bytes(std::string& text) {
        for (auto hits = below(4) + 1; hits > 0 && !text.empty(); --hits) {
            const auto at = below(text.size());
            switch (below(3)) {
            case 0:
                text.erase(at, below(5));
                break;
            case 1:
                text.insert(at, 1, static_cast<char>(below(256)));
                break;
            default:
                text[at] = static_cast<char>(below(256));
            }
        }
    }

  private:
    json::value replacement(const json::value& other) {
        switch (below(9)) {
        case 0:
            return nullptr;
        case 1:
            return true;
        case 2:
            return -1;
        case 3:
            return 0.1;
        case 4:
            return "";
        case 5:
            return json::object{};
        case 6:
            return json::array{};
        case 7:
            return json::value(other);
        default:
            return json::array{other};
        }
    }

    std::mt19937 random_;
};

std::string written(const json::value& value) {
    std::string out;
    write_json(value, out);
    return out;
}

// Everything that a valid statement meets.
void use(const json::value& statement, Version version) {
    const auto prepared =
        prepare_statement(statement, version, {{"mbox", "mailto:l@b"}}, [] { return Uuid{}; });
    if (!prepared.has_value()) return;
    auto bytes = *prepared;
    bytes.set_stored(Instant{});
    const auto completed = parse_json(bytes.bytes);
    REQUIRE(completed.has_value());
    const auto again = validate_statement(*completed, version);
    if (!again.has_value()) FAIL(again.error().code << " " << again.error().pointer << " " << bytes.bytes);
    CHECK(filter_terms(completed->as_object()) == bytes.terms);
    CHECK(equivalent(completed->as_object(), statement.as_object(), {bytes.timestamp_was_given, version}));
    auto changed = completed->as_object();
    make_canonical(changed, LanguagePreferences("en"), {});
    CHECK(validate_statement(changed, version).has_value());
    reduce_to_ids(changed);
    CHECK(validate_statement(changed, version).has_value());
}

} // namespace

TEST_CASE("Damaged statements are refused or used whole, and never crash") {
    const auto statements = accepted_statements();
    REQUIRE_FALSE(statements.empty());
    Damage damage(20260101);
    for (int round = 0; round < 20000; ++round) {
        auto statement = damage.any_of(statements);
        for (auto hits = damage.below(3); hits > 0; --hits) {
            damage.hit(statement, damage.any_of(statements));
        }
        const auto text = written(statement);
        const auto back = parse_json(text);
        INFO(text);
        REQUIRE(back.has_value());
        REQUIRE(*back == statement);
        use(*back, round % 2 == 0 ? Version::v1_0_3 : Version::v2_0_0);
    }
}

TEST_CASE("Damaged bytes are refused or read, and what is read is written back the same") {
    const auto statements = accepted_statements();
    Damage damage(4711);
    for (int round = 0; round < 20000; ++round) {
        auto text = written(damage.any_of(statements));
        damage.hit_bytes(text);
        const auto value = parse_json(text);
        if (!value.has_value()) {
            REQUIRE_FALSE(value.error().code.empty());
            continue;
        }
        const auto back = parse_json(written(*value));
        INFO(text);
        REQUIRE(back.has_value());
        REQUIRE(*back == *value);
        use(*back, Version::v1_0_3);
    }
}

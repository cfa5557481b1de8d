// A statement that validates can be prepared, stays valid, keeps its terms, equals itself, and survives both
// reducing formats; in both versions.
#include "spec/base/json.hpp"
#include "spec/equivalence.hpp"
#include "spec/format.hpp"
#include "spec/prepare.hpp"
#include "spec/validate.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace leerspoor::spec;

void must(bool condition) {
    if (!condition) std::abort();
}

void use(const boost::json::value& statement, Version version) {
    const auto prepared =
        prepare_statement(statement, version, {{"mbox", "mailto:lrs@example.com"}}, [] { return Uuid{}; });
    if (!prepared.has_value()) {
        must(!prepared.error().code.empty() && !prepared.error().message.empty());
        return;
    }
    auto ready = *prepared;
    ready.set_stored(Instant{});
    const auto completed = parse_json(ready.bytes);
    must(completed.has_value());
    must(validate_statement(*completed, version).has_value());
    must(filter_terms(completed->get_object()) == ready.terms);
    must(equivalent(completed->get_object(), statement.get_object(), {ready.timestamp_was_given, version}));
    auto reduced = completed->get_object();
    make_canonical(reduced, LanguagePreferences("en"), {});
    must(validate_statement(reduced, version).has_value());
    reduce_to_ids(reduced);
    must(validate_statement(reduced, version).has_value());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto value = parse_json(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!value.has_value()) return 0;
    use(*value, Version::v1_0_3);
    use(*value, Version::v2_0_0);
    return 0;
}

// Whatever comes as a JSON Web Signature, its x5c included, is refused in words or is a signature of the
// statement. The input is the signature, or the texts of its three parts, separated by zero bytes.
#include "spec/signature.hpp"
#include "spec/base/base64.hpp"
#include "spec/base/json.hpp"
#include "tests/fuzz/must.hpp"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace leerspoor;
    static const auto statement = spec::parse_json(
        R"({"actor":{"mbox":"mailto:a@b.c"},"verb":{"id":"http://a.b/c"},"object":{"id":"http://a.b/d"}})");
    auto input = fuzz::text_of(data, size);
    const auto whole = spec::check_signature(input, statement->get_object());
    if (!whole.has_value()) fuzz::must_explain(whole);
    std::string made;
    for (int part = 0; part < 3; ++part) {
        made += (part == 0 ? "" : ".") + spec::base64url_encode(fuzz::take_text(input));
    }
    const auto checked = spec::check_signature(made, statement->get_object());
    if (!checked.has_value()) fuzz::must_explain(checked);
    return 0;
}

// Single header fields and the alternate request syntax. The input is a media type, an If-Match, an
// If-None-Match, an ETag, a target and a form, separated by zero bytes.
#include "server/http/percent.hpp"
#include "server/xapi/alternate_syntax.hpp"
#include "server/xapi/content_type.hpp"
#include "server/xapi/preconditions.hpp"
#include "tests/fuzz/must.hpp"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace leerspoor;
    using namespace leerspoor::server;
    using fuzz::must;
    auto input = fuzz::text_of(data, size);

    http::RequestHead head;
    head.method = "POST";
    head.fields.add("Content-Type", std::string(fuzz::take_text(input)));
    head.fields.add("If-Match", std::string(fuzz::take_text(input)));
    head.fields.add("If-None-Match", std::string(fuzz::take_text(input)));
    const auto type = xapi::media_type_of(*head.fields.find("Content-Type"));
    must(type.find(';') == std::string::npos);
    if (const auto json = xapi::expect_json(head); !json.has_value()) fuzz::must_explain(json);

    const std::string etag(fuzz::take_text(input));
    const auto checked = xapi::Preconditions::of(head.fields).check(etag);
    if (!checked.has_value()) fuzz::must_explain(checked);
    must(!xapi::names_etag("W/\"a\"", "a", false) && xapi::names_etag("W/\"a\"", "a", true));

    head.target = fuzz::take_text(input);
    std::string form(input);
    const auto before = head.target;
    if (const auto decoded = http::percent_decode(form)) {
        const auto again = http::percent_decode(http::percent_encode(*decoded));
        must(again && *again == *decoded);
    }
    const auto unfolded = xapi::unfold_alternate(head, form);
    if (!unfolded.has_value()) {
        fuzz::must_explain(unfolded);
        must(head.target == before && form == input);
    }
    return 0;
}

// Query strings and `more` tokens: what is understood goes through a token and comes back the same.
#include "server/xapi/more_token.hpp"
#include "server/xapi/query_parameters.hpp"
#include "tests/fuzz/must.hpp"

namespace {

using namespace leerspoor;
using fuzz::must;

constexpr std::size_t max_page = 1000;

void use(const server::xapi::StatementsRequest& asked) {
    must(asked.query.limit >= 1 && asked.query.limit <= max_page);
    if (asked.statement_id || asked.voided_statement_id) return;
    auto next = asked;
    next.query.after = 7;
    next.query.snapshot = 9;
    const auto token = server::xapi::make_more_token(next);
    const auto back = server::xapi::parse_more_token(token, max_page);
    must(back.has_value());
    must(back->query.terms == next.query.terms && back->query.since == next.query.since &&
         back->query.until == next.query.until && back->query.ascending == next.query.ascending &&
         back->query.limit == next.query.limit && back->query.after == next.query.after &&
         back->query.snapshot == next.query.snapshot && back->format == next.format &&
         back->attachments == next.attachments);
    must(server::xapi::make_more_token(*back) == token);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    for (const auto version : {spec::Version::v1_0_3, spec::Version::v2_0_0}) {
        const auto asked = server::xapi::parse_statements_request(text, version, {100, max_page});
        if (asked.has_value()) {
            use(*asked);
        } else {
            fuzz::must_explain(asked);
        }
    }
    const auto token = server::xapi::parse_more_token(text, max_page);
    if (token.has_value()) {
        use(*token);
    } else {
        fuzz::must_explain(token);
    }
    return 0;
}

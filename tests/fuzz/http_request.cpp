// Whatever bytes come: the parser ends, refuses with a status and a sentence, and reads the same request
// however the bytes were cut. The first byte of the input says how.
#include "server/http/parser.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace leerspoor::server::http;

constexpr std::size_t header_bytes = 4096;
constexpr std::size_t body_bytes = 65536;

struct Outcome {
    bool done = false;
    int refused = 0;
    std::string method;
    std::string target;
    std::string body;

    bool operator==(const Outcome&) const = default;
};

// Gives `step` more bytes each time, as a connection does.
Outcome read(std::string_view bytes, std::size_t step) {
    RequestParser parser(header_bytes);
    std::optional<Refusal> refusal;
    bool in_body = false;
    std::size_t at = 0;
    for (std::size_t end = 0; !refusal && !(in_body && parser.done());) {
        if (end == bytes.size()) break;
        end = std::min(bytes.size(), end + step);
        for (bool moved = true; moved && !refusal && !(in_body && parser.done());) {
            const std::size_t taken = parser.parse(bytes.substr(at, end - at), refusal);
            if (taken > end - at) std::abort();
            at += taken;
            moved = taken > 0;
            if (!refusal && !in_body && parser.head_done()) {
                in_body = true;
                moved = true;
                if (!parser.read_body(body_bytes)) return {false, 413, {}, {}, {}};
            }
        }
    }
    if (refusal) {
        if (refusal->status < 400 || refusal->status > 505) std::abort();
        if (refusal->error.code.empty() || refusal->error.message.empty()) std::abort();
        return {false, refusal->status, {}, {}, {}};
    }
    if (!in_body || !parser.done()) return {};
    if (parser.body().size() > body_bytes) std::abort();
    return {true, 0, parser.head().method, parser.head().target, parser.body()};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::size_t step = 1 + data[0] % 64;
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    const Outcome whole = read(bytes, bytes.size());
    const Outcome pieces = read(bytes, step);
    if (whole.done && !(pieces == whole)) std::abort();
    return 0;
}

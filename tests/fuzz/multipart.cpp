// Whatever comes as multipart/mixed: the reader ends, and finds the same parts however the bytes were cut.
// The input is a piece's size, a Content-Type up to a zero byte, and the body.
#include "spec/multipart.hpp"
#include "tests/fuzz/must.hpp"

#include <algorithm>
#include <string>

namespace {

using namespace leerspoor;
using fuzz::must;

// What was found, as one text.
std::string read(const std::string& boundary, std::string_view body, std::size_t step) {
    spec::MultipartReader reader(boundary, 512, 20);
    std::string found;
    for (std::size_t at = 0;; at += step) {
        if (at < body.size()) reader.feed(body.substr(at, step));
        while (true) {
            const auto event = reader.next();
            if (!event.has_value()) {
                fuzz::must_explain(event);
                return found + "!" + event.error().code;
            }
            using Kind = spec::PartEvent::Kind;
            if (event->kind == Kind::need_more) break;
            if (event->kind == Kind::end) return found + "$";
            if (event->kind == Kind::part_end) found += "|";
            if (event->kind == Kind::content) found += event->content;
            if (event->kind != Kind::header) continue;
            for (const auto& [name, value] : reader.header().fields) found += name + ":" + value + ";";
        }
        if (at >= body.size()) return found + (reader.finish().has_value() ? "?" : "incomplete");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::size_t step = 1 + data[0] % 64;
    auto body = fuzz::text_of(data + 1, size - 1);
    const auto boundary = spec::multipart_boundary(fuzz::take_text(body));
    if (!boundary.has_value()) {
        fuzz::must_explain(boundary);
        return 0;
    }
    must(!boundary->empty() && boundary->size() <= 70);
    must(read(*boundary, body, std::max<std::size_t>(1, body.size())) == read(*boundary, body, step));
    return 0;
}

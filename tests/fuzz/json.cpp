// Whatever parse_json accepts, write_json writes so that it is read back the same; and nothing crashes.
#include "spec/base/json.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace leerspoor::spec;
    const auto value = parse_json(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!value.has_value()) {
        if (value.error().code.empty() || value.error().message.empty()) std::abort();
        return 0;
    }
    std::string text;
    write_json(*value, text);
    const auto back = parse_json(text);
    if (!back.has_value() || *back != *value) std::abort();
    return 0;
}

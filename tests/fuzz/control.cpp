// Lines on the control socket: each is answered by one line of JSON, a result or an error in words.
#include "server/control/commands.hpp"
#include "spec/base/json.hpp"
#include "tests/fuzz/must.hpp"
#include "tests/support/model_store.hpp"

#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace leerspoor;
    tests::ModelStore store;
    server::auth::KeyRingOptions options;
    options.cost = {.memory_kib = 8, .passes = 1}; // the least that Argon2 takes
    const auto keys = server::auth::KeyRing::load(store, options);
    server::Log log(server::LogFormat::json, "debug", [](const std::string&) {});
    const auto answer = server::control::run_line(**keys, log, fuzz::text_of(data, size));
    fuzz::must(answer.find('\n') == std::string::npos);
    const auto parsed = spec::parse_json(answer);
    fuzz::must(parsed.has_value() && parsed->is_object());
    fuzz::must(parsed->get_object().contains("result") != parsed->get_object().contains("error"));
    return 0;
}

#include "server/cli/ask.hpp"

#include "server/auth/key_ring.hpp"
#include "server/auth/people.hpp"
#include "server/control/commands.hpp"
#include "server/control/socket.hpp"
#include "spec/base/json.hpp"
#include "storage/rocksdb/open.hpp"

namespace leerspoor::server::cli {
namespace {

namespace json = boost::json;

// One line of JSON in, one out.
Result<std::string> answer_to(const std::filesystem::path& data, const std::string& line, bool may_make) {
    std::error_code ec;
    if (!may_make && !std::filesystem::is_directory(data, ec))
        return Error{"data_folder_unusable", "", "There is no folder " + data.string() + "."};
    storage::RocksdbOptions options;
    options.allow_future_stored = true; // nothing is stored here
    auto store = storage::open_rocksdb(data, options);
    if (!store && store.error().code == "data_folder_in_use") return control::ask(data, line);
    if (!store) return store.error();
    auto keys = auth::KeyRing::load(**store);
    if (!keys) return keys.error();
    auto people = auth::People::load(**store);
    if (!people) return people.error();
    Log quiet(LogFormat::text, "warning"); // what was done is printed
    return Result<std::string>(boost::system::in_place_value,
                               control::run_line(**keys, quiet, line, people->get()));
}

Result<json::object> result_of(const Result<std::string>& answer) {
    if (!answer) return answer.error();
    const auto parsed = spec::parse_json(*answer);
    const auto* const members = parsed ? parsed->if_object() : nullptr;
    const auto* const error = members ? members->if_contains("error") : nullptr;
    if (error && error->is_object())
        return Error{text_of(error->get_object(), "code"), "", text_of(error->get_object(), "message")};
    const auto* const result = members ? members->if_contains("result") : nullptr;
    if (!result || !result->is_object())
        return Error{"internal", "", "the server's answer was not understood."};
    return result->get_object();
}

std::string line_of(const json::object& request) {
    std::string line;
    spec::write_json(request, line);
    return line;
}

} // namespace

Result<json::object> ask(const std::filesystem::path& data, const json::object& request, bool may_make) {
    return result_of(answer_to(data, line_of(request), may_make));
}

Result<json::object> ask_server(const std::filesystem::path& data, const json::object& request) {
    constexpr std::chrono::hours as_long_as_it_takes{24 * 7};
    return result_of(control::ask(data, line_of(request), as_long_as_it_takes));
}

std::string text_of(const json::object& object, std::string_view name) {
    const auto* const member = object.if_contains(name);
    return member && member->is_string() ? std::string(member->get_string()) : std::string();
}

} // namespace leerspoor::server::cli

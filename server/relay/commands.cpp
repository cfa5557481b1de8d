#include "server/relay/commands.hpp"

#include "server/relay/import.hpp"
#include "server/relay/relay_operations.hpp"
#include "spec/base/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace leerspoor::server::relay {
namespace {

namespace json = boost::json;

Result<json::object> take_file(const Services& services, const json::object& request,
                               storage::StoreId tenant) {
    const auto* file = request.if_contains("file");
    const auto* from = request.if_contains("from");
    if (!file || !file->is_string() || !from || !from->is_int64() || from->get_int64() < 0)
        return Error{"command_invalid", "", "An import needs a file, and where to go on in it."};
    const auto* mapping = request.if_contains("mapping");
    const auto step = import_some(services.store, tenant, std::string(file->get_string()),
                                  static_cast<std::uint64_t>(from->get_int64()), import_at_a_time,
                                  import_authority(services.settings.authority_home_page),
                                  mapping ? mapping->if_object() : nullptr);
    if (!step) return step.error();
    return as_json(*step);
}

Result<json::object> add_relay(const Services& services, const json::object& request,
                               storage::StoreId tenant) {
    const auto* wanted = request.if_contains("relay");
    if (!wanted || !wanted->is_object()) return Error{"command_invalid", "", "This command needs a relay."};
    auto config = parse_relay(wanted->get_object());
    if (!config) return config.error();
    config->tenant = tenant;
    config->by = "the command line";
    const auto relay = services.relays->add(std::move(*config));
    if (!relay) return relay.error();
    return as_json(*relay);
}

Result<json::object> remove_relay(const Services& services, const json::object& request,
                                  storage::StoreId tenant) {
    const auto* id = request.if_contains("id");
    const auto removed =
        services.relays->remove(tenant, id && id->is_string() ? std::string_view(id->get_string()) : "");
    if (!removed) return removed.error();
    if (!*removed) return Error{"relay_unknown", "", "There is no such relay."};
    return json::object();
}

} // namespace

std::optional<std::string> run_line(const Services& services, std::string_view line) {
    const auto parsed = spec::parse_json(line);
    const auto* request = parsed ? parsed->if_object() : nullptr;
    const auto* command = request ? request->if_contains("command") : nullptr;
    if (!command || !command->is_string()) return std::nullopt;
    const std::string_view name = command->get_string();
    const auto* store = request->if_contains("store");
    const auto tenant = store && store->is_int64() && store->get_int64() > 0
                            ? static_cast<storage::StoreId>(store->get_int64())
                            : storage::first_store;
    Result<json::object> result = json::object();
    if (name == "import") {
        result = take_file(services, *request, tenant);
    } else if (name == "relay_add") {
        result = add_relay(services, *request, tenant);
    } else if (name == "relay_list") {
        json::array items;
        for (const auto& relay : services.relays->all(tenant)) items.push_back(as_json(relay));
        result = json::object{{"items", items}};
    } else if (name == "relay_remove") {
        result = remove_relay(services, *request, tenant);
    } else {
        return std::nullopt;
    }
    if (result) return json::serialize(json::object{{"result", std::move(*result)}});
    const auto& error = result.error();
    return json::serialize(json::object{{"error", {{"code", error.code}, {"message", error.message}}}});
}

} // namespace leerspoor::server::relay

#include "server/audit/commands.hpp"

#include "server/audit/export_operations.hpp"
#include "server/support/log.hpp"
#include "spec/base/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;

Result<json::object> begin(const Services& services, json::object request, storage::StoreId tenant) {
    request.erase("command");
    request.erase("store");
    auto wanted = parse_export_request(services.personas, request);
    if (!wanted) return wanted.error();
    wanted->tenant = tenant;
    wanted->by = "the command line";
    name_organization(services, *wanted);
    const auto job = services.exports->begin(std::move(*wanted));
    if (!job) return job.error();
    return as_json(*job);
}

Result<json::object> status(const Services& services, const json::object& request, storage::StoreId tenant) {
    const auto* id = request.if_contains("id");
    const auto job = id && id->is_string() ? services.exports->find(tenant, id->get_string()) : std::nullopt;
    if (!job) return Error{"export_unknown", "", "There is no such export, or it is not done."};
    auto shown = as_json(*job);
    shown["file"] = services.exports->file_of(*job).string();
    return shown;
}

Result<json::object> keys(const Services& services) {
    std::string lines;
    for (const auto& key : services.checkpoints->keys()) lines.insert(0, key.verifier.text() + "\n");
    return json::object{{"keys", lines}};
}

Result<json::object> back_up(const Services& services, const json::object& request) {
    const auto* to = request.if_contains("to");
    if (!to || !to->is_string()) return Error{"command_invalid", "", "A backup needs a folder."};
    const auto backup = services.store.back_up(std::string(to->get_string()));
    if (!backup) return backup.error();
    if (services.log)
        services.log->event(Level::info, "backup made",
                            {{"number", backup->number}, {"statements", backup->through}});
    return as_json(*backup);
}

} // namespace

json::object as_json(const storage::Backup& backup) {
    return {{"number", backup.number},
            {"made", spec::format_timestamp(backup.made)},
            {"through", backup.through},
            {"bytes", backup.bytes},
            {"copied_bytes", backup.copied_bytes}};
}

json::object as_json(const storage::Verification& verification) {
    json::array problems;
    for (const auto& one : verification.problems) problems.push_back(json::string(one));
    return {{"statements", verification.statements},
            {"postings", verification.postings},
            {"facts", verification.facts},
            {"leaves", verification.leaves},
            {"attachments", verification.attachments},
            {"problems", problems}};
}

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
    if (name == "export") {
        result = begin(services, *request, tenant);
    } else if (name == "export_status") {
        result = status(services, *request, tenant);
    } else if (name == "backup") {
        result = back_up(services, *request);
    } else if (name == "verify") {
        const std::atomic<bool> never = false;
        const auto verified = services.store.verify(services.stopping ? *services.stopping : never);
        result = verified ? as_json(*verified) : Result<json::object>(verified.error());
    } else if (name == "remove_export") {
        const auto* id = request->if_contains("id");
        const auto removed = services.exports->remove(
            tenant, id && id->is_string() ? std::string_view(id->get_string()) : std::string_view());
        if (!removed) result = removed.error();
    } else if (name == "log_key") {
        result = keys(services);
    } else if (name == "rotate_log_key") {
        const auto rotated = services.checkpoints->rotate();
        if (rotated && services.log) services.log->event(Level::info, "another key signs for the log");
        result = rotated ? keys(services) : Result<json::object>(rotated.error());
    } else {
        return std::nullopt;
    }
    if (result) return json::serialize(json::object{{"result", std::move(*result)}});
    const auto& error = result.error();
    return json::serialize(json::object{{"error", {{"code", error.code}, {"message", error.message}}}});
}

} // namespace leerspoor::server::audit

#include "server/cli/export.hpp"

#include "server/app/personas.hpp"
#include "server/app/settings.hpp"
#include "server/audit/commands.hpp"
#include "server/audit/export_operations.hpp"
#include "server/audit/exports.hpp"
#include "server/cli/ask.hpp"
#include "server/cli/exit_status.hpp"
#include "server/control/socket.hpp"
#include "server/relay/import.hpp"
#include "spec/base/json.hpp"
#include "storage/rocksdb/open.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <chrono>
#include <fstream>
#include <ostream>
#include <sys/stat.h>
#include <thread>

namespace leerspoor::server::cli {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds between_questions{100};

Result<json::object> request_of(const ExportCommand& asked) {
    json::object filter;
    json::array agents;
    for (const auto& text : asked.agents) {
        const auto agent = spec::parse_json(text);
        if (!agent) return Error{agent.error().code, "", "--agent is no JSON: " + agent.error().message};
        agents.push_back(*agent);
    }
    if (!agents.empty()) filter["agent"] = agents;
    for (const auto& [name, value] : {std::pair("verb", &asked.verb), std::pair("activity", &asked.activity),
                                      std::pair("registration", &asked.registration),
                                      std::pair("since", &asked.since), std::pair("until", &asked.until)})
        if (!value->empty()) filter[name] = *value;
    if (asked.related_agents) filter["related_agents"] = true;
    if (asked.related_activities) filter["related_activities"] = true;
    json::array columns;
    for (const auto& column : asked.columns) columns.push_back(json::string(column));
    return json::object{
        {"filter", filter}, {"format", asked.format}, {"columns", columns}, {"persons", !asked.one_identity}};
}

std::uint64_t number_of(const json::object& object, std::string_view name) {
    const auto* member = object.if_contains(name);
    return member && member->is_number() ? member->to_number<std::uint64_t>() : 0;
}

// Under another name where that is on the same disk.
Result<void> take_file(const std::filesystem::path& file, const std::filesystem::path& output) {
    std::error_code problem;
    std::filesystem::remove(output, problem);
    std::filesystem::create_hard_link(file, output, problem);
    if (problem) std::filesystem::copy_file(file, output, problem);
    if (problem) return Error{"file_unusable", "", output.string() + ": " + problem.message()};
    return {};
}

// Of a server that runs: it writes the file, which is then taken from there.
Result<std::uint64_t> by_server(const ExportCommand& asked, json::object request, std::ostream& err) {
    request["command"] = "export";
    request["store"] = asked.store;
    auto job = ask_server(asked.data, request);
    std::uint64_t shown = 0;
    while (job) {
        const auto state = text_of(*job, "state");
        if (const auto* error = job->if_contains("error"); error && state == "failed")
            return Error{text_of(error->as_object(), "code"), "", text_of(error->as_object(), "message")};
        if (state == "done") {
            auto taken = take_file(text_of(*job, "file"), asked.output);
            static_cast<void>(ask_server(
                asked.data,
                {{"command", "remove_export"}, {"store", asked.store}, {"id", text_of(*job, "id")}}));
            if (!taken) return taken.error();
            return number_of(*job, "statements");
        }
        const auto written = number_of(*job, "statements");
        if (written > shown) err << written << " of " << number_of(*job, "of") << " statements\n";
        shown = std::max(shown, written);
        std::this_thread::sleep_for(between_questions);
        job = ask_server(asked.data,
                         {{"command", "export_status"}, {"store", asked.store}, {"id", text_of(*job, "id")}});
    }
    return job.error();
}

Result<std::uint64_t> by_itself(storage::RecordStore& store, const ExportCommand& asked,
                                const json::object& request) {
    auto checkpoints = audit::Checkpoints::load(store);
    if (!checkpoints) return checkpoints.error();
    const auto personas = Personas::load(store);
    if (!personas) return personas.error();
    auto wanted = audit::parse_export_request(personas->get(), request);
    if (!wanted) return wanted.error();
    wanted->tenant = asked.store;
    wanted->by = "the command line";
    audit::ExportProgress progress;
    const auto written = audit::write_export(**checkpoints, *wanted, asked.output, progress);
    if (!written) return written.error();
    return written->statements;
}

Result<std::uint64_t> write(const ExportCommand& asked, std::ostream& err) {
    auto request = request_of(asked);
    if (!request) return request.error();
    std::error_code ec;
    if (!std::filesystem::is_directory(asked.data, ec))
        return Error{"data_folder_unusable", "", "There is no folder " + asked.data.string() + "."};
    storage::RocksdbOptions options;
    options.allow_future_stored = true; // nothing is stored here
    auto store = storage::open_rocksdb(asked.data, options);
    if (store) return by_itself(**store, asked, *request);
    if (store.error().code != "data_folder_in_use") return store.error();
    return by_server(asked, std::move(*request), err);
}

Result<std::string> log_keys(const LogCommand& asked) {
    std::error_code ec;
    if (!std::filesystem::is_directory(asked.data, ec))
        return Error{"data_folder_unusable", "", "There is no folder " + asked.data.string() + "."};
    const bool rotates = asked.command == "rotate-key";
    storage::RocksdbOptions options;
    options.allow_future_stored = true; // nothing is stored here
    auto store = storage::open_rocksdb(asked.data, options);
    if (!store && store.error().code == "data_folder_in_use") {
        const auto result = ask_server(asked.data, {{"command", rotates ? "rotate_log_key" : "log_key"}});
        if (!result) return result.error();
        return Result<std::string>(boost::system::in_place_value, text_of(*result, "keys"));
    }
    if (!store) return store.error();
    const auto checkpoints = audit::Checkpoints::load(**store);
    if (!checkpoints) return checkpoints.error();
    if (rotates) {
        const auto rotated = (*checkpoints)->rotate();
        if (!rotated) return rotated.error();
    }
    std::string lines;
    for (const auto& key : (*checkpoints)->keys()) lines.insert(0, key.verifier.text() + "\n");
    return Result<std::string>(boost::system::in_place_value, std::move(lines));
}

} // namespace

int run_log_command(const LogCommand& asked, std::ostream& out, std::ostream& err) {
    ::umask(077);
    const auto keys = log_keys(asked);
    if (!keys) {
        err << "leerspoor: " << keys.error().message << "\n";
        return failed;
    }
    out << *keys;
    return done;
}

int run_export_command(const ExportCommand& asked, std::ostream& out, std::ostream& err) {
    ::umask(077);
    const auto written = write(asked, err);
    if (!written) {
        err << "leerspoor: " << written.error().message << "\n";
        return failed;
    }
    out << asked.output.string() << " has " << *written << " statements.\n";
    return done;
}

int run_verify_command(const VerifyCommand& asked, std::ostream& out, std::ostream& err) {
    std::ifstream file(asked.key);
    std::vector<spec::VerifierKey> keys;
    for (std::string line; std::getline(file, line);) {
        if (line.empty()) continue;
        const auto key = spec::VerifierKey::parse(line);
        if (!key) {
            err << "leerspoor: " << asked.key.string() << " has a line that is no public key.\n";
            return failed;
        }
        keys.push_back(*key);
    }
    const auto verdict = audit::verify_bundle(asked.file, keys);
    if (!verdict) {
        err << "leerspoor: " << verdict.error().message << "\n";
        return failed;
    }
    out << (verdict->holds ? "It holds.\n" : "It does not hold.\n");
    for (const auto& sentence : verdict->sentences) out << "- " << sentence << "\n";
    return verdict->holds ? done : failed;
}

int run_import_command(const ImportCommand& asked, std::ostream& out, std::ostream& err) {
    ::umask(077);
    storage::RocksdbOptions options;
    auto store = storage::open_rocksdb(asked.data, options);
    if (!store && store.error().code != "data_folder_in_use") {
        err << "leerspoor: " << store.error().message << "\n";
        return failed;
    }
    std::optional<json::object> mapping;
    if (!asked.mapping.empty()) {
        std::ifstream text(asked.mapping);
        const auto parsed = spec::parse_json(std::string((std::istreambuf_iterator<char>(text)), {}));
        if (!parsed || !parsed->is_object()) {
            err << "leerspoor: " << asked.mapping.string() << " is no JSON object.\n";
            return failed;
        }
        mapping = parsed->get_object();
    }
    std::uint64_t taken = 0;
    std::uint64_t refused = 0;
    for (const auto& file : asked.files) {
        const auto path = std::filesystem::absolute(file);
        std::error_code ignored;
        const auto size = std::filesystem::file_size(path, ignored);
        for (std::uint64_t from = 0;;) {
            Result<json::object> step = json::object();
            if (store) {
                auto some = relay::import_some(**store, asked.store, path, from, relay::import_at_a_time,
                                               relay::import_authority(Settings().authority_home_page),
                                               mapping ? &*mapping : nullptr);
                step = some ? Result<json::object>(relay::as_json(*some)) : some.error();
            } else {
                json::object request{
                    {"command", "import"}, {"store", asked.store}, {"file", path.string()}, {"from", from}};
                if (mapping) request["mapping"] = *mapping;
                step = ask_server(asked.data, request);
            }
            if (!step) {
                err << "leerspoor: " << file.string() << ": " << step.error().message << " Taken were "
                    << taken << " statements; what was taken does no harm when it comes again.\n";
                return failed;
            }
            for (const auto& reason : step->at("reasons").as_array())
                err << file.string() << ", " << std::string_view(reason.as_string()) << "\n";
            taken += number_of(*step, "taken");
            refused += number_of(*step, "refused");
            from = number_of(*step, "next");
            if (step->at("ended").as_bool()) break;
            err << file.string() << ": " << (size > 0 ? 100 * from / size : 100) << " %\n";
        }
    }
    out << taken << " statements were taken, " << refused << " were not.\n";
    return refused == 0 ? done : failed;
}

} // namespace leerspoor::server::cli

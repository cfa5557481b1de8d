#include "server/audit/log_operations.hpp"

#include "server/app/json_body.hpp"
#include "server/app/services.hpp"
#include "server/app/workers.hpp"
#include "server/audit/checkpoints.hpp"
#include "server/http/percent.hpp"
#include "spec/base/base64.hpp"
#include "spec/base/uuid.hpp"
#include "spec/log/tile.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <optional>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds patience_of_requests{10};

std::string base64(const spec::Hash& hash) {
    return spec::base64_encode({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

json::array base64(const std::vector<spec::Hash>& hashes) {
    json::array texts;
    for (const auto& hash : hashes) texts.push_back(json::string(base64(hash)));
    return texts;
}

http::Response text_response(std::string body, std::string_view type) {
    http::Response response;
    response.fields.add("Content-Type", std::string(type));
    response.body = std::move(body);
    return response;
}

Result<std::uint64_t> size_of(const http::Parameters& parameters, std::string_view name) {
    for (const auto& [known, value] : parameters) {
        if (known != name) continue;
        std::uint64_t size = 0;
        const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), size);
        if (problem == std::errc() && end == value.data() + value.size() && !value.empty()) return size;
    }
    return Error{"query_parameter_invalid", "",
                 "The parameter " + std::string(name) + " is a number of leaves."};
}

Result<http::Response> consistency(storage::RecordStore& store, std::string_view query) {
    const auto parameters = http::parse_query(query);
    if (!parameters) return parameters.error();
    const auto from = size_of(*parameters, "from");
    if (!from) return from.error();
    const auto to = size_of(*parameters, "to");
    if (!to) return to.error();
    if (*from > *to)
        return Error{"query_parameter_invalid", "", "The parameter from must not be greater than to."};
    if (*to > store.log_state().size)
        return Error{"log_too_short", "", "The log does not have so many leaves yet."};
    storage::LogHashes hashes(store);
    const auto proof = spec::consistency_proof(*from, *to, hashes);
    if (!proof) return proof.error();
    return json_response(json::object{{"from", *from}, {"to", *to}, {"proof", base64(*proof)}});
}

Result<http::Response> inclusion(Checkpoints& checkpoints, storage::StoreId tenant, std::string_view text) {
    auto& store = checkpoints.store();
    const auto id = spec::parse_uuid(text);
    std::optional<storage::StoredStatement> statement;
    for (const bool voided : {false, true}) {
        if (!id || statement) continue;
        auto found = store.find_statement(tenant, *id, voided);
        if (!found) return found.error();
        statement = std::move(*found);
    }
    if (!statement) return Error{"statement_unknown", "", "There is no statement with this id."};
    const auto note = checkpoints.through(statement->sequence, patience_of_requests);
    if (!note) return note.error();
    const auto index = store.log_index(statement->sequence);
    if (!index) return index.error();
    const auto size = spec::Checkpoint::parse(*note)->size;
    if (!*index || **index >= size) return Error{"log_behind", "", "The log does not have it yet."};
    storage::LogHashes hashes(store);
    const auto proof = spec::inclusion_proof(**index, size, hashes);
    if (!proof) return proof.error();
    json::object shown{{"index", **index},
                       {"leaf", base64(statement->leaf())},
                       {"proof", base64(*proof)},
                       {"checkpoint", *note}};
    const auto& salt = statement->salt;
    if (statement->altered) {
        shown["altered"] = spec::format_timestamp(statement->altered->at);
    } else {
        shown["salt"] = spec::base64_encode({reinterpret_cast<const char*>(salt.data()), salt.size()});
    }
    return json_response(shown);
}

} // namespace

boost::asio::awaitable<Result<http::Response>> get_checkpoint(const Services& services,
                                                              const Request& /*request*/) {
    const auto work = [&] { return services.checkpoints->newest(); };
    auto note = co_await services.workers.patiently(work);
    if (!note) co_return note.error();
    auto response = text_response(std::move(*note), "text/plain; charset=utf-8");
    response.fields.add("Cache-Control", "no-cache");
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> get_log_key(const Services& services,
                                                           const Request& /*request*/) {
    std::string lines;
    for (const auto& key : services.checkpoints->keys()) lines.insert(0, key.verifier.text() + "\n");
    co_return text_response(std::move(lines), "text/plain; charset=utf-8");
}

boost::asio::awaitable<Result<http::Response>> get_tile(const Services& services, const Request& request) {
    const Error unknown{"tile_unknown", "", "The log has no such tile, or not yet."};
    const auto path = request.head.path();
    constexpr std::string_view before = "/tile/";
    const auto tile = spec::parse_tile(path.substr(path.find(before) + before.size()));
    if (!tile || !spec::has_tile(services.store.log_state().size, *tile)) co_return unknown;
    const auto work = [&] { return services.store.log_tile(tile->level, tile->index); };
    auto hashes = co_await services.workers.read(work);
    if (!hashes) co_return hashes.error();
    hashes->resize(tile->width * std::tuple_size_v<spec::Hash>);
    auto response = text_response(std::move(*hashes), "application/octet-stream");
    response.fields.add("Cache-Control", "public, max-age=31536000, immutable");
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> get_consistency(const Services& services,
                                                               const Request& request) {
    const auto work = [&] { return consistency(services.store, request.head.query()); };
    co_return co_await services.workers.patiently(work);
}

boost::asio::awaitable<Result<http::Response>> get_inclusion(const Services& services,
                                                             const Request& request) {
    const auto work = [&] {
        return inclusion(*services.checkpoints, request.principal->store, path_parameter(request, "id"));
    };
    co_return co_await services.workers.compute(work);
}

} // namespace leerspoor::server::audit

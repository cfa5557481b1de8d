#include "spec/prepare.hpp"

#include "spec/base/json.hpp"
#include "spec/statement_writer.hpp"
#include "spec/validate.hpp"
#include "spec/walk.hpp"

#include <boost/json/array.hpp>
#include <cstring>
#include <set>

namespace leerspoor::spec {
namespace {

namespace json = boost::json;

constexpr std::size_t usual_size = 1536;

Result<PreparedStatement> complete(const json::object& statement, Version version,
                                   const json::object& authority, const std::function<Uuid()>& new_id,
                                   std::string_view pointer, const BatchLimits& limits) {
    PreparedStatement prepared;
    auto terms = filter_terms(statement, authority, limits.statement_terms);
    if (!terms) {
        return Error{"statement_too_many_terms", std::string(pointer),
                     "A statement must not name more than " + std::to_string(limits.statement_terms) +
                         " actors, activities and attachments that it is found by."};
    }
    prepared.terms = std::move(*terms);
    auto& bytes = prepared.bytes;
    bytes.reserve(usual_size);
    StatementWriter writer(version, bytes);
    writer.begin(statement);

    const auto* id = statement.if_contains("id");
    prepared.id_was_given = id != nullptr;
    prepared.id = id != nullptr ? *parse_uuid(id->get_string()) : new_id();
    if (id == nullptr) writer.text_member("id", to_string(prepared.id));
    prepared.timestamp_was_given = statement.contains("timestamp");
    if (!prepared.timestamp_was_given) prepared.timestamp_at = writer.later_timestamp("timestamp");
    prepared.stored_at = writer.later_timestamp("stored");
    writer.object_member("authority", authority);
    if (!statement.contains("version"))
        writer.text_member("version", version == Version::v1_0_3 ? "1.0.0" : "2.0.0");
    writer.end();

    prepared.version = version;
    prepared.digest = statement_digest(statement);
    prepared.tellings = writer.take_tellings();
    prepared.facts = facts_of(statement);
    if (const auto reference = reference_of(statement)) {
        prepared.refers_to = reference->target;
        prepared.voids = reference->voids;
    }
    return prepared;
}

} // namespace

void PreparedStatement::set_stored(Instant stored) {
    const auto text = format_timestamp(stored);
    std::memcpy(bytes.data() + stored_at, text.data(), timestamp_length);
    if (!timestamp_at) return;
    std::memcpy(bytes.data() + *timestamp_at, text.data(), timestamp_length);
    digest.set_timestamp(stored);
}

Result<PreparedStatement> prepare_statement(const json::value& statement, Version version,
                                            const json::object& authority,
                                            const std::function<Uuid()>& new_id, std::string_view pointer,
                                            const BatchLimits& limits) {
    if (auto checked = validate_statement(statement, version, pointer); !checked.has_value()) {
        return checked.error();
    }
    return complete(statement.get_object(), version, authority, new_id, pointer, limits);
}

Result<std::vector<PreparedStatement>> prepare_batch(const json::value& body, Version version,
                                                     const json::object& authority,
                                                     const std::function<Uuid()>& new_id,
                                                     const BatchLimits& limits) {
    std::vector<PreparedStatement> batch;
    const auto* array = body.if_array();
    if (array == nullptr) {
        auto prepared = prepare_statement(body, version, authority, new_id, "", limits);
        if (!prepared.has_value()) return prepared.error();
        batch.push_back(std::move(*prepared));
        return batch;
    }
    if (array->size() > limits.statements) {
        return Error{"batch_too_large", "",
                     "A request must not hold more than " + std::to_string(limits.statements) +
                         " statements."};
    }
    batch.reserve(array->size());
    std::set<Uuid> ids;
    std::size_t terms = 0;
    for (std::size_t i = 0; i < array->size(); ++i) {
        auto prepared =
            prepare_statement((*array)[i], version, authority, new_id, child_pointer("", i), limits);
        if (!prepared.has_value()) return prepared.error();
        terms += prepared->terms.size();
        if (terms > limits.terms) {
            return Error{
                "batch_too_many_terms", child_pointer("", i),
                "The statements of a request must not name more than " + std::to_string(limits.terms) +
                    " actors, activities and attachments that they are found by: send fewer at a time."};
        }
        if (!ids.insert(prepared->id).second) {
            return Error{"statement_id_repeated", child_pointer(child_pointer("", i), "id"),
                         "Each statement of a request must have an id of its own."};
        }
        batch.push_back(std::move(*prepared));
    }
    return batch;
}

} // namespace leerspoor::spec

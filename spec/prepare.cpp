#include "spec/prepare.hpp"

#include "spec/json.hpp"
#include "spec/validate.hpp"

#include <boost/json/array.hpp>
#include <cstring>
#include <set>

namespace leerspoor::spec {
namespace {

namespace json = boost::json;

constexpr std::size_t usual_size = 1536;

std::string_view type_of(const json::object& object) {
    const auto* type = object.if_contains("objectType");
    return type == nullptr ? std::string_view{} : std::string_view(type->get_string());
}

// Writes a valid statement as the store keeps it: what the LRS sets replaced or added at the end.
class Writer {
  public:
    Writer(Version version, std::string& out) : version_(version), out_(out) {}

    void statement(const json::object& statement, bool whole) {
        out_ += '{';
        first_ = true;
        for (const auto& member : statement) {
            const std::string_view key = member.key();
            if (whole && (key == "stored" || key == "authority")) continue;
            name(key);
            if (key == "context") {
                context(member.value().get_object());
            } else if (key == "object") {
                object(member.value().get_object());
            } else if (key == "timestamp") {
                timestamp(member.value().get_string());
            } else {
                write_json(member.value(), out_);
            }
        }
        if (!whole) out_ += '}';
    }

    void name(std::string_view key) {
        if (!first_) out_ += ',';
        first_ = false;
        out_ += '"';
        out_ += key;
        out_ += "\":";
    }

    void string(std::string_view key, std::string_view value) {
        name(key);
        write_json_string(value, out_);
    }

    // A timestamp that set_stored fills in; where its characters begin.
    std::size_t later(std::string_view key) {
        name(key);
        out_ += '"';
        const auto at = out_.size();
        out_.append(timestamp_length, ' ');
        out_ += '"';
        return at;
    }

  private:
    void object(const json::object& object) {
        if (type_of(object) != "SubStatement") return write_json(object, out_);
        statement(object, false);
        first_ = false;
    }

    void context(const json::object& context) {
        out_ += '{';
        first_ = true;
        for (const auto& member : context) {
            name(member.key());
            if (member.key() == "contextActivities") {
                context_activities(member.value().get_object());
            } else {
                write_json(member.value(), out_);
            }
        }
        out_ += '}';
        first_ = false;
    }

    void context_activities(const json::object& lists) {
        out_ += '{';
        first_ = true;
        for (const auto& list : lists) {
            name(list.key());
            const bool single = list.value().is_object();
            if (single) out_ += '[';
            write_json(list.value(), out_);
            if (single) out_ += ']';
        }
        out_ += '}';
        first_ = false;
    }

    void timestamp(std::string_view text) {
        if (version_ == Version::v1_0_3) return write_json_string(text, out_);
        write_json_string(in_utc(text), out_);
    }

    // 2.0 keeps timestamps in UTC; the digits of the fraction stay as they were sent.
    std::string in_utc(std::string_view text) const {
        if (text.back() == 'Z') return std::string(text);
        const auto instant = parse_timestamp(text, version_);
        const auto year = std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(*instant)}.year();
        if (year < std::chrono::year{0} || year > std::chrono::year{9999}) return std::string(text);
        constexpr std::size_t whole_seconds = 19;
        auto utc = format_timestamp(*instant).substr(0, whole_seconds);
        const auto zone = text.find_first_not_of(".0123456789", whole_seconds);
        return utc.append(text.substr(whole_seconds, zone - whole_seconds)).append("Z");
    }

    Version version_;
    std::string& out_;
    bool first_ = true;
};

PreparedStatement complete(const json::object& statement, Version version, const json::object& authority,
                           const std::function<Uuid()>& new_id) {
    PreparedStatement prepared;
    auto& bytes = prepared.bytes;
    bytes.reserve(usual_size);
    Writer writer(version, bytes);
    writer.statement(statement, true);

    const auto* id = statement.if_contains("id");
    prepared.id_was_given = id != nullptr;
    prepared.id = id != nullptr ? *parse_uuid(id->get_string()) : new_id();
    if (id == nullptr) writer.string("id", to_string(prepared.id));
    prepared.timestamp_was_given = statement.contains("timestamp");
    if (!prepared.timestamp_was_given) prepared.timestamp_at = writer.later("timestamp");
    prepared.stored_at = writer.later("stored");
    writer.name("authority");
    write_json(authority, bytes);
    if (!statement.contains("version"))
        writer.string("version", version == Version::v1_0_3 ? "1.0.0" : "2.0.0");
    bytes += '}';

    prepared.version = version;
    prepared.descriptions = descriptions(statement);
    prepared.terms = filter_terms(statement, authority);
    const auto& object = statement.at("object").get_object();
    if (type_of(object) == "StatementRef") {
        prepared.refers_to = parse_uuid(object.at("id").get_string());
        prepared.voids = statement.at("verb").at("id").get_string() == voiding_verb;
    }
    return prepared;
}

} // namespace

void PreparedStatement::set_stored(Instant stored) {
    const auto text = format_timestamp(stored);
    std::memcpy(bytes.data() + stored_at, text.data(), timestamp_length);
    if (timestamp_at) std::memcpy(bytes.data() + *timestamp_at, text.data(), timestamp_length);
}

Result<PreparedStatement> prepare_statement(const json::value& statement, Version version,
                                            const json::object& authority,
                                            const std::function<Uuid()>& new_id, std::string_view pointer) {
    if (auto checked = validate_statement(statement, version, pointer); !checked.has_value()) {
        return checked.error();
    }
    return complete(statement.get_object(), version, authority, new_id);
}

Result<std::vector<PreparedStatement>> prepare_batch(const json::value& body, Version version,
                                                     const json::object& authority,
                                                     const std::function<Uuid()>& new_id,
                                                     std::size_t max_count) {
    std::vector<PreparedStatement> batch;
    const auto* array = body.if_array();
    if (array == nullptr) {
        auto prepared = prepare_statement(body, version, authority, new_id);
        if (!prepared.has_value()) return prepared.error();
        batch.push_back(std::move(*prepared));
        return batch;
    }
    if (array->size() > max_count) {
        return Error{"batch_too_large", "",
                     "A request must not hold more than " + std::to_string(max_count) + " statements."};
    }
    batch.reserve(array->size());
    std::set<Uuid> ids;
    for (std::size_t i = 0; i < array->size(); ++i) {
        auto prepared = prepare_statement((*array)[i], version, authority, new_id, child_pointer("", i));
        if (!prepared.has_value()) return prepared.error();
        if (!ids.insert(prepared->id).second) {
            return Error{"statement_id_repeated", child_pointer(child_pointer("", i), "id"),
                         "Each statement of a request must have an id of its own."};
        }
        batch.push_back(std::move(*prepared));
    }
    return batch;
}

} // namespace leerspoor::spec

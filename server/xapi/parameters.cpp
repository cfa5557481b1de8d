#include "server/xapi/parameters.hpp"

#include "spec/agent.hpp"
#include "spec/base/ascii.hpp"
#include "spec/iri.hpp"

#include <algorithm>
#include <utility>

namespace leerspoor::server::xapi {
namespace {

std::string in_quotes(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

Result<void> check_names(const http::Parameters& parameters, std::span<const std::string_view> allowed) {
    for (auto here = parameters.begin(); here != parameters.end(); ++here) {
        const std::string& name = here->first;
        if (std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
            for (const auto known : allowed) {
                if (!spec::equal_but_for_case(name, known)) continue;
                return Error{"query_parameter_case", "",
                             "The query parameter " + in_quotes(name) + " is spelled " + in_quotes(known) +
                                 "."};
            }
            return Error{"query_parameter_unknown", "",
                         "This resource has no query parameter " + in_quotes(name.substr(0, 64)) + "."};
        }
        const bool repeated =
            std::any_of(parameters.begin(), here, [&](const auto& earlier) { return earlier.first == name; });
        if (repeated) {
            return Error{"query_parameter_repeated", "",
                         "The query parameter " + in_quotes(name) + " is given more than once."};
        }
    }
    return {};
}

} // namespace

Error Parameters::missing(std::string_view name) {
    return {"query_parameter_missing", "", "The query parameter " + in_quotes(name) + " is missing."};
}

Error Parameters::invalid(std::string_view name, std::string_view expected) {
    return {"query_parameter_invalid", "",
            "The query parameter " + in_quotes(name) + " must be " + std::string(expected) + "."};
}

Result<Parameters> Parameters::read(std::string_view query, std::span<const std::string_view> allowed,
                                    spec::Version version) {
    auto parameters = http::parse_query(query);
    if (!parameters) return parameters.error();
    if (auto named = check_names(*parameters, allowed); !named) return named.error();
    return Parameters(std::move(*parameters), version);
}

const std::string* Parameters::find(std::string_view name) const {
    const auto found = std::find_if(parameters_.begin(), parameters_.end(),
                                    [&](const auto& parameter) { return parameter.first == name; });
    return found == parameters_.end() ? nullptr : &found->second;
}

const std::string* Parameters::other_than(std::initializer_list<std::string_view> names) const {
    for (const auto& [name, value] : parameters_) {
        if (std::find(names.begin(), names.end(), name) == names.end()) return &name;
    }
    return nullptr;
}

Result<bool> Parameters::boolean(std::string_view name) const {
    const std::string* const text = find(name);
    if (!text || *text == "false") return false;
    if (*text == "true") return true;
    return invalid(name, "true or false");
}

Result<std::optional<spec::Uuid>> Parameters::uuid(std::string_view name) const {
    const std::string* const text = find(name);
    if (!text) return std::optional<spec::Uuid>();
    const auto parsed = spec::parse_uuid(*text);
    if (!parsed) return invalid(name, "a UUID such as 6690e6c9-3ef0-4ed3-8b37-7f3964730bee");
    return parsed;
}

Result<std::optional<spec::Instant>> Parameters::instant(std::string_view name) const {
    const std::string* const text = find(name);
    if (!text) return std::optional<spec::Instant>();
    const auto parsed = spec::parse_timestamp(*text, version_);
    if (!parsed) {
        return invalid(name, "a timestamp such as 2026-11-24T09:30:00.000Z (a plus sign is sent as %2B)");
    }
    return std::optional<spec::Instant>(*parsed);
}

Result<std::optional<std::string>> Parameters::iri(std::string_view name) const {
    const std::string* const text = find(name);
    if (!text) return std::optional<std::string>();
    if (!spec::is_iri(*text)) return invalid(name, "an absolute IRI");
    return std::optional<std::string>(*text);
}

Result<std::optional<std::string>> Parameters::agent(std::string_view name) const {
    const std::string* const text = find(name);
    if (!text) return std::optional<std::string>();
    const auto agent = spec::parse_agent(*text, version_);
    if (!agent) return agent.error();
    auto identity = spec::identity(*agent);
    if (identity.empty()) return invalid(name, "an Agent or a Group with an identifier");
    return std::optional<std::string>(std::move(identity));
}

} // namespace leerspoor::server::xapi

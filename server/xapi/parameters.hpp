// Query parameters, read strictly: what a resource does not have, in another spelling or of another type, is
// refused (xAPI 1.0.3 Part Three 3.2; IEEE 9274.1.1 4.1.7).
#pragma once

#include "server/http/percent.hpp"
#include "spec/base/timestamp.hpp"
#include "spec/base/uuid.hpp"
#include "spec/base/version.hpp"

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace leerspoor::server::xapi {

class Parameters {
  public:
    // Errors: query_invalid, query_parameter_unknown, query_parameter_case, query_parameter_repeated.
    static Result<Parameters> read(std::string_view query, std::span<const std::string_view> allowed,
                                   spec::Version version);
    static Result<Parameters> read(std::string_view query, std::initializer_list<std::string_view> allowed,
                                   spec::Version version) {
        return read(query, std::span(allowed.begin(), allowed.size()), version);
    }

    const std::string* find(std::string_view name) const;
    bool empty() const { return parameters_.empty(); }
    // The first that is none of these, or null.
    const std::string* other_than(std::initializer_list<std::string_view> names) const;

    // Nothing when it was not given. Error: query_parameter_invalid.
    Result<bool> boolean(std::string_view name) const;
    Result<std::optional<spec::Uuid>> uuid(std::string_view name) const;
    Result<std::optional<spec::Instant>> instant(std::string_view name) const;
    Result<std::optional<std::string>> iri(std::string_view name) const;
    // The agent's spec::identity. Errors: those of spec::parse_agent too.
    Result<std::optional<std::string>> agent(std::string_view name) const;

    static Error missing(std::string_view name);
    static Error invalid(std::string_view name, std::string_view expected);

  private:
    Parameters(http::Parameters parameters, spec::Version version)
        : parameters_(std::move(parameters)), version_(version) {}

    http::Parameters parameters_;
    spec::Version version_;
};

} // namespace leerspoor::server::xapi

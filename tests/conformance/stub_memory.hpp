// Inside the stub LRS: what it remembers, and its resources as functions of a request.
#pragma once

#include "spec/base/version.hpp"
#include "spec/format.hpp"
#include "spec/prepare.hpp"
#include "tests/conformance/stub_flaws.hpp"
#include "tests/conformance/stub_http.hpp"

#include <boost/json/object.hpp>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace leerspoor::tests {

// Ends a request with this answer.
struct Refused {
    unsigned status;
    std::string why;
};

// A request taken apart; method and fields are those of the form, where one was sent.
struct StubCall {
    std::string method;
    std::string path; // below the base, "/statements"
    std::map<std::string, std::string> params;
    StubFields fields;
    std::string body;
    spec::Version version = spec::Version::v1_0_3;

    std::optional<std::string> param(const std::string& name) const;
    std::string field(const std::string& name) const;
    bool is_2_0() const { return version == spec::Version::v2_0_0; }
};

struct StubStatement {
    boost::json::object statement;
    std::vector<spec::Term> terms;
    std::optional<std::string> refers_to;
    bool voids = false;
    spec::Instant stored{};
};

struct StubBytes {
    std::string type;
    std::string bytes;
};

struct StubDocument {
    std::string type;
    std::string bytes;
    spec::Instant modified{};
};

struct StubPage {
    std::vector<const StubStatement*> left;
    std::map<std::string, std::string> params;
};

struct StubMemory {
    Breaks breaks;
    std::list<StubStatement> statements; // oldest first; never moves
    std::map<std::string, StubStatement*> by_id;
    std::map<std::string, StubBytes> attachments;                         // by hash
    std::map<std::string, std::map<std::string, StubDocument>> documents; // by place, then by id
    std::map<std::string, StubPage> pages;
    spec::Instant last{};

    StubAnswer handle(StubRequest request);
    StubAnswer route(const StubCall& call);
    spec::Instant now(); // later than ever before

    StubAnswer statements_resource(const StubCall& call);
    StubAnswer documents_resource(const StubCall& call);
    StubAnswer agents_resource(const StubCall& call) const;
    StubAnswer activities_resource(const StubCall& call) const;
    StubAnswer about_resource(const StubCall& call) const;

    StubAnswer store(const StubCall& call);
    bool is_other(const spec::PreparedStatement& sent) const;
    StubAnswer find_one(const StubCall& call, const std::string& id, bool voided);
    StubAnswer find(const StubCall& call);
    StubAnswer page(const StubCall& call, StubPage page);
    StubAnswer result(const StubCall& call, const boost::json::value& body,
                      const std::vector<const StubStatement*>& shown) const;
    bool matches(const StubStatement& statement, const std::vector<spec::Term>& wanted) const;
    bool is_voided(const StubStatement& statement) const;
    boost::json::object formatted(const StubCall& call, const std::map<std::string, std::string>& params,
                                  const StubStatement& statement) const;
};

StubAnswer json_answer(unsigned status, const boost::json::value& value);
boost::json::value parsed(const std::string& text);
std::string http_date(spec::Instant instant);
// Throws Refused(400) for a parameter that is not among the names, and for a value that cannot be.
void check_params(const StubCall& call, const std::vector<std::string>& names, const Breaks& breaks);

} // namespace leerspoor::tests

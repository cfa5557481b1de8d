// Who somebody is: the one inverse functional identifier of an Agent or Identified Group
// (xAPI 1.0.3 Part Two 2.4.2.3; IEEE 9274.1.1 4.2.2.1).
#pragma once

#include "spec/base/version.hpp"

#include <boost/json/object.hpp>
#include <string>

namespace leerspoor::spec {

// A text that two actors share exactly when they have the same identifier: "mbox mailto:...", "mbox_sha1sum
// ...", "openid ...", "account <homePage> <name>" (the blank cannot occur in an IRI). Hex digits and
// the domain of an mbox fold to lower case.
// "" for an anonymous group. REQUIRES: a valid Agent or Group.
std::string identity(const boost::json::object& actor);

// The identifier that the identity() is of: {"mbox": …}, {"account": {"homePage": …, "name": …}}. REQUIRES:
// what identity() gave, and not "".
boost::json::object identifier_of(std::string_view identity);

// A request parameter's Agent, or Identified Group where `group_allowed`: the same rules as inside a
// statement.
Result<boost::json::object> parse_agent(std::string_view json, Version version, bool group_allowed = true);

} // namespace leerspoor::spec

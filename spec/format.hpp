// The formats in which GET statements returns a statement (xAPI 1.0.3 Part Three 2.1.3, `format`).
#pragma once

#include "spec/base/version.hpp"

#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::spec {

enum class Format { exact, ids, canonical };

std::optional<Format> parse_format(std::string_view text);

// Only what identifies Agents, Groups (members of anonymous ones too), Activities and Verbs. Changes
// `statement`.
void reduce_to_ids(boost::json::object& statement);

// Makes a statement that was accepted by the rules of 2.0 valid in 1.0.3: without contextAgents and
// contextGroups, which 1.0.3 does not have, and with a version that it knows. Changes `statement`.
void reduce_to_1_0_3(boost::json::object& statement);

// Language preferences of an Accept-Language header (RFC 9110 12.5.4), best first; "*" is kept as it is, q=0
// is left out. A malformed member is passed over.
std::vector<std::string> parse_accept_language(std::string_view header);

// Gives the definition that the LRS holds for an activity id, or null to keep the statement's own.
using CanonicalDefinition = std::function<const boost::json::object*(std::string_view activity_id)>;

// Replaces activity definitions by the LRS's own and leaves one entry in every language map, the one that
// `preferences` likes best (RFC 4647 lookup; without any match: the map's first). Changes `statement`.
void make_canonical(boost::json::object& statement, const std::vector<std::string>& preferences,
                    const CanonicalDefinition& definition_of);

} // namespace leerspoor::spec

// The formats in which GET statements returns a statement (xAPI 1.0.3 Part Three 2.1.3, `format`).
#pragma once

#include "spec/language_preferences.hpp"

#include <boost/json/object.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace leerspoor::spec {

enum class Format { exact, ids, canonical };

std::optional<Format> parse_format(std::string_view text);

// Only what identifies Agents, Groups (members of anonymous ones too), Activities and Verbs. Changes
// `statement`.
void reduce_to_ids(boost::json::object& statement);

// Gives the definition that the LRS holds for an activity id, or null to keep the statement's own.
using CanonicalDefinition = std::function<const boost::json::object*(std::string_view activity_id)>;

// Replaces activity definitions by the LRS's own and leaves one entry in every language map, the one that
// `preferences` likes best. Changes `statement`.
void make_canonical(boost::json::object& statement, const LanguagePreferences& preferences,
                    const CanonicalDefinition& definition_of);

} // namespace leerspoor::spec

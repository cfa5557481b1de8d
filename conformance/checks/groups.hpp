// The groups of requirements, one file each.
#pragma once

#include "conformance/probe/requirement.hpp"

namespace leerspoor::conformance::checks {

Requirements statements_data();
Requirements statement_properties();
Requirements actors();
Requirements verbs();
Requirements objects();
Requirements interactions();
Requirements results();
Requirements contexts();
Requirements attachments();
Requirements signatures();
Requirements metadata();
Requirements voiding();
Requirements statement_resource();
Requirements queries();
Requirements pages();
Requirements formats();
Requirements documents();
Requirements state();
Requirements agent_profile();
Requirements activity_profile();
Requirements agents();
Requirements activities();
Requirements about();
Requirements concurrency();
Requirements versioning();
Requirements alternate_syntax();
Requirements errors();

} // namespace leerspoor::conformance::checks

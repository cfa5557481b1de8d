// Quiz questions of each kind that the academy asks (xAPI 1.0.3 Part Two 2.4.4.1, interaction activities).
#pragma once

#include <cstddef>
#include <string>

namespace leerspoor::bench {

// Members of the activity's definition: interactionType, correctResponsesPattern and component lists.
void append_interaction(std::string& out, std::size_t question);

// The learner's response as a JSON string.
void append_response(std::string& out, std::size_t question, bool right);

} // namespace leerspoor::bench

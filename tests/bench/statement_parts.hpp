// How a moment is written down in JSON: the members of a statement that follow from it.
#pragma once

#include "generator.hpp"

#include <cstdint>
#include <string>

namespace leerspoor::bench {

// "object":{...}
void append_object(std::string& out, const Moment& moment, const Generator& generator);
// "result":{...}, with the comma after it, or nothing.
void append_result(std::string& out, const Moment& moment, Dice& dice);
// "context":{...} and the end of the statement.
void append_context(std::string& out, const Moment& moment, const Generator& generator);

// With zeros in front: as many digits as `highest`, a power of ten, has.
void append_padded(std::string& out, std::uint64_t number, std::uint64_t highest);

} // namespace leerspoor::bench

#include "spec/base/error.hpp"

#include <stdexcept>

namespace leerspoor {

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
    throw std::logic_error(where.to_string() + ": a refusal was used as a value: " + error.code + " at \"" +
                           error.pointer + "\": " + error.message);
}

} // namespace leerspoor

// What goes wrong with input, as a value: every function of this room that can refuse its input returns a
// Result. Exceptions are for bugs and broken machines only.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <utility>

namespace leerspoor {

// One refusal. `code` is stable and machine-readable (lower_snake_case, part of the product's interface);
// `pointer` is the RFC 6901 JSON pointer of the offending place ("" is the whole document, or the error is
// not about JSON); `message` is one sentence for people that says what is wrong and, where it can, what would
// be right.
struct Error {
    std::string code;
    std::string pointer;
    std::string message;

    bool operator==(const Error&) const = default;
};

template <class T>
using Result = boost::system::result<T, Error>;

// Lets Result<T>::value() of a refusal throw something sensible: calling it unchecked is a bug.
[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

} // namespace leerspoor

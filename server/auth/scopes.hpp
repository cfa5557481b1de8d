// What a key may do: the scopes of xAPI 1.0.3 Part Three 4.2, and one for what xAPI does not have.
#pragma once

#include "spec/base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::auth {

enum class Scope : std::uint32_t {
    statements_write = 1u << 0u,
    statements_read_mine = 1u << 1u,
    statements_read = 1u << 2u,
    state = 1u << 3u,
    define = 1u << 4u,
    profile = 1u << 5u,
    all_read = 1u << 6u,
    all = 1u << 7u,
    analytics = 1u << 8u, // of Leerspoor alone: what is counted of all statements of the store
    courses = 1u << 9u,   // of Leerspoor alone: packages in, launches out
    launched = 1u << 10u, // of no key: what content that was launched may do for its learner
};

class Scopes {
  public:
    constexpr Scopes() = default;
    constexpr Scopes(std::initializer_list<Scope> scopes) {
        for (const Scope scope : scopes) add(scope);
    }
    constexpr void add(Scope scope) { bits_ |= static_cast<std::uint32_t>(scope); }
    constexpr bool intersects(Scopes other) const { return (bits_ & other.bits_) != 0; }
    constexpr bool empty() const { return bits_ == 0; }

  private:
    std::uint32_t bits_ = 0;
};

// The names as the specification writes them, "all" down to "statements/write".
const std::vector<std::string_view>& scope_names();

// Error: scope_unknown.
Result<Scopes> parse_scopes(const std::vector<std::string>& names);

} // namespace leerspoor::server::auth

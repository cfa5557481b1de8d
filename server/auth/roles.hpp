// What people may do: a role each, and one table of them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

namespace leerspoor::server::auth {

enum class Role : std::uint8_t {
    administrator = 1u << 0u,
    analyst = 1u << 1u,
    auditor = 1u << 2u,
    trainer = 1u << 3u,
    learner = 1u << 4u,
};

class Roles {
  public:
    constexpr Roles() = default;
    constexpr Roles(std::initializer_list<Role> roles) {
        for (const Role role : roles)
            bits_ = static_cast<std::uint8_t>(bits_ | static_cast<std::uint8_t>(role));
    }
    constexpr bool contains(Role role) const { return (bits_ & static_cast<std::uint8_t>(role)) != 0; }

  private:
    std::uint8_t bits_ = 0;
};

inline constexpr Roles everybody_who_signed_in{Role::administrator, Role::analyst, Role::auditor,
                                               Role::trainer, Role::learner};

// Who may see what a person did; the others see groups only.
inline constexpr Roles who_see_persons{Role::administrator, Role::auditor, Role::trainer};

struct RoleInfo {
    Role role;
    std::string_view name;
    std::string_view meaning;
};
std::span<const RoleInfo> all_roles();

std::optional<Role> parse_role(std::string_view name);
std::string_view name_of(Role role);

} // namespace leerspoor::server::auth

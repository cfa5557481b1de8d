#include "server/auth/roles.hpp"

#include <array>

namespace leerspoor::server::auth {
namespace {

constexpr std::array table = {
    RoleInfo{Role::administrator, "administrator",
             "everything: keys, people, settings, and all that the others may"},
    RoleInfo{Role::analyst, "analyst", "asks questions of analytics"},
    RoleInfo{Role::auditor, "auditor", "asks questions of analytics, and sees whose records they are"},
    RoleInfo{Role::trainer, "trainer", "asks questions of analytics"},
    RoleInfo{Role::learner, "learner", "signs in; sees nothing of others"},
};

} // namespace

std::span<const RoleInfo> all_roles() {
    return table;
}

std::optional<Role> parse_role(std::string_view name) {
    for (const auto& row : table) {
        if (row.name == name) return row.role;
    }
    return std::nullopt;
}

std::string_view name_of(Role role) {
    for (const auto& row : table) {
        if (row.role == role) return row.name;
    }
    return "";
}

} // namespace leerspoor::server::auth

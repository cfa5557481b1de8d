#include "server/auth/scopes.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace leerspoor::server::auth {
namespace {

constexpr std::array<std::pair<std::string_view, Scope>, 10> known = {{
    {"all", Scope::all},
    {"all/read", Scope::all_read},
    {"statements/read", Scope::statements_read},
    {"statements/read/mine", Scope::statements_read_mine},
    {"statements/write", Scope::statements_write},
    {"state", Scope::state},
    {"define", Scope::define},
    {"profile", Scope::profile},
    {"analytics", Scope::analytics},
    {"courses", Scope::courses},
}};

} // namespace

const std::vector<std::string_view>& scope_names() {
    static const std::vector<std::string_view> names = [] {
        std::vector<std::string_view> all;
        all.reserve(known.size());
        for (const auto& [name, scope] : known) all.push_back(name);
        return all;
    }();
    return names;
}

Result<Scopes> parse_scopes(const std::vector<std::string>& names) {
    Scopes scopes;
    for (const auto& name : names) {
        const auto found =
            std::find_if(known.begin(), known.end(), [&](const auto& row) { return row.first == name; });
        if (found == known.end()) {
            std::string message = "\"" + name + "\" is not a scope. There are:";
            for (const auto& [each, scope] : known) message.append(" ").append(each);
            return Error{"scope_unknown", "", message + "."};
        }
        scopes.add(found->second);
    }
    return scopes;
}

} // namespace leerspoor::server::auth

#include "server/control/commands.hpp"

#include "spec/base/json.hpp"
#include "spec/base/timestamp.hpp"

#include <boost/json/array.hpp>
#include <exception>
#include <utility>

namespace leerspoor::server::control {
namespace {

namespace json = boost::json;

json::object refused(const Error& error) {
    return {{"error", {{"code", error.code}, {"message", error.message}}}};
}

json::object malformed() {
    return refused({"command_invalid", "", "The command is not one that this version of Leerspoor knows."});
}

std::optional<std::string> text_member(const json::object& request, std::string_view name) {
    const auto* const member = request.if_contains(name);
    if (!member || !member->is_string()) return std::nullopt;
    return std::string(member->get_string());
}

json::array texts(const std::vector<std::string>& values) {
    json::array list;
    for (const auto& value : values) list.emplace_back(value);
    return list;
}

std::string joined(const std::vector<std::string>& values) {
    std::string list;
    for (const auto& value : values) list.append(list.empty() ? "" : " ").append(value);
    return list;
}

json::object create(auth::KeyRing& keys, Log& log, const json::object& request) {
    auth::NewKey wanted;
    wanted.key = text_member(request, "key");
    wanted.secret = text_member(request, "secret");
    wanted.name = text_member(request, "name").value_or("");
    if (const auto* const scopes = request.if_contains("scopes")) {
        if (!scopes->is_array()) return malformed();
        wanted.scopes.clear();
        for (const auto& scope : scopes->get_array()) {
            if (!scope.is_string()) return malformed();
            wanted.scopes.emplace_back(scope.get_string());
        }
    }
    if (const auto* const store = request.if_contains("store")) {
        if (!store->is_int64() || store->get_int64() < 0 || store->get_int64() > 0xffffffff)
            return malformed();
        wanted.store = static_cast<storage::StoreId>(store->get_int64());
    }
    const auto created = keys.create(wanted);
    if (!created) return refused(created.error());
    const std::string scopes = joined(created->scopes);
    log.event(Level::info, "key made",
              {{"key", created->key}, {"store", std::uint64_t{created->store}}, {"scopes", scopes}});
    return {{"result",
             {{"key", created->key},
              {"secret", created->secret},
              {"store", created->store},
              {"scopes", texts(created->scopes)}}}};
}

json::object list(const auth::KeyRing& keys) {
    json::array rows;
    for (const auto& credential : keys.list()) {
        json::object row{{"key", credential.key},
                         {"name", credential.name},
                         {"scopes", texts(credential.scopes)},
                         {"store", credential.store},
                         {"created", spec::format_timestamp(credential.created)}};
        if (credential.revoked) row["revoked"] = spec::format_timestamp(*credential.revoked);
        rows.push_back(std::move(row));
    }
    return {{"result", {{"keys", std::move(rows)}}}};
}

json::object revoke(auth::KeyRing& keys, Log& log, const json::object& request) {
    const auto key = text_member(request, "key");
    if (!key) return malformed();
    if (const auto revoked = keys.revoke(*key); !revoked) return refused(revoked.error());
    log.event(Level::info, "key revoked", {{"key", *key}});
    return {{"result", {{"key", *key}}}};
}

json::object invite(auth::People& people, Log& log, const json::object& request) {
    const auto reset_of = text_member(request, "reset_of").value_or("");
    const auto role = auth::parse_role(text_member(request, "role").value_or(""));
    if (!role && reset_of.empty()) return refused({"role_unknown", "", "There is no role of this name."});
    const auto made = people.invite(role.value_or(auth::Role::learner), reset_of);
    if (!made) return refused(made.error());
    log.event(Level::info, "invited", {{"role", auth::name_of(made->role)}, {"by", "the command line"}});
    return {{"result",
             {{"path", "/welcome/" + made->token},
              {"role", auth::name_of(made->role)},
              {"expires", spec::format_timestamp(made->expires)}}}};
}

json::object list_people(const auth::People& people) {
    json::array rows;
    for (const auto& person : people.list()) {
        rows.push_back({{"name", person.name},
                        {"role", auth::name_of(person.role)},
                        {"created", spec::format_timestamp(person.created)}});
    }
    return {{"result", {{"people", std::move(rows)}}}};
}

json::object remove(auth::People& people, Log& log, const json::object& request) {
    const auto name = text_member(request, "name");
    if (!name) return malformed();
    if (const auto removed = people.remove(*name); !removed) return refused(removed.error());
    log.event(Level::info, "person removed", {{"person", *name}, {"by", "the command line"}});
    return {{"result", {{"name", *name}}}};
}

} // namespace

json::object run(auth::KeyRing& keys, Log& log, const json::object& request, auth::People* people) {
    const auto command = text_member(request, "command").value_or("");
    if (command == "create") return create(keys, log, request);
    if (command == "list") return list(keys);
    if (command == "revoke") return revoke(keys, log, request);
    if (people && command == "invite") return invite(*people, log, request);
    if (people && command == "people") return list_people(*people);
    if (people && command == "remove") return remove(*people, log, request);
    return malformed();
}

std::string run_line(auth::KeyRing& keys, Log& log, std::string_view line, auth::People* people) {
    json::object answer;
    const auto request = spec::parse_json(line, 8);
    if (!request) {
        answer = refused(request.error());
    } else if (!request->is_object()) {
        answer = malformed();
    } else {
        try {
            answer = run(keys, log, request->get_object(), people);
        } catch (const std::exception& failure) {
            answer = refused({"internal", "", failure.what()});
        }
    }
    std::string text;
    spec::write_json(answer, text);
    return text;
}

} // namespace leerspoor::server::control

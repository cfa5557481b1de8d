#include "server/app/personas.hpp"

#include "server/support/random.hpp"
#include "spec/base/json.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <mutex>

namespace leerspoor::server {
namespace {

namespace json = boost::json;
using storage::RecordKind;

constexpr std::size_t most_identities = 100;
constexpr std::size_t longest_persona_name = 200;
constexpr std::size_t id_bytes = 9;

std::string bytes_of(const Persona& persona) {
    const json::array identities(persona.identities.begin(), persona.identities.end());
    return json::serialize(json::object{{"name", persona.name}, {"identities", identities}});
}

Result<Persona> read(const std::string& id, const std::string& bytes) {
    const auto parsed = spec::parse_json(bytes);
    const auto* const object = parsed ? parsed->if_object() : nullptr;
    const auto* const name = object ? object->if_contains("name") : nullptr;
    const auto* const identities = object ? object->if_contains("identities") : nullptr;
    if (!name || !name->is_string() || !identities || !identities->is_array())
        return Error{"store_damaged", "", "The persona \"" + id + "\" cannot be read."};
    Persona persona{id, std::string(name->get_string()), {}};
    for (const auto& identity : identities->get_array())
        if (identity.is_string()) persona.identities.emplace_back(identity.get_string());
    return persona;
}

} // namespace

Result<std::unique_ptr<Personas>> Personas::load(storage::SmallRecordStore& store) {
    std::unique_ptr<Personas> made(new Personas(store));
    const auto records = store.records(RecordKind::persona);
    if (!records) return records.error();
    for (const auto& [id, bytes] : *records) {
        auto persona = read(id, bytes);
        if (!persona) return persona.error();
        made->personas_.emplace(id, std::move(*persona));
    }
    return made;
}

std::vector<Persona> Personas::all() const {
    const std::shared_lock lock(mutex_);
    std::vector<Persona> personas;
    for (const auto& [id, persona] : personas_) personas.push_back(persona);
    return personas;
}

void Personas::add_to(std::vector<std::string>& identities) const {
    const std::shared_lock lock(mutex_);
    const auto asked = identities;
    for (const auto& identity : asked) {
        for (const auto& [id, persona] : personas_) {
            const auto& own = persona.identities;
            if (std::find(own.begin(), own.end(), identity) == own.end()) continue;
            for (const auto& one : own)
                if (std::find(identities.begin(), identities.end(), one) == identities.end())
                    identities.push_back(one);
        }
    }
}

Result<Persona> Personas::join(std::string name, std::vector<std::string> identities) {
    auto sorted = identities;
    std::sort(sorted.begin(), sorted.end());
    const bool twice = std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
    if (identities.size() < 2 || identities.size() > most_identities || twice ||
        name.size() > longest_persona_name) {
        return Error{"persona_invalid", "",
                     "A persona has two to 100 different identities, and a name of up to 200 bytes."};
    }
    const std::unique_lock lock(mutex_);
    for (const auto& [id, persona] : personas_) {
        for (const auto& identity : persona.identities) {
            if (!std::binary_search(sorted.begin(), sorted.end(), identity)) continue;
            return Error{"persona_taken", "",
                         "One of these identities is joined with others already. Part those first."};
        }
    }
    Persona persona{random_token(id_bytes), std::move(name), std::move(identities)};
    auto saved = store_.save_record(RecordKind::persona, persona.id, bytes_of(persona));
    if (!saved) return saved.error();
    personas_.emplace(persona.id, persona);
    ++version_;
    return persona;
}

Result<bool> Personas::part(std::string_view id) {
    const std::unique_lock lock(mutex_);
    const auto found = personas_.find(id);
    if (found == personas_.end()) return false;
    auto removed = store_.remove_record(RecordKind::persona, found->first);
    if (!removed) return removed.error();
    personas_.erase(found);
    ++version_;
    return true;
}

std::uint64_t Personas::version() const {
    const std::shared_lock lock(mutex_);
    return version_;
}

} // namespace leerspoor::server

#include "storage/rocksdb/catalogue/catalogue.hpp"

#include "spec/base/json.hpp"
#include "storage/patience.hpp"

#include <algorithm>

namespace leerspoor::storage::engine {

namespace {

// A definition that would grow beyond this stays as it is; a longer name is no name.
constexpr std::size_t max_definition = 128u << 10;
constexpr std::size_t max_name = 4u << 10;
constexpr std::size_t max_names = 1000; // that are read

std::optional<boost::json::object> parse_object(std::string_view text) {
    auto parsed = spec::parse_stored_json(text);
    if (!parsed.has_value() || !parsed->is_object()) return std::nullopt;
    return std::move(parsed->get_object());
}

Result<std::optional<KnownActivity>> read_activity(Database& database, const std::string& key) {
    rocksdb::PinnableSlice value;
    const auto status = database.db().Get({}, database.family(Family::activities), key, &value);
    if (status.IsNotFound()) return std::optional<KnownActivity>();
    if (!status.ok()) return store_error(status);
    auto activity = decode_activity(view(value));
    if (!activity) return store_error(rocksdb::Status::Corruption("an activity cannot be read"));
    return activity;
}

} // namespace

Result<void> Catalogue::add(StoreId store, Sequence sequence, std::string_view bytes,
                            const MarkedTelling& telling) {
    if (recently_told_.adds_nothing(telling.mark)) return {};
    const auto told = spec::description_at(bytes, telling.telling);
    if (told.subject == spec::Description::Subject::activity) {
        return define(store, sequence, told, telling.mark);
    }
    if (told.told.size() <= max_name) {
        const AgentName name{told.of, told.told};
        names_.emplace(agent_name_key(store, name), encode_agent_name(name));
    }
    recently_told_.note(telling.mark, false);
    return {};
}

Result<Catalogue::Activity*> Catalogue::activity(StoreId store, const std::string& iri) {
    const auto [place, is_new] = activities_.try_emplace(activity_key(store, iri));
    auto& activity = place->second;
    if (!is_new) return &activity;
    auto known = read_activity(database_, place->first);
    if (!known.has_value()) return known.error();
    if (!*known) {
        activity.known.iri = iri;
        return &activity;
    }
    activity.known = std::move(**known);
    activity.read_through = activity.known.told_through;
    auto definition = parse_object(activity.known.definition);
    if (!definition) return store_error(rocksdb::Status::Corruption("a definition cannot be read"));
    activity.bytes = activity.known.definition.size();
    activity.definition = std::move(*definition);
    return &activity;
}

Result<void> Catalogue::define(StoreId store, Sequence sequence, const spec::Description& told,
                               const TellingMark& mark) {
    const auto newer = parse_object(told.told);
    if (!newer) return {};
    const auto found = activity(store, told.of);
    if (!found.has_value()) return found.error();
    auto& activity = **found;
    // A replay tells again what newer definitions have been laid over since.
    if (sequence <= activity.read_through) return {};

    bool changed = activity.known.told_through == 0;
    // Whatever is laid over it, it grows by no more: so it need not be written again for each that does.
    if (activity.bytes + told.told.size() > max_definition) {
        changed = false;
    } else if (changed) {
        activity.definition = *newer;
    } else {
        changed = spec::merge_definition(activity.definition, *newer);
    }
    recently_told_.note(mark, changed);
    if (!changed) return {};
    activity.bytes += told.told.size();
    activity.known.told_through = sequence;
    activity.changed = true;
    return {};
}

void Catalogue::write_to(rocksdb::WriteBatch& batch) {
    for (auto& [key, activity] : activities_) {
        if (!activity.changed) continue;
        activity.known.definition.clear();
        spec::write_json(activity.definition, activity.known.definition);
        batch.Put(database_.family(Family::activities), key, encode_activity(activity.known));
    }
    for (const auto& [key, name] : names_) batch.Put(database_.family(Family::agents), key, name);
    activities_.clear();
    names_.clear();
}

Result<std::optional<std::string>> read_definition(Database& database, StoreId store, std::string_view iri) {
    auto activity = read_activity(database, activity_key(store, iri));
    if (!activity.has_value()) return activity.error();
    if (!*activity) return std::optional<std::string>();
    return std::optional<std::string>(std::move((*activity)->definition));
}

Result<std::vector<std::string>> read_names(Database& database, StoreId store, std::string_view identity) {
    const std::string prefix = agent_prefix(store, identity);
    std::vector<std::string> names;
    const std::unique_ptr<rocksdb::Iterator> entries(
        database.db().NewIterator({}, database.family(Family::agents)));
    for (entries->Seek(prefix);
         entries->Valid() && view(entries->key()).starts_with(prefix) && names.size() < max_names;
         entries->Next()) {
        if (!Impatient::step()) return store_error(rocksdb::Status::Incomplete());
        auto name = decode_agent_name(view(entries->value()));
        if (!name) return store_error(rocksdb::Status::Corruption("a name cannot be read"));
        names.push_back(std::move(name->name));
    }
    if (!entries->status().ok()) return store_error(entries->status());
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace leerspoor::storage::engine

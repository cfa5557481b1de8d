#include "storage/rocksdb/statements/group.hpp"

namespace leerspoor::storage::engine {

void Group::append(const std::vector<Staged>& news) {
    for (const auto& one : news) {
        auto& statement = one.statement();
        statement.set_stored(stored);
        ids.emplace(IdKey{one.request->store, statement.id}, staged.size());
        staged.push_back(one);
        staged.back().sequence = next;
        references = references || statement.refers_to.has_value();
        ++next;
        stored += std::chrono::microseconds(1);
    }
}

const Staged* Group::find(const IdKey& id) const {
    const auto found = ids.find(id);
    return found == ids.end() ? nullptr : &staged[found->second];
}

} // namespace leerspoor::storage::engine

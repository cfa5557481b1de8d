// Persons who have several identities: mailboxes and accounts that an administrator has joined. Whoever
// counts learners counts them once.
#pragma once

#include "spec/base/error.hpp"
#include "storage/records.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server {

struct Persona {
    std::string id;
    std::string name;
    std::vector<std::string> identities; // spec::identity(), the first is the one that is shown; two or more
};

// Of the first store. Any thread.
class Personas {
  public:
    static Result<std::unique_ptr<Personas>> load(storage::SmallRecordStore& store);

    std::vector<Persona> all() const;
    // Adds all other identities of whoever is meant.
    void add_to(std::vector<std::string>& identities) const;
    // Errors: persona_invalid (fewer than two identities, or more than 100; a name of more than 200 bytes),
    // persona_taken (one of them is joined already), those of the store.
    Result<Persona> join(std::string name, std::vector<std::string> identities);
    // False: there is none of this id. Error: the store's.
    Result<bool> part(std::string_view id);
    // Rises with every change.
    std::uint64_t version() const;

  private:
    explicit Personas(storage::SmallRecordStore& store) : store_(store) {}

    storage::SmallRecordStore& store_;
    mutable std::shared_mutex mutex_;
    std::map<std::string, Persona, std::less<>> personas_; // by id
    std::uint64_t version_ = 0;
};

} // namespace leerspoor::server

// Content that was launched, as a client of the record store: who it is, and what it may do while its session
// lasts. Implemented by those who launch.
#pragma once

#include "server/auth/key_ring.hpp"
#include "storage/record_store.hpp"

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string_view>

namespace leerspoor::server {

// A document that it asks for.
struct DocumentUse {
    const storage::DocumentOwner& owner;
    const std::optional<std::string>& id; // nothing: all of the owner
    bool changes = false;
    std::string_view content_type; // of what it brings
    std::string_view bytes;
};

// Any thread.
class Launched {
  public:
    Launched() = default;
    Launched(const Launched&) = delete;
    Launched& operator=(const Launched&) = delete;
    virtual ~Launched() = default;

    // Is the value of this Authorization header a session's, whether it is good or not?
    static bool is_credentials(std::string_view authorization);
    // Null: they are no session's that lasts.
    virtual std::shared_ptr<const auth::Principal> find(std::string_view authorization) = 0;

    // Instead of StatementStore::put_statements. Errors: its own, launch_refused.
    virtual boost::asio::awaitable<Result<void>> put(const auth::Principal& who,
                                                     storage::Submission submission) = 0;
    // Error: launch_refused.
    virtual Result<void> admit(const auth::Principal& who, const DocumentUse& use) = 0;
};

} // namespace leerspoor::server

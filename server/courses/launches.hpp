// Who learns what, and by which links: registrations, launch links, and the sessions that they begin. Every
// secret expires, and only its digest is kept.
#pragma once

#include "server/courses/library.hpp"
#include "spec/courses/cmi5.hpp"
#include "storage/record_store.hpp"

#include <atomic>
#include <boost/json/object.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::courses {

// A learner in a course, in the version with which they began.
struct Registration {
    std::string id; // a UUID, in the context of all that is recorded
    storage::StoreId tenant = storage::first_store;
    std::string course;
    std::string version;
    boost::json::object learner; // an Agent
    spec::Instant made;
};

// What a link starts.
struct Launch {
    storage::StoreId tenant = storage::first_store;
    std::string course;
    std::string registration;
    std::string node; // what is started; "": the course, where the learner was
    spec::courses::LaunchMode mode = spec::courses::LaunchMode::normal;
    std::string return_url; // "": none
    spec::Instant expires;
    std::string by; // who made the link
};

// One start: what its content may do, it may do with the session's secrets.
struct Session {
    std::string id; // a UUID
    std::string version;
    Launch launch; // `node` is known, of a course with a player the first one
    spec::Instant made;
    spec::Instant expires;
    std::string origin;            // of the pages that started it: its content may be shown inside them
    std::string content_digest;    // of the secret in the content's URLs
    std::string fetch_digest;      // of the one that is given for the next, once
    std::string auth_digest;       // of the one that xAPI requests carry; "": not given yet
    bool read_launch_data = false; // cmi5 10.2.1, 11: before anything is recorded
    bool read_preferences = false;
};

struct NewLaunch {
    std::string token; // shown once
    Launch launch;
};

struct NewSession {
    std::string content_token;
    std::string fetch_token;
    std::shared_ptr<const Session> session;
};

// A session that was begun, and where its learner is to be sent.
struct Started {
    std::shared_ptr<const Session> session;
    std::string url;
};

// Any thread. What is durable is so when a function returns. Errors besides those named: those of the store.
class Launches {
  public:
    explicit Launches(storage::RecordStore& store) : store_(store) {}

    // The registration of this id, or, without one, the learner's own of the course, made where there is
    // none yet. Errors: course_unknown, course_retired (for who is new), registration_taken (somebody
    // else's).
    Result<Registration> enrol(Library& library, storage::StoreId tenant, std::string_view course,
                               const boost::json::object& learner, const std::optional<spec::Uuid>& id);
    Result<std::optional<Registration>> find_registration(storage::StoreId tenant, std::string_view course,
                                                          std::string_view id) const;
    // The learner's own of the course, if they began.
    Result<std::optional<Registration>> find_own(storage::StoreId tenant, std::string_view course,
                                                 const boost::json::object& learner) const;
    // Oldest first.
    Result<std::vector<Registration>> registrations_of(storage::StoreId tenant,
                                                       std::string_view course) const;
    Result<void> save(const Registration& registration);
    // Takes a registration of the course, or with "" all of them, along to the newest version, for its next
    // start; gives how many were of an older one. Errors: course_unknown, registration_unknown.
    Result<std::size_t> move(Library& library, storage::StoreId tenant, std::string_view course,
                             std::string_view registration);

    Result<NewLaunch> make(Launch launch);
    // Nothing: there is no such link, or it has expired.
    Result<std::optional<Launch>> find_launch(std::string_view token) const;

    Result<NewSession> begin(const Launch& launch, const std::string& version, std::string node,
                             std::string_view origin);
    // By a secret in a URL, or one that a request carries. Null: there is no such session, or it has expired.
    std::shared_ptr<const Session> by_content(std::string_view token);
    std::shared_ptr<const Session> by_auth(std::string_view token);
    // By its id, whoever asks. Null: the same.
    std::shared_ptr<const Session> find_session(storage::StoreId tenant, std::string_view id);
    // The secret for xAPI requests, once for each session. Error: launch_fetched (also when it has expired).
    Result<std::string> fetch(std::string_view token);
    Result<void> note_read(const Session& session, bool launch_data, bool preferences);

    // Of these identities nothing is kept any more. Error: the store's.
    Result<void> forget(storage::StoreId tenant, const std::vector<std::string>& identities);
    // What has expired is removed.
    Result<void> sweep();

  private:
    std::shared_ptr<const Session> load(std::string_view id);
    Result<std::shared_ptr<const Session>> save(Session session);

    storage::RecordStore& store_;
    std::mutex changing_; // registrations and sessions, one change at a time
    std::mutex mutex_;    // for what follows
    std::map<std::string, std::shared_ptr<const Session>, std::less<>> sessions_; // the last ones used
};

} // namespace leerspoor::server::courses

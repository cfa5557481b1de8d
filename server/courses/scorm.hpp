// The server's half of the SCORM run-time: what the player in the browser starts with, and what becomes of
// each of its commits. State is kept as documents of the xAPI SCORM Profile, what happened as its statements.
#pragma once

#include "server/courses/launches.hpp"
#include "server/courses/recorder.hpp"
#include "server/support/turns.hpp"
#include "spec/courses/scorm.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

namespace leerspoor::server {
struct Settings;
}

namespace leerspoor::server::courses {

// Any thread.
class Scorm {
  public:
    // All must outlive it.
    Scorm(storage::RecordStore& store, Recorder& recorder, Library& library, Launches& launches)
        : store_(store), recorder_(recorder), library_(library), launches_(launches) {}

    // A session of the player; `origin`: this server as the learner's browser reaches it. Errors:
    // registration_unknown, the store's.
    boost::asio::awaitable<Result<Started>> start(const Launch& launch, const Settings& settings,
                                                  std::string_view origin);
    // What the player needs: the course, the learner, and how each SCO stands. Errors: registration_unknown,
    // course_unreadable, the store's.
    boost::asio::awaitable<Result<boost::json::object>> open(const Session& session);

    // How each SCO of a registration stands, by its id; those that were never started are left out.
    Result<std::map<std::string, spec::courses::ScoStatus>> standing(const Registration& registration) const;

    // {"sco": ID, "number": N, "initialized": true, "terminated": true, "at": TIME, "changes": {ELEMENT:
    // VALUE}, "removed": [ELEMENT], "sequencing": TEXT, "course": {"completed": true, "success": true,
    // "scaled": 0.5}}: what changed of a SCO's data model since the last commit. `number` counts the
    // session's commits: one that comes again changes nothing. When it returns nothing of it can be lost.
    // Errors: commit_invalid, commit_too_large, session_elsewhere (a later session goes on with the course),
    // those of open().
    boost::asio::awaitable<Result<boost::json::object>> commit(const Session& session,
                                                               const boost::json::object& body);

  private:
    struct Run;
    struct Sco;
    struct Course {
        Registration registration;
        std::shared_ptr<const CourseVersion> version;
    };

    Result<Course> course_of(const Session& session) const;
    spec::courses::ScoAttempt attempt_of(const Session& session, const Course& course,
                                         const spec::courses::CourseNode& node, std::uint64_t number) const;
    Result<Run> read_run(const Course& course) const;
    Result<Sco> read_sco(const Course& course, const spec::courses::ScoAttempt& attempt) const;
    boost::json::object node_for_player(const CourseVersion& version,
                                        const spec::courses::CourseNode& node) const;
    boost::asio::awaitable<Result<void>> begin_attempt(const Course& course,
                                                       const spec::courses::CourseNode& node,
                                                       const spec::courses::ScoAttempt& attempt);

    storage::RecordStore& store_;
    Recorder& recorder_;
    Library& library_;
    Launches& launches_;
    Turns turns_; // by registration
};

} // namespace leerspoor::server::courses

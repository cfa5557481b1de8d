// The LMS of cmi5 (cmi5 6): starts units, judges what they send, and says when something is satisfied. What
// it knows of a registration it reads from the registration's statements.
#pragma once

#include "server/app/launched.hpp"
#include "server/courses/launches.hpp"
#include "server/courses/recorder.hpp"
#include "server/support/turns.hpp"

#include <boost/json/object.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace leerspoor::server {
struct Settings;
}

namespace leerspoor::server::courses {

// Any thread.
class Lms final : public Launched {
  public:
    // All must outlive it.
    Lms(storage::RecordStore& store, const Settings& settings, Recorder& recorder, Library& library,
        Launches& launches)
        : store_(store), settings_(settings), recorder_(recorder), library_(library), launches_(launches) {}

    // A unit of cmi5, or an activity of tincan.xml. `origin`: this server as the learner's browser reaches
    // it. Errors: course_unknown (also: no such node), learner_without_account (cmi5 9.2), the store's.
    boost::asio::awaitable<Result<Started>> start(const Launch& launch, std::string_view origin);

    // Errors: session_unknown, launch_refused (it has ended), the store's.
    boost::asio::awaitable<Result<void>> abandon(storage::StoreId tenant, std::string_view session);
    // For a reason that the statement names. Errors: registration_unknown, course_unknown (no such unit),
    // launch_refused (it is waived already), the store's.
    boost::asio::awaitable<Result<void>> waive(storage::StoreId tenant, std::string_view course,
                                               std::string_view registration, std::string_view node,
                                               std::string_view reason);
    // What the registration's statements say.
    Result<spec::courses::RegistrationRecord> record_of(storage::StoreId tenant,
                                                        std::string_view registration);

    std::shared_ptr<const auth::Principal> find(std::string_view authorization) override;
    boost::asio::awaitable<Result<void>> put(const auth::Principal& who,
                                             storage::Submission submission) override;
    Result<void> admit(const auth::Principal& who, const DocumentUse& use) override;

  private:
    using Record = spec::courses::RegistrationRecord;
    struct Read {
        std::uint64_t statements = 0;
        storage::Sequence last = 0;
        Record record;
    };
    struct Unit {
        std::shared_ptr<const CourseVersion> version;
        const spec::courses::CourseNode* node = nullptr;
        spec::courses::Cmi5Launch launch;
    };

    Result<std::string> next_node(const Registration& registration);
    Result<Unit> unit_of(const Registration& registration, std::string_view node) const;
    Result<Unit> unit_of(const Session& session) const;
    // What begins a session of each kind; the URL has its parameters.
    boost::asio::awaitable<Result<std::string>> begin_cmi5(Unit& unit, const NewSession& begun,
                                                           std::string_view origin);
    Result<std::string> begin_xapi(const Unit& unit, const NewSession& begun, std::string_view origin);
    Result<void> admit_cmi5(const Session& session, const Unit& unit, const DocumentUse& use);
    boost::asio::awaitable<Result<void>> say(storage::StoreId tenant, boost::json::object statement);
    boost::asio::awaitable<Result<void>> say_satisfied(const Unit& unit, const Record& record);
    boost::asio::awaitable<Result<void>> abandon_others(const Unit& unit, const Record& record);

    storage::RecordStore& store_;
    const Settings& settings_;
    Recorder& recorder_;
    Library& library_;
    Launches& launches_;
    Turns turns_; // by registration
    std::mutex mutex_;
    std::map<std::string, Read, std::less<>> read_; // the last registrations asked for
};

} // namespace leerspoor::server::courses

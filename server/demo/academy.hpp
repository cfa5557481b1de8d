// The learning academy of an invented municipality: who learns there, what there is to learn, and how each is
// named in xAPI. Its words are in academy.json.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::demo {

std::string_view academy_texts();

struct Question {
    boost::json::object text;                 // a language map
    std::vector<boost::json::object> choices; // language maps; the first is right
    double hard = 0.5;                        // 0 to 1
    std::size_t trap = 1;                     // the wrong choice that most take
};

struct Course {
    std::string id; // an IRI
    boost::json::object title;
    double since = 0;                         // at what part of the time it began
    double weight = 1;                        // how much it is asked for
    bool meeting = false;                     // it has a class
    bool headset = false;                     // and something in VR
    bool follow_up = false;                   // and a question in the weeks after
    std::vector<boost::json::object> modules; // titles
    std::vector<Question> questions;
};

class Academy {
  public:
    Academy();

    const std::vector<Course>& courses() const { return courses_; }
    std::size_t learners() const { return 420; }
    std::size_t teams() const { return teams_.size(); }
    std::size_t team_of(std::size_t learner) const { return learner * 7 % teams(); }

    // Agents, the learner's by the account of the academy or by mailbox, as other suppliers have it.
    boost::json::object learner(std::size_t number) const;
    boost::json::object learner_by_mail(std::size_t number) const;
    boost::json::object team(std::size_t number) const;
    boost::json::object instructor(std::size_t number) const;
    boost::json::object authority() const;
    const boost::json::object& name() const { return name_; } // of the organisation, a language map

    // Activities with their definitions.
    boost::json::object course(const Course& course) const;
    boost::json::object module(const Course& course, std::size_t number) const;
    boost::json::object quiz(const Course& course) const;
    boost::json::object question(const Course& course, std::size_t number) const;
    boost::json::object meeting(const Course& course) const;
    boost::json::object exercise(const Course& course) const; // in VR
    boost::json::object follow_up(const Course& course) const;

    static std::string choice_id(std::size_t choice) {
        return std::string(1, static_cast<char>('a' + choice));
    }

  private:
    std::string full_name(std::size_t learner) const;

    boost::json::object name_;
    std::string home_;
    std::string mail_;
    std::vector<std::string> teams_;
    std::vector<std::string> instructors_;
    std::vector<std::string> first_names_;
    std::vector<std::string> last_names_;
    std::vector<Course> courses_;
};

} // namespace leerspoor::server::demo

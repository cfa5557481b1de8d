#include "server/demo/academy.hpp"

#include <boost/json/parse.hpp>
#include <cctype>

namespace leerspoor::server::demo {
namespace {

namespace json = boost::json;

std::vector<std::string> texts_of(const json::value& array) {
    std::vector<std::string> texts;
    for (const auto& text : array.as_array()) texts.emplace_back(text.as_string());
    return texts;
}

Question question_of(const json::object& told) {
    Question question;
    question.text = told.at("text").as_object();
    question.hard = told.at("hard").to_number<double>();
    question.trap = told.at("trap").to_number<std::size_t>();
    for (const auto& choice : told.at("choices").as_array()) question.choices.push_back(choice.as_object());
    return question;
}

bool has(const json::array& array, std::string_view text) {
    for (const auto& one : array) {
        if (one.as_string() == text) return true;
    }
    return false;
}

json::object activity(std::string id, std::string_view type, const json::object& name) {
    return {
        {"objectType", "Activity"}, {"id", std::move(id)}, {"definition", {{"type", type}, {"name", name}}}};
}

std::string mailbox_of(std::string_view name) {
    std::string mailbox;
    for (const char letter : name) {
        if (std::isalnum(static_cast<unsigned char>(letter)) != 0)
            mailbox += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
        else if (letter == ' ' && (mailbox.empty() || mailbox.back() != '.'))
            mailbox += '.';
    }
    return mailbox;
}

} // namespace

Academy::Academy() {
    const auto told = json::parse(academy_texts()).as_object();
    name_ = told.at("organization").as_object();
    home_ = told.at("home").as_string();
    mail_ = told.at("mail").as_string();
    teams_ = texts_of(told.at("teams"));
    instructors_ = texts_of(told.at("instructors"));
    first_names_ = texts_of(told.at("first_names"));
    last_names_ = texts_of(told.at("last_names"));
    for (const auto& value : told.at("courses").as_array()) {
        const auto& of = value.as_object();
        Course course;
        course.id = home_ + "/course/" + std::string(of.at("name").as_string());
        course.title = of.at("title").as_object();
        course.since = of.at("since").to_number<double>();
        course.weight = of.at("weight").to_number<double>();
        const auto& forms = of.at("forms").as_array();
        course.meeting = has(forms, "class");
        course.headset = has(forms, "vr");
        course.follow_up = has(forms, "follow-up");
        for (const auto& title : of.at("modules").as_array()) course.modules.push_back(title.as_object());
        for (const auto& one : of.at("questions").as_array())
            course.questions.push_back(question_of(one.as_object()));
        courses_.push_back(std::move(course));
    }
}

std::string Academy::full_name(std::size_t learner) const {
    const auto& first = first_names_[learner % first_names_.size()];
    const auto& last = last_names_[(learner * 11 + 3 * (learner / first_names_.size())) % last_names_.size()];
    return first + " " + last;
}

json::object Academy::learner(std::size_t number) const {
    constexpr std::size_t first_number = 1001;
    return {{"objectType", "Agent"},
            {"name", full_name(number)},
            {"account", {{"homePage", home_}, {"name", "m" + std::to_string(first_number + number)}}}};
}

json::object Academy::learner_by_mail(std::size_t number) const {
    const auto name = full_name(number);
    return {{"objectType", "Agent"}, {"name", name}, {"mbox", "mailto:" + mailbox_of(name) + "@" + mail_}};
}

json::object Academy::team(std::size_t number) const {
    return {{"objectType", "Group"},
            {"name", teams_[number]},
            {"account", {{"homePage", home_}, {"name", "team-" + std::to_string(number + 1)}}}};
}

json::object Academy::instructor(std::size_t number) const {
    const auto& name = instructors_[number % instructors_.size()];
    return {{"objectType", "Agent"}, {"name", name}, {"mbox", "mailto:" + mailbox_of(name) + "@" + mail_}};
}

json::object Academy::authority() const {
    return {{"objectType", "Agent"},
            {"name", name_.at("nl")},
            {"account", {{"homePage", home_}, {"name", "demo"}}}};
}

json::object Academy::course(const Course& course) const {
    return activity(course.id, "http://adlnet.gov/expapi/activities/course", course.title);
}

json::object Academy::module(const Course& course, std::size_t number) const {
    return activity(course.id + "/module/" + std::to_string(number + 1),
                    "http://adlnet.gov/expapi/activities/module", course.modules[number]);
}

json::object Academy::quiz(const Course& course) const {
    return activity(course.id + "/quiz", "http://adlnet.gov/expapi/activities/assessment",
                    {{"nl", "Eindtoets"}, {"en", "Final test"}});
}

json::object Academy::question(const Course& course, std::size_t number) const {
    const auto& asked = course.questions[number];
    json::array choices;
    for (std::size_t i = 0; i < asked.choices.size(); ++i)
        choices.push_back({{"id", choice_id(i)}, {"description", asked.choices[i]}});
    json::object made = activity(course.id + "/question/" + std::to_string(number + 1),
                                 "http://adlnet.gov/expapi/activities/cmi.interaction", asked.text);
    auto& definition = made["definition"].get_object();
    definition["description"] = asked.text;
    definition["interactionType"] = "choice";
    definition["correctResponsesPattern"] = json::array{choice_id(0)};
    definition["choices"] = std::move(choices);
    return made;
}

json::object Academy::meeting(const Course& course) const {
    return activity(course.id + "/class", "http://adlnet.gov/expapi/activities/meeting",
                    {{"nl", "Trainingsdag"}, {"en", "Training day"}});
}

json::object Academy::exercise(const Course& course) const {
    return activity(course.id + "/vr", "http://adlnet.gov/expapi/activities/simulation",
                    {{"nl", "Oefening in VR"}, {"en", "Exercise in VR"}});
}

json::object Academy::follow_up(const Course& course) const {
    json::object made =
        activity(course.id + "/follow-up", "http://adlnet.gov/expapi/activities/cmi.interaction",
                 {{"nl", "Hebt u het deze week toegepast?"}, {"en", "Did you apply it this week?"}});
    auto& definition = made["definition"].get_object();
    definition["interactionType"] = "likert";
    definition["correctResponsesPattern"] = json::array{};
    definition["scale"] =
        json::array{{{"id", "1"}, {"description", {{"nl", "Nee"}, {"en", "No"}}}},
                    {{"id", "2"}, {"description", {{"nl", "Een keer"}, {"en", "Once"}}}},
                    {{"id", "3"}, {"description", {{"nl", "Vaker"}, {"en", "More often"}}}},
                    {{"id", "4"}, {"description", {{"nl", "Elke dag"}, {"en", "Every day"}}}}};
    return made;
}

} // namespace leerspoor::server::demo

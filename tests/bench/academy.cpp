#include "academy.hpp"

#include "random.hpp"

#include <array>
#include <charconv>

namespace leerspoor::bench {
namespace {

constexpr std::string_view learning_site = "https://leren.gemeente.example/cursus/";

constexpr std::array<std::string_view, 32> first_names = {
    "Anouk",   "Bram", "Cem",   "Daphne", "Emre",    "Fatima",  "Gijs",  "Hanneke",
    "Ibrahim", "Joke", "Karim", "Lotte",  "Maarten", "Naima",   "Otis",  "Petra",
    "Quinten", "Roos", "Sanne", "Tygo",   "Ursula",  "Vincent", "Wilma", "Xander",
    "Yara",    "Zoë",  "Aart",  "Büşra",  "Chantal", "Dewi",    "Eline", "Femke"};
constexpr std::array<std::string_view, 32> last_names = {
    "de Vries",    "Jansen",  "van den Berg", "Bakker",   "Yılmaz", "Visser",  "Smit",    "El Amrani",
    "Meijer",      "de Boer", "Mulder",       "Dijkstra", "Bos",    "Vos",     "Peters",  "Hendriks",
    "van Leeuwen", "Dekker",  "Brouwer",      "de Wit",   "Kaya",   "Sharma",  "Ramdin",  "Kowalska",
    "Postma",      "Kuipers", "Veenstra",     "Prins",    "Blom",   "Huisman", "Martina", "van der Linden"};

constexpr std::array<Title, 40> topics = {{
    {"Omgevingswet", "Environment and Planning Act"},
    {"Privacy en AVG", "Privacy and GDPR"},
    {"Informatiebeveiliging", "Information security"},
    {"Klantcontact aan de balie", "Serving citizens at the desk"},
    {"Burgerzaken", "Civil affairs"},
    {"Jeugdhulp", "Youth care"},
    {"Schuldhulpverlening", "Debt counselling"},
    {"Wmo-melding", "Social support requests"},
    {"Participatiewet", "Participation Act"},
    {"Archiefwet", "Public Records Act"},
    {"Wet open overheid", "Open Government Act"},
    {"Aanbesteden", "Public procurement"},
    {"Integriteit", "Integrity"},
    {"Bedrijfshulpverlening", "Emergency response"},
    {"Begraafplaatsbeheer", "Cemetery management"},
    {"Groenbeheer", "Green space management"},
    {"Afvalinzameling", "Waste collection"},
    {"Handhaving in de openbare ruimte", "Enforcement in public space"},
    {"Gladheidsbestrijding", "Winter road maintenance"},
    {"Verkeersbesluiten", "Traffic orders"},
    {"Bouw- en woningtoezicht", "Building inspection"},
    {"Helder schrijven", "Plain writing"},
    {"Timemanagement", "Time management"},
    {"Leidinggeven", "Leadership"},
    {"Inclusief samenwerken", "Inclusive teamwork"},
    {"Digitale toegankelijkheid", "Digital accessibility"},
    {"Datagedreven werken", "Working with data"},
    {"Begroting en verantwoording", "Budget and accountability"},
    {"Raadsadviezen", "Advising the council"},
    {"Bezwaar en beroep", "Objection and appeal"},
    {"Basisregistraties", "Base registers"},
    {"Verkiezingen", "Elections"},
    {"Crisisbeheersing", "Crisis management"},
    {"Duurzaamheid", "Sustainability"},
    {"Energietransitie", "Energy transition"},
    {"Inburgering", "Civic integration"},
    {"Leerplicht", "Compulsory education"},
    {"Agressie en geweld", "Aggression and violence"},
    {"Zaakgericht werken", "Case-based working"},
    {"Projectmatig werken", "Project work"},
}};
constexpr std::array<Title, 15> levels = {{
    {"basis", "basics"},
    {"verdieping", "in depth"},
    {"opfriscursus", "refresher"},
    {"voor leidinggevenden", "for managers"},
    {"voor nieuwe collega's", "for new colleagues"},
    {"in de praktijk", "in practice"},
    {"actualiteiten", "current affairs"},
    {"e-learning", "e-learning"},
    {"toets", "assessment"},
    {"train de trainer", "train the trainer"},
    {"voor vrijwilligers", "for volunteers"},
    {"casussen", "case studies"},
    {"in één uur", "in one hour"},
    {"voor specialisten", "for specialists"},
    {"vragenuur", "questions and answers"},
}};
static_assert(topics.size() * levels.size() == course_count);

constexpr std::array<std::string_view, 8> departments = {"Burgerzaken",  "Sociaal Domein",  "Ruimte",
                                                         "Handhaving",   "Bedrijfsvoering", "Openbare Werken",
                                                         "Vergunningen", "Klantcontact"};

template <class List>
const auto& pick(const List& list, std::uint64_t number) {
    return list[number % list.size()];
}

} // namespace

void append_number(std::string& out, std::uint64_t number) {
    std::array<char, 20> digits;
    out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

Profile profile_of(std::size_t course) {
    switch (mix(course, 1) % 4) {
    case 0:
        return Profile::scorm;
    case 1:
        return Profile::plain;
    default:
        return Profile::cmi5;
    }
}

Title course_topic(std::size_t course) {
    return topics[course % topics.size()];
}

Title course_level(std::size_t course) {
    return levels[course / topics.size() % levels.size()];
}

void append_learner(std::string& out, std::size_t learner) {
    const std::uint64_t traits = mix(learner, 2);
    put(out, R"({"objectType":"Agent","name":")", pick(first_names, traits), " ",
        pick(last_names, traits >> 8));
    if (traits >> 16 & 3u) {
        put(out, R"(","account":{"homePage":"https://inloggen.gemeente.example","name":"m)",
            100'000 + learner, R"("}})");
    } else {
        put(out, R"(","mbox":"mailto:medewerker)", 100'000 + learner, R"(@gemeente.example"})");
    }
}

void append_team(std::string& out, std::size_t team) {
    put(out, R"({"objectType":"Group","name":"Team )", pick(departments, team), " ", team + 1,
        R"(","account":{"homePage":"https://inloggen.gemeente.example/teams","name":"team-)", team + 1,
        R"("}})");
}

void append_instructor(std::string& out, std::size_t instructor) {
    put(out, R"({"objectType":"Agent","name":"Docent )", pick(last_names, mix(instructor, 3)),
        R"(","mbox":"mailto:docent)", instructor + 1, R"(@academie.gemeente.example"})");
}

void append_course_id(std::string& out, std::size_t course) {
    put(out, learning_site, course + 1);
}

void append_module_id(std::string& out, std::size_t course, std::size_t module) {
    append_course_id(out, course);
    put(out, "/module/", module + 1);
}

void append_quiz_id(std::string& out, std::size_t course, std::size_t module) {
    append_module_id(out, course, module);
    put(out, "/toets");
}

void append_question_id(std::string& out, std::size_t course, std::size_t module, std::size_t question) {
    append_quiz_id(out, course, module);
    put(out, "/vraag/", question + 1);
}

void append_video_id(std::string& out, std::size_t course, std::size_t module) {
    append_module_id(out, course, module);
    put(out, "/video");
}

void append_meeting_id(std::string& out, std::size_t course, std::size_t meeting) {
    append_course_id(out, course);
    put(out, "/bijeenkomst/", meeting + 1);
}

} // namespace leerspoor::bench

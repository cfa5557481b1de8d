#include "server/audit/documents.hpp"
#include "server/audit/table.hpp"

#include <boost/json/serialize.hpp>

#include <cmath>
#include <cstdio>

namespace leerspoor::server::audit {
namespace {

std::string escaped(std::string_view text) {
    std::string html;
    for (const char c : text) {
        switch (c) {
        case '&':
            html += "&amp;";
            break;
        case '<':
            html += "&lt;";
            break;
        case '>':
            html += "&gt;";
            break;
        case '"':
            html += "&quot;";
            break;
        default:
            html += c;
        }
    }
    return html;
}

std::string day_of(spec::Instant instant) {
    return spec::format_timestamp(instant).substr(0, 10);
}

std::string hours_of(std::int64_t centiseconds) {
    const auto minutes = (centiseconds + 3000) / 6000;
    const auto rest = std::to_string(minutes % 60);
    return std::to_string(minutes / 60) + ":" + (rest.size() == 1 ? "0" : "") + rest;
}

constexpr std::string_view style =
    "body{font:11pt/1.4 system-ui,sans-serif;color:#111;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:#555}dd{margin:0}"
    "table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #bbb;padding:.35rem "
    ".5rem;text-align:left;"
    "vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}small{color:#555;word-"
    "break:break-all}"
    "thead{display:table-header-group}tr{break-inside:avoid}@page{size:A4;margin:18mm}@media "
    "print{body{margin:0;padding:0}}";

} // namespace

Result<void> Transcript::add(const storage::StoredStatement& statement) {
    const auto object = object_of(statement);
    if (!object) return object.error();
    courses_.add(*object, statement.stored);
    const auto* actor = object->if_contains("actor");
    const auto* name = actor && actor->is_object() ? actor->get_object().if_contains("name") : nullptr;
    if (name && name->is_string()) person_ = std::string(name->get_string());
    return {};
}

Result<void> Transcript::finish(const ExportResult& result) {
    const bool dutch = request_.language == "nl";
    const auto say = [&](const char* english, const char* in_dutch) {
        return std::string(dutch ? in_dutch : english);
    };
    const auto title = say("Transcript", "Leeroverzicht");
    const bool of_one = request_.filter.identities.size() > 0;
    std::ofstream file(path_, std::ios::binary | std::ios::trunc);
    file << "<!doctype html>\n<html lang=\"" << (dutch ? "nl" : "en")
         << "\"><head><meta charset=\"utf-8\"><title>" << title << "</title><style>" << style
         << "</style></head>\n<body><h1>" << title << "</h1>\n<dl>";
    const auto tell = [&](const std::string& name, const std::string& value) {
        if (!value.empty()) file << "<dt>" << escaped(name) << "</dt><dd>" << escaped(value) << "</dd>\n";
    };
    tell(say("Organisation", "Organisatie"), request_.organization);
    if (of_one) tell(say("Of", "Van"), person_);
    tell(say("Selection", "Selectie"), request_.filter.told.empty()
                                           ? say("everything", "alles")
                                           : boost::json::serialize(request_.filter.told));
    tell(say("Made", "Gemaakt"),
         day_of(std::chrono::time_point_cast<spec::Instant::duration>(std::chrono::system_clock::now())));
    tell(say("Asked by", "Gevraagd door"), request_.by);
    tell(say("Statements", "Statements"), std::to_string(result.statements));
    file << "</dl>\n<h2>" << say("Courses", "Cursussen") << "</h2>\n<table><thead><tr><th>"
         << say("Course", "Cursus") << "</th><th>" << say("From", "Van") << "</th><th>" << say("To", "Tot")
         << "</th><th class=\"n\">" << say("Completed", "Afgerond") << "</th><th class=\"n\">"
         << say("Passed", "Geslaagd") << "</th><th class=\"n\">" << say("Best score", "Beste score")
         << "</th><th class=\"n\">" << say("Time (h:mm)", "Tijd (u:mm)") << "</th></tr></thead><tbody>\n";
    for (const auto& row : courses_.rows()) {
        file << "<tr><td>" << escaped(row.name.empty() ? row.course : row.name);
        if (!row.name.empty()) file << "<br><small>" << escaped(row.course) << "</small>";
        file << "</td><td>" << day_of(row.first) << "</td><td>" << day_of(row.last) << "</td><td class=\"n\">"
             << row.completions << "</td><td class=\"n\">" << row.passes << "</td><td class=\"n\">"
             << (row.best ? std::to_string(std::lround(*row.best * 100)) + " %" : std::string())
             << "</td><td class=\"n\">" << hours_of(row.centiseconds) << "</td></tr>\n";
    }
    file << "</tbody></table></body></html>\n";
    file.close();
    if (!file) return Error{"file_unusable", "", path_.string() + " cannot be written: is the disk full?"};
    return {};
}

} // namespace leerspoor::server::audit

#include "server/audit/export_operations.hpp"

#include "server/app/json_body.hpp"
#include "server/app/organization.hpp"
#include "server/app/personas.hpp"
#include "server/app/services.hpp"
#include "server/app/workers.hpp"
#include "server/audit/table.hpp"
#include "server/http/range.hpp"
#include "server/support/log.hpp"
#include "spec/base/json.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <fstream>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;

constexpr std::size_t file_piece_bytes = 256u << 10;
constexpr std::array<std::string_view, 4> states{"waiting", "running", "done", "failed"};

Error invalid(std::string_view member, std::string sentence) {
    return {"export_invalid", "/" + std::string(member), std::move(sentence)};
}
Error unknown() {
    return {"export_unknown", "", "There is no such export, or it is not done."};
}

class FilePart final : public http::BodySource {
  public:
    FilePart(Workers& workers, const std::filesystem::path& path, const http::Range& part)
        : workers_(workers), file_(path, std::ios::binary), size_(part.size), left_(part.size) {
        file_.seekg(static_cast<std::streamoff>(part.first));
    }
    std::optional<std::uint64_t> size() const override { return size_; }
    bool open() const { return file_.is_open() && file_.good(); }

    boost::asio::awaitable<Result<std::string_view>> next() override {
        const auto work = [this] { return read(); };
        co_return co_await workers_.patiently(work);
    }

  private:
    Result<std::string_view> read() {
        piece_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left_, file_piece_bytes)));
        if (piece_.empty()) return std::string_view();
        file_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
        if (!file_) return Error{"store_failed", "", "An export went away while it was being sent."};
        left_ -= piece_.size();
        return std::string_view(piece_);
    }

    Workers& workers_;
    std::ifstream file_;
    const std::uint64_t size_;
    std::uint64_t left_;
    std::string piece_;
};

} // namespace

void name_organization(const Services& services, ExportRequest& request) {
    if (!services.organization) return;
    const auto settings = services.organization->settings();
    const bool dutch = request.language == "nl";
    request.organization = dutch ? settings.dutch_name : settings.english_name;
    if (request.organization.empty())
        request.organization = dutch ? settings.english_name : settings.dutch_name;
}

Result<ExportRequest> parse_export_request(const Personas* personas, const json::object& body) {
    ExportRequest request;
    bool persons = true;
    for (const auto& [key, value] : body) {
        const std::string_view name = key;
        if (name == "filter") {
            auto filter = parse_export_filter(value, "/filter");
            if (!filter) return filter.error();
            request.filter = std::move(*filter);
        } else if (name == "format") {
            const auto format =
                value.is_string() ? parse_export_format(value.get_string()) : std::optional<ExportFormat>();
            if (!format) return invalid(name, "A format is bundle, jsonl, csv, xlsx, transcript or package.");
            request.format = *format;
        } else if (name == "columns") {
            if (!value.is_array()) return invalid(name, "This must be an array of names.");
            const auto known = table_columns();
            for (const auto& column : value.get_array()) {
                if (!column.is_string() || std::find(known.begin(), known.end(),
                                                     std::string_view(column.get_string())) == known.end())
                    return invalid(name, "There is no such column; see the API's description.");
                request.columns.emplace_back(column.get_string());
            }
        } else if (name == "language") {
            if (!value.is_string() || (value.get_string() != "nl" && value.get_string() != "en"))
                return invalid(name, "A language is nl or en.");
            request.language = std::string(value.get_string());
        } else if (name == "persons" || name == "accesses") {
            if (!value.is_bool()) return invalid(name, "This is true or false.");
            (name == "persons" ? persons : request.accesses) = value.get_bool();
        } else {
            return invalid(name, "There are filter, format, columns, language, persons and accesses.");
        }
    }
    if (persons && personas) personas->add_to(request.filter.identities);
    return request;
}

json::object as_json(const ExportJob& job) {
    json::object shown{{"id", job.id},
                       {"state", states[static_cast<std::size_t>(job.state)]},
                       {"format", name_of(job.request.format)},
                       {"filter", job.request.filter.told},
                       {"by", job.request.by},
                       {"accesses", job.request.accesses},
                       {"made", spec::format_timestamp(job.made)},
                       {"expires", spec::format_timestamp(job.expires)},
                       {"statements", job.statements},
                       {"of", job.of}};
    if (job.state == ExportState::done) {
        shown["href"] = "/api/v1/exports/" + job.id + "/file";
        shown["bytes"] = job.result.bytes;
        shown["sha256"] = job.result.sha256;
        shown["sequence"] = job.result.sequence;
    } else if (job.state == ExportState::failed) {
        shown["error"] = {{"code", job.error.code}, {"message", job.error.message}};
    }
    return shown;
}

boost::asio::awaitable<Result<http::Response>> post_exports(const Services& services,
                                                            const Request& request) {
    const auto body = object_of(request);
    if (!body) co_return body.error();
    auto wanted = parse_export_request(services.personas, *body);
    if (!wanted) co_return wanted.error();
    const auto& who = *request.principal;
    wanted->tenant = who.store;
    wanted->by = who.is_person ? who.person : who.key;
    name_organization(services, *wanted);
    const auto job = services.exports->begin(std::move(*wanted));
    if (!job) co_return job.error();
    if (services.log)
        services.log->event(Level::info, "export asked for", {{"export", job->id}, {"by", job->request.by}});
    auto response = json_response(as_json(*job), 202);
    response.fields.add("Location", "/api/v1/exports/" + job->id);
    co_return response;
}

namespace {

json::object schedule_as_json(const ExportSchedule& schedule) {
    return {{"id", schedule.id},
            {"every", name_of(schedule.every)},
            {"next", spec::format_timestamp(schedule.next)},
            {"format", name_of(schedule.request.format)},
            {"filter", schedule.request.filter.told},
            {"accesses", schedule.request.accesses},
            {"by", schedule.request.by}};
}

} // namespace

boost::asio::awaitable<Result<http::Response>> post_schedules(const Services& services,
                                                              const Request& request) {
    auto body = object_of(request);
    if (!body) co_return body.error();
    const auto* every = body->if_contains("every");
    const auto interval =
        every && every->is_string() ? parse_every(every->get_string()) : std::optional<Every>();
    if (!interval) co_return invalid("every", "This must be day, week or month.");
    body->erase("every");
    auto wanted = parse_export_request(services.personas, *body);
    if (!wanted) co_return wanted.error();
    const auto& who = *request.principal;
    wanted->tenant = who.store;
    wanted->by = who.is_person ? who.person : who.key;
    name_organization(services, *wanted);
    const auto made = services.exports->schedule(std::move(*wanted), *interval);
    if (!made) co_return made.error();
    co_return json_response(schedule_as_json(*made), 201);
}

boost::asio::awaitable<Result<http::Response>> get_schedules(const Services& services,
                                                             const Request& request) {
    json::array items;
    for (const auto& one : services.exports->schedules(request.principal->store))
        items.push_back(schedule_as_json(one));
    co_return json_response({{"items", items}});
}

boost::asio::awaitable<Result<http::Response>> delete_schedule(const Services& services,
                                                               const Request& request) {
    const auto removed =
        services.exports->unschedule(request.principal->store, path_parameter(request, "id"));
    if (!removed) co_return removed.error();
    if (!*removed) co_return unknown();
    http::Response response;
    response.status = 204;
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> get_exports(const Services& services, const Request& request) {
    json::array items;
    for (const auto& job : services.exports->all(request.principal->store)) items.push_back(as_json(job));
    co_return json_response({{"items", items}});
}

boost::asio::awaitable<Result<http::Response>> get_export(const Services& services, const Request& request) {
    const auto job = services.exports->find(request.principal->store, path_parameter(request, "id"));
    if (!job) co_return unknown();
    co_return json_response(as_json(*job));
}

boost::asio::awaitable<Result<http::Response>> delete_export(const Services& services,
                                                             const Request& request) {
    const auto removed = services.exports->remove(request.principal->store, path_parameter(request, "id"));
    if (!removed) co_return removed.error();
    if (!*removed) co_return unknown();
    http::Response response;
    response.status = 204;
    co_return response;
}

boost::asio::awaitable<Result<http::Response>> get_export_file(const Services& services,
                                                               const Request& request) {
    const auto job = services.exports->find(request.principal->store, path_parameter(request, "id"));
    if (!job || job->state != ExportState::done) co_return unknown();
    const auto size = job->result.bytes;
    const auto etag = "\"" + job->result.sha256 + "\"";
    const auto& fields = request.head.fields;
    http::Response response;
    // A part only of what the client has the rest of.
    const auto part = http::answer_range(fields, etag, size, response);
    if (response.status == 416) co_return response;
    const std::string extension(extension_of(job->request.format));
    response.fields.add("Content-Type", std::string(content_type_of(job->request.format)));
    // A transcript is no page of this server.
    response.fields.add("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'");
    response.fields.add("Content-Disposition",
                        "attachment; filename=\"leerspoor-" + job->id.substr(0, 8) + "." + extension + "\"");
    const auto source = std::make_shared<FilePart>(services.workers, services.exports->file_of(*job),
                                                   part.value_or(http::Range{0, size}));
    if (!source->open()) co_return unknown();
    response.source = source;
    co_return response;
}

} // namespace leerspoor::server::audit

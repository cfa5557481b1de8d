// Exports over HTTP.
#pragma once

#include "server/app/request.hpp"
#include "server/audit/exports.hpp"

#include <boost/json/object.hpp>

namespace leerspoor::server::audit {

// {"filter": {…}, "format": "bundle" | "jsonl" | "csv" | "xlsx" | "transcript" | "package", "columns": […],
// "language": "nl" | "en", "persons": true, "accesses": false}: what is to be written; `persons`: of a person
// all identities, where `personas` knows them; `accesses`: of the access log. Errors: export_invalid, those
// of parse_export_filter.
Result<ExportRequest> parse_export_request(const Personas* personas, const boost::json::object& body);
// In its language, where it has a name.
void name_organization(const Services& services, ExportRequest& request);
boost::json::object as_json(const ExportJob& job);

// POST /exports: 202.
boost::asio::awaitable<Result<http::Response>> post_exports(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> get_exports(const Services& services, const Request& request);
boost::asio::awaitable<Result<http::Response>> get_export(const Services& services, const Request& request);
// POST /exports/schedules: what POST /exports takes, and "every": "day" | "week" | "month"; 201.
boost::asio::awaitable<Result<http::Response>> post_schedules(const Services& services,
                                                              const Request& request);
boost::asio::awaitable<Result<http::Response>> get_schedules(const Services& services,
                                                             const Request& request);
boost::asio::awaitable<Result<http::Response>> delete_schedule(const Services& services,
                                                               const Request& request);
// Cancels it, or removes its file.
boost::asio::awaitable<Result<http::Response>> delete_export(const Services& services,
                                                             const Request& request);
// The file, to be saved; a part of it where Range asks for one (RFC 9110 14).
boost::asio::awaitable<Result<http::Response>> get_export_file(const Services& services,
                                                               const Request& request);

} // namespace leerspoor::server::audit

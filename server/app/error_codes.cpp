#include "server/app/error_codes.hpp"

#include <algorithm>
#include <array>

namespace leerspoor::server {
namespace {

constexpr int never = 0;

constexpr std::array rows = {
    ErrorCode{"", 0, "Who asks, and what for"},
    ErrorCode{"credentials_missing", 401, "the request has no Authorization header"},
    ErrorCode{"credentials_invalid", 401,
              "the header is not HTTP Basic, the key is unknown or revoked, or the secret is another"},
    ErrorCode{"too_many_failures", 429,
              "too many wrong secrets came from this address; Retry-After says how long to wait"},
    ErrorCode{"auth_busy", 503, "too many secrets wait to be checked"},
    ErrorCode{"scope_missing", 403, "the key has no scope that allows this"},
    ErrorCode{"session_ended", 401, "the cookie is of no session, or of one that has ended"},
    ErrorCode{"role_missing", 403, "who has signed in has a role that does not allow this"},
    ErrorCode{"csrf_missing", 403, "X-CSRF-Token is not that of the session"},
    ErrorCode{"sign_in_refused", 401, "the name or the password is not right"},
    ErrorCode{"sign_in_throttled", 429, "too many attempts failed; Retry-After says how long to wait"},
    ErrorCode{"resource_unknown", 404, "there is nothing at this path"},
    ErrorCode{"method_not_allowed", 405, "the resource has no such method; Allow names those it has"},
    ErrorCode{"version_missing", 400, "X-Experience-API-Version is missing"},
    ErrorCode{"version_unsupported", 400, "a version that is not spoken here"},
    ErrorCode{"alternate_request_invalid", 400,
              "the form of an alternate request does not describe a request"},

    ErrorCode{"", 0, "The request as HTTP"},
    ErrorCode{"request_malformed", 400, "not HTTP/1.1, or it is open where the request ends"},
    ErrorCode{"request_timeout", 408, "the request did not arrive in time"},
    ErrorCode{"header_too_large", 431, "the head is larger than header-bytes"},
    ErrorCode{"body_too_large", 413, "the body is larger than this resource takes"},
    ErrorCode{"expectation_unsupported", 417, "Expect asks for something other than 100-continue"},
    ErrorCode{"transfer_coding_unsupported", 501, "a transfer coding other than chunked"},
    ErrorCode{"http_version_unsupported", 505, "neither HTTP/1.1 nor HTTP/1.0"},
    ErrorCode{"too_many_connections", 503,
              "this client (429) or all together (503) have too many connections open"},
    ErrorCode{"too_many_answers", 503, "answers that are being sent fill answer-memory-bytes"},
    ErrorCode{"too_many_bodies", 503, "bodies of other requests fill body-memory-bytes"},
    ErrorCode{"connection_lost", 400, "the connection ended before the request; only the log sees it"},
    ErrorCode{"content_type_missing", 400, "a body without Content-Type"},
    ErrorCode{"content_type_unsupported", 400, "a type in which statements do not come"},
    ErrorCode{"content_encoding_unsupported", 415, "the body is compressed"},

    ErrorCode{"", 0, "Query parameters"},
    ErrorCode{"query_invalid", 400, "the query is not percent-encoded UTF-8"},
    ErrorCode{"query_parameter_unknown", 400, "the resource has no such parameter"},
    ErrorCode{"query_parameter_case", 400, "the parameter is spelled in another case"},
    ErrorCode{"query_parameter_repeated", 400, "the parameter is given twice"},
    ErrorCode{"query_parameter_missing", 400, "a required parameter is missing"},
    ErrorCode{"last_event_id_invalid", 400, "Last-Event-ID is not the id of an event"},
    ErrorCode{"query_parameter_invalid", 400, "the value is not of the parameter's type"},
    ErrorCode{"query_parameter_conflict", 400, "parameters that do not go together"},
    ErrorCode{"more_invalid", 400, "a more link that this server has not given"},

    ErrorCode{"", 0, "People"},
    ErrorCode{"api_body_invalid", 400, "the body is not the JSON object that is wanted here"},
    ErrorCode{"invitation_invalid", 404, "the link was used, or is older than seven days"},
    ErrorCode{"person_name_invalid", 400, "a name that nobody can have"},
    ErrorCode{"person_exists", 409, "somebody has this name"},
    ErrorCode{"person_unknown", 404, "nobody has this name"},
    ErrorCode{"password_too_short", 400, "fewer than 12 characters, or more than 1,000"},
    ErrorCode{"last_administrator", 409, "nobody could let people in any more"},
    ErrorCode{"session_unknown", 404, "no session has this id"},
    ErrorCode{"role_unknown", 400, "no role has this name"},

    ErrorCode{"", 0, "Analytics"},
    ErrorCode{"analytics_query_invalid", 400,
              "the query does not say what is to be counted; its pointer says where"},
    ErrorCode{"analytics_query_too_large", 413, "more groups or values than a query may hold in memory"},
    ErrorCode{"analytics_query_too_long", 503, "more time than analytics-seconds"},

    ErrorCode{"", 0, "JSON"},
    ErrorCode{"json_invalid", 400, "the text is no JSON"},
    ErrorCode{"json_invalid_utf8", 400, "the text is no UTF-8"},
    ErrorCode{"json_duplicate_key", 400, "an object has a key twice"},
    ErrorCode{"json_too_deep", 400, "nested deeper than max-json-depth"},
    ErrorCode{"json_too_many_values", 413, "more values than max-json-values"},
    ErrorCode{"json_number_too_large", 400, "in a query: a number that no machine number holds"},

    ErrorCode{"", 0, "Statements"},
    ErrorCode{"statement_unknown", 404, "there is no such statement, or it was voided"},
    ErrorCode{"export_invalid", 400, "no filter, format or column of an export"},
    ErrorCode{"export_unknown", 404, "there is no such export, or it is not done"},
    ErrorCode{"export_cancelled", 409, "the export was cancelled before it was done"},
    ErrorCode{"export_unscheduled", 409, "no folder is set for scheduled exports"},
    ErrorCode{"exports_too_many", 429, "too many exports wait"},
    ErrorCode{"import_mapping_invalid", 0, "a mapping of CSV speaks of a column that is not there"},
    ErrorCode{"relay_invalid", 400, "a relay is not what it must be"},
    ErrorCode{"relay_attachments_too_large", 413, "a statement's attachments are too large to be forwarded"},
    ErrorCode{"relay_unknown", 404, "there is no such relay"},
    ErrorCode{"relays_too_many", 429, "there are too many relays"},
    ErrorCode{"remote_unreachable", 502, "another server does not answer, or not as it must"},
    ErrorCode{"erasure_invalid", 400, "an erasure, a legal hold or a retention rule is not what it must be"},
    ErrorCode{"erasure_unknown", 404, "there is no such erasure, legal hold or retention rule"},
    ErrorCode{"erasure_not_previewed", 409, "only what was previewed can be confirmed"},
    ErrorCode{"erasure_under_way", 409, "what is being erased, or was, cannot be removed"},
    ErrorCode{"erasure_held", 409, "a legal hold keeps it"},
    ErrorCode{"erasure_stopped", 503,
              "the server was stopped during an erasure, which goes on at the next start"},
    ErrorCode{"erasures_too_many", 429, "too many erasures wait"},
    ErrorCode{"import_unreadable", 0, "a file with statements cannot be read, or is no JSON"},
    ErrorCode{"verification_stopped", 0, "it was stopped before everything was read"},
    ErrorCode{"backup_unusable", 0, "a folder cannot be used for backups"},
    ErrorCode{"backup_unknown", 0, "there is no such backup"},
    ErrorCode{"backup_damaged", 0, "a backup does not read back"},
    ErrorCode{"bundle_damaged", 0, "a file is no bundle, or was changed"},
    ErrorCode{"tile_unknown", 404, "the log has no such tile, or not yet"},
    ErrorCode{"log_too_short", 404, "the log does not have so many leaves yet"},
    ErrorCode{"log_behind", 503, "the log does not have everything yet that was stored"},
    ErrorCode{"attachment_unknown", 404, "the statement has no such attachment, or its bytes are not here"},
    ErrorCode{"statement_conflict", 409, "another statement has this id"},
    ErrorCode{"statement_expected", 400, "PUT takes one statement"},
    ErrorCode{"statement_id_mismatch", 400, "the id in the statement is not the one in the query"},
    ErrorCode{"statement_id_repeated", 400, "two statements of a request have one id"},
    ErrorCode{"batch_too_large", 413, "more statements than max-batch-statements"},
    ErrorCode{"statement_too_many_terms", 413, "found by more than max-statement-terms"},
    ErrorCode{"batch_too_many_terms", 413, "all together found by more than max-batch-terms"},
    ErrorCode{"language_map_too_large", 400, "more than 500 languages"},
    ErrorCode{"property_missing", 400, "a required property is absent"},
    ErrorCode{"property_unknown", 400, "a property is not in the specification, or not in this case"},
    ErrorCode{"value_null", 400, "null outside extensions"},
    ErrorCode{"value_type", 400, "another JSON type is required"},
    ErrorCode{"value_empty", 400, "there must be something in it"},
    ErrorCode{"object_type_invalid", 400, "objectType is not one that may stand here"},
    ErrorCode{"ifi_missing", 400, "an Agent needs an identifier"},
    ErrorCode{"ifi_several", 400, "an Agent or Group has more than one identifier"},
    ErrorCode{"group_required", 400, "only a Group may stand here"},
    ErrorCode{"group_not_allowed", 400, "no Group may stand here"},
    ErrorCode{"group_member_missing", 400, "a Group without an identifier needs members"},
    ErrorCode{"group_anonymous", 400, "a Group without an identifier cannot be looked for"},
    ErrorCode{"authority_invalid", 400, "neither an Agent nor a Group of two"},
    ErrorCode{"mbox_invalid", 400, "not mailto: and an address"},
    ErrorCode{"sha1_invalid", 400, "not 40 hexadecimal digits"},
    ErrorCode{"sha2_invalid", 400, "not the hexadecimal digits of a SHA-2 digest"},
    ErrorCode{"iri_invalid", 400, "no IRI with a scheme"},
    ErrorCode{"irl_invalid", 400, "no IRL with a scheme"},
    ErrorCode{"uuid_invalid", 400, "no UUID"},
    ErrorCode{"language_tag_invalid", 400, "no language tag of RFC 5646"},
    ErrorCode{"media_type_invalid", 400, "no Internet media type"},
    ErrorCode{"extension_key_invalid", 400, "the key of an extension is no IRI"},
    ErrorCode{"timestamp_invalid", 400, "no timestamp as its version allows them"},
    ErrorCode{"duration_invalid", 400, "no duration of ISO 8601"},
    ErrorCode{"length_invalid", 400, "a negative number of bytes"},
    ErrorCode{"score_range", 400, "scaled outside -1..1, raw outside min..max, min not below max"},
    ErrorCode{"interaction_type_missing", 400, "properties of interactions without interactionType"},
    ErrorCode{"interaction_type_invalid", 400, "no interactionType of the specification"},
    ErrorCode{"component_list_not_allowed", 400,
              "a list of components that this interactionType does not have"},
    ErrorCode{"component_id_repeated", 400, "two components of a list have one id"},
    ErrorCode{"response_pattern_invalid", 400, "a pattern that is none of this interactionType"},
    ErrorCode{"context_property_not_allowed", 400, "revision and platform without an Activity as the object"},
    ErrorCode{"sub_statement_nested", 400, "a SubStatement in a SubStatement"},
    ErrorCode{"sub_statement_property", 400, "a property that a SubStatement must not have"},
    ErrorCode{"voiding_object_invalid", 400, "what is voided is not a StatementRef"},
    ErrorCode{"version_invalid", 400, "the statement's own version is not one of the request's version"},

    ErrorCode{"", 0, "Attachments and signatures"},
    ErrorCode{"multipart_type", 400, "the Content-Type is not multipart/mixed"},
    ErrorCode{"multipart_boundary", 400, "no boundary, or none that RFC 2046 allows"},
    ErrorCode{"multipart_header", 400, "a part's header fields are malformed"},
    ErrorCode{"multipart_header_too_large", 400, "a part's header fields are too large"},
    ErrorCode{"multipart_too_many_parts", 400, "more parts than the server reads"},
    ErrorCode{"multipart_incomplete", 400, "the body ends before its last boundary"},
    ErrorCode{"multipart_first_part", 400, "the first part is not the statements, as application/json"},
    ErrorCode{"attachment_missing", 400, "no part has the bytes, and there is no fileUrl"},
    ErrorCode{"attachment_without_file_url", 400, "the same in a request that has no parts"},
    ErrorCode{"attachment_unexpected", 400, "a part that no statement speaks of"},
    ErrorCode{"attachment_repeated", 400, "the bytes of one attachment twice"},
    ErrorCode{"attachment_hash_missing", 400, "a part without X-Experience-API-Hash"},
    ErrorCode{"attachment_hash", 400, "the SHA-2 of the bytes is another"},
    ErrorCode{"attachment_encoding", 400, "a part's Content-Transfer-Encoding is not binary"},
    ErrorCode{"attachment_content_type", 400, "the part's Content-Type is not the attachment's contentType"},
    ErrorCode{"signature_content_type", 400,
              "the contentType of a signature is not application/octet-stream"},
    ErrorCode{"signature_malformed", 400, "no JWS in compact form"},
    ErrorCode{"signature_algorithm", 400, "an algorithm other than RS256, RS384 and RS512"},
    ErrorCode{"signature_certificate", 400, "the certificates in x5c are none, or no chain"},
    ErrorCode{"signature_invalid", 400, "the signature is not by the key in x5c"},
    ErrorCode{"signature_payload", 400, "what was signed is no statement"},
    ErrorCode{"signature_mismatch", 400, "what was signed is another statement"},

    ErrorCode{"", 0, "Documents"},
    ErrorCode{"document_unknown", 404, "there is no such document"},
    ErrorCode{"document_exists", 409, "there is one, and the request does not say that it knows which"},
    ErrorCode{"document_not_mergeable", 400, "POST merges application/json only"},
    ErrorCode{"document_too_large", 413, "what a POST would merge to is larger than max-body-bytes"},
    ErrorCode{"document_not_object", 400, "POST merges JSON objects only"},
    ErrorCode{"precondition_missing", 400, "a new profile needs If-None-Match or If-Match"},
    ErrorCode{"precondition_failed", 412, "If-Match or If-None-Match does not hold"},

    ErrorCode{"", 0, "The store"},
    ErrorCode{"store_busy", 503, "more waits to be written than fits in memory"},
    ErrorCode{"store_full", 503, "the disk is full; reads go on"},
    ErrorCode{"store_failed", 503, "the disk failed; the log says how"},
    ErrorCode{"store_would_wait", 503, "a read takes longer than there is time for; try again"},
    ErrorCode{"analytics_persons_hidden", 403,
              "who asks may not see persons: not as a dimension, nor as a filter"},
    ErrorCode{"organization_invalid", 400, "a setting of the organisation is not understood"},
    ErrorCode{"persona_invalid", 400, "a persona needs two to 100 different identities"},
    ErrorCode{"persona_taken", 409, "an identity is joined with others already"},
    ErrorCode{"persona_unknown", 404, "there is no persona of this id"},
    ErrorCode{"client_left", 503,
              "the client closed the connection before it was answered; only the log sees this"},
    ErrorCode{"store_closed", 503, "the store is being closed"},
    ErrorCode{"store_damaged", 500, "something kept cannot be read; the log says what"},
    ErrorCode{"internal", 500, "the server made a mistake; the log says more under the request's id"},

    ErrorCode{"", 0, "Commands, settings and starts"},
    ErrorCode{"setting_invalid", never, "a setting cannot have this value, or not with another"},
    ErrorCode{"setting_unknown", never, "the file has a name that is no setting"},
    ErrorCode{"config_unreadable", never, "the file with settings cannot be read"},
    ErrorCode{"listen_invalid", never, "listen is not an IP address and a port"},
    ErrorCode{"demo_store_in_use", never, "the demonstration wants a data folder without records of its own"},
    ErrorCode{"descriptors_too_few", never, "the process may open too few files to serve anybody"},
    ErrorCode{"address_unusable", never, "nothing can listen there"},
    ErrorCode{"tls_unusable", never, "certificate or key cannot be used"},
    ErrorCode{"file_unusable", never, "a file or folder cannot be written"},
    ErrorCode{"data_folder_in_use", never, "another process has the data folder open"},
    ErrorCode{"data_folder_foreign", never, "the folder is not Leerspoor's"},
    ErrorCode{"data_folder_ahead", never, "the last statement was stored far in the future"},
    ErrorCode{"data_folder_newer", never, "the folder is of a newer format"},
    ErrorCode{"data_folder_damaged", never, "the folder does not read back"},
    ErrorCode{"data_folder_unusable", never, "permissions, no such place, or a full disk"},
    ErrorCode{"control_unusable", never, "the control socket cannot be used"},
    ErrorCode{"command_invalid", never, "the server knows no such command"},
    ErrorCode{"key_exists", 409, "there is a key of this name"},
    ErrorCode{"key_unknown", 404, "there is no such key"},
    ErrorCode{"key_invalid", 400, "not a name for a key"},
    ErrorCode{"secret_invalid", 400, "not long enough, too long, or with control characters"},
    ErrorCode{"name_invalid", 400, "too long, or with control characters"},
    ErrorCode{"scope_unknown", 400, "there is no such scope"},
    ErrorCode{"store_invalid", never, "stores are numbered from 1"},
};

} // namespace

std::span<const ErrorCode> error_codes() {
    return rows;
}

int status_of(std::string_view code) {
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.code == code; });
    return row == rows.end() || row->status == never ? 500 : row->status;
}

std::string error_codes_page() {
    std::string page = "# Error codes\n\n"
                       "What a refusal says in `code`. Written from `error_codes.cpp`, which a test holds "
                       "against the sources;\n"
                       "`LEERSPOOR_WRITE=1` and that test write this page again.\n";
    for (const auto& row : rows) {
        if (row.code.empty()) {
            page.append("\n## ")
                .append(row.meaning)
                .append("\n\n| code | status | means |\n| --- | --- | --- |\n");
            continue;
        }
        page.append("| `").append(row.code).append("` | ");
        page.append(row.status == never ? "-" : std::to_string(row.status));
        page.append(" | ").append(row.meaning).append(" |\n");
    }
    return page;
}

} // namespace leerspoor::server

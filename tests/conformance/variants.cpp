#include "tests/conformance/variants.hpp"

namespace leerspoor::tests {
namespace {

using conformance::Version;

Breaks tolerates(std::string_view code, std::string_view at = "") {
    return {{}, [code, at](const Error& error) {
                return error.code == code && error.pointer.find(at) != std::string::npos;
            }};
}

Breaks has(Flaw flaw) {
    return {{flaw}, {}};
}

} // namespace

std::vector<Variant> variants() {
    return {
        {"statements_data", "takes repeated keys", tolerates("json_duplicate_key"), "XAPI-00021"},
        {"statements_data", "takes nulls", tolerates("value_null"), "XAPI-00001"},
        {"statements_data", "takes properties nobody knows", tolerates("property_unknown"),
         "XAPI-00008 XAPI-00010 XAPI-00035 XAPI-00065 XAPI-00066 XAPI-00073 XAPI-00093 "
         "XAPI-00094"},
        {"statements_data", "loses scores", has(Flaw::loses_scores), "XAPI-00002"},
        {"metadata", "refuses long numbers", has(Flaw::refuses_long_numbers), "P2-4.1-1"},
        {"documents", "reads documents strictly", has(Flaw::reads_documents), "P3-2.2-1"},
        {"documents", "gives lists no ETag", has(Flaw::lists_have_no_etag), "P3-3.1-1"},
        {"formats", "does not know what q=0 means", has(Flaw::canonical_counts_no_refusals), "P3-2.1.3-1"},
        {"statement_resource", "gives lists no date", has(Flaw::lists_have_no_date), "IEEE-4.1.6.1-4",
         Version::v2_0_0},
        {"statement_resource", "compares everything", has(Flaw::compares_everything), "IEEE-4.2-1",
         Version::v2_0_0},
        {"versioning", "knows patches only", has(Flaw::knows_patches_only), "P3-3.3-1"},
        {"versioning", "rewrites newer statements", has(Flaw::rewrites_newer_statements), "P3-3.3-2"},
        {"statement_properties", "takes any id", tolerates("uuid_invalid", "/id"),
         "XAPI-00007 XAPI-00027 XAPI-00029 XAPI-00030 XAPI-00072 XAPI-00092"},
        {"statement_properties", "sets no timestamp", has(Flaw::sets_no_timestamp), "IEEE-4.2.4.2-1",
         Version::v2_0_0},
        {"actors", "takes two identifiers", tolerates("ifi_several"), "XAPI-00034 XAPI-00037"},
        {"actors", "takes addresses that are none", tolerates("mbox_invalid"),
         "XAPI-00007 XAPI-00038 XAPI-00066 XAPI-00326"},
        {"verbs", "takes verbs without an id", tolerates("property_missing", "/verb"), "XAPI-00044"},
        {"objects", "takes SubStatements in SubStatements", tolerates("sub_statement_nested"), "XAPI-00071"},
        {"interactions", "takes components with the same id", tolerates("component_id_repeated"),
         "XAPI-00058"},
        {"results", "takes scores out of their range", tolerates("score_range"),
         "XAPI-00066 XAPI-00080 XAPI-00081 XAPI-00082 XAPI-00083"},
        {"contexts", "takes revisions of agents", tolerates("context_property_not_allowed"),
         "XAPI-00084 XAPI-00085"},
        {"contexts", "takes types that are no IRIs", tolerates("iri_invalid", "relevantTypes"),
         "IEEE-4.2.2.5-a4 IEEE-4.2.2.5-g4", Version::v2_0_0},
        {"attachments", "looks at no hash", has(Flaw::takes_any_bytes_for_an_attachment),
         "XAPI-00129 XAPI-00132"},
        {"signatures", "looks at no signature", has(Flaw::takes_any_signature),
         "XAPI-00115 XAPI-00116 XAPI-00117"},
        {"metadata", "takes any duration", tolerates("duration_invalid"),
         "XAPI-00007 XAPI-00066 XAPI-00077 XAPI-00124"},
        {"metadata", "takes any language tag", tolerates("language_tag_invalid"),
         "XAPI-00007 XAPI-00013 XAPI-00045 XAPI-00056 XAPI-00059 XAPI-00062 XAPI-00091 "
         "XAPI-00106 XAPI-00121"},
        {"voiding", "voids nothing", has(Flaw::voids_nothing),
         "XAPI-00016 XAPI-00018 XAPI-00019 XAPI-00155 XAPI-00157 XAPI-00162 XAPI-00163"},
        {"statement_resource", "overwrites statements", has(Flaw::overwrites_statements), "XAPI-00142"},
        {"statement_resource", "does not say how far it is consistent",
         has(Flaw::leaves_out_consistent_through), "XAPI-00140 XAPI-00152 XAPI-00153 XAPI-00160"},
        {"pages", "forgets the pages after the first", has(Flaw::drops_more),
         "XAPI-00108 XAPI-00111 XAPI-00113 XAPI-00114"},
        {"pages", "takes since as inclusive", has(Flaw::since_includes_its_instant), "XAPI-00175"},
        {"pages", "takes until as exclusive", has(Flaw::until_excludes_its_instant), "XAPI-00174"},
        {"queries", "does not filter by verb", has(Flaw::ignores_the_verb), "XAPI-00164 XAPI-00180"},
        {"formats", "keeps names in ids", has(Flaw::ids_keep_names), "XAPI-00111 XAPI-00171"},
        {"formats", "does not look at Accept-Language", has(Flaw::canonical_ignores_languages),
         "P3-2.1.3-1 XAPI-00172"},
        {"documents", "merges objects in objects", has(Flaw::merges_deeply), "XAPI-00183"},
        {"state", "lists documents older than since", has(Flaw::lists_ignore_since),
         "XAPI-00141 XAPI-00195 XAPI-00221 XAPI-00222 XAPI-00268 XAPI-00275 XAPI-00294 "
         "XAPI-00303"},
        {"state", "does not keep registrations apart", has(Flaw::forgets_registrations),
         "XAPI-00218 XAPI-00219 XAPI-00220 XAPI-00227"},
        {"state", "deletes no list", has(Flaw::state_deletes_nothing), "XAPI-00194"},
        {"agent_profile", "does not keep agents apart", has(Flaw::agent_profiles_are_one), "XAPI-00270"},
        {"activity_profile", "forgets the type of a document", has(Flaw::activity_profiles_lose_their_type),
         "XAPI-00288 XAPI-00309"},
        {"agents", "gives Agents instead of Persons", has(Flaw::persons_have_no_arrays),
         "XAPI-00238 XAPI-00239 XAPI-00240 XAPI-00241 XAPI-00242 XAPI-00244 XAPI-00246 "
         "XAPI-00247 XAPI-00248"},
        {"activities", "keeps the first definition", has(Flaw::first_definition_stays), "XAPI-00254"},
        {"about", "names an old patch", has(Flaw::about_names_an_old_patch), "XAPI-00317"},
        {"about", "tells more than there is to tell", has(Flaw::about_tells_more), "XAPI-00320"},
        {"concurrency", "does not look at If-Match", has(Flaw::ignores_if_match), "XAPI-00182 XAPI-00322"},
        {"concurrency", "overwrites what was not seen", has(Flaw::overwrites_unseen_documents),
         "XAPI-00322 IEEE-4.1.4-5", Version::v2_0_0},
        {"versioning", "refuses without naming its version", has(Flaw::refusals_have_no_version),
         "XAPI-00333"},
        {"alternate_syntax", "does not take headers from forms", has(Flaw::form_has_no_headers),
         "XAPI-00336"},
        {"errors", "stores the good part of a bad batch", has(Flaw::stores_the_good_part_of_a_batch),
         "XAPI-00326"},
        {"errors", "takes parameters nobody knows", has(Flaw::takes_unknown_parameters),
         "XAPI-00304 XAPI-00324 XAPI-00325"},
        {"errors", "lets anybody in", has(Flaw::lets_anybody_in), "XAPI-00323 XAPI-00334"},
    };
}

std::vector<Breaks> thoroughly_broken() {
    return {
        {{}, [](const Error&) { return true; }},
        has(Flaw::answers_nothing),
        has(Flaw::answers_an_empty_object),
        has(Flaw::refuses_everything),
    };
}

} // namespace leerspoor::tests

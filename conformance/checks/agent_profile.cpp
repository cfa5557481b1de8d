// The Agent Profile resource (xAPI 1.0.3 Part Three 2.6; IEEE 9274.1.1 4.1.6.5).
#include "conformance/checks/document_checks.hpp"
#include "conformance/checks/groups.hpp"

namespace leerspoor::conformance::checks {

Requirements agent_profile() {
    const auto& r = agent_profile_resource;
    return {
        refuses_value("XAPI-00255", r, "DELETE", "agent"),
        refuses_value("XAPI-00256", r, "POST", "agent"),
        refuses_value("XAPI-00257", r, "PUT", "agent"),
        refuses_value("XAPI-00258", r, "GET", "agent"),
        accepted("XAPI-00259", r, "GET", "GET with a valid agent answers 200"),
        refuses_value("XAPI-00260", r, "GET", "since"),
        refuses_without("XAPI-00261", r, "GET", "agent"),
        refuses_without("XAPI-00262", r, "DELETE", "agent"),
        refuses_without("XAPI-00263", r, "POST", "agent"),
        refuses_without("XAPI-00264", r, "PUT", "agent"),
        refuses_without("XAPI-00265", r, "DELETE", "profileId"),
        refuses_without("XAPI-00266", r, "POST", "profileId"),
        refuses_without("XAPI-00267", r, "PUT", "profileId"),
        lists_since("XAPI-00268", r, "GET takes \"since\""),
        gives_document("XAPI-00269", r, "GET with a profileId gives that document as it was stored"),
        lists_ids("XAPI-00270", r, "GET without a profileId lists the ids"),
        deletes_document("XAPI-00271", r, "DELETE deletes that document and no other"),
        accepted("XAPI-00272", r, "POST", "POST answers 204"),
        accepted("XAPI-00273", r, "PUT", "PUT answers 204"),
        accepted("XAPI-00274", r, "GET", "GET answers 200"),
        lists_since("XAPI-00275", r, "with \"since\" no id of an older document is listed"),
        refuses_other_types("XAPI-00278", r),
        merges("XAPI-00279", r),
        creates_by_post("XAPI-00280", r),
        refuses_other_json("XAPI-00281", r),
        accepted("XAPI-00282", r, "PUT", "it is at agents/profile"),
        accepted("XAPI-00283", r, "POST", "POST is taken"),
        refuses_broken_json("XAPI-00284", r),
        last_modified("IEEE-4.1.6.5-1", r),
    };
}

} // namespace leerspoor::conformance::checks

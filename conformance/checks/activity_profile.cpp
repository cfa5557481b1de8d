// The Activity Profile resource (xAPI 1.0.3 Part Three 2.7; IEEE 9274.1.1 4.1.6.6).
#include "conformance/checks/document_checks.hpp"
#include "conformance/checks/groups.hpp"

namespace leerspoor::conformance::checks {

Requirements activity_profile() {
    const auto& r = activity_profile_resource;
    return {
        deletes_document("XAPI-00285", r, "DELETE deletes that document and no other"),
        accepted("XAPI-00286", r, "POST", "POST answers 204"),
        accepted("XAPI-00287", r, "PUT", "PUT answers 204"),
        gives_document("XAPI-00288", r, "GET with a profileId gives that document as it was stored"),
        lists_ids("XAPI-00289", r, "GET without a profileId lists the ids"),
        accepted("XAPI-00290", r, "GET", "GET is taken"),
        accepted("XAPI-00291", r, "DELETE", "DELETE is taken"),
        accepted("XAPI-00292", r, "POST", "POST is taken"),
        accepted("XAPI-00293", r, "PUT", "PUT is taken"),
        lists_since("XAPI-00294", r, "with \"since\" no id of an older document is listed"),
        refuses_value("XAPI-00295", r, "GET", "since"),
        refuses_without("XAPI-00296", r, "GET", "activityId"),
        refuses_without("XAPI-00297", r, "DELETE", "activityId"),
        refuses_without("XAPI-00298", r, "POST", "activityId"),
        refuses_without("XAPI-00299", r, "PUT", "activityId"),
        refuses_without("XAPI-00300", r, "DELETE", "profileId"),
        refuses_without("XAPI-00301", r, "POST", "profileId"),
        refuses_without("XAPI-00302", r, "PUT", "profileId"),
        lists_since("XAPI-00303", r, "GET takes \"since\""),
        refuses_value("XAPI-00304", r, "GET", "agent"),
        merges("XAPI-00308", r),
        refuses_other_types("XAPI-00309", r),
        creates_by_post("XAPI-00310", r),
        accepted("XAPI-00311", r, "PUT", "it is at activities/profile"),
        accepted("XAPI-00312", r, "POST", "POST stores a document"),
        refuses_other_json("XAPI-00313", r),
        refuses_broken_json("XAPI-00314", r),
        last_modified("IEEE-4.1.6.6-1", r),
    };
}

} // namespace leerspoor::conformance::checks

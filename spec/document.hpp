// How a POST changes a document that is there already (xAPI 1.0.3 Part Three 2.2, "JSON Procedure with
// Requirements"; IEEE 9274.1.1 4.1.5.3).
#pragma once

#include "spec/base/error.hpp"

#include <string>
#include <string_view>

namespace leerspoor::spec {

// Is this the media type of documents that POST merges: application/json, in any case, with any parameters?
bool is_mergeable(std::string_view content_type);

// The top-level properties of `posted` over those of `present`; what is deeper is replaced whole.
// Errors: document_not_object (which of the two is in the sentence), and those of parse_json for `posted`.
Result<std::string> merge_documents(std::string_view present, std::string_view posted);

} // namespace leerspoor::spec

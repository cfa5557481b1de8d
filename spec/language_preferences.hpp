// Which language of several a client likes best: Accept-Language as RFC 2616 14.4 reads it, to which
// xAPI 1.0.3 Part Three 2.1.3 refers ("Language Filtering Requirements for Canonical Format Statements").
#pragma once

#include <boost/json/object.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::spec {

class LanguagePreferences {
  public:
    // Of no header: every language is as good as another.
    LanguagePreferences() = default;
    // A malformed member is passed over, and so are those beyond the 16th.
    explicit LanguagePreferences(std::string_view accept_language);

    // The entry of a language map whose tag has the highest quality: that of the longest range that is the
    // tag or begins it, and "*" stands for the tags that no other range matches. Among equals the range that
    // came first decides, then the map's order. When no tag is acceptable, one that is close ("en" for
    // en-GB), then one that was not refused by q=0, then the first. REQUIRES: the map is not empty.
    boost::json::object::const_iterator best(const boost::json::object& language_map) const;

  private:
    struct Range {
        std::string range;
        int quality = 0; // in thousandths
    };
    static constexpr std::size_t most_ranges = 16;

    // The place of the range that decides about the tag, or ranges_.size().
    std::size_t decisive(std::string_view tag) const;

    std::vector<Range> ranges_;
};

} // namespace leerspoor::spec

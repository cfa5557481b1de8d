// What reading a package finds: that it cannot be taken (an Error, its pointer the file and the line), or
// what was understood although it is not as its standard says.
#pragma once

#include "spec/base/error.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leerspoor::spec::courses {

struct Finding {
    std::string code;     // stable, lower_snake_case
    std::string where;    // "imsmanifest.xml:12", "res/Picture.png"
    std::string sentence; // for the people who made the package
};

// Of one package; not more than a person reads.
class Report {
  public:
    void warn(std::string code, std::string where, std::string sentence) {
        constexpr std::size_t most = 100;
        ++count_;
        if (findings_.size() < most)
            findings_.push_back({std::move(code), std::move(where), std::move(sentence)});
    }
    const std::vector<Finding>& warnings() const { return findings_; }
    // Of all, also of those that were left out.
    std::size_t count() const { return count_; }

  private:
    std::vector<Finding> findings_;
    std::size_t count_ = 0;
};

} // namespace leerspoor::spec::courses

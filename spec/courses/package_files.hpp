// The names of the files in a package: which may be there, and which one is meant.
#pragma once

#include "spec/base/error.hpp"
#include "spec/courses/report.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::spec::courses {

inline constexpr std::size_t max_file_name_bytes = 1024;

// The name of an entry of a zip file as a path below the package's root: "/" between folders, nothing else
// than names in between. Backslashes are taken for slashes. Error: package_entry_name (absolute, "..", a
// drive letter, NUL or another control character, no UTF-8, too long).
Result<std::string> package_path(std::string_view entry);

// The files of a package. Names that differ only in case do not occur twice.
class PackageFiles {
  public:
    // Error: package_entry_repeated.
    Result<void> add(std::string path);
    std::size_t size() const { return by_folded_.size(); }

    // The file that a reference means: as it is written, without its query and fragment, percent-decoded, or
    // with letters of another case, of which `report` is told. Nothing: it is not there.
    std::optional<std::string> find(std::string_view reference, std::string_view where,
                                    Report* report = nullptr) const;
    // Every name, sorted.
    std::vector<std::string> names() const;
    // All files below `folder` ("a/b"; "" for all) as a package of its own.
    PackageFiles below(std::string_view folder) const;

  private:
    std::map<std::string, std::string, std::less<>> by_folded_; // lower-case name, as it is
};

// "a/b" and "../c/x.html?y#z" give "a/c/x.html?y#z"; an absolute URL stays as it is.
std::string resolve(std::string_view base, std::string_view reference);
// Does it name a place by a scheme ("https://…")?
bool is_absolute_url(std::string_view reference);
// Up to "?" or "#".
std::string_view path_of(std::string_view reference);

} // namespace leerspoor::spec::courses

// Exports that people read: a workbook (XLSX), and a transcript made for print.
#pragma once

#include "server/audit/courses.hpp"
#include "server/audit/export_request.hpp"
#include "storage/statements.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace leerspoor::server::audit {

// Three sheets: what this is, the courses, and the statements, with numbers and times as such. Constant
// memory besides the courses. One thread. A sheet has 1,048,576 rows at most: statements beyond it go on in
// further ones.
class Workbook {
  public:
    // Error: file_unusable.
    static Result<std::unique_ptr<Workbook>> create(const std::filesystem::path& path,
                                                    const ExportRequest& request);
    ~Workbook();

    // Errors: store_damaged, file_unusable.
    Result<void> add(const storage::StoredStatement& statement);
    // Once, at the end. Error: file_unusable.
    Result<void> finish(const ExportResult& result);

  private:
    struct Open;
    explicit Workbook(std::unique_ptr<Open> open);
    std::unique_ptr<Open> open_;
};

// HTML that a browser prints, or saves as PDF: of whom, by whom, and what was done in each course.
class Transcript {
  public:
    Transcript(const std::filesystem::path& path, const ExportRequest& request)
        : path_(path), request_(request) {}

    // Error: store_damaged.
    Result<void> add(const storage::StoredStatement& statement);
    // Once, at the end. Error: file_unusable.
    Result<void> finish(const ExportResult& result);

  private:
    const std::filesystem::path path_;
    const ExportRequest& request_;
    Courses courses_;
    std::string person_; // as the last statement called the actor
};

} // namespace leerspoor::server::audit

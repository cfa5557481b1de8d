// Everything of somebody, to take along (GDPR, article 20): a zip file with
//
//   statements.jsonl  a statement a line, as it was stored
//   documents.jsonl   a line for each State, Activity Profile and Agent Profile document: kind, activity,
//   agent,
//                     registration, id, content_type, updated, and content as base64
//   attachments/SHA2  what the statements speak of, where the store has it
//
// Of a selection with Agents the documents are theirs; of one with an activity those of it; otherwise all.
#pragma once

#include "server/audit/export_request.hpp"
#include "server/audit/zip.hpp"
#include "storage/record_store.hpp"

#include <filesystem>
#include <set>
#include <string>

namespace leerspoor::server::audit {

// One thread.
class Package {
  public:
    static Result<Package> create(const std::filesystem::path& path, storage::RecordStore& store,
                                  storage::StoreId tenant, const ExportRequest& request);

    // Errors: store_damaged, file_unusable.
    Result<void> add(const storage::StoredStatement& statement);
    // Once, at the end. Errors: the store's, file_unusable.
    Result<void> finish(const ExportResult& result);

  private:
    Package(ZipWriter zip, storage::RecordStore& store, storage::StoreId tenant, const ExportRequest& request)
        : zip_(std::move(zip)), store_(store), tenant_(tenant), request_(request) {}
    Result<void> add_documents();
    Result<void> add_attachment(const std::string& sha2);
    bool is_wanted(const storage::DocumentName& name) const;

    ZipWriter zip_;
    storage::RecordStore& store_;
    const storage::StoreId tenant_;
    const ExportRequest& request_;
    std::string lines_;
    std::set<std::string> attachments_; // by their sha2
};

} // namespace leerspoor::server::audit

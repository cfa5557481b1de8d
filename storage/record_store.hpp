// The seam between what a learning record store means and how an engine keeps it, in the specification's
// terms; a header for each concept. Nothing above it knows an engine's keys, files or types.
//
// Threads: every function may be called from any thread at any time. Reads block for the time of a disk read
// and never wait for writers. Writes are handed over and answered through a callback.
#pragma once

#include "spec/base/measurement.hpp"
#include "storage/attachments.hpp"
#include "storage/backup.hpp"
#include "storage/content.hpp"
#include "storage/credentials.hpp"
#include "storage/descriptions.hpp"
#include "storage/documents.hpp"
#include "storage/erasure.hpp"
#include "storage/facts.hpp"
#include "storage/log.hpp"
#include "storage/records.hpp"
#include "storage/statements.hpp"
#include "storage/verification.hpp"

#include <vector>

namespace leerspoor::storage {

// Its destructor closes it.
class RecordStore : public StatementStore,
                    public DocumentStore,
                    public DescriptionStore,
                    public AttachmentStore,
                    public ContentStore,
                    public CredentialStore,
                    public FactStore,
                    public LogStore,
                    public SmallRecordStore,
                    public ErasureStore,
                    public BackupSource,
                    public Verifiable {
  public:
    // Answers all that was handed over, and refuses what comes after it (store_closed). Reads go on.
    // Callbacks are called no more when it returns; twice does no harm.
    virtual void close() = 0;
    // Error: why writes are refused at present (store_full, store_failed). Reads may still work.
    virtual Result<void> writable() = 0;
    // How the store is doing, in no particular order; cheap.
    virtual std::vector<Measurement> measurements() = 0;
};

} // namespace leerspoor::storage

// Proof bundles: statements that somebody has selected, and what proves them to whoever has the public key
// alone.
//
// A zip file of the form that zip.hpp knows, with, in this order:
//
//   statements.jsonl  a statement a line, its bytes as they were stored, in the order of storing
//   proofs.jsonl      a line for each statement: {"index":N,"salt":S,"leaf":L,"before":[H,…]} - its place in
//   the log,
//                     its salt, its leaf, and the hashes of the greatest subtrees that lie between the one
//                     before it and it; then {"size":N,"before":[H,…]}, up to the end of the tree
//                     For a statement in which somebody was given a pseudonym since, "altered":WHEN stands in
//                     the place of the salt: its leaf is of what it was
//   checkpoint.txt    the signed checkpoint of that tree (C2SP tlog-checkpoint)
//   manifest.json     who asked for what, when; how many; the files' sizes and SHA-256
//   signature.txt     a signed note (C2SP signed-note): ORIGIN "/export", and the SHA-256 of the manifest
//
// Bytes in JSON are base64. So one pass from the left puts the root together that the checkpoint has.
#pragma once

#include "server/audit/checkpoints.hpp"
#include "server/audit/export_request.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::server::audit {

// While it is written; any thread.
struct ExportProgress {
    std::atomic<std::uint64_t> statements = 0;
    std::atomic<std::uint64_t> of = 0; // about as many will come
    std::atomic<std::uint64_t> bytes = 0;
    std::atomic<bool> cancelled = false;
};

// Writes the file, mode 0600, as of one moment, in constant memory; takes as long as it takes. Nothing stays
// of one that failed. Errors: export_cancelled, file_unusable, log_behind, the store's.
Result<ExportResult> write_export(Checkpoints& checkpoints, const ExportRequest& request,
                                  const std::filesystem::path& path, ExportProgress& progress);

// What became of a bundle.
struct Verdict {
    bool holds = false;
    std::vector<std::string> sentences; // what holds, or what does not and where, for people
    std::uint64_t statements = 0;
};

// Reads nothing but the file. Errors: file_unusable.
Result<Verdict> verify_bundle(const std::filesystem::path& path, std::span<const spec::VerifierKey> keys);

} // namespace leerspoor::server::audit

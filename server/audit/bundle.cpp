#include "server/audit/bundle.hpp"

#include "server/app/access_log.hpp"
#include "server/audit/csv.hpp"
#include "server/audit/documents.hpp"
#include "server/audit/package.hpp"
#include "server/audit/zip.hpp"
#include "server/support/files.hpp"
#include "spec/base/base64.hpp"
#include "spec/base/hex.hpp"
#include "spec/base/sha2.hpp"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <sys/stat.h>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds patience_with_log{60};
constexpr std::size_t buffered = 1u << 20;

void append_base64(std::string& out, std::span<const std::uint8_t> bytes) {
    out += '"';
    out += spec::base64_encode({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    out += '"';
}

// The hashes of the leaves that are not there, as a JSON array.
Result<void> append_others(std::string& out, std::uint64_t first, std::uint64_t end,
                           spec::HashSource& hashes) {
    out += '[';
    bool more = false;
    for (const auto& subtree : spec::subtrees_between(first, end)) {
        const auto hash = hashes.subtree(subtree.level, subtree.index);
        if (!hash) return hash.error();
        if (std::exchange(more, true)) out += ',';
        append_base64(out, *hash);
    }
    out += ']';
    return {};
}

class Writing {
  public:
    Writing(Checkpoints& checkpoints, const ExportRequest& request, const std::filesystem::path& path,
            ExportProgress& progress)
        : checkpoints_(checkpoints), store_(checkpoints.store()), request_(request), path_(path),
          progress_(progress) {}

    Result<ExportResult> run() {
        result_.sequence = store_.visible_through();
        auto count = counted();
        if (!count) return count.error();
        auto written = write();
        if (!written) return written.error();
        auto hashed = hash_file();
        if (!hashed) return hashed.error();
        return result_;
    }

  private:
    // About how many will come; of several identities some may be the same.
    Result<void> counted() {
        storage::Query query;
        query.terms = request_.filter.terms;
        query.since = request_.filter.since;
        query.until = request_.filter.until;
        query.voided_too = true;
        query.snapshot = result_.sequence;
        auto identities = request_.filter.identities;
        if (identities.empty()) identities.emplace_back();
        for (const auto& identity : identities) {
            auto own = query;
            const auto by =
                request_.filter.related_agents ? spec::Filter::related_agent : spec::Filter::agent;
            if (!identity.empty()) own.terms.push_back({by, identity});
            const auto found = store_.count_statements(tenant_, own);
            if (!found) return found.error();
            progress_.of += found->matches;
        }
        return {};
    }

    // Calls `each` for every statement.
    template <class Each>
    Result<void> each_statement(Each each) {
        SelectedStatements selected(store_, tenant_, request_.filter, result_.sequence);
        while (true) {
            const auto next = selected.next();
            if (!next) return next.error();
            if (*next == nullptr) return {};
            if (progress_.cancelled)
                return Error{"export_cancelled", "", "The export was cancelled before it was done."};
            auto done = each(**next);
            if (!done) return done;
            progress_.statements = ++result_.statements;
            progress_.bytes += (*next)->bytes.size();
        }
    }

    Result<void> write() {
        switch (request_.format) {
        case ExportFormat::bundle:
            return bundle();
        case ExportFormat::xlsx: {
            auto book = Workbook::create(path_, request_);
            return book ? document(**book) : book.error();
        }
        case ExportFormat::transcript: {
            Transcript transcript(path_, request_);
            return document(transcript);
        }
        case ExportFormat::package: {
            auto package = Package::create(path_, store_, tenant_, request_);
            return package ? document(*package) : package.error();
        }
        case ExportFormat::jsonl:
        case ExportFormat::csv:
            break;
        }
        return table();
    }

    template <class Document>
    Result<void> document(Document& document) {
        auto written = each_statement(
            [&](const storage::StoredStatement& statement) { return document.add(statement); });
        return written ? document.finish(result_) : written;
    }

    Result<void> table() {
        std::ofstream file(path_, std::ios::binary | std::ios::trunc);
        std::string rows = request_.format == ExportFormat::csv ? csv_head(request_.columns) : std::string();
        auto written = each_statement([&](const storage::StoredStatement& statement) -> Result<void> {
            if (request_.format == ExportFormat::csv) {
                auto appended = append_csv_row(statement, request_.columns, rows);
                if (!appended) return appended;
            } else {
                rows.append(statement.bytes) += '\n';
            }
            if (rows.size() >= buffered) {
                file << rows;
                rows.clear();
            }
            return file ? Result<void>() : unwritable();
        });
        if (!written) return written;
        file << rows;
        file.close();
        return file ? Result<void>() : unwritable();
    }

    Result<void> bundle() {
        // The tree first, so that every statement is in it.
        auto note = checkpoints_.through(result_.sequence, patience_with_log);
        if (!note) return note.error();
        const auto checkpoint = *spec::Checkpoint::parse(*note);
        auto zip = ZipWriter::create(path_);
        if (!zip) return zip.error();
        // Proofs are kept beside until all statements are written: they are the second entry.
        const auto proofs_path = path_.string() + ".proofs";
        const Removed removed{proofs_path};
        std::ofstream proofs(proofs_path, std::ios::binary | std::ios::trunc);
        auto written = zip->begin("statements.jsonl");
        if (!written) return written;
        storage::LogHashes hashes(store_);
        std::uint64_t expected = 0;
        std::string lines;
        std::string line;
        written = each_statement([&](const storage::StoredStatement& statement) -> Result<void> {
            lines.append(statement.bytes) += '\n';
            const auto index = store_.log_index(statement.sequence);
            if (!index) return index.error();
            if (!*index || **index >= checkpoint.size || **index < expected)
                return Error{"store_damaged", "", "A statement is not where it should be in the log."};
            line += "{\"index\":" + std::to_string(**index);
            if (statement.altered) {
                line += ",\"altered\":\"" + spec::format_timestamp(statement.altered->at) + '"';
            } else {
                line += ",\"salt\":";
                append_base64(line, statement.salt);
            }
            line += ",\"leaf\":";
            append_base64(line, statement.leaf());
            line += ",\"before\":";
            auto others = append_others(line, expected, **index, hashes);
            if (!others) return others;
            line += "}\n";
            expected = **index + 1;
            if (line.size() >= buffered) {
                proofs << line;
                line.clear();
            }
            if (lines.size() < buffered) return {};
            auto appended = zip->append(lines);
            lines.clear();
            return appended;
        });
        if (written) written = zip->append(lines);
        if (written) written = zip->end();
        if (!written) return written;
        line += "{\"size\":" + std::to_string(checkpoint.size) + ",\"before\":";
        written = append_others(line, expected, checkpoint.size, hashes);
        if (!written) return written;
        proofs << line << "}\n";
        proofs.close();
        if (!proofs) return unwritable();
        return finish(*zip, proofs_path, *note, checkpoint);
    }

    struct Removed {
        std::filesystem::path path;
        ~Removed() {
            std::error_code ignored;
            std::filesystem::remove(path, ignored);
        }
    };

    Result<void> finish(ZipWriter& zip, const std::filesystem::path& proofs_path, const std::string& note,
                        const spec::Checkpoint& checkpoint) {
        json::object files;
        const auto told = [&] {
            const auto& entry = zip.last();
            files[entry.name] = {{"bytes", entry.bytes}, {"sha256", entry.sha256}};
        };
        told();
        auto written = zip.begin("proofs.jsonl");
        std::ifstream proofs(proofs_path, std::ios::binary);
        std::string piece(buffered, '\0');
        while (written && proofs.read(piece.data(), static_cast<std::streamsize>(piece.size())).gcount() > 0)
            written =
                zip.append(std::string_view(piece).substr(0, static_cast<std::size_t>(proofs.gcount())));
        if (written) written = zip.end();
        if (!written) return written;
        told();
        written = whole(zip, "checkpoint.txt", note);
        if (!written) return written;
        told();
        const auto now =
            std::chrono::time_point_cast<spec::Instant::duration>(std::chrono::system_clock::now());
        const auto manifest = json::serialize(json::object{{"format", "leerspoor-export/1"},
                                                           {"origin", checkpoint.origin},
                                                           {"made", spec::format_timestamp(now)},
                                                           {"by", request_.by},
                                                           {"filter", request_.filter.told},
                                                           {"accesses", request_.accesses},
                                                           {"statements", result_.statements},
                                                           {"size", checkpoint.size},
                                                           {"files", files}});
        written = whole(zip, "manifest.json", manifest);
        if (!written) return written;
        written = whole(zip, "signature.txt", checkpoints_.sign("export", spec::hex(spec::sha256(manifest))));
        if (!written) return written;
        auto finished = zip.finish();
        return finished ? Result<void>() : finished.error();
    }

    static Result<void> whole(ZipWriter& zip, std::string name, std::string_view bytes) {
        auto written = zip.begin(std::move(name));
        if (written) written = zip.append(bytes);
        if (written) written = zip.end();
        return written;
    }

    Result<void> hash_file() {
        std::ifstream file(path_, std::ios::binary);
        spec::Sha2 digest(256);
        std::string piece(buffered, '\0');
        while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())).gcount() > 0) {
            const auto count = static_cast<std::size_t>(file.gcount());
            digest.update(std::string_view(piece).substr(0, count));
            result_.bytes += count;
        }
        result_.sha256 = digest.finish();
        return {};
    }

    Error unwritable() const {
        return {"file_unusable", "", path_.string() + " cannot be written: is the disk full?"};
    }

    Checkpoints& checkpoints_;
    storage::RecordStore& store_;
    const ExportRequest& request_;
    const storage::StoreId tenant_ = request_.accesses ? access_store(request_.tenant) : request_.tenant;
    const std::filesystem::path& path_;
    ExportProgress& progress_;
    ExportResult result_;
};

} // namespace

Result<ExportResult> write_export(Checkpoints& checkpoints, const ExportRequest& request,
                                  const std::filesystem::path& path, ExportProgress& progress) {
    auto made = write_file(path, "", 0600);
    if (!made) return made.error();
    auto written = Writing(checkpoints, request, path, progress).run();
    std::error_code ignored;
    if (!written) std::filesystem::remove(path, ignored);
    return written;
}

} // namespace leerspoor::server::audit

// Verifies proof bundles, with nothing but the file and public keys.
#include "server/audit/bundle.hpp"
#include "server/audit/zip.hpp"
#include "spec/base/base64.hpp"
#include "spec/base/hex.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <fstream>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;

constexpr std::uint64_t most_of_small_files = 1u << 20;
constexpr std::size_t longest_line = 64u << 20;
constexpr std::array<std::string_view, 5> names{"statements.jsonl", "proofs.jsonl", "checkpoint.txt",
                                                "manifest.json", "signature.txt"};

// One entry, read line by line and piece by piece.
class EntryReader {
  public:
    EntryReader(const std::filesystem::path& path, const ZipEntry& entry)
        : file_(path, std::ios::binary), left_(entry.bytes) {
        file_.seekg(static_cast<std::streamoff>(content_offset(entry)));
    }

    // Without its line feed. False at the end; a last line without one is none, and an error.
    bool line(std::string& out) {
        out.clear();
        while (true) {
            if (at_ == piece_.size() && !fill()) {
                broken_ = broken_ || !out.empty();
                return false;
            }
            const auto end = piece_.find('\n', at_);
            out.append(piece_, at_, end == std::string::npos ? end : end - at_);
            at_ = end == std::string::npos ? piece_.size() : end + 1;
            if (end != std::string::npos) return true;
            if (out.size() > longest_line) {
                broken_ = true;
                return false;
            }
        }
    }
    bool broken() const { return broken_; }

    std::string whole() {
        std::string all;
        while (fill()) all += piece_;
        return all;
    }
    // Its SHA-256 in hex; "" when its checksum is not that of the zip file.
    std::string sha256(std::uint32_t expected_crc) {
        spec::Sha2 digest(256);
        std::uint32_t crc = 0;
        while (fill()) {
            digest.update(piece_);
            crc = crc32_of(piece_, crc);
        }
        return crc == expected_crc ? digest.finish() : std::string();
    }

  private:
    bool fill() {
        piece_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left_, 1u << 20)));
        at_ = 0;
        if (piece_.empty()) return false;
        file_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
        if (!file_) {
            broken_ = true;
            piece_.clear();
            return false;
        }
        left_ -= piece_.size();
        return true;
    }

    std::ifstream file_;
    std::uint64_t left_;
    std::string piece_;
    std::size_t at_ = 0;
    bool broken_ = false;
};

template <std::size_t Size>
std::optional<std::array<std::uint8_t, Size>> bytes_of(const json::value* text) {
    if (!text || !text->is_string()) return std::nullopt;
    const auto decoded = spec::base64_decode(text->get_string());
    if (!decoded || decoded->size() != Size) return std::nullopt;
    std::array<std::uint8_t, Size> bytes;
    std::copy(decoded->begin(), decoded->end(), bytes.begin());
    return bytes;
}

std::optional<std::uint64_t> number_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (!value || (!value->is_int64() && !value->is_uint64())) return std::nullopt;
    if (value->is_int64() && value->get_int64() < 0) return std::nullopt;
    return value->is_int64() ? static_cast<std::uint64_t>(value->get_int64()) : value->get_uint64();
}

std::optional<std::vector<spec::Hash>> hashes_of(const json::object& line) {
    const auto* texts = line.if_contains("before");
    if (!texts || !texts->is_array()) return std::nullopt;
    std::vector<spec::Hash> hashes;
    for (const auto& text : texts->get_array()) {
        const auto hash = bytes_of<std::tuple_size_v<spec::Hash>>(&text);
        if (!hash) return std::nullopt;
        hashes.push_back(*hash);
    }
    return hashes;
}

class Verification {
  public:
    Verification(const std::filesystem::path& path, std::span<const spec::VerifierKey> keys)
        : path_(path), keys_(keys) {}

    Result<Verdict> run() {
        const auto entries = read_zip(path_);
        if (!entries && entries.error().code == "file_unusable") return entries.error();
        if (!entries) {
            fail(entries.error().message);
        } else {
            entries_ = *entries;
            verdict_.holds = is_complete() && is_signed() && has_its_files() && has_its_statements();
        }
        return std::move(verdict_);
    }

  private:
    bool fail(std::string sentence) {
        verdict_.sentences = {std::move(sentence)};
        return false;
    }
    void holds(std::string sentence) { verdict_.sentences.push_back(std::move(sentence)); }

    const ZipEntry& entry(std::string_view name) const {
        return *std::find_if(entries_.begin(), entries_.end(),
                             [&](const ZipEntry& one) { return one.name == name; });
    }
    std::string small_file(std::string_view name) const {
        return entry(name).bytes > most_of_small_files ? std::string()
                                                       : EntryReader(path_, entry(name)).whole();
    }

    bool is_complete() {
        const bool these =
            entries_.size() == names.size() &&
            std::equal(entries_.begin(), entries_.end(), names.begin(),
                       [](const ZipEntry& one, std::string_view name) { return one.name == name; });
        return these || fail("The bundle does not have the five files of a bundle, and nothing else.");
    }

    bool is_signed() {
        if (keys_.empty()) return fail("There is no public key to verify it with.");
        const auto note = spec::verified_text(small_file("checkpoint.txt"), keys_);
        const auto checkpoint = note ? spec::Checkpoint::parse(*note) : std::nullopt;
        if (!checkpoint || checkpoint->text() != *note)
            return fail(
                "The checkpoint is not signed with this public key: it was forged, or the key is another "
                "log's.");
        checkpoint_ = *checkpoint;
        const auto manifest = small_file("manifest.json");
        const auto text = spec::verified_text(small_file("signature.txt"), keys_);
        if (!text || *text != checkpoint_.origin + "/export\n" + spec::hex(spec::sha256(manifest)) + "\n")
            return fail("The manifest is not the one that was signed: it was changed, or the signature was.");
        const auto parsed = spec::parse_stored_json(manifest);
        if (!parsed || !parsed->is_object()) return fail("The manifest cannot be read.");
        manifest_ = parsed->get_object();
        holds("Checkpoint and manifest are signed by " + checkpoint_.origin + ", whose log had " +
              std::to_string(checkpoint_.size) + " statements then.");
        return true;
    }

    bool has_its_files() {
        const auto* files = manifest_.if_contains("files");
        for (const auto name : {names[3], names[4]}) {
            if (EntryReader(path_, entry(name)).sha256(entry(name).crc).empty())
                return fail("The zip file's checksum of " + std::string(name) + " was changed.");
        }
        for (const auto name : {names[0], names[1], names[2]}) {
            const auto* told = files && files->is_object() ? files->get_object().if_contains(name) : nullptr;
            const auto* digest =
                told && told->is_object() ? told->get_object().if_contains("sha256") : nullptr;
            if (!digest || !digest->is_string() ||
                EntryReader(path_, entry(name)).sha256(entry(name).crc) !=
                    std::string_view(digest->get_string())) {
                changed_ = std::string(name);
                // Which statement it is says more than that it is one of them.
                if (name == names[2] || has_its_statements())
                    return fail("The file " + changed_ +
                                " is not the one that was exported: it was changed.");
                return false;
            }
        }
        holds("Every file is byte for byte the one that was exported.");
        return true;
    }

    bool has_its_statements() {
        EntryReader statements(path_, entry(names[0]));
        EntryReader proofs(path_, entry(names[1]));
        spec::RootBuilder tree;
        std::string statement;
        std::string line;
        std::uint64_t count = 0;
        const auto at = [&] { return "line " + std::to_string(count + 1); };
        while (true) {
            if (!proofs.line(line)) return fail("The proofs end too early, after " + at() + ".");
            const auto parsed = spec::parse_stored_json(line);
            const auto* proof = parsed ? parsed->if_object() : nullptr;
            const auto before = proof ? hashes_of(*proof) : std::nullopt;
            const auto index = proof ? number_of(*proof, "index") : std::nullopt;
            const auto size = proof ? number_of(*proof, "size") : std::nullopt;
            if (!before || (!index && !size)) return fail("The proof of " + at() + " cannot be read.");
            if (size) {
                if (*size != checkpoint_.size || !tree.add_others(*size, *before))
                    return fail("The proofs do not end where the checkpoint does.");
                break;
            }
            const auto salt = bytes_of<std::tuple_size_v<spec::Salt>>(proof->if_contains("salt"));
            const auto leaf = bytes_of<std::tuple_size_v<spec::Hash>>(proof->if_contains("leaf"));
            const auto* altered = proof->if_contains("altered");
            const bool has_text = !altered;
            if (!leaf || (has_text ? !salt : !altered->is_string() || proof->contains("salt")))
                return fail("The proof of " + at() + " cannot be read.");
            if (!statements.line(statement))
                return fail("A statement is missing: there is a proof for " + at() + ", and no such line.");
            if (has_text && spec::leaf_hash(*salt, statement) != *leaf)
                return fail("The statement in " + at() +
                            " is not the one that was stored: it was changed, or "
                            "another was put in its place.");
            if (*index < tree.size() || !tree.add_others(*index, *before))
                return fail("The statement in " + at() +
                            " is not where its proof says: the order was changed.");
            tree.add_leaf(*leaf);
            if (!has_text) ++altered_;
            ++count;
        }
        if (statements.line(statement) || statements.broken())
            return fail("A statement was added: " + at() + " has no proof.");
        if (proofs.line(line) || proofs.broken()) return fail("There are more proofs than statements.");
        if (tree.root() != checkpoint_.root)
            return fail(
                "The statements and proofs do not add up to the checkpoint: statements were changed, added, "
                "removed or moved together with their proofs.");
        if (number_of(manifest_, "statements") != count || number_of(manifest_, "size") != checkpoint_.size)
            return fail("The manifest counts other statements than there are.");
        if (!changed_.empty()) return true;
        verdict_.statements = count;
        holds("All " + std::to_string(count) +
              (altered_ == 0 ? " statements were stored exactly so, in this order, before the checkpoint."
                             : " statements were stored in this order before the checkpoint."));
        if (altered_ > 0)
            holds("In " + std::to_string(altered_) +
                  " of them somebody was given a pseudonym or erased since: of these it is proven that and "
                  "when "
                  "something was stored, and not what.");
        if (count == checkpoint_.size)
            holds("They are all that the log has: none is missing.");
        else
            holds("That no other statement fits the filter is not proven, but signed: whoever has one, with "
                  "its proof that "
                  "the log had it then, proves that signature wrong.");
        return true;
    }

    const std::filesystem::path& path_;
    const std::span<const spec::VerifierKey> keys_;
    std::vector<ZipEntry> entries_;
    spec::Checkpoint checkpoint_;
    json::object manifest_;
    std::string changed_;
    std::uint64_t altered_ = 0;
    Verdict verdict_;
};

} // namespace

Result<Verdict> verify_bundle(const std::filesystem::path& path, std::span<const spec::VerifierKey> keys) {
    return Verification(path, keys).run();
}

} // namespace leerspoor::server::audit

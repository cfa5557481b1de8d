#include "server/audit/checkpoints.hpp"

#include "server/support/random.hpp"
#include "spec/base/base64.hpp"
#include "spec/base/hex.hpp"
#include "spec/base/json.hpp"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace leerspoor::server::audit {
namespace {

namespace json = boost::json;
using storage::RecordKind;

constexpr std::string_view last_record = "last";
constexpr std::chrono::seconds fresh{1};

Error damaged(const std::string& what) {
    return {"store_damaged", "", "The data folder is damaged (" + what + "): restore it from a backup."};
}

std::string_view view(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace

Result<std::unique_ptr<Checkpoints>> Checkpoints::load(storage::RecordStore& store) {
    std::unique_ptr<Checkpoints> made(new Checkpoints(store));
    const auto keys = store.records(RecordKind::log_key);
    if (!keys) return keys.error();
    for (const auto& [since, bytes] : *keys) {
        const auto parsed = spec::parse_stored_json(bytes);
        const auto* object = parsed ? parsed->if_object() : nullptr;
        const auto* name = object ? object->if_contains("name") : nullptr;
        const auto* seed = object ? object->if_contains("seed") : nullptr;
        const auto instant = spec::parse_timestamp(since, spec::Version::v2_0_0);
        std::array<std::uint8_t, 32> raw{};
        const auto decoded =
            seed && seed->is_string() ? spec::base64_decode(seed->get_string()) : std::nullopt;
        if (!name || !name->is_string() || !instant || !decoded || decoded->size() != raw.size())
            return damaged("a key of the log");
        std::copy(decoded->begin(), decoded->end(), raw.begin());
        made->signers_.push_back({spec::SigningKey(std::string(name->get_string()), raw), *instant});
    }
    if (made->signers_.empty()) {
        std::array<std::uint8_t, 8> whose{};
        fill_random(whose);
        auto added = made->add_key("leerspoor/" + spec::hex(whose));
        if (!added) return added.error();
    }
    const auto signed_notes = store.records(RecordKind::checkpoint);
    if (!signed_notes) return signed_notes.error();
    for (const auto& [name, note] : *signed_notes) {
        const auto checkpoint = spec::Checkpoint::parse(note);
        if (!checkpoint) return damaged("the last checkpoint");
        made->last_ = note;
        made->last_size_ = checkpoint->size;
    }
    return made;
}

Result<void> Checkpoints::add_key(const std::string& name) {
    std::array<std::uint8_t, 32> seed{};
    fill_random(seed);
    const auto now = std::chrono::time_point_cast<spec::Instant::duration>(std::chrono::system_clock::now());
    const auto saved = store_.save_record(
        RecordKind::log_key, spec::format_timestamp(now),
        json::serialize(json::object{{"name", name}, {"seed", spec::base64_encode(view(seed))}}));
    if (!saved) return saved;
    signers_.push_back({spec::SigningKey(name, seed), now});
    return {};
}

Result<std::string> Checkpoints::newest() {
    const std::scoped_lock lock(mutex_);
    const auto size = store_.log_state().size;
    const bool grown = size > last_size_ || last_.empty();
    const auto now = std::chrono::steady_clock::now();
    if (!grown || (!last_.empty() && now - signed_at_ < fresh))
        return Result<std::string>(boost::system::in_place_value, last_);
    return sign_tree(size);
}

Result<std::string> Checkpoints::through(storage::Sequence sequence, std::chrono::milliseconds patience) {
    if (!store_.await_log(sequence, patience)) {
        return Error{"log_behind", "",
                     "The log does not have everything yet that was stored: try again in a minute."};
    }
    const std::scoped_lock lock(mutex_);
    const auto size = store_.log_state().size;
    if (size == last_size_ && !last_.empty())
        return Result<std::string>(boost::system::in_place_value, last_);
    if (size < last_size_)
        return Error{"log_behind", "", "The log is being made again after a crash: try again in a minute."};
    return sign_tree(size);
}

// Durable before anybody sees it.
Result<std::string> Checkpoints::sign_tree(std::uint64_t size) {
    storage::LogHashes hashes(store_);
    const auto root = spec::root_of(size, hashes);
    if (!root) return root.error();
    const auto& key = signers_.back().key;
    auto note =
        key.signed_note(spec::Checkpoint{.origin = key.verifier().name, .size = size, .root = *root}.text());
    const auto saved = store_.save_record(RecordKind::checkpoint, last_record, note);
    if (!saved) return saved.error();
    last_ = note;
    last_size_ = size;
    signed_at_ = std::chrono::steady_clock::now();
    return Result<std::string>(boost::system::in_place_value, std::move(note));
}

std::string Checkpoints::sign(std::string_view what, const std::string& sha256) const {
    const std::scoped_lock lock(mutex_);
    const auto& key = signers_.back().key;
    return key.signed_note(key.verifier().name + "/" + std::string(what) + "\n" + sha256 + "\n");
}

std::vector<LogKey> Checkpoints::keys() const {
    const std::scoped_lock lock(mutex_);
    std::vector<LogKey> keys;
    for (const auto& signer : signers_) keys.push_back({signer.key.verifier(), signer.since});
    return keys;
}

Result<spec::VerifierKey> Checkpoints::rotate() {
    const std::scoped_lock lock(mutex_);
    const auto added = add_key(signers_.front().key.verifier().name);
    if (!added) return added.error();
    // The next checkpoint is of the new key, though nothing was stored.
    last_.clear();
    return signers_.back().key.verifier();
}

std::string Checkpoints::origin() const {
    const std::scoped_lock lock(mutex_);
    return signers_.front().key.verifier().name;
}

} // namespace leerspoor::server::audit

#include "server/cli/doctor.hpp"

#include "server/cli/ask.hpp"
#include "server/cli/exit_status.hpp"
#include "spec/base/json.hpp"
#include "storage/rocksdb/open.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <memory>
#include <ostream>
#include <sys/resource.h>

namespace leerspoor::server::cli {
namespace {

namespace json = boost::json;
using storage::RecordKind;

constexpr std::uintmax_t little_space = 2ULL << 30;
constexpr rlim_t few_files = 4096;
constexpr int days_to_renew = 14;
constexpr std::chrono::seconds patience_with_log{10};
constexpr std::uint64_t far_behind = 100'000; // statements

// What was looked at: well, or what is the matter and what to do.
class Findings {
  public:
    void well(std::string sentence) { add("well", std::move(sentence), {}); }
    void attention(std::string sentence, std::string advice) {
        add("attention", std::move(sentence), std::move(advice));
    }
    void add(json::object finding) { all_.push_back(std::move(finding)); }
    const json::array& all() const { return all_; }

  private:
    void add(std::string_view kind, std::string sentence, std::string advice) {
        all_.push_back({{"kind", kind}, {"sentence", sentence}, {"advice", advice}});
    }
    json::array all_;
};

std::string number(std::uint64_t count) {
    return std::to_string(count);
}

void look_at_writing(storage::RecordStore& store, Findings& findings) {
    const auto writable = store.writable();
    if (writable) {
        findings.well("Statements can be stored.");
    } else {
        findings.attention(
            "Nothing can be stored: " + writable.error().message,
            "Make room on the disk, or replace it; Leerspoor goes on by itself when it takes files again.");
    }
}

void look_at_what_follows(storage::RecordStore& store, Findings& findings) {
    const auto visible = store.visible_through();
    store.await_log(visible, patience_with_log);
    const auto behind = visible - std::min(visible, store.log_state().through);
    if (behind <= far_behind) {
        findings.well("The log that proves what was stored has all " + number(store.log_state().size) +
                      " statements.");
    } else {
        findings.attention(
            "The log is " + number(behind) + " statements behind.",
            "After an upgrade it takes some minutes for a million; otherwise run `leerspoor verify`.");
    }
    const auto ready = store.facts_ready();
    if (ready >= 1) {
        findings.well("Analytics counts everything.");
    } else {
        findings.attention("Analytics counts " + number(static_cast<std::uint64_t>(ready * 100)) +
                               " % of what is stored.",
                           "It is being made of what an earlier version stored: wait until it is done.");
    }
}

void look_at_who(storage::RecordStore& store, Findings& findings) {
    const auto credentials = store.credentials();
    if (!credentials) {
        findings.attention("The keys cannot be read: " + credentials.error().message,
                           "Run `leerspoor verify`.");
        return;
    }
    std::size_t good = 0;
    for (const auto& one : *credentials)
        if (!one.revoked) ++good;
    if (good == 0) {
        findings.attention("There is no key: nothing can send statements.",
                           "Make one with `leerspoor key create`.");
    } else {
        findings.well("There " + std::string(good == 1 ? "is 1 key." : "are " + number(good) + " keys."));
    }
    const auto people = store.records(RecordKind::person);
    if (!people || people->empty()) {
        findings.attention(
            "Nobody can sign in to the pages.",
            "Open the link that the server prints when it starts, or make one with `leerspoor person add`.");
    } else {
        findings.well(people->size() == 1 ? "1 person can sign in."
                                          : number(people->size()) + " people can sign in.");
    }
}

void look_at_jobs(storage::RecordStore& store, Findings& findings) {
    const auto erasures = store.records(RecordKind::erasure);
    if (!erasures) return;
    std::size_t failed = 0;
    for (const auto& [id, bytes] : *erasures) {
        const auto parsed = spec::parse_stored_json(bytes);
        const auto* job = parsed ? parsed->if_object() : nullptr;
        const auto* state = job ? job->if_contains("state") : nullptr;
        if (state && state->is_string() && state->get_string() == "failed") ++failed;
    }
    if (failed > 0)
        findings.attention("Of the erasures " + number(failed) + " failed.",
                           "Look at the page Privacy why, and ask for them again.");
}

void look_at_relays(const relay::Relays& relays, Findings& findings) {
    for (const auto& relay : relays.all(storage::first_store)) {
        const auto what = std::string(name_of(relay.config.kind)) + " " + relay.config.url;
        if (!relay.state.problem.empty()) {
            findings.attention(
                "The relay " + what + " does not work: " + relay.state.problem,
                "It is tried again by itself. See that the other server is there, and that the key is good.");
        } else if (relay.state.refused > 0) {
            findings.attention("The relay " + what + " has " + number(relay.state.refused) + " dead letters.",
                               "GET /api/v1/relays/" + relay.id +
                                   "/dead-letters says why; POST …/retry sends them again.");
        } else {
            findings.well("The relay " + what + " works.");
        }
    }
}

Findings look_inside(storage::RecordStore& store) {
    Findings findings;
    look_at_writing(store, findings);
    look_at_what_follows(store, findings);
    look_at_who(store, findings);
    look_at_jobs(store, findings);
    return findings;
}

void look_at_space(const std::filesystem::path& data, Findings& findings) {
    std::error_code problem;
    const auto space = std::filesystem::space(data, problem);
    const auto free = number(space.available >> 30) + " GiB";
    if (problem) {
        findings.attention("How full the disk is cannot be found out: " + problem.message() + ".",
                           "See that this user may read the folder.");
    } else if (space.available < little_space || space.available < space.capacity / 20) {
        findings.attention("Only " + free + " are free on the disk of the data folder.",
                           "Make room: below 64 MiB nothing is stored any more.");
    } else {
        findings.well(free + " are free on the disk of the data folder.");
    }
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < few_files)
        findings.attention("A process of this user may have " + number(files.rlim_cur) +
                               " files and connections open.",
                           "Give it more, with LimitNOFILE= of systemd or ulimit -n: 4,096 at least.");
}

void look_at_certificate(const std::filesystem::path& data, Findings& findings) {
    const auto path = (data / "tls" / "cert.pem").string();
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"), std::fclose);
    if (!file) return; // the operator's own, which lies elsewhere
    const std::unique_ptr<X509, void (*)(X509*)> certificate(
        PEM_read_X509(file.get(), nullptr, nullptr, nullptr), X509_free);
    int days = 0;
    int seconds = 0;
    if (!certificate ||
        ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate.get())) != 1) {
        findings.attention("The certificate " + path + " cannot be read.",
                           "Remove it: the next start makes another.");
    } else if (days < days_to_renew) {
        findings.attention(days < 0 ? "The certificate has expired."
                                    : "The certificate expires in " + std::to_string(days) + " days.",
                           "Remove the folder tls and start again, or give one of your own with --tls-cert.");
    } else {
        findings.well("The certificate is good for " + std::to_string(days) + " days.");
    }
}

// Of the server that has the folder open, else of the folder itself.
void look_at_store(const std::filesystem::path& data, Findings& findings) {
    storage::RocksdbOptions options;
    options.allow_future_stored = true; // nothing is stored here
    auto store = storage::open_rocksdb(data, options);
    if (store) {
        findings.attention("No server runs on this data folder.",
                           "Start one with `leerspoor serve`, or deploy/run.sh.");
        const auto inside = look_inside(**store);
        for (const auto& one : inside.all()) findings.add(one.as_object());
    } else if (store.error().code == "data_folder_in_use") {
        findings.well("A server runs on this data folder.");
        const auto answer = ask_server(data, {{"command", "doctor"}});
        if (!answer) {
            findings.attention("It does not answer: " + answer.error().message,
                               "Look at its log, and start it again.");
        } else {
            for (const auto& one : answer->at("findings").as_array()) findings.add(one.as_object());
        }
    } else {
        findings.attention("The data folder cannot be opened: " + store.error().message,
                           "See deploy/README.md on restoring a backup, if the sentence does not help.");
    }
}

} // namespace

std::optional<std::string> answer_doctor(storage::RecordStore& store, const relay::Relays& relays,
                                         std::string_view line) {
    const auto parsed = spec::parse_json(line);
    const auto* request = parsed ? parsed->if_object() : nullptr;
    const auto* command = request ? request->if_contains("command") : nullptr;
    if (!command || !command->is_string() || command->get_string() != "doctor") return std::nullopt;
    auto findings = look_inside(store);
    look_at_relays(relays, findings);
    return json::serialize(json::object{{"result", {{"findings", findings.all()}}}});
}

int run_doctor_command(const DoctorCommand& asked, std::ostream& out, std::ostream& err) {
    std::error_code problem;
    if (!std::filesystem::is_directory(asked.data, problem)) {
        err << "leerspoor: There is no folder " << asked.data.string() << ".\n";
        return failed;
    }
    Findings findings;
    look_at_space(asked.data, findings);
    look_at_certificate(asked.data, findings);
    look_at_store(asked.data, findings);
    std::size_t attention = 0;
    for (const auto& one : findings.all()) {
        const auto& finding = one.as_object();
        const bool is_well = text_of(finding, "kind") == "well";
        if (!is_well) ++attention;
        out << (is_well ? "  ok  " : "  !!  ") << text_of(finding, "sentence") << "\n";
        if (!is_well) out << "      " << text_of(finding, "advice") << "\n";
    }
    out << (attention == 0 ? "Everything is well.\n" : number(attention) + " to look at.\n");
    return attention == 0 ? done : failed;
}

} // namespace leerspoor::server::cli

#include "measure.hpp"

#include "answer_reader.hpp"
#include "random.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <stdexcept>

namespace leerspoor::bench {
namespace {

constexpr std::size_t round_count = 3;
constexpr double warm_up_share = 0.1; // of a work's time
constexpr std::size_t loading_batch = 500;
constexpr std::size_t loading_connections = 4;

struct Written {
    double statements = 0;
    double groups = 0;
};

double metric(const std::string& text, const std::string& name) {
    const auto at = text.find("\n" + name + " ");
    return at == std::string::npos ? 0 : std::strtod(text.c_str() + at + 1 + name.size(), nullptr);
}

// Asks the server how much it has written so far; zeros when it does not say.
Written written_so_far(LoadClient& client, const Site& site) {
    const Answer answer = client.fetch(get_request(site.sender, "/metrics"));
    if (answer.status != 200) return {};
    return {metric(answer.body, "leerspoor_store_statements"),
            metric(answer.body, "leerspoor_store_commits_total")};
}

// The answer that the empty handler gives: with the real one's head, and a body as long as the mean one.
void write_answer(const Answer& real, std::uint64_t body_size, const std::filesystem::path& path) {
    std::ofstream file(path, std::ios::binary);
    std::size_t at = 0;
    while (at + 2 < real.head.size()) {
        const auto end = real.head.find("\r\n", at);
        const std::string line = real.head.substr(at, end - at);
        at = end + 2;
        const bool is_length = line.size() > 15 && line[14] == ':' && (line[0] | 0x20) == 'c' &&
                               line[7] == '-' && (line[8] | 0x20) == 'l';
        if (!is_length) file << line << "\r\n";
    }
    file << "Content-Length: " << body_size << "\r\n\r\n";
    std::string body = real.body.empty() ? " " : real.body;
    while (body.size() < body_size) body += body;
    file << body.substr(0, body_size);
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

// The empty handler in a process of its own, and the load on it.
class HttpsLimit {
  public:
    HttpsLimit(const Site& site, const Answer& answer, std::uint64_t body_size, std::size_t connections)
        : folder_(site.folder / "empty-server"),
          process_((prepare(answer, body_size), command(site)), {}, folder_ / "log"),
          client_({"127.0.0.1", process_.wait_for_port(folder_ / "port"), site.certificate.string()},
                  connections) {}
    ~HttpsLimit() {
        process_.stop();
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    HttpsLimit(const HttpsLimit&) = delete;
    HttpsLimit& operator=(const HttpsLimit&) = delete;

    LoadClient& client() { return client_; }

  private:
    void prepare(const Answer& answer, std::uint64_t body_size) const {
        std::filesystem::create_directories(folder_);
        write_answer(answer, body_size, folder_ / "answer");
    }
    std::vector<std::string> command(const Site& site) const {
        return {std::filesystem::read_symlink("/proc/self/exe").string(),
                "empty-server",
                "--certificate",
                site.certificate.string(),
                "--private-key",
                site.private_key.string(),
                "--answer",
                (folder_ / "answer").string(),
                "--port-file",
                (folder_ / "port").string(),
                "--threads",
                std::to_string(site.threads)};
    }

    std::filesystem::path folder_;
    Process process_;
    LoadClient client_;
};

void require_success(const Load& load, const std::string& what) {
    if (load.failures == 0) return;
    throw std::runtime_error(what + ": " + std::to_string(load.failures) +
                             " requests failed, the first with " + load.first_failure);
}

// Statement ids of this run and this work alone: a statement that is stored already would be a resend.
std::uint64_t new_ids(const Work& work, const Site& site) {
    return mix(site.run, std::hash<std::string>{}(work.name));
}

class Measurement {
  public:
    Measurement(const Work& work, const Site& site, const Stock& stock)
        : site_(site), client_(site.target, work.connections),
          requests_(requests_of(work, site.sender, stock, new_ids(work, site))),
          limit_requests_(requests_of(work, site.sender, stock, new_ids(work, site) + 1)) {
        result_.work = work;
        if (site.process) site.process->forget_peak_memory();
        warm_up();
        if (work.kind != WorkKind::post) return;
        rocksdb_folder_ = site.folder / "rocksdb-alone";
        std::filesystem::remove_all(rocksdb_folder_);
        rocksdb_.emplace(rocksdb_folder_, stock.pool);
    }
    ~Measurement() {
        rocksdb_.reset();
        std::error_code ignored;
        if (!rocksdb_folder_.empty()) std::filesystem::remove_all(rocksdb_folder_, ignored);
    }
    Measurement(const Measurement&) = delete;
    Measurement& operator=(const Measurement&) = delete;

    WorkResult run() {
        for (std::size_t i = 0; i < round_count; ++i) {
            Round round;
            // Limits on both sides of the server, and the other way round in the next round.
            if (i % 2 == 0) {
                run_rocksdb(round);
                run_server(round);
                run_https(round);
            } else {
                run_https(round);
                run_server(round);
                run_rocksdb(round);
            }
            result_.rounds.push_back(round);
        }
        if (site_.process) result_.peak_memory = site_.process->peak_memory();
        return std::move(result_);
    }

  private:
    std::chrono::duration<double> slice() const { return site_.seconds / static_cast<double>(round_count); }

    // Learns what answers look like and how large the server's groups are.
    void warm_up() {
        std::string request;
        requests_->next(request);
        const Answer sample = client_.fetch(request);
        if (sample.status >= 300) {
            throw std::runtime_error(result_.work.name + ": status " + std::to_string(sample.status) + ": " +
                                     sample.body.substr(0, 500));
        }
        const Load load = load_server(site_.seconds * warm_up_share);
        const std::uint64_t body_size =
            load.requests == 0 ? sample.body.size() : load.body_bytes / load.requests;
        https_.emplace(site_, sample, body_size, result_.work.connections);
    }

    Load load_server(std::chrono::duration<double> duration) {
        const bool writes = result_.work.kind == WorkKind::post;
        const Written before = writes ? written_so_far(client_, site_) : Written{};
        Load load = client_.run(*requests_, duration);
        require_success(load, result_.work.name);
        if (!writes) return load;
        const Written after = written_so_far(client_, site_);
        const double groups = after.groups - before.groups;
        const double all_waiting = result_.each() * static_cast<double>(result_.work.connections);
        result_.group_size = groups > 0 ? (after.statements - before.statements) / groups : all_waiting;
        result_.group_size = std::max(1.0, result_.group_size);
        return load;
    }

    void run_server(Round& round) {
        const double cpu_before = site_.process ? site_.process->cpu_seconds() : 0;
        const Load load = load_server(slice());
        if (site_.process) result_.server_cpu_seconds += site_.process->cpu_seconds() - cpu_before;
        result_.server.merge(load);
        round.server = load.per_second() * result_.each();
    }

    void run_https(Round& round) {
        const Load load = https_->client().run(*limit_requests_, slice());
        require_success(load, "the empty handler");
        result_.https.merge(load);
        round.https = load.per_second() * result_.each();
    }

    void run_rocksdb(Round& round) {
        if (!rocksdb_) return;
        const GroupWrites writes = rocksdb_->run(result_.group_size, slice());
        result_.rocksdb.merge(writes);
        round.rocksdb = writes.per_second();
    }

    const Site& site_;
    LoadClient client_;
    std::unique_ptr<Requests> requests_;
    std::unique_ptr<Requests> limit_requests_;
    std::filesystem::path rocksdb_folder_;
    std::optional<RocksdbLimit> rocksdb_;
    std::optional<HttpsLimit> https_;
    WorkResult result_;
};

} // namespace

WorkResult measure(const Work& work, const Site& site, const Stock& stock) {
    return Measurement(work, site, stock).run();
}

LoadingResult load_store(const Site& site, const Generator& generator, std::uint64_t statements) {
    LoadingResult result;
    result.statements = statements;
    LoadClient client(site.target, loading_connections);
    const auto requests = load_requests(site.sender, generator, 0, statements, loading_batch);
    const double cpu_before = site.process ? site.process->cpu_seconds() : 0;
    result.from = std::chrono::system_clock::now();
    result.load = client.run(*requests, std::nullopt);
    result.until = std::chrono::system_clock::now();
    require_success(result.load, "loading");
    if (!site.process) return result;
    result.server_cpu_seconds = site.process->cpu_seconds() - cpu_before;
    result.peak_memory = site.process->peak_memory();
    return result;
}

} // namespace leerspoor::bench

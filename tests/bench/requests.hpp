// The requests of the benchmark, as bytes: what is posted, and what is asked for.
#pragma once

#include "generator.hpp"
#include "load_client.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace leerspoor::bench {

// What every request says of its sender.
struct Sender {
    std::string host; // and port
    std::string key;
    std::string secret;
};

std::string get_request(const Sender& sender, const std::string& target);

// Some thousand statements, written beforehand: to be sent over and over, each time with another id.
class StatementPool {
  public:
    // `first` is the number of the generator's statement to begin with.
    StatementPool(const Generator& generator, std::uint64_t first);

    std::size_t size() const { return offsets_.size() - 1; }
    const std::string& text() const { return text_; }
    std::string_view statement(std::size_t index) const {
        index %= size();
        return std::string_view(text_).substr(offsets_[index], offsets_[index + 1] - offsets_[index]);
    }

  private:
    std::string text_;
    std::vector<std::size_t> offsets_;
};

// POST statements, `batch` at once, with ids that nobody has used before: `run` tells runs apart.
std::unique_ptr<Requests> post_requests(const Sender& sender, const StatementPool& pool, std::size_t batch,
                                        std::uint64_t run);

// POST the generator's statements first .. first + count - 1, in batches.
std::unique_ptr<Requests> load_requests(const Sender& sender, const Generator& generator, std::uint64_t first,
                                        std::uint64_t count, std::size_t batch);

// GET by statementId, any of the generator's first `count`.
std::unique_ptr<Requests> get_by_id_requests(const Sender& sender, const Generator& generator,
                                             std::uint64_t count);

// POST this JSON to this target, over and over.
std::unique_ptr<Requests> ask_requests(const Sender& sender, const std::string& target,
                                       const std::string& body);

// GET each of these targets, in turn, without end. REQUIRES: not empty.
std::unique_ptr<Requests> get_requests(const Sender& sender, const std::vector<std::string>& targets);

} // namespace leerspoor::bench

#include "requests.hpp"

#include "academy.hpp"

#include <algorithm>
#include <openssl/evp.h>

namespace leerspoor::bench {
namespace {

constexpr std::size_t pool_size = 4096;
constexpr std::size_t length_width = 9; // digits of Content-Length, with zeros in front

std::string base64(const std::string& text) {
    std::string encoded((text.size() + 2) / 3 * 4 + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    encoded.resize(static_cast<std::size_t>(size));
    return encoded;
}

std::string head(const Sender& sender, std::string_view method, const std::string& target) {
    std::string text;
    put(text, method, " ", target, " HTTP/1.1\r\nHost: ", sender.host, "\r\nAuthorization: Basic ",
        base64(sender.key + ":" + sender.secret),
        "\r\nX-Experience-API-Version: 1.0.3\r\nAccept: application/json\r\n");
    return text;
}

std::string post_head(const Sender& sender, const std::string& target = "/xapi/statements") {
    return head(sender, "POST", target) +
           "Content-Type: application/json\r\nContent-Length: " + std::string(length_width, '0') + "\r\n\r\n";
}

// Begins a POST in `request`, and finishes it once the body is there.
class Post {
  public:
    Post(const std::string& head, std::string& request) : request_(request), head_size_(head.size()) {
        request_.assign(head);
    }
    ~Post() {
        std::size_t length = request_.size() - head_size_;
        const std::size_t end = head_size_ - 4;
        for (std::size_t i = 1; i <= length_width; ++i, length /= 10) {
            request_[end - i] = static_cast<char>('0' + length % 10);
        }
    }
    Post(const Post&) = delete;
    Post& operator=(const Post&) = delete;

  private:
    std::string& request_;
    std::size_t head_size_;
};

class PostRequests : public Requests {
  public:
    PostRequests(const Sender& sender, const StatementPool& pool, std::size_t batch, std::uint64_t run)
        : head_(post_head(sender)), pool_(pool), batch_(batch), run_(run) {}

    bool next(std::string& request) override {
        const Post post(head_, request);
        if (batch_ > 1) request += '[';
        for (std::size_t i = 0; i < batch_; ++i) {
            if (i > 0) request += ',';
            const std::size_t start = request.size();
            request.append(pool_.statement(static_cast<std::size_t>(number_)));
            write_uuid(mix(run_, number_), mix(number_, run_), request.data() + start + Generator::id_offset);
            ++number_;
        }
        if (batch_ > 1) request += ']';
        return true;
    }
    std::size_t statements_each() const override { return batch_; }

  private:
    std::string head_;
    const StatementPool& pool_;
    std::size_t batch_;
    std::uint64_t run_;
    std::uint64_t number_ = 0;
};

class LoadRequests : public Requests {
  public:
    LoadRequests(const Sender& sender, const Generator& generator, std::uint64_t first, std::uint64_t count,
                 std::size_t batch)
        : head_(post_head(sender)), generator_(generator), number_(first), end_(first + count),
          batch_(batch) {}

    bool next(std::string& request) override {
        if (number_ == end_) return false;
        const Post post(head_, request);
        request += '[';
        const std::uint64_t until = std::min<std::uint64_t>(end_, number_ + batch_);
        for (bool first = true; number_ < until; ++number_, first = false) {
            if (!first) request += ',';
            generator_.append_statement(number_, request);
        }
        request += ']';
        return true;
    }
    std::size_t statements_each() const override { return batch_; }

  private:
    std::string head_;
    const Generator& generator_;
    std::uint64_t number_;
    std::uint64_t end_;
    std::size_t batch_;
};

class GetByIdRequests : public Requests {
  public:
    GetByIdRequests(const Sender& sender, const Generator& generator, std::uint64_t count)
        : request_(get_request(sender, "/xapi/statements?statementId=" + std::string(uuid_size, '0'))),
          id_at_(request_.find("statementId=") + std::string_view("statementId=").size()),
          generator_(generator), count_(count) {}

    bool next(std::string& request) override {
        const UuidText id = generator_.statement_id(dice_.below(static_cast<std::size_t>(count_)));
        request.assign(request_);
        std::copy(id.begin(), id.end(), request.begin() + static_cast<std::ptrdiff_t>(id_at_));
        return true;
    }
    std::size_t statements_each() const override { return 0; }

  private:
    static constexpr std::size_t uuid_size = std::tuple_size_v<UuidText>;

    std::string request_;
    std::size_t id_at_;
    const Generator& generator_;
    std::uint64_t count_;
    Dice dice_{31};
};

class GetRequests : public Requests {
  public:
    GetRequests(const Sender& sender, const std::vector<std::string>& targets) {
        requests_.reserve(targets.size());
        for (const auto& target : targets) requests_.push_back(get_request(sender, target));
    }

    bool next(std::string& request) override {
        request.assign(requests_[next_++ % requests_.size()]);
        return true;
    }
    std::size_t statements_each() const override { return 0; }

  private:
    std::vector<std::string> requests_;
    std::size_t next_ = 0;
};

class AskRequests : public Requests {
  public:
    explicit AskRequests(std::string request) : request_(std::move(request)) {}

    bool next(std::string& request) override {
        request.assign(request_);
        return true;
    }
    std::size_t statements_each() const override { return 0; }

  private:
    std::string request_;
};

} // namespace

std::string get_request(const Sender& sender, const std::string& target) {
    return head(sender, "GET", target) + "\r\n";
}

StatementPool::StatementPool(const Generator& generator, std::uint64_t first) {
    offsets_.reserve(pool_size + 1);
    for (std::uint64_t number = first; number < first + pool_size; ++number) {
        offsets_.push_back(text_.size());
        generator.append_statement(number, text_);
    }
    offsets_.push_back(text_.size());
}

std::unique_ptr<Requests> post_requests(const Sender& sender, const StatementPool& pool, std::size_t batch,
                                        std::uint64_t run) {
    return std::make_unique<PostRequests>(sender, pool, batch, run);
}

std::unique_ptr<Requests> load_requests(const Sender& sender, const Generator& generator, std::uint64_t first,
                                        std::uint64_t count, std::size_t batch) {
    return std::make_unique<LoadRequests>(sender, generator, first, count, batch);
}

std::unique_ptr<Requests> get_by_id_requests(const Sender& sender, const Generator& generator,
                                             std::uint64_t count) {
    return std::make_unique<GetByIdRequests>(sender, generator, count);
}

std::unique_ptr<Requests> ask_requests(const Sender& sender, const std::string& target,
                                       const std::string& body) {
    std::string request;
    {
        const Post post(post_head(sender, target), request);
        request += body;
    }
    return std::make_unique<AskRequests>(std::move(request));
}

std::unique_ptr<Requests> get_requests(const Sender& sender, const std::vector<std::string>& targets) {
    return std::make_unique<GetRequests>(sender, targets);
}

} // namespace leerspoor::bench

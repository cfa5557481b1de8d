// What the server counts, in Prometheus' text format.
#pragma once

#include "spec/base/measurement.hpp"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace prometheus {
class Counter;
class Histogram;
class Registry;
template <typename T>
class Family;
} // namespace prometheus

namespace leerspoor::server {

// Any thread.
class Metrics {
  public:
    Metrics();
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    // `route` must be one of a few fixed names; `method` and `status` are reduced to a few by this function.
    void answered(std::string_view route, std::string_view method, int status, double seconds,
                  std::uint64_t bytes_in, std::uint64_t bytes_out);

    // A request was refused; `code` must be one of a few fixed names.
    void refused(std::string_view code);

    // Something that is asked for at each exposition. Any thread may then call `measure`.
    void watch(std::function<Measurement()> measure);

    // The exposition, with `more` beside what was counted here.
    std::string text(std::vector<Measurement> more);

  private:
    using Key = std::tuple<std::string_view, std::string_view, int>;
    struct Series {
        prometheus::Counter* requests = nullptr;
        prometheus::Histogram* seconds = nullptr;
    };

    Series series(std::string_view route, std::string_view method, int status);

    std::unique_ptr<prometheus::Registry> registry_;
    prometheus::Family<prometheus::Counter>* requests_;
    prometheus::Family<prometheus::Histogram>* seconds_;
    prometheus::Family<prometheus::Counter>* refusals_;
    prometheus::Counter* bytes_in_;
    prometheus::Counter* bytes_out_;
    std::shared_mutex mutex_;
    std::map<Key, Series> series_;
    std::map<std::string, prometheus::Counter*, std::less<>> refused_;
    std::vector<std::function<Measurement()>> watched_;
};

} // namespace leerspoor::server

// What the server counts, in Prometheus' text format.
#pragma once

#include "storage/record_store.hpp"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <tuple>

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

    // Where the number of open connections comes from, once there is a server.
    void watch_connections(std::function<std::size_t()> connections);

    // The exposition, with the store's own numbers as they are now.
    std::string text(storage::RecordStore& store);

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
    prometheus::Counter* bytes_in_;
    prometheus::Counter* bytes_out_;
    std::shared_mutex mutex_;
    std::map<Key, Series> series_;
    std::function<std::size_t()> connections_;
};

} // namespace leerspoor::server

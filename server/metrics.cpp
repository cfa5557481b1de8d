#include "server/metrics.hpp"

#include <algorithm>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace leerspoor::server {
namespace {

const prometheus::Histogram::BucketBoundaries buckets = {
    0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

// A client may send any word as a method; the number of series must not follow it.
std::string_view known_method(std::string_view method) {
    constexpr std::array<std::string_view, 6> known = {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"};
    const auto found = std::find(known.begin(), known.end(), method);
    return found == known.end() ? "other" : *found;
}

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily gauge(std::string name, std::string help, double value, MetricType type = MetricType::Gauge) {
    ClientMetric metric;
    (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
    return {std::move(name), std::move(help), type, {metric}};
}

} // namespace

Metrics::Metrics() : registry_(std::make_unique<prometheus::Registry>()) {
    requests_ = &prometheus::BuildCounter()
                     .Name("leerspoor_http_requests_total")
                     .Help("Requests answered, by route, method and status")
                     .Register(*registry_);
    seconds_ = &prometheus::BuildHistogram()
                    .Name("leerspoor_http_request_duration_seconds")
                    .Help("From the end of the request's head to the response's first byte")
                    .Register(*registry_);
    auto& bytes = prometheus::BuildCounter()
                      .Name("leerspoor_http_bytes_total")
                      .Help("Bytes of requests and responses")
                      .Register(*registry_);
    bytes_in_ = &bytes.Add({{"direction", "in"}});
    bytes_out_ = &bytes.Add({{"direction", "out"}});
}

Metrics::~Metrics() = default;

Metrics::Series Metrics::series(std::string_view route, std::string_view method, int status) {
    const Key key{route, method, status};
    {
        const std::shared_lock lock(mutex_);
        if (const auto found = series_.find(key); found != series_.end()) return found->second;
    }
    const std::unique_lock lock(mutex_);
    Series& made = series_[key];
    made.requests = &requests_->Add(
        {{"route", std::string(route)}, {"method", std::string(method)}, {"status", std::to_string(status)}});
    made.seconds = &seconds_->Add({{"route", std::string(route)}, {"method", std::string(method)}}, buckets);
    return made;
}

void Metrics::answered(std::string_view route, std::string_view method, int status, double seconds,
                       std::uint64_t bytes_in, std::uint64_t bytes_out) {
    const Series counted = series(route, known_method(method), status);
    counted.requests->Increment();
    counted.seconds->Observe(seconds);
    bytes_in_->Increment(static_cast<double>(bytes_in));
    bytes_out_->Increment(static_cast<double>(bytes_out));
}

void Metrics::watch_connections(std::function<std::size_t()> connections) {
    const std::unique_lock lock(mutex_);
    connections_ = std::move(connections);
}

std::string Metrics::text(storage::RecordStore& store) {
    auto families = registry_->Collect();
    std::size_t connections = 0;
    {
        const std::shared_lock lock(mutex_);
        if (connections_) connections = connections_();
    }
    const auto now = store.statistics();
    const auto add = [&families](std::string name, std::string help, auto value,
                                 MetricType type = MetricType::Gauge) {
        families.push_back(gauge(std::move(name), std::move(help), static_cast<double>(value), type));
    };
    add("leerspoor_http_connections", "Open connections", connections);
    add("leerspoor_store_statements", "Statements in all stores", now.statements);
    add("leerspoor_store_open_segment_statements", "Statements whose index is still in memory only",
        now.open_segment_size);
    add("leerspoor_store_memory_bytes", "Memory of the open and sealing segments", now.memory_bytes);
    add("leerspoor_store_disk_bytes", "Size of the data folder", now.disk_bytes);
    add("leerspoor_store_queued_bytes", "Bytes waiting for the committer", now.queued_bytes);
    add("leerspoor_store_commits_total", "Groups written since the start", now.groups, MetricType::Counter);
    add("leerspoor_store_replayed_statements", "Statements indexed again at the start", now.replayed);
    add("leerspoor_store_writable", "1 when the store takes statements",
        store.writable().has_value() ? 1 : 0);
    return prometheus::TextSerializer().Serialize(families);
}

} // namespace leerspoor::server

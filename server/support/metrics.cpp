#include "server/support/metrics.hpp"

#include <algorithm>
#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace leerspoor::server {
namespace {

const std::string prefix = "leerspoor_";

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

MetricFamily family_of(const Measurement& measured) {
    const bool counter = measured.kind == Measurement::Kind::counter;
    ClientMetric metric;
    (counter ? metric.counter.value : metric.gauge.value) = measured.value;
    return {
        prefix + measured.name, measured.help, counter ? MetricType::Counter : MetricType::Gauge, {metric}};
}

} // namespace

Metrics::Metrics() : registry_(std::make_unique<prometheus::Registry>()) {
    requests_ = &prometheus::BuildCounter()
                     .Name(prefix + "http_requests_total")
                     .Help("Requests answered, by route, method and status")
                     .Register(*registry_);
    seconds_ = &prometheus::BuildHistogram()
                    .Name(prefix + "http_request_duration_seconds")
                    .Help("From the end of the request's head to the response's first byte")
                    .Register(*registry_);
    refusals_ = &prometheus::BuildCounter()
                     .Name(prefix + "http_refusals_total")
                     .Help("Requests refused, by the code of the answer")
                     .Register(*registry_);
    auto& bytes = prometheus::BuildCounter()
                      .Name(prefix + "http_bytes_total")
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

void Metrics::refused(std::string_view code) {
    {
        const std::shared_lock lock(mutex_);
        if (const auto found = refused_.find(code); found != refused_.end())
            return found->second->Increment();
    }
    const std::unique_lock lock(mutex_);
    auto& counter = refused_[std::string(code)];
    counter = &refusals_->Add({{"code", std::string(code)}});
    counter->Increment();
}

void Metrics::watch(std::function<Measurement()> measure) {
    const std::unique_lock lock(mutex_);
    watched_.push_back(std::move(measure));
}

std::string Metrics::text(std::vector<Measurement> more) {
    {
        const std::shared_lock lock(mutex_);
        for (const auto& measure : watched_) more.push_back(measure());
    }
    auto families = registry_->Collect();
    for (const auto& measured : more) families.push_back(family_of(measured));
    return prometheus::TextSerializer().Serialize(families);
}

} // namespace leerspoor::server

#include "report.hpp"

#include "targets.hpp"

#include <boost/json/array.hpp>
#include <iomanip>
#include <ostream>
#include <sstream>

namespace leerspoor::bench {
namespace {

constexpr double quantiles[] = {0.5, 0.99, 0.999};
constexpr int name_width = 18;

std::string fixed(double value, int digits) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(digits) << value;
    return text.str();
}

std::string whole(double value) {
    return value > 0 ? fixed(value, 0) : "-";
}

std::string ratio(double value) {
    return value > 0 ? fixed(value, 2) : "-";
}

double mebibytes(std::uint64_t bytes) {
    return static_cast<double>(bytes) / (1u << 20);
}

std::string quantile(const Histogram& times, double share) {
    return times.count() == 0 ? "-" : fixed(times.milliseconds(share), 2);
}

double per_second(double total, double seconds) {
    return seconds > 0 ? total / seconds : 0;
}

boost::json::object times_json(const Histogram& times) {
    return {{"p50", times.milliseconds(quantiles[0])},
            {"p99", times.milliseconds(quantiles[1])},
            {"p999", times.milliseconds(quantiles[2])}};
}

// `speaks` when it is the server's own time that Server-Timing tells: the empty handler only repeats it.
boost::json::object load_json(const Load& load, bool speaks) {
    boost::json::object object{{"requests", load.requests},
                               {"seconds", load.seconds},
                               {"requests_per_second", load.per_second()},
                               {"answer_bytes", load.body_bytes},
                               {"latency_ms", times_json(load.latency)},
                               {"client_cpu_per_second", per_second(load.client_cpu_seconds, load.seconds)}};
    if (speaks && load.server_time.count() > 0) object["server_ms"] = times_json(load.server_time);
    return object;
}

boost::json::object work_json(const WorkResult& result) {
    auto server = load_json(result.server, true);
    server["cpu_per_second"] = per_second(result.server_cpu_seconds, result.server.seconds);
    server["peak_memory_bytes"] = result.peak_memory;
    boost::json::object object{{"work", result.work.name}, {"connections", result.work.connections}};
    if (result.work.kind == WorkKind::post) {
        server["statements_per_second"] = result.server_rate();
        object["batch"] = result.work.batch;
        object["group_size"] = result.group_size;
        object["limit_rocksdb"] = boost::json::object{{"statements", result.rocksdb.statements},
                                                      {"groups", result.rocksdb.groups},
                                                      {"seconds", result.rocksdb.seconds},
                                                      {"statements_per_second", result.rocksdb_rate()}};
        object["ratio_to_rocksdb"] = result.ratio_to_rocksdb();
    }
    object["server"] = std::move(server);
    object["limit_https"] = load_json(result.https, false);
    object["ratio_to_https"] = result.ratio_to_https();
    object["ratio_to_lower_limit"] = result.ratio_to_lower();
    boost::json::array rounds;
    for (const Round& round : result.rounds) {
        boost::json::object entry{{"server", round.server}, {"https", round.https}};
        if (round.rocksdb > 0) entry["rocksdb"] = round.rocksdb;
        rounds.push_back(std::move(entry));
    }
    object["rounds"] = std::move(rounds);
    return object;
}

boost::json::object loading_json(const LoadingResult& loading) {
    auto object = load_json(loading.load, true);
    object["statements"] = loading.statements;
    object["statements_per_second"] =
        per_second(static_cast<double>(loading.statements), loading.load.seconds);
    object["cpu_per_second"] = per_second(loading.server_cpu_seconds, loading.load.seconds);
    object["peak_memory_bytes"] = loading.peak_memory;
    return object;
}

template <class... Texts>
void print_columns(std::ostream& out, const std::string& name, const Texts&... columns) {
    out << std::left << std::setw(name_width) << name << std::right;
    ((out << std::setw(static_cast<int>(columns.second)) << columns.first), ...);
    out << std::endl;
}

std::pair<std::string, int> column(std::string text, int width) {
    return {std::move(text), width};
}

} // namespace

void print_heading(const Report& report, std::ostream& out) {
    const Machine& machine = report.machine;
    out << "leerspoor-bench " << LEERSPOOR_VERSION << (machine.commit.empty() ? "" : ", commit ")
        << machine.commit.substr(0, 12) << ", " << machine.time << "\n"
        << machine.cores << " cores of " << machine.processor << ", "
        << fixed(mebibytes(machine.memory_bytes), 0) << " MiB, " << machine.kernel << ", data on "
        << machine.file_system << "\n";
    if (machine.file_system == "tmpfs") out << "Careful: a sync costs nothing in memory. Use --work-dir.\n";
    if (!report.loading) return;
    const LoadingResult& loading = *report.loading;
    out << "loaded " << loading.statements << " statements in " << fixed(loading.load.seconds, 1)
        << " s: " << whole(per_second(static_cast<double>(loading.statements), loading.load.seconds))
        << " statements/s, server CPU "
        << fixed(per_second(loading.server_cpu_seconds, loading.load.seconds), 2) << ", peak memory "
        << fixed(mebibytes(loading.peak_memory), 0) << " MiB\n";
}

void print_table_head(std::ostream& out) {
    out << "\n";
    print_columns(out, "work", column("conn", 5), column("statem/s", 10), column("requests/s", 11),
                  column("group", 7), column("(a)/s", 9), column("(b)/s", 9), column("of (a)", 8),
                  column("of (b)", 8), column("of lower", 9), column("p50 ms", 8), column("p99", 8),
                  column("p99.9", 8), column("srv p50", 9), column("srv p99", 8), column("CPU", 6),
                  column("MiB", 6));
}

void print_row(const WorkResult& result, std::ostream& out) {
    const bool writes = result.work.kind == WorkKind::post;
    const Load& load = result.server;
    const double cpu = per_second(result.server_cpu_seconds, load.seconds);
    print_columns(
        out, result.work.name, column(std::to_string(result.work.connections), 5),
        column(writes ? whole(result.server_rate()) : "-", 10), column(whole(load.per_second()), 11),
        column(writes ? fixed(result.group_size, 1) : "-", 7), column(whole(result.rocksdb_rate()), 9),
        column(whole(result.https_rate()), 9), column(ratio(result.ratio_to_rocksdb()), 8),
        column(ratio(result.ratio_to_https()), 8), column(ratio(result.ratio_to_lower()), 9),
        column(quantile(load.latency, quantiles[0]), 8), column(quantile(load.latency, quantiles[1]), 8),
        column(quantile(load.latency, quantiles[2]), 8), column(quantile(load.server_time, quantiles[0]), 9),
        column(quantile(load.server_time, quantiles[1]), 8), column(cpu > 0 ? fixed(cpu, 2) : "-", 6),
        column(whole(mebibytes(result.peak_memory)), 6));
}

void print_end(const Report& report, std::ostream& out) {
    out << "\n(a) RocksDB alone: the same bytes in the same groups, a sync for each; statements/s.\n"
           "(b) an empty Beast HTTPS handler on the same requests; statements/s of POST, requests/s of GET.\n"
           "Times are the client's; srv: the server's own, from Server-Timing. CPU: the server's seconds a "
           "second.\n";
    const auto list = verdicts(report.works, report.loading ? &*report.loading : nullptr);
    if (!list.empty()) out << "\n";
    for (const Verdict& verdict : list) {
        const int digits = verdict.wanted >= 100 ? 0 : 2;
        out << (verdict.met() ? "met     " : "missed  ") << std::left << std::setw(44) << verdict.target
            << std::right << std::setw(9) << fixed(verdict.measured, digits)
            << (verdict.at_most ? "  at most " : "  at least ") << fixed(verdict.wanted, digits) << "\n";
    }
    out.flush();
}

boost::json::object to_json(const Report& report) {
    const Machine& machine = report.machine;
    boost::json::object object{{"program", "leerspoor-bench"}, {"version", LEERSPOOR_VERSION}};
    object["machine"] = boost::json::object{{"processor", machine.processor},
                                            {"cores", machine.cores},
                                            {"memory_bytes", machine.memory_bytes},
                                            {"kernel", machine.kernel},
                                            {"file_system", machine.file_system}};
    object["commit"] = machine.commit;
    object["time"] = machine.time;
    const RunSettings& settings = report.settings;
    boost::json::array options(settings.server_options.begin(), settings.server_options.end());
    object["settings"] = boost::json::object{
        {"statements", settings.statements}, {"seed", settings.seed},     {"seconds", settings.seconds},
        {"threads", settings.threads},       {"server", settings.server}, {"server_options", options}};
    if (report.loading) object["loading"] = loading_json(*report.loading);
    boost::json::array works;
    for (const auto& result : report.works) works.push_back(work_json(result));
    object["works"] = std::move(works);
    boost::json::array targets;
    for (const Verdict& verdict : verdicts(report.works, report.loading ? &*report.loading : nullptr)) {
        targets.push_back(boost::json::object{{"target", verdict.target},
                                              {verdict.at_most ? "at_most" : "at_least", verdict.wanted},
                                              {"measured", verdict.measured},
                                              {"met", verdict.met()}});
    }
    object["targets"] = std::move(targets);
    return object;
}

} // namespace leerspoor::bench

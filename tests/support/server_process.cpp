#include "tests/support/server_process.hpp"

#include <csignal>
#include <fstream>
#include <stdexcept>

namespace leerspoor::tests {
namespace {

// Beside the data folder, not in it: the folder is the server's own.
std::filesystem::path beside(const std::filesystem::path& data, const char* ending) {
    return data.string() + ending;
}

std::vector<std::string> command_of(const ServerOptions& options) {
    std::vector<std::string> command = {leerspoor_program(),
                                        "serve",
                                        "--data",
                                        options.data.string(),
                                        "--listen",
                                        "127.0.0.1:" + std::to_string(options.port),
                                        "--port-file",
                                        beside(options.data, ".port").string()};
    if (options.http) command.emplace_back("--http");
    if (!options.certificate.empty()) {
        command.insert(command.end(), {"--tls-cert", options.certificate.string(), "--tls-key",
                                       options.private_key.string()});
    }
    command.insert(command.end(), options.arguments.begin(), options.arguments.end());
    return command;
}

} // namespace

std::string leerspoor_program() {
    return LEERSPOOR_BINARY;
}

ServerProcess::ServerProcess(ServerOptions options)
    : options_(std::move(options)),
      process_(std::make_unique<Process>(command_of(options_), options_.environment,
                                         beside(options_.data, ".log"))) {
    std::string line;
    do {
        if (process_->read_line(line)) continue;
        const int status = process_->wait();
        throw std::runtime_error("the server ended with status " + std::to_string(status) +
                                 " instead of serving. Its log:\n" + log());
    } while (line.find("ready") == std::string::npos);
    std::ifstream(beside(options_.data, ".port")) >> port_;
    if (port_ == 0) throw std::runtime_error("the server is ready and wrote no port file");
    if (!options_.http && options_.certificate.empty())
        options_.certificate = options_.data / "tls" / "cert.pem";
}

void ServerProcess::hang_up() const {
    process_->signal(SIGHUP);
}

void ServerProcess::terminate() const {
    process_->signal(SIGTERM);
}

int ServerProcess::stop() {
    terminate();
    return process_->wait();
}

void ServerProcess::kill() {
    process_->signal(SIGKILL);
    process_->wait();
}

Outcome serve_to_the_end(const std::filesystem::path& data) {
    return run({leerspoor_program(), "serve", "--data", data.string(), "--listen", "127.0.0.1:0"});
}

} // namespace leerspoor::tests

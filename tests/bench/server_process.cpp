#include "server_process.hpp"

#include <stdexcept>
#include <unistd.h>

namespace leerspoor::bench {
namespace {

std::vector<std::string> command(const ServerSettings& settings) {
    if (::access(settings.program.c_str(), X_OK) != 0) {
        throw std::runtime_error("there is no program " + settings.program.string() +
                                 ". Build it, or give --server.");
    }
    std::vector<std::string> words = {settings.program.string(),
                                      "serve",
                                      "--data",
                                      (settings.folder / "data").string(),
                                      "--listen",
                                      "127.0.0.1:0",
                                      "--port-file",
                                      (settings.folder / "port").string(),
                                      "--threads",
                                      std::to_string(settings.threads)};
    words.insert(words.end(), settings.options.begin(), settings.options.end());
    return words;
}

} // namespace

ServerProcess::ServerProcess(const ServerSettings& settings)
    : data_(settings.folder / "data"),
      process_(command(settings), {{"LEERSPOOR_KEY", settings.key}, {"LEERSPOOR_SECRET", settings.secret}},
               settings.folder / "server.log"),
      port_(process_.wait_for_port(settings.folder / "port")) {}

void ServerProcess::stop() {
    if (const int status = process_.stop(); status != 0) {
        throw std::runtime_error("the server ended with status " + std::to_string(status));
    }
}

} // namespace leerspoor::bench

// leerspoor-bench: how fast the server is, and how fast it could be at most on the same machine at the same
// time.
#include "empty_server.hpp"
#include "generator.hpp"
#include "load_client.hpp"
#include "run.hpp"

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>

namespace {

using namespace leerspoor::bench;

void stop_on_signals() {
    struct sigaction action {};
    action.sa_handler = [](int) { interrupt(); };
    for (const int number : {SIGINT, SIGTERM}) ::sigaction(number, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

std::filesystem::path beside_this_program(const char* name) {
    return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

void add_run_options(CLI::App& command, RunOptions& options) {
    command.add_option("--statements", options.statements, "Statements to load first")->capture_default_str();
    command.add_option("--work", options.works, "Works to measure, with commas between; all when left out")
        ->delimiter(',');
    command
        .add_option("--seconds", options.seconds, "Time for each work, and as much for each of its limits")
        ->capture_default_str()
        ->check(CLI::PositiveNumber);
    command.add_option("--json", options.json, "Write the results to this file as well");
    command.add_option("--seed", options.seed, "Another seed, other statements")->capture_default_str();
    command
        .add_option("--threads", options.threads, "Of the server and the empty handler; 0: one for each core")
        ->capture_default_str();
    command
        .add_option("--work-dir", options.work_dir,
                    "Where a data folder is made and removed: on the disk to measure")
        ->capture_default_str();
    auto* const server =
        command.add_option("--server", options.server, "The leerspoor program")->capture_default_str();
    command
        .add_option("--server-option", options.server_options,
                    "One more option for leerspoor serve; may be repeated")
        ->allow_extra_args(false);
    auto* const url =
        command.add_option("--url", options.url, "A server that runs already: https://127.0.0.1:PORT")
            ->excludes(server);
    command.add_option("--certificate", options.certificate, "PEM file that must vouch for it")->needs(url);
    command.add_flag("!--no-load", options.load, "The statements are in it already")->needs(url);
    command.add_option("--key", options.key, "Key")->capture_default_str();
    command.add_option("--secret", options.secret, "Its secret; made up when left out");
}

void add_empty_server_options(CLI::App& command, EmptyServerOptions& options) {
    command.add_option("--certificate", options.certificate)->required();
    command.add_option("--private-key", options.private_key)->required();
    command.add_option("--answer", options.answer, "A file with a whole response")->required();
    command.add_option("--port-file", options.port_file)->required();
    command.add_option("--threads", options.threads);
}

void generate(std::uint64_t statements, std::uint64_t seed) {
    const Generator generator(seed);
    std::string line;
    for (std::uint64_t number = 0; number < statements && std::cout; ++number) {
        throw_if_interrupted();
        line.clear();
        generator.append_statement(number, line);
        std::cout << line << '\n';
    }
}

} // namespace

int main(int argument_count, char** arguments) {
    CLI::App app("Measures a Leerspoor server beside the limits of the machine it runs on",
                 "leerspoor-bench");
    app.require_subcommand(1);
    RunOptions run_options;
    EmptyServerOptions empty_options;
    std::uint64_t statements = 1000;
    std::uint64_t seed = 1;
    try {
        run_options.server = beside_this_program("leerspoor");
        run_options.work_dir = std::filesystem::temp_directory_path();
        auto* const run_command = app.add_subcommand("run", "Load, measure, report");
        add_run_options(*run_command, run_options);
        auto* const empty_command =
            app.add_subcommand("empty-server", "The empty HTTPS handler; run starts it");
        add_empty_server_options(*empty_command, empty_options);
        auto* const generate_command = app.add_subcommand("generate", "Print statements, one a line");
        generate_command->add_option("--statements", statements)->capture_default_str();
        generate_command->add_option("--seed", seed)->capture_default_str();
        CLI11_PARSE(app, argument_count, arguments);

        if (*empty_command) {
            serve_empty(empty_options);
            return 0;
        }
        stop_on_signals();
        if (*generate_command) {
            generate(statements, seed);
        } else {
            run(run_options);
        }
        return 0;
    } catch (const Interrupted&) {
        std::cerr << "leerspoor-bench: stopped" << std::endl;
    } catch (const std::exception& failure) {
        std::cerr << "leerspoor-bench: " << failure.what() << std::endl;
    }
    return 1;
}

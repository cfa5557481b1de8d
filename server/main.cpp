#include "server/cli/command_line.hpp"
#include "server/cli/exit_status.hpp"

#include <exception>
#include <iostream>
#include <string>
#include <vector>

int main(int count, char** arguments) {
    try {
        return leerspoor::server::cli::run(std::vector<std::string>(arguments + 1, arguments + count),
                                           std::cout, std::cerr);
    } catch (const std::exception& failure) {
        std::cerr << "leerspoor: " << failure.what() << "\n";
        return leerspoor::server::cli::failed;
    }
}

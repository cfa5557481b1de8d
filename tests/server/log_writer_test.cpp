#include "server/support/log_writer.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <string>
#include <unistd.h>

using leerspoor::server::LogWriter;

namespace {

struct Pipe {
    Pipe() { REQUIRE(::pipe(ends.data()) == 0); }
    ~Pipe() {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    std::string read() const {
        std::array<char, 65536> bytes{};
        const ssize_t got = ::read(ends[0], bytes.data(), bytes.size());
        return {bytes.data(), static_cast<std::size_t>(got)};
    }
    std::array<int, 2> ends{};
};

} // namespace

TEST_CASE("Log lines are written whole and in their order, each once") {
    const Pipe pipe;
    std::string expected;
    LogWriter writer(pipe.ends[1]);
    for (int i = 0; i < 1000; ++i) {
        const std::string line = "line " + std::to_string(i);
        writer.append(line, i % 7 == 0);
        expected += line + "\n";
    }
    writer.flush();
    CHECK(pipe.read() == expected);
}

TEST_CASE("What was logged is written when the log ends") {
    const Pipe pipe;
    { LogWriter(pipe.ends[1]).append("the last line", false); }
    CHECK(pipe.read() == "the last line\n");
}

TEST_CASE("Log lines that nobody takes do not fill the memory, and their number is told") {
    const Pipe pipe;
    const std::string line(1u << 20, 'x');
    std::size_t taken = 0;
    std::string end;
    {
        LogWriter writer(pipe.ends[1]);
        for (int i = 0; i < 40; ++i) writer.append(line, true); // the pipe holds far less
        while (end.find("dropped ") == std::string::npos) {
            const std::string some = pipe.read();
            taken += some.size();
            end = some;
        }
    }
    CHECK(taken < 30u << 20);
    CHECK(end.find(" log lines that nobody took\n") != std::string::npos);
}

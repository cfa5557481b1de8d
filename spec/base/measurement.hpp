// A number that operators watch, by name.
#pragma once

#include <string>

namespace leerspoor {

struct Measurement {
    enum class Kind { gauge, counter }; // goes up and down; or only up, from 0 at the start

    std::string name; // in Prometheus' alphabet, without the program's prefix: store_disk_bytes
    std::string help; // what it counts, in a few words
    double value = 0;
    Kind kind = Kind::gauge;
};

} // namespace leerspoor

// Accept-Language over a language map: whatever the header says, an entry of the map is chosen. The input is
// the header up to a zero byte, and the map's tags, separated by zero bytes.
#include "spec/language_preferences.hpp"
#include "tests/fuzz/must.hpp"

#include <boost/json/object.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace leerspoor;
    auto input = fuzz::text_of(data, size);
    const spec::LanguagePreferences preferences(fuzz::take_text(input));
    boost::json::object map{{"und", 0}};
    while (!input.empty() && map.size() < 50) map.emplace(fuzz::take_text(input), 0);
    const auto chosen = preferences.best(map);
    fuzz::must(chosen >= map.cbegin() && chosen < map.cend());
    fuzz::must(spec::LanguagePreferences().best(map) == map.cbegin());
    return 0;
}

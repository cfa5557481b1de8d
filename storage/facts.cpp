#include "storage/facts.hpp"

#include <bit>
#include <boost/endian/conversion.hpp>
#include <cstring>

namespace leerspoor::storage {
namespace {

std::int64_t truth(std::optional<bool> value) {
    return value ? (*value ? 2 : 1) : no_fact;
}

} // namespace

Result<FactValues>
fact_values(const spec::Facts& facts, spec::Instant stored,
            const std::function<Result<FactNumber>(FactText, std::string_view)>& number_of) {
    FactValues row{};
    const auto at = [&](FactColumn column) -> std::int64_t& { return row[static_cast<std::size_t>(column)]; };
    Result<void> outcome;
    const auto text = [&](FactColumn column, FactText kind, std::string_view of) {
        if (of.empty() || !outcome.has_value()) return;
        const auto number = number_of(kind, of);
        if (number.has_value()) {
            at(column) = *number;
        } else {
            outcome = number.error();
        }
    };
    const auto list = [&](FactColumn column, const std::vector<std::string>& iris) {
        std::string numbers;
        for (const auto& iri : iris) {
            text(column, FactText::iri, iri);
            const auto number = static_cast<FactNumber>(at(column));
            numbers.append(reinterpret_cast<const char*>(&number), sizeof number);
        }
        text(column, FactText::list, numbers);
    };
    at(FactColumn::timestamp) = facts.timestamp.value_or(stored).time_since_epoch().count();
    at(FactColumn::stored) = stored.time_since_epoch().count();
    text(FactColumn::actor, FactText::actor, facts.actor);
    text(FactColumn::verb, FactText::iri, facts.verb);
    text(FactColumn::object, facts.object_is_actor ? FactText::actor : FactText::iri, facts.object);
    text(FactColumn::activity_type, FactText::iri, facts.activity_type);
    list(FactColumn::parents, facts.parents);
    list(FactColumn::groupings, facts.groupings);
    list(FactColumn::categories, facts.categories);
    if (facts.registration) {
        const auto& bytes = facts.registration->bytes;
        at(FactColumn::registration) = boost::endian::load_big_s64(bytes.data());
        at(FactColumn::registration_low) = boost::endian::load_big_s64(bytes.data() + 8);
    }
    text(FactColumn::team, FactText::actor, facts.team);
    text(FactColumn::instructor, FactText::actor, facts.instructor);
    text(FactColumn::platform, FactText::word, facts.platform);
    text(FactColumn::language, FactText::word, facts.language);
    text(FactColumn::response, FactText::word, facts.response);
    at(FactColumn::success) = truth(facts.success);
    at(FactColumn::completion) = truth(facts.completion);
    if (facts.score_scaled) at(FactColumn::score_scaled) = fact_of(*facts.score_scaled);
    if (facts.score_raw) at(FactColumn::score_raw) = fact_of(*facts.score_raw);
    if (facts.duration) at(FactColumn::duration) = *facts.duration + 1;
    if (facts.object_is_actor) at(FactColumn::object_is_actor) = 1;
    if (!outcome.has_value()) return outcome.error();
    return row;
}

// Bits of a double sort like the doubles once those of negative ones are turned; then 1 more for 0 and above,
// so that none is 0.
std::int64_t fact_of(double score) {
    const double kept = score == 0 ? 0.0 : score; // -0 is 0
    const auto bits = std::bit_cast<std::int64_t>(kept);
    return bits < 0 ? bits ^ std::numeric_limits<std::int64_t>::max() : bits + 1;
}

double score_of(std::int64_t fact) {
    return std::bit_cast<double>(fact < 0 ? fact ^ std::numeric_limits<std::int64_t>::max() : fact - 1);
}

spec::Uuid registration_of(std::int64_t high, std::int64_t low) {
    spec::Uuid uuid;
    boost::endian::store_big_s64(uuid.bytes.data(), high);
    boost::endian::store_big_s64(uuid.bytes.data() + 8, low);
    return uuid;
}

std::vector<FactNumber> list_of(std::string_view text) {
    std::vector<FactNumber> numbers(text.size() / sizeof(FactNumber));
    std::memcpy(numbers.data(), text.data(), numbers.size() * sizeof(FactNumber));
    return numbers;
}

} // namespace leerspoor::storage

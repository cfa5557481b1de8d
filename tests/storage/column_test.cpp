// Columns come back as they were, in whichever form they were kept, and in no more bytes than the form
// promises.
#include "storage/rocksdb/facts/column.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace {

using leerspoor::storage::engine::Column;
using leerspoor::storage::engine::encode_column;
using Values = std::vector<std::int64_t>;

void check(const Values& values) {
    const auto bytes = encode_column(values);
    const auto column = Column::read(bytes);
    REQUIRE(column.has_value());
    REQUIRE(column->rows() == values.size());
    CHECK(column->least() == *std::min_element(values.begin(), values.end()));
    CHECK(column->greatest() == *std::max_element(values.begin(), values.end()));
    Values all(values.size());
    column->copy(0, values.size(), all.data());
    CHECK(all == values);
    const std::size_t middle = values.size() / 3;
    Values rest(values.size() - middle);
    column->copy(middle, rest.size(), rest.data());
    CHECK(std::equal(rest.begin(), rest.end(), values.begin() + static_cast<std::ptrdiff_t>(middle)));
    std::vector<std::uint16_t> rows;
    for (std::size_t i = 0; i < values.size(); i += 7) rows.push_back(static_cast<std::uint16_t>(i));
    Values some(rows.size());
    column->gather(rows, some.data());
    for (std::size_t i = 0; i < rows.size(); ++i) REQUIRE(some[i] == values[rows[i]]);
}

} // namespace

TEST_CASE("A column comes back as it was") {
    std::mt19937_64 random(7);
    for (const std::size_t rows :
         {std::size_t{1}, std::size_t{2}, std::size_t{255}, std::size_t{257}, std::size_t{65536}}) {
        INFO(rows << " rows");
        for (unsigned width = 0; width <= 64; ++width) {
            INFO(width << " bits");
            if (rows > 1000 && width % 8 != 0) continue;
            Values values(rows);
            for (auto& value : values)
                value = static_cast<std::int64_t>(width == 0 ? 5 : random() >> (64 - width));
            check(values);
            for (auto& value : values) value = static_cast<std::int64_t>(random()) % 3 * 1'000'000'007;
            check(values);
        }
        Values rising(rows);
        std::int64_t at = 1'700'000'000'000'000;
        for (auto& value : rising) value = at += static_cast<std::int64_t>(random() % 5000);
        check(rising);
        Values far(rows);
        for (auto& value : far)
            value = random() % 2 == 0 ? std::numeric_limits<std::int64_t>::min()
                                      : std::numeric_limits<std::int64_t>::max();
        check(far);
    }
}

TEST_CASE("A column takes what its values need") {
    CHECK(encode_column(Values(65536, 7)).size() < 32);
    Values few(65536);
    for (std::size_t i = 0; i < few.size(); ++i)
        few[i] = static_cast<std::int64_t>(i % 100) * 1'000'000'000'000;
    CHECK(encode_column(few).size() < 65536 * 7 / 8 + 1000);
    Values rising(65536);
    for (std::size_t i = 0; i < rising.size(); ++i)
        rising[i] =
            1'700'000'000'000'000 + static_cast<std::int64_t>(i) * 1000 + static_cast<std::int64_t>(i % 3);
    CHECK(encode_column(rising).size() < 65536 / 2 + 6000);
}

TEST_CASE("Bytes that are no column are refused, or read without harm") {
    std::mt19937_64 random(3);
    Values values(1000);
    for (auto& value : values) value = static_cast<std::int64_t>(random() % 50) * 1'000'003;
    Values rising(1000);
    for (std::size_t i = 0; i < rising.size(); ++i) rising[i] = static_cast<std::int64_t>(i * i) * 1'000'000;
    for (const auto& whole : {encode_column(values), encode_column(rising)}) {
        for (std::size_t size = 0; size < whole.size(); ++size)
            CHECK_FALSE(Column::read(whole.substr(0, size)));
        for (int i = 0; i < 2000; ++i) {
            std::string broken = whole;
            broken[random() % broken.size()] = static_cast<char>(random());
            const auto column = Column::read(broken);
            if (!column) continue;
            Values out(column->rows());
            column->copy(0, out.size(), out.data());
        }
    }
}

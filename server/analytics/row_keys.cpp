#include "server/analytics/row_keys.hpp"

#include "server/analytics/extension.hpp"

#include <algorithm>

namespace leerspoor::server::analytics {
namespace {

using storage::FactBlock;
using storage::FactColumn;
using storage::no_fact;

std::int64_t or_missing(std::int64_t value) {
    return value == no_fact ? missing_key : value;
}

template <class KeyOf>
void fill(std::vector<std::int64_t>& keys, std::span<const std::uint32_t> rows, KeyOf key_of) {
    for (std::size_t k = 0; k < rows.size(); ++k) keys[k] = key_of(rows[k]);
}

} // namespace

RowKeys::RowKeys(const Selection& selection, const Query& query, std::int64_t shift)
    : selection_(selection), query_(query), shift_(shift) {
    for (const auto& dimension : query.dimensions) {
        const auto kind = dimension.kind;
        clocks_.push_back(is_time(kind) ? std::make_unique<TimeBuckets>(kind, query.filter.zone) : nullptr);
        const bool list = source_of(kind).list;
        lists_.push_back(list);
        several_ = several_ || list;
        if (kind == DimensionKind::registration) lists_.push_back(false);
    }
    columns_.resize(lists_.size());
}

Result<void> RowKeys::read(const FactBlock& block, std::span<const std::uint32_t> rows) {
    for (auto& column : columns_)
        if (column.size() < rows.size()) column.resize(rows.size());
    outcome_ = {};
    std::size_t place = 0;
    for (std::size_t dimension = 0; dimension < query_.dimensions.size(); ++dimension) {
        read_dimension(block, rows, dimension, place);
        place += query_.dimensions[dimension].kind == DimensionKind::registration ? 2 : 1;
    }
    return outcome_;
}

void RowKeys::read_dimension(const FactBlock& block, std::span<const std::uint32_t> rows,
                             std::size_t dimension, std::size_t place) {
    const auto kind = query_.dimensions[dimension].kind;
    auto& keys = columns_[place];
    if (is_time(kind)) {
        auto& clock = *clocks_[dimension];
        return fill(keys, rows, [&](auto i) { return clock.bucket(selection_.time(block, i) + shift_); });
    }
    const std::int64_t* const values = block[source_of(kind).column];
    switch (kind) {
    case DimensionKind::extension:
        return read_extension(block, rows, query_.dimensions[dimension].name, keys);
    case DimensionKind::course:
        return fill(keys, rows, [&](auto i) { return or_missing(selection_.course(block, i)); });
    case DimensionKind::activity:
        return fill(keys, rows, [&](auto i) { return or_missing(selection_.activity(block, i)); });
    case DimensionKind::learner:
        return fill(keys, rows, [&](auto i) {
            return values[i] == no_fact ? missing_key : std::int64_t{selection_.learner(block, i)};
        });
    case DimensionKind::score_band:
        return fill(keys, rows,
                    [&](auto i) { return values[i] == no_fact ? missing_key : score_band(values[i]); });
    case DimensionKind::registration: {
        const std::int64_t* const low = block[FactColumn::registration_low];
        fill(keys, rows, [&](auto i) { return values[i]; });
        return fill(columns_[place + 1], rows, [&](auto i) { return low[i]; });
    }
    default:
        break;
    }
    if (rows.size() < block.rows) return fill(keys, rows, [&](auto i) { return or_missing(values[i]); });
    for (std::size_t i = 0; i < block.rows; ++i) keys[i] = or_missing(values[i]);
}

void RowKeys::read_extension(const FactBlock& block, std::span<const std::uint32_t> rows,
                             const std::string& iri, std::vector<std::int64_t>& keys) {
    fill(keys, rows, [&](auto i) {
        const auto text = find_extension(block.statements[i].bytes, iri);
        if (!text) return missing_key;
        const auto number = selection_.lookups().extension_number(*text);
        if (!number) outcome_ = number.error();
        return number ? *number : missing_key;
    });
}

bool RowKeys::first_there(const std::vector<storage::FactNumber>& list, std::size_t at) const {
    const auto end = list.begin() + static_cast<std::ptrdiff_t>(at);
    return std::find(list.begin(), end, list[at]) == end;
}

} // namespace leerspoor::server::analytics

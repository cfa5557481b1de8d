// One column of up to 65,536 rows as bytes: whichever is smallest of one value for all, bits counted from the
// least value, numbers of a list of the values there are, or differences from row to row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace leerspoor::storage::engine {

// REQUIRES: 1 to 65,536 values.
std::string encode_column(std::span<const std::int64_t> values);

// What was encoded, read in place. Not longer-lived than the bytes. One thread.
class Column {
  public:
    // Nothing when these bytes are no column: the store is damaged.
    static std::optional<Column> read(std::string_view bytes);

    std::size_t rows() const { return rows_; }
    std::int64_t least() const { return least_; }
    std::int64_t greatest() const { return greatest_; }
    // Rows first, first + 1, ... REQUIRES: they are there.
    void copy(std::size_t first, std::size_t count, std::int64_t* out) const;
    // The rows named, ascending.
    void gather(std::span<const std::uint16_t> rows, std::int64_t* out) const;

  private:
    enum class Form : std::uint8_t { constant, packed, listed, differences };
    friend std::string encode_column(std::span<const std::int64_t> values);

    std::uint64_t bits_at(std::size_t place) const;
    void differences(std::size_t block, std::int64_t* out) const; // of all its rows

    Form form_ = Form::constant;
    std::size_t rows_ = 0;
    std::int64_t least_ = 0;
    std::int64_t greatest_ = 0;
    unsigned width_ = 0;           // of packed and listed
    std::string_view list_;        // of listed: 8 bytes a value
    std::string_view block_heads_; // of differences
    std::string_view bits_;        // 8 bytes longer than they are, so that every place can be read at once
};

} // namespace leerspoor::storage::engine

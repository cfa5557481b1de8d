#include "storage/rocksdb/facts/column.hpp"

#include "storage/rocksdb/database/encoding.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <boost/endian/conversion.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstring>
#include <vector>

namespace leerspoor::storage::engine {

namespace {

// form, rows - 1, least, greatest, then what the form needs.
constexpr std::size_t head_size = 1 + 2 + 8 + 8;
constexpr std::size_t slack = 8;
constexpr std::size_t most_rows = 65536;
constexpr unsigned most_packed = 56; // bits that one read of 8 bytes has at any place
constexpr unsigned narrow = 8;       // a list would hardly be smaller
constexpr std::size_t block_rows = 256;
// Of a block of differences: the value before its first, the least difference, their width, where they begin.
constexpr std::size_t block_head_size = 8 + 8 + 1 + 4;

unsigned width_of(std::uint64_t greatest) {
    return static_cast<unsigned>(std::bit_width(greatest));
}

std::uint64_t distance(std::int64_t from, std::int64_t to) {
    return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

std::int64_t plus(std::int64_t from, std::uint64_t distance) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + distance);
}

std::size_t bytes_of(std::size_t count, unsigned width) {
    return (count * width + 7) / 8;
}

// Little-endian bits, `width` a value; a width beyond most_packed is kept as 64.
class BitWriter {
  public:
    explicit BitWriter(std::string& out) : out_(out) {}
    ~BitWriter() {
        while (filled_ > 0) {
            out_ += static_cast<char>(word_ & 0xff);
            word_ >>= 8;
            filled_ -= std::min(filled_, 8u);
        }
    }
    void put(std::uint64_t value, unsigned width) {
        if (width == 64) {
            for (int i = 0; i < 8; ++i) out_ += static_cast<char>(value >> (8 * i) & 0xff);
            return;
        }
        word_ |= value << filled_;
        filled_ += width;
        while (filled_ >= 8) {
            out_ += static_cast<char>(word_ & 0xff);
            word_ >>= 8;
            filled_ -= 8;
        }
    }

  private:
    std::string& out_;
    std::uint64_t word_ = 0;
    unsigned filled_ = 0; // at most 7 between two calls
};

unsigned kept_width(unsigned width) {
    return width > most_packed ? 64 : width;
}

std::uint64_t read_bits(std::string_view bits, std::size_t at, unsigned width) {
    std::uint64_t word = 0;
    std::memcpy(&word, bits.data() + at / 8, sizeof word);
    word = boost::endian::little_to_native(word);
    if (width == 64) return word;
    return word >> (at % 8) & ((std::uint64_t{1} << width) - 1);
}

// The values there are, ascending; none when they are so many that a list does not pay.
std::vector<std::int64_t> list_of(std::span<const std::int64_t> values) {
    const std::size_t most = values.size() / 4 + 1;
    boost::unordered_flat_set<std::int64_t> seen;
    for (const auto value : values) {
        if (seen.insert(value).second && seen.size() > most) return {};
    }
    std::vector<std::int64_t> list(seen.begin(), seen.end());
    std::sort(list.begin(), list.end());
    return list;
}

struct Block {
    std::int64_t before = 0;
    std::int64_t least = 0;
    unsigned width = 0;
};

// How the values differ from row to row.
std::vector<Block> blocks_of(std::span<const std::int64_t> values) {
    std::vector<Block> blocks;
    for (std::size_t first = 0; first < values.size(); first += block_rows) {
        const std::size_t end = std::min(values.size(), first + block_rows);
        Block block;
        block.before = first == 0 ? values[0] : values[first - 1];
        std::int64_t least = 0;
        std::int64_t greatest = 0;
        for (std::size_t i = first; i < end; ++i) {
            const auto step =
                static_cast<std::int64_t>(distance(i == 0 ? values[0] : values[i - 1], values[i]));
            least = i == first ? step : std::min(least, step);
            greatest = i == first ? step : std::max(greatest, step);
        }
        block.least = least;
        block.width = kept_width(width_of(distance(least, greatest)));
        blocks.push_back(block);
    }
    return blocks;
}

} // namespace

std::string encode_column(std::span<const std::int64_t> values) {
    using Form = Column::Form;
    const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
    std::string out;
    const auto begin = [&](Form form) {
        out.clear();
        out += static_cast<char>(form);
        append_number(out, static_cast<std::uint16_t>(values.size() - 1));
        append_number(out, *least);
        append_number(out, *greatest);
    };
    if (*least == *greatest) {
        begin(Form::constant);
        return out;
    }
    const unsigned packed_width = kept_width(width_of(distance(*least, *greatest)));
    std::size_t smallest = 1 + bytes_of(values.size(), packed_width);
    Form form = Form::packed;

    const auto list = packed_width <= narrow ? std::vector<std::int64_t>() : list_of(values);
    const unsigned listed_width = list.empty() ? 0 : width_of(list.size() - 1);
    const std::size_t listed = 1 + 4 + list.size() * 8 + bytes_of(values.size(), listed_width);
    if (!list.empty() && listed < smallest) {
        smallest = listed;
        form = Form::listed;
    }
    const auto blocks = blocks_of(values);
    std::size_t differing = blocks.size() * block_head_size;
    for (std::size_t i = 0; i < blocks.size(); ++i)
        differing += bytes_of(std::min(block_rows, values.size() - i * block_rows), blocks[i].width);
    // It is slower to read, and must be worth that.
    if (differing + differing / 4 < smallest) form = Form::differences;

    begin(form);
    if (form == Form::packed) {
        out += static_cast<char>(packed_width);
        BitWriter bits(out);
        for (const auto value : values) bits.put(distance(*least, value), packed_width);
    } else if (form == Form::listed) {
        out += static_cast<char>(listed_width);
        append_number(out, static_cast<std::uint32_t>(list.size()));
        for (const auto value : list) append_number(out, value);
        BitWriter bits(out);
        for (const auto value : values) {
            const auto place = std::lower_bound(list.begin(), list.end(), value) - list.begin();
            bits.put(static_cast<std::uint64_t>(place), listed_width);
        }
    } else {
        std::size_t at = 0;
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            append_number(out, blocks[i].before);
            append_number(out, blocks[i].least);
            out += static_cast<char>(blocks[i].width);
            append_number(out, static_cast<std::uint32_t>(at));
            at += bytes_of(std::min(block_rows, values.size() - i * block_rows), blocks[i].width);
        }
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            BitWriter bits(out);
            const std::size_t first = i * block_rows;
            for (std::size_t row = first; row < std::min(values.size(), first + block_rows); ++row) {
                const auto before = row == 0 ? values[0] : values[row - 1];
                bits.put(distance(blocks[i].least, static_cast<std::int64_t>(distance(before, values[row]))),
                         blocks[i].width);
            }
        }
    }
    out.append(slack, '\0');
    return out;
}

std::optional<Column> Column::read(std::string_view bytes) {
    if (bytes.size() < head_size) return std::nullopt;
    Column column;
    const auto form = static_cast<std::uint8_t>(bytes[0]);
    if (form > static_cast<std::uint8_t>(Form::differences)) return std::nullopt;
    column.form_ = static_cast<Form>(form);
    column.rows_ = std::size_t{number_at<std::uint16_t>(bytes, 1)} + 1;
    column.least_ = number_at<std::int64_t>(bytes, 3);
    column.greatest_ = number_at<std::int64_t>(bytes, 11);
    if (column.form_ == Form::constant) return column;
    bytes.remove_prefix(head_size);
    if (column.form_ == Form::differences) {
        const std::size_t blocks = (column.rows_ + block_rows - 1) / block_rows;
        if (bytes.size() < blocks * block_head_size + slack) return std::nullopt;
        column.block_heads_ = bytes.substr(0, blocks * block_head_size);
        column.bits_ = bytes.substr(blocks * block_head_size);
        for (std::size_t i = 0; i < blocks; ++i) {
            const auto width = static_cast<std::uint8_t>(column.block_heads_[i * block_head_size + 16]);
            const auto at = number_at<std::uint32_t>(column.block_heads_, i * block_head_size + 17);
            const auto size = bytes_of(std::min(block_rows, column.rows_ - i * block_rows), width);
            if ((width > most_packed && width != 64) || at + size + slack > column.bits_.size())
                return std::nullopt;
        }
        return column;
    }
    if (bytes.empty()) return std::nullopt;
    column.width_ = static_cast<std::uint8_t>(bytes[0]);
    bytes.remove_prefix(1);
    if (column.width_ > most_packed && column.width_ != 64) return std::nullopt;
    if (column.form_ == Form::listed) {
        if (bytes.size() < 4) return std::nullopt;
        const std::size_t size = number_at<std::uint32_t>(bytes, 0);
        // Every place that the bits can name is in the list.
        if (size == 0 || size > most_rows || (bytes.size() - 4) / 8 < size ||
            column.width_ != width_of(size - 1))
            return std::nullopt;
        column.list_ = bytes.substr(4, size * 8);
        bytes.remove_prefix(4 + size * 8);
    }
    if (bytes.size() < bytes_of(column.rows_, column.width_) + slack) return std::nullopt;
    column.bits_ = bytes;
    return column;
}

std::uint64_t Column::bits_at(std::size_t place) const {
    return read_bits(bits_, place * width_, width_);
}

void Column::differences(std::size_t block, std::int64_t* out) const {
    const auto head = block_heads_.substr(block * block_head_size, block_head_size);
    std::int64_t value = number_at<std::int64_t>(head, 0);
    const auto least = number_at<std::int64_t>(head, 8);
    const auto width = static_cast<std::uint8_t>(head[16]);
    const std::size_t from = std::size_t{number_at<std::uint32_t>(head, 17)} * 8;
    const std::size_t count = std::min(block_rows, rows_ - block * block_rows);
    for (std::size_t i = 0; i < count; ++i) {
        value =
            plus(plus(value, static_cast<std::uint64_t>(least)), read_bits(bits_, from + i * width, width));
        out[i] = value;
    }
}

void Column::copy(std::size_t first, std::size_t count, std::int64_t* out) const {
    switch (form_) {
    case Form::constant:
        std::fill_n(out, count, least_);
        return;
    case Form::packed:
        for (std::size_t i = 0; i < count; ++i) out[i] = plus(least_, bits_at(first + i));
        return;
    case Form::listed: {
        const std::size_t size = list_.size() / 8;
        for (std::size_t i = 0; i < count; ++i) {
            const auto place = std::min<std::size_t>(bits_at(first + i), size - 1);
            out[i] = number_at<std::int64_t>(list_, place * 8);
        }
        return;
    }
    case Form::differences: {
        std::array<std::int64_t, block_rows> values;
        for (std::size_t row = first; row < first + count;) {
            differences(row / block_rows, values.data());
            const std::size_t end = std::min(first + count, (row / block_rows + 1) * block_rows);
            for (; row < end; ++row) *out++ = values[row % block_rows];
        }
    }
    }
}

void Column::gather(std::span<const std::uint16_t> rows, std::int64_t* out) const {
    if (form_ == Form::differences) {
        std::array<std::int64_t, block_rows> values;
        std::size_t block = static_cast<std::size_t>(-1);
        for (const auto row : rows) {
            if (row / block_rows != block) {
                block = row / block_rows;
                differences(block, values.data());
            }
            *out++ = values[row % block_rows];
        }
        return;
    }
    for (const auto row : rows) copy(row, 1, out++);
}

} // namespace leerspoor::storage::engine

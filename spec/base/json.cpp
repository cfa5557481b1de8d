#include "spec/base/json.hpp"
#include "spec/base/ascii.hpp"
#include "spec/base/utf8.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <vector>

namespace leerspoor::spec {
namespace {

namespace json = boost::json;
using boost::system::error_code;
using Text = json::string_view;

constexpr char number_mark = '\xff';
// Boost.JSON refuses exponents beyond an int before anybody hears of the number.
constexpr std::size_t longest_exponent = 8;

// Boost.JSON turns integers beyond 64 bits into doubles and rounds some doubles wrongly; the token tells the
// truth.
std::optional<double> exact_double(Text token, double approximate) {
    if (token.find_first_of(".eE") == Text::npos) return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
    if (error == std::errc::result_out_of_range) {
        if (std::abs(approximate) > 1) return std::nullopt;
        return 0.0;
    }
    return value;
}

// Does the token say more than the double that it was read as? Short ones cannot; of others the digits tell.
bool loses_digits(Text token, double value) {
    constexpr std::size_t always_exact = 15;
    const auto exponent = token.find_first_of("eE");
    const auto mantissa = token.substr(0, exponent);
    const auto digits = static_cast<std::size_t>(std::count_if(mantissa.begin(), mantissa.end(), is_digit));
    const bool is_zero = mantissa.find_first_of("123456789") == Text::npos;
    if (is_zero) return false;
    if (!std::isnormal(value)) return true;
    if (digits <= always_exact) return false;
    char shortest[32];
    const auto end = std::to_chars(shortest, shortest + sizeof shortest, value).ptr;
    return token != Text(shortest, static_cast<std::size_t>(end - shortest));
}

struct Limits {
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
};

// Builds the value. Counts the keys it hears: objects keep the last of several equal ones without a word.
class Builder : public Limits {
  public:
    Builder(json::storage_ptr memory, bool any_number, std::size_t max_values)
        : any_number_(any_number), values_left_(max_values) {
        stack_.reset(std::move(memory));
    }

    json::value release() { return stack_.release(); }
    std::size_t keys() const { return keys_; }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t n, error_code& error) {
        stack_.push_array(n);
        return count(error);
    }
    bool on_object_begin(error_code&) { return true; }
    bool on_object_end(std::size_t n, error_code& error) {
        keys_ += n;
        stack_.push_object(n);
        return count(error);
    }
    bool on_string_part(Text s, std::size_t, error_code&) {
        stack_.push_chars(s);
        return true;
    }
    bool on_string(Text s, std::size_t, error_code& error) {
        stack_.push_string(s);
        return count(error);
    }
    bool on_key_part(Text s, std::size_t, error_code&) {
        stack_.push_chars(s);
        return true;
    }
    bool on_key(Text s, std::size_t, error_code&) {
        stack_.push_key(s);
        return true;
    }
    bool on_number_part(Text, error_code&) { return true; }
    bool on_int64(std::int64_t i, Text, error_code& error) {
        stack_.push_int64(i);
        return count(error);
    }
    bool on_uint64(std::uint64_t u, Text, error_code& error) {
        stack_.push_uint64(u);
        return count(error);
    }
    bool on_double(double d, Text token, error_code& error) {
        const auto value = exact_double(token, d);
        if (any_number_ && (!value || loses_digits(token, *value))) {
            stack_.push_string(std::string(1, number_mark).append(token.data(), token.size()));
        } else if (value) {
            stack_.push_double(*value);
        } else {
            error = json::error::exponent_overflow;
        }
        return !error && count(error);
    }
    bool on_bool(bool b, error_code& error) {
        stack_.push_bool(b);
        return count(error);
    }
    bool on_null(error_code& error) {
        stack_.push_null();
        return count(error);
    }
    bool on_comment_part(Text, error_code&) { return true; }
    bool on_comment(Text, error_code&) { return true; }

  private:
    bool count(error_code& error) {
        if (values_left_ == 0) error = json::error::array_too_large; // which nothing else gives
        --values_left_;
        return !error;
    }

    bool any_number_;
    std::size_t values_left_;
    json::value_stack stack_;
    std::size_t keys_ = 0;
};

// Hears nothing: for whether a text is JSON at all.
struct Listener : Limits {
    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t, error_code&) { return true; }
    bool on_object_begin(error_code&) { return true; }
    bool on_object_end(std::size_t, error_code&) { return true; }
    bool on_string_part(Text, std::size_t, error_code&) { return true; }
    bool on_string(Text, std::size_t, error_code&) { return true; }
    bool on_key_part(Text, std::size_t, error_code&) { return true; }
    bool on_key(Text, std::size_t, error_code&) { return true; }
    bool on_number_part(Text, error_code&) { return true; }
    bool on_int64(std::int64_t, Text, error_code&) { return true; }
    bool on_uint64(std::uint64_t, Text, error_code&) { return true; }
    bool on_double(double, Text, error_code&) { return true; }
    bool on_bool(bool, error_code&) { return true; }
    bool on_null(error_code&) { return true; }
    bool on_comment_part(Text, error_code&) { return true; }
    bool on_comment(Text, error_code&) { return true; }
};

// Walks the same text again, slowly, and knows where it is: up to the first repeated key or the parser's
// error.
class Locator : public Limits {
  public:
    std::string pointer() const {
        std::string path;
        for (const auto& level : levels_) {
            if (!level.is_object) {
                path += '/' + std::to_string(level.index);
            } else if (level.has_key) {
                path = child_pointer(path, level.key);
            }
        }
        return path;
    }
    bool repeated() const { return repeated_; }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code&) {
        levels_.push_back(Level{});
        return true;
    }
    bool on_array_end(std::size_t, error_code&) { return close(); }
    bool on_object_begin(error_code&) {
        levels_.push_back(Level{});
        levels_.back().is_object = true;
        return true;
    }
    bool on_object_end(std::size_t, error_code&) { return close(); }
    bool on_string_part(Text, std::size_t, error_code&) { return true; }
    bool on_string(Text, std::size_t, error_code&) { return passed(); }
    bool on_key_part(Text s, std::size_t, error_code&) {
        partial_key_.append(s.data(), s.size());
        return true;
    }
    bool on_key(Text s, std::size_t, error_code& error) {
        auto& level = levels_.back();
        level.key = std::move(partial_key_);
        level.key.append(s.data(), s.size());
        level.has_key = true;
        partial_key_.clear();
        repeated_ = !level.keys.insert(level.key).second;
        if (repeated_) error = json::error::syntax;
        return !repeated_;
    }
    bool on_number_part(Text, error_code&) { return true; }
    bool on_int64(std::int64_t, Text, error_code&) { return passed(); }
    bool on_uint64(std::uint64_t, Text, error_code&) { return passed(); }
    bool on_double(double d, Text token, error_code& error) {
        if (exact_double(token, d)) return passed();
        error = json::error::exponent_overflow;
        return false;
    }
    bool on_bool(bool, error_code&) { return passed(); }
    bool on_null(error_code&) { return passed(); }
    bool on_comment_part(Text, error_code&) { return true; }
    bool on_comment(Text, error_code&) { return true; }

  private:
    struct Level {
        bool is_object = false;
        bool has_key = false;
        std::size_t index = 0;
        std::string key;
        std::set<std::string, std::less<>> keys;
    };

    bool close() {
        levels_.pop_back();
        return passed();
    }
    bool passed() {
        if (!levels_.empty() && !levels_.back().is_object) ++levels_.back().index;
        return true;
    }

    std::vector<Level> levels_;
    std::string partial_key_;
    bool repeated_ = false;
};

std::size_t count_members(const json::value& value) {
    std::size_t count = 0;
    if (const auto* object = value.if_object()) {
        count = object->size();
        for (const auto& member : *object) {
            if (member.value().is_structured()) count += count_members(member.value());
        }
    } else if (const auto* array = value.if_array()) {
        for (const auto& element : *array) {
            if (element.is_structured()) count += count_members(element);
        }
    }
    return count;
}

json::parse_options options_for(std::size_t max_depth) {
    json::parse_options options;
    options.max_depth = max_depth;
    return options;
}

// Second pass over a text that the first pass refused.
Error explain(std::string_view text, std::size_t max_depth, const error_code& error, std::size_t offset) {
    json::basic_parser<Locator> parser(options_for(max_depth));
    error_code again;
    parser.write_some(false, text.data(), text.size(), again);
    const auto& locator = parser.handler();
    if (locator.repeated()) {
        return Error{"json_duplicate_key", locator.pointer(), "An object must not have the same key twice."};
    }
    if (error == json::error::too_deep) {
        return Error{"json_too_deep", locator.pointer(),
                     "Objects and arrays must not be nested deeper than " + std::to_string(max_depth) +
                         " levels."};
    }
    if (error == json::error::exponent_overflow) {
        return Error{"json_number_too_large", locator.pointer(),
                     "A number must fit a 64-bit integer or a double of IEEE 754."};
    }
    if (error == json::error::array_too_large) {
        return Error{"json_too_many_values", "",
                     "The text has more values than are read at once: send less."};
    }
    if (const auto bad = first_invalid_utf8(text)) {
        return Error{"json_invalid_utf8", "",
                     "The text is not valid UTF-8 at byte " + std::to_string(*bad) + "."};
    }
    if (text.starts_with("\xef\xbb\xbf")) {
        return Error{"json_invalid", "", "The text must not begin with a byte order mark."};
    }
    return Error{"json_invalid", "",
                 "The text is not valid JSON: " + error.message() + " at byte " + std::to_string(offset) +
                     "."};
}

// The same text with the numbers that Boost.JSON cannot read as strings with the mark.
std::string with_marked_exponents(std::string_view text) {
    std::string marked;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at + 1;
        if (text[at] == '"') {
            while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
            end = std::min(end + 1, text.size());
        } else if (text[at] == '-' || is_digit(text[at])) {
            end = std::min(text.find_first_not_of("0123456789+-.eE", at), text.size());
            const auto exponent = text.substr(at, end - at).find_first_of("eE");
            if (exponent != std::string_view::npos && end - at - exponent > longest_exponent) {
                marked.append(1, '"').append(1, number_mark).append(text.substr(at, end - at)).append(1, '"');
                at = end;
                continue;
            }
        }
        marked.append(text.substr(at, end - at));
        at = end;
    }
    return marked;
}

} // namespace

Result<json::value> parse_json(std::string_view text, const JsonRules& rules, json::storage_ptr memory) {
    auto options = options_for(rules.max_depth);
    json::basic_parser<Builder> parser(options, memory, rules.any_number, rules.max_values);
    error_code error;
    auto consumed = parser.write_some(false, text.data(), text.size(), error);
    if (!error && consumed < text.size()) error = json::error::extra_data;
    if (error == json::error::exponent_overflow && rules.any_number && !first_invalid_utf8(text)) {
        const auto marked = with_marked_exponents(text);
        options.allow_invalid_utf8 = true;
        json::basic_parser<Builder> again(options, std::move(memory), true, rules.max_values);
        error = {};
        consumed = again.write_some(false, marked.data(), marked.size(), error);
        if (!error && consumed == marked.size()) return again.handler().release();
        if (!error) error = json::error::extra_data;
    }
    if (error) return explain(text, rules.max_depth, error, consumed);
    auto value = parser.handler().release();
    if (!rules.repeated_keys && count_members(value) != parser.handler().keys())
        return explain(text, rules.max_depth, error, consumed);
    return value;
}

Result<json::value> parse_json(std::string_view text, std::size_t max_depth, json::storage_ptr memory) {
    return parse_json(text, JsonRules{max_depth}, std::move(memory));
}

Result<json::value> parse_stored_json(std::string_view text, json::storage_ptr memory) {
    return parse_json(text, JsonRules{stored_json_depth, true}, std::move(memory));
}

Result<void> check_json(std::string_view text) {
    json::basic_parser<Listener> parser(options_for(stored_json_depth));
    error_code error;
    const auto consumed = parser.write_some(false, text.data(), text.size(), error);
    if (!error && consumed < text.size()) error = json::error::extra_data;
    if (!error || error == json::error::too_deep || error == json::error::exponent_overflow) return {};
    return explain(text, stored_json_depth, error, consumed);
}

std::optional<std::string_view> kept_number(const json::value& value) {
    const auto* const text = value.if_string();
    if (text == nullptr || text->empty() || text->front() != number_mark) return std::nullopt;
    return std::string_view(*text).substr(1);
}

std::optional<double> number_of(const json::value& value) {
    if (value.is_number()) return value.to_number<double>();
    const auto text = kept_number(value);
    if (!text) return std::nullopt;
    double number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc::result_out_of_range) return number;
    const auto exponent = text->find_first_of("eE");
    const bool tiny = exponent != std::string_view::npos && text->substr(exponent + 1).starts_with('-');
    const double size = tiny ? 0 : std::numeric_limits<double>::infinity();
    return text->starts_with('-') ? -size : size;
}

std::string child_pointer(std::string_view parent, std::string_view key) {
    std::string pointer;
    pointer.reserve(parent.size() + key.size() + 1);
    pointer += parent;
    pointer += '/';
    for (const char c : key) {
        if (c == '~') {
            pointer += "~0";
        } else if (c == '/') {
            pointer += "~1";
        } else {
            pointer += c;
        }
    }
    return pointer;
}

std::string child_pointer(std::string_view parent, std::size_t index) {
    return std::string(parent) + '/' + std::to_string(index);
}

} // namespace leerspoor::spec

// Well-formedness of language tags by the grammar of RFC 5646 2.1.
#include "spec/base/ascii.hpp"
#include "spec/iri.hpp"

#include <algorithm>
#include <array>

namespace leerspoor::spec {
namespace {

// Tags from before the grammar; those that the grammar covers anyway are left out.
constexpr std::array<std::string_view, 17> irregular = {
    "en-gb-oed", "i-ami", "i-bnn", "i-default", "i-enochian", "i-hak",     "i-klingon", "i-lux",    "i-mingo",
    "i-navajo",  "i-pwn", "i-tao", "i-tay",     "i-tsu",      "sgn-be-fr", "sgn-be-nl", "sgn-ch-de"};

bool all_alpha(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_letter);
}

bool all_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), is_digit);
}

bool all_alphanumeric(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

bool is_irregular(std::string_view tag) {
    return std::any_of(irregular.begin(), irregular.end(),
                       [&](std::string_view known) { return equal_but_for_case(known, tag); });
}

// The subtags of a tag, one after the other.
class Subtags {
  public:
    explicit Subtags(std::string_view tag) : rest_(tag) { next(); }

    std::string_view current() const { return current_; }
    bool done() const { return done_; }

    void next() {
        if (exhausted_) {
            done_ = true;
            current_ = {};
            return;
        }
        const auto hyphen = rest_.find('-');
        current_ = rest_.substr(0, hyphen);
        exhausted_ = hyphen == std::string_view::npos;
        rest_ = exhausted_ ? std::string_view{} : rest_.substr(hyphen + 1);
    }

  private:
    std::string_view rest_;
    std::string_view current_;
    bool exhausted_ = false;
    bool done_ = false;
};

bool is_variant(std::string_view subtag) {
    const auto size = subtag.size();
    return all_alphanumeric(subtag) && ((size >= 5 && size <= 8) || (size == 4 && is_digit(subtag[0])));
}

// "x" followed by one or more subtags of 1 to 8 characters, to the end.
bool take_private_use(Subtags& subtags) {
    subtags.next();
    if (subtags.done()) return false;
    for (; !subtags.done(); subtags.next()) {
        const auto size = subtags.current().size();
        if (size == 0 || size > 8 || !all_alphanumeric(subtags.current())) return false;
    }
    return true;
}

// A singleton followed by one or more subtags of 2 to 8 characters.
bool take_extension(Subtags& subtags) {
    subtags.next();
    std::size_t count = 0;
    for (; !subtags.done() && subtags.current().size() != 1; subtags.next(), ++count) {
        const auto size = subtags.current().size();
        if (size < 2 || size > 8 || !all_alphanumeric(subtags.current())) return false;
    }
    return count > 0;
}

bool take_language(Subtags& subtags) {
    const auto size = subtags.current().size();
    if (size < 2 || size > 8 || !all_alpha(subtags.current())) return false;
    subtags.next();
    for (int extended = 0; size <= 3 && extended < 3; ++extended) {
        if (subtags.current().size() != 3 || !all_alpha(subtags.current())) break;
        subtags.next();
    }
    return true;
}

} // namespace

bool is_language_tag(std::string_view text) {
    if (text.empty()) return false;
    Subtags subtags(text);
    if (subtags.current().size() == 1 && lower_case(subtags.current()[0]) == 'x')
        return take_private_use(subtags);
    if (is_irregular(text)) return true;
    if (!take_language(subtags)) return false;
    if (subtags.current().size() == 4 && all_alpha(subtags.current())) subtags.next();
    const auto region = subtags.current();
    if ((region.size() == 2 && all_alpha(region)) || (region.size() == 3 && all_digits(region)))
        subtags.next();
    while (!subtags.done() && is_variant(subtags.current())) {
        subtags.next();
    }
    while (!subtags.done()) {
        if (subtags.current().size() != 1 || !all_alphanumeric(subtags.current())) return false;
        if (lower_case(subtags.current()[0]) == 'x') return take_private_use(subtags);
        if (!take_extension(subtags)) return false;
    }
    return true;
}

} // namespace leerspoor::spec

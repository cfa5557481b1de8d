#include "server/http/message.hpp"

#include "spec/base/ascii.hpp"

namespace leerspoor::server::http {

void Fields::set(std::string_view name, std::string value) {
    remove(name);
    add(name, std::move(value));
}

void Fields::remove(std::string_view name) {
    std::erase_if(fields_, [&](const auto& field) { return spec::equal_but_for_case(field.first, name); });
}

std::optional<std::string_view> Fields::find(std::string_view name) const {
    for (const auto& [known, value] : fields_) {
        if (spec::equal_but_for_case(known, name)) return value;
    }
    return std::nullopt;
}

std::string_view RequestHead::path() const {
    const std::string_view whole = target;
    return whole.substr(0, whole.find('?'));
}

std::string_view RequestHead::query() const {
    const std::string_view whole = target;
    const std::size_t mark = whole.find('?');
    return mark == std::string_view::npos ? std::string_view() : whole.substr(mark + 1);
}

} // namespace leerspoor::server::http

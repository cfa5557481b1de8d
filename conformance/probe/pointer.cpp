#include "conformance/probe/pointer.hpp"

#include <charconv>
#include <stdexcept>
#include <vector>

namespace leerspoor::conformance {
namespace {

[[noreturn]] void mistaken(std::string_view pointer) {
    throw std::logic_error("a check changes a place that is not there: " + std::string(pointer));
}

std::vector<std::string> keys_of(std::string_view pointer) {
    std::vector<std::string> keys;
    for (const char c : pointer) {
        if (c == '/') {
            keys.emplace_back();
        } else if (keys.empty()) {
            mistaken(pointer);
        } else {
            keys.back() += c;
        }
    }
    for (auto& key : keys) {
        for (std::size_t at = 0; (at = key.find('~', at)) != std::string::npos; ++at) {
            key.replace(at, 2, key.substr(at, 2) == "~1" ? "/" : "~");
        }
    }
    return keys;
}

std::size_t index_of(const std::string& key, std::string_view pointer) {
    std::size_t index = 0;
    const auto [end, ec] = std::from_chars(key.data(), key.data() + key.size(), index);
    if (ec != std::errc() || end != key.data() + key.size()) mistaken(pointer);
    return index;
}

json::value& child_of(json::value& parent, const std::string& key, std::string_view pointer) {
    if (auto* object = parent.if_object()) {
        auto& child = (*object)[key];
        if (child.is_null()) child.emplace_object();
        return child;
    }
    if (auto* array = parent.if_array()) {
        const auto index = index_of(key, pointer);
        if (index < array->size()) return (*array)[index];
    }
    mistaken(pointer);
}

} // namespace

const json::value* at_pointer(const json::value& root, std::string_view pointer) {
    boost::system::error_code ec;
    const auto* found = root.find_pointer(json::string_view(pointer.data(), pointer.size()), ec);
    return ec ? nullptr : found;
}

void set_at(json::value& root, std::string_view pointer, json::value value) {
    auto keys = keys_of(pointer);
    if (keys.empty()) {
        root = std::move(value);
        return;
    }
    auto* parent = &root;
    for (std::size_t i = 0; i + 1 < keys.size(); ++i) parent = &child_of(*parent, keys[i], pointer);
    if (auto* object = parent->if_object()) {
        (*object)[keys.back()] = std::move(value);
    } else if (auto* array = parent->if_array()) {
        const auto index = index_of(keys.back(), pointer);
        if (index > array->size()) mistaken(pointer);
        if (index == array->size()) array->emplace_back(nullptr);
        (*array)[index] = std::move(value);
    } else {
        mistaken(pointer);
    }
}

void remove_at(json::value& root, std::string_view pointer) {
    const auto keys = keys_of(pointer);
    if (keys.empty() || at_pointer(root, pointer) == nullptr) mistaken(pointer);
    auto* parent = &root;
    for (std::size_t i = 0; i + 1 < keys.size(); ++i) parent = &child_of(*parent, keys[i], pointer);
    if (auto* object = parent->if_object()) {
        object->erase(keys.back());
    } else {
        auto& array = parent->as_array();
        array.erase(array.begin() + static_cast<std::ptrdiff_t>(index_of(keys.back(), pointer)));
    }
}

std::string escaped(std::string_view key) {
    std::string text;
    for (const char c : key) {
        if (c == '~') {
            text += "~0";
        } else if (c == '/') {
            text += "~1";
        } else {
            text += c;
        }
    }
    return text;
}

} // namespace leerspoor::conformance

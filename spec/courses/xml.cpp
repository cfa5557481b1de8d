#include "spec/courses/xml.hpp"

#include "spec/base/ascii.hpp"
#include "spec/courses/manifest.hpp"

#include <algorithm>
#include <cstddef>

namespace leerspoor::spec::courses {
namespace {

constexpr std::size_t max_depth = 100;
constexpr std::size_t max_elements = 1'000'000;
constexpr unsigned rules = pugi::parse_default | pugi::parse_doctype;

std::string_view without_prefix(std::string_view name) {
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

void append_text(pugi::xml_node node, std::string& text) {
    for (const auto child : node.children()) {
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) text += child.value();
        if (child.type() == pugi::node_element) append_text(child, text);
    }
}

// The next node of a walk through everything; empty at the end.
pugi::xml_node next(pugi::xml_node node, std::size_t& depth) {
    if (node.first_child()) {
        ++depth;
        return node.first_child();
    }
    while (node && !node.next_sibling()) {
        node = node.parent();
        if (depth == 0) return {};
        --depth;
    }
    return node.next_sibling();
}

} // namespace

Result<Xml> Xml::parse(std::string_view text, std::string file) {
    if (text.size() > max_manifest_bytes)
        return Error{"manifest_too_large", file, "The file is larger than 16 MiB."};
    Xml xml(text, std::move(file));
    const auto parsed = xml.document_->load_buffer(xml.text_.data(), xml.text_.size(), rules);
    if (!parsed) {
        return Error{"manifest_invalid", xml.place_at(parsed.offset),
                     std::string("This is not XML: ") + spec::lower_case(parsed.description()) + "."};
    }
    if (!xml.root()) return Error{"manifest_invalid", xml.file_, "The file is empty."};
    std::size_t depth = 0;
    std::size_t count = 0;
    for (auto node = xml.document_->first_child(); node; node = next(node, depth)) {
        if (node.type() == pugi::node_doctype)
            return xml.error("manifest_doctype", node,
                             "A document type (DOCTYPE) is not accepted: remove it, no standard needs it.");
        if (depth > max_depth)
            return xml.error("manifest_too_deep", node, "Elements are nested more than 100 deep.");
        if (++count > max_elements)
            return Error{"manifest_too_large", xml.file_, "The file has more than a million elements."};
    }
    return xml;
}

// Pugixml reads other encodings than UTF-8 too, where its offsets are not those of the file.
std::string Xml::place_at(std::ptrdiff_t offset) const {
    const bool known = offset >= 0 && static_cast<std::size_t>(offset) <= text_.size() &&
                       text_.find('\0') == std::string::npos;
    if (!known) return file_;
    return file_ + ":" + std::to_string(1 + std::count(text_.begin(), text_.begin() + offset, '\n'));
}

std::string_view local_name(pugi::xml_node node) {
    return without_prefix(node.name());
}

std::string_view namespace_of(pugi::xml_node node) {
    const std::string_view name = node.name();
    const auto colon = name.find(':');
    const auto declaration = colon == std::string_view::npos ? std::string("xmlns")
                                                             : "xmlns:" + std::string(name.substr(0, colon));
    for (; node; node = node.parent()) {
        if (const auto found = node.attribute(declaration.c_str())) return found.value();
    }
    return "";
}

std::vector<pugi::xml_node> elements(pugi::xml_node parent) {
    std::vector<pugi::xml_node> found;
    for (const auto child : parent.children())
        if (child.type() == pugi::node_element) found.push_back(child);
    return found;
}

std::vector<pugi::xml_node> elements(pugi::xml_node parent, std::string_view name) {
    auto found = elements(parent);
    std::erase_if(found, [&](pugi::xml_node node) { return local_name(node) != name; });
    return found;
}

pugi::xml_node element(pugi::xml_node parent, std::string_view name) {
    for (const auto child : parent.children())
        if (child.type() == pugi::node_element && local_name(child) == name) return child;
    return {};
}

std::optional<std::string> attribute(pugi::xml_node node, std::string_view name) {
    for (const auto one : node.attributes()) {
        if (equal_but_for_case(without_prefix(one.name()), name)) return trimmed(one.value());
    }
    return std::nullopt;
}

std::string text_of(pugi::xml_node node) {
    std::string text;
    append_text(node, text);
    return trimmed(text);
}

std::string trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

} // namespace leerspoor::spec::courses

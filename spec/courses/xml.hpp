// XML of strangers: read whole, with limits, and asked for places. No entity is expanded, nothing outside is
// read. For the readers of this folder.
#pragma once

#include "spec/base/error.hpp"

#include <boost/json/object.hpp>
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::spec::courses {

// A document and where its elements stand.
class Xml {
  public:
    // `file` is named in errors. Errors: manifest_too_large, manifest_invalid, manifest_doctype,
    // manifest_too_deep; pointer "FILE:LINE".
    static Result<Xml> parse(std::string_view text, std::string file);

    pugi::xml_node root() const { return document_->document_element(); }
    const std::string& file() const { return file_; }
    // "FILE:LINE".
    std::string place(pugi::xml_node node) const { return place_at(node.offset_debug()); }
    Error error(std::string code, pugi::xml_node node, std::string sentence) const {
        return {std::move(code), place(node), std::move(sentence)};
    }

  private:
    Xml(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}
    std::string place_at(std::ptrdiff_t offset) const;

    std::string text_;
    std::string file_;
    std::unique_ptr<pugi::xml_document> document_ = std::make_unique<pugi::xml_document>();
};

// Without its prefix: authoring tools choose these freely.
std::string_view local_name(pugi::xml_node node);
// The IRI of the element's namespace, "" for none.
std::string_view namespace_of(pugi::xml_node node);
std::vector<pugi::xml_node> elements(pugi::xml_node parent);
std::vector<pugi::xml_node> elements(pugi::xml_node parent, std::string_view name);
// The first child of that name; empty when there is none.
pugi::xml_node element(pugi::xml_node parent, std::string_view name);
// By its name without a prefix, whatever its case; without blanks around it.
std::optional<std::string> attribute(pugi::xml_node node, std::string_view name);
// All text inside, without blanks around it.
std::string text_of(pugi::xml_node node);
std::string trimmed(std::string_view text);

} // namespace leerspoor::spec::courses

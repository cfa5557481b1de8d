#include "tests/integration/statements.hpp"

#include <array>
#include <cstdio>

namespace leerspoor::tests {

std::string verb_iri(std::string_view name) {
    return std::string(verbs).append(name);
}

std::string activity_iri(std::string_view name) {
    return std::string(courses).append(name);
}

std::string agent(std::string_view name) {
    return R"({"mbox":"mailto:)" + std::string(name) + R"(@example.org"})";
}

std::string uuid(std::uint64_t number) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%08x-0000-4000-8000-%012llx",
                  static_cast<unsigned>(number >> 48u),
                  static_cast<unsigned long long>(number & 0xffffffffffffull));
    return text.data();
}

std::string statement(const Parts& parts) {
    std::string text = "{";
    if (!parts.id.empty()) text += R"("id":")" + parts.id + R"(",)";
    text += R"("actor":)" + parts.actor + R"(,"verb":{"id":")" + verb_iri(parts.verb) + R"("},"object":)";
    text += parts.object.empty() ? R"({"id":")" + activity_iri(parts.activity) + R"("})" : parts.object;
    if (!parts.further.empty()) text += "," + parts.further;
    return text + "}";
}

std::string array_of(const std::vector<std::string>& statements) {
    std::string text = "[";
    for (const auto& each : statements) {
        if (text.size() > 1) text += ',';
        text += each;
    }
    return text + "]";
}

std::string statement_ref(const std::string& id) {
    return R"({"objectType":"StatementRef","id":")" + id + R"("})";
}

std::string voiding(const std::string& target, const std::string& id) {
    return statement({.id = id, .verb = "voided", .object = statement_ref(target)});
}

} // namespace leerspoor::tests

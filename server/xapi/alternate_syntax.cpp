#include "server/xapi/alternate_syntax.hpp"

#include "server/http/percent.hpp"
#include "server/xapi/content_type.hpp"
#include "spec/base/ascii.hpp"
#include "spec/base/version.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace leerspoor::server::xapi {
namespace {

constexpr std::array<std::string_view, 5> foldable_methods = {"GET", "HEAD", "PUT", "POST", "DELETE"};
constexpr std::array<std::string_view, 6> header_parameters = {"authorization", "x-experience-api-version",
                                                               "content-type",  "content-length",
                                                               "if-match",      "if-none-match"};

bool is_line(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

// Did a page of another origin send it? Browsers say so, and other clients say nothing.
bool is_cross_site(const http::RequestHead& head) {
    if (const auto site = head.fields.find("Sec-Fetch-Site"))
        return *site != "same-origin" && *site != "none";
    const auto origin = head.fields.find("Origin");
    if (!origin) return false;
    const auto slashes = origin->find("//");
    return slashes == std::string_view::npos ||
           !spec::equal_but_for_case(origin->substr(slashes + 2), head.fields.find("Host").value_or(""));
}

Error invalid(std::string message) {
    return {"alternate_request_invalid", "", std::move(message)};
}

} // namespace

bool is_alternate(const http::RequestHead& head) {
    if (head.method != "POST") return false;
    const auto query = head.query();
    if (!query.starts_with("method=") && query.find("&method=") == std::string_view::npos) return false;
    const auto header = head.fields.find("X-Experience-API-Version");
    if (!header) return true;
    const auto version = spec::parse_version_header(*header);
    return !version || *version == spec::Version::v1_0_3;
}

Result<void> unfold_alternate(http::RequestHead& head, std::string& body) {
    const auto query = http::parse_query(head.query());
    if (!query) return query.error();
    if (query->size() != 1 || query->front().first != "method") {
        return invalid("In the alternate request syntax `method` is the only query parameter; all others are "
                       "fields of the form.");
    }
    const std::string& method = query->front().second;
    if (std::find(foldable_methods.begin(), foldable_methods.end(), method) == foldable_methods.end()) {
        return invalid("The query parameter `method` must be GET, HEAD, PUT, POST or DELETE.");
    }
    const auto type = head.fields.find("Content-Type");
    if (type && media_type_of(*type) != "application/x-www-form-urlencoded") {
        return invalid("In the alternate request syntax the body is application/x-www-form-urlencoded.");
    }

    const auto form = http::parse_query(body);
    if (!form) return form.error();
    http::RequestHead inner = head;
    inner.method = method;
    // A form of another site is sent with the credentials that a browser keeps for this one, without asking
    // anybody: only credentials in the form itself show that its author has them.
    if (is_cross_site(head)) inner.fields.remove("Authorization");
    inner.fields.set("Content-Type", "application/json");
    const std::string* content = nullptr;
    std::string parameters;
    for (const auto& [name, value] : *form) {
        const std::string folded = spec::lower_case(std::string_view(name));
        if (name == "content") {
            if (content) return invalid("The form has the field `content` more than once.");
            content = &value;
        } else if (std::find(header_parameters.begin(), header_parameters.end(), folded) !=
                   header_parameters.end()) {
            if (!is_line(value)) return invalid("The form field `" + folded + "` has control characters.");
            if (folded != "content-length") inner.fields.set(name, value);
        } else {
            parameters += parameters.empty() ? '?' : '&';
            parameters += http::percent_encode(name) + "=" + http::percent_encode(value);
        }
    }
    const bool sends_content = method == "PUT" || method == "POST";
    if (sends_content && !content) {
        return invalid("The form has no field `content`, which " + method + " needs.");
    }
    inner.target = std::string(head.path()) + parameters;
    body = sends_content ? *content : std::string();
    inner.content_length = body.size();
    head = std::move(inner);
    return {};
}

} // namespace leerspoor::server::xapi

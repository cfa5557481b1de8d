#include "conformance/probe/context.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <thread>

namespace leerspoor::conformance {
namespace {

std::string shortened(std::string_view text, std::size_t most) {
    std::string shown(text.substr(0, most));
    for (auto& c : shown) {
        if (c == '\r' || c == '\n' || c == '\t') c = ' ';
        if (static_cast<unsigned char>(c) < ' ') c = '?';
    }
    return text.size() > most ? shown + "..." : shown;
}

bool equal_names(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

// A form may carry credentials (1.0.3 Part Three 1.3); a report must not.
std::string without_credentials(std::string body) {
    constexpr std::string_view name = "Authorization=";
    if (const auto at = body.find(name); at != std::string::npos) {
        const auto value = at + name.size();
        body.replace(value, std::min(body.find('&', value), body.size()) - value, "...");
    }
    return body;
}

Draft changed_at(const Place& place, const Change& change) {
    return place.draft.with(change, place.at);
}

} // namespace

Call& Call::param(std::string_view name, std::string_view value) {
    params_.emplace_back(name, value);
    return *this;
}

Call& Call::param(std::string_view name, const json::object& value) {
    return param(name, json::serialize(value));
}

Call& Call::field(std::string_view name, std::string_view value) {
    without(name);
    fields_.emplace_back(name, value);
    return *this;
}

Call& Call::without(std::string_view name) {
    std::erase_if(params_, [&](const auto& param) { return param.first == name; });
    left_out_.emplace_back(name);
    return *this;
}

Call& Call::body(std::string_view content_type, std::string_view bytes) {
    body_ = bytes;
    return content_type.empty() ? *this : field("Content-Type", content_type);
}

Call& Call::body(const json::value& value) {
    return body("application/json", json::serialize(value));
}

Call& Call::method(std::string_view name) {
    method_ = name;
    return *this;
}

std::string Answer::field(std::string_view name) const {
    return std::string(find_field(fields, name).value_or(""));
}

bool Answer::is_json() const {
    return field("Content-Type").starts_with("application/json");
}

std::optional<json::value> Answer::json() const {
    boost::system::error_code ec;
    auto value = json::parse(body, ec);
    if (ec) return std::nullopt;
    return value;
}

json::object Answer::object() const {
    const auto value = json();
    return value && value->is_object() ? value->get_object() : json::object();
}

json::array Answer::array() const {
    const auto value = json();
    return value && value->is_array() ? value->get_array() : json::array();
}

std::string Answer::text() const {
    return std::to_string(status) + (body.empty() ? std::string() : " " + shortened(body, 300));
}

Answer Context::send(const Call& call) {
    Request request{call.method_, settings_.server.base + call.path_, {}, call.body_};
    std::string readable = request.target;
    char separator = '?';
    for (const auto& [name, value] : call.params_) {
        request.target.append(1, separator)
            .append(percent_encode(name))
            .append("=")
            .append(percent_encode(value));
        readable.append(1, separator).append(name).append("=").append(value);
        separator = '&';
    }
    const auto add = [&](std::string_view name, std::string value) {
        const auto is = [&](const std::string& other) { return equal_names(other, name); };
        if (std::none_of(call.left_out_.begin(), call.left_out_.end(), is)) {
            request.fields.emplace_back(name, std::move(value));
        }
    };
    add("Authorization", basic_authorization(settings_.key, settings_.secret));
    add("X-Experience-API-Version", std::string(version_text()));
    request.fields.insert(request.fields.end(), call.fields_.begin(), call.fields_.end());

    auto response = client_.exchange(request);
    std::string shown = request.method + " " + shortened(readable, 300);
    for (const auto& [name, value] : call.fields_) {
        if (!equal_names(name, "Authorization")) shown += "\n" + name + ": " + shortened(value, 120);
    }
    if (!call.body_.empty()) shown += "\n" + shortened(without_credentials(call.body_), 600);
    return {response.status, std::move(response.fields), std::move(response.body), std::move(shown)};
}

Answer Context::follow(std::string_view target) {
    if (const auto scheme = target.find("://"); scheme != std::string_view::npos) {
        target.remove_prefix(std::min(target.find('/', scheme + 3), target.size()));
    }
    auto response =
        client_.exchange({"GET",
                          std::string(target),
                          {{"Authorization", basic_authorization(settings_.key, settings_.secret)},
                           {"X-Experience-API-Version", std::string(version_text())}},
                          ""});
    return {response.status, std::move(response.fields), std::move(response.body),
            "GET " + shortened(target, 300)};
}

void Context::record(const std::string& request, std::string_view expected, const std::string& got) {
    findings_.push_back({request, std::string(expected), got});
}

bool Context::expect(const Answer& answer, bool met, std::string_view expected) {
    if (!met) record(answer.request, expected, answer.text());
    return met;
}

bool Context::expect_status(const Answer& answer, unsigned status, std::string_view why) {
    return expect(answer, answer.status == status, std::to_string(status) + ": " + std::string(why));
}

void Context::require(const Answer& answer, bool met, std::string_view expected) {
    if (!expect(answer, met, expected)) throw Abandoned{};
}

void Context::require_status(const Answer& answer, unsigned status, std::string_view why) {
    if (!expect_status(answer, status, why)) throw Abandoned{};
}

void Context::accepts(const Draft& draft) {
    expect_status(send(post("/statements").body(draft.statement())), 200, draft.what() + " is valid");
}

void Context::refuses(const Draft& draft) {
    expect_status(send(post("/statements").body(draft.statement())), 400, draft.what() + " is not valid");
}

void Context::accepts(const Places& places, const std::vector<Change>& changes) {
    for (const auto& place : places) {
        for (const auto& change : changes) accepts(changed_at(place, change));
    }
}

void Context::refuses(const Places& places, const std::vector<Change>& changes) {
    for (const auto& place : places) {
        for (const auto& change : changes) refuses(changed_at(place, change));
    }
}

void Context::expect_each(unsigned status, std::initializer_list<Call> calls) {
    for (const auto& call : calls) expect_status(send(call), status, "of this request");
}

std::string Context::store(const Draft& draft) {
    const auto answer = send(post("/statements").body(draft.statement()));
    require_status(answer, 200, draft.what() + " is valid");
    const auto ids = answer.array();
    require(answer, ids.size() == 1 && ids[0].is_string(), "an array of one statement id");
    const auto& text = ids[0].get_string();
    std::string id(text.data(), text.size());
    send_until(get("/statements").param("statementId", id),
               [](const Answer& found) { return found.status == 200; });
    return id;
}

json::object Context::fetch(std::string_view id) {
    const auto answer = send(get("/statements").param("statementId", id));
    require_status(answer, 200, "the statement that was stored");
    return answer.object();
}

Answer Context::send_until(const Call& call, const std::function<bool(const Answer&)>& ready) {
    const auto deadline = std::chrono::steady_clock::now() + settings_.patience;
    for (auto pause = std::chrono::milliseconds(10);;
         pause = std::min(2 * pause, std::chrono::milliseconds(500))) {
        auto answer = send(call);
        if (ready(answer) || std::chrono::steady_clock::now() >= deadline) return answer;
        std::this_thread::sleep_for(pause);
    }
}

void Context::pause() {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

std::string Context::instant() {
    pause();
    const auto statement = fetch(store(plain()));
    pause();
    const auto* stored = statement.if_contains("stored");
    return stored != nullptr && stored->is_string() ? std::string(stored->get_string().c_str())
                                                    : std::string();
}

std::vector<std::string> ids_of(const Answer& answer) {
    std::vector<std::string> ids;
    const auto result = answer.object();
    const auto* statements = result.if_contains("statements");
    if (statements == nullptr || !statements->is_array()) return ids;
    for (const auto& statement : statements->get_array()) {
        const auto* object = statement.if_object();
        const auto* id = object == nullptr ? nullptr : object->if_contains("id");
        if (id != nullptr && id->is_string()) ids.emplace_back(id->get_string().c_str());
    }
    return ids;
}

bool contains(const std::vector<std::string>& ids, std::string_view id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

} // namespace leerspoor::conformance

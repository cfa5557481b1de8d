#include "spec/pseudonyms.hpp"

#include "spec/agent.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "spec/walk.hpp"

#include <algorithm>

namespace leerspoor::spec {

namespace {

namespace json = boost::json;

constexpr std::string_view mbox = "mbox ";
constexpr std::string_view mbox_sum = "mbox_sha1sum ";
constexpr std::string_view openid = "openid ";
constexpr std::string_view mailto = "mailto:";

std::string lower(std::string_view text) {
    std::string folded(text);
    for (char& c : folded)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return folded;
}

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

// Whether what begins at `begin` is not the middle of something longer: "an@example.nl" is not in
// "jan@example.nl".
bool stands_alone(std::string_view text, std::size_t begin, std::size_t end) {
    constexpr std::string_view joins = "._%+-";
    if (begin > 0 && (is_word(text[begin - 1]) || joins.find(text[begin - 1]) != std::string_view::npos))
        return false;
    if (end == text.size()) return true;
    if (text[end] == '.') return end + 1 == text.size() || !is_word(text[end + 1]);
    return !is_word(text[end]) && text[end] != '-' && text[end] != '_';
}

} // namespace

class Pseudonyms::Visit : public Visitor<json::object> {
  public:
    explicit Visit(const Pseudonyms& all) : all_(all) {}

    void actor(json::object& actor, Place place) {
        const auto* found = all_.find(identity(actor));
        if (!found) return;
        was_actor = was_actor || (place.role == Role::actor && !place.in_sub_statement);
        json::object next;
        for (const auto* kept : {"objectType", "member"})
            if (const auto* value = actor.if_contains(kept)) next[kept] = *value;
        next["account"] = {{"homePage", all_.home_page_}, {"name", found->name}};
        actor = std::move(next);
        any = true;
    }

    bool any = false;
    bool was_actor = false;

  private:
    const Pseudonyms& all_;
};

void Pseudonyms::add(std::string_view identity, std::string name) {
    if (find(identity)) return;
    One one{std::string(identity), std::move(name), {}, {}};
    if (identity.starts_with(mbox)) {
        auto address = identity.substr(mbox.size());
        const std::string sum = sha1_hex(address);
        if (address.starts_with(mailto)) address.remove_prefix(mailto.size());
        one.text = lower(address);
        all_.push_back(one);
        add(std::string(mbox_sum) + sum, one.name + "-sum");
    } else {
        if (identity.starts_with(mbox_sum)) one.text = lower(identity.substr(mbox_sum.size()));
        if (identity.starts_with(openid)) one.text = lower(identity.substr(openid.size()));
        all_.push_back(one);
    }
    for (auto& each : all_) {
        if (!each.needle.empty()) continue;
        auto text = each.text;
        if (text.empty()) // of an account the name
            text = lower(each.identity.substr(each.identity.find(' ', each.identity.find(' ') + 1) + 1));
        write_json_string(text, each.needle);
        each.needle = each.needle.substr(1, each.needle.size() - 2);
    }
}

std::vector<std::pair<std::string, std::string>> Pseudonyms::identities() const {
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& one : all_)
        all.emplace_back(one.identity,
                         identity({{"account", {{"homePage", home_page_}, {"name", one.name}}}}));
    return all;
}

const Pseudonyms::One* Pseudonyms::find(std::string_view identity) const {
    const auto found =
        std::find_if(all_.begin(), all_.end(), [&](const One& one) { return one.identity == identity; });
    return found == all_.end() ? nullptr : &*found;
}

bool Pseudonyms::may_be_in(std::string_view bytes) const {
    const auto folded = lower(bytes);
    return std::any_of(all_.begin(), all_.end(),
                       [&](const One& one) { return folded.find(one.needle) != std::string::npos; });
}

std::optional<std::string> Pseudonyms::replaced_text(std::string_view text) const {
    std::string now(text);
    bool any = false;
    for (const auto& one : all_) {
        if (one.text.empty()) continue;
        auto folded = lower(now);
        std::size_t at = 0;
        while ((at = folded.find(one.text, at)) != std::string::npos) {
            if (!stands_alone(folded, at, at + one.text.size())) {
                ++at;
                continue;
            }
            now.replace(at, one.text.size(), one.name);
            folded.replace(at, one.text.size(), one.name);
            at += one.name.size();
            any = true;
        }
    }
    if (!any) return std::nullopt;
    return now;
}

bool Pseudonyms::replace_in(json::value& value) const {
    bool any = false;
    if (value.is_string()) {
        if (const auto next = replaced_text(value.get_string())) {
            value = *next;
            any = true;
        }
    } else if (value.is_array()) {
        for (auto& each : value.get_array()) any = replace_in(each) || any;
    } else if (value.is_object()) {
        auto& object = value.get_object();
        json::object next;
        bool renamed = false;
        for (auto& member : object) {
            any = replace_in(member.value()) || any;
            const auto key = replaced_text(member.key());
            renamed = renamed || key.has_value();
            next[key ? std::string_view(*key) : std::string_view(member.key())] = member.value();
        }
        if (renamed) object = std::move(next);
        any = any || renamed;
    }
    return any;
}

std::optional<Pseudonyms::Replaced> Pseudonyms::replaced(std::string_view statement) const {
    auto parsed = parse_stored_json(statement);
    if (!parsed.has_value() || !parsed->is_object()) return std::nullopt;
    Visit visit(*this);
    walk(parsed->get_object(), visit);
    const bool in_texts = replace_in(*parsed);
    if (!visit.any && !in_texts) return std::nullopt;
    Replaced made{{}, visit.was_actor};
    write_json(*parsed, made.bytes);
    return made;
}

} // namespace leerspoor::spec

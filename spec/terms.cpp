#include "spec/terms.hpp"

#include "spec/agent.hpp"
#include "spec/base/ascii.hpp"
#include "spec/walk.hpp"

#include <algorithm>
#include <string_view>

namespace leerspoor::spec {
namespace {

namespace json = boost::json;
using Object = const json::object;

class Collector : public Visitor<Object> {
  public:
    Collector(bool with_authority, std::size_t limit) : with_authority_(with_authority), limit_(limit) {
        terms_.reserve(16);
    }

    bool keeps(bool /*in_sub_statement*/, std::string_view key) const {
        return with_authority_ || key != "authority";
    }

    // Everything in a SubStatement is related only.
    void statement(Object& statement, bool in_sub_statement) {
        if (const auto* found = statement.if_contains("attachments")) {
            for (const auto& attachment : found->get_array())
                add(Filter::attachment, lower_case(std::string_view(attachment.at("sha2").get_string())));
        }
        if (in_sub_statement) return;
        add(Filter::verb, std::string(statement.at("verb").at("id").get_string()));
        const auto* context = statement.if_contains("context");
        if (context == nullptr) return;
        if (const auto* registration = context->get_object().if_contains("registration"))
            add(Filter::registration, lower_case(std::string_view(registration->get_string())));
    }

    // A Group is found by its members too.
    void actor(Object& actor, Place place) {
        auto text = identity(actor);
        if (text.empty()) return;
        if (is_direct(place)) add(Filter::agent, text);
        add(Filter::related_agent, std::move(text));
    }

    void activity(Object& activity, Place place) {
        std::string id(activity.at("id").get_string());
        if (is_direct(place)) add(Filter::activity, id);
        add(Filter::related_activity, std::move(id));
    }

    std::optional<std::vector<Term>> take() {
        make_unique();
        if (too_many_ || terms_.size() > limit_) return std::nullopt;
        return std::move(terms_);
    }

  private:
    static bool is_direct(Place place) {
        return !place.in_sub_statement && (place.role == Role::actor || place.role == Role::object);
    }

    void add(Filter filter, std::string text) {
        if (too_many_) return;
        terms_.push_back(Term{filter, std::move(text)});
        if (terms_.size() <= 2 * limit_) return;
        make_unique(); // what is repeated does not count
        too_many_ = terms_.size() > limit_;
    }

    void make_unique() {
        std::sort(terms_.begin(), terms_.end());
        terms_.erase(std::unique(terms_.begin(), terms_.end()), terms_.end());
    }

    bool with_authority_;
    std::size_t limit_;
    bool too_many_ = false;
    std::vector<Term> terms_;
};

} // namespace

std::vector<Term> filter_terms(const json::object& statement) {
    Collector collector(true, static_cast<std::size_t>(-1) / 4);
    walk<Object>(statement, collector);
    return *collector.take();
}

std::optional<std::vector<Term>> filter_terms(const json::object& statement, const json::object& authority,
                                              std::size_t limit) {
    Collector collector(false, limit);
    Walk<Object, Collector> walk(collector);
    walk.statement(statement);
    walk.actor(authority, {Role::authority});
    return collector.take();
}

} // namespace leerspoor::spec

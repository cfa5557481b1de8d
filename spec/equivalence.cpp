#include "spec/equivalence.hpp"

#include "spec/base/ascii.hpp"
#include "spec/base/duration.hpp"
#include "spec/base/json.hpp"
#include "spec/base/sha2.hpp"
#include "spec/base/timestamp.hpp"

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <boost/endian/conversion.hpp>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leerspoor::spec {
namespace {

namespace json = boost::json;

// Which of the properties of a whole statement count that do not always count.
struct Optional {
    bool id = true;
    bool timestamp = true;
    bool attachments = true;
};

std::optional<Instant> instant_of(std::string_view text) {
    for (const auto version : {Version::v1_0_3, Version::v2_0_0}) {
        if (const auto instant = parse_timestamp(text, version); instant.has_value()) return *instant;
    }
    return std::nullopt;
}

// Writes of a statement what counts when two are compared, with keys and unordered lists in one fixed order:
// two statements are equivalent exactly when the texts are equal.
class Comparable {
  public:
    explicit Comparable(Optional compared = {}) : compared_(compared) {}

    std::string take() { return std::move(out_); }

    void statement(const json::object& statement, bool whole) {
        members(statement, [&](std::string_view key, const json::value& value) {
            if (key == "authority" || key == "stored" || key == "version") return;
            if (whole && key == "id" && !compared_.id) return;
            if (whole && key == "timestamp" && !compared_.timestamp) return;
            if (whole && key == "attachments" && !compared_.attachments) return;
            name(key);
            if (key == "id") {
                lower(value);
            } else if (key == "actor") {
                actor(value.get_object());
            } else if (key == "verb") {
                any(value.at("id"));
            } else if (key == "object") {
                object(value.get_object());
            } else if (key == "context") {
                context(value.get_object());
            } else if (key == "result") {
                result(value.get_object());
            } else if (key == "timestamp") {
                timestamp(value.get_string());
            } else {
                any(value);
            }
        });
    }

    void any(const json::value& value) {
        if (const auto* object = value.if_object()) {
            members(*object, [&](std::string_view key, const json::value& inner) {
                name(key);
                any(inner);
            });
        } else if (const auto* array = value.if_array()) {
            out_ += '[';
            for (const auto& element : *array) {
                any(element);
                out_ += ',';
            }
            out_ += ']';
        } else if (const auto* string = value.if_string()) {
            text(*string);
        } else {
            number(value);
        }
    }

  private:
    template <class Write>
    void members(const json::object& object, Write write) {
        boost::container::small_vector<const json::key_value_pair*, 16> sorted;
        for (const auto& member : object) {
            sorted.push_back(&member);
        }
        std::sort(sorted.begin(), sorted.end(), [](auto* a, auto* b) { return a->key() < b->key(); });
        out_ += '{';
        for (const auto* member : sorted) {
            write(std::string_view(member->key()), member->value());
        }
        out_ += '}';
    }

    // As its length and its bytes: quicker than escaping, and as unambiguous.
    void text(std::string_view bytes) {
        const auto size = static_cast<std::uint32_t>(bytes.size());
        char head[1 + sizeof size] = {'"'};
        std::memcpy(head + 1, &size, sizeof size);
        out_.append(head, sizeof head).append(bytes);
    }

    void name(std::string_view key) { text(key); }

    void lower(const json::value& value) {
        text(value.get_string());
        for (auto at = out_.size() - value.get_string().size(); at < out_.size(); ++at) {
            out_[at] = lower_case(out_[at]);
        }
    }

    void actor(const json::object& actor) {
        members(actor, [&](std::string_view key, const json::value& value) {
            if (key == "objectType" && value.get_string() == "Agent") return;
            name(key);
            if (key == "mbox_sha1sum") {
                lower(value);
            } else if (key == "mbox") {
                mbox(value.get_string());
            } else if (key == "member") {
                group_members(value.get_array());
            } else {
                any(value);
            }
        });
    }

    // The domain of an address is not sensitive to case.
    void mbox(std::string_view address) {
        text(address);
        const auto domain = std::min(address.find('@'), address.size());
        for (auto at = out_.size() - address.size() + domain; at < out_.size(); ++at) {
            out_[at] = lower_case(out_[at]);
        }
    }

    // Members of a Group have no order.
    void group_members(const json::array& list) {
        std::vector<std::string> texts;
        texts.reserve(list.size());
        for (const auto& member : list) {
            Comparable one;
            one.actor(member.get_object());
            texts.push_back(one.take());
        }
        std::sort(texts.begin(), texts.end());
        for (const auto& text : texts) {
            out_ += text;
        }
    }

    void activity(const json::object& activity) { any(activity.at("id")); }

    void object(const json::object& object) {
        const auto* found = object.if_contains("objectType");
        const std::string_view type = found == nullptr ? "Activity" : std::string_view(found->get_string());
        name(type);
        if (type == "Activity") {
            activity(object);
        } else if (type == "StatementRef") {
            lower(object.at("id"));
        } else if (type == "SubStatement") {
            statement(object, false);
        } else {
            actor(object);
        }
    }

    void context(const json::object& context) {
        members(context, [&](std::string_view key, const json::value& value) {
            name(key);
            if (key == "registration" || key == "language") {
                lower(value);
            } else if (key == "statement") {
                lower(value.at("id"));
            } else if (key == "instructor" || key == "team") {
                actor(value.get_object());
            } else if (key == "contextActivities") {
                context_activities(value.get_object());
            } else if (key == "contextAgents" || key == "contextGroups") {
                context_actors(value.get_array(), key == "contextAgents" ? "agent" : "group");
            } else {
                any(value);
            }
        });
    }

    void context_activities(const json::object& lists) {
        members(lists, [&](std::string_view key, const json::value& value) {
            name(key);
            if (const auto* single = value.if_object()) return activity(*single);
            for (const auto& element : value.get_array()) {
                activity(element.get_object());
            }
        });
    }

    void context_actors(const json::array& list, std::string_view inner) {
        for (const auto& element : list) {
            members(element.get_object(), [&](std::string_view key, const json::value& value) {
                name(key);
                if (key == inner) return actor(value.get_object());
                any(value);
            });
        }
    }

    void result(const json::object& result) {
        members(result, [&](std::string_view key, const json::value& value) {
            name(key);
            if (key == "duration") return text(comparable_duration(value.get_string()));
            any(value);
        });
    }

    void timestamp(std::string_view given) {
        if (const auto instant = instant_of(given)) {
            out_ += std::to_string(instant->time_since_epoch().count());
        } else {
            text(given);
        }
    }

    // 1 and 1.0 are the same number.
    void number(const json::value& value) {
        constexpr double exact_below = 9007199254740992.0;
        if (value.is_double()) {
            const auto number = value.get_double();
            if (std::trunc(number) == number && std::abs(number) < exact_below) {
                out_ += std::to_string(static_cast<std::int64_t>(number));
                return;
            }
        }
        write_json(value, out_);
    }

    Optional compared_;
    std::string out_;
};

} // namespace

bool equivalent(const json::object& kept, const json::object& resent, Resent how) {
    const bool all = how.version == Version::v1_0_3;
    const Optional compared{resent.contains("id"),
                            all && how.timestamp_was_given && resent.contains("timestamp"), all};
    const auto text_of = [&](const json::object& statement) {
        Comparable comparable(compared);
        comparable.statement(statement, true);
        return comparable.take();
    };
    return text_of(kept) == text_of(resent);
}

void StatementDigest::set_timestamp(Instant instant) {
    const auto count = boost::endian::native_to_big(std::int64_t{instant.time_since_epoch().count()});
    std::memcpy(timestamp.data(), &count, sizeof count);
}

StatementDigest statement_digest(const json::object& statement) {
    StatementDigest digest;
    Comparable content({false, false, false});
    content.statement(statement, true);
    const auto whole = sha256(content.take());
    std::copy_n(whole.begin(), digest.content.size(), digest.content.begin());
    if (const auto* timestamp = statement.if_contains("timestamp")) {
        if (const auto instant = instant_of(timestamp->get_string())) digest.set_timestamp(*instant);
    }
    if (const auto* attachments = statement.if_contains("attachments")) {
        Comparable text;
        text.any(*attachments);
        const auto hash = sha256(text.take());
        std::copy_n(hash.begin(), digest.attachments.size(), digest.attachments.begin());
    }
    return digest;
}

bool equivalent(const StatementDigest& kept, const StatementDigest& resent, Resent how) {
    if (kept.content != resent.content) return false;
    if (how.version != Version::v1_0_3) return true;
    return kept.attachments == resent.attachments &&
           (!how.timestamp_was_given || kept.timestamp == resent.timestamp);
}

} // namespace leerspoor::spec

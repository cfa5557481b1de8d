#include "server/relay/import.hpp"

#include "server/relay/csv_rows.hpp"
#include "server/support/random.hpp"
#include "spec/base/json.hpp"
#include "spec/prepare.hpp"

#include <boost/json/array.hpp>
#include <fstream>
#include <future>
#include <memory>
#include <optional>

namespace leerspoor::server::relay {
namespace {

namespace json = boost::json;

constexpr std::size_t most_of_an_object = 64u << 20;
constexpr std::size_t read_bytes = 1u << 20;
constexpr std::size_t most_reasons = 20;
constexpr std::size_t batch_statements = 500;
constexpr std::size_t batch_bytes = 8u << 20;

Error unreadable(const std::string& why) {
    return {"import_unreadable", "", why};
}

// In dumps of MongoDB the dots of names are written so.
void unescape_names(json::value& value) {
    constexpr std::string_view dot = "&46;";
    if (auto* array = value.if_array()) {
        for (auto& one : *array) unescape_names(one);
        return;
    }
    auto* object = value.if_object();
    if (!object) return;
    json::object named;
    for (auto& member : *object) {
        unescape_names(member.value());
        std::string name(member.key());
        for (auto at = name.find(dot); at != std::string::npos; at = name.find(dot, at + 1))
            name.replace(at, dot.size(), ".");
        named[name] = std::move(member.value());
    }
    *object = std::move(named);
}

// What other record stores keep around a statement.
void unwrap(json::object& object) {
    constexpr int deepest = 3;
    for (int depth = 0; depth < deepest && !object.contains("actor"); ++depth) {
        json::value inside;
        for (const auto* name : {"statement", "payload", "event", "_source"}) {
            auto* member = object.if_contains(name);
            if (!member) continue;
            if (member->is_string()) {
                auto parsed = spec::parse_json(member->get_string());
                if (parsed) inside = std::move(*parsed);
            } else {
                inside = std::move(*member);
            }
            break;
        }
        if (!inside.is_object()) return;
        unescape_names(inside);
        auto next = std::move(inside.get_object());
        object = std::move(next);
    }
}

// The objects of a file one after the other, whether they are lines or in an array.
class Objects {
  public:
    Objects(const std::filesystem::path& path, std::uint64_t from)
        : file_(path, std::ios::binary), at_(from) {
        file_.seekg(static_cast<std::streamoff>(from));
    }

    bool open() const { return file_.is_open(); }
    // Where the next begins to be looked for.
    std::uint64_t at() const { return at_; }

    // Nothing at the end.
    Result<std::optional<std::string>> next() {
        std::string object;
        std::size_t depth = 0;
        bool in_text = false;
        bool escaped = false;
        for (;;) {
            if (place_ == piece_.size() && !fill()) {
                if (object.empty()) return std::optional<std::string>();
                return unreadable("The file ends in the middle of a statement.");
            }
            const char c = piece_[place_++];
            ++at_;
            if (depth == 0 && c != '{') {
                // Between objects: blanks, commas, the brackets of an array, a byte order mark.
                if (std::string_view(" \t\r\n,[]\xef\xbb\xbf").find(c) != std::string_view::npos) continue;
                return unreadable("There is no JSON object at byte " + std::to_string(at_ - 1) +
                                  " of the file.");
            }
            object += c;
            if (object.size() > most_of_an_object)
                return unreadable("An object of the file is larger than 64 MiB.");
            if (in_text) {
                in_text = escaped || c != '"';
                escaped = !escaped && c == '\\';
            } else if (c == '"') {
                in_text = true;
            } else if (c == '{') {
                ++depth;
            } else if (c == '}' && --depth == 0) {
                return std::optional<std::string>(std::move(object));
            }
        }
    }

  private:
    bool fill() {
        piece_.resize(read_bytes);
        place_ = 0;
        file_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
        piece_.resize(static_cast<std::size_t>(file_.gcount()));
        return !piece_.empty();
    }

    std::ifstream file_;
    std::uint64_t at_;
    std::string piece_;
    std::size_t place_ = 0;
};

class Import {
  public:
    Import(storage::StatementStore& store, storage::StoreId tenant, const json::object& authority)
        : store_(store), tenant_(tenant), authority_(authority) {}

    Result<ImportStep> run(Objects& objects, std::size_t most) {
        while (read_ < most) {
            const auto begin = objects.at();
            auto object = objects.next();
            if (!object) return object.error();
            if (!*object) {
                step_.ended = true;
                break;
            }
            auto taken = take(**object, "byte " + std::to_string(begin));
            if (!taken) return taken.error();
        }
        auto sent = flush();
        if (!sent) return sent.error();
        step_.next = objects.at();
        return std::move(step_);
    }

    Result<ImportStep> rows(CsvRows& rows, std::size_t most) {
        while (read_ < most) {
            const auto before = rows.at();
            auto statement = rows.next();
            if (!statement) return statement.error();
            if (!*statement) {
                step_.ended = true;
                break;
            }
            const auto size = static_cast<std::size_t>(rows.at() - before);
            auto added = add(std::move(**statement), "byte " + std::to_string(rows.row_begins_at()), size);
            if (!added) return added.error();
        }
        auto sent = flush();
        if (!sent) return sent.error();
        step_.next = rows.at();
        return std::move(step_);
    }

    Result<ImportStep> page(const std::string& text) {
        auto taken = take(text, "the page");
        if (taken) taken = flush();
        if (!taken) return taken.error();
        return std::move(step_);
    }

  private:
    struct Waiting {
        json::object statement;
        std::string place;
    };

    // A statement, or a page of them as GET statements gives it.
    Result<void> take(const std::string& text, const std::string& place) {
        auto parsed = spec::parse_json(text);
        if (!parsed || !parsed->is_object()) {
            refuse(place, parsed ? "This is no object." : parsed.error().message);
            return {};
        }
        auto& object = parsed->get_object();
        unwrap(object);
        auto* statements = object.if_contains("statements");
        if (!statements || !statements->is_array()) return add(std::move(object), place, text.size());
        std::size_t number = 0;
        for (auto& one : statements->get_array()) {
            const auto at = place + ", statement " + std::to_string(++number);
            if (!one.is_object()) {
                refuse(at, "This is no object.");
                continue;
            }
            auto added = add(std::move(one.get_object()), at, text.size() / statements->get_array().size());
            if (!added) return added;
        }
        return {};
    }

    Result<void> add(json::object statement, const std::string& place, std::size_t bytes) {
        ++read_;
        bytes_ += bytes;
        waiting_.push_back({std::move(statement), place});
        return waiting_.size() < batch_statements && bytes_ < batch_bytes ? Result<void>() : flush();
    }

    Result<void> flush() {
        storage::Submission all;
        std::vector<Waiting*> valid;
        for (auto& one : waiting_) {
            auto statement = prepare_imported(one.statement, authority_);
            if (!statement) {
                refuse(one.place, statement.error().message);
                continue;
            }
            all.statements.push_back(std::move(*statement));
            valid.push_back(&one);
        }
        auto stored = put(std::move(all));
        if (stored) {
            step_.taken += valid.size();
        } else if (stored.error().code != "statement_conflict") {
            return stored;
        } else {
            // One of them: each by itself.
            for (auto* one : valid) {
                storage::Submission alone;
                alone.statements.push_back(*prepare_imported(one->statement, authority_));
                auto outcome = put(std::move(alone));
                if (outcome) {
                    ++step_.taken;
                } else if (outcome.error().code == "statement_conflict") {
                    refuse(one->place, "Another statement has this id already.");
                } else {
                    return outcome;
                }
            }
        }
        waiting_.clear();
        bytes_ = 0;
        return {};
    }

    Result<void> put(storage::Submission submission) {
        if (submission.statements.empty()) return {};
        const auto outcome = std::make_shared<std::promise<Result<void>>>();
        auto stored = outcome->get_future();
        store_.put_statements(tenant_, std::move(submission),
                              [outcome](Result<void> result) { outcome->set_value(std::move(result)); });
        return stored.get();
    }

    void refuse(const std::string& place, const std::string& why) {
        ++step_.refused;
        if (step_.reasons.size() < most_reasons) step_.reasons.push_back(place + ": " + why);
    }

    storage::StatementStore& store_;
    const storage::StoreId tenant_;
    const json::object& authority_;
    std::vector<Waiting> waiting_;
    std::size_t bytes_ = 0; // about
    std::size_t read_ = 0;
    ImportStep step_;
};

} // namespace

Result<spec::PreparedStatement> prepare_imported(json::object& statement, const json::object& authority) {
    const auto* version = statement.if_contains("version");
    const bool is_2 = version && version->is_string() && version->get_string().starts_with("2");
    // What the other LRS set: only its instant is kept, where the statement has no time of its own.
    if (!statement.contains("timestamp") && statement.contains("stored")) {
        auto stored = statement.at("stored");
        statement["timestamp"] = std::move(stored);
    }
    const auto* own = statement.if_contains("authority");
    const json::object vouches = own && own->is_object() ? own->get_object() : authority;
    return spec::prepare_statement(statement, is_2 ? spec::Version::v2_0_0 : spec::Version::v1_0_3, vouches,
                                   random_uuid);
}

Result<ImportStep> import_some(storage::StatementStore& store, storage::StoreId tenant,
                               const std::filesystem::path& file, std::uint64_t from, std::size_t most,
                               const json::object& authority, const json::object* mapping) {
    if (mapping) {
        auto rows = CsvRows::open(file, from, *mapping);
        return rows ? Import(store, tenant, authority).rows(*rows, most) : rows.error();
    }
    Objects objects(file, from);
    if (!objects.open()) return unreadable(file.string() + " cannot be read.");
    return Import(store, tenant, authority).run(objects, most);
}

Result<ImportStep> import_page(storage::StatementStore& store, storage::StoreId tenant,
                               const std::string& page, const json::object& authority) {
    return Import(store, tenant, authority).page(page);
}

json::object import_authority(std::string_view home_page, std::string_view name) {
    return {{"objectType", "Agent"}, {"name", name}, {"account", {{"homePage", home_page}, {"name", name}}}};
}

json::object as_json(const ImportStep& step) {
    json::array reasons;
    for (const auto& one : step.reasons) reasons.push_back(json::string(one));
    return {{"next", step.next},
            {"ended", step.ended},
            {"taken", step.taken},
            {"refused", step.refused},
            {"reasons", reasons}};
}

} // namespace leerspoor::server::relay

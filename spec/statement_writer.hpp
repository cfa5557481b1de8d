// A valid statement as the bytes that the store keeps, and where in them it tells something about the things
// in it (xAPI 1.0.3 Part Two 2.4; IEEE 9274.1.1 4.2.4).
#pragma once

#include "spec/base/version.hpp"
#include "spec/telling.hpp"
#include "spec/walk.hpp"

#include <boost/json/object.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leerspoor::spec {

// Appends to a text that it does not own. One statement; one thread.
class StatementWriter : private Visitor<const boost::json::object> {
  public:
    StatementWriter(Version version, std::string& out) : version_(version), out_(out) {}

    // The members in their order, without what the LRS sets (`stored`, `authority`); 2.0 keeps timestamps in
    // UTC, and single values in contextActivities become arrays (2.4.6.2). More members may follow: the
    // statement is left open. REQUIRES: a valid statement.
    void begin(const boost::json::object& statement);
    void text_member(std::string_view key, std::string_view value);
    void object_member(std::string_view key, const boost::json::object& value);
    // A timestamp that is filled in later; gives the place of its timestamp_length characters.
    std::size_t later_timestamp(std::string_view key);
    void end() { out_ += '}'; }

    // What was told so far, in the order of the bytes.
    std::vector<Telling> take_tellings() { return std::move(tellings_); }

  private:
    friend Walk<const boost::json::object, StatementWriter>;
    using Object = const boost::json::object;

    void actor(Object&, Place) { begun_.push_back(out_.size()); }
    void after_actor(Object& actor);
    void activity(Object&, Place) { activity_ = {Subject::activity, {}, {}}; }
    void after_activity(Object& activity);
    void activity_id(const boost::json::value& id) { activity_.of = written(id); }
    void definition(const boost::json::value& definition);

    bool keeps(bool in_sub_statement, std::string_view key) {
        return in_sub_statement || (key != "stored" && key != "authority");
    }
    void begin_object();
    void end_object();
    void begin_array() { out_ += '['; }
    void end_array() { out_ += ']'; }
    void next_element();
    void key(std::string_view key);
    void value(const boost::json::value& value);
    void timestamp(std::string_view text);
    ByteRange written(const boost::json::value& value);

    Version version_;
    std::string& out_;
    std::size_t depth_ = 0;
    std::vector<std::size_t> begun_; // where the actors begin that are being written
    Telling activity_;               // the one that is being written
    std::vector<Telling> tellings_;
};

} // namespace leerspoor::spec

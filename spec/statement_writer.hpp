// A valid statement as the bytes that the store keeps, and where in them it tells something about the things
// in it (xAPI 1.0.3 Part Two 2.4; IEEE 9274.1.1 4.2.4).
#pragma once

#include "spec/base/version.hpp"
#include "spec/telling.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leerspoor::spec {

// Appends to a text that it does not own. One statement; one thread.
class StatementWriter {
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
    template <typename Write>
    void object(const boost::json::object& object, Write&& write);
    template <typename Write>
    void array(const boost::json::value& list, Write&& write);
    void name(std::string_view key);
    void member(std::string_view key, const boost::json::value& value);
    void statement_object(const boost::json::object& object);
    void context(std::string_view key, const boost::json::value& value);
    void actor(const boost::json::object& actor);
    void activity(const boost::json::object& activity);
    void timestamp(std::string_view text);

    Version version_;
    std::string& out_;
    std::vector<Telling> tellings_;
};

} // namespace leerspoor::spec

// The three resources that keep documents, and what is checked of each of them alike (xAPI 1.0.3 Part Three
// 2.2, 2.3, 2.6, 2.7; IEEE 9274.1.1 4.1.6.2, 4.1.6.5, 4.1.6.6).
#pragma once

#include "conformance/probe/context.hpp"

#include <string>
#include <string_view>

namespace leerspoor::conformance::checks {

struct Resource {
    std::string name;
    std::string path;
    std::string id; // the parameter that names a document
    bool of_agent = false;
    bool of_activity = false;
    Clauses clauses;
};
extern const Resource state_resource;
extern const Resource agent_profile_resource;
extern const Resource activity_profile_resource;

// A document that nobody stored yet, of an agent and an activity that nobody used.
class Document {
  public:
    explicit Document(const Resource& resource);

    Call call(const std::string& method) const;    // on this document
    Call listing(const std::string& method) const; // on all of its agent and activity
    Document sibling() const;                      // another id, the same agent and activity
    const std::string& id() const { return id_; }

    // Stores it, as one that is not there yet, and expects 204.
    void put(Context& c, const json::value& content) const;
    void put(Context& c, std::string_view content_type, std::string_view bytes) const;

  private:
    const Resource* resource_;
    std::string id_;
    std::string activity_;
    json::object agent_;
};

json::object some_content();

// The requirements that differ by resource in nothing but their number.
Requirement accepted(std::string id, const Resource& resource, std::string_view method,
                     std::string_view title);
Requirement gives_document(std::string id, const Resource& resource, std::string_view title);
Requirement deletes_document(std::string id, const Resource& resource, std::string_view title);
Requirement lists_ids(std::string id, const Resource& resource, std::string_view title);
Requirement lists_since(std::string id, const Resource& resource, std::string_view title);
Requirement merges(std::string id, const Resource& resource);
Requirement creates_by_post(std::string id, const Resource& resource);
Requirement refuses_other_types(std::string id, const Resource& resource);
Requirement refuses_other_json(std::string id, const Resource& resource);
Requirement refuses_broken_json(std::string id, const Resource& resource);
Requirement last_modified(std::string id, const Resource& resource);

// One method with a parameter left out, or with a value that it cannot have.
Requirement refuses_without(std::string id, const Resource& resource, std::string_view method,
                            std::string_view parameter);
Requirement refuses_value(std::string id, const Resource& resource, std::string_view method,
                          std::string_view parameter);

} // namespace leerspoor::conformance::checks

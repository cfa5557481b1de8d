// Takes people out of statements and texts: wherever one of their identifiers stands, an account without
// meaning takes its place.
#pragma once

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leerspoor::spec {

class Pseudonyms {
  public:
    // Pseudonyms are accounts of this home page. REQUIRES: an IRI.
    explicit Pseudonyms(std::string home_page) : home_page_(std::move(home_page)) {}

    // From now on `name` stands for this identity(). A mailbox goes by its SHA-1 sum too. REQUIRES: letters,
    // digits and hyphens.
    void add(std::string_view identity, std::string name);
    // All that were added, mailboxes' sums too, and what each becomes; both identity().
    std::vector<std::pair<std::string, std::string>> identities() const;

    // False: none of them is in these bytes, which are JSON as it is stored. Quick; true may be wrong.
    bool may_be_in(std::string_view bytes) const;

    struct Replaced {
        std::string bytes;
        bool actor = false; // one of them was the statement's actor
    };
    // The statement with pseudonyms in all places: actors, members of groups, SubStatements; and in texts,
    // where a mailbox, OpenID or sum stands in them. Nothing: none was in it. REQUIRES: a statement that was
    // stored.
    std::optional<Replaced> replaced(std::string_view statement) const;
    // The same for any text, which need not be JSON.
    std::optional<std::string> replaced_text(std::string_view text) const;

  private:
    struct One {
        std::string identity;
        std::string name;
        std::string needle; // in lower case, as it stands in JSON
        std::string text; // in lower case, as it may stand in texts; "" an account's, which would be anything
    };
    class Visit;

    bool replace_in(boost::json::value& value) const;
    const One* find(std::string_view identity) const;

    std::string home_page_;
    std::vector<One> all_;
};

} // namespace leerspoor::spec
